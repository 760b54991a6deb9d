"""The things of which a graph says something: where each one's document is, and what it holds."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, RdfFormat, Store

from perezkg import resources
from perezkg.sparql.engines import open_engine
from perezkg.sparql.prepare import Prepared
from perezkg.sparql.results import Triples
from perezkg.web.site.addresses import address

if TYPE_CHECKING:
    from perezkg.graph import AskableGraph


class Things:
    """The things of a graph, perezkg's concepts and the terms of its ontology among them.

    Args:
        graph: The graph.
    """

    def __init__(self, graph: AskableGraph) -> None:
        self._graph = graph

    @cached_property
    def _vocabulary(self) -> Store:
        store = Store()
        with open(resources.ontology_file("sport.ttl"), "rb") as file:
            store.load(file.read(), RdfFormat.TURTLE)
        return store

    @cached_property
    def _by_place(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for store in (self._vocabulary, self._graph.with_concepts):
            for (subject,) in store.query("SELECT DISTINCT ?s { ?s ?p ?o FILTER(isIRI(?s)) }"):  # type: ignore[union-attr]
                found[address(subject.value)] = subject.value
        return found

    def place(self, iri: str) -> str:
        """Return where the page of a thing stands, within the tree of a language; empty when nothing is said of it."""
        try:
            node = NamedNode(iri)
        except ValueError:
            return ""
        for store in (self._graph.with_concepts, self._vocabulary):
            if next(store.quads_for_pattern(node, None, None, None), None) is not None:
                return address(iri)
        return ""

    def iri(self, place: str) -> str:
        """Return the thing whose page stands at a place; empty when there is none."""
        return self._by_place.get(place, "")

    def about(self, iri: str) -> Triples:
        """Return what is said of a thing and of the blank nodes in that, with numbers as SPARQL answers them."""
        query = Prepared(f"DESCRIBE {NamedNode(iri)}")
        lines: set[str] = set()
        for store in (self._graph.with_concepts, self._vocabulary):
            answer = open_engine("oxigraph", store).run(query)
            assert isinstance(answer, Triples)  # noqa: S101 - that is what DESCRIBE answers
            lines.update(answer.lines)
        return Triples(None, sorted(lines))
