"""SERVICE: refused unless allowed, only at addresses that the query names, and its failures are those of stores."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal
from tests.conftest import Run
from tests.servers import oxigraph
from tests.servers.all_stores import needed
from tests.servers.server import free_port

from perezkg import KnowledgeGraph, errors
from perezkg.sparql import engines
from perezkg.sparql.catalogue import CannedQuery
from perezkg.sparql.engines import answer_kind
from perezkg.sparql.prepare import prepare, services
from perezkg.stores.remote_graph import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

pytestmark = pytest.mark.usefixtures("garbage_is_for_this_thread")
BORN = "SELECT ?name {{ {service} {{ pz:jefferson-perez rdfs:label ?name }} FILTER(LANG(?name) = 'es') }}"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    needed("oxigraph")
    with oxigraph.running() as address:
        oxigraph.load(address)
        yield f"{address}/query"


@pytest.fixture
def empty(tmp_path: Path) -> KnowledgeGraph:
    (tmp_path / "empty.ttl").write_text("")
    return KnowledgeGraph.read([str(tmp_path / "empty.ttl")])


@pytest.mark.parametrize(
    "service",
    [
        "SERVICE ?where",
        "SERVICE SILENT ?where",
        "SERVICE ?_where",
        "SERVICE <file:///etc/passwd>",
        "SERVICE <FILE:///etc/passwd>",
        "SERVICE <ftp://e.org/x>",
        "SERVICE <urn:x>",
        "SERVICE <sparql>",
        "SERVICE <//e.org/sparql>",
        "SERVICE <http://>",
        "SERVICE <http:///x>",
        "SERVICE <https://me:secret@e.org/sparql>",
        "SERVICE pz:somewhere",
        "service silent e:x",
    ],
)
@pytest.mark.parametrize("at_home", [True, False])
def test_only_an_address_that_the_query_names(service: str, at_home: bool) -> None:
    graph = KnowledgeGraph.read() if at_home else connect("http://127.0.0.1:9/sparql")
    text = f"BASE <http://e.org/> PREFIX e: <http://e.org/>\nSELECT * {{ {service} {{ ?s ?p ?o }} }}"
    values: dict[str, Any] = {"where": "http://e.org/"} if "?_where" in service else {}
    with pytest.raises(errors.RemoteAccessRefusedError) as caught:
        graph.sparql(text, allow_service=True, **values)
    assert caught.value.line == 2
    assert caught.value.column > 12
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM <http://e.org/> { ?s ?p ?o }",
        "LOAD <http://e.org/>",
        "ASK { FILTER(1 <'>') SERVICE <http://e.org/> {} #'\n}",
    ],
)
def test_the_rest_stays_refused(kg: KnowledgeGraph, text: str) -> None:
    with pytest.raises(errors.RemoteAccessRefusedError):
        kg.sparql(text, allow_service=True)
    with pytest.raises(errors.SparqlSyntaxError, match="update"):
        kg.sparql("INSERT { ?s ?p ?o } WHERE { SERVICE <http://e.org/> { ?s ?p ?o } }", allow_service=True)


def test_it_is_refused_unless_allowed(command: Run) -> None:
    ended = command("query", "-e", "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert ended.status == 3
    assert "--allow-service lets" in ended.err


def test_words_are_no_services() -> None:
    text = "ASK { ?service ?p 'SERVICE ?x', <http://e.org/SERVICE> } # SERVICE ?y"
    assert services(text) == ((), text)
    two = "ASK { SERVICE <http://a.org/> { SERVICE SILENT <https://b.org/?q#f> {} } service<http://a.org/> {} }"
    assert services(two)[0] == ("http://a.org/", "https://b.org/?q#f")


@pytest.mark.parametrize("form", ["ASK", "SELECT *", "CONSTRUCT { ?s ?p ?o }", "DESCRIBE ?s"])
def test_a_look_at_the_query_asks_nobody(form: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        text = f"{form} {{ SERVICE SILENT <http://127.0.0.1:{server.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        answer_kind(prepare(CannedQuery(text), {}, allow_service=True))
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.real
def test_a_store_is_asked(empty: KnowledgeGraph, store: str) -> None:
    for service in (f"SERVICE <{store}>", f"SERVICE SILENT <{store}>", f"service\n<{store}>"):
        answer = empty.sparql(BORN.format(service=service), allow_service=True)
        assert answer.rows == [(Literal("Jefferson Pérez", language="es"),)]  # type: ignore[union-attr]
    assert empty.sparql(f"ASK {{ SERVICE <{store}> {{ pz:cuenca ?p ?o }} }}", allow_service=True)
    triples = empty.sparql(
        f"CONSTRUCT WHERE {{ SERVICE <{store}> {{ pz:cuenca a ?o }} }}".replace(
            "CONSTRUCT WHERE", "CONSTRUCT { pz:cuenca a ?o } WHERE"
        ),
        allow_service=True,
    )
    assert len(triples) == 1  # type: ignore[arg-type]


@pytest.mark.real
def test_what_is_here_and_what_is_there_are_joined(command: Run, tmp_path: Path, store: str) -> None:
    (tmp_path / "mine.ttl").write_text(
        "@prefix pz: <https://w3id.org/perezkg/id/> . pz:jefferson-perez <urn:shoe> 'red' .", encoding="utf-8"
    )
    text = f"SELECT ?shoe ?name {{ ?s <urn:shoe> ?shoe SERVICE <{store}> {{ ?s rdfs:label ?name }} }} ORDER BY ?name"
    ended = command("query", "-e", text, "--allow-service", "-f", "csv", "--data", tmp_path / "mine.ttl")
    assert (ended.status, ended.err) == (0, "")
    assert "red,Jefferson Pérez" in ended.out


@pytest.mark.real
def test_a_store_asks_another(command: Run, store: str) -> None:
    with oxigraph.running() as other:
        ended = command(
            "query", "-e", BORN.format(service=f"SERVICE <{store}>"), "--endpoint", f"{other}/query", "-f", "csv",
            "--allow-service",
        )  # fmt: skip
        assert (ended.status, ended.out) == (0, "name\r\nJefferson Pérez\r\n")
        ended = command("query", "-e", BORN.format(service=f"SERVICE <{store}>"), "--endpoint", f"{other}/query")
        assert ended.status == 3
        with connect(f"{other}/query") as there:
            assert there.sparql(f"ASK {{ SERVICE <{store}> {{ pz:cuenca ?p ?o }} }}", allow_service=True)


def test_rdflib_says_who_can(kg: KnowledgeGraph, command: Run) -> None:
    text = "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    with pytest.raises(errors.UsageError, match="rdflib cannot be relied upon") as caught:
        kg.sparql(text, engine="rdflib", allow_service=True)
    assert "--engine oxigraph" in caught.value.hint
    assert command("query", "-e", text, "--engine", "rdflib", "--allow-service").status == 2
    assert kg.sparql("ASK { ?s ?p ?o }", engine="rdflib", allow_service=True)


def answering(answer: bytes) -> tuple[str, threading.Thread]:
    """A server that answers one request with these bytes, and then hangs up."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with server:
            connection, _ = server.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return f"http://127.0.0.1:{server.getsockname()[1]}/x", thread


JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
FAULTS = {
    "it fails": (b"HTTP/1.1 500 Broken\r\nContent-Length: 3\r\n\r\nboo", errors.StoreUnreachableError, "500"),
    "a web page": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>",
        errors.StoreAnswerError,
        "text/html",
    ),
    "broken JSON": (JSON + b'Content-Length: 2\r\n\r\n{"', errors.StoreAnswerError, "SERVICE failed"),
    "elsewhere": (
        b"HTTP/1.1 302 Found\r\nLocation: http://e.org/\r\nContent-Length: 0\r\n\r\n",
        errors.StoreUnreachableError,
        "redirect",
    ),
    "no HTTP": (b"hello\r\n\r\n", errors.StoreUnreachableError, "SERVICE failed"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_store_can_do_wrong(empty: KnowledgeGraph, fault: str) -> None:
    answer, kind, words = FAULTS[fault]
    address, thread = answering(answer)
    with pytest.raises(errors.RemoteStoreError, match=words) as caught:
        empty.sparql(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", allow_service=True)
    thread.join()
    assert type(caught.value) is kind
    assert caught.value.path == address


def test_nobody_there(command: Run) -> None:
    port = free_port()
    text = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
    ended = command("query", "-e", text, "--allow-service")
    assert (ended.status, ended.out) == (4, "")
    assert f"http://127.0.0.1:{port}/: SERVICE failed: " in ended.err


def test_a_store_that_never_answers(empty: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        begun = time.monotonic()
        with pytest.raises(errors.StoreTimeoutError, match=r"no answer within 0\.5 seconds"):
            empty.sparql(f"ASK {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", allow_service=True)
        assert time.monotonic() - begun < 30


def test_a_syntax_error_keeps_its_place(kg: KnowledgeGraph) -> None:
    with pytest.raises(errors.SparqlSyntaxError) as caught:
        kg.sparql("SELECT *\n{ SERVICE <http://127.0.0.1:9/> { ?s ?p } }", allow_service=True)
    assert caught.value.line == 2
