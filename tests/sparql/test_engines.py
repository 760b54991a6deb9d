"""Two engines, one answer: terms, order, unbound cells, blank nodes, DESCRIBE."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat
from rdflib import term as rdf

import perezkg
from perezkg import load
from perezkg.errors import UsageError
from perezkg.graph import KnowledgeGraph
from perezkg.rdf import rdflib_terms as terms
from perezkg.rdf.reading import DataFile
from perezkg.sparql.engines import ENGINES
from perezkg.sparql.results import Boolean, Solutions, Triples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyoxigraph import Store
    from tests.conftest import Run

    from perezkg.sparql.prepare import Prepared

PREFIXES = "PREFIX e: <http://e.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
DATA = """@prefix e: <http://e.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:a e:n 1, 2.50, 1e3, 01 ; e:s "x", "x"@en, "x"@EN-us, "y"^^xsd:string ; e:b true, "0"^^xsd:boolean ;
  e:d "2008-08-16"^^xsd:date, "1996"^^xsd:gYear, "PT1H17M21.50S"^^xsd:dayTimeDuration,
    "2008-08-16T09:00:00.000Z"^^xsd:dateTime ;
  e:k [ e:k [ e:n 7 ], e:a ] .
e:c e:n 3 ; e:ill "x"^^xsd:integer ; e:s "tab\tin", "line\\nend" ; e:o "z"^^e:t .
_:q e:n 9 .
e:list e:l (1 2 e:a) .
"""
GRAPHS = "@prefix e: <http://e.org/> . e:a e:p 1 . e:g { e:b e:p 2 } e:h { e:b e:p 2, 3 }"


@pytest.fixture(scope="module")
def odd() -> KnowledgeGraph:
    """A graph of everything that engines see differently."""
    return KnowledgeGraph([DataFile("odd.ttl", DATA.encode(), RdfFormat.TURTLE)])


@pytest.fixture(scope="module")
def graphs() -> KnowledgeGraph:
    """A default graph and two named ones."""
    return KnowledgeGraph([DataFile("graphs.trig", GRAPHS.encode(), RdfFormat.TRIG)])


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p ?o FILTER(STRSTARTS(STR(?p), "http://e.org/")) }',
        "SELECT ?o { ?x e:n ?o } ORDER BY ?o",
        'SELECT ?s { ?s e:s "y"^^xsd:string }',
        'SELECT ?s { ?s e:s "y" }',
        'SELECT ?s { ?s e:s "tab\tin" }',
        "SELECT ?o (DATATYPE(?o) AS ?d) (LANG(?o) AS ?l) { e:a ?p ?o }",
        "SELECT (COUNT(*) AS ?c) (SUM(?o) AS ?s) (AVG(?o) AS ?a) (MIN(?o) AS ?i) (MAX(?o) AS ?x) { ?t e:n ?o }",
        "SELECT (COUNT(*) AS ?c) (SUM(?o) AS ?s) (AVG(?o) AS ?a) { VALUES ?o { 1 2 2 } }",
        "SELECT (SUM(?o) AS ?s) (AVG(?o) AS ?a) { VALUES ?o { 1.0 2.5 2 } }",
        "SELECT (COUNT(?z) AS ?c) (SUM(?z) AS ?s) (SAMPLE(?z) AS ?a) (GROUP_CONCAT(?z) AS ?g) { ?x e:nothing ?z }",
        'SELECT (GROUP_CONCAT(?o) AS ?g) { { SELECT ?o { e:a e:s ?o FILTER(LANG(?o)="") } ORDER BY ?o } }',
        "SELECT (1/3 AS ?a) (7/2 AS ?b) (4/2 AS ?c) (1+1.0 AS ?d) (1.10*1.10 AS ?f) (-7 AS ?g) (2.50 AS ?h) {}",
        "SELECT (1e10 AS ?i) (ABS(-2.5) AS ?j) (ROUND(2.5) AS ?k) (CEIL(2.1) AS ?l) {}",
        "SELECT (FLOOR(2.9) AS ?m) (0.1+0.2 AS ?n) {}",
        'SELECT (STRLEN("é") AS ?a) (UCASE("é") AS ?b) (SUBSTR("hello", 2, 3) AS ?c) (CONCAT("a", "b"@en) AS ?d) {}',
        'SELECT (CONCAT("a"@en, "b"@en) AS ?e) (STR(1.50) AS ?f) (xsd:integer("07") AS ?g) {}',
        'SELECT (xsd:decimal("1.50") AS ?h) {}',
        'SELECT (xsd:string(5) AS ?i) (STRBEFORE("a-b", "-") AS ?j) (REPLACE("aab", "a", "x") AS ?k) {}',
        'SELECT (ENCODE_FOR_URI("é a") AS ?l) (IRI("http://e.org/x") AS ?m) (STRLANG("x", "en") AS ?o) {}',
        'SELECT (STRDT("01", xsd:integer) AS ?n) (YEAR("2008-08-16T00:00:00Z"^^xsd:dateTime) AS ?y) (?nix AS ?u) {}',
        'SELECT (IF(1=1, "a", "b") AS ?i) (COALESCE(?nix, "c") AS ?c) (BOUND(?nix) AS ?b) (1 IN (1, 2) AS ?in) {}',
        'SELECT ("01"^^xsd:integer AS ?a) ("PT90S"^^xsd:dayTimeDuration AS ?c) ("x"@EN AS ?d) {}',
        'SELECT ("x"^^xsd:string AS ?e) {}',
        "SELECT ?s ?v { ?s ?p ?o OPTIONAL { ?s e:missing ?v } FILTER(?s = e:c) }",
        "SELECT ?x { e:a e:k/e:k ?x }",
        "SELECT ?x { e:a e:k+ ?x }",
        "SELECT ?x { e:list e:l/rdf:rest*/rdf:first ?x }",
        "SELECT ?s (COUNT(?o) AS ?c) { ?s e:n ?o } GROUP BY ?s HAVING(COUNT(?o) > 1)",
        "SELECT ?b ?a { VALUES (?a ?b) { (1 UNDEF) (UNDEF 2) } }",
        "SELECT ?o { ?s e:n ?o MINUS { e:a e:n ?o } }",
        'SELECT ?x { { BIND(1 AS ?x) } UNION { BIND("1" AS ?x) } UNION { BIND("1"@en AS ?x) } }',
        "SELECT ?x ?y { ?x e:n ?y } ORDER BY DESC(?y) LIMIT 2",
        "SELECT DISTINCT ?s { ?s ?p ?o } ORDER BY ?s",
        "SELECT ?g { GRAPH ?g { ?s ?p ?o } }",
        "ASK { e:a e:n 1 }",
        "ASK { e:a e:n 5 }",
        "ASK { e:a e:n 01 }",
        "DESCRIBE e:a",
        "DESCRIBE e:nothing",
        "DESCRIBE ?s { ?s e:n ?o }",
        "DESCRIBE * { ?s e:k ?o }",
        "DESCRIBE e:c ?s { ?s e:l ?o }",
        "CONSTRUCT { ?s e:q ?o } WHERE { ?s e:n ?o }",
        "SELECT ?x { VALUES ?x { TRUE False true 'TRUE' } FILTER(?x = TRUE || FALSE) } # TRUE",
        "ASK { FILTER(!FALSE) }",
        "SELECT (e:TRUE AS ?a) (?TRUE AS ?b) (<http://e.org/FALSE> AS ?c) { BIND(FALSE AS ?TRUE) }",
        "CONSTRUCT { _:b e:q ?o } WHERE { ?s e:n ?o }",
        "CONSTRUCT { [] e:q [ e:r ?o ] } WHERE { ?s e:n ?o }",
        "CONSTRUCT { ?o e:q ?s } WHERE { ?s e:n ?o }",
        "CONSTRUCT { ?s e:half ?h ; e:nix ?n } WHERE { ?s e:n ?o FILTER(?o < 10) BIND(?o/2 AS ?h) }",
        "CONSTRUCT WHERE { e:a e:k ?o }",
    ],
)
def test_what_engines_see_differently_is_mended(odd: KnowledgeGraph, query: str) -> None:
    assert odd.sparql(PREFIXES + query) == odd.sparql(PREFIXES + query, engine="rdflib")


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(
    ("query", "objects"),
    [
        ("SELECT ?o { ?s e:p ?o }", ["1"]),
        ("SELECT ?o { GRAPH e:h { ?s e:p ?o } }", ["2", "3"]),
        ("SELECT ?o { GRAPH ?g { e:b e:p ?o } } ORDER BY ?g ?o", ["2", "2", "3"]),
        ("SELECT (COUNT(*) AS ?o) { ?s e:p ?x }", ["1"]),
        ("SELECT ?o { GRAPH ?g { e:a e:p ?o } }", []),
    ],
)
def test_without_graph_the_default_graph_is_meant(
    graphs: KnowledgeGraph, engine: str, query: str, objects: list[str]
) -> None:
    answer = graphs.sparql(PREFIXES + query, engine=engine)
    assert isinstance(answer, Solutions)
    assert [row[0].value for row in answer.rows if isinstance(row[0], Literal)] == objects


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(
    ("query", "objects"),
    [
        ("SELECT ?o { ?s e:p ?o }", ["1", "2", "3"]),
        ("SELECT ?o { GRAPH e:h { ?s e:p ?o } }", ["2", "3"]),
        ("SELECT ?o { GRAPH ?g { e:b e:p ?o } } ORDER BY ?g ?o", ["2", "2", "3"]),
        ("SELECT (COUNT(*) AS ?o) { ?s e:p ?x }", ["3"]),
        ("SELECT (COUNT(*) AS ?o) { GRAPH ?g { ?s e:p ?x } }", ["3"]),
        ("SELECT ?o { GRAPH ?g { e:a e:p ?o } }", []),
    ],
)
def test_all_graphs_as_one(graphs: KnowledgeGraph, engine: str, query: str, objects: list[str]) -> None:
    answer = KnowledgeGraph(graphs.files, union=True).sparql(PREFIXES + query, engine=engine)
    assert isinstance(answer, Solutions)
    assert [row[0].value for row in answer.rows if isinstance(row[0], Literal)] == objects


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_describe_is_a_node_and_the_blank_nodes_in_it(odd: KnowledgeGraph, engine: str) -> None:
    answer = odd.sparql(PREFIXES + "DESCRIBE e:a", engine=engine)
    assert isinstance(answer, Triples)
    shapes = {(str(t.subject)[:3], t.predicate.value[13:]) for t in answer if t.predicate.value.endswith(("k", "n"))}
    assert shapes == {("<ht", "n"), ("<ht", "k"), ("_:c", "k"), ("_:c", "n")}
    assert len(answer) == 17


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_unbound_cells_are_none(odd: KnowledgeGraph, engine: str) -> None:
    answer = odd.sparql(PREFIXES + "SELECT ?b ?a { VALUES (?a ?b) { (1 UNDEF) } }", engine=engine)
    assert isinstance(answer, Solutions)
    assert answer.variables == ("b", "a")
    assert answer.to_dicts() == [{"b": None, "a": 1}]


def test_rdflib_says_nothing_of_its_own() -> None:
    data = '<http://e.org/a> <http://e.org/p> "P1Y"^^<http://www.w3.org/2001/XMLSchema#boolean> .'
    graph = KnowledgeGraph([DataFile("a.nt", data.encode(), RdfFormat.N_TRIPLES)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = graph.sparql("SELECT ?o { ?s ?p ?o }", engine="rdflib")
    assert isinstance(answer, Solutions)
    assert len(answer) == 1


def test_answers_are_typed(kg: KnowledgeGraph) -> None:
    assert isinstance(kg.sparql("SELECT ?s { ?s ?p ?o }"), Solutions)
    assert isinstance(kg.sparql("ASK {}"), Boolean)
    assert isinstance(kg.sparql("CONSTRUCT WHERE { ?s a sport:Person }"), Triples)
    assert isinstance(kg.sparql("DESCRIBE pz:cuenca"), Triples)


def test_an_unknown_engine(kg: KnowledgeGraph) -> None:
    with pytest.raises(perezkg.UsageError, match="Did you mean oxigraph"):
        kg.sparql("ASK {}", engine="oxygraph")


MISTAKES = [
    ("SELECT * { ?s ?p pzz:x }", 1, 18, "prefix pzz: is not declared"),
    ("SELECT * {\n ?s ?p ?o ", 1, 10, "this { is never closed"),
    ('SELECT * { ?s ?p "x }', 1, 18, "this string does not end"),
    ("SELEC ?x {}", 1, 1, "SELEC cannot stand here"),
    ("", 1, 1, "the query is empty"),
    ("# only a comment", 1, 1, "the query is empty"),
    ("SELECT ?x { ?s ?p ?o } GROUP BY ?s", 1, 1, "neither grouped by nor aggregated"),
    ("SELECT (?s AS ?s) { ?s ?p ?o }", 1, 1, "has a value already"),
    ("SELECT * { ?s ?p ?o FILTER(?o > ) }", 1, 33, ") cannot stand here"),
    ("SELECT * WHERE { ?s ?p ?o } LIMIT x", 1, 35, "expected a number"),
    ("SELECT ?x WHERE ?x a ?y", 1, 17, "expected {"),
    ("SELECT * { ?s ?p ?o } foo", 1, 23, "foo cannot stand here"),
    ("SELECT * { ?s ?p ?o }}", 1, 22, "there is no { for this }"),
    ("SELECT * { ?s ?p ?o ) }", 1, 21, "there is no ( for this )"),
    ("SELECT COUNT(*) { ?s ?p ?o }", 1, 8, "(COUNT(…) AS ?name)"),
    ("SELECT ?s, ?o { ?s ?p ?o }", 1, 8, "without commas"),
    ("SELECT * { ?s ?p ?o BIND(1 AS ?o) }", 1, 31, "BIND gives ?o a value, and it has one already"),
    ("SELECT * { { ?s ?p ?o }\nBIND(1 AS $s) }", 2, 11, "BIND gives $s a value"),
    ("SELECT * { BIND(1 AS ?x) BIND(?x + 1 AS ?x) }", 1, 41, "BIND gives ?x a value"),
    ("SELECT ?x ?x { ?x ?y ?z }", 1, 11, "SELECT has ?x twice"),
    ("SELECT ?x\n(1 AS ?x) { ?y ?z ?w }", 2, 7, "SELECT has ?x twice"),
    ("SELECT ?a { { SELECT ?b ?b { ?a ?b ?c } } }", 1, 25, "SELECT has ?b twice"),
    ("SELECT * { ?s ?p ?o } GROUP BY ?s", 1, 8, "SELECT * cannot stand with GROUP BY"),
    ("SELECT DISTINCT * { ?s ?p ?o }\nGROUP BY ?s", 1, 17, "SELECT * cannot stand with GROUP BY"),
    ("SELECT * { { _:a ?p ?o } { _:a ?q ?r } }", 1, 28, "_:a stands in two groups"),
    ("SELECT * { _:a ?p ?o OPTIONAL { _:b ?q _:a } }", 1, 40, "_:a stands in two groups"),
    ("SELECT * { VALUES (?a ?b) { (1 2) (1) } }", 1, 35, "VALUES has 2 variables, and this row 1 values"),
    ("SELECT * { VALUES (?a) { ('x'@en) ('1'^^<u:i> 2) } }", 1, 35, "VALUES has 1 variables, and this row 2 values"),
    ("SELECT (?n + 1 AS ?m) { ?s ?p ?n } GROUP BY ?s", 1, 1, "uses a variable that is neither grouped by"),
    ("SELECT ?s { ?s ?p <http://[> }", 1, 19, "not a valid IRI"),
    ("ASK {\n  ?s ?p ?o .\n  FILTR(?o > 3)\n}", 3, 3, "FILTR cannot stand here"),
    ("CONSTRUCT { ?s ?p ?o }", 1, 23, "ends too early"),
    ("ASK { ?s a sport:Person ; sport:name }", 1, 38, "} cannot stand here"),
]


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(("text", "line", "column", "message"), MISTAKES)
def test_a_mistake_has_its_place(
    kg: KnowledgeGraph, engine: str, text: str, line: int, column: int, message: str
) -> None:
    with pytest.raises(perezkg.PerezkgError) as caught:
        kg.sparql(text, engine=engine)
    assert type(caught.value).__name__ == "SparqlSyntaxError"
    assert message in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_answers_are_the_same_between_processes() -> None:
    code = (
        "import perezkg; kg = perezkg.load()\n"
        "for e in ('oxigraph', 'rdflib'):\n"
        "    for q in ('SELECT * { ?s ?p ?o }', 'DESCRIBE ?s { ?s a sport:MedalAward }'):\n"
        "        print(*[row.terms if hasattr(row, 'terms') else row for row in kg.sparql(q, engine=e)], sep='\\n')"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize(
    "term",
    [
        NamedNode("http://e.org/x"),
        Literal("x"),
        Literal("x", language="en-us"),
        Literal("01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        Literal("PT1M47.70S", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#dayTimeDuration")),
        Literal("many", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        Literal("x", datatype=NamedNode("http://e.org/t")),
    ],
)
def test_terms_go_to_rdflib_and_back(term: NamedNode | Literal) -> None:
    assert terms.from_rdflib(terms.to_rdflib(term)) == term


def test_strings_are_plain_in_rdflib() -> None:
    assert terms.to_rdflib(Literal("x")) == rdf.Literal("x")
    assert terms.from_rdflib(
        rdf.Literal("x", datatype=rdf.URIRef("http://www.w3.org/2001/XMLSchema#string"))
    ) == Literal("x")
    with pytest.raises(TypeError):
        terms.from_rdflib(rdf.Variable("x"))
    assert terms.triple_from_rdflib(rdf.Literal("x"), rdf.URIRef("http://e.org/p"), rdf.Literal("y")) is None


class Contrary:
    """An engine of this module: it denies everything."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def run(self, query: Prepared, *, spool: bool = False) -> Boolean:
        """Deny."""
        del spool
        return Boolean(not query.text)


def test_an_engine_is_a_class_and_a_row(command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "contrary", f"{__name__}:Contrary")
    assert "contrary" in command("query", "--help").out
    assert command("query", "-e", "ASK {}", "--engine", "contrary", "-f", "csv") == (1, "false\r\n", "")
    assert "Did you mean contrary?" in command("query", "-e", "ASK {}", "--engine", "contrarry").err
    assert not load().sparql("ASK {}", engine="contrary")
    with pytest.raises(UsageError, match="there is no engine 'contra'"):
        load().sparql("ASK {}", engine="contra")
