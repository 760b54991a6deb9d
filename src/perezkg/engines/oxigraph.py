"""Oxigraph embedded: the default engine."""

from __future__ import annotations

from pyoxigraph import QueryBoolean, QuerySolutions

from perezkg.engines.stable import stable_rows, stable_triples
from perezkg.errors import EvaluationError
from perezkg.results import Boolean, Solutions, Triples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyoxigraph import Store

    from perezkg.binding import Prepared
    from perezkg.results import Result


class OxigraphEngine:
    """Answers from a pyoxigraph store."""

    __slots__ = ("_store",)

    def __init__(self, store: Store) -> None:
        self._store = store

    def run(self, query: Prepared) -> Result:
        """Evaluate a query; see `perezkg.engines.Engine`."""
        if query.services:
            from perezkg.federation import with_patience

            return with_patience(query, lambda: self._run(query))
        return self._run(query)

    def _run(self, query: Prepared) -> Result:
        try:
            answer = self._store.query(query.text)
            if isinstance(answer, QuerySolutions):
                variables = tuple(variable.value for variable in answer.variables)
                rows = [tuple(solution) for solution in answer]
                return Solutions(variables, stable_rows(rows, ordered=query.ordered))
            if isinstance(answer, QueryBoolean):
                return Boolean(bool(answer))
            return Triples(stable_triples(answer))
        except SyntaxError as error:
            from perezkg.engines.sparql_errors import syntax_error

            raise syntax_error(query, error) from None
        except (OSError, RuntimeError, ValueError) as error:
            # pyoxigraph's answers may be dropped only in the thread that made them, so no error may carry one away.
            error.__traceback__ = None
            answer = None
            if query.services:
                from perezkg.federation import failure

                raise failure(query, error) from None
            raise EvaluationError(f"the query could not be evaluated: {error}", path=query.path) from None
