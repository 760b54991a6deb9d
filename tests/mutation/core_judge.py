"""SHACL Core on changed data: pyshacl's own checks, of the few pairs of shape and node that the change can concern."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import pyshacl
from pyoxigraph import Literal
from pyshacl.validator import Validator
from rdflib import RDF, Graph, URIRef
from tests.mutation.reach import FAR, reaches

from perezkg.rdf.rdflib_terms import from_rdflib, to_rdflib
from perezkg.shacl.pyshacl_engine import PlainStore, adapted, filled
from perezkg.shacl.report import severity_name
from perezkg.shacl.shapes import SUBCLASS, TYPE, Shapes
from perezkg.vocabulary import SH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad
    from pyshacl.shape import Shape
    from rdflib.term import Identifier
    from tests.mutation.live import LiveGraph
    from tests.mutation.mutants import Mutant
    from tests.mutation.reach import Reach


class Found(NamedTuple):
    """A result, as far as one is told from another."""

    severity: str
    rule: str
    component: str
    focus: str
    value: str


class _Targets(NamedTuple):
    nodes: frozenset[Identifier]
    classes: frozenset[Identifier]
    subjects_of: frozenset[Identifier]
    objects_of: frozenset[Identifier]


class _Prepared(NamedTuple):
    shape: Shape
    targets: _Targets
    reach: Reach


class CoreJudge:
    """pyshacl, prepared once for many small changes of the same data.

    Args:
        live: The data, which are changed from outside.
        shapes: The shapes as written, for names.
        restated: The shapes as pyshacl gets them.
    """

    def __init__(self, live: LiveGraph, shapes: Shapes, restated: list[Quad]) -> None:
        self._graph = live.rdflib
        self._names = shapes
        # pyshacl's settings stay as they are while this process judges.
        self._settings = contextlib.ExitStack()
        self._settings.enter_context(adapted())
        shapes_graph = filled(Graph(PlainStore(), bind_namespaces="none"), restated)
        validator = _validator(self._graph, shapes_graph)
        self._data = validator.data_graph
        self._executor = validator.make_executor()
        indexed = Shapes(restated)
        named = sorted(validator.shacl_graph.shapes, key=lambda shape: shapes.name(from_rdflib(shape.node)))
        targeting = [(shape, targets) for shape in named if any(targets := _targets(shape))]
        reach = reaches(indexed, (from_rdflib(shape.node) for shape, _ in targeting))
        self._shapes = [_Prepared(*known, read) for known, read in zip(targeting, reach, strict=True)]
        self._above = {
            to_rdflib(kind): frozenset(map(to_rdflib, kinds)) for kind, kinds in live.triples.kinds_above().items()
        }

    def close(self) -> None:
        """Give pyshacl and rdflib their settings back."""
        self._settings.close()

    def new_results(self, mutant: Mutant) -> Iterator[set[Found]]:
        """Yield what the shapes say where they could say something new: first of the nodes changed, then of others.

        Args:
            mutant: The change, which has been made already.
        """
        changed = [*mutant.removed, *mutant.added]
        subjects = {to_rdflib(triple.subject) for triple in changed}
        objects = {to_rdflib(triple.object) for triple in changed if not isinstance(triple.object, Literal)}
        properties = {triple.predicate.value for triple in changed}
        done: set[tuple[int, Identifier]] = set()
        for steps, around in enumerate((subjects, objects, None)):
            for i, prepared in enumerate(self._shapes):
                near = self._near(prepared, subjects, objects, properties) if around is None else around
                touched = prepared.reach.reads(properties)
                wanted = [
                    node
                    for node in sorted(near)
                    if (i, node) not in done
                    and (touched or (steps < 2 and self._targets_changed(prepared.targets, properties)))
                    and self._is_target(prepared.targets, node)
                ]
                if wanted:
                    done.update((i, node) for node in wanted)
                    yield self._validate(prepared.shape, wanted)

    def is_checked(self, node: Identifier) -> bool:
        """Return whether any shape targets a node."""
        return any(self._is_target(prepared.targets, node) for prepared in self._shapes)

    def _near(
        self, prepared: _Prepared, subjects: set[Identifier], objects: set[Identifier], properties: set[str]
    ) -> set[Identifier]:
        """Return the nodes from which a shape could read a changed triple."""
        if not prepared.reach.reads(properties):
            return set()
        if prepared.reach.steps >= FAR or SUBCLASS in properties:
            return set(prepared.shape.focus_nodes(self._data))  # type: ignore[no-untyped-call]
        found = subjects | objects if prepared.reach.backwards else set(subjects)
        border = found
        for _ in range(prepared.reach.steps):
            border = set().union(*(self._neighbours(node, prepared.reach) for node in border)) - found
            found = found | border
        return found

    def _neighbours(self, node: Identifier, reach: Reach) -> set[Any]:
        pattern = (None, None, node)
        found: set[Any] = {s for s, p, _ in self._graph.triples(pattern) if reach.reads({str(p)})}
        if reach.backwards:
            found |= {o for _, p, o in self._graph.triples((node, None, None)) if reach.reads({str(p)})}
        return found

    def _is_target(self, targets: _Targets, node: Identifier) -> bool:
        if node in targets.nodes:
            return True
        if targets.classes:
            kind: Any
            for kind in self._graph.objects(node, RDF.type):
                if kind in targets.classes or not targets.classes.isdisjoint(self._above.get(kind, ())):
                    return True
        if any((node, predicate, None) in self._graph for predicate in targets.subjects_of):
            return True
        return any((None, predicate, node) in self._graph for predicate in targets.objects_of)

    @staticmethod
    def _targets_changed(targets: _Targets, properties: set[str]) -> bool:
        if targets.classes and (TYPE in properties or SUBCLASS in properties):
            return True
        return any(str(predicate) in properties for predicate in targets.subjects_of | targets.objects_of)

    def _validate(self, shape: Shape, nodes: list[Identifier]) -> set[Found]:
        _, reports = shape.validate(self._executor, self._data, focus=nodes)  # type: ignore[arg-type]
        return {self._found(triples) for _, _, triples in reports}

    def _found(self, triples: list[tuple[Any, Any, Any]]) -> Found:
        said: dict[str, Any] = {}
        for _, predicate, value in triples:
            said.setdefault(str(predicate).removeprefix(SH), value[1] if isinstance(value, tuple) else value)
        rule = said.get("sourceConstraint", said["sourceShape"])
        value = said.get("value")
        return Found(
            severity_name(str(said.get("resultSeverity", SH + "Violation"))),
            self._names.name(from_rdflib(rule)),
            str(said["sourceConstraintComponent"]),
            str(from_rdflib(said["focusNode"])),
            "" if value is None else str(from_rdflib(value)),
        )


def _validator(data: Graph, shapes: Graph) -> Validator:
    """Return pyshacl's validator of some data, stopped just before it would run."""
    caught: list[Validator] = []

    def catch(validator: Validator) -> tuple[bool, Graph, str]:
        caught.append(validator)
        return True, Graph(), ""

    with patch.object(Validator, "run", catch):
        pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    return caught[0]


def _targets(shape: Shape) -> _Targets:
    nodes, classes, implicit, objects_of, subjects_of = shape.target()  # type: ignore[no-untyped-call]
    return _Targets(
        frozenset(nodes),
        frozenset([*classes, *implicit]),
        frozenset(map(URIRef, subjects_of)),
        frozenset(map(URIRef, objects_of)),
    )
