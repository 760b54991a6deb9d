"""The engines that answer from files: a table with a row for each, and Oxigraph, the default, with its complaints.

A triple store at an endpoint evaluates queries as well (`perezkg.stores.remote_graph`), but is not chosen by name.
`perezkg query --help` reads the table, so pyoxigraph is imported only when something is asked.

Of a query that it cannot read, Oxigraph reports the farthest character that any rule of its grammar looked at, and the
thirty things that those rules wanted. A rule for a keyword looks as many characters ahead as the keyword has, whatever
they are, so the place is often far behind the mistake; knowing the keywords, the true place is counted back from it.
"""

from __future__ import annotations

import re
from itertools import islice

from perezkg.errors import (
    EvaluationError,
    StoreAnswerError,
    StoreTimeoutError,
    StoreUnreachableError,
    UsageError,
    nearest,
)
from perezkg.resources import function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol, TypeAlias

    from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

    from perezkg.errors import InputError
    from perezkg.sparql.prepare import Graphs, Prepared
    from perezkg.sparql.results import Result
    from perezkg.sparql.tokens import Token

    Functions: TypeAlias = dict[NamedNode, Callable[..., Any]]
    Mistake: TypeAlias = tuple[int, str, str]  # where it is, what, and the hint

    class Engine(Protocol):
        """What every engine does."""

        def run(self, query: Prepared, *, spool: bool = False) -> Result:
            """Evaluate a query and return the whole answer, the same on every engine.

            With `spool`, a long one may be on disk: its rows can be gone through, and no more.

            Raises:
                SparqlSyntaxError: The query breaks the grammar of SPARQL 1.1.
                EvaluationError: The query is well formed, but could not be evaluated.
                RemoteStoreError: A store that was asked failed.
            """


ENGINES = {
    "oxigraph": "perezkg.sparql.engines:OxigraphEngine",
    "rdflib": "perezkg.sparql.rdflib_engine:RdflibEngine",
}
"""The class of each engine, as `module:class`, by the name that `--engine` takes; the first is the default."""

PATIENCE = 60.0
"""Seconds that a query with SERVICE over files may take; for a store at `--endpoint` its own time-out counts."""

_FEW = 10_000  # rows, or triples, that are kept as they are: they take some MiB
_LONGEST_KEYWORD = 20
_REPLACE = r"(?i:replace)\s*\("
_SENTENCES = {
    "The SELECT contains an expression with a variable that is unbound": (
        "an expression of SELECT uses a variable that is neither grouped by nor aggregated"
    ),
    "The SELECT contains a variable that is unbound": "a column of SELECT is neither grouped by nor aggregated",
    "The SELECT overrides an existing variable using an expression": "the variable after AS has a value already",
    "IRI parsing failed": "this is not a valid IRI",
    "Prefix not found": "the prefix is not declared",
}
_CLOSING = {")": "(", "}": "{", "]": "["}


def open_engine(name: str, store: Store) -> Engine:
    """Return an engine over a store in memory.

    Raises:
        UsageError: There is no engine of this name.
    """
    if name not in ENGINES:
        hint = nearest(name, ENGINES) or f"Engines: {', '.join(ENGINES)}."
        raise UsageError(f"there is no engine {name!r}", hint=hint)
    engine: Engine = function(ENGINES[name])(store)
    return engine


