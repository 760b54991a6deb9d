"""What rdflib evaluates in another way than SPARQL 1.1, and says nothing: expressions, groups, order, subqueries.

Nodes of one query's algebra are changed, so that no other query in this process sees anything of it. What is not
mended is a row of `perezkg.sparql.differences`.
"""

from __future__ import annotations

import math
import operator
import re
from decimal import Decimal, DecimalException, localcontext
from functools import cmp_to_key

from rdflib.paths import MulPath, NegatedPath, Path
from rdflib.plugins.sparql import CUSTOM_EVALS, operators
from rdflib.plugins.sparql.algebra import Values, analyse, simplify, translateGroupGraphPattern, translatePath, traverse
from rdflib.plugins.sparql.algebra import _addVars as add_variables
from rdflib.plugins.sparql.algebra import _traverseAgg as traverse_upwards
from rdflib.plugins.sparql.evaluate import evalJoin, evalPart, evalProject
from rdflib.plugins.sparql.evalutils import _ebv as holds
from rdflib.plugins.sparql.evalutils import _minus as without
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.plugins.sparql.sparql import Bindings, FrozenBindings, SPARQLError
from rdflib.term import BNode, Literal, URIRef, Variable

from perezkg.errors import EvaluationError
from perezkg.sparql import departures
from perezkg.sparql import rdflib_values as xsd
from perezkg.sparql.rdflib_patterns import Found, matches
from perezkg.vocabulary import RDF, XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from rdflib import Graph

_CASTS = {
    *(XSD + name for name in ("integer", "decimal", "float", "double")),
    xsd.STRING,
    xsd.BOOLEAN,
    xsd.DATE_TIME,
}
_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}
# Errors of Python in what rdflib's own functions do with what is none of their arguments.
_WRONG = (TypeError, ValueError, AttributeError, ArithmeticError, LookupError)
_SIGNS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
_NIL = URIRef(RDF + "nil")  # what its parser makes of ()


def mended(part: Any, visit: Callable[[Any], Any]) -> None:  # noqa: ANN401 - a node of its algebra may be anything
    """Change a node of rdflib's algebra so that it is evaluated as SPARQL 1.1 says.

    Args:
        part: The node.
        visit: What visits the nodes, for those that rdflib's traversal does not reach.
    """
    if isinstance(part, Expr):
        part.__class__ = Expression
        if part.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            graph = part.graph if "graph" in part.__dict__ else _translated(part.graph)
            part.graph = traverse(graph, visitPre=visit)
    elif isinstance(part, CompValue):
        if part.name in ("Filter", "LeftJoin") and part.expr is not None:
            part["expr"] = Expression("Effective", arg=part.expr)
        if part.name == "ToMultiSet" and isinstance(part.p, list):
            part["p"] = Values([])  # it has no algebra for VALUES without rows
        if part.name == "values":
            part["names"] = list({name for row in part.res for name in row})  # it overlooks these variables
        if part.name == "BGP":
            for one, path, other in part.triples:
                _mend_path(path, {end for end in (one, other) if not isinstance(end, (Variable, BNode))})
        if part.name in _PARTS:
            part.name = "perezkg:" + part.name


def with_variables(algebra: Any) -> None:  # noqa: ANN401
    """Note at each part of an algebra, after it was mended, which variables it may bind."""
    traverse_upwards(algebra, add_variables)


def _mend_path(path: Any, written: set[Any]) -> None:  # noqa: ANN401
    if isinstance(path, NegatedPath) and not all(isinstance(inner, URIRef) for inner in path.args):
        raise EvaluationError("rdflib cannot read an inverse path in a negated set", hint="Ask with --engine oxigraph.")
    if isinstance(path, MulPath):
        path.__class__ = Repeated
        path.__dict__["written"] = written
    if isinstance(path, Path) and not isinstance(path, NegatedPath):
        for inner in getattr(path, "args", None) or [getattr(path, "path", None) or getattr(path, "arg", None)]:
            _mend_path(inner, written)


