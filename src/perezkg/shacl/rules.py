"""SPARQL constraints, each asked as one query over the whole graph where that is sure to give the same results.

SHACL puts each focus node in the place of `$this` and runs the query again (pre-binding, SHACL 5.3). pyshacl does so:
seconds for 25 rules and a few hundred nodes, where Oxigraph answers one query over all of them in a millisecond. In
such a query a pattern that finds the focus nodes stands before the query's own, and `$this` is joined with them.

The two differ where an inner group is evaluated before `$this` is known in it: with a FILTER or BIND on `$this` in a
group that does not match `$this` itself, an OPTIONAL within such a group, a nested SELECT, a sum over all focus nodes
at once. `whole_graph_query` decides from the tokens; when in doubt it declines, and the constraint is left to pyshacl.

Oxigraph keeps 107.70 as 107.7. A query to which that may matter is asked of rdflib, over the whole graph as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions

from perezkg.errors import EvaluationError, SparqlSyntaxError
from perezkg.shacl.report import Result
from perezkg.shacl.shapes import SUBCLASS, TARGETS, ShapesError
from perezkg.sparql.departures import with_tags_in_lower_case
from perezkg.sparql.prepare import may_compare_tags
from perezkg.sparql.tokens import tokenize
from perezkg.vocabulary import OWL, RDF, RDFS, SH, XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pyoxigraph import Store

    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.report import Names
    from perezkg.shacl.shapes import DataGraph, Shapes
    from perezkg.sparql.tokens import Token

    Solution = tuple[tuple[Rdf11Term | None, ...], tuple[str, ...]]
    Ask = Callable[[str, Mapping[str, str]], Iterator[Solution]]

COMPONENT = SH + "SPARQLConstraintComponent"
PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")
"""A variable in a message, to be replaced by its value."""

_THIS = ("$this", "?this")
# SHACL forbids MINUS, VALUES and SERVICE; the others change their meaning when all focus nodes are asked at once.
_DECLINED = frozenset(("MINUS", "VALUES", "SERVICE", "GRAPH", "FROM", "LIMIT", "OFFSET", "LATERAL", "REDUCED"))
_AGGREGATES = frozenset(("COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "HAVING"))
_SPECIAL = frozenset(("shapesGraph", "currentShape", "PATH", "failure"))
_TERM_END = frozenset(("variable", "iri", "string", "number", "language", "blank"))
# How queries begin.
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


@dataclass(frozen=True, slots=True)
class RuleQuery:
    """A SPARQL constraint of a shape and its query for the whole graph.

    Attributes:
        shape: The node shape.
        constraint: The constraint.
        prefixes: The prefixes that its query may use.
        query: The query.
        as_written: Whether it may read literals that Oxigraph would rewrite, such as `107.70`.
    """

    shape: Rdf11Term
    constraint: Rdf11Term
    prefixes: dict[str, str]
    query: WholeGraphQuery
    as_written: bool = False


def whole_graph_rules(shapes: Shapes, data: DataGraph) -> list[RuleQuery]:
    """Return the constraints that can be asked of the whole graph at once; the others are left to pyshacl."""
    found = []
    rewritten: set[str] | None = None  # looks through all data, which shapes without such a constraint need not
    for shape in shapes.targeting():
        for constraint in shapes.values(shape, SH + "sparql"):
            select = shapes.values(constraint, SH + "select")
            # pyshacl checks shapes that others use as well, property shapes, and constraints with several queries.
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
            found.append(RuleQuery(shape, constraint, prefixes, query, as_written=query.meets(rewritten)))
    return found


def check_rules(
    rules: list[RuleQuery],
    shapes: Shapes,
    data: DataGraph,
    names: Names,
    ask_as_written: Ask | None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Result]:
    """Evaluate constraints over the data.

    Args:
        rules: From `whole_graph_rules`.
        shapes: The shapes they belong to.
        data: What is checked.
        names: For the terms that messages mention.
        ask_as_written: Answers the queries that may read literals which Oxigraph would rewrite; None if none may.
        progress: Told how many rules are done, and of how many.

    Yields:
        A result for each distinct solution.

    Raises:
        ShapesError: A constraint's query is not valid SPARQL.
    """
    if not rules:
        return
    store = data.store()
    for done, rule in enumerate(rules):
        if progress:
            progress(done, len(rules))
        seen = set()
        text = f"{rule.query.head} {_target(rule, shapes, data)} {rule.query.tail}"
        if rule.as_written and ask_as_written is not None:
            rows = ask_as_written(text, rule.prefixes)
        else:
            rows = _solutions(rule, text, shapes, store)
        for row, variables in rows:
            if row not in seen:
                seen.add(row)
                yield _result(rule, shapes, names, dict(zip(variables, row, strict=True)))


def prefix_holders(shapes: Shapes, constraint: Rdf11Term) -> list[Rdf11Term]:
    """Return what declares prefixes for a constraint: what it names by sh:prefixes, what that imports, and so on."""
    found: dict[Rdf11Term, None] = {}
    waiting = list(shapes.values(constraint, SH + "prefixes"))
    while waiting:
        holder = waiting.pop(0)
        if holder not in found:
            found[holder] = None
            waiting += shapes.values(holder, OWL + "imports")
    return list(found)


def refuse_mistakes(shapes: Shapes) -> None:
    """Refuse shapes with a query that is not valid SPARQL, of whatever constraint, target or rule.

    Raises:
        ShapesError: With the mistake, and the text that it is in.
    """
    for name in ("select", "ask"):
        for constraint in shapes.subjects(SH + name):
            prefixes = declared_prefixes(shapes, constraint)
            for query in shapes.values(constraint, SH + name):
                if not isinstance(query, Literal) or not shapes.is_active(constraint):
                    continue
                what = f"sh:{name} of {shapes.name(constraint)}"
                _refuse_another_form(query.value, name.upper(), what)
                if "PATH" not in query.value:
                    _refuse_mistake(query.value, prefixes, what)


def _refuse_another_form(query: str, form: str, what: str) -> None:
    found = next((token for token in tokenize(query) if token.keyword in _FORMS), None)
    if found is not None and found.keyword != form:
        article = "an" if found.keyword == "ASK" else "a"
        raise ShapesError(
            f"{what}: this is {article} {found.keyword} query",
            hint=f"sh:{form.lower()} takes a query that begins with {form}.",
            query=query,
            offset=found.start,
        )


def _refuse_mistake(query: str, prefixes: Mapping[str, str], what: str) -> None:
    from perezkg.sparql.engines import answer_kind
    from perezkg.sparql.prepare import Prepared

    before = ""
    declared = set(prefixes)
    for token in tokenize(query):
        prefix = token.text.partition(":")[0] if token.kind == "name" and ":" in token.text else None
        if prefix is not None and before == "PREFIX":
            declared.add(prefix)
        elif prefix is not None and prefix not in declared:
            raise ShapesError(
                f"{what}: the prefix {prefix}: is not declared",
                hint="Declare it by sh:prefixes and sh:declare, or by PREFIX in the query.",
                query=query,
                offset=token.start,
            )
        before = token.keyword
    declarations = "".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in prefixes.items())
    try:
        answer_kind(Prepared(query, prologue=declarations))
    except SparqlSyntaxError as error:
        start = sum(len(line) + 1 for line in query.split("\n")[: error.line - 1])
        raise ShapesError(
            f"{what}: {error.message}", hint=error.hint, query=query, offset=start + max(error.column - 1, 0)
        ) from None
    except EvaluationError:  # a function that only another engine knows
        return


def declared_prefixes(shapes: Shapes, constraint: Rdf11Term) -> dict[str, str]:
    """Return the prefixes of a constraint: those that it declares by sh:prefixes, and rdf, rdfs and owl."""
    found = {"rdf": RDF, "rdfs": RDFS, "owl": OWL}
    for holder in prefix_holders(shapes, constraint):
        for declaration in shapes.values(holder, SH + "declare"):
            prefix, namespace = shapes.value(declaration, SH + "prefix"), shapes.value(declaration, SH + "namespace")
            if isinstance(prefix, Literal) and isinstance(namespace, Literal | NamedNode):
                found[prefix.value] = namespace.value
    return found


def fill_in(message: str, values: dict[str, Rdf11Term | None], names: Names) -> str:
    """Replace `{?name}` and `{$name}` in a message by the values of the variables; one without value stays as it is.

    >>> from perezkg.shacl.report import Names
    >>> values = {"this": NamedNode("https://w3id.org/perezkg/id/x"), "value": Literal(2)}
    >>> fill_in("{$this} ranked {?value}", values, Names())
    'pz:x ranked 2'
    """

    def value(match: re.Match[str]) -> str:
        term = values.get(match[1])
        return match[0] if term is None else names.term(term)

    return PLACEHOLDER.sub(value, message)


def _has_plain_targets(shapes: Shapes, shape: Rdf11Term, data: DataGraph) -> bool:
    if not all(isinstance(target, NamedNode) for name in TARGETS for target in shapes.values(shape, SH + name)):
        return False
    # A path of length zero matches a given node that is in no triple; a join would not find it.
    return all(node in data.subjects for node in shapes.values(shape, SH + "targetNode"))


def _solutions(rule: RuleQuery, text: str, shapes: Shapes, store: Store) -> Iterator[Solution]:
    try:
        solutions = store.query(
            with_tags_in_lower_case(text) if may_compare_tags(text) else text, prefixes=rule.prefixes
        )
    except SyntaxError as error:
        raise ShapesError(
            f"the rule {shapes.name(rule.constraint)} is not valid SPARQL: {error.msg}",
            hint="Correct its sh:select.",
        ) from None
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - only SELECT is let through
    variables = tuple(variable.value for variable in solutions.variables)
    for solution in solutions:
        yield tuple(solution), variables


def _target(rule: RuleQuery, shapes: Shapes, data: DataGraph) -> str:
    """Return the pattern that binds `$this` to the focus nodes of the rule's shape."""
    patterns = []
    for name in TARGETS:
        for node in shapes.values(rule.shape, SH + name):
            if name == "targetClass":
                path = f"a/<{SUBCLASS}>*" if len(data.subclasses(node)) > 1 else "a"
                patterns.append(f"$this {path} {node} .")
            elif name == "targetNode":
                patterns.append(f"VALUES $this {{ {node} }}")
            elif name == "targetSubjectsOf":
                patterns.append(f"$this {node} [] .")
            else:
                patterns.append(f"[] {node} $this .")
    if len(patterns) == 1 and (not rule.query.aggregates or patterns[0].startswith("$this a <")):
        return patterns[0]
    return f"{{ SELECT DISTINCT $this WHERE {{ {' UNION '.join(f'{{ {pattern} }}' for pattern in patterns)} }} }}"


