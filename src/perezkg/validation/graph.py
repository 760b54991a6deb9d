"""The graph under validation: the data, and the background that it is read against."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from perezkg.validation.shapes import RDFS, TYPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from perezkg.validation.report import Term

SUBCLASS = RDFS + "subClassOf"


class Triples:
    """Data and background as one graph.

    The background (the concepts, the class hierarchy) makes class and membership checks work; its nodes are never
    reported. Named graphs are merged: a shape sees one graph.

    Args:
        data: What is to be checked.
        background: What it is checked against.
    """

    __slots__ = ("_instances", "_predicates", "_subclasses", "all", "data", "subjects")

    def __init__(self, data: Iterable[Quad], background: Iterable[Quad]) -> None:
        self.data = list(data)
        # Merged and without duplicates, in the order read.
        self.all = list(
            dict.fromkeys(Quad(q.subject, q.predicate, q.object) for part in (self.data, background) for q in part)
        )
        self.subjects: set[Term] = {quad.subject for quad in self.data}  # type: ignore[misc]
        self._instances: dict[Term, set[Term]] = {}
        self._subclasses: dict[Term, set[Term]] = {}
        self._predicates: dict[Term, list[Quad]] | None = None
        for quad in self.all:
            if quad.predicate.value == TYPE:
                self._instances.setdefault(quad.object, set()).add(quad.subject)  # type: ignore[arg-type]
            elif quad.predicate.value == SUBCLASS:
                self._subclasses.setdefault(quad.object, set()).add(quad.subject)  # type: ignore[arg-type]

    def subclasses(self, wanted: Term) -> set[Term]:
        """Return a class and all below it."""
        found = {wanted}
        waiting = [wanted]
        while waiting:
            below = self._subclasses.get(waiting.pop(), set()) - found
            found |= below
            waiting.extend(below)
        return found

    def instances(self, wanted: Term) -> set[Term]:
        """Return the instances of a class and of all below it."""
        return set().union(*(self._instances.get(kind, set()) for kind in self.subclasses(wanted)))

    def subjects_of(self, predicate: Term) -> set[Term]:
        """Return the subjects of a predicate."""
        return {quad.subject for quad in self._with(predicate)}  # type: ignore[misc]

    def objects_of(self, predicate: Term) -> set[Term]:
        """Return the objects of a predicate."""
        return {quad.object for quad in self._with(predicate)}  # type: ignore[misc]

    def rewritten(self) -> set[NamedNode]:
        """Return the predicates of the literals that a store would not keep as they are written (`107.70`).

        A store compares values where SPARQL over these triples compares terms, so a rule that meets one of these
        predicates is not left to the store.
        """
        graph = DefaultGraph()
        node = NamedNode("urn:literal")
        literals = {quad.object for quad in self.all if not isinstance(quad.object, NamedNode)}
        store = Store()
        store.extend(Quad(node, node, literal, graph) for literal in literals)
        changed = literals - {quad.object for quad in store}
        return {quad.predicate for quad in self.all if quad.object in changed} if changed else set()

    def store(self) -> Store:
        """Return all of it in an Oxigraph store."""
        store = Store()
        store.extend(self.all)
        return store

    def _with(self, predicate: Term) -> list[Quad]:
        if self._predicates is None:
            self._predicates = {}
            for quad in self.all:
                self._predicates.setdefault(quad.predicate, []).append(quad)
        return self._predicates.get(predicate, [])
