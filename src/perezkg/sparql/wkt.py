"""Well-known text of GeoSPARQL (geo:wktLiteral) as geometries of GeoJSON, and degrees as both write them."""

from __future__ import annotations

import re
from itertools import pairwise

from perezkg.errors import CoordinatesError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Position: TypeAlias = tuple[str, ...]
    Nested: TypeAlias = "Position | list[Nested]"

WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
"""The datatype."""

# How deep positions are nested in a geometry, and what GeoJSON calls it.
_KINDS = {
    "POINT": (0, "Point"),
    "LINESTRING": (1, "LineString"),
    "POLYGON": (2, "Polygon"),
    "MULTIPOINT": (1, "MultiPoint"),
    "MULTILINESTRING": (2, "MultiLineString"),
    "MULTIPOLYGON": (3, "MultiPolygon"),
}
# Longitude first is what the text means that names no system; the other names of the same degrees put latitude first.
_LONGITUDE_FIRST = re.compile(r"https?://www\.opengis\.net/def/crs/OGC/(?:1\.3|0)/CRS84h?")
_LATITUDE_FIRST = re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/(?:4326|4979)")
# What repeats gives nothing back (`*+`), so that no text, however long, is gone through more than once.
_SYSTEM = re.compile(r"\s*+<([^<>]*+)>")
_HEAD = re.compile(r"\s*+([A-Z]+?)\s*+(ZM|Z|M)?\s*+(?=\(|EMPTY)", re.IGNORECASE)
_TOKEN = re.compile(r"[(),]|[^\s(),]+")
_NUMBER = re.compile(r"([+-]?)(?=\.?[0-9])0*+([0-9]*+)(?:\.([0-9]*+))?(?:[eE]([+-]?[0-9]++))?")
_LINE = 2
_RING = 4  # positions, the first and last of which are the same


def geometry(text: str) -> str:
    """Return a geometry as JSON, positions as longitude, latitude and height; null for an empty one.

    Raises:
        CoordinatesError: The text is no geometry of degrees on the Earth; says why.

    >>> geometry("POINT(-79.0045 -2.8974)")
    '{"type":"Point","coordinates":[-79.0045,-2.8974]}'
    >>> geometry("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(-2.8974 -79.0045)")
    '{"type":"Point","coordinates":[-79.0045,-2.8974]}'
    """
    swapped = False
    system = _SYSTEM.match(text)
    start = 0
    if system is not None:
        swapped = _LATITUDE_FIRST.fullmatch(system[1]) is not None
        if not swapped and not _LONGITUDE_FIRST.fullmatch(system[1]):
            raise CoordinatesError(f"{system[1]} is another reference system than WGS 84")
        start = system.end()
    head = _HEAD.match(text, start)
    kind = _KINDS.get(head[1].upper()) if head else None
    if head is None or kind is None:
        raise CoordinatesError(f"{text[start : start + 40]!r} begins no geometry of points, lines or polygons")
    if (head[2] or "").upper() not in ("", "Z"):
        raise CoordinatesError("GeoJSON has no place for measures (M)")
    tokens = _TOKEN.findall(text, head.end())
    if [token.upper() for token in tokens[:2]] == ["EMPTY"]:
        return "null"
    depth, name = kind
    found = _nested(tokens, depth, swapped=swapped, loose=name == "MultiPoint")
    if name in ("Polygon", "MultiPolygon"):
        for polygon in [found] if name == "Polygon" else found:
            _turn(polygon)  # type: ignore[arg-type]  # as deep as its kind says
    lines = [found] if name == "LineString" else found if name == "MultiLineString" else []
    if any(len(line) < _LINE for line in lines):
        raise CoordinatesError("a line has only one position")
    return f'{{"type":"{name}","coordinates":{_json(found)}}}'


def degrees(text: str, most: int) -> str:
    """Return a number of degrees as JSON writes it.

    Args:
        text: The number, as XML Schema and well-known text write it.
        most: 180 for a longitude, 90 for a latitude.

    Raises:
        CoordinatesError: The text is no number, or less than -`most` or more than `most`.

    >>> degrees("-079.0045", 180)
    '-79.0045'
    """
    number = json_number(text)
    if number is None or not -most <= float(number) <= most:
        raise CoordinatesError(f"{text!r} is no number of degrees from -{most} to {most}")
    return number


def json_number(text: str) -> str | None:
    """Return a number of XML Schema as JSON writes it, with all its digits; None for INF, NaN and other texts.

    >>> json_number("+01.50"), json_number(".5"), json_number("5."), json_number("1E3"), json_number("NaN")
    ('1.50', '0.5', '5', '1e3', None)
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    sign, whole, fraction, exponent = found.groups(default="")
    return (
        ("-" if sign == "-" else "")
        + (whole or "0")
        + (f".{fraction}" if fraction else "")
        + (f"e{exponent}" if exponent else "")
    )


def _nested(tokens: list[str], depth: int, *, swapped: bool, loose: bool) -> Nested:
    """Return the positions that brackets hold, nested as deep as their geometry has them.

    Lists stand inside each other only as deep as the kind says, so a hostile text cannot nest without end.
    """
    tokens.reverse()

    def take(wanted: str) -> None:
        if not tokens or tokens.pop() != wanted:
            raise CoordinatesError(f"the geometry has no {wanted!r} where there must be one")

    def position() -> Position:
        numbers = []
        while tokens and tokens[-1] not in "(),":
            numbers.append(tokens.pop())
        return _position(numbers, swapped=swapped)

    def bracketed() -> Position:
        take("(")
        found = position()
        take(")")
        return found

    def nested(depth: int) -> Nested:
        if depth == 0:  # MULTIPOINT((1 2), (3 4)) is MULTIPOINT(1 2, 3 4)
            return bracketed() if loose and tokens and tokens[-1] == "(" else position()
        take("(")
        parts = [nested(depth - 1)]
        while tokens and tokens[-1] == ",":
            tokens.pop()
            parts.append(nested(depth - 1))
        take(")")
        return parts

    found = nested(depth) if depth else bracketed()
    if tokens:
        raise CoordinatesError(f"{tokens[-1]!r} follows the geometry")
    return found


def _position(numbers: list[str], *, swapped: bool) -> Position:
    if len(numbers) not in (2, 3):
        raise CoordinatesError(f"a position has {len(numbers)} numbers, not 2 or 3")
    if swapped:
        numbers[:2] = numbers[1::-1]
    place = (degrees(numbers[0], 180), degrees(numbers[1], 90))
    if len(numbers) == len(place):
        return place
    height = json_number(numbers[2])
    if height is None:
        raise CoordinatesError(f"{numbers[2]!r} is no height")
    return (*place, height)


def _turn(rings: list[list[Position]]) -> None:
    """Turn the rings of a polygon as GeoJSON wants them: the outer one against the clock, holes with it."""
    for number, ring in enumerate(rings):
        if len(ring) < _RING or ring[0] != ring[-1]:
            raise CoordinatesError("the ring of a polygon is not closed")
        points = [(float(position[0]), float(position[1])) for position in ring]
        area = sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairwise(points))
        if (area < 0) == (number == 0) and area:
            ring.reverse()


def _json(nested: Nested) -> str:
    parts = nested if isinstance(nested, tuple) else map(_json, nested)
    return f"[{','.join(parts)}]"
