"""SPARQL constraints, each as one query over the whole graph where that is sure to find the same.

pyshacl asks a constraint once a focus node; 25 rules over a few hundred nodes take it seconds, Oxigraph a millisecond
each. What `perezkg.validation.prebinding` cannot prove to be the same stays with pyshacl.
"""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions

from perezkg.validation.paths import SH
from perezkg.validation.prebinding import whole_graph_query
from perezkg.validation.report import Result
from perezkg.validation.severity import severity_of
from perezkg.validation.shapes import RDF, RDFS, TARGETS, ShapesError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyoxigraph import Store

    from perezkg.validation.graph import Triples
    from perezkg.validation.names import Names
    from perezkg.validation.prebinding import WholeGraphQuery
    from perezkg.validation.report import Term
    from perezkg.validation.shapes import Shapes

COMPONENT = SH + "SPARQLConstraintComponent"
_OWL = "http://www.w3.org/2002/07/owl#"
PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


class RuleQuery:
    """A SPARQL constraint of a shape and its query for the whole graph.

    Attributes:
        shape: The node shape.
        constraint: The constraint.
        prefixes: What its query may abbreviate.
        query: The query.
    """

    __slots__ = ("constraint", "prefixes", "query", "shape")

    def __init__(self, shape: Term, constraint: Term, prefixes: dict[str, str], query: WholeGraphQuery) -> None:
        self.shape = shape
        self.constraint = constraint
        self.prefixes = prefixes
        self.query = query


def whole_graph_rules(shapes: Shapes, data: Triples) -> list[RuleQuery]:
    """Return the constraints that can be asked of the whole graph at once; the rest is pyshacl's."""
    found = []
    rewritten: set[str] | None = None
    for shape in shapes.targeting():
        for constraint in shapes.values(shape, SH + "sparql"):
            select = shapes.values(constraint, SH + "select")
            # A shape that others use as well, a property shape and an odd constraint are checked as SHACL words it.
            if shapes.holders(shape) or shapes.values(shape, SH + "path") or len(select) != 1:
                continue
            if shapes.is_class(shape) or not isinstance(select[0], Literal) or not shapes.is_active(constraint):
                continue
            prefixes = declared_prefixes(shapes, constraint)
            query = whole_graph_query(select[0].value, prefixes)
            if query is None or not _has_plain_targets(shapes, shape, data):
                continue
            if rewritten is None:
                rewritten = {predicate.value for predicate in data.rewritten()}
            if not query.meets(rewritten):
                found.append(RuleQuery(shape, constraint, prefixes, query))
    return found


def check_rules(
    rules: list[RuleQuery],
    shapes: Shapes,
    data: Triples,
    names: Names,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Result]:
    """Evaluate constraints over the data.

    Args:
        rules: From `whole_graph_rules`.
        shapes: The shapes they belong to.
        data: What is checked.
        names: For the terms that messages mention.
        progress: Told how many rules are done, of how many.

    Yields:
        A result for each distinct solution.

    Raises:
        ShapesError: A constraint's query is not valid SPARQL.
    """
    store = data.store() if rules else None
    for done, rule in enumerate(rules):
        if progress:
            progress(done, len(rules))
        seen = set()
        assert store is not None  # noqa: S101 - for mypy
        for row, variables in _solutions(rule, shapes, data, store):
            if row not in seen:
                seen.add(row)
                yield _result(rule, shapes, names, dict(zip(variables, row, strict=True)))


def declared_prefixes(shapes: Shapes, constraint: Term) -> dict[str, str]:
    """Return the prefixes of a constraint: those of its sh:prefixes; rdf, rdfs and owl need no declaration."""
    found = {"rdf": RDF, "rdfs": RDFS, "owl": _OWL}
    for holder in shapes.values(constraint, SH + "prefixes"):
        for declaration in shapes.values(holder, SH + "declare"):
            prefix, namespace = shapes.value(declaration, SH + "prefix"), shapes.value(declaration, SH + "namespace")
            if isinstance(prefix, Literal) and isinstance(namespace, Literal | NamedNode):
                found[prefix.value] = namespace.value
    return found


