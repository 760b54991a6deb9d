"""How the time of some work grows with the data, compared with how its answer grows; tests ask it of queries and rules.

The data are the shipped life several times over (`tests.clones`), which share nothing but the concepts. What is asked
about no single life has an answer that grows with their number, or counts all of them; what is asked about one still
has to be found among all. So the time may grow as the answer and its sorting or as the data, whichever grows more.
What looks through all lives for each life grows as the square of their number, and answers no more by it.

Times are those of the processor, and only exponents are compared: 1 is twice the time for twice the lives. What the
work takes with no life at all, for the most part the planning of a query, is taken off, and what is left is not
measured more finely than that, nor than a millisecond, because noise would decide there. Lives are measured in turns: a
machine that is busy for a while slows all of them, and the shortest of the turns has least of its noise. Noise does not
come back, a fault does, so it has to be there in each of four tries, with more turns each time.
"""

from __future__ import annotations

import math
import time
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SLACK = 0.3
"""By how much the exponent of the time may pass that of the answer or data."""

_NOISE = 0.001
_TURNS = (3, 5, 9, 15)


def excess(work: Callable[[int], int], lives: Sequence[int]) -> list[str]:
    """Return where the time of some work grows faster than its answer and the data; empty when nowhere.

    Args:
        work: Does it over a number of lives, 0 among them, and returns the size of its answer.
        lives: The numbers of lives, the smallest first.
    """
    found: list[str] = []
    for turns in _TURNS:
        found = _excess(work, lives, turns)
        if not found:
            break
    return found


def _excess(work: Callable[[int], int], lives: Sequence[int], turns: int) -> list[str]:
    answers = {number: work(number) for number in (0, *lives)}  # what is done once is done now
    taken: dict[int, list[float]] = {number: [] for number in answers}
    for _ in range(turns):
        for number in answers:
            begun = time.process_time()
            work(number)
            taken[number].append(time.process_time() - begun)
    least = min(taken[0])
    beyond = {number: max(min(taken[number]) - least, least, _NOISE) for number in lives}
    found = []
    for few, many in combinations(lives, 2):
        allowed = max(1.0, _exponent(_sorting(answers[few]), _sorting(answers[many]), many / few)) + SLACK
        exponent = _exponent(beyond[few], beyond[many], many / few)
        if exponent > allowed:
            times = f"{beyond[few] * 1000:.1f} and {beyond[many] * 1000:.1f} ms"
            found.append(f"{few} and {many} lives: {times}, exponent {exponent:.2f}, allowed {allowed:.2f}")
    return found


def _exponent(small: float, large: float, factor: float) -> float:
    return math.log(large / small, factor)


def _sorting(rows: int) -> float:
    """Return how much work it is to put so many rows in their order, which every query does."""
    return max(rows, 1) * math.log2(max(rows, 2))
