"""How rdflib joins: in which order it looks up the triple patterns of a group, and what it finds of a subquery.

Its own order counts the terms that are known, and multiplies patterns that have nothing in common: two of fifty
matches each are looked up 2,500 times before the one that joins them. Here each pattern comes after one that it
shares a variable with, and the first is the one with the fewest matches. The solutions of a subquery it compares one
by one with all that is known; here they are looked up.
"""

from __future__ import annotations

from itertools import islice

from rdflib.paths import Path
from rdflib.plugins.sparql.evaluate import evalBGP
from rdflib.term import BNode, Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

_COUNTED = 10_000  # matches; from there on, patterns are equally bad to start from


def matches(ctx: Any, part: Any) -> Iterable[Any]:  # noqa: ANN401 - a node of rdflib's algebra
    """Yield the solutions of a basic graph pattern."""
    triples = part.triples
    if len(triples) > 1:
        known = frozenset(term for triple in triples for term in triple if ctx[term] is not None)
        orders = part.__dict__.setdefault("orders", {})
        if known not in orders:
            orders[known] = list(_ordered(ctx.graph, triples, known))
        triples = orders[known]
    return evalBGP(ctx, triples)


def _ordered(graph: Any, triples: Iterable[Any], known: Iterable[Any]) -> Iterable[Any]:  # noqa: ANN401
    known, waiting, counts = {*known}, list(triples), dict[int, int]()

    def cost(triple: Any) -> tuple[int, int]:  # noqa: ANN401
        start, predicate, end = triple
        if start in known:
            return (0 if end in known else 1), 0
        if end in known and isinstance(end, (Variable, BNode)):
            return 2, 0
        if isinstance(predicate, Path):
            return 4, 0
        if id(triple) not in counts:
            pattern = (None, None if isinstance(predicate, Variable) else predicate, end if end in known else None)
            counts[id(triple)] = sum(1 for _ in islice(graph.triples(pattern), _COUNTED))
        return 3, counts[id(triple)]

    while waiting:
        triple = min(waiting, key=cost)
        waiting.remove(triple)
        known.update(term for term in triple if isinstance(term, (Variable, BNode)))
        yield triple


class Found:
    """The solutions of a subquery, found again by what all of them bind."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._rows = list(rows)
        self._bound = set.intersection(*map(set, self._rows)) if self._rows else set()
        self._alike = all(len(row) == len(self._bound) for row in self._rows)
        self._by: dict[tuple[Any, ...], dict[tuple[Any, ...], list[Any]]] = {}

    def compatible(self, around: Any) -> Iterator[Any]:  # noqa: ANN401 - a solution of rdflib's
        """Yield those that have no other value for what is bound around them."""
        names = tuple(name for name in around if name in self._bound)
        if names not in self._by:
            rows = self._by[names] = {}
            for row in self._rows:
                rows.setdefault(tuple(row[name] for name in names), []).append(row)
        found = self._by[names].get(tuple(around[name] for name in names), ())
        yield from found if self._alike else (row for row in found if row.compatible(around))
