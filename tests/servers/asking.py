"""What tests of `perezkg load` ask a store directly, past perezkg, and how they call `perezkg` on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.servers.server import GRAPH

from perezkg.stores.marks import STAGING
from perezkg.stores.store import open_store

if TYPE_CHECKING:
    from tests.servers.relay import Relay
    from tests.servers.server import Server

# Where a query without FROM is about all graphs together, this names the default graph.
_DEFAULT = {"rdf4j": "http://rdf4j.org/schema/rdf4j#nil"}


def graph_of(server: Server | Relay) -> str:
    """Return the graph that is loaded: `default`, or an IRI where the default graph is all graphs together."""
    return GRAPH if server.kind == "blazegraph" else server.graph


def options(server: Server | Relay, graph: str | None = None) -> list[str]:
    """Return the options of `load` and `diff` for a server: which graph, and how its user is proven."""
    auth = ["--auth", "digest"] if server.user else []
    return ["--graph", graph or graph_of(server), *auth]


def credentials(server: Server | Relay) -> dict[str, str]:
    """Return the environment that says who asks."""
    if server.user is None or server.password is None:
        return {}
    return {"PEREZKG_USER": server.user, "PEREZKG_PASSWORD": server.password}


def count(server: Server, graph: str | None = None) -> int:
    """Return how many triples a graph has.

    Raises:
        RuntimeError: The server does not answer.
    """
    graph = graph or graph_of(server)
    name = _DEFAULT.get(server.kind) if graph == "default" else graph
    where = f"FROM <{name}>" if name else ""
    return int(_rows(server, f"SELECT (COUNT(*) AS ?n) {where} WHERE {{ ?s ?p ?o }}")[0])


def named_graphs(server: Server) -> set[str]:
    """Return the names of all graphs that hold triples."""
    return set(_rows(server, "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"))


def staging_graphs(server: Server) -> set[str]:
    """Return the names of the graphs that a load has left."""
    return {name for name in named_graphs(server) if name.startswith(STAGING)}


def clear(server: Server, *graphs: str) -> None:
    """Empty graphs."""
    who: dict[str, Any] = {"user": server.user, "password": server.password, "auth": "digest"} if server.user else {}
    with open_store(server.load_url, kind=server.kind, **who) as (store, _):
        for graph in graphs:
            store.clear("" if graph == "default" else graph)


def _rows(server: Server, query: str) -> list[str]:
    url = f"{server.query_url}?{urlencode({'query': query})}"
    return [row.strip('"') for row in server.ask(url, headers={"Accept": "text/csv"}).decode().split()[1:]]
