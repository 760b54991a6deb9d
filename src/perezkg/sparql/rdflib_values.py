"""The values of literals, as XML Schema 1.1 and SPARQL 1.1 have them, for rdflib, which has Python's.

Python reads `1_000` as a number, takes 1 to be True, and has no years before 1 or after 9999.
"""

from __future__ import annotations

import math
import re
from calendar import isleap
from decimal import ROUND_DOWN, Context, Decimal, DecimalException

from rdflib.plugins.sparql.sparql import SPARQLError
from rdflib.term import BNode, Literal, URIRef

from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Number: TypeAlias = int | Decimal | float

INTEGER, DECIMAL, FLOAT, DOUBLE = range(4)
"""The kinds of numbers, in the order in which one becomes the other (XPath Functions 3.1, 4.2)."""

STRING, BOOLEAN, DATE, DATE_TIME = (XSD + name for name in ("string", "boolean", "date", "dateTime"))
EXACT = Context(prec=60)
"""How decimals are calculated, before they are cut to the digits that Oxigraph has."""

_KIND_NAMES = ("integer", "decimal", "float", "double")
_INTEGERS = (
    "integer nonPositiveInteger negativeInteger nonNegativeInteger positiveInteger "
    "unsignedLong unsignedInt unsignedShort unsignedByte long int short byte"
)
_KINDS = dict.fromkeys((XSD + name for name in _INTEGERS.split()), INTEGER)
_KINDS |= {XSD + name: kind for kind, name in enumerate(_KIND_NAMES)}
_DIGITS = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_REAL = re.compile(rf"{_DIGITS}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_NUMBERS = (re.compile(r"[+-]?[0-9]+"), re.compile(_DIGITS), _REAL, _REAL)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

_YEAR, _MONTH, _DAY = r"(?P<year>-?[0-9]{4,})", r"(?P<month>0[1-9]|1[0-2])", r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = (
    r"(?:(?P<hours>[01][0-9]|2[0-3]):(?P<minutes>[0-5][0-9]):(?P<seconds>[0-5][0-9](?:\.[0-9]+)?)|24:00:00(?:\.0+)?)"
)
_MOMENTS = {
    XSD + name: re.compile(form + r"(?P<zone>Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?")
    for name, form in {
        "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}",
        "date": f"{_YEAR}-{_MONTH}-{_DAY}",
        "time": _TIME,
        "gYear": _YEAR,
        "gYearMonth": f"{_YEAR}-{_MONTH}",
        "gMonthDay": f"--{_MONTH}-{_DAY}",
        "gMonth": f"--{_MONTH}",
        "gDay": f"---{_DAY}",
    }.items()
}
_FOURTEEN_HOURS = 14 * 3600


def datatype(literal: Literal) -> str:
    """Return the datatype; that of a plain literal is xsd:string, "" is that of one with a language."""
    return "" if literal.language else str(literal.datatype or STRING)


def string(term: object) -> Literal:
    """Return a term that is a string, with a language or without.

    Raises:
        SPARQLError: It is none.
    """
    if isinstance(term, Literal) and datatype(term) in ("", STRING):
        return term
    raise SPARQLError(f"{term!r} is no string")


def simple(term: object) -> str:
    """Return a string without a language.

    Raises:
        SPARQLError: It is none.
    """
    if string(term).language:
        raise SPARQLError(f"{term!r} has a language")
    return str(term)


def is_number(term: object) -> bool:
    """Return whether a term is a number."""
    try:
        return bool(number(term))
    except SPARQLError:
        return False


def number(term: object) -> tuple[int, Number]:
    """Return the kind and value of a number.

    Raises:
        SPARQLError: It is none.
    """
    if isinstance(term, Literal) and (kind := _KINDS.get(datatype(term))) is not None:
        return kind, _read(kind, str(term))
    raise SPARQLError(f"{term!r} is not a number")


def _read(kind: int, text: str) -> Number:
    text = text.strip(" \t\r\n")
    if not _NUMBERS[kind].fullmatch(text):
        raise SPARQLError(f"{text!r} is not a number")
    return int(text) if kind == INTEGER else Decimal(text) if kind == DECIMAL else float(text)


def promoted(kind: int, value: Number) -> Number:
    """Return a number as one of a kind that is higher."""
    return float(value) if kind >= FLOAT else Decimal(value) if kind == DECIMAL else value


def as_number(kind: int, value: Number) -> Literal:
    """Return a number as a literal.

    Raises:
        SPARQLError: No decimal or integer has this value.
    """
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f").removesuffix(".0").replace("Infinity", "INF")  # as Oxigraph has it
    elif isinstance(value, Decimal):
        try:
            text = format(value.quantize(Decimal(1).scaleb(-18), ROUND_DOWN, EXACT).normalize(EXACT), "f")
        except DecimalException:
            raise SPARQLError("no decimal has so many digits") from None
    else:
        text = str(value)
    return Literal(text, datatype=URIRef(XSD + _KIND_NAMES[kind]), normalize=False)


def truth(value: bool) -> Literal:  # noqa: FBT001
    """Return true or false as a literal."""
    return Literal("true" if value else "false", datatype=URIRef(BOOLEAN), normalize=False)


def effective(term: object) -> bool:
    """Return the effective boolean value (SPARQL 1.1, 17.2.2).

    Raises:
        SPARQLError: It has none.
    """
    if isinstance(term, Literal):
        kind = datatype(term)
        if kind in ("", STRING):
            return len(term) > 0
        if kind == BOOLEAN or kind in _KINDS:
            try:
                value = number(term)[1] if kind in _KINDS else _BOOLEANS.get(str(term), False)
            except SPARQLError:
                return False
            return bool(value) and value == value  # NaN is not equal to itself
    raise SPARQLError(f"{term!r} is neither true nor false")


def moment(term: object) -> dict[str, str | None]:
    """Return the fields of a date or time, as they are written: year, month, day, hours, minutes, seconds, zone.

    Raises:
        SPARQLError: It is none.
    """
    form = _MOMENTS.get(datatype(term)) if isinstance(term, Literal) else None
    found = form.fullmatch(str(term).strip(" \t\r\n")) if form else None
    if not found:
        raise SPARQLError(f"{term!r} is no date or time")
    fields = {"year": None, "month": None, "day": None, **found.groupdict()}
    if fields["day"] and fields["month"]:
        leap = fields["year"] is None or isleap(int(fields["year"]))
        if int(fields["day"]) > (31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[int(fields["month"]) - 1]:
            raise SPARQLError("no such day")
    return fields


def _seconds(fields: dict[str, str | None]) -> Decimal:
    """Return where a moment lies on the line of time, by its zone."""
    year, month, day = int(fields["year"] or 1972), int(fields["month"] or 1), int(fields["day"] or 1)
    year -= month <= 2
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day
    hours = int(fields.get("hours") or (24 if "hours" in fields else 0))  # 24:00:00 has no other fields
    minutes = 60 * hours + int(fields.get("minutes") or 0) - offset(fields["zone"]) // 60
    return 86400 * days + 60 * minutes + Decimal(fields.get("seconds") or 0)


def offset(zone: str | None) -> int:
    """Return a time zone in seconds."""
    if not zone or zone == "Z":
        return 0
    return (int(zone[1:3]) * 3600 + int(zone[4:6]) * 60) * (-1 if zone[0] == "-" else 1)


def _value(literal: Literal) -> tuple[object, Any]:
    """Return what a literal can be compared with, and its value there.

    Raises:
        SPARQLError: It has none: its datatype is not known, or does not allow it.
    """
    kind = datatype(literal)
    if kind in _KINDS:
        return "a number", number(literal)[1]
    if kind == BOOLEAN and str(literal) in _BOOLEANS:
        return kind, _BOOLEANS[str(literal)]
    if kind == STRING or not kind:
        return kind or literal.language, str(literal)
    if kind in _MOMENTS:
        fields = moment(literal)
        return kind, (_seconds(fields), bool(fields["zone"]))
    if kind.lower().endswith("duration") and literal.value is not None:
        return "a duration", literal.value  # rdflib's own; SPARQL 1.1 does not compare them
    raise SPARQLError(f"{literal!r} has no value")


def compare(one: Literal, other: Literal) -> int | None:
    """Return -1, 0 or 1 as a literal is less than another, equal or greater; None where one is NaN.

    Raises:
        SPARQLError: They cannot be compared.
    """
    (kind, value), (other_kind, other_value) = _value(one), _value(other)
    if kind != other_kind:
        raise SPARQLError(f"{one!r} and {other!r} cannot be compared")
    if isinstance(value, tuple):
        (value, zoned), (other_value, other_zoned) = value, other_value
        # XML Schema 1.1, 3.3.7: what has no zone may lie 14 hours before or behind.
        if zoned != other_zoned and abs(value - other_value) <= _FOURTEEN_HOURS:
            raise SPARQLError("which is earlier depends on the time zone")
    if isinstance(value, float) or isinstance(other_value, float):
        value, other_value = float(value), float(other_value)
    return 0 if value == other_value else -1 if value < other_value else 1 if value > other_value else None


def equal(one: object, other: object) -> bool:
    """Return whether two terms are equal by `=` (SPARQL 1.1, 17.3).

    Raises:
        SPARQLError: Nobody knows: a datatype of theirs is not known, or a literal is none of its datatype.
    """
    if one == other and not (isinstance(one, Literal) and str(one) == "NaN"):
        return True
    if not (isinstance(one, Literal) and isinstance(other, Literal)):
        return False
    (kind, value), (other_kind, other_value) = _value(one), _value(other)
    if isinstance(value, tuple) or kind != other_kind:
        return kind == other_kind and value == other_value
    return compare(one, other) == 0


def order(one: object, other: object) -> int:
    """Return -1, 0 or 1 as a term comes before another in ORDER BY (SPARQL 1.1, 15.1), or after it."""
    first, second = _place(one), _place(other)
    if isinstance(one, Literal) and isinstance(other, Literal):
        try:
            found = compare(one, other)
        except SPARQLError:
            found = None
        if found is not None:
            return found
        first, second = ((datatype(term), term.language or "", str(term)) for term in (one, other))
    return (first > second) - (first < second)


def _place(term: object) -> tuple[Any, ...]:
    kind = 1 if isinstance(term, BNode) else 2 if isinstance(term, URIRef) else 3 if isinstance(term, Literal) else 0
    return kind, str(term) if kind else ""


def cast(target: str, term: object) -> Literal:
    """Return a term as one of another datatype of XML Schema (SPARQL 1.1, 17.5; XPath Functions 3.1, 19).

    Raises:
        SPARQLError: That cannot be done.
    """
    if target == STRING and (isinstance(term, URIRef) or (isinstance(term, Literal) and term.language)):
        return Literal(str(term))
    if not isinstance(term, Literal) or term.language:
        raise SPARQLError(f"{term!r} cannot be made {target}")
    _, value = _value(term)
    source, text = datatype(term), str(term).strip(" \t\r\n")
    if target == STRING:
        return Literal(str(term))
    if target == BOOLEAN and (source in _KINDS or text in _BOOLEANS):
        return truth(_BOOLEANS[text] if source in (STRING, BOOLEAN) else effective(term))
    if target in _KINDS and (source in _KINDS or source in (STRING, BOOLEAN)):
        kind = _KINDS[target]
        value = _read(kind, text) if source == STRING else int(value) if source == BOOLEAN else value
        if isinstance(value, float) and kind < FLOAT:
            if not math.isfinite(value):
                raise SPARQLError(f"{term!r} is not finite")
            value = Decimal(repr(value))
        return as_number(kind, int(value) if kind == INTEGER else promoted(kind, value))
    if target == DATE_TIME and source in (STRING, DATE, DATE_TIME):
        if source == DATE:
            zone = moment(term)["zone"] or ""
            text = f"{text.removesuffix(zone)}T00:00:00{zone}"
        found = Literal(text, datatype=URIRef(target), normalize=False)
        moment(found)
        return found
    raise SPARQLError(f"{term!r} cannot be made {target}")
