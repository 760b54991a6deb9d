"""Files become RDF: found or not, which syntax, its bytes, its triples, and where its mistakes are.

Everything is read once into memory as UTF-8; the parser is pyoxigraph's, which keeps every literal as it is written.
Nothing is ever fetched: a remote JSON-LD context is refused. Texts of queries are read here too, and to list queries no
RDF is needed: pyoxigraph is imported only when there is some.
"""

from __future__ import annotations

import os
import sys

from perezkg.errors import (
    InputNotFoundError,
    InputUnreadableError,
    LimitReachedError,
    RdfSyntaxError,
    UnknownFormatError,
    nearest,
)
from perezkg.rdf import formats
from perezkg.vocabulary import OWL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from gzip import GzipFile
    from typing import IO, BinaryIO

    from pyoxigraph import Quad, RdfFormat

    from perezkg.errors import PerezkgError
    from perezkg.rdf.formats import Syntax


BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""That of UTF-8, which files of Windows begin with; it belongs to no text."""


MAX_SIZE = 256.0
"""The longest file that is read whole, in MiB after decompression, unless more is allowed."""
_PIECE = 1 << 20


def read_bytes(path: str, max_size: float = MAX_SIZE) -> bytes:
    """Return the bytes of a file; a failure is a `PerezkgError` that says what to do.

    Args:
        path: The file.
        max_size: The most that is read, in MiB.

    Raises:
        InputNotFoundError: There is no such file.
        InputUnreadableError: It is a directory or may not be read.
        LimitReachedError: It is longer; a device such as /dev/zero has no end.
    """
    try:
        with open(path, "rb") as file:
            return all_of(file, path, max_size)
    except (OSError, ValueError) as error:
        raise fault(error, path) from None


def all_of(file: IO[bytes] | GzipFile, name: str, max_size: float) -> bytes:
    """Return what is left of an open file.

    Raises:
        LimitReachedError: It is longer than so many MiB.
    """
    pieces: list[bytes] = []
    size = 0
    while piece := file.read(_PIECE):
        size += len(piece)
        if size > max_size * (1 << 20):
            raise LimitReachedError(
                f"longer than {max_size:g} MiB", path=name, hint="--max-size MIB allows more (in Python: max_size=)."
            )
        pieces.append(piece)
    return b"".join(pieces)


def standard_input() -> BinaryIO:
    """Return standard input, to read bytes from.

    Raises:
        InputUnreadableError: It is closed.
    """
    if sys.stdin is None:
        raise InputUnreadableError("standard input is closed", hint="Name a file, or send something: … | perezkg …")
    return sys.stdin.buffer


def fault(error: OSError | ValueError, path: str) -> PerezkgError:
    """Turn what opening or reading a file raised into an error that says what to do."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return not_found(path)
    if isinstance(error, IsADirectoryError):
        return InputUnreadableError("this is a directory, not a file", path=path, hint="Name the files in it.")
    reason = getattr(error, "strerror", None) or str(error)  # ValueError: a null character in the name
    return InputUnreadableError(f"cannot be read: {reason}", path=path)


def decode(content: bytes, name: str) -> str:
    """Return bytes of UTF-8 as text, without byte order mark.

    Raises:
        InputUnreadableError: They are not UTF-8; `name` stands in the message.
    """
    return utf8(content, name).decode()


def utf8(content: bytes, name: str) -> bytes:
    """Return the bytes without byte order mark, once they have proved to be UTF-8.

    Raises:
        InputUnreadableError: They are not; with the place of the first wrong byte, and `name` in the message.
    """
    content = content.removeprefix(BYTE_ORDER_MARK)
    try:
        content.decode()
    except UnicodeDecodeError as error:
        refuse_utf_16(content, name)
        before = content[: error.start]
        line_start = before.rfind(b"\n") + 1
        line_end = content.find(b"\n", error.start)
        line = content[line_start : line_end if line_end >= 0 else None]
        raise not_utf8(name, before.count(b"\n") + 1, line, error.start - line_start) from None
    refuse_nulls(content, name)
    return content


