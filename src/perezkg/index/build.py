"""Building an index: beside the old one, which stays whole until the new one is, and takes its place in one step."""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse, serialize

from perezkg import resources
from perezkg.errors import (
    IndexBrokenError,
    IndexNotFoundError,
    IndexUnderWayError,
    OutputError,
    SourceChangedError,
    UsageError,
)
from perezkg.index import folder
from perezkg.index.graph import IndexedGraph, open_index
from perezkg.index.sources import fingerprint, written
from perezkg.output import Draft, begin, failure, finish, remove_folder, unbroken
from perezkg.rdf import reading
from perezkg.rdf.formats import STANDARD_INPUT
from perezkg.rdf.streaming import DataStream
from perezkg.things.additions import additions
from perezkg.vocabulary import OWL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    Progress = Callable[[str, int, int], None]

_ABOUT = "A cache that `perezkg index` made: it may be deleted, and be built again from its sources."
_IMPORTS = NamedNode(OWL + "imports")
# A line that declares a prefix or a base: the few statements of Turtle that the parser of a bulk load does not tell of.
_DECLARATION = re.compile(rb"^[ \t]*@?(?:prefix|base)\b[^\n]*", re.MULTILINE | re.IGNORECASE)
_DECLARING = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N3)


def build_index(
    files: Iterable[str | os.PathLike[str]],
    directory: str | os.PathLike[str],
    *,
    format: str | None = None,  # noqa: A002 - the name that users know
    source: str = "all",
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
) -> IndexedGraph:
    """Build an index of files: a folder that is opened in an instant however much is in it.

    Whatever fails, and however this process ends: what was in the folder before stays as it was, and who reads it goes
    on. An index is a cache, which may be deleted.

    Args:
        files: Files of RDF; none means perezkg's own, as `source` chooses.
        directory: The folder; it is made, or the index in it replaced.
        format: The syntax of files whose extension does not tell it.
        source: Of perezkg's own data, "biography" or "all".
        progress: Told what is done, how far it is, and of how much, in bytes.
        notify: Told, in a sentence each, what a reader should know of the files.

    Returns:
        The index, opened.

    Raises:
        InputError: A file cannot be read, or breaks the grammar of its syntax.
        SourceChangedError: A file changed while it was read.
        IndexUnderWayError: Another process builds an index there.
        OutputError: The folder cannot be written, or the disk is full.
        UsageError: The folder holds something else, or a source is no file.
    """
    place = os.fspath(directory)
    named = [os.fspath(path) for path in files]
    paths = resources.chosen_files(named, source)
    for path in paths:
        if path == STANDARD_INPUT or (os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)):
            raise UsageError(
                f"{path} is no file that can be read again, and an index is built again from its sources",
                hint="Save what comes from there as a file.",
            )
    streams = [DataStream(path, format if named else None) for path in paths]
    with _alone(place):
        keep = _present(place)
        _clear(place, keep)
        name = os.urandom(8).hex()
        path = os.path.join(place, name)
        begin(path)
        try:
            os.mkdir(path)
            _fill(path, paths, streams, format if named else None, progress or _nobody, notify or _nobody)
            draft = Draft(os.path.join(place, folder.CURRENT))
            try:
                draft.write(f"{name}\n")
                draft.complete()
                with unbroken():  # no reader shall find that what is current has gone
                    finish(path)
                    draft.publish()
            except BaseException:
                draft.discard()
                raise
        except (OSError, RuntimeError) as error:
            raise _failure(error, place) from None
        finally:
            if _present(place) != name:
                remove_folder(path)
            finish(path)
        _clear(place, name)
    return open_index(place)


def _nobody(*_: object) -> None:
    """Tell nobody."""


def _present(place: str) -> str:
    """Return the name of the generation that is current; empty when there is none."""
    try:
        return folder.current(place)
    except (IndexNotFoundError, IndexBrokenError):
        return ""


def _clear(place: str, keep: str) -> None:
    for path in folder.leftovers(place, keep):
        if os.path.isdir(path):
            remove_folder(path)
        else:
            with suppress(OSError):
                os.unlink(path)


