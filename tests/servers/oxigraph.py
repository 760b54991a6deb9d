"""An Oxigraph server on this machine: `python tests/servers/oxigraph.py` starts one with perezkg's graph.

The server comes with the package `oxigraph` of PyPI.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if __name__ == "__main__":  # by its path, too
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.servers import programs
from tests.servers.server import HOST, Server, show

from perezkg import resources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Oxigraph(Server):
    """An Oxigraph server with its data in RocksDB."""

    kind = "oxigraph"

    @property
    def load_url(self) -> str:
        """The server itself."""
        return self.address

    @property
    def query_url(self) -> str:
        """Where it takes queries."""
        return f"{self.address}/query"

    def command(self) -> Sequence[str]:
        """Return the command that runs it."""
        found = program()
        if found is None:
            raise RuntimeError(missing())
        return [found, "serve", "--bind", f"{HOST}:{self.port}", "--location", str(self.directory / "data")]

    def upload(self, data: bytes, media_type: str = "text/turtle") -> None:
        """Add RDF by the Graph Store Protocol."""
        self.ask(f"{self.address}/store?default", data, {"Content-Type": media_type}, "POST")


def missing() -> str | None:
    """Return why the server cannot run here; None when it can."""
    return None if program() else "there is no oxigraph here: pip install oxigraph"


def program() -> str | None:
    """Return where the server's program is: beside this Python, or on the path; None when it is not installed."""
    return programs.oxigraph()


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Run a server until the end of the block; yield its address, with `/query` and `/store` behind it.

    Raises:
        RuntimeError: It does not start.
    """
    with tempfile.TemporaryDirectory() as folder, Oxigraph(Path(folder)) as server:
        yield server.address


def load(address: str, source: str = "all", graph: str = "") -> None:
    """Put perezkg's data and concepts into a server by the Graph Store Protocol: its default graph, or a named one."""
    where = urlencode({"graph": graph}) if graph else "default"
    with tempfile.TemporaryDirectory() as folder:
        sender = Oxigraph(Path(folder))
        for path in (*resources.data_files(source), resources.ontology_file("concepts.ttl")):
            with open(path, "rb") as file:
                sender.ask(f"{address}/store?{where}", file.read(), {"Content-Type": "text/turtle"}, "POST")


if __name__ == "__main__":
    show(Oxigraph)
