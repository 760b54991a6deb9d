"""The W3C's tests of JSON-LD: what is read, and that what is written says the same.

perezkg writes JSON-LD with its own prefixes and takes no options for it. So the tests from RDF compare what its
document says, read by pyld, with what the suite's document says.
"""

from __future__ import annotations

import json

import pytest
from pyld import jsonld
from tests.suites import asking
from tests.suites.comparing import canonical, nquads, read
from tests.suites.expecting import parameters
from tests.suites.manifests import Case

import perezkg


@pytest.mark.parametrize("case", parameters("jsonld-tordf"))
def test_to_rdf(case: Case) -> None:
    if case.kind == "NegativeEvaluationTest":
        with pytest.raises(perezkg.PerezkgError):
            asking.quads(case.action, case.base)
        return
    found = asking.quads(case.action, case.base)
    if case.result is not None:
        assert canonical(nquads(found)) == canonical(read(case.result))


@pytest.mark.parametrize("case", parameters("jsonld-fromrdf"))
def test_from_rdf(case: Case) -> None:
    if case.kind == "NegativeEvaluationTest":
        with pytest.raises(perezkg.PerezkgError):
            asking.written_as_jsonld(case.action)
        return
    assert case.result is not None
    ours = json.loads(asking.written_as_jsonld(case.action))
    right = json.loads(case.result.read_text(encoding="utf-8"))
    assert said(ours, case) == said(right, case)


def said(document: object, case: Case) -> str:
    """Return what a document of JSON-LD says."""
    options = {"format": "application/n-quads", **case.options}
    return canonical(nquads(jsonld.to_rdf(document, options)))
