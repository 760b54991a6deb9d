"""Contests, teams, coaches and what was struck out, in the lives of people who are not in perezkg's own data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import perezkg
from perezkg.sparql.engines import ENGINES
from perezkg.sparql.results import Solutions

if TYPE_CHECKING:
    from pathlib import Path

DATA = """
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sport: <https://w3id.org/perezkg/sport#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

# A relay that lost its gold for the doping of one runner, and the team that moved up.
ex:ana a sport:Person ; rdfs:label "Ana"@en ; sport:name "Ana Alba" ; sport:nationality ex:loja .
ex:bo a sport:Person ; rdfs:label "Bo"@en ; sport:nationality ex:oro .
ex:cy a sport:Person ; rdfs:label "Cy"@en .
ex:di a sport:Person ; rdfs:label "Di"@en .
ex:loja a sport:Place ; rdfs:label "Loja"@en ; sport:placeKind sport:place-country .
ex:oro a sport:Place ; rdfs:label "El Oro"@en ; sport:placeKind sport:place-country .
ex:hundred a sport:Discipline ; rdfs:label "100 metres"@en ; sport:metres 100 .
ex:jump a sport:Discipline ; rdfs:label "long jump"@en .
ex:relay a sport:Discipline ; rdfs:label "relay"@en .
ex:games a sport:CompetitionSeries ; rdfs:label "Games"@en ; sport:level sport:level-olympic .
ex:games-2008 a sport:CompetitionEdition ; sport:series ex:games ; sport:year 2008 ; sport:date "2008"^^xsd:gYear .
ex:court a sport:Organisation ; rdfs:label "Court"@en .
ex:ruling a sport:LifeEvent ; rdfs:label "Ruling"@en ; sport:eventKind sport:event-sanction ; sport:agent ex:court ;
    sport:involves ex:bo ; sport:date "2017-01-25"^^xsd:date ; sport:year 2017 ; sport:month 1 ; sport:day 25 .

ex:loja-team a sport:Team ; rdfs:label "Loja relay 2008"@en .
ex:oro-team a sport:Team ; rdfs:label "El Oro relay 2008"@en .
ex:leg-1 a sport:Membership ; sport:role sport:role-member ; sport:bearer ex:bo ; sport:towards ex:loja-team ;
    sport:position 1 .
ex:leg-2 a sport:Membership ; sport:role sport:role-captain ; sport:bearer ex:ana ; sport:towards ex:loja-team ;
    sport:position 2 .
ex:reserve a sport:Membership ; sport:role sport:role-reserve ; sport:bearer ex:cy ; sport:towards ex:loja-team .
ex:late a sport:Membership ; sport:role sport:role-member ; sport:bearer ex:di ; sport:towards ex:loja-team ;
    sport:startDate "2009"^^xsd:gYear .
ex:relay-2008 a sport:Contest ; rdfs:label "Relay, Games 2008"@en ; sport:edition ex:games-2008 ;
    sport:discipline ex:relay ;
    sport:date "2008-08-22"^^xsd:date ; sport:year 2008 ; sport:month 8 ; sport:day 22 .
ex:loja-gold a sport:Participation ; sport:competitor ex:loja-team ; sport:contest ex:relay-2008 ; sport:rank 1 ;
    sport:represents ex:loja ; sport:mark ex:m-loja ; sport:award ex:gold ; sport:endedBy ex:ruling .
ex:loja-out a sport:Participation ; sport:competitor ex:loja-team ; sport:contest ex:relay-2008 ;
    sport:represents ex:loja ; sport:status sport:status-disqualified ; sport:reason sport:reason-doping ;
    sport:begunBy ex:ruling .
ex:oro-silver a sport:Participation ; sport:competitor ex:oro-team ; sport:contest ex:relay-2008 ; sport:rank 2 ;
    sport:represents ex:oro ; sport:mark ex:m-oro ; sport:award ex:silver ; sport:endedBy ex:ruling .
ex:oro-gold a sport:Participation ; sport:competitor ex:oro-team ; sport:contest ex:relay-2008 ; sport:rank 1 ;
    sport:represents ex:oro ; sport:mark ex:m-oro-2 ; sport:award ex:gold-2 ; sport:begunBy ex:ruling .
ex:gold a sport:MedalAward ; sport:medal sport:medal-gold .
ex:silver a sport:MedalAward ; sport:medal sport:medal-silver .
ex:gold-2 a sport:MedalAward ; sport:medal sport:medal-gold .
ex:m-loja a sport:Mark ; skos:notation "37.10" ; sport:value 37.10 ; sport:unit sport:unit-second .
ex:m-oro a sport:Mark ; skos:notation "38.06" ; sport:value 38.06 ; sport:unit sport:unit-second .
ex:m-oro-2 a sport:Mark ; skos:notation "38.06" ; sport:value 38.06 ; sport:unit sport:unit-second .

