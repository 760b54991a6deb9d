"""The canned queries on somebody else's file: two athletes, no Spanish, missing labels, a map, claims that ended."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad

import perezkg
from perezkg.sparql.catalogue import catalogue
from perezkg.sparql.engines import ENGINES
from perezkg.sparql.results import Solutions, Triples

if TYPE_CHECKING:
    from pathlib import Path

EX = "http://example.org/"
NAMES = [query.name for query in catalogue()]
FILE = """
@prefix ex: <http://example.org/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sport: <https://w3id.org/perezkg/sport#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

# Ana has an English label, Bo one without language, their series three of which none is Spanish, the races none.
ex:ana a sport:Person ; rdfs:label "Ana"@en ; sport:name "Ana A." ; prov:wasDerivedFrom ex:book .
ex:bo a sport:Person ; rdfs:label "Bo" ; sport:name "Bo B." ; prov:wasDerivedFrom ex:book .
ex:birth a sport:LifeEvent ; rdfs:label "Birth of Ana"@en ; sport:eventKind sport:event-birth ; sport:agent ex:ana ;
    sport:year 1990 ; sport:date "1990"^^xsd:gYear ; prov:wasDerivedFrom ex:book .
ex:cup a sport:CompetitionSeries ; rdfs:label "Cup"@en , "Coupe"@fr , "Pokal"@de ; sport:level sport:level-world ;
    prov:wasDerivedFrom ex:book .
ex:walk a sport:Discipline ; rdfs:label "10 km walk"@en ; sport:metres 10000 ; prov:wasDerivedFrom ex:book .
ex:oslo a sport:Place ; rdfs:label "Oslo"@en ; sport:placeKind sport:place-city ; sport:containedIn ex:norway ;
    sport:latitude 59.9 ; sport:longitude 10.75 ; prov:wasDerivedFrom ex:book .
ex:norway a sport:Place ; sport:placeKind sport:place-country ; prov:wasDerivedFrom ex:book .

ex:cup-2010 a sport:CompetitionEdition ; sport:series ex:cup ; sport:year 2010 ; sport:location ex:oslo ;
    prov:wasDerivedFrom ex:book .
ex:cup-2011 a sport:CompetitionEdition ; sport:series ex:cup ; sport:year 2011 ; prov:wasDerivedFrom ex:book .
ex:cup-2012 a sport:CompetitionEdition ; sport:series ex:cup ; sport:year 2012 ; prov:wasDerivedFrom ex:book .
ex:cup-2013 a sport:CompetitionEdition ; sport:series ex:cup ; sport:year 2013 ; prov:wasDerivedFrom ex:book .
ex:cup-2014 a sport:CompetitionEdition ; sport:series ex:cup ; sport:year 2014 ; prov:wasDerivedFrom ex:book .
ex:race-2010 a sport:Contest ; sport:eventKind sport:contest-race ; sport:edition ex:cup-2010 ;
    sport:discipline ex:walk ; prov:wasDerivedFrom ex:book .
ex:race-2011 a sport:Contest ; sport:eventKind sport:contest-race ; sport:edition ex:cup-2011 ;
    sport:discipline ex:walk ; sport:year 2011 ; sport:month 3 ; sport:day 2 ; sport:date "2011-03-02"^^xsd:date ;
    prov:wasDerivedFrom ex:book .
ex:race-2012 a sport:Contest ; sport:eventKind sport:contest-race ; sport:edition ex:cup-2012 ; sport:year 2012 ;
    prov:wasDerivedFrom ex:book .
ex:race-2013 a sport:Contest ; sport:eventKind sport:contest-race ; sport:edition ex:cup-2013 ; sport:year 2013 ;
    prov:wasDerivedFrom ex:book .
ex:race-2014 a sport:Contest ; sport:eventKind sport:contest-race ; sport:edition ex:cup-2014 ; sport:year 2014 ;
    prov:wasDerivedFrom ex:book .

ex:ana-2010 a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:race-2010 ; sport:rank 1 ;
    sport:award ex:ana-gold ; sport:mark ex:mark-1 ; prov:wasDerivedFrom ex:book .
ex:bo-2010 a sport:Participation ; sport:competitor ex:bo ; sport:contest ex:race-2010 ; sport:rank 2 ;
    sport:award ex:bo-silver ; prov:wasDerivedFrom ex:book .
ex:ana-2011 a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:race-2011 ; sport:rank 1 ;
    sport:mark ex:mark-2 ; prov:wasDerivedFrom ex:book .
ex:bo-2012 a sport:Participation ; sport:competitor ex:bo ; sport:contest ex:race-2012 ; sport:rank 1 ;
    prov:wasDerivedFrom ex:book .
