"""What a row says about its contest and its athlete, read once however many rows say it."""

from __future__ import annotations

import re
from typing import NamedTuple

from perezkg.tables.cells import SEXES, CellError, Venue, clean, day, name, venue
from perezkg.tables.memory import digest
from perezkg.tables.syntax import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from perezkg.tables.nodes import Nodes
    from perezkg.tables.preset import Discipline, Preset


class RowError(ValueError):
    """A row cannot be imported; says which field is at fault and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class Athlete(NamedTuple):
    """An athlete as a row names them; `path` is the same for whoever has the same name, birth and sex."""

    path: str
    tail: str
    name: str
    birth: str
    sex: str


class Entry(NamedTuple):
    """A competitor as results name it.

    Attributes:
        person: The athlete; None is a team.
        tail: How the IRI of a result goes on after that of its contest.
        team: The IRI of a team; empty for an athlete.
        called: The name, escaped; empty where a row tells of one more runner of a team that has its result.
        nation: What is represented, a term.
    """

    person: Athlete | None
    tail: str
    team: str
    called: str
    nation: str


class Kind(NamedTuple):
    """A discipline as a table names it."""

    rule: Discipline
    path: str
    labels: Mapping[str, str]
    metres: str


class Contest(NamedTuple):
    """A contest as a row tells it."""

    path: str
    tail: str
    labels: tuple[str, ...]
    escaped: tuple[str, ...]
    longest: int
    kind: Kind
    told: Mapping[str, str]
    venue: Venue | None
    date: str
    year: str
    round: str
    part: str
    digest: int


def template(pieces: Sequence[str]) -> Callable[[Mapping[str, str]], str]:
    """Return what fills the gaps of a label; pieces whose gaps are all empty are left out.

    >>> template(["{discipline}", "{round}"])({"discipline": "long jump", "round": ""})
    'long jump'
    """
    split = [re.split(r"\{(\w+)\}", piece) for piece in pieces]  # a text, a gap, a text, ...

    def filled(values: Mapping[str, str]) -> str:
        told = []
        for steps in split:
            gaps = [values.get(gap, "") for gap in steps[1::2]]
            if any(gaps) or not gaps:
                texts = steps[:]
                texts[1::2] = gaps
                told.append(clean("".join(texts)))
        return ", ".join(told)

    return filled


def kind_of(preset: Preset, text: str) -> Kind:
    """Return the discipline that a table names.

    Raises:
        RowError: No rule of the preset knows it.
    """
    for rule in preset.disciplines:
        found = re.fullmatch(rule.match, text, re.IGNORECASE)
        if found:
            groups = {key: value or "" for key, value in found.groupdict().items()}
            labels = {lang: label.format_map(groups) for lang, label in rule.labels.items()}
            told = {lang: labels[lang] for lang in preset.languages if lang in labels} or {"": text}
            metres = re.sub(r"[.,](?=\d\d\d(\D|$))", "", rule.metres.format_map(groups))
            return Kind(rule, f"discipline/{slug(labels.get('en', text))}", told, metres)
    raise RowError("discipline", f"the preset has no rule for the discipline {text!r}")


class Reader:
    """Reads contests and athletes by the rules of a preset."""

    def __init__(self, preset: Preset, nodes: Nodes) -> None:
        self.preset = preset
        self._nodes = nodes
        self._words = {lang: preset.words(lang) for lang in preset.languages}
        self._labels = {lang: template(words["contest"]) for lang, words in self._words.items()}
        self._kinds: dict[str, Kind] = {}
        options = preset.cells.get("athlete", {})
        self._strip = re.compile(options.get("strip", r"(?!)"))
        self._order: str = options.get("order", "")
        self._particles = frozenset(options.get("particles", ()))
        self._series: str = (preset.edition or {}).get("series", "")
        self.split = re.compile(options.get("split", r",\s+(?!(?:Jr|Sr)\b)"))

    def date(self, field: str, text: str) -> str:
        """Return the date in a cell; empty if there is none.

        Raises:
            RowError: It is none.
        """
        options = self.preset.cells.get(field, {})
        text = clean(text)
        if not text:
            return ""
        try:
            return day(text, options.get("order", ""), options.get("century", 0))
        except CellError as error:
            raise RowError(field, str(error)) from None

    def sex(self, text: str) -> str:
        """Return the category of a sex.

        Raises:
            RowError: The word is not known.
        """
        word = clean(text).casefold()
        if word and word not in SEXES:
            raise RowError("sex", f"{text!r} is not a sex that is known")
        return SEXES.get(word, "")

    def athlete(self, text: str, birth: str, sex: str) -> Athlete:
        """Return who a row is about.

        Raises:
            RowError: There is no name, or the birth is no date.
        """
        born = self.date("birth", birth)
        try:
            called = name(clean(self._strip.sub("", clean(text))), self._order, self._particles)
        except CellError as error:
            raise RowError("athlete", str(error)) from None
        sex = self.sex(sex)
        path = f"person/{slug(called)}/{born or '-'}/{sex or '-'}"
        return Athlete(path, path[7:], called, born, sex)

    def contest(self, values: Mapping[str, str], round_: str, group: str, again: int, part: Any = None) -> Contest:  # noqa: ANN401
        """Return the contest of a row.

        Args:
            values: The cells of the row by their fields.
            round_: The round that its place tells.
            group: Which of several groups or races.
            again: How many contests that look the same came before.
            part: The part of it that is meant, a `Part`.

        Raises:
            RowError: The discipline is not known, a date is none.
        """
        named = clean(values["discipline"])
        kind = self._kinds.get(named)
        if kind is None:
            kind = self._kinds[named] = kind_of(self.preset, named)
        date, sex = self.date("date", values["date"]), self.sex(values["sex"])
        year = clean(values["year"]) or date[:4]
        if year and not re.fullmatch(r"\d{4}", year):
            raise RowError("year", f"{year!r} is not a year")
        told = {field: clean(values[field]) for field in ("category", "competition", "venue", "round")}
        where = venue(told["venue"]) if told["venue"] else None
        round_ = round_ or told["round"]
        number = f"{group}{f' ({again})' if again > 1 else ''}"
        key = {
            **told,
            "discipline": kind.path.partition("/")[2],
            "sex": sex,
            "date": date,
            "year": "" if date else year,
        }
        key["round"] = slug(f"{round_}{number and f' {number}'}".strip())
        steps = [key[field] if field in ("discipline", "round") else slug(key[field]) for field in self.preset.contest]
        path = "contest/" + "/".join(step for step in steps if step)
        told.update(date=date, year=year, series=self._series or told["competition"])
        labels = []
        for lang, words in self._words.items():
            label = {**told, "date": date or year, "sex": words.get(sex, sex)}
            label["competition"] = told["competition"] or self._series
            label["discipline"] = kind.labels.get(lang) or next(iter(kind.labels.values()))
            label["round"] = clean(f"{words.get(round_, round_)} {number}")
            if part is not None:
                label["part"] = part.labels.get(lang) or next(iter(part.labels.values()))
            whole = self._labels[lang](label)
            labels.append(f"{label['part']}, {whole}" if part is not None else whole)
        if part is not None:
            path += f"/{slug(next(iter(part.labels.values())))}"
        told.update(sex=sex)
        escaped = tuple(map(self._nodes.syntax.escaped, labels))
        return Contest(
            path, path[8:], tuple(labels), escaped, max(map(len, escaped)), kind, told,
            where, date, year, round_, next(iter(part.labels.values())) if part is not None else "", digest(path),
        )  # fmt: skip

    def tell(self, contest: Contest, passage: str, whole: Contest | None = None) -> None:
        """Write a contest, if it has not been told, with its discipline, its places, its edition."""
        nodes, syntax = self._nodes, self._nodes.syntax
        if not nodes.is_new(contest.path):
            return
        rule, path, labels, metres = contest.kind
        if contest.part:
            path, labels, metres = f"discipline/{slug(contest.part)}", {"": contest.part}, ""
        if nodes.is_new(path):
            nodes.tell(
                path, "sport:Discipline", labels, [("sport:metres", syntax.number(metres))] if metres else [], passage
            )
        pairs = [("sport:eventKind", syntax.term(f"sport:contest-{rule.kind}"))]
        pairs.append(("sport:discipline", syntax.iri(path)))
        told = contest.told
        if told["sex"]:
            pairs.append(("sport:category", nodes.concept("categories", told["sex"])))
        if told["category"]:
            pairs.append(("sport:category", nodes.concept("categories", told["category"])))
        if contest.round == "combined":
            pairs.append(("sport:partOf", self._combined(contest, passage)))
        elif contest.round:
            pairs.append(("sport:round", nodes.concept("rounds", contest.round)))
        if self.preset.edition is not None:
            pairs.append(("sport:edition", self._edition(contest, passage)))
            pairs += nodes.dated(contest.year) if contest.year else []
        else:
            if told["competition"]:
                pairs.append(("sport:name", syntax.text(told["competition"])))
            if contest.venue:
                pairs.append(("sport:location", nodes.place(contest.venue, passage)))
            date = contest.date or contest.year
            pairs += nodes.dated(date) if date else []
        if whole is not None:
            pairs.append(("sport:partOf", syntax.iri(whole.path)))
        nodes.tell(contest.path, "sport:Contest", dict(zip(self._words, contest.labels, strict=True)), pairs)

    def _combined(self, contest: Contest, passage: str) -> str:
        """Return the combined event that a contest is part of; which one it is, the table does not say."""
        nodes = self._nodes
        told = contest.told
        steps = [told["sex"], told["competition"], told["venue"], contest.date or contest.year]
        path = "contest/combined/" + "/".join(slug(step) for step in steps if step)
        if nodes.is_new(path):
            labels = {
                lang: template(words["whole"])({**told, "sex": words.get(told["sex"], "")})
                for lang, words in self._words.items()
            }
            pairs = [("sport:eventKind", nodes.syntax.term("sport:contest-combined"))]
            if told["sex"]:
                pairs.append(("sport:category", nodes.concept("categories", told["sex"])))
            if contest.venue:
                pairs.append(("sport:location", nodes.place(contest.venue, passage)))
            pairs += nodes.dated(contest.year) if contest.year else []
            nodes.tell(path, "sport:Contest", labels, pairs, passage)
        return nodes.syntax.iri(path)

    def _edition(self, contest: Contest, passage: str) -> str:
        """Return the edition that a contest belongs to; its place and its day are those of the edition."""
        nodes, syntax, told = self._nodes, self._nodes.syntax, contest.told
        series = told["series"]
        label = (self._series and told["competition"]) or f"{series} {contest.year}".strip()
        path = f"edition/{slug(series)}/{slug(contest.year or told['competition'])}"
        if nodes.is_new(path):
            whole = f"series/{slug(series)}"
            if nodes.is_new(whole):
                level = (self.preset.edition or {}).get("level", "")
                pairs = [("sport:level", nodes.concept("levels", level))] if level else []
                nodes.tell(whole, "sport:CompetitionSeries", {"": series}, pairs, passage)
            pairs = [("sport:series", syntax.iri(whole))]
            if contest.venue:
                pairs.append(("sport:location", nodes.place(contest.venue, passage)))
            date = contest.date or contest.year
            pairs += nodes.dated(date) if date else []
            nodes.tell(path, "sport:CompetitionEdition", {"": label}, pairs, passage)
        return syntax.iri(path)
