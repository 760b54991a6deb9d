"""Answers as Python sees them: rows, values, data frames, notebooks."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from perezkg.errors import EngineMissingError
from perezkg.rdf.terms import IRI, native
from perezkg.sparql.results import Boolean, Row, Solutions, Triples

XSD = "http://www.w3.org/2001/XMLSchema#"


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(datatype if ":" in datatype else XSD + datatype))


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (typed("1996", "integer"), 1996),
        (typed("7", "nonNegativeInteger"), 7),
        (typed("4641.0", "decimal"), Decimal("4641.0")),
        (typed("1.5E3", "double"), 1500.0),
        (typed("INF", "double"), float("inf")),
        (typed("true", "boolean"), True),
        (typed("0", "boolean"), False),
        (typed("2008-08-16", "date"), dt.date(2008, 8, 16)),
        (typed("2008-08-16T09:00:00Z", "dateTime"), dt.datetime(2008, 8, 16, 9, tzinfo=dt.UTC)),
        (typed("PT1H17M21S", "dayTimeDuration"), dt.timedelta(seconds=4641)),
        (typed("-P1DT0.5S", "dayTimeDuration"), -dt.timedelta(days=1, seconds=0.5)),
        (typed("1996", "gYear"), "1996"),
        (Literal("Pérez", language="es"), "Pérez"),
        (Literal("x"), "x"),
        (NamedNode("http://e.org/x"), IRI("http://e.org/x")),
        (BlankNode("b0"), "_:b0"),
        (None, None),
        # What a datatype does not allow, or Python cannot hold, stays text.
        (typed("many", "integer"), "many"),
        (typed("2008-02-30", "date"), "2008-02-30"),
        (typed("maybe", "boolean"), "maybe"),
        (typed("1,5", "decimal"), "1,5"),
        (typed("PT", "dayTimeDuration"), "PT"),
        (typed("-44-03-15", "date"), "-44-03-15"),
        (typed("x", "http://e.org/type"), "x"),
    ],
)
def test_values_are_pythons_own(term: Literal | NamedNode | BlankNode | None, value: object) -> None:
    assert native(term) == value
    assert type(native(term)) is type(value)


ANSWER = Solutions(
    ("year", "iri", "terms"),
    [
        (typed("1996", "integer"), NamedNode("http://e.org/<a>"[:13] + "a"), Literal("x & y")),
        (None, None, Literal("<script>")),
    ],
)


def test_rows() -> None:
    row = ANSWER[0]
    assert (row.year, row["year"], row[0], row[-1], len(row)) == (1996, 1996, 1996, "x & y", 3)
    year, iri, words = row
    assert (year, words) == (1996, "x & y")
    assert isinstance(iri, IRI)
    assert row.terms[0] == typed("1996", "integer"), "an attribute of the row; the column is row['terms']"
    assert row["terms"] == "x & y"
    assert row.asdict() == {"year": 1996, "iri": iri, "terms": "x & y"}
    assert row == Row(ANSWER.variables, ANSWER.rows[0])
    assert row != ANSWER[1]
    assert row != (1996,)
    assert "year" in dir(row)
    assert repr(ANSWER[1]) == "Row(year=None, iri=None, terms='<script>')"
    with pytest.raises(AttributeError, match="year, iri, terms"):
        _ = row.place
    with pytest.raises(KeyError):
        row["place"]
    with pytest.raises(IndexError):
        row[3]


def test_solutions_are_a_sequence() -> None:
    assert len(ANSWER) == 2
    assert [row.year for row in ANSWER] == [1996, None]
    assert ANSWER[-1].year is None
    assert ANSWER[:1] == Solutions(ANSWER.variables, ANSWER.rows[:1])
    assert ANSWER[:1] != ANSWER
    assert ANSWER != 3
    assert repr(ANSWER) == "<Solutions: 2 rows of year, iri, terms>"
    assert repr(ANSWER[:1]) == "<Solutions: 1 row of year, iri, terms>"
    assert ANSWER.to_dicts()[1] == {"year": None, "iri": None, "terms": "<script>"}
    assert ANSWER.to_csv().split("\r\n")[0] == "year,iri,terms"
    assert [row.year for row in reversed(ANSWER)] == [None, 1996]


def test_data_frames_have_types() -> None:
    pytest.importorskip("pandas")
    frame = ANSWER.to_pandas()
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "year": "Int64", "iri": "string", "terms": "string"
    }  # fmt: skip
    assert frame["year"].isna().tolist() == [False, True]
    assert frame["terms"].tolist() == ["x & y", "<script>"]
    kinds = Solutions(
        ("float", "bool", "decimal", "nothing", "huge"),
        [
            (
                typed("1.5", "double"),
                typed("true", "boolean"),
                typed("1.5", "decimal"),
                None,
                typed(str(10**30), "integer"),
            )
        ],
    ).to_pandas()
    assert [str(kind) for kind in kinds.dtypes] == ["Float64", "boolean", "object", "object", "object"]
    assert kinds["decimal"][0] == Decimal("1.5")
    assert kinds["huge"][0] == 10**30
    empty = Solutions(("a", "b"), []).to_pandas()
    assert list(empty.columns) == ["a", "b"]
    assert len(empty) == 0


TYPED: dict[str, tuple[list[str | None], str, list[object], str, str]] = {
    "integer": (["1996", None], "integer", [1996, None], "Int64", "int64"),
    "huge": ([str(10**30), "1"], "integer", [Decimal(10**30), Decimal(1)], "Decimal(38, 0)", "decimal128(38, 0)"),
    "decimal": (["1.50", "2"], "decimal", [Decimal("1.50"), Decimal(2)], "Decimal(38, 2)", "decimal128(38, 2)"),
    "long": (["0." + "1" * 39, "2"], "decimal", ["0." + "1" * 39, "2"], "String", "string"),
    "double": (["1.5E0", "-2"], "double", [1.5, -2.0], "Float64", "double"),
    "boolean": (["true", None], "boolean", [True, None], "Boolean", "bool"),
    "date": (["2008-08-16", None], "date", [dt.date(2008, 8, 16), None], "Date", "date32[day]"),
    "partly": (["2008-08-16", "2008-02-30"], "date", ["2008-08-16", "2008-02-30"], "String", "string"),
    "year": (["2008", "-44"], "gYear", ["2008", "-44"], "String", "string"),
    "instant": (
        ["2008-08-16T09:00:00+02:00", "2008-08-16T09:00:00Z"], "dateTime",
        [dt.datetime(2008, 8, 16, 7, tzinfo=dt.UTC), dt.datetime(2008, 8, 16, 9, tzinfo=dt.UTC)],
        "Datetime(time_unit='us', time_zone='UTC')", "timestamp[us, tz=UTC]",
    ),
    "clock": (
        ["2008-08-16T09:00:00", None], "dateTime", [dt.datetime(2008, 8, 16, 9), None],  # noqa: DTZ001 - as it is told
        "Datetime(time_unit='us', time_zone=None)", "timestamp[us]",
    ),
    "both": (
        ["2008-08-16T09:00:00", "2008-08-16T09:00:00Z"], "dateTime",
        ["2008-08-16T09:00:00", "2008-08-16T09:00:00Z"], "String", "string",
    ),
    "duration": (
        ["PT1H17M21S", None], "dayTimeDuration", [dt.timedelta(seconds=4641), None],
        "Duration(time_unit='us')", "duration[us]",
    ),
    "text": (["Pérez", ""], "string", ["Pérez", ""], "String", "string"),
    "nothing": ([None, None], "string", [None, None], "Null", "null"),
}  # fmt: skip
MIXED = Solutions(
    ("numbers", "float", "inexact", "iri", "odd"),
    [
        (typed("1", "integer"), typed("1", "integer"), typed(str(2**53 + 1), "integer"), NamedNode("http://e.org/x"),
         typed("2008", "gYear")),
        (typed("1.5", "decimal"), typed("1.5E0", "double"), typed("1.5E0", "double"), Literal("x", language="en"),
         typed("2008-08-16", "date")),
    ],
)  # fmt: skip


def one_column(texts: list[str | None], datatype: str) -> Solutions:
    return Solutions(("x",), [(None if text is None else typed(text, datatype),) for text in texts])


@pytest.mark.parametrize("name", TYPED)
def test_columns_of_polars_and_arrow_have_types_without_loss(name: str) -> None:
    texts, datatype, values, of_polars, of_arrow = TYPED[name]
    answer = one_column(texts, datatype)
    polars, pyarrow = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    frame, table = answer.to_polars(), answer.to_arrow()
    assert isinstance(frame, polars.DataFrame)
    assert isinstance(table, pyarrow.Table)
    assert frame["x"].to_list() == table["x"].to_pylist() == values
    assert str(frame["x"].dtype).replace("precision=", "").replace("scale=", "") == of_polars
    assert str(table.schema.field("x").type) == of_arrow


def test_columns_of_several_kinds_lose_nothing_either() -> None:
    pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    expected = {
        "numbers": [Decimal(1), Decimal("1.5")],
        "float": [1.0, 1.5],
        "inexact": ["9007199254740993", "1.5E0"],
        "iri": ["http://e.org/x", "x"],
        "odd": ["2008", "2008-08-16"],
    }
    assert MIXED.to_polars().to_dict(as_series=False) == expected
    assert MIXED.to_arrow().to_pydict() == expected
    empty = Solutions(("a", "b"), [])
    assert (empty.to_polars().columns, empty.to_polars().shape) == (["a", "b"], (0, 2))
    assert (empty.to_arrow().column_names, empty.to_arrow().shape) == (["a", "b"], (0, 2))


def test_columns_are_those_of_the_rows() -> None:
    assert ANSWER.to_columns() == {name: [row[name] for row in ANSWER] for name in ANSWER.variables}
    assert Solutions(("a",), []).to_columns() == {"a": []}


@pytest.mark.parametrize(("module", "extra"), [("pandas", "pandas"), ("polars", "polars"), ("pyarrow", "arrow")])
def test_a_library_that_is_missing_is_named_with_its_extra(
    module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(EngineMissingError, match=rf"{module} is not installed\n.*'perezkg\[{extra}\]'"):
        getattr(ANSWER, f"to_{extra}")()


def test_boolean() -> None:
    assert Boolean(True)
    assert not Boolean(False)
    assert Boolean(True) == Boolean(True)
    assert True == Boolean(True)  # noqa: SIM300, E712 - equality with a bool is what is tested
    assert Boolean(True) != Boolean(False)
    assert hash(Boolean(True)) == hash(True)
    assert repr(Boolean(False)) == "Boolean(False)"


def test_triples() -> None:
    one, two = (Triple(NamedNode("http://e.org/a"), NamedNode("http://e.org/p"), Literal(text)) for text in "ab")
    answer = Triples([one, two])
    assert len(answer) == 2
    assert list(answer) == [one, two]
    assert answer[1] == two
    assert one in answer
    assert answer == Triples([two, one])
    assert answer != Triples([one])
    assert repr(answer) == "<Triples: 2>"
    assert "http://e.org/p" in answer.to_turtle()
