"""A row of a table becomes a result: who, in which contest, with which rank and mark, and where that is written."""

from __future__ import annotations

import re
from decimal import Decimal
from operator import itemgetter

from perezkg.errors import TableError, nearest
from perezkg.tables.cells import STATUSES, CellError, clean, mark, position, seconds, wind
from perezkg.tables.contests import Reader, RowError
from perezkg.tables.findings import Buckets, Findings, Hashes
from perezkg.tables.preset import FIELDS
from perezkg.tables.statements import NOTHING, Read, Statements
from perezkg.tables.syntax import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from perezkg.tables.contests import Athlete, Contest
    from perezkg.tables.nodes import Nodes
    from perezkg.tables.preset import Check, Part, Preset
    from perezkg.tables.rows import Row, Table

    _Key = TypeVar("_Key")
    _Value = TypeVar("_Value")

_CACHED = 1 << 13
_WHOLE_DATE = len("1988-06-11")
_WITHOUT_MARK = ("did-not-start", "did-not-finish", "no-mark")
_YES = ("1", "true", "yes", "x", "relay")


class Memory:
    """What is remembered over all tables of an import: which results there were, and what is to be compared."""

    def __init__(self) -> None:
        self.rows = Hashes()
        self.results = Hashes()
        self.athletes = Hashes()
        self.ranks = Buckets()
        self.names = Buckets()

    def close(self) -> None:
        """Let go of what waits on disk."""
        self.ranks.close()
        self.names.close()


