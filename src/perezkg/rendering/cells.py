"""What tables show a person of a term: the words, without the machinery around them."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from perezkg.namespaces import shrink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from perezkg.results import Term

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMERIC = frozenset(
    _XSD + prefix + name
    for prefix, names in {
        "": ("integer", "decimal", "double", "float", "long", "int", "short", "byte"),
        "unsigned": ("Long", "Int", "Short", "Byte"),
        "non": ("NegativeInteger", "PositiveInteger"),
        "positive": ("Integer",),
        "negative": ("Integer",),
    }.items()
    for name in names
)


def plain_text(term: Term | None) -> str:
    """Return a term for reading: a literal's text, an IRI as a prefixed name, nothing for an unbound cell.

    >>> plain_text(Literal("Quito", language="es")), plain_text(NamedNode("https://w3id.org/perezkg/id/quito"))
    ('Quito', 'pz:quito')
    """
    if term is None:
        return ""
    if isinstance(term, Literal):
        return term.value
    if isinstance(term, NamedNode):
        return shrink(term.value)
    return f"_:{term.value}" if isinstance(term, BlankNode) else f"<<( {term} )>>"


def is_numeric(terms: Iterable[Term | None]) -> bool:
    """Tell whether a column holds numbers only, and at least one."""
    bound = [term for term in terms if term is not None]
    return bool(bound) and all(isinstance(term, Literal) and term.datatype.value in _NUMERIC for term in bound)
