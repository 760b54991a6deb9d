"""Makes an input that ends badly smaller, as long as it ends in the same way."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, AnyStr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.case import Case


def shrunk(case: Case, fails: Callable[[Case], bool], *, seconds: float = 40) -> Case:
    """Return the smallest input found that still fails, by taking parts away.

    Args:
        case: What fails.
        fails: Tells whether an input fails in the same way.
        seconds: Of the clock, after which what is found is small enough.
    """
    end = time.monotonic() + seconds
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(case):
            if time.monotonic() > end:
                return case
            if fails(candidate):
                case, smaller = candidate, True
                break
    return case


def _smaller(case: Case) -> Iterator[Case]:
    """Yield inputs with something less, those with much less first."""
    for name in case.files:
        yield replace(case, files={key: content for key, content in case.files.items() if key != name})
    for name in case.environment:
        yield replace(case, environment={key: value for key, value in case.environment.items() if key != name})
    for size in (2, 1):
        for start in range(1, len(case.arguments) - size + 1):
            yield replace(case, arguments=case.arguments[:start] + case.arguments[start + size :])
    for number in range(len(case.answers)):
        yield replace(case, answers=case.answers[:number] + case.answers[number + 1 :])
    for content in _shorter(case.stdin):
        yield replace(case, stdin=content)
    for name, before in case.files.items():
        for content in _shorter(before):
            yield replace(case, files={**case.files, name: content})
    for number, before in enumerate(case.answers):
        for content in _shorter(before):
            yield replace(case, answers=(*case.answers[:number], content, *case.answers[number + 1 :]))
    for number, argument in enumerate(case.arguments):
        if len(argument) > 12:  # not a name or an option
            for text in _shorter(argument):
                yield replace(case, arguments=(*case.arguments[:number], text, *case.arguments[number + 1 :]))


def _shorter(content: AnyStr) -> Iterator[AnyStr]:
    """Yield text or bytes without a piece: all of it, halves, then ever smaller ones."""
    size = len(content)
    while size:
        for start in range(0, len(content), size):
            yield content[:start] + content[start + size :]
        size //= 2