def refuse_utf_16(start: bytes, name: str) -> None:
    """Refuse a file that is not UTF-8 and begins as UTF-16 does.

    Raises:
        InputUnreadableError: It does.
    """
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputUnreadableError(
            "this is UTF-16, and RDF and SPARQL files are read as UTF-8",
            path=name,
            hint="Convert it: iconv -f UTF-16 -t UTF-8",
        )


def refuse_nulls(start: bytes, name: str) -> None:
    """Refuse a file that begins with many null characters: UTF-16 of mere ASCII is valid UTF-8 full of them.

    Raises:
        InputUnreadableError: It does.
    """
    if start[:1024].count(b"\0") * 4 >= len(start[:1024]) > 0:
        raise InputUnreadableError("this is not a text file in UTF-8: it has null characters", path=name)


def not_utf8(name: str, number: int, line: bytes, wrong: int) -> InputUnreadableError:
    """Return the error for a line, of some number, one of whose bytes is wrong."""
    return InputUnreadableError(
        f"not UTF-8: the byte 0x{line[wrong]:02X} stands where a character should",
        path=name,
        line=number,
        column=len(line[:wrong].decode()) + 1,
        source_line=line.decode(errors="replace"),
        hint="If the file is Latin-1, convert it: iconv -f ISO-8859-1 -t UTF-8",
    )


def not_found(path: str) -> InputNotFoundError:
    """Return the error for a file that is not there, with the nearest name in its folder."""
    try:
        names = os.listdir(os.path.dirname(path) or ".")
    except (OSError, ValueError):
        names = []
    return InputNotFoundError("there is no such file", path=path, hint=nearest(os.path.basename(path), names))


STANDARD_INPUT = "-"
_DEEPEST = 500  # fewer marks than levels are read need no close look: `syntax_errors.DEEPEST`


class DataFile:
    """A file of RDF, read but not parsed.

    Attributes:
        name: The file as the user named it; "standard input" for "-".
        content: Its bytes: UTF-8 without byte order mark, decompressed.
        format: The syntax they are in.
        base: The IRI that relative IRIs in it are resolved against; None for standard input.
    """

    __slots__ = ("base", "content", "format", "name")

    def __init__(self, name: str, content: bytes, format: RdfFormat, base: str | None = None) -> None:  # noqa: A002 - the name that users know
        self.name = name
        self.content = content
        self.format = format
        self.base = base

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes it again in another process, which pyoxigraph's formats cannot be carried to."""
        return _data_file, (self.name, self.content, self.format.media_type, self.base)

    def __repr__(self) -> str:
        """Return a short text that names the file."""
        return f"DataFile({self.name!r}, {len(self.content)} bytes of {self.format.name})"


def _data_file(name: str, content: bytes, media_type: str, base: str | None) -> DataFile:
    from pyoxigraph import RdfFormat

    format_ = RdfFormat.from_media_type(media_type)
    assert format_ is not None  # noqa: S101 - it was one of pyoxigraph's own
    return DataFile(name, content, format_, base)


def read(path: str, format: str | None = None, max_size: float = MAX_SIZE) -> DataFile:  # noqa: A002 - the name that users know
    """Read a file of RDF.

    Args:
        path: The file, or "-" for standard input.
        format: One of `formats.readable()`; needed for standard input and for an unknown extension.
        max_size: The most that is read, in MiB after decompression.

    Returns:
        The bytes and their syntax; they are parsed by `parse`.

    Raises:
        InputNotFoundError: There is no such file.
        InputUnreadableError: It is a directory, may not be read, is closed, or is not UTF-8.
        LimitReachedError: It is longer than `max_size`.
        UnknownFormatError: The syntax is not known.
        RdfSyntaxError: It is nested deeper than the parser can go.
    """
    syntax = syntax_of(path, format).format
    if path == STANDARD_INPUT:
        return from_bytes("standard input", all_of(standard_input(), "standard input", max_size), syntax)
    content = read_bytes(path, max_size)
    if path.lower().endswith(".gz"):
        content = _decompress(content, path, max_size)
    return _checked(DataFile(path, _text(content, path, syntax), syntax, file_iri(path)))


