"""One query over the whole graph answers what substituting each focus node in turn would, or it is declined."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

import perezkg
from perezkg.shacl.pyshacl_engine import AsWritten
from perezkg.shacl.rules import whole_graph_query, whole_graph_rules
from perezkg.shacl.shapes import DataGraph, Shapes, own, shape_quads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

E = "http://example.org/"
PREFIXES = {"ex": E, "xsd": "http://www.w3.org/2001/XMLSchema#"}

DECIMAL = NamedNode(PREFIXES["xsd"] + "decimal")

SAME = {
    "a property": "SELECT $this ?value WHERE { $this ex:p ?value }",
    "the other sigil": "SELECT ?this ?value { ?this ex:p ?value }",
    "a filter": "SELECT $this ?value WHERE { $this ex:p ?value . FILTER (?value != $this) }",
    "first a filter": "SELECT $this WHERE { FILTER NOT EXISTS { $this ex:p ?o } }",
    "exists in brackets": "SELECT $this WHERE { $this ex:q ?o FILTER (EXISTS { ?o ex:p $this } || ?o = $this) }",
    "filter inside exists": "SELECT $this WHERE { $this ex:q ?o FILTER EXISTS { ?x ex:p ?o FILTER (?x != $this) } }",
    "optional": "SELECT $this ?value WHERE { OPTIONAL { $this ex:p ?value } FILTER (!BOUND(?value)) }",
    "optional about another": "SELECT $this ?y WHERE { $this ex:p ?o OPTIONAL { ?o ex:q ?y } }",
    "filter in optional": "SELECT $this ?y WHERE { $this ex:q ?o OPTIONAL { $this ex:p ?y FILTER (?y = $this) } }",
    "optional in optional": "SELECT $this ?y ?z WHERE { OPTIONAL { $this ex:p ?y OPTIONAL { $this ex:q ?z } } }",
    "union": "SELECT $this ?value WHERE { { $this ex:p ?value } UNION { ?value ex:q $this } }",
    "half a union": "SELECT $this ?value WHERE { { $this ex:p ?value } UNION { ?s ex:q ?value } }",
    "bind": "SELECT $this ?value WHERE { BIND ($this AS ?x) ?x ex:p ?value }",
    "bind in a group": "SELECT $this ?y WHERE { { $this ex:p ?x BIND ($this AS ?y) } }",
    "paths": "SELECT $this ?value WHERE { $this (ex:p|^ex:q)/ex:p* ?value }",
    "round": "SELECT $this WHERE { $this ex:p+ $this }",
    "any property": "SELECT $this ?path ?value WHERE { $this ?path ?value FILTER (?path != ex:q) }",
    "lists and brackets": "SELECT $this WHERE { $this ex:p [ ex:q ?x ] ; ex:q ?x }",
    "distinct": "SELECT DISTINCT $this WHERE { $this ex:p ?x ; ex:q ?y }",
    "not projected": "SELECT ?value WHERE { $this ex:p ?value }",
    "everything": "SELECT * WHERE { $this ex:p ?value }",
    "counted": "SELECT $this (COUNT(?o) AS ?n) WHERE { $this ex:p ?o } GROUP BY $this HAVING (COUNT(?o) > 1)",
    "nothing of this": "SELECT $this WHERE { ?x ex:p ?y . ?y ex:q ?x }",
}

DECLINED = {
    "MINUS": "SELECT $this WHERE { $this ex:p ?o MINUS { $this ex:q ?o } }",
    "VALUES": "SELECT $this WHERE { VALUES ?o { ex:a } $this ex:p ?o }",
    "SERVICE": "SELECT $this WHERE { SERVICE ex:a { $this ex:p ?o } }",
    "GRAPH": "SELECT $this WHERE { GRAPH ?g { $this ex:p ?o } }",
    "nested SELECT": "SELECT $this WHERE { { SELECT $this WHERE { $this ex:p ?o } LIMIT 1 } }",
    "LIMIT": "SELECT $this WHERE { $this ex:p ?o } LIMIT 1",
    "$this bound anew": "SELECT $this WHERE { ?x ex:p ?y BIND (?x AS ?this) }",
    "a count over all": "SELECT (COUNT(?o) AS ?n) WHERE { $this ex:p ?o }",
    "a count by another": "SELECT ?o (COUNT($this) AS ?n) WHERE { $this ex:p ?o } GROUP BY ?o",
    "filter in a group": "SELECT $this ?x WHERE { { ?x ex:p ?y FILTER (?y = $this) } }",
    "filter in half a union": "SELECT $this WHERE { { $this ex:p ?y } UNION { ?x ex:p ?y FILTER (?y = $this) } }",
    "bind too early": "SELECT $this ?y WHERE { { BIND ($this AS ?y) $this ex:p ?x } }",
    "optional out of reach": "SELECT $this ?z WHERE { OPTIONAL { ?x ex:p ?y OPTIONAL { $this ex:q ?z } } }",
    "exists in a group": "SELECT $this WHERE { { ?x ex:p ?y FILTER EXISTS { ?y ex:q $this } } }",
    "a deep group in exists": "SELECT $this WHERE { FILTER EXISTS { { { ?x ex:p ?y FILTER (?x = $this) } } } }",
    "$PATH": "SELECT $this WHERE { $this $PATH ?value }",
    "$currentShape": "SELECT $this WHERE { $this ex:p $currentShape }",
    "?failure": "SELECT $this ?failure WHERE { $this ex:p ?failure }",
    "a function of someone's": "SELECT $this WHERE { $this ex:p ?o FILTER (ex:odd(?o)) }",
    "ASK": "ASK { $this ex:p ?o }",
    "no pattern": "SELECT $this",
    "no end": "SELECT $this WHERE { $this ex:p ?o ",
}


@pytest.mark.parametrize("text", DECLINED.values(), ids=DECLINED)
def test_declined(text: str) -> None:
    assert whole_graph_query(text, PREFIXES) is None


def test_words_that_are_no_keywords() -> None:
    text = """SELECT $this WHERE { # MINUS { $this }
        $this ex:VALUES "SERVICE { FILTER ($this) }" ; ex:minus <http://example.org/LIMIT> }"""
    assert whole_graph_query(text, PREFIXES) is not None


NODES = [NamedNode(E + name) for name in "abcd"]
TRIPLES = st.lists(
    st.builds(
        Quad,
        st.sampled_from(NODES),
        st.sampled_from([NamedNode(E + "p"), NamedNode(E + "q")]),
        st.sampled_from([*NODES, Literal(1), Literal("x")]),
    ),
    max_size=10,
)


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
@settings(max_examples=40, deadline=None)
@given(triples=TRIPLES)
def test_same_as_substituting(text: str, triples: list[Quad]) -> None:
    query = whole_graph_query(text, PREFIXES)
    assert query is not None
    store = Store()
    store.extend(triples)
    for node in NODES:
        store.add(Quad(node, NamedNode(E + "is"), NamedNode(E + "Thing")))
    target = "$this ex:is ex:Thing ."
    if query.aggregates:
        target = f"{{ SELECT DISTINCT $this WHERE {{ {target} }} }}"
    found = _rows(store, f"{query.head} {target} {query.tail}")
    assert found == {row for node in NODES for row in _substituted(store, text, node)}


def _substituted(store: Store, text: str, node: NamedNode) -> set[tuple[object, ...]]:
    """Ask about one focus node, written into the query wherever $this stands."""
    head, brace, tail = text.partition("{")
    head = re.sub(r"[$?]this\b", "", head)
    if not re.search(r"[?*(]", head):
        head = "SELECT (1 AS ?one) WHERE "
    tail = re.sub(r"[$?]this\b", str(node), re.sub(r"GROUP BY [$?]this", "", tail))
    return _rows(store, head + brace + tail, str(node))


def _rows(store: Store, text: str, focus: str = "") -> set[tuple[object, ...]]:
    """Return the distinct answers: the focus node, and what else is bound, by name."""
    solutions = store.query(text, prefixes=PREFIXES)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    found: set[tuple[object, ...]] = set()
    for solution in solutions:
        bound = {name: str(term) for name, term in zip(names, solution, strict=True) if term is not None}
        bound.pop("one", None)
        found.add((bound.pop("this", focus), tuple(sorted(bound.items()))))
    return found


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        ("SELECT $this WHERE { $this ex:p ?x . FILTER (?x != 1) }", "p"),
        ("SELECT $this WHERE { $this !(ex:q) ?x }", "pq"),
        ("SELECT $this WHERE { $this ?path ?x }", ""),
        ("SELECT $this ?x WHERE { $this ?path ?x }", "pq"),
        ("SELECT * WHERE { $this ?path ?x }", "pq"),
        ("SELECT $this WHERE { $this ?path 1 }", "pq"),
        ("SELECT $this WHERE { $this ?path ?x . ?x a ex:T . FILTER(?x != $this) }", ""),
        ("SELECT $this WHERE { $this ?path ?x . FILTER NOT EXISTS { ?x a ex:T } FILTER(STR(?x) = '1.50') }", "pq"),
        ("SELECT $this WHERE { $this ?path ?x ; ex:q ?x }", "pq"),
        ("SELECT $this WHERE { $this a ex:T . FILTER NOT EXISTS { ?y ?path $this } FILTER(STR($this) < 'a') }", ""),
    ],
)
def test_whether_it_matters_to_a_rule_how_a_literal_is_written(text: str, matters: str) -> None:
    query = whole_graph_query(text, PREFIXES)
    assert query is not None
    assert "".join(p for p in "pq" if query.meets({E + p})) == matters
    assert not query.meets(set())


