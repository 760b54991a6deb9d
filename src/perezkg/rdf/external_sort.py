"""Lines in byte order, each once, however many: what does not fit into memory is sorted in pieces on disk.

The disk is that of temporary files (`TMPDIR` chooses it). The files have no name, or lose it when they are closed: they
are gone however the process ends.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import groupby

from perezkg.errors import OutputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

# Of lines that wait in memory: few enough to be sorted near the processor, many enough for few runs.
_RUN_BYTES = 8 << 20
_BLOCK_BYTES = 1 << 20
# Of as many, blocks that are worth a seek together fit into memory: 64 KiB of each, 32 MiB.
_RUNS_AT_ONCE = 512


class SortedLines:
    """Lines of bytes, without line ends in them, in any order and repeated; they come out sorted and each once.

    Args:
        run_bytes: How many bytes of lines wait in memory before they are sorted and written to disk.
    """

    __slots__ = ("_end", "_file", "_memory", "_run_bytes", "_runs", "_waiting", "_waiting_bytes")

    def __init__(self, run_bytes: int = _RUN_BYTES) -> None:
        self._run_bytes = run_bytes
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
        if self._waiting_bytes >= self._run_bytes:
            self._spill()

    def settle(self) -> None:
        """Sort what has come; from now on it can be read, as often as wanted, and no line be added.

        Raises:
            OutputError: The temporary file cannot be written.
        """
        if not self._runs:
            self._memory = _ordered(self._waiting)
            self._waiting = []
            return
        self._spill()
        while len(self._runs) > 1:
            runs, file = self._runs, self._file
            self._file, self._runs, self._end = None, [], 0
            try:
                if file is not None:
                    for first in range(0, len(runs), _RUNS_AT_ONCE):
                        self._append(_merged(file, runs[first : first + _RUNS_AT_ONCE]))
            finally:
                if file is not None:
                    file.close()

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
        lines = _ordered(self._waiting)
        self._waiting, self._waiting_bytes = [], 0
        self._append(iter([lines] if lines else []))

    def _append(self, blocks: Iterator[list[bytes]]) -> None:
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


def _merged(file: IO[bytes], runs: list[tuple[int, int]]) -> Iterator[list[bytes]]:
    """Yield the lines of sorted runs in order and each once.

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
        yield _ordered(taken)


def _ordered(lines: list[bytes]) -> list[bytes]:
    lines.sort()
    return [line for line, _ in groupby(lines)]


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
