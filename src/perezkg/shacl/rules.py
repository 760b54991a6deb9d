"""SPARQL constraints, each as one query over the whole graph where that is sure to find the same.

SHACL substitutes each focus node for `$this` and runs the query again (pre-binding, SHACL 5.3). Put the focus nodes in
front of the query's own pattern instead, and `$this` is joined with them. The two agree when substituting early or late
makes no difference, which this module decides from the tokens, on the safe side: what it cannot prove, it declines.

They differ where an inner group is evaluated before `$this` is known in it: a FILTER or BIND on `$this` in a group that
does not match `$this` itself, an OPTIONAL within such a group, a nested SELECT, a sum over all focus nodes at once.

pyshacl asks a constraint once a focus node; 25 rules over a few hundred nodes take it seconds, Oxigraph a millisecond
each. What `perezkg.shacl.rules` cannot prove to be the same stays with pyshacl.
"""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions

from perezkg.shacl.report import Result, severity_of
from perezkg.shacl.shapes import TARGETS, ShapesError
from perezkg.sparql.tokens import tokenize
from perezkg.vocabulary import OWL, RDF, RDFS, SH, XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pyoxigraph import Store

    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.report import Names
    from perezkg.shacl.shapes import Shapes, Triples
    from perezkg.sparql.tokens import Token

