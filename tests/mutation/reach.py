"""How far a shape looks: which properties it reads, and how many steps away from the node that it checks.

A change of the data can alter what a shape says of a node only when the shape reads a changed triple from there. With
this a mutant is judged by the few pairs of shape and node that could say something new.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode

from perezkg.shacl.shapes import SUBCLASS, TYPE
from perezkg.vocabulary import SH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perezkg.rdf.terms import Rdf11Term as Term
    from perezkg.shacl.shapes import Shapes

FAR = 99
"""Any number of steps."""

_NESTED = ("property", "node", "not", "qualifiedValueShape")
_LISTED = ("and", "or", "xone")
_COMPARED = ("disjoint", "equals", "lessThan", "lessThanOrEquals")
# What reads nothing but the value itself, or is no constraint at all.
_PLAIN = frozenset(
    [
        "closed",
        "datatype",
        "deactivated",
        "defaultValue",
        "description",
        "flags",
        "group",
        "hasValue",
        "ignoredProperties",
        "in",
        "languageIn",
        "maxCount",
        "maxExclusive",
        "maxInclusive",
        "maxLength",
        "message",
        "minCount",
        "minExclusive",
        "minInclusive",
        "minLength",
        "name",
        "nodeKind",
        "order",
        "path",
        "pattern",
        "qualifiedMaxCount",
        "qualifiedMinCount",
        "qualifiedValueShapesDisjoint",
        "severity",
        "targetClass",
        "targetNode",
        "targetObjectsOf",
        "targetSubjectsOf",
        "uniqueLang",
    ]
)
_KNOWN = _PLAIN.union(_NESTED, _LISTED, _COMPARED, ("class",))


@dataclass(slots=True)
class Reach:
    """What a shape reads.

    Attributes:
        properties: The IRIs of the properties; of no use when `all_properties`.
        all_properties: Whether it may read any property.
        steps: How many triples lie between the focus node and the subject of the farthest triple read.
        backwards: Whether it also goes from values to subjects.
    """

    properties: set[str] = field(default_factory=set)
    all_properties: bool = False
    steps: int = 0
    backwards: bool = False

    def reads(self, properties: set[str]) -> bool:
        """Return whether one of these properties is read."""
        return self.all_properties or not self.properties.isdisjoint(properties)


def reaches(shapes: Shapes, wanted: Iterable[Term]) -> list[Reach]:
    """Return what each of some shapes reads; a constraint that is not understood is said to read everything."""
    strange = frozenset(
        quad.subject
        for quad in shapes.quads
        if quad.predicate.value.startswith(SH) and quad.predicate.value.removeprefix(SH) not in _KNOWN
    )
    found = []
    for shape in wanted:
        found.append(Reach())
        _walk(shapes, shape, 0, found[-1], (), strange)
    return found


def _walk(
    shapes: Shapes, shape: Term, at: int, found: Reach, above: tuple[Term, ...], strange: frozenset[object]
) -> None:
    if shape in above:
        found.steps = FAR
        return
    above = (*above, shape)
    found.steps = max(found.steps, at)
    values_at = at
    for path in shapes.values(shape, SH + "path"):
        values_at = max(values_at, at + _path(shapes, path, found))
    if shape in strange:
        found.all_properties, found.steps, found.backwards = True, FAR, True
    if shapes.values(shape, SH + "closed"):
        found.all_properties = True
    if shapes.values(shape, SH + "class"):
        found.properties |= {TYPE, SUBCLASS}
        found.steps = max(found.steps, values_at + 1)
    for name in _COMPARED:
        found.properties |= {_iri(value) for value in shapes.values(shape, SH + name)}
    for name in _NESTED:
        for nested in shapes.values(shape, SH + name):
            _walk(shapes, nested, values_at, found, above, strange)
    for name in _LISTED:
        for listed in shapes.values(shape, SH + name):
            for nested in shapes.items(listed):
                _walk(shapes, nested, values_at, found, above, strange)


def _path(shapes: Shapes, path: Term, found: Reach) -> int:
    """Note the properties of a path and return how many steps it takes at most."""
    if isinstance(path, NamedNode):
        found.properties.add(path.value)
        return 1
    if not isinstance(path, BlankNode):
        return 0
    members = shapes.items(path)
    if members:
        return sum(_path(shapes, member, found) for member in members)
    steps = 0
    for listed in shapes.values(path, SH + "alternativePath"):
        steps = max([steps, *(_path(shapes, member, found) for member in shapes.items(listed))])
    for member in shapes.values(path, SH + "inversePath"):
        found.backwards = True
        steps = max(steps, _path(shapes, member, found))
    for member in shapes.values(path, SH + "zeroOrOnePath"):
        steps = max(steps, _path(shapes, member, found))
    for name in ("zeroOrMorePath", "oneOrMorePath"):
        for member in shapes.values(path, SH + name):
            _path(shapes, member, found)
            steps = FAR
    return steps


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""
