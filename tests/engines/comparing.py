"""The same queries to Oxigraph, rdflib and, where it is here, Jena: what they say otherwise, and who stands alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, cast

from pyoxigraph import Literal
from tests.engines import asking
from tests.engines.generating import query
from tests.matrix import in_process

from perezkg.sparql.differences import ENGINE_TITLES, differing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.engines.asking import Answer
    from tests.suites.comparing import Term


class Comparison(NamedTuple):
    """What was compared.

    Attributes:
        counts: How many queries ended how.
        told: How many differences a row of the table tells.
        surprises: The differences that no row tells, as text.
    """

    counts: Counter[str]
    told: Counter[str]
    surprises: list[str]


def compare(seed: int, numbers: Iterable[int], *, jena: bool = False) -> Comparison:
    """Ask the queries that belong to a seed, and compare the answers.

    What an engine does not answer, or not in time, is counted and is no difference: it says so by itself.
    """
    data = asking.graph()
    counts: Counter[str] = Counter()
    asked: dict[int, dict[str, Answer]] = {}
    for number in numbers:
        text = query(seed, number)
        answers = {engine: asking.ask(data, text, engine) for engine in ENGINE_TITLES}
        asked[number] = answers
    if jena:
        # What DESCRIBE holds is up to the engine; perezkg has both of its own say the same.
        texts = {number: text for number in asked if "DESCRIBE" not in (text := query(seed, number))}
        for number, answer in zip(texts, asking.ask_jena(list(texts.values())), strict=True):
            asked[number]["jena"] = answer
    told: Counter[str] = Counter()
    surprises = []
    for number, answers in asked.items():
        for engine, answer in answers.items():
            if answer.kind in ("error", "slow"):
                counts[f"{engine}: {answer.kind}"] += 1
        sound = {engine: answer for engine, answer in answers.items() if answer.kind not in ("error", "slow")}
        counts["compared" if len(sound) > 1 else "not compared"] += 1
        counts["with rows"] += any(answer.text and not answer.text.startswith("0 rows") for answer in sound.values())
        wrong = departing(sound)
        if not wrong:
            continue
        rows = {row for engine in wrong for row in differing(query(seed, number), engine)}
        told.update(row.what for row in rows)
        if not rows and wrong != ["jena"]:
            surprises.append(_told(seed, number, sound))
        counts["Jena alone"] += wrong == ["jena"]
    return Comparison(counts, told, surprises)


def departing(answers: Mapping[str, Answer]) -> list[str]:
    """Return the engines that say something else than most; all where no two agree."""
    agreeing = {engine: sum(_alike(one, other) for other in answers.values()) for engine, one in answers.items()}
    most = max(agreeing.values(), default=0)
    first = next((one for engine, one in answers.items() if agreeing[engine] == most), None)
    return [engine for engine, one in answers.items() if len(answers) > most and (most == 1 or not _alike(one, first))]


def _alike(one: Answer, other: Answer | None) -> bool:
    if other is None or one[:2] != other[:2]:
        return False
    return one.order is None or other.order is None or one.order == other.order


def first_cell(answer: Answer) -> str | None:
    """Return what the first cell of an answer holds; the answer itself when it is true or false."""
    if answer.kind == "truth":
        return str(answer.content).lower()
    assert answer.kind == "rows", answer
    _, rows = cast("tuple[list[str], Counter[tuple[Term | None, ...]]]", answer.content)
    term = next(iter(rows))[0]
    return term.value if isinstance(term, Literal) else None


def _told(seed: int, number: int, answers: Mapping[str, Answer]) -> str:
    said = "\n".join(f"  {engine}: {answer.text[:600]}" for engine, answer in answers.items())
    return f"--seed {seed} --number {number}\n{query(seed, number)}\n{said}"


def jena_is_here() -> bool:
    """Return whether tests/matrix/install has put Jena where it can be asked."""
    return in_process.missing("arq") is None