class OxigraphEngine:
    """Answers from a pyoxigraph store."""

    __slots__ = ("_store",)

    def __init__(self, store: Store) -> None:
        self._store = store

    def run(self, query: Prepared, *, spool: bool = False) -> Result:
        """Evaluate a query; see `perezkg.sparql.engines.Engine`."""
        return self._run_with_patience(query) if query.services else self._run(query, spool=spool)

    def _run_with_patience(self, query: Prepared) -> Result:
        """Evaluate a query with SERVICE, with a limit on its time, because Oxigraph itself waits for ever.

        It runs in a thread of its own, which cannot be stopped: when it is too slow, it is left alone, and ends with
        the process.

        Raises:
            StoreTimeoutError: It did not end in time.
        """
        from threading import Thread

        answers: list[Result] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                answers.append(self._run(query))
            except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
                # What its frames hold must end in this thread.
                error.__traceback__ = error.__context__ = None
                errors.append(error)

        thread = Thread(target=run, daemon=True)
        thread.start()
        thread.join(PATIENCE)
        if errors:
            raise errors[0]
        if not answers:
            raise StoreTimeoutError(
                f"no answer within {PATIENCE:g} seconds",
                path=", ".join(query.services),
                hint="Ask for less within SERVICE.",
            )
        return answers[0]

    def _run(self, query: Prepared, *, spool: bool = False) -> Result:
        from pyoxigraph import QueryBoolean, QuerySolutions, RdfFormat

        from perezkg.sparql.results import Boolean, Solutions, Triples, ordered_rows

        try:
            answer = _evaluated(self._store, query.text, query.graphs)
            if isinstance(answer, QuerySolutions):
                variables = tuple(variable.value for variable in answer.variables)
                rows = [tuple(solution) for solution in islice(answer, _FEW if spool and variables else None)]
                if spool and len(rows) == _FEW:
                    from perezkg.sparql.spooled import SpooledRows

                    return Solutions(variables, SpooledRows(rows, answer, ordered=query.ordered))
                return Solutions(variables, ordered_rows(rows, ordered=query.ordered))
            if isinstance(answer, QueryBoolean):
                return Boolean(bool(answer))
            if spool:
                from perezkg.sparql.spooled import spooled_triples

                return Triples(None, spooled_triples(answer))
            from perezkg.rdf.nodes import canonical_text

            return Triples(None, canonical_text(answer.serialize(format=RdfFormat.N_TRIPLES) or b""))
        except (SyntaxError, OSError, RuntimeError, ValueError) as error:
            # pyoxigraph's answers may be dropped only in the thread that made them, so no error may carry one away.
            error.__traceback__ = None
            answer = None
            if query.services and not isinstance(error, SyntaxError):
                kind = StoreUnreachableError if isinstance(error, OSError) else StoreAnswerError
                raise kind(f"SERVICE failed: {str(error).strip()}", path=", ".join(query.services)) from None
            raise _explained(query, error) from None


def _evaluated(store: Store, text: str, graphs: Graphs | None = None) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Ask Oxigraph, in the words that it needs; where it understands SPARQL 1.1, those are the user's own."""
    from perezkg.sparql.prepare import may_compare_tags

    if may_compare_tags(text):
        from perezkg.sparql.departures import with_tags_in_lower_case

        text = with_tags_in_lower_case(text)
    if "replace" in text.lower() and re.search(_REPLACE, text):
        from perezkg.sparql.departures import REPLACEMENT, replacement, with_replacements

        functions: Functions = {REPLACEMENT: replacement}
        text = with_replacements(text)
    else:
        functions = {}
    about: dict[str, Any] = {}
    if graphs is not None:
        from pyoxigraph import NamedNode as Named

        about = {"default_graph": [*map(Named, graphs[0])], "named_graphs": [*map(Named, graphs[1])]}
    try:
        return store.query(text, custom_functions=functions, **about)
    except SyntaxError as error:
        from perezkg.sparql.departures import with_columns_written_out

        written_out = with_columns_written_out(text)
        if written_out is None:
            raise
        try:
            return store.query(written_out, custom_functions=functions, **about)
        except SyntaxError:
            raise error from None


