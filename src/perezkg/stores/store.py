"""A triple store that can be written to, by SPARQL and the Graph Store Protocol: what every kind can do and is sent."""

from __future__ import annotations

import os
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from pyoxigraph import Literal

from perezkg.errors import StoreAnswerError, StoreContentError, StoreNotFoundError, UsageError
from perezkg.output import compressed
from perezkg.rdf.canonical import blank_node_groups
from perezkg.resources import function
from perezkg.stores.access import Address
from perezkg.stores.answers import GRAPH_TYPES, RESULT_TYPES, iterate_quads, read_solutions
from perezkg.stores.http import LOAD_TIMEOUT, Message, open_client
from perezkg.stores.kinds import kind_of, services
from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeVar, Unpack

    from perezkg.rdf.canonical import CanonicalLines
    from perezkg.stores.answers import Body, Cells
    from perezkg.stores.http import Client, Connection
    from perezkg.stores.kinds import Services

    T = TypeVar("T")

_LONGEST_UPDATE = 1 << 20
_FILE = b'Content-Disposition: form-data; name="file"; filename="data.nt%b"\r\nContent-Type: application/%b'
_PLAIN = _FILE % (b"", b"n-triples")
_PACKED = _FILE % (b".gz", b"gzip")
# Faster than the network that it is meant for, and still a fifth of the bytes.
_COMPRESSION = 1


class Content:
    """The triples of one graph as N-Triples, in pieces, from the beginning as often as they are asked for.

    Args:
        lines: The triples.
        spelled: Gives whole lines the form in which the store is to be sent them; None leaves them as they are.
        compress: Whether to send them compressed.
        measured: Whether to find out their length beforehand when `spelled` changes it.
        sent: Told after each piece how many bytes of N-Triples have gone, of how many.

    Attributes:
        lines: The triples.
        sent: Who is told.
        headers: What HTTP has to know about the body.
    """

    __slots__ = ("_compress", "_spelled", "headers", "lines", "sent")

    def __init__(
        self,
        lines: CanonicalLines,
        *,
        spelled: Callable[[bytes], bytes] | None = None,
        compress: bool = False,
        measured: bool = False,
        sent: Callable[[int, int], None] | None = None,
    ) -> None:
        self.lines = lines
        self._spelled = spelled
        self._compress = compress
        self.sent = sent
        self.headers = {"Content-Type": "application/n-triples"}
        if compress:
            self.headers["Content-Encoding"] = "gzip"
        elif spelled is None:
            self.headers["Content-Length"] = str(lines.size)
        elif measured:  # Virtuoso takes a body without length for an empty one
            self.headers["Content-Length"] = str(sum(map(len, self._pieces())))

    def __iter__(self) -> Iterator[bytes]:
        return compressed(self._plain(), _COMPRESSION) if self._compress else self._plain()

    def updates(self, graph: str) -> Iterator[bytes]:
        """Yield the triples as updates of SPARQL 1.1 that insert them, each of about a megabyte.

        The label of a blank node holds within one update only, so those that hang together go in one.

        Args:
            graph: How the graph is called in SPARQL: `GRAPH <…>`; empty for the default graph.
        """
        head, tail = (f"INSERT DATA {{ {graph} {{\n".encode(), b"} }") if graph else (b"INSERT DATA {\n", b"}")
        done = 0
        batch: list[bytes] = []
        size = 0
        for whole, part in blank_node_groups(self.lines.blocks()):
            lines = [line + b"\n" for line in part]
            for group in [lines] if whole else [[line] for line in lines]:
                length = sum(map(len, group))
                if batch and size + length > _LONGEST_UPDATE:
                    yield head + b"".join(batch) + tail
                    done += size
                    self._tell(done)
                    batch, size = [], 0
                batch += group
                size += length
        if batch:
            yield head + b"".join(batch) + tail
            self._tell(done + size)

    def _pieces(self) -> Iterator[bytes]:
        pieces = self.lines.pieces()
        return pieces if self._spelled is None else map(self._spelled, pieces)

    def _plain(self) -> Iterator[bytes]:
        done = 0
        for piece in self._pieces():
            yield piece
            done += len(piece)
            self._tell(done)

    def _tell(self, done: int) -> None:
        if self.sent is not None:
            self.sent(done, self.lines.size)


