"""pyshacl, run so that it is quick and quiet. Whatever depends on pyshacl's and rdflib's insides is in this module.

Three things make it quick; none changes a result:

- The graphs are in a store made for reading. rdflib's own keeps track, for each triple, of the graphs that it is in,
  and looks that up whenever it yields one; pyshacl reads tens of thousands of triples to check two thousand, and half
  of its time went there.
- pyshacl writes no text about results (`ConstraintComponent.make_v_result_description`, a private method). The text is
  not used here and costs more than the checks: pyshacl writes it even for what fails inside a sh:not, which is no
  fault.
- The list of constraint parameters (`pyshacl.shape.CONSTRAINT_PARAMS`, a private constant), in which pyshacl looks up
  each property of each shape, has a set behind it.

The last two are left out when pyshacl is not of a version where they are known to work (`KNOWN_VERSIONS`): validation
takes longer then, and finds the same.
"""

from __future__ import annotations

import logging
import re
import warnings
from contextlib import contextmanager
from typing import Any

import pyshacl
import rdflib
from pyoxigraph import Quad
from rdflib import Graph, URIRef
from rdflib.store import Store

from perezkg.shacl.shapes import ShapesError
from perezkg.sparql.rdflib_engine import to_rdflib, triple_from_rdflib
from perezkg.vocabulary import SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdflib.term import Identifier

    Triple = tuple[Identifier, Identifier, Identifier]
    Pattern = tuple[Identifier | None, Identifier | None, Identifier | None]

KNOWN_VERSIONS = ((0, 30), (0, 40))
"""The first and the last version of pyshacl whose insides were read, and found to be as this module expects."""

_TARGET_CLASS = URIRef(SH + "targetClass")


def run_pyshacl(
    data: Iterable[Quad], shapes: Iterable[Quad], progress: Callable[[int, int], None] | None = None
) -> list[Quad]:
    """Return the triples of pyshacl's report about data.

    Nothing is inferred or fetched, owl:imports is not followed, and neither SHACL rules nor JavaScript are run.

    Args:
        data: The data, with the class hierarchy.
        shapes: The shapes.
        progress: Told how many shapes are done, and of how many.

    Raises:
        ShapesError: pyshacl does not accept the shapes.
    """
    with adapted():
        data_graph = filled(Graph(PlainStore(), bind_namespaces="none"), data)
        shapes_graph = Graph(PlainStore(), bind_namespaces="none") if progress is None else _CountingGraph(progress)
        filled(shapes_graph, shapes)
        try:
            _, report, _ = pyshacl.validate(data_graph, shacl_graph=shapes_graph, inplace=True)
        except Exception as error:
            raise ShapesError(f"the shapes cannot be used: {_words(error)}", hint="Correct the shapes.") from error
        if not isinstance(report, Graph):  # a ValidationFailure, which pyshacl returns
            raise ShapesError(f"the shapes cannot be used: {_words(report)}", hint="Correct the shapes.")
        triples = (triple_from_rdflib(*triple) for triple in report)
        return [Quad(*triple) for triple in triples if triple is not None]


@contextmanager
def adapted() -> Iterator[None]:
    """Make pyshacl quiet and, if it is of a version known, quick; leave it and rdflib as they were."""
    with _quiet():
        if _is_known():
            with _without_report_text():
                yield
        else:
            yield


