"""CSV and TSV, as https://www.w3.org/TR/sparql11-results-csv-tsv/ says them.

CSV carries the bare text of each term, for spreadsheets; TSV carries whole terms in Turtle form. A cell that begins
with `=` is written as it is: the format has no way to defuse it, so open an answer from strangers as text.
On the way of every piped query, so nothing is imported but what is loaded anyway.
"""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from perezkg.results import Boolean, Solutions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.results import Term

_NEEDS_QUOTES = re.compile('[",\r\n]')
_BARE = re.compile(  # literals that TSV may write without quotes and datatype, as Turtle does
    r'"([+-]?[0-9]+)"\^\^<http://www\.w3\.org/2001/XMLSchema#integer>'
    r'|"([+-]?[0-9]*\.[0-9]+)"\^\^<http://www\.w3\.org/2001/XMLSchema#decimal>'
    r'|"([+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+)"\^\^<http://www\.w3\.org/2001/XMLSchema#double>'
)


def csv(result: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as CSV, one record a piece, ended by CR LF."""
    if isinstance(result, Boolean):
        yield "true\r\n" if result.value else "false\r\n"
        return
    yield ",".join(result.variables) + "\r\n"
    for row in result.rows:
        yield ",".join([_field(term) for term in row]) + "\r\n"


def tsv(result: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as TSV, one record a piece, ended by LF."""
    if isinstance(result, Boolean):
        yield "true\n" if result.value else "false\n"
        return
    yield "\t".join(["?" + variable for variable in result.variables]) + "\n"
    for row in result.rows:
        # A term's N-Triples form escapes tabs and line ends, which is what TSV asks for.
        yield "\t".join([_turtle(term) for term in row]) + "\n"


def _field(term: Term | None) -> str:
    if term is None:
        return ""
    if isinstance(term, NamedNode | Literal):
        text = term.value
    else:
        text = f"_:{term.value}" if isinstance(term, BlankNode) else f"<<( {term} )>>"
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def _turtle(term: Term | None) -> str:
    if term is None:
        return ""
    # The string of a triple is without its brackets; a literal that is a number as a whole stands bare.
    return f"<<( {term} )>>" if isinstance(term, Triple) else _BARE.sub(r"\1\2\3", str(term))
