"""The graph as a Python object: loading, asking, and the rdflib view of the same store."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad

import perezkg
from perezkg.errors import LimitReachedError
from perezkg.graph import KnowledgeGraph
from perezkg.rdf import reading
from perezkg.sparql.results import Solutions
from perezkg.vocabulary import PREFIXES

MINE = """@prefix sport: <https://w3id.org/perezkg/sport#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://e.org/ana> a sport:Person ; rdfs:label "Ana"@en, "Ana"@es .
<http://e.org/p> a sport:Participation ; sport:competitor <http://e.org/ana> ; sport:contest <http://e.org/c> ;
  sport:rank 1 ; sport:award <http://e.org/m> .
<http://e.org/m> a sport:MedalAward ; sport:medal sport:medal-gold .
<http://e.org/c> a sport:Contest ; sport:year 2024 .
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A stranger's file of the same ontology."""
    path = tmp_path / "mine.ttl"
    path.write_text(MINE, encoding="utf-8")
    return path


def test_the_public_names() -> None:
    assert perezkg.__version__
    for name in perezkg.__all__:
        assert getattr(perezkg, name) is not None
    assert perezkg.RdfSyntaxError.exit_status == 3
    assert issubclass(perezkg.UnknownQueryError, perezkg.PerezkgError)
    assert "load" in dir(perezkg)
    with pytest.raises(AttributeError, match="nothing"):
        _ = perezkg.nothing  # type: ignore[attr-defined]


