"""A graph as a tree for people: JSON-LD framed with ontology/frame.jsonld, and behind it what the tree does not reach.

A frame says where the tree begins (a class) and which properties nest, level by level; every other property is a
reference, and so is a node that stands above itself. That is the algorithm of JSON-LD 1.1 Framing with `@embed` set to
`@always` for what the frame names and `@never` for the rest. pyld does the same, in a time that grows as the square of
the graph; the tests hold this against it.
"""

from __future__ import annotations

from json import load

from perezkg import resources
from perezkg.rdf.jsonld import Compactor, Context, add, bare, compacted, document, fitting, shipped_context
from perezkg.rdf.nodes import TYPE, Nodes, blank_labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any


def framed(lines: list[str], _prefixes: Mapping[str, str] | None = None) -> Iterator[str]:
    """Return a graph as a tree for people: nothing is left out, and it reads back as the same graph.

    Args:
        lines: Canonical N-Triples lines.
        _prefixes: Not used: the frame has its own context.

    Raises:
        UnknownFormatError: There is a triple term, which JSON-LD 1.1 cannot carry.
    """
    frame, context = shipped_frame()
    context = fitting(context, {"": lines})
    tree = _Tree(lines, context)
    nodes = list(tree.nodes(_Level(frame, context)))
    rest = [line for line in lines if line not in tree.told]
    _, others = compacted({"": rest}, context, frozenset(blank_labels("\n".join(tree.told))))
    return document(context, nodes + others)


def shipped_frame() -> tuple[dict[str, Any], Context]:
    """Return ontology/frame.jsonld without its context, and that context: the shipped one and the frame's own terms."""
    with open(resources.ontology_file("frame.jsonld"), encoding="utf-8") as file:
        frame: dict[str, Any] = load(file)
    _, own = frame.pop("@context")
    return frame, Context(shipped_context().definitions | own)


class _Level:
    """What a frame says of the nodes at one place.

    Attributes:
        type: The class of the nodes that stand there, at the top.
        nested: By property, what it says of the nodes that stand under it.
        turned: The same by property and term, for properties whose other end stands under a term of its own.
    """

    __slots__ = ("nested", "turned", "type")

    def __init__(self, frame: Mapping[str, Any], context: Context) -> None:
        self.type = f"<{context.property_of(frame['type'])}>" if "type" in frame else ""
        self.nested: dict[str, _Level] = {}
        self.turned: dict[str, tuple[str, _Level]] = {}
        for term, part in frame.items():
            if isinstance(part, dict):
                iri = context.property_of(term)
                if context.is_reverse(term):
                    self.turned[f"<{iri}>"] = term, _Level(part, context)
                else:
                    self.nested[f"<{iri}>"] = _Level(part, context)


class _Tree:
    """A graph to be told from some of its nodes down.

    Attributes:
        told: The lines of N-Triples that the tree has told so far.
    """

    def __init__(self, lines: list[str], context: Context) -> None:
        nodes = Nodes(lines, frozenset(blank_labels("\n".join(lines))))
        self._context = context
        self._properties = nodes.properties
        self._compactor = Compactor(context, nodes)
        self._turned = {f"<{iri}>" for iri in context.reversed_properties()}
        self._subjects = sorted(nodes.properties, key=bare)
        self.told: set[str] = set()
        # By property and object, the subjects.
        self._others: dict[str, dict[str, list[str]]] = {predicate: {} for predicate in self._turned}
        for subject in self._subjects:
            for predicate in self._turned.intersection(self._properties[subject]):
                for value in self._properties[subject][predicate]:
                    self._others[predicate].setdefault(value, []).append(subject)

    def nodes(self, frame: _Level) -> Iterator[dict[str, Any]]:
        """Yield the nodes at the top, each with what stands under it."""
        for subject in self._subjects:
            if frame.type in self._properties[subject].get(TYPE, ()):
                yield self._node(subject, frame, (subject,))

    def _node(self, subject: str, frame: _Level, path: tuple[str, ...]) -> dict[str, Any]:
        """Return a node with what stands under it; the path leads to it from the top."""
        node: dict[str, Any] = {"id": self._compactor.reference(subject)}
        for predicate, values in self._properties.get(subject, {}).items():
            for value in values:
                # A term that turns a property round has no place for a text, nor has that for a class.
                if value[0] == '"' and (predicate in self._turned or predicate == TYPE):
                    continue
                self.told.add(f"{subject} {predicate} {value} .")
                key, item = self._compactor.property(predicate, value)
                level = frame.nested.get(predicate)
                if isinstance(item, tuple):
                    add(node.setdefault(key, {}), *item)
                elif level is None or value not in self._properties or value in path:
                    add(node, key, item)
                else:
                    add(node, key, self._node(value, level, (*path, value)))
        for predicate, (term, level) in frame.turned.items():
            for other in self._others[predicate].get(subject, ()):
                self.told.add(f"{other} {predicate} {subject} .")
                reference = self._compactor.reference(other)
                told = reference if other in path else self._node(other, level, (*path, other))
                node.setdefault(term, []).append(told)
        return self._context.arrange(node)
