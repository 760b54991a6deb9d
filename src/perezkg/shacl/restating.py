"""The shapes as an engine gets them: each property shape with its own targets, paths turned, what others check cut.

Engines check the properties of a node shape for one focus node after another. A property shape that has targets of its
own is checked for all focus nodes together, and is a whole that one engine or another can be given. So property shapes
are given the targets of their node shape, and the node shape no longer refers to them. sh:closed, which would allow the
properties that it refers to, gets them listed in sh:ignoredProperties. A result of a property shape never names the
node shape; only what two node shapes with the same property shape would both report comes once. Where the results could
differ (a shape that others use as well, qualified shapes that look at their siblings), the shape stays as it is.
"""

from __future__ import annotations

from collections import Counter

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from perezkg.shacl.report import PropertyPath
from perezkg.shacl.rules import prefix_holders
from perezkg.shacl.shapes import QUERIES, TARGETS, TYPE
from perezkg.sparql.departures import with_tags_in_lower_case
from perezkg.sparql.prepare import may_compare_tags
from perezkg.vocabulary import RDF, SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.report import Path
    from perezkg.shacl.rules import RuleQuery
    from perezkg.shacl.shapes import Shapes

_SHAPE_TYPES = frozenset((SH + "NodeShape", SH + "PropertyShape"))
# Engines have no use for these, and they are half of a shapes graph.
_IRRELEVANT = frozenset((SH + "name", SH + "description", SH + "order", SH + "group", SH + "defaultValue"))
_OF_RULES = frozenset(SH + name for name in ("select", "message", "prefixes", "severity"))


def restated(shapes: Shapes, taken: list[RuleQuery]) -> list[Quad]:
    """Return the shapes as an engine gets them.

    Args:
        shapes: The shapes as written.
        taken: The SPARQL constraints that are checked elsewhere, which are left out.
    """
    alone = {shape: None for shape in shapes.targeting() if _is_on_its_own(shapes, shape)}
    cut = {(rule.shape, SH + "sparql", rule.constraint) for rule in taken}
    added: list[Quad] = []
    for shape in alone:
        targets = [(NamedNode(SH + name), node) for name in TARGETS for node in shapes.values(shape, SH + name)]
        properties = [node for node in shapes.values(shape, SH + "property") if _may_have_targets(shapes, node, alone)]
        for node in properties:
            cut.add((shape, SH + "property", node))
            added.extend(Quad(node, name, target) for name, target in targets)  # type: ignore[arg-type]
        if properties and shapes.values(shape, SH + "closed"):
            paths = [path for node in properties for path in shapes.values(node, SH + "path") if _is_iri(path)]
            for members in shapes.values(shape, SH + "ignoredProperties"):  # a shape has one list at most
                cut.add((shape, SH + "ignoredProperties", members))
                paths += shapes.items(members)
            added.extend(_list(shape, NamedNode(SH + "ignoredProperties"), paths))
    for holder in shapes.subjects(SH + "prefixes"):
        imported = set(prefix_holders(shapes, holder)) - set(shapes.values(holder, SH + "prefixes"))
        added.extend(Quad(holder, NamedNode(SH + "prefixes"), node) for node in imported)  # type: ignore[arg-type]
    for node in {path for shape in shapes.subjects(SH + "path") for path in shapes.values(shape, SH + "path")}:
        path = shapes.path(node)
        turned = None if path is None else _turned(path)
        if isinstance(turned, PropertyPath) and turned != path:
            cut |= {(node, quad.predicate.value, quad.object) for quad in shapes.quads if quad.subject == node}  # type: ignore[misc]
            added += _path(node, turned)
    # Without sh:closed they say nothing (SHACL, 4.8.1); pyshacl refuses them.
    open_ = [node for node in shapes.subjects(SH + "ignoredProperties") if not shapes.values(node, SH + "closed")]
    cut |= {
        (node, SH + "ignoredProperties", members)
        for node in open_
        for members in shapes.values(node, SH + "ignoredProperties")
    }
    # The constraints that are checked elsewhere for every shape that has them.
    times = Counter(rule.constraint for rule in taken)
    unused = {node for node, count in times.items() if len(shapes.holders(node)) == count}
    kept = (
        quad
        for quad in shapes.quads
        if (quad.subject, quad.predicate.value, quad.object) not in cut
        and quad.predicate.value not in _IRRELEVANT
        and not (quad.predicate.value in _OF_RULES and quad.subject in unused)
    )
    return [*map(_comparable, kept), *added]


