"""How the time of some work grows with the data, compared with how its answer grows; tests ask it of queries and rules.

The data are the shipped life several times over (`tests.clones`), which share nothing but the concepts. What is asked
about no single life has an answer that grows with their number, or counts all of them; what is asked about one still
has to be found among all. So the time may grow as the answer and its sorting or as the data, whichever grows more.
What looks through all lives for each life grows as the square of their number, and answers no more by it.

Times are those of the processor, and only exponents are compared: 1 is twice the time for twice the lives. What the
work takes with no life at all, for the most part the planning of a query, is taken off, and what is left is not
measured more finely than that, nor than a millisecond, because noise would decide there. Lives are measured in turns: a
machine that is busy for a while slows all of them, and the shortest of the turns has least of its noise. Much data
outgrow the caches of the processor, the sooner the more its neighbours work: so a plain join over the same data is
measured in the same turns, and what grows no faster than that is no fault. Noise does not come back, a fault does, so
it has to be there in each of four tries, with more turns each time.
"""

from __future__ import annotations

import math
import time
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from pyoxigraph import QuerySolutions

from perezkg.vocabulary import SPORT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyoxigraph import Store

    Work = Callable[[int], int]
    Stores = Callable[[int], Store]

SLACK = 0.3
"""By how much the exponent of the time may pass that of the answer or data."""

_NOISE = 0.001
_TURNS = (3, 5, 9, 15)
# It looks up one thing after the other, as queries and rules do.
_PLAIN = f"SELECT (COUNT(?value) AS ?number) WHERE {{ ?result a <{SPORT}Participation> . ?result ?property ?value }}"


def excess(work: Work, lives: Sequence[int], store: Stores | None = None) -> list[str]:
    """Return where the time of some work grows faster than its answer and the data; empty when nowhere.

    Args:
        work: Does it over a number of lives, 0 among them, and returns the size of its answer.
        lives: The numbers of lives, the smallest first.
        store: Returns that number of lives, if the work asks them.
    """
    found: list[str] = []
    for turns in _TURNS:
        found = _excess(work, lives, store, turns)
        if not found:
            break
    return found


def _excess(work: Work, lives: Sequence[int], store: Stores | None, turns: int) -> list[str]:
    answers = {number: work(number) for number in (0, *lives)}  # what is done once is done now
    taken: dict[int, list[float]] = {number: [] for number in answers}
    plain: dict[int, list[float]] = {number: [] for number in lives}
    for _ in range(turns):
        for number in answers:
            taken[number].append(_time(partial(work, number)))
        if store:
            for number in lives:
                plain[number].append(_time(partial(_join, store(number))))
    least = min(taken[0])
    beyond = {number: max(min(taken[number]) - least, least, _NOISE) for number in lives}
    found = []
    for few, many in combinations(lives, 2):
        answering = _exponent(_sorting(answers[few]), _sorting(answers[many]), many / few)
        joining = _exponent(min(plain[few]), min(plain[many]), many / few) if store else 1.0
        allowed = max(1.0, answering, joining) + SLACK
        exponent = _exponent(beyond[few], beyond[many], many / few)
        if exponent > allowed:
            times = f"{beyond[few] * 1000:.1f} and {beyond[many] * 1000:.1f} ms"
            found.append(f"{few} and {many} lives: {times}, exponent {exponent:.2f}, allowed {allowed:.2f}")
    return found


def _join(store: Store) -> int:
    solutions = store.query(_PLAIN)
    assert isinstance(solutions, QuerySolutions)
    return len(list(solutions))


def _time(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _exponent(small: float, large: float, factor: float) -> float:
    return math.log(large / small, factor)


def _sorting(rows: int) -> float:
    """Return how much work it is to put so many rows in their order, which every query does."""
    return max(rows, 1) * math.log2(max(rows, 2))
