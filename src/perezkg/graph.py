"""One object holds the graph: its files, its store, and everything that can be asked of it.

Each method hands over to the module that does the work, imported only then.
"""

from __future__ import annotations

import os
from functools import cached_property

from pyoxigraph import Quad, RdfFormat, Store

from perezkg import resources
from perezkg.rdf import reading
from perezkg.resources import VERSION
from perezkg.vocabulary import PROV

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, TypeVar

    import rdflib
    from pyoxigraph import NamedNode

    from perezkg.rdf.reading import DataFile
    from perezkg.shacl.report import Report
    from perezkg.sparql.catalogue import CannedQuery
    from perezkg.sparql.engines import Engine
    from perezkg.sparql.results import Result
    from perezkg.things.citation import Citation
    from perezkg.things.description import Description

    Found = TypeVar("Found")


def _within(timeout: float | None, work: Callable[[], Found]) -> Found:
    if timeout is None:
        return work()
    from perezkg.killable import within

    return within(timeout, work)


def load(
    *paths: str | os.PathLike[str],
    format: str | None = None,  # noqa: A002 - the name that users know
    source: str = "all",
    concepts: bool = False,
    union: bool = False,
    max_size: float = reading.MAX_SIZE,
) -> KnowledgeGraph:
    """Load a graph: perezkg's own, or the files given instead of it, and nothing else.

    Args:
        paths: Files of RDF, of any syntax in `perezkg.rdf.formats`; none means the life of Jefferson Pérez.
        format: The syntax of files whose extension does not tell it, one of `perezkg.rdf.formats.readable()`.
        source: Of perezkg's own graph, "biography" takes what the biography says, "all" also what others say.
        concepts: Add perezkg's concepts (medals, levels, kinds: ontology/concepts.ttl) to what is asked. Canned queries
            find their labels anyway.
        union: Ask all graphs of the files as one, in place of the default graph alone.
        max_size: The longest file that is read, in MiB after decompression.

    Returns:
        The graph, parsed.

    Raises:
        InputNotFoundError: A file does not exist.
        InputUnreadableError: A file is a directory, may not be read, or is not UTF-8.
        LimitReachedError: A file is longer than `max_size`.
        RdfSyntaxError: A file breaks the grammar of its syntax.
        RemoteAccessRefusedError: A JSON-LD context would have to be fetched.
        UsageError: There is no such source, or files are named as well.

    >>> load()
    <KnowledgeGraph: perez.ttl, evidence.ttl>
    >>> load(source="biography")
    <KnowledgeGraph: perez.ttl>
    """
    names = [os.fspath(path) for path in paths]
    graph = KnowledgeGraph.read(names, format, source, concepts=concepts, union=union, max_size=max_size)
    graph.notices  # noqa: B018 - mistakes in the files show here, where they are loaded
    return graph


