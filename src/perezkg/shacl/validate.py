"""Nodes that no shape looks at: they pass every check because none is made, so they are named.

pyshacl checks SHACL Core. SPARQL constraints are each one query over the whole graph (`rules`), where that is proven to
be the same (`prebinding`). A profile can also have passages compared with their text (`against_text`). Faults are then
found again in the files as written (`locations`).
"""

from __future__ import annotations

from pyoxigraph import BlankNode, NamedNode

from perezkg.errors import UsageError
from perezkg.rdf import reading
from perezkg.shacl.report import SEVERITIES, CheckedFile, Names, Report, Result, Rule, in_order
from perezkg.shacl.shapes import SUBCLASS, TYPE, Shapes, ShapesError, Triples, own, profile_file, profiles, shape_quads
from perezkg.vocabulary import OWL, PREFIXES, SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyoxigraph import Quad

    from perezkg.rdf.reading import DataFile

    Progress = Callable[[str, int, int], None]

    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.report import Names
    from perezkg.shacl.shapes import Triples

__all__ = ["SEVERITIES", "CheckedFile", "Report", "Result", "Rule", "ShapesError", "profiles", "validate"]


def validate(
    files: Iterable[DataFile],
    *,
    shapes: Sequence[DataFile] | None = None,
    more_shapes: Sequence[DataFile] = (),
    profile: str | None = None,
    text: str | None = None,
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
        profile: A further set of shapes that perezkg ships, by its name: one of `profiles()`.
        text: Path of a source's text, in UTF-8; the profile compares the passages of that source with it.
        fail_on: The slightest severity with which the data do not conform: one of `SEVERITIES`.
        progress: Told the stage ("files", "rules", "shapes"), how much of it is done, and of how much (0: not known).

    Returns:
        The report; its results are sorted, and so are the same for the same files.

    Raises:
        InputError: A file cannot be read or parsed.
        ShapesError: The shapes are at fault.
        RemoteAccessRefusedError: A rule asks for something from the network.
        PassageMismatchError: The text is none of those that the data cite.
        UsageError: There is no such profile, or it compares nothing with a text.
        ValueError: `fail_on` is not a severity.

    >>> from perezkg import load
    >>> report = validate(load(source="biography").files, profile="provenance")
    >>> report.conforms
    True
    >>> report.notices
    ('offsets and digests were not compared with the text of biography.txt: give your copy of it with --text FILE',)
    """
    if fail_on not in SEVERITIES:
        raise ValueError(f"fail_on is {fail_on!r}, and may be one of {', '.join(SEVERITIES)}")
    parsed: list[tuple[DataFile, list[Quad]]] = []
    for file in files:
        if progress:
            progress("files", len(parsed), 0)
        parsed.append((file, list(reading.parse(file))))
    shape_files = [*([own("shapes.ttl")] if shapes is None else shapes), *more_shapes]
    shapes_graph = Shapes(quad for file in shape_files for quad in shape_quads(file))
    targeted = shapes_graph.focus_nodes
    if profile is not None:
        shape_files.append(profile_file(profile))
        # Each once: the same file may have been named among the shapes.
        shapes_graph = Shapes(dict.fromkeys([*shapes_graph.quads, *shape_quads(shape_files[-1])]))
    data = Triples(
        (quad for _, quads in parsed for quad in quads),
        [
            *reading.parse(own("concepts.ttl")),
            *_hierarchy(reading.parse(own("sport.ttl"))),
            *_hierarchy(shapes_graph.quads),
        ],
    )
    names = Names([*shape_files, *(file for file, _ in parsed)])
    # A profile asks one thing of every node; to be checked takes shapes that know its class.
    found = [*_check(data, shapes_graph, names, progress), *check_coverage(data, targeted(data), names)]
    compared, notice = _check_text(text, data, shapes_graph, names)
    found += compared
    return Report(
        results=in_order(_placed(found, parsed)) if found else (),
        files=tuple(CheckedFile(file.name, len(quads)) for file, quads in parsed),
        fail_on=fail_on,
        rules=_rules(found, shapes_graph),
        names=names,
        notices=(*_notices(parsed), *filter(None, [notice])),
    )


def _check(data: Triples, shapes: Shapes, names: Names, progress: Progress | None) -> list[Result]:
    from perezkg.shacl.core import check_core, lifted
    from perezkg.shacl.rules import check_rules, whole_graph_rules

    def stage(name: str) -> Callable[[int, int], None] | None:
        return None if progress is None else lambda done, total: progress(name, done, total)

    rules = whole_graph_rules(shapes, data)
    found = [
        *check_rules(rules, shapes, data, names, stage("rules")),
        *check_core(data.all, shapes, lifted(shapes, rules), stage("shapes")),
    ]
    # A concept, or a class of the ontology, is not what was given to check.
    background = {quad.subject for quad in data.all} - data.subjects
    return [result for result in found if result.focus not in background]


def _check_text(text: str | None, data: Triples, shapes: Shapes, names: Names) -> tuple[list[Result], str]:
    """Return what a comparison with a source's text finds, and which sources went without one."""
    from perezkg.shacl.provenance_check import check_text, checks_text, not_compared, sources_with_passages

    if not checks_text(shapes):
        if text is not None:
            raise UsageError(
                "a text is given, and nothing asks for a comparison with it",
                hint=f"Name a profile that does: --profile {'|'.join(profiles())}",
            )
        return [], ""
    sources = sources_with_passages(data)
    if text is None:
        return [], not_compared(sources)
    compared, found = check_text(text, sources, shapes, names)
    return found, not_compared(sources, compared)


def _placed(found: list[Result], parsed: list[tuple[DataFile, list[Quad]]]) -> Iterable[Result]:
    from perezkg.shacl.locations import Locator

    return map(Locator(parsed).place, found)


def _rules(found: list[Result], shapes: Shapes) -> dict[str, Rule]:
    fired = sorted({result.rule for result in found})
    return {iri: coverage_rule() if iri == RULE else shapes.rule(iri) for iri in fired if iri}


def _notices(parsed: Iterable[tuple[DataFile, list[Quad]]]) -> Iterator[str]:
    for file, quads in parsed:
        yield from reading.unread_imports(file.name, quads) if quads else [reading.no_triples(file.name)]


def _hierarchy(quads: Iterable[Quad]) -> list[Quad]:
    return [quad for quad in quads if quad.predicate.value == SUBCLASS]


RULE = PREFIXES["pzsh"] + "every-node-is-checked"
COMPONENT = PREFIXES["pzsh"] + "CoverageConstraintComponent"
_ONTOLOGY = OWL + "Ontology"
_MESSAGES = {
    "en": "No shape applies to this node, so nothing about it was checked: {reason}.",
    "es": "Ninguna forma se aplica a este nodo, así que no se comprobó nada de él: {reason}.",
}
_UNTYPED = {
    "en": "give it the right type (rdf:type)",
    "es": "asígnele el tipo (rdf:type) que le corresponde",
}
_UNKNOWN = {
    "en": "no shape covers {types}; correct the type, or add shapes for it with --add-shapes",
    "es": "ninguna forma se ocupa de {types}; corrija el tipo o añada formas para él con --add-shapes",
}


def check_coverage(data: Triples, checked: set[Rdf11Term], names: Names) -> Iterator[Result]:
    """Yield a warning for each node of the data that no shape targets.

    A node counts as checked when a shape targets it. Exempt are blank nodes that another node holds (they are part of
    its description) and the header of a file (owl:Ontology).

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
        if node in held or _ONTOLOGY in known:
            continue
        reasons = _UNKNOWN if known else _UNTYPED
        listed = ", ".join(names.iri(kind) for kind in known)
        yield Result(
            focus=node,
            path=NamedNode(TYPE),
            value=NamedNode(known[0]) if len(known) == 1 else None,
            severity="warning",
            severity_iri=SH + "Warning",
            rule=RULE,
            component=COMPONENT,
            messages={tag: text.format(reason=reasons[tag].format(types=listed)) for tag, text in _MESSAGES.items()},
            shape=NamedNode(RULE),
        )


def coverage_rule() -> Rule:
    """Return what this rule says of itself."""
    return Rule(
        RULE,
        {tag: text.format(reason=_UNTYPED[tag]) for tag, text in _MESSAGES.items()},
        {
            "en": "The class of each node is covered by some shape.",
            "es": "La clase de cada nodo está cubierta por alguna forma.",
        },
    )
