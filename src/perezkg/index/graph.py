"""The graph in an index: asked as a graph of files is, without these being read."""

from __future__ import annotations

import os
from contextlib import contextmanager

from pyoxigraph import RdfFormat, Store

from perezkg import resources
from perezkg.errors import EvaluationError
from perezkg.graph import AskableGraph, KnowledgeGraph
from perezkg.index import folder
from perezkg.index.sources import CHANGED, MISSING, require_unchanged, state
from perezkg.rdf import reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pyoxigraph import NamedNode

    from perezkg.index.info import IndexInfo
    from perezkg.rdf.reading import DataFile
    from perezkg.shacl.report import Report
    from perezkg.sparql.catalogue import CannedQuery
    from perezkg.sparql.results import Result
    from perezkg.things.additions import Additions
    from perezkg.things.citation import Citation
    from perezkg.things.description import Description

_CORRUPTION = "Corruption: "
# How Oxigraph's complaints about its files begin.
_COMPLAINTS = (_CORRUPTION, "IO error: ", "Invalid argument: ", "Not implemented: ")


def open_index(
    directory: str | os.PathLike[str],
    *,
    concepts: bool = False,
    union: bool = False,
    max_size: float = reading.MAX_SIZE,
) -> IndexedGraph:
    """Open an index that `build_index` or `perezkg index` has built.

    Args:
        directory: Its folder.
        concepts: Add perezkg's concepts to what SPARQL asks, as `perezkg.load` does.
        union: Ask all graphs as one, in place of the default graph alone.
        max_size: The longest source that is read again, in MiB after decompression, for `export` and `validate`.

    Raises:
        IndexNotFoundError: There is none.
        IndexBrokenError: It is damaged, or of a form that this version does not read.
    """
    name = os.fspath(directory)
    return IndexedGraph(folder.opened(name), concepts=concepts, union=union, max_size=max_size)


