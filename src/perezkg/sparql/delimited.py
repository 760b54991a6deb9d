"""Answers as CSV and TSV, as SPARQL 1.1 has them: a line a solution.

CSV carries the bare text of each term, for spreadsheets; TSV carries whole terms in Turtle form. A cell that begins
with `=` is written as it is: the format has no way to defuse it, so open an answer from strangers as text.
CSV is what a pipe gets, so nothing is imported here but what every query loads anyway.
"""

from __future__ import annotations

from perezkg.rdf.terms import as_text, as_turtle, bare_number
from perezkg.sparql.results import Boolean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.sparql.results import Solutions


def csv(answer: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as CSV, one record a piece, ended by CR LF."""
    if isinstance(answer, Boolean):
        yield f"{answer.word}\r\n"
        return
    yield ",".join(answer.variables) + "\r\n"
    for row in answer.rows:
        yield ",".join([_quoted(as_text(term, str)) for term in row]) + "\r\n"


def tsv(answer: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as TSV, one record a piece, ended by LF."""
    if isinstance(answer, Boolean):
        yield f"{answer.word}\n"
        return
    yield "\t".join(["?" + variable for variable in answer.variables]) + "\n"
    for row in answer.rows:
        # Turtle in the form of N-Triples escapes tabs and line ends, which is what TSV asks for.
        yield "\t".join(["" if term is None else bare_number(as_turtle(term)) for term in row]) + "\n"


def _quoted(text: str) -> str:
    if '"' in text or "," in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
