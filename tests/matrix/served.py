"""Real stores, asked by `perezkg.connect`, which is what `--endpoint` does."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from tests.matrix import asking
from tests.matrix.answers import Answers
from tests.queries.test_golden import CASES
from tests.servers import programs
from tests.servers.all_stores import STORES
from tests.servers.server import load

import perezkg
from perezkg.errors import PerezkgError

if TYPE_CHECKING:
    from tests.servers.server import Server

# Names that tell a server from the engine of the same house.
KINDS = {
    "oxigraph-server": "oxigraph",
    "fuseki": "fuseki",
    "rdf4j-server": "rdf4j",
    "virtuoso": "virtuoso",
    "blazegraph": "blazegraph",
}
_SECONDS = 120
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def missing(engine: str) -> str | None:
    """Return why a store cannot be asked here; None when it can."""
    return STORES[KINDS[engine]].missing()


def answers(engine: str) -> Answers:
    """Start a store for each selection of the data, fill it, and ask it every case, and the literals."""
    kind = KINDS[engine]
    found = Answers(_version(kind))
    for selection in asking.SELECTIONS:
        with tempfile.TemporaryDirectory() as place, STORES[kind].server(Path(place)) as server:
            fill(server, selection)
            graphs = [] if server.graph == "default" else [server.graph]
            with perezkg.connect(server.query_url, graphs=graphs, timeout=_SECONDS) as remote:
                for case in asking.cases(selection):
                    _ask(remote, case, found)
                if selection == asking.SELECTIONS[0]:
                    found.add_literals(remote.run(asking.DATATYPES, {}))
    return found


def fill(server: Server, selection: str) -> None:
    """Load the data of a selection as `perezkg load` does; the literals are added to the first one by other means."""
    load(server, selection)
    if selection == asking.SELECTIONS[0]:
        server.upload(asking.probe_data())  # N-Triples are Turtle


def _ask(remote: perezkg.RemoteGraph, case: str, found: Answers) -> None:
    name, parameters = CASES[case]
    start = time.perf_counter()
    try:
        answer = remote.query(name, **parameters)
    except PerezkgError as error:
        # The port is another one each time.
        said = _ADDRESS.sub("", str(error)).partition("\n")[0].partition(": ")[2]
        found.add(case, said[:200], 1000 * (time.perf_counter() - start))
    else:
        found.add(case, answer, 1000 * (time.perf_counter() - start))


def _version(kind: str) -> str:
    if kind == "oxigraph":
        return version("oxigraph")
    if kind == "virtuoso":
        said = subprocess.run([programs.virtuoso() or "", "-?"], capture_output=True, text=True, check=False)
        number = re.search(r"Version (\d[\d.]*\d)", said.stdout + said.stderr)
        return number[1] if number else ""
    return programs.JARS[kind][0].split(":")[2]
