"""What a notebook shows: tables, lists and links, and nothing that data could make of them."""

from __future__ import annotations

import pickle
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

import perezkg
from perezkg.notebook import LONGEST, MOST
from perezkg.sparql.results import Boolean, Solutions, Triples

if TYPE_CHECKING:
    from pathlib import Path

ALLOWED = {"table", "thead", "tbody", "tr", "th", "td", "a", "span", "p", "strong", "ul", "li", "details", "summary"}
ALLOWED |= {"code", "pre"}
ATTRIBUTES = {"href", "title", "target", "rel", "style", "lang"}
HOSTILE = "</td><script>alert(1)</script>\" onmouseover='x' &lt; \x1b[2J"


class Shown(HTMLParser):
    """What a browser makes of some HTML: its elements, texts and links; refuses what should not be there."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.words: list[str] = []
        self.rows = 0
        self._open: list[str] = []
        self._href = ""
        self.feed(html)
        self.close()
        assert self._open == [], "each element is closed"

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert tag in ALLOWED
        assert set(given) <= ATTRIBUTES
        self._href = given.get("href") or ""
        assert not self._href or self._href.lower().startswith(("http://", "https://"))
        self.rows += tag == "tr"
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._open and self._open[-1] == "a":
            self.links[data] = self._href


def shown(thing: object) -> Shown:
    html = thing._repr_html_()  # type: ignore[attr-defined]
    assert isinstance(html, str)
    return Shown(html)


def test_an_answer_has_things_by_their_labels_as_links(kg: perezkg.KnowledgeGraph) -> None:
    query = "SELECT ?town { ?town sport:containedIn pz:ecuador ; sport:placeKind sport:place-city } ORDER BY ?town"
    assert shown(kg.sparql(query)).links["Cuenca"] == "https://w3id.org/perezkg/id/cuenca"
    assert "ciudad" in shown(kg.sparql("SELECT (sport:place-city AS ?x) { }", lang="es")).links
    medals = kg.query("medals")
    assert isinstance(medals, Solutions)
    assert shown(medals[:2]).rows == 3, "a part of it has labels as well"
    assert shown(medals[:2]).links == dict(list(shown(medals).links.items())[:2])


def test_an_answer_is_of_bounded_length() -> None:
    answer = Solutions(("n", "long"), [(Literal(number), Literal("x" * 10_000)) for number in range(250)])
    found = shown(answer)
    assert found.rows == MOST + 1
    assert found.words[-1] == "… and 150 more"
    assert max(map(len, found.words)) == LONGEST
    assert shown(answer[:MOST]).words[-1] != "… and 0 more"


def test_without_its_graph_an_answer_has_names(kg: perezkg.KnowledgeGraph) -> None:
    graph = perezkg.KnowledgeGraph(kg.files)
    answer = graph.sparql("SELECT (pz:cuenca AS ?x) { }")
    assert "Cuenca" in shown(answer).links
    del graph
    assert shown(answer).links == {"pz:cuenca": "https://w3id.org/perezkg/id/cuenca"}


def test_an_answer_can_be_sent_to_another_process(kg: perezkg.KnowledgeGraph) -> None:
    for answer in (kg.query("medals"), kg.query("schema-org"), kg.sparql("ASK { }")):
        assert pickle.loads(pickle.dumps(answer)) == answer  # noqa: S301 - our own
    assert "Cuenca" in shown(kg.sparql("SELECT (pz:cuenca AS ?x) { }", timeout=60)).links


def test_hostile_answers_are_text() -> None:
    values = (
        Literal(HOSTILE),
        Literal(HOSTILE, language="en"),
        Literal(HOSTILE, datatype=NamedNode("http://example.org/'x'&lt;")),
        NamedNode("javascript:alert(1)"),
        NamedNode("https://example.org/'onclick='alert(1)&quot;"),
        BlankNode("b0"),
        Triple(BlankNode("b0"), NamedNode("data:text/html,x"), Literal(HOSTILE)),
        None,
    )
    found = shown(Solutions(tuple(f"<script>{number}" for number in range(8)), [values]))
    assert found.words[:2] == ["<script>0", "<script>1"]
    assert found.text.count("alert(1)</script>\" onmouseover='x' &lt; ␛[2J") == 3
    assert list(found.links.values()) == ["https://example.org/'onclick='alert(1)&quot;"]
    triple = Triple(NamedNode("javascript:alert(1)"), NamedNode("urn:p"), Literal(HOSTILE))
    assert shown(Triples([triple])).links == {}


def test_hostile_data_are_text(tmp_path: Path) -> None:
    file = tmp_path / "<img src=x>.ttl"
    label = '"' + HOSTILE.replace('"', '\\"').replace("\x1b", "\\u001B") + '"'
    file.write_text(
        f"@prefix sport: <https://w3id.org/perezkg/sport#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        f"<https://example.org/a> a sport:Person ; rdfs:label {label} ; rdfs:comment {label} ; sport:name {label} ;\n"
        f"  rdfs:seeAlso <javascript:alert(1)> . <javascript:alert(1)> rdfs:label {label} .\n",
        encoding="utf-8",
    )
    graph = perezkg.load(file)
    for thing in (
        graph,
        graph.sparql("SELECT * { ?s ?p ?o }"),
        graph.sparql("CONSTRUCT WHERE { ?s ?p ?o }"),
        graph.describe("https://example.org/a"),
        graph.describe(NamedNode("javascript:alert(1)")),
        graph.cite("https://example.org/a"),
    ):
        assert "<script>" not in thing._repr_html_()
        assert "javascript:" not in "".join(shown(thing).links.values())
        assert "<img src=x>" in shown(thing).text or "<script>" in shown(thing).text


def test_triples_and_booleans(kg: perezkg.KnowledgeGraph) -> None:
    found = shown(kg.query("schema-org"))
    assert found.words[:3] == ["subject", "predicate", "object"]
    assert found.rows == MOST + 1
    assert shown(kg.query("schema-org", lang="es")).words[:3] == ["sujeto", "predicado", "objeto"]
    assert [shown(Boolean(value)).text for value in (True, False)] == ["true", "false"]


def test_queries_are_a_table(kg: perezkg.KnowledgeGraph) -> None:
    queries = kg.queries()
    found = shown(queries)
    assert found.rows == len(queries) + 1
    assert found.words[:3] == ["name", "question", "parameters"]
    assert {query.name for query in queries} <= set(found.words)
    spanish = kg.queries("OLIMPICOS", lang="es")
    assert shown(spanish).words[:3] == ["nombre", "pregunta", "parámetros"]
    assert "olympic-results" in [query.name for query in spanish]
    (one,) = (query for query in queries if query.name == "results-between")
    assert "start: an integer (start=1996)" in shown(one).text
    assert one.description() in shown(one).text
    assert len(kg.query(one, start=1996, end=2000)) > 0  # type: ignore[arg-type]


def test_a_graph_tells_its_files(kg: perezkg.KnowledgeGraph, tmp_path: Path) -> None:
    assert shown(kg).words[:3] == [f"KnowledgeGraph: {kg.triples:,} triples", "perez.ttl", "evidence.ttl"]
    empty = tmp_path / "empty.ttl"
    empty.touch()
    assert "holds no triples" in shown(perezkg.load(empty)).text
    perezkg.build_index([], tmp_path / "index")
    index = perezkg.open_index(tmp_path / "index")
    assert shown(index).words[:3] == [f"IndexedGraph: {kg.triples:,} triples", "perez.ttl", "evidence.ttl"]
    assert "Cuenca" in shown(index.sparql("SELECT (pz:cuenca AS ?x) { }")).links


def test_descriptions_and_citations_are_those_of_the_text(kg: perezkg.KnowledgeGraph) -> None:
    described = shown(kg.describe("pz:cuenca"))
    assert described.words[0] == "Cuenca — place"
    assert described.links["Ecuador"] == "https://w3id.org/perezkg/id/ecuador"
    assert shown(kg.describe("pz:cuenca", lang="es")).words[0] == "Cuenca — lugar"
    person = kg.describe("pz:jefferson-perez")
    assert len(person._repr_html_()) < 30_000
    citation = kg.cite("pz:claim-only-two-olympic-medals")
    found = shown(citation)
    assert found.links["bio:s3"] == "https://w3id.org/perezkg/source/biography#s3"
    assert citation.claims[0].verdicts[0].reason in found.text
    assert len(shown(kg.cite("src:biography")).text) < 60_000


def test_a_report_has_its_results(tmp_path: Path) -> None:
    file = tmp_path / "<script>.ttl"
    prefix = "@prefix sport: <https://w3id.org/perezkg/sport#> .\n"
    file.write_text(prefix + "".join(f"<http://example.org/{n}> a sport:Person .\n" for n in range(30)))
    report = perezkg.load(file).validate()
    found = shown(report)
    assert found.words[0].startswith("✗ Does not conform: ")
    assert found.words[1:5] == ["severity", "place", "message", "node"]
    assert found.rows == MOST + 1
    assert found.words[-1].startswith("… and ")
    assert set(report.counts) == {"violation", "warning", "info"}
    order = [word for word in found.words if word in report.counts]
    assert order == sorted(order), "violations come before warnings"
    assert f"{file.name}:2:1" in found.words
    assert str(tmp_path) not in found.text
    assert repr(report) == "<Report: does not conform; violation 90, warning 30, info 0>"
    (tmp_path / "more").mkdir()
    twin = tmp_path / "more" / file.name
    twin.write_text(file.read_text())
    assert f"{file}:2:1" in shown(perezkg.load(file, twin).validate()).words, "files of one name are told apart"
    (tmp_path / "empty.ttl").touch()
    assert shown(perezkg.load(tmp_path / "empty.ttl").validate()).text.startswith("✓ Conforms: no faults")


@pytest.mark.parametrize("iri", ["JavaScript:alert(1)", "ftp://example.org/", "urn:x", "data:text/html,x", "file:///x"])
def test_only_the_web_is_linked(iri: str) -> None:
    assert shown(Solutions(("x",), [(NamedNode(iri),)])).links == {}