def _result(rule: RuleQuery, shapes: Shapes, names: Names, values: dict[str, Rdf11Term | None]) -> Result:
    focus, path, value = values["this"], values.get("path"), values.get("value")
    assert focus is not None  # noqa: S101 - the target pattern binds it
    severity, severity_iri = shapes.severity(rule.shape)
    selected = values.get("message")
    if isinstance(selected, Literal):
        messages = {selected.language or "": selected.value}
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
        shape=as_node(rule.shape),
        constraint=as_node(rule.constraint),
    )


def as_node(term: Rdf11Term | None) -> NamedNode | BlankNode:
    """Return a shape or constraint as results name it; where there is none, a blank node."""
    return term if isinstance(term, NamedNode | BlankNode) else BlankNode("none")


@dataclass(frozen=True, slots=True)
class WholeGraphQuery:
    """A SPARQL constraint that may be asked of the whole graph at once.

    Attributes:
        head: The text up to and with the first brace of its pattern; it selects `$this`.
        tail: The rest.
        aggregates: Whether it aggregates, so that each focus node must come up once.
        iris: The IRIs in it.
        any_literal: Whether it may matter to it how a literal is written, whatever its property.
    """

    head: str
    tail: str
    aggregates: bool
    iris: frozenset[str]
    any_literal: bool

    def meets(self, predicates: set[str]) -> bool:
        """Return whether it may matter to the query how the literals of these predicates are written."""
        return bool(predicates) and (self.any_literal or not self.iris.isdisjoint(predicates))


