"""SHACL Core, checked by pyshacl, which gets the shapes restated so that it is quicker.

pyshacl checks the properties of a node shape for one focus node after another, and reads each property shape anew for
each. A property shape that has targets of its own is read once and checked for all focus nodes together, which takes a
third of the time at a thousand triples. So property shapes are given the targets of their node shape, and the node
shape no longer refers to them. sh:closed, which would allow the properties that it refers to, gets them listed in
sh:ignoredProperties.

The results are the same, as a result of a property shape never names the node shape; only what two node shapes with the
same property shape would both report comes once. Where the results could differ (a shape that others use as well,
qualified shapes that look at their siblings), the shape stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from perezkg.shacl.pyshacl_run import run_pyshacl
from perezkg.shacl.report import PropertyPath, Result, severity_name
from perezkg.shacl.rules import COMPONENT, PLACEHOLDER, prefix_holders
from perezkg.shacl.shapes import TARGETS, TYPE, IndexedGraph
from perezkg.vocabulary import RDF, SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.report import Path
    from perezkg.shacl.rules import RuleQuery
    from perezkg.shacl.shapes import Shapes

_SHAPE_TYPES = frozenset((SH + "NodeShape", SH + "PropertyShape"))
# pyshacl has no use for these, and they are half of a shapes graph.
_IRRELEVANT = frozenset((SH + "name", SH + "description", SH + "order", SH + "group", SH + "defaultValue"))
_OF_RULES = frozenset(SH + name for name in ("select", "message", "prefixes", "severity"))
# How deep details of details are read.
_DEEPEST = 10


def check_core(
    data: Iterable[Quad], shapes: Shapes, taken: list[RuleQuery], progress: Callable[[int, int], None] | None = None
) -> list[Result]:
    """Check data with pyshacl.

    Args:
        data: The data, with the class hierarchy.
        shapes: The shapes as written.
        taken: The SPARQL constraints that are checked elsewhere.
        progress: Told how many shapes are done, and of how many.

    Raises:
        ShapesError: pyshacl does not accept the shapes.
    """
    report = IndexedGraph(run_pyshacl(data, restated(shapes, taken), progress))
    return [
        _result(report, node, shapes)
        for holder in report.subjects(SH + "result")
        for node in report.values(holder, SH + "result")
    ]


def _result(report: IndexedGraph, node: Rdf11Term, shapes: Shapes, depth: int = 0) -> Result:
    """Read one sh:ValidationResult; blank nodes keep the labels that they have in data and shapes."""
    focus, path, value, component, given, shape, constraint = (
        report.value(node, SH + name)
        for name in (
            "focusNode", "resultPath", "value", "sourceConstraintComponent", "resultSeverity", "sourceShape",
            "sourceConstraint",
        )
    )  # fmt: skip
    assert focus is not None  # noqa: S101 - SHACL: each result has one
    severity_iri = given.value if isinstance(given, NamedNode) else SH + "Violation"
    details = sorted(report.values(node, SH + "detail"), key=str) if depth < _DEEPEST else []
    return Result(
        focus=focus,
        path=None if path is None else shapes.path(path),
        value=value,
        severity=severity_name(severity_iri),
        severity_iri=severity_iri,
        rule=shapes.name(_node(shape if constraint is None else constraint)),
        component=component.value if isinstance(component, NamedNode) else COMPONENT,
        messages=_messages(
            report.values(node, SH + "resultMessage"),
            None if constraint is None else shapes.values(constraint, SH + "message"),
        ),
        shape=_node(shape),
        constraint=None if constraint is None else _node(constraint),
        details=tuple(_result(report, detail, shapes, depth + 1) for detail in details),
    )


def _messages(written: list[Rdf11Term], templates: list[Rdf11Term] | None) -> dict[str, str]:
    """Return the messages of a result by language.

    Args:
        written: The messages that pyshacl wrote.
        templates: The messages of the SPARQL constraint, whose placeholders pyshacl filled in; None for other results.
    """
    found: dict[str, list[str]] = {}
    if not templates:
        for message in written:
            found.setdefault(getattr(message, "language", None) or "", []).append(message.value)
    else:
        # pyshacl drops the language of a constraint's message and adds the messages of its shape.
        for template in templates:
            if isinstance(template, Literal):
                pattern = ".*".join(map(re.escape, PLACEHOLDER.sub("\0", template.value).split("\0")))
                filled = [text.value for text in written if re.fullmatch(pattern, text.value, re.DOTALL)]
                if filled:
                    found.setdefault(template.language or "", []).append(filled[0])
    return {tag: " ".join(sorted(words)) for tag, words in sorted(found.items())}


def _node(term: Rdf11Term | None) -> NamedNode | BlankNode:
    return term if isinstance(term, NamedNode | BlankNode) else BlankNode("none")


def restated(shapes: Shapes, taken: list[RuleQuery]) -> list[Quad]:
    """Return the shapes as pyshacl gets them.

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
            paths = [shapes.values(node, SH + "path")[0] for node in properties]
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
    unused = _unused(shapes, taken)
    kept = (
        quad
        for quad in shapes.quads
        if (quad.subject, quad.predicate.value, quad.object) not in cut and not _is_irrelevant(quad, unused)
    )
    return [*kept, *added]


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


def _unused(shapes: Shapes, taken: list[RuleQuery]) -> set[Rdf11Term]:
    """Return the constraints that are checked elsewhere for every shape that has them."""
    count = Counter(rule.constraint for rule in taken)
    return {node for node, times in count.items() if len(shapes.holders(node)) == times}


def _is_irrelevant(quad: Quad, unused: set[Rdf11Term]) -> bool:
    predicate = quad.predicate.value
    return predicate in _IRRELEVANT or (predicate in _OF_RULES and quad.subject in unused)


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