def fill_in(message: str, values: dict[str, Term | None], names: Names) -> str:
    """Replace `{?name}` and `{$name}` in a message by the value of the variable; without one, leave it.

    >>> from perezkg.validation.names import Names
    >>> values = {"this": NamedNode("https://w3id.org/perezkg/id/x"), "value": Literal(2)}
    >>> fill_in("{$this} ranked {?value}", values, Names())
    'pz:x ranked 2'
    """

    def value(match: re.Match[str]) -> str:
        term = values.get(match[1])
        return match[0] if term is None else names.term(term)

    return PLACEHOLDER.sub(value, message)


def _has_plain_targets(shapes: Shapes, shape: Term, data: Triples) -> bool:
    if not all(isinstance(target, NamedNode) for name in TARGETS for target in shapes.values(shape, SH + name)):
        return False
    # A path of length zero holds for a node that is given, though no triple has it; a join would not see it.
    return all(node in data.subjects for node in shapes.values(shape, SH + "targetNode"))


def _solutions(
    rule: RuleQuery, shapes: Shapes, data: Triples, store: Store
) -> Iterator[tuple[tuple[Term | None, ...], tuple[str, ...]]]:
    text = f"{rule.query.head} {_target(rule, shapes, data)} {rule.query.tail}"
    try:
        solutions = store.query(text, prefixes=rule.prefixes)
    except SyntaxError as error:
        raise ShapesError(
            f"the rule {shapes.name(rule.constraint)} is not valid SPARQL: {error.msg}",
            hint="Correct its sh:select.",
        ) from None
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - only SELECT is let through
    variables = tuple(variable.value for variable in solutions.variables)
    for solution in solutions:
        yield tuple(solution), variables


def _target(rule: RuleQuery, shapes: Shapes, data: Triples) -> str:
    """Return the pattern that binds `$this` to the focus nodes of the rule's shape."""
    patterns = []
    for name in TARGETS:
        for node in shapes.values(rule.shape, SH + name):
            if name == "targetClass":
                path = f"a/<{RDFS}subClassOf>*" if len(data.subclasses(node)) > 1 else "a"
                patterns.append(f"$this {path} {node} .")
            elif name == "targetNode":
                patterns.append(f"VALUES $this {{ {node} }}")
            elif name == "targetSubjectsOf":
                patterns.append(f"$this {node} [] .")
            else:
                patterns.append(f"[] {node} $this .")
    if len(patterns) == 1 and (not rule.query.counts or patterns[0].startswith("$this a <")):
        return patterns[0]
    return f"{{ SELECT DISTINCT $this WHERE {{ {' UNION '.join(f'{{ {pattern} }}' for pattern in patterns)} }} }}"


def _result(rule: RuleQuery, shapes: Shapes, names: Names, values: dict[str, Term | None]) -> Result:
    focus, path, value = values["this"], values.get("path"), values.get("value")
    assert focus is not None  # noqa: S101 - the target pattern binds it
    severity, severity_iri = severity_of(shapes, rule.shape)
    said = values.get("message")
    if isinstance(said, Literal):
        messages = {said.language or "": said.value}
    else:
        messages = shapes.texts(rule.constraint, SH + "message") or shapes.texts(rule.shape, SH + "message")
    return Result(
        focus=focus,
        path=path if isinstance(path, NamedNode) else None,
        value=focus if value is None else value,
        severity=severity,
        severity_iri=severity_iri,
        rule=shapes.name(rule.constraint),
        component=COMPONENT,
        messages={tag: fill_in(text, values, names) for tag, text in messages.items()},
        shape=_node(rule.shape),
        constraint=_node(rule.constraint),
    )


def _node(term: Term) -> NamedNode | BlankNode:
    assert not isinstance(term, Literal)  # noqa: S101 - subjects of triples
    return term