class IndexedGraph(AskableGraph):
    """A graph in an index on disk, opened to be read, by as many as want to.

    It answers as `KnowledgeGraph` does. It stays what it was when it was opened, also while a new one is built in the
    same folder. What needs the very words of the files (`export`, `validate`) reads them again, if they are the same.

    Attributes:
        directory: The folder of the index.
        concepts: Whether the concepts are part of what SPARQL sees.
        union: Whether all graphs are asked as one, in place of the default graph alone.
    """

    def __init__(
        self,
        generation: folder.Generation,
        *,
        concepts: bool = False,
        union: bool = False,
        max_size: float = reading.MAX_SIZE,
    ) -> None:
        super().__init__(concepts=concepts, union=union)
        self.directory = generation.directory
        self._generation = generation
        self._max_size = max_size

    def __repr__(self) -> str:
        return f"<IndexedGraph: {self.directory}>"

    @property
    def _sources(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._generation.manifest["sources"]
        return found

    @property
    def size(self) -> int:
        """How many bytes the sources have, unpacked."""
        return sum(source["size"] for source in self._sources)

    @property
    def triples(self) -> int:
        """How many triples there are, those of each named graph counted on their own."""
        return int(self._generation.manifest["triples"])

    @property
    def disk(self) -> int:
        """How many bytes the index takes on disk."""
        return int(self._generation.manifest["disk"])

    @property
    def names(self) -> tuple[str, ...]:
        """The sources as they were named, in the order given."""
        return tuple(source["name"] for source in self._sources)

    @property
    def notices(self) -> list[str]:
        """What a reader should know: of the sources as they were read, and which of them have changed since."""
        found: list[str] = []
        for source in self._sources:
            found += source["notices"]
            if not self.union:
                found += source["without_union"]
            now = state(source, source["path"])
            if now == CHANGED:
                found.append(
                    f"{source['name']} has changed since the index in {self.directory} was built, and the answer is of "
                    "what it said then"
                )
            elif now == MISSING:
                found.append(
                    f"{source['name']} is not there any more; the index in {self.directory} has what it said when that "
                    "was built"
                )
        if state(self._generation.manifest["concepts"], resources.ontology_file("concepts.ttl")) != "unchanged":
            found.append(f"perezkg's concepts are others than when the index in {self.directory} was built")
        return found

    def prefixes(self) -> dict[str, str]:
        """Return the prefixes that the sources declare."""
        return {prefix: name for source in self._sources for prefix, name in source["prefixes"].items()}

    def additions(self) -> Additions:
        """Return what sources say of things that are described in another one; see `perezkg.things.additions`."""
        from pyoxigraph import parse

        found: Additions = {}
        if len(self._sources) < 2:
            return found
        try:
            with open(os.path.join(self._generation.path, "additions.nq"), "rb") as file:
                content = file.read()
        except OSError as error:
            raise folder.broken(self.directory, f"additions.nq: {error.strerror}") from None
        names = [os.path.basename(name) for name in self.names]
        for quad in parse(content, RdfFormat.N_QUADS):
            name = names[int(str(getattr(quad.graph_name, "value", "")).rpartition(":")[2])]
            told = found.setdefault(quad.subject, [])
            if not told or told[-1][0] != name:
                told.append((name, []))
            told[-1][1].append((quad.predicate, quad.object))
        return found

    def _asked(self, concepts: bool) -> Store:  # noqa: FBT001
        """Return the store with or without the concepts, opened to be read."""
        if concepts not in self._stores:
            together = self.union and "union" in self._generation.manifest["stores"]
            parts = [name for name, wanted in (("union", together), ("concepts", concepts)) if wanted]
            path = self._generation.store("-".join(parts) or "data")
            with self._whole():
                self._stores[concepts] = Store.read_only(path)
        return self._stores[concepts]

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Turn what Oxigraph says of damaged files into an error that says what to do."""
        try:
            yield
        except EvaluationError as error:
            if _CORRUPTION not in error.message:
                raise
            raise folder.broken(self.directory, error.message.partition(_CORRUPTION)[2]) from None
        except (RuntimeError, OSError) as error:
            if not any(word in str(error) for word in _COMPLAINTS):
                raise
            raise folder.broken(self.directory, str(error).rpartition(_CORRUPTION)[2]) from None

    def run(
        self,
        query: CannedQuery,
        parameters: dict[str, object],
        *,
        lang: str = "en",
        engine: str = "oxigraph",
        allow_service: bool = False,
        timeout: float | None = None,
        spool: bool = False,
    ) -> Result:
        """Bind the parameters of a query and evaluate it; see `AskableGraph.run`.

        A query that runs into a damaged block may not end by itself, because Oxigraph goes on asking for it: `timeout`
        ends it, and `info` tells of the damage.

        Raises:
            IndexBrokenError: The index is damaged.
        """
        with self._whole():
            return super().run(
                query, parameters, lang=lang, engine=engine, allow_service=allow_service, timeout=timeout, spool=spool
            )

    def describe(self, term: str | NamedNode, *, lang: str = "en", timeout: float | None = None) -> Description:
        """Return everything about one thing; see `AskableGraph.describe`."""
        with self._whole():
            return super().describe(term, lang=lang, timeout=timeout)

    def cite(
        self, term: str | NamedNode, *, lang: str = "en", text: str | None = None, timeout: float | None = None
    ) -> Citation:
        """Return why something is said; see `AskableGraph.cite`."""
        with self._whole():
            return super().cite(term, lang=lang, text=text, timeout=timeout)

    def source_paths(self) -> list[tuple[str, str | None]]:
        """Return path and syntax of each source, once it has proved to be what the index was built from.

        Raises:
            SourceChangedError: It is not.
        """
        for source in self._sources:
            require_unchanged(source, self.directory)
        return [(source["path"], source["format"]) for source in self._sources]

    @property
    def sources(self) -> KnowledgeGraph:
        """The graph of the sources, read again; nothing is parsed yet.

        Raises:
            SourceChangedError: They are not those that the index was built from.
            InputError: One cannot be read.
        """
        files: list[DataFile] = []
        for (path, format_), name in zip(self.source_paths(), self.names, strict=True):
            file = reading.read(path, format_, self._max_size)
            file.name = name
            files.append(file)
        return KnowledgeGraph(files, concepts=self.concepts, union=self.union)

    def export(self, format: str, *, part: str = "data", timeout: float | None = None) -> str:  # noqa: A002 - the name that users know
        """Return the sources in an RDF syntax, the same bytes as from files: these are read again.

        Raises:
            SourceChangedError: They are not those that the index was built from.
        """
        return self.sources.export(format, part=part, timeout=timeout)

    def validate(
        self, *, profile: str | None = None, fail_on: str = "violation", timeout: float | None = None
    ) -> Report:
        """Check the sources, which are read again; see `KnowledgeGraph.validate`.

        Raises:
            SourceChangedError: They are not those that the index was built from.
        """
        return self.sources.validate(profile=profile, fail_on=fail_on, timeout=timeout)

    def info(self) -> IndexInfo:
        """Return what is in the index, after all of it has proved to be whole, and how its sources are now.

        Raises:
            IndexBrokenError: Something in it is not as it was written.
        """
        from perezkg.index.info import IndexInfo

        self._generation.require_whole()

        with self._whole():
            return IndexInfo(self.directory, self._generation.manifest, self._asked(concepts=False))