class KnowledgeGraph:
    """A graph: what its files say, ready to be asked.

    SPARQL sees the files and nothing else. Canned queries, `describe` and `cite` also find the labels of medals, levels
    and kinds (ontology/concepts.ttl), which they need.

    Attributes:
        files: The data files, in the order given.
        concepts: Whether the concepts are part of what SPARQL sees.
        union: Whether all graphs of the files are asked as one, in place of the default graph alone.
    """

    def __init__(self, files: Iterable[DataFile], *, concepts: bool = False, union: bool = False) -> None:
        self.files = tuple(files)
        self.concepts = concepts
        self.union = union
        # By whether they hold the concepts. Only what is asked for is made: each costs time.
        self._stores: dict[bool, Store] = {}
        self._notices: list[str] = []
        self._engines: dict[tuple[str, bool], Engine] = {}
        # Whether somebody has the store in hands, and may change it.
        self._lent = False

    @classmethod
    def read(
        cls,
        paths: Sequence[str] = (),
        format: str | None = None,  # noqa: A002 - the name that users know
        source: str = "all",
        *,
        concepts: bool = False,
        union: bool = False,
        max_size: float = reading.MAX_SIZE,
    ) -> KnowledgeGraph:
        """Read files without parsing them yet; no paths means perezkg's own data, as `source` chooses."""
        chosen = resources.chosen_files(paths, source)
        files = (reading.read(path, format if paths else None, max_size) for path in chosen)
        return cls(files, concepts=concepts, union=union)

    def __repr__(self) -> str:
        return f"<KnowledgeGraph: {', '.join(os.path.basename(file.name) for file in self.files)}>"

    @property
    def size(self) -> int:
        """How many bytes the files have, unpacked."""
        return sum(len(file.content) for file in self.files)

    @property
    def store(self) -> Store:
        """The pyoxigraph store that SPARQL asks: what is added there, queries see.

        A store rewrites numbers to their shortest form.
        """
        self._lent = True
        return self._asked(self.concepts)

    @property
    def with_concepts(self) -> Store:
        """The data and perezkg's concepts, at which canned queries, `describe` and `cite` look; not to be changed."""
        return self._asked(concepts=True)

    @property
    def notices(self) -> list[str]:
        """What a reader of the answers should know about the files: one holds nothing, one imports another."""
        if not self._stores:  # they are found when one is filled
            self._asked(self.concepts)
        return self._notices

    def _asked(self, concepts: bool) -> Store:  # noqa: FBT001
        """Return the store with or without the concepts."""
        beside = concepts and not self.concepts
        if concepts not in self._stores or (beside and self._lent):
            if beside and self.concepts in self._stores:
                store = Store()
                store.bulk_extend(self._stores[self.concepts])
            else:
                store = self._filled()
            if concepts:
                with open(resources.ontology_file("concepts.ttl"), "rb") as file:
                    store.load(file.read(), RdfFormat.TURTLE)
            self._stores[concepts] = store
        return self._stores[concepts]

    def _filled(self) -> Store:
        """Return a store that holds the files, and keep what a reader of its answers should know about them."""
        store = Store()
        self._notices = []
        for file in self.files:
            before = len(store)
            try:
                if file.format == RdfFormat.RDF_XML:  # some of it has to be written anew first
                    store.bulk_extend(reading.parse(file))
                else:
                    store.load(file.content, file.format, base_iri=file.base)
            except (SyntaxError, MemoryError) as error:
                raise reading.unparsable(file, error) from None
            if len(store) == before and next(reading.parse(file), None) is None:
                self._notices.append(reading.no_triples(file.name))
            elif not self.union and file.format.supports_datasets and next(store.named_graphs(), None) is not None:
                self._notices += reading.only_named_graphs(file)
            self._notices += reading.losses(file)
            if b"imports" in file.content:
                self._notices += reading.unread_imports(file.name, reading.parse(file))
        if self.union:
            # Oxigraph can look into all graphs at once, but then finds a triple of two graphs twice.
            for name in list(store.named_graphs()):
                store.extend([Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, name)])
        return store

    @cached_property
    def graph(self) -> rdflib.Graph:
        """An rdflib Graph on the same store: what is added there, queries see."""
        from oxrdflib import OxigraphStore
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID, Graph

        from perezkg.vocabulary import PREFIXES

        graph = Graph(OxigraphStore(store=self.store), DATASET_DEFAULT_GRAPH_ID, bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            graph.bind(prefix, namespace)
        return graph

    def quads(self) -> list[Quad]:
        """Return the triples of the data files, each literal as it is written there, without the concepts.

        Raises:
            RdfSyntaxError: A file breaks the grammar of its syntax.
        """
        return [quad for file in self.files for quad in reading.parse(file)]

    def query(
        self,
        name: str | CannedQuery,
        /,
        *,
        lang: str = "en",
        engine: str = "oxigraph",
        allow_service: bool = False,
        base: str | None = None,
        timeout: float | None = None,
        **parameters: object,
    ) -> Result:
        """Run a canned query, or a file of SPARQL.

        Args:
            name: A name that `perezkg queries` lists, or the path of a .rq file.
            lang: Language of labels, one of `perezkg.resources.LANGUAGES`.
            engine: "oxigraph", or "rdflib" for a second opinion.
            allow_service: Let the query ask other stores by SERVICE, at addresses that it names; only with "oxigraph".
            base: The IRI that relative IRIs in the query are resolved against; None is that of its file.
            timeout: The most seconds that it may take; None is as long as it takes. With it, the query runs in a copy
                of this process, which is killed when they are over.
            parameters: Values for the query's parameters: int, Decimal, float, date, str, IRI or prefixed name.

        Returns:
            `Solutions` for SELECT, `Boolean` for ASK, `Triples` for CONSTRUCT and DESCRIBE.

        Raises:
            UnknownQueryError: There is no query or file of this name.
            UnknownParameterError: The query has no such parameter.
            MissingParameterError: A parameter without a default was not given.
            ParameterValueError: A value is not of the parameter's type.
            SparqlSyntaxError: The file breaks the grammar of SPARQL 1.1.
            LimitReachedError: It takes longer than `timeout`.
            RemoteAccessRefusedError: The file asks for something from the network.
            RemoteStoreError: A store that SERVICE asks failed.
        """
        from perezkg.sparql.catalogue import find

        return self.run(
            find(name, base) if isinstance(name, str) else name,
            parameters,
            lang=lang,
            engine=engine,
            allow_service=allow_service,
            timeout=timeout,
        )

    def sparql(
        self,
        text: str,
        /,
        *,
        lang: str = "en",
        engine: str = "oxigraph",
        allow_service: bool = False,
        base: str | None = None,
        timeout: float | None = None,
        **parameters: object,
    ) -> Result:
        """Run SPARQL 1.1; perezkg's prefixes need no declaration, and `?_name` is a parameter as in canned queries.

        Args:
            text: A SELECT, ASK, CONSTRUCT or DESCRIBE.
            lang: The value of `?_lang`, where the text has it.
            engine: "oxigraph", or "rdflib" for a second opinion.
            allow_service: Let the query ask other stores by SERVICE, at addresses that it names; only with "oxigraph".
            base: The IRI that relative IRIs in the text are resolved against; None is that of the working directory.
            timeout: The most seconds that it may take; None is as long as it takes. With it, the query runs in a copy
                of this process, which is killed when they are over.
            parameters: Values for variables of the form `?_name` and `?__name`.

        Returns:
            `Solutions` for SELECT, `Boolean` for ASK, `Triples` for CONSTRUCT and DESCRIBE.

        Raises:
            SparqlSyntaxError: With line, column and what was expected there.
            LimitReachedError: It takes longer than `timeout`.
            RemoteAccessRefusedError: FROM or LOAD, or SERVICE that is not allowed.
            RemoteStoreError: A store that SERVICE asks failed.

        >>> len(load(concepts=True).sparql("SELECT ?medal { ?medal skos:inScheme sport:medals }"))
        3
        """
        from perezkg.sparql.catalogue import CannedQuery

        return self.run(
            CannedQuery(text, base=base),
            parameters,
            lang=lang,
            engine=engine,
            allow_service=allow_service,
            timeout=timeout,
        )

    def run(
        self,
        query: CannedQuery,
        parameters: dict[str, object],
        *,
        lang: str = "en",
        engine: str = "oxigraph",
        allow_service: bool = False,
        timeout: float | None = None,
    ) -> Result:
        """Bind the parameters of a query and evaluate it; `query` and `sparql` are this after finding the query."""
        from perezkg.sparql.parameters import resolve
        from perezkg.sparql.prepare import prepare

        text = prepare(query, resolve(query, parameters, lang), allow_service=allow_service)
        concepts = self.concepts or bool(query.name)
        if self._lent:
            self._engines.clear()  # rdflib's has a copy of what the store held
        if (engine, concepts) not in self._engines:
            from perezkg.sparql.engines import open_engine

            self._engines[engine, concepts] = open_engine(engine, self._asked(concepts))
        asked = self._engines[engine, concepts]
        return asked.run(text) if timeout is None else _within(timeout, lambda: asked.run(text))

    def validate(
        self,
        *,
        shapes: Iterable[str | os.PathLike[str] | DataFile] | None = None,
        more_shapes: Iterable[str | os.PathLike[str] | DataFile] = (),
        profile: str | None = None,
        text: str | os.PathLike[str] | None = None,
        fail_on: str = "violation",
        progress: Callable[[str, int, int], None] | None = None,
        timeout: float | None = None,
    ) -> Report:
        """Check the data against shapes.

        Args:
            shapes: Files of shapes in place of perezkg's own, by path or as read.
            more_shapes: Files of shapes beside those.
            profile: A further set of shapes that perezkg ships: "provenance".
            text: Path of a source's text, with which the profile compares the offsets and digests of its passages.
            fail_on: The slightest severity with which the data do not conform: "violation", "warning" or "info"; or
                "unchecked", when a node that no shape is about is enough.
            progress: Told how far the work is; see `perezkg.shacl.validate.validate`.
            timeout: The most seconds that it may take, in a copy of this process; None is as long as it takes.

        Raises:
            InputError: A file cannot be read, the shapes are at fault, or the text is none that the data cite.
            LimitReachedError: It takes longer than `timeout`.
            UsageError: There is no such profile, or it compares nothing with a text.
            ValueError: `fail_on` is none of those.

        >>> load().validate(profile="provenance").counts["violation"]
        0
        """
        from perezkg.shacl.validate import validate

        def read(files: Iterable[str | os.PathLike[str] | DataFile]) -> list[DataFile]:
            return [file if isinstance(file, reading.DataFile) else reading.read(os.fspath(file)) for file in files]

        return _within(
            timeout,
            lambda: validate(
                self.files,
                shapes=None if shapes is None else read(shapes),
                more_shapes=read(more_shapes),
                profile=profile,
                text=None if text is None else os.fspath(text),
                fail_on=fail_on,
                progress=progress,
            ),
        )

    def export(self, format: str, *, part: str = "data", timeout: float | None = None) -> str:  # noqa: A002 - the name that users know
        """Return the graph in an RDF syntax, the same to the byte each time.

        Args:
            format: turtle, longturtle, jsonld, framed, ntriples, nquads, trig or rdfxml.
            part: data, ontology, shapes or all.
            timeout: The most seconds that it may take, in a copy of this process; None is as long as it takes.

        Raises:
            LimitReachedError: It takes longer than `timeout`.
            UnknownFormatError: There is no such format, or it cannot carry something that the graph holds.
            UsageError: There is no such part.
        """
        from perezkg.rdf.export import part_files, pieces

        return _within(timeout, lambda: "".join(pieces(part_files(part, self.files), format)))

    def describe(self, term: str | NamedNode, *, lang: str = "en", timeout: float | None = None) -> Description:
        """Return everything about one thing: a prefixed name (`pz:cuenca`), an IRI or a label."""
        from perezkg.things.description import describe

        return _within(timeout, lambda: describe(self, term, lang=lang))

    def cite(
        self, term: str | NamedNode, *, lang: str = "en", text: str | None = None, timeout: float | None = None
    ) -> Citation:
        """Return why something is said: its sentences and sources, with their words when the text is given."""
        from perezkg.things.citation import cite

        return _within(timeout, lambda: cite(self, term, lang=lang, text=text))

    def info(self) -> Info:
        """Return versions, counts and the hash of the data."""
        return Info(self.files)


_LIBRARIES = ("pyoxigraph", "rdflib", "oxrdflib", "pyshacl", "PyLD", "rich")
_PASSAGE = "<https://w3id.org/perezkg/sport#Passage>"
_DERIVED = f"<{PROV}wasDerivedFrom>"


class Info:
    """Facts about a graph's data files, as they are counted; ontology and concepts are not.

    Args:
        files: The data files.

    Raises:
        RdfSyntaxError: A file breaks the grammar of its syntax.

    Attributes:
        versions: perezkg, Python and the libraries it stands on.
        files: For each file its name and its number of triples.
        triples: How many different triples they hold together.
        classes: For each class, as a prefixed name, how many nodes have it as their type; the largest first.
        sentences: How many passages of sources there are.
        sentences_cited: How many of them something is derived from.
        sha256: The SHA-256 of the canonical N-Quads (RDFC-1.0), the same for the same graph whatever its syntax,
            order or blank node labels.
    """

    __slots__ = ("classes", "files", "sentences", "sentences_cited", "sha256", "triples", "versions")

    def __init__(self, files: Iterable[DataFile]) -> None:
        from hashlib import sha256

        from perezkg.rdf.nodes import TYPE, canonical_lines
        from perezkg.vocabulary import shrink

        parsed = [(file.name, list(reading.parse(file))) for file in files]
        lines = canonical_lines(quad for _, quads in parsed for quad in quads)
        cited: set[str] = set()
        nodes: dict[str, set[str]] = {}
        for line in lines:
            subject, predicate, value = line[:-2].split(" ", 2)
            if predicate == TYPE:
                nodes.setdefault(value.split(" ")[0], set()).add(subject)
            elif predicate == _DERIVED:
                cited.add(value.split(" ")[0])
        passages = nodes.get(_PASSAGE, set())
        counts = sorted((-len(members), shrink(name[1:-1])) for name, members in nodes.items())
        self.versions = _versions()
        self.files = {name: len(set(quads)) for name, quads in parsed}
        self.triples = len(lines)
        self.classes = {name: -count for count, name in counts}
        self.sentences = len(passages)
        self.sentences_cited = len(passages & cited)
        self.sha256 = sha256("".join(line + "\n" for line in lines).encode()).hexdigest()

    def __repr__(self) -> str:
        """Return a short text."""
        return f"<Info: {self.triples} triples, {self.sentences_cited} of {self.sentences} sentences cited>"

    def as_dict(self) -> dict[str, Any]:
        """Return all facts by name, ready for JSON."""
        return {name: getattr(self, name) for name in ("versions", "files", "triples", "classes")} | {
            "sentences": {"all": self.sentences, "cited": self.sentences_cited},
            "sha256": self.sha256,
        }


def _versions() -> dict[str, str]:
    """Return the versions of perezkg, Python and the libraries, without importing these."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = {"perezkg": VERSION, "Python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
