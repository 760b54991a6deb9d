"""The same answer twice is the same to the letter: order where the query gives none, labels of blank nodes."""

from __future__ import annotations

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from perezkg.results import Term

    Cells = tuple[Term | None, ...]


def stable_rows(rows: list[Cells], *, ordered: bool) -> list[Cells]:
    """Return rows sorted by their cells unless the query orders them, blank nodes labelled b0, b1 … as they come."""
    if not ordered:
        rows.sort(key=lambda cells: [_sort_key(term) for term in cells])
    if not any(type(term) is BlankNode for cells in rows for term in cells):
        return rows
    labels: dict[BlankNode, BlankNode] = {}
    return [
        tuple(
            labels.setdefault(term, BlankNode(f"b{len(labels)}")) if isinstance(term, BlankNode) else term
            for term in cells
        )
        for cells in rows
    ]


def stable_triples(triples: Iterable[Triple]) -> list[Triple]:
    """Return triples each once, sorted, with the blank node labels of RDFC-1.0."""
    distinct = set(triples)
    if any(type(term) is BlankNode for triple in distinct for term in (triple.subject, triple.object)):
        dataset = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in distinct)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        distinct = {quad.triple for quad in dataset}
    return sorted(distinct, key=str)


def _sort_key(term: Term | None) -> str:
    # Unbound first; a blank node has no name to sort by.
    return "" if term is None else "_" if isinstance(term, BlankNode) else str(term)
