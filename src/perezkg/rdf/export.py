"""Export: a part of the graph in an RDF syntax, the same to the byte each time and everywhere.

What is written comes from parsed triples, each literal as it stands in the file: a store or rdflib would rewrite some.
Blank nodes are labelled by RDFC-1.0 and everything is sorted: neither the order of the input nor the process matters.
"""

from __future__ import annotations

import os
import re
from itertools import groupby
from operator import itemgetter

from pyoxigraph import DefaultGraph, RdfFormat, parse, serialize

from perezkg import resources
from perezkg.errors import UnknownFormatError, UsageError, nearest
from perezkg.output import Draft, compressed, failure, is_special, require_xml
from perezkg.rdf import reading
from perezkg.rdf.canonical import CanonicalLines, Statements, blank_node_groups
from perezkg.rdf.formats import writable
from perezkg.rdf.nodes import graph_lines
from perezkg.rdf.reading import DataFile
from perezkg.rdf.streaming import parsed, texts
from perezkg.vocabulary import PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pyoxigraph import Quad, Triple

    from perezkg.rdf.formats import Syntax
    from perezkg.rdf.streaming import DataStream

PARTS = ("data", "ontology", "shapes", "all")
"""What can be exported."""

_ONTOLOGY = ("sport.ttl", "concepts.ttl", "alignments.ttl")
_SHAPES = ("shapes.ttl",)
_PART_FILES = {"data": (), "ontology": _ONTOLOGY, "shapes": _SHAPES, "all": _ONTOLOGY + _SHAPES}
_ELEMENT_NAME = re.compile(r"[^\W\d][\w.-]*\Z")
_NOT_XML = "Ask for turtle or jsonld instead."

# A prefix that the writers can use: its namespace is whole, and ends where a local name can begin.
_DECLARED = re.compile(
    r"^[ \t]*(?i:@?prefix)[ \t]+((?:[A-Za-z][A-Za-z0-9_-]*)?):[ \t]*"
    r"<([A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\s]*[#/])>",
    re.MULTILINE,
)


def part_files(part: str, data: Iterable[DataFile]) -> list[DataFile]:
    """Return the files of a part of the graph: the data given, files of the ontology, or both.

    Args:
        part: One of `PARTS`.
        data: The files that are meant by the part "data".

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


def pieces(files: Iterable[DataFile], name: str, *, notify: Callable[[str], None] | None = None) -> Iterator[str]:
    """Return files as one document of an RDF syntax, in pieces of text.

    Args:
        files: What to export.
        name: One of `formats.writable()`.
        notify: Told, in one sentence each, what a reader should know: a file holds nothing, something was left out of
            it, or the format loses which graph a triple was in.

    Raises:
        UnknownFormatError: There is no such format, or it cannot carry something that the files hold.
        RdfSyntaxError: A file breaks the grammar of its syntax.
    """
    files = list(files)
    syntax = _syntax(name)
    lines = canonical(files, name, notify=notify)
    if syntax.lines:
        return _lines(lines)
    try:
        statements = Statements(lines)
        if not syntax.graphs:
            document = syntax.write(statements, _prefixes(files))
        elif any(file.format.supports_datasets for file in files):
            document = syntax.write(graph_lines(statements), _prefixes(files))
        else:
            document = syntax.write({"": statements}, _prefixes(files))
    except BaseException:
        lines.close()
        raise
    return _closing(lines, document)


def _closing(lines: CanonicalLines, document: Iterator[str]) -> Iterator[str]:
    with lines:
        yield from document


def _syntax(name: str) -> Syntax:
    known = writable()
    if name not in known:
        raise UnknownFormatError(
            f"there is no format {name!r}", hint=nearest(name, known) or f"Choose one of {', '.join(known)}."
        )
    return known[name]


def _merged_graphs(name: str, graphs: set[str]) -> str:
    """Return the notice that a format does not keep named graphs apart."""
    keeping = [other for other, syntax in writable().items() if syntax.graphs]
    some = ", ".join(sorted(graphs)[:3]) + (f" and {len(graphs) - 3} more" if len(graphs) > 3 else "")
    return (
        f"{name} has no named graphs: the triples of {some} are written with all others; "
        f"{', '.join(keeping)} keep them apart"
    )


def _prefixes(files: list[DataFile]) -> dict[str, str]:
    """Return the project's prefixes, and those that files of Turtle or TriG declare for other namespaces."""
    declared = {
        (prefix, namespace)
        for file in files
        if file.format in (RdfFormat.TURTLE, RdfFormat.TRIG)
        for text in texts(file)
        for prefix, namespace in _DECLARED.findall(text)
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
    files: Iterable[DataFile | DataStream], name: str, *, notify: Callable[[str], None] | None = None
) -> CanonicalLines:
    """Return the statements of files as canonical lines; to be closed by who asked.

    Args:
        files: What to export.
        name: One of `formats.writable()`.
        notify: Told when a file holds nothing, what was left out of it, or that the format loses the graph of a triple.

    Raises:
        UnknownFormatError: There is no such format.
        RdfSyntaxError: A file breaks the grammar of its syntax.
        InputError: A file cannot be read.
        OutputError: There is no room for temporary files.
    """
    keeps_graphs = _syntax(name).graphs
    lines = CanonicalLines()
    graphs: set[str] = set()
    try:
        for file in files:
            quads = parsed(file) if isinstance(file, DataFile) else file.quads()
            drops = not keeps_graphs and file.format.supports_datasets
            if not lines.add(_triples(quads, graphs) if drops else quads) and notify is not None:
                notify(reading.no_triples(file.name))
            if notify is not None:
                for notice in reading.losses(file) if isinstance(file, DataFile) else file.notices:
                    notify(notice)
        lines.count  # noqa: B018 - what takes long is done here, not when the lines are written
    except BaseException:
        lines.close()
        raise
    if graphs and notify is not None:
        notify(_merged_graphs(name, graphs))
    return lines


