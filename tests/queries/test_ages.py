"""Ages are exact where the days are known, and bounded by what is known where they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import perezkg
from perezkg.sparql.engines import ENGINES
from perezkg.sparql.results import Solutions

if TYPE_CHECKING:
    from pathlib import Path

BORN = "sport:year 1990 ; sport:month 7 ; sport:day 15"
YEAR, MONTH = "sport:year 2010", "sport:year 2010 ; sport:month 7"
FILE = """
@prefix ex: <http://example.org/> .
@prefix sport: <https://w3id.org/perezkg/sport#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:ana a sport:Person .
ex:birth a sport:LifeEvent ; sport:eventKind sport:event-birth ; sport:agent ex:ana ; {born} .
ex:games a sport:CompetitionEdition ; {games} .
ex:race a sport:Contest ; sport:edition ex:games ; {race} .
ex:ana-race a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:race .
"""


@pytest.mark.parametrize(
    ("born", "games", "race", "expected"),
    [
        (BORN, YEAR, f"{MONTH} ; sport:day 14", [19, None, None]),
        (BORN, YEAR, f"{MONTH} ; sport:day 15", [20, None, None]),
        (BORN, YEAR, f"{MONTH}", [None, 19, 20]),
        (BORN, YEAR, "sport:year 2010 ; sport:month 6", [19, None, None]),
        (BORN, YEAR, "sport:year 2010 ; sport:month 8", [20, None, None]),
        (BORN, YEAR, YEAR, [None, 19, 20]),
        (BORN, YEAR, "", [None, 19, 20]),  # the year of the competition
        ("sport:year 1990 ; sport:month 7", YEAR, f"{MONTH} ; sport:day 15", [None, 19, 20]),
        ("sport:year 1990 ; sport:month 7", YEAR, "sport:year 2010 ; sport:month 8 ; sport:day 1", [20, None, None]),
        ("sport:year 1990", YEAR, "sport:year 2010 ; sport:month 12 ; sport:day 30", [None, 19, 20]),
        ("sport:year 1990", YEAR, "sport:year 2010 ; sport:month 12 ; sport:day 31", [20, None, None]),
        # The days of the competition, within the year of the contest.
        (BORN, 'sport:startDate "2010-07-15"^^xsd:date ; sport:endDate "2010-08-01"^^xsd:date', YEAR, [20, None, None]),
        (BORN, 'sport:startDate "2010-07-14"^^xsd:date ; sport:endDate "2010-08-01"^^xsd:date', YEAR, [None, 19, 20]),
        (BORN, 'sport:startDate "2010-07-01"^^xsd:date ; sport:endDate "2010-07-14"^^xsd:date', YEAR, [19, None, None]),
        (BORN, 'sport:startDate "2010-07-15"^^xsd:date', YEAR, [20, None, None]),  # its end is unknown
        (BORN, 'sport:startDate "2009-12-01"^^xsd:date ; sport:endDate "2010-02-01"^^xsd:date', YEAR, [19, None, None]),
        ("sport:month 7 ; sport:day 15", YEAR, YEAR, [None, None, None]),
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_the_age_that_the_dates_allow(
    tmp_path: Path, born: str, games: str, race: str, expected: list[int | None], engine: str
) -> None:
    file = tmp_path / "life.ttl"
    file.write_text(FILE.format(born=born, games=games, race=race), encoding="utf-8")
    answer = perezkg.load(file).query("age-at-results", engine=engine)
    assert isinstance(answer, Solutions)
    assert [[row.age, row.ageAtLeast, row.ageAtMost] for row in answer] == [expected]


@pytest.mark.parametrize(
    ("result", "age"),
    [
        ("perez-pan-american-games-1995", 20),
        ("perez-olympic-games-1996", 22),
        ("perez-race-walking-cup-1997", 22),
        ("perez-race-walking-cup-2004", 29),
        ("perez-race-walking-cup-2006", 31),
        ("perez-olympic-games-2008", 34),
        ("chen-ding-olympic-games-2012", 19),
        ("perez-race-walking-challenge-standings", None),  # of a season of which only the year is known
    ],
)
def test_the_ages_of_this_life(result: str, age: int | None) -> None:
    answer = perezkg.load().query("age-at-results")
    assert isinstance(answer, Solutions)
    assert {str(row.iri).rpartition("/")[2]: row.age for row in answer}[result] == age
