"""Canonical N-Quads (RDFC-1.0) of more statements than fit into memory.

RDFC-1.0 names blank nodes by the statements that mention them, and by nothing else. So only these are kept in memory
until all have come; every other statement is final as soon as it is seen, and is sorted on disk: that of temporary
files (`TMPDIR` chooses it). The files have no name, or lose it when they are closed: they are gone however the process
ends.
"""

from __future__ import annotations

from bisect import bisect_right
from hashlib import sha256
from itertools import groupby, islice

from pyoxigraph import RdfFormat, serialize

from perezkg.errors import OutputError
from perezkg.rdf.canonical_labels import blank_labels, canonically_labelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import IO, Self

    from pyoxigraph import Quad, Triple

# So many statements are one call into pyoxigraph.
_BATCH = 20_000
# Of lines that wait in memory: few enough to be sorted near the processor, many enough for few runs.
_RUN_BYTES = 8 << 20
_BLOCK_BYTES = 1 << 20
# Of as many, blocks that are worth a seek together fit into memory: 64 KiB of each, 32 MiB.
_RUNS_AT_ONCE = 512


class CanonicalLines:
    """A dataset as canonical N-Quads: sorted lines, each once, in bounded memory.

    Statements are added first, then the lines are read, as often as wanted. Code point order is the order of UTF-8
    bytes, so lines are bytes throughout. Memory holds some 100 MB, and the statements that mention blank nodes,
    wherever in them: as subject, object, graph name or within a triple term. Close it, or use it with `with`.

    >>> from pyoxigraph import parse
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
            number += self.add_text(block)
        return number

    def add_text(self, block: bytes) -> int:
        """Take whole lines as pyoxigraph writes them, each with its line end; otherwise as `add`."""
        lines = block.split(b"\n")
        lines.pop()
        number = len(lines)
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
                self._lines.add(canonically_labelled(self._blank))
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


class Statements:
    """Canonical lines as text, to be gone through as often as wanted; they are closed when nobody has them any more."""

    __slots__ = ("_lines",)

    def __init__(self, lines: CanonicalLines) -> None:
        self._lines = lines

    def __del__(self) -> None:
        """Let go of memory and temporary files."""
        self._lines.close()

    def __len__(self) -> int:
        return self._lines.count

    def __iter__(self) -> Iterator[str]:
        for lines in self._lines.blocks():
            yield from b"\n".join(lines).decode().split("\n")

    def __contains__(self, line: object) -> bool:
        return any(line == other for other in self)


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


class SortedLines:
    """Lines of bytes, without line ends in them, in any order and repeated; they come out sorted and each once.

    What does not fit into memory is sorted in pieces on disk.

    Args:
        distinct: Whether each comes once; else as often as it was added.
    """

    __slots__ = ("_end", "_file", "_memory", "_ordered", "_runs", "_waiting", "_waiting_bytes")

    def __init__(self, *, distinct: bool = True) -> None:
        self._ordered = _ordered if distinct else _sorted
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        # All runs stand one behind the other in one file, because a process may not have many files open.
        self._runs: list[tuple[int, int]] = []
        self._file: IO[bytes] | None = None
        self._end = 0
        self._memory: list[bytes] | None = None

    def add(self, lines: list[bytes]) -> None:
        """Take lines.

        Raises:
            OutputError: The temporary file cannot be written.
        """
        self._waiting += lines
        self._waiting_bytes += sum(map(len, lines))
        if self._waiting_bytes >= _RUN_BYTES:
            self._spill()

    def settle(self) -> None:
        """Sort what has come; from now on it can be read, as often as wanted, and no line be added.

        Raises:
            OutputError: The temporary file cannot be written.
        """
        if not self._runs:
            self._memory = self._ordered(self._waiting)
            self._waiting = []
            return
        self._spill()
        while len(self._runs) > 1 and (file := self._file) is not None:
            runs = self._runs
            self._file, self._runs, self._end = None, [], 0
            with file:
                for first in range(0, len(runs), _RUNS_AT_ONCE):
                    self._append(_merged(file, runs[first : first + _RUNS_AT_ONCE], self._ordered))

    def blocks(self) -> Iterator[list[bytes]]:
        """Yield the lines in order, many at a time.

        Raises:
            OutputError: The temporary file cannot be read.
        """
        if self._memory is not None:
            for start in range(0, len(self._memory), 10_000):
                yield self._memory[start : start + 10_000]
        elif self._file is not None:
            ((start, end),) = self._runs
            while start < end:
                lines, start = _block(self._file, start, end, _BLOCK_BYTES)
                yield lines

    def close(self) -> None:
        """Let go of memory and disk."""
        self._waiting, self._runs, self._memory = [], [], []
        if self._file is not None:
            self._file.close()
            self._file = None

    def _spill(self) -> None:
        lines = self._ordered(self._waiting)
        self._waiting, self._waiting_bytes = [], 0
        self._append([lines] if lines else [])

    def _append(self, blocks: Iterable[list[bytes]]) -> None:
        """Write one run behind the others."""
        import tempfile

        start = self._end
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="perezkg-")  # noqa: SIM115 - closed by `close`
            self._file.seek(start)
            for lines in blocks:
                lines.append(b"")
                self._end += self._file.write(b"\n".join(lines))
            self._file.flush()
        except OSError as error:
            raise no_room(error) from None
        if self._end > start:
            self._runs.append((start, self._end))


class LinesInOrder(SortedLines):
    """Lines of bytes, without line ends in them, that come out as they were added."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(distinct=False)
        self._ordered = _as_they_are

    def settle(self) -> None:
        """Let no line be added from now on; they can be read as often as wanted.

        Raises:
            OutputError: The temporary file cannot be written.
        """
        if not self._runs:
            super().settle()
            return
        self._spill()
        self._runs = [(0, self._end)]


