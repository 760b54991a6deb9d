"""Oxigraph embedded: the default engine."""

from __future__ import annotations

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, QueryBoolean, QuerySolutions, Store

from perezkg.errors import EvaluationError, UsageError, nearest
from perezkg.sparql.results import Boolean, Solutions, Triples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

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

    from collections.abc import Iterable

    from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple

    from perezkg.rdf.terms import Term

    Cells = tuple[Term | None, ...]
    from pyoxigraph import Store


ENGINES = ("oxigraph", "rdflib")


def open_engine(name: str, store: Store) -> Engine:
    """Return an engine over a store in memory.

    Raises:
        UsageError: There is no engine of this name.
    """
    if name == "oxigraph":
        return OxigraphEngine(store)
    if name == "rdflib":
        from perezkg.sparql.rdflib_engine import RdflibEngine

        return RdflibEngine(store)
    raise UsageError(f"there is no engine {name!r}", hint=nearest(name, ENGINES) or f"Engines: {', '.join(ENGINES)}.")


def shape(query: Prepared) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Return the answer of an empty store: its class and its variables are those of every answer to the query.

    Raises:
        SparqlSyntaxError: The query breaks the grammar of SPARQL 1.1.
        EvaluationError: Oxigraph cannot evaluate the query: it does not know a function, for one.
    """
    try:
        return Store().query(query.offline)
    except SyntaxError as error:
        from perezkg.sparql.syntax_errors import syntax_error

        raise syntax_error(query, error) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise EvaluationError(f"the query could not be evaluated: {error}", path=query.path) from None


def stable_rows(rows: list[Cells], *, ordered: bool) -> list[Cells]:
    """Return rows sorted by their cells unless the query orders them, blank nodes labelled b0, b1 … as they come."""
    if not ordered:
        rows.sort(key=lambda cells: [_sort_key(term) for term in cells])
    if not any(type(term) is BlankNode for cells in rows for term in cells):
        return rows
    labels: dict[BlankNode, BlankNode] = {}
    return [
        tuple(
            labels.setdefault(term, BlankNode(f"b{len(labels)}")) if isinstance(term, BlankNode) else term
            for term in cells
        )
        for cells in rows
    ]


def stable_triples(triples: Iterable[Triple]) -> list[Triple]:
    """Return triples each once, sorted, with the blank node labels of RDFC-1.0."""
    distinct = set(triples)
    if any(type(term) is BlankNode for triple in distinct for term in (triple.subject, triple.object)):
        dataset = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in distinct)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        distinct = {quad.triple for quad in dataset}
    return sorted(distinct, key=str)


def _sort_key(term: Term | None) -> str:
    # Unbound first; a blank node has no name to sort by.
    return "" if term is None else "_" if isinstance(term, BlankNode) else str(term)


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
            from perezkg.sparql.syntax_errors import syntax_error

            raise syntax_error(query, error) from None
        except (OSError, RuntimeError, ValueError) as error:
            # pyoxigraph's answers may be dropped only in the thread that made them, so no error may carry one away.
            error.__traceback__ = None
            answer = None
            if query.services:
                from perezkg.sparql.service_clause import failure

                raise failure(query.services, error) from None
            raise EvaluationError(f"the query could not be evaluated: {error}", path=query.path) from None
