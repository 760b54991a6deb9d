"""Each profile of shapes is complete, whatever it is about: a header, messages in both languages, sound SHACL."""

from __future__ import annotations

import pyshacl
import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, SH

from perezkg.resources import VERSION, profile_files

PROFILES = profile_files()
PARTS = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint)


def languages(graph: Graph, node: object, predicate: URIRef) -> list[str]:
    return sorted(str(text.language) for text in graph.objects(node, predicate) if isinstance(text, Literal))  # type: ignore[arg-type]


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> tuple[str, Graph]:
    return request.param, Graph().parse(PROFILES[request.param])


def test_the_header_says_what_it_is(profile: tuple[str, Graph]) -> None:
    name, graph = profile
    (header,) = graph.subjects(RDF.type, OWL.Ontology)
    assert str(header) == f"https://w3id.org/perezkg/shapes/{name}"
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert languages(graph, header, predicate) == ["en", "es"]
    assert graph.value(header, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert graph.value(header, OWL.versionInfo) == Literal(VERSION)
    assert graph.value(header, OWL.versionIRI) == URIRef(f"{header}/{VERSION}")


def test_what_can_fail_says_so_in_both_languages(profile: tuple[str, Graph]) -> None:
    _, graph = profile
    asked = {node for node in graph.subjects(RDF.type, None) if set(graph.objects(node, RDF.type)) & set(PARTS)}
    said = {node for node in asked if any(graph.objects(node, SH.message))}
    assert said
    # A node shape may leave the word to its parts; what has no parts must speak for itself.
    assert not [node for node in asked - said if (node, RDF.type, SH.NodeShape) not in graph]
    for node in said:
        assert languages(graph, node, SH.message) == ["en", "es"], node


def test_it_is_sound_shacl(profile: tuple[str, Graph]) -> None:
    _, graph = profile
    pyshacl.validate(Graph(), shacl_graph=graph, meta_shacl=True)
