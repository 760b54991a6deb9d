"""The values of literals, as XML Schema 1.1 and SPARQL 1.1 have them, for rdflib, which has Python's.

Python reads `1_000` as a number, takes 1 to be True, and has no years before 1 or after 9999.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_DOWN, Context, Decimal, DecimalException

from rdflib.plugins.sparql.sparql import SPARQLError
from rdflib.term import BNode, Literal, URIRef

from perezkg.rdf import xsd
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


def moment(term: object) -> dict[str, str]:
    """Return the fields of a date or time, as they are written: year, month, day, hour, minute, second, zone.

    Raises:
        SPARQLError: It is none.
    """
    known = isinstance(term, Literal) and _is_known(term) and not datatype(term).lower().endswith("duration")
    found = xsd.parts(_pair(term)) if isinstance(term, Literal) and known else {}
    if not found:
        raise SPARQLError(f"{term!r} is no date or time")
    return {"hour": "0", "minute": "0", "second": "0", **found} if "end" in found else found


def _pair(literal: Literal) -> tuple[str, str]:
    return str(literal), datatype(literal)


def _is_known(literal: Literal) -> bool:
    """Return whether a literal has a value here: its datatype is known, and allows it."""
    is_nan = datatype(literal) in _KINDS and str(literal) == "NaN"
    return is_nan or not datatype(literal) or xsd.compare(_pair(literal), _pair(literal)) is not None


def compare(one: Literal, other: Literal) -> int | None:
    """Return -1, 0 or 1 as a literal is less than another, equal or greater; None where one is NaN.

    That strings of one language have an order, the standard leaves to engines (SPARQL 1.1, 17.3.1); all others have it.

    Raises:
        SPARQLError: They cannot be compared.
    """
    if one.language and other.language and one.language.lower() == other.language.lower():
        return (str(one) > str(other)) - (str(one) < str(other))
    found = xsd.compare(_pair(one), _pair(other))
    if found is None and not (is_number(one) and is_number(other)):
        raise SPARQLError(f"{one!r} and {other!r} cannot be compared")
    return found


def equal(one: object, other: object) -> bool:
    """Return whether two terms are equal by `=` (SPARQL 1.1, 17.3).

    Raises:
        SPARQLError: Nobody knows: a datatype of theirs is not known, or a literal is none of its datatype.
    """
    if one == other and not (isinstance(one, Literal) and str(one) == "NaN"):
        return True
    if not (isinstance(one, Literal) and isinstance(other, Literal)):
        return False
    found = xsd.compare(_pair(one), _pair(other))
    if found is None and not (_is_known(one) and _is_known(other)):
        raise SPARQLError("nobody knows")
    return found == 0


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
    if not _is_known(term):
        raise SPARQLError(f"{term!r} has no value")
    source, text = datatype(term), str(term).strip(" \t\r\n")
    if target == STRING:
        return Literal(str(term))
    if target == BOOLEAN and (source in _KINDS or text in _BOOLEANS):
        return truth(_BOOLEANS[text] if source in (STRING, BOOLEAN) else effective(term))
    if target in _KINDS and (source in _KINDS or source in (STRING, BOOLEAN)):
        kind = _KINDS[target]
        value: Any = (
            _read(kind, text) if source == STRING else int(_BOOLEANS[text]) if source == BOOLEAN else number(term)[1]
        )
        if isinstance(value, float) and kind < FLOAT:
            if not math.isfinite(value):
                raise SPARQLError(f"{term!r} is not finite")
            value = Decimal(repr(value))
        return as_number(kind, int(value) if kind == INTEGER else promoted(kind, value))
    if target == DATE_TIME and source in (STRING, DATE, DATE_TIME):
        if source == DATE:
            zone = moment(term).get("zone", "")
            text = f"{text.removesuffix(zone)}T00:00:00{zone}"
        found = Literal(text, datatype=URIRef(target), normalize=False)
        moment(found)
        return found
    raise SPARQLError(f"{term!r} cannot be made {target}")
