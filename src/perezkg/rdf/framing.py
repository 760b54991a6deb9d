"""A graph as a tree for people: JSON-LD framed with ontology/frame.jsonld, and behind it what the tree does not reach.

A frame says where the tree begins (a class) and which properties nest, level by level; every other property is a
reference, and so is a node that stands above itself. That is the algorithm of JSON-LD 1.1 Framing with `@embed` set to
`@always` for what the frame names and `@never` for the rest. pyld does the same, in a time that grows as the square of
the graph; the tests hold this against it.
"""

from __future__ import annotations

from json import load

from perezkg import resources
from perezkg.rdf.jsonld import INDENT, Compactor, Context, add, bare, document, fitting, layout, shipped_context
from perezkg.rdf.nodes import TYPE, Nodes, blank_labels, subject_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any


def framed(lines: Iterable[str], _prefixes: Mapping[str, str] | None = None) -> Iterator[str]:
    """Return a graph as a tree for people: nothing is left out, and it reads back as the same graph.

    Args:
        lines: Canonical N-Triples lines.
        _prefixes: Not used: the frame has its own context.

    Raises:
        UnknownFormatError: There is a triple term, which JSON-LD 1.1 cannot carry.
    """
    lines = list(lines)
    frame, context = shipped_frame()
    context = fitting(context, {"": lines})
    tree = _Tree(lines, context)
    texts = [layout(node, INDENT) for node in tree.nodes(_Level(frame, context))]
    rest, labelled = tree.rest(lines)
    nodes = sorted(Compactor(context, Nodes(rest, labelled)).nodes(rest), key=lambda pair: subject_order(pair[0]))
    return document(context, texts + [layout(node, INDENT) for _, node in nodes])


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
    """A graph to be told from some of its nodes down."""

    def __init__(self, lines: list[str], context: Context) -> None:
        nodes = Nodes(lines, frozenset(blank_labels("\n".join(lines))))
        self._context = context
        self._properties = nodes.properties
        self._compactor = Compactor(context, nodes)
        self._turned = {f"<{iri}>" for iri in context.reversed_properties()}
        self._subjects = sorted(nodes.properties, key=bare)
        self._told: set[str] = set()
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

    def rest(self, lines: list[str]) -> tuple[list[str], frozenset[str]]:
        """Return the lines that the nodes yielded so far do not tell, and the blank nodes that the others mention."""
        rest: list[str] = []
        labelled: set[str] = set()
        for line in lines:
            subject, predicate, value = line.split(" ", 2)
            if subject not in self._told or not self._has_place(predicate, value):
                rest.append(line)
            elif "_:" in line:
                labelled |= blank_labels(line)
        return rest, frozenset(labelled)

    def _has_place(self, predicate: str, value: str) -> bool:
        """Tell whether there is a place for a value: a term that turns a property round has none for a text."""
        return value[0] != '"' or (predicate != TYPE and predicate not in self._turned)

    def _node(self, subject: str, frame: _Level, path: tuple[str, ...]) -> dict[str, Any]:
        """Return a node with what stands under it; the path leads to it from the top."""
        self._told.add(subject)
        node: dict[str, Any] = {"id": self._compactor.reference(subject)}
        for predicate, values in self._properties.get(subject, {}).items():
            for value in values:
                if not self._has_place(predicate, value):
                    continue
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
                reference = self._compactor.reference(other)
                told = reference if other in path else self._node(other, level, (*path, other))
                node.setdefault(term, []).append(told)
        return self._context.arrange(node)
