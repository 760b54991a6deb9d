"""The RDF4J server on this machine, in Tomcat: `python tests/servers/rdf4j.py` starts one with perezkg's graph."""

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

# Tomcat would look for annotations in a hundred jars, for seconds; the web application names its servlets itself.
_QUICKLY = "-Dtomcat.util.scan.StandardJarScanFilter.jarsToSkip=*.jar"
# A commit is on the disk before it is answered: a test may kill the server then.
_REPOSITORY = """
@prefix config: <tag:rdf4j.org,2023:config/> .
[] a config:Repository ;
  config:rep.id "perez" ;
  <http://www.w3.org/2000/01/rdf-schema#label> "perez" ;
  config:rep.impl [
    config:rep.type "openrdf:SailRepository" ;
    config:sail.impl [
      config:sail.type "openrdf:NativeStore" ;
      config:native.tripleIndexes "spoc,posc,cspo" ;
      config:native.forceSync true
    ]
  ] .
"""


class RDF4J(Server):
    """An RDF4J server with one repository, `perez`: a native store without inference."""

    kind = "rdf4j"

    @property
    def load_url(self) -> str:
        """The repository."""
        return f"{self.address}/rdf4j-server/repositories/perez"

    @property
    def query_url(self) -> str:
        """The repository, too."""
        return self.load_url

    def command(self) -> Sequence[str]:
        """Return the command that runs it."""
        war, tomcat = programs.jars(self.kind)
        data = f"-Dorg.eclipse.rdf4j.appdata.basedir={self.directory / 'data'}"
        where = ["--port", str(self.port), f"-Aaddress={HOST}", "--path", "/rdf4j-server"]
        where += ["--temp-directory", str(self.directory / "tomcat")]
        return [*JAVA, _QUICKLY, data, "-jar", str(tomcat), *where, str(war)]

    def probe(self) -> str:
        """Return the URL of the protocol's version."""
        return f"{self.address}/rdf4j-server/protocol"

    def settle(self) -> None:
        """Make the repository when it is not there."""
        rows = self.ask(f"{self.address}/rdf4j-server/repositories", headers={"Accept": "text/csv"})
        if self.load_url.encode() not in rows:
            self.ask(self.load_url, _REPOSITORY.encode(), {"Content-Type": "text/turtle"}, "PUT")

    def upload(self, data: bytes, media_type: str = "text/turtle") -> None:
        """Add RDF to the statements without a context."""
        self.ask(f"{self.load_url}/statements?context=null", data, {"Content-Type": media_type}, "POST")


def missing() -> str | None:
    """Return why the server cannot run here; None when it can."""
    return programs.missing_jars("rdf4j")


if __name__ == "__main__":
    show(RDF4J)
