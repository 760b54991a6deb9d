"""RDF terms: as Python values, and in the one spelling that makes equal literals equal."""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    from pyoxigraph import BlankNode

    Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
    Rdf11Term: TypeAlias = NamedNode | BlankNode | Literal

    Cells = tuple[Term | None, ...]

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


_XSD_NS = "http://www.w3.org/2001/XMLSchema#"
# Decimals of Oxigraph have 18 digits after the point; rdflib's have 28 significant ones.
_FRACTION_DIGITS = 18
_DECIMAL = re.compile(r"([+-]?)(?=\.?[0-9])0*+([0-9]*+)(?:\.([0-9]*+))?")
_SHORTEST_INTEGER = re.compile("0|-?[1-9][0-9]{0,17}")


def shortest_rows(rows: list[Cells]) -> list[Cells]:
    """Return rows with their literals in Oxigraph's forms."""
    forms = shortest_forms(literal for row in rows for term in row for literal in _literals(term))
    if all(literal == form for literal, form in forms.items()):
        return rows
    return [tuple(None if term is None else _rewritten(term, forms) for term in row) for row in rows]


def shortest_triples(triples: Iterable[Triple], *, exact: bool = False) -> list[Triple]:
    """Return triples with their literals in Oxigraph's forms; see `shortest_forms`."""
    found = list(triples)
    forms = shortest_forms((literal for triple in found for literal in _literals(triple)), exact=exact)
    return [Triple(triple.subject, triple.predicate, _rewritten(triple.object, forms)) for triple in found]


def shortest_forms(literals: Iterable[Literal], *, exact: bool = False) -> dict[Literal, Literal]:
    """Return literals with the form in which Oxigraph writes each; strings have none but their own.

    Args:
        literals: Some literals.
        exact: Whether decimals keep all of their digits, so that two have one form only when they are equal; otherwise
            they are cut to those that Oxigraph calculates with.
    """
    typed = [x for x in set(literals) if _has_other_forms(x)]
    if not typed:
        return {}
    store = Store()
    predicate = NamedNode("urn:p")
    prepared = _without_zeros if exact else _within_precision
    store.extend(Quad(NamedNode(f"urn:{number}"), predicate, prepared(literal)) for number, literal in enumerate(typed))
    found = {quad.subject: quad.object for quad in store}
    return {literal: found[NamedNode(f"urn:{number}")] for number, literal in enumerate(typed)}


def _literals(term: Term | None) -> Iterator[Literal]:
    """Yield a term that is a literal, and the literal in a triple, as deep as it is nested."""
    while isinstance(term, Triple):  # only the object of a triple may be one
        term = term.object
    if isinstance(term, Literal):
        yield term


def _rewritten(term: Term, forms: dict[Literal, Literal]) -> Term:
    around: list[Triple] = []
    inner = term
    while isinstance(inner, Triple):
        around.append(inner)
        inner = inner.object
    form: Term = forms.get(inner, inner) if isinstance(inner, Literal) else inner
    if form is inner:
        return term
    for triple in reversed(around):
        form = Triple(triple.subject, triple.predicate, form)
    return form


def _has_other_forms(literal: Literal) -> bool:
    datatype = literal.datatype.value
    if not datatype.startswith(_XSD_NS) or datatype == _XSD_NS + "string":
        return False
    # By far the most are such integers, which need no store to tell.
    return datatype != _XSD_NS + "integer" or _SHORTEST_INTEGER.fullmatch(literal.value) is None


def _without_zeros(literal: Literal) -> Literal:
    """Return a decimal in its shortest form, which Oxigraph finds only for those that it can calculate with."""
    if literal.datatype.value != _XSD_NS + "decimal" or (match := _DECIMAL.fullmatch(literal.value)) is None:
        return literal
    sign, whole, fraction = match.groups(default="")
    fraction = fraction.rstrip("0")
    text = (whole or "0") + (f".{fraction}" if fraction else "")
    return Literal(f"-{text}" if sign == "-" and text != "0" else text, datatype=literal.datatype)


def _within_precision(literal: Literal) -> Literal:
    text = literal.value
    if literal.datatype.value == _XSD_NS + "decimal" and len(text.partition(".")[2]) > _FRACTION_DIGITS:
        whole, _, fraction = text.partition(".")
        return Literal(f"{whole}.{fraction[:_FRACTION_DIGITS]}", datatype=literal.datatype)
    return literal
