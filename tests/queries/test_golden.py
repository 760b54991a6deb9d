"""Each canned query answers as its golden file says, on every engine, to the term.

A golden answer is CSV for SELECT, Turtle for CONSTRUCT and DESCRIBE, text for ASK. CSV has no types, so datatypes.txt
says of which type each column is. All of them were read against the biography, sentence by sentence: the cases
`sentence.1` to `sentence.27` list what each sentence gave. After a wanted change, `python tests/queries/test_golden.py`
writes them anew, all or those of the queries that it is given; read the difference before it is committed.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, parse

import perezkg
from perezkg.sparql.catalogue import catalogue
from perezkg.sparql.engines import ENGINES
from perezkg.sparql.results import Boolean, Solutions, Triples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from perezkg.rdf.terms import Term
    from perezkg.sparql.results import Result

GOLDEN = Path(__file__).parents[1] / "golden"
DATATYPES = GOLDEN / "datatypes.txt"
FORMS = {query.name: query.form for query in catalogue()}
NAMES = list(FORMS)
GRAPHS = [name for name, form in FORMS.items() if form in ("CONSTRUCT", "DESCRIBE")]

# Beside each query as it comes: other languages, and other values of parameters.
IN_SPANISH = [
    "ambassador",
    "awards",
    "career",
    "circumstances",
    "claims",
    "coaching",
    "concepts",
    "conflicts",
    "consecutive-titles",
    "disciplines",
    "family",
    "firsts-and-lasts",
    "medal-table",
    "medals",
    "olympic-results",
    "pilgrimage",
    "places",
    "results",
    "schooling",
    "timeline",
    "way-into-sport",
]
SENTENCES = range(1, 28)
# What queries are asked about that have to be told; and the day for those that answer for today.
GIVEN: dict[str, dict[str, Any]] = {
    **{query.name: {"date": "2026-01-01"} for query in catalogue() if "date" in query.parameters},
    "about": {"node": "pz:jefferson-perez"},
    "head-to-head": {"athlete": "pz:jefferson-perez", "rival": "pz:ilya-markov", "date": "2026-01-01"},
    "on-this-day": {"date": "2026-08-16"},
    "profile": {"athlete": "pz:jefferson-perez", "date": "2026-01-01"},
    "provenance": {"node": "pz:perez-world-championships-2003"},
    "standing-of-mark": {"mark": "pz:mark-1-17-21", "date": "2026-01-01"},
    "won-olympic-gold": {"athlete": "pz:jefferson-perez"},
}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    **{name: (name, GIVEN.get(name, {})) for name in NAMES},
    **{f"{name}.es": (name, {"lang": "es", **GIVEN.get(name, {})}) for name in IN_SPANISH},
    **{f"sentence.{number}": ("sentence", {"number": number}) for number in SENTENCES},
    "about.pilgrimage": ("about", {"node": "pz:pilgrimage"}),
    "claims.1996-12-31": ("claims", {"date": "1996-12-31"}),
    "claims.2008-12-31": ("claims", {"date": "2008-12-31"}),
    "claims.1989-12-31": ("claims", {"date": "1989-12-31"}),
    **{f"{name}.everyone": (name, {"whose": "everyone", **GIVEN[name]}) for name in ("medal-table", "medals")},
    "medals.1996-12-31": ("medals", {"date": "1996-12-31"}),
    "marks-of-distance.5000": ("marks-of-distance", {"metres": 5000}),
    "provenance.medal-1992": ("provenance", {"node": "pz:medal-junior-world-cup-1992"}),
    "all-time-list.per-mark": (
        "all-time-list",
        {"per": "mark", "discipline": "pz:race-walk-20km", "top": 10, "date": "2008-12-31"},
    ),
    "marks-under-limit.1-20": (
        "marks-under-limit",
        {"limit": 4800, "discipline": "pz:race-walk-20km", "date": "2026-01-01"},
    ),
    "results-between.2003-2007": ("results-between", {"start": 2003, "end": 2007}),
    "won-olympic-gold.luis-munoz": ("won-olympic-gold", {"athlete": "pz:luis-munoz"}),
    "world-championships.olympic-games": ("world-championships", {"series": "pz:olympic-games"}),
}
del CASES["sentence"]  # the default sentence is among the 27
# Each query once more on what the biography alone says.
BIOGRAPHY = "biography."
CASES |= {BIOGRAPHY + name: (name, GIVEN.get(name, {})) for name in NAMES}


def select(graph: perezkg.KnowledgeGraph, name: str, **parameters: Any) -> Solutions:
    answer = graph.query(name, **parameters)
    assert isinstance(answer, Solutions)
    return answer


@cache
def told_by(source: str) -> perezkg.KnowledgeGraph:
    return perezkg.load(source=source)


def source(case: str) -> str:
    return "biography" if case.startswith(BIOGRAPHY) else "all"


def ask(case: str, engine: str) -> Result:
    name, parameters = CASES[case]
    return told_by(source(case)).query(name, engine=engine, **parameters)


@pytest.fixture(scope="module")
def graph() -> perezkg.KnowledgeGraph:
    return told_by("all")


def golden_path(case: str, answer: Result) -> Path:
    extension = {Solutions: "csv", Triples: "ttl", Boolean: "txt"}[type(answer)]
    return GOLDEN / f"{case}.{extension}"


def golden_text(answer: Result) -> str:
    if isinstance(answer, Solutions):
        # Line ends as git keeps them; what `to_csv` ends its lines with is tested elsewhere.
        return answer.to_csv().replace("\r\n", "\n")
    if isinstance(answer, Triples):
        return answer.to_turtle()
    return f"{str(bool(answer)).lower()}\n"


def type_of(term: Term) -> str:
    if isinstance(term, Literal):
        return f"@{term.language}" if term.language else term.datatype.value.rpartition("#")[2]
    return "iri" if isinstance(term, NamedNode) else type(term).__name__


def datatypes_line(case: str, answer: Solutions) -> str:
    """Return the types of the terms in each column; a column of unbound cells has none."""
    columns = []
    for index, variable in enumerate(answer.variables):
        types = sorted({type_of(term) for row in answer.rows if (term := row[index]) is not None})
        columns.append(f"{variable}={'|'.join(types)}")
    return f"{case}: {' '.join(columns)}"


def canonical(triples: Iterable[Triple | Quad]) -> set[Quad]:
    dataset = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


def assert_golden(case: str, answer: Result) -> None:
    """Compare an answer with the golden file of a case, and the types of its terms."""
    expected = golden_path(case, answer).read_text(encoding="utf-8")
    if isinstance(answer, Solutions):
        found = list(csv.reader(io.StringIO(golden_text(answer))))
        assert found == list(csv.reader(io.StringIO(expected)))
        assert datatypes_line(case, answer) in DATATYPES.read_text(encoding="utf-8").splitlines()
    elif isinstance(answer, Triples):
        assert canonical(answer) == canonical(parse(expected, RdfFormat.TURTLE))
    else:
        assert golden_text(answer) == expected


# rdflib takes seconds for each. (This file is a program, too, which finds no package `tests`.)
ALL = bool(os.environ.get("PEREZKG_EVERY_CASE"))
FIRST = {name: case for case, (name, _) in reversed(CASES.items()) if source(case) == "all"}
ASKED = list(CASES) if ALL else list(FIRST.values())


@pytest.mark.parametrize("case", CASES)
def test_engines_answer_as_the_golden_file_says_and_alike_to_the_term(case: str) -> None:
    first = ask(case, "oxigraph")
    assert_golden(case, first)
    if case not in ASKED:
        return
    second = ask(case, "rdflib")
    assert_golden(case, second)
    if isinstance(first, Triples):
        assert isinstance(second, Triples)
        assert canonical(first) == canonical(second)
    else:
        assert first == second


@pytest.mark.parametrize("case", [case for case, (name, _) in CASES.items() if FORMS[name] == "SELECT"])
def test_no_row_of_a_golden_answer_is_told_twice(case: str) -> None:
    lines = (GOLDEN / f"{case}.csv").read_text(encoding="utf-8").splitlines()
    assert len(set(lines)) == len(lines)


# What no golden file has: the other queries in Spanish, and for today those that are dated there. Graphs are
# compared once more as the engines give them: blank nodes by the same names, in the same order.
WITHOUT = [
    (name, lang)
    for name in NAMES
    for lang in ("en", "es")
    if name in GIVEN or name in GRAPHS or (lang == "es" and name not in IN_SPANISH)
]


@pytest.mark.parametrize(("name", "lang"), WITHOUT[:: 1 if ALL else 4])
def test_engines_answer_alike_without_a_golden_file(graph: perezkg.KnowledgeGraph, name: str, lang: str) -> None:
    given = {key: value for key, value in GIVEN.get(name, {}).items() if key != "date"}
    oxigraph, rdflib = (graph.query(name, lang=lang, engine=engine, **given) for engine in ENGINES)
    assert oxigraph == rdflib


def test_no_golden_file_is_left_over() -> None:
    forms = {"SELECT": "csv", "ASK": "txt"}
    wanted = {GOLDEN / f"{case}.{forms.get(FORMS[name], 'ttl')}" for case, (name, _) in CASES.items()} | {DATATYPES}
    assert {path for path in GOLDEN.iterdir() if path.is_file()} == wanted


def test_the_27_sentences_together_support_everything(graph: perezkg.KnowledgeGraph) -> None:
    """What the 27 answers name is exactly what cites a sentence: none is left out, none is made up."""
    named = {row.iri for number in SENTENCES for row in select(graph, "sentence", number=number)}
    citing = graph.sparql("SELECT DISTINCT ?iri { ?iri prov:wasDerivedFrom/sport:position ?number }")
    assert isinstance(citing, Solutions)
    assert named == {row.iri for row in citing}


def write(queries: list[str]) -> None:
    """Write the golden files of some queries anew, or of all when none is named."""
    lines: dict[str, str] = {}
    if queries:
        lines = {line.partition(":")[0]: line for line in DATATYPES.read_text(encoding="utf-8").splitlines()}
    else:
        for path in GOLDEN.iterdir():
            path.unlink()
    for case, (name, _) in CASES.items():
        if name in (queries or NAMES):
            answer = ask(case, "oxigraph")
            golden_path(case, answer).write_text(golden_text(answer), encoding="utf-8", newline="\n")
            if isinstance(answer, Solutions):
                lines[case] = datatypes_line(case, answer)
    DATATYPES.write_text("".join(f"{lines[case]}\n" for case in sorted(lines)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(sys.argv[1:])
