"""How grave a result is."""

from __future__ import annotations

from pyoxigraph import NamedNode

from perezkg.validation.paths import SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from perezkg.validation.report import Term
    from perezkg.validation.shapes import Shapes

_NAMES = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}


def severity_name(iri: str) -> str:
    """Return "violation", "warning" or "info"; a severity of someone's own counts as a violation.

    >>> severity_name("http://www.w3.org/ns/shacl#Info"), severity_name("http://example.org/Fatal")
    ('info', 'violation')
    """
    return _NAMES.get(iri, "violation")


def severity_of(shapes: Shapes, shape: Term) -> tuple[str, str]:
    """Return the severity of a shape's results, by name and by IRI.

    A SPARQL constraint takes it from its shape: SHACL 1.0 lets constraints have none of their own.
    """
    severity = shapes.value(shape, SH + "severity")
    iri = severity.value if isinstance(severity, NamedNode) else SH + "Violation"
    return severity_name(iri), iri
