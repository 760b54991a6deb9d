"""What plain pyshacl finds, as the reference that validation is held to."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import pyshacl
import rdflib
from rdflib import RDF, Graph
from rdflib.namespace import SH
from rdflib.term import BNode

from perezkg.rdf import reading
from perezkg.rdf.rdflib_terms import from_rdflib
from perezkg.shacl.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from perezkg.shacl.validate import Result

Facts = tuple[Any, ...]


def expected(data: Iterable[Path], shapes: Path) -> set[Facts]:
    """Return what pyshacl reports about files that rdflib has read, as plainly as can be asked."""
    graph, shapes_graph = Graph(), Graph()
    # rdflib would rewrite literals as it reads them, and so hide faults in how they are written.
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        for path in data:
            graph.parse(path)
        shapes_graph.parse(shapes)
    finally:
        rdflib.NORMALIZE_LITERALS = before
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, report, text = pyshacl.validate(graph, shacl_graph=shapes_graph)
    assert isinstance(report, Graph), text
    names = ("focusNode", "resultPath", "value", "resultSeverity", "sourceConstraintComponent", "sourceShape")
    return {
        tuple(_plain(report.value(result, SH[name])) for name in (*names, "sourceConstraint"))
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if (None, SH.result, result) in report
    }


def found(data: Iterable[Path], shapes: Path) -> set[Facts]:
    """Return what perezkg reports about the same files, in the same words."""
    report = validate([reading.read(str(path)) for path in data], shapes=[reading.read(str(shapes))])
    return {facts(result) for result in report}


def facts(result: Result) -> Facts:
    path = None if result.path is None else (_term(result.path) if not hasattr(result.path, "kind") else "_")
    terms = (result.focus, result.value, result.shape, result.constraint)
    focus, value, shape, constraint = (None if term is None else _term(term) for term in terms)
    return focus, path, value, f"<{result.severity_iri}>", f"<{result.component}>", shape, constraint


def _plain(term: Any) -> str | None:
    if term is None:
        return None
    return "_" if isinstance(term, BNode) else _term(from_rdflib(term))


def _term(term: object) -> str:
    text = str(term)
    # The labels of blank nodes, and the type of a plain string, are the engine's own affair.
    return "_" if text.startswith("_:") else re.sub(r"\^\^<http://www.w3.org/2001/XMLSchema#string>$", "", text)
