"""From a URL to a store that can be written to: which kind it is, and where its services are."""

from __future__ import annotations

from contextlib import contextmanager

from perezkg.remote.connection import open_client
from perezkg.transfer.kinds import store_of
from perezkg.transfer.services import kind_of, services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from perezkg.transfer.store import TripleStore

TIMEOUT = 3600.0
"""Seconds that one request of a load is given: an upload is one, from its first byte to the store's answer."""

# Graphs are read back piece by piece, and never held whole.
_NO_LIMIT = 1 << 40


@contextmanager
def open_store(
    url: str,
    *,
    kind: str | None = None,
    update_url: str | None = None,
    graph_store_url: str | None = None,
    timeout: float = TIMEOUT,
    **connection: Any,  # noqa: ANN401 - handed on as it is
) -> Iterator[tuple[TripleStore, list[str]]]:
    """Open a store for the block; yield it, and what a user should know about the connection.

    Args:
        url: Of the store's data set, repository or namespace, or of one of its services.
        kind: One of `perezkg.transfer.services.KINDS`; None looks for it.
        update_url: Where the store takes updates, when that does not follow from the URL.
        graph_store_url: Where it speaks the Graph Store Protocol; empty when it does not.
        timeout: Seconds for each request.
        connection: Who asks, as `perezkg.connect` takes it.

    Raises:
        UsageError: The URL is none of such a store.
        RemoteStoreError: The store does not answer.
    """
    client, notices = open_client(url, timeout=timeout, max_size=_NO_LIMIT, **connection)
    try:
        if kind is None:
            kind = kind_of(client.address.url, client.headers())
        found = services(
            kind, client.address.url, authenticated=client.authenticated, update=update_url, graph_store=graph_store_url
        )
        yield store_of(client, found), notices
    finally:
        client.close()
