"""The same shapes, said so that pyshacl checks them faster.

pyshacl takes a node shape's properties one focus node at a time, and reads each property shape anew for each. A
property shape with targets of its own is read once and checked for all focus nodes together: a third of the time at a
thousand triples. So the targets of a node shape are given to its property shapes, and the link between them is cut.
What sh:closed learns from that link, it is told by sh:ignoredProperties.

The results are the same: a property shape reports under its own name whoever asked for it (a node that two shapes
target, once instead of twice). Whatever could tell the difference (a shape that others use as well, qualified shapes
that look at their siblings) is left as it is.
"""

from __future__ import annotations

import re
from collections import Counter

from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from rdflib import URIRef
from rdflib.namespace import SH as RDFLIB_SH

from perezkg.shacl.pyshacl_run import run_pyshacl
from perezkg.shacl.report import Result, read_path, severity_name
from perezkg.shacl.rules import COMPONENT, PLACEHOLDER
from perezkg.shacl.shapes import NIL, TARGETS, TYPE
from perezkg.sparql.rdflib_engine import from_rdflib
from perezkg.vocabulary import RDF, SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from pyoxigraph import Quad
    from rdflib import Graph
    from rdflib.term import Node

    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.rules import RuleQuery
    from perezkg.shacl.shapes import Shapes

_DEEPEST = 10


def check_core(
    data: Iterable[Quad], shapes: Shapes, restated: list[Quad], progress: Callable[[int, int], None] | None = None
) -> list[Result]:
    """Check data with pyshacl.

    Args:
        data: The data, with the class hierarchy.
        shapes: The shapes as written, for what results refer to.
        restated: The shapes as pyshacl gets them, from `perezkg.shacl.core`.
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


def _messages(report: Graph, node: Node, templates: list[Rdf11Term] | None) -> dict[str, str]:
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


def _one(report: Graph, node: Node, name: str) -> Rdf11Term | None:
    found = next(iter(report.objects(node, URIRef(SH + name))), None)
    return None if found is None else from_rdflib(found)


def _node(term: Rdf11Term | None) -> NamedNode | BlankNode:
    return term if isinstance(term, NamedNode | BlankNode) else BlankNode("none")


_PROPERTY = NamedNode(SH + "property")
_SHAPE_TYPES = frozenset((SH + "NodeShape", SH + "PropertyShape"))
# What pyshacl reads nothing from; a shapes graph is half of it.
_IRRELEVANT = frozenset((SH + "name", SH + "description", SH + "order", SH + "group", SH + "defaultValue"))
# What is left of a constraint that is checked elsewhere.
_OF_RULES = frozenset(SH + name for name in ("select", "message", "prefixes", "severity"))


def lifted(shapes: Shapes, taken: list[RuleQuery]) -> list[Quad]:
    """Return a shapes graph for pyshacl.

    Args:
        shapes: The shapes as written.
        taken: The constraints that are checked elsewhere, to be left out.
    """
    gone = {(rule.shape, rule.constraint) for rule in taken}
    alone = {shape: None for shape in shapes.targeting() if _is_on_its_own(shapes, shape)}
    cut: set[tuple[Rdf11Term, Rdf11Term]] = set()
    added: list[Quad] = []
    for shape in alone:
        targets = [(NamedNode(SH + name), node) for name in TARGETS for node in shapes.values(shape, SH + name)]
        properties = [node for node in shapes.values(shape, _PROPERTY.value) if _is_liftable(shapes, node, alone)]
        for node in properties:
            cut.add((shape, node))
            added.extend(Quad(node, name, target) for name, target in targets)  # type: ignore[arg-type]
        if properties and shapes.values(shape, SH + "closed"):
            paths = [shapes.values(node, SH + "path")[0] for node in properties]
            added.extend(_list(shape, NamedNode(SH + "ignoredProperties"), paths))
    dropped = _constraints_only(shapes, taken)
    kept = [quad for quad in shapes.quads if not _is_dropped(quad, gone, cut, dropped)]
    return kept + added


def _constraints_only(shapes: Shapes, taken: list[RuleQuery]) -> set[Rdf11Term]:
    """Return the constraints that every shape that has them lets be checked elsewhere."""
    count = Counter(rule.constraint for rule in taken)
    return {node for node, times in count.items() if len(shapes.holders(node)) == times}


def _is_dropped(
    quad: Quad, gone: set[tuple[Rdf11Term, Rdf11Term]], cut: set[tuple[Rdf11Term, Rdf11Term]], taken: set[Rdf11Term]
) -> bool:
    predicate = quad.predicate.value
    if predicate == SH + "sparql":
        return (quad.subject, quad.object) in gone
    if predicate == SH + "property":
        return (quad.subject, quad.object) in cut
    if predicate in _OF_RULES and quad.subject in taken:
        return True
    return predicate in _IRRELEVANT


def _is_on_its_own(shapes: Shapes, shape: Rdf11Term) -> bool:
    if shapes.holders(shape) or shapes.values(shape, SH + "path"):
        return False
    if any(isinstance(kind, NamedNode) and kind.value not in _SHAPE_TYPES for kind in shapes.values(shape, TYPE)):
        return False  # perhaps a class, which targets its instances without saying so
    siblings = shapes.values(shape, SH + "property")
    return not any(shapes.values(node, SH + "qualifiedValueShapesDisjoint") for node in siblings)


def _is_liftable(shapes: Shapes, node: Rdf11Term, alone: Container[Rdf11Term]) -> bool:
    if isinstance(node, Literal) or len(shapes.values(node, SH + "path")) != 1:
        return False
    if not all(how == "property" and holder in alone for how, holder in shapes.holders(node)):
        return False
    return not (any(shapes.values(node, SH + name) for name in TARGETS) or shapes.is_class(node))


def _list(subject: Rdf11Term, predicate: NamedNode, members: list[Rdf11Term]) -> list[Quad]:
    nodes = [BlankNode() for _ in members]
    quads = [Quad(subject, predicate, nodes[0])]  # type: ignore[arg-type]
    for i, (node, member) in enumerate(zip(nodes, members, strict=True)):
        rest = nodes[i + 1] if i + 1 < len(nodes) else NamedNode(NIL)
        quads += [Quad(node, NamedNode(RDF + "first"), member), Quad(node, NamedNode(RDF + "rest"), rest)]
    return quads
