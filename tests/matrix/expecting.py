"""The committed expectations: which answers differ because an engine errs, and which literals it damages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import Literal
    from tests.matrix.answers import Answers

FILE = Path(__file__).resolve().parent / "expected.toml"


@dataclass(frozen=True)
class Fault:
    """Something that an engine does wrong.

    Attributes:
        engine: Its name.
        cases: The cases whose answers differ for it.
        literals: The literals that do not come back as they were sent, in N-Triples.
        reason: What the engine does.
        standard: What the standard says: document, section, words.
    """

    engine: str
    cases: tuple[str, ...]
    literals: tuple[str, ...]
    reason: str
    standard: str


def faults() -> list[Fault]:
    """Return what the file lists."""
    listed = tomllib.loads(FILE.read_text(encoding="utf-8")).get("fault", [])
    return [
        Fault(
            fault["engine"],
            tuple(fault.get("cases", ())),
            tuple(fault.get("literals", ())),
            fault["reason"],
            fault["standard"],
        )
        for fault in listed
    ]


def surprises(engine: str, answers: Answers) -> list[str]:
    """Return what is not as expected: differences that are not listed, and listed ones that are gone."""
    own = [fault for fault in faults() if fault.engine == engine]
    cases = {case for fault in own for case in fault.cases} & answers.differences.keys()
    literals = {text for fault in own for text in fault.literals}
    differing = {case: text for case, text in answers.differences.items() if text}
    damaged = {spelled(literal): came for literal, came in answers.damaged.items()}
    return [
        *(f"{case}: {text}" for case, text in differing.items() if case not in cases),
        *(f"{case}: is equal, and listed as different" for case in sorted(cases - set(differing))),
        *(f"{text} comes back as {came}" for text, came in damaged.items() if text not in literals),
        *(f"{text} comes back as it was sent, and is listed as damaged" for text in sorted(literals - set(damaged))),
    ]


def spelled(literal: Literal) -> str:
    """Return a literal as the file spells it."""
    return str(literal).replace("http://www.w3.org/2001/XMLSchema#", "xsd:").replace("<", "").replace(">", "")
