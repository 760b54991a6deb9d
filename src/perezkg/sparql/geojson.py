"""Answers as GeoJSON (RFC 7946): a feature a solution, for maps.

What stands where is told by columns: the first that holds geo:wktLiteral, else a latitude and a longitude in degrees.
"""

from __future__ import annotations

from json import dumps

from pyoxigraph import Literal

from perezkg.errors import CoordinatesError
from perezkg.rdf.terms import INTEGERS, as_text
from perezkg.sparql.results import Solutions
from perezkg.sparql.wkt import WKT, degrees, geometry, json_number
from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from perezkg.rdf.terms import Cells, Term

    Place: TypeAlias = "Callable[[Cells], str]"

_PAIRS = (("latitude", "longitude"), ("lat", "long"), ("lat", "lon"), ("lat", "lng"))
_NUMERIC = INTEGERS | {XSD + name for name in ("decimal", "double", "float")}
_BOOLEANS = {"true": "true", "1": "true", "false": "false", "0": "false"}


def geojson(answer: Solutions) -> Iterator[str]:
    """Return an answer as a FeatureCollection, a line a feature; a row without a place has the geometry null.

    Raises:
        CoordinatesError: No column holds coordinates, or a value there is none. Raised before the first piece, so that
            nothing half written goes out.
    """
    places, place = _columns(answer)
    for number, row in enumerate(answer.rows, 1):
        try:
            place(row)
        except CoordinatesError as error:
            raise CoordinatesError(
                f"row {number} has no coordinates that GeoJSON can hold: {error.message}",
                hint="Correct them in the data or leave the row out by FILTER; other formats show it.",
            ) from None
    return _pieces(answer, places, place)


def _columns(answer: Solutions) -> tuple[set[int], Place]:
    """Return the columns that tell a place, and what makes a geometry of a row.

    Raises:
        CoordinatesError: There are none.
    """
    # Before the names: text holds more than a point.
    for row in answer.rows:
        for column, term in enumerate(row):
            if _is_wkt(term):
                return {column}, lambda cells, at=column: _of_wkt(cells[at])
    names = {name.lower(): column for column, name in enumerate(answer.variables)}
    for latitude, longitude in _PAIRS:
        if latitude in names and longitude in names:
            y, x = names[latitude], names[longitude]
            return {x, y}, lambda cells, x=x, y=y: _point(cells[x], cells[y])
    if not len(answer.rows):
        return set(), lambda _: "null"
    raise CoordinatesError(
        "this answer has no coordinates, which GeoJSON needs",
        hint="Select ?latitude and ?longitude in degrees, or a geo:wktLiteral; `perezkg query places` has some.",
    )


def _pieces(answer: Solutions, places: set[int], place: Place) -> Iterator[str]:
    names = [dumps(name, ensure_ascii=False) + ":" for name in answer.variables]
    yield '{"type":"FeatureCollection","features":['
    separator = "\n"
    for row in answer.rows:
        told = [
            name + _value(term)
            for column, (name, term) in enumerate(zip(names, row, strict=True))
            if column not in places
        ]
        yield f'{separator}{{"type":"Feature","geometry":{place(row)},"properties":{{{",".join(told)}}}}}'
        separator = ",\n"
    yield "\n]}\n"


def _is_wkt(term: Term | None) -> bool:
    return isinstance(term, Literal) and term.datatype.value == WKT


def _of_wkt(term: Term | None) -> str:
    if term is None:
        return "null"
    if not _is_wkt(term):
        raise CoordinatesError(f"{as_text(term)!r} is no geo:wktLiteral")
    return geometry(as_text(term))


def _point(x: Term | None, y: Term | None) -> str:
    if x is None or y is None:
        return "null"
    return f'{{"type":"Point","coordinates":[{degrees(as_text(x), 180)},{degrees(as_text(y), 90)}]}}'


def _value(term: Term | None) -> str:
    """Return a value as JSON: numbers and truth values are such, all else is a text; null where unbound."""
    if term is None:
        return "null"
    text = as_text(term, str)
    if isinstance(term, Literal):
        datatype = term.datatype.value
        if datatype in _NUMERIC and (number := json_number(text)) is not None:
            return number
        if datatype == XSD + "boolean" and text in _BOOLEANS:
            return _BOOLEANS[text]
    return dumps(text, ensure_ascii=False)
