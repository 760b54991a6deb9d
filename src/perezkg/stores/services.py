"""The kinds of triple stores, and where each has its services: from the one URL that a user gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit, urlunsplit

from perezkg.errors import UsageError, nearest
from perezkg.stores.access import Address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: dict[str, str] = {
    "fuseki": "Apache Jena Fuseki",
    "rdf4j": "RDF4J",
    "graphdb": "GraphDB",
    "virtuoso": "Virtuoso",
    "oxigraph": "Oxigraph",
    "blazegraph": "Blazegraph",
    "generic": "SPARQL 1.1",
}
"""The kinds of stores by the names that `--store` takes, each with the name that people know it by."""

_REPOSITORY = re.compile(r"(.*/repositories/[^/]+)(?:/(?:statements|transactions|rdf-graphs/service))?/?\Z")
_NAMESPACE = re.compile(r"(.*/namespace/[^/]+)(?:/sparql)?/?\Z")
_FUSEKI = re.compile(r"(.+?)(?:/(?:sparql|query|update|data|get|upload))?/?\Z")
_OXIGRAPH = re.compile(r"(.*?)(?:/(?:query|update|store|sparql))?/?\Z")
_VIRTUOSO = re.compile(r"(.*?)(?:/sparql(?:-auth|-graph-crud|-graph-crud-auth)?)?/?\Z")

# What a store says of itself in the header Server, as a beginning.
_SERVERS = (
    ("Apache Jena Fuseki", "fuseki"),
    ("Fuseki", "fuseki"),
    ("oxigraph", "oxigraph"),
    ("Virtuoso", "virtuoso"),
    ("GraphDB", "graphdb"),
)


@dataclass(frozen=True, slots=True)
class Services:
    """Where a store is asked and told.

    Attributes:
        kind: One of `KINDS`.
        query: Takes SPARQL queries.
        update: Takes SPARQL updates.
        graph_store: Takes and gives graphs by the Graph Store Protocol; empty when there is no such service.
    """

    kind: str
    query: str
    update: str
    graph_store: str


def services(
    kind: str, url: str, *, authenticated: bool = False, update: str | None = None, graph_store: str | None = None
) -> Services:
    """Return where a store has its services.

    Args:
        kind: One of `KINDS`.
        url: The URL that the user gave: of the store's data set, or of one of its services.
        authenticated: Whether credentials are sent; Virtuoso has services of its own for that.
        update: The URL for updates, when the user says it.
        graph_store: The URL of the Graph Store Protocol, when the user says it.

    Raises:
        UsageError: There is no such kind, the URL is none of such a store, or one of the others is no URL.

    >>> services("fuseki", "http://localhost:3030/perez/sparql").graph_store
    'http://localhost:3030/perez/data'
    """
    if kind not in KINDS:
        raise UsageError(
            f"there is no store {kind!r}", hint=nearest(kind, KINDS) or f"Choose one of {', '.join(KINDS)}."
        )
    parts = urlsplit(url)

    def at(path: str) -> str:
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))

    if kind == "fuseki":
        base = _matched(_FUSEKI, parts.path)
        if base in ("", "/"):
            raise UsageError(
                f"{Address(url).shown} names no dataset", hint="Write it behind: http://localhost:3030/DATASET"
            )
        found = at(f"{base}/sparql"), at(f"{base}/update"), at(f"{base}/data")
    elif kind in ("rdf4j", "graphdb"):
        base = _matched(_REPOSITORY, parts.path)
        if not base:
            raise UsageError(
                f"{Address(url).shown} names no repository", hint="Write it: http://localhost:7200/repositories/NAME"
            )
        found = at(base), at(f"{base}/statements"), at(f"{base}/statements")
    elif kind == "virtuoso":
        base, auth = _matched(_VIRTUOSO, parts.path), "-auth" if authenticated else ""
        found = at(f"{base}/sparql{auth}"), at(f"{base}/sparql{auth}"), at(f"{base}/sparql-graph-crud{auth}")
    elif kind == "oxigraph":
        base = _matched(_OXIGRAPH, parts.path)
        found = at(f"{base}/query"), at(f"{base}/update"), at(f"{base}/store")
    elif kind == "blazegraph":
        base = _matched(_NAMESPACE, parts.path)
        service = at(f"{base}/sparql") if base else url
        found = service, service, service
    else:
        found = url, url, ""
    query, own_update, own_graph_store = found
    if graph_store is None:
        graph_store = own_graph_store
    return Services(kind, query, _checked(update or own_update), _checked(graph_store) if graph_store else "")


def kind_of(url: str, headers: Mapping[str, str]) -> str:
    """Return the kind of a store by the path of its URL and by what it says of itself; "generic" when neither tells.

    >>> kind_of("http://localhost:7878", {"Server": "oxigraph/0.5.9"})
    'oxigraph'
    """
    path = urlsplit(url).path
    if "Fuseki-Request-Id" in headers:
        return "fuseki"
    server = headers.get("Server", "")
    for beginning, kind in _SERVERS:
        if server.lower().startswith(beginning.lower()):
            return kind
    if _REPOSITORY.fullmatch(path):
        return "rdf4j"
    if _NAMESPACE.fullmatch(path) or path.rstrip("/").endswith(("/bigdata/sparql", "/blazegraph/sparql")):
        return "blazegraph"
    return "generic"


def _checked(url: str) -> str:
    """Return a URL that can be asked, with the user that it may name: refused here rather than once all is uploaded."""
    Address(url)
    return urldefrag(url.strip()).url


def _matched(pattern: re.Pattern[str], path: str) -> str:
    found = pattern.fullmatch(path)
    return found[1] if found else ""
