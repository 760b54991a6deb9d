"""`%%sparql` in a session of IPython: answers, values, graphs, and what is told when something is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.sessions import ran, session

import perezkg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

TOWN = "SELECT ?name { ?place a sport:Place ; rdfs:label ?name } ORDER BY ?name LIMIT 1"


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    shell = session()
    ran(shell, "%load_ext perezkg")
    yield shell
    shell.clear_instance()


def test_a_line_runs_a_query_by_its_name(shell: InteractiveShell, kg: perezkg.KnowledgeGraph) -> None:
    assert ran(shell, "%sparql medals --lang es") == kg.query("medals", lang="es")
    answer = ran(shell, "%sparql medals -p athlete='Luis Fernando López' -p date=2016-03-23")
    assert answer == kg.query("medals", athlete="Luis Fernando López", date="2016-03-23")
    assert "Daegu" in answer._repr_html_()


def test_a_cell_is_sparql_whose_values_are_bound_as_terms(shell: InteractiveShell) -> None:
    shell.user_ns["year"] = 2008
    answer = ran(shell, "%%sparql -p year={year}\nSELECT (?_year_integer + 1 AS ?next) {}")
    assert [row.next for row in answer] == [2009]
    cell = "%%sparql -p name='\" } DROP ALL'\nSELECT (?_name AS ?said) {}"
    answer = ran(shell, cell)
    assert [row.said for row in answer] == ['" } DROP ALL']


def test_an_answer_can_be_kept(shell: InteractiveShell) -> None:
    assert ran(shell, "%sparql -o kept medals") is None
    assert len(shell.user_ns["kept"]) == len(perezkg.load().query("medals"))  # type: ignore[arg-type]


def test_the_graph_is_that_of_kg_or_of_the_variable_that_is_named(shell: InteractiveShell, tmp_path: Path) -> None:
    ran(shell, "import perezkg")
    for name in ("one", "two"):
        path = tmp_path / f"{name}.ttl"
        path.write_text(
            "@prefix sport: <https://w3id.org/perezkg/sport#> .\n"
            "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
            f'<urn:{name}> a sport:Place ; rdfs:label "Town {name}" .\n',
            encoding="utf-8",
        )
        shell.user_ns[f"path_{name}"] = path
    ran(shell, "kg = perezkg.load(path_one); other = perezkg.load(path_two)")
    for options, name in (("", "one"), ("-g other", "two")):
        answer = ran(shell, f"%%sparql {options}\n{TOWN}")
        assert [row.name for row in answer] == [f"Town {name}"]


_NAME_ONE = "Name one that holds what perezkg.load or connect returned."


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("%sparql medlas", "there is no query 'medlas'\nDid you mean medals?"),
        ("%sparql", "which query?\n%sparql NAME runs one of kg.queries(), %%sparql what its cell says."),
        ("%%sparql medals\nASK {}", "both the cell and 'medals' say what to run\nGive one of them."),
        ("%%sparql\nSELECT {", "query:1:8: not valid SPARQL: this { is never closed\n    SELECT {\n           ^"),
        ("%sparql medals -p lang=es", "-p lang=… is no parameter of a query\nWrite --lang instead."),
        ("%sparql medals -p athlete", "-p 'athlete' is not of the form name=value"),
        ("%sparql medals --langu es", "unrecognized arguments: --langu es\nDid you mean --lang?"),
        ("%sparql -g nothing medals", f"the variable nothing does not exist\n{_NAME_ONE}"),
        ("%sparql -g seven medals", f"the variable seven is of type int\n{_NAME_ONE}"),
        ("%sparql medals '", "No closing quotation"),
    ],
)
def test_what_is_wrong_is_told_without_a_traceback(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], source: str, said: str
) -> None:
    from IPython.core.error import UsageError as MagicError

    shell.user_ns["seven"] = 7
    with pytest.raises(MagicError):
        ran(shell, source)
    told = capsys.readouterr()
    assert told.err.startswith(f"UsageError: {said}")
    assert "Traceback" not in told.err
    assert told.out == ""


def test_help(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(shell, "%sparql --help") is None
    told = capsys.readouterr().out
    assert told.startswith(
        "usage: %%sparql [OPTIONS]   with SPARQL in the lines below\n       %sparql NAME [OPTIONS]\n"
    )
    assert "-p NAME=VALUE" in told


def test_it_speaks_spanish(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    from IPython.core.error import UsageError as MagicError

    with pytest.raises(MagicError):
        ran(shell, "%sparql medlas --lang es")
    assert ran(shell, "%sparql --lang es --help") is None
    told = capsys.readouterr()
    assert told.err == "UsageError: no existe la consulta 'medlas'\n¿Quiso decir medals?\n"
    assert "guarda la respuesta en una variable" in told.out
    assert ran(shell, "%sparql --help") is None
    assert "keep the answer in a variable" in capsys.readouterr().out
