"""The shapes graph, read once, with the few look-ups that the tests of the shapes need."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH

ROOT = Path(__file__).resolve().parents[2]
PZSH = "https://w3id.org/perezkg/shapes#"
COMPONENTS = (
    "class", "datatype", "disjoint", "in", "languageIn", "lessThan", "maxCount", "maxInclusive", "maxLength", "minCount",
    "minExclusive", "minInclusive", "node", "nodeKind", "not", "or", "pattern", "uniqueLang",
)  # fmt: skip
TARGETS = ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")


class Shapes:
    """ontology/shapes.ttl as a graph."""

    def __init__(self) -> None:
        self.path = ROOT / "ontology" / "shapes.ttl"
        self.graph = Graph().parse(self.path)

    def targeting(self) -> list[URIRef]:
        """Return the node shapes that have a target of their own."""
        found = {node for name in TARGETS for node in self.graph.subjects(SH[name])}
        return sorted(node for node in found if isinstance(node, URIRef))

    def properties(self, shape: URIRef) -> list[URIRef]:
        """Return the property shapes of a node shape."""
        return sorted(node for node in self.graph.objects(shape, SH.property) if isinstance(node, URIRef))

    def rules(self, shape: URIRef) -> list[URIRef]:
        """Return the SPARQL constraints of a node shape."""
        return sorted(node for node in self.graph.objects(shape, SH.sparql) if isinstance(node, URIRef))

    def closed(self) -> list[URIRef]:
        """Return the closed node shapes."""
        return [shape for shape in self.targeting() if self.graph.value(shape, SH.closed) is not None]

    def paths(self, shape: URIRef) -> set[str]:
        """Return the plain properties that a node shape lists."""
        found = (self.graph.value(node, SH.path) for node in self.properties(shape))
        return {str(path) for path in found if isinstance(path, URIRef)}

    def members(self, node: object) -> list[str]:
        """Return the members of a list."""
        return [str(item) for item in Collection(self.graph, node)] if node is not None else []  # type: ignore[arg-type]

    def constraints(self) -> set[tuple[str, str]]:
        """Return each rule's name and each kind of fault that it can report, as `sh:…ConstraintComponent` is named."""
        found = set()
        for shape in self.targeting():
            if shape in self.closed():
                found.add((name(shape), "Closed"))
            found.update((name(rule), "SPARQL") for rule in self.rules(shape))
            for node in self.properties(shape):
                found.update(
                    (name(node), word[0].upper() + word[1:])
                    for word in COMPONENTS
                    if self.graph.value(node, SH[word]) is not None
                )
        return found

    def checks(self) -> list[URIRef]:
        """Return whatever can stand in a report: closed shapes, property shapes and SPARQL constraints."""
        kinds = (SH.PropertyShape, SH.SPARQLConstraint)
        found = {node for kind in kinds for node in self.graph.subjects(RDF.type, kind)} | set(self.closed())
        return sorted(node for node in found if isinstance(node, URIRef))


def name(node: URIRef | str) -> str:
    """Return the local name of a shape."""
    return str(node).removeprefix(PZSH)


@pytest.fixture(scope="session")
def shapes() -> Shapes:
    """Return the shapes of perezkg."""
    return Shapes()