ex:final-2011 a sport:Contest ; rdfs:label "100 metres, 2011"@en ; sport:discipline ex:hundred ;
    sport:date "2011"^^xsd:gYear ; sport:year 2011 .
ex:ana-2011 a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:final-2011 ;
    sport:status sport:status-disqualified ; sport:reason sport:reason-false-start .
# Two seconds and no third; a winner by distance.
ex:jump-1906 a sport:Contest ; rdfs:label "Long jump, 1906"@en ; sport:discipline ex:jump ;
    sport:date "1906-05-01"^^xsd:date ;
    sport:year 1906 ; sport:month 5 ; sport:day 1 .
ex:ana-1906 a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:jump-1906 ; sport:rank 2 ;
    sport:mark ex:m-ana-1906 .
ex:bo-1906 a sport:Participation ; sport:competitor ex:bo ; sport:contest ex:jump-1906 ; sport:rank 2 ;
    sport:mark ex:m-bo-1906 .
ex:cy-1906 a sport:Participation ; sport:competitor ex:cy ; sport:contest ex:jump-1906 ; sport:rank 1 ;
    sport:mark ex:m-cy-1906 .
ex:di-1906 a sport:Participation ; sport:competitor ex:di ; sport:contest ex:jump-1906 ; sport:rank 4 ;
    sport:mark ex:m-di-1906 .
ex:m-ana-1906 a sport:Mark ; skos:notation "6.40" ; sport:value 6.4 ; sport:unit sport:unit-metre .
ex:m-bo-1906 a sport:Mark ; skos:notation "6.40" ; sport:value 6.40 ; sport:unit sport:unit-metre .
ex:m-cy-1906 a sport:Mark ; skos:notation "6.56" ; sport:value 6.56 ; sport:unit sport:unit-metre .
ex:m-di-1906 a sport:Mark ; skos:notation "6" ; sport:value 6 ; sport:unit sport:unit-metre .

# A heat and the final of one day, a wind-assisted race before, a slower one later, and one whose day is not told.
ex:windy a sport:Contest ; rdfs:label "Windy race"@en ; sport:discipline ex:hundred ;
    sport:date "2007-05-01"^^xsd:date ;
    sport:year 2007 ; sport:month 5 ; sport:day 1 .
ex:heat a sport:Contest ; rdfs:label "Heat, Games 2008"@en ; sport:discipline ex:hundred ;
    sport:edition ex:games-2008 ;
    sport:round sport:round-heat ; sport:partOf ex:final ; sport:date "2008-08-16"^^xsd:date ; sport:year 2008 ;
    sport:month 8 ; sport:day 16 .
ex:final a sport:Contest ; rdfs:label "Final, Games 2008"@en ; sport:discipline ex:hundred ;
    sport:edition ex:games-2008 ;
    sport:date "2008-08-16"^^xsd:date ; sport:year 2008 ; sport:month 8 ; sport:day 16 .
ex:may a sport:Contest ; sport:partOf ex:meeting ; rdfs:label "Race in May"@en ; sport:discipline ex:hundred ;
    sport:date "2008-05"^^xsd:gYearMonth ;
    sport:year 2008 ; sport:month 5 .
ex:year a sport:Contest ; rdfs:label "Some day of 2009"@en ; sport:discipline ex:hundred ;
    sport:date "2009"^^xsd:gYear ; sport:year 2009 .
ex:berlin a sport:Contest ; sport:wind 0.9 ; rdfs:label "Berlin"@en ; sport:discipline ex:hundred ;
    sport:date "2009-08-16"^^xsd:date ;
    sport:year 2009 ; sport:month 8 ; sport:day 16 .
ex:ana-windy a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:windy ; sport:rank 1 ;
    sport:mark ex:m-windy .
ex:ana-may a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:may ; sport:wind -0.4 ; sport:rank 3 ;
    sport:mark ex:m-may .
ex:ana-heat a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:heat ; sport:rank 1 ;
    sport:mark ex:m-heat .
ex:ana-final a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:final ; sport:rank 1 ;
    sport:mark ex:m-final ;
    sport:award ex:gold-100 .
ex:bo-final a sport:Participation ; sport:competitor ex:bo ; sport:contest ex:final ; sport:rank 2 ;
    sport:mark ex:m-bo-final .
