"""Results that were struck out or moved up years later: what counts depends on the day that is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import perezkg
from perezkg.sparql.engines import ENGINES
from perezkg.sparql.results import Solutions, Triples

if TYPE_CHECKING:
    from pathlib import Path

# Nine gold medals of Lee's, the last in a relay that is struck out years later; its silver medallists move up.
SPRINTS = "".join(
    f"""
ex:race-{number} a sport:Contest ; sport:edition ex:games-2008 ; sport:discipline ex:sprint ;
    sport:year 2008 ; sport:month 8 ; sport:day {number} ; sport:date "2008-08-0{number}"^^xsd:date .
ex:lee-{number} a sport:Participation ; sport:competitor ex:lee ; sport:contest ex:race-{number} ; sport:rank 1 ;
    sport:award ex:gold-{number} .
ex:gold-{number} a sport:MedalAward ; rdfs:label "Gold {number}"@en ; sport:medal sport:medal-gold .
"""
    for number in range(1, 9)
)
DATA = """
@prefix ex: <http://example.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sport: <https://w3id.org/perezkg/sport#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:lee a sport:Person ; rdfs:label "Lee"@en .
ex:kim a sport:Person ; rdfs:label "Kim"@en .
ex:sam a sport:Person ; rdfs:label "Sam"@en .
ex:four a sport:Team ; rdfs:label "Lee's four"@en .
ex:rivals a sport:Team ; rdfs:label "Rivals"@en .
ex:lee-in-four a sport:Membership ; sport:bearer ex:lee ; sport:role sport:role-member ; sport:towards ex:four .
ex:kim-in-four a sport:Membership ; sport:bearer ex:kim ; sport:role sport:role-member ; sport:towards ex:four ;
    sport:endDate "2008-08-21"^^xsd:date .
ex:sam-in-four a sport:Membership ; sport:bearer ex:sam ; sport:role sport:role-reserve ; sport:towards ex:four .

ex:sprint a sport:Discipline ; rdfs:label "sprint"@en ; sport:metres 100 .
ex:games a sport:CompetitionSeries ; rdfs:label "Games"@en ; sport:level sport:level-olympic .
ex:games-2008 a sport:CompetitionEdition ; sport:series ex:games ; sport:year 2008 .
ex:relay a sport:Contest ; rdfs:label "Relay"@en ; sport:edition ex:games-2008 ;
    sport:year 2008 ; sport:month 8 ; sport:day 22 ; sport:date "2008-08-22"^^xsd:date .
ex:decision a sport:LifeEvent ; sport:eventKind sport:event-sanction ; rdfs:label "Decision"@en @DECIDED@ .

ex:four-first a sport:Participation ; sport:competitor ex:four ; sport:contest ex:relay ; sport:rank 1 ;
    sport:award ex:gold-9 ; sport:mark ex:mark-four ; sport:endedBy ex:decision .
ex:four-out a sport:Participation ; sport:competitor ex:four ; sport:contest ex:relay ;
    sport:status sport:status-disqualified ; sport:begunBy ex:decision .
ex:rivals-second a sport:Participation ; sport:competitor ex:rivals ; sport:contest ex:relay ; sport:rank 2 ;
    sport:award ex:silver ; sport:endedBy ex:decision .
ex:rivals-first a sport:Participation ; sport:competitor ex:rivals ; sport:contest ex:relay ; sport:rank 1 ;
    sport:award ex:gold-moved-up ; sport:begunBy ex:decision .
