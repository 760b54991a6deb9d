"""RDF terms as Python values."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from perezkg.results import Term

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = frozenset(
    _XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip


class IRI(str):
    """An IRI as a Python value: a str that says what it is.

    >>> IRI("http://example.org/x")
    IRI('http://example.org/x')
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"IRI({super().__repr__()})"


def native(term: Term | None) -> Any:  # noqa: ANN401 - the datatype decides
    """Return a term as a Python value.

    Integers of every XSD kind become int; xsd:decimal Decimal; xsd:double and xsd:float float; xsd:boolean bool;
    xsd:date and xsd:dateTime date and datetime; xsd:dayTimeDuration timedelta; IRIs `IRI`; a blank node its label
    after `_:`. Every other literal, and one that its datatype does not allow or Python cannot hold, is its text.

    >>> from pyoxigraph import Literal, NamedNode
    >>> native(Literal("1:17:21")), native(Literal(20000)), native(NamedNode("http://example.org/x")), native(None)
    ('1:17:21', 20000, IRI('http://example.org/x'), None)
    """
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return IRI(term.value)
    if not isinstance(term, Literal):
        return str(term)
    text = term.value
    datatype = term.datatype.value
    if not datatype.startswith(_XSD):
        return text
    convert = _converter(datatype)
    if convert is None:
        return text
    try:
        return convert(text)
    except (ValueError, OverflowError, ArithmeticError):  # ArithmeticError: decimal.InvalidOperation
        return text


def _converter(datatype: str) -> Callable[[str], Any] | None:
    if datatype in _INTEGERS:
        return int
    name = datatype[len(_XSD) :]
    if name == "decimal":
        from decimal import Decimal

        return Decimal
    if name in ("double", "float"):
        return float
    if name == "boolean":
        return _boolean
    if name == "date":
        from datetime import date

        return date.fromisoformat
    if name == "dateTime":
        from datetime import datetime

        return datetime.fromisoformat
    if name == "dayTimeDuration":
        return _duration
    return None


def _boolean(text: str) -> bool:
    if text not in ("true", "false", "1", "0"):
        raise ValueError(text)
    return text in ("true", "1")


def _duration(text: str) -> object:
    import re
    from datetime import timedelta

    found = re.fullmatch(r"(-)?P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", text)
    if not found or not any(found.groups()[1:]):
        raise ValueError(text)
    sign, days, hours, minutes, seconds = found.groups()
    whole, _, fraction = (seconds or "0").partition(".")
    length = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=int(whole),
        microseconds=int((fraction + "000000")[:6]),
    )
    return -length if sign else length
