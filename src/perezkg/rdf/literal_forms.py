"""Equal literals in one form, so that they can be compared and shown alike: 01.50 is 1.5.

The forms are those of Oxigraph, which rewrites literals when it calculates with them.
"""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perezkg.rdf.terms import Term

    Cells = tuple[Term | None, ...]

# Decimals of Oxigraph have 18 digits after the point; rdflib's have 28 significant ones.
_FRACTION_DIGITS = 18
_DECIMAL = r"([+-]?)(?=\.?[0-9])0*+([0-9]*+)(?:\.([0-9]*+))?"
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
    if not datatype.startswith(XSD) or datatype == XSD + "string":
        return False
    # By far the most are such integers, which need no store to tell.
    return datatype != XSD + "integer" or _SHORTEST_INTEGER.fullmatch(literal.value) is None


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
