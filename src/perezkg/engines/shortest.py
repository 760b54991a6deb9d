"""Literals as Oxigraph writes them, so that another engine's 2.50 is the 2.5 of home."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from perezkg.results import Term

    Cells = tuple[Term | None, ...]

_XSD = "http://www.w3.org/2001/XMLSchema#"
# Decimals of Oxigraph have 18 digits after the point; rdflib's have 28 significant ones.
_FRACTION_DIGITS = 18


def shortest_rows(rows: list[Cells]) -> list[Cells]:
    """Return rows with their literals in Oxigraph's forms."""
    forms = shortest_forms(term for row in rows for term in row if isinstance(term, Literal))
    if all(literal == form for literal, form in forms.items()):
        return rows
    return [tuple(forms.get(term, term) if isinstance(term, Literal) else term for term in row) for row in rows]


def shortest_triples(triples: Iterable[Triple]) -> list[Triple]:
    """Return triples with their literals in Oxigraph's forms."""
    found = list(triples)
    forms = shortest_forms(triple.object for triple in found if isinstance(triple.object, Literal))
    return [
        Triple(triple.subject, triple.predicate, forms.get(triple.object, triple.object))
        if isinstance(triple.object, Literal)
        else triple
        for triple in found
    ]


def shortest_forms(literals: Iterable[Literal]) -> dict[Literal, Literal]:
    """Return literals with the form in which Oxigraph writes each; strings have none but their own."""
    typed = [x for x in set(literals) if x.datatype.value.startswith(_XSD) and x.datatype.value != _XSD + "string"]
    if not typed:
        return {}
    store = Store()
    predicate = NamedNode("urn:p")
    for number, literal in enumerate(typed):
        store.add(Quad(NamedNode(f"urn:{number}"), predicate, _within_precision(literal)))
    found = {quad.subject: quad.object for quad in store}
    return {literal: found[NamedNode(f"urn:{number}")] for number, literal in enumerate(typed)}


def _within_precision(literal: Literal) -> Literal:
    text = literal.value
    if literal.datatype.value == _XSD + "decimal" and len(text.partition(".")[2]) > _FRACTION_DIGITS:
        whole, _, fraction = text.partition(".")
        return Literal(f"{whole}.{fraction[:_FRACTION_DIGITS]}", datatype=literal.datatype)
    return literal
