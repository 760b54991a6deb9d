"""Export: a part of the graph in an RDF syntax, the same to the byte each time and everywhere.

What is written comes from parsed triples, each literal as it stands in the file: a store or rdflib would rewrite some.
Blank nodes are labelled by RDFC-1.0 and everything is sorted: neither the order of the input nor the process matters.
"""

from __future__ import annotations

import re

from pyoxigraph import DefaultGraph, RdfFormat

from perezkg import resources
from perezkg.errors import UnknownFormatError, UsageError, nearest
from perezkg.rdf import reading
from perezkg.rdf.canonical import CanonicalLines
from perezkg.rdf.formats import writable
from perezkg.rdf.nodes import canonical_dataset, canonical_lines, graph_lines
from perezkg.rdf.reading import DataFile
from perezkg.vocabulary import PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import Quad, Triple

    from perezkg.rdf.formats import Syntax
    from perezkg.rdf.streaming import DataStream

PARTS = ("data", "ontology", "shapes", "all")
"""What can be exported."""

_ONTOLOGY = ("sport.ttl", "concepts.ttl", "alignments.ttl")
_SHAPES = ("shapes.ttl",)
_PART_FILES = {"data": (), "ontology": _ONTOLOGY, "shapes": _SHAPES, "all": _ONTOLOGY + _SHAPES}

# A prefix that the writers can use: its namespace is whole, and ends where a local name can begin.
_DECLARED = re.compile(
    r"^[ \t]*(?i:@?prefix)[ \t]+((?:[A-Za-z][A-Za-z0-9_-]*)?):[ \t]*"
    r"<([A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\s]*[#/])>",
    re.MULTILINE,
)


def export(data: Iterable[DataFile], format: str, *, part: str = "data") -> str:  # noqa: A002 - the name that users know
    """Return a part of the graph in an RDF syntax.

    Args:
        data: The files that are meant by the part "data".
        format: One of `formats.writable()`.
        part: One of `PARTS`.

    Raises:
        UnknownFormatError: There is no such format, or it cannot carry something that the data hold.
        UsageError: There is no such part.
    """
    return "".join(pieces(part_files(part, data), format))


def part_files(part: str, data: Iterable[DataFile]) -> list[DataFile]:
    """Return the files of a part of the graph: the data given, files of the ontology, or both.

    Raises:
        UsageError: There is no such part.
    """
    if part not in _PART_FILES:
        raise UsageError(
            f"there is no part {part!r}", hint=nearest(part, PARTS) or f"Choose one of {', '.join(PARTS)}."
        )
    shipped = [reading.read(path) for path in shipped_files(part)]
    return [*data, *shipped] if part in ("data", "all") else shipped


def shipped_files(part: str) -> list[str]:
    """Return the paths of the files that perezkg adds to a part: those of the ontology."""
    return [resources.ontology_file(name) for name in _PART_FILES[part]]


def pieces(
    files: Iterable[DataFile],
    format: str,  # noqa: A002 - the name that users know
    *,
    notify: Callable[[str], None] | None = None,
) -> Iterator[str]:
    """Return files as one document of an RDF syntax, in pieces of text.

    Args:
        files: What to export.
        format: One of `formats.writable()`.
        notify: Told, in one sentence each, what a reader should know: a file holds nothing, or the format loses which
            graph a triple was in.

    Raises:
        UnknownFormatError: There is no such format, or it cannot carry something that the files hold.
        RdfSyntaxError: A file breaks the grammar of its syntax.
    """
    syntax = _syntax(format)
    if syntax.lines:
        return _lines(canonical(files, format, notify=notify))
    files = list(files)
    quads: list[Quad] = []
    for file in files:
        before = len(quads)
        quads.extend(reading.parse(file))
        if len(quads) == before and notify is not None:
            notify(reading.no_triples(file.name))
    prefixes = _prefixes(files)
    if syntax.graphs:
        return syntax.write(graph_lines(canonical_dataset(quads)), prefixes)
    graphs = {str(quad.graph_name) for quad in quads if not isinstance(quad.graph_name, DefaultGraph)}
    if not graphs:
        return syntax.write(canonical_lines(quads), prefixes)
    if notify is not None:
        notify(_merged_graphs(format, graphs))
    return syntax.write(canonical_lines(quad.triple for quad in quads), prefixes)


def _syntax(name: str) -> Syntax:
    known = writable()
    if name not in known:
        raise UnknownFormatError(
            f"there is no format {name!r}", hint=nearest(name, known) or f"Choose one of {', '.join(known)}."
        )
    return known[name]


def _merged_graphs(format: str, graphs: set[str]) -> str:  # noqa: A002 - the name that users know
    """Return the notice that a format does not keep named graphs apart."""
    keeping = [name for name, syntax in writable().items() if syntax.graphs]
    some = ", ".join(sorted(graphs)[:3]) + (f" and {len(graphs) - 3} more" if len(graphs) > 3 else "")
    return (
        f"{format} has no named graphs: the triples of {some} are written with all others; "
        f"{', '.join(keeping)} keep them apart"
    )


def _prefixes(files: list[DataFile]) -> dict[str, str]:
    """Return the project's prefixes, and those that files of Turtle or TriG declare for other namespaces."""
    declared = {
        (prefix, namespace)
        for file in files
        if file.format in (RdfFormat.TURTLE, RdfFormat.TRIG)
        for prefix, namespace in _DECLARED.findall(file.content.decode())
    }
    prefixes = dict(PREFIXES)
    for prefix, namespace in sorted(declared):
        if prefix not in prefixes and namespace not in prefixes.values():
            prefixes[prefix] = namespace
    return prefixes


def _lines(lines: CanonicalLines) -> Iterator[str]:
    with lines:
        for piece in lines.pieces():
            yield piece.decode()


def canonical(
    files: Iterable[DataFile | DataStream],
    format: str,  # noqa: A002 - the name that users know
    *,
    notify: Callable[[str], None] | None = None,
) -> CanonicalLines:
    """Return the statements of files as canonical lines; to be closed by who asked.

    Args:
        files: What to export.
        format: One of these, made of lines.
        notify: Told when a file holds nothing, or the format loses which graph a triple was in.

    Raises:
        InputError: A file cannot be read.
        OutputError: There is no room for temporary files.
    """
    keeps_graphs = _syntax(format).graphs
    lines = CanonicalLines()
    graphs: set[str] = set()
    try:
        for file in files:
            quads = reading.parse(file) if isinstance(file, DataFile) else file.quads()
            drops = not keeps_graphs and file.format.supports_datasets
            if not lines.add(_triples(quads, graphs) if drops else quads) and notify is not None:
                notify(reading.no_triples(file.name))
        lines.count  # noqa: B018 - what takes long is done here, not when the lines are written
    except BaseException:
        lines.close()
        raise
    if graphs and notify is not None:
        notify(_merged_graphs(format, graphs))
    return lines


def _triples(quads: Iterable[Quad], graphs: set[str]) -> Iterator[Triple]:
    """Yield triples without their graph, whose name is noted."""
    for quad in quads:
        if not isinstance(quad.graph_name, DefaultGraph):
            graphs.add(str(quad.graph_name))
        yield quad.triple
