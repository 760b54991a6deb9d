"""A mistake in a text of RDF: where it is, and what to do about it.

Text nested so deep that a parser of pyoxigraph would run out of stack, and take the process with it, is found here
before the parser gets it.
"""

from __future__ import annotations

import re
from itertools import accumulate

from pyoxigraph import RdfFormat, parse

from perezkg.errors import InputUnreadableError, RdfSyntaxError, RemoteAccessRefusedError, nearest
from perezkg.vocabulary import PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perezkg.errors import PerezkgError

DEEPEST = 500
"""As many levels of triple terms or JSON as are read."""
DEEPEST_BRACKETS = 5000
"""As many levels of brackets in Turtle and TriG, and of elements in RDF/XML. The parser survives 200,000, but what
comes after it takes hundreds of bytes and much time for each."""

_SHORT = 64

# What stands in strings, IRIs and comments opens nothing, nor does what a backslash precedes. What is still open at the
# end of a piece is `cut`: it is looked at again with the next piece.
_TERMS = re.compile(
    rb"""(?:[^"'\#<>\\\[\](){}]++|\\.|"{3}(?:[^"\\]++|\\.|"(?!""))*+"{3}|'{3}(?:[^'\\]++|\\.|'(?!''))*+'{3}
    |"(?!""|"\Z)(?:[^"\\]++|\\.)*+"|'(?!''|'\Z)(?:[^'\\]++|\\.)*+'|\#[^\n\r]*+[\n\r]|<[^<>\s]*+>)*+
    (?:(?P<open><<)|(?P<close>>>)|(?P<up>[\[({])|(?P<down>[\])}])|(?P<cut>\\\Z|["'\#]|<[^<>\s]*+\Z|>\Z)|.|\Z)""",
    re.DOTALL | re.VERBOSE,
)
_JSON = re.compile(rb"""(?:[^"{}]++|"(?:[^"\\]++|\\.)*+")*+(?:(?P<open>\{)|(?P<close>\})|(?P<cut>")|\Z)""", re.DOTALL)
_JSON_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?[\s:,]*|[^"\s\[\]{}:,]+|[^"]', re.DOTALL)
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[](){}")
# The beginning of an element, or what ends one. A comment may hold the same, and only what is far too deep is refused.
_TAG_ENDS = re.compile(rb"</|/>|<[^!?/\s]")
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_UNNEEDED = bytes(byte for byte in range(256) if byte not in b'[]{}"')


def value_too_long(name: str, error: MemoryError) -> PerezkgError:
    """Return the error for a value that is longer than the parser's buffer."""
    return InputUnreadableError(f"a value is too long to be read: {error}", path=name)


def in_document(
    name: str, syntax: RdfFormat, content: bytes, error: SyntaxError | MemoryError, base: str | None = None
) -> PerezkgError:
    """Turn what the parser raised about a file in memory, read from a base, into an error with place, line and hint."""
    if isinstance(error, MemoryError):
        return value_too_long(name, error)
    text = content.decode()
    message = str(error.msg)
    if "LoadDocumentCallback" in message or "remote context" in message:
        return _remote_context(name, text)
    place = None
    if syntax == RdfFormat.RDF_XML:
        from perezkg.rdf.rdfxml import place_of_mistake

        place = place_of_mistake(content, base)
    elif syntax == RdfFormat.JSON_LD and not error.lineno:
        place = _json_place(content, base, message)
    lines = text.split("\n")

    def line_of(number: int) -> str:
        return lines[number - 1] if 0 < number <= len(lines) else ""

    return at_line(name, syntax, error, line_of, place=place, empty=not text.strip())


def at_line(
    name: str,
    syntax: RdfFormat,
    error: SyntaxError,
    line_of: Callable[[int], str],
    *,
    place: tuple[int, int] | None = None,
    empty: bool = False,
) -> RdfSyntaxError:
    """Turn what the parser raised into an error with place, line and hint.

    Args:
        name: The file.
        syntax: What it is written in.
        error: What the parser raised.
        line_of: Returns the text of a line, by its number from 1.
        place: Line and column, where the parser does not know them.
        empty: Whether the file holds nothing but white space.
    """
    message = str(error.msg)
    if error.lineno:
        message = message.partition(": ")[2] or message
    line, column = place or (error.lineno or 0, error.offset or 0)
    return RdfSyntaxError(
        f"not valid {syntax.name}: {message}",
        path=name,
        line=line,
        column=column,
        source_line=line_of(line),
        hint=_hint(message, empty=empty),
    )


