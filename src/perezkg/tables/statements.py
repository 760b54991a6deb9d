"""The statements that a row becomes: a result, its mark and the row itself, written at once from a template."""

from __future__ import annotations

from typing import NamedTuple

from perezkg.tables.cells import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from perezkg.tables.contests import Contest, Entry
    from perezkg.tables.nodes import Nodes
    from perezkg.tables.preset import Preset
    from perezkg.tables.rows import Table

# The numbers of what a template is filled with; the labels of the contest follow, a language each.
_LINE, _CONTEST, _TAIL, _WHO, _CALLED, _VALUE, _NOTATION, _OUTCOME, _NATION, _WIND, _COMMENT, _NOTE, _UNIT = range(13)
_LABELS = 13
_LONGEST = 185


class Read(NamedTuple):
    """A mark as it is written, or a status in its place.

    Attributes:
        value: A term.
        notation: Its text, escaped.
        note: A term.
        status: The name of a status.
        number: The value as a plain number.
        order: The same, to be compared with others.
    """

    value: str
    notation: str
    note: str
    status: str
    number: str
    order: float


NOTHING = Read("", "", "", "", "", 0.0)


class Statements:
    """Writes the results of one table.

    Args:
        table: The table.
        source: The path of its source.
        nodes: For the syntax and the units.
        write: Where to.
    """

    def __init__(self, table: Table, source: str, nodes: Nodes, write: Callable[[str], object]) -> None:
        self._preset: Preset = table.preset
        self._syntax = nodes.syntax
        self._nodes = nodes
        self._write = write
        self._source = self._syntax.iri(source)
        self._words = [self._preset.words(lang) for lang in self._preset.languages]
        # What stands in a template must not look like one of its gaps.
        file = clean(table.name).replace("{", "(").replace("}", ")")
        self._row_label = self._syntax.text(self._words[0]["line"].format(file=file, line=f"{{{_LINE}}}"))
        declared, before, after = self._syntax.numbered(f"{source}#row=", "row")
        write(declared)
        self._row = f"{before}{{{_LINE}}}{after}"
        self._templates: dict[tuple[object, ...], Callable[..., str]] = {}
        self._units: dict[str, str] = {}

    def row(self, line: int) -> str:
        """Return the IRI of a row."""
        return self._row.format(line)

    def add(
        self,
        line: int,
        contest: Contest,
        entry: Entry,
        read: Read,
        outcome: tuple[str, str],
        wind: str = "",
        comment: str = "",
        *,
        first: bool = True,
    ) -> None:
        """Write a result.

        Args:
            line: Of its row.
            contest: The contest.
            entry: The competitor.
            read: The mark.
            outcome: sport:rank or sport:status, and its value.
            wind: A term.
            comment: A term.
            first: Whether the row has no other result yet.
        """
        _, tail, who, called, nation = entry
        shape = (first, not who, outcome[0], not nation, not wind, not comment, not read.number, not read.note)
        template = self._templates.get(shape)
        if template is None:
            template = self._templates[shape] = self._template(*shape)
        unit = contest.kind.rule.unit
        labels = contest.escaped
        room = _LONGEST - len(called) - len(read.notation)
        if room < contest.longest:
            called = called if len(called) < _LONGEST // 2 else f"{called[: _LONGEST // 2].rstrip(chr(92))}…"
            room = max(_LONGEST - len(called) - len(read.notation), 20)
            labels = tuple(self._syntax.escaped(f"{label[:room].rstrip()}…") for label in contest.labels)
        self._write(
            template(
                str(line), contest.tail, tail, who, called, read.value, read.notation, outcome[1], nation, wind,
                comment, read.note, self._units.get(unit) or self._unit(unit), *labels,
            )
        )  # fmt: skip

    def more(self, line: int, contest: Contest, tail: str) -> None:
        """Write that a row more is about a result."""
        syntax, row = self._syntax, self.row(line)
        result = f"result/{contest.tail}/{tail}"
        for about in (syntax.iri(result), syntax.iri(f"{result}#mark"), syntax.iri(contest.path)):
            self._write(syntax.triple(about, "prov:wasDerivedFrom", row))
        self._write(syntax.compiled(self._passage())(str(line)))

    def _unit(self, unit: str) -> str:
        self._units[unit] = self._nodes.concept("units", unit)
        return self._units[unit]

    def _passage(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        number = self._syntax.number(f"{{{_LINE}}}")
        told = (("rdfs:label", self._row_label), ("oa:hasSource", self._source), ("sport:position", number))
        return self._row, "sport:Passage", told

    def _template(
        self,
        first: bool,  # noqa: FBT001 - a shape
        person: bool,  # noqa: FBT001
        outcome: str,
        *lacks: bool,
    ) -> Callable[..., str]:
        """Return what writes a result of a shape: which of its properties it has."""
        no_nation, no_wind, no_comment, no_mark, no_note = lacks
        iri = self._syntax.iri
        result = f"result/{{{_CONTEST}}}/{{{_TAIL}}}"
        contest, row = iri(f"contest/{{{_CONTEST}}}"), ("prov:wasDerivedFrom", self._row)
        told = [*self._labels("result")]
        told += [
            ("sport:competitor", iri(f"person/{{{_TAIL}}}") if person else f"{{{_WHO}}}"),
            ("sport:contest", contest),
        ]
        for lacking, name, value in (
            (not outcome, outcome, f"{{{_OUTCOME}}}"),
            (no_nation, "sport:represents", f"{{{_NATION}}}"),
            (no_wind, "sport:wind", f"{{{_WIND}}}"),
            (no_comment, "rdfs:comment", f"{{{_COMMENT}}}"),
            (no_mark, "sport:mark", iri(f"{result}#mark")),
        ):
            if not lacking:
                told.append((name, value))
        nodes = [(iri(result), "sport:Participation", (*told, row))]
        if not no_mark:
            told = [*self._labels("mark"), ("sport:value", f"{{{_VALUE}}}"), ("sport:unit", f"{{{_UNIT}}}")]
            told += [("skos:notation", f'"{{{_NOTATION}}}"')]
            told += [] if no_note else [("sport:markNote", f"{{{_NOTE}}}")]
            nodes.append((iri(f"{result}#mark"), "sport:Mark", (*told, row)))
        if first:
            nodes.append(self._passage())
        nodes.append((contest, "", (row,)))
        return self._syntax.compiled(*nodes)

    def _labels(self, name: str) -> list[tuple[str, str]]:
        """Return the labels of a kind, with the gaps of templates."""
        labels = []
        for number, (lang, words) in enumerate(zip(self._preset.languages, self._words, strict=True), _LABELS):
            gaps = {"athlete": f"{{{_CALLED}}}", "contest": f"{{{number}}}", "mark": f"{{{_NOTATION}}}"}
            labels.append(("rdfs:label", self._syntax.text(words[name].format_map(gaps), lang)))
        return labels