def test_load_parses(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<http://e.org/a> <http://e.org/p> .", encoding="utf-8")
    with pytest.raises(perezkg.RdfSyntaxError, match=r"broken\.ttl:1"):
        perezkg.load(broken)
    with pytest.raises(perezkg.InputNotFoundError):
        perezkg.load(tmp_path / "absent.ttl")


def test_a_strangers_file_replaces_the_data_only(mine: Path) -> None:
    kg = perezkg.load(mine)
    assert repr(kg) == "<KnowledgeGraph: mine.ttl>"
    answer = kg.query("medals", lang="es")
    assert isinstance(answer, Solutions)
    assert [(row.year, row.athlete, row.medal) for row in answer] == [(2024, "Ana", "medalla de oro")]
    assert len(kg.quads()) == 12
    both = perezkg.load(mine, *(file.name for file in perezkg.load(source="biography").files))
    # The biography is about one person; what is asked about everyone counts the stranger too.
    assert len(both.query("medals")) == 8  # type: ignore[arg-type]
    assert len(both.query("medals", whose="everyone")) == 9  # type: ignore[arg-type]


def test_the_format_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text(MINE, encoding="utf-8")
    assert len(perezkg.load(path, format="turtle").quads()) == 12


def test_parameters_are_python_values(kg: KnowledgeGraph) -> None:
    answer = kg.query("results-between", start=1996, end="2000")
    assert isinstance(answer, Solutions)
    assert {row.year for row in answer} <= set(range(1996, 2001))
    with pytest.raises(perezkg.UnknownParameterError, match="Did you mean start"):
        kg.query("results-between", strat=1996)
    with pytest.raises(perezkg.ParameterValueError):
        kg.query("results-between", start=Decimal("19.5"))
    assert kg.sparql("ASK { ?_x ?p ?o }", x="no IRI") == False  # noqa: E712


def test_quads_keep_the_forms_of_the_files(tmp_path: Path) -> None:
    path = tmp_path / "forms.ttl"
    path.write_text("<http://e.org/a> <http://e.org/p> 107.70 .", encoding="utf-8")
    kg = perezkg.load(path)
    assert [quad.object.value for quad in kg.quads()] == ["107.70"]  # type: ignore[union-attr]
    answer = kg.sparql("SELECT ?o { <http://e.org/a> ?p ?o }")
    assert answer.rows[0][0].value == "107.7"  # type: ignore[union-attr]


def test_rdflib_sees_the_same_store(mine: Path) -> None:
    kg = perezkg.load(mine)
    graph = kg.graph
    assert isinstance(graph, rdflib.Graph)
    assert graph is kg.graph
    assert len(graph) == len(kg.store)
    sport = rdflib.Namespace(PREFIXES["sport"])
    ana = rdflib.URIRef("http://e.org/ana")
    assert (ana, rdflib.RDF.type, sport.Person) in graph
    graph.add((ana, sport.name, rdflib.Literal("Ana")))
    assert kg.sparql("ASK { ?s sport:name 'Ana' }")
    kg.store.add(Quad(NamedNode("http://e.org/ana"), NamedNode(PREFIXES["sport"] + "age"), Literal(30)))
    assert graph.value(ana, sport.age) == rdflib.Literal(30)
    assert {"sport", "pz", "bio"} <= {prefix for prefix, _ in graph.namespaces()}


def test_notices(tmp_path: Path) -> None:
    empty, imports = tmp_path / "empty.ttl", tmp_path / "imports.ttl"
    empty.write_text("# nothing\n", encoding="utf-8")
    imports.write_text(
        "<http://e.org/o> <http://www.w3.org/2002/07/owl#imports> <http://127.0.0.1:9/x> .", encoding="utf-8"
    )
    assert perezkg.load(empty).notices == [f"{empty} holds no triples"]
    (notice,) = perezkg.load(imports, imports).notices[:1]
    assert "<http://127.0.0.1:9/x>: not followed" in notice
    assert perezkg.load().notices == []


def test_the_other_methods_hand_over(kg: KnowledgeGraph) -> None:
    assert kg.validate().conforms
    assert "sport:MedalAward" in kg.export("turtle")
    assert str(kg.describe("pz:cuenca"))
    assert str(kg.cite("pz:jefferson-perez"))
    assert kg.info().triples == len(set(kg.quads()))


def long_file(path: Path, word: str = "first") -> Path:
    """Write a file of more bytes than are kept."""
    lines = (f'<http://e.org/s{n}> <http://e.org/p> "{word} {n} {"x" * 200}" .\n' for n in range(6000))
    path.write_text("".join(lines), encoding="utf-8")
    assert path.stat().st_size > reading.KEPT
    return path


def test_the_words_of_long_files_are_read_again(tmp_path: Path) -> None:
    path = long_file(tmp_path / "long.nt")
    for files in ([path], [path, path], [path, long_file(tmp_path / "other.ttl.nt", "second")]):
        kg = perezkg.load(*files)
        assert all(file.pieces is not None for file in kg.files), "the bytes are not kept"
        assert kg.size == sum(file.stat().st_size for file in files)
        assert len(kg.store) == len(set(kg.quads())) == kg.info().triples
    assert kg.export("ntriples").encode() == b"".join(sorted(line for file in files for line in lines_of(file)))


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def test_many_short_files_are_not_kept_either(tmp_path: Path) -> None:
    folder = tmp_path / "short"
    folder.mkdir()
    lines = lines_of(long_file(tmp_path / "long.nt"))
    files = [folder / f"{number}.nt" for number in range(3)]
    for number, file in enumerate(files):
        file.write_bytes(b"".join(lines[number::3]))
    kg = perezkg.load(*files)
    assert all(file.pieces is not None for file in kg.files)
    assert len(kg.quads()) == len(kg.store) == 6000


def test_a_file_that_has_changed_since_it_was_loaded_is_told(tmp_path: Path) -> None:
    path = long_file(tmp_path / "long.nt")
    kg = perezkg.load(path)
    path.write_bytes(path.read_bytes() + b"# more\n")
    with pytest.raises(perezkg.SourceChangedError, match="has changed since it was first read"):
        kg.export("turtle")
    assert len(kg.store) == 6000, "what was loaded can be asked"
    path.unlink()
    with pytest.raises(perezkg.SourceChangedError, match="not there any more"):
        kg.quads()


def test_mistakes_in_long_files_are_told_as_in_short_ones(tmp_path: Path) -> None:
    path = tmp_path / "long.nt"
    for mistake in (b"<http://e.org/a> <http://e.org/b> .\n", b'<http://e.org/a> <http://e.org/p> "\xff" .\n'):
        long_file(path)
        path.write_bytes(path.read_bytes() + mistake)
        with pytest.raises(perezkg.InputError) as told:
            perezkg.load(path)
        assert (told.value.path, told.value.line) == (str(path), 6001)
    long_file(path)
    with pytest.raises(LimitReachedError, match="longer than 1 MiB"):
        perezkg.load(path, max_size=1)


def test_what_a_long_file_imports_is_told(tmp_path: Path) -> None:
    path = long_file(tmp_path / "long.nt")
    said = b"<http://e.org/o> <http://www.w3.org/2002/07/owl#imports> <http://e.org/x> .\n"
    path.write_bytes(path.read_bytes() + said)
    (notice,) = perezkg.load(path).notices
    assert "imports <http://e.org/x>: not followed" in notice


def test_the_working_directory_may_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long_file(tmp_path / "long.nt")
    monkeypatch.chdir(tmp_path)
    kg = perezkg.load("long.nt")
    monkeypatch.chdir(tmp_path.parent)
    assert len(kg.quads()) == 6000
