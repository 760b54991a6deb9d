"""The kinds of triple stores: how each is recognised, where it has its services, and which class knows the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit, urlunsplit

from perezkg.errors import UsageError, nearest
from perezkg.stores.access import Address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of triple store.

    Attributes:
        name: What `--store` takes.
        title: The name that people know it by.
        store: Its class, as `module:class`.
        path: A regular expression for the path of its URLs; its group is what stands before the services.
        services: What stands behind that for queries, updates and the Graph Store Protocol; {auth} becomes -auth where
            credentials are sent. Empty when the URL that the user gave is the only one.
        header: A header of its answers that no other kind has.
        servers: How the header Server of its answers may begin.
        told_by: A regular expression for the paths by which it is recognised.
        lacks: What is wrong with a URL, {}, whose path does not match.
        hint: How it has to be written.
    """

    name: str
    title: str
    store: str
    path: str = ""
    services: tuple[str, str, str] | None = None
    header: str = ""
    servers: tuple[str, ...] = ()
    told_by: str = ""
    lacks: str = ""
    hint: str = ""


_REPOSITORY = r"(.*/repositories/[^/]+)(?:/(?:statements|transactions|rdf-graphs/service))?/?"

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            name="fuseki",
            title="Apache Jena Fuseki",
            store="perezkg.stores.dialects:Fuseki",
            path=r"(.*?[^/].*?)(?:/(?:sparql|query|update|data|get|upload))?/?",
            services=("/sparql", "/update", "/data"),
            header="Fuseki-Request-Id",
            servers=("Apache Jena Fuseki", "Fuseki"),
            lacks="{} names no dataset",
            hint="Add it: http://localhost:3030/DATASET",
        ),
        Kind(
            name="rdf4j",
            title="RDF4J",
            store="perezkg.stores.dialects:Rdf4j",
            path=_REPOSITORY,
            services=("", "/statements", "/statements"),
            told_by=_REPOSITORY,
            lacks="{} names no repository",
            hint="Write it: http://localhost:7200/repositories/NAME",
        ),
        Kind(
            name="graphdb",
            title="GraphDB",
            store="perezkg.stores.dialects:Rdf4j",
            path=_REPOSITORY,
            services=("", "/statements", "/statements"),
            servers=("GraphDB",),
            lacks="{} names no repository",
            hint="Write it: http://localhost:7200/repositories/NAME",
        ),
        Kind(
            name="virtuoso",
            title="Virtuoso",
            store="perezkg.stores.dialects:Virtuoso",
            path=r"(.*?)(?:/sparql(?:-auth|-graph-crud|-graph-crud-auth)?)?/?",
            services=("/sparql{auth}", "/sparql{auth}", "/sparql-graph-crud{auth}"),
            servers=("Virtuoso",),
        ),
        Kind(
            name="oxigraph",
            title="Oxigraph",
            store="perezkg.stores.dialects:Oxigraph",
            path=r"(.*?)(?:/(?:query|update|store|sparql))?/?",
            services=("/query", "/update", "/store"),
            servers=("oxigraph",),
        ),
        Kind(
            name="blazegraph",
            title="Blazegraph",
            store="perezkg.stores.dialects:Blazegraph",
            # Elsewhere, the one service is at the URL that is given.
            path=r"(.*/namespace/[^/]+)(?:/sparql)?/?",
            services=("/sparql", "/sparql", "/sparql"),
            told_by=r".*/namespace/[^/]+(?:/sparql)?/?|.*/(?:bigdata|blazegraph)/sparql/*",
        ),
        Kind(name="generic", title="SPARQL 1.1", store="perezkg.stores.store:TripleStore"),
    )
}
"""The kinds of stores by name, in the order of the help."""


@dataclass(frozen=True, slots=True)
class Services:
    """Where a store is asked and told.

    Attributes:
        kind: What kind of store it is.
        query: Takes SPARQL queries.
        update: Takes SPARQL updates.
        graph_store: Takes and gives graphs by the Graph Store Protocol; empty when there is no such service.
    """

    kind: Kind
    query: str
    update: str
    graph_store: str


def services(
    name: str, url: str, *, authenticated: bool = False, update: str | None = None, graph_store: str | None = None
) -> Services:
    """Return where a store has its services.

    Args:
        name: The name of its kind, a key of `KINDS`.
        url: The URL that the user gave: of the store's data set, or of one of its services.
        authenticated: Whether credentials are sent; Virtuoso has services of its own for that.
        update: The URL for updates, when the user says it.
        graph_store: The URL of the Graph Store Protocol, when the user says it.

    Raises:
        UsageError: There is no such kind, the URL is none of such a store, or one of the others is no URL.

    >>> services("fuseki", "http://localhost:3030/perez/sparql").graph_store
    'http://localhost:3030/perez/data'
    """
    if name not in KINDS:
        raise UsageError(
            f"there is no store {name!r}", hint=nearest(name, KINDS) or f"Choose one of {', '.join(KINDS)}."
        )
    kind = KINDS[name]
    parts = urlsplit(url)
    base = re.fullmatch(kind.path, parts.path) if kind.services else None
    if base and kind.services:
        auth = "-auth" if authenticated else ""
        paths = [base[1] + service.format(auth=auth) for service in kind.services]
        query, own_update, own_graph_store = (
            urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")) for path in paths
        )
    elif kind.lacks:
        raise UsageError(kind.lacks.format(Address(url).shown), hint=kind.hint)
    else:
        query = own_update = url
        own_graph_store = url if kind.services else ""
    if graph_store is None:
        graph_store = own_graph_store
    return Services(kind, query, _checked(update or own_update), _checked(graph_store) if graph_store else "")


def kind_of(url: str, headers: Mapping[str, str]) -> str:
    """Return the name of a store's kind, by what it says of itself and by the path of its URL; else "generic".

    >>> kind_of("http://localhost:7878", {"Server": "oxigraph/0.5.9"})
    'oxigraph'
    """
    path, server = urlsplit(url).path, headers.get("Server", "").lower()
    kinds = KINDS.values()
    told = (
        *(kind.name for kind in kinds if kind.header and kind.header in headers),
        *(kind.name for kind in kinds if any(server.startswith(name.lower()) for name in kind.servers)),
        *(kind.name for kind in kinds if kind.told_by and re.fullmatch(kind.told_by, path)),
    )
    return told[0] if told else "generic"


def _checked(url: str) -> str:
    """Return a URL that can be asked, with the user that it may name: refused here rather than once all is uploaded."""
    Address(url)
    return urldefrag(url.strip()).url
