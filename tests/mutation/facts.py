"""What the operators know of the data that they change: its values, classes and namespaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = NamedNode(RDF + "type")
STRING = NamedNode(XSD + "string")


def namespace(iri: str) -> str:
    """Return an IRI up to and with its last `#`, `/` or `:`."""
    match = re.match(r".*[#/:]", iri, re.DOTALL)
    return match[0] if match else ""


def local_name(iri: str) -> str:
    """Return what follows the namespace."""
    return iri[len(namespace(iri)) :]


class Facts:
    """A graph, indexed for the operators. Its triples are sorted, so that nothing depends on the order of a file.

    Args:
        quads: The data; named graphs are merged. Blank nodes get canonical names, the same in each run.
        classes: Classes that the data might use beside those that they do use.
        described: IRIs that something else describes (concepts), which the data may name.
    """

    def __init__(self, quads: Iterable[Quad], classes: Iterable[str] = (), described: Iterable[str] = ()) -> None:
        self.triples = sorted(_plain(quads), key=str)
        self.present = frozenset(self.triples)
        self.types: dict[Term, set[str]] = {}
        self.values: dict[tuple[Term, NamedNode], list[Term]] = {}
        self._beside: dict[Term, set[Term]] = {}
        self._pools: dict[NamedNode, dict[Term, None]] = {}
        self._nodes: dict[str, list[Node]] = {}
        self.properties: set[str] = set()
        for triple in self.triples:
            self.properties.add(triple.predicate.value)
            self.values.setdefault((triple.subject, triple.predicate), []).append(triple.object)  # type: ignore[arg-type]
            self._pools.setdefault(triple.predicate, {})[triple.object] = None  # type: ignore[index]
            if triple.predicate == TYPE and isinstance(triple.object, NamedNode):
                self.types.setdefault(triple.subject, set()).add(triple.object.value)  # type: ignore[arg-type]
                self._nodes.setdefault(triple.object.value, []).append(triple.subject)  # type: ignore[arg-type]
            if not isinstance(triple.object, Literal) and triple.predicate != TYPE:
                self._beside.setdefault(triple.subject, set()).add(triple.object)  # type: ignore[arg-type]
                self._beside.setdefault(triple.object, set()).add(triple.subject)  # type: ignore[arg-type]
        self.classes = sorted(self._nodes.keys() | set(classes))
        self.described = frozenset(described) | {
            triple.subject.value for triple in self.triples if isinstance(triple.subject, NamedNode)
        }
        self.namespaces = frozenset(map(namespace, [*self.described, *self.properties, *self._nodes]))

    def pool(self, predicate: NamedNode) -> list[Term]:
        """Return all values that a property has in the data."""
        return list(self._pools.get(predicate, ()))

    def nodes(self, kind: str) -> list[Node]:
        """Return the instances of a class."""
        return self._nodes.get(kind, [])

    def kinds(self, node: Term) -> str:
        """Return the classes of a node, as short names."""
        return " ".join(sorted(map(local_name, self.types.get(node, ())))) or "nothing"

    def classes_of_values(self, predicate: NamedNode) -> set[str]:
        """Return the classes that values of a property have in the data."""
        return set().union(*(self.types.get(value, set()) for value in self._pools.get(predicate, ())))

    def values_beside(self, node: Term, predicate: NamedNode) -> set[Term]:
        """Return the values that a property has at the nodes that a node is related to."""
        return {value for other in self._beside.get(node, ()) for value in self.values.get((other, predicate), ())}

    def is_own(self, iri: str) -> bool:
        """Return whether an IRI is of a namespace in which the data, or their vocabulary, name things."""
        return namespace(iri) in self.namespaces


def _plain(quads: Iterable[Quad]) -> set[Triple]:
    dataset = Dataset(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {quad.triple for quad in dataset if not isinstance(quad.object, Triple)}
