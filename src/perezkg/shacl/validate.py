"""Files checked against shapes: what is read, which checks are made, and what they find together.

An engine checks SHACL Core (`engines`). SPARQL constraints are asked of the whole graph at once where that gives
the same results (`rules`). A profile may have passages compared with their text (`provenance_check`). Nodes that no
shape is about are found here, and stand beside the results. At the end, each result gets its place in the files as they
are written (`locations`).
"""

from __future__ import annotations

from collections import Counter

from pyoxigraph import BlankNode, NamedNode

from perezkg.errors import UsageError
from perezkg.rdf import reading
from perezkg.shacl.engines import DEFAULT, engine_of
from perezkg.shacl.report import (
    FAIL_ON,
    SEVERITIES,
    UNCHECKED,
    CheckedFile,
    Checker,
    Names,
    Report,
    Result,
    Rule,
    gravest,
    in_order,
)
from perezkg.shacl.shapes import (
    SUBCLASS,
    TEXT_CONSTRAINT,
    TYPE,
    DataGraph,
    Shapes,
    ShapesError,
    own,
    profile_file,
    profiles,
    shape_quads,
)
from perezkg.vocabulary import OWL, SH
from perezkg.words import in_each_language, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyoxigraph import Quad

    from perezkg.rdf.reading import DataFile
    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.engines import Check
    from perezkg.shacl.rules import Ask, RuleQuery

    Progress = Callable[[str, int, int], None]

__all__ = ["SEVERITIES", "CheckedFile", "Report", "Result", "Rule", "ShapesError", "profiles", "validate"]

# Of SHACL Advanced Features and SHACL JavaScript Extensions: neither Core nor SHACL-SPARQL.
_ADVANCED = ("target", "rule", "expression", "values", "js", "jsFunctionName")


