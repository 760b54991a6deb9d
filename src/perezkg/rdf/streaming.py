"""Files of RDF larger than memory, statement by statement.

What `reading` does with a whole file, this does piece by piece, with the same errors. They show when the reading gets
there: statements before a mistake have been handed out by then.
"""

from __future__ import annotations

import codecs
import os
from contextlib import ExitStack, contextmanager

from pyoxigraph import RdfFormat
from pyoxigraph import parse as _parse

from perezkg.rdf import reading
from perezkg.rdf.canonical import no_room
from perezkg.rdf.faults import broken_archive, fault, not_utf8, refuse_utf_16
from perezkg.rdf.formats import STANDARD_INPUT, syntax_of
from perezkg.rdf.reading import BYTE_ORDER_MARK, refuse_nulls, standard_input
from perezkg.rdf.syntax_errors import DEEPEST, Brackets, Depth, at_line, value_too_long

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO, Any

    from pyoxigraph import Quad, Store

    from perezkg.errors import InputUnreadableError

_PIECE = 1 << 20
_WITH_BRACKETS = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N3)
# Of a line that is longer, errors show the beginning.
_LONGEST_LINE = 1 << 26


class DataStream:
    """A file of RDF that is read while its statements are asked for.

    N-Triples, N-Quads, Turtle and TriG, compressed or not, take some megabytes of memory however long they are; JSON-LD
    and RDF/XML are read whole. What cannot be read twice (a pipe) is copied to a temporary file first.

    Args:
        path: The file, or "-" for standard input.
        format: One of `formats.readable()`; needed for standard input and for an unknown extension.

    Attributes:
        name: The file as the user named it; "standard input" for "-".
        format: The syntax it is in.
        base: The IRI that relative IRIs in it are resolved against; None for standard input.
        notices: What was left out of it, once it has been read to its end.

    Raises:
        InputNotFoundError: There is no such file.
        InputUnreadableError: It is a directory or may not be read.
        UnknownFormatError: The syntax is not known.
    """

    __slots__ = ("_path", "_syntax", "base", "format", "name", "notices")

    def __init__(self, path: str, format: str | None = None) -> None:  # noqa: A002 - the name that users know
        self._syntax = syntax_of(path, format)
        self.format = self._syntax.format
        self._path = path
        self.notices: list[str] = []
        self.name = "standard input" if path == STANDARD_INPUT else path
        self.base = None if path == STANDARD_INPUT else reading.file_iri(path)
        once = os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)  # a pipe, a terminal
        if self.base is not None and not once:
            with _opened(path):  # a mistaken name shows before anything is done with other files
                pass

    def __repr__(self) -> str:
        """Return a short text that names the file."""
        return f"DataStream({self.name!r}, {self.format.name})"

    def quads(self) -> Iterator[Quad]:
        """Yield the statements exactly as they are written, blank nodes with labels of their own.

        A file can be read again, standard input and other pipes only once.

        Raises:
            InputUnreadableError: The file is not UTF-8, its compression is broken, or standard input is closed.
            RdfSyntaxError: With the place of the mistake.
            RemoteAccessRefusedError: A JSON-LD context would have to be fetched.
            OutputError: There is no room for a copy of what comes from a pipe.
        """
        if not self._syntax.streamed:
            whole = reading.read(self._path, self._syntax.name)
            yield from reading.parse(whole)
            self.notices = reading.losses(whole)
            return
        with self._text() as text:
            yield from _parse(
                text,  # type: ignore[arg-type]  # it has the one method that the parser calls
                self.format,
                base_iri=self.base,
                rename_blank_nodes=True,
            )

    def whole(self) -> reading.DataFile:
        """Return the file, read whole; see `reading.read`."""
        return reading.read(self._path, self._syntax.name)

    def fill(self, store: Store, told: Callable[[bytes], None]) -> None:
        """Put the statements into a store by a bulk load, which keeps what came before a mistake.

        Args:
            store: The store.
            told: Given the text as it is read, piece by piece.

        Raises:
            InputError: As `quads` raises them.
            OSError: The store cannot be written.
        """
        if not self._syntax.streamed:
            whole = self.whole()
            told(whole.content)
            store.bulk_extend(reading.parse(whole))
            self.notices = reading.losses(whole)
            return
        with self._text(told) as text:
            store.bulk_load(text, self.format, base_iri=self.base)  # type: ignore[arg-type]  # as above

    @contextmanager
    def _text(self, told: Callable[[bytes], None] | None = None) -> Iterator[_CheckedText]:
        """Open the file for the parser, whose complaints become errors with their place."""
        with _opened(self._path) as file:
            text = _CheckedText(file, self.name, told, brackets=self.format in _WITH_BRACKETS)
            try:
                yield text
            except SyntaxError as error:
                raise at_line(self.name, self.format, error, text.line) from None
            except MemoryError as error:
                raise value_too_long(self.name, error) from None


