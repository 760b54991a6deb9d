"""Canonical N-Quads (RDFC-1.0) of more statements than fit into memory.

RDFC-1.0 names blank nodes by the statements that mention them, and by nothing else. So only these are kept in memory
until all have come; every other statement is final as soon as it is seen, and is sorted on disk.
"""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import islice

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse, serialize

from perezkg.rdf.external_sort import SortedLines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

    from pyoxigraph import Quad, Triple

# So many statements are one call into pyoxigraph.
_BATCH = 20_000

# What may hold "_:" without being a blank node: literals and IRIs.
_OTHER = re.compile(rb'"(?:[^"\\]++|\\.)*+"|<[^<> ]*+>')
_LABEL = re.compile(rb"_:[^ ]+")


def blank_labels(line: bytes) -> list[bytes]:
    """Return the labels of the blank nodes in a line of N-Quads, wherever they stand.

    >>> blank_labels(b'_:a <http://example.org/p> <<( _:b <http://example.org/p> "_:c" )>> .')
    [b'_:a', b'_:b']
    """
    return _LABEL.findall(_OTHER.sub(b"", line)) if b"_:" in line else []


class CanonicalLines:
    """A dataset as canonical N-Quads: sorted lines, each once, in bounded memory.

    Statements are added first, then the lines are read, as often as wanted. Code point order is the order of UTF-8
    bytes, so lines are bytes throughout. Memory holds some 100 MB, and the statements that mention blank nodes,
    wherever in them: as subject, object, graph name or within a triple term. Close it, or use it with `with`.

    >>> with CanonicalLines() as lines:
    ...     lines.add(parse("_:x <http://example.org/p> _:y .", format=RdfFormat.N_TRIPLES))
    ...     list(lines)
    1
    [b'_:c14n1 <http://example.org/p> _:c14n0 .']
    """

    __slots__ = ("_blank", "_count", "_digest", "_lines", "_size")

    def __init__(self) -> None:
        self._lines = SortedLines()
        self._blank: set[bytes] = set()
        self._count = 0
        self._size = 0
        self._digest: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of memory and temporary files."""
        self._lines.close()
        self._blank = set()

    def add(self, quads: Iterable[Quad | Triple]) -> int:
        """Take statements, with what they raise as they come; triples are of the default graph.

        Blank nodes of one label are one node: parse each file with `rename_blank_nodes=True`.

        Returns:
            How many came, repeated ones too.

        Raises:
            OutputError: The disk for temporary files is full.
            ValueError: Lines have been read already.
        """
        if self._digest is not None:
            raise ValueError("nothing can be added once lines have been read")
        rest = iter(quads)
        number = 0
        while block := serialize(islice(rest, _BATCH), format=RdfFormat.N_QUADS):  # type: ignore[arg-type]
            lines = block.split(b"\n")
            lines.pop()
            number += len(lines)
            if b"_:" in block:
                blank = {line for line in lines if blank_labels(line)}
                if blank:
                    lines = [line for line in lines if line not in blank]
                    self._blank |= blank
            self._lines.add(lines)
        return number

    @property
    def count(self) -> int:
        """How many different statements there are."""
        self._settle()
        return self._count

    @property
    def size(self) -> int:
        """How many bytes the lines have, with their line ends."""
        self._settle()
        return self._size

    @property
    def sha256(self) -> str:
        """The SHA-256 of the lines, each with its line end: the hash that `perezkg info` shows."""
        return self._settle()

    def __iter__(self) -> Iterator[bytes]:
        """Yield the lines, without line end, in order."""
        for lines in self.blocks():
            yield from lines

    def blocks(self) -> Iterator[list[bytes]]:
        """Yield the same lines, some thousands at a time."""
        self._settle()
        return self._lines.blocks()

    def pieces(self) -> Iterator[bytes]:
        """Yield the same lines as text, each with its line end, in pieces of whole lines."""
        return map(_text, self.blocks())

    def _settle(self) -> str:
        if self._digest is None:
            if self._blank:
                self._lines.add(_labelled(self._blank))
                self._blank = set()
            self._lines.settle()
            digest = sha256()
            for lines in self._lines.blocks():
                self._count += len(lines)
                text = _text(lines)
                self._size += len(text)
                digest.update(text)
            self._digest = digest.hexdigest()
        return self._digest


class Difference:
    """What one dataset has and another has not, line by line, in bounded memory.

    Blank nodes have the labels of their own dataset: one different statement about them may give others new labels.

    Args:
        before: What lines with "-" are of.
        after: What lines with "+" are of.

    Attributes:
        removed: How many lines with "-" there were so far; all, once it has been read to its end.
        added: The same for "+".
    """

    __slots__ = ("_after", "_before", "added", "removed")

    def __init__(self, before: CanonicalLines, after: CanonicalLines) -> None:
        self._before = before
        self._after = after
        self.removed = self.added = 0

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """Yield ("-", line) and ("+", line), in order of the lines."""
        self.removed = self.added = 0
        if self._before.sha256 == self._after.sha256:
            return
        left, right = iter(self._before), iter(self._after)
        old, new = next(left, None), next(right, None)
        while old is not None or new is not None:
            if old == new:
                old, new = next(left, None), next(right, None)
            elif new is None or (old is not None and old < new):
                self.removed += 1
                yield "-", old  # type: ignore[misc]  # not None, because the two differ
                old = next(left, None)
            else:
                self.added += 1
                yield "+", new
                new = next(right, None)


def _text(lines: list[bytes]) -> bytes:
    return b"\n".join(lines) + b"\n"


def _labelled(lines: set[bytes]) -> list[bytes]:
    """Return statements with the labels of RDFC-1.0 for their blank nodes."""
    dataset = Dataset(parse(b"\n".join(lines), RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    text = serialize(dataset, format=RdfFormat.N_QUADS) or b""
    return text.split(b"\n")[:-1]


def blank_node_groups(blocks: Iterable[list[bytes]]) -> Iterator[tuple[bool, list[bytes]]]:
    """Yield lines of N-Quads in parts, each with whether it must stay whole.

    First come the lines without blank nodes, as many at a time as in the blocks, then the groups of the others.

    >>> list(blank_node_groups([[b"<s:> <p:> <o:> .", b"_:a <p:> <o:> ."]]))
    [(False, [b'<s:> <p:> <o:> .']), (True, [b'_:a <p:> <o:> .'])]
    """
    connected: list[bytes] = []
    for block in blocks:
        single = [line for line in block if not blank_labels(line)]
        if len(single) < len(block):
            connected += filter(blank_labels, block)
        yield False, single
    for group in _connected(connected):
        yield True, group


def _connected(lines: list[bytes]) -> list[list[bytes]]:
    """Return lines of N-Quads, each of which mentions a blank node, in groups that share none.

    The groups are in the order of their first lines.

    >>> _connected([b"_:a <p:> _:b .", b"_:b <p:> <o:> .", b"_:c <p:> <o:> ."])
    [[b'_:a <p:> _:b .', b'_:b <p:> <o:> .'], [b'_:c <p:> <o:> .']]
    """
    leader: dict[bytes, bytes] = {}

    def first(label: bytes) -> bytes:
        while (above := leader.setdefault(label, label)) != label:
            leader[label] = leader[above]  # halves the way for the next time
            label = above
        return label

    for line in lines:
        labels = blank_labels(line)
        for label in labels[1:]:
            leader[first(label)] = first(labels[0])
    groups: dict[bytes, list[bytes]] = {}
    for line in lines:
        groups.setdefault(first(blank_labels(line)[0]), []).append(line)
    return list(groups.values())
