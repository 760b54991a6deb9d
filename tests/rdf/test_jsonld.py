"""The context, compaction held against pyld, and the framed tree."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from pyld import jsonld as pyld
from tests.clones import triples
from tests.growth import excess

from perezkg import resources
from perezkg.errors import RemoteAccessRefusedError
from perezkg.graph import KnowledgeGraph
from perezkg.rdf.export import part_files
from perezkg.rdf.framing import framed, shipped_frame
from perezkg.rdf.jsonld import jsonld, refuse, shipped_context
from perezkg.rdf.nodes import canonical_lines
from perezkg.vocabulary import PREFIXES

ROOT = Path(__file__).parents[2]

SPORT = PREFIXES["sport"]
RDF_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")

SAMPLE = """
@prefix bio: <https://w3id.org/perezkg/source/biography#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix pz: <https://w3id.org/perezkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sport: <https://w3id.org/perezkg/sport#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

pz:ana a sport:Person ;
    rdfs:label "Ana"@en , "Ana"@es ;
    sport:name "Ana" ;
    sport:hometown pz:loja ;
    prov:wasDerivedFrom bio:s10 , bio:s9 .
pz:loja a sport:Place ; sport:placeKind sport:place-city .
pz:result a sport:Participation ;
    rdfs:label "A result" ;
    sport:competitor pz:ana ;
    sport:contest pz:race ;
    sport:rank 1 .
pz:race a sport:Contest ;
    sport:edition pz:games ;
    sport:follows pz:earlier ;
    sport:date "1996-07"^^xsd:gYearMonth , "1996"^^xsd:gYear , "1996-07-26"^^xsd:date .
pz:games a sport:CompetitionEdition ; sport:location pz:loja .
pz:earlier a sport:Contest .
pz:mark a sport:Mark ; sport:unit sport:unit-second ;
    sport:value 4641.0 , 4642 ; sport:rank 99999999999999999999 .
