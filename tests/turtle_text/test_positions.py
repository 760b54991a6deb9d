"""The scanner finds the triples that the parser finds, each at its place."""

from __future__ import annotations

import re

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
    serialize,
)

from perezkg import resources
from perezkg.rdf import reading
from perezkg.rdf.rdflib_terms import to_rdflib
from perezkg.shacl.locations import same_blank_nodes
from perezkg.turtle_text.positions import Placed, Unscannable, scan

BASE = "http://example.org/base/file"

DOCUMENT = """# a comment with <iri> and "string" and @prefix
@prefix : <http://example.org/#> . PREFIX ex: <http://example.org/>
@base <http://example.org/base/> . prefix é.b: <é/>
:s a ex:Thing ; ex:p <rel> , <../up> , <#frag> , <> , <http://example.org/\\u00e9> ;;
   ex:n 1 , -2 , +3.5 , .5 , 1e3 , 1.E+3 , 4641.0 , true , false .# tight
ex:local.with.dots ex:p\\-x ex:a%20b , ex:12 , ex: , : , é.b:ñandú·x .
_:b.1 ex:p _:c , [] , [ ex:q [ ex:r "deep" ] ; a ex:B ] , ( 1 ( ) "two"@en-GB [ ex:q 3 ] ) .
[ ex:only ex:subject ] .
[ ex:p 1 ] ex:p [ ] .
( ex:x "y" ) ex:p () .
ex:s ex:strings "plain", 'single', "tab\\tquote\\" # not a comment", '''long
'lines' "x" ''', \"\"\"a "quoted" \\\\ # .
end\"\"\"^^ex:type , "x"^^<http://www.w3.org/2001/XMLSchema#token> , ""@es , "" , '' .
base <http://example.com/>
<a> <b> <c>."""


def isomorphic(text: str, syntax: RdfFormat = RdfFormat.TURTLE, base: str | None = BASE) -> list[Placed]:
    parsed = list(parse(text, syntax, base_iri=base))
    placed = scan(text, base, quads=syntax == RdfFormat.N_QUADS)
    assert _canonical((q.subject, q.predicate, q.object) for q in parsed) == _canonical(p[:3] for p in placed)
    return placed


def _canonical(triples: object) -> set[Quad]:
    dataset = Dataset(Quad(*triple) for triple in triples)  # type: ignore[attr-defined]
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


def test_every_form_of_turtle() -> None:
    for placed in isomorphic(DOCUMENT):
        _plausible(DOCUMENT, placed)


@pytest.mark.parametrize("name", ["sport.ttl", "shapes.ttl", "concepts.ttl", "alignments.ttl"])
def test_own_files(name: str) -> None:
    file = reading.read(resources.ontology_file(name))
    text = file.content.decode()
    for placed in isomorphic(text):
        _plausible(text, placed)


def test_positions() -> None:
    text = '@prefix ex: <http://e/> .\nex:a ex:p "x" ,\n  [ ex:q 1 ] .\n'
    found = {(text[p.subject_at :][:4], text[p.predicate_at :][:4], text[p.object_at :][:4]) for p in scan(text)}
    assert found == {("ex:a", "ex:p", '"x" '), ("ex:a", "ex:p", "[ ex"), ("[ ex", "ex:q", "1 ] ")}


TRIG = """@prefix ex: <http://e/> .
ex:a ex:p 1 .
{ ex:a ex:p 2 . ex:b ex:p 3 }
ex:g { ex:a ex:p 4 ; ex:q [ ex:r 5 ] }
GRAPH _:g { ex:a ex:p 6 . }
[] { ex:a ex:p 7 }
"""


def test_trig() -> None:
    isomorphic(TRIG, RdfFormat.TRIG)


def test_quads() -> None:
    isomorphic('<x:a> <x:b> "c"@en <x:g> .\n_:a <x:b> _:c _:g .\n<x:a> <x:b> <x:d> .\n', RdfFormat.N_QUADS)


