"""Real toplists of race walks, imported: the questions over many athletes answer as plain Python does over the rows.

They lie in `../shared` beside the checkout, or where the environment variable PEREZKG_TABLES says; none is copied.
"""

from __future__ import annotations

import csv
import os
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import perezkg
from perezkg.sparql.results import Solutions
from perezkg.tables.importing import BASE, Import
from perezkg.tables.preset import preset

if TYPE_CHECKING:
    from collections.abc import Iterable

SHARED = Path(os.environ.get("PEREZKG_TABLES") or Path(__file__).parents[3] / "shared").resolve()
FILES = sorted((SHARED / "results").glob("*.csv"))
DAY = "2026-01-01"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FILES, reason=f"{SHARED / 'results'} is not here; set PEREZKG_TABLES to its folder"),
]


class Row(NamedTuple):
    """A row of a toplist; an athlete is a name in whatever letters, a birth and a sex."""

    discipline: str
    sex: str
    who: tuple[str, str, str]
    nation: str
    value: Decimal
    day: date
    file: str
    line: int

    @property
    def list(self) -> tuple[str, str]:
        return self.discipline, self.sex


@cache
def rows() -> list[Row]:
    """Read the files by themselves: no part of what is tested is used."""
    found = []
    for path in FILES:
        sex, number, unit = re.fullmatch(r"(women|men)-(\d+)-(kilometres|metres)-race-walk", path.stem).groups()  # type: ignore[union-attr]
        seen = set()
        with path.open(newline="", encoding="utf-8") as file:
            for line, row in enumerate(csv.DictReader(file), 2):
                told = tuple(row[name] for name in ("Mark", "Competitor", "DOB", "Nat", "Pos", "Venue", "Date"))
                if told in seen:
                    continue  # a repeat, to the letter
                seen.add(told)
                *larger, seconds = row["Mark"].rstrip("h").split(":")
                minutes = 0
                for part in larger:
                    minutes = minutes * 60 + int(part)
                discipline = f"{number} {'km' if unit == 'kilometres' else 'm'} walk"
                # A dot stands for a name that is not known.
                who = (row["Competitor"].casefold().removeprefix(". "), row["DOB"], sex)
                day = datetime.strptime(row["Date"].title(), "%d %b %Y").date()  # noqa: DTZ007 - a day
                value = minutes * 60 + Decimal(seconds)
                found.append(Row(discipline, sex, who, row["Nat"], value, day, path.name, line))
    return found


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> perezkg.KnowledgeGraph:
    target = tmp_path_factory.mktemp("walks") / "walks.nt"
    work = Import([str(path) for path in FILES], preset("world-athletics"), syntax="ntriples")
    with target.open("w", encoding="utf-8") as file:
        file.writelines(work.pieces())
    return perezkg.load(target)


def asked(graph: perezkg.KnowledgeGraph, name: str, **parameters: Any) -> list[Any]:
    answer = graph.query(name, date=DAY, **parameters)
    assert isinstance(answer, Solutions)
    return list(answer)


def lists() -> dict[tuple[str, str], list[Row]]:
    found = defaultdict(list)
    for row in rows():
        found[row.list].append(row)
    return found


def best(rows_: Iterable[Row]) -> dict[tuple[str, str, str], Decimal]:
    """Return the best mark of each athlete."""
    found: dict[tuple[str, str, str], Decimal] = {}
    for row in rows_:
        found[row.who] = min(row.value, found.get(row.who, row.value))
    return found


def called(who: tuple[str, str, str]) -> str:
    return who[0]


def test_all_time_list(graph: perezkg.KnowledgeGraph) -> None:
    expected: Counter[tuple[object, ...]] = Counter()
    for (discipline, sex), of_one in lists().items():
        bests = best(of_one)
        days: dict[tuple[str, str, str], date] = {}
        for row in of_one:
            if row.value == bests[row.who]:
                days[row.who] = min(row.day, days.get(row.who, row.day))
        order = sorted(bests.values())
        for who, value in bests.items():
            place = 1 + bisect_left(order, value)
            expected[(discipline, sex, place, called(who), value, days[who].isoformat())] += 1
    found = asked(graph, "all-time-list")
    assert (
        Counter((r.discipline, r.category, r.place, r.athlete.casefold(), r.value, str(r.date)) for r in found)
        == expected
    )
    listed = [(r.discipline, r.category, r.value) for r in found]
    assert all(a[2] <= b[2] for a, b in pairwise(listed) if a[:2] == b[:2])