ex:gold-9 a sport:MedalAward ; rdfs:label "Gold 9"@en ; sport:medal sport:medal-gold .
ex:silver a sport:MedalAward ; sport:medal sport:medal-silver .
ex:gold-moved-up a sport:MedalAward ; sport:medal sport:medal-gold .
ex:mark-four a sport:Mark ; skos:notation "37.10" ; sport:value 37.10 ; sport:unit sport:unit-second .
"""
DAY = "; sport:year 2017 ; sport:month 1 ; sport:day 25"
YEAR = "; sport:year 2017"
LEE = "http://example.org/lee"

pytestmark = pytest.mark.parametrize("engine", ENGINES)


def graph(folder: Path, decided: str = DAY, more: str = "") -> perezkg.KnowledgeGraph:
    path = folder / "lee.ttl"
    path.write_text(DATA.replace("@DECIDED@", decided) + SPRINTS + more, encoding="utf-8")
    return perezkg.load(path)


def rows(graph: perezkg.KnowledgeGraph, query: str, engine: str, **parameters: Any) -> list[Any]:
    answer = graph.query(query, engine=engine, **parameters)
    assert isinstance(answer, Solutions)
    return list(answer)


def golds(graph: perezkg.KnowledgeGraph, engine: str, who: str = "lee", **parameters: Any) -> int:
    table = rows(graph, "medal-table", engine, athlete=f"http://example.org/{who}", **parameters)
    listed = rows(graph, "medals", engine, athlete=f"http://example.org/{who}", **parameters)
    assert len(listed) == sum(row.total for row in table), "the table counts what the list has"
    return sum(row.gold for row in table)


def test_a_gold_medal_lost_years_later_counts_until_then(tmp_path: Path, engine: str) -> None:
    lee = graph(tmp_path)
    found = [golds(lee, engine, date=day) for day in ("2008-08-04", "2008-08-22", "2017-01-24", "2017-01-25")]
    assert found == [4, 9, 9, 8]
    assert golds(lee, engine) == 8, "today"


def test_who_moves_up_has_one_medal_on_any_day(tmp_path: Path, engine: str) -> None:
    lee = graph(tmp_path)
    for day, medal in (("2017-01-24", "silver medal"), ("2017-01-25", "gold medal")):
        (row,) = rows(lee, "medals", engine, athlete="http://example.org/rivals", date=day)
        assert row.medal == medal


@pytest.mark.parametrize(
    ("decided", "day", "count"),
    [
        (YEAR, "2016-12-31", 9),
        (YEAR, "2017-01-01", 8),
        (f"{YEAR} ; sport:month 3", "2017-02-28", 9),
        (f"{YEAR} ; sport:month 3", "2017-03-01", 8),
        ("", "2008-08-31", 8),
        ("; sport:year 9000", None, 9),
    ],
)
def test_a_decision_whose_day_is_not_known_counts_from_the_first_that_it_may_have_been(
    tmp_path: Path, engine: str, decided: str, day: str | None, count: int
) -> None:
    assert golds(graph(tmp_path, decided), engine, date=day) == count


def test_a_medal_of_a_team_is_its_members_if_they_were_members_then(tmp_path: Path, engine: str) -> None:
    lee = graph(tmp_path)
    then = {"date": "2009-01-01"}
    assert golds(lee, engine, "kim", **then) == 0, "left the day before"
    assert golds(lee, engine, "sam", **then) == 0, "a reserve"
    assert golds(lee, engine, "four", **then) == 1
    medals = [row.iri for row in rows(lee, "medals", engine, **then)]
    assert len(medals) == len(set(medals)) == 10, "each medal once where nobody is asked about"


def test_one_person_whom_the_graph_is_about_is_answered_for(tmp_path: Path, engine: str) -> None:
    about = graph(tmp_path, more="\nex:data foaf:primaryTopic ex:lee . ex:copy foaf:primaryTopic ex:lee .\n")
    for query in ("medals", "medal-table"):
        assert rows(about, query, engine) == rows(about, query, engine, athlete=LEE)
        assert len(rows(about, query, engine, whose="everyone")) > len(rows(about, query, engine))
        assert [row.athlete for row in rows(about, query, engine, athlete="http://example.org/rivals")] == ["Rivals"]
    two = graph(tmp_path, more="\nex:data foaf:primaryTopic ex:lee , ex:kim .\n")
    assert rows(two, "medals", engine) == rows(two, "medals", engine, whose="everyone")


CLAIM = "\nex:all a sport:Claim ; sport:claimKind sport:claim-complete ; sport:about ex:lee @SERIES@ .\n"


@pytest.mark.parametrize(
    ("more", "partial"),
    [
        ("", True),
        (CLAIM.replace("@SERIES@", ""), False),
        (CLAIM.replace("@SERIES@", ", ex:games"), False),
        (CLAIM.replace("@SERIES@", ", ex:cup") + "ex:cup a sport:CompetitionSeries .", True),
        (
            CLAIM.replace("@SERIES@", "") + "ex:no sport:assesses ex:all ; sport:verdict sport:verdict-contradicted .",
            True,
        ),
    ],
)
def test_a_tally_is_partial_unless_a_claim_says_that_it_is_complete(
    tmp_path: Path, engine: str, more: str, partial: bool
) -> None:
    lee = graph(tmp_path, more=more)
    for query in ("medals", "medal-table"):
        told = {row.partial for row in rows(lee, query, engine, athlete=LEE)}
        assert told == {partial}


def test_olympic_results_are_those_of_the_day(tmp_path: Path, engine: str) -> None:
    lee = graph(tmp_path)
    for day, status in (("2010-01-01", None), ("2020-01-01", "disqualified")):
        relay = [row for row in rows(lee, "olympic-results", engine, athlete=LEE, date=day) if row.athlete != "Lee"]
        assert [(row.rank, row.status) for row in relay] == [(None if status else 1, status)]


def test_games_that_do_not_count_are_not_olympic(tmp_path: Path, engine: str) -> None:
    lee = graph(tmp_path, more="\nex:games-2008 sport:level sport:level-unrecognised .\n")
    assert rows(lee, "olympic-results", engine) == []
    assert not lee.query("won-olympic-gold", engine=engine, athlete=LEE)
    assert {row.level for row in rows(lee, "medal-table", engine)} == {"unrecognised"}


def test_who_lost_the_only_gold_has_won_none(tmp_path: Path, engine: str) -> None:
    lost = graph(tmp_path)
    assert lost.query("won-olympic-gold", engine=engine, athlete=LEE)
    assert not lost.query("won-olympic-gold", engine=engine, athlete="http://example.org/four")
    assert lost.query("won-olympic-gold", engine=engine, athlete="http://example.org/rivals")


def test_lists_of_results_have_what_stands_and_results_until_when(tmp_path: Path, engine: str) -> None:
    lee = graph(tmp_path)
    for query in ("results-between", "age-at-results", "world-championships", "firsts-and-lasts"):
        given = {"series": "http://example.org/games"} if query == "world-championships" else {}
        given |= {"start": "2000", "end": "2020"} if query == "results-between" else {}
        told = {row.iri.rpartition("/")[2] for row in rows(lee, query, engine, **given)}
        assert not told & {"four-first", "rivals-second"}, query
        assert {"four-out", "rivals-first"} <= told, query
    until = {row.iri.rpartition("/")[2]: row.until for row in rows(lee, "results", engine)}
    assert [until[name] for name in ("four-first", "four-out", "rivals-second", "rivals-first")] == [
        "2017-01-25",
        None,
        "2017-01-25",
        None,
    ]
    wins = {row.athlete: (row.results, row.wins) for row in rows(lee, "results-by-country", engine)}
    assert wins["Lee's four"] == (1, 0)
    assert wins["Rivals"] == (1, 1)
    (counted,) = [row for row in rows(lee, "statistics", engine) if row.iri.endswith("#Participation")]
    assert counted.things == 10
    for view, gold in (("plain-triples", "gold-{}"), ("schema-org", "Gold {}")):
        answer = lee.query(view, engine=engine)
        assert isinstance(answer, Triples)
        assert gold.format(8) in answer.to_turtle()
        assert gold.format(9) not in answer.to_turtle()


CHAIN = """
ex:vault a sport:Discipline ; rdfs:label "vault"@en .
ex:old a sport:RecordStatus ; sport:recordKind sport:record-national ; sport:holder ex:kim ; sport:discipline ex:vault ;
    sport:mark ex:mark-old ; sport:begunBy ex:race-1 ; sport:endedBy ex:relay .
