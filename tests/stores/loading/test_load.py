"""`perezkg load`: what it takes, what it leaves in the store, what it says."""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.stores.loading.dialects import shown
from tests.stores.loading.fake_store import ordinary
from tests.stores.loading.faults import altered, cut_between_lines, damaged, dropped, html

import perezkg
from perezkg import resources

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Run
    from tests.stores.loading.fake_store import Exchange, FakeStore, Fault

    File = Callable[..., Path]
    Start = Callable[[str], FakeStore]

OLD = '<http://e.org/o> <http://e.org/p> "old" .\n'
NEW = '<http://e.org/n> <http://e.org/p> "new"@en , "né\\n" .\n'
GRAPH = "http://e.org/graph"
KINDS = ("oxigraph", "fuseki", "generic", "virtuoso", "rdf4j", "graphdb", "blazegraph")


def place(kind: str, store: FakeStore) -> tuple[str, list[str]]:
    """Return the graph to load into, and the options for it."""
    options = ["--store", kind]
    if kind in ("virtuoso", "blazegraph"):
        return GRAPH, [*options, "--graph", GRAPH]
    assert store.kind == kind
    return "", options


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_store(kind: str, start: Start, command: Run, file: File) -> None:
    store = start(kind)
    graph, options = place(kind, store)
    load = ["load", store.url, str(file(NEW)), *options]
    assert command("diff", store.url, file(NEW), *options).status == 1
    fresh = command(*load)
    assert (fresh.status, fresh.err) == (0, "")
    assert "0 triples before, 2 sent, 2 now" in fresh.out
    assert command("diff", store.url, file(NEW), *options) == (
        0,
        "",
        "perezkg: notice: 0 triples only in the files, 0 only in the store\n",
    )
    new = store.content(graph)
    refused = command(*load)
    assert (refused.status, refused.out) == (2, "")
    assert "holds 2 triples already\n--replace puts the new ones in their place" in refused.err
    assert store.content(graph) == new
    store.hold(OLD, graph)
    added = command(*load, "--add")
    assert "1 triples before, 2 sent, 3 now" in added.out
    assert len(store.content(graph)) == 3
    replaced = command(*load, "--replace")
    assert "3 triples before, 2 sent, 2 now" in replaced.out
    assert store.content(graph) == new
    assert store.remains() == []


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("oxigraph", "oxigraph"),
        ("fuseki", "fuseki"),
        ("rdf4j", "rdf4j"),
        ("graphdb", "graphdb"),
        ("generic", "generic"),
    ],
)
def test_the_kind_is_found(kind: str, found: str, start: Start, command: Run, file: File) -> None:
    store = start(kind)
    ended = command("load", store.url, file(NEW), "-f", "json")
    report = json.loads(ended.out)
    assert report["store"] == found
    (graph,) = report["graphs"]
    assert (graph["graph"], graph["before"], graph["sent"], graph["after"], graph["respelled"]) == ("", 0, 2, 2, 0)
    assert len(graph["sha256"]) == 64


def test_a_report_in_a_file(store: FakeStore, command: Run, file: File, tmp_path: Path) -> None:
    assert command("load", store.url, file(NEW), "-o", tmp_path / "report.txt").out == ""
    assert "2 sent, 2 now" in (tmp_path / "report.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("mode", ["--replace", "--add"])
def test_a_dry_run_shows_what_comes_and_changes_nothing(mode: str, store: FakeStore, command: Run, file: File) -> None:
    store.hold(OLD)
    ended = command("load", store.url, file(NEW), mode, "--dry-run")
    assert ended.status == 0
    assert store.content() == [OLD.strip(" .\n")]
    signs = [line[0] for line in ended.out.splitlines()]
    assert signs == (["+", "+", "-"] if mode == "--replace" else ["+", "+"])
    assert not any(request.method in ("PUT", "DELETE") or "/update" in request.target for request in store.requests)


@pytest.mark.parametrize("kind", KINDS)
def test_files_without_triples(kind: str, start: Start, command: Run, file: File) -> None:
    store = start(kind)
    graph, options = place(kind, store)
    store.hold(OLD, graph)
    load = ["load", store.url, str(file("# nothing\n")), "--replace", *options]
    refused = command(*load)
    assert (refused.status, len(store.content(graph))) == (2, 1)
    assert "--allow-empty" in refused.err
    emptied = command(*load, "--allow-empty")
    assert (emptied.status, emptied.err, store.content(graph)) == (0, "", [])
    assert store.remains() == []


def test_files_in_several_syntaxes(store: FakeStore, command: Run, file: File) -> None:
    paths = [
        file(NEW, "a.ttl"),
        file(gzip.compress(NEW.encode()), "b.ttl.gz"),
        file('<http://e.org/n> <http://e.org/p> "c" .\n' * 3, "c.nt"),
        file('<http://e.org/n> <http://e.org/p> "d" <http://e.org/d> .\n', "d.nq"),
        file('{ _:a <http://e.org/p> "e" } <http://e.org/e> { _:b <http://e.org/p> _:b }', "e.trig"),
        file('{"@id": "http://e.org/n", "http://e.org/p": "f"}', "f.jsonld"),
    ]
    store.hold(OLD, "http://e.org/d")
    refused = command("load", store.url, *paths)
    assert refused.status == 2
    assert "the graph http://e.org/d" in refused.err
    ended = command("load", store.url, *paths, "--replace")
    assert (ended.status, ended.err) == (0, "")
    assert [len(store.content(graph)) for graph in ("", "http://e.org/d", "http://e.org/e")] == [5, 1, 1]
    assert store.remains() == []
    swaps = [request.body for request in store.requests if shown(request.body)]
    assert [len(set(re.findall(rb"<(urn:[^>]*:new)>", swap))) for swap in swaps] == [3], "all graphs in one request"
    assert command("diff", store.url, *paths).status == 0


def test_standard_input(store: FakeStore, command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(NEW.encode())))
    assert command("load", store.url, "-", "--data-format", "turtle").status == 0
    assert len(store.content()) == 2
    assert command("load", store.url, "-", "-").status == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<http://e.org/a> { _:x <http://e.org/p> 1 } <http://e.org/b> { _:x <http://e.org/p> 1 }", "several graphs"),
        ("_:g { <http://e.org/a> <http://e.org/p> 1 }", "named by a blank node"),
    ],
)
def test_blank_nodes_that_cannot_be_loaded(text: str, told: str, store: FakeStore, command: Run, file: File) -> None:
    ended = command("load", store.url, file(text, "data.trig"))
    assert ended.status == 2
    assert told in ended.err
    assert store.requests == []


