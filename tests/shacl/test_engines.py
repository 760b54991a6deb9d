"""Every engine of SHACL Core finds the same: node, path, value, component, shape, severity and words of each result."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Quad, RdfFormat, serialize
from tests.every_case import ALL
from tests.mutation.campaign import Plan
from tests.suites.expecting import parameters

import perezkg
from perezkg.errors import EngineMissingError, RemoteAccessRefusedError, UsageError
from perezkg.rdf import reading
from perezkg.rdf.reading import DataFile
from perezkg.shacl.engines import ENGINES
from perezkg.shacl.shapes import ShapesError
from perezkg.shacl.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.suites.manifests import Case

    from perezkg.shacl.report import Result

HERE = Path(__file__).parent
GALLERY = sorted((HERE.parent / "broken").glob("*.ttl"))
# The whole gallery takes four minutes, so one file in twelve, unless it is asked for.
STEP = 1 if ALL else 12
VALID = str(HERE.parent / "broken" / "_valid.ttl")
# Half a second each, by pyshacl: PEREZKG_MUTANTS=400 pytest -m slow tests/shacl/test_engines.py
MUTANTS = int(os.environ.get("PEREZKG_MUTANTS", "0")) or 40
SAMPLES = sorted(path.name.removesuffix(".shapes.ttl") for path in (HERE / "samples").glob("*.shapes.ttl"))
PREFIXES = """@prefix ex: <http://e.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture
def shacl() -> None:
    pytest.importorskip("shacl", reason='the engine shacl is not installed: pip install "perezkg[fast]"')


def found(engine: str, data: DataFile, shapes: DataFile | None = None) -> Counter[tuple[object, ...]] | str:
    """Return each result as it is compared, and how often it comes; or why the shapes are refused."""
    try:
        report = validate([data], shapes=None if shapes is None else [shapes], engine=engine)
    except (ShapesError, RemoteAccessRefusedError) as error:
        # Of several that are at fault, each engine tells of another; blank nodes have another name each time.
        return re.sub(r"'[0-9a-f]+' exists|_:\w+", "", error.message)
    assert report.engine is not None
    assert report.engine.name == engine
    return Counter(map(_facts, (*report.results, *report.unchecked)))


def _facts(result: Result) -> tuple[object, ...]:
    shape = "_" if isinstance(result.shape, BlankNode) else result.shape
    return (
        result.place, str(result.focus), str(result.path), str(result.value), result.component, shape,
        result.severity_iri, result.rule, tuple(sorted(result.messages.items())),
    )  # fmt: skip


def same(data: DataFile, shapes: DataFile | None = None) -> Counter[tuple[object, ...]] | str:
    wanted = found("pyshacl", data, shapes)
    assert found("shacl", data, shapes) == wanted
    return wanted


def turtle(text: str) -> DataFile:
    return DataFile("some.ttl", (PREFIXES + text).encode(), RdfFormat.TURTLE)


@pytest.mark.usefixtures("shacl")
@pytest.mark.parametrize("path", GALLERY[::STEP], ids=lambda path: path.stem)
def test_the_gallery_of_faults(path: Path) -> None:
    assert bool(same(reading.read(str(path)))) != path.name.startswith("_")


@pytest.mark.slow
@pytest.mark.usefixtures("shacl")
def test_mutants() -> None:
    """Valid data, each time with another small fault that nobody thought of."""
    plan = Plan(data=(VALID,), sample=MUTANTS)
    facts = plan.facts()
    seen = 0
    for mutant in plan.mutants(facts):
        triples = (facts.present - set(mutant.removed)) | set(mutant.added)
        lines = serialize((Quad(*triple) for triple in sorted(triples, key=str)), format=RdfFormat.N_TRIPLES)
        seen += bool(same(DataFile(f"{mutant}.nt", lines, RdfFormat.N_TRIPLES)))
    assert seen > MUTANTS / 2


@pytest.mark.usefixtures("shacl")
@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_of_shapes(name: str) -> None:
    data, shapes = (reading.read(str(HERE / f"samples/{name}.{part}.ttl")) for part in ("data", "shapes"))
    assert same(data, shapes)


