"""Canonical Turtle: one way to lay out what an author wrote, so that a change of a triple is a change of its lines.

What is settled here: spaces, indents, the layout of `;` and `,`, `a` before the other predicates and for rdf:type, the
prefixes (at the top, sorted, only those in use, as `@prefix`), line ends, one empty line where there were more, and at
the end one line feed. What stays the author's: the order of subjects, predicates and objects, because it tells a reader
what belongs together, and sorting would move lines that nobody changed; the spelling of terms, with the text of
literals as it is; comments, at their place; and whether the objects of a predicate, a list or a blank node stand on one
line, and a subject without type on a line of its own, because a limit on the width would lay a list out anew when one
of its words grew. A list that is broken somewhere is broken everywhere.
"""

from __future__ import annotations

from collections import Counter

from pyoxigraph import BlankNode, RdfFormat

from perezkg.errors import UnknownFormatError
from perezkg.formatting.layout import lay_out
from perezkg.formatting.syntax import read_document
from perezkg.reading import DataFile, parse

__all__ = ["formatted"]


def formatted(file: DataFile) -> str:
    r"""Return the text of a Turtle file in canonical layout; the triples are the same.

    Raises:
        UnknownFormatError: It is not Turtle.
        RdfSyntaxError: It breaks the grammar of Turtle.
        InputError: It uses RDF 1.2.

    >>> from pyoxigraph import RdfFormat
    >>> print(formatted(DataFile("a.ttl", b"<x:s>\ta <x:C>;<x:p> 'one' ,\n'two'. # end", RdfFormat.TURTLE)), end="")
    <x:s> a <x:C> ;
        <x:p> 'one' ,
            'two' . # end
    """
    if file.format != RdfFormat.TURTLE:
        raise UnknownFormatError(f"this is {file.format.name}, and only Turtle is formatted", path=file.name)
    before = _fingerprint(file)
    text = lay_out(read_document(file.content.decode(), file.name))
    if _fingerprint(DataFile(file.name, text.encode(), file.format, file.base)) != before:
        raise AssertionError(f"formatting would change the triples of {file.name}")
    return text


def _fingerprint(file: DataFile) -> Counter[tuple[str, ...]]:
    """Return the triples of a file, with all blank nodes alike: enough to notice a slip, and linear in time."""
    return Counter(
        tuple("_" if isinstance(term, BlankNode) else str(term) for term in quad.triple) for quad in parse(file)
    )
