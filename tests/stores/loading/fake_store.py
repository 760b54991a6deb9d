"""A triple store over real sockets on this machine, which fails where and how a test says."""

from __future__ import annotations

import base64
import gzip
import os
import socket
import struct
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, Store, parse
from tests.stores.loading.dialects import Dialect, Reply, Request, Transactions, graph_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Fault = Callable[["Exchange"], None]

# How each kind of store is addressed, and by which headers it gives itself away.
_PATHS = {
    "oxigraph": "/",
    "fuseki": "/perez",
    "generic": "/sparql",
    "virtuoso": "/sparql",
    "rdf4j": "/repositories/mine",
    "graphdb": "/repositories/mine",
    "blazegraph": "/namespace/kb/sparql",
}
_HEADERS = {
    "oxigraph": {"Server": "oxigraph/0.5.9"},
    "fuseki": {"Fuseki-Request-Id": "1"},
    "virtuoso": {"Server": "Virtuoso/07.20.3240 (Linux)"},
    "graphdb": {"Server": "GraphDB-Free/10"},
}


class FakeStore:
    """A store of some kind, empty at first.

    Args:
        kind: One of `perezkg.stores.kinds.KINDS`.

    Attributes:
        url: The URL to give to `perezkg load`.
        data: What it holds.
        requests: What it was sent.
        later: What it will do when it comes to it.
    """

    def __init__(self, kind: str = "oxigraph") -> None:
        self.kind = kind
        self.data = Store()
        if kind in ("rdf4j", "graphdb"):
            self.dialect: Dialect = Transactions(self.data)
        else:
            self.dialect = Dialect(self.data, union=kind in ("virtuoso", "blazegraph"), strict=kind == "fuseki")
        # Where the connection ends is where the request ends, to Fuseki: it does what has come of one.
        self.keeps_cut_requests = kind == "fuseki"
        self.requests: list[Request] = []
        self.later: list[Callable[[], object]] = []
        self.lock = threading.RLock()
        self.stalled = threading.Event()
        self.ended = threading.Event()
        self.headers = _HEADERS.get(kind, {})
        self.alive = False
        self._port = 0
        self._arrived = 0
        self._faults: list[tuple[Callable[[int, str], bool], Fault]] = []
        self.start()

    @property
    def host(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """The URL to give to `perezkg load`."""
        return f"http://{self.host}{_PATHS[self.kind]}"

    def start(self) -> None:
        """Listen; after a crash, at the same place again."""
        self._server = _Server(("127.0.0.1", self._port), self)
        self._port = self._server.server_address[1]
        self.alive = True
        threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True).start()

    def stop(self) -> None:
        """Listen no longer."""
        self.ended.set()
        self.crash()

    def crash(self) -> None:
        """Be gone, as a killed process is; what it held, it holds."""
        if self.alive:
            self.alive = False
            self._server.shutdown()
            self._server.server_close()

    def fail(self, fault: Fault, *, at: int | None = None, line: str = "", ever: bool = False) -> None:
        """Fail at one request, by its number from 0, or at each whose first line holds some text.

        Args:
            fault: How.
            at: Which request.
            line: What its method and its URL hold.
            ever: Whether to fail at all that follow the one that `at` tells, too.
        """

        def matches(number: int, came: str) -> bool:
            if at is not None:
                return number >= at if ever else number == at
            return line in came

        self._faults.append((matches, fault))

    def mend(self) -> None:
        """Fail no more, count requests from 0 again, and do what is still to be done."""
        self._faults, self._arrived, self.requests = [], 0, []
        self.stalled.clear()
        for work in self.later:
            work()
        self.later = []
        if not self.alive:
            self.start()

    def fault(self, line: str) -> Fault:
        """Return how the request that has come is to be met."""
        with self.lock:
            number = self._arrived
            self._arrived += 1
        return next((fault for matches, fault in self._faults if matches(number, line)), ordinary)

    def hold(self, text: str, graph: str = "") -> None:
        """Have a graph hold this N-Triples and nothing else."""
        self.data.clear_graph(graph_of(graph))
        for quad in parse(text, RdfFormat.TURTLE, rename_blank_nodes=True):
            self.data.add(type(quad)(*quad.triple, graph_of(graph)))

    def content(self, graph: str = "") -> list[str]:
        """Return the triples of a graph, in an order and with labels that tell graphs apart."""
        quads = self.data.quads_for_pattern(None, None, None, graph_of(graph))
        found = Dataset(type(quad)(*quad.triple) for quad in quads)
        found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return sorted(map(str, found))

    def remains(self) -> list[str]:
        """Return the graphs that a load has left."""
        names = [graph.value for graph in self.data.named_graphs()]
        return [name for name in names if name.startswith("urn:perezkg:")]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 50

    def __init__(self, address: tuple[str, int], store: FakeStore) -> None:
        self.store = store
        super().__init__(address, Exchange)

    def handle_error(self, *_: object) -> None:
        """Say nothing: connections are lost on purpose."""


