"""RDF terms: as text for people, as Turtle, SPARQL and JSON, as Python values, and equal literals in one form.

This is the one place that says how a literal, an IRI and a blank node are shown. It is on the path of every query, so
nothing is imported at the top but what is loaded anyway, and its long patterns are compiled when they are first used.
"""

from __future__ import annotations

import re
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from perezkg.vocabulary import XSD, shrink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
    Rdf11Term: TypeAlias = NamedNode | BlankNode | Literal
    Cells: TypeAlias = tuple[Term | None, ...]

_STRING = XSD + "string"
INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip


# Numbers that Turtle, SPARQL and TSV take without quotes and datatype, in N-Triples form.
_TYPED = rf'"\^\^<{re.escape(XSD)}'
_NUMBER = (
    rf'"([+-]?[0-9]+){_TYPED}integer>'
    rf'|"([+-]?[0-9]*\.[0-9]+){_TYPED}decimal>'
    rf'|"([+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+){_TYPED}double>'
)
_BOOLEANS = {f'"{text}"^^<{XSD}boolean>': text for text in ("true", "false")}

# For SPARQL, in this order. rdflib replaces codepoint escapes before it reads strings, so no backslash may stand before
# a u or U; and it turns tabulators into spaces.
_ESCAPES = (
    ("\\", r"\\"),
    ('"', r"\""),
    ("\n", r"\n"),
    ("\r", r"\r"),
    (r"\U", r"\\U00000055"),
    (r"\u", r"\\U00000075"),
    ("\t", r"\t"),
)

# Decimals of Oxigraph have 18 digits after the point; rdflib's have 28 significant ones.
_FRACTION_DIGITS = 18
_DECIMAL = r"([+-]?)(?=\.?[0-9])0*+([0-9]*+)(?:\.([0-9]*+))?"


def as_text(term: Term | None, name: Callable[[str], str] = shrink) -> str:
    """Return a term for people: a literal's text, an IRI's name, a blank node's label; nothing for no term.

    Args:
        term: The term.
        name: Makes a name of an IRI; `str` leaves it as it is.

    >>> as_text(Literal("Quito", language="es")), as_text(NamedNode("https://w3id.org/perezkg/id/quito"))
    ('Quito', 'pz:quito')
    """
    if isinstance(term, Literal):
        return term.value
    if isinstance(term, NamedNode):
        return name(term.value)
    return "" if term is None else as_turtle(term)


def as_turtle(term: Term, name: Callable[[str], str] | None = None) -> str:
    """Return a term as Turtle writes it, with quotes and datatype; without `name` it is N-Triples as well.

    Args:
        term: The term.
        name: Makes a name of an IRI, such as `shrink`.

    >>> as_turtle(Literal(5)), as_turtle(Literal(5), shrink)
    ('"5"^^<http://www.w3.org/2001/XMLSchema#integer>', '"5"^^xsd:integer')
    """
    if isinstance(term, Triple):
        return f"<<( {' '.join(as_turtle(part, name) for part in term)} )>>"
    if name is None:
        return str(term)
    if isinstance(term, NamedNode):
        return name(term.value)
    if isinstance(term, Literal) and not term.language and term.datatype.value != _STRING:
        return f"{Literal(term.value)}^^{name(term.datatype.value)}"
    return str(term)


def bare_number(token: str) -> str:
    """Return a number in N-Triples form as Turtle and TSV write it, without quotes; any other term as it is.

    >>> bare_number('"5"^^<http://www.w3.org/2001/XMLSchema#integer>'), bare_number('"5"')
    ('5', '"5"')
    """
    return re.sub(_NUMBER, r"\1\2\3", token)


def bare(token: str) -> str:
    """Return a number, true or false in N-Triples form as Turtle writes it, without quotes; any other term as it is."""
    return _BOOLEANS.get(token) or bare_number(token)


def as_sparql(term: NamedNode | Literal) -> str:
    r"""Return a term as SPARQL that every engine reads as this term and nothing else.

    >>> as_sparql(Literal('a "b" \\ c', language="en"))
    '"a \\"b\\" \\\\ c"@en'
    """
    if isinstance(term, NamedNode):
        return str(term)
    text = term.value
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    if term.language:
        return f'"{text}"@{term.language}'
    return f'"{text}"' if term.datatype.value == _STRING else f'"{text}"^^{term.datatype}'


def as_json(term: Term) -> dict[str, object]:
    """Return a term as the SPARQL results format in JSON has it, triple terms and directions included.

    >>> as_json(Literal("Río", language="es"))
    {'type': 'literal', 'value': 'Río', 'xml:lang': 'es'}
    """
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: as_json(part) for name, part in parts.items()}}
    found: dict[str, object] = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
        if term.direction is not None:
            found["its:dir"] = str(term.direction)
    elif term.datatype.value != _STRING:
        found["datatype"] = term.datatype.value
    return found


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
    if not datatype.startswith(XSD) or datatype == _STRING:
        return text
    try:
        return int(text) if datatype in INTEGERS else _converters().get(datatype, str)(text)
    except (ValueError, LookupError, OverflowError, ArithmeticError):  # ArithmeticError: decimal.InvalidOperation
        return text


@cache
def _converters() -> dict[str, Callable[[str], Any]]:
    """Return what makes Python values of the texts of other datatypes than integers, by datatype."""
    from datetime import date, datetime
    from decimal import Decimal

    return {
        f"{XSD}decimal": Decimal,
        f"{XSD}double": float,
        f"{XSD}float": float,
        f"{XSD}boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
        f"{XSD}date": date.fromisoformat,
        f"{XSD}dateTime": datetime.fromisoformat,
        f"{XSD}dayTimeDuration": _duration,
    }


def _duration(text: str) -> object:
    from datetime import timedelta

    found = re.fullmatch(r"(-)?P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", text)
    if not found or not any(found.groups()[1:]):
        raise ValueError(text)
    sign, days, hours, minutes, seconds = found.groups("0")
    whole, _, fraction = seconds.partition(".")
    length = timedelta(int(days), int(whole), int(f"{fraction:0<6.6}"), minutes=int(minutes), hours=int(hours))
    return -length if sign == "-" else length


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
    """Return literals with the form in which Oxigraph writes each when it calculates with it: 1.5 for 01.50.

    So equal literals can be compared and shown alike. Strings have no form but their own.

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
    if not datatype.startswith(XSD) or datatype == XSD + "string":
        return False
    # By far the most are such integers, which need no store to tell.
    return datatype != XSD + "integer" or re.fullmatch("0|-?[1-9][0-9]{0,17}", literal.value) is None


def _without_zeros(literal: Literal) -> Literal:
    """Return a decimal in its shortest form, which Oxigraph finds only for those that it can calculate with."""
    if literal.datatype.value != XSD + "decimal" or (match := re.fullmatch(_DECIMAL, literal.value)) is None:
        return literal
    sign, whole, fraction = match.groups(default="")
    fraction = fraction.rstrip("0")
    text = (whole or "0") + (f".{fraction}" if fraction else "")
    return Literal(f"-{text}" if sign == "-" and text != "0" else text, datatype=literal.datatype)


def _within_precision(literal: Literal) -> Literal:
    text = literal.value
    if literal.datatype.value == XSD + "decimal" and len(text.partition(".")[2]) > _FRACTION_DIGITS:
        whole, _, fraction = text.partition(".")
        return Literal(f"{whole}.{fraction[:_FRACTION_DIGITS]}", datatype=literal.datatype)
    return literal
