"""The W3C's tests of RDFC-1.0: the canonical form, to the byte."""

from __future__ import annotations

import pytest
from tests.suites import asking
from tests.suites.expecting import parameters
from tests.suites.manifests import Case

import perezkg


@pytest.mark.parametrize("case", parameters("rdfc"))
def test_the_canonical_form(case: Case) -> None:
    if "Negative" in case.kind:
        with pytest.raises(perezkg.PerezkgError):
            asking.quads(case.action)
        return
    assert case.result is not None
    if "hashAlgorithm" in case.options or case.kind == "RDFC10MapTest":
        pytest.fail("perezkg has no option for it")
    assert asking.quads(case.action) == case.result.read_text(encoding="utf-8")
