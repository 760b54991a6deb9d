"""The SPARQL Protocol: how a query is sent, which answers are understood, and that they are those of home."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode
from tests.stores.asking.conftest import JSON, NTRIPLES, http, rows

import perezkg
from perezkg.errors import RemoteAccessRefusedError, SparqlSyntaxError, UnknownParameterError
from perezkg.sparql.results import Boolean, Solutions, Triples

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Run
    from tests.stores.asking.conftest import Store

    from perezkg.stores.remote_graph import RemoteGraph

    Start = Callable[..., Store]
    Connect = Callable[..., RemoteGraph]

XML = "application/sparql-results+xml"
ONE = rows({"a": {"type": "uri", "value": "http://e.org/1"}})
ONE_XML = """<?xml version="1.0"?>
<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="a"/></head>
<results><result><binding name="a"><uri>http://e.org/1</uri></binding></result></results></sparql>
"""
PREFIXED_XML = """<r:sparql xmlns:r="http://www.w3.org/2005/sparql-results#"><r:head><r:variable name="a"/></r:head>
<r:results><r:result><r:binding name="a"><r:uri>http://e.org/1</r:uri></r:binding></r:result></r:results></r:sparql >
"""
LONG = "SELECT ?a { ?a ?p ?o } # " + "x" * 3000


@pytest.mark.parametrize(("numbers", "answer"), [(["1"], True), (["0"], False), ([], False)])
def test_virtuoso_answers_ask_with_a_table(store: Start, connect: Connect, numbers: list[str], answer: bool) -> None:
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    cells = [{"__ASK_RETVAL": {"type": "typed-literal", "datatype": integer, "value": number}} for number in numbers]
    there = store(http(content=rows(*cells, names=("__ASK_RETVAL",))))
    assert connect(there.url).sparql("ASK { ?a ?p ?o }") == Boolean(answer)


def test_a_short_query_goes_by_get(store: Start, connect: Connect) -> None:
    there = store(http(content=ONE))
    answer = connect(there.url).sparql("SELECT ?a { ?a a sport:Person }")
    assert answer == Solutions(("a",), [(NamedNode("http://e.org/1"),)])
    (request,) = there.requests
    assert (request.method, request.body) == ("GET", b"")
    assert request.query == "PREFIX sport: <https://w3id.org/perezkg/sport#> SELECT ?a { ?a a sport:Person }"
    assert request.headers["accept"].startswith(f"{JSON}, {XML};q=")
    assert request.headers["user-agent"] == f"perezkg/{perezkg.__version__}"
    assert "gzip" in request.headers["accept-encoding"]
    assert "authorization" not in request.headers


def test_a_store_is_asked_for_titles_where_nothing_has_that_name(store: Start, connect: Connect) -> None:
    thing = rows({"thing": {"type": "uri", "value": "http://e.org/1"}}, names=("thing",))
    there = store(http(content=rows(names=("thing",))), http(content=thing))
    assert connect(there.url).find("Ana") == NamedNode("http://e.org/1")
    names, titles = (request.query for request in there.requests)
    assert "rdfs:label" in names
    assert "dcterms:title }" not in names
    assert "VALUES ?property { dcterms:title }" in titles
    # An article about Ana may have her name as its title: whoever has the name is meant.
    there = store(http(content=thing))
    assert connect(there.url).find("Ana") == NamedNode("http://e.org/1")
    assert len(there.requests) == 1


def test_a_long_query_goes_by_post_in_a_form(store: Start, connect: Connect) -> None:
    there = store(http(content=ONE))
    connect(there.url).sparql(LONG)
    (request,) = there.requests
    assert (request.method, request.target) == ("POST", "/sparql")
    # RDF4J in Tomcat reads a form as Latin-1 that does not say what it is.
    assert request.headers["content-type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert request.query == LONG


@pytest.mark.parametrize("status", [405, 414, 415, 501])
def test_what_a_store_does_not_take_is_sent_in_another_form(store: Start, connect: Connect, status: int) -> None:
    there = store(http(status, ""), http(status, ""), http(content=ONE))
    connect(there.url).sparql("SELECT ?a { ?a ?p 'é' }")
    assert [request.method for request in there.requests] == ["GET", "POST", "POST"]
    assert there.requests[2].headers["content-type"] == "application/sparql-query; charset=UTF-8"
    assert {request.query for request in there.requests} == {"SELECT ?a { ?a ?p 'é' }"}


def test_the_url_may_have_a_query_part_of_its_own(store: Start, connect: Connect) -> None:
    there = store()
    graphs = ["http://e.org/g", "http://e.org/h?x=1&y"]
    kg = connect(there.url + "?key=k", graphs=graphs)
    kg.sparql("ASK {}")
    kg.sparql("ASK {} # " + "x" * 3000)
    assert len(there.requests) == 2
    for request in there.requests:
        assert request.fields["key"] == ["k"]
        assert request.fields["default-graph-uri"] == graphs


@pytest.mark.parametrize(
    ("media", "content"),
    [
        (JSON, ONE),
        (f"{JSON}; charset=utf-8", ONE),
        (f"{JSON.upper()} ;charset=UTF8", ONE),
        ("application/json", ONE),
        (None, ONE),
        (XML, ONE_XML),
        (f'{XML};charset="utf-8"', ONE_XML),
        ("application/xml", ONE_XML),
        ("text/xml", PREFIXED_XML),
        ("text/tab-separated-values; charset=utf-8", "?a\n<http://e.org/1>\n"),
    ],
)
def test_rows_in_every_format(store: Start, connect: Connect, media: str | None, content: str) -> None:
    there = store(http(content=content, media=media))
    assert connect(there.url).sparql("SELECT ?a {}") == Solutions(("a",), [(NamedNode("http://e.org/1"),)])


@pytest.mark.parametrize(
    ("media", "content"),
    [
        (NTRIPLES, "<http://e.org/s> <http://e.org/p> 'x' ."),
        ("text/plain", '<http://e.org/s> <http://e.org/p> "x" .\n'),
        ("text/turtle;charset=utf-8", "@prefix e: <http://e.org/> . e:s e:p 'x' ."),
        (None, '<http://e.org/s> <http://e.org/p> "x" .\n'),
    ],
)
@pytest.mark.parametrize("form", ["CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "DESCRIBE <http://e.org/s>"])
def test_triples_in_every_format(
    store: Start,
    connect: Connect,
    media: str | None,
    content: str,
    form: str,
) -> None:
    there = store(http(content=content.replace("'x'", '"x"'), media=media))
    answer = connect(there.url).sparql(form)
    assert isinstance(answer, Triples)
    assert [str(triple) for triple in answer] == ['<http://e.org/s> <http://e.org/p> "x"']
    assert there.requests[0].headers["accept"].startswith(NTRIPLES)


def test_true_and_false(store: Start, connect: Connect, command: Run) -> None:
    no = b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>false</boolean></sparql>'
    there = store(http(), http(content=no, media=XML), http())
    kg = connect(there.url)
    assert kg.sparql("ASK {}") == Boolean(True)
    assert kg.sparql("ASK {}") == Boolean(False)
    assert command("query", "-e", "ASK {}", "--endpoint", there.url) == (0, "true\r\n", "")
    there.replies = [http(content=no, media=XML)]
    assert command("query", "-e", "ASK {}", "--endpoint", there.url) == (1, "false\r\n", "")


def test_a_compressed_answer(store: Start, connect: Connect) -> None:
    there = store(http(content=gzip.compress(ONE.encode()), Content_Encoding="gzip"))
    assert len(connect(there.url).sparql("SELECT ?a {}")) == 1  # type: ignore[arg-type]


def test_an_answer_in_chunks(store: Start, connect: Connect) -> None:
    pieces = [ONE[:7], ONE[7:30], ONE[30:]]
    body = "".join(f"{len(piece):x}\r\n{piece}\r\n" for piece in pieces) + "0\r\n\r\n"
    there = store(f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n{body}".encode())
    assert len(connect(there.url).sparql("SELECT ?a {}")) == 1  # type: ignore[arg-type]


def test_an_answer_without_length_ends_with_the_connection(store: Start, connect: Connect) -> None:
    there = store(f"HTTP/1.0 200 OK\r\nContent-Type: {JSON}\r\n\r\n{ONE}".encode())
    assert len(connect(there.url).sparql("SELECT ?a {}")) == 1  # type: ignore[arg-type]


def test_columns_come_in_the_order_of_home(store: Start, connect: Connect) -> None:
    """A store may turn them around, or leave out what is unbound in each row."""
    cell = {"type": "literal", "value": "x"}
    there = store(http(content=rows({"b": cell, "a": cell}, {"a": cell}, names=("b", "a"))))
    answer = connect(there.url).sparql("SELECT ?a ?b ?c {}")
    x = Literal("x")
    assert answer == Solutions(("a", "b", "c"), [(x, None, None), (x, x, None)])


def test_order_is_that_of_the_store_only_where_the_query_asks_for_one(store: Start, connect: Connect) -> None:
    cells = [{"a": {"type": "literal", "value": value}} for value in "cab"]
    kg = connect(store(http(content=rows(*cells))).url)
    for text, values in (("SELECT ?a {}", "abc"), ("SELECT ?a {} ORDER BY ?a", "cab")):
        answer = kg.sparql(text)
        assert isinstance(answer, Solutions)
        assert "".join(row.a for row in answer) == values


@pytest.mark.parametrize(
    ("written", "datatype", "home"),
    [
        ("2.50", "decimal", "2.5"),
        ("+07", "integer", "7"),
        ("1.0E3", "double", "1000"),
        ("1", "boolean", "true"),
        ("PT90S", "dayTimeDuration", "PT1M30S"),
        ("x", "integer", "x"),
    ],
)
def test_numbers_are_written_as_at_home(store: Start, connect: Connect, written: str, datatype: str, home: str) -> None:
    iri = f"http://www.w3.org/2001/XMLSchema#{datatype}"
    there = store(
        http(content=rows({"a": {"type": "typed-literal", "value": written, "datatype": iri}})),
        http(content=f'<http://e.org/s> <http://e.org/p> "{written}"^^<{iri}> .\n', media=NTRIPLES),
    )
    kg = connect(there.url)
    solutions, triples = kg.sparql("SELECT ?a {}"), kg.sparql("CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(solutions, Solutions)
    assert isinstance(triples, Triples)
    assert solutions.rows[0][0] == triples[0].object == Literal(home, datatype=NamedNode(iri))


def test_blank_nodes_are_named_as_at_home(store: Start, connect: Connect) -> None:
    cells = [{"a": {"type": "bnode", "value": label}} for label in ("n17", "n4", "n17")]
    there = store(
        http(content=rows(*cells)),
        http(content="_:z <http://e.org/p> _:y .\n_:y <http://e.org/p> 'x' .".replace("'", '"'), media=NTRIPLES),
    )
    kg = connect(there.url)
    assert str(kg.sparql("SELECT ?a {} ORDER BY ?a").to_dicts()) == "[{'a': '_:b0'}, {'a': '_:b1'}, {'a': '_:b0'}]"  # type: ignore[union-attr]
    triples = kg.sparql("CONSTRUCT WHERE { ?s ?p ?o }")
    assert {str(triple.subject) for triple in triples} == {"_:c14n0", "_:c14n1"}  # type: ignore[union-attr]


def test_values_are_bound_as_terms(store: Start, connect: Connect) -> None:
    there = store(http(content=rows()))
    connect(there.url).sparql("SELECT ?a { ?a ?p ?_x }", x='" } #')
    assert there.requests[0].query == 'SELECT ?a { ?a ?p "\\" } #" }'


def test_nothing_is_sent_when_the_query_is_wrong(store: Start, connect: Connect, kg: perezkg.KnowledgeGraph) -> None:
    there = store()
    remote = connect(there.url)
    for text in ("SELECT ?a { ?a }", "SELECT ?a", "ASK { nix:a ?p ?o }", "DROP ALL"):
        with pytest.raises(SparqlSyntaxError) as at_home:
            kg.sparql(text)
        with pytest.raises(SparqlSyntaxError) as away:
            remote.sparql(text)
        assert str(away.value) == str(at_home.value)
    for text in ("ASK { SERVICE <http://e.org/> {} }", "ASK FROM <http://e.org/> {}"):
        with pytest.raises(RemoteAccessRefusedError):
            remote.sparql(text)
    with pytest.raises(UnknownParameterError):
        remote.query("medals", nix=1)
    assert there.requests == []


def test_functions_of_the_store_may_be_used(store: Start, connect: Connect) -> None:
    there = store(http(content=ONE))
    assert len(connect(there.url).sparql("SELECT ?a { BIND(<http://e.org/f>(1) AS ?a) }")) == 1  # type: ignore[arg-type]


def test_the_command_writes_what_it_writes_at_home(store: Start, command: Run) -> None:
    there = store(http(content=rows({"a": {"type": "literal", "value": "é", "xml:lang": "en"}})))
    ended = command("query", "-e", "SELECT ?a {}", "-f", "tsv", "--endpoint", there.url)
    assert ended == (0, '?a\n"é"@en\n', "")


def test_missing_concepts_are_told(store: Start, command: Run) -> None:
    no = b'{"head": {}, "boolean": false}'
    there = store(http(content=rows(names=("year",))), http(content=no))
    status, out, err = command("query", "medals", "--endpoint", there.url)
    assert (status, out.count("\n")) == (0, 1)
    assert err.startswith("perezkg: notice: labels are missing: the store does not hold ontology/concepts.ttl")
    there.replies = [http(content=rows(names=("year",))), http()]
    assert command("query", "medals", "--endpoint", there.url).err == ""
