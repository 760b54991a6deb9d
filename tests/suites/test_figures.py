"""The table of docs/suites.md tells what the suites tell."""

from __future__ import annotations

import re

import pytest
from tests.suites.expecting import failures, figures
from tests.suites.manifests import ROOT, cases

PAGE = ROOT / "docs" / "suites.md"
_ROW = re.compile(r"^\| (.+?) \| (\d+ of \d+.*?) \|$", re.MULTILINE)


def test_the_table_is_right() -> None:
    part = PAGE.read_text(encoding="utf-8").partition("<!-- suites -->")[2].partition("<!-- end -->")[0]
    told = dict(_ROW.findall(part))
    found = {title: figure for title, figure in figures() if figure}
    if not found:
        pytest.skip("the W3C's suites are not here")
    assert told == found, "\n".join(["docs/suites.md should say:", *(f"| {row} | {found[row]} |" for row in found)])


def test_only_known_tests_are_listed() -> None:
    for failure in failures():
        for test in failure.tests:
            suite, _, name = test.partition(": ")
            assert not cases(suite) or name in cases(suite)
