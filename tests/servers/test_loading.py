"""`perezkg load` and `perezkg diff` on each kind of store: what is sent is there, and what else was there stays."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.queries.test_golden import CASES, assert_golden, source
from tests.servers.all_stores import STORES, needed
from tests.servers.asking import clear, count, credentials, graph_of, options, staging_graphs

import perezkg
from perezkg import resources
from perezkg.rdf.streaming import DataStream
from perezkg.stores.load import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Ended, Run
    from tests.servers.server import Server

pytestmark = pytest.mark.slow

OTHER = "http://example.org/other"
# To the term, where the store keeps or normalizes terms as the golden files have them; elsewhere tests/matrix compares.
EXACT = ("oxigraph", "fuseki", "rdf4j")
STRANGER = """@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:ñandú ex:name "Zoë 🏅 𝒳 字", "Zoë"@es-EC, "Zoe"@en ;
  ex:text "two\\nlines, a \\"quote\\", a \\\\ and a tab\\t", "" ;
  ex:whole 4570 ; ex:decimal 4570.0 ; ex:longer 4570.00 ; ex:double 1.5e3 ; ex:truth true ;
  ex:exact "4570"^^xsd:decimal ; ex:below -0.50 ;
  ex:day "2008-08-16"^^xsd:date ; ex:duration "PT1H17M16S"^^xsd:dayTimeDuration ;
  ex:knows [ ex:knows ex:ñandú ; ex:since [ ex:year 1999 ] ], [ ex:since [ ex:year 2000 ] ] .
"""
SIZE = 21
NEGATIVE = """@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://example.org/s> <http://example.org/before> "-PT1H30M"^^xsd:dayTimeDuration .
"""
MORE = "<http://example.org/ñandú> <http://example.org/more> 1, 2, 3 .\n"


@pytest.fixture(scope="module", params=STORES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Each kind of store in turn."""
    with needed(request.param)(tmp_path_factory.mktemp(request.param)) as running:
        yield running


class Loads:
    """Runs `perezkg load` and `perezkg diff` on a store whose graphs are empty."""

    def __init__(self, server: Server, command: Run) -> None:
        self.server = server
        self._command = command

    def load(self, *arguments: str | Path, graph: str | None = None) -> dict[str, Any]:
        """Load into one graph, which succeeds; return the report on it."""
        ended = self.run("load", *arguments, "-f", "json", graph=graph)
        assert ended.status == 0, ended.err
        report = json.loads(ended.out)
        assert report["store"] == self.server.kind
        (loaded,) = report["graphs"]
        assert isinstance(loaded, dict)
        return loaded

    def diff(self, *arguments: str | Path, graph: str | None = None) -> Ended:
        """Compare."""
        return self.run("diff", *arguments, graph=graph)

    def run(self, name: str, *arguments: str | Path, graph: str | None = None, url: str = "") -> Ended:
        """Run a command."""
        return self._command(name, url or self.server.load_url, *arguments, *options(self.server, graph))


@pytest.fixture
def loads(server: Server, command: Run, monkeypatch: pytest.MonkeyPatch) -> Loads:
    """The store, without a triple."""
    for name, value in credentials(server).items():
        monkeypatch.setenv(name, value)
    clear(server, graph_of(server), OTHER)
    return Loads(server, command)


def write(folder: Path, text: str, name: str = "stranger.ttl") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def sha256(*paths: Path) -> str:
    """Return the hash of files in canonical form."""
    with parts([DataStream(str(path)) for path in paths], "") as found:
        (lines,) = found.values()
        return lines.sha256


def test_own_data_and_all_questions(loads: Loads) -> None:
    loaded = loads.load()
    size = count(loads.server)
    assert (loaded["before"], loaded["sent"], loaded["after"]) == (0, size, size)
    assert loaded["sha256"] == own_sha256("all")
    ended = loads.diff()
    assert (ended.status, ended.out) == (0, "")
    ask_all(loads.server, "all")


def test_what_the_biography_alone_says(loads: Loads) -> None:
    assert loads.load("--source", "biography")["sha256"] == own_sha256("biography")
    assert loads.diff("--source", "biography").status == 0
    assert loads.diff().status == 1
    ask_all(loads.server, "biography")


def own_sha256(told: str) -> str:
    """Return the hash of perezkg's own data with their concepts."""
    return sha256(*map(Path, (*resources.data_files(told), resources.ontology_file("concepts.ttl"))))


