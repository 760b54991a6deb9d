"""Each result points at its line and column, in the right file, in every syntax."""

from __future__ import annotations

from pathlib import Path

import pytest

from perezkg.rdf import reading
from perezkg.shacl.validate import Report, Result, validate

SHAPES = """@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Person a sh:NodeShape ; sh:targetClass ex:Runner ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ;
    sh:property ex:name , ex:age , ex:coach ; sh:sparql ex:rule .
ex:name a sh:PropertyShape ; sh:path ex:name ; sh:minCount 1 ; sh:maxCount 1 .
ex:age a sh:PropertyShape ; sh:path ex:age ; sh:datatype xsd:integer .
ex:coach a sh:PropertyShape ; sh:path [ sh:inversePath ex:coaches ] ; sh:nodeKind sh:IRI ; sh:maxCount 1 .
ex:rule a sh:SPARQLConstraint ; sh:message "{?value}" ;
    sh:select "SELECT $this ?value WHERE { $this <http://example.org/age> ?value FILTER (?value > 100) }" .
"""


def check(tmp_path: Path, **files: str) -> Report:
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    paths = []
    for name, text in files.items():
        path = tmp_path / name.replace("_", ".")
        path.write_text(text, encoding="utf-8", newline="")
        paths.append(path)
    shapes = [reading.read(str(tmp_path / "shapes.ttl"))]
    return validate([reading.read(str(path)) for path in paths], shapes=shapes)


def places(report: Report) -> list[tuple[str, int, int, str]]:
    return [(Path(r.file).name, r.line, r.column, r.rule.rpartition("/")[2]) for r in report]


HEAD = "@prefix ex: <http://example.org/> .\n"


def test_what_is_pointed_at(tmp_path: Path) -> None:
    text = HEAD + (
        "ex:a a ex:Runner ;\n"  # 2: no name: the node
        "    ex:age 'old' , 200 ;\n"  # 3: a wrong value, and one too big: the values
        "    ex:shoe 41 .\n"  # 4: a stray property: its value
        'ex:b a ex:Runner ; ex:name "B" , "Bea" .\n'  # 5: one too many: the last
        'ex:c a ex:Runner ; ex:name "C" . ex:d ex:coaches ex:c . ex:e ex:coaches ex:c . []\n'  # 6: two coaches
        "  ex:coaches ex:c .\n"  # 7: a third, nameless
    )
    found = places(check(tmp_path, data_ttl=text))
    assert [place for place in found if "node" not in place[3]] == [
        ("data.ttl", 2, 1, "name"),
        ("data.ttl", 3, 12, "age"),
        ("data.ttl", 3, 20, "rule"),
        ("data.ttl", 4, 13, "Person"),
        ("data.ttl", 5, 34, "name"),
        ("data.ttl", 6, 80, "coach"),
        ("data.ttl", 7, 14, "coach"),
    ]


def test_the_file_that_says_it(tmp_path: Path) -> None:
    one = HEAD + 'ex:a a ex:Runner ; ex:name "A" .\n'
    two = HEAD + '\nex:a ex:name "Ana" ; ex:age 101 .\n'
    report = check(tmp_path, one_ttl=one, two_ttl=two)
    # One name too many: the later file brought it.
    assert places(report) == [("two.ttl", 3, 14, "name"), ("two.ttl", 3, 29, "rule")]
    assert [file.triples for file in report.files] == [2, 2]


def test_columns_count_characters(tmp_path: Path) -> None:
    text = HEAD + '\tex:ñandú a ex:Runner ; ex:name "Ñandú 🏃" ; ex:age "é" .\r\n'
    (result,) = check(tmp_path, data_ttl=text)
    assert (result.line, result.column) == (2, text.split("\n")[1].index('"é"') + 1)
    assert result.source_line == text.split("\n")[1].rstrip("\r")


def test_relative_iris_and_bases(tmp_path: Path) -> None:
    text = "@base <http://example.org/> .\n<a> a <Runner> .\n"
    (result,) = check(tmp_path, data_ttl=text)
    assert (result.line, result.column) == (2, 1)


def test_blank_nodes(tmp_path: Path) -> None:
    text = (
        HEAD
        + 'ex:list ex:of (\n  [ a ex:Runner ; ex:name "A" ]\n  [ a ex:Runner ;\n    ex:age 1 ] ) .\n_:x a ex:Runner .\n'
    )
    found = places(check(tmp_path, data_ttl=text))
    assert [place for place in found if place[3] == "name"] == [("data.ttl", 4, 3, "name"), ("data.ttl", 6, 1, "name")]


TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
NODE = "http://example.org/a"
JSON = """{"@context": {"@vocab": "http://example.org/"},
 "@graph": [{"knows": {"@id": "http://example.org/a"}},
  {"@type": "Runner",
   "@id": "http://example.org/a",
   "age": "old & <grey>"}]}
"""
XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://example.org/">
  <ex:Runner rdf:about="http://example.org/a">
    <ex:age>old &amp; &lt;grey></ex:age></ex:Runner>
</rdf:RDF>
"""


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("data_nt", f"# c\n<{NODE}> <{TYPE}> <http://example.org/Runner> .\n", (2, 1)),
        ("data_nq", f"<{NODE}> <{TYPE}> <http://example.org/Runner> <x:g> .\n", (1, 1)),
        ("data_trig", HEAD + "ex:g {\n  ex:a a ex:Runner .\n}\n", (3, 3)),
        ("data_jsonld", JSON, (4, 12)),
        ("data_rdf", XML, (3, 25)),
    ],
)
def test_syntaxes(tmp_path: Path, name: str, text: str, place: tuple[int, int]) -> None:
    report = check(tmp_path, **{name: text})
    (result,) = (result for result in report if result.rule.endswith("/name"))
    assert (result.line, result.column) == place


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [("data_jsonld", JSON, (5, 12)), ("data_rdf", XML, (4, 13))],
)
def test_values(tmp_path: Path, name: str, text: str, place: tuple[int, int]) -> None:
    report = check(tmp_path, **{name: text})
    (result,) = (result for result in report if result.rule.endswith("/age"))
    assert (result.line, result.column) == place


def test_a_text_that_the_scanner_gives_up_on_is_searched(tmp_path: Path) -> None:
    text = HEAD + "ex:z ex:says <<( ex:x ex:p 1 )>> .\nex:a a ex:Runner .\n"
    found: list[Result] = [result for result in check(tmp_path, data_ttl=text) if result.rule.endswith("/name")]
    assert [(result.line, result.source_line) for result in found] == [(3, "ex:a a ex:Runner .")]


def test_a_node_that_no_file_mentions(tmp_path: Path) -> None:
    shapes = tmp_path / "absent.ttl"
    shapes.write_text(
        HEAD + "@prefix sh: <http://www.w3.org/ns/shacl#> . ex:S sh:targetNode ex:absent ; sh:property ex:P ."
        "ex:P sh:path ex:name ; sh:minCount 1 .",
        encoding="utf-8",
    )
    data = tmp_path / "data.ttl"
    data.write_text(HEAD + "ex:absent2 a ex:Runner .", encoding="utf-8")
    report = validate([reading.read(str(data))], shapes=[reading.read(str(shapes))])
    first = report.results[0]
    assert (first.file, first.line, first.place) == ("", 0, "")
    assert str(report).startswith("In no file\n")