ex:new a sport:RecordStatus ; sport:recordKind sport:record-national ; sport:holder ex:lee ; sport:discipline ex:vault ;
    sport:mark ex:mark-new ; sport:begunBy ex:relay .
ex:mark-old a sport:Mark ; skos:notation "5.00" ; sport:value 5.0 ; sport:unit sport:unit-metre .
ex:mark-new a sport:Mark ; skos:notation "5.10" ; sport:value 5.1 ; sport:unit sport:unit-metre .
"""


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        ("2008-07-31", [False, False]),
        ("2008-08-01", [True, False]),
        ("2008-08-21", [True, False]),
        ("2008-08-22", [False, True]),
        (None, [False, True]),
    ],
)
def test_one_record_of_a_chain_stands_on_a_day(
    tmp_path: Path, engine: str, day: str | None, stands: list[bool]
) -> None:
    chain = rows(graph(tmp_path, more=CHAIN), "records", engine, date=day, discipline="http://example.org/vault")
    assert [row.stands for row in chain] == stands
    assert [(row.mark, row.since, row.until) for row in chain] == [
        ("5.00", "2008-08-01", "2008-08-22"),
        ("5.10", "2008-08-22", None),
    ]


JUMPS = """
ex:jump a sport:Discipline ; rdfs:label "long jump"@en ; sport:metres 0 .
ex:men a sport:Contest ; rdfs:label "Men"@en ; sport:discipline ex:jump ; sport:category sport:category-men .
ex:open a sport:Contest ; rdfs:label "Open"@en ; sport:discipline ex:jump .
""" + "".join(
    f"""
