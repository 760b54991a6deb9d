"""What is here against what a store holds: whether it is the same, by what the store counts and gives back."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import RdfFormat, parse

from perezkg.errors import RemoteStoreError, StoreContentError
from perezkg.rdf.canonical import CanonicalLines, Difference
from perezkg.rdf.canonical_labels import blank_labels
from perezkg.rdf.terms import shortest_triples
from perezkg.stores.store import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.stores.store import TripleStore

_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two graphs compare.

    Attributes:
        here: The one. When the two are not the same to the letter, each literal is in the one form of its value, and
            what both have alike may be left out, unless it mentions a blank node.
        there: The other, likewise.
        respelled: How many triples of the one are not in the other to the letter.
    """

    here: CanonicalLines
    there: CanonicalLines
    respelled: int

    @property
    def same(self) -> bool:
        """Whether both hold the same values."""
        return self.here.sha256 == self.there.sha256

    def difference(self) -> Difference:
        """Return the lines that differ: "+" and what is only here, "-" and what is only there."""
        return Difference(self.there, self.here)


@contextmanager
def compared(here: CanonicalLines, there: CanonicalLines) -> Iterator[Comparison]:
    """Compare two graphs by their values, which last until the end of the block.

    Stores are free to give 2.50 back as 2.5, so this is no difference; that it was done is counted.
    """
    if here.sha256 == there.sha256:
        yield Comparison(here, there, 0)
        return
    with CanonicalLines() as ours, CanonicalLines() as theirs:
        respelled = _normalize_differing(here, there, ours, theirs)
        if ours.sha256 == theirs.sha256:
            yield Comparison(ours, theirs, respelled)
            return
    # What only one of them has may have the value of what both have, 2.50 that of 2.5: only all together tell.
    with CanonicalLines() as ours, CanonicalLines() as theirs:
        for lines, into in ((here, ours), (there, theirs)):
            for block in lines.blocks():
                _normalize(block, into)
        yield Comparison(ours, theirs, respelled)


def _normalize_differing(
    here: CanonicalLines, there: CanonicalLines, ours: CanonicalLines, theirs: CanonicalLines
) -> int:
    """Normalize what only one of two graphs has, and all that mentions blank nodes: another spelling, other labels.

    Returns:
        How many lines only the first one has.
    """
    difference = Difference(there, here)
    lines = iter(difference)
    while batch := list(islice(lines, _BATCH)):
        for sign, into in (("+", ours), ("-", theirs)):
            _normalize([line for found, line in batch if found == sign and not blank_labels(line)], into)
    for graph, into in ((here, ours), (there, theirs)):
        for block in graph.blocks():
            _normalize([line for line in block if blank_labels(line)], into)
    return difference.added


def _normalize(lines: list[bytes], into: CanonicalLines) -> None:
    """Add lines with each literal in the one form of its value."""
    triples = (quad.triple for quad in parse(b"\n".join(lines), RdfFormat.N_TRIPLES))
    into.add(shortest_triples(triples, exact=True))


_EXAMPLES = 3
_LONGEST_EXAMPLE = 200
_CHANGED = "The store, or something in front of it, has changed it."
_CUT = "The store counts as many as were sent: is there a limit to its answers (in Virtuoso ResultSetMaxRows)?"


def prove(store: TripleStore, graph: str, sent: CanonicalLines) -> tuple[int, int]:
    """Have a graph counted, read it back, and compare it with what was sent.

    Returns:
        How many triples it holds; a store may make one of two that differ by the spelling of a value only. And how many
        came back with a literal in another spelling of the same value.

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
            return counted, comparison.respelled


def _another(store: TripleStore, graph: str, sent: CanonicalLines, difference: Difference) -> StoreContentError:
    lines = iter(difference)
    some = []
    for sign, line in islice(lines, _EXAMPLES):
        text = line.decode()
        shown = text if len(text) <= _LONGEST_EXAMPLE else f"{text[:_LONGEST_EXAMPLE]}…"
        some.append(f"{'sent' if sign == '+' else 'came back'}: {shown}")
    deque(lines, maxlen=0)
    return StoreContentError(
        f"{called(graph)} does not hold what was sent: of {sent.count:,} triples {difference.added:,} are missing, and "
        f"{difference.removed:,} were not sent. {'; '.join(some)}",
        path=store.address.shown,
        hint=_CUT if not difference.removed and _counts(store, graph, sent.count) else _CHANGED,
    )


def _counts(store: TripleStore, graph: str, number: int) -> bool:
    """Tell whether a store counts so many triples; one that fails now does not hide what it did before."""
    with suppress(RemoteStoreError):
        return store.count(graph) == number
    return False
