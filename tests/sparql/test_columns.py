"""The name of a column is used in those after it, also where the query has groups, on both engines."""

from __future__ import annotations

import pytest

import perezkg
from perezkg import Solutions
from perezkg.sparql.departures import with_columns_written_out

VALUES = "{ VALUES (?x ?y) { (1 2) (1 3) (2 5) } }"


def rows(query: str, engine: str) -> list[tuple[object, ...]]:
    answer = perezkg.KnowledgeGraph([]).sparql(query, engine=engine)
    assert isinstance(answer, Solutions)
    return [tuple(row) for row in answer]


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(
    ("query", "right"),
    [
        (f"SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) {VALUES}", [(3, 4)]),
        (f"SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) (?m * $n AS ?k) {VALUES}", [(3, 4, 12)]),
        (f"SELECT ?x (SUM(?y) AS ?n) (-?n - ?x AS ?m) {VALUES} GROUP BY ?x ORDER BY ?m", [(2, 5, -7), (1, 5, -6)]),
        (
            f"SELECT ?x (COUNT(*) AS ?n) (?n + 1 AS ?m) {VALUES} GROUP BY ?x HAVING(COUNT(*) > 1) LIMIT 1",
            [(1, 2, 3)],
        ),
        (f"SELECT (COUNT(*) AS ?n) (SUM(?y) + ?n AS ?m) {VALUES}", [(3, 13)]),
        (f"SELECT (SAMPLE(?z) AS ?n) (BOUND(?n) AS ?m) (BOUND(?m) AS ?k) {VALUES}", [(None, False, True)]),
        (f"SELECT (?x + 1 AS ?n) (?n + 1 AS ?m) {VALUES} GROUP BY ?x ORDER BY ?n", [(2, 3), (3, 4)]),
        (f"SELECT ?m ?z {{ {{ SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) {VALUES} }} BIND(?m + 1 AS ?z) }}", [(4, 5)]),
        (f"SELECT (COUNT(*) AS ?n) (CONCAT('?n', STR(?n)) AS ?m) {VALUES} # ?n", [(3, "?n3")]),
        (f"SELECT (COUNT(*) AS ?n) (REPLACE(STR(?n), '(3)', '$1x') AS ?m) {VALUES}", [(3, "3x")]),
    ],
)
def test_a_column_uses_those_before_it(query: str, right: list[tuple[object, ...]], engine: str) -> None:
    assert rows(query, engine) == right


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT (COUNT(*) AS ?n) (?z + 1 AS ?m) {VALUES}",  # no name of a column
        f"SELECT (?m + 1 AS ?n) (COUNT(*) AS ?m) {VALUES}",  # of a column behind
        f"SELECT (COUNT(*) + RAND() AS ?n) (?n AS ?m) {VALUES}",  # written out, it would be another number
    ],
)
def test_other_names_are_refused(query: str) -> None:
    with pytest.raises(perezkg.SparqlSyntaxError):
        rows(query, "oxigraph")


def test_what_would_double_with_each_column_is_given_up() -> None:
    columns = " ".join(f"(?a{n} + ?a{n} AS ?a{n + 1})" for n in range(40))
    assert with_columns_written_out(f"SELECT (COUNT(*) AS ?a0) {columns} {VALUES}") is None
    deep = " ".join(f"(?a{n} + 1 AS ?a{n + 1})" for n in range(300))
    assert with_columns_written_out(f"SELECT (COUNT(*) AS ?a0) {deep} {VALUES}") is None