def ask_all(server: Server, told: str) -> None:
    """Ask all canned queries where the answers are to be the same to the term."""
    if server.kind not in EXACT:
        return
    graphs = [] if graph_of(server) == "default" else [graph_of(server)]
    with perezkg.connect(server.query_url, graphs=graphs) as remote:
        for case, (name, parameters) in CASES.items():
            if source(case) == told:
                assert_golden(case, remote.query(name, **parameters))


def test_replace(loads: Loads, tmp_path: Path) -> None:
    stranger, more = write(tmp_path, STRANGER), write(tmp_path, MORE, "more.ttl")
    loads.load(more, graph=OTHER)
    shipped = loads.load()["after"]
    assert loads.run("load", stranger).status == 2  # what the graph holds is not overwritten unasked
    for before in (shipped, SIZE):
        loaded = loads.load(stranger, "--replace")
        assert (loaded["before"], loaded["sent"], loaded["after"]) == (before, SIZE, SIZE)
        assert loaded["sha256"] == sha256(stranger)
        assert count(loads.server) == SIZE
        assert loads.diff(stranger).status == 0
        assert loads.diff(more, graph=OTHER).status == 0
        assert staging_graphs(loads.server) == set()


@pytest.mark.parametrize("sizes", [(2, 300), (50, 50), (3000, 1000)], ids=str)
@pytest.mark.parametrize("named", [False, True])
def test_replace_graphs_of_all_sizes(loads: Loads, tmp_path: Path, sizes: tuple[int, int], named: bool) -> None:
    # TDB2 loses triples when it copies to a named graph that holds some: up to 79 of them, whatever the size.
    graph = OTHER if named else None
    for size, mode in zip(sizes, ("--add", "--replace"), strict=True):
        text = "".join(
            f"<http://example.org/{size}/{n}> <http://example.org/p> <http://example.org/{n}> .\n" for n in range(size)
        )
        path = write(tmp_path, text, f"{size}.nt")
        assert loads.load(path, mode, graph=graph)["after"] == size
        assert count(loads.server, graph) == size
        assert loads.diff(path, graph=graph).status == 0
    assert staging_graphs(loads.server) == set()


def test_what_cannot_be_deleted_is_left_alone(loads: Loads, tmp_path: Path) -> None:
    if graph_of(loads.server) != "default":
        pytest.skip("the server's own upload goes to another graph")
    held = b'<http://example.org/s> <http://example.org/p> "4570"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    loads.server.upload(held)
    ended = loads.run("load", write(tmp_path, STRANGER), "--replace")
    if loads.server.kind == "fuseki":
        assert ended.status == 4
        assert "the default graph holds 1 triples that this store cannot delete" in ended.err
        assert "Nothing has been changed." in ended.err
        assert count(loads.server) == 1
        loads.server.stop()  # and starts afresh: nothing but a new dataset rids it of that
        shutil.rmtree(loads.server.directory / "data")
        loads.server.start()
    else:
        assert ended.status == 0
        assert count(loads.server) == SIZE
    assert staging_graphs(loads.server) == set()


def test_add(loads: Loads, tmp_path: Path) -> None:
    stranger, more = write(tmp_path, STRANGER), write(tmp_path, MORE, "more.ttl")
    first = loads.load(more, "--add")
    assert (first["before"], first["sent"], first["after"]) == (0, 3, 3)
    second = loads.load(stranger, "--add")
    assert (second["before"], second["sent"], second["after"]) == (3, SIZE, SIZE + 3)
    third = loads.load(more, "--add")
    assert (third["before"], third["sent"], third["after"]) == (SIZE + 3, 3, SIZE + 3)
    assert loads.diff(stranger, more).status == 0
    assert staging_graphs(loads.server) == set()


def test_dry_run_tells_and_changes_nothing(loads: Loads, tmp_path: Path) -> None:
    more = write(tmp_path, MORE, "more.ttl")
    less = write(tmp_path, MORE.replace("3 .", "4 ."), "less.ttl")
    loads.load(less)
    ended = loads.run("load", more, "--replace", "--dry-run")
    assert ended.status == 0
    graph = graph_of(loads.server)
    end = "" if graph == "default" else f"<{graph}> "
    lines = [f'<http://example.org/ñandú> <http://example.org/more> "{number}"' for number in (3, 4)]
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    assert sorted(ended.out.splitlines()) == [f"+ {lines[0]}{integer} {end}.", f"- {lines[1]}{integer} {end}."]
    assert loads.run("load", more, "--add", "--dry-run").out.splitlines() == [f"+ {lines[0]}{integer} {end}."]
    assert loads.diff(less).status == 0
    assert staging_graphs(loads.server) == set()


