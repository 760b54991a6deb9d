"""One object holds the graph: its files, its store, and everything that can be asked of it.

Each method hands over to the module that does the work, imported only then.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from perezkg import resources
from perezkg.rdf import reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeVar

    import rdflib

    from perezkg.rdf.info import Info
    from perezkg.rdf.reading import DataFile
    from perezkg.shacl.report import Report
    from perezkg.sparql.catalogue import CannedQuery, Queries
    from perezkg.sparql.engines import Engine
    from perezkg.sparql.prepare import Graphs
    from perezkg.sparql.results import Result
    from perezkg.things.additions import Additions
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


class AskableGraph:
    """Base of what can be asked: a graph of files in memory, and one in an index on disk.

    Attributes:
        concepts: Whether the concepts are part of what SPARQL sees.
        union: Whether all graphs are asked as one, in place of the default graph alone.
    """

    def __init__(self, *, concepts: bool = False, union: bool = False) -> None:
        self.concepts = concepts
        self.union = union
        # By whether they hold the concepts. Only what is asked for is made: each costs time.
        self._stores: dict[bool, Store] = {}
        self._engines: dict[tuple[str, bool], Engine] = {}
        # Whether somebody has the store in hands, and may change it.
        self._lent = False

    def _repr_html_(self) -> str:
        """Return what the graph is made of, for notebooks."""
        from perezkg.notebook import graph

        return graph(type(self).__name__, self.triples, self.names, self.notices)

    def _asked(self, concepts: bool) -> Store:  # noqa: FBT001
        """Return the store with or without the concepts."""
        raise NotImplementedError

    def _asking(self) -> AbstractContextManager[None]:
        """Return what goes around whatever asks a store: it may turn what the store complains of into our errors."""
        return nullcontext()

    @property
    def asked(self) -> Store:
        """What SPARQL asks; not to be changed."""
        return self._asked(self.concepts)

    @property
    def with_concepts(self) -> Store:
        """The data and perezkg's concepts, at which canned queries, `describe` and `cite` look; not to be changed."""
        return self._asked(concepts=True)

    @property
    def size(self) -> int:
        """How many bytes the files have, unpacked."""
        raise NotImplementedError

    @property
    def names(self) -> tuple[str, ...]:
        """The data files as they were named, in the order given."""
        raise NotImplementedError

    @property
    def triples(self) -> int:
        """How many triples there are, those of each named graph counted on their own."""
        raise NotImplementedError

    @property
    def notices(self) -> list[str]:
        """What a reader of the answers should know about the data."""
        raise NotImplementedError

    def prefixes(self) -> dict[str, str]:
        """Return the prefixes that the files declare."""
        raise NotImplementedError

    def additions(self) -> Additions:
        """Return what files say of things that are described in another one; see `perezkg.things.additions`."""
        raise NotImplementedError

    def quads(self) -> list[Quad]:
        """Return the triples of the data files, each literal as it is written there, without the concepts."""
        raise NotImplementedError

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

        answer = self.run(
            find(name, base) if isinstance(name, str) else name,
            parameters,
            lang=lang,
            engine=engine,
            allow_service=allow_service,
            timeout=timeout,
        )
        return self._introduced(answer, lang)

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

        answer = self.run(
            CannedQuery(text, base=base),
            parameters,
            lang=lang,
            engine=engine,
            allow_service=allow_service,
            timeout=timeout,
        )
        return self._introduced(answer, lang)

    def _introduced(self, answer: Result, lang: str) -> Result:
        """Return an answer that knows whom it may ask what its things are called: to be shown in a notebook."""
        from weakref import ref

        from perezkg.sparql.results import Boolean

        if not isinstance(answer, Boolean):
            answer.origin = (ref(self), lang)
        return answer

    def queries(self, *words: str, lang: str = "en") -> Queries:
        """Return the canned queries, or those that have all of some words in name, summary or description.

        Args:
            words: What to look for; case and accents make no difference.
            lang: The language of summaries and descriptions.

        >>> [query.name for query in load().queries("olympic", "results")]
        ['olympic-results']
        """
        from perezkg.sparql.catalogue import Queries

        return Queries.having(words, lang)

    def labels(self, iris: Iterable[str], *, lang: str = "en") -> dict[str, str]:
        """Return what things are called, by IRI: their labels, or prefixed names where they have none."""
        from perezkg.things.labels import Labels

        with self._asking():
            labels = Labels(self, lang)
            return {iri: labels.value(NamedNode(iri)).label for iri in iris}

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
        own_graphs: bool = False,
        graphs: Graphs | None = None,
    ) -> Result:
        """Bind the parameters of a query and evaluate it; `query` and `sparql` are this after finding the query.

        With `spool`, the rows or triples of a long answer may be on disk, to be gone through and no more. With
        `own_graphs`, FROM chooses among the graphs of the data; `graphs` are chosen whatever it says: those that make
        the default graph, and those that GRAPH looks into. Only Oxigraph can do that.
        """
        from perezkg.sparql.parameters import resolve
        from perezkg.sparql.prepare import prepare

        concepts = self.concepts or bool(query.name)
        with self._asking():
            values = resolve(query, parameters, lang, self.find)
            text = prepare(query, values, allow_service=allow_service, allow_from=own_graphs)
            text.graphs = graphs
            if self._lent:
                self._engines.clear()  # rdflib's has a copy of what the store held
            if (engine, concepts) not in self._engines:
                from perezkg.sparql.engines import open_engine

                self._engines[engine, concepts] = open_engine(engine, self._asked(concepts))
            asked = self._engines[engine, concepts]
            return asked.run(text, spool=spool) if timeout is None else _within(timeout, lambda: asked.run(text))

    def find(self, name: str) -> NamedNode:
        """Return the thing that is called so; see `perezkg.things.lookup.look_up`."""
        from perezkg.things.labels import Labels
        from perezkg.things.lookup import look_up

        return look_up(Labels(self), name)

    def describe(self, term: str | NamedNode, *, lang: str = "en", timeout: float | None = None) -> Description:
        """Return everything about one thing: a prefixed name (`pz:cuenca`), an IRI or a label."""
        from perezkg.things.description import describe

        with self._asking():
            return _within(timeout, lambda: describe(self, term, lang=lang))

    def cite(
        self, term: str | NamedNode, *, lang: str = "en", text: str | None = None, timeout: float | None = None
    ) -> Citation:
        """Return why something is said: its sentences and sources, with their words when the text is given."""
        from perezkg.things.citation import cite

        with self._asking():
            return _within(timeout, lambda: cite(self, term, lang=lang, text=text))


