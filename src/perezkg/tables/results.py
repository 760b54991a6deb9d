"""A row of a table becomes a result: who, in which contest, with which rank and mark, and where that is written."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from perezkg.tables.cells import STATUSES, CellError, clean, mark, position, wind
from perezkg.tables.checks import Checks, any_good
from perezkg.tables.columns import Columns
from perezkg.tables.competitors import Competitors
from perezkg.tables.contests import Reader, RowError
from perezkg.tables.memory import kept
from perezkg.tables.preset import FIELDS
from perezkg.tables.statements import NOTHING, Read, Statements
from perezkg.tables.syntax import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from perezkg.tables.contests import Contest, Entry
    from perezkg.tables.findings import Findings
    from perezkg.tables.memory import Memory
    from perezkg.tables.nodes import Nodes
    from perezkg.tables.preset import Part
    from perezkg.tables.rows import Row, Table

_WITHOUT_MARK = ("did-not-start", "did-not-finish", "no-mark")
_YES = ("1", "true", "yes", "x", "relay")
_LONGEST_COMMENT = 500
_LONGEST_RANK = 9
_CONTESTS = 1 << 12  # a contest takes two kilobytes, the others of what is kept a tenth of that


class Place(NamedTuple):
    """What stands in the cell of a rank: the rank, the round, which of several groups, or a status."""

    rank: int
    round: str
    group: str
    status: str


class Results:
    """Turns the rows of a table into text.

    Args:
        table: The table; its header has been found.
        number: Which of the tables it is.
        columns: The header.
        nodes: Things, each told once.
        memory: What other tables had.
        findings: Where to tell what is strange.
        write: Where the text goes.

    Raises:
        TableError: A column that the preset needs is not there.
    """

    def __init__(
        self,
        table: Table,
        number: int,
        columns: Sequence[str],
        nodes: Nodes,
        memory: Memory,
        findings: Findings,
        write: Callable[[str], object],
    ) -> None:
        self._preset = preset = table.preset
        self.columns = Columns(columns, preset, table.path)
        self._number = number
        self._file = table.name
        self._syntax = nodes.syntax
        self._nodes = nodes
        self._memory = memory
        self._findings = findings
        self._reader = Reader(preset, nodes)
        self._statements = Statements(table, f"source/{slug(table.name)}-{table.sha256[:12]}", nodes, write)
        self.competitors = Competitors(table.name, self._reader, nodes, memory, self._statements, write)
        self._checks = Checks(preset, self.columns, table.name, findings)
        self._parts = [
            (part, self.columns.index(part.mark), [self.columns.index(name) for name in part.attempts])
            for part in preset.parts
        ]
        # What cells say, read once for each text of a cell.
        self._places: dict[str, Place] = {}
        self._marks: dict[tuple[str, str], Read] = {}
        self._winds: dict[str, str] = {"": ""}
        self._contests: dict[tuple[Any, ...], Contest] = {}
        self._outcomes: dict[tuple[str, int], tuple[str, str]] = {}
        self._told: dict[str, bool] = {}

    def add(self, row: Row) -> None:
        """Write the result in a row; nothing of it, if a cell is wrong.

        Raises:
            RowError: It cannot be imported.
        """
        line = row.line
        values, raw_rank = self.columns.fields(row)
        _, _, _, sex, club, mark_cell, rank_cell, wind_cell = values[:8]
        place = self._places.get(rank_cell) or self._place(rank_cell)
        key = (values[8:15], sex, place.round, place.group)
        contest = self._contests.get(key) or self._contest(key, values, place)
        rule = contest.kind.rule
        read = self._marks.get((mark_cell, rule.unit)) or self._mark(mark_cell, rule.unit)
        blown = self._winds.get(wind_cell)
        if blown is None:
            blown = self._wind(wind_cell)
        status = read.status or place.status
        if read.number and status in _WITHOUT_MARK:
            raise RowError("mark", "there is a mark beside a status that has none")
        relay = values[15]
        if rule.team or (relay and clean(relay).casefold() in _YES):
            entry, twice = self.competitors.team(values, contest, read.notation, line)
            if not entry.called:
                return
        else:
            contest, entry, twice = self._entered(contest, key, values, place, row)
        if twice:
            self._findings.add("twice", f"{self._file}:{line}", entry.person.name if entry.person else entry.called)
        if contest.path not in self._told:
            self._reader.tell(contest, self._statements.row(line))
            self._memory.ranks.name(contest.digest, contest.labels[0])
            kept(self._told, contest.path, True)  # noqa: FBT003 - a value
        if club and entry.person is not None:
            self.competitors.club(entry.person, club, contest.year, line)
        comment = ""
        if self._checks.of_columns:
            status = self._checks.status(row.cells, line, status, has_mark=bool(read.number))
            comment = self._checks.comment(row.cells, line)
        self._checks.lacking(wind_cell, rank_cell, read, status, entry.person, line)
        outcome = self._outcomes.get((status, place.rank)) or self._outcome(status, place.rank)
        if comment:
            comment = self._syntax.text(comment[:_LONGEST_COMMENT])
        self._statements.add(line, contest, entry, read, outcome, blown, comment)
        for part, index, attempts in self._parts:
            self._part(part, row.cells[index], [row.cells[a] for a in attempts], contest, values, entry, line)
        # A rank that the preset takes for none can contradict a mark all the same.
        rank = place.rank or (int(raw_rank) if raw_rank.isdecimal() and len(raw_rank) <= _LONGEST_RANK else 0)
        if rank:
            value = read.order if rule.unit == "second" else -read.order
            self._memory.ranks.add(
                contest.digest, rank, value if read.number else inf, not place.rank, self._number, line
            )

    def _entered(
        self, contest: Contest, key: tuple[Any, ...], values: tuple[str, ...], place: Place, row: Row
    ) -> tuple[Contest, Entry, bool]:
        """Return the contest of a row and its athlete, and whether that is a second contest that looks the same.

        Raises:
            RowError: The row is a repeat, to the letter.
        """
        said = values[:4]
        entry = self.competitors.known.get(said)
        person = (entry and entry.person) or self._reader.athlete(said[0], said[1], said[3])
        whole = hash((values, tuple(row.cells))) if self._checks.of_columns else hash(values)
        again = 1
        while (held := self._memory.results.held(hash((contest.digest, person.tail)), whole)) is not None:
            if held:
                raise RowError("", "an exact repeat of an earlier row")
            again += 1
            contest = self._contest(key, values, place, again)
        return contest, entry or self.competitors.enter(said, person, row.line), again > 1

    def _place(self, cell: str) -> Place:
        """Read a place, or a status that stands there."""
        text = clean(cell)
        status = STATUSES.get(text.casefold(), "")
        if status or not text:
            return kept(self._places, cell, Place(0, "", "", status))
        try:
            rank, round_, group = position(text)
        except CellError as error:
            raise RowError("rank", str(error)) from None
        return kept(self._places, cell, Place(rank or 0, round_, group, ""))

    def _mark(self, cell: str, unit: str) -> Read:
        """Read a mark, or a status in its place."""
        text = clean(cell)
        status = self._preset.values.get("mark", {}).get(text, "") or STATUSES.get(text.casefold(), "")
        read = NOTHING
        if status:
            read = NOTHING._replace(status=status)
        elif text:
            try:
                value, notation, notes = mark(text, unit, self._preset.read.get("thousands", ""))
            except CellError as error:
                raise RowError("mark", str(error)) from None
            syntax = self._syntax
            note = syntax.term(f"sport:note-{notes[0]}") if notes else ""
            zero = unit == "kilogram" and float(value) == 0
            if not zero:
                read = Read(syntax.number(value), syntax.escaped(notation), note, "", value, float(value))
        return kept(self._marks, (cell, unit), read)

    def _wind(self, cell: str) -> str:
        text = clean(cell)
        try:
            term = self._syntax.number(wind(text)) if text else ""
        except CellError as error:
            raise RowError("wind", str(error)) from None
        return kept(self._winds, cell, term)

    def _contest(
        self, key: tuple[Any, ...], values: tuple[str, ...], place: Place, again: int = 1, part: Part | None = None
    ) -> Contest:
        """Return a contest; see `Reader.contest`."""
        cached = key if again == 1 and part is None else (*key, again, part and part.mark)
        found = self._contests.get(cached)
        if found is None:
            told = dict(zip(FIELDS, values, strict=True))
            contest = self._reader.contest(told, place.round, place.group, again, part)
            found = kept(self._contests, cached, contest, _CONTESTS)
        return found

    def _outcome(self, status: str, rank: int) -> tuple[str, str]:
        """Return sport:rank or sport:status, and its value."""
        told = ("sport:rank", self._syntax.number(rank)) if rank else ("", "")
        if status:
            told = ("sport:status", self._nodes.concept("statuses", status))
        return kept(self._outcomes, (status, rank), told)

    def _part(
        self,
        part: Part,
        cell: str,
        attempts: list[str],
        whole: Contest,
        values: tuple[str, ...],
        entry: Entry,
        line: int,
    ) -> None:
        """Write the result of a part of a contest, unless nothing is told of it."""
        read = self._mark(cell, whole.kind.rule.unit)
        failed = attempts and not any_good(attempts)
        tried = any(clean(attempt) not in ("0", "") for attempt in attempts)
        status = read.status or ("no-mark" if failed and tried and not read.number else "")
        if not read.number and not status:
            return
        place = Place(0, "", "", "")
        contest = self._contest((values[8:15], values[3], "", ""), values, place, 1, part)
        self._reader.tell(contest, self._statements.row(line), whole)
        comment = self._syntax.text(", ".join(map(clean, attempts))) if attempts else ""
        outcome = self._outcome(status, 0)
        self._statements.add(line, contest, entry._replace(nation=""), read, outcome, "", comment, first=False)
