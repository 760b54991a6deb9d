"""What a reader of an imported table should know: what is missing, contradicts itself, or may be merged wrongly.

What is compared across a whole table waits on disk, in parts that fit into memory one at a time.
"""

from __future__ import annotations

import tempfile
import unicodedata
from array import array
from collections import Counter, defaultdict
from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import IO

KINDS = {
    "no-wind": "wind not told",
    "no-place": "place not told",
    "no-mark": "mark not told",
    "birth-short": "date of birth short or missing",
    "estimated": "time estimated",
    "note": "cell kept as a comment",
    "disagree": "columns that disagree",
    "total": "total missing or zero, and not explained",
    "twice": "athlete twice in one contest",
    "ranks": "contest whose ranks contradict the marks",
    "no-first": "contest without a first place",
    "nations": "athlete with several nations",
    "namesakes": "athletes of one name kept apart",
}
"""What can be found, and how it is told."""

_PARTS = 16


class Hashes:
    """A set of hashes, each with another hash beside it, in 20 to 40 bytes, where Python's own takes a hundred.

    >>> seen = Hashes()
    >>> seen.add(hash("a")), seen.add(hash("a"))
    (True, False)
    >>> seen.held(hash("b"), 7), seen.held(hash("b"), 8)
    (None, 7)
    """

    def __init__(self) -> None:
        self._mask = (1 << 12) - 1
        self._keys = array("q", bytes(8 * (self._mask + 1)))
        self._values = array("q", bytes(8 * (self._mask + 1)))
        self._room = self._mask * 3 // 4

    def add(self, key: int) -> bool:
        """Add a hash, and return whether it was new."""
        return self.held(key, 1) is None

    def held(self, key: int, value: int) -> int | None:
        """Return what stands beside a hash; if it is new, add it with this value and return None."""
        keys, mask = self._keys, self._mask
        place = (key ^ (key >> 29)) & mask
        while found := keys[place]:
            if found == key:
                return self._values[place]
            place = (place + 1) & mask
        keys[place] = key or 1
        self._values[place] = value
        self._room -= 1
        if not self._room:
            self._grow()
        return None

    def _grow(self) -> None:
        keys, values = self._keys, self._values
        self._mask = self._mask * 2 + 1
        self._keys = array("q", bytes(8 * (self._mask + 1)))
        self._values = array("q", bytes(8 * (self._mask + 1)))
        self._room = self._mask * 3 // 4
        for key, value in zip(keys, values, strict=True):
            if key:
                self.held(key, value)


class Buckets:
    """Lines of text on disk, in parts by a hash: those of one hash come back together."""

    def __init__(self) -> None:
        self._files: list[IO[str]] = [
            tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - see `close`
            for _ in range(_PARTS)
        ]
        self.writers: list[Callable[[str], int]] = [file.write for file in self._files]

    def add(self, value: int, line: str) -> None:
        """Add a line under a hash."""
        self.writers[value % _PARTS](line)

    def groups(self) -> Iterator[tuple[str, list[list[str]]]]:
        """Yield the cells of the lines by their first cell; the files are gone afterwards."""
        for file in self._files:
            file.seek(0)
            found: defaultdict[str, list[list[str]]] = defaultdict(list)
            for line in file:
                key, *rest = line[:-1].split("\t")
                found[key].append(rest)
            yield from sorted(found.items())
            file.close()

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            file.close()


class Findings:
    """What was found, counted by its kind, and told line by line where somebody listens."""

    def __init__(self, tell: Callable[[str], None] | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self._tell = tell

    def add(self, kind: str, place: str, text: str = "") -> None:
        """Note what was found, at a place `file:line`."""
        self.counts[kind] += 1
        if self._tell is not None:
            self._tell(f"{place}: {KINDS[kind]}{f': {text}' if text else ''}\n")


def compared_ranks(groups: Iterable[tuple[str, list[list[str]]]], findings: Findings, complete: set[str]) -> None:
    """Find contests whose ranks contradict their marks, or that have no first place.

    Args:
        groups: By contest: file, line, rank, value; a value with < before it is better when it is smaller, and a rank
            with ~ behind it is one that many share: no medal.
        findings: Where to tell.
        complete: The files that list whole rankings.
    """
    for contest, rows in groups:
        ranked = []
        for file, line, rank, value in rows:
            if rank not in ("", "~") and len(value) > 1:
                number = float(value[1:])
                better = number if value[0] == "<" else -number
                ranked.append((int(rank.rstrip("~")), better, rank.endswith("~"), file, line))
        ranked.sort()
        first = f"{rows[0][0]}:{rows[0][1]}"
        wrong = _contradiction(ranked)
        if wrong is not None:
            findings.add("ranks", f"{wrong[3]}:{wrong[4]}", f"{contest}, rank {wrong[0]}")
        elif rows[0][0] in complete and _lacks_first([rank.rstrip("~") for _, _, rank, _ in rows if rank.rstrip("~")]):
            findings.add("no-first", first, contest)


def _lacks_first(ranks: list[str]) -> bool:
    return bool(ranks) and "1" not in ranks


def _contradiction(ranked: list[tuple[int, float, bool, str, str]]) -> tuple[int, float, bool, str, str] | None:
    """Return a row that is better than one with a better rank, or that shares a rank without sharing the mark."""
    for before, after in pairwise(ranked):
        if after[1] < before[1] or (after[0] == before[0] and after[1] != before[1] and not after[2]):
            return after
    return None


def compared_athletes(groups: Iterable[tuple[str, list[list[str]]]], findings: Findings) -> None:
    """Find athletes with several nations, and those of one name that were kept apart.

    Args:
        groups: By the bare name and the sex: file, line, node, name, birth, nation.
        findings: Where to tell.
    """
    for _, rows in groups:
        nodes: defaultdict[str, list[list[str]]] = defaultdict(list)
        for row in rows:
            nodes[row[2]].append(row)
        for of_one in nodes.values():
            nations = sorted({row[5] for row in of_one} - {""})
            if len(nations) > 1:
                file, line, _, name, birth, _ = of_one[-1]
                findings.add("nations", f"{file}:{line}", f"{name}{birth and f' ({birth})'}, {', '.join(nations)}")
        if len(nodes) > 1:
            told = "; ".join(f"{of_one[0][3]} ({of_one[0][4] or '–'})" for of_one in nodes.values())
            file, line = rows[-1][:2]
            findings.add("namesakes", f"{file}:{line}", told)


def bare(name: str) -> str:
    """Return what is left of a name without accents, signs, capitals and the order of its words.

    >>> bare("Anișoara CUȘMIR"), bare("Cușmir-Stanciu, Anişoara")
    ('anisoara cusmir', 'anisoara cusmir stanciu')
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(sorted("".join(c if c.isalnum() else " " for c in plain).split()))