@pytest.mark.parametrize("text", ["<x:a> <x:b> << <x:c> <x:d> 1 >> .", "<x:a> <x:b> un:known .", "<x:a> <x:b>", "} ."])
def test_what_it_does_not_know(text: str) -> None:
    with pytest.raises(Unscannable):
        scan(text)


def test_deep_nesting_does_not_overflow() -> None:
    text = "<x:a> <x:b> " + "( " * 5000 + ") " * 5000 + "."
    with pytest.raises(Unscannable):
        scan(text)


IRIS = st.sampled_from(
    [NamedNode(f"http://example.org/{name}") for name in ("a", "b-c", "d.e", "f/g", "h#i", "ñ", "1")]
)
BLANKS = st.sampled_from([BlankNode(name) for name in ("x", "y", "z1")])
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
LITERALS = st.one_of(
    st.builds(Literal, TEXTS),
    st.builds(Literal, TEXTS, language=st.sampled_from(["en", "es", "en-gb"])),
    st.builds(Literal, st.integers()),
    st.builds(Literal, st.booleans()),
    st.builds(
        Literal,
        st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
        datatype=st.just(NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
    ),
)
QUADS = st.lists(st.builds(Quad, st.one_of(IRIS, BLANKS), IRIS, st.one_of(IRIS, BLANKS, LITERALS)), max_size=12)


@settings(max_examples=150, deadline=None)
@given(quads=QUADS, syntax=st.sampled_from([RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.TRIG, RdfFormat.N_QUADS]))
def test_whatever_pyoxigraph_writes(quads: list[Quad], syntax: RdfFormat) -> None:
    text = serialize(quads, format=syntax, prefixes={"ex": "http://example.org/"} if syntax.supports_datasets else None)
    assert text is not None
    for placed in isomorphic(text.decode(), syntax):
        _plausible(text.decode(), placed)


@settings(max_examples=100, deadline=None)
@given(quads=QUADS, syntax=st.sampled_from(["turtle", "longturtle", "nt", "trig"]))
def test_whatever_rdflib_writes(quads: list[Quad], syntax: str) -> None:
    graph = rdflib.Graph()
    graph.bind("ex", "http://example.org/")
    for quad in quads:
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    text = graph.serialize(format=syntax)
    try:
        list(parse(text, RdfFormat.TRIG))
    except SyntaxError:
        return  # rdflib writes some names that are no Turtle
    for placed in isomorphic(text, RdfFormat.TRIG):
        _plausible(text, placed)


@settings(max_examples=100, deadline=None)
@given(quads=QUADS)
def test_blank_nodes_are_recognised(quads: list[Quad]) -> None:
    written = serialize(quads, format=RdfFormat.TURTLE)
    assert written is not None
    parsed = list(parse(written, RdfFormat.TURTLE, rename_blank_nodes=True))
    placed = scan(written.decode())
    names = same_blank_nodes(parsed, placed)
    renamed = {(names.get(p.subject, p.subject), p.predicate, names.get(p.object, p.object)) for p in placed}
    if len(_canonical((q.subject, q.predicate, q.object) for q in parsed)) < 4:  # few enough to be told apart
        assert renamed == {(q.subject, q.predicate, q.object) for q in parsed}
    assert set(names.values()) == {
        term for quad in parsed for term in (quad.subject, quad.object) if isinstance(term, BlankNode)
    }


def _plausible(text: str, placed: Placed) -> None:
    for term, offset in zip(placed[:3], placed[3:], strict=True):
        written = text[offset:]
        if isinstance(term, BlankNode):
            # A list goes on where its next member stands, whatever that is.
            assert written.startswith(("_:", "[", "(")) or term.value.startswith("A")
        elif isinstance(term, Literal):
            assert re.match(r"[\"'0-9.+-]|true|false", written)
        elif not term.value.startswith("http://www.w3.org/1999/02/22-rdf-syntax-ns#"):
            assert re.match(r"<|[^\s<>\"]*:", written)
            if written.startswith("<http"):
                assert "\\u" in written[:40] or written.startswith(str(term))
