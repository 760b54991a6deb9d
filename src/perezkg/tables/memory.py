"""What an import remembers over all its tables: hashes in arrays, and on disk what is compared at the end."""

from __future__ import annotations

import tempfile
from array import array
from collections import defaultdict
from hashlib import blake2b
from itertools import groupby
from struct import Struct
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO, TypeVar

    _Key = TypeVar("_Key")
    _Value = TypeVar("_Value")

_CACHED = 1 << 13
_FEWEST = 1 << 12
_PARTS = 32
_BYTES_OF_A_ROW = 64
_LOW_BITS = 0x7FFFFFFF


def kept(cache: dict[_Key, _Value], key: _Key, value: _Value, most: int = _CACHED) -> _Value:
    """Keep what was read; a cache that has the most that it may have is emptied, so that it stays small."""
    if len(cache) >= most:
        cache.clear()
    cache[key] = value
    return value


def digest(text: str) -> int:
    """Return a number of 64 bits for a text; it is the same in each run, as `hash` is not."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


class Hashes:
    """A set of hashes, each with 31 bits of another beside it, in 16 to 32 bytes, where Python's own takes a hundred.

    >>> seen = Hashes()
    >>> seen.add(hash("a")), seen.add(hash("a"))
    (True, False)
    >>> seen.held(hash("b"), 7), seen.held(hash("b"), 8), seen.held(hash("b"), 7)
    (None, False, True)

    Args:
        expected: About how many there will be, so that it need not grow.
    """

    def __init__(self, expected: int = 0) -> None:
        self._clear(max(_FEWEST, expected * 4 // 3))

    def _clear(self, places: int) -> None:
        self._places = places
        self._keys = array("q", [0]) * places
        self._values = array("i", [0]) * places
        self._room = places * 3 // 4

    def add(self, key: int) -> bool:
        """Add a hash, and return whether it was new."""
        return self.held(key, 1) is None

    def held(self, key: int, value: int) -> bool | None:
        """Return whether this value stands beside a hash; a new one is added with its value, and None returned."""
        keys, places, value = self._keys, self._places, value & _LOW_BITS
        place = key % places
        while found := keys[place]:
            if found == key:
                return self._values[place] == value
            place = (place + 1) % places
        keys[place] = key or 1
        self._values[place] = value
        self._room -= 1
        if not self._room:
            self._grow()
        return None

    def _grow(self) -> None:
        keys, values = self._keys, self._values
        self._clear(2 * len(keys))
        for key, value in zip(keys, values, strict=True):
            if key:
                self.held(key, value)


class Ranked(NamedTuple):
    """A rank in a contest.

    Attributes:
        contest: Its digest.
        rank: The rank.
        value: Of the mark, smaller when it is better; infinite if there is none.
        shared: Whether the rank stands for those without a medal, so that many share it.
        file: The number of the table.
        line: Of the row.
    """

    contest: int
    rank: int
    value: float
    shared: bool
    file: int
    line: int


class Ranks:
    """The ranks in all contests, on disk, in parts that fit into memory one at a time."""

    _RECORD = Struct("<qid?HI")

    def __init__(self) -> None:
        self._files: list[IO[bytes]] = [tempfile.TemporaryFile() for _ in range(_PARTS)]  # noqa: SIM115 - see `close`
        self._writers = [file.write for file in self._files]
        self._labels: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115

    def name(self, contest: int, label: str) -> None:
        """Note how a contest is called."""
        self._labels.write(f"{contest}\t{label}\n")

    def names(self, contests: set[int]) -> dict[int, str]:
        """Return how contests are called."""
        self._labels.seek(0)
        rows = (line[:-1].partition("\t") for line in self._labels)
        return {int(contest): label for contest, _, label in rows if int(contest) in contests}

    def add(self, contest: int, rank: int, value: float, shared: bool, file: int, line: int) -> None:  # noqa: FBT001 - as in `Ranked`
        """Add a rank; see `Ranked`."""
        self._writers[contest % _PARTS](self._RECORD.pack(contest, rank, value, shared, file, line))

    def contests(self) -> Iterator[list[Ranked]]:
        """Yield the ranks of one contest after another, the best first."""
        for file in self._files:
            file.seek(0)
            ranked = sorted(self._RECORD.iter_unpack(file.read()))
            for _, rows in groupby(ranked, lambda row: row[0]):
                yield [Ranked(*row) for row in rows]

    def close(self) -> None:
        """Let go of the files."""
        self._labels.close()
        for file in self._files:
            file.close()


class Buckets:
    """Lines of text on disk, in parts by a digest: those of one come back together."""

    def __init__(self) -> None:
        self._files: list[IO[str]] = [
            tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - see `close`
            for _ in range(_PARTS)
        ]

    def add(self, value: int, line: str) -> None:
        """Add a line under a digest."""
        self._files[value % _PARTS].write(line)

    def groups(self) -> Iterator[tuple[str, list[list[str]]]]:
        """Yield the cells of the lines by their first cell."""
        for file in self._files:
            file.seek(0)
            found: defaultdict[str, list[list[str]]] = defaultdict(list)
            for line in file:
                key, *rest = line[:-1].split("\t")
                found[key].append(rest)
            yield from sorted(found.items())

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            file.close()


class Memory:
    """What is remembered over all tables of an import: which results there were, and what is to be compared.

    Args:
        size: How many bytes the tables have.
    """

    def __init__(self, size: int = 0) -> None:
        self.results = Hashes(size // _BYTES_OF_A_ROW)
        self.rows = Hashes()
        self.athletes = Hashes()
        self.ranks = Ranks()
        self.names = Buckets()

    def close(self) -> None:
        """Let go of what waits on disk."""
        self.ranks.close()
        self.names.close()
