"""The ledger of facts and the data, both as statements in the same spelling, and how they differ.

README.md tells how the tables of the ledger are read and written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHORT = {
    "https://w3id.org/perezkg/": "",
    "https://w3id.org/perezkg/id/": "",
    "https://w3id.org/perezkg/sport#": "",
    "https://w3id.org/perezkg/source/biography#": "",
    "https://w3id.org/perezkg/source/": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": "a",
    "http://www.w3.org/2000/01/rdf-schema#": "",
    "http://www.w3.org/2004/02/skos/core#": "",
    "http://www.w3.org/ns/prov#": "",
    "http://www.w3.org/ns/oa#": "",
    "http://purl.org/dc/terms/": "",
    "http://www.w3.org/2002/07/owl#": "",
    "http://xmlns.com/foaf/0.1/": "",
    "http://www.wikidata.org/entity/": "wikidata:",
    "https://sws.geonames.org/": "geonames:",
}
"""How IRIs are shortened in the ledger: what begins with the left is written with the right instead."""

CITES = "wasDerivedFrom"

IN_WORDS = "inWords"
"""The property of what only the label or the remark of a thing tells, no statement: a number, or a word of a name."""

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "data"

FILES = {
    "perez.ttl": ["biography.tsv", "sentences.tsv"],
    "evidence.ttl": sorted(str(path.relative_to(HERE)) for path in (HERE / "evidence").glob("*.tsv")),
}
"""Which files of the ledger tell what a file of data/ holds."""

DERIVED = {
    "year": "computed from the date; where only a year is known to an event without date, a line tells it",
    "month": "computed from the date",
    "day": "computed from the date",
    "value": "computed from the notation of a time; of other marks, a line tells it",
    "unit": "computed from the notation of a time; of other marks, a line tells it",
    CITES: "the sources of all lines about the thing, no more and no fewer",
}
"""What the lines of the ledger imply: `ledger` adds it, and it is compared like any fact."""

DESCRIBED = {
    "label": "our own words: each number, time, medal and name in them is one that lines tell of the thing or of what "
    "it has to do with, and both languages tell the same numbers",
    "comment": "as labels",
}
"""What no line tells."""

SPANISH = {
    "de oro": "gold",
    "de plata": "silver",
    "de bronce": "bronze",
    "atenas": "athens",
    "corea": "korea",
    "espana": "spain",
    "francia": "france",
    "grecia": "greece",
    "londres": "london",
    "pekin": "beijing",
    "seul": "seoul",
    "sevilla": "seville",
    "tokio": "tokyo",
}
"""Names that labels write otherwise in Spanish, without accents, and how they stand in local names."""

ORDINARY = {"julio", "madre", "parque", "pista", "plata", "republic", "states", "united"}
"""Words of names that labels also use in their ordinary sense."""


class Statement(NamedTuple):
    """One fact: a thing, a property and a value, spelt as in the ledger."""

    thing: str
    property: str
    value: str


def spelt(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """Return a term as the ledger spells it: a local name, a number or date as it is, a text in double quotes."""
    assert isinstance(term, ox.NamedNode | ox.Literal), f"no name to write in a ledger: {term}"
    if isinstance(term, ox.NamedNode):
        begin = max((begin for begin in SHORT if term.value.startswith(begin)), key=len, default="")
        return SHORT.get(begin, "") + term.value.removeprefix(begin)
    if term.language:
        return f'"{term.value}"@{term.language}'
    return f'"{term.value}"' if term.datatype.value.endswith("#string") else term.value


def data(*paths: Path) -> set[Statement]:
    """Return what Turtle files say."""
    return {
        Statement(spelt(quad.subject), spelt(quad.predicate), spelt(quad.object))
        for path in paths
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    }


def ledger(*paths: Path) -> set[Statement]:
    """Return what the ledger's files say, with what follows from their lines.

    Raises:
        ValueError: A row has more or fewer cells than its table has columns, or tells what was told above.
    """
    facts: set[Statement] = set()
    cited: set[Statement] = set()
    for path in paths:
        for where, row in _rows(path):
            sources = row.get("source", row.get("sentence", "")).split()
            for fact in _facts(row):
                if fact in facts and fact.property != "a":
                    raise ValueError(f"{where}: written twice: {fact}")
                facts.add(fact)
                cited |= {Statement(fact.thing, CITES, source) for source in sources}
    return facts | cited | set(_following(facts))


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield where each row of a file's tables stands, and its cells under the names of their columns."""
    columns: list[str] = []
    same: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path.name}, line {number}"
        cells = line.split("\t")
        if not line or line.startswith("#"):
            continue
        if "thing" in cells:
            columns = [cell for cell in cells if "=" not in cell]
            same = {column + "=": value for column, _, value in (cell.partition("=") for cell in cells) if value}
        elif len(cells) != len(columns):
            raise ValueError(f"{where}: {len(cells)} cells where the table has {len(columns)} columns")
        else:
            yield where, same | dict(zip(columns, cells, strict=True))