ex:ana-2013 a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:race-2013 ; sport:rank 1 ;
    prov:wasDerivedFrom ex:book .
ex:ana-2014 a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:race-2014 ; sport:rank 1 ;
    prov:wasDerivedFrom ex:book .
ex:ana-gold a sport:MedalAward ; sport:medal sport:medal-gold ; prov:wasDerivedFrom ex:book .
ex:bo-silver a sport:MedalAward ; sport:medal sport:medal-silver ; prov:wasDerivedFrom ex:book .
ex:mark-1 a sport:Mark ; sport:unit sport:unit-second ;
    sport:value 2700.5 ; skos:notation "45:00.5" ; prov:wasDerivedFrom ex:book .
ex:mark-2 a sport:Mark ; sport:unit sport:unit-second ;
    sport:value 2691 ; skos:notation "44:51" ; prov:wasDerivedFrom ex:book .

ex:ended a sport:Claim ; sport:claimKind sport:claim-only ; sport:about ex:ana-gold ; sport:saidBy ex:book ;
    sport:begunBy ex:race-2011 ; sport:endedBy ex:race-2013 ; prov:wasDerivedFrom ex:book .
ex:undated-end a sport:Claim ; sport:claimKind sport:claim-only ; sport:about ex:bo-silver ; sport:saidBy ex:book ;
    sport:begunBy ex:race-2012 ; sport:endedBy ex:trip ; prov:wasDerivedFrom ex:book .
ex:trip a sport:Journey ; rdfs:label "Trip"@en ; sport:agent ex:bo ; sport:origin ex:norway ;
    sport:destination ex:oslo ; sport:metres 12345 ; prov:wasDerivedFrom ex:book .
