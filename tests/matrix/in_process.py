"""Engines of others that answer in a process of their own, without a server: Jena ARQ, RDF4J, Comunica.

Each runs once: its program reads folders of queries, and writes an answer beside each.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results
from tests.matrix import asking
from tests.matrix.answers import Answers

from perezkg.rdf.terms import shortest_rows, shortest_triples
from perezkg.sparql.prepare import prepare
from perezkg.sparql.results import Boolean, Solutions, Triples, ordered_rows, ordered_triples

if TYPE_CHECKING:
    from perezkg.sparql.prepare import Prepared
    from perezkg.sparql.results import Result

HERE = Path(__file__).resolve().parent
INSTALLED = HERE / ".engines"
PATIENCE = 3600
"""How many seconds an engine may work at all that it is asked."""
_PROBES = "datatypes"
_RUNNERS = {"arq": ("jena", "Jena.java"), "rdf4j": ("rdf4j", "Rdf4j.java"), "comunica": ("comunica", "comunica.mjs")}


def missing(engine: str) -> str | None:
    """Return why an engine cannot be asked here; None when it can."""
    folder, runner = _RUNNERS[engine]
    for program in ("java", "javac") if runner.endswith(".java") else ("node",):
        if shutil.which(program) is None:
            return f"there is no {program} on the PATH"
    if not (INSTALLED / folder / ".installed").is_file():
        return "it is not installed: run tests/matrix/install"
    return None


def answers(engine: str) -> Answers:
    """Ask an engine every case, and the literals."""
    found = Answers()
    with tempfile.TemporaryDirectory() as place:
        folders = [_lay_out(Path(place), selection) for selection in asking.SELECTIONS]
        ended = subprocess.run(
            [*command(engine), *map(str, folders)],
            cwd=INSTALLED / _RUNNERS[engine][0],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if ended.returncode:
            raise RuntimeError(f"{engine} ended with {ended.returncode}: {ended.stderr[-2000:]}")
        for selection, folder in zip(asking.SELECTIONS, folders, strict=True):
            found.version = (folder / "version.txt").read_text()
            times = dict(line.split("\t") for line in (folder / "times.tsv").read_text().splitlines())
            for case in asking.cases(selection):
                found.add(case, read(folder, case, asking.prepared(case)), float(times[case]))
        literals = read(folders[0], _PROBES, prepare(asking.DATATYPES, {}))
        assert not isinstance(literals, str), literals
        found.add_literals(literals)
    return found


def command(engine: str, *options: str) -> list[str]:
    """Return the command line of an engine's program, but for the folders; options are those of java or node."""
    folder, runner = _RUNNERS[engine]
    program = str(HERE / "runners" / runner)
    return (
        ["java", *options, "-Xmx1g", "-cp", f"{INSTALLED / folder}/*", program]
        if program.endswith(".java")
        else ["node", *options, program]
    )


def _lay_out(place: Path, selection: str) -> Path:
    """Make a folder with the data of a selection and the queries; the literals are among the data of the first."""
    folder = place / selection
    folder.mkdir()
    data = asking.data(selection)
    if selection == asking.SELECTIONS[0]:
        data += asking.probe_data()
        (folder / f"{_PROBES}.rq").write_text(asking.DATATYPES.sparql, encoding="utf-8")
    (folder / "data.nt").write_bytes(data)
    for case in asking.cases(selection):
        (folder / f"{case}.rq").write_text(asking.prepared(case).text, encoding="utf-8")
    return folder


def read(folder: Path, case: str, query: Prepared) -> Result | str:
    """Return an answer in the forms of home, as those of an endpoint are brought to them; a text says what failed."""
    error, triples = (folder / f"{case}{ending}" for ending in (".error", ".nt"))
    if error.exists():
        return error.read_text(encoding="utf-8").strip().partition("\n")[0][:200]
    if triples.exists():
        parsed = [quad.triple for quad in parse(triples.read_bytes(), RdfFormat.N_TRIPLES)]
        return Triples(ordered_triples(shortest_triples(parsed)))
    whole = json.loads((folder / f"{case}.json").read_text(encoding="utf-8"))
    # Comunica adds a member of its own, which the standard allows and pyoxigraph does not.
    known = {name: whole[name] for name in ("head", "results", "boolean") if name in whole}
    answer = parse_query_results(json.dumps(known), QueryResultsFormat.JSON)
    if isinstance(answer, QueryBoolean):
        return Boolean(bool(answer))
    names = tuple(variable.value for variable in answer.variables)
    rows = [tuple(row) for row in answer]
    return Solutions(names, ordered_rows(shortest_rows(rows), ordered=query.ordered))
