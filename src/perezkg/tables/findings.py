"""What a reader of an imported table should know: what is missing, contradicts itself, or may be merged wrongly."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from math import inf

from perezkg.words import folded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from perezkg.tables.memory import Ranked, Ranks

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


def compared_ranks(ranks: Ranks, findings: Findings, files: Sequence[str], *, complete: bool) -> None:
    """Find contests whose ranks contradict their marks, or that have no first place.

    Args:
        ranks: All of them.
        findings: Where to tell.
        files: The tables, by their numbers.
        complete: Whether they list whole rankings.
    """
    found: list[tuple[str, Ranked]] = []
    for rows in ranks.contests():
        wrong = _contradiction([row for row in rows if row.value != inf])
        if wrong is not None:
            found.append(("ranks", wrong))
        elif complete and rows[0].rank != 1:
            found.append(("no-first", min(rows, key=lambda row: (row.file, row.line))))
    names = ranks.names({row.contest for _, row in found})
    for kind, row in sorted(found, key=lambda told: (told[1].file, told[1].line)):
        name = names[row.contest]
        told = f"{name}, rank {row.rank}" if kind == "ranks" else name
        findings.add(kind, f"{files[row.file]}:{row.line}", told)


def _contradiction(rows: list[Ranked]) -> Ranked | None:
    """Return a row that is better than one with a better rank, or that shares a rank without sharing the mark."""
    for before, after in pairwise(rows):
        if after.value < before.value or (
            after.rank == before.rank and after.value != before.value and not after.shared
        ):
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
    return " ".join(sorted("".join(c if c.isalnum() else " " for c in folded(name)).split()))
