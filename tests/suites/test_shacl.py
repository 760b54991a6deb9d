"""The W3C's tests of SHACL Core and SHACL-SPARQL: the whole report, as far as the suite compares it."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse
from tests.suites import asking
from tests.suites.comparing import validation_report
from tests.suites.expecting import parameters
from tests.suites.manifests import Case, Graph

import perezkg


@pytest.mark.parametrize("case", parameters("shacl-core"))
def test_core(case: Case) -> None:
    reports_what_it_should(case)


@pytest.mark.parametrize("case", parameters("shacl-sparql"))
def test_sparql(case: Case) -> None:
    reports_what_it_should(case)


def reports_what_it_should(case: Case) -> None:
    """Validate: the report is the right one, or, where shapes are to be refused, perezkg says so."""
    assert case.shapes is not None
    assert case.result is not None
    if case.options["fails"]:
        with pytest.raises(perezkg.InputError):
            asking.report(case.action, case.shapes)
        return
    found = asking.report(case.action, case.shapes)
    assert validation_report(parse(found, RdfFormat.TURTLE)) == validation_report(Graph(case.result).quads)
