"""Survivors and the reasons why they are no faults, or none that shapes can see."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.mutation.campaign import Verdict
    from tests.mutation.mutants import Mutant

REASONS = Path(__file__).with_name("survivors.toml")
_KEYS = frozenset(("operator", "property", "kind", "variant", "pattern", "reason"))


@dataclass(slots=True)
class Reason:
    """Why some mutants may live.

    Attributes:
        text: The reason, a sentence.
        operators: The operators that it is about.
        properties: The properties, as prefixed names; none means any.
        kinds: The classes of the changed node, without prefix; none means any.
        variants: The variants of the operator; none means any.
        pattern: What the text of the mutant must contain.
        survivors: The mutants that it was needed for.
    """

    text: str
    operators: tuple[str, ...]
    properties: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    pattern: str = ""
    survivors: list[Mutant] = field(default_factory=list)

    def covers(self, mutant: Mutant) -> bool:
        """Return whether this reason is about a mutant."""
        return (
            mutant.operator in self.operators
            and (not self.properties or mutant.property in self.properties)
            and (not self.kinds or mutant.kind in self.kinds)
            and (not self.variants or mutant.variant in self.variants)
            and bool(re.search(self.pattern, str(mutant)))
        )


def read_reasons(path: Path = REASONS) -> list[Reason]:
    """Return the reasons of a file.

    Raises:
        ValueError: An entry has an unknown key, or lacks its operator or its reason.
    """
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("survivors", [])
    return [_reason(entry) for entry in entries]


def uncovered(verdicts: Iterable[Verdict], reasons: list[Reason]) -> list[Mutant]:
    """Give each survivor to the first reason that covers it; return those that none covers."""
    left = []
    for mutant, found, _ in verdicts:
        if found is None:
            reason = next((reason for reason in reasons if reason.covers(mutant)), None)
            if reason is None:
                left.append(mutant)
            else:
                reason.survivors.append(mutant)
    return left


def _reason(entry: dict[str, Any]) -> Reason:
    if not {"operator", "reason"} <= entry.keys() <= _KEYS:
        raise ValueError(f"an entry has an operator and a reason, and nothing but {sorted(_KEYS)}: {entry}")
    return Reason(
        text=entry["reason"],
        operators=_many(entry["operator"]),
        properties=_many(entry.get("property", [])),
        kinds=_many(entry.get("kind", [])),
        variants=_many(entry.get("variant", [])),
        pattern=entry.get("pattern", ""),
    )


def _many(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