@contextmanager
def _alone(place: str) -> Iterator[None]:
    """Make the folder and hold its lock; when no index came of it, a folder that was made here is removed.

    Raises:
        IndexUnderWayError: Somebody else holds the lock.
        OutputError: The folder cannot be made or written.
        UsageError: It holds something else.
    """
    if not place:
        raise OutputError("the name of the folder is empty", hint="Name a folder: -o DIR")
    name = os.path.join(place, folder.LOCK)
    try:
        made = not os.path.isdir(place)
        os.makedirs(place, exist_ok=True)
        if not os.path.exists(name) and any(not _ours(found) for found in os.listdir(place)):
            raise UsageError(
                f"the folder {place} holds something else than an index", hint="Name a new or an empty folder."
            )
        with open(name, "a+b") as lock:
            if not folder.locked(lock.fileno(), exclusive=True) or not _same(lock.fileno(), name):
                lock.seek(0)
                number = lock.read(20).decode("ascii", "replace").strip()
                raise IndexUnderWayError(
                    f"another process builds an index in {place}: {number}",
                    hint="Wait for it; who reads the index may go on meanwhile.",
                )
            lock.truncate(0)
            lock.write(b"%d\n" % os.getpid())
            lock.flush()
            try:
                yield
            finally:
                if made and not _present(place):
                    with suppress(OSError):  # something else has come into it
                        os.unlink(name)
                        os.rmdir(place)
    except (OSError, ValueError) as error:
        raise failure(error, place) from None


def _ours(name: str) -> bool:
    return folder.is_generation(name) or name in (folder.CURRENT, folder.LOCK) or name.endswith(".part")


def _same(number: int, name: str) -> bool:
    """Tell whether an open file is still the one of this name: who failed may have removed it."""
    try:
        return os.path.samestat(os.fstat(number), os.stat(name))
    except FileNotFoundError:
        return False


def _fill(
    path: str,
    paths: Sequence[str],
    streams: Sequence[DataStream],
    format_: str | None,
    progress: Progress,
    notify: Callable[[str], None],
) -> None:
    """Make a whole generation; its manifest comes last."""
    before = [written(file) for file in paths]
    concepts = resources.ontology_file("concepts.ttl")
    concepts_before = fingerprint(concepts)
    data = Store(os.path.join(path, "data"))
    sources = []
    for file, stream in zip(paths, streams, strict=True):
        read = _read(data, stream, os.path.getsize(file), progress)
        sources.append({"name": stream.name, "path": os.path.abspath(file), "format": format_} | read)
    progress("Ordering the index", 0, 0)
    data.optimize()
    data.flush()
    graphs = list(data.named_graphs())
    names = _derived(path, data, bool(graphs), concepts)
    triples = len(data)
    del data  # what Oxigraph still has to write is written now
    if len(streams) > 1:
        progress("Comparing the files", 0, 0)
        _write_additions(os.path.join(path, "additions.nq"), streams)
    for file, stream, state, source in zip(paths, streams, before, sources, strict=True):
        source.update(fingerprint(file))
        if written(file) != state:
            raise SourceChangedError(
                "this file changed while it was read", path=stream.name, hint="Build the index when it is at rest."
            )
    for source in sources:
        for notice in (*source["notices"], *source["without_union"]):
            notify(notice)
    known: dict[tuple[int, int], dict[str, Any]] = {}
    stores = {name: _files(os.path.join(path, name), known) for name in names}
    manifest = {
        "format": folder.FORMAT,
        "about": _ABOUT,
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "perezkg": resources.VERSION,
        "pyoxigraph": version("pyoxigraph"),
        "sources": sources,
        "concepts": concepts_before,
        "triples": triples,
        "graphs": len(graphs),
        "stores": stores,
        "disk": _disk(path),
    }
    with open(os.path.join(path, folder.MANIFEST), "x", encoding="utf-8") as file_:
        json.dump(manifest, file_, ensure_ascii=False, indent=1)
        file_.flush()
        os.fsync(file_.fileno())


def _read(store: Store, stream: DataStream, whole: int, progress: Progress) -> dict[str, Any]:
    """Load a file, and return what a manifest says of it."""
    size = 0
    rest = b""
    declarations: list[bytes] = []
    stage = f"Reading {stream.name}"

    def told(piece: bytes) -> None:
        nonlocal size, rest
        size += len(piece)
        progress(stage, size, 0 if size > whole else whole)  # of a compressed file, nobody knows how much there is
        if stream.format in _DECLARING:
            lines, _, rest = (rest + piece).rpartition(b"\n")
            declarations.extend(_DECLARATION.findall(lines if piece else rest))

    known = set(store.quads_for_pattern(None, _IMPORTS, None, None))
    stream.fill(store, told)
    declarations += _DECLARATION.findall(rest)
    new = [quad for quad in store.quads_for_pattern(None, _IMPORTS, None, None) if quad not in known]
    notices = [*stream.notices, *reading.unread_imports(stream.name, new)]
    without_union = []
    if next(stream.quads(), None) is None:
        notices.insert(0, reading.no_triples(stream.name))
    elif stream.format.supports_datasets and _only_named(store, stream):
        without_union.append(reading.only_named(stream.name))
    return {
        "size": size,
        "prefixes": _prefixes(declarations, stream),
        "notices": notices,
        "without_union": without_union,
    }


