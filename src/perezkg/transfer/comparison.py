"""What is here against what a store holds: the same, the same values in another spelling, or what differs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import RdfFormat, parse

from perezkg.canonical import CanonicalLines, Difference, blank_labels
from perezkg.engines.shortest import shortest_triples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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
