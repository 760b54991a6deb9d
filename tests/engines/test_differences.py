"""Oxigraph and rdflib answer random queries alike, but for what a table tells; and the table is true."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Run
from tests.engines import asking
from tests.engines.comparing import compare, departing, first_cell, jena_is_here
from tests.engines.generating import PROLOGUE
from tests.engines.reporting import PAGE, section

from perezkg.sparql.differences import DIFFERENCES, ENGINE_TITLES, Difference, differing, notices


def test_random_queries_have_the_same_answers() -> None:
    found = compare(2026, range(250))
    assert found.surprises == []
    assert found.counts["compared"] > 150
    assert found.counts["with rows"] > 60


@pytest.mark.slow
def test_jena_agrees_with_most_of_it() -> None:
    if not jena_is_here():
        pytest.skip("Jena is not installed: run tests/matrix/install")
    assert compare(7, range(500), jena=True).surprises == []


@pytest.mark.parametrize("engine", ENGINE_TITLES)
@pytest.mark.parametrize("row", DIFFERENCES, ids=lambda row: row.what)
def test_each_row_is_true(row: Difference, engine: str) -> None:
    answer = asking.ask(asking.graph(), PROLOGUE + row.question, engine)
    if engine in row.engines and not row.silent:
        assert answer.kind == "error", "the engine has learned better: the row can go"
        return
    right = first_cell(answer) == row.right
    assert right is (engine not in row.engines), answer


@pytest.mark.parametrize("row", [row for row in DIFFERENCES if row.silent], ids=lambda row: row.what)
def test_each_question_has_its_notice(row: Difference) -> None:
    for engine in row.engines:
        assert row in differing(row.question, engine)
        said = notices(row.question, engine, lambda _: False)
        assert any(row.what in notice for notice in said)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o } ORDER BY ?o",
        "SELECT (COUNT(*) AS ?n) (?n * 2 AS ?m) { ?s a sport:Person } GROUP BY ?s",
        "SELECT ?x { ?x rdfs:subClassOf+ sport:Person FILTER(?x != ?y) FILTER(!BOUND(?z)) }",
        "SELECT (GROUP_CONCAT(STR(?x); SEPARATOR='|') AS ?all) { ?s ?p ?x FILTER(?x IN (1, 2) && ?x > 0.5) }",
        "SELECT * { ?s (sport:name|rdfs:label) sport:none }",
        "SELECT * { ?s a|sport:name ?x ; !(sport:name|rdfs:label) '|' }",
        "SELECT DISTINCT * { ?s sport:none ?x ; (sport:name|rdfs:label) ?y FILTER(?x * ?y > 2) }",
        "SELECT (COUNT(*) AS ?n) (SUM(?x * 2) AS ?m) { ?s sport:none ?x }",
        "DESCRIBE * { ?s sport:none ?x }",
        "SELECT (xsd:integer(?x) AS ?y) (BNODE() AS ?b) { GRAPH ?g { ?s ?p ?x } }",
        "SELECT ?x { ?x sport:name 'BNODE(\\'a\\')' }",
    ],
)
def test_what_every_engine_answers_alike_has_no_notice(query: str) -> None:
    assert [notice for engine in ENGINE_TITLES for notice in notices(query, engine, lambda _: False)] == []


def test_a_path_of_no_length_is_told_where_the_data_do_not_hold_the_term(command: Run, tmp_path: Path) -> None:
    data = tmp_path / "data.ttl"
    data.write_text("@prefix e: <http://e.org/> . e:a e:p e:b .", encoding="utf-8")
    arguments = ("query", "--data", str(data), "-f", "csv", "-e")
    known = "PREFIX e: <http://e.org/> SELECT ?x { e:a e:p* ?x } ORDER BY ?x"
    assert command(*arguments, known) == (0, "x\r\nhttp://e.org/a\r\nhttp://e.org/b\r\n", "")
    unknown = command(*arguments, known.replace("e:a", "e:c"))
    assert unknown.out == "x\r\n"
    assert "notice: with Oxigraph, a path that may have no length does not lead from a term" in unknown.err
    assert "such as <http://e.org/c> (SPARQL 1.1, 18.4, ZeroLengthPath)" in unknown.err
    other = command(*arguments, known.replace("e:a", "e:c"), "--engine", "rdflib")
    assert other.out == "x\r\nhttp://e.org/c\r\n"
    assert "length" not in other.err


@pytest.mark.parametrize(
    "path",
    ["e:p|e:q", "(e:p|e:p)", "e:p|^e:p", "(e:q|e:r|e:p)", "(e:p|e:r)/e:s", "e:s/(e:p|e:r)", "!(e:r|^e:r)", "a|(e:r*)"],
)
def test_alternatives_are_told_of_where_they_may_lead_to_one_end(command: Run, tmp_path: Path, path: str) -> None:
    data = tmp_path / "data.ttl"
    data.write_text("@prefix e: <http://e.org/> . e:a e:p e:b ; e:q e:b ; e:r e:c ; a e:D .", encoding="utf-8")
    query = f"PREFIX e: <http://e.org/> SELECT * {{ ?x {path} ?y }}"
    asked = command("query", "--data", str(data), "-e", query)
    assert "notice: with Oxigraph, a path of alternatives finds each end once" in asked.err
    assert ("such as <http://e.org/p>|<http://e.org/q>" in asked.err) is (path == "e:p|e:q")
    for alike in ("a|e:p", "e:p|e:r", "!(e:p|e:q)", "(e:q|a|e:r)"):
        assert "alternatives" not in command("query", "--data", str(data), "-e", query.replace(path, alike)).err


def test_a_notice_names_the_engine_that_was_asked(command: Run) -> None:
    query = ("query", "-e", 'SELECT (xsd:date("2004-02-29") AS ?x) {}', "-f", "csv")
    assert command(*query) == (0, "x\r\n2004-02-29\r\n", "")
    said = command(*query, "--engine", "rdflib")
    assert said.out == "x\r\n\r\n"
    assert "notice: with rdflib, casts to datatypes that SPARQL 1.1 does not name have no value" in said.err


def test_the_page_tells_the_table() -> None:
    assert section() in PAGE.read_text(encoding="utf-8"), f"docs/engines.md should say:\n{section()}"


def test_who_stands_alone() -> None:
    one, other, third = (asking.Answer("truth", content) for content in (True, False, None))
    assert departing({"a": one, "b": one}) == []
    assert departing({"a": one, "b": other}) == ["a", "b"]
    assert departing({"a": one, "b": other, "c": one}) == ["b"]
    assert departing({"a": one, "b": other, "c": third}) == ["a", "b", "c"]
    rising, falling = one._replace(order=(1, 2)), one._replace(order=(2, 1))
    assert departing({"a": one, "b": rising}) == []
    assert departing({"a": rising, "b": falling}) == ["a", "b"]
