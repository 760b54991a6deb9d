"""The W3C's tests of JSON-LD: what is read, and that what is written says the same.

perezkg writes JSON-LD with its own prefixes and takes no options for it. So the tests from RDF ask whether the
document, read by pyoxigraph, says what the suite's graph says, to the last triple.
"""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse
from tests.suites import asking
from tests.suites.comparing import canonical, nquads, read
from tests.suites.expecting import parameters
from tests.suites.manifests import Case

import perezkg


@pytest.mark.parametrize("case", parameters("jsonld-tordf"))
def test_to_rdf(case: Case) -> None:
    if case.kind == "NegativeEvaluationTest":
        with pytest.raises(perezkg.PerezkgError):
            asking.quads(case.action, case.options.get("base", case.base))
        return
    found = asking.quads(case.action, case.options.get("base", case.base))
    if case.result is not None:
        assert canonical(nquads(found)) == canonical(read(case.result))


@pytest.mark.parametrize("case", parameters("jsonld-fromrdf"))
def test_from_rdf(case: Case) -> None:
    if case.kind == "NegativeEvaluationTest":
        with pytest.raises(perezkg.PerezkgError):
            asking.written_as_jsonld(case.action)
        return
    said = parse(asking.written_as_jsonld(case.action), RdfFormat.JSON_LD)
    assert canonical(said) == canonical(read(case.action))