def load(file: reading.DataFile, origin: reading.Origin, store: Store, word: bytes) -> bool:
    """Put the statements of a long file into a store, all or none, without holding it whole in memory.

    Args:
        file: The file.
        origin: Where its bytes are.
        store: The store.
        word: Something to look out for.

    Returns:
        Whether the word stands anywhere in it.

    Raises:
        SourceChangedError: It has become another file.
        InputError: As `reading.read` and `reading.parse` raise them.
    """
    found, end = False, b""

    def look(piece: bytes) -> None:
        nonlocal found, end
        found = found or word in piece or word in end + piece[: len(word)]
        end = piece[-len(word) :]

    with origin.open() as opened:
        text = _CheckedText(opened, file.name, look, brackets=file.format in _WITH_BRACKETS)
        try:
            store.load(text, file.format, base_iri=file.base)  # type: ignore[arg-type]  # it has what is called
        except (SyntaxError, MemoryError) as error:
            raise reading.unparsable(file, error) from None
        origin.require_same(opened)
    return found


def parsed(file: reading.DataFile) -> Iterator[Quad]:
    """Yield what `reading.parse` yields, piece by piece where the bytes of the file are not in memory.

    Raises:
        SourceChangedError: It has become another file.
        InputError: As `reading.read` and `reading.parse` raise them.
    """
    origin = file.pieces
    if origin is None:
        yield from reading.parse(file)
        return
    with origin.open() as opened:
        text: Any = _CheckedText(opened, file.name, brackets=file.format in _WITH_BRACKETS)
        try:
            yield from _parse(text, file.format, base_iri=file.base, rename_blank_nodes=True)
        except (SyntaxError, MemoryError) as error:
            raise reading.unparsable(file, error) from None
        origin.require_same(opened)


def texts(file: reading.DataFile) -> Iterator[str]:
    """Yield the text of a file in whole lines, in pieces where its bytes are not in memory.

    Raises:
        SourceChangedError: Since it was first opened, the file has become another one, or is gone.
    """
    if file.pieces is None:
        yield file.content.decode()
        return
    with file.pieces.open() as opened:
        opened.seek(len(BYTE_ORDER_MARK) if opened.read(len(BYTE_ORDER_MARK)) == BYTE_ORDER_MARK else 0)
        while piece := opened.read(_PIECE):
            yield (piece + opened.readline()).decode()


