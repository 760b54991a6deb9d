"""Answers as GeoJSON: what RFC 7946 says of positions, rings and features, and what is no place is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from perezkg.errors import CoordinatesError
from perezkg.sparql.formats import render
from perezkg.sparql.results import Solutions
from perezkg.sparql.wkt import WKT, geometry, json_number

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

    import perezkg
    from perezkg.rdf.terms import Cells, Term

XSD = "http://www.w3.org/2001/XMLSchema#"
CRS = "http://www.opengis.net/def/crs/"


def wkt(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(WKT))


def features(answer: Solutions) -> list[dict[str, Any]]:
    found = json.loads("".join(render(answer, "geojson")))
    assert found.keys() == {"type", "features"}
    assert found["type"] == "FeatureCollection"
    for feature in found["features"]:
        assert feature.keys() == {"type", "geometry", "properties"}
        assert feature["type"] == "Feature"
    return found["features"]  # type: ignore[no-any-return]


def test_to_the_byte() -> None:
    where = ("lat", "place", "long")
    rows: list[Cells] = [
        (Literal("-2.90", datatype=NamedNode(XSD + "decimal")), Literal('"Cuenca"'), Literal(-79)),
        (None, None, None),
    ]
    assert "".join(render(Solutions(where, rows), "geojson")) == (
        '{"type":"FeatureCollection","features":[\n'
        '{"type":"Feature","geometry":{"type":"Point","coordinates":[-79,-2.90]},'
        '"properties":{"place":"\\"Cuenca\\""}},\n'
        '{"type":"Feature","geometry":null,"properties":{"place":null}}\n'
        "]}\n"
    )


def test_properties_are_values() -> None:
    values: dict[str, tuple[Term | None, object]] = {
        "iri": (NamedNode("http://e.org/a"), "http://e.org/a"),
        "node": (BlankNode("b"), "_:b"),
        "whole": (Literal("+007", datatype=NamedNode(XSD + "integer")), 7),
        "truth": (Literal(True), True),
        "infinite": (Literal("INF", datatype=NamedNode(XSD + "double")), "INF"),
        "text": (Literal("5"), "5"),
        "none": (None, None),
    }
    answer = Solutions(("g", *values), [(wkt("POINT(1 2)"), *(term for term, _ in values.values()))])
    assert features(answer)[0]["properties"] == {name: value for name, (_, value) in values.items()}


@pytest.mark.parametrize("names", [("latitude", "longitude"), ("LAT", "Long"), ("lat", "lon"), ("lat", "lng")])
def test_two_columns_are_a_place(names: tuple[str, str]) -> None:
    (feature,) = features(Solutions(names, [(Literal("-2.9"), Literal("-79"))]))
    assert feature == {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-79, -2.9]}, "properties": {}}


def test_text_counts_before_columns_and_a_row_may_lack_it() -> None:
    answer = Solutions(("lat", "long", "g"), [(Literal(1), Literal(2), None), (None, None, wkt("POINT(3 4)"))])
    assert [feature["geometry"] for feature in features(answer)] == [None, {"type": "Point", "coordinates": [3, 4]}]
    assert features(answer)[0]["properties"] == {"lat": 1, "long": 2}


@pytest.mark.parametrize(
    ("text", "kind", "coordinates"),
    [
        ("POINT(-79 -2.9)", "Point", [-79, -2.9]),
        ("  point z ( -79  -2.9\n2560 ) ", "Point", [-79, -2.9, 2560]),
        (f"<{CRS}OGC/1.3/CRS84> POINT(-79 -2.9)", "Point", [-79, -2.9]),
        (f"<{CRS}EPSG/0/4326>POINT(-2.9 -79)", "Point", [-79, -2.9]),
        ("LINESTRING(1 2, 3 4)", "LineString", [[1, 2], [3, 4]]),
        ("MULTIPOINT(1 2, 3 4)", "MultiPoint", [[1, 2], [3, 4]]),
        ("MULTIPOINT((1 2), (3 4))", "MultiPoint", [[1, 2], [3, 4]]),
        ("MULTILINESTRING((1 2, 3 4), (5 6, 7 8))", "MultiLineString", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]),
        # The outer ring goes against the clock, a hole with it.
        ("POLYGON((0 0, 0 4, 4 4, 0 0))", "Polygon", [[[0, 0], [4, 4], [0, 4], [0, 0]]]),
        ("MULTIPOLYGON(((0 0, 4 0, 4 4, 0 0)))", "MultiPolygon", [[[[0, 0], [4, 0], [4, 4], [0, 0]]]]),
        (
            "POLYGON((0 0, 9 0, 9 9, 0 0), (5 1, 8 1, 8 2, 5 1))",
            "Polygon",
            [[[0, 0], [9, 0], [9, 9], [0, 0]], [[5, 1], [8, 2], [8, 1], [5, 1]]],
        ),
    ],
)
def test_well_known_text(text: str, kind: str, coordinates: list[object]) -> None:
    assert json.loads(geometry(text)) == {"type": kind, "coordinates": coordinates}


@pytest.mark.parametrize("text", ["POINT EMPTY", "polygon z empty "])
def test_what_is_empty_is_nowhere(text: str) -> None:
    assert geometry(text) == "null"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "begins no geometry"),
        ("Cuenca", "begins no geometry"),
        ("GEOMETRYCOLLECTION(POINT(1 2))", "begins no geometry"),
        ("POINT M (1 2 3)", "measures"),
        (f"<{CRS}EPSG/0/3857> POINT(1 2)", "another reference system"),
        ("POINT(1)", "1 numbers"),
        ("POINT(1 2 3 4)", "4 numbers"),
        ("POINT(200 2)", "'200' is no number of degrees from -180 to 180"),
        ("POINT(2 100)", "'100' is no number of degrees from -90 to 90"),
        ("POINT(1 NaN)", "no number"),
        ("POINT(1 2 high)", "no height"),
        ("POINT(1 2", r"no '\)'"),
        ("POINT((1 2))", "0 numbers"),
        ("POINT(1 2) x", "'x' follows"),
        ("POINT EMPTY x", r"no '\('"),
        ("LINESTRING(1 2)", "one position"),
        ("POLYGON((0 0, 1 0, 1 1, 0 1))", "not closed"),
        ("POLYGON(" * 100_000, r"no '\('|0 numbers"),
        ("POINT" + " " * 100_000, "begins no geometry"),
        ("A" * 100_000, "begins no geometry"),
        ("POINT(" + "0" * 100_000 + "x 2)", "no number"),
        ("<" * 100_000, "begins no geometry"),
    ],
)
def test_what_is_no_place_is_refused(text: str, why: str) -> None:
    with pytest.raises(CoordinatesError, match=why):
        geometry(text)


@given(st.text(alphabet="POINTZMULYG<>()., 0123456789eE+-\n"))
def test_no_text_breaks_it(text: str) -> None:
    with suppress(CoordinatesError):
        json.loads(geometry(text))


@given(
    st.from_regex(
        r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?",
        fullmatch=True,
        alphabet=st.characters(max_codepoint=127),
    )
)
def test_a_number_keeps_its_value(text: str) -> None:
    told = json_number(text)
    assert told is not None
    assert float(json.loads(told)) == float(text)


def test_the_command_tells_the_row_and_writes_nothing(command: Run, tmp_path: Path) -> None:
    file = tmp_path / "map.geojson"
    rows = "SELECT ?lat ?long { VALUES (?lat ?long) { (1 2) (91 2) } } ORDER BY ?lat"
    ended = command("query", "-e", rows, "-o", file)
    assert ended.status == 2
    assert "row 2 has no coordinates that GeoJSON can hold: '91' is no number of degrees from -90 to 90" in ended.err
    assert not file.exists()
    ended = command("query", "medals", "-f", "geojson", "--lang", "es")
    assert (ended.status, ended.out) == (2, "")
    assert "esta respuesta no tiene coordenadas" in ended.err


def test_places_are_a_map(command: Run, kg: perezkg.KnowledgeGraph) -> None:
    found = json.loads(command("query", "places", "-f", "geojson").out)["features"]
    rows = kg.query("places")
    assert isinstance(rows, Solutions)
    assert len(found) == len(rows)
    located = {str(row.place): [float(row.longitude), float(row.latitude)] for row in rows if row.latitude is not None}
    assert len(located) > 10
    told = {f["properties"]["place"]: f["geometry"]["coordinates"] for f in found if f["geometry"]}
    assert told == located


def test_no_rows_are_a_map_without_features() -> None:
    assert features(Solutions(("a",), [])) == []
