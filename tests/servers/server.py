"""What all triple stores of the tests have in common: a process on a free port here, with its data in a folder."""

from __future__ import annotations

import abc
import base64
import contextlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

from perezkg import resources
from perezkg.rdf.streaming import DataStream
from perezkg.stores import load as loading
from perezkg.stores.store import open_store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

HOST = "127.0.0.1"
GRAPH = "http://example.org/perez"
# A small heap, one thread to collect it and the fast compiler: these live for seconds.
JAVA = ("java", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_PATIENCE = 90.0
# Ends the server when this process is gone without a word: its end of the pipe is closed then.
_WATCH = "trap '' INT; read nothing; kill -9 $0"
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Server(abc.ABC):
    """A triple store with persistent data, started and ended by a test.

    It keeps its port, so its URLs stay the same when it is started again.

    Attributes:
        kind: Which store it is, as `--store` names it.
        graph: Where data go: "default", or an IRI where the store has no default graph of its own.
        user: Who may write; None when anybody may.
        password: The user's password.
        log: What the server writes.
    """

    kind: ClassVar[str]
    graph: ClassVar[str] = "default"
    user: ClassVar[str | None] = None
    password: ClassVar[str | None] = None

    def __init__(self, directory: Path) -> None:
        """Choose a port; nothing runs yet.

        Args:
            directory: The folder of its data and its log; it is made when it is not there.
        """
        self.directory = directory
        self.directory.mkdir(parents=True, exist_ok=True)
        self.log = directory / "server.log"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """The server itself: scheme, host and port."""
        return f"http://{HOST}:{self.port}"

    @property
    @abc.abstractmethod
    def load_url(self) -> str:
        """The URL that a user gives to `perezkg load`."""

    @property
    @abc.abstractmethod
    def query_url(self) -> str:
        """The URL for `--endpoint`."""

    @abc.abstractmethod
    def command(self) -> Sequence[str]:
        """Return the command that runs the server in the foreground."""

    def environment(self) -> Mapping[str, str] | None:
        """Return the environment of the server; None for that of this process."""
        return None

    def settle(self) -> None:  # noqa: B027 - most have nothing to do
        """Make what users need, once the server answers: repositories, accounts. It is called at each start."""

    @abc.abstractmethod
    def upload(self, data: bytes, media_type: str = "text/turtle") -> None:
        """Add RDF to the graph `graph`, by what the store calls its upload."""

    def probe(self) -> str:
        """Return the URL that answers as soon as the server is ready."""
        return f"{self.query_url}?{urlencode({'query': 'ASK { }'})}"

    def start(self) -> None:
        """Start the server, on the data that are there, and wait until it answers.

        Raises:
            RuntimeError: It ends, or does not answer; the message has the end of its log.
        """
        if self.process is not None:
            raise RuntimeError(f"{self.kind} runs already")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.directory,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._watcher = subprocess.Popen(["sh", "-c", _WATCH, str(self.process.pid)], stdin=subprocess.PIPE)
        try:
            self._wait()
            self.settle()
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """End the server as its administrator would; when it does not end, kill it. It may be stopped already."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server as a power cut would: SIGKILL, nothing is closed. It may be ended already."""
        self._end(signal.SIGKILL)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def ask(
        self, url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None, method: str | None = None
    ) -> bytes:
        """Send a request to the server, with the name of the user in it; return the body of the answer.

        Raises:
            RuntimeError: The server refuses it, or is not there.
        """
        request = urllib.request.Request(url, data, dict(headers or {}), method=method)  # noqa: S310 - the URL is ours
        try:
            with self.opener().open(request, timeout=_PATIENCE) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{self.kind}: {error.code} {error.read()[:500].decode(errors='replace')}") from error
        except OSError as error:
            raise RuntimeError(f"{self.kind}: {error}") from error

    def opener(self) -> urllib.request.OpenerDirector:
        """Return what opens URLs of this server: past any proxy."""
        return _OPENER

    def _wait(self) -> None:
        end = time.monotonic() + _PATIENCE
        while self.process is not None and self.process.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError), _OPENER.open(self.probe(), timeout=5):
                return
            time.sleep(0.1)
        what = "does not answer" if self.process is not None and self.process.poll() is None else "ended"
        raise RuntimeError(f"{self.kind} {what}: {self.log.read_text(errors='replace')[-2000:]}")

    def _end(self, how: signal.Signals) -> None:
        process, watcher, self.process, self._watcher = self.process, self._watcher, None, None
        if watcher is not None:
            watcher.kill()
            watcher.communicate()
        if process is not None:
            process.send_signal(how)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


# Below those that systems give to connections: a server takes seconds to listen, and may be started a second time.
_PORTS = range(10240, 32768)


def free_port() -> int:
    """Return a port of this machine that nobody uses now, and nobody gets who does not name it."""
    while True:
        port = random.choice(_PORTS)  # noqa: S311 - no secret
        with contextlib.suppress(OSError), socket.create_server((HOST, port)):
            return port


def basic(user: str, password: str) -> dict[str, str]:
    """Return the header of basic authentication."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def load(server: Server, source: str = "all") -> None:
    """Put perezkg's data and concepts into a server, as `perezkg load` does."""
    files = [*resources.data_files(source), resources.ontology_file("concepts.ttl")]
    with open_store(server.load_url, user=server.user, password=server.password) as (store, _):
        # Blazegraph has no default graph to load into, but asks all graphs together.
        graph = "" if store.default_graph else GRAPH if server.graph == "default" else server.graph
        with loading.parts([DataStream(file) for file in files], graph) as parts:
            loading.load(store, parts)


def show(kind: type[Server]) -> None:
    """Start a server with perezkg's graph for people to try, until Ctrl-C."""
    with tempfile.TemporaryDirectory() as folder, kind(Path(folder)) as server, contextlib.suppress(KeyboardInterrupt):
        load(server)
        graph = "" if server.graph == "default" else f" --graph {server.graph}"
        sys.stdout.write(f"perezkg query medals --endpoint {server.query_url}{graph}\n")
        if server.user:
            sys.stdout.write(f"To write: {server.load_url} --user {server.user}, password {server.password}\n")
        sys.stdout.write("Ctrl-C ends it.\n")
        sys.stdout.flush()
        signal.pause()
