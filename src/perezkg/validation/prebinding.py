"""When one query over the whole graph answers what SHACL asks once a focus node.

SHACL substitutes each focus node for `$this` and runs the query again (pre-binding, SHACL 5.3). Put the focus nodes in
front of the query's own pattern instead, and `$this` is joined with them. The two agree when substituting early or late
makes no difference, which this module decides from the tokens, on the safe side: what it cannot prove, it declines.

They differ where an inner group is evaluated before `$this` is known in it: a FILTER or BIND on `$this` in a group that
does not match `$this` itself, an OPTIONAL within such a group, a nested SELECT, a sum over all focus nodes at once.
"""

from __future__ import annotations

from perezkg.tokens import tokenize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from perezkg.tokens import Token

XSD = "http://www.w3.org/2001/XMLSchema#"
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
