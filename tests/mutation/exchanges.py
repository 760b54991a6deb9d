"""The operators on pairs: what two nodes of one class say is exchanged between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple
from tests.mutation.facts import XSD, local_name
from tests.mutation.mutants import chance, mutant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mutation.facts import Facts, Node, Term
    from tests.mutation.mutants import Mutant

_TIME_TYPES = frozenset(XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth"))
_TIME_NAMES = frozenset(("year", "month", "day"))
_RESULT_NAMES = frozenset(("award", "mark", "medal", "placing", "position", "rank", "result", "score"))


def swapped_years(facts: Facts, seed: int) -> Iterator[Mutant | None]:
    """Exchange when two nodes of one class took place: one property of it, and the whole of it."""
    times = [predicate for predicate in _predicates(facts) if _is_time(facts, predicate)]
    yield from _exchanges(facts, seed, "swapped years", times)


def swapped_medal_and_rank(facts: Facts, seed: int) -> Iterator[Mutant | None]:
    """Exchange the results of two nodes of one class: rank, medal, mark or award, and all of them."""
    results = [predicate for predicate in _predicates(facts) if local_name(predicate.value) in _RESULT_NAMES]
    yield from _exchanges(facts, seed, "swapped medal and rank", [p for p in results if _is_result(facts, p)])


def _predicates(facts: Facts) -> list[NamedNode]:
    return [NamedNode(iri) for iri in sorted(facts.properties)]


def _is_time(facts: Facts, predicate: NamedNode) -> bool:
    values = [value for value in facts.pool(predicate) if isinstance(value, Literal)]
    if local_name(predicate.value) in _TIME_NAMES:
        return bool(values)
    return any(value.datatype.value in _TIME_TYPES for value in values)


def _is_result(facts: Facts, predicate: NamedNode) -> bool:
    """Return whether a property tells a result: of the nodes that have a rank, a medal or a mark, or are one."""
    telling = {"medal", "rank", "mark", "placing", "score"}
    kinds = {
        kind
        for (subject, other) in facts.values
        if local_name(other.value) in telling
        for kind in facts.types.get(subject, ())
    }
    return any(facts.types.get(subject, set()) & kinds for (subject, other) in facts.values if other == predicate)


def _exchanges(facts: Facts, seed: int, operator: str, predicates: list[NamedNode]) -> Iterator[Mutant | None]:
    """Yield, for each node, an exchange with a partner for each property, and one for all properties together."""
    for kind in facts.classes:
        nodes = [
            node for node in facts.nodes(kind) if any((node, predicate) in facts.values for predicate in predicates)
        ]
        used = [predicate for predicate in predicates if any((node, predicate) in facts.values for node in nodes)]
        groups = [[predicate] for predicate in used] + ([used] if len(used) > 1 else [])
        seen: set[tuple[Triple, ...]] = set()
        for group in groups:
            for node in nodes:
                made = _exchange(facts, seed, operator, node, nodes, group)
                # a with b is b with a.
                if made is not None and made.removed not in seen:
                    seen.add(made.removed)
                    yield made


def _exchange(
    facts: Facts, seed: int, operator: str, node: Node, nodes: list[Node], group: list[NamedNode]
) -> Mutant | None:
    mine = _told(facts, node, group)
    if not mine:
        return None
    others = [other for other in nodes if _told(facts, other, group) not in ([], mine)]
    if not others:
        return None
    partner = chance(seed, operator, node, *group).choice(others)
    removed, added = [], []
    for this, that in ((node, partner), (partner, node)):
        removed += [Triple(this, predicate, value) for predicate, value in _told(facts, this, group)]
        added += [Triple(that, predicate, value) for predicate, value in _told(facts, this, group)]
    variant = "all" if len(group) > 1 else local_name(group[0].value)
    return mutant(facts, operator, variant, removed, added)


def _told(facts: Facts, node: Node, group: list[NamedNode]) -> list[tuple[NamedNode, Term]]:
    return [(predicate, value) for predicate in group for value in facts.values.get((node, predicate), ())]
