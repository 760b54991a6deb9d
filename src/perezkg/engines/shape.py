"""What kind of answer a query has, known before it is evaluated."""

from __future__ import annotations

from pyoxigraph import Store

from perezkg.errors import EvaluationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

    from perezkg.binding import Prepared


def shape(query: Prepared) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Return the answer of an empty store: its class and its variables are those of every answer to the query.

    Raises:
        SparqlSyntaxError: The query breaks the grammar of SPARQL 1.1.
        EvaluationError: Oxigraph cannot evaluate the query: it does not know a function, for one.
    """
    try:
        return Store().query(query.offline)
    except SyntaxError as error:
        from perezkg.engines.sparql_errors import syntax_error

        raise syntax_error(query, error) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise EvaluationError(f"the query could not be evaluated: {error}", path=query.path) from None