def _merged(
    file: IO[bytes], runs: list[tuple[int, int]], ordered: Callable[[list[bytes]], list[bytes]]
) -> Iterator[list[bytes]]:
    """Yield the lines of sorted runs as a function orders them.

    Block by block: the lines of all blocks up to the least last line of a block are complete, and sorting them together
    is quicker than comparing them one by one (`heapq.merge`), because the sort knows runs when it sees them.
    """
    size = min(_BLOCK_BYTES, 4 * _RUN_BYTES // len(runs))
    ends = [end for _, end in runs]
    places = [start for start, _ in runs]
    heads: list[list[bytes]] = [[] for _ in runs]
    open_runs = list(range(len(runs)))
    while open_runs:
        for run in open_runs:
            if not heads[run]:
                heads[run], places[run] = _block(file, places[run], ends[run], size)
        bound = min(heads[run][-1] for run in open_runs)
        taken: list[bytes] = []
        for run in open_runs:
            head = heads[run]
            cut = bisect_right(head, bound)
            taken += head[:cut]
            del head[:cut]
        open_runs = [run for run in open_runs if heads[run] or places[run] < ends[run]]
        yield ordered(taken)


def _ordered(lines: list[bytes]) -> list[bytes]:
    lines.sort()
    return [line for line, _ in groupby(lines)]


def _sorted(lines: list[bytes]) -> list[bytes]:
    lines.sort()
    return lines


def _as_they_are(lines: list[bytes]) -> list[bytes]:
    return lines


def _block(file: IO[bytes], start: int, end: int, size: int) -> tuple[list[bytes], int]:
    """Return the whole lines from one place of a file on, at least one, and the place behind them."""
    try:
        file.seek(start)
        data = file.read(min(size, end - start))
        if not data.endswith(b"\n"):
            data += file.readline()
    except OSError as error:
        raise no_room(error) from None
    lines = data.split(b"\n")
    lines.pop()
    return lines, start + len(data)


def no_room(error: OSError) -> OutputError:
    """Return the error for a temporary file that cannot be written or read."""
    import tempfile

    return OutputError(
        f"temporary files cannot be used: {error.strerror or error}",
        path=tempfile.gettempdir(),
        hint="Set TMPDIR to a folder with more room.",
    )