"""

COMPACT = """\
  "@graph": [
    {
      "id": "pz:ana",
      "type": "Person",
      "label": {"en": "Ana", "es": "Ana"},
      "name": "Ana",
      "hometown": "pz:loja",
      "wasDerivedFrom": ["bio:s9", "bio:s10"]
    },
    {
      "id": "pz:earlier",
      "type": "Contest"
    },
    {
      "id": "pz:games",
      "type": "CompetitionEdition",
      "location": "pz:loja"
    },
    {
      "id": "pz:loja",
      "type": "Place",
      "placeKind": "sport:place-city"
    },
    {
      "id": "pz:mark",
      "type": "Mark",
      "rank": "99999999999999999999",
      "value": "4641.0",
      "unit": "sport:unit-second",
      "sport:value": 4642
    },
    {
      "id": "pz:race",
      "type": "Contest",
      "edition": "pz:games",
      "follows": "pz:earlier",
      "date": "1996-07-26",
      "dateMonth": "1996-07",
      "dateYear": "1996"
    },
    {
      "id": "pz:result",
      "type": "Participation",
      "label": {"@none": "A result"},
      "competitor": "pz:ana",
      "contest": "pz:race",
      "rank": 1
    }
  ]
}
"""

FRAMED = """\
  "@graph": [
    {
      "id": "pz:ana",
      "type": "Person",
      "label": {"en": "Ana", "es": "Ana"},
      "name": "Ana",
      "hometown": {
        "id": "pz:loja",
        "type": "Place",
        "placeKind": "sport:place-city"
      },
      "wasDerivedFrom": ["bio:s9", "bio:s10"],
      "participations": [
        {
          "id": "pz:result",
          "type": "Participation",
          "label": {"@none": "A result"},
          "competitor": "pz:ana",
          "contest": {
            "id": "pz:race",
            "type": "Contest",
            "edition": {
              "id": "pz:games",
              "type": "CompetitionEdition",
              "location": {
                "id": "pz:loja",
                "type": "Place",
                "placeKind": "sport:place-city"
              }
            },
            "follows": "pz:earlier",
            "date": "1996-07-26",
            "dateMonth": "1996-07",
            "dateYear": "1996"
          },
          "rank": 1
        }
      ]
    },
    {
      "id": "pz:earlier",
      "type": "Contest"
    },
    {
      "id": "pz:mark",
      "type": "Mark",
      "rank": "99999999999999999999",
      "value": "4641.0",
      "unit": "sport:unit-second",
      "sport:value": 4642
    }
  ]
}
"""


def lines_of(text: str) -> list[str]:
    return canonical_lines(ox.parse(text, ox.RdfFormat.TURTLE))


def own_lines(part: str) -> list[str]:
    files = part_files(part, KnowledgeGraph.read().files)
    return canonical_lines(
        quad for file in files for quad in ox.parse(file.content, file.format, rename_blank_nodes=True)
    )


def test_compact_to_the_byte() -> None:
    text = "".join(jsonld({"": lines_of(SAMPLE)}))
    assert text.endswith(COMPACT)


def test_framed_to_the_byte() -> None:
    assert "".join(framed(lines_of(SAMPLE))).endswith(FRAMED)


@pytest.mark.parametrize("part", ["data", "ontology"])
def test_pyld_compacts_to_the_same_and_reads_the_same_triples(part: str) -> None:
    document = json.loads("".join(jsonld({"": own_lines(part)})))
    context = document["@context"]
    theirs = pyld.compact(pyld.expand(document), context)
    by_id = {node.get("id"): node for node in theirs["@graph"]}
    assert by_id == {node.get("id"): node for node in document["@graph"]}
    triples = pyld.to_rdf(document, {"format": "application/n-quads"})
    assert canonical_lines(ox.parse(triples, ox.RdfFormat.N_QUADS)) == own_lines(part)


def test_pyld_reads_the_framed_tree_as_the_same_triples() -> None:
    document = json.loads("".join(framed(own_lines("data"))))
    triples = pyld.to_rdf(document, {"format": "application/n-quads"})
    assert canonical_lines(ox.parse(triples, ox.RdfFormat.N_QUADS)) == own_lines("data")


# Framing, held against pyld


def framed_by_pyld(lines: list[str]) -> list[dict[str, Any]]:
    """Return the tree of a graph without blank nodes, by pyld: every property that the frame does not name refers."""
    frame, context = shipped_frame()
    nodes = json.loads("".join(jsonld({"": lines})))["@graph"]
    expanded = pyld.expand({"@context": shipped_context().definitions, "@graph": nodes})
    links = {
        key
        for node in expanded
        for key, values in node.items()
        if key[0] != "@" and any("@id" in value for value in values)
    }

    def completed(part: dict[str, Any]) -> dict[str, Any]:
        named = {key: completed(value) for key, value in part.items() if isinstance(value, dict)}
        for below in named.values():
            below |= {"id": {}, "@omitDefault": True}
        others = sorted(links - {context.property_of(key) for key in named})
        return part | named | {iri: {"id": {}, "@embed": "@never", "@omitDefault": True} for iri in others}

    tree = pyld.frame(expanded, completed(frame) | {"@context": context.definitions}, {"omitGraph": False})
    found: list[dict[str, Any]] = tree["@graph"]
    return found


def unordered(value: Any) -> Any:
    """Return JSON whose lists are sorted, and whose integers are bare."""
    if isinstance(value, list):
        return sorted(map(unordered, value), key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(value, dict):
        if value.get("type") == "xsd:integer":
            return value["@value"]
        return {key: unordered(item) for key, item in value.items()}
    return value


LIVES = sorted(path for path in (ROOT / "tests" / "lives").rglob("*.ttl"))


@pytest.mark.parametrize("path", [ROOT / "data" / "perez.ttl", *LIVES], ids=lambda path: path.stem)
def test_the_tree_is_that_of_pyld(path: Path) -> None:
    lines = canonical_lines(ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    tree = [node for node in json.loads("".join(framed(lines)))["@graph"] if "Person" in node.get("type", "")]
    assert len(tree) > 0
    assert unordered(tree) == unordered(framed_by_pyld(lines))


def test_a_node_above_itself_is_a_reference() -> None:
    text = """@prefix : <https://w3id.org/perezkg/sport#> .
    <urn:p> a :Person ; :hometown <urn:h> . <urn:h> :containedIn <urn:h> , <urn:p> ."""
    graph = json.loads("".join(framed(lines_of(text))))["@graph"]
    above = {"id": "urn:h", "containedIn": ["urn:h", "urn:p"]}
    assert graph == [{"id": "urn:p", "type": "Person", "hometown": above}]


def test_framing_takes_no_longer_for_a_person_among_many() -> None:
    lines = {number: canonical_lines(triples(number)) if number else [] for number in (0, 1, 4)}
    assert excess(lambda lives: sum(map(len, framed(lines[lives]))), (1, 4)) == []


# The context


def declared(*kinds: str) -> set[str]:
    with open(resources.ontology_file("sport.ttl"), "rb") as file:
        return {
            quad.subject.value
            for quad in ox.parse(file.read(), ox.RdfFormat.TURTLE)
            if quad.predicate == RDF_TYPE
            and isinstance(quad.subject, ox.NamedNode)
            and isinstance(quad.object, ox.NamedNode)
            and quad.object.value.removeprefix(PREFIXES["owl"]) in kinds
        }


def terms() -> dict[str, str]:
    """Return the terms of the context that are neither keywords nor prefixes, and what they stand for."""
    context = shipped_context()
    return {
        term: context.property_of(term)
        for term, definition in context.definitions.items()
        if not term.startswith("@")
        and not (isinstance(definition, str) and (definition[0] == "@" or definition[-1] in "#/"))
    }


def test_the_context_has_a_term_for_every_class_and_property() -> None:
    ontology = declared("Class", "ObjectProperty", "DatatypeProperty")
    assert ontology <= set(terms().values())
    assert {iri for iri in ontology if iri.startswith(SPORT)} == {
        iri for iri in terms().values() if iri.startswith(SPORT)
    }


def test_every_term_has_the_local_name_of_what_it_stands_for() -> None:
    odd = {term: iri for term, iri in terms().items() if iri.replace("#", "/").rsplit("/", 1)[1] != term}
    # A date is a day, a month or a year; `type` is the class of a thing.
    dates = {"date": SPORT, "startDate": SPORT, "endDate": SPORT, "issued": PREFIXES["dcterms"]}
    assert odd == {
        "sourceKind": PREFIXES["dcterms"] + "type",
        **{name + part: space + name for name, space in dates.items() for part in ("Month", "Year")},
    }


def test_every_literal_of_the_data_fits_a_term() -> None:
    document = json.loads("".join(jsonld({"": own_lines("data")})))
    assert {key for node in document["@graph"] for key in node} <= {"id", "type", *terms()}


def test_everything_the_data_say_has_a_term() -> None:
    said = {line.split(" ", 2)[1][1:-1] for line in own_lines("data")} - {RDF_TYPE.value}
    assert said <= set(terms().values())


def test_object_properties_are_references_and_the_others_are_not() -> None:
    definitions = shipped_context().definitions
    links = declared("ObjectProperty")
    for term, iri in terms().items():
        definition = definitions[term]
        if iri.startswith(SPORT) and isinstance(definition, dict):
            assert (definition.get("@type") == "@id") == (iri in links), term


def test_prefixes_are_those_of_the_project() -> None:
    definitions = shipped_context().definitions
    assert {name: value for name, value in definitions.items() if name in PREFIXES} == PREFIXES
    assert "@vocab" not in definitions


def test_terms_resolve_both_ways_in_pyld() -> None:
    context = shipped_context().definitions
    for term, iri in terms().items():
        expanded = pyld.expand({"@context": context, "id": "urn:x", term: _value_for(context[term])})
        assert set(expanded[0]) == {"@id", iri}, term
        assert set(pyld.compact(expanded, context)) == {"@context", "id", term}


def _value_for(definition: Any) -> object:
    container = definition.get("@container") if isinstance(definition, dict) else None
    return {"en": "x"} if container == "@language" else "urn:y"


def test_an_iri_whose_scheme_is_a_prefix_is_not_mistaken() -> None:
    lines = lines_of(
        "<src:a> <pz:b> <src:c> ; <https://w3id.org/perezkg/sport#contest> <https://w3id.org/perezkg/id/x> ."
    )
    text = "".join(jsonld({"": lines}))
    assert canonical_lines(ox.parse(text, ox.RdfFormat.JSON_LD)) == lines
    assert "src" not in json.loads(text)["@context"]
    assert '"contest": "https://w3id.org/perezkg/id/x"' in text


# The frame


def test_the_frame_names_only_properties_of_the_ontology() -> None:
    frame, context = shipped_frame()
    links = declared("ObjectProperty")

    def check(part: dict[str, Any]) -> None:
        for key, value in part.items():
            if isinstance(value, dict):
                assert context.property_of(key) in links, key
                check(value)

    check(frame)


def test_each_participation_stands_under_its_competitor() -> None:
    document = json.loads("".join(framed(own_lines("data"))))
    people = {node["id"]: node for node in document["@graph"] if node.get("type") == "Person"}
    participations = people["pz:jefferson-perez"]["participations"]
    assert len(participations) > 10
    assert all(isinstance(each["contest"], dict) for each in participations)
    assert [node["type"] for node in document["@graph"]][: len(people)] == ["Person"] * len(people)


def test_nothing_is_nested_but_what_the_frame_names() -> None:
    text = """@prefix : <https://w3id.org/perezkg/sport#> .
    <urn:p> a :Person ; <urn:knows> <urn:q> . <urn:q> a :Person ; <urn:knows> <urn:p> , <urn:r> . <urn:r> <urn:x> 1 ."""
    graph = json.loads("".join(framed(lines_of(text))))["@graph"]
    assert graph == [
        {"id": "urn:p", "type": "Person", "urn:knows": {"id": "urn:q"}},
        {"id": "urn:q", "type": "Person", "urn:knows": [{"id": "urn:p"}, {"id": "urn:r"}]},
        {"id": "urn:r", "urn:x": 1},
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<urn:a> :competitor "no node" .',
        "<urn:p> a :Person . <urn:a> :competitor <urn:p> , 1 ; :contest ( 1 <urn:p> ) .",
        "[] a :Person ; :hometown [ :containedIn [ :placeKind :place-country ] ] .",
        "_:x :competitor _:y . _:y a :Person ; :discipline _:x .",
        "<urn:p> a :Person ; :hometown <urn:h> . <urn:h> :containedIn <urn:h> .",
        '<urn:p> a :Person , "odd" , _:b . _:b :placeKind 1 .',
    ],
)
def test_odd_data_is_framed_without_loss(text: str) -> None:
    lines = lines_of(f"@prefix : <{SPORT}> . {text}")
    assert canonical_lines(ox.parse("".join(framed(lines)), ox.RdfFormat.JSON_LD)) == lines


# No network


def test_every_remote_document_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_socket(*_: object, **__: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket, "socket", no_socket)
    with pytest.raises(RemoteAccessRefusedError, match=r"https://example\.org/context"):
        refuse("https://example.org/context")
    with pytest.raises(Exception, match=r"https://example\.org/context") as caught:
        pyld.expand({"@context": "https://example.org/context", "a": 1}, {"documentLoader": refuse})
    assert isinstance(caught.value, RemoteAccessRefusedError) or isinstance(
        caught.value.__cause__, RemoteAccessRefusedError
    )
    list(framed(lines_of(SAMPLE)))