def answer_kind(query: Prepared) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Return the answer of an empty store: its class and its variables are those of every answer to the query.

    Raises:
        SparqlSyntaxError: The query breaks the grammar of SPARQL 1.1.
        EvaluationError: Oxigraph cannot evaluate the query: it does not know a function, for one.
    """
    from pyoxigraph import Store

    try:
        return _evaluated(Store(), query.offline)
    except (SyntaxError, OSError, RuntimeError, ValueError) as error:
        raise _explained(query, error) from None


def _explained(query: Prepared, error: Exception) -> InputError:
    """Return what Oxigraph raised as an error that says where and why."""
    if not isinstance(error, SyntaxError):
        return EvaluationError(f"the query could not be evaluated: {error}", path=query.path)
    from perezkg.sparql.broken_rules import broken_rule
    from perezkg.sparql.tokens import error_at, tokenize

    text = query.written
    tokens = tokenize(text)
    if not tokens:
        return error_at(text, 0, "the query is empty", path=query.path)
    offset, message, hint = _unfinished(tokens) or broken_rule(tokens) or _from_engine(query, tokens, error)
    return error_at(text, offset, f"not valid SPARQL: {message}", path=query.path, hint=hint)


def _unfinished(tokens: list[Token]) -> Mistake | None:
    """Return the place of a string or bracket that has no end."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind != "mark":
            continue
        if token.text in "\"'":
            return token.start, "this string does not end", "Close it with the same quotation mark on the same line."
        if token.text in "({[":
            opened.append(token)
        elif token.text in _CLOSING:
            if not opened or opened[-1].text != _CLOSING[token.text]:
                return token.start, f"there is no {_CLOSING[token.text]} for this {token.text} to close", ""
            opened.pop()
    if opened:
        return opened[-1].start, f"this {opened[-1].text} is never closed", ""
    return None


def _from_engine(query: Prepared, tokens: list[Token], error: SyntaxError) -> Mistake:
    from pyoxigraph import Store

    # Spaces at the end keep the look ahead for keywords inside the text, where it can be counted back.
    try:
        Store().query(query.offline + " " * _LONGEST_KEYWORD)
    except SyntaxError as padded:
        error = padded
    match = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", str(error.msg), re.DOTALL)
    if not match:
        return tokens[0].start, str(error.msg), ""
    starts = [0, *(found.end() for found in re.finditer("\n", query.text))]
    offset = starts[min(int(match[1]), len(starts)) - 1] + int(match[2]) - 1 - query.shift
    told = [ours for theirs, ours in _SENTENCES.items() if theirs in match[3]]
    if told:
        if told[0] == _SENTENCES["IRI parsing failed"]:
            return _snap(tokens, offset - 1)[0], told[0], ""
        # These are found at the end of a clause; the SELECT is what they are about.
        return next((token.start for token in tokens if token.keyword == "SELECT"), 0), told[0], ""
    wanted = match[3].replace("[_]", "")
    signs = [sign.replace('\\"', '"') for sign in re.findall(r'"((?:[^"\\]|\\.)+)"', wanted)]
    keywords = re.findall(r"\b[A-Za-z][A-Za-z0-9_]+\b", re.sub(r'\[[^\]]*\]|"(?:[^"\\]|\\.)+"', "", wanted))
    digits = "['0'..='9']" in wanted and "'A'" not in wanted
    if keywords and not signs and not digits:
        offset -= min(map(len, keywords))
    start, token = _snap(tokens, offset)
    what = "the query ends too early" if token is None else f"{token.text} cannot stand here"
    if token is None:
        start = tokens[-1].start + len(tokens[-1].text)
    expected = "a number" if digits else " or ".join(signs) if 0 < len(signs) <= 3 else ""
    return start, what + (f"; expected {expected}" if expected else ""), _hint(tokens, token)


def _snap(tokens: list[Token], offset: int) -> tuple[int, Token | None]:
    """Return the start of the token at an offset or next after it; None for the token when there is none."""
    for token in tokens:
        if offset < token.start + len(token.text):
            return token.start, token
    return offset, None


def _hint(tokens: list[Token], token: Token | None) -> str:
    if tokens[0].keyword == "SELECT":
        for other in tokens:
            if other.text == "," and token is not None and token.start <= other.start:
                return "Columns are separated by spaces, without commas: SELECT ?a ?b."
            if other.text in ("(", "{"):
                if other.text == "(" and token is not None and token.keyword in ("COUNT", "SUM", "MIN", "MAX", "AVG"):
                    return f"An expression needs brackets and a name: ({token.text}(…) AS ?name)."
                break
    return ""
