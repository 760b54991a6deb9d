"""rdflib answers by the text of SPARQL 1.1 where it alone would answer otherwise, and say nothing."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat
from tests.conftest import Run

from perezkg import Solutions, Triples
from perezkg.graph import KnowledgeGraph
from perezkg.rdf.reading import DataFile

PREFIXES = "PREFIX e: <http://e.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
DATA = """@prefix e: <http://e.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:a e:p e:b ; e:n 1 ; e:y "12020"^^xsd:gYear, "2020"^^xsd:gYear, "-0044"^^xsd:gYear ; e:s "one", "uno"@es .
e:b e:p e:c ; e:n 2, 3 ; e:d "12004-01-01"^^xsd:date, "2004-02-29"^^xsd:date ;
  e:t "2004-02-29T23:00:00-05:00"^^xsd:dateTime, "2004-02-29T23:30:00Z"^^xsd:dateTime .
e:c e:n 2 . e:k e:l e:m . e:m e:l e:k .
"""


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return KnowledgeGraph([DataFile("data.ttl", DATA.encode(), RdfFormat.TURTLE)])


def cells(graph: KnowledgeGraph, query: str, engine: str = "rdflib") -> list[str | None]:
    """Return what the cells of an answer hold, row by row."""
    answer = graph.sparql(PREFIXES + query, engine=engine)
    assert isinstance(answer, Solutions)
    return [str(term.value) if isinstance(term, (Literal, NamedNode)) else None for row in answer.rows for term in row]


BOTH = [
    # a group that is not there (SPARQL 1.1, 18.5)
    ("SELECT ?s (COUNT(?o) AS ?n) { ?s e:none ?o } GROUP BY ?s", []),
    ("SELECT (SUM(?o) AS ?n) { ?s e:none ?o } GROUP BY ?s ?o", []),
    ("SELECT (MAX(?o) AS ?n) { ?s e:none ?o } GROUP BY (STR(?s) AS ?k) HAVING (COUNT(*) < 1)", []),
    ("SELECT (COUNT(*) AS ?n) (SUM(?o) AS ?m) (MIN(?o) AS ?l) { ?s e:none ?o }", ["0", "0", None]),
    ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY (1/0 AS ?k)", ["17"]),
    ("SELECT (AVG(?o) AS ?n) { VALUES ?o { 1 'x' } }", [None]),
    ("SELECT (SUM(?o) AS ?n) { VALUES ?o { 1 UNDEF } }", [None]),
    ("SELECT (MAX(?o) AS ?n) (GROUP_CONCAT(?o) AS ?m) { VALUES ?o { 'a' UNDEF } }", [None, None]),
    # flags (XPath Functions 3.1, 5.6.2)
    ('SELECT (REPLACE("abAB", "B", "Z", "i") AS ?x) {}', ["aZAZ"]),
    ('SELECT (REPLACE("a.b.c", ".", "-", "q") AS ?x) {}', ["a-b-c"]),
    ('SELECT (REPLACE("a\\nb", "a.b", "x", "s") AS ?x) {}', ["x"]),
    ('SELECT (REGEX("a.b", "a b", "x") AS ?x) (REGEX("ab", "a b", "x") AS ?y) {}', ["false", "true"]),
    ('SELECT (REGEX("a+b", "A+B", "iq") AS ?x) {}', ["true"]),
    ('SELECT (REGEX("ab", "a", "k") AS ?x) (REPLACE("ab", "a", "b", "k") AS ?y) {}', [None, None]),
    ('SELECT (REPLACE("abc", "(b)", "$1x") AS ?x) (REPLACE("abc", "b", "$x") AS ?y) {}', ["abxc", None]),
    # strings of one language have an order (17.3.1)
    ('SELECT ("a"@en < "b"@EN AS ?x) ("a"@en >= "b"@en AS ?y) ("b"@en <= "b"@en AS ?z) {}', ["true", "false", "true"]),
    ('SELECT ("a"@en < "b"@es AS ?x) ("a"@en < "b" AS ?y) ("a" > "b"@es AS ?z) {}', [None] * 3),
    # time zones (17.4.5)
    ("SELECT (TZ(?d) AS ?x) { e:b e:d ?d } ORDER BY ?x", ["", ""]),
    ('SELECT (TZ(?d) AS ?x) { VALUES ?d { "12004-01-01T00:00:00Z"^^xsd:dateTime } }', ["Z"]),
    ('SELECT (TZ("2004-01-01+00:00"^^xsd:date) AS ?x) (TZ("x") AS ?y) (TZ(?none) AS ?z) {}', ["Z", None, None]),
    ('SELECT (TIMEZONE("2004-01-01-05:30"^^xsd:date) AS ?x) (TIMEZONE(?x) AS ?y) {}', ["-PT5H30M", None]),
    ('SELECT (TIMEZONE("2004-01-01T00:00:00+14:00"^^xsd:dateTime) AS ?x) {}', ["PT14H"]),
    # what OPTIONAL finds does not depend on what stands around its group (18.6)
    ("SELECT ?a { ?a e:p ?b { OPTIONAL { ?a e:s ?s } } } ORDER BY ?a ?s", ["http://e.org/a"] * 2),
    ("SELECT ?a { ?a e:n ?n { OPTIONAL { ?a e:d ?d } } }", ["http://e.org/b"] * 4),
    ("SELECT ?a { ?a e:n ?n { OPTIONAL { ?a e:none ?s } } } ORDER BY ?a ?n", ["http://e.org/" + x for x in "abbc"]),
    ("SELECT ?n { VALUES ?n { 1 2 } FILTER EXISTS { e:b e:p ?c OPTIONAL { ?c e:l ?m } FILTER(?n = 1) } }", ["1"]),
    # positions (5.4.3)
    ('SELECT (SUBSTR("abc", 0) AS ?x) {}', ["abc"]),
    ('SELECT (SUBSTR("abc", 0, 2) AS ?x) (SUBSTR("abc", -1, 3) AS ?y) {}', ["a", "a"]),
    ('SELECT (SUBSTR("abc", -5) AS ?x) (SUBSTR("abc", 2, -1) AS ?y) (SUBSTR("abc", 9) AS ?z) {}', ["abc", "", ""]),
    # casts by lexical forms (17.5)
    ("SELECT (xsd:integer(3.7) AS ?x) (xsd:integer(-3.7e0) AS ?y) {}", ["3", "-3"]),
    ('SELECT (xsd:integer("1_000") AS ?x) (xsd:decimal("1_000.5") AS ?y) (xsd:double("1_0e0") AS ?z) {}', [None] * 3),
    ('SELECT (xsd:integer("3.7") AS ?x) (xsd:integer("١") AS ?y) (xsd:decimal("1e0") AS ?z) {}', [None] * 3),
    ('SELECT (xsd:boolean("TRUE") AS ?x) (xsd:boolean(0.0) AS ?y) (xsd:boolean(7) AS ?z) {}', [None, "false", "true"]),
    ("SELECT (xsd:integer(true) AS ?x) (xsd:decimal(1.5e0) AS ?y) (xsd:integer(1e0/0) AS ?z) {}", ["1", "1.5", None]),
    ('SELECT (xsd:dateTime("2004-02-30T00:00:00Z") AS ?x) (xsd:dateTime("20040229T10") AS ?y) {}', [None, None]),
    ('SELECT (xsd:integer("12"@en) AS ?x) (xsd:string("x"@en) AS ?y) (xsd:integer(e:a) AS ?z) {}', [None, "x", None]),
    # order of values (15.1, 17.3)
    ("SELECT ?x { e:a e:y ?x } ORDER BY ?x", ["-0044", "2020", "12020"]),
    ("SELECT ?x { e:b e:d ?x } ORDER BY DESC(?x)", ["12004-01-01", "2004-02-29"]),
    ("SELECT (STR(?x) AS ?y) { e:b e:t ?x } ORDER BY ?x", ["2004-02-29T23:30:00Z", "2004-02-29T23:00:00-05:00"]),
    ("SELECT (MIN(?x) AS ?y) (MAX(?x) AS ?z) { e:a e:y ?x }", ["-0044", "12020"]),
    ("SELECT ?x { VALUES ?x { 10 9.5 1e1 -1 } } ORDER BY ?x", ["-1", "9.5", "10", "10"]),
    ('SELECT ?x { e:b e:d ?x FILTER(?x > "9999-12-31"^^xsd:date) }', ["12004-01-01"]),
    ('SELECT (YEAR("12004-01-01T00:00:00Z"^^xsd:dateTime) AS ?x) (YEAR("-0044-01-01T00:00:00"^^xsd:dateTime) AS ?y) {}',
     ["12004", "-44"]),
    # EXISTS outside FILTER (8.1)
    ("SELECT (EXISTS { e:a e:p ?x } AS ?y) {}", ["true"]),
    ("SELECT (NOT EXISTS { ?s e:p e:c } AS ?y) { BIND(e:a AS ?s) }", ["true"]),
    ("SELECT (IF(EXISTS { ?s e:p e:b FILTER(REGEX('A', 'a', 'i')) }, 1, 2) AS ?y) { VALUES ?s { e:a e:b } }",
     ["1", "2"]),
    ("SELECT ?s { ?s e:n ?o } GROUP BY ?s HAVING(EXISTS { ?s e:p ?z }) ORDER BY ?s",
     ["http://e.org/a", "http://e.org/b"]),
    ("SELECT ?s { ?s e:n 2 } ORDER BY EXISTS { ?s e:p ?z }", ["http://e.org/c", "http://e.org/b"]),
    # VALUES without rows (10.2.1)
    ("SELECT ?x { VALUES ?x {} }", []),
    ("SELECT ?x { VALUES (?x ?y) {} }", []),
    ("SELECT ?x { e:a e:n ?x } VALUES ?x {}", []),
    ("SELECT ?x { e:a e:n ?x OPTIONAL { VALUES ?y {} } }", ["1"]),
    # errors that are decided (17.2), and those that are not
    ("SELECT (?u && false AS ?x) (false && ?u AS ?y) (?u || true AS ?z) (true && ?u AS ?w) {}",
     ["false", "false", "true", None]),
    ("SELECT (2 IN (?u, 2) AS ?x) (3 NOT IN (?u, 2) AS ?y) (1 IN (1.0) AS ?z) {}", ["true", None, "true"]),
    ("SELECT (isIRI(1/0) AS ?x) (sameTerm(?u, ?u) AS ?y) (COALESCE() AS ?z) (CONCAT() AS ?w) {}", [None] * 3 + [""]),
    ('SELECT (isNUMERIC("x"^^xsd:integer) AS ?x) (ABS("x"^^xsd:integer) AS ?y) {}', ["false", None]),
    ('SELECT ?x { e:b e:d ?x FILTER(?x) }', []),
    ('SELECT (STRDT("1"@en, xsd:integer) AS ?x) (STRDT("1", "2") AS ?y) (SHA1("x"@en) AS ?z) {}', [None] * 3),
    # kinds of numbers (17.3)
    ("SELECT (DATATYPE(2e0 * 3) AS ?x) (DATATYPE(1/2) AS ?y) (DATATYPE(2 * 3) AS ?z) {}",
     [f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("double", "decimal", "integer")]),
    ("SELECT (1e0/0 AS ?x) (1/0 AS ?y) (0.1 = 1e-1 AS ?z) (STR(1e7 * 10) AS ?w) {}",
     ["INF", None, "true", "100000000"]),
    # a filter that is a constant, a subquery by itself, MINUS by itself, a join that counts (8, 12, 18.5)
    ("SELECT ?x { e:a e:n ?x FILTER(false) }", []),
    ("SELECT ?x { e:a e:n ?x FILTER((0)) }", []),
    ("SELECT ?x { e:a e:n ?x FILTER('x') }", ["1"]),
    ("SELECT ?s ?m { ?s e:n ?x { SELECT (MAX(?x) AS ?m) { ?t e:n ?x } } FILTER(?s = e:c) }", ["http://e.org/c", "3"]),
    ("SELECT ?x ?m { e:a e:n ?x OPTIONAL { SELECT (COUNT(?x) AS ?m) { ?t e:n ?x } } }", ["1", "4"]),
    ("SELECT ?x { { SELECT DISTINCT ?x { ?s e:n ?x } } { SELECT ?x { e:b e:n ?x } } } ORDER BY ?x", ["2", "3"]),
    ("SELECT ?x { VALUES ?x { 2 } { SELECT ?x { ?s e:n ?x } LIMIT 9 } }", ["2", "2"]),
    ("SELECT ?y { VALUES ?x { 7 } OPTIONAL { VALUES ?y { 2 9 } OPTIONAL { e:b e:n ?y, ?z } } } ORDER BY ?y",
     ["2", "2", "9"]),
    # each end of a path once (9.3)
    ("SELECT ?x { e:k e:l* ?x } ORDER BY ?x", ["http://e.org/k", "http://e.org/m"]),
    ("SELECT ?x { ?x (e:l+)+ e:m } ORDER BY ?x", ["http://e.org/k", "http://e.org/m"]),
    ("SELECT ?x { e:k (e:l|e:l)? ?x } ORDER BY ?x", ["http://e.org/k", "http://e.org/m"]),
    ("SELECT (COUNT(*) AS ?x) { e:none e:p+ ?y }", ["0"]),
    ("SELECT ?x { VALUES ?x { e:none } ?x (e:p|e:q)* ?y }", []),
    ("SELECT ?x { BIND(7 AS ?x) ?x e:p? ?x }", []),
    ("SELECT (COUNT(*) AS ?x) { ?y ((e:l*)*)* ?z FILTER(?y != ?z) }", ["2"]),
    ("SELECT ?x { e:a e:p ?s OPTIONAL { ?t e:n ?x MINUS { ?s e:p ?v } } } ORDER BY ?x", ["1", "2", "2", "3"]),
]  # fmt: skip


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(("query", "right"), BOTH)
def test_both_engines_answer_by_the_standard(
    graph: KnowledgeGraph, engine: str, query: str, right: list[str | None]
) -> None:
    assert cells(graph, query, engine) == right


RDFLIB = [
    ("SELECT ?x { e:none e:p* ?x }", ["http://e.org/none"]),
    ("SELECT ?x { ?x e:p? e:none }", ["http://e.org/none"]),
    ("SELECT (COUNT(*) AS ?x) { e:none e:p* e:none }", ["1"]),
    ("SELECT (false < true AS ?x) (true >= false AS ?y) (true < false AS ?z) {}", ["true", "true", "false"]),
    ('SELECT (xsd:integer(" 12 ") AS ?x) (xsd:boolean("\\ttrue") AS ?y) {}', ["12", "true"]),
    ('SELECT (xsd:double("infinity") AS ?x) (!"x"^^xsd:boolean AS ?y) {}', [None, "true"]),
    ('SELECT (IF("x"@en, 1, 2) AS ?x) (!""@en AS ?y) {}', ["1", "true"]),
    ('SELECT (GROUP_CONCAT(?s) AS ?x) { VALUES ?s { "a"@en "b"@en } }', ["a b"]),
]


@pytest.mark.parametrize(("query", "right"), RDFLIB)
def test_rdflib_answers_by_the_standard_where_oxigraph_does_not(
    graph: KnowledgeGraph, query: str, right: list[str | None]
) -> None:
    assert cells(graph, query) == right


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(
    ("query", "triples"),
    [
        ("DESCRIBE * { e:a e:p ?x }", 7),
        ("DESCRIBE e:c { { SELECT ?x { e:a e:p ?x } } }", 1),
        ("DESCRIBE * {}", 0),
        ("DESCRIBE e:c", 1),
        ("DESCRIBE e:c { e:a e:none ?x }", 0),
        ("DESCRIBE * { VALUES ?x {} }", 0),
    ],
)
def test_describe(graph: KnowledgeGraph, engine: str, query: str, triples: int) -> None:
    answer = graph.sparql(PREFIXES + query, engine=engine)
    assert isinstance(answer, Triples)
    assert len(answer) == triples


def test_other_users_of_rdflib_see_nothing_of_it(graph: KnowledgeGraph) -> None:
    import rdflib

    from perezkg.sparql.rdflib_algebra import FUNCTIONS

    cells(graph, "SELECT (SUBSTR('abc', 0) AS ?x) { ?s e:n ?y } ORDER BY ?y")
    rows = list(rdflib.Graph().query('SELECT (SUBSTR("abc", 0) AS ?x) {}'))
    assert [str(row[0]) for row in rows] == ["c"], "rdflib does it right: mend less"  # type: ignore[index]
    assert FUNCTIONS


def test_on_the_command_line(command: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("data") / "in.ttl"
    data.write_text("@prefix e: <http://e.org/> . e:a e:n 5 .", encoding="utf-8")
    query = "SELECT ?s (COUNT(?o) AS ?n) { ?s <urn:none> ?o } GROUP BY ?s"
    ended = command("query", "-e", query, "--data", str(data), "--engine", "rdflib", "-f", "csv")
    assert ended == (0, "s,n\r\n", "")


@pytest.mark.parametrize(
    "pattern",
    [
        "?a e:kind e:one . ?b e:kind e:two . ?a e:next ?b",
        "?a e:kind e:one . ?b e:kind e:two . ?a e:next/e:same? ?b",
        "?b e:kind e:two . { ?a e:kind e:one . ?c e:kind e:one . ?a e:next ?b . ?c e:next ?b }",
    ],
)
def test_patterns_are_joined_and_not_multiplied(pattern: str) -> None:
    nodes = 3000
    lines = [f"e:a{at} e:kind e:one ; e:next e:b{at} . e:b{at} e:kind e:two ." for at in range(nodes)]
    data = "@prefix e: <http://e.org/> . " + "\n".join(lines)
    large = KnowledgeGraph([DataFile("data.ttl", data.encode(), RdfFormat.TURTLE)])
    # Nine million pairs would take a minute at the least; the default limit is ten seconds of work.
    answer = large.sparql(f"{PREFIXES} SELECT ?a ?b {{ {pattern} }}", engine="rdflib", timeout=10)
    assert isinstance(answer, Solutions)
    assert len(answer) == nodes
