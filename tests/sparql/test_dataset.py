"""What a query asks: the files that were given and nothing else, their default graph, and IRIs relative to what."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

import perezkg
from perezkg import Solutions, UsageError, resources
from perezkg.sparql.catalogue import names

if TYPE_CHECKING:
    from tests.conftest import Run

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SIX = "".join(f"<http://e.org/a> <http://e.org/p> {number} .\n" for number in range(6))
A = "<http://e.org/a> <http://e.org/p>"
GRAPHS = f"<http://e.org/g> {{ {A} 1, 2 }} <http://e.org/h> {{ {A} 2, 3 }}"
CONCEPTS = Path(resources.ontology_file("concepts.ttl")).read_bytes()
ENGINES = ("oxigraph", "rdflib")


def only(answer: object) -> object:
    """Return the one cell of an answer."""
    assert isinstance(answer, Solutions)
    ((cell,),) = answer.rows
    return cell


def number(answer: object) -> int:
    """Return the one number of an answer."""
    return int(getattr(only(answer), "value", -1))


@pytest.fixture
def six(tmp_path: Path) -> Path:
    """A file of six triples."""
    path = tmp_path / "six.ttl"
    path.write_text(SIX, encoding="utf-8")
    return path


@pytest.fixture
def named(tmp_path: Path) -> Path:
    """A file of two named graphs and no default graph: three different triples, four statements."""
    path = tmp_path / "named.trig"
    path.write_text(GRAPHS, encoding="utf-8")
    return path


@pytest.mark.parametrize("engine", ENGINES)
def test_a_query_asks_the_files_and_nothing_else(six: Path, engine: str) -> None:
    graph = perezkg.load(six)
    assert number(graph.sparql(COUNT, engine=engine)) == 6
    # A canned query in between needs the concepts, and leaves none behind.
    assert len(graph.query("concepts", engine=engine)) == CONCEPTS.count(b"a skos:Concept ;")  # type: ignore[arg-type]
    graph.describe("sport:medal-gold")
    assert number(graph.sparql(COUNT, engine=engine)) == len(graph.store) == len(graph.graph) == 6
    assert not graph.sparql("ASK { ?s ?p skos:Concept }", engine=engine)
    assert not graph.sparql("ASK { GRAPH ?g { ?s ?p ?o } }", engine=engine)


def test_a_product_of_six_triples_has_36_rows(six: Path) -> None:
    assert len(perezkg.load(six).sparql("SELECT * { ?x ?y ?z . ?a ?b ?c }")) == 36  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ENGINES)
def test_concepts_are_asked_on_purpose(six: Path, engine: str) -> None:
    graph = perezkg.load(six, concepts=True)
    assert number(graph.sparql(COUNT, engine=engine)) == 6 + len(list(ox.parse(CONCEPTS, ox.RdfFormat.TURTLE)))
    assert graph.sparql("ASK { sport:medal-gold a skos:Concept }", engine=engine)


def test_the_shipped_graph_has_one_size(command: Run) -> None:
    told = json.loads(command("info", "-f", "json").out)["triples"]
    asked = command("query", "-e", COUNT, "-f", "tsv").out.split()[-1]
    validated = json.loads(command("validate", "-f", "json").out)
    assert int(asked) == told == perezkg.load().info().triples
    assert sum(file["triples"] for file in validated["files"]) == sum(perezkg.load().info().files.values())
    assert number(perezkg.load().sparql(COUNT)) == told


def test_what_is_added_is_seen_by_all_queries(six: Path) -> None:
    graph = perezkg.load(six)
    assert "Ana" not in graph.query("people").to_csv()  # type: ignore[union-attr]
    import rdflib

    ana, sport = rdflib.URIRef("http://e.org/ana"), rdflib.Namespace("https://w3id.org/perezkg/sport#")
    graph.graph.add((ana, rdflib.RDF.type, sport.Athlete))
    for engine in ENGINES:
        assert number(graph.sparql(COUNT, engine=engine)) == 7
    graph.graph.add((ana, rdflib.RDFS.label, rdflib.Literal("Ana", lang="en")))
    for engine in ENGINES:
        assert number(graph.sparql(COUNT, engine=engine)) == 8
    assert graph.describe("http://e.org/ana").label == "Ana"


@pytest.mark.parametrize("engine", ENGINES)
def test_the_default_graph_is_the_default_graph(named: Path, six: Path, engine: str) -> None:
    graph = perezkg.load(named)
    assert number(graph.sparql(COUNT, engine=engine)) == 0
    assert number(graph.sparql("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", engine=engine)) == 4
    assert number(perezkg.load(named, union=True).sparql(COUNT, engine=engine)) == 3
    assert number(perezkg.load(named, six).sparql(COUNT, engine=engine)) == 6
    assert number(perezkg.load(named, six, union=True).sparql(COUNT, engine=engine)) == 6
    graphs = perezkg.load(named, six, union=True).sparql("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", engine=engine)
    assert len(graphs) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.trig", GRAPHS, True),
        ("a.nq", "<http://e.org/a> <http://e.org/p> 'x' <http://e.org/g> .\n".replace("'", '"'), True),
        ("a.jsonld", '{"@id": "http://e.org/g", "@graph": [{"@id": "http://e.org/a", "http://e.org/p": 1}]}', True),
        ("b.trig", GRAPHS + "<http://e.org/a> <http://e.org/p> 1 .", False),
        ("b.jsonld", '{"@graph": [{"@id": "http://e.org/a", "http://e.org/p": 1}]}', False),
        ("b.ttl", SIX, False),
    ],
)
def test_a_file_of_named_graphs_alone_is_told(tmp_path: Path, command: Run, name: str, text: str, told: bool) -> None:
    path, other = tmp_path / name, tmp_path / "other.ttl"
    path.write_text(text, encoding="utf-8")
    other.write_text(SIX, encoding="utf-8")
    notice = f"{path} holds only named graphs"
    for files in ((path,), (other, path), (path, other)):
        assert (notice in command("query", "-e", COUNT, "--data", *files).err) is told
        assert notice not in command("query", "-e", COUNT, "--union", "--data", *files).err


@pytest.mark.parametrize("engine", ENGINES)
def test_the_base_of_a_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Run, engine: str) -> None:
    folder = tmp_path / "some folder"
    folder.mkdir()
    query = folder / "where.rq"
    query.write_text("SELECT (STR(<a>) AS ?x) (STR(<>) AS ?y) (STR(<#b>) AS ?z) {}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    own = folder.as_uri()

    def rows(*args: str | Path, stdin: str = "") -> list[str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        ended = command("query", *args, "--engine", engine, "-f", "csv")
        assert ended.err == ""
        return ended.out.split()[1].split(",")

    assert rows(query) == [f"{own}/a", f"{own}/where.rq", f"{own}/where.rq#b"]
    here = [f"{tmp_path.as_uri()}/a", f"{tmp_path.as_uri()}/", f"{tmp_path.as_uri()}/#b"]
    text = query.read_text(encoding="utf-8")
    assert rows("-e", text) == here
    assert rows("-", stdin=text) == here
    there = ["http://e.org/x/a", "http://e.org/x/y?z", "http://e.org/x/y?z#b"]
    for asked in ([query], ["-e", text]):
        assert rows(*asked, "--base", "http://e.org/x/y?z") == there
    assert rows("-e", "BASE <http://e.org/deep/> " + text)[0] == "http://e.org/deep/a"
    assert rows("-e", "BASE <deep/> " + text, "--base", "http://e.org/")[0] == "http://e.org/deep/a"
    assert rows("-e", "PREFIX e: <n#> SELECT (STR(e:a) AS ?x) {}", "--base", "http://e.org/")[0] == "http://e.org/n#a"


def test_the_base_in_python(tmp_path: Path, six: Path) -> None:
    graph = perezkg.load(six)
    path = tmp_path / "q.rq"
    path.write_text("SELECT (STR(<b>) AS ?x) {}", encoding="utf-8")
    assert getattr(only(graph.query(str(path))), "value", "") == f"{tmp_path.as_uri()}/b"
    assert getattr(only(graph.query(str(path), base="http://e.org/c")), "value", "") == "http://e.org/b"
    assert getattr(only(graph.sparql("SELECT (STR(<b>) AS ?x) {}", base="urn:x:y")), "value", "").startswith("urn:")


@pytest.mark.parametrize("base", ["", "here", "//e.org/", "1:b", "http://e.org/a b", "http://e.org/>"])
def test_a_base_is_absolute(command: Run, base: str) -> None:
    ended = command("query", "-e", "ASK { <a> ?p ?o }", "--base", base)
    assert ended.status == 2
    assert "is not an absolute IRI" in ended.err
    with pytest.raises(UsageError, match="is not an absolute IRI"):
        perezkg.load().sparql("ASK { <a> ?p ?o }", base=base)


@pytest.mark.parametrize("option", [["--concepts"], ["--union"]])
def test_a_store_has_its_own_graphs(command: Run, option: list[str]) -> None:
    ended = command("query", "medals", "--endpoint", "http://127.0.0.1:9/", *option)
    assert ended.status == 2
    assert f"{option[0]} chooses how files are asked" in ended.err


def test_every_canned_query_finds_labels_without_the_concepts_being_asked() -> None:
    graph, whole = perezkg.load(), perezkg.load(concepts=True)
    for name in names():
        parameters = {"thing": "pz:jefferson-perez"} if name == "about" else {}
        try:
            assert graph.query(name, **parameters) == whole.query(name, **parameters)  # type: ignore[arg-type]
        except perezkg.PerezkgError as error:
            assert "parameter" in str(error)  # it has no default  # noqa: PT017
