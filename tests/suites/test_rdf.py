"""The W3C's tests of Turtle, TriG, N-Triples, N-Quads and RDF/XML: what is read, and what is refused."""

from __future__ import annotations

import pytest
from tests.suites import asking
from tests.suites.comparing import canonical, nquads, read
from tests.suites.expecting import parameters
from tests.suites.manifests import Case

import perezkg


@pytest.mark.parametrize("case", parameters("turtle"))
def test_turtle(case: Case) -> None:
    is_read_as_it_should(case)


@pytest.mark.parametrize("case", parameters("trig"))
def test_trig(case: Case) -> None:
    is_read_as_it_should(case)


@pytest.mark.parametrize("case", parameters("ntriples"))
def test_ntriples(case: Case) -> None:
    is_read_as_it_should(case)


@pytest.mark.parametrize("case", parameters("nquads"))
def test_nquads(case: Case) -> None:
    is_read_as_it_should(case)


@pytest.mark.parametrize("case", parameters("rdfxml"))
def test_rdfxml(case: Case) -> None:
    is_read_as_it_should(case)


def is_read_as_it_should(case: Case) -> None:
    """Read a document: what it says is right, or, where it is none of its syntax, perezkg says so."""
    if "Negative" in case.kind:
        with pytest.raises(perezkg.RdfSyntaxError):
            asking.quads(case.action, case.base)
        return
    found = asking.quads(case.action, case.base)
    if case.result is not None:
        assert canonical(nquads(found)) == canonical(read(case.result))
