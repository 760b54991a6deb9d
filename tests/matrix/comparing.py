"""Two answers as tables of terms: value, datatype and language, in order where the query has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perezkg.sparql.results import Boolean, Solutions, Triples

if TYPE_CHECKING:
    from perezkg.sparql.results import Result


def difference(home: Result, other: Result) -> str:
    """Return how another answer differs from that of home, in a line; "" when they are equal."""
    if isinstance(home, Solutions) and isinstance(other, Solutions):
        return _rows(home, other)
    if isinstance(home, Triples) and isinstance(other, Triples):
        wanted, found = set(home.triples), set(other.triples)
        if wanted == found:
            return ""
        return f"{len(wanted - found)} triples missing, {len(found - wanted)} too many"
    if isinstance(home, Boolean) and isinstance(other, Boolean):
        return "" if bool(home) == bool(other) else f"{str(bool(other)).lower()}, not {str(bool(home)).lower()}"
    return f"{type(other).__name__}, not {type(home).__name__}"


def _rows(home: Solutions, other: Solutions) -> str:
    if home.variables != other.variables:
        return f"columns {' '.join(other.variables)}, not {' '.join(home.variables)}"
    wanted, found = list(home.rows), list(other.rows)
    if wanted == found:
        return ""
    if len(wanted) != len(found):
        return f"{len(found)} rows, not {len(wanted)}"
    if sorted(map(str, wanted)) == sorted(map(str, found)):
        return "the same rows in another order"
    cells = [
        (number, variable, mine, theirs)
        for number, (row, their_row) in enumerate(zip(wanted, found, strict=True), 1)
        for variable, mine, theirs in zip(home.variables, row, their_row, strict=True)
        if mine != theirs
    ]
    number, variable, mine, theirs = cells[0]
    return f"{len(cells)} cells; row {number}, {variable}: {_short(theirs)}, not {_short(mine)}"


def _short(term: object) -> str:
    """Return a term as the table shows it; nothing for what is not bound."""
    return "nothing" if term is None else str(term).replace("http://www.w3.org/2001/XMLSchema#", "xsd:")
