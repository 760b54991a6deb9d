"""SHACL property paths: read from a shapes graph, written as SPARQL writes them."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from perezkg.validation.report import Term
    from perezkg.validation.shapes import Shapes

    Path: TypeAlias = "NamedNode | PropertyPath"

SH = "http://www.w3.org/ns/shacl#"
_SUFFIX = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
_LISTED = {"sequencePath": "/", "alternativePath": "|"}


@dataclass(frozen=True, slots=True)
class PropertyPath:
    """A path of more than one plain property.

    Attributes:
        kind: sequencePath, alternativePath, inversePath, zeroOrMorePath, oneOrMorePath or zeroOrOnePath.
        members: What it is made of.
    """

    kind: str
    members: tuple[Path, ...]

    def __str__(self) -> str:
        """Return the path in SPARQL with whole IRIs."""
        return as_sparql(self)


def as_sparql(path: Path, name: Callable[[str], str] = "<{}>".format) -> str:
    """Return a path as SPARQL writes it.

    >>> p = PropertyPath("inversePath", (NamedNode("http://example.org/p"),))
    >>> as_sparql(PropertyPath("sequencePath", (p, NamedNode("http://example.org/q"))), lambda iri: "ex:" + iri[-1])
    '^ex:p/ex:q'
    """
    if isinstance(path, NamedNode):
        return name(path.value)
    inner = [
        f"({text})" if isinstance(member, PropertyPath) and member.kind != "inversePath" else text
        for member, text in ((member, as_sparql(member, name)) for member in path.members)
    ]
    if path.kind in _LISTED:
        return _LISTED[path.kind].join(inner)
    return "^" + inner[0] if path.kind == "inversePath" else inner[0] + _SUFFIX[path.kind]


def as_turtle(path: Path, name: Callable[[str], str]) -> str:
    """Return a path as SHACL's RDF has it, in Turtle.

    >>> as_turtle(PropertyPath("inversePath", (NamedNode("http://example.org/p"),)), lambda iri: "ex:" + iri[-1])
    '[ sh:inversePath ex:p ]'
    """
    if isinstance(path, NamedNode):
        return name(path.value)
    inner = " ".join(as_turtle(member, name) for member in path.members)
    if path.kind == "sequencePath":
        return f"( {inner} )"
    return f"[ sh:{path.kind} ( {inner} ) ]" if path.kind in _LISTED else f"[ sh:{path.kind} {inner} ]"


def first_step(path: Path) -> tuple[NamedNode, bool]:
    """Return the property that a path starts with at its focus node, and whether it is walked backwards."""
    backwards = False
    while isinstance(path, PropertyPath):
        backwards ^= path.kind == "inversePath"
        path = path.members[0]
    return path, backwards


def read_path(shapes: Shapes, node: Term, depth: int = 0) -> Path | None:
    """Return the path that a node of the shapes graph stands for; None when it is not well formed."""
    if isinstance(node, NamedNode):
        return node
    if depth > 50:  # a path that holds itself
        return None
    members = shapes.items(node)
    if members:
        return _of("sequencePath", shapes, members, depth)
    alternatives = shapes.value(node, SH + "alternativePath")
    if alternatives is not None:
        return _of("alternativePath", shapes, shapes.items(alternatives), depth)
    for kind in ("inversePath", *_SUFFIX):
        inner = shapes.value(node, SH + kind)
        if inner is not None:
            return _of(kind, shapes, [inner], depth)
    return None


def _of(kind: str, shapes: Shapes, nodes: list[Term], depth: int) -> Path | None:
    members = [read_path(shapes, node, depth + 1) for node in nodes]
    whole = tuple(member for member in members if member is not None)
    return PropertyPath(kind, whole) if whole and len(whole) == len(members) else None