ex:cy-final a sport:Participation ; sport:competitor ex:cy ; sport:contest ex:final ; sport:rank 3 .
ex:ana-year a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:year ; sport:rank 1 ;
    sport:mark ex:m-year .
ex:ana-berlin a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:berlin ; sport:rank 1 ;
    sport:mark ex:m-berlin .
ex:gold-100 a sport:MedalAward ; sport:medal sport:medal-gold .
ex:m-windy a sport:Mark ; skos:notation "9.50" ; sport:value 9.5 ; sport:unit sport:unit-second ;
    sport:markNote sport:note-wind-assisted .
ex:m-may a sport:Mark ; skos:notation "9.90" ; sport:value 9.90 ; sport:unit sport:unit-second .
ex:m-heat a sport:Mark ; skos:notation "9.85" ; sport:value 9.85 ; sport:unit sport:unit-second .
ex:m-final a sport:Mark ; skos:notation "9.69" ; sport:value 9.69 ; sport:unit sport:unit-second .
ex:m-bo-final a sport:Mark ; skos:notation "9.89" ; sport:value 9.89 ; sport:unit sport:unit-second .
ex:m-year a sport:Mark ; skos:notation "9.65" ; sport:value 9.65 ; sport:unit sport:unit-second .
ex:m-berlin a sport:Mark ; skos:notation "9.58" ; sport:value 9.58 ; sport:unit sport:unit-second .
# Coaches, one with dates, one with an event, one with neither.
ex:eva a sport:Person ; rdfs:label "Eva"@en .
ex:fay a sport:Person ; rdfs:label "Fay"@en .
ex:coaching-1 a sport:Coaching ; sport:role sport:role-head-coach ; sport:bearer ex:eva ; sport:towards ex:loja-team ;
    sport:startDate "2007"^^xsd:gYear ; sport:endDate "2009-05"^^xsd:gYearMonth .
ex:coaching-2 a sport:Coaching ; sport:role sport:role-coach ; sport:bearer ex:eva ; sport:towards ex:ana ;
    sport:begunBy ex:hired ; sport:endedBy ex:ruling .
ex:coaching-3 a sport:Coaching ; sport:role sport:role-assistant-coach ; sport:bearer ex:fay ; sport:towards ex:ana .
ex:hired a sport:LifeEvent ; rdfs:label "Hired"@en ; sport:date "2004-11"^^xsd:gYearMonth ; sport:year 2004 ;
    sport:month 11 .
# A team without results, one without members that has a result (El Oro).
ex:club a sport:Team ; rdfs:label "Club"@en .
ex:di-club a sport:Membership ; sport:role sport:role-member ; sport:bearer ex:di ; sport:towards ex:club .
# A jump that improved, and one that did not.
ex:jump-1907 a sport:Contest ; rdfs:label "Long jump, 1907"@en ; sport:discipline ex:jump ;
    sport:date "1907-05-01"^^xsd:date ;
    sport:year 1907 ; sport:month 5 ; sport:day 1 .
ex:jump-1908 a sport:Contest ; rdfs:label "Long jump, 1908"@en ; sport:discipline ex:jump ;
    sport:date "1908-05-01"^^xsd:date ;
    sport:year 1908 ; sport:month 5 ; sport:day 1 .
ex:di-1907 a sport:Participation ; sport:competitor ex:di ; sport:contest ex:jump-1907 ; sport:rank 2 ;
    sport:mark ex:m-di-1907 .
ex:di-1908 a sport:Participation ; sport:competitor ex:di ; sport:contest ex:jump-1908 ; sport:rank 2 ;
    sport:mark ex:m-di-1908 .
ex:m-di-1907 a sport:Mark ; skos:notation "6.25" ; sport:value 6.25 ; sport:unit sport:unit-metre .
ex:m-di-1908 a sport:Mark ; skos:notation "6.25" ; sport:value 6.25 ; sport:unit sport:unit-metre .
# A life told: two sources of the birth, a nation that was changed, records, a result without a date.
ex:ana skos:altLabel "Annie"@en .
ex:ana-birth a sport:LifeEvent ; sport:eventKind sport:event-birth ; sport:agent ex:ana ; sport:location ex:loja ;
    sport:date "1880-02-29"^^xsd:date ; sport:year 1880 ; sport:month 2 ; sport:day 29 ;
    prov:wasDerivedFrom ex:book , ex:almanac .
ex:ana-death a sport:LifeEvent ; sport:eventKind sport:event-death ; sport:agent ex:ana ;
    sport:date "2012"^^xsd:gYear ; sport:year 2012 .
