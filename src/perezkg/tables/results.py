"""A row of a table becomes a result: who, in which contest, with which rank and mark, and where that is written."""

from __future__ import annotations

import re
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from perezkg.errors import TableError, nearest
from perezkg.tables.cells import STATUSES, CellError, clean, mark, position, seconds, wind
from perezkg.tables.contests import Reader, RowError
from perezkg.tables.findings import Buckets, Findings, Hashes
from perezkg.tables.preset import FIELDS
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

# The numbers of what a result is written from, in the templates.
_RESULT, _WHO, _CONTEST, _ROW, _MARK, _VALUE, _UNIT, _NOTATION, _OUTCOME, _NATION, _WIND = range(11)
_SOURCE, _LINE, _ROW_LABEL, _COMMENT, _NOTE, _LABELS = range(11, 17)
_CACHED = 20_000
_YES = ("1", "true", "yes", "x", "relay")


class Read(NamedTuple):
    """A mark as it is written: value, unit and notation are terms; or a status in its place."""

    value: str
    notation: str
    note: str
    status: str
    number: str


_NOTHING = Read("", "", "", "", "")


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
        self._sources = f"source/{slug(table.name)}-{table.sha256[:12]}"
        self.source = self._syntax.iri(self._sources)
        self._row_start, self._row_end = self.source[:-1] + "#row=", ">"
        self._words = [self.preset.words(lang) for lang in self.preset.languages]
        line = self._words[0]["line"].format(file=clean(table.name).replace("{", "").replace("}", ""), line="{line}")
        self._row_label = self._syntax.text(line)[:-1].partition("{line}")
        self._templates: dict[tuple[bool, ...], Callable[..., str]] = {}
        self._marks: dict[tuple[str, str], Read] = {}
        self._persons: dict[tuple[str, str, str], Athlete] = {}
        self._contests: dict[tuple[Any, ...], Contest] = {}
        self._winds: dict[str, str] = {"": ""}
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
        (athlete, birth, nation, sex, club, mark_cell, rank_cell, wind_cell, _, _, _, discipline, *_, relay) = values

        rank = self._ranks.get(rank_cell) or self._rank(rank_cell)
        key = (*values[8:15], sex, rank[1], rank[2])
        contest = self._contests.get(key) or self._contest(key, values, rank[1], rank[2], 1)
        rule = contest.kind.rule
        read = self._marks.get((mark_cell, rule.unit)) or self._mark(mark_cell, rule.unit)
        wind_term = self._winds.get(wind_cell)
        if wind_term is None:
            wind_term = self._wind(wind_cell)
        team = rule.team or (relay and clean(relay).casefold() in _YES)
        person = None
        if not team:
            person = self._persons.get((athlete, birth, sex)) or self._athlete(athlete, birth, sex)
        members = self._members(values) if team else []
        # Nothing is written before all cells have been read: a row that is refused leaves nothing behind.
        memory = self._memory
        if not memory.rows.add(hash((values, tuple(cells) if self._parts or self._notes else ()))):
            raise RowError("", "an exact repeat of an earlier row")

        place = f"{self._table.name}:{row.line}"
        passage = f"{self._row_start}{row.line}{self._row_end}"
        who, called, tail = (
            (self._syntax.iri(person.path), person.name, person.path[7:])
            if person is not None
            else self._team(contest, values, members, read, passage)
        )
        again = 1
        fresh = memory.results.add(hash((contest.path, tail)))
        if not fresh and team and self.preset.runners:
            self._membership(contest, called, tail, members, passage)
            self._again(row.line, passage, contest, tail)
            return
        while not fresh:
            again += 1
            if person is None:  # a second team of one nation: it has other members, or another mark
                who, called, tail = self._team(contest, values, members, read, passage, again)
            else:
                contest = self._contest(key, values, rank[1], rank[2], again)
            fresh = memory.results.add(hash((contest.path, tail)))
        if again > 1:
            self._findings.add("twice", place, called)
        self._reader.tell(contest, passage)
        nation_term = ""
        if nation:
            nation_term = self._nodes.country(clean(nation), passage)
        if person is not None:
            new = self._tell(person, nation, place, passage)
            if club:
                self._club(person, club, contest, passage, new=new)
        else:
            self._membership(contest, called, tail, members, passage)
        status = read.status or rank[3]
        if self._checks or self._parts or self._notes:
            status = self._strange(cells, place, status, has_mark=bool(read.number))
        self._find(values, read, rank, status, person, place)
        outcome = self._outcome(status, rank[0])
        comment = self._comment(cells, place) if self._notes else ""
        self._put(row.line, passage, tail, contest, who, called, read, outcome, nation_term, wind_term, comment)
        for part, index, attempts in self._parts:
            self._part(part, cells[index], [cells[a] for a in attempts], contest, values, row, tail, who, called)
        # A rank that the preset takes for none can contradict a mark all the same.
        number = rank[0] or (int(raw_rank) if raw_rank.isdigit() else "")
        if number or read.number:
            memory.ranks.add(
                hash(contest.path),
                f"{contest.labels[0]}\t{self._table.name}\t{row.line}\t{number or ''}{'' if rank[0] else '~'}\t"
                f"{('<' if rule.unit == 'second' else '>') + read.number if read.number else ''}\n",
            )

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
        read = _NOTHING
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
            read = _NOTHING if zero else Read(syntax.number(value), notation, note, "", value)
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
        path = f"team/{contest.path[8:]}/{tail}"
        if self._nodes.is_new(path):
            labels = {
                lang: words["team"].format(athlete=called, contest=label)
                for lang, words, label in zip(self.preset.languages, self._words, contest.labels, strict=True)
            }
            self._nodes.tell(path, "sport:Team", labels, [], passage)
        return self._syntax.iri(path), called, f"team/{tail}"

    def _membership(self, contest: Contest, called: str, tail: str, members: list[Athlete], passage: str) -> None:
        team = f"team/{contest.path[8:]}/{tail[5:]}"
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

    def _club(self, person: Athlete, cell: str, contest: Contest, passage: str, *, new: bool) -> None:
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
            if not new:
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
        if status:
            return "sport:status", self._nodes.concept("statuses", status)
        return ("sport:rank", self._syntax.number(rank)) if rank else ("", "")

    def _find(
        self,
        values: tuple[str, ...],
        read: Read,
        rank: tuple[int | None, str, str, str],
        status: str,
        person: Athlete | None,
        place: str,
    ) -> None:
        """Note what a row lacks."""
        has, add = self._has, self._findings.add
        if "wind" in has and not values[7]:
            add("no-wind", place)
        if "rank" in has and not values[6] and not status:
            add("no-place", place)
        if "birth" in has and person is not None and len(person.birth) < 10:
            add("birth-short", place, person.birth)
        if not read.number and not status:
            add("total" if self._parts else "no-mark", place)
        if read.note.rstrip(">").endswith("note-estimated"):
            add("estimated", place, read.notation)

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
        row: Row,
        tail: str,
        who: str,
        called: str,
    ) -> None:
        """Write the result of a part of a contest, unless nothing is told of it."""
        unit = whole.kind.rule.unit
        read = self._mark(cell, unit)
        failed = attempts and not any(clean(attempt)[:1].isdigit() and clean(attempt) != "0" for attempt in attempts)
        tried = any(clean(attempt) not in ("0", "") for attempt in attempts)
        status = read.status or ("no-mark" if failed and tried and not read.number else "")
        if not read.number and not status:
            return
        contest = self._contest((*values[8:15], values[3], "", ""), values, "", "", 1, part)
        passage = f"{self._row_start}{row.line}{self._row_end}"
        self._reader.tell(contest, passage, whole)
        comment = self._syntax.text(", ".join(map(clean, attempts))) if attempts else ""
        outcome = self._outcome(status, None)
        self._put(row.line, passage, tail, contest, who, called, read, outcome, "", "", comment, first=False)

    def _again(self, line: int, passage: str, contest: Contest, tail: str) -> None:
        """Write that a row more is about a result."""
        iri = self._syntax.iri(f"result/{contest.path[8:]}/{tail}")
        for about in (iri, f"{iri[:-1]}#mark>", contest.iri):
            self._write(self._syntax.triple(about, "prov:wasDerivedFrom", passage))
        label = f'{self._row_label[0]}{line}{self._row_label[2]}"'
        pairs = [("oa:hasSource", self.source), ("sport:position", self._syntax.number(line))]
        self._write(self._syntax.node(passage, "sport:Passage", [("rdfs:label", label), *pairs]))

    def _put(
        self,
        line: int,
        passage: str,
        tail: str,
        contest: Contest,
        who: str,
        called: str,
        read: Read,
        outcome: tuple[str, str],
        nation: str,
        wind_term: str,
        comment: str,
        *,
        first: bool = True,
    ) -> None:
        """Write a result, its mark and the row that says so."""
        syntax = self._syntax
        shape: tuple[bool, ...] = (
            first,
            outcome[0] == "sport:status",
            bool(outcome[0]),
            bool(nation),
            bool(wind_term),
            bool(comment),
        )
        shape += (bool(read.number), bool(read.note))
        template = self._templates.get(shape)
        if template is None:
            template = self._templates[shape] = self._template(shape)
        iri = syntax.iri(f"result/{contest.path[8:]}/{tail}")
        notation = syntax.text(read.notation)
        labels = []
        for words, label, lang in zip(self._words, contest.labels, self.preset.languages, strict=True):
            text = words["result"].format(athlete=called, contest=label)
            labels.append(syntax.text(text if len(text) < 200 else f"{text[:198].rstrip()}…", lang))
            if read.number:
                text = words["mark"].format(mark=read.notation, athlete=called, contest=label)
                labels.append(syntax.text(text if len(text) < 200 else f"{text[:198].rstrip()}…", lang))
            else:
                labels.append("")
        self._write(
            template(
                iri,
                who,
                contest.iri,
                passage,
                f"{iri[:-1]}#mark>",
                read.value,
                self._unit(contest.kind.rule.unit),
                notation,
                outcome[1],
                nation,
                wind_term,
                self.source,
                syntax.number(line),
                f'{self._row_label[0]}{line}{self._row_label[2]}"',
                comment,
                read.note,
                *labels,
            )
        )

    def _unit(self, unit: str) -> str:
        return self._nodes.concept("units", unit)

    def _template(self, shape: tuple[bool, ...]) -> Callable[..., str]:
        """Return what writes a result of a shape: which of its properties it has."""
        first, has_status, has_outcome, has_nation, has_wind, has_comment, has_mark, has_note = shape
        count = len(self.preset.languages)
        result = [("rdfs:label", _LABELS + 2 * number) for number in range(count)]
        result += [("sport:competitor", _WHO), ("sport:contest", _CONTEST)]
        for there, name, number in (
            (has_outcome, "sport:status" if has_status else "sport:rank", _OUTCOME),
            (has_nation, "sport:represents", _NATION),
            (has_wind, "sport:wind", _WIND),
            (has_comment, "rdfs:comment", _COMMENT),
            (has_mark, "sport:mark", _MARK),
        ):
            if there:
                result.append((name, number))
        nodes = [(_RESULT, "sport:Participation", (*result, ("prov:wasDerivedFrom", _ROW)))]
        if has_mark:
            told = [("rdfs:label", _LABELS + 2 * number + 1) for number in range(count)]
            told += [("sport:value", _VALUE), ("sport:unit", _UNIT), ("skos:notation", _NOTATION)]
            told += [("sport:markNote", _NOTE)] if has_note else []
            nodes.append((_MARK, "sport:Mark", (*told, ("prov:wasDerivedFrom", _ROW))))
        if first:
            row = (("rdfs:label", _ROW_LABEL), ("oa:hasSource", _SOURCE), ("sport:position", _LINE))
            nodes.append((_ROW, "sport:Passage", row))
        nodes.append((_CONTEST, "", (("prov:wasDerivedFrom", _ROW),)))
        return self._syntax.compiled(*nodes)


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