ex:book a sport:Source ; rdfs:label "A book"@en .
ex:page a sport:Passage ; oa:hasSource ex:book ; sport:position 7 .
"""


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> perezkg.KnowledgeGraph:
    path: Path = tmp_path_factory.mktemp("stranger") / "theirs.ttl"
    path.write_text(FILE, encoding="utf-8")
    return perezkg.load(path)


def table(graph: perezkg.KnowledgeGraph, name: str, *columns: str, **parameters: object) -> list[str]:
    """Return an answer as one line a row, of the columns named."""
    answer = graph.query(name, **parameters)  # type: ignore[arg-type]
    assert isinstance(answer, Solutions)
    rows = csv.DictReader(io.StringIO(answer.to_csv()))
    return [" ".join(row[column].removeprefix(EX) or "-" for column in columns) for row in rows]


def canonical(triples: Triples) -> set[Quad]:
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", NAMES)
def test_no_query_fails_and_engines_agree(stranger: perezkg.KnowledgeGraph, name: str, lang: str) -> None:
    # The canned query itself tells whether it takes a language: `run` passes it on only where it does.
    query = next(query for query in catalogue() if query.name == name)
    # By her label: the file has one thing that is called so.
    given = {
        name: "Ana" for name, parameter in query.parameters.items() if parameter.required and not parameter.default
    }
    oxigraph, rdflib = (stranger.run(query, dict(given), lang=lang, engine=engine) for engine in ENGINES)
    if isinstance(oxigraph, Triples):
        assert isinstance(rdflib, Triples)
        assert canonical(oxigraph) == canonical(rdflib)
    else:
        assert oxigraph == rdflib
    if isinstance(oxigraph, Solutions):
        assert len(set(oxigraph.rows)) == len(oxigraph), "a label in two languages, or a join, has doubled a row"


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("engine", ENGINES)
def test_medals_of_both_athletes_each_once_whatever_labels_they_have(
    stranger: perezkg.KnowledgeGraph, engine: str, lang: str
) -> None:
    gold, silver = {"en": ("gold medal", "silver medal"), "es": ("medalla de oro", "medalla de plata")}[lang]
    columns = ("year", "athlete", "competition", "place", "medal", "rank", "mark")
    assert table(stranger, "medals", *columns, lang=lang, engine=engine) == [
        f"2010 Ana Cup Oslo {gold} 1 45:00.5",
        f"2010 Bo Cup Oslo {silver} 2 -",
    ]


def test_medal_table_keeps_athletes_apart(stranger: perezkg.KnowledgeGraph) -> None:
    assert table(stranger, "medal-table", "athlete", "level", "gold", "silver", "bronze", "total") == [
        "Ana world 1 0 0 1",
        "Bo world 0 1 0 1",
    ]


def test_a_thing_without_label_shows_its_iri(stranger: perezkg.KnowledgeGraph) -> None:
    assert table(stranger, "results-by-country", "athlete", "country", "results", "wins") == [
        "Ana - 3 3",
        "Ana norway 1 1",
        "Bo - 1 1",
        "Bo norway 1 0",
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_class_without_things_counts_0(stranger: perezkg.KnowledgeGraph, engine: str) -> None:
    counts = table(stranger, "statistics", "class", "things", engine=engine)
    assert len(counts) == 23
    assert {"Education 0", "Person 2", "CompetitionEdition 5"} <= set(counts)


def test_runs_of_titles_end_where_an_edition_was_not_won(stranger: perezkg.KnowledgeGraph) -> None:
    assert table(stranger, "consecutive-titles", "athlete", "series", "first", "last", "titles") == [
        "Ana Cup 2010 2011 2",
        "Ana Cup 2013 2014 2",
    ]


@pytest.mark.parametrize(
    ("asked", "ended", "undated_end"),
    [
        (date(2011, 3, 1), "false", "false"),  # the day before it began
        (date(2011, 3, 2), "true", "false"),  # the day it began
        (date(2012, 1, 1), "true", "-"),  # begun with the year; its end has no date, which decides nothing
        (date(2012, 12, 31), "true", "-"),
        (date(2013, 6, 1), "-", "-"),  # ended on some day of that year: nobody can say
        (date(2013, 12, 31), "false", "-"),
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_claim_stands_between_its_two_events(
    stranger: perezkg.KnowledgeGraph, asked: date, ended: str, undated_end: str, engine: str
) -> None:
    rows = table(stranger, "claims", "iri", "since", "until", "stood", date=asked, engine=engine)
    assert rows == [f"ended 2011-03-02 2013 {ended}", f"undated-end 2012 - {undated_end}"]


def test_the_best_mark_is_the_one_of_fewest_seconds(stranger: perezkg.KnowledgeGraph) -> None:
    assert table(stranger, "best-marks", "athlete", "mark", "value", "year") == ["Ana 44:51 2691 2011"]
    assert table(stranger, "marks-of-distance", "mark", metres=10000) == ["44:51", "45:00.5"]
    assert table(stranger, "marks-of-distance", "mark") == []


def test_kilometres_keep_their_fraction(stranger: perezkg.KnowledgeGraph) -> None:
    answer = stranger.query("pilgrimage")
    assert isinstance(answer, Solutions)
    assert [row.kilometres for row in answer] == [Decimal("12.345")]


def test_results_with_no_year_of_their_own_take_that_of_the_competition(stranger: perezkg.KnowledgeGraph) -> None:
    rows = table(stranger, "results-between", "year", "athlete", start=2010, end=2011)
    assert rows == ["2010 Ana", "2010 Bo", "2011 Ana"]
    ages = table(stranger, "age-at-results", "athlete", "ageAtLeast", "ageAtMost", "ageTold")
    assert ages[:2] == ["Ana 19 20 -", "Bo - - -"]


def test_the_timeline_goes_by_day_where_the_day_is_told(stranger: perezkg.KnowledgeGraph) -> None:
    assert table(stranger, "timeline", "notBefore", "date", "iri", "who") == [
        "1990 1990 birth Ana",
        "2010 - race-2010 Ana",
        "2010 - race-2010 Bo",
        "2011 2011-03-02 race-2011 Ana",
        "2012 - race-2012 Bo",
        "2013 - race-2013 Ana",
        "2014 - race-2014 Ana",
        "- - trip Bo",
    ]
    assert table(stranger, "timeline", "iri", "who", person="<" + EX + "bo>") == [
        "race-2010 Bo",
        "race-2012 Bo",
        "trip Bo",
    ]


def test_an_uncited_sentence_is_found(stranger: perezkg.KnowledgeGraph) -> None:
    assert table(stranger, "uncited-sentences", "source", "sentence", "iri") == ["A book 7 page"]


def test_only_a_place_on_the_map_has_a_point(stranger: perezkg.KnowledgeGraph) -> None:
    triples = stranger.query("geojson-places")
    assert isinstance(triples, Triples)
    points = {triple.subject: triple.object for triple in triples if triple.predicate.value.endswith("#geometry")}
    assert [str(place) for place in points] == [f"<{EX}oslo>"]
    numbers = [triple.object for triple in triples if triple.predicate.value.endswith("#first")]
    assert {term.value for term in numbers if isinstance(term, Literal)} == {"10.75", "59.9"}
    assert (
        len([triple for triple in triples if triple.object == NamedNode("https://purl.org/geojson/vocab#Point")]) == 1
    )