ex:almanac a sport:Source ; rdfs:label "Almanac"@en .
ex:book a sport:Source ; rdfs:label "Book"@en .
ex:ana sport:nationality ex:oro .
ex:ana-citizen a sport:Membership ; sport:role sport:role-citizen ; sport:bearer ex:ana ; sport:towards ex:oro ;
    sport:startDate "1910"^^xsd:gYear .
ex:record-1 a sport:RecordStatus ; sport:recordKind sport:record-world-record ; sport:holder ex:ana ;
    sport:discipline ex:hundred ;
    sport:mark ex:m-final ; sport:begunBy ex:final ; sport:endedBy ex:berlin .
ex:record-2 a sport:RecordStatus ; sport:recordKind sport:record-world-record ; sport:holder ex:ana ;
    sport:discipline ex:hundred ;
    sport:mark ex:m-berlin ; sport:begunBy ex:berlin .
ex:undated a sport:Contest ; rdfs:label "A race"@en ; sport:discipline ex:hundred .
ex:ana-undated a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:undated ; sport:rank 4 .
# A disqualification that a court took back, and the place it gave instead; two equal marks of one year.
ex:appeal a sport:LifeEvent ; rdfs:label "Appeal"@en ; sport:eventKind sport:event-appeal ; sport:agent ex:court ;
    sport:date "2015-03-01"^^xsd:date ; sport:year 2015 ; sport:month 3 ; sport:day 1 .
ex:hop a sport:Contest ; rdfs:label "Hop, 2014"@en ; sport:discipline ex:hopping ; sport:date "2014-09-03"^^xsd:date ;
    sport:year 2014 ; sport:month 9 ; sport:day 3 .
ex:hop-again a sport:Contest ; rdfs:label "Hop again, 2014"@en ; sport:discipline ex:hopping ;
    sport:date "2014-06-03"^^xsd:date ;
    sport:year 2014 ; sport:month 6 ; sport:day 3 .
ex:hopping a sport:Discipline ; rdfs:label "hopping"@en .
ex:gus a sport:Person ; rdfs:label "Gus"@en .
ex:gus-overturned a sport:Participation ; sport:competitor ex:gus ; sport:contest ex:hop ;
    sport:status sport:status-disqualified ;
    sport:endedBy ex:appeal .
ex:gus-hop a sport:Participation ; sport:competitor ex:gus ; sport:contest ex:hop ; sport:rank 1 ;
    sport:mark ex:m-gus ;
    sport:award ex:gus-gold ; sport:begunBy ex:appeal .
ex:gus-hop-again a sport:Participation ; sport:competitor ex:gus ; sport:contest ex:hop-again ; sport:rank 1 ;
    sport:mark ex:m-gus-again .
ex:gus-gold a sport:MedalAward ; sport:medal sport:medal-gold .
ex:m-gus a sport:Mark ; skos:notation "12.5" ; sport:value 12.5 ; sport:unit sport:unit-point .
ex:m-gus-again a sport:Mark ; skos:notation "12.50" ; sport:value 12.50 ; sport:unit sport:unit-point .
ex:gus-record a sport:RecordStatus ; sport:recordKind sport:record-national ; sport:holder ex:gus ;
    sport:discipline ex:hopping ;
    sport:mark ex:m-gus-again ; sport:begunBy ex:hop-again .
# A mark that was struck out, and the next one, which was no better.
ex:hal a sport:Person ; rdfs:label "Hal"@en .
ex:hal-out a sport:Participation ; sport:competitor ex:hal ; sport:contest ex:hop-again ; sport:rank 2 ;
    sport:mark ex:m-hal-out ;
    sport:endedBy ex:appeal .
ex:hal-hop a sport:Participation ; sport:competitor ex:hal ; sport:contest ex:hop ; sport:rank 2 ;
    sport:mark ex:m-hal .
