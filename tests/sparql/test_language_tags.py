"""Language tags are in lower case once they are read, and queries that compare them with others are answered right."""

from __future__ import annotations

from pathlib import Path

import pytest

import perezkg
from perezkg.sparql.departures import with_tags_in_lower_case

CASE = Path(__file__).parents[3] / "shared" / "cases" / "language-tag-case"
DATA = '<http://e.org/s> <http://e.org/p> "one"@en-GB , "two"@es , "three"@zh-Hant-TW , "four" .\n'


@pytest.fixture
def graph(tmp_path: Path) -> perezkg.KnowledgeGraph:
    path = tmp_path / "a.ttl"
    path.write_text(DATA, encoding="utf-8")
    return perezkg.load(path)


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("FILTER(LANG(?v) = 'en-GB')", {"one"}),
        ('FILTER("en-GB" = lang ( ?v ))', {"one"}),
        ("FILTER(lang(?v) != 'en-GB')", {"two", "three", "four"}),
        ("FILTER(lang(?v) IN ('ES', \"EN-gb\"))", {"one", "two"}),
        ("FILTER(lang(?v) NOT IN ('ES', \"EN-gb\"))", {"three", "four"}),
        ("FILTER((str(lang(?v))) = 'zh-Hant-TW')", {"three"}),
        ("BIND(lang(?v) AS ?l) FILTER(?l = 'en-GB' || 'ES' = ?l)", {"one", "two"}),
        ("FILTER(?v = 'one'@EN-gb)", {"one"}),
        ("FILTER(langMatches(lang(?v), 'ZH-Hant'))", {"three"}),
        # What is no comparison with a tag stays as it is.
        ("FILTER(str(?v) = 'One' || ucase(lang(?v)) = 'ES')", {"two"}),
        ("FILTER(lang(?v) = '' && str(?v) != 'FOUR')", {"four"}),
        ("BIND('EN-gb' AS ?l) FILTER(lang(?v) = lcase(?l))", {"one"}),
    ],
)
def test_tags_are_compared_whatever_their_case(
    graph: perezkg.KnowledgeGraph, engine: str, condition: str, found: set[str]
) -> None:
    answer = graph.sparql(f"SELECT ?v {{ ?s ?p ?v {condition} }}", engine=engine)
    assert isinstance(answer, perezkg.Solutions)
    assert {row[0].value for row in answer.rows} == found  # type: ignore[union-attr]


def test_a_mistake_keeps_its_place(graph: perezkg.KnowledgeGraph) -> None:
    with pytest.raises(perezkg.SparqlSyntaxError) as caught:
        graph.sparql("SELECT * { ?s ?p ?v FILTER(LANG(?v) = 'en-GB') }\n}")
    assert (caught.value.line, caught.value.column) == (2, 1)


SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e.org/> .
e:Shape a sh:NodeShape ; sh:targetSubjectsOf e:p ; HOLDER """
NODE = "sh:sparql [ sh:select '''SELECT $this ?value { $this <http://e.org/p> ?value FILTER(CONDITION) }''' ] ."
PROPERTY = (
    "sh:property [ sh:path e:p ; sh:sparql [ sh:select "
    "'''SELECT $this ?value { $this $PATH ?value FILTER(CONDITION) }''' ] ] ."
)


@pytest.mark.parametrize("holder", [NODE, PROPERTY])
@pytest.mark.parametrize(
    "condition", ['lang(?value) = "en-GB"', '"zh-Hant-TW" = lang(?value)', 'lang(?value) IN ("ES")']
)
def test_shapes_compare_them_alike(graph: perezkg.KnowledgeGraph, tmp_path: Path, holder: str, condition: str) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(SHAPES.replace("HOLDER", holder).replace("CONDITION", condition), encoding="utf-8")
    assert graph.validate(shapes=[path]).counts["violation"] == 1


@pytest.mark.skipif(not CASE.exists(), reason="the cases are not here")
def test_the_case() -> None:
    report = perezkg.load(CASE / "data.ttl").validate(shapes=[CASE / "shapes.ttl"])
    assert report.counts["violation"] == 1


def test_another_store_is_asked_as_it_is_written() -> None:
    inner = "SERVICE <http://e.org/sparql> { ?s ?p ?v FILTER(LANG(?v) = 'en-GB') }"
    text = with_tags_in_lower_case(f"ASK {{ {inner} FILTER(LANG(?v) = 'en-GB') }}")
    assert text == f"ASK {{ {inner} FILTER(LANG(?v) = 'en-gb') }}"
