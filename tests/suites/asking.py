"""perezkg's public doors, as the suites need them: the one place to change when a door changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

import perezkg
from perezkg.rdf import reading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from perezkg.sparql.results import Result


def load(*paths: Path) -> perezkg.KnowledgeGraph:
    """Load files."""
    return perezkg.load(*paths)


def dataset(folder: Path, default: Iterable[Path], named: Iterable[tuple[str, Path]]) -> list[Path]:
    """Return the files that are a dataset: those of the default graph, and one more, made in a folder, with the others.

    A file that is a graph of that name is read by pyoxigraph: perezkg has no option that names the graph of a file.
    """
    files = list(default)
    named = list(named)
    if named or not files:
        made = folder / "dataset.nq"
        quads = [
            Quad(quad.subject, quad.predicate, quad.object, NamedNode(name))
            for name, path in named
            for quad in parse(path=str(path), base_iri=path.as_uri(), format=_format(path), rename_blank_nodes=True)
        ]
        made.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
        files.append(made)
    return files


def _format(path: Path) -> RdfFormat:
    found = RdfFormat.from_extension(path.suffix[1:])
    assert found is not None
    return found


def answer(data: list[Path], query: Path, engine: str) -> Result:
    """Return the answer to a file of SPARQL."""
    return load(*data).query(str(query), engine=engine)


def quads(path: Path, base: str = "") -> str:
    """Return what a document says as canonical N-Quads, read as from `base`.

    perezkg has no options for reading; what a test asks beyond the standard's defaults is left out.
    """
    file = reading.read(str(path))
    graph = perezkg.KnowledgeGraph([reading.DataFile(file.name, file.content, file.format, base or file.base)])
    return graph.export("nquads")


def report(data: Path, shapes: Path) -> str:
    """Return the report of a validation as SHACL's graph, in Turtle."""
    return "".join(load(data).validate(shapes=[shapes]).render("turtle"))


def written_as_jsonld(path: Path) -> str:
    """Return a document of RDF as JSON-LD; perezkg has no options for it."""
    return load(path).export("jsonld")
