"""How a term is shown: for people, as Turtle, as SPARQL and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from perezkg.rdf.terms import as_json, as_sparql, as_text, as_turtle, bare, bare_number
from perezkg.vocabulary import PREFIXES, SPORT, XSD, shrink

if TYPE_CHECKING:
    from perezkg.rdf.terms import Term

IRI = NamedNode(SPORT + "Medal")
TERMS: list[Term] = [
    IRI,
    NamedNode("http://example.org/x"),
    NamedNode(SPORT + "n²"),
    NamedNode(SPORT),
    BlankNode("b"),
    Literal('a "b"\\u0041\t\n'),
    Literal("Río", language="es"),
    Literal("x", language="ar", direction=BaseDirection.RTL),
    Literal("01", datatype=NamedNode(XSD + "integer")),
    Literal("x", datatype=IRI),
    Triple(IRI, IRI, Triple(IRI, IRI, Literal(5))),
]
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_turtle_reads_back_as_the_same_term(term: Term) -> None:
    for text in (as_turtle(term), as_turtle(term, shrink), bare(as_turtle(term)), bare_number(as_turtle(term))):
        (quad,) = parse(f"{HEAD}<x:s> <x:p> {text} .", RdfFormat.TURTLE)
        assert quad.object == term, text


def test_names_reach_into_triple_terms() -> None:
    assert (
        as_turtle(TERMS[-1], shrink)
        == '<<( sport:Medal sport:Medal <<( sport:Medal sport:Medal "5"^^xsd:integer )>> )>>'
    )


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (None, ""),
        (IRI, "sport:Medal"),
        (BlankNode("b"), "_:b"),
        (Literal("Río", language="es"), "Río"),
        (Literal(5), "5"),
        (Triple(IRI, IRI, IRI), f"<<( {IRI} {IRI} {IRI} )>>"),
    ],
)
def test_people_read_words(term: Term | None, text: str) -> None:
    assert as_text(term) == text


def test_another_name_can_be_made_of_an_iri() -> None:
    assert as_text(IRI, str) == IRI.value


@pytest.mark.parametrize(
    ("text", "datatype", "shown"),
    [
        ("5", "integer", "5"),
        ("-1.5", "decimal", "-1.5"),
        ("1e3", "double", "1e3"),
        ("5", "decimal", None),
        ("5.", "decimal", None),
        ("5", "double", None),
        ("five", "integer", None),
        ("5", "int", None),
    ],
)
def test_numbers_stand_bare_only_where_that_tells_their_datatype(text: str, datatype: str, shown: str | None) -> None:
    token = as_turtle(Literal(text, datatype=NamedNode(XSD + datatype)))
    assert bare(token) == bare_number(token) == (shown or token)


def test_true_and_false_are_bare_in_turtle_only() -> None:
    token = as_turtle(Literal(True))
    assert (bare(token), bare_number(token)) == ("true", token)
    one = as_turtle(Literal("1", datatype=NamedNode(XSD + "boolean")))
    assert bare(one) == one


def test_no_codepoint_escape_is_seen_in_sparql() -> None:
    assert as_sparql(Literal("\\u0041\\U")) == r'"\\\U00000075' + r'0041\\\U00000055"'


def test_json_is_that_of_sparql() -> None:
    assert as_json(Triple(IRI, IRI, Literal("x", language="ar", direction=BaseDirection.RTL))) == {
        "type": "triple",
        "value": {
            "subject": {"type": "uri", "value": IRI.value},
            "predicate": {"type": "uri", "value": IRI.value},
            "object": {"type": "literal", "value": "x", "xml:lang": "ar", "its:dir": "rtl"},
        },
    }
    assert as_json(BlankNode("b")) == {"type": "bnode", "value": "b"}
    assert as_json(Literal(5)) == {"type": "literal", "value": "5", "datatype": XSD + "integer"}
    assert as_json(Literal("5")) == {"type": "literal", "value": "5"}
