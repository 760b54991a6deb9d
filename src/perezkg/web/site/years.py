"""Dates on an axis of years: as exactly as they are told, before our era as well."""

from __future__ import annotations

import re
from math import ceil, floor

_DATE = re.compile(r"(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?")
_DAYS = 365.25
_MONTHS = 12
_TICKS = 9
_LEFT, _RIGHT = 0.0, 94.0


def year_of(date: str) -> float | None:
    """Return a date as years, with what a year has gone by; None for what is no date.

    >>> year_of("2003"), year_of("2003-07"), year_of("-0490"), year_of("soon")
    (2003.0, 2003.5, -490.0, None)
    """
    found = _DATE.match(date)
    if found is None:
        return None
    year, month, day = found[1], int(found[2] or 1), int(found[3] or 1)
    return int(year) + (month - 1) / _MONTHS + (day - 1) / _DAYS


class Axis:
    """The years from the first to the last of some dates, as percentages of a width.

    Args:
        years: Dates as years; at least one, or the axis is the years 2000 to 2001.

    Attributes:
        first: The year that it begins with.
        last: The year that it ends with.

    >>> axis = Axis([1996.5, 2008.6])
    >>> (axis.first, axis.last, axis.at(2002.5)), [tick for tick, _ in axis.ticks]
    ((1996, 2009, 50.0), [1996, 1998, 2000, 2002, 2004, 2006, 2008])
    """

    __slots__ = ("first", "last")

    def __init__(self, years: list[float]) -> None:
        self.first = floor(min(years, default=2000))
        self.last = max(ceil(max(years, default=2001)), self.first + 1)

    def at(self, year: float) -> float:
        """Return where a date stands, in percent, to two decimals."""
        return round(100 * (min(max(year, self.first), self.last) - self.first) / (self.last - self.first), 2)

    @property
    def ticks(self) -> list[tuple[int, float]]:
        """Round years, at most ten, and where they stand; none so near an end that it would be cut off."""
        step = next(
            step * 10**power
            for power in range(12)
            for step in (1, 2, 5)
            if step * 10**power * _TICKS >= self.last - self.first
        )
        start = -(-self.first // step) * step
        return [(year, self.at(year)) for year in range(start, self.last + 1, step) if _LEFT <= self.at(year) <= _RIGHT]