class KnowledgeGraph(AskableGraph):
    """A graph: what its files say, ready to be asked.

    SPARQL sees the files and nothing else. Canned queries, `describe` and `cite` also find the labels of medals, levels
    and kinds (ontology/concepts.ttl), which they need.

    Attributes:
        files: The data files, in the order given.
        concepts: Whether the concepts are part of what SPARQL sees.
        union: Whether all graphs of the files are asked as one, in place of the default graph alone.
    """

    def __init__(self, files: Iterable[DataFile], *, concepts: bool = False, union: bool = False) -> None:
        super().__init__(concepts=concepts, union=union)
        self.files = tuple(files)
        self._notices: list[str] = []

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
        return sum(file.size for file in self.files)

    @property
    def names(self) -> tuple[str, ...]:
        """The files as they were named, in the order given."""
        return tuple(file.name for file in self.files)

    @property
    def triples(self) -> int:
        """How many triples there are, those of each named graph counted on their own."""
        return len(self.asked)

    @property
    def store(self) -> Store:
        """The pyoxigraph store that SPARQL asks: what is added there, queries see.

        A store rewrites numbers to their shortest form.
        """
        self._lent = True
        return self._asked(self.concepts)

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
            imports = self._put(file, store)
            if len(store) == before and next(reading.parse(file), None) is None:
                self._notices.append(reading.no_triples(file.name))
            elif not self.union and file.format.supports_datasets and next(store.named_graphs(), None) is not None:
                self._notices += reading.only_named_graphs(file)
            self._notices += reading.losses(file)
            if imports:
                self._notices += reading.unread_imports(file.name, reading.parse(file))
        if self.union:
            # Oxigraph can look into all graphs at once, but then finds a triple of two graphs twice.
            for name in list(store.named_graphs()):
                store.extend([Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, name)])
        if self.size > reading.KEPT:
            for file in self.files:
                file.release()
        return store

    @staticmethod
    def _put(file: DataFile, store: Store) -> bool:
        """Put a file into a store, and tell whether it may say that it imports another one."""
        if file.pieces is not None:
            from perezkg.rdf.streaming import load as load_pieces

            return load_pieces(file, file.pieces, store, b"imports")
        reading.fill(file, store)
        return b"imports" in file.content

    def prefixes(self) -> dict[str, str]:
        """Return the prefixes that the files declare."""
        return {prefix: name for file in self.files for prefix, name in reading.prefixes(file).items()}

    def additions(self) -> Additions:
        """Return what files say of things that are described in another one; see `perezkg.things.additions`."""
        from perezkg.things.additions import additions

        return additions([(os.path.basename(file.name), reading.parse(file)) for file in self.files])

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

    def validate(
        self,
        *,
        shapes: Iterable[str | os.PathLike[str] | DataFile] | None = None,
        more_shapes: Iterable[str | os.PathLike[str] | DataFile] = (),
        profile: str | None = None,
        text: str | os.PathLike[str] | None = None,
        fail_on: str = "violation",
        engine: str = "pyshacl",
        max_results: int | None = None,
        progress: Callable[[str, int, int], None] | None = None,
        timeout: float | None = None,
    ) -> Report:
        """Check the data against shapes.

        Args:
            shapes: Files of shapes in place of perezkg's own, by path or as read.
            more_shapes: Files of shapes beside those.
            profile: A further set of shapes that perezkg ships: "completeness" or "provenance".
            text: Path of a source's text, with which the profile compares the offsets and digests of its passages.
            fail_on: The slightest severity with which the data do not conform: "violation", "warning" or "info"; or
                "unchecked", when a node that no shape is about is enough.
            engine: What checks SHACL Core: "pyshacl", or "shacl" (`perezkg[fast]`) for much data; the same is found.
            max_results: The most results that the report has, the gravest; `Report.left_out` tells of the others.
            progress: Told how far the work is; see `perezkg.shacl.validate.validate`.
            timeout: The most seconds that it may take, in a copy of this process; None is as long as it takes.

        Raises:
            EngineMissingError: The engine is not installed.
            InputError: A file cannot be read, the shapes are at fault, or the text is none that the data cite.
            LimitReachedError: It takes longer than `timeout`.
            UsageError: There is no such profile or engine, or it compares nothing with a text.
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
                engine=engine,
                max_results=max_results,
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

    def info(self) -> Info:
        """Return versions, counts and the hash of the data."""
        from perezkg.rdf.info import Info

        return Info(self.files)
