"""A connection to a store: its address, who asks there, and how long."""

from __future__ import annotations

import os

from perezkg.errors import UsageError
from perezkg.remote.address import Address
from perezkg.remote.client import Client
from perezkg.remote.credentials import Search

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT = 60.0
"""Seconds that a store is given for a whole answer."""

MAX_SIZE = 256
"""The longest answer that is read, in MiB after decompression."""

_MIB = 1 << 20


def open_client(
    url: str,
    *,
    user: str | None = None,
    password: str | None = None,
    token: str | None = None,
    auth: str = "basic",
    ca_file: str | os.PathLike[str] | None = None,
    timeout: float = TIMEOUT,
    max_size: float = MAX_SIZE,
    ask: Callable[[str], str] | None = None,
    tell: Callable[[str], None] | None = None,
) -> tuple[Client, list[str]]:
    """Return what talks to a store, and what a user should know about the connection.

    The arguments and errors are those of `perezkg.connect`.
    """
    address = Address(url)
    search = Search(address, os.environ, ask)
    credentials = search.find(user, password, token)
    client = Client(
        address,
        credentials=credentials,
        scheme=auth,
        ca_file=None if ca_file is None else os.fspath(ca_file),
        timeout=timeout,
        max_size=int(max_size * _MIB),
        tell=tell,
    )
    notices = search.notices
    if credentials is not None and not (address.encrypted or address.local or (auth == "digest" and credentials.user)):
        kind = "password" if credentials.user else "token"
        notices.append(f"the {kind} goes to {address.host} unencrypted: is there an https address?")
    return client, notices


def graph_iri(text: str) -> str:
    """Return the IRI of a graph.

    Raises:
        UsageError: It is none.
    """
    from pyoxigraph import NamedNode

    try:
        return NamedNode(text).value
    except ValueError:
        raise UsageError(
            f"{text!r} is not the IRI of a graph", hint="Write the whole IRI: http://example.org/graph."
        ) from None
