"""All engines of the matrix by their names: those at home, those of others, and the stores."""

from __future__ import annotations

import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.matrix import asking, in_process, served
from tests.matrix.answers import Answers
from tests.queries.test_golden import ASKED, ask

import perezkg
from perezkg.errors import PerezkgError

if TYPE_CHECKING:
    from collections.abc import Callable

    from perezkg.sparql.results import Result


class Engine(NamedTuple):
    """An engine that is asked.

    Attributes:
        title: What people call it.
        how: How it is asked.
        missing: Says why it cannot be asked here; None when it can.
        answers: Asks it everything.
    """

    title: str
    how: str
    missing: Callable[[str], str | None]
    answers: Callable[[str], Answers]


def _nothing_missing(_: str) -> None:
    return None


def _at_home(engine: str) -> Answers:
    """Ask an engine of perezkg."""
    found = Answers(version("pyoxigraph" if engine == "oxigraph" else "rdflib"))
    for case in ASKED:
        start = time.perf_counter()
        try:
            answer: Result | str = ask(case, engine)
        except PerezkgError as error:
            answer = str(error)
        found.add(case, answer, 1000 * (time.perf_counter() - start))
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "literals.nt"
        file.write_bytes(asking.probe_data())
        found.add_literals(perezkg.load(str(file)).run(asking.DATATYPES, {}, engine=engine))
    return found


_OWN = "in process, by a program of its own"
_REMOTE = "`--endpoint`"
ENGINES = {
    "oxigraph": Engine("Oxigraph", "`--engine oxigraph`", _nothing_missing, _at_home),
    "rdflib": Engine("rdflib", "`--engine rdflib`", _nothing_missing, _at_home),
    "arq": Engine("Apache Jena ARQ", _OWN, in_process.missing, in_process.answers),
    "rdf4j": Engine("RDF4J", _OWN, in_process.missing, in_process.answers),
    "comunica": Engine("Comunica", _OWN, in_process.missing, in_process.answers),
    "oxigraph-server": Engine("Oxigraph server", _REMOTE, served.missing, served.answers),
    "fuseki": Engine("Fuseki with TDB2", _REMOTE, served.missing, served.answers),
    "rdf4j-server": Engine("RDF4J server", _REMOTE, served.missing, served.answers),
    "virtuoso": Engine("Virtuoso", _REMOTE, served.missing, served.answers),
    "blazegraph": Engine("Blazegraph", _REMOTE, served.missing, served.answers),
}