def _hint(message: str, *, empty: bool) -> str:
    if message.startswith("The prefix "):
        prefix = message.split()[2].rstrip(":")
        if prefix in PREFIXES:
            return f"Declare it at the top of the file: @prefix {prefix}: <{PREFIXES[prefix]}> ."
        return nearest(prefix, PREFIXES) or f"Declare it at the top of the file: @prefix {prefix}: <…> ."
    if "end of file" in message:
        return "A closing quotation mark, bracket or full stop is missing here or before."
    if "No scheme found" in message:
        return "Write the whole IRI, from http: or https: on."
    if empty:
        return "The file is empty."
    return ""


def _remote_context(name: str, text: str) -> RemoteAccessRefusedError:
    import json

    # The parser does not say which context it was; the first one named by a string must be it. What is wrong behind the
    # document was not come to.
    address = next(_named_contexts(json.JSONDecoder().raw_decode(text.lstrip())[0]), "")
    offset = text.find(f'"{address}"')
    line = text.count("\n", 0, offset) + 1 if offset >= 0 else 0
    return RemoteAccessRefusedError(
        f"the JSON-LD context {address or 'of this file'} would have to be fetched, and perezkg fetches nothing",
        path=name,
        line=line,
        column=offset - text.rfind("\n", 0, offset) if line else 0,
        source_line=text.split("\n")[line - 1] if line else "",
        hint="Put the context itself into the file in place of its address.",
    )


def _named_contexts(node: object, key: str = "") -> Iterator[str]:
    if isinstance(node, str) and key in ("@context", "@import"):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from _named_contexts(item, key)
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from _named_contexts(value, name)


class _Tokens:
    """The tokens of JSON, one at each call, which keep in mind where they have come to."""

    def __init__(self, content: bytes) -> None:
        self._tokens = _JSON_TOKEN.finditer(content)
        self._rest = b""
        self.start = 0

    def read(self, size: int) -> bytes:
        """Return the next token, or the next part of it."""
        if not self._rest and (token := next(self._tokens, None)):
            self._rest = token[0]
            if self._rest[0] not in b",]}: \t\r\n":  # with what stands behind a number the parser knows its end
                self.start = token.start()
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


def _json_place(content: bytes, base: str | None, message: str) -> tuple[int, int]:
    """Return line and column of the value at which the parser of JSON-LD stops; (0, 0) when that is not known.

    Only its streaming kind stops where it is; what that one alone asks of the order of keys is no mistake.
    """
    given = _Tokens(content)
    try:
        for _ in parse(given, RdfFormat.STREAMING_JSON_LD, base_iri=base):  # type: ignore[arg-type]  # it has the one method that is called
            pass
    except SyntaxError as error:
        at = given.start if str(error.msg) == message else -1
        if at < 0 and (value := re.search("'([^']+)'", message)):
            at = content.find(f'"{value[1]}"'.encode())
        if at >= 0:
            before = content[:at].decode()
            return before.count("\n") + 1, len(before) - before.rfind("\n")
    return 0, 0


