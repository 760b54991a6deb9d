"""SHACL Core, checked by pyshacl. Whatever depends on pyshacl's and rdflib's insides is in this module.

pyshacl is made quick and quiet in four ways; none changes a result:

- The shapes are restated (`restating`), so that each property shape is read once and checked for all focus nodes
  together, which takes a third of the time at a thousand triples.
- The graphs are in a store made for reading. rdflib's default store keeps track, for each triple, of the graphs that it
  is in, and looks that up whenever it yields one; pyshacl reads tens of thousands of triples to check two thousand, and
  half of its time went there.
- pyshacl writes no text about results (`ConstraintComponent.make_v_result_description`, a private method). The text is
  not used here and costs more than the checks: pyshacl writes it even for what fails inside a sh:not, which is no
  fault.
- The list of constraint parameters (`pyshacl.shape.CONSTRAINT_PARAMS`, a private constant), in which pyshacl looks up
  each property of each shape, has a set behind it.

The last two are left out when pyshacl is not of a version where they are known to work (`KNOWN_VERSIONS`): validation
takes longer then, and finds the same.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cache
from typing import Any

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph, URIRef
from rdflib.plugins.stores.memory import SimpleMemory

from perezkg.rdf.rdflib_terms import from_rdflib, quiet, to_rdflib, triple_from_rdflib
from perezkg.shacl.core_constraints import adopted
from perezkg.shacl.report import Result, severity_name
from perezkg.shacl.restating import restated
from perezkg.shacl.rules import COMPONENT, PLACEHOLDER, as_node
from perezkg.shacl.shapes import IndexedGraph, ShapesError
from perezkg.vocabulary import SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import TracebackType

    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.rules import RuleQuery
    from perezkg.shacl.shapes import Shapes

KNOWN_VERSIONS = ((0, 30), (0, 40))
"""The first and the last version of pyshacl whose insides were read, and found to be as this module expects."""

_TARGET_CLASS = URIRef(SH + "targetClass")
# How deep details of details are read.
_DEEPEST = 10


def check_core(
    data: Iterable[Quad], shapes: Shapes, taken: list[RuleQuery], progress: Callable[[int, int], None] | None = None
) -> list[Result]:
    """Check data with pyshacl.

    Nothing is inferred or fetched, owl:imports is not followed, and neither SHACL rules nor JavaScript are run.

    Args:
        data: The data, with the class hierarchy.
        shapes: The shapes as written.
        taken: The SPARQL constraints that are checked elsewhere.
        progress: Told how many shapes are done, and of how many.

    Raises:
        ShapesError: pyshacl does not accept the shapes.
    """
    return check_restated(data, restated(shapes, taken), shapes, progress)


def check_restated(
    data: Iterable[Quad], given: list[Quad], shapes: Shapes, progress: Callable[[int, int], None] | None = None
) -> list[Result]:
    """Check data against shapes that were restated, or a part of them; see `check_core`."""
    with adapted():
        data_graph = filled(Graph(PlainStore(), bind_namespaces="none"), data)
        shapes_graph = filled(_ShapesGraph(progress), given)
        try:
            _, found, _ = pyshacl.validate(data_graph, shacl_graph=shapes_graph, inplace=True)
        except ShapesError:
            raise
        except Exception as error:
            raise _refused(error) from error
        if not isinstance(found, Graph):  # a ValidationFailure, which pyshacl returns
            raise _refused(found)
        triples = (triple_from_rdflib(*triple) for triple in found)
        report = IndexedGraph(Quad(*triple) for triple in triples if triple is not None)
    return [
        _result(report, node, shapes)
        for holder in report.subjects(SH + "result")
        for node in report.values(holder, SH + "result")
    ]


class AsWritten:
    """Answers SELECT queries with rdflib, which keeps literals as they are written.

    Args:
        data: The data, with the class hierarchy; a graph of rdflib is asked as it is at the time.
    """

    def __init__(self, data: Iterable[Quad] | Graph) -> None:
        self._graph = data if isinstance(data, Graph) else None
        self._data: Iterable[Quad] = () if isinstance(data, Graph) else data

    def rows(
        self, query: str, prefixes: Mapping[str, str]
    ) -> Iterator[tuple[tuple[Rdf11Term | None, ...], tuple[str, ...]]]:
        """Yield each solution with the names of its variables."""
        with adapted():
            if self._graph is None:
                self._graph = filled(Graph(PlainStore(), bind_namespaces="none"), self._data)
            try:
                answer = self._graph.query(query, initNs=prefixes)
                found: list[Any] = list(answer)
            except Exception as error:
                raise _refused(error) from error
        variables = tuple(str(variable) for variable in answer.vars or ())
        for row in found:
            yield tuple(None if term is None else from_rdflib(term) for term in row), variables


def _result(report: IndexedGraph, node: Rdf11Term, shapes: Shapes, depth: int = 0) -> Result:
    """Read one sh:ValidationResult; blank nodes keep the labels that they have in data and shapes."""
    focus, path, value, component, given, shape, constraint = (
        report.value(node, SH + name)
        for name in (
            "focusNode", "resultPath", "value", "sourceConstraintComponent", "resultSeverity", "sourceShape",
            "sourceConstraint",
        )
    )  # fmt: skip
    assert focus is not None  # noqa: S101 - SHACL: each result has one
    severity_iri = given.value if isinstance(given, NamedNode) else SH + "Violation"
    details = sorted(report.values(node, SH + "detail"), key=str) if depth < _DEEPEST else []
    return Result(
        focus=focus,
        path=None if path is None else shapes.path(path),
        value=value,
        severity=severity_name(severity_iri),
        severity_iri=severity_iri,
        rule=shapes.name(as_node(shape if constraint is None else constraint)),
        component=component.value if isinstance(component, NamedNode) else COMPONENT,
        messages=_messages(report, node, [] if constraint is None else shapes.values(constraint, SH + "message")),
        shape=as_node(shape),
        constraint=None if constraint is None else as_node(constraint),
        details=tuple(_result(report, detail, shapes, depth + 1) for detail in details),
    )


def worded(results: list[Result], data: Iterable[Quad], given: list[Quad]) -> list[Result]:
    """Return results with the messages that pyshacl has for them, where their shapes have none.

    Args:
        results: What another engine found.
        data: The data; of blank nodes, the messages say what is said of them.
        given: The shapes, restated.
    """
    with adapted():
        of_blank = (quad for quad in data if isinstance(quad.subject, BlankNode))
        blank = filled(Graph(PlainStore(), bind_namespaces="none"), of_blank)
        known = {shape.node: shape for shape in ShapesGraph(filled(_ShapesGraph(None), given)).shapes}
        components = {found.shacl_constraint_component: found for found in CONSTRAINT_PARAMETERS_MAP.values()}
        # One of pyshacl's components stands for two of SHACL's.
        qualified = CONSTRAINT_PARAMETERS_MAP[URIRef(SH + "qualifiedValueShape")]
        makers: dict[tuple[object, str], Any] = {}
        found = []
        for result in results:
            if result.messages:
                found.append(result)
                continue
            key = (result.shape, result.component)
            if key not in makers:
                makers[key] = components.get(URIRef(result.component), qualified)(known[to_rdflib(result.shape)])
            value = None if result.value is None else to_rdflib(result.value)
            texts = makers[key].make_generic_messages(blank, to_rdflib(result.focus), value)
            words = " ".join(sorted(str(text) for text in texts))
            found.append(replace(result, messages={"": words} if texts else {}))
    return found


def _messages(report: IndexedGraph, node: Rdf11Term, templates: list[Rdf11Term]) -> dict[str, str]:
    """Return the messages of a result by language.

    Args:
        report: What pyshacl wrote.
        node: The result.
        templates: The messages of the SPARQL constraint, whose placeholders pyshacl filled in; none for other results.
    """
    if not templates:
        return report.texts(node, SH + "resultMessage")
    # pyshacl drops the language of a constraint's message and adds the messages of its shape.
    written = [message.value for message in report.values(node, SH + "resultMessage")]
    found: dict[str, list[str]] = {}
    for template in templates:
        if isinstance(template, Literal):
            pattern = ".*".join(map(re.escape, PLACEHOLDER.sub("\0", template.value).split("\0")))
            filled_in = next((text for text in written if re.fullmatch(pattern, text, re.DOTALL)), None)
            if filled_in is not None:
                found.setdefault(template.language or "", []).append(filled_in)
    return {tag: " ".join(sorted(words)) for tag, words in sorted(found.items())}


@contextmanager
def adapted() -> Iterator[None]:
    """Make pyshacl right, quiet and, if it is of a version known, quick; leave it and rdflib as they were."""
    version = tuple(map(int, re.findall(r"\d+", pyshacl.__version__)[:2]))
    is_known = KNOWN_VERSIONS[0] <= version <= KNOWN_VERSIONS[1]
    # pyshacl logs what it also raises.
    with (
        quiet("pyshacl-validate"),
        _normalizing_as_before(),
        adopted(),
        _without_report_text() if is_known else nullcontext(),
    ):
        yield


@contextmanager
def _normalizing_as_before() -> Iterator[None]:
    """Set back what pyshacl sets for the whole process."""
    normalize = rdflib.NORMALIZE_LITERALS
    try:
        yield
    finally:
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
    ConstraintComponent.make_v_result_description = lambda *_, **__: ""  # type: ignore[method-assign]
    module.CONSTRAINT_PARAMS = (_Parameters(parameters[0]), parameters[1])  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ConstraintComponent.make_v_result_description = describe  # type: ignore[method-assign]
        module.CONSTRAINT_PARAMS = parameters  # type: ignore[attr-defined]


class _Parameters(list[Any]):
    """A list that knows at once whether it has an item."""

    def __init__(self, items: Iterable[object]) -> None:
        super().__init__(items)
        self._items = frozenset(self)

    def __contains__(self, item: object) -> bool:
        return item in self._items


def _refused(fault: object) -> ShapesError:
    message = getattr(fault, "message", None) or str(fault) or type(fault).__name__
    node = _shape_at_fault(fault.__traceback__) if isinstance(fault, BaseException) else None
    return ShapesError(
        f"the shapes cannot be used: {' '.join(str(message).split())}",
        hint="Correct the shapes.",
        about=None if node is None else (from_rdflib(node), None, None),
    )


def _shape_at_fault(frames: TracebackType | None) -> object | None:
    """Return the node of the shape that pyshacl was at work on, which its exceptions do not tell."""
    found = None
    while frames is not None:
        shape = frames.tb_frame.f_locals.get("self")
        shape = getattr(shape, "shape", shape)  # a component has its shape
        found = getattr(shape, "node", None) if isinstance(shape, pyshacl.shape.Shape) else found
        frames = frames.tb_next
    return found


def filled(graph: Graph, quads: Iterable[Quad]) -> Graph:
    """Put triples into a graph, and return it."""
    # Straight into the store: Graph.add would check and convert each term again.
    add = graph.store.add
    converted = cache(to_rdflib)
    for quad in quads:
        try:
            triple = converted(quad.subject), converted(quad.predicate), converted(quad.object)
        except TypeError:  # a triple term of RDF 1.2, which neither rdflib nor SHACL 1.0 has
            continue
        add(triple, graph)
    return graph


class PlainStore(SimpleMemory):
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

    def __init__(self) -> None:
        super().__init__()
        self._all: set[object] = set()
        self._graphs: tuple[Any, ...] = ()

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:  # noqa: ANN401, FBT001, FBT002
        """Add a triple."""
        self._graphs = (context,)
        self._all.add(triple)
        super().add(triple, context, quoted)

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:  # noqa: ANN401
        """Return the triples that fit a pattern, each with the graph."""
        here = self._graphs
        # A list, because pyshacl may add triples while it reads.
        return iter([(triple, here) for triple, _ in super().triples(triple_pattern, context)])

    def __len__(self, context: object = None) -> int:
        """Return how many triples there are, which pyshacl often asks and SimpleMemory counts each time."""
        return len(self._all)


class _ShapesGraph(Graph):
    """A shapes graph that tells how far pyshacl is: pyshacl asks for the target classes of each shape once."""

    def __init__(self, progress: Callable[[int, int], None] | None) -> None:
        super().__init__(PlainStore(), bind_namespaces="none")
        self._progress = progress
        self._asked = 0
        self._total = 0

    def objects(self, subject: Any = None, predicate: Any = None, *args: Any, **options: Any) -> Iterator[Any]:  # type: ignore[override]  # noqa: ANN401
        """Yield the objects of a subject and predicate; see rdflib."""
        if predicate == _TARGET_CLASS and self._progress:
            self._total = self._total or len(set(self.subjects(_TARGET_CLASS)))
            self._asked += 1
            self._progress(min(self._asked, self._total), self._total)
        yield from super().objects(subject, predicate, *args, **options)