@pytest.mark.parametrize("command_name", ["load", "diff"])
def test_blank_nodes_that_are_too_much_alike(
    command_name: str, store: FakeStore, command: Run, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perezkg.rdf.n_degree.MOST_HASHES", 20_000)
    text = "".join(f"_:n{one} <http://e.org/p> _:n{other} . " for one in range(8) for other in range(8))
    ended = command(command_name, store.url, file(text))
    assert (ended.status, ended.out) == (5, "")
    assert "blank nodes are so much alike" in ended.err
    assert store.content() == []


def test_blank_nodes_that_hang_together_over_batches(
    start: Start, command: Run, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perezkg.stores.store._LONGEST_UPDATE", 200)
    text = "".join(
        f"_:a{n} <http://e.org/p> _:a{n + 1} . <http://e.org/{n}> <http://e.org/q> _:b{n} .\n" for n in range(20)
    )
    store = start("generic")
    assert command("load", store.url, file(text), "--store", "generic").status == 0
    assert sum(b"INSERT DATA" in request.body for request in store.requests) > 5
    assert command("diff", store.url, file(text), "--store", "generic").status == 0
    assert len(store.content()) == 40


def test_updates_are_of_about_a_megabyte_each(start: Start, command: Run, file: File) -> None:
    store = start("generic")
    lines = "".join(f'<http://e.org/{number}> <http://e.org/p> "{number:01000}" .\n' for number in range(3500))
    options = ["--store", "generic", "--update-url", store.url]
    assert command("load", store.url, file(lines), *options).status == 0
    # Marks of loads are inserted, too.
    *most, last = [len(sent.body) for sent in store.requests if b"INSERT DATA" in sent.body and len(sent.body) > 1000]
    assert len(most) == 3
    assert all((1 << 20) - 2000 < size < (1 << 20) + 200 for size in most)
    assert last < 1 << 20


@pytest.mark.parametrize(
    ("fault", "at", "hint"),
    [
        (damaged(altered), "PUT", "The store, or something in front of it, has changed it."),
        (damaged(dropped), "PUT", "The store, or something in front of it, has changed it."),
        (cut_between_lines, "GET /store", "is there a limit to its answers"),
    ],
    ids=["altered", "dropped", "cut"],
)
def test_what_may_be_wrong_is_told(
    fault: Fault, at: str, hint: str, store: FakeStore, command: Run, file: File
) -> None:
    store.fail(fault, line=at)
    ended = command("load", store.url, file(NEW))
    assert ended.status == 4
    assert "does not hold what was sent: of 2 triples 1 are missing" in ended.err
    assert hint in ended.err
    assert ("is there a limit" in ended.err) == ("is there a limit" in hint)


def test_three_of_the_triples_that_differ_are_shown(store: FakeStore, command: Run, file: File) -> None:
    def apart(exchange: Exchange) -> None:
        ordinary(exchange)
        store.hold("".join(f"<http://e.org/{n}> <http://e.org/p> {n} .\n" for n in range(5)))

    store.fail(apart, line="PUT")
    ended = command("load", store.url, file(NEW))
    assert ended.status == 4
    assert ended.err.count("sent: <") + ended.err.count("came back: <") == 3


def test_perezkg_itself(store: FakeStore, command: Run, kg: perezkg.KnowledgeGraph) -> None:
    ended = command("load", store.url, "--no-concepts")
    assert ended.status == 0
    assert 0 < len(store.content()) == len(kg.graph), "concepts are not of the graph"
    assert command("diff", store.url, *resources.data_files("all")).status == 0
    assert command("load", store.url, "--source", "biography", "--no-concepts", "--replace").status == 0
    biography = len(store.content())
    assert biography < len(kg.graph)
    assert command("load", store.url, "--source", "biography", "--replace").status == 0
    assert len(store.content()) > biography
    assert command("load", store.url, "x.ttl", "--source", "biography").status == 2


def test_a_graph_by_its_name(store: FakeStore, command: Run, file: File) -> None:
    store.hold(OLD)
    assert command("load", store.url, file(NEW), "--graph", GRAPH).status == 0
    assert [len(store.content()), len(store.content(GRAPH))] == [1, 2]
    assert command("load", store.url, file(NEW), "--graph", "not an IRI").status == 2


def test_values_in_another_spelling_are_the_same_values(store: FakeStore, command: Run, file: File) -> None:
    def respelled(quad: Quad) -> list[Quad]:
        value = Literal("2.5", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
        return [Quad(quad.subject, quad.predicate, value, quad.graph_name)]

    store.fail(damaged(respelled), line="PUT")
    path = file("<http://e.org/n> <http://e.org/p> 2.50 .")
    ended = command("load", store.url, path)
    assert ended.status == 0
    assert "but for spelling: 1 triples" in ended.out
    diff = command("diff", store.url, path)
    assert (diff.status, diff.out) == (0, "")
    assert "1 triples have a literal that the store spells differently" in diff.err


def test_a_store_may_make_one_of_two_spellings(store: FakeStore, command: Run, file: File) -> None:
    path = file("<http://e.org/n> <http://e.org/p> 2.50, 2.5, 3 .")
    ended = command("load", store.url, path, "-f", "json")
    assert ended.status == 0
    (graph,) = json.loads(ended.out)["graphs"]
    assert (graph["sent"], graph["after"], graph["respelled"]) == (3, 2, 1)
    assert command("load", store.url, path, "--replace", "-f", "json").status == 0
    assert command("diff", store.url, path)[:2] == (0, "")


def test_uploads_are_compressed_when_asked_for(start: Start, command: Run, file: File) -> None:
    for kind in ("oxigraph", "fuseki"):
        store = start(kind)
        assert command("load", store.url, file(NEW), "--gzip", "yes").status == 0
        packed = [request.headers.get("content-encoding") or request.body for request in store.requests]
        assert any(said == "gzip" or b'filename="data.nt.gz"' in said for said in packed)
        assert len(store.content()) == 2


def test_a_default_graph_that_is_all_graphs(start: Start, command: Run, file: File) -> None:
    ended = command("load", start("virtuoso").url, file(NEW))
    assert ended.status == 2
    assert "--graph http://" in ended.err


def test_a_commit_that_was_none(start: Start, command: Run, file: File) -> None:
    store = start("rdf4j")
    store.hold(OLD)
    for fault in (html, damaged(dropped)):
        store.fail(fault, line="COMMIT")
        ended = command("load", store.url, file(NEW), "--replace")
        assert ended.status == 4
        assert "once the transaction is committed" in ended.err
        store.mend()


def test_a_dry_run_of_adding_counts_blank_nodes_as_new(store: FakeStore, command: Run, file: File) -> None:
    path = file("<http://e.org/1> <http://e.org/p> [ <http://e.org/p> 1 ] , 2 .")
    assert command("load", store.url, path).status == 0
    ended = command("load", store.url, path, "--add", "--dry-run")
    assert len(ended.out.splitlines()) == 2
    assert "2 triples only in the files" in ended.err
    assert command("load", store.url, path, "--add").status == 0
    assert len(store.content()) == 5


def test_a_file_may_stand_behind_an_option(store: FakeStore, command: Run, file: File) -> None:
    assert command("load", store.url, "--replace", file(NEW)).status == 0
    assert len(store.content()) == 2
    assert command("diff", store.url, "--store", "oxigraph", file(NEW)).status == 0


def test_a_load_goes_through_few_files(store: FakeStore, file: File) -> None:
    store.hold(OLD)
    entered = Path(__file__).parents[3] / "bench" / "entered"
    load = [sys.executable, str(entered), "load", store.url, str(file(NEW)), "--replace"]
    *files, count = subprocess.run(load, check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(store.content()) == 2
    assert count == f"{len(files)} files"
    assert 10 < len(files) <= 30, files
