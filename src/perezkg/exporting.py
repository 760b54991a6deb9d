"""The graph in every RDF syntax, the same to the byte each time.

What is written comes from parsed triples, each literal as it stands in the file: a store or rdflib would rewrite some.
Blank nodes are labelled by RDFC-1.0 and everything is sorted: neither the order of the input nor the process matters.
"""

from __future__ import annotations

import re

from pyoxigraph import DefaultGraph, RdfFormat, parse, serialize

from perezkg import reading, resources
from perezkg.errors import UnknownFormatError, UsageError, nearest
from perezkg.namespaces import PREFIXES
from perezkg.rendering.nodes import canonical_dataset, canonical_lines, graph_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import Quad

    from perezkg.canonical import CanonicalLines
    from perezkg.graph import KnowledgeGraph
    from perezkg.reading import DataFile

FORMATS = ("turtle", "longturtle", "jsonld", "framed", "ntriples", "nquads", "trig", "rdfxml")
"""The RDF syntaxes that can be written."""

LINE_FORMATS = ("ntriples", "nquads")
"""Those of them in which each statement is a line."""

PARTS = ("data", "ontology", "shapes", "all")
"""What can be exported."""

_ONTOLOGY = ("sport.ttl", "concepts.ttl", "alignments.ttl")
_SHAPES = ("shapes.ttl",)
_PART_FILES = {"data": (), "ontology": _ONTOLOGY, "shapes": _SHAPES, "all": _ONTOLOGY + _SHAPES}

_DATASET_FORMATS = ("jsonld", "trig")
_OTHER_FORMATS = "Ask for turtle or jsonld instead."

# A prefix that the writers can use: its namespace is whole, and ends where a local name can begin.
_DECLARED = re.compile(
    r"^[ \t]*(?i:@?prefix)[ \t]+((?:[A-Za-z][A-Za-z0-9_-]*)?):[ \t]*"
    r"<([A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\s]*[#/])>",
    re.MULTILINE,
)

_ELEMENT_NAME = re.compile(r"[^\W\d][\w.-]*\Z")


def export(graph: KnowledgeGraph, format: str, *, part: str = "data") -> str:  # noqa: A002 - the contract's word
    """Return a part of the graph in an RDF syntax.

    Args:
        graph: Whose data files are meant by the part "data".
        format: One of `FORMATS`.
        part: One of `PARTS`.

    Raises:
        UnknownFormatError: There is no such format, or it cannot carry something that the data hold.
        UsageError: There is no such part.
    """
    return "".join(pieces(part_files(part, graph.files), format))


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
    format: str,  # noqa: A002 - the contract's word
    *,
    notify: Callable[[str], None] | None = None,
) -> Iterator[str]:
    """Return files as one document of an RDF syntax, in pieces of text.

    Args:
        files: What to export.
        format: One of `FORMATS`.
        notify: Told, in one sentence each, what a reader should know: a file holds nothing, or the format loses which
            graph a triple was in.

    Raises:
        UnknownFormatError: There is no such format, or it cannot carry something that the files hold.
        RdfSyntaxError: A file breaks the grammar of its syntax.
    """
    if format not in FORMATS:
        raise UnknownFormatError(
            f"there is no format {format!r}", hint=nearest(format, FORMATS) or f"Choose one of {', '.join(FORMATS)}."
        )
    if format in LINE_FORMATS:
        from perezkg.bulk import canonical

        return _lines(canonical(files, format, notify=notify))
    files = list(files)
    quads: list[Quad] = []
    for file in files:
        before = len(quads)
        quads.extend(reading.parse(file))
        if len(quads) == before and notify is not None:
            notify(f"{file.name} holds no triples")
    prefixes = _prefixes(files)
    if format in _DATASET_FORMATS:
        return _dataset(quads, format, prefixes)
    graphs = {str(quad.graph_name) for quad in quads if not isinstance(quad.graph_name, DefaultGraph)}
    if not graphs:
        return _graph(canonical_lines(quads), format, prefixes)
    if notify is not None:
        notify(merged_graphs(format, graphs))
    return _graph(canonical_lines(quad.triple for quad in quads), format, prefixes)


def merged_graphs(format: str, graphs: set[str]) -> str:  # noqa: A002 - the contract's word
    """Return the notice that a format does not keep named graphs apart."""
    some = ", ".join(sorted(graphs)[:3]) + (f" and {len(graphs) - 3} more" if len(graphs) > 3 else "")
    return (
        f"{format} has no named graphs: the triples of {some} are written with all others; "
        "jsonld, nquads, trig keep them apart"
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


def _dataset(quads: list[Quad], syntax: str, prefixes: dict[str, str]) -> Iterator[str]:
    graphs = graph_lines(canonical_dataset(quads))
    if syntax == "jsonld":
        from perezkg.jsonld import jsonld

        return jsonld(graphs)
    from perezkg.rendering.turtle import trig

    return trig(graphs, prefixes)


def _graph(lines: list[str], syntax: str, prefixes: dict[str, str]) -> Iterator[str]:
    if syntax == "framed":
        from perezkg.framing import framed

        return framed(lines)
    if syntax == "rdfxml":
        return iter([_rdfxml(lines, prefixes)])
    from perezkg.rendering.turtle import turtle

    return turtle(lines, prefixes, long=syntax == "longturtle")


def _rdfxml(lines: list[str], prefixes: dict[str, str]) -> str:
    """Return lines as RDF/XML by pyoxigraph, after refusing what it would write as broken XML."""
    from perezkg.rendering.xml_text import require_xml

    namespaces: set[str] = set()
    for line in lines:
        predicate = line.split(" ", 2)[1][1:-1]
        name = _ELEMENT_NAME.search(predicate)
        if name is None:
            raise UnknownFormatError(
                f"RDF/XML cannot carry the property {predicate}, whose end is not a name", hint=_OTHER_FORMATS
            )
        namespaces.add(predicate[: name.start()])
    used = {prefix: namespace for prefix, namespace in prefixes.items() if prefix and namespace in namespaces}
    # Through the parser again, because the serializer takes triples, and the lines hold their order.
    triples = parse("\n".join(lines), RdfFormat.N_TRIPLES)
    text = (serialize(triples, format=RdfFormat.RDF_XML, prefixes=used) or b"").decode()
    require_xml(text, _OTHER_FORMATS)
    return text.replace("\r", "&#13;") + "\n"  # a bare carriage return would be read back as a line feed