def test_all_time_progression(graph: perezkg.KnowledgeGraph) -> None:
    expected: Counter[tuple[object, ...]] = Counter()
    for (discipline, sex), of_one in lists().items():
        before: Decimal | None = None
        for day in sorted({row.day for row in of_one}):
            of_day = [row for row in of_one if row.day == day]
            value = min(row.value for row in of_day)
            if before is None or value < before:
                for row in of_day:
                    if row.value == value:
                        gain = None if before is None else before - value
                        expected[(discipline, sex, day.isoformat(), called(row.who), row.nation, value, gain)] += 1
                before = value
    found = asked(graph, "all-time-progression")
    assert expected == Counter(
        (r.discipline, r.category, str(r.date), r.athlete.casefold(), r.country, r.value, r.improvement) for r in found
    )


def test_season_bests(graph: perezkg.KnowledgeGraph) -> None:
    seasons: dict[tuple[object, ...], Decimal] = {}
    for row in rows():
        key = (row.day.year, row.who, row.discipline)
        seasons[key] = min(row.value, seasons.get(key, row.value))
    expected = Counter((year, called(who), discipline, value) for (year, who, discipline), value in seasons.items())  # type: ignore[arg-type]
    found = asked(graph, "season-bests")
    assert Counter((r.year, r.athlete.casefold(), r.discipline, r.value) for r in found) == expected


def test_national_bests(graph: perezkg.KnowledgeGraph) -> None:
    nations: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows():
        nations[(*row.list, row.nation)].append(row)
    expected: Counter[tuple[object, ...]] = Counter()
    for key, of_one in nations.items():
        value = min(row.value for row in of_one)
        expected.update((*key, called(row.who), value) for row in of_one if row.value == value)
    found = asked(graph, "national-bests")
    assert Counter((r.discipline, r.category, r.country, r.athlete.casefold(), r.value) for r in found) == expected


@pytest.mark.parametrize(
    ("discipline", "sex", "limit"),
    [("20 km walk", "men", "4740"), ("20 km walk", "women", "5400"), ("50 km walk", "men", "13500")],
)
def test_marks_under_limit(graph: perezkg.KnowledgeGraph, discipline: str, sex: str, limit: str) -> None:
    under = [row for row in lists()[(discipline, sex)] if row.value < Decimal(limit)]
    numbers, bests = Counter(row.who for row in under), best(under)
    expected = Counter(
        (
            1 + sum(other > number for other in numbers.values()),
            *(called(who), number, bests[who], min(years), max(years)),
        )
        for who, number in numbers.items()
        if (years := [row.day.year for row in under if row.who == who])
    )
    told = {"discipline": f"{BASE}discipline/{discipline.replace(' ', '_')}", "sex": f"sport:category-{sex}"}
    found = asked(graph, "marks-under-limit", limit=limit, **told)
    assert Counter((r.place, r.athlete.casefold(), r.marks, r.value, r.first, r.last) for r in found) == expected
    assert found


@pytest.mark.parametrize("number", [7, 1000, 5000, 9999, 15_000, 21_000])
def test_standing_of_a_mark(graph: perezkg.KnowledgeGraph, number: int) -> None:
    row = rows()[number]
    answer = graph.sparql(
        f"""PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX sport: <https://w3id.org/perezkg/sport#>
        SELECT ?iri {{ ?line sport:position {row.line} ; oa:hasSource/rdfs:label "{row.file}" .
          ?iri a sport:Mark ; prov:wasDerivedFrom ?line }}"""
    )
    assert isinstance(answer, Solutions)
    (mark,) = answer
    expected = []
    for day in (row.day, date.fromisoformat(DAY)):
        there = [other for other in lists()[row.list] if other.day <= day]
        bests = best(there)
        place = 1 + sum(value < row.value for who, value in bests.items() if who != row.who)
        marks = 1 + sum(other.value < row.value for other in there)
        expected.append((day.isoformat(), place, len(bests), marks, len(there)))
    found = asked(graph, "standing-of-mark", mark=mark.iri)
    assert [(str(r.asOf), r.place, r.athletes, r.placeOfMark, r.marks) for r in found] == expected