def _only_named(store: Store, stream: DataStream) -> bool:
    """Tell whether all statements of a file are in named graphs; the file itself is asked if others have some."""
    if next(store.quads_for_pattern(None, None, None, DefaultGraph()), None) is None:
        return True
    return not any(isinstance(quad.graph_name, DefaultGraph) for quad in stream.quads())


def _prefixes(declarations: list[bytes], stream: DataStream) -> dict[str, str]:
    """Return the prefixes that a file declares."""
    if stream.format in (RdfFormat.JSON_LD, RdfFormat.RDF_XML):
        return reading.prefixes(stream.whole())
    found: dict[str, str] = {}
    base = b""
    for declaration in declarations:
        # One by one: what looks like a declaration may be the line of a text.
        try:
            parser = parse(base + declaration, RdfFormat.TURTLE, base_iri=stream.base)
            list(parser)
        except SyntaxError:
            continue
        found |= parser.prefixes
        if parser.base_iri and b"base" in declaration.lower()[:8]:
            base = f"@base <{parser.base_iri}> .\n".encode()
    return found


def _derived(path: str, data: Store, named: bool, concepts: str) -> list[str]:  # noqa: FBT001
    """Make the stores that are asked in place of the data alone, and return the names of all.

    A copy shares the files of what it is a copy of, where the disk can (hard links), so it costs next to nothing.
    """
    names = ["data"]
    bases = [("", data)]
    if named:
        data.backup(os.path.join(path, "union"))
        union = Store(os.path.join(path, "union"))
        for graph in list(data.named_graphs()):
            union.bulk_extend(Quad(*quad.triple) for quad in data.quads_for_pattern(None, None, None, graph))
        union.optimize()
        union.flush()
        names.append("union")
        bases.append(("union-", union))
    for prefix, store in bases:
        names.append(f"{prefix}concepts")
        place = os.path.join(path, names[-1])
        store.backup(place)
        with open(concepts, "rb") as file:
            Store(place).bulk_load(file, RdfFormat.TURTLE)
    return names


def _write_additions(path: str, streams: Sequence[DataStream]) -> None:
    """Write what one file adds to the things of another: N-Quads whose graph is the number of the file."""
    found = additions([(str(number), stream.quads()) for number, stream in enumerate(streams)])
    quads = (
        Quad(thing, property_, value, NamedNode(f"urn:perezkg:source:{number}"))  # type: ignore[arg-type]  # no literal
        for thing, told in found.items()
        for number, statements in told
        for property_, value in statements
    )
    with open(path, "xb") as file:
        serialize(quads, file, RdfFormat.N_QUADS)


def _files(path: str, known: dict[tuple[int, int], dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return size and SHA-256 of the files that the content of a store is in; the others are never looked at again.

    Args:
        path: The folder of the store.
        known: Those of files that other stores have as well, by device and number, to which it adds.
    """
    found = {}
    for name in sorted(os.listdir(path)):
        if name == "CURRENT" or name.startswith("MANIFEST-") or name.endswith(".sst"):
            file = os.path.join(path, name)
            state = os.stat(file)
            if (state.st_dev, state.st_ino) not in known:
                print_ = fingerprint(file)
                known[state.st_dev, state.st_ino] = {"bytes": print_["bytes"], "sha256": print_["sha256"]}
            found[name] = known[state.st_dev, state.st_ino]
    return found


def _disk(path: str) -> int:
    """Return how many bytes a folder takes, files of several names once."""
    found = {}
    for parent, _, names in os.walk(path):
        for name in names:
            state = os.stat(os.path.join(parent, name))
            found[state.st_ino or name] = state.st_size
    return sum(found.values())


def _failure(error: OSError | RuntimeError, place: str) -> OutputError:
    """Return the error for a folder that Oxigraph or we could not write."""
    if isinstance(error, OSError) and error.strerror and "IO error" not in error.strerror:
        return failure(error, place)
    return OutputError(
        f"the index cannot be written: {str(error).rpartition('IO error: ')[2]}",
        path=place,
        hint="What was in the folder before is as it was.",
    )
