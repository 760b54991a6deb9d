"""The rows of a table, one at a time: CSV, JSON, JSON Lines and XLSX, also packed with gzip."""

from __future__ import annotations

import csv
import io
import json
import os
from hashlib import sha256
from typing import NamedTuple

from perezkg.errors import InputChangedError, InputNotFoundError, InputUnreadableError, LimitReachedError, UsageError
from perezkg.resources import function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from typing import IO, Any

    from perezkg.tables.preset import Preset

KINDS = {
    ".csv": "perezkg.tables.rows:separated",
    ".tsv": "perezkg.tables.rows:separated",
    ".txt": "perezkg.tables.rows:separated",
    ".json": "perezkg.tables.rows:json_rows",
    ".jsonl": "perezkg.tables.rows:json_lines",
    ".ndjson": "perezkg.tables.rows:json_lines",
    ".xlsx": "perezkg.tables.rows:sheet",
}
"""Which function reads a file, by the end of its name; what has another is read as CSV."""

LONGEST_CELL = 1 << 20
"""How many characters a cell may have."""


class Row(NamedTuple):
    """A row: the line that it begins on, how many it covers, its cells and its text as far as it has one."""

    line: int
    lines: int
    cells: list[str]
    text: str


class Table:
    """A table in a file, whose digest is known before it is read and looked at again afterwards.

    Args:
        path: The file; - is standard input, which is copied to a temporary file.
        preset: How it is read.

    Raises:
        InputNotFoundError: There is no such file.
        InputUnreadableError: It is there but cannot be opened.
    """

    def __init__(self, path: str, preset: Preset) -> None:
        self.path = path
        self.name = "standard input" if path == "-" else os.path.basename(path)
        self.preset = preset
        self._copy: IO[bytes] | None = _copied() if path == "-" else None
        self.size = 0
        self.sha256 = self._digest()
        self.end = os.path.splitext(self.name.removesuffix(".gz"))[1].casefold()
        self.done = 0
        self._text: IO[str] | None = None

    def _open(self) -> IO[bytes]:
        if self._copy is not None:
            self._copy.seek(0)
            return io.BufferedReader(io.FileIO(os.dup(self._copy.fileno())))
        try:
            return open(self.path, "rb")
        except FileNotFoundError:
            raise InputNotFoundError("there is no such file", path=self.path) from None
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: Exception) -> InputUnreadableError:
        return InputUnreadableError(f"cannot be read: {getattr(error, 'strerror', None) or error}", path=self.path)

    def close(self) -> None:
        """Let go of the copy of standard input."""
        if self._copy is not None:
            self._copy.close()

    def _digest(self) -> str:
        found = sha256()
        self.size = 0
        try:
            with self._open() as file:
                while piece := file.read(1 << 20):
                    found.update(piece)
                    self.size += len(piece)
        except OSError as error:
            raise self._unreadable(error) from None
        return found.hexdigest()

    def rows(self) -> Generator[Row, None, None]:
        """Yield the rows; when all have been read, look whether the file is still the same.

        Raises:
            InputUnreadableError: It is not in the encoding that the preset says, or not of the kind that its name says.
            InputChangedError: It is another file than at the beginning.
            LimitReachedError: A cell is too long.
        """
        read: Callable[[IO[bytes], Table], Iterator[Row]] = function(KINDS.get(self.end, KINDS[".csv"]))
        with self._open() as raw:
            try:
                yield from read(self._unpacked(raw), self)
            except UnicodeDecodeError as error:
                raise self._undecodable(error) from None
            except (json.JSONDecodeError, EOFError, OSError) as error:
                raise self._unreadable(error) from None
            except RecursionError:
                raise InputUnreadableError("arrays stand in each other too deep", path=self.path) from None
            except csv.Error as error:
                if "field larger" in str(error):
                    raise LimitReachedError(
                        f"a cell has more than {LONGEST_CELL:,} characters",
                        path=self.path,
                        hint="Is a quotation mark left open?",
                    ) from None
                raise self._unreadable(error) from None
            finally:
                if self._text is not None:
                    self._text.close()
        if self._digest() != self.sha256:
            raise InputChangedError(
                "the file changed while it was read", path=self.path, hint="Run the import again when it is complete."
            )

    def _unpacked(self, raw: IO[bytes]) -> IO[bytes]:
        if not self.name.endswith(".gz"):
            return raw
        import gzip

        return gzip.GzipFile(fileobj=raw)  # type: ignore[return-value]

    def encoding(self) -> str:
        """Return the encoding of the text; a mark of the order of bytes at its beginning is no part of it."""
        name: str = self.preset.read.get("encoding", "utf-8")
        return "utf-8-sig" if name.casefold() in ("utf-8", "utf8") else name

    def text(self, raw: IO[bytes]) -> IO[str]:
        """Return the text of the file, with its line ends as they are.

        Raises:
            UsageError: There is no such encoding.
        """
        try:
            self._text = io.TextIOWrapper(raw, encoding=self.encoding(), newline="")
        except LookupError:
            raise UsageError(
                f"there is no encoding {self.encoding()!r}", hint="Such as utf-8, utf-16, latin-1, cp1252."
            ) from None
        return self._text

    def _undecodable(self, error: UnicodeDecodeError) -> InputUnreadableError:
        line = 0
        with self._open() as raw:
            for number, content in enumerate(self._unpacked(raw), 1):
                try:
                    content.decode(self.encoding())
                except UnicodeDecodeError:
                    line = number
                    break
        return InputUnreadableError(
            f"the file is not in {self.preset.read.get('encoding', 'utf-8')}: {error.reason}",
            path=self.path,
            line=0 if "16" in self.encoding() or "32" in self.encoding() else line,
            hint=(
                "It begins as UTF-16 does: --set encoding=utf-16."
                if self._begins(b"\xff\xfe") or self._begins(b"\xfe\xff")
                else "Say how it is encoded: --set encoding=cp1252, for example. It is not guessed."
            ),
        )

    def _begins(self, mark: bytes) -> bool:
        with self._open() as raw:
            return raw.read(len(mark)) == mark


