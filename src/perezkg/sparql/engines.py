"""The engines that answer from files: a table with a row for each, and Oxigraph, the default.

A triple store at an endpoint is an engine as well (`perezkg.stores.remote_graph`), but is not chosen by name.
`perezkg query --help` reads the table, so pyoxigraph is imported only when something is asked.
"""

from __future__ import annotations

from perezkg.errors import EvaluationError, UsageError, nearest
from perezkg.resources import function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

    from perezkg.errors import PerezkgError
    from perezkg.sparql.prepare import Prepared
    from perezkg.sparql.results import Result

    class Engine(Protocol):
        """What every engine does."""

        def run(self, query: Prepared) -> Result:
            """Evaluate a query and return the whole answer, the same on every engine.

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

    def run(self, query: Prepared) -> Result:
        """Evaluate a query; see `perezkg.sparql.engines.Engine`."""
        if query.services:
            from perezkg.sparql.service_clause import with_patience

            return with_patience(query.services, lambda: self._run(query))
        return self._run(query)

    def _run(self, query: Prepared) -> Result:
        from pyoxigraph import QueryBoolean, QuerySolutions

        from perezkg.sparql.results import Boolean, Solutions, Triples, ordered_rows, ordered_triples

        try:
            answer = self._store.query(query.text)
            if isinstance(answer, QuerySolutions):
                variables = tuple(variable.value for variable in answer.variables)
                rows = [tuple(solution) for solution in answer]
                return Solutions(variables, ordered_rows(rows, ordered=query.ordered))
            if isinstance(answer, QueryBoolean):
                return Boolean(bool(answer))
            return Triples(ordered_triples(answer))
        except (SyntaxError, OSError, RuntimeError, ValueError) as error:
            # pyoxigraph's answers may be dropped only in the thread that made them, so no error may carry one away.
            error.__traceback__ = None
            answer = None
            if query.services and not isinstance(error, SyntaxError):
                from perezkg.sparql.service_clause import failure

                raise failure(query.services, error) from None
            raise _explained(query, error) from None


def answer_kind(query: Prepared) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Return the answer of an empty store: its class and its variables are those of every answer to the query.

    Raises:
        SparqlSyntaxError: The query breaks the grammar of SPARQL 1.1.
        EvaluationError: Oxigraph cannot evaluate the query: it does not know a function, for one.
    """
    from pyoxigraph import Store

    try:
        return Store().query(query.offline)
    except (SyntaxError, OSError, RuntimeError, ValueError) as error:
        raise _explained(query, error) from None


def _explained(query: Prepared, error: Exception) -> PerezkgError:
    """Return what Oxigraph raised as an error that says where and why."""
    if isinstance(error, SyntaxError):
        from perezkg.sparql.syntax_errors import syntax_error

        return syntax_error(query, error)
    return EvaluationError(f"the query could not be evaluated: {error}", path=query.path)
