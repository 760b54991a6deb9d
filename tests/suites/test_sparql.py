"""The W3C's tests of SPARQL 1.1: answers on both engines, and which queries are of the language."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, parse_query_results
from tests.suites import asking
from tests.suites.comparing import as_bag, bag, canonical, csv_rows, read, right_answer
from tests.suites.expecting import parameters
from tests.suites.manifests import Case

import perezkg
from perezkg.cli import main
from perezkg.sparql.results import Boolean, Solutions


@pytest.mark.parametrize("case", parameters("sparql-evaluation-oxigraph"))
def test_answers_of_oxigraph(case: Case, tmp_path: Path) -> None:
    evaluated(case, "oxigraph", tmp_path)


@pytest.mark.parametrize("case", parameters("sparql-evaluation-rdflib"))
def test_answers_of_rdflib(case: Case, tmp_path: Path) -> None:
    evaluated(case, "rdflib", tmp_path)


def evaluated(case: Case, engine: str, folder: Path) -> None:
    """Ask what a case asks, and compare the answer with the right one."""
    assert case.result is not None
    data = asking.dataset(folder, case.data, case.graphs)
    written = case.result.suffix[1:]
    if written in ("csv", "tsv", "srj"):
        answer_as_written(case, engine, data, written, folder / "answer")
        return
    answer = asking.answer(data, case.action, engine)
    if isinstance(answer, Solutions):
        assert bag(answer.variables, answer.rows) == right_answer(case.result)
    elif isinstance(answer, Boolean):
        assert bool(answer) is right_answer(case.result)
    else:
        assert canonical(answer) == canonical(read(case.result))


def answer_as_written(case: Case, engine: str, data: list[Path], written: str, output: Path) -> None:
    """Compare the document that the command line writes."""
    assert case.result is not None
    name = {"srj": "json"}.get(written, written)
    files = [argument for path in data for argument in ("--data", str(path))]
    status = main(["query", str(case.action), "--engine", engine, "-f", name, "-o", str(output), *files])
    found = output.read_text(encoding="utf-8")
    if written == "csv":
        assert csv_rows(found) == csv_rows(case.result.read_text(encoding="utf-8"))
    else:
        right = right_answer(case.result)
        assert as_bag(parse_query_results(found, QueryResultsFormat.from_extension(written))) == right
        assert status == (1 if right is False else 0)


@pytest.mark.parametrize("case", parameters("sparql-syntax"))
def test_the_language(case: Case, tmp_path: Path) -> None:
    data = asking.dataset(tmp_path, (), ())
    if case.kind.startswith("Positive"):
        with suppress(perezkg.errors.EvaluationError):  # it is of the language, and nobody knows such a function
            asking.answer(data, case.action, "oxigraph")
    else:
        with pytest.raises(perezkg.SparqlSyntaxError):
            asking.answer(data, case.action, "oxigraph")
