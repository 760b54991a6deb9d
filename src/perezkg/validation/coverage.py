"""Nodes that no shape looks at: they pass every check because none is made, so they are named."""

from __future__ import annotations

from pyoxigraph import BlankNode, NamedNode

from perezkg.namespaces import PREFIXES
from perezkg.validation.paths import SH
from perezkg.validation.report import Result, Rule
from perezkg.validation.shapes import TYPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.validation.graph import Triples
    from perezkg.validation.names import Names
    from perezkg.validation.report import Term

RULE = PREFIXES["pzsh"] + "every-node-is-checked"
COMPONENT = PREFIXES["pzsh"] + "CoverageConstraintComponent"
_ONTOLOGY = "http://www.w3.org/2002/07/owl#Ontology"
_MESSAGES = {
    "en": "No shape applies to this node, so nothing about it was checked: {reason}.",
    "es": "Ninguna forma se aplica a este nodo, así que nada de él se comprobó: {reason}.",
}
_UNTYPED = {
    "en": "give it the type (rdf:type) that fits it",
    "es": "déle el tipo (rdf:type) que le corresponde",
}
_UNKNOWN = {
    "en": "no shape is about {types}; correct the type, or bring shapes for it with --add-shapes",
    "es": "ninguna forma trata de {types}; corrija el tipo o aporte formas para él con --add-shapes",
}


def check_coverage(data: Triples, checked: set[Term], names: Names) -> Iterator[Result]:
    """Yield a warning for each node of the data that no shape targets.

    A node counts as checked when a shape targets it. Exempt are blank nodes that another node holds (they are part of
    its description) and the header of a file (owl:Ontology).

    Args:
        data: What is checked.
        checked: The nodes that shapes target.
        names: For the types that messages mention.
    """
    left = data.subjects - checked
    if not left:
        return
    types: dict[Term, list[str]] = {}
    held = set()
    for quad in data.data:
        if quad.predicate.value == TYPE and isinstance(quad.object, NamedNode):
            types.setdefault(quad.subject, []).append(quad.object.value)  # type: ignore[arg-type]
        elif isinstance(quad.object, BlankNode):
            held.add(quad.object)
    for node in left:
        known = sorted(types.get(node, ()))
        if node in held or _ONTOLOGY in known:
            continue
        reasons = _UNKNOWN if known else _UNTYPED
        listed = ", ".join(names.iri(kind) for kind in known)
        yield Result(
            focus=node,
            path=NamedNode(TYPE),
            value=NamedNode(known[0]) if len(known) == 1 else None,
            severity="warning",
            severity_iri=SH + "Warning",
            rule=RULE,
            component=COMPONENT,
            messages={tag: text.format(reason=reasons[tag].format(types=listed)) for tag, text in _MESSAGES.items()},
            shape=NamedNode(RULE),
        )


def coverage_rule() -> Rule:
    """Return what this rule says of itself."""
    return Rule(
        RULE,
        {tag: text.format(reason=_UNTYPED[tag]) for tag, text in _MESSAGES.items()},
        {
            "en": "Each node is of a class that some shape is about.",
            "es": "Cada nodo es de una clase de la que trata alguna forma.",
        },
    )