def _comparable(quad: Quad) -> Quad:
    """Return a statement of shapes whose query, if it is one, compares language tags as they are here."""
    query = quad.object
    if quad.predicate.value not in QUERIES or not isinstance(query, Literal) or not may_compare_tags(query.value):
        return quad
    text = with_tags_in_lower_case(query.value)
    return Quad(quad.subject, quad.predicate, Literal(text, datatype=query.datatype), quad.graph_name)


def _turned(path: Path, *, back: bool = False) -> Path:
    """Return a path that means the same, with inverses of single properties only: pyshacl misreads the others.

    Args:
        path: The path.
        back: Whether its inverse is wanted.
    """
    if isinstance(path, NamedNode):
        return PropertyPath("inversePath", (path,)) if back else path
    if path.kind == "inversePath":
        return _turned(path.members[0], back=not back)
    members = tuple(_turned(member, back=back) for member in path.members)
    return PropertyPath(path.kind, members[::-1] if back and path.kind == "sequencePath" else members)


def _path(node: Rdf11Term, path: PropertyPath) -> list[Quad]:
    """Return the statements that make a node stand for a path."""
    nodes: list[Rdf11Term] = [member if isinstance(member, NamedNode) else BlankNode() for member in path.members]
    quads = [
        quad
        for member, inner in zip(path.members, nodes, strict=True)
        if not isinstance(member, NamedNode)
        for quad in _path(inner, member)
    ]
    if path.kind == "sequencePath":
        first, *others = nodes
        quads.append(Quad(node, NamedNode(RDF + "first"), first))  # type: ignore[arg-type]
        return quads + _list(node, NamedNode(RDF + "rest"), others)
    if path.kind == "alternativePath":
        return quads + _list(node, NamedNode(SH + "alternativePath"), nodes)
    return [*quads, Quad(node, NamedNode(SH + path.kind), nodes[0])]  # type: ignore[arg-type]


def _is_iri(path: Rdf11Term) -> bool:
    return isinstance(path, NamedNode)


def _is_on_its_own(shapes: Shapes, shape: Rdf11Term) -> bool:
    if shapes.holders(shape) or shapes.values(shape, SH + "path"):
        return False
    if any(isinstance(kind, NamedNode) and kind.value not in _SHAPE_TYPES for kind in shapes.values(shape, TYPE)):
        return False  # perhaps a class, which targets its instances without saying so
    siblings = shapes.values(shape, SH + "property")
    return not any(shapes.values(node, SH + "qualifiedValueShapesDisjoint") for node in siblings)


def _may_have_targets(shapes: Shapes, node: Rdf11Term, alone: Container[Rdf11Term]) -> bool:
    if isinstance(node, Literal) or len(shapes.values(node, SH + "path")) != 1:
        return False
    if not all(how == "property" and holder in alone for how, holder in shapes.holders(node)):
        return False
    return not (any(shapes.values(node, SH + name) for name in TARGETS) or shapes.is_class(node))


def _list(subject: Rdf11Term, predicate: NamedNode, members: list[Rdf11Term]) -> list[Quad]:
    nodes: list[NamedNode | BlankNode] = [*(BlankNode() for _ in members), NamedNode(RDF + "nil")]
    quads = [Quad(subject, predicate, nodes[0])]  # type: ignore[arg-type]
    for node, member, rest in zip(nodes, members, nodes[1:], strict=False):
        quads += [Quad(node, NamedNode(RDF + "first"), member), Quad(node, NamedNode(RDF + "rest"), rest)]
    return quads
