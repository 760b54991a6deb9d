"""What is here against what a store holds: the same, the same values in another spelling, or what differs."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import RdfFormat, parse

from perezkg.canonical import CanonicalLines, Difference
from perezkg.engines.shortest import shortest_triples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two graphs compare.

    Attributes:
        here: The one, each literal in the one form of its value when they are not the same to the letter.
        there: The other.
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
    lines = Difference(there, here)
    deque(lines, maxlen=0)
    with CanonicalLines() as ours, CanonicalLines() as theirs:
        _normalize(here, ours)
        _normalize(there, theirs)
        yield Comparison(ours, theirs, lines.added)


def _normalize(lines: CanonicalLines, into: CanonicalLines) -> None:
    """Add lines with each literal in the one form of its value."""
    triples = parse(_Joined(lines), RdfFormat.N_TRIPLES)  # type: ignore[arg-type]
    while batch := [quad.triple for quad in islice(triples, _BATCH)]:
        into.add(shortest_triples(batch))


class _Joined:
    """Lines as the file that a parser reads."""

    def __init__(self, lines: CanonicalLines) -> None:
        self._pieces = lines.pieces()
        self._rest = memoryview(b"")

    def read(self, size: int) -> bytes:
        """Return the next bytes."""
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        piece, self._rest = self._rest[:size], self._rest[size:]
        return bytes(piece)