@pytest.mark.usefixtures("shacl")
@pytest.mark.parametrize(
    "case",
    [
        # Also where pyshacl is known to fail, the engines agree.
        pytest.param(*row.values, id=row.id, marks=[mark for mark in row.marks if mark.name == "skip"])
        for suite in ("shacl-core", "shacl-sparql")
        for row in parameters(suite)
    ],
)
def test_the_suite_of_the_w3c(case: Case) -> None:
    assert case.shapes is not None
    same(reading.read(str(case.action)), reading.read(str(case.shapes)))


VALUES = """
    7 , -007 , "1_000"^^xsd:integer , "128"^^xsd:byte , "-1"^^xsd:nonNegativeInteger , 99999999999999999999 , 1.50 ,
    0.1234567890123456789012 , 1e0 , "NaN"^^xsd:double , "INF"^^xsd:double , "nan"^^xsd:double , "1e39"^^xsd:float ,
    true , "True"^^xsd:boolean , "1996"^^xsd:gYear , "96"^^xsd:gYear , "12026"^^xsd:gYear , "2004-13"^^xsd:gYear ,
    "2008-99"^^xsd:gYearMonth , "1996-07-26"^^xsd:date , "1996-02-30"^^xsd:date , "-0044-03-15"^^xsd:date ,
    "1996-07-26Z"^^xsd:date , "2008-08-16T24:00:00"^^xsd:dateTime , "2008-08-16T09:00:00Z"^^xsd:dateTime ,
    "P1M"^^xsd:dayTimeDuration , "PT80M"^^xsd:duration , "P30D"^^xsd:duration , "a" , "a\\nb" , "a\\rb" , "a b" ,
    "\\u00A0" , " " , "" , "a\\"b\\\\" , "😀😀" , "É" , "ı" , "a"@en , "b"@en , "a"@en-gb , "a"@es , ex:iri , [] ,
    [ ex:w 2 ; ex:v 3 ] , "x"^^ex:own
"""
CONSTRAINTS = [
    *(f"sh:datatype xsd:{name}" for name in ("integer", "decimal", "byte", "double", "boolean", "gYear", "date")),
    *(f"sh:datatype xsd:{name}" for name in ("gYearMonth", "dateTime", "duration", "string")),
    "sh:datatype ex:own",
    "sh:minInclusive 2",
    "sh:maxExclusive 1.5",
    'sh:maxInclusive "2000"^^xsd:gYear',
    'sh:minExclusive "1990-01-01"^^xsd:date',
    'sh:minInclusive "PT1H"^^xsd:duration',
    'sh:minInclusive "a"',
    "sh:minLength 2",
    "sh:maxLength 1",
    r'sh:pattern "^\\S+$"',
    'sh:pattern "^a.b$"',
    'sh:pattern "^[^a-z]$"',
    'sh:pattern "é|i" ; sh:flags "i"',
    r'sh:pattern "^\\p{Lu}"',
    'sh:pattern "[a-z-[b]]"',
    'sh:languageIn ( "en" )',
    'sh:languageIn ( "en-GB" "es" )',
    "sh:uniqueLang true",
    "sh:nodeKind sh:IRI",
    "sh:class ex:C",
    "sh:maxCount 3",
    "sh:minCount 99",
    'sh:in ( 7 1.5 "a" "96"^^xsd:gYear ex:iri )',
    'sh:hasValue "97"^^xsd:gYear',
    "sh:hasValue 07",
    "sh:equals ex:w",
    "sh:disjoint ex:w",
    "sh:lessThan ex:w",
    "sh:lessThanOrEquals ex:w",
    "sh:node [ sh:nodeKind sh:Literal ; sh:maxLength 4 ]",
    "sh:not [ sh:datatype xsd:integer ]",
    "sh:or ( [ sh:datatype xsd:integer ] [ sh:nodeKind sh:IRI ] )",
    "sh:xone ( [ sh:datatype xsd:byte ] [ sh:minInclusive 5 ] )",
    "sh:qualifiedValueShape [ sh:datatype xsd:gYear ] ; sh:qualifiedMinCount 3 ; sh:qualifiedMaxCount 1",
    "sh:property [ sh:path ex:w ; sh:minCount 1 ]",
    "sh:node [ sh:closed true ; sh:property [ sh:path ex:w ] ]",
]


@pytest.mark.usefixtures("shacl")
@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_values_of_all_kinds(constraint: str) -> None:
    data = turtle(f'ex:s a ex:S ; ex:v {VALUES} ; ex:w 7 , "1990"^^xsd:gYear , "PT1H"^^xsd:duration , "a"@en .')
    path = (
        f'ex:P a sh:NodeShape ; sh:targetClass ex:S ; sh:property [ sh:path ex:v ; sh:message "m"@en ; {constraint} ] .'
    )
    assert same(data, turtle(path))
    same(data, turtle(path.replace('sh:message "m"@en ; ', "")))


