"""Answers as cells for a reader who follows links: a page has no column of IRIs where a name can lead there."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from perezkg.rdf.terms import as_text
from perezkg.vocabulary import shrink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from perezkg.rdf.terms import Cells, Term

_NAMES = ("#string", "#langString")


class Cell:
    """A cell of a table.

    Attributes:
        text: Its text.
        iri: The IRI that it links to, or empty.
        language: The language of its text, or empty.
    """

    __slots__ = ("iri", "language", "text")

    def __init__(self, text: str, iri: str = "", language: str = "") -> None:
        self.text = text
        self.iri = iri
        self.language = language


def columns(variables: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns that a reader sees: all but a last one of IRIs, which say what each row is about.

    >>> columns(("year", "medal", "iri")), columns(("iri",))
    (('year', 'medal'), ('iri',))
    """
    return variables[:-1] if len(variables) > 1 and variables[-1].lower() == "iri" else variables


def linked(
    rows: Iterable[Cells], variables: tuple[str, ...], name: Callable[[NamedNode], str] = as_text
) -> Iterator[list[Cell]]:
    """Yield rows of cells: the thing that a row is about is what its first name links to.

    Args:
        rows: The rows of an answer.
        variables: The names of its columns.
        name: Makes a name of an IRI.
    """
    shown = len(columns(variables))
    for terms in rows:
        cells = [_cell(term, name) for term in terms[:shown]]
        thing = terms[-1] if shown < len(terms) else None
        if isinstance(thing, NamedNode):
            # Years and dates may be many times the same: a link is a name where there is one.
            cell = cells[next((place for place, term in enumerate(terms[:-1]) if _names(term)), 0)]
            cell.iri = thing.value
            cell.text = cell.text or shrink(thing.value)
        yield cells


def _names(term: Term | None) -> bool:
    return isinstance(term, Literal) and term.datatype.value.endswith(_NAMES)


def _cell(term: Term | None, name: Callable[[NamedNode], str]) -> Cell:
    if isinstance(term, NamedNode):
        return Cell(name(term), term.value)
    return Cell(as_text(term), language=(term.language or "") if isinstance(term, Literal) else "")