ex:jump-{name} a sport:Participation ; sport:competitor ex:kim ; sport:contest ex:{contest} ;
    sport:mark ex:m-{name} {more} .
ex:m-{name} a sport:Mark ; skos:notation "{value}" ; sport:value {value} ; sport:unit sport:{unit} {note} .
"""
    for name, contest, value, unit, note, more in (
        ("short", "men", 7.5, "unit-metre", "", ""),
        ("long", "men", 8.0, "unit-metre", "", ""),
        ("windy", "men", 8.2, "unit-metre", "; sport:markNote sport:note-wind-assisted", ""),
        ("lost", "men", 8.4, "unit-metre", "", "; sport:endedBy ex:decision"),
        ("out", "men", 8.6, "unit-metre", "", "; sport:status sport:status-disqualified"),
        ("split", "men", 8.8, "unit-metre", "; sport:markNote sport:note-stretch", ""),
        ("open", "open", 7.0, "unit-metre", "", ""),
        ("slow", "men", 12.0, "unit-second", "", ""),
        ("fast", "men", 11.0, "unit-second", "", ""),
    )
)


def test_the_best_mark_is_the_least_in_seconds_and_the_most_in_metres(tmp_path: Path, engine: str) -> None:
    kim = graph(tmp_path, more=JUMPS)
    best = rows(kim, "best-marks", engine, athlete="http://example.org/kim")
    assert [(row.category, float(row.value), row.note) for row in best] == [
        (None, 7.0, None),
        ("men", 8.0, None),
        ("men", 8.2, "wind-assisted"),
        ("men", 11.0, None),
    ]
    of_lee = rows(kim, "best-marks", engine, athlete=LEE)
    assert of_lee == [], "the relay's only mark was struck out"
    listed = [float(row.value) for row in rows(kim, "marks-of-distance", engine, metres="0.0")]
    assert listed == [8.2, 8.0, 7.5, 7.0, 11.0, 12.0]


def test_the_best_mark_of_a_team_is_its_members(tmp_path: Path, engine: str) -> None:
    more = """
ex:again a sport:Contest ; rdfs:label "Again"@en ; sport:discipline ex:sprint .
ex:four-again a sport:Participation ; sport:competitor ex:four ; sport:contest ex:again ; sport:mark ex:mark-again .
ex:mark-again a sport:Mark ; skos:notation "38" ; sport:value 38 ; sport:unit sport:unit-second .
"""
    found = rows(graph(tmp_path, more=more), "best-marks", engine)
    assert [(row.athlete, row.team, row.mark) for row in found] == [
        ("Lee's four", "Lee's four", "38"),
        ("Kim", "Lee's four", "38"),
        ("Lee", "Lee's four", "38"),
    ]


def test_a_title_lost_later_or_a_heat_won_is_no_title(tmp_path: Path, engine: str) -> None:
    def run(extra: str) -> list[tuple[int, int]]:
        more = "".join(
            f"""
ex:games-{year} a sport:CompetitionEdition ; sport:series ex:games ; sport:year {year} .
ex:final-{year} a sport:Contest ; sport:edition ex:games-{year} ; sport:discipline ex:sprint ; sport:year {year} .
ex:kim-{year} a sport:Participation ; sport:competitor ex:kim ; sport:contest ex:final-{year} ; sport:rank 1 .
"""
            for year in (2012, 2016, 2020)
        )
        found = rows(graph(tmp_path, more=more + extra), "consecutive-titles", engine)
        return [(row.first, row.last) for row in found]

    assert run("") == [(2012, 2020)]
    assert run("ex:final-2012 sport:round sport:round-final .") == [(2012, 2020)]
    assert run("ex:kim-2012 sport:endedBy ex:decision .") == [(2016, 2020)]
    assert run("ex:final-2020 sport:round sport:round-heat .") == [(2012, 2016)]
    assert run("ex:kim-2016 sport:endedBy ex:decision .") == []