class Form:
    """The triples of one graph as the one file of a form (RFC 7578), whose end is told from the end of the connection.

    Args:
        content: The triples.

    Attributes:
        headers: What HTTP has to know about the body.
    """

    __slots__ = ("_boundary", "_content", "headers")

    def __init__(self, content: Content) -> None:
        self._content = content
        self._boundary = os.urandom(16).hex().encode()
        self.headers = {"Content-Type": f"multipart/form-data; boundary={self._boundary.decode()}"}

    def __iter__(self) -> Iterator[bytes]:
        # A part has no encoding of its own: that it is compressed, the name of the file tells.
        packed = "Content-Encoding" in self._content.headers
        yield b"--%b\r\n%b\r\n\r\n" % (self._boundary, _PACKED if packed else _PLAIN)
        yield from self._content
        yield b"\r\n--%b--\r\n" % self._boundary


# Without the name of the encoding, Tomcat (RDF4J) reads a form as Latin-1.
UPDATE_TYPE = "application/sparql-update; charset=UTF-8"
"""The media type of SPARQL updates."""

_DECIMAL = XSD + "decimal"
_FORM = "application/x-www-form-urlencoded; charset=UTF-8"


class TripleStore:
    """A store that takes graphs by the Graph Store Protocol, or where it has none, by SPARQL Update.

    A graph is named by its IRI, the default graph by an empty string.

    Args:
        client: Talks to the store.
        services: Where it does what.

    Attributes:
        services: Where it does what.
        default_graph: Whether it has a default graph, which is another than all graphs together.
        one_step_uploads: Whether an upload is seen whole or not at all, even when either side is killed meanwhile.
        one_step_updates: Whether a request with updates is.
        isolated: Whether nothing that is done here is seen by others, until it is all kept at once.
        takes_gzip: Whether it takes compressed uploads.
        knows_copy: Whether its COPY and ADD are known to be right; see `copying`.
        deletes_all: Whether all that it gives back is known to be deletable; see `require_deletable`.
        spelled: Gives whole lines of N-Triples the form in which the store is to be sent them: the same values.
        miscounts: Why it may count more triples than it gives back; empty when nothing is known of that.
    """

    default_graph = True
    one_step_uploads = False
    one_step_updates = False
    isolated = False
    takes_gzip = False
    knows_copy = False
    deletes_all = False
    spelled: Callable[[bytes], bytes] | None = None
    miscounts = ""

    def __init__(self, client: Client, services: Services) -> None:
        self.services = services
        self._client = client

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.address.shown}>"

    @property
    def address(self) -> Address:
        """The store, for messages."""
        return self._client.address

    @contextmanager
    def transaction(self) -> Iterator[TripleStore]:
        """Return the store to work with; where it has transactions, one that keeps what is done at the block's end."""
        yield self

    def require(self, graphs: Iterable[str]) -> None:
        """Refuse the default graph of a store that has none.

        Raises:
            UsageError: It is among the graphs.
        """
        if not self.default_graph and "" in graphs:
            raise UsageError(
                f"the default graph of {self.services.kind.title} is all of its graphs together",
                hint="Name one of them: --graph http://example.org/perez",
            )

    def require_deletable(self, graph: str) -> None:
        """Refuse to change a graph that holds what the store cannot delete again; nothing could be put back in it.

        Raises:
            StoreContentError: There are decimals that are not found by what the store says they are.
        """
        if self.deletes_all:
            return
        triple = (
            f"?s ?p ?o FILTER(DATATYPE(?o) = <{_DECIMAL}>) BIND(STRDT(STR(?o), <{_DECIMAL}>) AS ?same) "
            "FILTER NOT EXISTS { ?s ?p ?same }"
        )
        if number := self.number(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern(graph, triple)} }}"):
            raise StoreContentError(
                f"{called(graph)} holds {number:,} triples that this store cannot delete, and so cannot replace",
                path=self.address.shown,
                hint=" ".join(filter(None, (self.miscounts, "Nothing has been changed."))),
            )

    def count(self, graph: str) -> int:
        """Return how many triples a graph has."""
        return self.number(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern(graph)} }}")

    def number(self, query: str) -> int:
        """Return the number that a query answers with as `?n`."""
        rows = self.rows(query, ("n",))
        term = rows[0][0] if len(rows) == 1 else None
        if not isinstance(term, Literal) or not term.value.isdecimal():
            raise StoreAnswerError(
                "the store does not count",
                path=Address(self.services.query).shown,
                hint="Is --store right, and the URL that of the dataset?",
            )
        return int(term.value)

    def rows(self, query: str, names: tuple[str, ...]) -> list[Cells]:
        """Return the rows that a query answers with, in columns of these names."""
        return self.exchange(self._question(query, RESULT_TYPES), lambda body: read_solutions(body, names))[1]

    def lacking(self, graph: str, other: str) -> int:
        """Return how many triples a graph lacks that another, a named graph, has."""
        return self.number(
            f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern(other)} FILTER NOT EXISTS {{ {pattern(graph)} }} }}"
        )

    def read(self, graph: str, lines: CanonicalLines) -> None:
        """Read a graph back, into lines."""
        try:
            # Should the connection end on the way, the lines hold a part already: they cannot be read a second time.
            self.exchange(self._request(graph), lambda body: lines.add(iterate_quads(body)), again=False)
        except StoreNotFoundError:  # which is what the Graph Store Protocol says to a graph without triples
            if self.count(graph):
                raise

    def put(self, graph: str, content: Content) -> None:
        """Make a graph hold this and nothing else."""
        if self.services.graph_store:
            self._upload("PUT", self.graph_url(graph), content)
            return
        name = f"GRAPH <{graph}>" if graph else ""
        self.clear(graph)
        for text in content.updates(name):
            # A blank node that is inserted twice becomes two.
            self._update(text, again=b"_:" not in text)

    def clear(self, graph: str) -> None:
        """Empty a graph."""
        self.update(f"CLEAR SILENT {named(graph)}")

    def copying(self, sources: Mapping[str, str], *, add: bool = False) -> str:
        """Return the update that makes graphs hold what others hold, or adds that to them.

        COPY is defined as this CLEAR and INSERT.

        Args:
            sources: For each graph, the named graph that holds it; empty for a graph that is to hold nothing: to many
                stores, a graph without triples is none, and cannot be copied.
            add: Whether to add.
        """
        steps = []
        for graph, source in sources.items():
            if self.knows_copy and source:
                steps.append(f"{'ADD' if add else 'COPY'} {named(source)} TO {named(graph)}")
                continue
            if not add:
                steps.append(f"CLEAR SILENT {named(graph)}")
            if source:
                steps.append(f"INSERT {{ {pattern(graph)} }} WHERE {{ {pattern(source)} }}")
        return "; ".join(steps)

    def update(self, text: str) -> None:
        """Have a SPARQL update done, which done twice leaves the store as if it were done once."""
        self._update(text.encode())

    def graph_url(self, graph: str) -> str:
        """Return the URL of a graph by the Graph Store Protocol."""
        return extended(self.services.graph_store, {"graph": graph} if graph else {"default": None})

    def exchange(self, message: Message, read: Callable[[Body], T], *, again: bool = True) -> T:
        """Send a message; see `perezkg.stores.http.Client.exchange`."""
        return self._client.exchange([message], read, again=again)

    @property
    def _plain(self) -> dict[str, str]:
        """The header that spares both sides compression where nothing is won by it."""
        return {"Accept-Encoding": "identity"} if self.address.local else {}

    def _request(self, graph: str) -> Message:
        """Return what asks for a graph."""
        if not self.services.graph_store:
            return self._construction(graph, GRAPH_TYPES)
        return self._message("GET", self.graph_url(graph), {"Accept": GRAPH_TYPES, **self._plain})

    def _construction(self, graph: str, accept: str) -> Message:
        return self._question(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern(graph)} }}", accept)

    def _question(self, query: str, accept: str) -> Message:
        headers = {"Accept": accept, "Content-Type": _FORM, **self._plain}
        return self._message("POST", self.services.query, headers, urlencode({"query": query}).encode())

    def _update(self, text: bytes, *, again: bool = True) -> None:
        headers = {"Content-Type": UPDATE_TYPE, "Accept": "*/*"}
        message = self._message("POST", self.services.update, headers, text, what="update")
        self.exchange(message, nothing, again=again)

    def _upload(self, method: str, url: str, content: Content | Form, *, again: bool = True) -> None:
        headers = {**content.headers, "Accept": "*/*"}
        self.exchange(self._message(method, url, headers, content, what="upload"), nothing, again=again)

    @staticmethod
    def _message(
        method: str,
        url: str,
        headers: dict[str, str],
        content: bytes | Iterable[bytes] | None = None,
        *,
        what: str = "query",
    ) -> Message:
        """Return a message to one of the store's services, which is named when it fails."""
        return Message(method, url, headers, content, what=what, address=Address(url))