def whole_graph_query(text: str, prefixes: Mapping[str, str]) -> WholeGraphQuery | None:
    """Return a constraint's query for the whole graph, or None when it might not give the same results.

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
    plain = {token.text for token in _outside_parentheses(projected)}
    if projected and projected[0].text != "*" and plain.isdisjoint(_THIS):
        at = tokens[after].start
        head = f"{head[:at]}$this {head[at:]}"
    return WholeGraphQuery(
        head,
        text[tokens[brace].start + 1 :],
        aggregates=any(token.keyword in _AGGREGATES or token.keyword == "GROUP" for token in tokens),
        iris=frozenset(name for name in (_iri(token, prefixes) for token in tokens) if name),
        any_literal=_may_read_any_literal(tokens, brace),
    )


def _declined(tokens: list[Token], select: int, prefixes: Mapping[str, str]) -> bool:
    for i, token in enumerate(tokens):
        if token.keyword in _DECLINED or (token.keyword in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE") and i != select):
            return True
        if token.kind == "variable":
            if token.text[1:] in _SPECIAL or (token.text in _THIS and tokens[i - 1].keyword == "AS"):
                return True
        # A function that is not a cast; or a collection after a property, which is declined too: that does no harm.
        elif _opens(tokens, i + 1) and not (_iri(token, prefixes) or XSD).startswith(XSD):
            return True
    return False


def _opens(tokens: list[Token], i: int) -> bool:
    return i < len(tokens) and tokens[i].text == "("


def _outside_parentheses(tokens: list[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            yield token


def _groups_by_this(tokens: list[Token], select: int, brace: int, end: int) -> bool:
    """Return whether a query does not aggregate, or does so for each `$this` by itself."""
    tail = tokens[end + 1 :]
    grouped = next((i for i, token in enumerate(tail) if token.keyword == "GROUP"), None)
    if grouped is None:
        return not any(token.keyword in _AGGREGATES for token in (*tokens[select:brace], *tail))
    keys = takewhile(lambda token: token.keyword not in ("HAVING", "ORDER"), _outside_parentheses(tail[grouped + 2 :]))
    return any(key.text in _THIS for key in keys)


def _may_read_any_literal(tokens: list[Token], brace: int) -> bool:
    """Return whether it may matter to a query how some literal is written, whatever its property.

    So it is with a negated set of properties, and with a variable for a property whose value has to be no node.
    """
    values = set()
    for i, token in enumerate(tokens[brace + 1 : -1], brace + 1):
        before, after = tokens[i - 1], tokens[i + 1]
        if token.text == "!" and after.text != "=" and before.text not in ("(", "&&", "||", "FILTER"):
            return True
        starts = after.kind in _TERM_END or (after.kind == "name" and ":" in after.text) or after.text in ("[", "(")
        is_name = before.kind == "name" and not before.keyword
        ends = before.kind in _TERM_END or before.text in ("]", ")", ";", "[") or is_name
        if token.kind == "variable" and starts and ends:
            if after.kind != "variable":
                return True
            values.add(i + 1)
    names = {tokens[i].text[1:] for i in values}
    if tokens[brace + 1].text in _THIS and tokens[brace + 2].kind != "mark":  # the first pattern: a subject is a node
        names.discard("this")
    if names and any(token.text == "*" or token.text[1:] in names for token in tokens[:brace]):
        return True
    return any(
        token.kind == "variable" and token.text[1:] in names and i not in values and not _stands_for_a_node(tokens, i)
        for i, token in enumerate(tokens)
    )


def _stands_for_a_node(tokens: list[Token], i: int) -> bool:
    """Return whether a variable is the subject of a pattern there, or compared with another variable."""
    if tokens[i - 1].text in ("{", ".", "}", ")"):
        return tokens[i + 1].kind != "mark"
    return any(
        tokens[i + step].text == "!=" and tokens[i + 2 * step].kind == "variable" and tokens[i + 3 * step].text in "()"
        for step in (-1, 1)
    )


def _iri(token: Token, prefixes: Mapping[str, str]) -> str | None:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, colon, local = token.text.partition(":")
    if token.kind != "name" or not colon:
        return None
    return prefixes.get(prefix, prefix + ":") + local.replace("\\", "")


class _Groups:
    """Walks the groups of a pattern, to see whether each mention of `$this` is one that a join reaches."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._sound = True

    def walk(self, brace: int) -> int | None:
        """Return the index of the closing brace of the outermost group; None when pre-binding is needed."""
        end, _ = self._group(brace, is_root=True)
        return end if self._sound and end < len(self._tokens) else None

    def _group(self, brace: int, *, is_root: bool) -> tuple[int, bool]:
        """Walk a group; return where it ends and whether it mentions `$this`.

        In a root (the outermost group, or the body of an EXISTS) `$this` is known from outside.
        """
        matched = False  # whether a triple pattern of the group itself has $this
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
                    # BIND knows only what stands before it.
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
