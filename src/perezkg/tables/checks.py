"""What a row lacks, what its columns disagree in, and what is kept of it as a comment."""

from __future__ import annotations

import re
from decimal import Decimal

from perezkg.tables.cells import CellError, clean, seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from perezkg.tables.columns import Columns
    from perezkg.tables.contests import Athlete
    from perezkg.tables.findings import Findings
    from perezkg.tables.preset import Check, Preset
    from perezkg.tables.statements import Read

_WHOLE_DATE = len("1988-06-11")


class Checks:
    """Looks at rows, and tells what a careful reader would ask about.

    Args:
        preset: Which columns must agree, and which are kept.
        columns: Of the table.
        file: Its name.
        findings: Where to tell.
    """

    def __init__(self, preset: Preset, columns: Columns, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._checks = [
            (check, [columns.index(name) for name in check.columns])
            for check in preset.checks
            if set(check.columns) <= set(columns.names)
        ]
        self._attempts = [[columns.index(name) for name in part.attempts] for part in preset.parts]
        self._notes = [(name, columns.index(name)) for name in preset.notes if name in columns.names]
        self._no_mark = "total" if preset.parts else "no-mark"
        self._wind, self._rank, self._birth = (name in columns.has for name in ("wind", "rank", "birth"))
        self.of_columns = bool(self._checks or self._attempts or self._notes)

    def lacking(self, wind: str, rank: str, read: Read, status: str, person: Athlete | None, line: int) -> None:
        """Note what a row lacks of what its table has a column for."""
        if not wind and self._wind:
            self._add("no-wind", line)
        if not status:
            if not rank and self._rank:
                self._add("no-place", line)
            if not read.number:
                self._add(self._no_mark, line)
        if self._birth and person is not None and len(person.birth) < _WHOLE_DATE:
            self._add("birth-short", line, person.birth)
        if read.note and "note-estimated" in read.note:
            self._add("estimated", line, read.notation)

    def _add(self, kind: str, line: int, text: str = "") -> None:
        self._findings.add(kind, f"{self._file}:{line}", text)

    def status(self, cells: list[str], line: int, status: str, *, has_mark: bool) -> str:
        """Note columns that disagree; return the status, which failed attempts may tell."""
        for check, indexes in self._checks:
            try:
                numbers = [_number(clean(cells[index])) for index in indexes]
            except CellError as error:
                self._add("disagree", line, str(error))
                continue
            if not _agree(check, numbers):
                told = ", ".join(f"{name} {cells[index]}" for name, index in zip(check.columns, indexes, strict=True))
                self._add("disagree", line, told)
        if not has_mark and any(tried and not any_good(cells[n] for n in tried) for tried in self._attempts):
            return status or "no-mark"
        return status

    def comment(self, cells: list[str], line: int) -> str:
        """Return what is kept of a row."""
        told = [f"{column}: {clean(cells[index])}" for column, index in self._notes if clean(cells[index])]
        for one in told:
            self._add("note", line, one)
        return "; ".join(told)


def any_good(attempts: Iterable[str]) -> bool:
    """Tell whether one of several attempts was good: the others are negative, zero or empty."""
    return any(clean(attempt)[:1].isdigit() and clean(attempt) != "0" for attempt in attempts)


def _number(text: str) -> Decimal:
    """Return the number in a cell that is compared with others; a failed attempt is negative."""
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else seconds(text)


def _agree(check: Check, numbers: list[Decimal]) -> bool:
    if check.kind == "same":
        return len(set(numbers)) == 1
    if check.kind == "sum":
        return numbers[0] in (0, sum(numbers[1:]))
    return bool(numbers[0] == max(0, *numbers[1:]))
