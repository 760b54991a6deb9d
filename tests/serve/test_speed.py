"""How many small canned queries are answered over eight connections, beside Oxigraph's own server in the same run."""

from __future__ import annotations

import selectors
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from urllib.parse import quote

import pytest
from pyoxigraph import Store
from tests.serve.serving import served

import perezkg
from perezkg.sparql.catalogue import find
from perezkg.sparql.parameters import resolve
from perezkg.sparql.prepare import prepare

CONNECTIONS, SECONDS, TIMES = 8, 1.5, 3
AIM = 0.4


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


@pytest.mark.slow
def test_a_small_canned_query_is_answered_as_often_as_may_be(tmp_path: Path, kg: perezkg.KnowledgeGraph) -> None:
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("oxigraph is not installed")
    store = Store(str(tmp_path / "store"))
    store.bulk_extend(kg.with_concepts)
    store.flush()
    del store
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        served("--no-pages") as server,
        subprocess.Popen(
            [program, "serve-read-only", "--location", tmp_path / "store", "--bind", f"127.0.0.1:{port}"],
            stderr=subprocess.DEVNULL,
        ) as other,
    ):
        try:
            query = find("coaches")
            theirs = f"/query?query={quote(prepare(query, resolve(query, {})).text, safe='')}"
            small = f"/query?query={quote('SELECT ?l { <https://w3id.org/perezkg/id/cuenca> ?p ?l }', safe='')}"
            end = time.monotonic() + 30
            while time.monotonic() < end:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.05)
            same, least = [], []
            for _ in range(TIMES):
                ours = rate(server.port, "/queries/coaches")
                same.append(ours / max(rate(port, theirs), 1.0))
                least.append(ours / rate(port, small))
        finally:
            other.terminate()
    print(f"× oxigraph serve-read-only: {median(same):.2f} the same query, {median(least):.2f} a query of one pattern")
    assert median(same) >= AIM
    assert median(least) >= AIM / 2  # what no query could be smaller than
