"""Files become RDF: found or not, which syntax, its bytes, its triples, and where its mistakes are.

A file is read into memory as UTF-8, and what is longer than a MiB again whenever it is wanted, for it is not kept; the
parser is pyoxigraph's, which keeps every literal as it is written.
Nothing is ever fetched: a remote JSON-LD context is refused. Texts of queries are read here too, and to list queries no
RDF is needed: pyoxigraph is imported only when there is some.
"""

from __future__ import annotations

import os
import sys

from perezkg.errors import (
    InputUnreadableError,
    LimitReachedError,
    SourceChangedError,
)
from perezkg.rdf import formats
from perezkg.rdf.formats import STANDARD_INPUT
from perezkg.vocabulary import OWL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from gzip import GzipFile
    from typing import IO, BinaryIO

    from pyoxigraph import Quad, RdfFormat, Store

    from perezkg.errors import PerezkgError


BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""That of UTF-8, which files of Windows begin with; it belongs to no text."""


MAX_SIZE = 256.0
"""The longest file that is read whole, in MiB after decompression, unless more is allowed."""
_PIECE = 1 << 20
KEPT = 1 << 20
"""How many bytes of its files a graph keeps, at most, once it is loaded."""


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
        from perezkg.rdf.faults import fault

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
            raise _too_long(name, max_size)
        pieces.append(piece)
    return b"".join(pieces)


def _too_long(name: str, max_size: float) -> LimitReachedError:
    return LimitReachedError(
        f"longer than {max_size:g} MiB", path=name, hint="--max-size MIB allows more (in Python: max_size=)."
    )


def standard_input() -> BinaryIO:
    """Return standard input, to read bytes from.

    Raises:
        InputUnreadableError: It is closed.
    """
    if sys.stdin is None:
        raise InputUnreadableError("standard input is closed", hint="Name a file, or send something: … | perezkg …")
    return sys.stdin.buffer


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
        from perezkg.rdf.faults import not_utf8, refuse_utf_16

        refuse_utf_16(content, name)
        before = content[: error.start]
        line_start = before.rfind(b"\n") + 1
        line_end = content.find(b"\n", error.start)
        line = content[line_start : line_end if line_end >= 0 else None]
        raise not_utf8(name, before.count(b"\n") + 1, line, error.start - line_start) from None
    refuse_nulls(content, name)
    return content


def refuse_nulls(start: bytes, name: str) -> None:
    """Refuse a file that begins with many null characters: UTF-16 of mere ASCII is valid UTF-8 full of them.

    Raises:
        InputUnreadableError: It does.
    """
    if start[:1024].count(b"\0") * 4 >= len(start[:1024]) > 0:
        raise InputUnreadableError("this is not a text file in UTF-8: it has null characters", path=name)


# What pyoxigraph calls the syntaxes that are read piece by piece.
_STREAMED = ("ttl", "nt", "nq", "trig")
_DEEPEST = 500  # fewer marks than levels are read need no close look: `syntax_errors.DEEPEST`


class DataFile:
    """A file of RDF, read but not parsed.

    Attributes:
        name: The file as the user named it; "standard input" for "-".
        format: The syntax it is in.
        base: The IRI that relative IRIs in it are resolved against; None for standard input.
        size: How many bytes it has, decompressed.
    """

    __slots__ = ("_content", "_origin", "base", "format", "name", "size")

    def __init__(
        self,
        name: str,
        content: bytes | None,
        format: RdfFormat,  # noqa: A002 - the name that users know
        base: str | None = None,
        origin: Origin | None = None,
    ) -> None:
        self.name = name
        self.format = format
        self.base = base
        self.size = len(content) if content is not None else origin.size if origin is not None else 0
        self._content = content
        self._origin = origin

    @property
    def content(self) -> bytes:
        """Its bytes: UTF-8 without byte order mark, decompressed. They are read again where they are not kept.

        Raises:
            SourceChangedError: Since it was first opened, the file has become another one, or is gone.
            InputUnreadableError: It is not UTF-8.
            RdfSyntaxError: It is nested deeper than the parser can go.
        """
        if self._content is None:
            assert self._origin is not None  # noqa: S101 - else they would be kept
            return _checked(self, self._origin.read())
        return self._content

    @property
    def pieces(self) -> Origin | None:
        """Where to read it piece by piece, when its bytes are not in memory; None when they are, or must be."""
        if self._content is not None or self._origin is None or self._origin.compressed:
            return None
        return self._origin if self.format.file_extension in _STREAMED else None

    def release(self) -> None:
        """Let go of the bytes, if they can be read again: not those of standard input, or of a pipe."""
        if self._origin is not None:
            self._content = None

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes it again in another process, which pyoxigraph's formats cannot be carried to."""
        return _data_file, (self.name, self.content, self.format.media_type, self.base)

    def __repr__(self) -> str:
        """Return a short text that names the file."""
        return f"DataFile({self.name!r}, {self.size} bytes of {self.format.name})"


