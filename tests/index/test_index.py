"""An index answers as its files do, says how they are now, and refuses what it cannot do."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import perezkg
from perezkg.rdf.formats import writable
from perezkg.sparql.catalogue import catalogue
from perezkg.sparql.results import Boolean, Solutions

if TYPE_CHECKING:
    from tests.conftest import Run


DATASET = """@prefix ex: <http://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:a ex:says 1.50, 01.5 . GRAPH ex:g { ex:b ex:says ex:a ; rdfs:label "b" . ex:a ex:says 1.50 }
GRAPH ex:h { ex:b ex:says ex:a }
"""
SUMMARY = "SELECT ?s ?p ?o { ?s ?p ?o }"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> perezkg.IndexedGraph:
    """perezkg's own data, indexed."""
    return perezkg.build_index([], tmp_path_factory.mktemp("own") / "own.index")


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """A file of named graphs."""
    file = tmp_path / "graphs.trig"
    file.write_text(DATASET, encoding="utf-8")
    return file


def said(answer: Any) -> object:
    """Return what an answer says, to the term."""
    if isinstance(answer, Boolean):
        return bool(answer)
    if isinstance(answer, Solutions):
        return answer.variables, [tuple(row) for row in answer.rows]
    return [str(triple) for triple in answer]


@pytest.mark.parametrize("name", [query.name for query in catalogue()])
def test_every_canned_query_answers_as_from_files(
    own: perezkg.IndexedGraph, kg: perezkg.KnowledgeGraph, name: str
) -> None:
    query = next(query for query in catalogue() if query.name == name)
    given = (parameter.example.partition("=") for parameter in query.parameters.values() if parameter.required)
    values: dict[str, Any] = {key: value.strip("'") for key, _, value in given if key != "lang"}
    for lang in ("en", "es"):
        answer = said(own.query(name, lang=lang, **values))
        assert answer == said(kg.query(name, lang=lang, **values))


@pytest.mark.parametrize("format", sorted(writable()))
def test_exports_are_the_same_bytes(own: perezkg.IndexedGraph, kg: perezkg.KnowledgeGraph, format: str) -> None:  # noqa: A002
    assert own.export(format) == kg.export(format)


def test_descriptions_and_citations_are_the_same(own: perezkg.IndexedGraph, kg: perezkg.KnowledgeGraph) -> None:
    for term in ("pz:cuenca", "pz:perez-olympic-games-2000", "Pekín", "s14", "sport:Participation"):
        assert own.describe(term, lang="es").to_dict() == kg.describe(term, lang="es").to_dict()
        assert own.cite(term).to_dict() == kg.cite(term).to_dict()
    assert own.cite("pz:perez-olympic-games-2000").additions
    assert own.validate().conforms


