"""Small inputs that failed once, as other people reported them: each now gives what is right by the standards.

They lie in `../shared/cases` beside the checkout, or where the environment variable PEREZKG_CASES says. More of the
kind of each are in the tests of the module concerned.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Run

ROOT = Path(__file__).resolve().parents[1]
CASES = Path(os.environ.get("PEREZKG_CASES") or ROOT.parent / "shared" / "cases").resolve()
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the reported cases are not here")


@pytest.mark.parametrize(
    ("case", "violations", "about"),
    [
        ("datatype-lexical-forms", 4, "value 1_000"),
        ("ignored-properties-without-closed", 0, "Conforms"),
        ("inverse-of-sequence-path", 0, "Conforms"),
        ("pattern-flavour-and-flags", 1, "value x\n"),
        ("ranges-of-partial-dates-and-nan", 1, "value 2025"),
    ],
)
def test_shapes(case: str, violations: int, about: str, command: Run) -> None:
    ended = command("validate", CASES / case / "data.ttl", "--shapes", CASES / case / "shapes.ttl")
    assert (ended.status, ended.out.count(": violation: ")) == (1 if violations else 0, violations)
    assert about in ended.out


@pytest.mark.parametrize(("name", "value"), [("lang.rdf", "20 km"), ("lit.rdf", ""), ("lat.rdf", "café")])
def test_valid_rdfxml_is_read(name: str, value: str, command: Run) -> None:
    path = CASES / "valid-rdfxml-refused" / name
    ended = command("query", "-e", "SELECT ?o { ?s <http://h.test/p> ?o }", "--data", path, "-f", "csv")
    assert (ended.status, ended.out.splitlines()[1:]) == (0, [value])


def test_jsonld_keys_without_context_are_told(command: Run) -> None:
    ended = command("validate", CASES / "jsonld-keys-without-context" / "m.jsonld")
    assert "m.jsonld" in ended.err
    assert "no context" in ended.err


def test_a_language_tag_is_found_however_it_is_written(command: Run) -> None:
    case = CASES / "language-tag-case"
    ended = command("validate", case / "data.ttl", "--shapes", case / "shapes.ttl")
    assert (ended.status, ended.out.count(": violation: ")) == (1, 1)


def test_a_target_that_is_not_supported_is_told(command: Run) -> None:
    case = CASES / "sparql-target-ignored"
    ended = command("validate", case / "data.ttl", "--shapes", case / "shapes.ttl")
    assert "sh:target is not supported, and not applied" in ended.err


def test_a_prefix_that_is_missing_is_told(command: Run) -> None:
    case = CASES / "missing-prefix-in-rule"
    ended = command("validate", case / "data.ttl", "--shapes", case / "shapes.ttl")
    assert ended.status == 3
    assert f"{case / 'shapes.ttl'}:7:" in ended.err
    assert "is not declared" in ended.err
    assert ended.err.count("\n") <= 4


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(
    ("case", "rows"),
    [
        ("alias-of-aggregate-reused", "n,m\n2,3\n"),
        ("replace-group-then-letter", "a,b,c,d\nabxc,05_2020,ab0c,$l$kA 1\n"),
        ("rdflib-engine-differs", "s,n\n"),
    ],
)
def test_queries(case: str, rows: str, engine: str, command: Run) -> None:
    data = CASES / case / "in.ttl"
    given = ("--data", data) if data.exists() else ()
    ended = command("query", CASES / case / "in.rq", *given, "--engine", engine, "-f", "csv")
    assert ended.out.replace("\r", "") == rows


def test_an_error_names_the_rule_that_is_broken(command: Run) -> None:
    ended = command("query", CASES / "error-names-wrong-token" / "in.rq")
    assert ended.status == 3
    assert "in.rq:1:31: not valid SPARQL: BIND gives ?o a value, and it has one already" in ended.err