class Repeated(MulPath):
    """A path with * + or ?, which finds each end once (SPARQL 1.1, 9.3), whatever repeats in it.

    No step at all (18.4, ZeroLengthPath) leads from a node of the graph, or from a term that is written in the pattern.
    """

    written: set[Any]

    def eval(self, graph: Graph, subj: Any = None, obj: Any = None, first: bool = True) -> Any:  # noqa: ANN401, ARG002, FBT001, FBT002
        """Yield pairs of nodes that it connects."""
        if subj is None and obj is not None:
            yield from ((end, obj) for end in self._ends(graph, obj, backwards=True))
            return
        for start in graph.all_nodes() if subj is None else (subj,):
            yield from ((start, end) for end in self._ends(graph, start) if obj is None or end == obj)

    def _ends(self, graph: Graph, start: Any, *, backwards: bool = False) -> Iterable[Any]:  # noqa: ANN401
        known = start in self.written or (start, None, None) in graph or (None, None, start) in graph
        found = dict.fromkeys([start] if self.zero and known else [])
        waiting = [start]
        while waiting:
            node = waiting.pop()
            for triple in graph.triples((None, self.path, node) if backwards else (node, self.path, None)):
                end = triple[0 if backwards else 2]
                if end not in found:
                    found[end] = None
                    waiting += [end] if self.more else []
        return found


def _translated(graph: CompValue) -> CompValue:
    """Return the pattern of EXISTS as algebra; rdflib forgets those outside FILTER and BIND."""
    found = translateGroupGraphPattern(traverse(graph, visitPost=translatePath))
    if found.name == "Filter":
        found.no_isolated_scope = True
    found = traverse(found, visitPost=simplify)
    traverse_upwards(found, visitor=analyse)
    with_variables(found)
    return found  # type: ignore[no-any-return]


