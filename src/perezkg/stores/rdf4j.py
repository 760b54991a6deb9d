"""RDF4J and GraphDB: transactions over HTTP, and their own way to name graphs.

https://rdf4j.org/documentation/reference/rest-api/ describes the service.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from threading import Event, Thread

from perezkg.errors import RemoteStoreError
from perezkg.store_errors import StoreAnswerError, StoreBusyError, StoreConnectionLostError, StoreTimeoutError
from perezkg.stores.access import Address
from perezkg.stores.answers import GRAPH_TYPES
from perezkg.stores.store import UPDATE_TYPE, TripleStore, extended, nothing, pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from perezkg.stores.answers import Body
    from perezkg.stores.http import Client, Message
    from perezkg.stores.services import Services
    from perezkg.stores.upload import Content

    T = TypeVar("T")

# The default graph of RDF4J has no name: its service calls it null, and SPARQL finds it under this IRI.
_NO_CONTEXT = "null"
_NIL = "http://rdf4j.org/schema/rdf4j#nil"
PING_EVERY = 20.0
"""Seconds: how often a transaction is kept from being forgotten, which happens after a minute without a request."""
# Nobody reads the answer to that, and the end of a transaction must not wait for it.
_PING_TIMEOUT = 10.0


class Rdf4j(TripleStore):
    """A repository: what is loaded goes through a transaction."""

    one_step_uploads = True
    one_step_updates = True
    knows_copy = True
    deletes_all = True

    def count(self, graph: str) -> int:
        """Return how many triples a graph has; without FROM, a query would be about all graphs together."""
        return self.number(f"SELECT (COUNT(*) AS ?n) {_from(graph)} WHERE {{ ?s ?p ?o }}")

    def lacking(self, graph: str, other: str) -> int:
        """Return how many triples a graph lacks that another, a named graph, has."""
        where = f"WHERE {{ {pattern(other)} FILTER NOT EXISTS {{ ?s ?p ?o }} }}"
        return self.number(f"SELECT (COUNT(*) AS ?n) {_from(graph)} FROM NAMED <{other}> {where}")  # noqa: S608 - IRIs, checked

    def graph_url(self, graph: str) -> str:
        """Return the URL of a graph."""
        return extended(self.services.graph_store, _context(graph))

    @contextmanager
    def transaction(self) -> Iterator[TripleStore]:
        """Begin a transaction; commit it at the end of the block, or roll it back when the block fails."""
        url = _below(self.services.query, "transactions")
        begin = self._message("POST", url, {"Accept": "*/*"}, b"", what="update")
        name = self.exchange(begin, _name, again=False)
        if not name:
            raise StoreAnswerError(
                "the store begins no transaction",
                path=Address(url).shown,
                hint="Is --store right, and the URL that of a repository? A proxy before it may answer in its place.",
            )
        session = _Transaction(self._client, self.services, name)
        try:
            with _kept_open(session):
                yield session
        except BaseException:
            with suppress(RemoteStoreError):  # the store forgets it by itself, after a minute
                session.roll_back()
            raise
        session.commit()


class _Transaction(Rdf4j):
    """A transaction: what is done in it is seen in it alone, until it is committed.

    Nothing is sent again here: whether the first time counted cannot be known, and rolling back is always right.
    """

    def __init__(self, client: Client, services: Services, name: str) -> None:
        super().__init__(client, services)
        self._url = _below(services.query, f"transactions/{name}")

    @property
    def isolated(self) -> bool:
        return True

    def put(self, graph: str, content: Content) -> None:
        """Make a graph hold this and nothing else."""
        self.clear(graph)
        self._upload("PUT", self._action("ADD", graph), content, again=False)

    def exchange(self, message: Message, read: Callable[[Body], T], *, again: bool = False) -> T:
        """Send a message, once."""
        del again
        return super().exchange(message, read, again=False)

    def ping(self) -> None:
        """Have the store not forget it."""
        message = self._message("PUT", extended(self._url, {"action": "PING"}), {"Accept": "*/*"}, b"", what="update")
        message.timeout = _PING_TIMEOUT
        self.exchange(message, nothing)

    def commit(self) -> None:
        """Keep all that was done, in one step."""
        try:
            self._do("PUT", extended(self._url, {"action": "COMMIT"}))
        except (StoreTimeoutError, StoreConnectionLostError, StoreBusyError) as error:
            error.message += "; the change may have been made all the same"
            error.args = (error.message,)
            error.hint = f"{error.hint}\n`perezkg diff URL` tells whether it was.".strip()
            raise

    def roll_back(self) -> None:
        """Forget all that was done."""
        self._do("DELETE", self._url)

    def _update(self, text: bytes, *, again: bool = False) -> None:  # noqa: ARG002 - see the class
        self._do("PUT", extended(self._url, {"action": "UPDATE"}), text)

    def _question(self, query: str, accept: str) -> Message:
        url = extended(self._url, {"action": "QUERY"})
        headers = {"Accept": accept, "Content-Type": "application/sparql-query; charset=UTF-8", **self._plain}
        return self._message("PUT", url, headers, query.encode())

    def _request(self, graph: str) -> Message:
        return self._message("PUT", self._action("GET", graph), {"Accept": GRAPH_TYPES, **self._plain}, b"")

    def _action(self, name: str, graph: str) -> str:
        return extended(self._url, {"action": name, **_context(graph)})

    def _do(self, method: str, url: str, text: bytes = b"") -> None:
        headers = {"Content-Type": UPDATE_TYPE, "Accept": "*/*"}
        self.exchange(self._message(method, url, headers, text, what="update"), nothing)


@contextmanager
def _kept_open(session: _Transaction) -> Iterator[None]:
    """Keep a transaction open for the block, in which this side may be at work for long without a word to the store."""
    over = Event()

    def ping() -> None:
        while not over.wait(PING_EVERY):
            with suppress(RemoteStoreError):  # the next request of the block tells
                session.ping()

    thread = Thread(target=ping, name="perezkg-ping", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _from(graph: str) -> str:
    return f"FROM <{graph or _NIL}>"


def _context(graph: str) -> dict[str, str | None]:
    return {"context": f"<{graph}>" if graph else _NO_CONTEXT, "infer": "false"}


def _below(url: str, path: str) -> str:
    """Return the URL of a path below another; a key in the query of that goes along."""
    base, mark, query = url.partition("?")
    return f"{base}/{path}{mark}{query}"


def _name(body: Body) -> str:
    """Return the name of a transaction that was begun; the rest of its address may be that behind a proxy."""
    nothing(body)
    name: str = body.headers.get("Location", "").partition("?")[0].rstrip("/").rpartition("/")[2]
    return name
