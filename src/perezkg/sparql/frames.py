"""Answers as data frames: of pandas, of polars, and as tables of Arrow.

A column has a type only where it holds each of its values without loss. What has none stays Python objects in pandas,
which has such columns, and becomes text elsewhere: the text of each term, as CSV has it.
"""

from __future__ import annotations

import datetime as dt
from decimal import Context, Decimal
from importlib import import_module
from typing import TYPE_CHECKING

from perezkg.errors import EngineMissingError
from perezkg.rdf.terms import IRI, as_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Protocol

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from perezkg.rdf.terms import Term

    class Solutions(Protocol):
        """What is needed of an answer here; `perezkg.sparql.results.Solutions` has it."""

        variables: tuple[str, ...]
        rows: list[tuple[Term | None, ...]]

        def to_columns(self) -> dict[str, list[Any]]:
            """Return one list a column, by its name, of Python values."""


_DIGITS = 38  # that decimals of polars and Arrow hold
_EXACT = 2**53  # up to here, a float holds each integer


def required(name: str, extra: str) -> Any:  # noqa: ANN401 - a module
    """Return a module that an extra of perezkg brings.

    Raises:
        EngineMissingError: It is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise EngineMissingError(
            f"{name} is not installed", hint=f"Install it: pip install 'perezkg[{extra}]'"
        ) from None


def pandas_frame(answer: Solutions) -> pd.DataFrame:
    """Return a data frame of pandas; see `Solutions.to_pandas`."""
    pandas = required("pandas", "pandas")
    frame = {}
    for name, values in answer.to_columns().items():
        kind = _kind(values)
        dtype = {"integer": "Int64", "float": "Float64", "boolean": "boolean", "text": "string"}.get(kind, "object")
        # An IRI is a str of its own type, and pandas wants the plain one.
        plain = [str(value) if dtype == "string" and value is not None else value for value in values]
        frame[name] = pandas.Series(plain, dtype=dtype)
    found: pd.DataFrame = pandas.DataFrame(frame, columns=list(answer.variables))
    return found


def polars_frame(answer: Solutions) -> pl.DataFrame:
    """Return a data frame of polars; see `Solutions.to_polars`."""
    polars = required("polars", "polars")
    types = {
        "integer": polars.Int64,
        "float": polars.Float64,
        "boolean": polars.Boolean,
        "text": polars.String,
        "date": polars.Date,
        "instant": polars.Datetime("us", "UTC"),
        "clock": polars.Datetime("us"),
        "duration": polars.Duration("us"),
        "nothing": polars.Null,
    }
    columns = []
    for name, (kind, scale, values) in _typed(answer).items():
        dtype = polars.Decimal(_DIGITS, scale) if kind == "decimal" else types[kind]
        columns.append(polars.Series(name, values, dtype=dtype))
    found: pl.DataFrame = polars.DataFrame(columns)
    return found


def arrow_table(answer: Solutions) -> pa.Table:
    """Return a table of Arrow; see `Solutions.to_arrow`."""
    pyarrow = required("pyarrow", "arrow")
    types = {
        "integer": pyarrow.int64(),
        "float": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "text": pyarrow.string(),
        "date": pyarrow.date32(),
        "instant": pyarrow.timestamp("us", tz="UTC"),
        "clock": pyarrow.timestamp("us"),
        "duration": pyarrow.duration("us"),
        "nothing": pyarrow.null(),
    }
    arrays = [
        pyarrow.array(values, pyarrow.decimal128(_DIGITS, scale) if kind == "decimal" else types[kind])
        for kind, scale, values in _typed(answer).values()
    ]
    found: pa.Table = pyarrow.Table.from_arrays(arrays, names=list(answer.variables))
    return found


def _typed(answer: Solutions) -> dict[str, tuple[str, int, list[Any]]]:
    """Return for each column its kind, the digits behind the point of its decimals, and its values."""
    found: dict[str, tuple[str, int, list[Any]]] = {}
    for number, (name, values) in enumerate(answer.to_columns().items()):
        kind, scale = _kind(values), 0
        if kind in ("various", "decimal"):
            kind, scale, values = _number(values)  # noqa: PLW2901 - the same as the types below want them
        if kind in ("text", "mixed"):
            kind, values = "text", [as_text(row[number], str) if row[number] else None for row in answer.rows]  # noqa: PLW2901
        found[name] = kind, scale, values
    return found


def _kind(values: Sequence[Any]) -> str:
    """Return what all values of a column are."""
    told = [value for value in values if value is not None]
    kinds = {type(value) for value in told}
    if not kinds:
        return "nothing"
    if kinds == {int}:
        return "integer" if all(-(2**63) <= value < 2**63 for value in told) else "various"
    if kinds == {dt.datetime}:
        aware = {value.tzinfo is not None for value in told}
        return "mixed" if len(aware) > 1 else "instant" if True in aware else "clock"
    if kinds <= {str, IRI}:
        return "text"
    if kinds <= {int, float, Decimal} and len(kinds) > 1:
        return "various"
    one = {float: "float", bool: "boolean", Decimal: "decimal", dt.date: "date", dt.timedelta: "duration"}
    return one.get(kinds.pop(), "mixed") if len(kinds) == 1 else "mixed"


def _number(values: list[Any]) -> tuple[str, int, list[Any]]:
    """Return numbers of several kinds, or with many digits, as those of one kind that loses nothing; else as mixed."""
    told = [value for value in values if value is not None]
    if any(type(value) is float for value in told):
        exact = all(type(value) is float or (type(value) is int and abs(value) <= _EXACT) for value in told)
        return (
            ("float", 0, [None if value is None else float(value) for value in values]) if exact else ("mixed", 0, [])
        )
    decimals = [Decimal(value).as_tuple() for value in told]
    scale = max(-int(value.exponent) for value in decimals)
    whole = max(len(value.digits) + int(value.exponent) for value in decimals)
    if max(scale, 0) + max(whole, 0) > _DIGITS:
        return "mixed", 0, []
    scale = max(scale, 0)
    # Polars 1.0 wants as many digits behind the point in each value.
    unit, exact_context = Decimal((0, (1,), -scale)), Context(prec=_DIGITS)
    same = [None if value is None else Decimal(value).quantize(unit, context=exact_context) for value in values]
    return "decimal", scale, same
