"""All triple stores that tests can start, by the names that `--store` knows."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

import pytest
from tests.servers import blazegraph, fuseki, oxigraph, rdf4j, virtuoso
from tests.servers.server import Server

_REQUIRED = "PEREZKG_REQUIRE_STORES"


class Store(NamedTuple):
    """A kind of triple store.

    Attributes:
        server: How it is started.
        missing: Says why it cannot run here; None when it can.
    """

    server: type[Server]
    missing: Callable[[], str | None]


STORES = {
    "oxigraph": Store(oxigraph.Oxigraph, oxigraph.missing),
    "fuseki": Store(fuseki.Fuseki, fuseki.missing),
    "rdf4j": Store(rdf4j.RDF4J, rdf4j.missing),
    "virtuoso": Store(virtuoso.Virtuoso, virtuoso.missing),
    "blazegraph": Store(blazegraph.Blazegraph, blazegraph.missing),
}


def needed(kind: str) -> type[Server]:
    """Return a kind of server that can run here; skip the test otherwise.

    It fails instead when the environment variable PEREZKG_REQUIRE_STORES, names with spaces between, has the kind.
    """
    server, missing = STORES[kind]
    if reason := missing():
        if kind in os.environ.get(_REQUIRED, "").split():
            pytest.fail(reason)
        pytest.skip(reason)
    return server
