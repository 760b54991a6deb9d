"""How many small canned queries are answered over eight connections, beside Oxigraph's own server in the same run."""

from __future__ import annotations

import selectors
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import quote

import pytest
from pyoxigraph import RdfFormat, Store, serialize
from tests.serve.serving import served
from tests.servers.server import free_port

import perezkg
from perezkg.sparql.catalogue import find
from perezkg.sparql.parameters import resolve
from perezkg.sparql.prepare import prepare

CONNECTIONS, SECONDS, TIMES = 8, 1.5, 3
AIM, AIM_OF_RDFLIB = 0.4, 4


def rate(port: int, path: str) -> float:
    """Return how many answers a second come, each connection asking anew when it has one."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/csv\r\n\r\n".encode()
    with selectors.DefaultSelector() as selector:
        open_ = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
        for connection in open_:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(connection, selectors.EVENT_READ, bytearray())
            connection.sendall(request)
        answers, began = 0, time.perf_counter()
        while time.perf_counter() < began + SECONDS:
            for key, _ in selector.select(1):
                asking, found = key.fileobj, key.data
                assert isinstance(asking, socket.socket)
                piece = asking.recv(1 << 18)
                assert piece
                found += piece
                if complete(found):
                    assert found.startswith(b"HTTP/1.1 200")
                    answers += 1
                    found.clear()
                    asking.sendall(request)
        for connection in open_:
            connection.close()
    return answers / SECONDS


def complete(found: bytearray) -> bool:
    """Tell whether an answer is there whole."""
    head, end, body = found.partition(b"\r\n\r\n")
    _, told, rest = head.lower().partition(b"content-length:")
    if told:
        return bool(end) and len(body) >= int(rest.partition(b"\r\n")[0])
    return bool(end) and body.endswith(b"0\r\n\r\n")


@contextmanager
def running(name: str, *arguments: str | Path) -> Iterator[int]:
    """Run another server, and yield its port; the test is skipped where it is not installed.

    Args:
        name: The program, in the environment of the tests or on the path.
        arguments: What it takes; PORT stands for the port.
    """
    program = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    port = free_port()
    told = [str(argument).replace("PORT", str(port)) for argument in arguments]
    with subprocess.Popen([program, *told], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            end = time.monotonic() + 60
            while time.monotonic() < end:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield port
        finally:
            server.terminate()


def asked(path: str, text: str) -> str:
    return f"{path}?query={quote(text, safe='')}"


@pytest.mark.slow
def test_a_small_canned_query_is_answered_as_often_as_may_be(tmp_path: Path, kg: perezkg.KnowledgeGraph) -> None:
    store = Store(str(tmp_path / "store"))
    store.bulk_extend(kg.with_concepts)
    store.flush()
    del store
    arguments = ("serve-read-only", "--location", tmp_path / "store", "--bind", "127.0.0.1:PORT")
    query = find("coaches")
    text = prepare(query, resolve(query, {})).text
    small = "SELECT ?l { <https://w3id.org/perezkg/id/cuenca> ?p ?l }"
    with running("oxigraph", *arguments) as port, served("--no-pages") as server:
        same, least = [], []
        for _ in range(TIMES):
            ours = rate(server.port, "/queries/coaches")
            same.append(ours / max(rate(port, asked("/query", text)), 1.0))
            least.append(ours / rate(port, asked("/query", small)))
    print(f"× oxigraph serve-read-only: {median(same):.2f} the same query, {median(least):.2f} a query of one pattern")
    assert median(same) >= AIM
    assert median(least) >= AIM / 2  # what no query could be smaller than


@pytest.mark.slow
def test_it_is_answered_more_often_than_by_a_server_of_rdflib(tmp_path: Path, kg: perezkg.KnowledgeGraph) -> None:
    """`pip install rdflib-endpoint`, in an environment of its own whose programs are on the path."""
    serialize(kg.with_concepts, str(tmp_path / "data.nt"), RdfFormat.N_TRIPLES)
    small = "SELECT ?l { <https://w3id.org/perezkg/id/cuenca> ?p ?l }"
    with (
        running("rdflib-endpoint", "serve", "--host", "127.0.0.1", "--port", "PORT", tmp_path / "data.nt") as port,
        served("--no-pages") as server,
    ):
        times = []
        for _ in range(TIMES):
            ours = rate(server.port, asked("/sparql", small))
            times.append(ours / max(rate(port, asked("/", small)), 1.0))
    print(f"× rdflib-endpoint: {median(times):.2f}")
    assert median(times) >= AIM_OF_RDFLIB