def _facts(row: dict[str, str]) -> Iterator[Statement]:
    """Yield what a row says."""
    if "property" in row:
        yield Statement(row["thing"], row["property"], row["value"])
        return
    told = {column.rpartition(".")[0] for column, cell in row.items() if cell and not column.endswith("=")}
    for column, cell in row.items():
        of, _, name = column.removesuffix("=").rpartition(".")
        if column not in {"thing", "source", "sentence"} and (not of or of in told):
            yield from (Statement(row[of or "thing"], name, value) for value in cell.split(" | ") if value)


def _following(facts: Iterable[Statement]) -> Iterator[Statement]:
    """Yield what follows from facts: the numbers of a date, the seconds of a time."""
    for thing, name, value in facts:
        if name == "date":
            for part, number in zip(("year", "month", "day"), value.split("-"), strict=False):
                yield Statement(thing, part, str(int(number)))
        elif name == "notation" and (time := re.fullmatch(r'"(?:(\d+):)?(\d+):(\d\d(?:\.\d+)?)"', value)):
            hours, minutes, seconds = time.groups(default="0")
            whole, _, fraction = seconds.partition(".")
            total = int(hours) * 3600 + int(minutes) * 60 + int(whole)
            yield Statement(thing, "value", f"{total}.{fraction}".rstrip("0").removesuffix("."))
            yield Statement(thing, "unit", "unit-second")


def by_thing(statements: Iterable[Statement]) -> dict[str, set[Statement]]:
    """Return statements by the thing that they are about."""
    found: dict[str, set[Statement]] = defaultdict(set)
    for statement in statements:
        found[statement.thing].add(statement)
    return found


@cache
def telling(text: str, names: frozenset[str]) -> set[str]:
    """Return what a label or remark tells: its numbers and times, thousands put together, and the words of names."""
    return {word for word in _words(_together(_english(text))) if word[0].isdigit() or word in names}


@cache
def numbers(text: str) -> list[str]:
    """Return the numbers and times in a text, in order of size."""
    return sorted(word for word in _words(_together(text)) if word[0].isdigit())


def _together(text: str) -> str:
    """Write numbers alike: thousands together, which have a comma or a space between, and decimals with a point."""
    whole = re.sub(r"(?<=\d)[, \u00a0](?=\d{3}\b)", "", text)
    return re.sub(r"(?<=\d),(?=\d{1,2}\b)", ".", whole)


def _words(text: str) -> list[str]:
    """Return the words and the numbers, times and decimals of a text."""
    return re.findall(r"\d+(?:[:.]\d+)*|[^\W\d]+", text)


def _in_name(local: str) -> set[str]:
    """Return the words of a local name; `mark-1-17-21` has the time in it, not its parts."""
    name = re.sub(r"(?<=\d)-(?=\d)", ":", local) if re.match(r"mark-\d", local) else local
    return set(_words(name.replace("-", " ")))