_THIS = ("$this", "?this")
# SHACL forbids MINUS, VALUES and SERVICE; the others change their meaning when all focus nodes are asked at once.
_DECLINED = frozenset(("MINUS", "VALUES", "SERVICE", "GRAPH", "FROM", "LIMIT", "OFFSET", "LATERAL", "REDUCED"))
_AGGREGATES = frozenset(("COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "HAVING"))
_SPECIAL = frozenset(("shapesGraph", "currentShape", "PATH", "failure"))
_TERM_END = frozenset(("variable", "iri", "string", "number", "language", "blank"))


class WholeGraphQuery:
    """A SPARQL constraint that may be asked of the whole graph at once.

    Attributes:
        head: The text up to and with the first brace of its pattern; it selects `$this`.
        tail: The rest.
        counts: Whether it aggregates, so that each focus node must come up once.
    """

    __slots__ = ("_loose", "_names", "counts", "head", "tail")

    def __init__(self, head: str, tail: str, *, counts: bool, names: frozenset[str], loose: bool) -> None:
        self.head = head
        self.tail = tail
        self.counts = counts
        self._names = names
        self._loose = loose

    def meets(self, predicates: set[str]) -> bool:
        """Return whether the query may match a triple with one of these predicates."""
        return bool(predicates) and (self._loose or not self._names.isdisjoint(predicates))


def whole_graph_query(text: str, prefixes: Mapping[str, str]) -> WholeGraphQuery | None:
    """Return a constraint's query for the whole graph, or None when only pre-binding is sure to be right.

    Args:
        text: The SELECT of a SPARQL constraint on a node shape.
        prefixes: The prefixes that the constraint declares.

    >>> whole_graph_query("SELECT $this WHERE { $this a ?kind }", {}).head
    'SELECT $this WHERE {'
    >>> whole_graph_query("SELECT $this { { FILTER ( $this = ?other ) } }", {}) is None
    True
    """
    tokens = tokenize(text)
    brace = next((i for i, token in enumerate(tokens) if token.text == "{" and token.kind == "mark"), None)
    select = next((i for i, token in enumerate(tokens) if token.keyword == "SELECT"), None)
    if brace is None or select is None or select > brace or _declined(tokens, select, prefixes):
        return None
    end = _Groups(tokens).walk(brace)
    if end is None or not _groups_by_this(tokens, select, brace, end):
        return None
    head = text[: tokens[brace].start + 1]
    after = select + 1 + (tokens[select + 1].keyword == "DISTINCT")
    projected = tokens[after:brace]
    if projected and projected[0].text != "*" and not _plain_this(projected):
        at = tokens[after].start
        head = f"{head[:at]}$this {head[at:]}"
    return WholeGraphQuery(
        head,
        text[tokens[brace].start + 1 :],
        counts=any(token.keyword in _AGGREGATES or token.keyword == "GROUP" for token in tokens),
        names=frozenset(name for name in (_iri(token, prefixes) for token in tokens) if name),
        loose=_has_open_predicate(tokens[brace:]),
    )


def _declined(tokens: list[Token], select: int, prefixes: Mapping[str, str]) -> bool:
    for i, token in enumerate(tokens):
        if token.keyword in _DECLINED or (token.keyword in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE") and i != select):
            return True
        if token.kind == "variable":
            if token.text[1:] in _SPECIAL or (token.text in _THIS and tokens[i - 1].keyword == "AS"):
                return True
        # A function that is not a cast; or a collection after a property, which costs nothing to decline.
        elif _opens(tokens, i + 1) and not (_iri(token, prefixes) or XSD).startswith(XSD):
            return True
    return False


def _opens(tokens: list[Token], i: int) -> bool:
    return i < len(tokens) and tokens[i].text == "("


def _plain_this(projected: list[Token]) -> bool:
    depth = 0
    for token in projected:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.text in _THIS:
            return True
    return False


def _groups_by_this(tokens: list[Token], select: int, brace: int, end: int) -> bool:
    """Whether a query either does not aggregate or does so for each `$this` apart."""
    tail = tokens[end + 1 :]
    grouped = next((i for i, token in enumerate(tail) if token.keyword == "GROUP"), None)
    if grouped is None:
        return not any(token.keyword in _AGGREGATES for token in (*tokens[select:brace], *tail))
    keys = []
    depth = 0
    for token in tail[grouped + 2 :]:
        if token.keyword in ("HAVING", "ORDER"):
            break
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            keys.append(token.text)
    return any(key in _THIS for key in keys)


def _has_open_predicate(tokens: list[Token]) -> bool:
    """Whether any property at all might be matched: a variable for a property, or a negated set of properties."""
    for i in range(1, len(tokens) - 1):
        before, token, after = tokens[i - 1], tokens[i], tokens[i + 1]
        if token.text == "!" and after.text != "=" and before.text not in ("(", "&&", "||", "FILTER"):
            return True
        starts = after.kind in _TERM_END or (after.kind == "name" and ":" in after.text) or after.text in ("[", "(")
        ends = (
            before.kind in _TERM_END
            or before.text in ("]", ")", ";", "[")
            or (before.kind == "name" and not before.keyword)
        )
        if token.kind == "variable" and starts and ends:
            return True
    return False


def _iri(token: Token, prefixes: Mapping[str, str]) -> str | None:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, colon, local = token.text.partition(":")
    if token.kind != "name" or not colon:
        return None
    return prefixes.get(prefix, prefix + ":") + local.replace("\\", "")


class _Groups:
    """Walks the groups of a pattern and finds a mention of `$this` that late binding would not reach."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._sound = True

    def walk(self, brace: int) -> int | None:
        """Return the index of the closing brace of the outermost group; None when pre-binding is needed."""
        end, _ = self._group(brace, is_root=True)
        return end if self._sound and end < len(self._tokens) else None

    def _group(self, brace: int, *, is_root: bool) -> tuple[int, bool]:
        """Walk one group; return where it ends and whether it mentions `$this`.

        A root (the outermost group, or the body of an EXISTS) knows `$this` from outside.
        """
        matched = False  # a triple pattern of this very group has $this
        in_expression = False
        used = nested = False
        depth = 0
        i = brace + 1
        while i < len(self._tokens):
            token = self._tokens[i]
            if token.text == "}" and token.kind == "mark":
                break
            if token.text == "{" and token.kind == "mark":
                is_exists = self._tokens[i - 1].keyword == "EXISTS"
                i, mentions = self._group(i, is_root=is_exists)
                used |= mentions and is_exists
                nested |= mentions and not is_exists
                in_expression = in_expression and depth > 0
            elif token.keyword in ("FILTER", "BIND"):
                in_expression = True
                depth = 0
            elif token.text in ("(", ")") and in_expression:
                depth += 1 if token.text == "(" else -1
                in_expression = depth > 0
            elif token.text in _THIS:
                if in_expression:
                    used = True
                    # BIND sees only what stands before it.
                    self._sound &= is_root or matched or not self._in_bind(i)
                else:
                    matched = True
            i += 1
        if not is_root:
            self._sound &= matched or not (used or nested)
        return i, matched or used or nested

    def _in_bind(self, i: int) -> bool:
        return (
            next(token.keyword for token in reversed(self._tokens[:i]) if token.keyword in ("FILTER", "BIND")) == "BIND"
        )


COMPONENT = SH + "SPARQLConstraintComponent"
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

    def __init__(
        self, shape: Rdf11Term, constraint: Rdf11Term, prefixes: dict[str, str], query: WholeGraphQuery
    ) -> None:
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


def declared_prefixes(shapes: Shapes, constraint: Rdf11Term) -> dict[str, str]:
    """Return the prefixes of a constraint: those of its sh:prefixes; rdf, rdfs and owl need no declaration."""
    found = {"rdf": RDF, "rdfs": RDFS, "owl": OWL}
    for holder in shapes.values(constraint, SH + "prefixes"):
        for declaration in shapes.values(holder, SH + "declare"):
            prefix, namespace = shapes.value(declaration, SH + "prefix"), shapes.value(declaration, SH + "namespace")
            if isinstance(prefix, Literal) and isinstance(namespace, Literal | NamedNode):
                found[prefix.value] = namespace.value
    return found


def fill_in(message: str, values: dict[str, Rdf11Term | None], names: Names) -> str:
    """Replace `{?name}` and `{$name}` in a message by the value of the variable; without one, leave it.

    >>> from perezkg.shacl.report import Names
    >>> values = {"this": NamedNode("https://w3id.org/perezkg/id/x"), "value": Literal(2)}
    >>> fill_in("{$this} ranked {?value}", values, Names())
    'pz:x ranked 2'
    """

    def value(match: re.Match[str]) -> str:
        term = values.get(match[1])
        return match[0] if term is None else names.term(term)

    return PLACEHOLDER.sub(value, message)


def _has_plain_targets(shapes: Shapes, shape: Rdf11Term, data: Triples) -> bool:
    if not all(isinstance(target, NamedNode) for name in TARGETS for target in shapes.values(shape, SH + name)):
        return False
    # A path of length zero holds for a node that is given, though no triple has it; a join would not see it.
    return all(node in data.subjects for node in shapes.values(shape, SH + "targetNode"))


def _solutions(
    rule: RuleQuery, shapes: Shapes, data: Triples, store: Store
) -> Iterator[tuple[tuple[Rdf11Term | None, ...], tuple[str, ...]]]:
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


def _result(rule: RuleQuery, shapes: Shapes, names: Names, values: dict[str, Rdf11Term | None]) -> Result:
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


def _node(term: Rdf11Term) -> NamedNode | BlankNode:
    assert not isinstance(term, Literal)  # noqa: S101 - subjects of triples
    return term
