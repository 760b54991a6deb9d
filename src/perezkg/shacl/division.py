"""Which shapes an engine for ordinary shapes is given, and which are left to pyshacl.

`shacl_engine` is quick, and its authors are few; so it gets a shape only where what the shape says is known to give the
same results. In doubt a shape is left to pyshacl, with all that it refers to.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from perezkg.shacl.shapes import TARGETS, TYPE, Shapes
from perezkg.vocabulary import RDF, SH, XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.stand_ins import DataText

    _Test: TypeAlias = Callable[[Rdf11Term], bool]

_STRINGS = (XSD + "string", RDF + "langString")
_SHAPE_TYPES = frozenset((SH + "NodeShape", SH + "PropertyShape"))
_DEEPEST = 20  # shapes within shapes; the engine refuses more than 48
_COMPARING = frozenset(SH + name for name in ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"))
_PAIRS = frozenset(SH + name for name in ("lessThan", "lessThanOrEquals"))
# A pattern whose meaning is the same to XPath and to the engine: no class within a class, no escape but of a mark.
_CLASS = r"\[\^?(?:[^\[\]\\&~^-]|\\[-\[\]\\.+*?tnr^$])(?:[^\[\]\\&~^-]|-(?=[^\]\[\\&~-])|\\[-\[\]\\.+*?tnr^$])*-?\]"
_PATTERN = re.compile(
    rf"(?:{_CLASS}|\\[.+*?|(){{}}\[\]\\^$Stnr-]|\((?!\?)|[^\\\[\](){{}}*+?.|]|[).|]|[*+?](?![*+?])|\{{[0-9]{{1,3}}(?:,[0-9]{{0,3}})?\}}(?![*+?{{]))*",
    re.DOTALL,
)
_TRANSLATED = re.compile(rf"{_CLASS}|\\.|\.", re.DOTALL)
_CLASSES = {r"\s": r"[ \t\n\r]", r"\S": r"[^ \t\n\r]", ".": r"[^\n\r]"}


def _iri(term: Rdf11Term) -> bool:
    return isinstance(term, NamedNode)


def _node(term: Rdf11Term) -> bool:
    return not isinstance(term, Literal)


def _count(term: Rdf11Term) -> bool:
    return (
        isinstance(term, Literal)
        and term.datatype.value == XSD + "integer"
        and re.fullmatch(r"[0-9]{1,9}", term.value) is not None
    )


def _flag(term: Rdf11Term) -> bool:
    return isinstance(term, Literal) and term.datatype.value == XSD + "boolean" and term.value in ("true", "false")


def _words(term: Rdf11Term) -> bool:
    return isinstance(term, Literal) and term.datatype.value in _STRINGS


def _bound(term: Rdf11Term) -> bool:
    """Return whether the engine orders a value, and others, as `perezkg.rdf.xsd` does."""
    if not isinstance(term, Literal):
        return False
    form = _BOUNDS.get(term.datatype.value)
    return form is not None and re.fullmatch(form, term.value) is not None


_BOUNDS = {
    XSD + "integer": r"-?[0-9]{1,12}",
    XSD + "decimal": r"-?[0-9]{1,12}(\.[0-9]{1,6})?",
    XSD + "date": r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])",
    XSD + "string": r"(?s:.*)",
}


def _datatype(term: Rdf11Term) -> bool:
    return isinstance(term, NamedNode) and (not term.value.startswith(RDF) or term.value == RDF + "langString")


def _pattern(term: Rdf11Term) -> bool:
    return (
        isinstance(term, Literal)
        and term.datatype.value == XSD + "string"
        and len(term.value) < 2000
        and _PATTERN.fullmatch(term.value) is not None
    )


# What a shape may say: for each property what a value is like, and whether there may be several.
_SAID: dict[str, tuple[_Test, bool]] = {
    SH + name: row
    for name, row in {
        "path": (_node, False),
        **dict.fromkeys(TARGETS, (_iri, True)),
        "message": (_words, True),
        "severity": (_iri, False),
        "deactivated": (_flag, False),
        "property": (_node, True),
        "node": (_node, True),
        "class": (_iri, True),
        "datatype": (_datatype, False),
        "nodeKind": (_iri, False),
        "minCount": (_count, False),
        "maxCount": (_count, False),
        "minLength": (_count, False),
        "maxLength": (_count, False),
        "minInclusive": (_bound, False),
        "minExclusive": (_bound, False),
        "maxInclusive": (_bound, False),
        "maxExclusive": (_bound, False),
        "pattern": (_pattern, False),
        "flags": (lambda term: term == Literal("i"), False),
        "uniqueLang": (_flag, False),
        "languageIn": (_node, False),
        "equals": (_iri, False),
        "disjoint": (_iri, False),
        "lessThan": (_iri, False),
        "lessThanOrEquals": (_iri, False),
        "not": (_node, False),
        "and": (_node, False),
        "or": (_node, False),
        "xone": (_node, False),
        "qualifiedValueShape": (_node, False),
        "qualifiedMinCount": (_count, False),
        "qualifiedMaxCount": (_count, False),
        "qualifiedValueShapesDisjoint": (_flag, False),
        "closed": (_flag, False),
        "ignoredProperties": (_node, False),
        "hasValue": (lambda term: not isinstance(term, BlankNode), False),
        "in": (_node, False),
    }.items()
}
_INNER = tuple(SH + name for name in ("property", "node", "not", "qualifiedValueShape"))
_LISTED = tuple(SH + name for name in ("and", "or", "xone"))
_LISTS = (*_LISTED, *(SH + name for name in ("in", "languageIn", "ignoredProperties")))
_KINDS = frozenset(
    SH + name for name in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
)


def _translated(quad: Quad) -> Rdf11Term:
    """Return the object of a statement; of a pattern, as the engine, for which more is space, means the same."""
    if quad.predicate.value != SH + "pattern" or not isinstance(quad.object, Literal):
        return quad.object  # type: ignore[return-value]
    return Literal(_TRANSLATED.sub(lambda match: _CLASSES.get(match[0], match[0]), quad.object.value))


def _named(term: Rdf11Term, names: dict[Rdf11Term, NamedNode]) -> Rdf11Term:
    return names.get(term, term)


class Division(NamedTuple):
    """Shapes in two parts.

    Attributes:
        ordinary: Those that the engine is given.
        named: Their nodes, as the engine gets them and as they are: in its text shapes without a name have one.
        left: Those that are left to pyshacl; none, or without a target, where nothing is.
        shapes_left: How many of these have targets.
    """

    ordinary: list[Quad]
    named: dict[NamedNode, Rdf11Term]
    left: list[Quad]
    shapes_left: int


def divided(quads: list[Quad], text: DataText) -> Division:
    """Divide shapes that were restated (`restating`).

    Args:
        quads: The shapes.
        text: The data, some of whose literals the engine may judge otherwise.
    """
    shapes = Shapes(quads)
    targeting = [shape for shape in shapes.targeting() if not isinstance(shape, Literal)]
    if any(shapes.subjects(SH + "parameter")) or NamedNode(SH + "ConstraintComponent") in shapes.kinds():
        return Division([], {}, quads, len(targeting))
    reach = {shape: _Reach(shapes, text).of(shape) for shape in targeting}
    ordinary = {shape for shape, found in reach.items() if found is not None}
    taken = {node for shape in ordinary for node in (reach[shape] or ())}
    # Whatever some shape is not known to be right, or is not known to be a shape, pyshacl looks at, and may refuse it.
    others = [
        node
        for node in shapes.nodes()
        if node not in taken
        and not _is_unused(shapes, node)
        and (node in reach or _Reach(shapes, text).of(node) is None)
    ]
    needed = _closure(shapes, others)
    cut = {SH + name for name in TARGETS}
    left = [
        quad for quad in quads
        if quad.subject in needed and not (quad.subject in ordinary and quad.predicate.value in cut)
    ]  # fmt: skip
    named: dict[Rdf11Term, NamedNode] = {
        node: NamedNode(f"urn:perezkg:shape:{i}")
        for i, node in enumerate(shapes.nodes())
        if node in taken and isinstance(node, BlankNode) and _is_shape(shapes, node)
    }
    part = _closure(shapes, ordinary)
    return Division(
        [
            Quad(_named(quad.subject, named), quad.predicate, _named(_translated(quad), named))  # type: ignore[arg-type]
            for quad in quads
            if quad.subject in part and (quad.subject in ordinary or quad.predicate.value not in cut)
        ],
        {
            **{name: node for node, name in named.items()},
            **{node: node for node in taken if isinstance(node, NamedNode)},
        },
        left if others else [],
        len(targeting) - len(ordinary),
    )


def _is_shape(shapes: Shapes, node: Rdf11Term) -> bool:
    """Return whether a node is no list and no path."""
    return any(name in _SAID for name in shapes.properties(node)) or bool(shapes.values(node, TYPE))


def _is_unused(shapes: Shapes, node: Rdf11Term) -> bool:
    """Return whether a node says nothing of SHACL: the header of the file, or what declares prefixes."""
    prefixes = {SH + "declare", SH + "prefix", SH + "namespace"}
    return not any(name.startswith(SH) and name not in prefixes for name in shapes.properties(node))


def _closure(shapes: Shapes, nodes: Iterable[Rdf11Term]) -> set[Rdf11Term]:
    found: set[Rdf11Term] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += (value for values in shapes.properties(node).values() for value in values)
    return found


class _Reach:
    """All that a shape with targets refers to, as far as it is ordinary."""

    def __init__(self, shapes: Shapes, text: DataText) -> None:
        self._shapes = shapes
        self._text = text
        self._nodes: set[Rdf11Term] = set()
        self._predicates: set[str] = set()
        self._said: set[str] = set()
        self._is_ordinary = True

    def of(self, shape: Rdf11Term) -> set[Rdf11Term] | None:
        """Return its nodes; None where something in it is out of the ordinary."""
        self._shape(shape, 0, ())
        said, read = self._said, self._predicates
        if not self._is_ordinary:
            return None
        compares = said & _COMPARING or said & _PAIRS
        if (compares or SH + "datatype" in said) and read & self._text.odd:
            return None
        if said & _PAIRS and (read & self._text.unordered or self._text.has_tagged(read)):
            return None
        return self._nodes

    def _shape(self, shape: Rdf11Term, depth: int, above: tuple[Rdf11Term, ...]) -> None:
        shapes = self._shapes
        self._is_ordinary &= depth < _DEEPEST and shape not in above and not isinstance(shape, Literal)
        if not self._is_ordinary:
            return
        self._nodes.add(shape)
        for name, values in shapes.properties(shape).items():
            if not name.startswith(SH):
                self._is_ordinary &= name != TYPE or all(getattr(kind, "value", "") in _SHAPE_TYPES for kind in values)
                continue
            test, several = _SAID.get(name, (None, False))
            self._is_ordinary &= test is not None and (several or len(values) == 1) and all(map(test, values))
            if not self._is_ordinary:
                return
            self._said.add(name)
            if name in (SH + "lessThan", SH + "lessThanOrEquals", SH + "targetObjectsOf"):
                self._predicates.update(value.value for value in values if isinstance(value, NamedNode))
        self._is_ordinary &= self._says_no_more(shape)
        inner = [node for name in _INNER for node in shapes.values(shape, name)]
        inner += [node for name in _LISTED for members in shapes.values(shape, name) for node in shapes.items(members)]
        for node in inner:
            self._shape(node, depth + 1, (*above, shape))

    def _says_no_more(self, shape: Rdf11Term) -> bool:
        """Return whether lists, paths and what goes together in a shape are in order."""
        shapes, said = self._shapes, set(self._shapes.properties(shape))
        for name in _LISTS:
            for members in shapes.values(shape, name):
                if not self._is_list(members) or (name in _LISTED and not shapes.items(members)):
                    return False
                if name == SH + "languageIn" and not all(map(_is_plain_range, shapes.items(members))):
                    return False
                if name == SH + "ignoredProperties" and not all(map(_iri, shapes.items(members))):
                    return False
        if SH + "ignoredProperties" in said and SH + "closed" not in said:
            return False
        if any(getattr(kind, "value", "") not in _KINDS for kind in shapes.values(shape, SH + "nodeKind")):
            return False
        if SH + "flags" in said and (SH + "pattern" not in said or self._text.has_turkish_letters):
            return False
        qualified = any(name in said for name in (SH + "qualifiedMinCount", SH + "qualifiedMaxCount"))
        if qualified != (SH + "qualifiedValueShape" in said):
            return False
        for node in shapes.values(shape, SH + "path"):
            path = shapes.path(node)
            if path is None or not self._is_path(node):
                return False
        has_path = SH + "path" in said
        of_properties = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape")
        return has_path or not any(SH + name in said for name in of_properties)

    def _is_list(self, node: Rdf11Term) -> bool:
        shapes, length = self._shapes, 0
        while node != NamedNode(RDF + "nil"):
            first, rest = shapes.values(node, RDF + "first"), shapes.values(node, RDF + "rest")
            length += 1
            if len(first) != 1 or len(rest) != 1 or length > 10_000:
                return False
            self._nodes.add(node)
            node = rest[0]
        return True

    def _is_path(self, node: Rdf11Term, depth: int = 0) -> bool:
        """Return whether a node is a path, and nothing else; note its properties."""
        if isinstance(node, NamedNode):
            self._predicates.add(node.value)
            return True
        self._nodes.add(node)
        said = self._shapes.properties(node)
        if RDF + "first" in said:
            members = self._shapes.items(node)
            return (
                depth < _DEEPEST and len(members) > 1 and self._is_list(node)
                and all(self._is_path(member, depth + 1) for member in members)
            )  # fmt: skip
        if len(said) != 1 or depth > _DEEPEST:
            return False
        ((name, values),) = said.items()
        if len(values) != 1:
            return False
        if name == SH + "alternativePath":
            members = self._shapes.items(values[0])
            return (
                len(members) > 1 and self._is_list(values[0])
                and all(self._is_path(member, depth + 1) for member in members)
            )  # fmt: skip
        return self._is_path(values[0], depth + 1)


def _is_plain_range(term: Rdf11Term) -> bool:
    return isinstance(term, Literal) and re.fullmatch(r"[A-Za-z]{2,3}", term.value) is not None