class Depth:
    """How deep triple terms (`<<`), brackets or JSON objects (`{`) are nested, in a text that comes in pieces.

    Args:
        name: The file, for the error.
        json: Whether it is JSON.
    """

    __slots__ = ("_brackets", "_depth", "_line", "_name", "_pattern", "_rest")

    def __init__(self, name: str, *, json: bool = False) -> None:
        self._name = name
        self._pattern = _JSON if json else _TERMS
        self._depth = self._brackets = 0
        self._line = 1
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the text.

        Raises:
            RdfSyntaxError: It is nested more than `DEEPEST` levels deep, or `DEEPEST_BRACKETS`.
        """
        text = self._rest + piece
        self._rest = b""
        end = len(text)
        for match in self._pattern.finditer(text):
            kind = match.lastgroup
            if kind == "cut":
                end = match.start("cut")
                self._rest = _shortened(text[end:])
                if len(self._rest) < len(text) - end:
                    end = len(text)
                break
            self._depth += (kind == "open") - (kind == "close")
            self._brackets += (kind == "up") - (kind == "down")
            for depth, most in ((self._depth, DEEPEST), (self._brackets, DEEPEST_BRACKETS)):
                if depth > most:
                    line = self._line + text.count(b"\n", 0, match.start(kind or 0))
                    raise RdfSyntaxError(f"nested more than {most} levels deep", path=self._name, line=line)
        self._line += text.count(b"\n", 0, end)


class Brackets:
    """Whether brackets might be nested too deep, at little cost: those in strings and comments are counted as well."""

    __slots__ = ("_above",)

    def __init__(self) -> None:
        # How far the depth is above the least so far: what closes more than was opened stands in a string, and must not
        # hide what comes after it.
        self._above = 0

    def may_be_too_deep(self, piece: bytes) -> bool:
        """Take the next piece of the text."""
        marks = piece.translate(None, _NO_BRACKETS)
        if not marks:
            return False
        deepest = above = self._above
        for mark in marks:
            above = above + 1 if mark in b"[({" else max(0, above - 1)
            deepest = max(deepest, above)
        self._above = above
        return deepest > DEEPEST_BRACKETS


def refuse_deep_elements(name: str, content: bytes) -> None:
    """Refuse XML whose elements are nested too deep.

    Raises:
        RdfSyntaxError: More than `DEEPEST_BRACKETS` levels.
    """
    depth = 0
    for match in _TAG_ENDS.finditer(content):
        depth += 1 if match[0][:1] == b"<" and match[0] != b"</" else -1
        if depth > DEEPEST_BRACKETS:
            line = content.count(b"\n", 0, match.start()) + 1
            raise RdfSyntaxError(f"nested more than {DEEPEST_BRACKETS} levels deep", path=name, line=line)


def _shortened(rest: bytes) -> bytes:
    """Return what is still open, without what stands in it: a long string would be read anew with each piece.

    >>> _shortened(b'"' + b"<<" * 100), _shortened(b"#" + b"x" * 100)
    (b'"x', b'#')
    """
    if len(rest) < _SHORT or rest[:1] not in b"\"'#<":
        return rest
    if rest[:1] == b"#":
        return b"#"
    if rest[:1] == b"<":  # with a quotation mark in it, it may turn out to be no IRI
        return rest if re.search(rb"[\"'#\\]", rest) else b"<x"
    quote = rest[:1]
    # A letter behind it keeps a quotation mark from being taken for the first of three.
    head = quote * 3 if rest.startswith(quote * 3) else quote + b"x"
    text = rest.rstrip(quote)
    quotes = len(rest) - len(text)
    if (len(text) - len(text.rstrip(b"\\"))) % 2:  # what stands behind an odd backslash means nothing
        return head + b"x" + quote * (quotes - 1) if quotes else head + b"\\"
    return head + b"x" + quote * quotes if quotes else head


class LineDepth:
    """The same for N-Triples: no triple goes on in the next line, so counting in lines spares a close look at most.

    Args:
        name: The file, for the error.
    """

    __slots__ = ("_depth", "_line", "_marks", "_name")

    def __init__(self, name: str) -> None:
        self._name = name
        self._depth: Depth | None = None
        # What has come since the last end of a line that has not been looked at, and the marks since then.
        self._line: list[bytes] = []
        self._marks = 0

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the text.

        Raises:
            RdfSyntaxError: It is nested more than `DEEPEST` levels deep.
        """
        self._line.append(piece)
        # A mark may have been cut in two.
        self._marks += piece.count(b"<<") + piece.startswith(b"<")
        if self._marks > DEEPEST:
            self._depth = self._depth or Depth(self._name)
            self._depth.feed(b"".join(self._line))
            self._line = []
        if end := max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1:
            self._line, self._marks, self._depth = [piece[end:]], piece.count(b"<<", end), None


class Nesting:
    """Counts open brackets in JSON that comes in pieces; what stands in strings opens nothing.

    >>> nesting = Nesting()
    >>> nesting.is_too_deep(b'{"a[": [')
    False
    >>> nesting.is_too_deep(b"[" * 1000)
    True
    """

    __slots__ = ("_cut", "_depth", "_inside")

    def __init__(self) -> None:
        self._depth = 0
        # Whether the last piece ended inside a string, and behind a backslash.
        self._inside = self._cut = False

    def is_too_deep(self, piece: bytes) -> bool:
        """Take the next piece; tell whether more brackets are open than any answer needs."""
        if not piece:
            return False
        if self._cut:
            piece = piece[1:]
        if b"\\" in piece:
            piece = _ESCAPE.sub(b"", piece)
        self._cut = piece.endswith(b"\\")
        # Two quotation marks side by side, whether they end and begin strings or begin and end one, can go.
        marks = piece.translate(None, _UNNEEDED).replace(b'""', b"")
        parts = (b'"' + marks if self._inside else marks).split(b'"')
        self._inside = len(parts) % 2 == 0
        brackets = b"".join(parts[::2])
        opened = brackets.count(b"{") + brackets.count(b"[")
        if self._depth + opened > DEEPEST:
            steps = (1 if byte in b"{[" else -1 for byte in brackets)
            if max(accumulate(steps, initial=self._depth)) > DEEPEST:
                return True
        self._depth += 2 * opened - len(brackets)
        return False
