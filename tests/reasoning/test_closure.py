"""What OWL 2 RL concludes from the vocabulary and the data: the types written down here, and no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

SPORT = "https://w3id.org/perezkg/sport#"
CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"
ENTITY = "http://www.w3.org/ns/prov#Entity"
SPECIFIC_RESOURCE = "http://www.w3.org/ns/oa#SpecificResource"
SELECTOR = "http://www.w3.org/ns/oa#TextPositionSelector"

# The class that the data give -> the classes that follow from it.
FOLLOWS = {
    SPORT + "CompetitionEdition": {SPORT + "Event"},
    SPORT + "Contest": {SPORT + "Event"},
    SPORT + "LifeEvent": {SPORT + "Event"},
    SPORT + "Journey": {SPORT + "Event"},
    SPORT + "Education": {SPORT + "Event"},
    SPORT + "Person": set(),
    SPORT + "Team": {SPORT + "Organisation"},
    SPORT + "Organisation": set(),
    SPORT + "Place": set(),
    SPORT + "Discipline": {CONCEPT},
    SPORT + "CompetitionSeries": set(),
    SPORT + "Participation": set(),
    SPORT + "Mark": set(),
    SPORT + "Award": set(),
    SPORT + "MedalAward": {SPORT + "Award"},
    SPORT + "RecordStatus": set(),
    SPORT + "Kinship": {SPORT + "Relationship"},
    SPORT + "Coaching": {SPORT + "Relationship"},
    SPORT + "Membership": {SPORT + "Relationship"},
    SPORT + "Claim": set(),
    SPORT + "Assessment": set(),
    SPORT + "Source": {ENTITY},
    SPORT + "Passage": {SPECIFIC_RESOURCE, ENTITY},
    SELECTOR: set(),
    CONCEPT: set(),
}

Types = dict[str, set[str]]


def expected(given: Types) -> Types:
    return {node: kinds | set().union(*(FOLLOWS[kind] for kind in kinds)) for node, kinds in given.items()}


@pytest.fixture(scope="module")
def closed(whole: Graph, owl_rl: Callable[[Graph], Graph]) -> Graph:
    return owl_rl(whole)


def test_the_table_has_each_class_of_the_data_and_no_other(whole: Graph, types_of: Callable[[Graph], Types]) -> None:
    assert set(FOLLOWS) == set().union(*types_of(whole).values())


def test_exactly_the_types_written_down_follow(whole: Graph, closed: Graph, types_of: Callable[[Graph], Types]) -> None:
    given, found = types_of(whole), types_of(closed)
    assert all(len(kinds) == 1 for kinds in given.values())
    wanted = expected(given)
    assert {node: kinds for node, kinds in found.items() if kinds != wanted.get(node)} == {}
    assert found.keys() == wanted.keys()


def test_concepts_stay_concepts(closed: Graph) -> None:
    concepts = {s for s in closed.subjects(RDF.type, URIRef(CONCEPT)) if s.startswith(SPORT)}  # type: ignore[attr-defined]
    assert concepts
    for concept in concepts:
        kinds = {kind for kind in closed.objects(concept, RDF.type) if isinstance(kind, URIRef)}
        assert kinds == {URIRef(CONCEPT), OWL.Thing}


def test_no_two_nodes_become_one_and_nothing_is_contradicted(
    closed: Graph, complaints_of: Callable[[Graph], set[object]]
) -> None:
    assert {(s, o) for s, o in closed.subject_objects(OWL.sameAs) if s != o} == set()
    assert complaints_of(closed) == set()


@pytest.mark.parametrize(
    ("planted", "node", "surplus"),
    [
        ("sport:location rdfs:domain sport:Event .", "perez-quezada-family", "Event"),
        ("sport:agent rdfs:range sport:Person .", "perez-quezada-family", "Person"),
        ("sport:Contest rdfs:subClassOf sport:Award .", "race-aid", "Award"),
        ("sport:contest rdfs:subPropertyOf sport:edition .", "olympic-games-1996-walk", "CompetitionEdition"),
    ],
)
def test_a_careless_axiom_is_noticed(
    sample: Graph,
    owl_rl: Callable[[Graph], Graph],
    types_of: Callable[[Graph], Types],
    planted: str,
    node: str,
    surplus: str,
) -> None:
    prefixes = f"@prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . @prefix sport: <{SPORT}> . "
    axiom = Graph().parse(data=prefixes + planted, format="turtle")
    iri = "https://w3id.org/perezkg/id/" + node
    assert types_of(owl_rl(sample))[iri] == expected(types_of(sample))[iri]
    assert types_of(owl_rl(sample + axiom))[iri] - expected(types_of(sample))[iri] == {SPORT + surplus}
