"""The shapes graph: what it declares, which nodes it targets, what its rules say of themselves."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from perezkg.errors import InputError
from perezkg.validation.paths import SH
from perezkg.validation.report import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

    from perezkg.validation.graph import Triples
    from perezkg.validation.report import Term

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
TYPE = RDF + "type"
NIL = RDF + "nil"
TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_HOLDERS = ("property", "node", "not", "qualifiedValueShape", "sparql")
_LISTED_HOLDERS = ("and", "or", "xone")
_CLASSES = (RDFS + "Class", "http://www.w3.org/2002/07/owl#Class")


class ShapesError(InputError):
    """The shapes themselves are at fault: a rule that is not SPARQL, a shape that SHACL does not allow."""


class Shapes:
    """A shapes graph, indexed by subject and predicate.

    Args:
        quads: Its triples.
    """

    __slots__ = ("_by_subject", "_holders", "quads")

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.quads = list(quads)
        self._by_subject: dict[Term, dict[str, list[Term]]] = {}
        for quad in self.quads:
            # An RDF 1.2 triple term is nothing that SHACL 1.0 knows.
            self._by_subject.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)  # type: ignore[arg-type]
        self._holders: dict[Term, list[tuple[str, Term]]] | None = None

    def values(self, node: Term, predicate: str) -> list[Term]:
        """Return the objects of a node and predicate, in the order of the file."""
        return self._by_subject.get(node, {}).get(predicate, [])

    def value(self, node: Term, predicate: str) -> Term | None:
        """Return the first object of a node and predicate."""
        return next(iter(self.values(node, predicate)), None)

    def subjects(self, predicate: str) -> Iterator[Term]:
        """Yield the nodes that have a predicate."""
        return (node for node, properties in self._by_subject.items() if predicate in properties)

    def items(self, node: Term) -> list[Term]:
        """Return the members of an RDF list; none when the node is not a list."""
        found: list[Term] = []
        seen: set[Term] = set()
        while node not in seen:
            seen.add(node)
            first, rest = self.value(node, RDF + "first"), self.value(node, RDF + "rest")
            if first is None or rest is None:
                break
            found.append(first)
            node = rest
        return found

    def is_active(self, node: Term) -> bool:
        """Return whether a shape or constraint is not deactivated."""
        return not any(
            isinstance(flag, Literal) and flag.value in ("true", "1") for flag in self.values(node, SH + "deactivated")
        )

    def holders(self, node: Term) -> list[tuple[str, Term]]:
        """Return the shapes that use a node, each with how: "property", "node", "and", …, "sparql"."""
        if self._holders is None:
            self._holders = {}
            for shape, properties in self._by_subject.items():
                for name in _HOLDERS:
                    for used in properties.get(SH + name, ()):
                        self._holders.setdefault(used, []).append((name, shape))
                for name in _LISTED_HOLDERS:
                    for listed in properties.get(SH + name, ()):
                        for used in self.items(listed):
                            self._holders.setdefault(used, []).append((name, shape))
        return self._holders.get(node, [])

    def is_class(self, node: Term) -> bool:
        """Return whether a shape is itself a class, and so targets its own instances."""
        return any(isinstance(kind, NamedNode) and kind.value in _CLASSES for kind in self.values(node, TYPE))

    def targeting(self) -> list[Term]:
        """Return the shapes that declare targets of their own, in the order of the file."""
        found = dict.fromkeys(node for name in TARGETS for node in self.subjects(SH + name))
        for node in self._by_subject:
            if self.is_class(node) and any(key.startswith(SH) for key in self._by_subject[node]):
                found[node] = None
        return [node for node in found if self.is_active(node)]

    def focus_nodes(self, data: Triples) -> set[Term]:
        """Return every node of the data that some shape targets."""
        found: set[Term] = set()
        for shape in self.targeting():
            classes = [*self.values(shape, SH + "targetClass"), *([shape] if self.is_class(shape) else [])]
            for wanted in classes:
                found.update(data.instances(wanted))
            found.update(self.values(shape, SH + "targetNode"))
            for predicate in self.values(shape, SH + "targetSubjectsOf"):
                found.update(data.subjects_of(predicate))
            for predicate in self.values(shape, SH + "targetObjectsOf"):
                found.update(data.objects_of(predicate))
        return found

    def name(self, node: Term) -> str:
        """Return the IRI of a shape or constraint; of a blank one, the IRI of the nearest shape that holds it."""
        seen: set[Term] = set()
        while isinstance(node, BlankNode) and node not in seen:
            seen.add(node)
            holders = self.holders(node)
            if not holders:
                return ""
            node = holders[0][1]
        return node.value if isinstance(node, NamedNode) else ""

    def texts(self, node: Term, predicate: str) -> dict[str, str]:
        """Return the literals of a node and predicate by language tag, "" for none; of one language, joined."""
        found: dict[str, list[str]] = {}
        for text in self.values(node, predicate):
            if isinstance(text, Literal):
                found.setdefault(text.language or "", []).append(text.value)
        return {tag: " ".join(sorted(words)) for tag, words in sorted(found.items())}

    def rule(self, iri: str) -> Rule:
        """Return what a rule says of itself."""
        node = NamedNode(iri)
        query = self.value(node, SH + "select")
        described = (
            self.texts(node, key) for key in (SH + "description", RDFS + "comment", SH + "name", RDFS + "label")
        )
        return Rule(
            iri,
            self.texts(node, SH + "message"),
            next(filter(None, described), {}),
            query.value if isinstance(query, Literal) else "",
        )
