"""RDF/XML that pyoxigraph's parser does not take: other encodings, and what is valid but unusual.

What it refuses, reads otherwise or drops without a word is written anew by the standard library's reader of XML:
`xml:lang=""`, XML literals, text cut by a comment or CDATA, entities in whatever quotes, relative `xml:base`,
attributes with line feeds, without a prefix (RDF/XML 1.1, 6.1.4) or by a DTD's default. A text without such a cause is
read as it is.
"""

from __future__ import annotations

import codecs
import re
from xml.etree.ElementTree import ParseError, canonicalize
from xml.parsers import expat
from xml.sax.saxutils import escape

from pyoxigraph import Literal, Quad, RdfFormat
from pyoxigraph import parse as _parse

from perezkg.errors import InputUnreadableError, place
from perezkg.vocabulary import RDF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Stands for `xml:lang=""` until the statements have been read.
_NO_LANGUAGE = "x-perezkg-none"

_XML_ENCODING = re.compile(rb"""(<\?xml\s[^>]*?\bencoding\s*=\s*)(["'])([^"'>]*)\2""")
# How a text begins whose characters are not single bytes that have ASCII in them (XML 1.0, appendix F).
_BEGINNINGS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"<\0\0\0": "utf-32-le",
    b"\0\0\0<": "utf-32-be",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
# Encodings of Python that are no sets of characters, or hide what a text says.
_NO_CHARACTERS = frozenset(("idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape", "utf_7"))

_UNPREFIXED = frozenset(("ID", "about", "parseType", "resource", "type"))
# What has to be written anew: bytes that are found at once, of which one is in every text that the pattern matches.
_CAUSES = tuple(
    (signs, re.compile(pattern))
    for signs, pattern in (
        ((b"lang",), rb"""lang\s*=\s*(?:""|''|["']&)"""),
        ((b"parseType",), rb"""parseType\s*=\s*["'](?!Resource["']|Collection["'])"""),
        ((b"base",), rb"""base\s*=\s*["'](?![A-Za-z][A-Za-z0-9+.-]*:)"""),
        ((b"<![CDATA[", b"<!ENTITY", b"<!ATTLIST"), b""),
        (
            tuple(space + name.encode() for space in (b" ", b"\n", b"\t") for name in sorted(_UNPREFIXED)),
            rb"\s(?:ID|about|parseType|resource|type)\s*=",
        ),
        ((b"\n", b"\t"), rb"""=\s*(?:"[^"<]*[\n\t]|'[^'<]*[\n\t])"""),
    )
)
_PREFIX = "perezkg-rdf"


def in_utf8(content: bytes, name: str) -> bytes:
    r"""Return RDF/XML in the encoding that the parser reads, which its XML declaration then names, with line feeds.

    Args:
        content: It, in the encoding that its first bytes or its XML declaration tell.
        name: The file, for the error.

    Raises:
        InputUnreadableError: The encoding is not known, or the text is not in it.

    >>> in_utf8(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", "a.rdf").decode()
    "<?xml version='1.0' encoding='UTF-8'?><a>é</a>"
    """
    encoding = next((found for start, found in _BEGINNINGS.items() if content.startswith(start)), "")
    if content.startswith(codecs.BOM_UTF8):
        content = content.removeprefix(codecs.BOM_UTF8)
    elif not encoding and (declared := _XML_ENCODING.match(content)):
        encoding = _known(declared[3].decode("latin-1"), name, content)
    if encoding:
        try:
            content = content.decode(encoding).removeprefix("\ufeff").encode()
        except UnicodeDecodeError as error:
            raise InputUnreadableError(
                f"not {encoding}, which the file begins as or its XML declaration names: {error.reason}",
                path=name,
                line=content.count("\n".encode(encoding)[-2:], 0, error.start) + 1,
                hint="Let the XML declaration name the encoding that the file has.",
            ) from None
    if _XML_ENCODING.match(content):
        content = _XML_ENCODING.sub(rb"\1\2UTF-8\2", content, count=1)
    # Ends of lines are one character in XML (1.0, 2.11).
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in content else content