def _copied() -> IO[bytes]:
    import shutil
    import sys
    import tempfile

    copy = tempfile.TemporaryFile()  # noqa: SIM115 - see `Table.close`
    shutil.copyfileobj(sys.stdin.buffer, copy)
    copy.flush()
    return copy


class _Lines:
    """The lines of a text, each kept until the row that it belongs to has been read."""

    def __init__(self, table: Table, text: IO[str]) -> None:
        self._text = text
        self._table = table
        self._kept: list[str] = []

    def __iter__(self) -> Iterator[str]:
        table, kept = self._table, self._kept
        for line in self._text:
            kept.append(line)
            table.done += len(line)
            yield line

    def taken(self) -> str:
        """Return the lines since this was last asked."""
        text = "".join(self._kept)
        self._kept.clear()
        return text


def separated(raw: IO[bytes], table: Table) -> Iterator[Row]:
    """Yield the rows of a text whose cells are separated by commas, semicolons, tabs.

    Raises:
        UsageError: The separator is not one character.
    """
    separator = table.preset.read.get("separator", "\t" if table.end == ".tsv" else ",")
    csv.field_size_limit(LONGEST_CELL)
    lines = _Lines(table, table.text(raw))
    try:
        reader = csv.reader(lines, delimiter=separator)
    except (TypeError, ValueError):
        raise UsageError(f"{separator!r} is no separator", hint="It is one character, such as , or ;.") from None
    before = 0
    for cells in reader:
        number = reader.line_num
        yield Row(before + 1, number - before, cells, lines.taken())
        before = number


def json_rows(raw: IO[bytes], table: Table) -> Iterator[Row]:
    """Yield the objects of a JSON array, the header first; a row is counted as a line."""
    found: Any = json.load(table.text(raw))
    if isinstance(found, dict):  # the array may stand under a name
        found = next((value for value in found.values() if isinstance(value, list)), None)
    if not isinstance(found, list):
        raise InputUnreadableError("there is no array of rows in it", path=table.path)
    yield from _objects(found, table)


def json_lines(raw: IO[bytes], table: Table) -> Iterator[Row]:
    """Yield the objects of JSON Lines, the header first."""
    yield from _objects((json.loads(line) if line.strip() else {} for line in table.text(raw)), table)


def _objects(found: Any, table: Table) -> Iterator[Row]:  # noqa: ANN401 - whatever JSON holds
    columns: list[str] = []
    for number, row in enumerate(found, 1):
        if not isinstance(row, dict):
            raise InputUnreadableError("a row is not an object", path=table.path, line=number)
        if number == 1 or not set(row) <= set(columns):
            columns += [name for name in row if name not in columns]
            yield Row(number, 0, list(columns), "")
        inner = next((name for name, value in row.items() if isinstance(value, (dict, list))), None)
        if inner is not None:
            raise InputUnreadableError(f"{inner!r} is neither a text nor a number", path=table.path, line=number)
        cells = ["" if row.get(name) is None else str(row[name]) for name in columns]
        yield Row(number, 1, cells, json.dumps(row, ensure_ascii=False))


def sheet(raw: IO[bytes], table: Table) -> Iterator[Row]:
    """Yield the rows of a sheet of an XLSX file: the one that the preset names, or the first.

    Raises:
        UsageError: openpyxl is not installed, or there is no such sheet.
    """
    try:
        from openpyxl import load_workbook
    except ModuleNotFoundError:
        raise UsageError("XLSX needs openpyxl, and it is not installed", hint="pip install 'perezkg[xlsx]'") from None
    from zipfile import BadZipFile

    try:
        book = load_workbook(raw, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError) as error:
        raise InputUnreadableError(f"cannot be read: {error}", path=table.path) from None
    name = table.preset.read.get("sheet", book.sheetnames[0])
    if name not in book.sheetnames:
        raise UsageError(f"there is no sheet {name!r}", hint=f"There are {', '.join(book.sheetnames)}.")
    for number, row in enumerate(book[name].iter_rows(values_only=True), 1):
        cells = ["" if cell is None else _shown(cell) for cell in row]
        yield Row(number, 1, cells, "\t".join(cells))
    book.close()


def _shown(cell: Any) -> str:  # noqa: ANN401 - whatever a sheet holds
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat()).removesuffix("T00:00:00")
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
