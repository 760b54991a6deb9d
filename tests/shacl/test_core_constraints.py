"""Constraints on values are judged by XML Schema, XPath and SPARQL: lexical forms, order, patterns, language ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from tests.shacl.test_shapes_of_others import checked

from perezkg.shacl.core_constraints import adopted
from perezkg.shacl.shapes import ShapesError

if TYPE_CHECKING:
    from pathlib import Path


def refused(folder: Path, values: str, constraint: str) -> list[str]:
    """Return the values of ex:v that break a constraint."""
    report = checked(
        folder,
        f"ex:p a ex:P ; ex:v {values} .",
        f"ex:S a sh:NodeShape ; sh:targetClass ex:P ; sh:property [ sh:path ex:v ; {constraint} ] .",
    )
    return sorted(getattr(result.value, "value", "") for result in report)


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        ("integer", "7 -007", "1_000 ١٢ 1,000 seven"),
        ("decimal", "1. -0.5", "1e0 .,5"),
        ("double", "1e0 NaN INF", "nan Infinity"),
        ("boolean", "true 0", "True yes"),
        ("byte", "127", "128"),
        ("gYear", "1996 -0044 12026 0000", "96 2004-13"),
        ("gYearMonth", "2008-12", "2008-99 2008"),
        ("date", "-0044-03-15 0000-02-29 12026-01-01 1996-07-26Z", "1996-02-30 26.7.1996"),
        ("dateTime", "2008-08-16T24:00:00 -0001-01-01T00:00:00Z", "2008-08-16 2008-08-16T9:00:00"),
        ("duration", "PT1H20M23S", "1:20:23 P"),
        ("dayTimeDuration", "P1D", "P1M"),
        ("hexBinary", "0f", "0"),
        ("language", "es-EC", "es_EC"),
    ],
)
def test_lexical_forms(tmp_path: Path, datatype: str, good: str, bad: str) -> None:
    values = " , ".join(f'"{form}"^^xsd:{datatype}' for form in (*good.split(), *bad.split()))
    assert refused(tmp_path, values, f"sh:datatype xsd:{datatype}") == sorted(bad.split())


def test_datatypes_that_are_none_of_xml_schema(tmp_path: Path) -> None:
    assert refused(tmp_path, '"x"^^ex:mark , "x"', "sh:datatype ex:mark") == ["x"]
    rdf = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>"
    assert refused(tmp_path, '"a"@en , "b" , ex:c', f"sh:datatype {rdf}") == ["b", "http://e.org/c"]
    assert refused(tmp_path, '"a"@en , "b" , 1', "sh:datatype xsd:string") == ["1", "a"]


@pytest.mark.parametrize(
    ("constraint", "values", "bad"),
    [
        ('sh:maxInclusive "2024"^^xsd:gYear', '"2025"^^xsd:gYear , "2024"^^xsd:gYear , "1999"^^xsd:gYear', ["2025"]),
        ('sh:minInclusive "2000"^^xsd:gYear', '"12026"^^xsd:gYear , "-0044"^^xsd:gYear', ["-0044"]),
        (
            'sh:minExclusive "2000-02"^^xsd:gYearMonth',
            '"2000-02"^^xsd:gYearMonth , "2000-03"^^xsd:gYearMonth',
            ["2000-02"],
        ),
        ('sh:maxExclusive "-0001-01-01"^^xsd:date', '"-0044-03-15"^^xsd:date , "0000-01-01"^^xsd:date', ["0000-01-01"]),
        (
            'sh:maxInclusive "PT1H20M"^^xsd:duration',
            '"PT80M"^^xsd:duration , "PT1H20M1S"^^xsd:dayTimeDuration',
            ["PT1H20M1S"],
        ),
        ('sh:maxInclusive "P1M"^^xsd:duration', '"P30D"^^xsd:duration , "P27D"^^xsd:duration', ["P30D"]),
        (
            "sh:minInclusive 1.5",
            '1 , 2 , 1.5 , 1.5e0 , "2"^^xsd:byte , "NaN"^^xsd:double , "3" , "2.0"^^xsd:float',
            ["1", "3", "NaN"],
        ),
        ('sh:minInclusive "NaN"^^xsd:double', "1 , 2e0", ["1", "2e0"]),
        ('sh:maxExclusive "INF"^^xsd:double', '1 , "INF"^^xsd:double , "NaN"^^xsd:double', ["INF", "NaN"]),
        (
            "sh:minInclusive 99999999999999999999",
            "99999999999999999998 , 100000000000000000000",
            ["99999999999999999998"],
        ),
        ('sh:minInclusive "b"', '"a" , "b" , "c"@en , 1 , ex:d , []', ["1", "a", "b1", "c", "http://e.org/d"]),
        (
            'sh:minInclusive "2024-01-01T00:00:00Z"^^xsd:dateTime',
            '"2024-01-01T10:00:00"^^xsd:dateTime , "2024-01-02T00:00:00"^^xsd:dateTime , "2024-01-01"^^xsd:date',
            ["2024-01-01", "2024-01-01T10:00:00"],
        ),
        ("sh:minInclusive 1", '"x"^^xsd:integer , "1_0"^^xsd:integer', ["1_0", "x"]),
    ],
)
def test_bounds(tmp_path: Path, constraint: str, values: str, bad: list[str]) -> None:
    assert refused(tmp_path, values, constraint) == sorted(bad)


@pytest.mark.parametrize(
    ("earlier", "later", "less", "at_most"),
    [
        ('"1999"^^xsd:gYear', '"2024"^^xsd:gYear', 0, 0),
        ('"-0002"^^xsd:gYear', '"-0001"^^xsd:gYear', 0, 0),
        ('"12026"^^xsd:gYear', '"2026"^^xsd:gYear', 1, 1),
        ('"2024"^^xsd:gYear', '"2024"^^xsd:gYear', 1, 0),
        ("1 , 2", "2 , 3.0", 1, 0),
        ("5 , 6", "1 , 2", 4, 4),
        ("1", '"2"', 1, 1),
        ('"2024"^^xsd:gYear', '"2024-05-01"^^xsd:date', 1, 1),
        ("ex:a", "ex:b", 1, 1),
        ("[]", "1", 1, 1),
        ("1", "[]", 1, 1),
        ('"NaN"^^xsd:double', "1", 1, 1),
    ],
)
def test_pairs(tmp_path: Path, earlier: str, later: str, less: int, at_most: int) -> None:
    data = f"ex:p a ex:P ; ex:v {earlier} ; ex:w {later} ."
    for name, count in (("lessThan", less), ("lessThanOrEquals", at_most)):
        shape = f"ex:S a sh:NodeShape ; sh:targetClass ex:P ; sh:property [ sh:path ex:v ; sh:{name} ex:w ] ."
        assert len(checked(tmp_path, data, shape)) == count


@pytest.mark.parametrize(
    ("constraint", "values", "bad"),
    [
        (r'sh:pattern "^\\p{Lu}\\p{Ll}+$"', '"Élan" , "x"', ["x"]),
        (r'sh:pattern "^\\i\\c*$"', '"a:b" , "1a"', ["1a"]),
        ('sh:pattern "^[a-z-[aeiou]]+$"', '"bcd" , "bad"', ["bad"]),
        ('sh:pattern "^a$"', '"a" , "a\\n"', ["a\n"]),
        ('sh:pattern "a.b" ; sh:flags "s"', '"a\\nb" , "ab"', ["ab"]),
        ('sh:pattern "a.b" ; sh:flags "q"', '"a.b" , "axb"', ["axb"]),
        ('sh:pattern "a b" ; sh:flags "x"', '"ab" , "a b"', ["a b"]),
        ('sh:pattern "É" ; sh:flags "i"', '"é" , "e"', ["e"]),
        ('sh:pattern "^b" ; sh:flags "m"', '"a\\nb" , "ab"', ["ab"]),
        ('sh:pattern "e"', "ex:e , [] , 1.5e0 , 2", ["2", "b1"]),
        ('sh:pattern "a", "b"', '"ab" , "a"', ["a"]),
    ],
)
def test_patterns(tmp_path: Path, constraint: str, values: str, bad: list[str]) -> None:
    assert refused(tmp_path, values, constraint) == sorted(bad)


@pytest.mark.parametrize(
    ("ranges", "good", "bad"),
    [
        ('"en"', '"a"@en , "b"@en-GB , "c"@EN-gb-oed', '"d"@eng , "e" , "f"@es'),
        ('"en-GB"', '"a"@en-gb , "b"@en-GB-oed', '"c"@en , "d"@en-US , "e"@en-gbx'),
        ('"de-CH" "zh-Hant"', '"a"@zh-Hant-TW , "b"@de-CH-1996', '"c"@zh , "d"@zh-TW , "e"@de'),
        ('"*"', '"a"@en , "b"@x-c', '"c" , 1 , ex:d'),
        ("", "", '"a"@en'),
    ],
)
def test_language_ranges(tmp_path: Path, ranges: str, good: str, bad: str) -> None:
    constraint = f"sh:languageIn ( {ranges} )"
    assert len(refused(tmp_path, bad, constraint)) == bad.count(",") + 1
    if good:
        assert refused(tmp_path, good, constraint) == []


@pytest.mark.parametrize(
    ("constraint", "at", "reason"),
    [
        (r'sh:pattern "\\bfoo"', r'"\\bfoo"', r'"\b" at character 1 is not of XPath'),
        (r'sh:pattern "a" , "(?=b)"', '"(?=b)"', '"(?=" at character 1'),
        (r'sh:pattern "\\p{IsGreek}"', r'"\\p{Is', "blocks of Unicode are not supported"),
        ('sh:pattern "a" ; sh:flags "g"', '"a"', 'there is no flag "g"'),
        ("sh:datatype xsd:date , xsd:gYear", "sh:property", "must have at most one sh:datatype"),
        ('sh:minCount "x"', "sh:property", ""),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, constraint: str, at: str, reason: str) -> None:
    shapes = f"ex:S a sh:NodeShape ;\n  sh:targetClass ex:P ;\n  sh:property ex:Q .\nex:Q sh:path ex:v ; {constraint} ."
    with pytest.raises(ShapesError) as caught:
        checked(tmp_path, "ex:p a ex:P ; ex:v 1 .", shapes)
    assert reason in caught.value.message
    assert caught.value.path.endswith("shapes.ttl")
    assert caught.value.line == 6
    if at != "sh:property":
        assert caught.value.source_line[caught.value.column - 1 :].startswith(at)


def test_pyshacl_is_left_as_it_was(tmp_path: Path) -> None:
    before = dict(CONSTRAINT_PARAMETERS_MAP)
    with adopted():
        assert before != CONSTRAINT_PARAMETERS_MAP
    refused(tmp_path, "1", "sh:datatype xsd:integer")
    assert before == CONSTRAINT_PARAMETERS_MAP
