"""Apache Jena Fuseki on this machine, with TDB2: `python tests/servers/fuseki.py` starts one with perezkg's graph."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":  # by its path, too
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.servers import programs
from tests.servers.server import JAVA, Server, show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Fuseki without its administration and web page: quicker to start, nothing else written.
_MAIN = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"


class Fuseki(Server):
    """A Fuseki server with one dataset, `perez`, in TDB2."""

    kind = "fuseki"

    @property
    def load_url(self) -> str:
        """The dataset."""
        return f"{self.address}/perez"

    @property
    def query_url(self) -> str:
        """Where it takes queries."""
        return f"{self.address}/perez/sparql"

    def command(self) -> Sequence[str]:
        """Return the command that runs it."""
        data = self.directory / "data"
        data.mkdir(exist_ok=True)
        where = ["--localhost", "--port", str(self.port), "--tdb2", f"--loc={data}", "--update", "/perez"]
        return [*JAVA, "-cp", *map(str, programs.jars(self.kind)), _MAIN, *where]

    def environment(self) -> Mapping[str, str]:
        """Return the environment with the folder for what else it writes."""
        return {**os.environ, "FUSEKI_BASE": str(self.directory / "run")}

    def upload(self, data: bytes, media_type: str = "text/turtle") -> None:
        """Add RDF by the Graph Store Protocol."""
        self.ask(f"{self.load_url}/data?default", data, {"Content-Type": media_type}, "POST")


def missing() -> str | None:
    """Return why the server cannot run here; None when it can."""
    return programs.missing_jars("fuseki")


if __name__ == "__main__":
    show(Fuseki)
