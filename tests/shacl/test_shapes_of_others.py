"""Shapes as others write them: what SHACL allows is understood, what is not done is told, a mistake has its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import perezkg
from perezkg.shacl.shapes import ShapesError

if TYPE_CHECKING:
    from pathlib import Path

    from perezkg.shacl.report import Report

PREFIXES = """@prefix ex: <http://e.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
"""


def checked(folder: Path, data: str, shapes: str) -> Report:
    """Validate data against shapes."""
    (folder / "data.ttl").write_text(PREFIXES + data, encoding="utf-8")
    (folder / "shapes.ttl").write_text(PREFIXES + shapes, encoding="utf-8")
    return perezkg.load(folder / "data.ttl").validate(shapes=[folder / "shapes.ttl"])


def found(report: Report) -> list[str]:
    """Return what results of the shapes are about."""
    return [str(result.focus)[14:-1] for result in report if result.severity == "violation"]


CHAIN = "ex:x ex:p ex:y . ex:y ex:q ex:z . ex:z ex:r ex:w ."


@pytest.mark.parametrize(
    ("path", "target", "count"),
    [
        ("[ sh:inversePath ( ex:p ex:q ) ]", "ex:z", 1),
        ("[ sh:inversePath ( ex:q ex:p ) ]", "ex:z", 0),
        ("[ sh:inversePath ( ex:p ex:q ex:r ) ]", "ex:w", 1),
        ("[ sh:inversePath [ sh:alternativePath ( ex:q ex:s ) ] ]", "ex:z", 1),
        ("[ sh:inversePath [ sh:oneOrMorePath [ sh:alternativePath ( ex:p ex:q ) ] ] ]", "ex:z", 2),
        ("[ sh:inversePath [ sh:zeroOrMorePath ex:r ] ]", "ex:w", 2),
        ("( [ sh:inversePath ( ex:p ex:q ) ] ex:p )", "ex:z", 1),
        ("[ sh:inversePath ( ex:p [ sh:inversePath ex:p ] ) ]", "ex:x", 1),
        ("( ex:p [ sh:inversePath [ sh:inversePath ex:q ] ] )", "ex:x", 1),
    ],
)
def test_the_inverse_of_a_path(tmp_path: Path, path: str, target: str, count: int) -> None:
    for most, least, right in ((count, count, True), (count + 1, count + 1, False)):
        shape = f"ex:S a sh:NodeShape ; sh:targetNode {target} ; sh:property ex:P . ex:P sh:path {path} ;"
        report = checked(tmp_path, CHAIN, f"{shape} sh:minCount {least} ; sh:maxCount {most} .")
        assert (found(report) == []) is right
    # The path is told as it was written.
    assert "inversePath" in "".join(report.render("turtle"))


@pytest.mark.parametrize(
    "path",
    ["( ex:p )", "[ sh:inversePath ( ex:p ) ]", "( [ sh:inversePath ex:p ] )"],
)
def test_a_sequence_of_one_path_is_none(tmp_path: Path, path: str) -> None:
    shape = f"ex:S a sh:NodeShape ; sh:targetNode ex:y ; sh:property [ sh:path {path} ; sh:minCount 9 ] ."
    with pytest.raises(ShapesError, match="at least two path items"):
        checked(tmp_path, CHAIN, shape)


@pytest.mark.parametrize("closed", ["", "sh:closed false ;", "sh:closed true ;"])
def test_what_is_ignored_by_a_shape_that_is_not_closed(tmp_path: Path, closed: str) -> None:
    shapes = f"ex:S a sh:NodeShape ; sh:targetClass ex:P ; {closed} sh:ignoredProperties ( ex:a <urn:b> ) ;"
    report = checked(
        tmp_path, "ex:p a ex:P ; ex:a 1 ; ex:c 2 .", shapes + "sh:property [ sh:path ex:a ; sh:maxCount 1 ] ."
    )
    assert len(found(report)) == (2 if "true" in closed else 0)  # rdf:type and ex:c
    assert found(
        checked(tmp_path, "ex:p a ex:P ; ex:a 1, 2 .", shapes + "sh:property [ sh:path ex:a ; sh:maxCount 1 ] .")
    )


DECLARED = 'sh:declare [ sh:prefix "nc" ; sh:namespace "http://n.org/"^^xsd:anyURI ]'
QUERY = 'sh:select "SELECT $this WHERE { $this nc:x ?v }"'


@pytest.mark.parametrize(
    "declarations",
    [
        f"ex:o {DECLARED} .",
        f"ex:o owl:imports ex:a . ex:a {DECLARED} .",
        f"ex:o owl:imports ex:a . ex:a owl:imports ex:b . ex:b owl:imports ex:o ; {DECLARED} .",
    ],
)
@pytest.mark.parametrize(
    "more", ["", " OPTIONAL { SELECT $this ?v WHERE { $this nc:y ?v } }"]
)  # the second is left to pyshacl
def test_prefixes_come_from_what_is_imported_too(tmp_path: Path, declarations: str, more: str) -> None:
    query = QUERY.replace("?v }", f"?v{more} }}")
    shapes = f"ex:S a sh:NodeShape ; sh:targetClass ex:P ; sh:sparql [ sh:prefixes ex:o ; {query} ] . {declarations}"
    assert found(checked(tmp_path, "ex:p a ex:P ; <http://n.org/x> 1 . ex:q a ex:P .", shapes)) == ["p"]


@pytest.mark.parametrize(
    ("query", "told", "at"),
    [
        ("SELECT $this WHERE { $this nc:x ?v }", "the prefix nc: is not declared", "nc:x"),
        ("SELECT $this WHERE { { SELECT $this { $this sp:x ?v } } }", "the prefix sp: is not declared", "sp:x"),
        ("SELECT $this WHERE { $this a ?v FILTER(?v = bad:x) LIMIT 3 }", "the prefix bad: is not declared", "bad:x"),
        ("SELECT $this WHERE { $this a ?v ", "this { is never closed", "{"),
        ("SELECT $this WHERE { $this a 'x }", "this string does not end", "'x"),
        ("SELECT $this WHERE { $this a ?v FILTR(?v > 1) }", "FILTR cannot stand here", "FILTR"),
        ("PREFIX x: <urn:x> ASK { $this a ?v }", "this is an ASK query", "ASK"),
        ("ASK { $this $PATH ?v }", "this is an ASK query", "ASK"),
        ("construct { $this a 1 } where { $this a ?v }", "this is a CONSTRUCT query", "construct"),
    ],
)
def test_a_mistake_in_a_query_has_its_place(tmp_path: Path, query: str, told: str, at: str) -> None:
    with pytest.raises(ShapesError) as caught:
        checked(
            tmp_path,
            "ex:p a ex:P .",
            f'ex:S a sh:NodeShape ; sh:targetClass ex:P ; sh:sparql [\n  sh:select "{query}" ] .',
        )
    error = caught.value
    assert error.message.startswith("sh:select of http://e.org/S: ")
    assert told in error.message
    assert error.message.count("\n") == 0
    assert (error.path, error.line) == (str(tmp_path / "shapes.ttl"), 4)
    assert error.source_line[error.column - 1 :].startswith(at)


@pytest.mark.parametrize(
    ("feature", "statement"),
    [
        ("target", 'sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this WHERE { ?this ?p ?x }" ]'),
        ("rule", "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:p ; sh:object 1 ]"),
        ("expression", "sh:expression ex:f"),
        ("values", "sh:property [ sh:path ex:n ; sh:values ex:f ]"),
        ("js", 'sh:js [ sh:jsFunctionName "f" ]'),
    ],
)
def test_what_is_not_done_is_told(tmp_path: Path, feature: str, statement: str) -> None:
    report = checked(tmp_path, "ex:p ex:v 4 .", f"ex:S a sh:NodeShape ; {statement} .")
    assert f"sh:{feature} is not supported, and not applied: http://e.org/S" in report.notices
    assert checked(tmp_path, "ex:p ex:v 4 .", "ex:S a sh:NodeShape ; sh:targetNode ex:p .").notices == ()


def test_that_a_node_is_not_checked_is_no_result_of_the_shapes(tmp_path: Path) -> None:
    report = checked(tmp_path, "ex:p ex:v 4 .", "ex:S a sh:NodeShape ; sh:targetClass ex:A .")
    turtle = "".join(report.render("turtle"))
    assert "sh:conforms true" in turtle
    assert "sh:result" not in turtle
    assert report.counts["warning"] == 0
    assert len(report.unchecked) == 1


@pytest.mark.parametrize(
    ("data", "shape", "count"),
    [
        ('ex:p ex:l "a"@en , "b"@en , "c"@es , "d"@es .', "sh:property [ sh:path ex:l ; sh:uniqueLang true ]", 2),
        ("ex:p ex:l 5 , 6 ; ex:m 1 , 2 .", "sh:property [ sh:path ex:l ; sh:lessThan ex:m ]", 4),
        (
            "ex:p ex:l 5 .",
            "sh:property [ sh:path ex:l ; sh:class ex:A ] ; sh:property [ sh:path ex:l ; sh:class ex:B ]",
            2,
        ),
    ],
)
def test_each_result_counts(tmp_path: Path, data: str, shape: str, count: int) -> None:
    report = checked(tmp_path, data, f"ex:S a sh:NodeShape ; sh:targetNode ex:p ; {shape} .")
    assert len(found(report)) == count
