"""Who competes: athletes, and the teams and clubs that they are of, each written when a row first names it."""

from __future__ import annotations

from perezkg.tables.cells import clean
from perezkg.tables.contests import Entry, RowError
from perezkg.tables.findings import bare
from perezkg.tables.memory import digest, kept
from perezkg.tables.syntax import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from perezkg.tables.contests import Athlete, Contest, Reader
    from perezkg.tables.memory import Memory
    from perezkg.tables.nodes import Nodes
    from perezkg.tables.statements import Statements


class Competitors:
    """The competitors of one table.

    Args:
        file: The name of the table.
        reader: Of names.
        nodes: Things, each told once.
        memory: What other tables had.
        statements: Of the table, for the IRIs of its rows.
        write: Where the text goes.

    Attributes:
        athletes: How many were told first by this table.
        known: Athletes who have been written, by what their rows say: name, birth, nation, sex.
    """

    def __init__(
        self,
        file: str,
        reader: Reader,
        nodes: Nodes,
        memory: Memory,
        statements: Statements,
        write: Callable[[str], object],
    ) -> None:
        self.athletes = 0
        self.known: dict[tuple[str, ...], Entry] = {}
        self._file = file
        self._reader = reader
        self._preset = reader.preset
        self._nodes = nodes
        self._syntax = nodes.syntax
        self._memory = memory
        self._statements = statements
        self._write = write
        self._persons: dict[tuple[str, str, str], Athlete] = {}
        self._words = [self._preset.words(lang) for lang in self._preset.languages]
        self._births = {lang: words["birth"] for lang, words in zip(self._preset.languages, self._words, strict=True)}

    def athlete(self, name: str, birth: str, sex: str) -> Athlete:
        """Return who a row is about.

        Raises:
            RowError: There is no name, or the birth is no date.
        """
        key = (name, birth, sex)
        return self._persons.get(key) or kept(self._persons, key, self._reader.athlete(name, birth, sex))

    def enter(self, said: tuple[str, ...], person: Athlete, line: int) -> Entry:
        """Write an athlete and the nation, if they are new.

        Args:
            said: What the row says: name, birth, nation, sex.
            person: The athlete.
            line: Of the row.
        """
        passage = self._statements.row(line)
        nation = clean(said[2])
        term = self._nodes.country(nation, passage) if nation else ""
        self._tell(person, nation, line, passage)
        called = self._syntax.escaped(person.name)
        return kept(self.known, said, Entry(person, person.tail, "", called, term))

    def _tell(self, person: Athlete, nation: str, line: int | None, passage: str) -> bool:
        """Write an athlete who has not been told, and note the nation: who changes it stays one person.

        Returns:
            Whether the athlete is new.
        """
        if not self._memory.athletes.add(hash((person.path, nation))):
            return False
        new = self._memory.athletes.add(hash(person.path))
        self.athletes += new
        self._nodes.person(person.path, person.name, person.birth, self._births, passage)
        if line is not None:
            alike = f"{bare(person.name)} {person.sex}"
            told = (alike, self._file, str(line), person.path, person.name, person.birth, nation)
            self._memory.names.add(digest(alike), "\t".join(told) + "\n")
        return new

    def team(self, values: tuple[str, ...], contest: Contest, notation: str, line: int) -> tuple[Entry, bool]:
        """Write the team of a row and its members; return it, and whether it is a second one of the same name.

        Args:
            values: What the row says, field by field.
            contest: The contest.
            notation: The mark, as it is written: where each runner has a row, it tells teams apart.
            line: Of the row.

        Raises:
            RowError: The row is a repeat, to the letter; or nothing tells which team it is.
        """
        members = self._members(values)
        row = hash(values)
        if not self._memory.rows.add(row):
            raise RowError("", "an exact repeat of an earlier row")
        passage = self._statements.row(line)
        name = clean(values[2] or values[4]) or (members[0].name if members else "")
        if not name:
            raise RowError("nation", "nothing tells which team this is")
        step = slug(name) + (f"/{slug(notation)}" if self._preset.runners else "")
        called, tail, again = name, step, 1
        while self._memory.results.held(hash((contest.path, f"team/{tail}")), row) is not None:
            if self._preset.runners:
                self._join(contest, name, tail, members, passage)
                self._statements.more(line, contest, f"team/{tail}")
                return Entry(None, f"team/{tail}", "", "", ""), False
            again += 1  # a second team of one nation: it has other members, or another mark
            called, tail = f"{name} ({again})", f"{step}/{again}"
        path = f"team/{contest.tail}/{tail}"
        if self._nodes.is_new(path):
            labels = {
                lang: words["team"].format(athlete=called, contest=label)
                for lang, words, label in zip(self._preset.languages, self._words, contest.labels, strict=True)
            }
            self._nodes.tell(path, "sport:Team", labels, [], passage)
        self._join(contest, called, tail, members, passage)
        nation = self._nodes.country(clean(values[2]), passage) if values[2] else ""
        escaped = self._syntax.escaped(called)
        return Entry(None, f"team/{tail}", self._syntax.iri(path), escaped, nation), again > 1

    def _members(self, values: tuple[str, ...]) -> list[Athlete]:
        """Return the athletes of a team, as far as it names them."""
        name, birth, _, sex = values[:4]
        if self._preset.runners:
            return [self.athlete(name, birth, sex)]
        return [self.athlete(one, "", sex) for one in self._reader.split.split(clean(name)) if one]

    def _join(self, contest: Contest, called: str, tail: str, members: list[Athlete], passage: str) -> None:
        """Write that athletes are of a team."""
        team = f"team/{contest.tail}/{tail}"
        for member in members:
            new = self._tell(member, "", None, passage)
            label = {self._preset.languages[0]: f"{member.name}, {called}, {contest.labels[0]}"}
            if self._membership(f"{team}/{member.tail}", label, member, team, [], passage) and not new:
                self._cite(member, passage)

    def club(self, person: Athlete, cell: str, year: str, line: int) -> None:
        """Write that an athlete was of a club in a year."""
        club, passage = clean(cell), self._statements.row(line)
        path = f"club/{slug(club)}"
        if self._nodes.is_new(path):
            kind = self._syntax.term("sport:organisation-club")
            self._nodes.tell(path, "sport:Organisation", {"": club}, [("sport:organisationKind", kind)], passage)
        date = self._syntax.date(year) if year else ""
        dates = [("sport:startDate", date), ("sport:endDate", date)] if year else []
        label = {"": f"{person.name}, {club}{year and f', {year}'}"}
        if self._membership(f"{path}/{person.tail}/{year}", label, person, path, dates, passage):
            # The row is a source of the athlete, too, even of one who was told before.
            self._cite(person, passage)

    def _membership(
        self,
        path: str,
        label: dict[str, str],
        bearer: Athlete,
        towards: str,
        dates: list[tuple[str, str]],
        passage: str,
    ) -> bool:
        """Write that an athlete is a member, unless that has been told."""
        new = self._nodes.is_new(path)
        if new:
            pairs = [
                ("sport:role", self._syntax.term("sport:role-member")),
                ("sport:bearer", self._syntax.iri(bearer.path)),
                ("sport:towards", self._syntax.iri(towards)),
            ]
            self._nodes.tell(path, "sport:Membership", label, [*pairs, *dates], passage)
        return new

    def _cite(self, person: Athlete, passage: str) -> None:
        self._write(self._syntax.triple(self._syntax.iri(person.path), "prov:wasDerivedFrom", passage))
