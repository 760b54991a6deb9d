"""Which blank node of one reader is which of another's: the labels differ, what is said of them does not."""

from __future__ import annotations

from pyoxigraph import BlankNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import NamedNode, Quad

    from perezkg.validation.report import Term
    from perezkg.validation.scanner import Placed

    _Triple = tuple[Term, NamedNode, Term]

_ROUNDS = 20


def same_blank_nodes(quads: Iterable[Quad], placed: Sequence[Placed]) -> dict[Term, Term]:
    """Return, for each blank node of `placed`, the one of `quads` that the same is said of.

    Each node is told apart by its properties, then by those of its neighbours, and so on; nodes that remain alike are
    paired in the order in which they come, which for nodes of the same description is as good as any.
    """
    left: set[_Triple] = {(quad.subject, quad.predicate, quad.object) for quad in quads}  # type: ignore[misc]
    right: set[_Triple] = {(triple.subject, triple.predicate, triple.object) for triple in placed}
    if not any(isinstance(term, BlankNode) for triple in right for term in (triple[0], triple[2])):
        return {}
    # The two sides are told apart by a flag, as the labels of one might be those of the other.
    sides = ((False, left), (True, right))
    colours: dict[tuple[bool, Term], int] = {
        (side, term): 0
        for side, triples in sides
        for subject, _, value in triples
        for term in (subject, value)
        if isinstance(term, BlankNode)
    }
    kinds = 1
    for _ in range(_ROUNDS):
        colours = _refined(colours, sides)
        count = len(set(colours.values()))
        if count == kinds:
            break
        kinds = count
    groups: dict[int, tuple[list[Term], list[Term]]] = {}
    for (side, node), colour in colours.items():
        groups.setdefault(colour, ([], []))[side].append(node)
    order = _order(placed)
    return {
        mine: theirs
        for ours, scanned in groups.values()
        for theirs, mine in zip(ours, sorted(scanned, key=order.__getitem__), strict=False)
    }


def _refined(
    colours: dict[tuple[bool, Term], int], sides: Iterable[tuple[bool, set[_Triple]]]
) -> dict[tuple[bool, Term], int]:
    said: dict[tuple[bool, Term], list[int]] = {key: [] for key in colours}
    for side, triples in sides:
        for subject, predicate, value in triples:
            start, end = (side, subject), (side, value)
            if start in colours:
                said[start].append(hash((predicate, colours.get(end, value))))
            if end in colours:
                said[end].append(hash((colours.get(start, subject), predicate, None)))
    return {key: hash((colours[key], *sorted(facts))) for key, facts in said.items()}


def _order(placed: Sequence[Placed]) -> dict[Term, int]:
    order: dict[Term, int] = {}
    for triple in placed:
        for term in (triple.subject, triple.object):
            order.setdefault(term, len(order))
    return order
