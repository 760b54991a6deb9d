"""Graphs that are changed and changed back: one for pyshacl, one for SPARQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import Quad, Store
from rdflib import Graph

from perezkg.rdf.rdflib_terms import to_rdflib
from perezkg.shacl.pyshacl_engine import PlainStore
from perezkg.shacl.shapes import DataGraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple
    from rdflib.term import Identifier

    from perezkg.rdf.terms import Rdf11Term as Term


class LiveStore(PlainStore):
    """A store of rdflib from which triples can be taken."""

    def remove(self, triple: Any, context: Any = None) -> None:
        """Take out one triple."""
        self._all.discard(triple)
        super().remove(triple, context)


class LiveGraph:
    """Data and background, twice: as rdflib sees them and as Oxigraph does.

    Attributes:
        rdflib: The graph for pyshacl.
        triples: The graph for SPARQL rules.
    """

    def __init__(self, data: list[Quad], background: list[Quad]) -> None:
        self._fixed = {quad.triple for quad in background}
        self._plain = LiveStore()
        self.rdflib = Graph(self._plain, bind_namespaces="none")
        self.triples = _LiveTriples(data, background)
        for quad in self.triples.all:
            self._plain.add(self._converted(quad.triple), self.rdflib)

    def change(self, removed: Iterable[Triple], added: Iterable[Triple]) -> None:
        """Take triples out and put triples in; what the background says as well, stays."""
        for triple in removed:
            if triple not in self._fixed:
                self._plain.remove(self._converted(triple))
                self.triples.live.remove(_quad(triple))
        for triple in added:
            self._plain.add(self._converted(triple), self.rdflib)
            self.triples.live.add(_quad(triple))

    @staticmethod
    def _converted(triple: Triple) -> tuple[Identifier, Identifier, Identifier]:
        return to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)


class _LiveTriples(DataGraph):
    """The graph under validation, with a store that is kept."""

    def __init__(self, data: list[Quad], background: list[Quad]) -> None:
        super().__init__(data, background)
        self.live = super().store()

    def store(self) -> Store:
        """Return the store as it is now."""
        return self.live

    def kinds_above(self) -> dict[Term, set[Term]]:
        """Return each class with all that an instance of it is an instance of, where that is more than itself."""
        above: dict[Term, set[Term]] = {}
        for kind in list(self._subclasses):
            for below in self.subclasses(kind):
                above.setdefault(below, {below}).add(kind)
        return above


def _quad(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object)