def _known(declared: str, name: str, content: bytes) -> str:
    """Return Python's name for an encoding of single bytes; empty for UTF-8."""
    try:
        found = codecs.lookup(declared)
        known = found._is_text_encoding and found.name.replace("-", "_") not in _NO_CHARACTERS
    except (LookupError, ValueError):  # ValueError: a null character
        known = False
    if not known:
        text = content.decode(errors="replace")
        line, column, source_line = place(text, text.index("encoding"))
        raise InputUnreadableError(
            f"the encoding {declared!r} that the XML declaration names is not known",
            path=name,
            line=line,
            column=column,
            source_line=source_line,
            hint="Convert the file to UTF-8, and write encoding='UTF-8'.",
        )
    # A declaration that can be read is not in UTF-16: who converted the file forgot to change it.
    return "" if found.name in ("ascii", "utf-8") or found.name.startswith(("utf-16", "utf-32")) else found.name


def parse(content: bytes, base: str | None) -> Iterator[Quad]:
    """Yield the statements of RDF/XML, blank nodes with labels of their own.

    Args:
        content: It, in UTF-8.
        base: The IRI that it is read from.

    Raises:
        SyntaxError: It is not RDF/XML; `place_of_mistake` tells where.
    """
    unusual = _is_unusual(content)
    text = _rewritten(content, base) if unusual else content
    for quad in _parse(text, RdfFormat.RDF_XML, base_iri=base, rename_blank_nodes=True):
        value = quad.object
        if unusual and isinstance(value, Literal) and value.language == _NO_LANGUAGE:
            yield Quad(quad.subject, quad.predicate, Literal(value.value), quad.graph_name)
        else:
            yield quad


def _is_unusual(content: bytes) -> bool:
    """Tell whether a text may hold what the parser does not read as it should."""
    if any(any(sign in content for sign in signs) and pattern.search(content) for signs, pattern in _CAUSES):
        return True
    # A comment or an instruction cuts the text around it in two.
    for opening, closing in ((b"<!--", b"-->"), (b"<?", b"?>")):
        before, *others = content.split(opening)
        for other in others:
            after = other.partition(closing)[2]
            if before.rstrip()[-1:] not in b">" or after.lstrip()[:1] not in b"<":
                return True
            before = after
    return False


def _rewritten(content: bytes, base: str | None) -> bytes:
    """Return RDF/XML that says the same in words that the parser takes; unchanged when it is no XML."""
    text = _Text(base)
    try:
        text.read(content)
    except (expat.ExpatError, LookupError, ValueError, ParseError):
        return content
    return b"".join(text.pieces)


def place_of_mistake(content: bytes, base: str | None) -> tuple[int, int]:
    """Return line and column of the tag or text at which the parser stops.

    Args:
        content: What it refuses, in UTF-8.
        base: The IRI that it is read from.
    """
    text = _Text(base)
    try:
        text.read(content)
    except expat.ExpatError as error:
        return error.lineno, error.offset + 1
    except (LookupError, ValueError, ParseError):
        return 0, 0
    given = _Given(text.pieces)
    try:
        for _ in _parse(given, RdfFormat.RDF_XML, base_iri=base):  # type: ignore[arg-type]  # it has the one method that is called
            pass
    except SyntaxError:
        return text.places[max(0, given.number - 1)]
    return 0, 0


