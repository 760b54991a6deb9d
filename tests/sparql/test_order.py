"""ORDER BY over terms of every kind ends, orders the same on every engine, and keeps the order that SPARQL settles."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import perezkg
from perezkg.sparql.engines import ENGINES
from perezkg.sparql.results import Solutions

TERMS = [
    "<http://example.org/a>",
    "<http://example.org/b>",
    "-1",
    "9",
    "10.5",
    "1.1e1",
    '"10"',
    '"9"',
    '"a"',
    '"a"@en',
    '"b"@es',
    "false",
    "true",
    '"1996-07-26"^^xsd:date',
    '"2003-08-23"^^xsd:date',
    '"1996"^^xsd:gYear',
    '"PT1H17M"^^xsd:dayTimeDuration',
    '"NaN"^^xsd:double',
]
DATA = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n<http://example.org/s> <http://example.org/p> %s ."


@pytest.fixture(scope="module")
def mixture(tmp_path_factory: pytest.TempPathFactory) -> perezkg.KnowledgeGraph:
    path = tmp_path_factory.mktemp("mixture") / "mixture.ttl"
    path.write_text(DATA % " , ".join(reversed(TERMS)), encoding="utf-8")
    return perezkg.load(path)


def values(graph: perezkg.KnowledgeGraph, order: str, engine: str) -> list[str]:
    answer = graph.sparql(f"SELECT ?x {{ <http://example.org/s> ?p ?x }} ORDER BY {order}", engine=engine)
    assert isinstance(answer, Solutions)
    return [str(row[0]) for row in answer.rows]


@pytest.mark.parametrize("engine", ENGINES)
def test_kinds_then_values(mixture: perezkg.KnowledgeGraph, engine: str) -> None:
    found = values(mixture, "?x", engine)
    assert found[:2] == TERMS[:2]
    assert [term.split("^^")[0] for term in found[2:6]] == ['"-1"', '"9"', '"10.5"', '"11"']
    assert found[7:12] == ['"10"', '"9"', '"a"', '"a"@en', '"b"@es'] or set(found[9:11]) == {'"a"', '"a"@en'}
    assert [term for term in found if "#date>" in term] == [
        '"1996-07-26"^^<http://www.w3.org/2001/XMLSchema#date>',
        '"2003-08-23"^^<http://www.w3.org/2001/XMLSchema#date>',
    ]
    assert len(found) == len(TERMS)


def test_engines_order_alike(mixture: perezkg.KnowledgeGraph) -> None:
    for order in ("?x", "ASC(?x)", "?p ?x"):
        assert values(mixture, order, "oxigraph") == values(mixture, order, "rdflib")
    assert values(mixture, "DESC(?x)", "oxigraph") == values(mixture, "DESC(?x)", "rdflib")


@pytest.mark.parametrize(
    "order",
    [
        "?x LIMIT 3",
        "DESC( ?x ) OFFSET 2",
        "STR(?x) ?x",
        "(?x) ASC(?s)",
        "<http://www.w3.org/2001/XMLSchema#string>(?x)",
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_may_follow_or_stand_beside_a_variable(mixture: perezkg.KnowledgeGraph, order: str, engine: str) -> None:
    assert values(mixture, order, engine)


def test_order_within_a_subquery(mixture: perezkg.KnowledgeGraph) -> None:
    answer = mixture.sparql("SELECT ?x { { SELECT ?x { ?s ?p ?x FILTER(isNumeric(?x)) } ORDER BY DESC(?x) LIMIT 1 } }")
    assert isinstance(answer, Solutions)
    assert len(answer) == 1


def test_a_syntax_error_behind_it_keeps_its_line(mixture: perezkg.KnowledgeGraph) -> None:
    with pytest.raises(perezkg.errors.SparqlSyntaxError) as caught:
        mixture.sparql("SELECT ?x { ?s ?p ?x }\nORDER BY ?x\nLIMIT x")
    assert caught.value.line == 3


SHUFFLED = """
import random, sys
import perezkg
terms = {terms!r}
for seed in range(40):
    pool = terms + [f'"{{random.Random(seed * n).randrange(99)}}"^^xsd:{{kind}}'
                    for n in range(40) for kind in ("integer", "string", "gYear", "duration", "double")]
    random.Random(seed).shuffle(pool)
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write({data!r} % " , ".join(pool))
    perezkg.load(sys.argv[1]).sparql("SELECT ?x {{ ?s ?p ?x }} ORDER BY DESC(?x)")
"""


def test_no_mixture_ends_the_process(tmp_path: Path) -> None:
    """In a process of its own: what went wrong here once could be caught by nobody."""
    script = SHUFFLED.format(terms=TERMS, data=DATA)
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "x.ttl")], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-500:]
