"""The gallery of faulty data: each fault is found by the rule that is meant for it, and by no other.

tests/broken/ holds one file for each kind of fault that each rule can report. A file is complete in itself, valid but
for its fault, and says in its first two lines which result it expects and what is wrong with it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyshacl
import pytest
import rdflib
from rdflib.namespace import SH

from perezkg.rdf import reading
from perezkg.shacl.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

GALLERY = Path(__file__).resolve().parents[1] / "broken"
SHAPES = GALLERY.parents[1] / "ontology" / "shapes.ttl"
FILES = sorted(path for path in GALLERY.glob("*.ttl") if not path.name.startswith("_"))
EXPECTS = re.compile(r"# expects: pzsh:([\w-]+) sh:(\w+)ConstraintComponent\n# (.+)\n\n@prefix ")

Fault = tuple[str, str]


def expected(path: Path) -> Fault:
    """Return the rule and the kind of fault that a file's first line announces."""
    match = EXPECTS.match(path.read_text("utf-8"))
    assert match, f"{path.name} begins with `# expects: pzsh:… sh:…ConstraintComponent` and a sentence"
    return match[1], match[2]


def faults(path: Path) -> list[Fault]:
    """Return the rules that fire, and how."""
    report = validate([reading.read(str(path))])
    return [(_local(result.rule), _local(result.component).removesuffix("ConstraintComponent")) for result in report]


def _local(iri: object) -> str:
    return str(iri).rpartition("#")[2]


def test_the_valid_file_conforms_without_any_remark() -> None:
    assert faults(GALLERY / "_valid.ttl") == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_exactly_the_meant_constraint_fires(path: Path) -> None:
    assert faults(path) == [expected(path)]


def test_files_are_named_after_what_they_expect() -> None:
    for path in FILES:
        rule, component = expected(path)
        suffix = "" if component == "SPARQL" else "." + component[0].lower() + component[1:]
        assert path.stem == rule + suffix


@pytest.fixture
def literals_as_written() -> Iterator[None]:
    """Let rdflib keep 007 as it is written; pyshacl sets it back."""
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    yield
    rdflib.NORMALIZE_LITERALS = before


# Plain pyshacl takes some eight seconds a file, so one file in fifteen, unless the whole gallery is asked for.
STEP = 1 if os.environ.get("PEREZKG_WHOLE_GALLERY") else 15


@pytest.mark.slow
@pytest.mark.usefixtures("literals_as_written")
@pytest.mark.parametrize("path", [*FILES[::STEP], GALLERY / "_valid.ttl"], ids=lambda path: path.stem)
def test_plain_pyshacl_finds_the_same(path: Path) -> None:
    data, shapes = rdflib.Graph().parse(path), rdflib.Graph().parse(SHAPES)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    got = [
        (
            _local(report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)),
            _local(report.value(result, SH.sourceConstraintComponent)).removesuffix("ConstraintComponent"),
        )
        for result in report.objects(None, SH.result)
    ]
    assert got == ([] if path.name == "_valid.ttl" else [expected(path)])
