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

from collections import Counter

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from perezkg.validation.paths import SH
from perezkg.validation.shapes import NIL, RDF, TARGETS, TYPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

    from perezkg.validation.report import Term
    from perezkg.validation.rules import RuleQuery
    from perezkg.validation.shapes import Shapes

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
    cut: set[tuple[Term, Term]] = set()
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


def _constraints_only(shapes: Shapes, taken: list[RuleQuery]) -> set[Term]:
    """Return the constraints that every shape that has them lets be checked elsewhere."""
    count = Counter(rule.constraint for rule in taken)
    return {node for node, times in count.items() if len(shapes.holders(node)) == times}


def _is_dropped(quad: Quad, gone: set[tuple[Term, Term]], cut: set[tuple[Term, Term]], taken: set[Term]) -> bool:
    predicate = quad.predicate.value
    if predicate == SH + "sparql":
        return (quad.subject, quad.object) in gone
    if predicate == SH + "property":
        return (quad.subject, quad.object) in cut
    if predicate in _OF_RULES and quad.subject in taken:
        return True
    return predicate in _IRRELEVANT


def _is_on_its_own(shapes: Shapes, shape: Term) -> bool:
    if shapes.holders(shape) or shapes.values(shape, SH + "path"):
        return False
    if any(isinstance(kind, NamedNode) and kind.value not in _SHAPE_TYPES for kind in shapes.values(shape, TYPE)):
        return False  # perhaps a class, which targets its instances without saying so
    siblings = shapes.values(shape, SH + "property")
    return not any(shapes.values(node, SH + "qualifiedValueShapesDisjoint") for node in siblings)


def _is_liftable(shapes: Shapes, node: Term, alone: Container[Term]) -> bool:
    if isinstance(node, Literal) or len(shapes.values(node, SH + "path")) != 1:
        return False
    if not all(how == "property" and holder in alone for how, holder in shapes.holders(node)):
        return False
    return not (any(shapes.values(node, SH + name) for name in TARGETS) or shapes.is_class(node))


def _list(subject: Term, predicate: NamedNode, members: list[Term]) -> list[Quad]:
    nodes = [BlankNode() for _ in members]
    quads = [Quad(subject, predicate, nodes[0])]  # type: ignore[arg-type]
    for i, (node, member) in enumerate(zip(nodes, members, strict=True)):
        rest = nodes[i + 1] if i + 1 < len(nodes) else NamedNode(NIL)
        quads += [Quad(node, NamedNode(RDF + "first"), member), Quad(node, NamedNode(RDF + "rest"), rest)]
    return quads