AS_WRITTEN = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:shape a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql ex:rule .
ex:rule sh:message "{?value}" ; sh:select '''
    SELECT $this ?value WHERE { $this <http://example.org/p> ?value . FILTER(STR(?value) = "107.70") } ''' .
"""


def test_a_rule_sees_a_number_as_it_is_written_and_is_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ask = AsWritten.rows

    def counted(engine: AsWritten, query: str, prefixes: Mapping[str, str]) -> Iterator[Any]:
        asked.append(query)
        return ask(engine, query, prefixes)

    monkeypatch.setattr(AsWritten, "rows", counted)
    (tmp_path / "shapes.ttl").write_text(AS_WRITTEN, encoding="utf-8")
    nodes = "".join(f"<http://example.org/{n}> <http://example.org/p> {n}.70 .\n" for n in range(100, 120))
    (tmp_path / "data.ttl").write_text(nodes, encoding="utf-8")
    report = perezkg.load(tmp_path / "data.ttl").validate(shapes=[tmp_path / "shapes.ttl"])
    assert [str(result.value) for result in report] == ['"107.70"^^<http://www.w3.org/2001/XMLSchema#decimal>']
    assert len(asked) == 1


def test_only_rules_about_marks_are_asked_otherwise_because_of_a_mark_of_20_40() -> None:
    """The rules about anything must not: they would take seconds. One of them tells a value that it finds so."""
    shapes = Shapes(shape_quads(own("shapes.ttl")))
    marks = [Quad(NODES[0], NamedNode("https://w3id.org/perezkg/sport#value"), Literal("20.40", datatype=DECIMAL))]
    asked = {rule.query.tail for rule in whole_graph_rules(shapes, DataGraph(marks, [])) if rule.as_written}
    assert 5 < len(asked) < 20
    assert len([tail for tail in asked if "sport:value" not in tail]) == 1
