"""The vocabulary with the data before HermiT: consistent, and inconsistent with any contradiction planted in it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from rdflib import Graph

SPORT = "https://w3id.org/perezkg/sport#"

CONTRADICTIONS = {
    "a person is a place": "pz:cuenca a sport:Person .",
    "a person is an organisation": "pz:jefferson-perez a sport:Organisation .",
    "an event is the part taken in it": "pz:olympic-games-1996-walk a sport:Participation .",
    "a contest is an edition": "pz:olympic-games-1996-walk a sport:CompetitionEdition .",
    "a journey is a life event": "pz:birth a sport:Journey .",
    "a kinship is a coaching": "pz:kinship-fabian-jefferson a sport:Coaching .",
    "a source is its passage": "bio:s1 a sport:Source .",
    "a contest is an athlete": "pz:perez-olympic-games-2000 sport:competitor pz:olympic-games-2000-walk .",
    "a person is a contest": "pz:x sport:contest pz:jefferson-perez .",
    "a mark is an award": "pz:perez-olympic-games-1996 sport:award pz:mark-1-17-21 .",
    "a place ranks": "pz:cuenca sport:rank 1 .",
    "a person has a length": "pz:jefferson-perez sport:metres 20000 .",
    "an interval begins with a person": "pz:race-walking-career sport:begunBy pz:luis-munoz .",
    "a place acts": "pz:birth sport:agent pz:cuenca .",
    "a contest bears a medal": "pz:olympic-games-1996-walk sport:medal sport:medal-gold .",
    "two years": "pz:olympic-games-1996 sport:year 1997 .",
    "two ranks": "pz:perez-olympic-games-1996 sport:rank 2 .",
    "two names": 'pz:luis-munoz sport:name "Luis M." .',
    "two times": 'pz:mark-1-17-21 sport:value "4642"^^xsd:decimal .',
    "a year in words": 'pz:x a sport:Contest ; sport:year "1996" .',
    "a broken rank": 'pz:x a sport:Participation ; sport:rank "1.5"^^xsd:decimal .',
    "a name in Spanish only": 'pz:x a sport:Contest ; sport:name "AID"@es .',
    "two hometowns that differ": (
        "pz:jefferson-perez sport:hometown pz:quito . pz:quito owl:differentFrom pz:cuenca ."
    ),
    "a team is a person": "pz:x a sport:Team , sport:Person .",
    "a membership is a kinship": "pz:kinship-fabian-jefferson a sport:Membership .",
    "a series of competitions competes": "pz:x a sport:CompetitionSeries . pz:y sport:competitor pz:x .",
    "a split is part of a contest": "pz:mark-1-17-21 sport:splitOf pz:olympic-games-1996-walk .",
    "a mark is a split of itself": "pz:mark-1-17-21 sport:splitOf pz:mark-1-17-21 .",
    "a heat holds its final, which holds the heat": "pz:x sport:partOf pz:y . pz:y sport:partOf pz:x .",
    "two athletes that differ": (
        "pz:perez-olympic-games-1996 sport:competitor pz:fabian . pz:fabian owl:differentFrom pz:jefferson-perez ."
    ),
    "each follows the other": "pz:training-week sport:follows pz:physical-education-examination .",
    "something follows itself": "pz:birth sport:follows pz:birth .",
    "something happens during itself": "pz:training-week sport:during pz:training-week .",
    "a place lies in what lies in it": "pz:cuenca sport:containedIn pz:el-vecino .",
    "a place lies in itself": "pz:paris sport:containedIn pz:paris .",
    "an assessment that is a claim": "pz:assessment-final-race a sport:Claim .",
    "an assessment of something that is no claim": "pz:assessment-final-race sport:assesses pz:cuenca .",
    "a source that repeats a place": "src:reuters sport:repeats pz:cuenca .",
}

# What a reader might take for a contradiction, and OWL does not: the shapes look after these.
NOT_CONTRADICTIONS = {
    "one year written in two ways": 'pz:olympic-games-1996 sport:year "01996"^^xsd:integer .',
    "two athletes, until told apart, are one person with two names": (
        "pz:perez-olympic-games-1996 sport:competitor pz:somebody ."
    ),
    "a participation without athlete or contest": "pz:x a sport:Participation .",
    "a birth before nobody's parents": "pz:x a sport:LifeEvent ; sport:eventKind sport:event-birth .",
    "two countries, one after the other": (
        "pz:jefferson-perez sport:nationality pz:spain . pz:spain owl:differentFrom pz:ecuador ."
    ),
    "a team competes, and has members": "pz:x a sport:Team . pz:y sport:competitor pz:x . pz:z sport:towards pz:x .",
    "a circle of three": "pz:a sport:follows pz:b . pz:b sport:follows pz:c . pz:c sport:follows pz:a .",
    "two dates, of a datatype that OWL does not know": 'pz:birth sport:date "1975-07-01"^^xsd:date .',
    "a thirteenth month": "pz:x a sport:Contest ; sport:year 1996 ; sport:month 13 .",
    "a claim about anything": "pz:x a sport:Claim ; sport:about pz:cuenca , pz:birth , src:biography .",
    "a person who is matched, and so a concept for SKOS": (
        "pz:fabian a skos:Concept ; skos:exactMatch <http://www.wikidata.org/entity/Q1> ."
    ),
}

# A breach, and what the OWL API says of it: the violation, and the term or the axiom that it is about.
NOT_DL = {
    "a property that is not declared": (
        "pz:cuenca sport:mayor pz:luis-munoz .",
        {f"Use of undeclared annotation property: {SPORT}mayor"},
    ),
    "a property of objects and of data": (
        "sport:rank a owl:ObjectProperty .",
        {f"Cannot pun between properties: {SPORT}rank"},
    ),
    "an annotation property that relates things": (
        "skos:altLabel a owl:ObjectProperty .",
        {"Cannot pun between properties: http://www.w3.org/2004/02/skos/core#altLabel"},
    ),
    "an asymmetric property that is transitive": (
        "sport:follows a owl:TransitiveProperty .",
        {
            f"Use of non-simple property in AsymmetricObjectProperty axiom: {SPORT}follows",
            f"Use of non-simple property in IrrefexiveObjectProperty axiom: {SPORT}follows",
        },
    ),
    "a functional property that is transitive": (
        "sport:containedIn a owl:TransitiveProperty .",
        {
            f"Use of non-simple property in AsymmetricObjectProperty axiom: {SPORT}containedIn",
            f"Use of non-simple property in FunctionalObjectProperty axiom: {SPORT}containedIn",
            f"Use of non-simple property in IrrefexiveObjectProperty axiom: {SPORT}containedIn",
        },
    ),
    "a class that is a datatype": (
        "sport:Mark a rdfs:Datatype .",
        {f"Datatype IRI also used as Class IRI: {SPORT}Mark"},
    ),
}


Judged = dict[str, tuple[str, list[str], list[str]]]
Judge = Callable[[dict[str, Graph]], Judged]


@pytest.fixture(scope="module")
def ours(judge: Judge, ontology_files: dict[str, Graph]) -> Judged:
    return judge(ontology_files)


@pytest.fixture(scope="module")
def planted(judge: Judge, extended: Callable[[str], Graph]) -> Judged:
    """All planted faults, in one run of Java; files have numbers, because the names of faults are sentences."""
    breaches = {name: turtle for name, (turtle, _) in NOT_DL.items()}
    faults = list((CONTRADICTIONS | NOT_CONTRADICTIONS | breaches).items())
    answers = judge({str(number): extended(turtle) for number, (_, turtle) in enumerate(faults)})
    return {name: answers[str(number)] for number, (name, _) in enumerate(faults)}


@pytest.mark.parametrize("name", ["sport", "concepts", "alignments", "data"])
def test_consistent_without_an_empty_class_and_within_owl_2_dl(ours: Judged, name: str) -> None:
    assert ours[name] == ("consistent", [], [])


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_planted_contradiction_is_noticed(planted: Judged, name: str) -> None:
    assert planted[name] == ("inconsistent", [], [])


@pytest.mark.slow
@pytest.mark.parametrize("name", NOT_CONTRADICTIONS)
def test_what_only_looks_like_a_contradiction_is_none(planted: Judged, name: str) -> None:
    assert planted[name] == ("consistent", [], [])


@pytest.mark.slow
@pytest.mark.parametrize("name", NOT_DL)
def test_what_leaves_owl_2_dl_is_noticed(planted: Judged, name: str) -> None:
    assert {re.sub(r": .*?<?(https?://[^\s>]+).*", r": \1", said) for said in planted[name][2]} == NOT_DL[name][1]


@pytest.mark.slow
def test_a_class_that_can_have_no_member_is_noticed(judge: Judge, extended: Callable[[str], Graph]) -> None:
    verdict = judge({"empty": extended("sport:Amphibian a owl:Class ; rdfs:subClassOf sport:Person , sport:Place .")})
    assert verdict["empty"][:2] == ("consistent", ["https://w3id.org/perezkg/sport#Amphibian"])
