"""A store that answers as a test says, over real sockets on this machine."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

import perezkg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from perezkg.stores.remote_graph import RemoteGraph

    Reply = bytes | Callable[["Request", socket.socket], None]

JSON = "application/sparql-results+json"
NTRIPLES = "application/n-triples"
TRUE = b'{"head": {}, "boolean": true}'


class Request(NamedTuple):
    """What a store was sent."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, list[str]]:
        """The fields of the URL and of a form."""
        found = parse_qs(urlsplit(self.target).query)
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            found |= parse_qs(self.body.decode())
        return found

    @property
    def query(self) -> str:
        """The SPARQL, however it was sent."""
        return self.fields["query"][0] if "query" in self.fields else self.body.decode()


def http(
    status: int | str = 200,
    content: bytes | str = TRUE,
    media: str | None = JSON,
    **headers: str,
) -> bytes:
    """Return a whole response."""
    body = content.encode() if isinstance(content, str) else content
    lines = [f"HTTP/1.1 {status} -", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"Content-Type: {media}"] if media is not None else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def rows(*cells: dict[str, dict[str, str]], names: tuple[str, ...] = ("a",)) -> str:
    """Return results in JSON."""
    return json.dumps({"head": {"vars": names}, "results": {"bindings": cells}})


class Store:
    """Gives one reply after another, the last again and again.

    Attributes:
        url: Where it answers.
        requests: What it was sent.
    """

    def __init__(self, server: socket.socket, *replies: Reply) -> None:
        self._server = server
        self.replies = list(replies)
        self.requests: list[Request] = []
        self.host = f"127.0.0.1:{server.getsockname()[1]}"
        self.url = f"http://{self.host}/sparql"
        self._threads: list[threading.Thread] = []
        self.ended = threading.Event()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.talk, args=(connection,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(20)
            request = self._receive(connection)
            if request is None:
                return
            self.requests.append(request)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
            if callable(reply):
                reply(request, connection)
            else:
                connection.sendall(reply)
                connection.shutdown(socket.SHUT_WR)

    def _receive(self, connection: socket.socket) -> Request | None:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return None
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", "0")):
            body += connection.recv(65536)
        method, target, _ = first.split(" ")
        return Request(method, target, headers, body)


@pytest.fixture
def store() -> Iterator[Callable[..., Store]]:
    """Start stores; each gives the replies it is made with."""
    with contextlib.ExitStack() as stack:

        def start(*replies: Reply) -> Store:
            server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            found = Store(server, *(replies or (http(),)))
            stack.callback(server.shutdown, socket.SHUT_RDWR)
            stack.callback(found.ended.set)
            threading.Thread(target=found.serve, daemon=True).start()
            return found

        yield start


@pytest.fixture
def connect() -> Iterator[Callable[..., RemoteGraph]]:
    """Connect to a URL, and close it after the test."""
    with contextlib.ExitStack() as stack:

        def open_(url: str, **options: Any) -> RemoteGraph:
            return stack.enter_context(perezkg.connect(url, **options))

        yield open_


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proxy, no credentials and no home of who runs the tests."""
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NETRC",
        "PEREZKG_USER",
        "PEREZKG_PASSWORD",
        "PEREZKG_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses between tries, which are noted rather than taken."""
    taken: list[float] = []
    monkeypatch.setattr("perezkg.stores.http.sleep", taken.append)
    return taken
