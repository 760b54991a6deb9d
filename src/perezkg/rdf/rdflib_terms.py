"""The way from pyoxigraph's terms to rdflib's and back, and quiet about those that rdflib complains of.

Literals keep their lexical form both ways. A plain literal and one typed xsd:string are the same; pyoxigraph always
types it, rdflib never does here.
"""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib.term import BNode, Identifier, URIRef
from rdflib.term import Literal as RdflibLiteral

from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.rdf.terms import Term


def to_rdflib(term: Term) -> Identifier:
    """Return a pyoxigraph term as an rdflib term.

    Raises:
        TypeError: The term is a quoted triple, which rdflib does not have.

    >>> to_rdflib(Literal("007", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")))
    rdflib.term.Literal('007', datatype=rdflib.term.URIRef('http://www.w3.org/2001/XMLSchema#integer'))
    """
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if isinstance(term, Literal):
        if term.language:
            return RdflibLiteral(term.value, lang=term.language)
        datatype = term.datatype.value
        if datatype == XSD + "string":
            return RdflibLiteral(term.value)
        return RdflibLiteral(term.value, datatype=URIRef(datatype), normalize=False)
    raise TypeError(f"rdflib has no term for {term}")


def from_rdflib(term: object) -> NamedNode | BlankNode | Literal:
    """Return an rdflib term as a pyoxigraph term.

    Raises:
        TypeError: The term is a variable, a quoted graph or no term at all.
        ValueError: The term breaks RDF's rules, as an IRI with a space in it does.

    >>> from_rdflib(RdflibLiteral("Cuenca", lang="es"))
    <Literal value=Cuenca language=es>
    """
    if isinstance(term, RdflibLiteral):
        if term.language:
            return Literal(str(term), language=term.language)
        return Literal(str(term), datatype=NamedNode(str(term.datatype))) if term.datatype else Literal(str(term))
    if isinstance(term, URIRef):
        return NamedNode(str(term))
    if isinstance(term, BNode):
        return BlankNode(str(term))
    raise TypeError(f"{term!r} is not a term of RDF")


def triple_from_rdflib(subject: object, predicate: object, object_: object) -> Triple | None:
    """Return three rdflib terms as a pyoxigraph triple, or None when RDF has no such triple (a literal as subject)."""
    first, second, third = from_rdflib(subject), from_rdflib(predicate), from_rdflib(object_)
    if isinstance(first, Literal) or not isinstance(second, NamedNode):
        return None
    return Triple(first, second, third)


@contextmanager
def quiet(*more: str) -> Iterator[None]:
    """Keep rdflib from logging a traceback, or warning, for each literal that its datatype does not allow.

    Args:
        more: The names of other loggers that are to be silent.
    """
    loggers = [logging.getLogger(name) for name in ("rdflib.term", *more)]
    disabled = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, was in zip(loggers, disabled, strict=True):
            logger.disabled = was
