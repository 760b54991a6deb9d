"""What perezkg changes in pyshacl: only while it runs, only in versions that are known, and never what it finds."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyshacl
import pyshacl.shape
import pytest
import rdflib
from pyshacl.constraints.constraint_component import ConstraintComponent

from perezkg.rdf import reading
from perezkg.shacl import pyshacl_engine
from perezkg.shacl.report import FORMATS
from perezkg.shacl.validate import Report, validate

HERE = Path(__file__).parent
WHAT_TO_DO = f"""perezkg does not know the insides of pyshacl {pyshacl.__version__}, and leaves it as slow as it is.
What is found is the same. To make it quick again, read in its source
- ConstraintComponent.make_v_result_description: what it returns must be used for nothing but the text of the report;
- Shape.validate in pyshacl/shape.py: it must look parameters up in CONSTRAINT_PARAMS of that module.
If both are so, raise KNOWN_VERSIONS in perezkg/shacl/pyshacl_engine.py until the tests of this module pass. If not,
change _without_report_text there, or take out what is of no use any more."""


def check() -> Report:
    data, shapes = (reading.read(str(HERE / f"samples/logic.{part}.ttl")) for part in ("data", "shapes"))
    return validate([data], shapes=[shapes])


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often pyshacl writes about a result, and how often it looks up a parameter in the set."""
    calls: Counter[str] = Counter()
    contains = pyshacl_engine._Parameters.__contains__

    def written(*_: object, **__: object) -> str:
        calls["text"] += 1
        return ""

    def looked_up(self: pyshacl_engine._Parameters, item: object) -> bool:
        calls["set"] += 1
        return contains(self, item)

    monkeypatch.setattr(ConstraintComponent, "make_v_result_description", written)
    monkeypatch.setattr(pyshacl_engine._Parameters, "__contains__", looked_up)
    return calls


def test_the_version_is_known() -> None:
    version = tuple(map(int, re.findall(r"\d+", pyshacl.__version__)[:2]))
    first, last = pyshacl_engine.KNOWN_VERSIONS
    assert first <= version <= last, WHAT_TO_DO


def test_pyshacl_writes_no_text_and_looks_up_in_the_set(calls: Counter[str]) -> None:
    assert check().counts["violation"] > 0
    assert calls["text"] == 0, WHAT_TO_DO
    assert calls["set"] > 0, WHAT_TO_DO


def test_a_version_that_is_not_known_is_left_alone(calls: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    quick = check()
    calls.clear()
    monkeypatch.setattr(pyshacl_engine, "KNOWN_VERSIONS", ((98, 0), (99, 0)))
    slow = check()
    for form in FORMATS:
        assert "".join(slow.render(form)) == "".join(quick.render(form))
    assert slow.counts["violation"] > 0
    assert calls["text"] > 0, WHAT_TO_DO
    assert calls["set"] == 0


def test_pyshacl_and_rdflib_are_left_as_they_were() -> None:
    before = (ConstraintComponent.make_v_result_description, rdflib.NORMALIZE_LITERALS)
    check()
    assert (ConstraintComponent.make_v_result_description, rdflib.NORMALIZE_LITERALS) == before
    assert type(pyshacl.shape.CONSTRAINT_PARAMS[0]) is list  # type: ignore[attr-defined]