def pattern(graph: str, triple: str = "?s ?p ?o") -> str:
    """Return a pattern of SPARQL that matches the triples of a graph.

    >>> pattern("http://example.org/g")
    'GRAPH <http://example.org/g> { ?s ?p ?o }'
    """
    return f"GRAPH <{graph}> {{ {triple} }}" if graph else triple


def named(graph: str) -> str:
    """Return how CLEAR and its like name a graph.

    >>> named("")
    'DEFAULT'
    """
    return f"GRAPH <{graph}>" if graph else "DEFAULT"


def called(graph: str) -> str:
    """Return how people call a graph."""
    return f"the graph {graph}" if graph else "the default graph"


def extended(url: str, fields: Mapping[str, str | None]) -> str:
    """Return a URL with further fields; None stands for a field without a value."""
    text = "&".join(name if value is None else f"{name}={quote(value, safe='')}" for name, value in fields.items())
    return f"{url}{'&' if '?' in url else '?'}{text}"


def nothing(body: Body) -> None:
    """Read what a store answers to a change, and make nothing of it."""
    while body.read(1 << 16):
        pass


# Graphs are read back piece by piece, and never held whole.
_NO_LIMIT = 1 << 40


@contextmanager
def open_store(
    url: str,
    *,
    kind: str | None = None,
    update_url: str | None = None,
    graph_store_url: str | None = None,
    **connection: Unpack[Connection],
) -> Iterator[tuple[TripleStore, list[str]]]:
    """Open a store for the block; yield it, and what a user should know about the connection.

    Args:
        url: Of the store's data set, repository or namespace, or of one of its services.
        kind: One of `perezkg.stores.kinds.KINDS`; None looks for it.
        update_url: Where the store takes updates, when that does not follow from the URL.
        graph_store_url: Where it speaks the Graph Store Protocol; empty when it does not.
        connection: Who asks, whom to trust and how long to wait; a store's answers may be of any length.

    Raises:
        UsageError: The URL is none of such a store.
        RemoteStoreError: The store does not answer.
    """
    connection.setdefault("timeout", LOAD_TIMEOUT)
    connection["max_size"] = _NO_LIMIT
    client, notices = open_client(url, **connection)
    try:
        if kind is None:
            kind = kind_of(client.address.url, client.headers())
        found = services(
            kind, client.address.url, authenticated=client.authenticated, update=update_url, graph_store=graph_store_url
        )
        yield function(found.kind.store)(client, found), notices
    finally:
        client.close()
