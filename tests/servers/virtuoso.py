"""Virtuoso 7 on this machine: `python tests/servers/virtuoso.py` starts one with perezkg's graph.

It has no default graph of its own to write to: data go to the graph `graph`. Everybody may read, the user `perez` may
write.
"""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if __name__ == "__main__":  # by its path, too
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.servers import programs
from tests.servers.server import HOST, Server, free_port, show

if TYPE_CHECKING:
    from collections.abc import Sequence

_ADMINISTRATOR = "dba"
_CONFIGURATION = """
[Database]
DatabaseFile = {data}/virtuoso.db
ErrorLogFile = {data}/virtuoso.log
LockFile = {data}/virtuoso.lck
TransactionFile = {data}/virtuoso.trx
xa_persistent_file = {data}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000

[TempDatabase]
DatabaseFile = {data}/virtuoso-temp.db
TransactionFile = {data}/virtuoso-temp.trx

[Parameters]
ServerPort = {host}:{sql_port}
ServerThreads = 20
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
CheckpointInterval = 60
DirsAllowed = {data}

[HTTPServer]
ServerPort = {host}:{port}
ServerRoot = {data}
ServerThreads = 10

[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 60
"""
_ACCOUNT = (
    "DB.DBA.USER_CREATE('{user}', '{password}')",
    'GRANT SPARQL_UPDATE TO "{user}"',
)


class Virtuoso(Server):
    """A Virtuoso server; the user has the right of SPARQL updates."""

    kind = "virtuoso"
    graph = "http://example.org/perez"
    user = "perez"
    password = "as long as a test"  # noqa: S105 - the server lives as long

    def __init__(self, directory: Path) -> None:
        """Choose two ports: HTTP, and SQL for the administrator."""
        super().__init__(directory)
        self.sql_port = free_port()

    @property
    def load_url(self) -> str:
        """Where it takes queries; updates of known users go to `/sparql-auth`."""
        return f"{self.address}/sparql"

    @property
    def query_url(self) -> str:
        """Where it takes queries."""
        return self.load_url

    def command(self) -> Sequence[str]:
        """Return the command that runs it; its configuration is written anew."""
        found = programs.virtuoso()
        if found is None:
            raise RuntimeError(missing())
        data = self.directory / "data"
        data.mkdir(exist_ok=True)
        (data / "virtuoso.lck").unlink(missing_ok=True)  # of a server that was killed
        file = self.directory / "virtuoso.ini"
        file.write_text(_CONFIGURATION.format(data=data, host=HOST, port=self.port, sql_port=self.sql_port))
        return [found, "+foreground", "+configfile", str(file)]

    def settle(self) -> None:
        """Make the account when it is not there."""
        if self.sql("SELECT U_NAME FROM DB.DBA.SYS_USERS WHERE U_NAME = 'perez'").find("perez") < 0:
            for statement in _ACCOUNT:
                self.sql(statement.format(user=self.user, password=self.password))

    def sql(self, statement: str) -> str:
        """Run a statement as the administrator; return what comes of it.

        Raises:
            RuntimeError: It fails.
        """
        place = [f"{HOST}:{self.sql_port}", _ADMINISTRATOR, _ADMINISTRATOR]
        options = ["VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF", "ERRORS=STDOUT", f"exec={statement};"]
        program = programs.virtuoso("isql-vt") or "isql-vt"
        ended = subprocess.run([program, *place, *options], capture_output=True, text=True, check=False)
        if ended.returncode or "*** Error" in ended.stdout:
            raise RuntimeError(f"{self.kind}: {ended.stdout}{ended.stderr}")
        return ended.stdout

    def upload(self, data: bytes, media_type: str = "text/turtle") -> None:
        """Add RDF by the Graph Store Protocol."""
        where = f"{self.address}/sparql-graph-crud-auth?{urlencode({'graph-uri': self.graph})}"
        self.ask(where, data, {"Content-Type": media_type}, "POST")

    def opener(self) -> urllib.request.OpenerDirector:
        """Return what answers the server's digest challenge as the user."""
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, self.address, self.user or "", self.password or "")
        return urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPDigestAuthHandler(passwords)
        )


def missing() -> str | None:
    """Return why the server cannot run here; None when it can."""
    if programs.virtuoso() and programs.virtuoso("isql-vt"):
        return None
    return "virtuoso-t and isql-vt are not here: run tests/servers/install"


if __name__ == "__main__":
    show(Virtuoso)
