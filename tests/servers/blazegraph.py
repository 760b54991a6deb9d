"""Blazegraph 2.1.5 on this machine: `python tests/servers/blazegraph.py` starts one with perezkg's graph.

From Java 9 on `java -jar` fails with its jar, because it looks for its web pages where only Java 8 finds them; its
other main class runs when it is told where they are.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":  # by its path, too
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.servers import programs
from tests.servers.server import HOST, JAVA, Server, show

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAIN = "com.bigdata.rdf.sail.webapp.NanoSparqlServer"
# Quads, as most people have it, without inference; what the jar's own RWStore.properties says, with a smaller file.
_PROPERTIES = """
com.bigdata.journal.AbstractJournal.file={data}
com.bigdata.journal.AbstractJournal.bufferMode=DiskRW
com.bigdata.journal.AbstractJournal.initialExtent=10485760
com.bigdata.journal.AbstractJournal.maximumExtent=209715200
com.bigdata.service.AbstractTransactionService.minReleaseAge=1
com.bigdata.rdf.sail.truthMaintenance=false
com.bigdata.rdf.store.AbstractTripleStore.quads=true
com.bigdata.rdf.store.AbstractTripleStore.statementIdentifiers=false
com.bigdata.rdf.store.AbstractTripleStore.textIndex=false
com.bigdata.rdf.store.AbstractTripleStore.axiomsClass=com.bigdata.rdf.axioms.NoAxioms
"""


class Blazegraph(Server):
    """A Blazegraph server with one namespace, `perez`, of quads."""

    kind = "blazegraph"

    @property
    def load_url(self) -> str:
        """The SPARQL endpoint of the namespace, which is also where it is loaded."""
        return f"{self.address}/blazegraph/namespace/perez/sparql"

    @property
    def query_url(self) -> str:
        """The same."""
        return self.load_url

    def command(self) -> Sequence[str]:
        """Return the command that runs it."""
        (jar,) = programs.jars(self.kind)
        properties = self.directory / "blazegraph.properties"
        properties.write_text(_PROPERTIES.format(data=self.directory / "blazegraph.jnl"))
        pages = f"jar:{jar.as_uri()}!/war"
        options = [f"-Djetty.host={HOST}", f"-Djetty.home={pages}", f"-Djetty.resourceBase={pages}"]
        return [*JAVA, *options, "-cp", str(jar), _MAIN, str(self.port), "perez", str(properties)]

    def upload(self, data: bytes, media_type: str = "text/turtle") -> None:
        """Add RDF to the graph that it keeps for triples without one."""
        self.ask(self.load_url, data, {"Content-Type": media_type}, "POST")


def missing() -> str | None:
    """Return why the server cannot run here; None when it can."""
    return programs.missing_jars("blazegraph")


if __name__ == "__main__":
    show(Blazegraph)
