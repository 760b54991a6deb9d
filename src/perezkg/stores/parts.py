"""What is to be loaded: the triples of files, graph by graph."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from itertools import chain, islice

from pyoxigraph import BlankNode, NamedNode, Triple

from perezkg.errors import UsageError
from perezkg.rdf.canonical import CanonicalLines
from perezkg.stores.store import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import DefaultGraph, Quad

    from perezkg.rdf.streaming import DataStream
    from perezkg.rdf.terms import Term

_BATCH = 20_000


class SharedBlankNodeError(UsageError):
    """A blank node is spoken of in several graphs, which are loaded one by one, or names a graph."""


@contextmanager
def parts(
    streams: Iterable[DataStream], graph: str, *, progress: Callable[[str, int, int], None] | None = None
) -> Iterator[dict[str, CanonicalLines]]:
    """Read files; yield the triples of each graph, by its IRI, and let go of them at the end of the block.

    Args:
        streams: The files.
        graph: Where triples go that are in no named graph: an IRI, or empty for the default graph.
        progress: Told what is read and how many triples have come.

    Raises:
        SharedBlankNodeError: A blank node cannot be loaded as what it is.
        InputError: A file cannot be read.
    """
    with ExitStack() as stack:
        found: dict[str, CanonicalLines] = {}

        def lines(name: str) -> CanonicalLines:
            if name not in found:
                found[name] = stack.enter_context(CanonicalLines())
            return found[name]

        number = 0
        for stream in streams:
            quads = stream.quads()
            # A graph that a file has no triple for is no part: it is left as it is.
            if (first := next(quads, None)) is None:
                continue
            quads = chain((first,), quads)
            # Blank nodes of different files are different ones, so each file is looked at by itself.
            named = stream.format.supports_datasets
            add: Callable[[Iterable[Quad]], int] = _Sorter(lines, graph).add if named else lines(graph).add
            while came := add(islice(quads, _BATCH)):
                number += came
                if progress is not None:
                    progress(f"Reading {stream.name}", number, 0)
        if not found:
            lines(graph)
        yield found


class _Sorter:
    """Brings the statements of a file to the graphs that they are in."""

    def __init__(self, lines: Callable[[str], CanonicalLines], graph: str) -> None:
        self._lines = lines
        self._graph = graph
        self._owners: dict[BlankNode, str] = {}

    def add(self, quads: Iterable[Quad]) -> int:
        """Take statements; return how many."""
        groups: dict[NamedNode | BlankNode | DefaultGraph | Triple, list[Triple]] = {}
        for quad in quads:
            groups.setdefault(quad.graph_name, []).append(quad.triple)
        for name, triples in groups.items():
            if isinstance(name, BlankNode):
                raise SharedBlankNodeError(
                    "a graph is named by a blank node, which no store can be asked for", hint="Give the graph an IRI."
                )
            graph = name.value if isinstance(name, NamedNode) else self._graph
            self._own(graph, triples)
            self._lines(graph).add(triples)
        return sum(map(len, groups.values()))

    def _own(self, graph: str, triples: Iterable[Triple]) -> None:
        """Note which graph speaks of a blank node; refuse a second one."""
        for triple in triples:
            for node in _blank_nodes(triple):
                if (owner := self._owners.setdefault(node, graph)) != graph:
                    raise SharedBlankNodeError(
                        f"a blank node is used in several graphs, {called(owner)} and {called(graph)}, and a "
                        "store takes one graph at a time",
                        hint="Give the node an IRI.",
                    )


def _blank_nodes(term: Term) -> Iterator[BlankNode]:
    """Yield a term that is a blank node, and those in a triple term, as deep as it is nested."""
    while isinstance(term, Triple):  # only the object of a triple may be one
        if isinstance(term.subject, BlankNode):
            yield term.subject
        term = term.object
    if isinstance(term, BlankNode):
        yield term
