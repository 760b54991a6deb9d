"""An rdflib store for one graph that is filled once and then read very often.

rdflib's own memory store keeps track, for each triple, of the graphs it is in, and looks that up for each triple it
yields. pyshacl reads tens of thousands of them to check two thousand, so that was half of its time.
"""

from __future__ import annotations

from rdflib.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from rdflib.term import Identifier

    Triple = tuple[Identifier, Identifier, Identifier]
    Pattern = tuple[Identifier | None, Identifier | None, Identifier | None]


class PlainStore(Store):
    """Holds the triples of one graph, whatever graph asks.

    >>> from rdflib import Graph, RDF, RDFS
    >>> graph = Graph(PlainStore())
    >>> _ = graph.add((RDF.type, RDF.type, RDFS.Class))
    >>> len(graph), graph.value(RDF.type, RDF.type) == RDFS.Class, list(graph.subjects(RDF.type, RDF.type))
    (1, True, [])
    """

    # Said to be so because pyshacl refuses stores that are not; there is only the one graph.
    context_aware = True
    graph_aware = True

    def __init__(self, configuration: str | None = None, identifier: Identifier | None = None) -> None:
        super().__init__(configuration, identifier)
        self._graphs: tuple[Any, ...] = ()
        self._all: dict[Triple, None] = {}
        self._by_subject: dict[Identifier, list[Triple]] = {}
        self._by_predicate: dict[Identifier, list[Triple]] = {}
        self._by_value: dict[Identifier, list[Triple]] = {}
        self._by_two: dict[Pattern, list[Triple]] = {}
        self._namespaces: dict[str, Any] = {}

    def add(self, triple: Triple, context: object = None, quoted: bool = False) -> None:  # type: ignore[override]  # noqa: ARG002, FBT001, FBT002
        """Add a triple."""
        if triple in self._all:
            return
        self._graphs = (context,)
        self._all[triple] = None
        subject, predicate, value = triple
        self._by_subject.setdefault(subject, []).append(triple)
        self._by_predicate.setdefault(predicate, []).append(triple)
        self._by_value.setdefault(value, []).append(triple)
        for pattern in ((subject, predicate, None), (None, predicate, value), (subject, None, value)):
            self._by_two.setdefault(pattern, []).append(triple)

    def triples(self, pattern: Pattern, context: object = None) -> Iterator[tuple[Triple, tuple[Any, ...]]]:  # type: ignore[override]  # noqa: ARG002
        """Return the triples of a pattern, each with the graph beside it."""
        subject, predicate, value = pattern
        unknown = pattern.count(None)
        found: Iterable[Triple]
        if unknown == 1:
            found = self._by_two.get(pattern, ())
        elif unknown == 0:
            found = (pattern,) if pattern in self._all else ()
        elif subject is not None:
            found = self._by_subject.get(subject, ())
        elif predicate is not None:
            found = self._by_predicate.get(predicate, ())
        elif value is not None:
            found = self._by_value.get(value, ())
        else:
            found = tuple(self._all)
        # A list, because a reader may add while it reads.
        here = self._graphs
        return iter([(triple, here) for triple in found])

    def __len__(self, context: object = None) -> int:
        """Return how many triples there are."""
        return len(self._all)

    def bind(self, prefix: str, namespace: Any, override: bool = True) -> None:  # noqa: ANN401, FBT001, FBT002
        """Bind a prefix."""
        if override or prefix not in self._namespaces:
            self._namespaces[prefix] = namespace

    def prefix(self, namespace: Any) -> str | None:  # noqa: ANN401
        """Return the prefix of a namespace."""
        return next((prefix for prefix, bound in self._namespaces.items() if bound == namespace), None)

    def namespace(self, prefix: str) -> Any:  # noqa: ANN401
        """Return the namespace of a prefix."""
        return self._namespaces.get(prefix)

    def namespaces(self) -> Iterator[tuple[str, Any]]:
        """Yield the prefixes with their namespaces."""
        return iter(list(self._namespaces.items()))
