"""Lexical forms and order of values, as XML Schema 1.1 has them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perezkg.rdf.terms import INTEGERS
from perezkg.rdf.xsd import compare, is_well_formed
from perezkg.vocabulary import XSD

FORMS = {
    "boolean": ("true false 1 0", "TRUE yes 2 t"),
    "integer": ("0 -0 +7 007 99999999999999999999999", "1_000 ١٢ 1,000 1.0 1e3 - +-1"),
    "byte": ("127 -128 +0", "128 -129"),
    "unsignedByte": ("0 255 -0", "256 -1"),
    "long": ("9223372036854775807 -9223372036854775808", "9223372036854775808"),
    "positiveInteger": ("1", "0 -1"),
    "negativeInteger": ("-1", "0 1"),
    "nonPositiveInteger": ("0 -1", "1"),
    "decimal": ("1. .5 -0.0 +1", ". 1e0 INF 1,5 1_0.5"),
    "double": ("1 1e0 .5E-3 INF -INF +INF NaN", "inf nan infinity 1e 0x1 1_0"),
    "float": ("1.5 -1e-40 NaN", "1f NAN"),
    "gYear": ("1996 0000 -0044 12026 1996Z 1996+14:00 1996-13:59", "96 02026 +1996 1996-02 1996+14:01 -44"),
    "gYearMonth": ("2008-12 -0001-01 10000-02Z", "2008-99 2008-1 2008-00 2008"),
    "gMonth": ("--01 --12+05:00", "--13 --1 01"),
    "gDay": ("---31 ---01Z", "---32 ---00"),
    "gMonthDay": ("--02-29 --12-31", "--02-30 --04-31"),
    "date": (
        "1996-07-26 2000-02-29 0000-02-29 -0004-02-29 12024-02-29 1996-07-26Z",
        "1996-7-26 1900-02-29 -0001-02-29 1996-04-31 1996-07-26T00:00:00 26/07/1996",
    ),
    "time": ("00:00:00 23:59:59.123456789 24:00:00 10:00:00-05:00", "24:00:01 23:59:60 10:00 10:00:00. 1:00:00"),
    "dateTime": (
        "1996-07-26T09:00:00 2008-08-16T24:00:00 -0044-03-15T12:00:00Z 1996-07-26T09:00:00.5-05:00",
        "1996-07-26 1996-07-26T9:00:00 1996-02-30T09:00:00 1996-07-26T25:00:00 1996-07-26t09:00:00",
    ),
    "dateTimeStamp": ("1996-07-26T09:00:00Z", "1996-07-26T09:00:00"),
    "duration": ("P1Y -P1M P1Y2M3DT4H5M6.7S PT0S P0D", "P PT P1YT P1S P1.5D 1Y P1M1Y P-1D"),
    "yearMonthDuration": ("P1Y P13M -P1Y2M", "P1D P P1YT"),
    "dayTimeDuration": ("P1D PT1H -PT0.5S", "P1M P1Y P1DT"),
    "hexBinary": ("0fB7 00", "f 0g"),
    "base64Binary": ("YQ== YWI= YWJj", "Y YQ YQ= YR== YW*j"),
    "language": ("en es-EC zh-Hant-TW x-a", "1 en_US toolonglong en-"),
    "NCName": ("a _a é a.b-1", "a:b 1a -a"),
    "Name": ("a:b :a", "1a"),
    "NMTOKEN": ("1a -a a:b", "a/b a|b"),
}


@pytest.mark.parametrize("name", FORMS)
def test_lexical_forms(name: str) -> None:
    well_formed, others = (forms.split() for forms in FORMS[name])
    assert [form for form in well_formed if not is_well_formed(form, XSD + name)] == []
    assert [form for form in others if is_well_formed(form, XSD + name)] == []
    for form in well_formed:  # RDF takes no white space away (Concepts, 5.3)
        assert not any(is_well_formed(spaced, XSD + name) for spaced in (f" {form}", f"{form}\n", f"{form}\t"))
    assert not is_well_formed("\x00", XSD + name)


def test_forms_with_spaces() -> None:
    assert is_well_formed("Y Q = =", XSD + "base64Binary")
    assert is_well_formed("a b", XSD + "token")
    assert not any(is_well_formed(text, XSD + "token") for text in (" a", "a  b", "a\n", "a\tb"))
    assert is_well_formed(" a  b ", XSD + "normalizedString")
    assert not is_well_formed("a\nb", XSD + "normalizedString")
    assert is_well_formed("", XSD + "hexBinary")


def test_each_text_is_one_of_other_datatypes() -> None:
    for datatype in (XSD + "string", XSD + "anyURI", XSD + "none", "http://example.org/year", ""):
        assert is_well_formed("a\n ", datatype)


def test_integers_of_each_kind_have_forms() -> None:
    assert not [datatype for datatype in INTEGERS if is_well_formed("x", datatype)]


@given(st.dates(), st.times())
def test_what_python_writes_is_well_formed(day: date, time: object) -> None:
    assert is_well_formed(str(day), XSD + "date")
    assert is_well_formed(f"{day}T{time}", XSD + "dateTime")


@given(st.dates(), st.dates())
def test_dates_are_ordered_as_python_orders_them(one: date, other: date) -> None:
    assert compare((str(one), XSD + "date"), (str(other), XSD + "date")) == (one > other) - (one < other)


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=ZONES)  # noqa: DTZ001


@given(MOMENTS, MOMENTS)
def test_moments_are_ordered_as_python_orders_them(one: datetime, other: datetime) -> None:
    values = [(moment.isoformat(), XSD + "dateTime") for moment in (one, other)]
    assert compare(values[0], values[1]) == (one > other) - (one < other)


@given(*[st.decimals(allow_nan=False, allow_infinity=False) | st.floats(allow_nan=False) for _ in range(2)])
def test_numbers_are_ordered_by_value(one: Decimal | float, other: Decimal | float) -> None:
    def value(number: Decimal | float) -> tuple[str, str]:
        if isinstance(number, float):
            return str(number).replace("inf", "INF"), XSD + "double"
        return format(number, "f"), XSD + "decimal"

    if isinstance(one, float) or isinstance(other, float):
        one, other = float(one), float(other)  # XPath Functions 3.1, 4.4: decimals are promoted
    assert compare(value(one), value(other)) == (one > other) - (one < other)


ASCENDING = {
    "gYear": "-0100 -0044 -0001 0000 0001 1999 2024 9999 12026",
    "gYearMonth": "-0001-12 0000-01 1999-12 2000-01 10000-01",
    "gMonthDay": "--01-31 --02-29 --03-01 --12-31",
    "gDay": "---01 ---31",
    "gMonth": "--01 --11 --12",
    "date": "-0001-12-31 0000-02-29 0000-03-01 1900-02-28 1900-03-01 2008-08-16+05:00 2008-08-16Z 2008-08-17+12:30",
    "time": "00:00:00 09:30:00 09:30:00.001 23:59:59",
    "dateTime": "-0044-03-15T12:00:00Z 2008-08-16T23:59:59.999Z 2008-08-16T24:00:00Z 2008-08-17T00:00:00.1Z",
    "duration": "-P1Y -P1M P0D P27D P1M P32D P11M P1Y P367D",
    "yearMonthDuration": "-P1M P0M P11M P1Y P13M",
    "dayTimeDuration": "-P1D PT0S PT59.9S PT1M PT23H P1D PT25H",
    "integer": "-99999999999999999999 -1 0 99999999999999999998 99999999999999999999",
    "double": "-INF -1e300 0 1e-300 1e300 INF",
    "boolean": "false true",
    "string": "A Z a z é 中",
}


@pytest.mark.parametrize("name", ASCENDING)
def test_order(name: str) -> None:
    values = [(form, XSD + name) for form in ASCENDING[name].split()]
    assert [(one, other) for one, other in pairwise(values) if compare(one, other) != -1] == []
    assert [(one, other) for one, other in pairwise(values) if compare(other, one) != 1] == []
    assert all(compare(value, value) == 0 for value in values)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1^^decimal", "01^^byte"),
        ("1e0^^double", "1^^integer"),
        ("true^^boolean", "1^^boolean"),
        ("+INF^^double", "INF^^float"),
        ("P1Y^^duration", "P12M^^yearMonthDuration"),
        ("P1D^^dayTimeDuration", "PT24H^^duration"),
        ("0^^double", "-0^^double"),
        ("2008-08-16T24:00:00^^dateTime", "2008-08-17T00:00:00^^dateTime"),
        ("10:00:00Z^^time", "12:00:00+02:00^^time"),
    ],
)
def test_equal_values(left: str, right: str) -> None:
    (one, kind), (other, other_kind) = left.split("^^"), right.split("^^")
    assert compare((one, XSD + kind), (other, XSD + other_kind)) == 0


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("NaN^^double", "NaN^^double"),
        ("NaN^^float", "1^^integer"),
        ("1^^string", "1^^integer"),
        ("a^^token", "a^^token"),
        ("P1M^^duration", "P30D^^duration"),
        ("P1Y^^duration", "P365D^^duration"),
        ("2024^^gYear", "2024-01^^gYearMonth"),
        ("2024-01-01^^date", "2024-01-01T00:00:00^^dateTime"),
        ("x^^integer", "1^^integer"),
        ("2004-13^^gYearMonth", "2004-12^^gYearMonth"),
        ("2024-01-01T00:00:00^^dateTime", "2024-01-01T14:00:00Z^^dateTime"),
        ("2024-01-01^^date", "2024-01-01Z^^date"),
        ("10:00:00^^time", "10:00:00Z^^time"),
        ("2024^^gYear", "2024Z^^gYear"),
        (f"{'9' * 5000}^^gYear", "2024^^gYear"),
        (f"P{'9' * 5000}Y^^duration", "P1Y^^duration"),
    ],
)
def test_what_has_no_order(left: str, right: str) -> None:
    (one, kind), (other, other_kind) = left.split("^^"), right.split("^^")
    assert compare((one, XSD + kind), (other, XSD + other_kind)) is None
    assert compare((other, XSD + other_kind), (one, XSD + kind)) is None


def test_without_a_zone_far_away() -> None:
    assert compare(("2024-01-01T00:00:00", XSD + "dateTime"), ("2024-01-01T14:00:01Z", XSD + "dateTime")) == -1
    assert compare(("2024-01-03", XSD + "date"), ("2024-01-01Z", XSD + "date")) == 1