class _CheckedText:
    """The bytes of a file, without byte order mark, checked before the parser gets them.

    Args:
        file: A file that can be read again from its beginning.
        name: It, for errors.
        told: Given each piece that is read.
        brackets: Whether the syntax has brackets that may be nested.
    """

    def __init__(
        self, file: IO[bytes], name: str, told: Callable[[bytes], None] | None = None, *, brackets: bool
    ) -> None:
        self._file = file
        self._told = told
        self._name = name
        self._start = file.tell()
        self._piece = b""
        self._given = 0  # of the piece
        self._end = 0  # of the piece, in the file
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._marks = 0
        self._depth: Depth | None = None
        self._brackets = Brackets() if brackets else None

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most so many, none at the end: what the parser calls."""
        if self._given == len(self._piece):
            self._next_piece()
        part = self._piece[self._given : self._given + size]
        self._given += len(part)
        return part

    def line(self, number: int) -> str:
        """Return a line by its number from 1."""
        self._file.seek(self._start)
        at = 1
        while at < number and (part := _read(self._file, self._name, _PIECE)):
            found = part.count(b"\n")
            if at + found >= number:
                # Within this piece: go back to its beginning, and on line by line.
                self._file.seek(-len(part), os.SEEK_CUR)
                break
            at += found
        while at < number and self._file.readline():
            at += 1
        line = self._file.readline(_LONGEST_LINE).rstrip(b"\n")
        return (line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line).decode(errors="replace")

    def _next_piece(self) -> None:
        piece = _read(self._file, self._name, _PIECE)
        first = not self._end
        try:
            self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            # What the decoder had kept from the piece before stands before this one in its error.
            self._file.seek(self._start)
            refuse_utf_16(_read(self._file, self._name, 2), self._name)
            raise self._not_utf8(self._end + len(piece) - len(error.object) + error.start) from None
        self._end += len(piece)
        if first:
            piece = piece.removeprefix(BYTE_ORDER_MARK)
            refuse_nulls(piece, self._name)
        self._refuse_depth(piece)
        self._piece, self._given = piece, 0
        if self._told is not None:
            self._told(piece)

    def _not_utf8(self, wrong: int) -> InputUnreadableError:
        """Return the error for a byte, found again by its place in the file."""
        self._file.seek(self._start)
        number, begin = 1, 0
        while (line := self._file.readline()) and begin + len(line) <= wrong:
            begin += len(line)
            number += 1
        mark = len(BYTE_ORDER_MARK) if number == 1 and line.startswith(BYTE_ORDER_MARK) else 0
        return not_utf8(self._name, number, line[mark:].rstrip(b"\n"), wrong - begin - mark)

    def _refuse_depth(self, piece: bytes) -> None:
        """Refuse what is nested too deep; most files have nothing of it, and to count is cheaper than to look."""
        if self._depth is not None:
            self._depth.feed(piece)
            return
        # A mark may have been cut in two.
        self._marks += piece.count(b"<<") + piece.startswith(b"<")
        if self._marks > DEEPEST or (self._brackets is not None and self._brackets.may_be_too_deep(piece)):
            self._depth = Depth(self._name)
            self._file.seek(self._start)
            while part := _read(self._file, self._name, min(_PIECE, self._start + self._end - self._file.tell())):
                self._depth.feed(part)


def _read(file: IO[bytes], name: str, size: int) -> bytes:
    import gzip
    import zlib

    try:
        return file.read(size)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise broken_archive(error, name) from None
    except OSError as error:
        raise fault(error, name) from None


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    """Open a file such that it can be read again from its beginning, and decompressed if its name says so."""
    with ExitStack() as stack:
        if path == STANDARD_INPUT:
            file: IO[bytes] = standard_input()
        else:
            try:
                file = stack.enter_context(open(path, "rb"))
            except (OSError, ValueError) as error:
                raise fault(error, path) from None
        if not file.seekable():
            file = stack.enter_context(_copied(file, path))
        if path.lower().endswith(".gz"):
            import gzip

            yield stack.enter_context(gzip.GzipFile(fileobj=file, mode="rb"))  # type: ignore[arg-type]
        else:
            yield file


def _copied(file: IO[bytes], path: str) -> IO[bytes]:
    import tempfile

    with ExitStack() as stack:
        try:
            copy = stack.enter_context(tempfile.TemporaryFile(prefix="perezkg-"))
            while part := _read(file, path, _PIECE):
                copy.write(part)
            copy.seek(0)
        except OSError as error:
            raise no_room(error) from None
        stack.pop_all()  # who reads it closes it
        return copy