class Expression(Expr):
    """An expression in which an argument that is an error, or has no value, makes an error of the whole."""

    def _value(self, val: Any, variables: bool = False, errors: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002
        found = super()._value(val, variables or errors)
        wrong = SPARQLError("it has no value") if isinstance(found, Variable) and not variables else found
        if isinstance(wrong, SPARQLError) and not errors:
            raise wrong
        return wrong

    def eval(self, ctx: Any = {}) -> Any:  # noqa: ANN401, B006 - rdflib's own
        """Return the term that it stands for, or the error."""
        own: Any = self._evalfn
        self.ctx = ctx
        try:
            function = FUNCTIONS.get(self.name)
            found = function(self) if function else own(ctx)
        except SPARQLError as error:
            return error
        except _WRONG as error:
            return SPARQLError(str(error))
        finally:
            self.ctx = None
        return Literal(str(found)) if isinstance(found, Literal) and xsd.datatype(found) == xsd.STRING else found

    @property
    def solution(self) -> Any:  # noqa: ANN401
        """The solution in which it is evaluated."""
        return self.ctx

    def terms(self, name: str) -> list[Any]:
        """Return the terms and errors of an argument that is a list."""
        found = self.get(name, errors=True)
        found = found if isinstance(found, list) else [] if found in (None, _NIL) else [found]
        return [SPARQLError("it has no value") if isinstance(term, Variable) else term for term in found]


def _any(test: Callable[[Any], bool], terms: Iterable[Any], *, deciding: bool = True) -> Literal:
    """Return `deciding` if a term gives that in a test, as || and && do: an error counts only where none decides."""
    error = None
    for term in terms:
        try:
            if test(_sound(term)) is deciding:
                return xsd.truth(deciding)
        except SPARQLError as found:
            error = found
    if error:
        raise error
    return xsd.truth(not deciding)


def _sound(term: Any) -> Any:  # noqa: ANN401
    if isinstance(term, SPARQLError):
        raise term
    return term


def _logical(deciding: bool) -> Callable[[Expression], Any]:  # noqa: FBT001
    def function(node: Expression) -> Any:  # noqa: ANN401
        terms = [node.get("expr", errors=True), *node.terms("other")]
        return _any(xsd.effective, terms, deciding=deciding)

    return function


def _compared(node: Expression) -> Literal:
    sign, one = node.op, node.expr
    if sign in ("IN", "NOT IN"):
        found = _any(lambda term: xsd.equal(one, term), node.terms("other"))
        return found if sign == "IN" else xsd.truth(not xsd.effective(found))
    other = node.other
    if sign in ("=", "!="):
        return xsd.truth(xsd.equal(one, other) is (sign == "="))
    if not (isinstance(one, Literal) and isinstance(other, Literal)):
        raise SPARQLError("only literals have an order")
    order = xsd.compare(one, other)
    return xsd.truth(order is not None and order in {"<": (-1,), ">": (1,), "<=": (-1, 0), ">=": (0, 1)}[sign])


def _arithmetic(node: Expression) -> Any:  # noqa: ANN401
    first, others = node.expr, node.other
    try:
        kind, total = xsd.number(first)
        terms = [xsd.number(term) for term in others]
    except SPARQLError:
        if node.name == "AdditiveExpression" and str(first.datatype).startswith(XSD):
            return operators.AdditiveExpression(node, node.solution)  # dates and durations, unknown to SPARQL 1.1
        raise
    for sign, (other_kind, value) in zip(node.op, terms, strict=True):
        kind, total = _calculated(sign, kind, total, other_kind, value)
    return xsd.as_number(kind, total)


def _calculated(sign: str, kind: int, one: Any, other_kind: int, other: Any) -> tuple[int, Any]:  # noqa: ANN401
    """Return the kind and value of one of + - * / of two numbers.

    Raises:
        SPARQLError: A decimal is divided by zero, or has too many digits.
    """
    kind = max(kind, other_kind, xsd.DECIMAL if sign == "/" else xsd.INTEGER)
    one, other = xsd.promoted(kind, one), xsd.promoted(kind, other)
    if kind >= xsd.FLOAT and sign == "/" and other == 0:
        return kind, math.nan if one == 0 or math.isnan(one) else math.copysign(math.inf, one) * math.copysign(1, other)
    try:
        with localcontext(xsd.EXACT):
            return kind, _SIGNS[sign](one, other)
    except (DecimalException, OverflowError):
        raise SPARQLError("division by zero, or too large") from None


def _substr(node: Expression) -> Literal:
    """XPath Functions 3.1, 5.4.3: the characters at positions from the start on, so many as the length says."""
    source, first = xsd.string(node.arg), _position(node.start) - 1
    end = len(source) if node.length is None else first + _position(node.length)
    return Literal(source[max(first, 0) : max(end, 0)], lang=source.language)


def _position(term: object) -> int:
    kind, value = xsd.number(term)
    if kind:
        raise SPARQLError("a position is a whole number")
    return int(value)


def _expression(pattern: str, flags: object) -> re.Pattern[str]:
    found = 0
    for letter in "" if flags is None else xsd.simple(flags):
        if letter == "q":
            pattern = re.escape(pattern)
        elif letter not in _FLAGS:
            raise SPARQLError(f"there is no flag {letter!r}")
        else:
            found |= _FLAGS[letter]
    try:
        return re.compile(pattern, found)
    except re.error as error:
        raise EvaluationError(f"rdflib cannot read the regular expression {pattern!r}: {error}") from None


def _replace(node: Expression) -> Literal:
    source, pattern, written, flags = (
        xsd.string(node.arg),
        xsd.simple(node.pattern),
        xsd.simple(node.replacement),
        node.flags,
    )
    parts = (written,) if flags and "q" in flags else departures.parts(written, pattern)
    if parts is None:
        raise SPARQLError(f"{written!r} is no replacement")

    def instead(found: re.Match[str]) -> str:
        return "".join(part if isinstance(part, str) else found[part] or "" for part in parts)

    return Literal(_expression(pattern, flags).sub(instead, source), lang=source.language)


def _concat(node: Expression) -> Literal:
    texts = [xsd.string(_sound(term)) for term in node.terms("arg")]
    languages = {text.language for text in texts}
    return Literal("".join(texts), lang=languages.pop() if len(languages) == 1 else None)


def _hash(name: str) -> Callable[[Expression], Any]:
    function = getattr(operators, name)

    def of_simple(node: Expression) -> Any:  # noqa: ANN401
        xsd.simple(node.arg)
        return function(node, node.solution)

    return of_simple


def _strdt(node: Expression) -> Literal:
    text, iri = xsd.simple(node.arg1), node.arg2
    if not isinstance(iri, URIRef):
        raise SPARQLError("a datatype is an IRI")
    return Literal(text, datatype=iri, normalize=False)


def _matches_language(node: Expression) -> Literal:
    """RFC 4647, 3.3.1: basic filtering."""
    tag, wanted = xsd.simple(node.arg1).lower(), xsd.simple(node.arg2).lower()
    return xsd.truth(bool(tag) if wanted == "*" else f"{tag}-".startswith(f"{wanted}-"))


def _field(name: str) -> Callable[[Expression], Literal]:
    def function(node: Expression) -> Literal:
        text = xsd.moment(node.arg).get(name)
        if text is None:
            raise SPARQLError("it has no such field")
        return xsd.as_number(*((xsd.DECIMAL, Decimal(text)) if name == "second" else (xsd.INTEGER, int(text))))

    return function


def _zone(node: Expression) -> str:
    """Return the time zone of a date or time as it is written, Z where there is no difference; empty without one."""
    zone = xsd.moment(node.arg).get("zone") or ""
    return "Z" if zone.endswith("00:00") else zone


def _time_zone(node: Expression) -> Literal:
    """Return the time zone of a date or time as a duration (SPARQL 1.1, 17.4.5.8)."""
    zone = _zone(node)
    if not zone:
        raise SPARQLError("it has no time zone")
    hours, minutes = (0, 0) if zone == "Z" else map(int, zone[1:].split(":"))
    text = "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    text = "PT0S" if zone == "Z" else f"-{text}" if zone[0] == "-" else text
    return Literal(text, datatype=URIRef(XSD + "dayTimeDuration"), normalize=False)


def _called(node: Expression) -> Any:  # noqa: ANN401
    if str(node.iri) not in _CASTS:
        return operators.Function(node, node.solution)
    (term,) = node.expr
    return xsd.cast(str(node.iri), term)


FUNCTIONS: dict[str, Callable[[Expression], Any]] = {
    **{
        f"Builtin_{name}": _field(name.lower().removesuffix("s"))
        for name in ("YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS")
    },
    "Builtin_TZ": lambda node: Literal(_zone(node)),
    "Builtin_TIMEZONE": _time_zone,
    **{f"Builtin_{name}": _hash(f"Builtin_{name}") for name in ("MD5", "SHA1", "SHA256", "SHA384", "SHA512")},
    "Effective": lambda node: xsd.truth(xsd.effective(node.arg)),
    "ConditionalAndExpression": _logical(deciding=False),
    "ConditionalOrExpression": _logical(deciding=True),
    "RelationalExpression": _compared,
    "AdditiveExpression": _arithmetic,
    "MultiplicativeExpression": _arithmetic,
    "UnaryNot": lambda node: xsd.truth(not xsd.effective(node.expr)),
    "UnaryMinus": lambda node: xsd.as_number(*_calculated("*", *xsd.number(node.expr), xsd.INTEGER, -1)),
    "UnaryPlus": lambda node: xsd.as_number(*xsd.number(node.expr)),
    "Builtin_IF": lambda node: node.arg2 if xsd.effective(node.arg1) else node.arg3,
    "Builtin_COALESCE": lambda node: _known(node.terms("arg"))[0],
    "Builtin_SUBSTR": _substr,
    "Builtin_REGEX": lambda node: xsd.truth(
        bool(_expression(xsd.simple(node.pattern), node.flags).search(xsd.string(node.text)))
    ),
    "Builtin_REPLACE": _replace,
    "Builtin_CONCAT": _concat,
    "Builtin_STRDT": _strdt,
    "Builtin_isNUMERIC": lambda node: xsd.truth(xsd.is_number(node.arg)),
    "Builtin_LANGMATCHES": _matches_language,
    "Function": _called,
}
"""The function of each expression of rdflib's algebra that is not evaluated by its own, by its name there."""


def _evaluate(ctx: Any, part: Any) -> Any:  # noqa: ANN401
    if not part.name.startswith("perezkg:"):
        raise NotImplementedError
    return _PARTS[part.name.removeprefix("perezkg:")](ctx, part)


CUSTOM_EVALS["perezkg"] = _evaluate


def _ordered(ctx: Any, part: Any) -> list[Any]:  # noqa: ANN401
    rows = list(evalPart(ctx, part.p))
    key = cmp_to_key(xsd.order)
    for condition in reversed(part.expr):
        rows.sort(key=lambda row: key(_value(condition.expr, row)), reverse=condition.order == "DESC")
    return rows


def _subquery(ctx: Any, part: Any) -> Iterable[Any]:  # noqa: ANN401
    """A subquery is evaluated by itself (SPARQL 1.1, 12), and once; rdflib gives it what the query has found so far."""
    if not ctx.bindings:
        return evalProject(ctx, part)  # type: ignore[no-any-return]
    known = part.__dict__.setdefault("found", {})
    if ctx.graph.identifier not in known:
        known[ctx.graph.identifier] = Found(evalProject(_unbound(ctx), part))
    return (FrozenBindings(ctx, row) for row in known[ctx.graph.identifier].compatible(ctx.solution()))


def _unbound(ctx: Any) -> Any:  # noqa: ANN401
    """Return a context in which no variable has a value."""
    found = ctx.clone()
    found.bindings = Bindings()
    return found


def _joined(ctx: Any, part: Any) -> Iterable[Any]:  # noqa: ANN401
    """Yield the solutions of a join, each as often as it has reasons."""
    if part.lazy:
        return evalJoin(ctx, part)
    others = Found(evalPart(ctx, part.p2))
    return (row.merge(other) for row in evalPart(ctx, part.p1) for other in others.compatible(row))


def _optional(ctx: Any, part: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the solutions of OPTIONAL; what is known from around it may not decide whether there are any."""
    names = part.p1._vars
    for row in evalPart(ctx, part.p1):
        found = False
        for other in evalPart(ctx.thaw(row), part.p2):
            if holds(part.expr, other.forget(ctx)):
                found = True
                yield other.merge(row)
        if not found and names is not None:  # in EXISTS, what is known from around it does count
            # rdflib does the same, but takes a solution that binds nothing for none that was given.
            own = row.remember(names)
            alone = ctx.thaw(own) if own else _unbound(ctx)
            found = any(holds(part.expr, other) for other in evalPart(alone, part.p2))
        if not found:
            yield row


def _minus(ctx: Any, part: Any) -> Iterator[Any]:  # noqa: ANN401
    """Both sides of MINUS know nothing of what is around them."""
    others = Found(set(evalPart(_unbound(ctx), part.p2)))
    names = part.p1._vars
    for row in evalPart(ctx, part.p1):
        own = row.project(names)
        if list(without([own], list(others.compatible(own)))):
            yield row


def _groups(ctx: Any, part: Any) -> Iterator[FrozenBindings]:  # noqa: ANN401
    """Yield a solution for each group; without GROUP BY there is one, with it there may be none."""
    by = part.p.expr
    groups: dict[tuple[object, ...], list[Any]] = {} if by else {(): []}
    for row in evalPart(ctx, part.p):
        terms = (_value(key, row) for key in by or ())
        groups.setdefault(tuple(None if isinstance(term, SPARQLError) else term for term in terms), []).append(row)
    for rows in groups.values():
        values = {aggregate.res: _aggregated(aggregate, rows) for aggregate in part.A}
        yield FrozenBindings(ctx, {name: term for name, term in values.items() if not isinstance(term, SPARQLError)})


def _value(expression: Any, row: Any) -> Any:  # noqa: ANN401
    """Return the value of an expression in a solution, an error where it has none."""
    found = expression.eval(row) if isinstance(expression, Expr) else row.get(expression, expression)
    return SPARQLError("no value") if found is None or isinstance(found, Variable) else found


def _known(values: Iterable[Any]) -> list[Any]:
    found = [value for value in values if not isinstance(value, SPARQLError)]
    if not found:
        raise SPARQLError("there is none")
    return found


def _aggregated(aggregate: Any, rows: list[Any]) -> Any:  # noqa: ANN401
    if aggregate.vars == "*":
        return xsd.as_number(xsd.INTEGER, len(set(rows) if aggregate.distinct else rows))
    values = [_value(aggregate.vars, row) for row in rows]
    if aggregate.distinct:
        values = list(dict.fromkeys(values))
    try:
        return _AGGREGATES[aggregate.name.removeprefix("Aggregate_")](values, aggregate)
    except SPARQLError as error:
        return error


def _sum(values: list[Any]) -> tuple[int, Any]:
    kind, total = xsd.INTEGER, 0
    for value in values:
        kind, total = _calculated("+", kind, total, *xsd.number(_sound(value)))
    return kind, total


def _average(values: list[Any], _: object) -> Literal:
    return xsd.as_number(*_calculated("/", *_sum(values), xsd.INTEGER, len(values)) if values else (xsd.INTEGER, 0))


def _extreme(choose: Callable[..., Any]) -> Callable[[list[Any], object], Any]:
    def function(values: list[Any], _: object) -> Any:  # noqa: ANN401
        if not values:
            raise SPARQLError("there is none")
        return choose(map(_sound, values), key=cmp_to_key(xsd.order))

    return function


def _concatenated(values: list[Any], aggregate: Any) -> Literal:  # noqa: ANN401
    separator = " " if aggregate.separator is None else str(aggregate.separator)
    return Literal(separator.join(map(str, map(_sound, values))))


_AGGREGATES: dict[str, Callable[[list[Any], Any], Any]] = {
    "Count": lambda values, _: xsd.as_number(xsd.INTEGER, sum(not isinstance(value, SPARQLError) for value in values)),
    "Sum": lambda values, _: xsd.as_number(*_sum(values)),
    "Avg": _average,
    "Min": _extreme(min),
    "Max": _extreme(max),
    "Sample": lambda values, _: _known(values)[0],
    "GroupConcat": _concatenated,
}
_PARTS: dict[str, Callable[[Any, Any], Any]] = {
    "BGP": matches,
    "OrderBy": _ordered,
    "Join": _joined,
    "LeftJoin": _optional,
    "Minus": _minus,
    "Project": _subquery,
    "AggregateJoin": _groups,
}