class Results:
    """Turns the rows of a table into text.

    Args:
        table: The table; its header has been found.
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
        columns: list[str],
        nodes: Nodes,
        memory: Memory,
        findings: Findings,
        write: Callable[[str], object],
    ) -> None:
        self.preset: Preset = table.preset
        self.athletes = 0
        self._table = table
        self._nodes = nodes
        self._syntax = nodes.syntax
        self._memory = memory
        self._findings = findings
        self._write = write
        self._columns = [clean(column) for column in columns]
        self._reader = Reader(self.preset, nodes)
        self._width = len(columns)
        self._constants = [self.preset.constants.get(field, "") for field in FIELDS]
        self._joined = self._choose()
        self._statements = Statements(table, f"source/{slug(table.name)}-{table.sha256[:12]}", nodes, write)
        self._words = [self.preset.words(lang) for lang in self.preset.languages]
        self._marks: dict[tuple[str, str], Read] = {}
        self._persons: dict[tuple[str, str, str], Athlete] = {}
        self._contests: dict[tuple[Any, ...], Contest] = {}
        self._winds: dict[str, str] = {"": ""}
        # What has been told already, and need not be looked up again.
        self._entries: dict[tuple[str, str, str, str], tuple[Athlete, str, str]] = {}
        self._told: dict[str, bool] = {}
        self._outcomes: dict[tuple[str, int | None], tuple[str, str]] = {}
        self._wind_told, self._rank_told, self._birth_told = (name in self._has for name in ("wind", "rank", "birth"))
        self._ranks: dict[str, tuple[int | None, str, str, str]] = {"": (None, "", "", "")}
        self._notes = [(name, self._index(name)) for name in self.preset.notes if name in self._columns]
        self._checks = [
            (check, [self._index(name) for name in check.columns])
            for check in self.preset.checks
            if set(check.columns) <= set(self._columns)
        ]
        self._changes = [
            (FIELDS.index(field), re.compile(options["match"], re.IGNORECASE), field)
            for field, options in self.preset.cells.items()
            if "match" in options
        ]
        self._maps = [(FIELDS.index(field), values) for field, values in self.preset.values.items()]
        self._null = frozenset(self.preset.read.get("null", ()))
        self._exact = bool(self.preset.parts or self._notes)
        self._parts = [
            (part, self._index(part.mark), [self._index(name) for name in part.attempts]) for part in self.preset.parts
        ]

    def _index(self, column: str) -> int:
        try:
            return self._columns.index(column)
        except ValueError:
            raise TableError(
                f"the table has no column {column!r}",
                path=self._table.path,
                hint=nearest(column, self._columns) or f"It has {', '.join(map(repr, self._columns))}.",
            ) from None

    def _choose(self) -> list[tuple[int, list[str]]]:
        """Find the columns of the fields; return those fields that are put together from several columns."""
        chosen, joined = [], []
        used: set[str] = set()
        for number, field in enumerate(FIELDS):
            found = self._width + number
            for column in self.preset.fields.get(field, ()):
                if "{" in column:
                    steps = re.split(r"\{([^}]*)\}", column)
                    used.update(steps[1::2])
                    joined.append(
                        (number, [step if i % 2 == 0 else str(self._index(step)) for i, step in enumerate(steps)])
                    )
                    break
                if column in self._columns:
                    found = self._columns.index(column)
                    used.add(column)
                    break
            chosen.append(found)
        self._pick = itemgetter(*chosen)
        self._has = {field for field, index in zip(FIELDS, chosen, strict=True) if index < self._width}
        known = self._has | {FIELDS[number] for number, _ in joined}
        titles = re.findall(r"\?P<(\w+)>", self.preset.title_line) + re.findall(
            r"\?P<(\w+)>", " ".join(str(options.get("match", "")) for options in self.preset.cells.values())
        )
        for field in (*self.preset.required, "discipline"):
            if field not in known and not self.preset.constants.get(field) and field not in titles:
                self._missing(field)
        used |= {*self.preset.ignored, *self.preset.notes}
        used |= {name for check in self.preset.checks for name in check.columns}
        used |= {name for part in self.preset.parts for name in (part.mark, *part.attempts)}
        self.unused = [column for column in self._columns if column not in used]
        return joined

    def _missing(self, field: str) -> None:
        columns = " or ".join(map(repr, self.preset.fields.get(field, ())))
        says = f"the table has no column {columns}" if columns else f"nothing tells the field {field!r}"
        raise TableError(says, path=self._table.path, hint=f"Say it for the whole table: --set {field}=…")

    def column(self, field: str) -> int:
        """Return the number of the column that holds a field, from 1; 0 if none does."""
        names = self.preset.fields.get(field, ())
        return next((self._columns.index(name) + 1 for name in names if name in self._columns), 0)

    def set(self, field: str, value: str) -> None:
        """Let the rows that follow have this value of a field: a title says so."""
        self._constants[FIELDS.index(field)] = value

    def add(self, row: Row) -> None:
        """Write the result in a row.

        Raises:
            RowError: It cannot be imported.
        """
        cells = row.cells
        if len(cells) != self._width:
            if len(cells) < self._width or any(map(clean, cells[self._width :])):
                raise RowError("", f"the row has {len(cells)} cells, the header {self._width}")
            cells = cells[: self._width]
        if "\ufffd" in row.text:
            raise RowError("", "there is a character U+FFFD, which stands for one that was lost")
        values = self._pick(cells + self._constants)
        raw_rank = values[6]
        if self._joined or self._changes or self._maps or self._null:
            values = self._changed(values, cells)
        athlete, birth, nation, sex, club, mark_cell, rank_cell, wind_cell, *_, relay = values

        rank = self._ranks.get(rank_cell) or self._rank(rank_cell)
        key = (*values[8:15], sex, rank[1], rank[2])
        contest = self._contests.get(key) or self._contest(key, values, rank[1], rank[2], 1)
        rule = contest.kind.rule
        read = self._marks.get((mark_cell, rule.unit)) or self._mark(mark_cell, rule.unit)
        wind_term = self._winds.get(wind_cell)
        if wind_term is None:
            wind_term = self._wind(wind_cell)
        line = row.line
        status = read.status or rank[3]
        if status in _WITHOUT_MARK and read.number:
            raise RowError("mark", "there is a mark beside a status that has none")
        if rule.team or (relay and clean(relay).casefold() in _YES):
            contest, who, called, tail = self._take_team(contest, values, read, line)
            if not called:
                return
            person = None
            nation_term = self._nodes.country(clean(nation), self._statements.row(line)) if nation else ""
        else:
            who = ""
            entry = self._entries.get((athlete, birth, sex, nation))
            person = (
                entry[0] if entry else self._persons.get((athlete, birth, sex)) or self._athlete(athlete, birth, sex)
            )
            tail = person.tail
            # Nothing is written before all cells have been read: a row that is refused leaves nothing behind.
            key_hash, row_hash = hash((contest.path, tail)), hash((values, tuple(cells) if self._exact else ()))
            held = self._memory.results.held(key_hash, row_hash)
            if held is not None:
                contest = self._next_contest(contest, key, values, rank, tail, held, row_hash)
                self._findings.add("twice", f"{self._table.name}:{line}", person.name)
            if entry is None:
                entry = self._tell_entry(person, nation, line, (athlete, birth, sex, nation))
            called, nation_term = entry[1], entry[2]
        if contest.path not in self._told:
            self._reader.tell(contest, self._statements.row(line))
            _kept(self._told, contest.path, True)  # noqa: FBT003 - a value
        if club and person is not None:
            self._club(person, club, contest, self._statements.row(line))
        if self._checks or self._parts or self._notes:
            status = self._strange(cells, f"{self._table.name}:{line}", status, has_mark=bool(read.number))
        self._find(values, read, status, person, line)
        outcome = self._outcomes.get((status, rank[0])) or self._outcome(status, rank[0])
        comment = self._comment(cells, f"{self._table.name}:{line}") if self._notes else ""
        self._statements.add(line, contest, tail, who, called, read, outcome, nation_term, wind_term, comment)
        for part, index, attempts in self._parts:
            self._part(part, cells[index], [cells[a] for a in attempts], contest, values, line, tail, called)
        # A rank that the preset takes for none can contradict a mark all the same.
        number = rank[0] or (int(raw_rank) if raw_rank.isdigit() else "")
        if number or read.number:
            self._memory.ranks.add(
                hash(contest.path),
                f"{contest.labels[0]}\t{self._table.name}\t{line}\t{number}{'' if rank[0] else '~'}\t"
                f"{'<' if rule.unit == 'second' else '>'}{read.number}\n",
            )

    def _next_contest(
        self,
        contest: Contest,
        key: tuple[Any, ...],
        values: tuple[str, ...],
        rank: tuple[int | None, str, str, str],
        tail: str,
        held: int | None,
        row_hash: int,
    ) -> Contest:
        """Return the contest that looks the same as one in which the athlete has a result already.

        Raises:
            RowError: The row is a repeat, to the letter.
        """
        again = 1
        while held is not None:
            if held == row_hash:
                raise RowError("", "an exact repeat of an earlier row")
            again += 1
            contest = self._contest(key, values, rank[1], rank[2], again)
            held = self._memory.results.held(hash((contest.path, tail)), row_hash)
        return contest

    def _tell_entry(
        self, person: Athlete, nation: str, line: int, key: tuple[str, str, str, str]
    ) -> tuple[Athlete, str, str]:
        """Write an athlete and a nation; return what results name them by."""
        passage = self._statements.row(line)
        nation_term = self._nodes.country(clean(nation), passage) if nation else ""
        self._tell(person, nation, f"{self._table.name}:{line}", passage)
        return _kept(self._entries, key, (person, self._syntax.text(person.name)[1:-1], nation_term))

    def _take_team(
        self, contest: Contest, values: tuple[str, ...], read: Read, line: int
    ) -> tuple[Contest, str, str, str]:
        """Write the team of a row and its members; return its IRI, its name and how the IRI of its result ends.

        The name is empty where the row only tells of one more runner of a team.

        Raises:
            RowError: The row is a repeat, to the letter; or nothing tells which team it is.
        """
        members = self._members(values)
        row_hash = hash(values)
        if not self._memory.rows.add(row_hash):
            raise RowError("", "an exact repeat of an earlier row")
        passage = self._statements.row(line)
        who, called, tail = self._team(contest, values, members, read, passage)
        again = 1
        while self._memory.results.held(hash((contest.path, tail)), row_hash) is not None:
            if self.preset.runners:
                self._membership(contest, called, tail, members, passage)
                self._statements.more(line, contest, tail)
                return contest, who, "", tail
            again += 1  # a second team of one nation: it has other members, or another mark
            who, called, tail = self._team(contest, values, members, read, passage, again)
        if again > 1:
            self._findings.add("twice", f"{self._table.name}:{line}", called)
        self._membership(contest, called, tail, members, passage)
        return contest, who, self._syntax.text(called)[1:-1], tail

    def _changed(self, values: tuple[str, ...], cells: list[str]) -> tuple[str, ...]:
        """Return the fields with those that are put together, taken apart or written otherwise."""
        changed = list(values)
        for number, steps in self._joined:
            changed[number] = clean("".join(s if i % 2 == 0 else cells[int(s)] for i, s in enumerate(steps)))
        for number, expression, field in self._changes:
            text = clean(changed[number])
            if not text:
                continue
            found = expression.fullmatch(text)
            if not found:
                raise RowError(field, f"{text!r} is not written as the preset says")
            for name, value in found.groupdict().items():
                changed[FIELDS.index(name)] = value or ""
        for number, replaced in self._maps:
            text = clean(changed[number])
            changed[number] = replaced.get(text, text)
        if self._null:
            changed = ["" if clean(value) in self._null else value for value in changed]
        return tuple(changed)

    def _rank(self, cell: str) -> tuple[int | None, str, str, str]:
        """Read a place: its rank, its round, its group, or a status that stands there."""
        text = clean(cell)
        status = STATUSES.get(text.casefold(), "")
        try:
            found = (None, "", "", status) if status or not text else (*position(text), "")
        except CellError as error:
            raise RowError("rank", str(error)) from None
        return _kept(self._ranks, cell, found)

    def _mark(self, cell: str, unit: str) -> Read:
        """Read a mark, or a status that stands in its place."""
        text = clean(cell)
        status = self.preset.values.get("mark", {}).get(text, "") or STATUSES.get(text.casefold(), "")
        read = NOTHING
        if status:
            read = Read("", "", "", status, "")
        elif text:
            try:
                value, notation, notes = mark(text, unit, self.preset.read.get("thousands", ""))
            except CellError as error:
                raise RowError("mark", str(error)) from None
            syntax = self._syntax
            note = syntax.term(f"sport:note-{notes[0]}") if notes else ""
            zero = unit == "kilogram" and float(value) == 0
            read = NOTHING if zero else Read(syntax.number(value), syntax.text(notation)[1:-1], note, "", value)
        return _kept(self._marks, (cell, unit), read)

    def _wind(self, cell: str) -> str:
        text = clean(cell)
        try:
            term = ""
            if text:
                value = wind(text)
                term = self._syntax.number(value)
        except CellError as error:
            raise RowError("wind", str(error)) from None
        return _kept(self._winds, cell, term)

    def _athlete(self, cell: str, birth: str, sex: str) -> Athlete:
        return _kept(self._persons, (cell, birth, sex), self._reader.athlete(cell, birth, sex))

    def _contest(
        self,
        key: tuple[Any, ...],
        values: tuple[str, ...],
        round_: str,
        group: str,
        again: int,
        part: Part | None = None,
    ) -> Contest:
        cached = key if again == 1 and part is None else (*key, again, part and part.mark)
        found = self._contests.get(cached)
        if found is None:
            told = dict(zip(FIELDS, values, strict=True))
            found = self._reader.contest(told, round_, group, again, part)
        return _kept(self._contests, cached, found)

    def _members(self, values: tuple[str, ...]) -> list[Athlete]:
        """Return the athletes of a team, as far as it names them."""
        athlete, birth, _, sex = values[:4]
        if self.preset.runners:
            return [self._athlete(athlete, birth, sex)]
        names = [name for name in self._reader.split.split(clean(athlete)) if name]
        return [self._athlete(name, "", sex) for name in names]

    def _team(
        self,
        contest: Contest,
        values: tuple[str, ...],
        members: list[Athlete],
        read: Read,
        passage: str,
        again: int = 1,
    ) -> tuple[str, str, str]:
        """Return the team of a row: those who ran for one nation or club in one contest, with one mark."""
        called = clean(values[2] or values[4]) or (members[0].name if members else "")
        if not called:
            raise RowError("nation", "nothing tells which team this is")
        tail = slug(called) + (f"/{slug(read.notation)}" if self.preset.runners else "")
        if again > 1:
            called, tail = f"{called} ({again})", f"{tail}/{again}"
        path = f"team/{contest.tail}/{tail}"
        if self._nodes.is_new(path):
            labels = {
                lang: words["team"].format(athlete=called, contest=label)
                for lang, words, label in zip(self.preset.languages, self._words, contest.labels, strict=True)
            }
            self._nodes.tell(path, "sport:Team", labels, [], passage)
        return self._syntax.iri(path), called, f"team/{tail}"

    def _membership(self, contest: Contest, called: str, tail: str, members: list[Athlete], passage: str) -> None:
        team = f"team/{contest.tail}/{tail[5:]}"
        for member in members:
            new = self._tell(member, "", "", passage)
            path = f"{team}/{member.path[7:]}"
            if not self._nodes.is_new(path):
                continue
            pairs = [
                ("sport:role", self._syntax.term("sport:role-member")),
                ("sport:bearer", self._syntax.iri(member.path)),
                ("sport:towards", self._syntax.iri(team)),
            ]
            label = f"{member.name}, {called}, {contest.labels[0]}"
            self._nodes.tell(path, "sport:Membership", {self.preset.languages[0]: label}, pairs, passage)
            if not new:
                self._write(self._syntax.triple(self._syntax.iri(member.path), "prov:wasDerivedFrom", passage))

    def _club(self, person: Athlete, cell: str, contest: Contest, passage: str) -> None:
        """Write that an athlete was of a club in the year of a contest."""
        nodes, syntax, club, year = self._nodes, self._syntax, clean(cell), contest.year
        path = f"club/{slug(club)}"
        if nodes.is_new(path):
            kind = syntax.term("sport:organisation-club")
            nodes.tell(path, "sport:Organisation", {"": club}, [("sport:organisationKind", kind)], passage)
        member = f"{path}/{person.path[7:]}/{year}"
        if nodes.is_new(member):
            pairs = [
                ("sport:role", syntax.term("sport:role-member")),
                ("sport:bearer", syntax.iri(person.path)),
                ("sport:towards", syntax.iri(path)),
            ]
            if year:
                pairs += [("sport:startDate", syntax.date(year)), ("sport:endDate", syntax.date(year))]
            nodes.tell(member, "sport:Membership", {"": f"{person.name}, {club}{year and f', {year}'}"}, pairs, passage)
            # The row is a source of the athlete, too, even of one who was told before.
            self._write(syntax.triple(syntax.iri(person.path), "prov:wasDerivedFrom", passage))

    def _tell(self, person: Athlete, nation: str, place: str, passage: str) -> bool:
        """Write an athlete who has not been told, and note the nation: who changes it stays one person.

        Returns:
            Whether the athlete is new.
        """
        new = False
        if self._memory.athletes.add(hash((person.path, nation))):
            new = self._memory.athletes.add(hash(person.path))
            self.athletes += new
            self._nodes.person(person.path, person.name, person.birth, person.labels, passage)
            if place:
                file, _, line = place.rpartition(":")
                self._memory.names.add(
                    hash(person.bare),
                    f"{person.bare}\t{file}\t{line}\t{person.path}\t{person.name}\t{person.birth}\t{clean(nation)}\n",
                )
        return new

    def _outcome(self, status: str, rank: int | None) -> tuple[str, str]:
        told = ("sport:rank", self._syntax.number(rank)) if rank else ("", "")
        if status:
            told = ("sport:status", self._nodes.concept("statuses", status))
        return _kept(self._outcomes, (status, rank), told)

    def _find(self, values: tuple[str, ...], read: Read, status: str, person: Athlete | None, line: int) -> None:
        """Note what a row lacks."""
        lacking = []
        if self._wind_told and not values[7]:
            lacking.append(("no-wind", ""))
        if self._rank_told and not values[6] and not status:
            lacking.append(("no-place", ""))
        if self._birth_told and person is not None and len(person.birth) < _WHOLE_DATE:
            lacking.append(("birth-short", person.birth))
        if not read.number and not status:
            lacking.append(("total" if self._parts else "no-mark", ""))
        if read.note and "note-estimated" in read.note:
            lacking.append(("estimated", read.notation))
        for kind, text in lacking:
            self._findings.add(kind, f"{self._table.name}:{line}", text)

    def _strange(self, cells: list[str], place: str, status: str, *, has_mark: bool) -> str:
        """Note columns that disagree; return the status, which failed attempts may tell."""
        for check, indexes in self._checks:
            try:
                numbers = [_number(clean(cells[index])) for index in indexes]
            except CellError as error:
                self._findings.add("disagree", place, str(error))
                continue
            if not _agree(check, numbers):
                told = ", ".join(f"{name} {cells[index]}" for name, index in zip(check.columns, indexes, strict=True))
                self._findings.add("disagree", place, told)
        for _, _, attempts in self._parts:
            if (
                not has_mark
                and attempts
                and not any(clean(cells[index])[:1].isdigit() and clean(cells[index]) != "0" for index in attempts)
            ):
                return status or "no-mark"
        return status

    def _comment(self, cells: list[str], place: str) -> str:
        """Return what is kept of a row as a comment."""
        told = [f"{column}: {clean(cells[index])}" for column, index in self._notes if clean(cells[index])]
        for one in told:
            self._findings.add("note", place, one)
        return self._syntax.text("; ".join(told)[:500]) if told else ""

    def _part(
        self,
        part: Part,
        cell: str,
        attempts: list[str],
        whole: Contest,
        values: tuple[str, ...],
        line: int,
        tail: str,
        called: str,
    ) -> None:
        """Write the result of a part of a contest, unless nothing is told of it."""
        read = self._mark(cell, whole.kind.rule.unit)
        failed = attempts and not any(map(_succeeded, attempts))
        tried = any(clean(attempt) not in ("0", "") for attempt in attempts)
        status = read.status or ("no-mark" if failed and tried and not read.number else "")
        if not read.number and not status:
            return
        contest = self._contest((*values[8:15], values[3], "", ""), values, "", "", 1, part)
        self._reader.tell(contest, self._statements.row(line), whole)
        comment = self._syntax.text(", ".join(map(clean, attempts))) if attempts else ""
        outcome = self._outcome(status, None)
        self._statements.add(line, contest, tail, "", called, read, outcome, comment=comment, first=False)


def _succeeded(attempt: str) -> bool:
    return clean(attempt)[:1].isdigit() and clean(attempt) != "0"


def _kept(cache: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
    """Keep what was read; a cache that is full is emptied, so that it stays small."""
    if len(cache) >= _CACHED:
        cache.clear()
    cache[key] = value
    return value


def _number(text: str) -> Decimal:
    """Return the number in a cell that is compared with others; a failed attempt is negative."""
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else seconds(text)


def _agree(check: Check, numbers: list[Decimal]) -> bool:
    if check.kind == "same":
        return len(set(numbers)) == 1
    if check.kind == "sum":
        return numbers[0] in (0, sum(numbers[1:]))
    return bool(numbers[0] == max(0, *numbers[1:]))
