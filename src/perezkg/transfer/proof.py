"""Whether a store holds what it was sent: by what it counts and gives back."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from perezkg.canonical import CanonicalLines
from perezkg.errors import RemoteStoreError
from perezkg.remote.errors import StoreContentError
from perezkg.transfer.comparison import compared
from perezkg.transfer.store import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from perezkg.canonical import Difference
    from perezkg.transfer.store import TripleStore

_EXAMPLES = 3
_LONGEST_EXAMPLE = 200
_CHANGED = "The store, or something before it, has changed it."
_CUT = "The store counts as many as were sent: is there a limit to its answers (in Virtuoso ResultSetMaxRows)?"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a graph has proved to hold.

    Attributes:
        count: How many triples; a store may make one of two that differ by the spelling of a value only.
        respelled: How many triples came back with a literal in another spelling of the same value.
    """

    count: int
    respelled: int


def prove(store: TripleStore, graph: str, sent: CanonicalLines) -> Proof:
    """Have a graph counted, read it back, and compare it with what was sent.

    Raises:
        StoreContentError: It is another graph.
        RemoteStoreError: It cannot be read.
    """
    with CanonicalLines() as found:
        store.read(graph, found)
        with compared(sent, found) as comparison:
            if not comparison.same:
                raise _another(store, graph, sent, comparison.difference())
            # What it gives back is a set of lines; two triples of it may look alike.
            if (counted := store.count(graph)) != found.count:
                raise StoreContentError(
                    f"{called(graph)} gives back what was sent, {found.count:,} triples, but counts {counted:,}",
                    path=store.address.shown,
                    hint=store.miscounts or "Does somebody else write to it?",
                )
            return Proof(counted, comparison.respelled)


def _another(store: TripleStore, graph: str, sent: CanonicalLines, difference: Difference) -> StoreContentError:
    lines = iter(difference)
    some = [_example(sign, line.decode()) for sign, line in islice(lines, _EXAMPLES)]
    deque(lines, maxlen=0)
    return StoreContentError(
        f"{called(graph)} does not hold what was sent: of {sent.count:,} triples {difference.added:,} are lacking, and "
        f"{difference.removed:,} are there that were not sent. {'; '.join(some)}",
        path=store.address.shown,
        hint=_CUT if not difference.removed and _counts(store, graph, sent.count) else _CHANGED,
    )


def _example(sign: str, line: str) -> str:
    shown = line if len(line) <= _LONGEST_EXAMPLE else f"{line[:_LONGEST_EXAMPLE]}…"
    return f"{'sent' if sign == '+' else 'came back'}: {shown}"


def _counts(store: TripleStore, graph: str, number: int) -> bool:
    """Tell whether a store counts so many triples; one that fails now does not hide what it did before."""
    with suppress(RemoteStoreError):
        return store.count(graph) == number
    return False
