"""Tables of results become RDF, a row at a time: each line is a result, a reject or not data."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, field, replace

from perezkg.errors import TableError
from perezkg.tables.cells import clean
from perezkg.tables.contests import RowError
from perezkg.tables.findings import Findings, compared_athletes, compared_ranks
from perezkg.tables.memory import Memory
from perezkg.tables.nodes import Nodes
from perezkg.tables.preset import FIELDS
from perezkg.tables.results import Results
from perezkg.tables.rows import Table
from perezkg.tables.syntax import Syntax, slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from perezkg.tables.preset import Preset
    from perezkg.tables.rows import Row

BASE = "https://example.org/id/"
"""What the IRIs of imported things begin with, unless another base is given."""

_PIECE = 1 << 16
_OFTEN = 500
_SKETCH = "`perezkg import --sketch TABLE` proposes a preset from the table itself."


@dataclass(frozen=True)
class Reject:
    """A row that could not be imported: where it stands, why, and its text."""

    file: str
    line: int
    column: int
    reason: str
    text: str


@dataclass
class Counts:
    """What became of the lines of a table; results, rejects and what is not data add up to its lines.

    Attributes:
        file: The table.
        lines: How many lines it has; of a sheet and of JSON, rows.
        results: Lines that are results.
        rejects: Lines that were refused.
        not_data: Lines of other kinds, by their kind: header, title, blank, skipped, continued.
        unused: Columns that the preset does not import.
    """

    file: str
    lines: int = 0
    results: int = 0
    rejects: int = 0
    not_data: Counter[str] = field(default_factory=Counter)
    unused: tuple[str, ...] = ()


class Import:
    """An import of tables; its pieces are the text of a graph, and its counts are complete when these are.

    Args:
        paths: The tables; - is standard input.
        preset: How they are read.
        base: What the IRIs of one's own begin with.
        syntax: turtle or ntriples.
        reject: What is told of each row that is refused.
        tell: What is told of each thing found, a line of text.
        progress: What is told how far it is: the table, bytes done, bytes in all.
    """

    def __init__(
        self,
        paths: Sequence[str],
        preset: Preset,
        *,
        base: str = BASE,
        syntax: str = "turtle",
        reject: Callable[[Reject], None] | None = None,
        tell: Callable[[str], None] | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> None:
        self.tables = [Table(path, preset) for path in paths]
        self.counts: list[Counts] = []
        self.findings = Findings(tell)
        self.athletes = 0
        self._preset = preset
        self._syntax = Syntax(base, syntax)
        self._out: list[str] = []
        self._nodes = Nodes(self._syntax, self._out.append)
        self._reject = reject
        self._progress = progress
        self._memory = Memory(sum(table.size for table in self.tables))

    def pieces(self) -> Iterator[str]:
        """Yield the text of the graph.

        Raises:
            TableError: A table is not of the kind that the preset reads.
            InputError: It cannot be read, or changed while it was read.
        """
        self._out.append(self._syntax.head)
        try:
            for table in self.tables:
                yield from self._table(table)
            files = [table.name for table in self.tables]
            compared_ranks(self._memory.ranks, self.findings, files, complete=self._preset.complete)
            compared_athletes(self._memory.names.groups(), self.findings)
        finally:
            self._memory.close()
            for table in self.tables:
                table.close()

    def _table(self, table: Table) -> Iterator[str]:
        counts = Counts(table.path)
        self.counts.append(counts)
        table.preset = _with_name(table)
        lines = _Lines(table, self, counts)
        for number, row in enumerate(table.rows(), 1):
            counts.lines += row.lines
            lines.take(row)
            if number % _OFTEN == 0:
                yield self._piece()
                if self._progress is not None:
                    self._progress(table.name, min(table.done, table.size), table.size)
        lines.end()
        yield self._piece()

    def _piece(self) -> str:
        text = "".join(self._out)
        self._out.clear()
        return text

    def results(self, table: Table, columns: list[str]) -> Results:
        """Return what turns the rows below a header into text."""
        number = self.tables.index(table)
        return Results(table, number, columns, self._nodes, self._memory, self.findings, self._out.append)

    def refuse(self, table: Table, row: Row, column: int, reason: str) -> None:
        """Tell of a row that cannot be imported."""
        if self._reject is not None:
            text = row.text.rstrip("\r\n").encode(errors="backslashreplace").decode()  # JSON may have half a character
            self._reject(Reject(table.path, row.line, column, reason, text))

    def source(self, table: Table) -> None:
        """Write the source that a table is."""
        syntax, preset = self._syntax, table.preset
        pairs = [("dcterms:type", syntax.term("sport:source-results-list"))]
        pairs.append(("dcterms:title", syntax.text(clean(table.name))))
        if preset.publisher:
            pairs.append(("dcterms:publisher", syntax.text(preset.publisher)))
        if preset.language:
            pairs.append(("dcterms:language", syntax.text(preset.language)))
        pairs.append(("sport:sha256", syntax.text(table.sha256)))
        path = f"source/{slug(table.name)}-{table.sha256[:12]}"
        if self._nodes.is_new(path):
            self._nodes.tell(path, "sport:Source", {"": clean(table.name)}, pairs)


def _with_name(table: Table) -> Preset:
    """Return the preset of a table with what its name tells; what its user tells goes before."""
    preset = table.preset
    if not preset.file_name:
        return preset
    stem = os.path.basename(table.name).removesuffix(".gz").rpartition(".")[0]
    found = re.search(preset.file_name, stem)
    told = {key: (value or "").replace("-", " ") for key, value in found.groupdict().items()} if found else {}
    return replace(preset, constants={**told, **preset.constants})


class _Lines:
    """Tells the lines of a table apart: header, titles, blank ones, what is skipped, and rows."""

    def __init__(self, table: Table, importing: Import, counts: Counts) -> None:
        self._table = table
        self._import = importing
        self._counts = counts
        self._results: Results | None = None
        self._header: list[str] = []
        self._first = ""
        preset = table.preset
        self._title = re.compile(preset.title_line, re.IGNORECASE) if preset.title_line else None
        self._titled: dict[str, str] = {}
        self._skip = [re.compile(expression) for expression in preset.skip]
        self._wanted = {column for columns in preset.fields.values() for column in columns if "{" not in column}
        self._blocks = bool(preset.title_line)

    def take(self, row: Row) -> None:
        """Take a line, and count what it is."""
        counts = self._counts
        if row.lines > 1:
            counts.not_data["continued"] += row.lines - 1
        results = self._results
        if results is not None and row.lines:
            cells = row.cells
            if (
                len(cells) == len(self._header)
                and not self._blocks
                and not self._skip
                and cells != self._header
                and any(cells)
            ):
                self._add(results, row)
                return
        self._apart(row)

    def _apart(self, row: Row) -> None:
        counts, cells = self._counts, [clean(cell) for cell in row.cells]
        filled = [cell for cell in cells if cell]
        if not filled:
            counts.not_data["blank"] += row.lines
        elif self._is_header(row, cells):
            counts.not_data["header"] += row.lines
        elif any(expression.search(row.text) for expression in self._skip):
            counts.not_data["skipped"] += row.lines
        elif self._title is not None and len(filled) == 1 and cells[0]:
            self._take_title(row, cells[0])
        elif self._results is None:
            self._first = self._first or row.text
            if self._table.preset.read.get("header") != "search":
                raise TableError(
                    "the first line is not the header of the preset", path=self._table.path, line=row.line, hint=_SKETCH
                )
            counts.not_data["preamble"] += row.lines
        else:
            self._add(self._results, row)

    def _is_header(self, row: Row, cells: list[str]) -> bool:
        """Tell whether a line is a header; the first one says where the columns are."""
        if self._header and cells == self._header:
            return True
        if self._results is not None and row.lines:
            return False
        wanted = sum(cell in self._wanted for cell in cells if cell)
        if wanted < min(2, len(self._wanted)):
            return False
        self._header = cells
        self._results = self._import.results(self._table, cells)
        self._counts.unused = self._results.columns.unused
        for name, value in self._titled.items():
            self._results.columns.set(name, value)
        return True

    def _take_title(self, row: Row, text: str) -> None:
        """Take a line with one cell: a title says what follows, anything else that nothing more does."""
        found = self._title.fullmatch(text) if self._title is not None else None
        self._counts.not_data["title" if found else "footer"] += row.lines
        names = [name for name in FIELDS if self._title is not None and name in self._title.groupindex]
        self._titled = {name: (found[name] or "") if found else "" for name in names}
        if self._results is not None:
            for name, value in self._titled.items():
                self._results.columns.set(name, value)

    def _add(self, results: Results, row: Row) -> None:
        try:
            results.add(row)
        except RowError as error:
            self._counts.rejects += 1
            self._import.refuse(self._table, row, results.columns.number(error.field), str(error))
            return
        self._counts.results += 1

    def end(self) -> None:
        """Write the source, when the table has been read."""
        if self._results is None:
            if not self._counts.lines:
                raise TableError("the table is empty", path=self._table.path)
            raise self._no_header(self._first)
        self._import.athletes += self._results.competitors.athletes
        self._import.source(self._table)

    def _no_header(self, text: str) -> TableError:
        """Return what is wrong with a table without a header, whose first line has a text."""
        path, separator = self._table.path, self._table.preset.read.get("separator", ",")
        if "\0" in text:
            return TableError(
                "there are characters U+0000 in it, as in UTF-16 that is read as something else",
                path=path,
                hint="Say how it is encoded: --set encoding=utf-16-le, for example.",
            )
        other = next((sign for sign in ";\t|," if sign != separator and text.count(sign) > 1), "")
        if other:
            return TableError(
                f"there is no header in it: the first line has {other!r} where the preset has {separator!r}",
                path=path,
                hint="Say what separates its cells: --set 'separator=;', for example.",
            )
        return TableError("there is no header of the preset in it", path=path, hint=_SKETCH)
