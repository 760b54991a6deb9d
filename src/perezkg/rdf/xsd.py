"""Values of XML Schema 1.1: whether a text is one of a datatype's lexical forms, and which of two values is the less.

Source: W3C XML Schema Definition Language (XSD) 1.1 Part 2: Datatypes, https://www.w3.org/TR/xmlschema11-2/. As RDF 1.1
has it (Concepts, 5.3), white space around a value makes it ill-typed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import copysign, inf, isnan
from struct import pack, unpack

from perezkg.rdf.terms import INTEGERS
from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    _Value: TypeAlias = tuple[str, str]  # its lexical form, and the IRI of its datatype

NAME_START = ":A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
NAME_START += "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
"""The characters that a Name begins with, for a class of `re` (Extensible Markup Language 1.0, 2.3)."""

NAME_CHARACTERS = NAME_START + "\\-.0-9\xb7\u0300-\u036f\u203f\u2040"
"""The characters of a Name."""

_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = (
    r"(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9](?:\.[0-9]+)?)"
    r"|(?P<end>24:00:00(?:\.0+)?))"
)
_NEEDED = r"(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_ZONE = _NEEDED + "?"
_MONTHS = r"(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?"
_CLOCK = r"(?:T(?=.)(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
_SIGN = r"(?P<sign>-?)P(?=.)"
_DOUBLE = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_MOMENTS = {
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_NEEDED}",
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "time": f"{_TIME}{_ZONE}",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
    "gDay": f"---{_DAY}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
}
_DURATIONS = {
    "duration": f"{_SIGN}{_MONTHS}(?:(?P<days>[0-9]+)D)?{_CLOCK}",
    "yearMonthDuration": f"{_SIGN}{_MONTHS}",
    "dayTimeDuration": f"{_SIGN}(?:(?P<days>[0-9]+)D)?{_CLOCK}",
}
_B64 = "[A-Za-z0-9+/] ?"
_FORMS = {
    **_MOMENTS,
    **_DURATIONS,
    "boolean": "true|false|1|0",
    "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    "double": _DOUBLE,
    "float": _DOUBLE,
    "hexBinary": "(?:[0-9a-fA-F]{2})*",
    "base64Binary": (
        f"(?:(?:(?:{_B64}){{4}})*(?:(?:{_B64}){{3}}[A-Za-z0-9+/]|(?:{_B64}){{2}}[AEIMQUYcgkosw048] ?="
        f"|{_B64}[AQgw] ?= ?=))?"
    ),
    "normalizedString": r"[^\t\n\r]*",
    "token": r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?",
    "language": "[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    "Name": f"[{NAME_START}][{NAME_CHARACTERS}]*",
    "NMTOKEN": f"[{NAME_CHARACTERS}]+",
    "NCName": f"[{NAME_START[1:]}][{NAME_CHARACTERS[1:]}]*",
    **dict.fromkeys((name.removeprefix(XSD) for name in INTEGERS), "[+-]?[0-9]+"),
}
# The least and the greatest, where there is one.
_BITS = {"Long": 64, "Int": 32, "Short": 16, "Byte": 8}
_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{name.lower(): (-(1 << bits - 1), (1 << bits - 1) - 1) for name, bits in _BITS.items()},
    **{f"unsigned{name}": (0, (1 << bits) - 1) for name, bits in _BITS.items()},
}
# Python makes no number of more than 4,300 digits.
_LONGEST = 4000
_MOST_OF_ZONES = 14 * 3600
# The months to whose starts durations are added, to see which is the longer (XSD 1.1, 3.3.6.1).
_STARTS = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))
_SECONDS = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}


def is_well_formed(text: str, datatype: str) -> bool:
    """Return whether a text is a lexical form of a datatype; of one that XML Schema does not have, each is.

    Args:
        text: The text.
        datatype: The IRI of the datatype.

    >>> [is_well_formed(year, XSD + "gYear") for year in ("1996", "-0044", "12026", "96", "1996-02")]
    [True, True, True, False, False]
    >>> is_well_formed("2008-02-30", XSD + "date"), is_well_formed("1_000", XSD + "integer")
    (False, False)
    """
    if not datatype.startswith(XSD) or (form := _form(name := datatype.removeprefix(XSD))) is None:
        return True
    found = form.fullmatch(text)
    if found is None:
        return False
    if name in _BOUNDS:
        least, most = _BOUNDS[name]
        number = Decimal(text)
        return (least is None or least <= number) and (most is None or number <= most)
    parts = found.groupdict()
    day, month = parts.get("day"), parts.get("month")
    return not day or not month or int(day) <= _days_of_month(parts.get("year"), int(month))


def compare(left: _Value, right: _Value) -> int | None:
    """Return -1, 0 or 1 as a value is less than, equal to or greater than another; None where that cannot be told.

    Numbers of any kind are compared with one another, as are durations of any kind; others only with those of their own
    datatype. A time without a zone is less than one with a zone only if it is so in each zone.

    Args:
        left: The lexical form of a value, and the IRI of its datatype.
        right: The other.

    >>> compare(("1999", XSD + "gYear"), ("2024", XSD + "gYear"))
    -1
    >>> compare(("2.0", XSD + "decimal"), ("2", XSD + "byte")), compare(("NaN", XSD + "double"), ("1", XSD + "integer"))
    (0, None)
    """
    kind = _kind(left[1])
    if kind is None or kind != _kind(right[1]) or not all(is_well_formed(*value) for value in (left, right)):
        return None
    if kind == "string":
        return _order(left[0], right[0])
    if any(len(text) > _LONGEST for text, _ in (left, right)):
        return None
    if kind == "boolean":
        return _order(left[0] in ("true", "1"), right[0] in ("true", "1"))
    if kind == "number":
        return _compare_numbers(left, right)
    return (_compare_durations if kind == "duration" else _compare_moments)(left, right)


@cache
def _form(name: str) -> re.Pattern[str] | None:
    return re.compile(_FORMS[name], re.DOTALL) if name in _FORMS else None


def _kind(datatype: str) -> str | None:
    name = datatype.removeprefix(XSD)
    if datatype in INTEGERS or name in ("decimal", "double", "float"):
        return "number"
    if name in _DURATIONS:
        return "duration"
    if name in _MOMENTS:
        return name.removesuffix("Stamp")
    return name if name in ("string", "boolean") and datatype.startswith(XSD) else None


def _days_of_month(year: str | None, month: int) -> int:
    """Return how many days a month has; of February, 29 where no year is told."""
    # The calendar repeats itself every 400 years, and so every 10,000; year 0 is a leap year (XSD 1.1).
    number = int(year[-4:]) * (-1 if year[0] == "-" else 1) if year else 0
    return monthrange(number % 400 + 400, month)[1]


def _order(left: Any, right: Any) -> int:  # noqa: ANN401 - whatever has an order
    return int(left > right) - int(left < right)


def _compare_numbers(left: _Value, right: _Value) -> int | None:
    if any(datatype in (XSD + "double", XSD + "float") for _, datatype in (left, right)):
        one, other = _float(left), _float(right)
        return None if isnan(one) or isnan(other) else _order(one, other)
    return _order(Decimal(left[0]), Decimal(right[0]))


def _float(value: _Value) -> float:
    number = float(value[0])
    if value[1] == XSD + "float":
        try:
            (number,) = unpack("f", pack("f", number))
        except OverflowError:
            number = copysign(inf, number)
    return number


def parts(value: _Value) -> dict[str, str]:
    """Return what a date, time or duration is made of: year, zone and so on, those that it has.

    >>> parts(("-0044-03", XSD + "gYearMonth"))
    {'year': '-0044', 'month': '03'}
    """
    form = _form(value[1].removeprefix(XSD))
    found = form and form.fullmatch(value[0])
    return {name: part for name, part in found.groupdict().items() if part} if found else {}


def _compare_durations(left: _Value, right: _Value) -> int | None:
    (months, seconds), (other_months, other_seconds) = _duration(left), _duration(right)
    orders = {
        _order(
            _day(year, month + months, 1) * _SECONDS["day"] + seconds,
            _day(year, month + other_months, 1) * _SECONDS["day"] + other_seconds,
        )
        for year, month in _STARTS
    }
    return orders.pop() if len(orders) == 1 else None


def _duration(value: _Value) -> tuple[int, Fraction]:
    """Return the months and seconds of a duration."""
    fields = parts(value)
    sign = -1 if fields.get("sign") else 1
    seconds = sum(Fraction(fields.get(f"{name}s", 0)) * size for name, size in _SECONDS.items())
    return sign * (int(fields.get("years", 0)) * 12 + int(fields.get("months", 0))), sign * Fraction(seconds)


def _compare_moments(left: _Value, right: _Value) -> int | None:
    (one, one_is_zoned), (other, other_is_zoned) = _moment(left), _moment(right)
    if one_is_zoned != other_is_zoned and abs(one - other) <= _MOST_OF_ZONES:
        return None
    return _order(one, other)


def _moment(value: _Value) -> tuple[Fraction, bool]:
    """Return the seconds of a moment since one that is the same for its datatype, and whether its zone is told."""
    fields = parts(value)
    day = _day(int(fields.get("year", 1972)), int(fields.get("month", 1)), int(fields.get("day", 1)))
    seconds = Fraction((day + ("end" in fields)) * _SECONDS["day"])
    seconds += sum(Fraction(fields.get(name, 0)) * _SECONDS[name] for name in ("hour", "minute", "second"))
    zone = fields.get("zone")
    if zone and zone != "Z":
        seconds -= int(zone[0] + "1") * (int(zone[1:3]) * 60 + int(zone[4:])) * 60
    return seconds, zone is not None


def _day(year: int, month: int, day: int) -> int:
    """Return the number of a day in the proleptic Gregorian calendar with a year 0; there may be any months."""
    # Years from March, so that the leap day is their last (H. Hinnant, chrono-Compatible Low-Level Date Algorithms).
    more, month = divmod(month - 3, 12)
    era, of_era = divmod(year + more, 400)
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + (153 * month + 2) // 5 + day - 1
