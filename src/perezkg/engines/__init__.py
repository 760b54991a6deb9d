"""The engines that answer SPARQL: one small protocol, and the place where one is chosen."""

from __future__ import annotations

from perezkg.errors import UsageError, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from perezkg.binding import Prepared
    from perezkg.graph import KnowledgeGraph
    from perezkg.remote.client import Client
    from perezkg.results import Result

    class Engine(Protocol):
        """What every engine does."""

        def run(self, query: Prepared) -> Result:
            """Evaluate a query and return the whole answer, the same on every engine.

            Raises:
                SparqlSyntaxError: The query breaks the grammar of SPARQL 1.1.
                EvaluationError: The query is well formed, but could not be evaluated.
                RemoteStoreError: A store that was asked failed.
            """


ENGINES = ("oxigraph", "rdflib")


def open_engine(name: str, graph: KnowledgeGraph) -> Engine:
    """Return an engine over a graph.

    Raises:
        UsageError: There is no engine of this name.
    """
    if name == "oxigraph":
        from perezkg.engines.oxigraph import OxigraphEngine

        return OxigraphEngine(graph.store)
    if name == "rdflib":
        from perezkg.engines.rdflib_memory import RdflibEngine

        return RdflibEngine(graph.store)
    raise UsageError(f"there is no engine {name!r}", hint=nearest(name, ENGINES) or f"Engines: {', '.join(ENGINES)}.")


def open_endpoint(client: Client, graphs: tuple[str, ...] = ()) -> Engine:
    """Return an engine that asks a store.

    Args:
        client: Talks to the store.
        graphs: IRIs of the named graphs to ask together; none leaves it to the store.
    """
    from perezkg.engines.endpoint import EndpointEngine

    return EndpointEngine(client, graphs)
