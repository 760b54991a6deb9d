"""What is known to fail: expected.toml, as strict expected failures and as counts."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.suites.manifests import SUITE_TABLE, cases, missing

FILE = Path(__file__).resolve().parent / "expected.toml"
KINDS = ("engine", "refused by design", "project")
"""Whose failures there are: a library's, nobody's, perezkg's own that are still to be mended."""


@dataclass(frozen=True)
class Failure:
    """Why tests fail.

    Attributes:
        kind: One of `KINDS`.
        cause: What is done wrong by the standard's text, or why it is refused.
        tests: The tests, each as `suite: name`.
        run: Whether they are run at all; not when they never end.
    """

    kind: str
    cause: str
    tests: tuple[str, ...]
    run: bool


@cache
def failures() -> tuple[Failure, ...]:
    """Return what the file lists."""
    return tuple(
        Failure(
            entry["kind"],
            entry["cause"],
            tuple(f"{suite}: {name}" for suite, names in entry["tests"].items() for name in names),
            entry.get("run", True),
        )
        for entry in tomllib.loads(FILE.read_text(encoding="utf-8"))["failure"]
    )


@cache
def failure_of() -> dict[str, Failure]:
    """Return the failure that each listed test has."""
    return {test: failure for failure in failures() for test in failure.tests}


def parameters(suite: str) -> list[Any]:
    """Return the cases of a suite for `pytest.mark.parametrize`; one that is skipped when the suite is not here."""
    if reason := missing(suite):
        return [pytest.param(None, id="missing", marks=pytest.mark.skip(reason=reason))]
    known = failure_of()
    return [
        pytest.param(case, id=name, marks=_marks(known.get(f"{suite}: {name}"))) for name, case in cases(suite).items()
    ]


def _marks(failure: Failure | None) -> list[pytest.MarkDecorator]:
    if failure is None:
        return []
    return [pytest.mark.xfail(reason=f"{failure.kind}: {failure.cause}", run=failure.run, strict=True)]


def figures() -> list[tuple[str, str]]:
    """Return for each suite its title and how many of its tests pass and fail; "" for one that is not here."""
    return [(row.title, "" if missing(suite) else _figure(suite)) for suite, row in SUITE_TABLE.items()]


def _figure(suite: str) -> str:
    known = failure_of()
    found = Counter(known[test].kind for name in cases(suite) if (test := f"{suite}: {name}") in known)
    told = "".join(f", {found[kind]} {kind}" for kind in KINDS if found[kind])
    return f"{len(cases(suite)) - found.total()} of {len(cases(suite))}{told}"
