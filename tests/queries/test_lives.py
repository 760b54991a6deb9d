"""Titles in a row are of one discipline; firsts and lasts go by the day, timelines by what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import perezkg
from perezkg.sparql.engines import ENGINES
from perezkg.sparql.results import Solutions

if TYPE_CHECKING:
    from pathlib import Path

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix sport: <https://w3id.org/perezkg/sport#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:ana a sport:Person .
ex:bo a sport:Person .
"""


def rows(folder: Path, text: str, name: str, *columns: str, engine: str, **parameters: Any) -> list[str]:
    """Return some columns of an answer, a line each row."""
    file = folder / "life.ttl"
    file.write_text(PREFIXES + text, encoding="utf-8")
    answer = perezkg.load(file).query(name, engine=engine, **parameters)
    assert isinstance(answer, Solutions)
    return [" ".join(str(row[column]).replace("http://example.org/", "") for column in columns) for row in answer]


def wins(*years_and_disciplines: str) -> str:
    """Return the wins of Ana in the editions of a cup, each told as `2001 hop` or, without discipline, `2001`."""
    text = ""
    for number, told in enumerate(years_and_disciplines):
        year, _, discipline = told.partition(" ")
        text += f"ex:cup-{year} a sport:CompetitionEdition ; sport:series ex:cup ; sport:year {year} .\n"
        text += f"ex:race-{number} a sport:Contest ; sport:edition ex:cup-{year} .\n"
        text += f"ex:race-{number} sport:discipline ex:{discipline} .\n" if discipline else ""
        text += f"ex:win-{number} a sport:Participation ; sport:competitor ex:ana ; sport:rank 1 .\n"
        text += f"ex:win-{number} sport:contest ex:race-{number} .\n"
    return text


@pytest.mark.parametrize(
    ("won", "expected"),
    [
        (["2001 hop", "2002 hop"], ["hop 2001 2002 2"]),
        (["2001 hop", "2002 run"], []),
        (["2001 hop", "2002 run", "2003 hop"], []),
        (["2001 hop", "2001 run", "2002 hop", "2002 run", "2003 run"], ["run 2001 2003 3", "hop 2001 2002 2"]),
        (["2001 hop", "2002", "2003 hop"], ["None 2001 2003 3"]),  # what is not told may be the same
        (["2001", "2002"], ["None 2001 2002 2"]),
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_titles_in_a_row_are_of_one_discipline(
    tmp_path: Path, won: list[str], expected: list[str], engine: str
) -> None:
    columns = ("discipline", "first", "last", "titles")
    assert rows(tmp_path, wins(*won), "consecutive-titles", *columns, engine=engine) == expected


RESULTS = """
ex:cup a sport:CompetitionEdition ; sport:year 2003 .
ex:may a sport:Contest ; sport:year 2001 ; sport:month 5 ; sport:day 2 .
ex:may-later a sport:Contest ; sport:year 2001 ; sport:month 5 ; sport:day 3 .
ex:june a sport:Contest ; sport:year 2003 ; sport:month 6 .
ex:cup-race a sport:Contest ; sport:edition ex:cup .
ex:july a sport:Contest ; sport:year 2003 ; sport:month 7 ; sport:day 1 .
ex:undated a sport:Contest .
ex:ana-may a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:may .
ex:ana-may-later a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:may-later ; sport:award ex:silver .
ex:ana-june a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:june ; sport:award ex:gold .
ex:ana-cup a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:cup-race .
ex:ana-july a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:july ; sport:award ex:trophy .
ex:ana-undated a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:undated .
ex:bo-july a sport:Participation ; sport:competitor ex:bo ; sport:contest ex:july .
ex:silver a sport:MedalAward .
ex:gold a sport:MedalAward .
ex:trophy a sport:Award .
ex:claim a sport:Claim ; sport:claimKind sport:claim-first ; sport:about ex:trophy .
"""
ANA = [
    "ana the first medal 2001 silver",
    "ana the last medal 2003 gold",
    "ana the first result 2001 ana-may",
    "ana the last result 2003 ana-cup",  # on some day of that year: it may be the last
    "ana the last result 2003 ana-july",
    "ana the first claim None claim",
]
BO = ["bo the first result 2003 bo-july", "bo the last result 2003 bo-july"]


@pytest.mark.parametrize(("athlete", "expected"), [(None, ANA + BO), ("<http://example.org/bo>", BO)])
@pytest.mark.parametrize("engine", ENGINES)
def test_firsts_and_lasts_go_by_athlete_and_day(
    tmp_path: Path, athlete: str | None, expected: list[str], engine: str
) -> None:
    columns = ("athlete", "which", "subject", "year", "iri")
    given = {"athlete": athlete} if athlete else {}
    assert rows(tmp_path, RESULTS, "firsts-and-lasts", *columns, engine=engine, **given) == expected


LIFE = """
ex:ana-birth a sport:LifeEvent ; sport:eventKind sport:event-birth ; sport:agent ex:ana ; sport:year 1980 .
ex:bo-birth a sport:LifeEvent ; sport:eventKind sport:event-birth ; sport:agent ex:bo ; sport:year 1985 .
ex:move a sport:LifeEvent ; sport:agent ex:bo ; sport:involves ex:ana .
ex:cup a sport:CompetitionEdition ; sport:year 2001 ; sport:startDate "2001-09-01"^^xsd:date .
ex:cup-race a sport:Contest ; sport:edition ex:cup ; sport:eventKind sport:contest-race ; sport:month 9 ; sport:day 3 ;
    sport:year 2001 .
ex:cup-standings a sport:Contest ; sport:edition ex:cup ; sport:eventKind sport:contest-standings ; sport:year 2001 .
ex:relay a sport:Contest ; sport:edition ex:cup ; sport:year 2001 .
ex:july a sport:Contest ; sport:year 2001 ; sport:month 7 ; sport:day 1 .
ex:ana-race a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:cup-race .
ex:bo-race a sport:Participation ; sport:competitor ex:bo ; sport:contest ex:cup-race .
ex:ana-standings a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:cup-standings .
ex:ana-relay a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:relay .
ex:ana-july a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:july .
ex:record a sport:RecordStatus ; sport:holder ex:bo .
ex:cleo a sport:Person .
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_the_timeline_of_one_person(tmp_path: Path, engine: str) -> None:
    """Nobody else's birth or results; a contest comes when its competition begins, standings after their races."""
    columns = ("iri", "who")
    person = "<http://example.org/ana>"
    assert rows(tmp_path, LIFE, "timeline", *columns, engine=engine, person=person) == [
        "ana-birth ana",
        "july ana",
        "relay ana",
        "cup-race ana",
        "cup-standings ana",
        "move bo",
    ]
    assert len(rows(tmp_path, LIFE, "timeline", *columns, engine=engine)) == 8


@pytest.mark.parametrize("engine", ENGINES)
def test_everybody_who_has_a_role_is_told_it_once(tmp_path: Path, engine: str) -> None:
    assert rows(tmp_path, LIFE, "people", "person", "role", "connection", engine=engine) == [
        "ana agent ana-birth",
        "ana athlete None",
        "ana involved move",
        "bo agent bo-birth",
        "bo agent move",
        "bo athlete None",
        "bo record holder None",
        "cleo None None",
    ]