def test_a_prefix_of_the_file_is_known(tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text(
        "@base <http://example.org/> .\n@prefix mine: <x#> .\nprefix other: <y#>\n"
        'mine:a mine:p """\n@prefix no: <z#> .""" .\n',
        encoding="utf-8",
    )
    index = perezkg.build_index([file], tmp_path / "i")
    assert index.prefixes().items() >= {"mine": "http://example.org/x#", "other": "http://example.org/y#"}.items()
    assert index.describe("mine:a").to_dict() == perezkg.load(file).describe("mine:a").to_dict()


@pytest.mark.parametrize("union", [False, True])
@pytest.mark.parametrize("concepts", [False, True])
@pytest.mark.parametrize(
    "query",
    [
        SUMMARY,
        "SELECT ?g ?s ?o { GRAPH ?g { ?s <http://example.org/says> ?o } }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "ASK { sport:medal-gold ?p ?o }",
    ],
)
def test_named_graphs_are_as_in_files(dataset: Path, tmp_path: Path, union: bool, concepts: bool, query: str) -> None:
    perezkg.build_index([dataset], tmp_path / "i")
    index = perezkg.open_index(tmp_path / "i", union=union, concepts=concepts)
    files = perezkg.load(dataset, union=union, concepts=concepts)
    asked: Any = said(index.sparql(query))
    told: Any = said(files.sparql(query))
    if "SELECT ?" in query:  # rows of queries without ORDER BY are in an order of their own
        assert sorted(map(str, asked[1])) == sorted(map(str, told[1]))
    else:
        assert asked == told


def test_both_engines_and_a_limit_of_time(own: perezkg.IndexedGraph, kg: perezkg.KnowledgeGraph) -> None:
    told = said(kg.query("medals"))
    assert said(own.query("medals", timeout=60)) == told
    assert said(own.query("medals", engine="rdflib")) == told
    assert own.describe("pz:cuenca", timeout=60).to_dict() == kg.describe("pz:cuenca").to_dict()
    with pytest.raises(perezkg.PerezkgError, match="not done after"):
        own.sparql("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout=0.3)


def test_the_files_are_asked_and_nothing_else(tmp_path: Path, command: Run) -> None:
    file = tmp_path / "one.nt"
    file.write_text("<s:s> <s:p> <s:o> .\n", encoding="utf-8")
    index = tmp_path / "i"
    assert command("index", file, "-o", index).status == 0
    assert command("query", "-e", "SELECT * { ?s ?p ?o }", "--store", index, "-f", "csv").out.count("\n") == 2
    many = command("query", "-e", "SELECT * { ?s ?p ?o }", "--store", index, "-f", "csv", "--concepts").out
    assert many.count("\n") > 500


def test_notices_are_those_of_the_files(dataset: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.ttl"
    empty.write_text("", encoding="utf-8")
    importing = tmp_path / "importing.ttl"
    importing.write_text("<> <http://www.w3.org/2002/07/owl#imports> <http://example.org/o> .", encoding="utf-8")
    named = tmp_path / "named.nq"
    named.write_text("<s:s> <s:p> <s:o> <s:g> .\n", encoding="utf-8")
    files = [empty, named, importing, dataset]
    told: list[str] = []
    index = perezkg.build_index(files, tmp_path / "i", notify=told.append)
    assert index.notices == perezkg.load(*files).notices == told
    assert len(told) == 3


@pytest.mark.parametrize("syntax", ["rdfxml", "jsonld", "turtle", "nquads"])
def test_every_syntax_is_read(tmp_path: Path, syntax: str) -> None:
    ending = next(iter(writable()[syntax].extensions))
    file = tmp_path / f"perez{ending}"
    file.write_text(perezkg.load(source="biography").export(syntax), encoding="utf-8")
    index = perezkg.build_index([file], tmp_path / "i")
    assert said(index.query("medals")) == said(perezkg.load(file).query("medals"))
    assert index.prefixes() == perezkg.load(file).prefixes()


def test_compressed_files_are_read(tmp_path: Path) -> None:
    file = tmp_path / "perez.nt.gz"
    import gzip

    file.write_bytes(gzip.compress(perezkg.load().export("ntriples").encode()))
    index = perezkg.build_index([file], tmp_path / "i")
    assert index.size > 1_000_000 > file.stat().st_size
    assert index.triples > 11_000


def test_a_stale_index_is_told(tmp_path: Path, command: Run) -> None:
    file = tmp_path / "mine.nt"
    file.write_text("<s:s> <s:p> <s:o> .\n", encoding="utf-8")
    index = tmp_path / "i"
    command("index", file, "-o", index)

    def asked() -> str:
        ended = command("query", "-e", "ASK { <s:s> <s:p> <s:o> }", "--store", index)
        assert ended.status == 0
        return ended.err

    assert asked() == ""
    os.utime(file, (1, 1))  # touched, and the same
    assert asked() == ""
    file.write_text("<s:s> <s:p> <s:x> .\n", encoding="utf-8")  # as long as before
    assert "mine.nt has changed since the index" in asked()
    assert "changed" in command("info", "--store", index).out
    for arguments in (("export", "-f", "turtle"), ("export", "-f", "nquads"), ("validate",)):
        ended = command(*arguments, "--store", index)
        assert (ended.status, ended.out) == (3, "")
        assert "has changed since the index was built" in ended.err
        assert "perezkg index" in ended.err
    file.unlink()
    assert "is not there any more" in asked()
    assert (
        json.loads(command("info", "--store", index, "-f", "json").out)["sources"][os.fspath(file)]["state"]
        == "missing"
    )
    assert "no está" in command("info", "--store", index, "--lang", "es").out


def test_same_size_and_time_but_other_words_show_in_info(tmp_path: Path) -> None:
    file = tmp_path / "mine.nt"
    file.write_text("<s:s> <s:p> <s:o> .\n", encoding="utf-8")
    index = perezkg.build_index([file], tmp_path / "i")
    state = file.stat()
    file.write_text("<s:s> <s:p> <s:x> .\n", encoding="utf-8")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert index.info().sources[os.fspath(file)]["state"] == "changed"
    with pytest.raises(perezkg.SourceChangedError):
        index.export("turtle")


def test_info_tells_what_is_in_it(own: perezkg.IndexedGraph, kg: perezkg.KnowledgeGraph, command: Run) -> None:
    info = own.info()
    assert info.classes == kg.info().classes
    assert info.graphs == 0
    assert info.bytes == own.disk > 100_000
    shown = command("info", "--store", own.directory).out
    assert "sport:Participation" in shown
    assert "a cache" in shown
    assert f"triples       {own.triples}" in shown


@pytest.mark.parametrize("command_", ["query medals", "describe pz:cuenca", "info", "validate", "export"])
def test_there_is_no_index(command: Run, tmp_path: Path, command_: str) -> None:
    for folder, words in ((tmp_path, "there is no index in this folder"), (tmp_path / "no", "no such folder")):
        ended = command(*command_.split(), "--store", folder)
        assert ended.status == 3
        assert words in ended.err
        assert "perezkg index FILE" in ended.err


@pytest.mark.parametrize(
    "options",
    [("--data", "a.ttl"), ("--source", "all"), ("--data-format", "turtle"), ("--endpoint", "http://localhost:1")],
)
def test_one_place_to_ask(command: Run, own: perezkg.IndexedGraph, options: tuple[str, ...]) -> None:
    ended = command("query", "medals", "--store", own.directory, *options)
    assert ended.status == 2
    assert "--store" in ended.err


def test_standard_input_is_no_source(command: Run, tmp_path: Path) -> None:
    ended = command("index", "-", "--data-format", "turtle", "-o", tmp_path / "i")
    assert ended.status == 2
    assert "read again" in ended.err
    assert not (tmp_path / "i").exists()


def test_a_folder_of_something_else_is_left_alone(command: Run, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear", encoding="utf-8")
    ended = command("index", "-o", tmp_path)
    assert ended.status == 2
    assert "something else" in ended.err
    assert os.listdir(tmp_path) == ["letters.txt"]
    ended = command("index", "-o", tmp_path / "letters.txt")
    assert ended.status == 3
    assert "letters.txt" in ended.err


def generation(index: perezkg.IndexedGraph | Path) -> Path:
    """Return the folder of the generation that is current."""
    folder = Path(index.directory) if isinstance(index, perezkg.IndexedGraph) else index
    return folder / (folder / "current").read_text().strip()


def damages() -> list[tuple[str, str]]:
    """Return which file is damaged, and how."""
    stores = ("CURRENT", "MANIFEST-*", "*.sst")
    files = ["../current", "manifest.json", *(f"concepts/{name}" for name in stores)]
    return [(name, how) for name in files for how in ("missing", "cut", "zeros")]


@pytest.mark.parametrize(("name", "how"), damages(), ids="-".join)
def test_damage_is_told(tmp_path: Path, own: perezkg.IndexedGraph, command: Run, name: str, how: str) -> None:
    index = tmp_path / "i"
    shutil.copytree(own.directory, index)
    found = max(generation(index).glob(name), key=lambda path: path.stat().st_size)
    size = found.stat().st_size
    if how == "missing":
        found.unlink()
    elif how == "cut":
        os.truncate(found, size // 2)
    else:
        found.write_bytes(bytes(size))
    ended = command("query", "medals", "--store", index)
    assert ended.status == 3, ended.err
    assert ended.out == ""
    assert "perezkg index FILE" in ended.err
    assert "damaged" in ended.err or (name, how) == ("../current", "missing")
    assert command("index", "-o", index).status == 0
    assert command("query", "medals", "--store", index).status == 0


def test_a_broken_block_is_told_wherever_it_is(tmp_path: Path, own: perezkg.IndexedGraph, command: Run) -> None:
    index = tmp_path / "i"
    shutil.copytree(own.directory, index)
    for store in ("data", "concepts"):
        for file in generation(index).glob(f"{store}/*.sst"):
            content = bytearray(file.read_bytes())
            for place in range(100, len(content) - 6000, 1000):  # in the blocks of data, not in what is read to open it
                content[place] ^= 255
            file.unlink()  # a hard link leads to the same content
            file.write_bytes(content)
    for arguments in (("describe", "pz:cuenca"), ("cite", "s14"), ("info",)):
        ended = command(*arguments, "--store", index)
        assert ended.status == 3, ended.err
        assert "the index is damaged" in ended.err


def test_an_index_of_another_form_is_refused(tmp_path: Path, own: perezkg.IndexedGraph, command: Run) -> None:
    index = tmp_path / "i"
    shutil.copytree(own.directory, index)
    manifest = generation(index) / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2', 1))
    ended = command("query", "medals", "--store", index)
    assert ended.status == 3
    assert "form 2" in ended.err


def test_a_mistake_in_a_file_leaves_the_old_index(tmp_path: Path, command: Run) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text("<s:s> <s:p> <s:o> .\n", encoding="utf-8")
    index = tmp_path / "i"
    assert command("index", file, "-o", index).status == 0
    before = sorted(path.relative_to(index) for path in index.rglob("*"))
    file.write_text("<s:s> <s:p> <s:o> .\n<s:s> <s:p> .\n", encoding="utf-8")
    ended = command("index", file, "-o", index)
    assert ended.status == 3
    assert "mine.ttl:2" in ended.err
    assert sorted(path.relative_to(index) for path in index.rglob("*")) == before
    assert command("index", file, "-o", tmp_path / "new").status == 3
    assert not (tmp_path / "new").exists()