def validate(
    files: Iterable[DataFile],
    *,
    shapes: Sequence[DataFile] | None = None,
    more_shapes: Sequence[DataFile] = (),
    profile: str | None = None,
    text: str | None = None,
    fail_on: str = "violation",
    engine: str = DEFAULT,
    max_results: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check files, as one graph, against shapes.

    The concepts and the class hierarchy of perezkg's ontology are read as well, and so is the class hierarchy in the
    files of shapes. None of their nodes is reported.

    Args:
        files: The data.
        shapes: Shapes in place of perezkg's own (ontology/shapes.ttl).
        more_shapes: Shapes in addition to those.
        profile: A further set of shapes that perezkg ships, by its name: one of `profiles()`.
        text: Path of a source's text, in UTF-8; the profile compares the passages of that source with it.
        fail_on: The slightest severity with which the data do not conform: one of `perezkg.shacl.report.FAIL_ON`.
        engine: What checks SHACL Core: one of `perezkg.shacl.engines.ENGINES`. The results are the same.
        max_results: The most results, and the most unchecked nodes, that the report has; the gravest, and of these
            the first in the data. It counts all of them, and conforms as if it had them.
        progress: Called with the stage ("files", "rules", "shapes"), how much of it is done, and of how much (0: not
            known).

    Returns:
        The report; it is the same each time for the same files.

    Raises:
        InputError: A file cannot be read or parsed.
        ShapesError: The shapes are at fault: a rule is not SPARQL, or a shape is none that SHACL allows.
        RemoteAccessRefusedError: A rule asks for something from the network.
        PassageMismatchError: The text is none of those that the data cite.
        EngineMissingError: The engine is not installed.
        UsageError: There is no such profile or engine, or nothing asks for a comparison with a text.
        ValueError: `fail_on` is none of those, or `max_results` is negative.

    >>> from perezkg import load
    >>> report = validate(load().files, profile="provenance")
    >>> report.conforms
    True
    >>> report.notices
    ('offsets and digests were not compared with the text of biography.txt: give your copy of it with --text FILE',)
    """
    if fail_on not in FAIL_ON:
        raise ValueError(f"fail_on is {fail_on!r}, and may be one of {', '.join(FAIL_ON)}")
    if max_results is not None and max_results < 0:
        raise ValueError(f"max_results is {max_results}, and may be 0 or more")
    chosen = engine_of(engine)
    check_core = chosen.checker()  # before anything is read: it may not be installed
    parsed: list[tuple[DataFile, list[Quad]]] = []
    for file in files:
        if progress:
            progress("files", len(parsed), 0)
        parsed.append((file, list(reading.parse(file))))
    shape_files = [
        (file, shape_quads(file)) for file in (*([own("shapes.ttl")] if shapes is None else shapes), *more_shapes)
    ]
    shapes_graph = without_profile = Shapes(quad for _, quads in shape_files for quad in quads)
    if profile is not None:
        more = profile_file(profile)
        shape_files.append((more, shape_quads(more)))
        # Each triple once, as the file may be among the shapes as well.
        shapes_graph = Shapes(dict.fromkeys([*shapes_graph.quads, *shape_files[-1][1]]))
    data = DataGraph(
        (quad for _, quads in parsed for quad in quads),
        [
            *reading.parse(own("concepts.ttl")),
            *_hierarchy(reading.parse(own("sport.ttl"))),
            *_hierarchy(shapes_graph.quads),
        ],
    )
    names = Names(file for file, _ in (*shape_files, *parsed))
    try:
        found = _check(data, shapes_graph, names, check_core, progress)
    except ShapesError as error:
        raise _with_its_place(error, shapes_graph, shape_files) from None
    compared, notice = _check_text(text, data, shapes_graph, names)
    found += compared
    # The shapes of a profile are about every node, so they do not count here.
    found += unchecked(data, without_profile.focus_nodes(data), names)
    counts = Counter(result.severity for result in found)
    if max_results is not None:
        found = gravest(found, max_results, data.subjects_in_order)
    broken = sorted({result.rule for result in found if result.rule})
    results: tuple[Result, ...] = ()
    if found:
        from perezkg.shacl.locations import placed

        results = in_order(placed(found, parsed))
    return Report(
        results=tuple(result for result in results if result.severity != UNCHECKED),
        unchecked=tuple(result for result in results if result.severity == UNCHECKED),
        files=tuple(CheckedFile(file.name, len(quads)) for file, quads in parsed),
        fail_on=fail_on,
        rules={iri: shapes_graph.rule(iri) for iri in broken},
        names=names,
        engine=Checker(chosen.name, chosen.version()),
        found={severity: counts[severity] for severity in FAIL_ON},
        notices=(
            *_notices(parsed),
            *(notice for file, _ in shape_files for notice in reading.losses(file)),
            *unsupported(shapes_graph),
            *filter(None, [notice]),
        ),
    )


def _check(data: DataGraph, shapes: Shapes, names: Names, check_core: Check, progress: Progress | None) -> list[Result]:
    from perezkg.shacl.rules import check_rules, whole_graph_rules

    def stage(name: str) -> Callable[[int, int], None] | None:
        return None if progress is None else lambda done, total: progress(name, done, total)

    rules = whole_graph_rules(shapes, data)
    found = [
        *check_rules(rules, shapes, data, names, _asking_as_written(rules, data), stage("rules")),
        *check_core(data.all, shapes, rules, stage("shapes")),
    ]
    # Concepts and classes of the ontology were not given to be checked.
    background = {quad.subject for quad in data.all} - data.subjects
    return [result for result in found if result.focus not in background]


def _asking_as_written(rules: list[RuleQuery], data: DataGraph) -> Ask | None:
    """Return what answers the rules that may read literals which a store would rewrite; None where there are none."""
    if not any(rule.as_written for rule in rules):
        return None
    from perezkg.shacl.pyshacl_engine import AsWritten

    return AsWritten(data.all).rows


def _check_text(text: str | None, data: DataGraph, shapes: Shapes, names: Names) -> tuple[list[Result], str]:
    """Return what a comparison with a source's text finds, and a notice of the sources that were not compared."""
    if not any(shapes.of_type(TEXT_CONSTRAINT)):
        if text is not None:
            comparing = [
                name for name in profiles() if any(Shapes(shape_quads(profile_file(name))).of_type(TEXT_CONSTRAINT))
            ]
            raise UsageError(
                "a text is given, and nothing asks for a comparison with it",
                hint=f"Name a profile that does: --profile {'|'.join(comparing)}",
            )
        return [], ""
    from perezkg.shacl.provenance_check import check_text, not_compared, sources_with_passages

    sources = sources_with_passages(data)
    if text is None:
        return [], not_compared(sources)
    compared, found = check_text(text, sources, shapes, names)
    return found, not_compared(sources, compared)


def _with_its_place(error: ShapesError, shapes: Shapes, files: Iterable[tuple[DataFile, list[Quad]]]) -> ShapesError:
    """Return an error about shapes as exactly as can be told: what the engines say of a query has no place."""
    from perezkg.shacl.rules import refuse_mistakes

    try:
        refuse_mistakes(shapes)
    except ShapesError as mistake:
        error = mistake
    error.place_in(files)
    return error


def unsupported(shapes: Shapes) -> Iterator[str]:
    """Yield a notice of each property of SHACL's advanced features that shapes use: what it asks for is not done."""
    for name in _ADVANCED:
        users = sorted({shapes.name(node) for node in shapes.subjects(SH + name)})
        if users:
            yield f"sh:{name} is not supported, and not applied: {', '.join(users)}"


def _notices(parsed: Iterable[tuple[DataFile, list[Quad]]]) -> Iterator[str]:
    for file, quads in parsed:
        yield from reading.unread_imports(file.name, quads) if quads else [reading.no_triples(file.name)]
        yield from reading.losses(file)


def _hierarchy(quads: Iterable[Quad]) -> list[Quad]:
    return [quad for quad in quads if quad.predicate.value == SUBCLASS]


def unchecked(data: DataGraph, checked: set[Rdf11Term], names: Names) -> Iterator[Result]:
    """Yield each node of the data that no shape is about.

    Blank nodes that are the value of another node are left out, as they belong to its description; so is the header of
    a file (owl:Ontology).

    Args:
        data: What is checked.
        checked: The nodes that shapes target.
        names: For the types that messages mention.
    """
    left = data.subjects - checked
    if not left:
        return
    types: dict[Rdf11Term, list[str]] = {}
    held = set()
    for quad in data.data:
        if quad.predicate.value == TYPE and isinstance(quad.object, NamedNode):
            types.setdefault(quad.subject, []).append(quad.object.value)  # type: ignore[arg-type]
        elif isinstance(quad.object, BlankNode):
            held.add(quad.object)
    for node in left:
        known = sorted(types.get(node, ()))
        if node in held or OWL + "Ontology" in known:
            continue
        listed = ", ".join(names.iri(kind) for kind in known)
        yield Result(
            focus=node,
            path=NamedNode(TYPE),
            value=NamedNode(known[0]) if len(known) == 1 else None,
            severity=UNCHECKED,
            severity_iri="",
            rule="",
            component="",
            messages=_why_unchecked("unknown type" if known else "no type", listed),
            shape=node,  # type: ignore[arg-type]
        )


def _why_unchecked(reason: str, types: str) -> dict[str, str]:
    messages = in_each_language("unchecked", "message")
    return {
        tag: text.format(reason=words("unchecked", tag)[reason].format(types=types)) for tag, text in messages.items()
    }