def _triples(quads: Iterable[Quad], graphs: set[str]) -> Iterator[Triple]:
    """Yield triples without their graph, whose name is noted."""
    for quad in quads:
        if not isinstance(quad.graph_name, DefaultGraph):
            graphs.add(str(quad.graph_name))
        yield quad.triple


def rdfxml(lines: Iterable[str], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Return N-Triples lines as an RDF/XML document, by pyoxigraph, after refusing what it would write as broken XML.

    Raises:
        UnknownFormatError: A property does not end in a name, or a text holds a character that XML cannot carry.
    """
    namespaces: set[str] = set()
    for line in lines:
        predicate = line.split(" ", 2)[1][1:-1]
        name = _ELEMENT_NAME.search(predicate)
        if name is None:
            raise UnknownFormatError(
                f"RDF/XML cannot carry the property {predicate}, whose end is not a name", hint=_NOT_XML
            )
        namespaces.add(predicate[: name.start()])
    used = {prefix: namespace for prefix, namespace in prefixes.items() if prefix and namespace in namespaces}
    # Through the parser again, because the serializer takes triples, and the lines hold their order.
    triples = parse("\n".join(lines), RdfFormat.N_TRIPLES)
    text = (serialize(triples, format=RdfFormat.RDF_XML, prefixes=used) or b"").decode()
    require_xml(text, _NOT_XML)
    return iter([text.replace("\r", "&#13;") + "\n"])  # a bare carriage return would be read back as a line feed


def write_split(
    lines: CanonicalLines,
    path: str,
    most: int,
    *,
    gzip: bool = False,
    notify: Callable[[str], None] | None = None,
) -> list[str]:
    """Write lines to numbered files, `perez.nq` to perez-0001.nq and so on, all of them or none.

    A blank node label holds only within one file. So what blank nodes connect stays together: statements without blank
    nodes come first, in order and as many to a file as asked for, and behind them each group of statements that share
    blank nodes, never cut.

    Args:
        lines: What to write.
        path: The name that gets the numbers; a `.gz` at its end stays there.
        most: How many lines a file may have, unless blank nodes connect more.
        gzip: Whether to compress, which adds `.gz` to the names.
        notify: Told when a file has more lines than asked for.

    Returns:
        The names of the files, in order; there is at least one.

    Raises:
        UsageError: `path` is no name of an ordinary file, or there are files of a longer export that would stay.
        OutputError: A file cannot be written.
    """
    try:
        refused = not os.path.basename(path) or is_special(path)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise failure(error, path) from None
    if refused:
        raise UsageError(f"{path!r} is not a name that can be numbered", hint="Name a file: -o perez.nq")
    stem, ending = os.path.splitext(path[:-3] if path.lower().endswith(".gz") else path)
    ending += ".gz" if gzip else ""
    # Of two files in a row, the second begins where the first has no room: together they have more than `most` lines.
    digits = max(4, len(str(2 * lines.count // most + 2)))
    drafts: list[Draft] = []
    place = path
    try:
        for file, group in groupby(_by_file(lines, most), key=itemgetter(0)):
            place = f"{stem}-{file:0{digits}}{ending}"
            number = _write(place, map(itemgetter(1), group), drafts, gzip=gzip)
            if number > most and notify is not None:
                notify(f"{place} has {number} triples, because blank nodes connect them")
        names = [draft.path for draft in drafts]
        _refuse_older(stem, ending, names)
        for draft in drafts:
            place = draft.path
            draft.publish()
    except OSError as error:
        raise failure(error, place) from None
    finally:
        for draft in drafts:
            draft.discard()
    return names


def _write(place: str, group: Iterable[list[bytes]], drafts: list[Draft], *, gzip: bool) -> int:
    """Write one file, and return how many lines it has."""
    if os.path.isdir(place):
        raise IsADirectoryError(21, "Is a directory")
    draft = Draft(place)
    drafts.append(draft)
    number = 0

    def text() -> Iterator[bytes]:
        nonlocal number
        for block in group:
            number += len(block)
            yield b"\n".join([*block, b""])

    for piece in compressed(text()) if gzip else text():
        draft.write(piece)
    draft.complete()
    return number


def _refuse_older(stem: str, ending: str, names: list[str]) -> None:
    """Refuse to write beside files that a loader would take for part of this export."""
    folder, base = os.path.split(stem)
    pattern = re.compile(re.escape(base) + r"-[0-9]{4,}" + re.escape(ending))
    written = {os.path.basename(name) for name in names}
    others = sorted(name for name in os.listdir(folder or ".") if pattern.fullmatch(name) and name not in written)
    if others:
        some = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
        raise UsageError(
            f"{some} would be taken for part of this export, which has {len(names)} "
            f"file{'s' if len(names) > 1 else ''}; nothing was written",
            hint="Remove the files of the older export, or choose another name or folder.",
        )


def _by_file(lines: CanonicalLines, most: int) -> Iterator[tuple[int, list[bytes]]]:
    """Yield all lines in blocks, each with the number of its file from 1; an empty one first, so that there is a file.

    A file has at most so many lines, or one group that has more and must stay together.
    """
    file, room = 1, most
    yield file, []
    for whole, waiting in blank_node_groups(lines.blocks()):
        while waiting:
            if not room or (whole and room < min(most, len(waiting))):
                file, room = file + 1, most
            block = waiting if whole else waiting[:room]
            waiting = waiting[len(block) :]  # noqa: PLW2901
            room = max(0, room - len(block))
            yield file, block
