"""Validation: data against SHACL shapes, each fault with its file, line and column.

pyshacl checks SHACL Core. SPARQL constraints are each one query over the whole graph (`rules`), where that is proven to
be the same (`prebinding`). Faults are then found again in the files as written (`locations`).
"""

from __future__ import annotations

from perezkg import reading, resources
from perezkg.validation.graph import SUBCLASS, Triples
from perezkg.validation.names import Names
from perezkg.validation.paths import SH
from perezkg.validation.report import SEVERITIES, CheckedFile, Report, Result, Rule, in_order
from perezkg.validation.shapes import Shapes, ShapesError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyoxigraph import Quad

    from perezkg.reading import DataFile

    Progress = Callable[[str, int, int], None]

__all__ = ["SEVERITIES", "CheckedFile", "Report", "Result", "Rule", "ShapesError", "validate"]


def validate(
    files: Iterable[DataFile],
    *,
    shapes: Sequence[DataFile] | None = None,
    more_shapes: Sequence[DataFile] = (),
    fail_on: str = "violation",
    progress: Progress | None = None,
) -> Report:
    """Check files, as one graph, against shapes.

    The concepts and the class hierarchy of perezkg's ontology are read beside the data, and so is the class hierarchy
    that the shapes files carry. None of their nodes is reported.

    Args:
        files: The data.
        shapes: Shapes in place of perezkg's own (ontology/shapes.ttl).
        more_shapes: Shapes beside those.
        fail_on: The slightest severity with which the data do not conform: one of `SEVERITIES`.
        progress: Told the stage ("files", "rules", "shapes"), how much of it is done, and of how much (0: not known).

    Returns:
        The report; its results are sorted, and so are the same for the same files.

    Raises:
        InputError: A file cannot be read or parsed.
        ShapesError: The shapes are at fault.
        ValueError: `fail_on` is not a severity.
    """
    if fail_on not in SEVERITIES:
        raise ValueError(f"fail_on is {fail_on!r}, and may be one of {', '.join(SEVERITIES)}")
    parsed: list[tuple[DataFile, list[Quad]]] = []
    for file in files:
        if progress:
            progress("files", len(parsed), 0)
        parsed.append((file, list(reading.parse(file))))
    shape_files = [*([_own("shapes.ttl")] if shapes is None else shapes), *more_shapes]
    shapes_graph = Shapes(quad for file in shape_files for quad in _shape_quads(file))
    data = Triples(
        (quad for _, quads in parsed for quad in quads),
        [
            *reading.parse(_own("concepts.ttl")),
            *_hierarchy(reading.parse(_own("sport.ttl"))),
            *_hierarchy(shapes_graph.quads),
        ],
    )
    names = Names([*shape_files, *(file for file, _ in parsed)])
    found = _check(data, shapes_graph, names, progress)
    return Report(
        results=in_order(_placed(found, parsed)) if found else (),
        files=tuple(CheckedFile(file.name, len(quads)) for file, quads in parsed),
        fail_on=fail_on,
        rules=_rules(found, shapes_graph),
        names=names,
        notices=tuple(notice for file, quads in parsed for notice in _notices(file, quads)),
    )


def _check(data: Triples, shapes: Shapes, names: Names, progress: Progress | None) -> list[Result]:
    from perezkg.validation.core import check_core
    from perezkg.validation.coverage import check_coverage
    from perezkg.validation.lifting import lifted
    from perezkg.validation.rules import check_rules, whole_graph_rules

    def stage(name: str) -> Callable[[int, int], None] | None:
        return None if progress is None else lambda done, total: progress(name, done, total)

    rules = whole_graph_rules(shapes, data)
    found = [
        *check_rules(rules, shapes, data, names, stage("rules")),
        *check_core(data.all, shapes, lifted(shapes, rules), stage("shapes")),
    ]
    # A concept, or a class of the ontology, is not what was given to check.
    background = {quad.subject for quad in data.all} - data.subjects
    found = [result for result in found if result.focus not in background]
    return [*found, *check_coverage(data, shapes, names)]


def _placed(found: list[Result], parsed: list[tuple[DataFile, list[Quad]]]) -> Iterable[Result]:
    from perezkg.validation.locations import Locator

    return map(Locator(parsed).place, found)


def _rules(found: list[Result], shapes: Shapes) -> dict[str, Rule]:
    from perezkg.validation import coverage

    fired = sorted({result.rule for result in found})
    return {iri: coverage.rule() if iri == coverage.RULE else shapes.rule(iri) for iri in fired if iri}


def _notices(file: DataFile, quads: list[Quad]) -> Iterator[str]:
    if not quads:
        yield f"{file.name} holds no triples"
    for quad in quads:
        if quad.predicate.value == "http://www.w3.org/2002/07/owl#imports":
            yield f"{file.name} imports {quad.object}: not followed, perezkg reads only the files it is given"


def _shape_quads(file: DataFile) -> list[Quad]:
    quads = list(reading.parse(file))
    if not any(quad.predicate.value.startswith(SH) for quad in quads):
        raise ShapesError("this file holds no shapes", path=file.name, hint="Whatever is checked against it conforms.")
    return quads


def _own(name: str) -> DataFile:
    return reading.read(resources.ontology_file(name))


def _hierarchy(quads: Iterable[Quad]) -> list[Quad]:
    return [quad for quad in quads if quad.predicate.value == SUBCLASS]