def _english(text: str) -> str:
    """Return a text in lower case and without accents, with the Spanish names of `SPANISH` in English."""
    return re.sub(rf"\b({'|'.join(SPANISH)})\b", lambda found: SPANISH[found[0]], folded(text))


def folded(text: str) -> str:
    """Return a text in lower case and without accents."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))


def names(facts: Iterable[Statement]) -> frozenset[str]:
    """Return the words that name persons, places and medals, those of up to three letters left out."""
    named = {thing for thing, name, value in facts if name == "a" and value in {"Person", "Place"}}
    words = {word for thing in named for word in thing.split("-") if len(word) > 3} - ORDINARY
    return frozenset(words | {"gold", "silver", "bronze"})


def may_tell(facts: set[Statement]) -> dict[str, set[str]]:
    """Return the words and numbers that the label and the remark of each thing may use.

    They are those of its own name and values, of what it points at in up to three steps (a mark from its result on),
    and of whatever points at it.
    """
    named = by_thing(facts)
    own = {thing: _in_name(thing) for thing in named}
    after: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    results: dict[str, set[str]] = defaultdict(set)
    in_words: dict[str, set[str]] = defaultdict(set)
    for thing, name, value in facts:
        if name == IN_WORDS:
            in_words[thing].add(value)
        elif name not in {CITES, "sha256"}:
            own[thing] |= _in_name(value) if value in named else set(_words(_english(value).replace("-", " ")))
            if value in named:
                after[thing].add(value)
                before[value].add(thing)
            if name in {"mark", "award"} and Statement(thing, "a", "Participation") in facts:
                results[value].add(thing)
        if name == "metres":
            own[thing].add(f"{float(value) / 1000:g}")
    for words in own.values():
        words |= {word.lstrip("0") for word in words}

    def reached(thing: str, steps: int) -> set[str]:
        return own[thing].union(*(reached(other, steps - 1) for other in after[thing])) if steps else own[thing]

    def told(thing: str) -> set[str]:
        pointing = (reached(other, 2 if other in results[thing] else 0) for other in before[thing])
        return reached(thing, 3).union(in_words[thing], *pointing)

    return {thing: told(thing) for thing in named}


class Book:
    """One file of data beside its ledger."""

    def __init__(self, file: str) -> None:
        told = ledger(*(HERE / part for part in FILES[file]))
        before = {fact for fact in self._before(file) if fact.property != CITES}
        self.facts = by_thing(fact for fact in told - before if fact.property != IN_WORDS)
        self.in_words = {fact for fact in told if fact.property == IN_WORDS}
        self.data = by_thing(data(DATA / file) - before)
        self.names = names(told | before)
        self.may_tell = may_tell(told | before)

    @staticmethod
    def _before(file: str) -> set[Statement]:
        """Return what the biography tells, if the file is another: what is told there need not be told again."""
        return ledger(*(HERE / part for part in FILES["perez.ttl"])) if file != "perez.ttl" else set()

    def differences(self, thing: str, statements: set[Statement]) -> list[str]:
        """Return in what statements about a thing differ from the ledger, a line each."""
        told = {statement for statement in statements if statement.property not in DESCRIBED}
        lines = [f"not in the ledger: {statement}" for statement in sorted(told - self.facts.get(thing, set()))]
        lines += [f"not in the data: {statement}" for statement in sorted(self.facts.get(thing, set()) - told)]
        for statement in sorted(statements - told):
            unknown = telling(statement.value, self.names) - self.may_tell.get(thing, set())
            lines += [f"no line tells {word!r}: {statement}" for word in sorted(unknown)]
        for name in sorted(DESCRIBED):
            texts = {fact.value[-3:]: numbers(fact.value) for fact in statements if fact.property == name}
            if texts.keys() == {"@en", "@es"} and texts["@en"] != texts["@es"]:
                lines.append(f"the {name}s of {thing} tell other numbers in Spanish than in English")
        return lines
