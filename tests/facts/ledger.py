"""The ledger of facts and the data, both as statements in the same spelling, and how they differ.

A file of the ledger has tables parted by tabs. A line that begins with `#` is a remark. A line with the word `thing` is
the head of a table and names its columns; every other line is a row. A table with the columns `property` and `value`
has one fact a row; in any other table each column but `thing` and `source` is a property, an empty cell says nothing,
and ` | ` parts several values. The column `source` (or `sentence`) tells who says it, several parted by spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SHORT = {
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
    "http://www.wikidata.org/entity/": "wikidata:",
    "https://sws.geonames.org/": "geonames:",
}
"""How IRIs are shortened in the ledger: what begins with the left is written with the right instead."""

CITES = "wasDerivedFrom"

SPANISH = {
    "oro": "gold",
    "plata": "silver",
    "bronce": "bronze",
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
        ValueError: A line has more or fewer cells than its table has columns, or tells what stands on a line above.
    """
    facts: set[Statement] = set()
    cited: set[Statement] = set()
    for path in paths:
        for number, row in _rows(path):
            sources = row.pop("source", row.pop("sentence", "")).split()
            thing = row.pop("thing")
            told = {row["property"]: row["value"]} if "property" in row else row
            for name, cell in told.items():
                for value in filter(None, cell.split(" | ")):
                    fact = Statement(thing, name, value)
                    if fact in facts and name != "a":
                        raise ValueError(f"{path.name}, line {number}: {fact} is written twice")
                    facts.add(fact)
            cited |= {Statement(thing, CITES, source) for source in sources}
    return facts | cited | set(_following(facts))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a file's tables with their line numbers, each cell under the name of its column."""
    head: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = line.split("\t")
        if not line or line.startswith("#"):
            continue
        if "thing" in cells:
            head = cells
        elif len(cells) != len(head):
            raise ValueError(f"{path.name}, line {number}: {len(cells)} cells where its table has {len(head)} columns")
        else:
            yield number, dict(zip(head, cells, strict=True))


def _following(facts: Iterable[Statement]) -> Iterator[Statement]:
    """Yield what follows from facts: the numbers of a date, the seconds of a time."""
    for thing, name, value in facts:
        if name == "date":
            for part, number in zip(("year", "month", "day"), value.split("-"), strict=False):
                yield Statement(thing, part, str(int(number)))
        elif name == "notation" and (time := re.fullmatch(r'"(?:(\d+):)?(\d+):(\d\d(?:\.\d+)?)h?"', value)):
            hours, minutes, seconds = time.groups(default="0")
            whole, _, fraction = seconds.partition(".")
            total = int(hours) * 3600 + int(minutes) * 60 + int(whole)
            yield Statement(thing, "value", f"{total}.{fraction}" if fraction else str(total))
            yield Statement(thing, "unit", "unit-second")


def by_thing(statements: Iterable[Statement]) -> dict[str, set[Statement]]:
    """Return statements by the thing that they are about."""
    found: dict[str, set[Statement]] = defaultdict(set)
    for statement in statements:
        found[statement.thing].add(statement)
    return found


IN_WORDS = "inWords"
"""The property of what only the label or the remark of a thing tells, no statement: a number, or a word of a name."""


def telling(text: str, names: set[str]) -> set[str]:
    """Return what a label or remark tells: its numbers and times, thousands put together, and the words of names."""
    found = _words(re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", folded(text)))
    return {word for word in (SPANISH.get(word, word) for word in found) if word[0].isdigit() or word in names}


def _words(text: str) -> list[str]:
    """Return the words and the numbers, times and decimals of a text."""
    return re.findall(r"\d+(?:[:.]\d+)*|[^\W\d]+", text)


def _in_name(local: str) -> set[str]:
    """Return the words of a local name; `mark-1-17-21` has the time in it, not its parts."""
    return set(_words(re.sub(r"(?<=\d)-(?=\d)", ":", local).replace("-", " ")))


def folded(text: str) -> str:
    """Return a text in lower case and without accents."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))


def names(facts: Iterable[Statement]) -> set[str]:
    """Return the words that name persons, places and medals, those of up to three letters left out."""
    named = {thing for thing, name, value in facts if name == "a" and value in {"Person", "Place"}}
    return {word for thing in named for word in thing.split("-") if len(word) > 3} | {"gold", "silver", "bronze"}


def may_tell(facts: set[Statement]) -> dict[str, set[str]]:
    """Return the words and numbers that the label and the remark of each thing may use.

    They are those of its own name and values, and of the names and values of whatever it points at or is pointed at by.
    """
    named = by_thing(facts)
    near = {thing: {thing} for thing in named}
    own = {thing: _in_name(thing) for thing in named}
    in_words: dict[str, set[str]] = defaultdict(set)
    for thing, name, value in facts:
        if name == IN_WORDS:
            in_words[thing].add(value)
        elif name not in {CITES, "sha256"}:
            own[thing] |= _in_name(value) if value in named else set(_words(folded(value).replace("-", " ")))
        if name == "metres":
            own[thing].add(f"{float(value) / 1000:g}")
        if value in named and name != CITES:
            near[thing].add(value)
            near[value].add(thing)
    for words in own.values():
        words |= {word.lstrip("0") for word in words}
    return {thing: in_words[thing].union(*(own[other] for other in others)) for thing, others in near.items()}