@pytest.mark.usefixtures("shacl")
@pytest.mark.parametrize(
    "shapes",
    [
        "ex:P a sh:NodeShape ; sh:targetClass ex:S ; sh:property [ sh:path ex:v ; sh:minCount 'x' ] .",
        "ex:P a sh:NodeShape ; sh:targetClass ex:S ; sh:property [ sh:path ex:v , ex:w ; sh:minCount 1 ] .",
        "ex:P a sh:NodeShape ; sh:targetClass ex:S ; sh:property [ sh:minCount 1 ] .",
        "ex:P a sh:NodeShape ; sh:targetClass ex:S ; sh:and ex:none .",
        "ex:P a sh:NodeShape ; sh:targetClass ex:S ; sh:node ex:P .",
        "ex:P sh:targetClass ex:S ; sh:pattern '(' .",
    ],
)
def test_shapes_that_are_none(shapes: str) -> None:
    same(turtle("ex:s a ex:S ; ex:v 1 ."), turtle(shapes))


@pytest.mark.usefixtures("shacl")
def test_own_shapes_are_all_for_the_fast_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """So neither pyshacl nor rdflib is needed, and much data are checked fast."""
    from perezkg.shacl import pyshacl_engine

    monkeypatch.setattr(pyshacl_engine, "check_restated", None)
    assert perezkg.load().validate(engine="shacl").conforms


@pytest.mark.usefixtures("shacl")
def test_the_report_names_its_engine() -> None:
    for engine in ENGINES:
        report = perezkg.load(GALLERY[0]).validate(engine=engine)
        told = str(report.engine)
        assert told == f"{engine} {ENGINES[engine].version()}"
        as_json = json.loads("".join(report.render("json")))["engine"]
        assert as_json == {"name": engine, "version": ENGINES[engine].version()}
        (run,) = json.loads("".join(report.render("sarif")))["runs"]
        assert run["tool"]["extensions"] == [as_json]
        for format_ in ("text", "turtle"):
            assert (told in "".join(report.render(format_))) is (engine != "pyshacl")


def test_an_engine_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shacl", None)
    monkeypatch.delitem(sys.modules, "perezkg.shacl.shacl_engine", raising=False)
    with pytest.raises(EngineMissingError) as error:
        perezkg.load().validate(engine="shacl")
    assert 'pip install "perezkg[fast]"' in error.value.hint


def test_an_engine_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="no engine 'shacle'"):
        perezkg.load().validate(engine="shacle")


FAULTS = turtle(
    "".join(f"ex:x{i} <https://w3id.org/perezkg/sport#rank> 1 .\n" for i in range(5))
    + "".join(f"ex:p{i} a <https://w3id.org/perezkg/sport#Person> .\n" for i in range(5))
)


@pytest.mark.parametrize("number", [0, 1, 7, 1000])
def test_no_more_results_than_are_asked_for(number: int) -> None:
    whole, part = validate([FAULTS]), validate([FAULTS], max_results=number)
    assert len(part.results) == min(number, len(whole.results))
    assert len(part.unchecked) == min(number, len(whole.unchecked))
    assert part.conforms is whole.conforms
    assert part.counts == whole.counts
    total = len(whole.results) + len(whole.unchecked)
    assert part.left_out == total - len(part.results) - len(part.unchecked)
    assert ("--max-results" in str(part)) is (part.left_out > 0)
    assert json.loads("".join(part.render("json")))["leftOut"] == part.left_out
    assert {result.place for result in part} <= {result.place for result in whole}
    graver = [result.severity for result in part]
    assert graver.count("violation") == min(number, whole.counts["violation"])


def test_what_is_right_is_not_read_again_to_find_places(monkeypatch: pytest.MonkeyPatch) -> None:
    from perezkg.shacl import locations

    valid = reading.read(VALID)
    read: list[str] = []
    parse = reading.parse

    def noted(file: DataFile) -> Iterator[Quad]:
        read.append(file.name)
        return parse(file)

    monkeypatch.setattr(locations, "scan", None)
    monkeypatch.setattr(reading, "parse", noted)
    assert not validate([valid]).results
    assert read.count(valid.name) == 1
