"""Every canned query on every engine: each answer is that of home, but for the faults that expected.toml tells."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from tests.every_case import EVERY_CASE
from tests.matrix.comparing import difference
from tests.matrix.engines import ENGINES
from tests.matrix.expecting import faults, surprises
from tests.matrix.reporting import AVOIDED, PAGE, tables
from tests.queries.test_golden import ASKED, CASES, NAMES

from perezkg.sparql.results import Boolean, Solutions

if TYPE_CHECKING:
    from tests.matrix.answers import Answers


@cache
def answers(engine: str) -> Answers:
    """Ask an engine everything, once; skip the test when it is not here.

    It fails instead when the environment variable PEREZKG_REQUIRE_ENGINES is set: to names with commas between, or to
    "all".
    """
    if reason := ENGINES[engine].missing(engine):
        required = os.environ.get("PEREZKG_REQUIRE_ENGINES", "")
        if required == "all" or engine in required.split(","):
            pytest.fail(f"{engine}: {reason}")
        pytest.skip(f"{engine}: {reason}")
    return ENGINES[engine].answers(engine)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_answers_are_as_expected(engine: str) -> None:
    found = answers(engine)
    assert set(found.differences) == set(ASKED)
    assert surprises(engine, found) == []


@pytest.mark.slow
@pytest.mark.skipif(len(ASKED) < len(CASES), reason=f"{EVERY_CASE} is not set")
def test_the_page_tells_what_the_engines_said() -> None:
    said = {engine: answers(engine) for engine in ENGINES}
    page = PAGE.read_text(encoding="utf-8")
    for heading, table in tables(said).items():
        assert table.strip() in page, f"{heading}: tests/matrix/run --markdown docs/engines.md writes it anew"


class TestThePage:
    def test_it_tells_of_every_query_and_engine(self) -> None:
        page = PAGE.read_text(encoding="utf-8")
        assert [name for name in NAMES if f"\n| {name} |" not in page] == []
        assert [engine.title for engine in ENGINES.values() if f"\n| {engine.title} |" not in page] == []

    def test_it_tells_what_is_avoided(self) -> None:
        assert AVOIDED.read_text(encoding="utf-8").strip() in PAGE.read_text(encoding="utf-8")

    def test_it_tells_every_fault(self) -> None:
        page = PAGE.read_text(encoding="utf-8")
        assert [fault for fault in faults() if fault.reason not in page or fault.standard not in page] == []

    def test_what_is_avoided_names_queries(self) -> None:
        named = {
            name for names in re.findall(r"\*([a-z, \n-]+)\*", AVOIDED.read_text()) for name in re.split(r",\s*", names)
        }
        assert named <= set(NAMES)
        assert len(named) > 10


class TestFaults:
    def test_they_name_engines_and_cases(self) -> None:
        for fault in faults():
            assert fault.engine in ENGINES
            assert set(fault.cases) <= set(CASES)
            assert fault.cases or fault.literals

    def test_each_case_stands_once(self) -> None:
        listed = [(fault.engine, case) for fault in faults() for case in fault.cases]
        assert len(listed) == len(set(listed))


class TestDifference:
    def test_equal(self) -> None:
        assert difference(Boolean(True), Boolean(True)) == ""
        assert difference(Solutions(("a",), [(None,)]), Solutions(("a",), [(None,)])) == ""

    @pytest.mark.parametrize(
        ("home", "other", "told"),
        [
            (Boolean(True), Boolean(False), "false, not true"),
            (Boolean(True), Solutions(("a",), []), "Solutions, not Boolean"),
            (Solutions(("a",), []), Solutions(("b",), []), "columns b, not a"),
            (Solutions(("a",), [(None,)]), Solutions(("a",), []), "0 rows, not 1"),
        ],
    )
    def test_different(self, home: Boolean | Solutions, other: Boolean | Solutions, told: str) -> None:
        assert difference(home, other) == told