def _is_known() -> bool:
    version = tuple(map(int, re.findall(r"\d+", pyshacl.__version__)[:2]))
    return KNOWN_VERSIONS[0] <= version <= KNOWN_VERSIONS[1]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pyshacl from logging what it also raises, and rdflib from logging literals that pyshacl reports anyway.

    pyshacl sets rdflib.NORMALIZE_LITERALS; it is set back.
    """
    loggers = [logging.getLogger(name) for name in ("pyshacl-validate", "rdflib.term")]
    disabled = [logger.disabled for logger in loggers]
    normalize = rdflib.NORMALIZE_LITERALS
    for logger in loggers:
        logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, was in zip(loggers, disabled, strict=True):
            logger.disabled = was
        rdflib.NORMALIZE_LITERALS = normalize


@contextmanager
def _without_report_text() -> Iterator[None]:
    """Keep pyshacl from writing text about results, and let it look up parameters in a set."""
    # Imported here, as other versions may not have them.
    from pyshacl import shape as module
    from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
    from pyshacl.constraints.constraint_component import ConstraintComponent

    describe = ConstraintComponent.make_v_result_description
    # The constant is missing until pyshacl has checked its first shape.
    known = (ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP)
    parameters = getattr(module, "CONSTRAINT_PARAMS", None) or known
    ConstraintComponent.make_v_result_description = _no_text  # type: ignore[method-assign]
    module.CONSTRAINT_PARAMS = (_Parameters(parameters[0]), parameters[1])  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ConstraintComponent.make_v_result_description = describe  # type: ignore[method-assign]
        module.CONSTRAINT_PARAMS = parameters  # type: ignore[attr-defined]


def _no_text(*_: object, **__: object) -> str:
    return ""


class _Parameters(list[Any]):
    """A list that knows at once whether it has an item."""

    def __init__(self, items: Iterable[object]) -> None:
        super().__init__(items)
        self._items = frozenset(self)

    def __contains__(self, item: object) -> bool:
        return item in self._items


def _words(error: object) -> str:
    message = getattr(error, "message", None) or str(error) or type(error).__name__
    return " ".join(str(message).split())


def filled(graph: Graph, quads: Iterable[Quad]) -> Graph:
    """Put triples into a graph, and return it."""
    # Straight into the store: Graph.add would check and convert each term again.
    add = graph.store.add
    known: dict[Any, Identifier] = {}

    def converted(term: Any) -> Identifier:  # noqa: ANN401 - of pyoxigraph
        found = known.get(term)
        if found is None:
            found = known[term] = to_rdflib(term)
        return found

    for quad in quads:
        try:
            triple = converted(quad.subject), converted(quad.predicate), converted(quad.object)
        except TypeError:  # a triple term of RDF 1.2, which neither rdflib nor SHACL 1.0 has
            continue
        add(triple, graph)
    return graph


class PlainStore(Store):
    """A store of rdflib for the triples of a single graph.

    >>> from rdflib import Graph, RDF, RDFS
    >>> graph = Graph(PlainStore())
    >>> _ = graph.add((RDF.type, RDF.type, RDFS.Class))
    >>> len(graph), graph.value(RDF.type, RDF.type) == RDFS.Class, list(graph.subjects(RDF.type, RDF.type))
    (1, True, [])
    """

    # Not true, but pyshacl refuses stores that are neither.
    context_aware = True
    graph_aware = True

    def __init__(self, configuration: str | None = None, identifier: Identifier | None = None) -> None:
        super().__init__(configuration, identifier)
        self._graphs: tuple[Any, ...] = ()
        self._all: dict[Triple, None] = {}
        self._by_subject: dict[Identifier, list[Triple]] = {}
        self._by_predicate: dict[Identifier, list[Triple]] = {}
        self._by_value: dict[Identifier, list[Triple]] = {}
        self._by_two: dict[Pattern, list[Triple]] = {}
        self._namespaces: dict[str, Any] = {}

    def add(self, triple: Triple, context: object = None, quoted: bool = False) -> None:  # type: ignore[override]  # noqa: ARG002, FBT001, FBT002
        """Add a triple."""
        if triple in self._all:
            return
        self._graphs = (context,)
        self._all[triple] = None
        subject, predicate, value = triple
        self._by_subject.setdefault(subject, []).append(triple)
        self._by_predicate.setdefault(predicate, []).append(triple)
        self._by_value.setdefault(value, []).append(triple)
        for pattern in ((subject, predicate, None), (None, predicate, value), (subject, None, value)):
            self._by_two.setdefault(pattern, []).append(triple)

    def triples(self, pattern: Pattern, context: object = None) -> Iterator[tuple[Triple, tuple[Any, ...]]]:  # type: ignore[override]  # noqa: ARG002
        """Return the triples that fit a pattern, each with the graph."""
        subject, predicate, value = pattern
        unknown = pattern.count(None)
        found: Iterable[Triple]
        if unknown == 1:
            found = self._by_two.get(pattern, ())
        elif unknown == 0:
            found = (pattern,) if pattern in self._all else ()
        elif subject is not None:
            found = self._by_subject.get(subject, ())
        elif predicate is not None:
            found = self._by_predicate.get(predicate, ())
        elif value is not None:
            found = self._by_value.get(value, ())
        else:
            found = tuple(self._all)
        # A list, because pyshacl may add triples while it reads.
        here = self._graphs
        return iter([(triple, here) for triple in found])

    def __len__(self, context: object = None) -> int:
        """Return how many triples there are."""
        return len(self._all)

    def bind(self, prefix: str, namespace: Any, override: bool = True) -> None:  # noqa: ANN401, FBT001, FBT002
        """Bind a prefix."""
        if override or prefix not in self._namespaces:
            self._namespaces[prefix] = namespace

    def prefix(self, namespace: Any) -> str | None:  # noqa: ANN401
        """Return the prefix of a namespace."""
        return next((prefix for prefix, bound in self._namespaces.items() if bound == namespace), None)

    def namespace(self, prefix: str) -> Any:  # noqa: ANN401
        """Return the namespace of a prefix."""
        return self._namespaces.get(prefix)

    def namespaces(self) -> Iterator[tuple[str, Any]]:
        """Yield the prefixes with their namespaces."""
        return iter(list(self._namespaces.items()))


class _CountingGraph(Graph):
    """A shapes graph that tells how far pyshacl is: pyshacl asks for the target classes of each shape once."""

    def __init__(self, progress: Callable[[int, int], None]) -> None:
        super().__init__(PlainStore(), bind_namespaces="none")
        self._progress = progress
        self._asked = 0
        self._total = 0

    def objects(  # type: ignore[override]
        self,
        subject: Any = None,  # noqa: ANN401
        predicate: Any = None,  # noqa: ANN401
        *args: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> Iterator[Any]:
        """Yield the objects of a subject and predicate; see rdflib."""
        if predicate == _TARGET_CLASS:
            self._total = self._total or len(set(self.subjects(_TARGET_CLASS)))
            self._asked += 1
            self._progress(min(self._asked, self._total), self._total)
        yield from super().objects(subject, predicate, *args, **options)