class _Given:
    """Pieces of a text, one at each call, which tells how many the parser has asked for."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""
        self.number = 0

    def read(self, size: int) -> bytes:
        """Return the next piece, or the next part of it."""
        if not self._rest and self.number < len(self._pieces):
            self._rest = self._pieces[self.number]
            self.number += 1
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


class _Text:
    """A document of RDF/XML as it is written anew.

    Args:
        base: The IRI that it is read from.

    Attributes:
        pieces: Tags and texts, one behind the other.
        places: For each, line and column where it stood.
    """

    def __init__(self, base: str | None) -> None:
        self.pieces: list[bytes] = []
        self.places: list[tuple[int, int]] = []
        # Of each open element its namespaces by prefix, and the base.
        self._scopes: list[tuple[dict[str, str], str | None]] = [({_PREFIX: RDF}, base)]
        self._text: list[str] = []
        self._text_place = (0, 0)
        # Within an XML literal: what it holds so far, and how deep.
        self._literal: list[str] | None = None
        self._depth = 0

    def read(self, content: bytes) -> None:
        """Read it whole; where entities make it a hundred times as long, expat refuses it."""
        parser = self._parser = expat.ParserCreate("UTF-8")
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.CommentHandler = lambda text: self._kept(f"<!--{text}-->")
        parser.ProcessingInstructionHandler = lambda target, text: self._kept(f"<?{target} {text}?>")
        parser.SkippedEntityHandler = _refuse_entity
        parser.ExternalEntityRefHandler = lambda *_: 0  # which refuses it
        parser.Parse(content, True)  # noqa: FBT003 - expat knows no keywords

    def _place(self) -> tuple[int, int]:
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1

    def _add(self, text: str, at: tuple[int, int]) -> None:
        self.pieces.append(text.encode())
        self.places.append(at)

    def _kept(self, text: str) -> None:
        """Take what is kept in XML literals and means nothing elsewhere."""
        if self._literal is not None:
            self._literal.append(text)

    def _characters(self, text: str) -> None:
        if self._literal is not None:
            self._literal.append(_escaped(text))
            return
        if not self._text or "".join(self._text).isspace():
            self._text_place = self._place()
        self._text.append(text)

    def _flush(self) -> None:
        if self._text:
            self._add(_escaped("".join(self._text)), self._text_place)
            self._text = []

    def _start(self, name: str, listed: list[str]) -> None:
        attributes = dict(zip(listed[::2], listed[1::2], strict=True))
        if self._literal is not None:
            self._depth += 1
            self._literal.append(_tag(name, attributes))
            return
        self._flush()
        namespaces, base = self._scopes[-1]
        declared = {key[6:]: value for key, value in attributes.items() if key == "xmlns" or key.startswith("xmlns:")}
        if declared:
            namespaces = namespaces | declared
        if attributes.get("xml:lang") == "":
            attributes["xml:lang"] = _NO_LANGUAGE
        if "xml:base" in attributes:
            base = attributes["xml:base"] = _resolved(attributes["xml:base"], base)
        self._scopes.append((namespaces, base))
        if not _UNPREFIXED.isdisjoint(attributes):
            attributes = {f"{_PREFIX}:{key}" if key in _UNPREFIXED else key: value for key, value in attributes.items()}
            attributes[f"xmlns:{_PREFIX}"] = RDF
        for key, value in attributes.items():
            prefix, _, local = key.partition(":")
            if local == "parseType" and namespaces.get(prefix) == RDF and value not in ("Resource", "Collection"):
                attributes[key] = "Literal"  # so is any other (6.1.7)
                if attributes.keys() <= {key, f"{prefix}:ID"} | {name for name in attributes if name[:3] == "xml"}:
                    self._literal = []
                    del attributes[key]
                    attributes[f"{prefix}:datatype"] = RDF + "XMLLiteral"
                break
        self._add(_tag(name, attributes), self._place())

    def _end(self, name: str) -> None:
        if self._literal is not None and self._depth:
            self._depth -= 1
            self._literal.append(f"</{name}>")
            return
        namespaces, _ = self._scopes.pop()
        if self._literal is not None:
            # Exclusive canonical XML, with comments (RDF/XML 1.1, 7.2.17).
            scope = {f"xmlns:{prefix}" if prefix else "xmlns": iri for prefix, iri in namespaces.items()}
            whole = canonicalize(_tag("literal", scope) + "".join(self._literal) + "</literal>", with_comments=True)
            self._text, self._text_place = [whole[whole.index(">") + 1 : -len("</literal>")]], self._place()
            self._literal = None
        is_empty = not self._text and self.pieces[-1][:2] != b"</"
        self._flush()
        self._add(f"</{name}>", self.places[-1] if is_empty else self._place())


def _refuse_entity(name: str, _is_parameter: bool) -> None:  # noqa: FBT001 - as expat calls it
    raise ValueError(f"{name} is declared elsewhere")


def _resolved(reference: str, base: str | None) -> str:
    """Return a base as a whole IRI, by the rules of the parser; unchanged when it has none."""
    try:
        (triple,) = _parse(f"<x:> <x:> <{reference}> .", RdfFormat.TURTLE, base_iri=base)
    except (SyntaxError, ValueError):
        return reference
    return str(triple.object)[1:-1]


def _tag(name: str, attributes: dict[str, str]) -> str:
    written = (f' {key}="{_escaped(value, _IN_ATTRIBUTES)}"' for key, value in attributes.items())
    return f"<{name}{''.join(written)}>"


_IN_ATTRIBUTES = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


def _escaped(text: str, more: dict[str, str] | None = None) -> str:
    return escape(text, more or {"\r": "&#13;"})