def test_a_graph_is_emptied_when_that_is_said(loads: Loads, tmp_path: Path) -> None:
    stranger, nothing = write(tmp_path, STRANGER), write(tmp_path, "", "empty.ttl")
    loads.load(stranger)
    assert loads.run("load", nothing, "--replace").status == 2
    assert count(loads.server) == SIZE
    loaded = loads.load(nothing, "--replace", "--allow-empty")
    assert (loaded["before"], loaded["after"]) == (SIZE, 0)
    assert count(loads.server) == 0
    assert loads.diff(nothing).status == 0
    assert staging_graphs(loads.server) == set()


def test_graphs_of_a_file(loads: Loads, tmp_path: Path) -> None:
    text = STRANGER + f"<{OTHER}> {{ {MORE} [] <http://example.org/more> [] }}"
    quads = write(tmp_path, text, "stranger.trig")
    for mode, before in ("--add", [0, 0]), ("--replace", [SIZE, 4]):
        ended = loads.run("load", quads, mode, "-f", "json")
        assert ended.status == 0, ended.err
        report = json.loads(ended.out)["graphs"]
        assert [graph["before"] for graph in report] == before
        assert [graph["after"] for graph in report] == [SIZE, 4]
        assert loads.diff(quads).status == 0
        assert staging_graphs(loads.server) == set()


def test_negative_durations(loads: Loads, tmp_path: Path) -> None:
    negative = write(tmp_path, NEGATIVE)
    ended = loads.run("load", negative)
    if loads.server.kind == "virtuoso":  # it gives back another duration, and is not believed
        assert ended.status == 4
        assert count(loads.server) == 0
    else:
        assert ended.status == 0
        assert loads.diff(negative).status == 0


def test_compressed(loads: Loads, tmp_path: Path) -> None:
    stranger = write(tmp_path, STRANGER)
    ended = loads.run("load", stranger, "--gzip", "yes")
    if loads.server.kind == "blazegraph":
        assert (ended.status, count(loads.server)) == (4, 0)
        assert "501 Unsupported Content-Encoding" in ended.err
    else:  # Virtuoso is sent it as it is
        assert ended.status == 0
        assert loads.diff(stranger).status == 0


def test_a_graph_whose_name_is_beyond_ascii(loads: Loads, tmp_path: Path) -> None:
    stranger, more = write(tmp_path, STRANGER), write(tmp_path, MORE, "more.ttl")
    name = "http://example.org/gráfico-🏅"
    clear(loads.server, name)
    loads.load(more, graph=name)
    assert loads.run("load", stranger, graph=name).status == 2
    assert loads.diff(more, graph=name).status == 0
    assert loads.load(stranger, "--add", graph=name)["after"] == SIZE + 3
    assert loads.load(more, "--replace", graph=name)["before"] == SIZE + 3
    assert count(loads.server, name) == 3
    assert count(loads.server) == 0


def test_by_sparql_updates_alone(loads: Loads, tmp_path: Path) -> None:
    updates = {"oxigraph": "/update", "fuseki": "/perez/update"}
    if loads.server.kind not in updates:
        pytest.skip("a store of standard SPARQL is asked here")
    stranger, more = write(tmp_path, STRANGER), write(tmp_path, MORE, "more.ttl")
    there = ["--store", "generic", "--update-url", loads.server.address + updates[loads.server.kind]]

    def run(name: str, *arguments: str | Path) -> Ended:
        return loads.run(name, *arguments, *there, url=loads.server.query_url)

    assert run("load").status == 0
    assert run("diff").status == 0
    assert run("load", stranger).status == 2
    assert run("load", stranger, "--replace").status == 0
    assert run("diff", stranger).status == 0
    assert run("load", more, "--add").status == 0
    assert loads.diff(stranger, more).status == 0
    assert staging_graphs(loads.server) == set()


@pytest.mark.parametrize(
    ("password", "said"), [(None, "does not let this user write"), ("wrong", "does not accept these credentials")]
)
def test_who_may_not_write_is_told(
    loads: Loads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str | None, said: str
) -> None:
    if loads.server.user is None:
        pytest.skip("anybody may write here")
    if password is None:
        monkeypatch.delenv("PEREZKG_USER")
        monkeypatch.delenv("PEREZKG_PASSWORD")
    else:
        monkeypatch.setenv("PEREZKG_PASSWORD", password)
    ended = loads.run("load", write(tmp_path, STRANGER))
    assert ended.status == 4
    assert loads.server.address in ended.err
    assert said in ended.err
    assert count(loads.server) == 0