ex:m-hal-out a sport:Mark ; skos:notation "11.5" ; sport:value 11.5 ; sport:unit sport:unit-point .
ex:m-hal a sport:Mark ; skos:notation "11" ; sport:value 11 ; sport:unit sport:unit-point .
"""


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> perezkg.KnowledgeGraph:
    path: Path = tmp_path_factory.mktemp("lives") / "lives.ttl"
    path.write_text(DATA, encoding="utf-8")
    return perezkg.load(path)


def shown(cell: Any) -> str:
    return "-" if cell is None else str(cell).replace("http://example.org/", "")


def told(graph: perezkg.KnowledgeGraph, name: str, columns: str, engine: str, **given: Any) -> list[str]:
    """Return some columns of an answer, a line each row; things are given by label."""
    answer = graph.query(name, engine=engine, **given)
    assert isinstance(answer, Solutions)
    return [" | ".join(shown(row[column]) for column in columns.split()) for row in answer]


OUT = "Loja relay 2008 | disqualified | doping | 2017-01-25 | 1 | gold medal | Ruling | Court | Bo"
FALSE_START = "Ana | disqualified | false start | 2011 | - | - | - | - | -"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [OUT, FALSE_START]),
        ({"date": "2017-01-25"}, [OUT, FALSE_START]),
        ({"date": "2017-01-24"}, [FALSE_START]),
        ({"date": "2010-12-31"}, []),
        ({"athlete": "Ana"}, [OUT, FALSE_START]),
        ({"athlete": "Bo"}, [OUT]),
        ({"athlete": "Cy"}, []),  # the reserve
        ({"athlete": "Loja relay 2008"}, [OUT]),
        ({"athlete": "Gus"}, []),  # of whom it was taken back
        ({"athlete": "Gus", "date": "2015-02-28"}, ["Gus | disqualified | - | 2014-09-03 | - | - | - | - | -"]),
        ({"athlete": "Di"}, []),  # of the team later only
        ({"athlete": "El Oro relay 2008"}, []),
    ],
)
def test_what_was_struck_out_for_what_and_by_whom(
    lives: perezkg.KnowledgeGraph, given: dict[str, str], expected: list[str], engine: str
) -> None:
    columns = "athlete status reason since rankLost medalLost decision decidedBy involved"
    assert told(lives, "disqualifications", columns, engine, **given) == expected


PROGRESSION = [
    "Ana | 100 metres | 2008-05 | 9.90 | - | -0.4 | m-may",
    "Ana | 100 metres | 2008-08-16 | 9.69 | 0.21 | - | m-final",  # not the heat of that day
    "Ana | 100 metres | 2009-08-16 | 9.58 | 0.11 | 0.9 | m-berlin",  # better than on any day of 2009
]


@pytest.mark.parametrize("engine", ENGINES)
def test_progression_leaves_out_wind_and_what_was_no_better(lives: perezkg.KnowledgeGraph, engine: str) -> None:
    columns = "athlete discipline date mark improvement wind iri"
    assert told(lives, "progression", columns, engine, athlete="Ana", discipline="100 metres") == PROGRESSION
    before = told(lives, "progression", columns, engine, athlete="Ana", discipline="100 metres", date="2009-08-15")
    assert before == [*PROGRESSION[:2], "Ana | 100 metres | 2009 | 9.65 | 0.04 | - | m-year"]
    jumpers = [line[:2] for line in told(lives, "progression", columns, engine, discipline="long jump")]
    assert jumpers == ["An", "Bo", "Cy", "Di", "Di"]


@pytest.mark.parametrize("engine", ENGINES)
def test_progression_of_a_length_is_towards_more(lives: perezkg.KnowledgeGraph, engine: str) -> None:
    expected = ["1906-05-01 | 6 | -", "1907-05-01 | 6.25 | 0.25"]
    assert told(lives, "progression", "date mark improvement", engine, athlete="Di") == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_progression_counts_what_stands_on_the_day(lives: perezkg.KnowledgeGraph, engine: str) -> None:
    columns = "athlete mark"
    relay = {"discipline": "relay"}
    now = ["El Oro relay 2008 | 38.06"]
    assert told(lives, "progression", columns, engine, **relay) == now
    assert sorted(told(lives, "progression", columns, engine, date="2016-12-31", **relay)) == [
        *now,
        "Loja relay 2008 | 37.10",
    ]
    hal = {"athlete": "Hal"}
    assert told(lives, "progression", columns, engine, **hal) == ["Hal | 11"]
    assert told(lives, "progression", columns, engine, date="2015-02-28", **hal) == ["Hal | 11.5"]


RELAY = ["Relay, Games 2008 | 1 | El Oro relay 2008 | El Oro | 38.06 | 0 | second"]
RELAY_BEFORE = [
    "Relay, Games 2008 | 1 | Loja relay 2008 | Loja | 37.10 | 0 | second",
    "Relay, Games 2008 | 2 | El Oro relay 2008 | El Oro | 38.06 | 0.96 | second",
]
FINAL = [
    "Final, Games 2008 | 1 | Ana | - | 9.69 | 0 | second",
    "Final, Games 2008 | 2 | Bo | - | 9.89 | 0.2 | second",
    "Final, Games 2008 | 3 | Cy | - | - | - | -",
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("competition", "day", "expected"),
    [
        (
            "Long jump, 1906",
            None,
            [
                "Long jump, 1906 | 1 | Cy | - | 6.56 | 0 | metre",
                "Long jump, 1906 | 2 | Ana | - | 6.40 | 0.16 | metre",
                "Long jump, 1906 | 2 | Bo | - | 6.40 | 0.16 | metre",
            ],
        ),
        ("Race in May", None, ["Race in May | 3 | Ana | - | 9.90 | - | second"]),  # nothing is told of the winner
        ("ex:games", None, FINAL + RELAY),  # the heat is none of them
        ("ex:games", "2017-01-24", FINAL + RELAY_BEFORE),
        ("ex:games-2008", "2008-08-21", FINAL),
        ("ex:meeting", None, ["Race in May | 3 | Ana | - | 9.90 | - | second"]),
        ("ex:heat", None, []),
    ],
)
def test_podiums_with_ties_and_places_that_moved_up(
    lives: perezkg.KnowledgeGraph, competition: str, day: str | None, expected: list[str], engine: str
) -> None:
    given = {"competition": competition.replace("ex:", "http://example.org/")} | ({"date": day} if day else {})
    columns = "contest rank athlete country mark behind unit"
    assert told(lives, "podium", columns, engine, **given) == expected


CLUB = "Club | - | - | - | - | - | Di | member | club"
ORO = "El Oro relay 2008 | Relay, Games 2008 | 1 | - | 38.06 | - | - | - | oro-gold"


def loja(rank: str, status: str, mark: str, iri: str) -> list[str]:
    result = f"Loja relay 2008 | Relay, Games 2008 | {rank} | {status} | {mark}"
    members = ("1 | Bo | member", "2 | Ana | captain", "- | Cy | reserve")  # Di came later
    return [f"{result} | {member} | {iri}" for member in members]


@pytest.mark.parametrize("engine", ENGINES)
def test_teams_with_their_members_in_order(lives: perezkg.KnowledgeGraph, engine: str) -> None:
    columns = "team contest rank status mark position member role iri"
    now = loja("-", "disqualified", "-", "loja-out")
    before = loja("1", "-", "37.10", "loja-gold")
    assert told(lives, "teams", columns, engine) == [CLUB, *now, ORO]
    assert told(lives, "teams", columns, engine, team="Bo", date="2017-01-24") == before
    assert told(lives, "teams", columns, engine, team="Club") == [CLUB]


COACHES = [
    "Eva | coach | Ana | 2004-11 | 2017-01-25",
    "Eva | head coach | Loja relay 2008 | 2007 | 2009-05",
    "Fay | assistant coach | Ana | - | -",
]


@pytest.mark.parametrize("engine", ENGINES)
def test_coaches_from_when_until_when(lives: perezkg.KnowledgeGraph, engine: str) -> None:
    columns = "coach role coached since until"
    assert told(lives, "coaches", columns, engine) == COACHES
    assert told(lives, "coaches", columns, engine, person="Ana") == [COACHES[0], COACHES[2]]
    assert told(lives, "coaches", columns, engine, person="Eva") == COACHES[:2]


ANA = [
    "name | Ana | - | - | ana",
    "full name | Ana Alba | - | - | ana",
    "also called | Annie | - | - | ana",
    "birth | 1880-02-29 | - | - | ana-birth",
    "place of birth | Loja | - | - | ana-birth",
    "death | 2012 | - | - | ana-death",
    "nationality | Loja | - | - | ana",
    "nationality | El Oro | 1910 | - | ana-citizen",
    "coach | Fay | - | - | coaching-3",
    "coach | Eva | 2004-11 | 2017-01-25 | coaching-2",
    "club or team | Loja relay 2008 | - | - | leg-2",
    "first result | Long jump, 1906 | 1906-05-01 | - | ana-1906",
    "last result | 100 metres, 2011 | 2011 | - | ana-2011",
]
TODAY = ["results | 10 | - | - | ana", "medals | gold medal, Olympic: 1 | - | - | ana"]
BEFORE = ["results | 10 | - | - | ana", "medals | gold medal, Olympic: 2 | - | - | ana"]
BEST = [
    "best mark | 9.58, 100 metres | 2009-08-16 | - | m-berlin",
    "best mark | 6.40, long jump | 1906-05-01 | - | m-ana-1906",
    "record | 9.69, 100 metres, world record | 2008-08-16 | 2009-08-16 | record-1",
    "record | 9.58, 100 metres, world record | 2009-08-16 | - | record-2",
]
TEAM = [
    "name | Loja relay 2008 | - | - | loja-team",
    "coach | Eva | 2007 | 2009-05 | coaching-1",
    "member | Bo | - | - | leg-1",
    "member | Ana | - | - | leg-2",
    "member | Cy | - | - | reserve",
    "member | Di | 2009 | - | late",
    "first result | Relay, Games 2008 | 2008-08-22 | - | loja-{0}",
    "last result | Relay, Games 2008 | 2008-08-22 | - | loja-{0}",
    "results | 1 | - | - | loja-team",
]
GOLD = ["medals | gold medal, Olympic: 1 | - | - | loja-team", "best mark | 37.10, relay | 2008-08-22 | - | m-loja"]
OUT_OF_IT = [line.format("out") for line in TEAM]
IN_GOLD = [line.format("gold") for line in TEAM] + GOLD
GUS = [
    "name | Gus | - | - | gus",
    "first result | Hop again, 2014 | 2014-06-03 | - | gus-hop-again",
    "last result | Hop, 2014 | 2014-09-03 | - | gus-hop",
    "results | 2 | - | - | gus",
]
GUS_BEFORE = [*GUS[:2], "last result | Hop, 2014 | 2014-09-03 | - | gus-overturned", GUS[3]]
HOPS = [
    "best mark | 12.50, hopping | 2014-06-03 | - | m-gus-again",
    "record | 12.50, hopping, national record | 2014-06-03 | - | gus-record",
]
CY = [
    "name | Cy | - | - | cy",
    "club or team | Loja relay 2008 | - | - | reserve",
    "first result | Long jump, 1906 | 1906-05-01 | - | cy-1906",
    "last result | Final, Games 2008 | 2008-08-16 | - | cy-final",
    "results | 2 | - | - | cy",
    "best mark | 6.56, long jump | 1906-05-01 | - | m-cy-1906",
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("athlete", "day", "expected"),
    [
        ("Ana", None, ANA + TODAY + BEST),
        ("Ana", "2017-01-24", ANA + BEFORE + BEST),  # with the medal of the relay
        ("Loja relay 2008", None, OUT_OF_IT),
        ("Loja relay 2008", "2017-01-24", IN_GOLD),
        ("Fay", None, ["name | Fay | - | - | fay"]),
        ("Gus", None, [*GUS, "medals | gold medal: 1 | - | - | gus", *HOPS]),
        ("Gus", "2015-02-28", [*GUS_BEFORE, *HOPS]),
        ("Cy", "2010-01-01", CY),  # without the gold of the relay, in which he was in reserve
    ],
)
def test_an_athlete_or_a_team_at_a_glance(
    lives: perezkg.KnowledgeGraph, athlete: str, day: str | None, expected: list[str], engine: str
) -> None:
    given = {"athlete": athlete} | ({"date": day} if day else {})
    assert told(lives, "profile", "property value since until iri", engine, **given) == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_a_glance_names_the_first_of_the_sources_of_each_fact(lives: perezkg.KnowledgeGraph, engine: str) -> None:
    rows = told(lives, "profile", "property source", engine, athlete="Ana", lang="es")
    assert [row for row in rows if not row.endswith("-")] == ["nacimiento | Almanac", "lugar de nacimiento | Almanac"]


BOTH = [
    "1906 | Long jump, 1906 | 2 | 6.40 | 2 | 6.40 | - | 0 | 1 | jump-1906",
    "2008 | Final, Games 2008 | 1 | 9.69 | 2 | 9.89 | Ana | 0.2 | 0 | final",
    "- | tally | 1 | - | 0 | - | Ana | - | 1 | ana",
]
RELAYS_NOW = [
    "2008 | Relay, Games 2008 | disqualified | - | 1 | 38.06 | El Oro relay 2008 | - | 0 | relay-2008",
    "- | tally | 0 | - | 1 | - | El Oro relay 2008 | - | 0 | loja-team",
]
RELAYS_BEFORE = [
    "2008 | Relay, Games 2008 | 1 | 37.10 | 2 | 38.06 | Loja relay 2008 | 0.96 | 0 | relay-2008",
    "- | tally | 1 | - | 0 | - | Loja relay 2008 | - | 0 | loja-team",
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("athlete", "rival", "day", "expected"),
    [
        ("Ana", "Bo", None, BOTH),
        ("Ana", "Bo", "2000-01-01", [BOTH[0], "- | tally | 0 | - | 0 | - | - | - | 1 | ana"]),
        ("Loja relay 2008", "El Oro relay 2008", None, RELAYS_NOW),
        ("Loja relay 2008", "El Oro relay 2008", "2017-01-24", RELAYS_BEFORE),
        ("Ana", "Fay", None, []),
    ],
)
def test_two_against_each_other_and_the_tally(
    lives: perezkg.KnowledgeGraph, athlete: str, rival: str, day: str | None, expected: list[str], engine: str
) -> None:
    given = {"athlete": athlete, "rival": rival} | ({"date": day} if day else {})
    columns = "year contest result mark rivalResult rivalMark ahead margin draws iri"
    assert told(lives, "head-to-head", columns, engine, **given) == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_the_best_of_each_year(lives: perezkg.KnowledgeGraph, engine: str) -> None:
    columns = "year athlete discipline mark unit wind iri"
    best = [
        "2008 | Ana | 100 metres | 9.69 | second | - | m-final",  # and no best of 2007, which was with too much wind
        "2009 | Ana | 100 metres | 9.58 | second | 0.9 | m-berlin",
    ]
    assert told(lives, "season-bests", columns, engine, athlete="Ana", discipline="100 metres") == best
    before = told(lives, "season-bests", columns, engine, athlete="Ana", discipline="100 metres", date="2009-01-01")
    assert before == [best[0], "2009 | Ana | 100 metres | 9.65 | second | - | m-year"]
    relay = {"discipline": "relay", "date": "2017-01-24"}
    assert [row[7:19] for row in told(lives, "season-bests", columns, engine, **relay)] == [
        "Loja relay 2",
        "El Oro relay",
    ]
    hops = told(lives, "season-bests", columns, engine, athlete="Gus")
    assert hops == ["2014 | Gus | hopping | 12.50 | point | - | m-gus-again"]  # the first of two equal ones
    jumps = [row[-13:] for row in told(lives, "season-bests", columns, engine, discipline="long jump")]
    assert [row.rpartition(" ")[2] for row in jumps] == [
        "m-ana-1906", "m-bo-1906", "m-cy-1906", "m-di-1906", "m-di-1907", "m-di-1908",
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2008-08-15", []),
        ("2008-08-16", ["world record | 100 metres | Ana | 9.69 | 2008-08-16 | 0"]),
        ("2009-08-15", ["world record | 100 metres | Ana | 9.69 | 2008-08-16 | 364"]),
        ("2009-08-16", ["world record | 100 metres | Ana | 9.58 | 2009-08-16 | 0"]),
        ("2012-03-01", ["world record | 100 metres | Ana | 9.58 | 2009-08-16 | 928"]),
        ("2100-03-01", ["world record | 100 metres | Ana | 9.58 | 2009-08-16 | 33069"]),
    ],
)
def test_records_that_stand_and_for_how_many_days(
    lives: perezkg.KnowledgeGraph, day: str, expected: list[str], engine: str
) -> None:
    given = {"date": day, "discipline": "100 metres"}
    assert told(lives, "records-standing", "kind discipline holder mark since days", engine, **given) == expected
    for row in expected:
        since, days = row.split(" | ")[-2:]
        assert int(days) == (date.fromisoformat(day) - date.fromisoformat(since)).days


@pytest.mark.parametrize("engine", ENGINES)
def test_days_are_counted_over_all_months(lives: perezkg.KnowledgeGraph, engine: str) -> None:
    begun = date(2014, 6, 3)
    for month in range(24):
        day = date(2015 + month // 12, month % 12 + 1, 28)
        answer = told(lives, "records-standing", "days", engine, date=day, discipline="hopping")
        assert answer == [str((day - begun).days)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-08-22", ["2008 | Relay, Games 2008 | El Oro relay 2008"]),
        ("2016-08-22", ["2008 | Relay, Games 2008 | Loja relay 2008"]),
        ("2008-08-21", []),
        ("2007-08-22", []),
        (
            "2009-08-16",
            ["2008 | Final, Games 2008 | Ana", "2008 | Heat, Games 2008 | Ana", "2009 | Berlin | Ana"],
        ),
        ("2026-02-28", []),
        ("2024-02-29", ["1880 | ana-birth | Ana"]),
        ("2026-01-25", ["2017 | Ruling | Court"]),
    ],
)
def test_what_happened_on_a_day_of_the_year(
    lives: perezkg.KnowledgeGraph, day: str, expected: list[str], engine: str
) -> None:
    assert told(lives, "on-this-day", "year event who", engine, date=day) == expected


@pytest.mark.parametrize("name", ["records-standing", "on-this-day"])
def test_today_when_no_day_is_given(lives: perezkg.KnowledgeGraph, kg: perezkg.KnowledgeGraph, name: str) -> None:
    today = datetime.now(UTC).date()
    for graph in (lives, kg):
        answer = graph.query(name)
        assert isinstance(answer, Solutions)
        assert {row.asOf for row in answer} <= {today, today - timedelta(days=1)}
        dated = graph.query(name, date=today)
        assert isinstance(dated, Solutions)
        assert [row.iri for row in answer] == [row.iri for row in dated]