class Exchange(BaseHTTPRequestHandler):
    """A request and the answer to it, step by step, for what may happen between the steps."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    wbufsize = -1  # head and body in one packet
    server: _Server

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Meet a request."""
        self.store = self.server.store
        self._content: bytes | None = None
        if not self.store.alive:
            self.reset()
            return
        try:
            self.store.fault(f"{self.command} {self.path}")(self)
        except OSError:
            self.close_connection = True

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    @property
    def request_headers(self) -> dict[str, str]:
        """The headers that came, their names in small letters."""
        return {name.lower(): value for name, value in self.headers.items()}

    def receive(self) -> Request:
        """Read the request to its end."""
        if self._content is None:
            self._content = self._body()
            if self.headers.get("Content-Encoding") == "gzip":
                self._content = gzip.decompress(self._content)
        found = Request(self.command, self.path, self.request_headers, self._content)
        if found not in self.store.requests[-1:]:
            self.store.requests.append(found)
        return found

    def receive_half(self) -> None:
        """Read half of what a request says; a body in chunks is read as far as one of them."""
        if self.headers.get("Transfer-Encoding") == "chunked":
            self.rfile.readline()
            self.rfile.read(1)
        else:
            self.rfile.read(int(self.headers.get("Content-Length", 0)) // 2)
        self.close_connection = True

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            length = int(self.headers.get("Content-Length", 0))
            content = self.rfile.read(length)
            if len(content) < length:
                raise ConnectionError("the client has gone")
            return content
        pieces = []
        while line := self.rfile.readline():
            size = int(line, 16)
            pieces.append(self.rfile.read(size))
            if self.rfile.readline() != b"\r\n":
                break
            if not size:
                return b"".join(pieces)
        raise ConnectionError("the client has gone")

    def apply(self) -> Reply:
        """Do what the request says."""
        request = self.receive()
        with self.store.lock:
            return self.store.dialect.answer(request)

    def send(self, reply: Reply, *, whole: bool = True) -> None:
        """Answer, or only with a half of it."""
        self.send_response_only(reply.status)
        content = reply.content if reply.status != 204 else b""
        body = {"Content-Type": reply.media, "Content-Length": str(len(content))} if reply.status != 204 else {}
        for name, value in {**body, **self.store.headers, **reply.headers}.items():
            self.send_header(name, value)
        if self._content is None:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content if whole else content[: len(content) // 2])
        self.wfile.flush()
        if not whole:
            self.close_connection = True

    def reset(self) -> None:
        """End the connection as a killed process does."""
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
        self.close_connection = True

    def wait(self) -> None:
        """Do nothing until the client has gone."""
        self.store.stalled.set()
        self.close_connection = True
        self.connection.settimeout(0.05)
        while not self.store.ended.is_set():
            try:
                if not self.connection.recv(1 << 16):
                    return
            except TimeoutError:
                continue

    def user(self) -> str:
        """Return who asks, and by which password: NAME:PASSWORD; empty for nobody."""
        scheme, _, proof = self.headers.get("Authorization", "").partition(" ")
        return base64.b64decode(proof).decode() if scheme == "Basic" else proof


def ordinary(exchange: Exchange) -> None:
    """Do what is asked for, and say so."""
    exchange.send(exchange.apply())