class Origin:
    """The file that bytes were read from, to be read again as long as it is the same.

    Attributes:
        size: How many bytes it has, as they stand there.
        compressed: Whether its name says that it is.
    """

    __slots__ = ("_max_size", "_name", "_path", "_seen", "compressed", "size")

    def __init__(self, path: str, max_size: float) -> None:
        self._name = path
        self._path = os.path.abspath(path)  # whatever becomes of the working directory
        self._max_size = max_size
        self.compressed = path.lower().endswith(".gz")
        found = os.stat(path)
        self.size = found.st_size
        if self.size > max_size * (1 << 20):
            raise _too_long(path, max_size)
        self._seen = _state(found)

    def open(self) -> BinaryIO:
        """Return it, opened.

        Raises:
            SourceChangedError: It is another file by now, or gone.
            InputUnreadableError: It may not be read any more.
        """
        try:
            file = open(self._path, "rb")  # noqa: SIM115 - whoever asked closes it
        except FileNotFoundError:
            raise self._changed("what is asked for needs the words of this file, which is not there any more") from None
        except OSError as error:
            from perezkg.rdf.faults import fault

            raise fault(error, self._name) from None
        try:
            self.require_same(file)
        except SourceChangedError:
            file.close()
            raise
        return file

    def require_same(self, file: BinaryIO) -> None:
        """Refuse what has become another file, also while it was read.

        Raises:
            SourceChangedError: It has.
        """
        if _state(os.fstat(file.fileno())) != self._seen:
            raise self._changed(
                "what is asked for needs the words of this file, which has changed since it was first read"
            )

    def read(self) -> bytes:
        """Return all bytes, decompressed; errors are those of `open` and `require_same`."""
        with self.open() as file:
            content = all_of(file, self._name, self._max_size)
            self.require_same(file)
        return _decompress(content, self._name, self._max_size) if self.compressed else content

    def _changed(self, what: str) -> SourceChangedError:
        return SourceChangedError(what, path=self._name, hint="Load it again.")


def _state(found: os.stat_result) -> tuple[int, ...]:
    """Return what tells one state of a file from another, without reading it."""
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


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
        The file, to be parsed by `parse`. A long one that can be read piece by piece has only been opened: what it
        should not hold shows when its bytes are asked for.

    Raises:
        InputNotFoundError: There is no such file.
        InputUnreadableError: It is a directory, may not be read, is closed, or is not UTF-8.
        LimitReachedError: It is longer than `max_size`.
        UnknownFormatError: The syntax is not known.
        RdfSyntaxError: It is nested deeper than the parser can go.
    """
    syntax = formats.syntax_of(path, format)
    if path == STANDARD_INPUT:
        return from_bytes("standard input", all_of(standard_input(), "standard input", max_size), syntax.format)
    compressed = path.lower().endswith(".gz")
    try:
        with open(path, "rb") as opened:
            origin = Origin(path, max_size) if os.path.isfile(path) else None
            if origin is not None and origin.size > KEPT and syntax.streamed and not compressed:
                return DataFile(path, None, syntax.format, file_iri(path), origin)
            content = all_of(opened, path, max_size)
    except (OSError, ValueError) as error:
        from perezkg.rdf.faults import fault

        raise fault(error, path) from None
    if compressed:
        content = _decompress(content, path, max_size)
    return _whole(DataFile(path, content, syntax.format, file_iri(path), origin))


def from_bytes(name: str, content: bytes, format: RdfFormat) -> DataFile:  # noqa: A002 - the name that users know
    """Take RDF that came from elsewhere than a file.

    Raises:
        InputUnreadableError: It is not UTF-8.
        RdfSyntaxError: It is nested deeper than the parser can go.
    """
    return _whole(DataFile(name, content, format))


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


def fill(file: DataFile, store: Store) -> None:
    """Put the statements of a file into a store, all or none; errors are those of `parse`."""
    from pyoxigraph import RdfFormat

    try:
        if file.format == RdfFormat.RDF_XML:  # some of it has to be written anew first
            store.bulk_extend(parse(file))
        else:
            store.load(file.content, file.format, base_iri=file.base)
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


def _whole(file: DataFile) -> DataFile:
    """Return a file with its bytes as the parser may have them."""
    file._content = _checked(file, file.content)
    file.size = len(file.content)
    return file


def _checked(file: DataFile, content: bytes) -> bytes:
    """Return bytes as UTF-8, unless they are nested so deep that the parser would take the process with it."""
    from pyoxigraph import RdfFormat

    content = _text(content, file.name, file.format)
    if file.format == RdfFormat.RDF_XML:
        from perezkg.rdf.faults import refuse_nested_entities

        refuse_nested_entities(file.name, content)
        if content.count(b"</") > _DEEPEST:
            from perezkg.rdf.syntax_errors import refuse_deep_elements

            refuse_deep_elements(file.name, content)
        return content
    json = file.format == RdfFormat.JSON_LD
    brackets = file.format in (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N3) and _has_deep_brackets(content)
    if brackets or content.count(b"{" if json else b"<<") > _DEEPEST:
        from perezkg.rdf.syntax_errors import Depth

        Depth(file.name, json=json).feed(content)
    return content


def _has_deep_brackets(content: bytes) -> bool:
    """Tell whether brackets might be nested too deep; of most files, counting them says that they are not."""
    if max(content.count(b"["), content.count(b"("), content.count(b"{")) <= _DEEPEST:
        return False
    from perezkg.rdf.syntax_errors import Brackets

    brackets = Brackets()
    return any(brackets.may_be_too_deep(content[at : at + _PIECE]) for at in range(0, len(content), _PIECE))


def _decompress(content: bytes, path: str, max_size: float) -> bytes:
    import gzip
    import io
    import zlib

    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return all_of(file, path, max_size)
    except (OSError, EOFError, zlib.error) as error:
        from perezkg.rdf.faults import broken_archive

        raise broken_archive(error, path) from None


def file_iri(path: str) -> str:
    """Return the IRI of a file, which relative IRIs in it are resolved against."""
    # urllib.parse.quote would do, at the cost of importing it in every process.
    safe = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:"
    absolute = os.path.abspath(path).replace(os.sep, "/")
    quoted = "".join(chr(byte) if byte in safe else f"%{byte:02X}" for byte in os.fsencode(absolute))
    return f"file://{'' if quoted.startswith('/') else '/'}{quoted}"
