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
            raise EvaluationError(f"the query could not be evaluated: {error}", path=query.path) from None