def from_bytes(name: str, content: bytes, format: RdfFormat) -> DataFile:  # noqa: A002 - the name that users know
    """Take RDF that came from elsewhere than a file.

    Raises:
        InputUnreadableError: It is not UTF-8.
        RdfSyntaxError: It is nested deeper than the parser can go.
    """
    return _checked(DataFile(name, _text(content, name, format), format))


def _text(content: bytes, name: str, format: RdfFormat) -> bytes:  # noqa: A002 - the name that users know
    """Return the bytes of a file of RDF as UTF-8; XML alone may be in another encoding."""
    if format.file_extension == "rdf":
        from perezkg.rdf.rdfxml import in_utf8

        content = in_utf8(content, name)
    return utf8(content, name)


def parse(file: DataFile) -> Iterator[Quad]:
    """Yield the triples of a file exactly as they are written (`01.50` stays `01.50`).

    Blank nodes get labels of their own, so that those of two files never coincide.

    Raises:
        RdfSyntaxError: With the place of the mistake.
        RemoteAccessRefusedError: A JSON-LD context would have to be fetched.
    """
    from pyoxigraph import RdfFormat
    from pyoxigraph import parse as parsed

    try:
        if file.format == RdfFormat.RDF_XML:
            from perezkg.rdf import rdfxml

            yield from rdfxml.parse(file.content, file.base)
        else:
            yield from parsed(file.content, file.format, base_iri=file.base, rename_blank_nodes=True)
    except (SyntaxError, MemoryError) as error:
        raise unparsable(file, error) from None


def prefixes(file: DataFile) -> dict[str, str]:
    """Return the prefixes that a file declares.

    Raises:
        RdfSyntaxError: It breaks the grammar of its syntax.
    """
    from pyoxigraph import parse as parsed

    parser = parsed(file.content, file.format, base_iri=file.base)
    try:
        for _ in parser:  # prefixes are known once their lines were read
            pass
    except (SyntaxError, MemoryError) as error:
        raise unparsable(file, error) from None
    return parser.prefixes


def no_triples(name: str) -> str:
    """Return the notice that a file is empty."""
    return f"{name} holds no triples"


def only_named_graphs(file: DataFile) -> list[str]:
    """Return the notice that nothing in a file is in the default graph, which is the one that queries ask."""
    from pyoxigraph import DefaultGraph

    if any(isinstance(quad.graph_name, DefaultGraph) for quad in parse(file)):
        return []
    return [only_named(file.name)]


def only_named(name: str) -> str:
    """Return the notice that nothing in a file is in the default graph."""
    return f"{name} holds only named graphs, and a query without GRAPH asks the default graph; --union asks all"


def unread_imports(name: str, quads: Iterable[Quad]) -> list[str]:
    """Return the notices of what the statements of a file import, which is not read with it."""
    return [
        f"{name} imports {quad.object}: not followed, perezkg reads only the files it is given"
        for quad in quads
        if quad.predicate.value == OWL + "imports"
    ]


def losses(file: DataFile) -> list[str]:
    """Return the notices of what was left out of a file that has been read: keys that no context defines, no IRIs."""
    from pyoxigraph import RdfFormat

    if file.format != RdfFormat.JSON_LD:
        return []
    from perezkg.rdf import losses

    return losses.losses(file.name, file.content, file.base)


def unparsable(file: DataFile, error: SyntaxError | MemoryError) -> PerezkgError:
    """Turn what pyoxigraph's parser raised into an error that shows the place and says what to do."""
    from perezkg.rdf.syntax_errors import in_document

    return in_document(file.name, file.format, file.content, error, file.base)


