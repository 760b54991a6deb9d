"""SHACL Core, and every SPARQL constraint that must be pre-bound, by pyshacl."""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import URIRef
from rdflib.namespace import SH as RDFLIB_SH

from perezkg.terms import from_rdflib
from perezkg.validation.engine import run_pyshacl
from perezkg.validation.paths import SH, read_path
from perezkg.validation.report import Result
from perezkg.validation.rules import COMPONENT, PLACEHOLDER
from perezkg.validation.severity import severity_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyoxigraph import Quad
    from rdflib import Graph
    from rdflib.term import Node

    from perezkg.validation.report import Term
    from perezkg.validation.shapes import Shapes

_DEEPEST = 10


def check_core(
    data: Iterable[Quad], shapes: Shapes, restated: list[Quad], progress: Callable[[int, int], None] | None = None
) -> list[Result]:
    """Check data with pyshacl.

    Args:
        data: The data, with the class hierarchy.
        shapes: The shapes as written, for what results refer to.
        restated: The shapes as pyshacl gets them, from `perezkg.validation.lifting`.
        progress: Told how many shapes are done, of how many.

    Raises:
        ShapesError: pyshacl does not accept the shapes.
    """
    report = run_pyshacl(data, restated, progress)
    return [_result(report, node, shapes) for node in report.objects(None, RDFLIB_SH.result)]


def _result(report: Graph, node: Node, shapes: Shapes, depth: int = 0) -> Result:
    """Read one sh:ValidationResult; blank nodes keep the labels that they have in data and shapes."""
    shape = _node(_one(report, node, "sourceShape"))
    constraint = _one(report, node, "sourceConstraint")
    path = _one(report, node, "resultPath")
    component = _one(report, node, "sourceConstraintComponent")
    value = _one(report, node, "value")
    given = _one(report, node, "resultSeverity")
    severity_iri = given.value if isinstance(given, NamedNode) else SH + "Violation"
    details = sorted(report.objects(node, RDFLIB_SH.detail), key=str) if depth < _DEEPEST else []
    focus = _one(report, node, "focusNode")
    assert focus is not None  # noqa: S101 - SHACL: each result has one
    return Result(
        focus=focus,
        path=None if path is None else read_path(shapes, path),
        value=value,
        severity=severity_name(severity_iri),
        severity_iri=severity_iri,
        rule=shapes.name(shape if constraint is None else constraint),
        component=component.value if isinstance(component, NamedNode) else COMPONENT,
        messages=_messages(report, node, None if constraint is None else shapes.values(constraint, SH + "message")),
        shape=shape,
        constraint=None if constraint is None else _node(constraint),
        details=tuple(_result(report, detail, shapes, depth + 1) for detail in details),
    )


def _messages(report: Graph, node: Node, templates: list[Term] | None) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    texts = list(report.objects(node, RDFLIB_SH.resultMessage))
    for message in texts:
        found.setdefault(getattr(message, "language", None) or "", []).append(str(message))
    if templates:
        # For a SPARQL constraint pyshacl fills in the values, forgets the language, and adds the shape's own messages.
        found = {}
        for template in templates:
            if isinstance(template, Literal):
                pattern = ".*".join(map(re.escape, PLACEHOLDER.sub("\0", template.value).split("\0")))
                written = [str(text) for text in texts if re.fullmatch(pattern, str(text), re.DOTALL)]
                if written:
                    found.setdefault(template.language or "", []).append(written[0])
    return {tag: " ".join(sorted(words)) for tag, words in sorted(found.items())}


def _one(report: Graph, node: Node, name: str) -> Term | None:
    found = next(iter(report.objects(node, URIRef(SH + name))), None)
    return None if found is None else from_rdflib(found)


def _node(term: Term | None) -> NamedNode | BlankNode:
    return term if isinstance(term, NamedNode | BlankNode) else BlankNode("none")