def _checked(file: DataFile) -> DataFile:
    """Refuse nesting so deep that the parser would run out of stack and take the process with it."""
    from pyoxigraph import RdfFormat

    if file.format == RdfFormat.RDF_XML:
        _refuse_nested_entities(file)
        if file.content.count(b"</") > _DEEPEST:
            from perezkg.rdf.syntax_errors import refuse_deep_elements

            refuse_deep_elements(file.name, file.content)
        return file
    json = file.format == RdfFormat.JSON_LD
    brackets = file.format in (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N3) and _has_deep_brackets(file.content)
    if brackets or file.content.count(b"{" if json else b"<<") > _DEEPEST:
        from perezkg.rdf.syntax_errors import Depth

        Depth(file.name, json=json).feed(file.content)
    return file


def _has_deep_brackets(content: bytes) -> bool:
    """Tell whether brackets might be nested too deep; of most files, counting them says that they are not."""
    if max(content.count(b"["), content.count(b"("), content.count(b"{")) <= _DEEPEST:
        return False
    from perezkg.rdf.syntax_errors import Brackets

    brackets = Brackets()
    return any(brackets.may_be_too_deep(content[at : at + _PIECE]) for at in range(0, len(content), _PIECE))


def _refuse_nested_entities(file: DataFile) -> None:
    """Refuse XML entities made of entities: ten lines of them can stand for more text than a machine holds."""
    if b"<!ENTITY" in file.content:
        import re

        match = re.search(rb"""<!ENTITY\s[^>]*?["'][^"'>]*&[A-Za-z_][^"'>]*["']""", file.content)
        if match:
            line = file.content.count(b"\n", 0, match.start()) + 1
            raise RdfSyntaxError(
                "an XML entity is made of other entities, which perezkg does not read",
                path=file.name,
                line=line,
                hint="Write the whole IRI in its place.",
            )


def syntax_of(path: str, name: str | None) -> Syntax:
    """Return the syntax of a file: the one that is named, else what its extension tells.

    Raises:
        UnknownFormatError: There is none of this name, or the extension tells none.
        InputNotFoundError: The extension tells none, and there is no such file.
        InputUnreadableError: It is a directory.
    """
    known = formats.readable()
    if name is not None:
        if name not in known:
            raise UnknownFormatError(
                f"unknown RDF format {name!r}", hint=nearest(name, known) or f"Known formats: {', '.join(known)}."
            )
        return known[name]
    if path == STANDARD_INPUT:
        raise UnknownFormatError(
            "the format of standard input is not known", hint=f"Say it: --data-format {'|'.join(known)}"
        )
    syntax = formats.by_extension(path)
    if syntax is not None and syntax.parser:
        return syntax
    if not os.path.exists(path):
        raise not_found(path)
    if os.path.isdir(path):
        raise InputUnreadableError("this is a directory, not a file", path=path, hint="Name the files in it.")
    extension = formats.extension_of(path)
    endings = " ".join(ending for syntax in known.values() for ending in syntax.extensions)
    raise UnknownFormatError(
        f"the format of a file that ends in {extension!r} is not known" if extension else "its format is not known",
        path=path,
        hint=f"Known endings: {endings}. Or say it: --data-format {'|'.join(known)}",
    )


def _decompress(content: bytes, path: str, max_size: float) -> bytes:
    import gzip
    import io
    import zlib

    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return all_of(file, path, max_size)
    except (OSError, EOFError, zlib.error) as error:
        raise broken_archive(error, path) from None


def broken_archive(error: Exception, path: str) -> InputUnreadableError:
    """Return the error for a .gz file that is none, or only the beginning of one."""
    return InputUnreadableError(f"cannot be decompressed: {error}", path=path)


def file_iri(path: str) -> str:
    """Return the IRI of a file, which relative IRIs in it are resolved against."""
    # urllib.parse.quote would do, at the cost of importing it in every process.
    safe = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:"
    absolute = os.path.abspath(path).replace(os.sep, "/")
    quoted = "".join(chr(byte) if byte in safe else f"%{byte:02X}" for byte in os.fsencode(absolute))
    return f"file://{'' if quoted.startswith('/') else '/'}{quoted}"
