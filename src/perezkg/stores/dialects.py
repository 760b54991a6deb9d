"""What kinds of stores do beyond, or otherwise than, the standards: a class each.

https://rdf4j.org/documentation/reference/rest-api/ describes the service of RDF4J and GraphDB.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from functools import partial
from threading import Event, Thread

from perezkg import errors
from perezkg.stores.access import Address
from perezkg.stores.answers import GRAPH_TYPES
from perezkg.stores.store import UPDATE_TYPE, Content, Form, TripleStore, extended, nothing, pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    from perezkg.stores.answers import Body
    from perezkg.stores.http import Client, Message
    from perezkg.stores.kinds import Services

    T = TypeVar("T")

# A quotation mark behind a space begins a literal; one within a literal has a backslash before it.
_DECIMAL = re.compile(
    rb'(?<= )"([+-]?)(?=\.?[0-9])0*+([0-9]*+)(?:\.([0-9]*+))?"(\^\^<http://www\.w3\.org/2001/XMLSchema#decimal> \.)$',
    re.MULTILINE,
)


def xsd_1_0_decimals(lines: bytes) -> bytes:
    """Return lines of N-Triples with decimals as XML Schema 1.0 wrote them: a point, and a digit on either side.

    >>> xsd_1_0_decimals(b'<s:> <p:> "4570"^^<http://www.w3.org/2001/XMLSchema#decimal> .')
    b'<s:> <p:> "4570.0"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    """
    return _DECIMAL.sub(_decimal, lines)


def _decimal(match: re.Match[bytes]) -> bytes:
    sign, whole, digits, rest = match.groups()
    fraction = (digits or b"").rstrip(b"0")
    if not whole and not fraction:
        sign = b""
    return b'"%b%b.%b"%b' % (sign if sign == b"-" else b"", whole or b"0", fraction or b"0", rest)


class _OneOperation(TripleStore):
    """A store in which every request is a transaction, and a graph is best changed by one operation.

    That leaves alone what a graph is to keep. So of two such updates at once, each of which changes what it found when
    it began, the graph is what one of them made of it; of two COPY it was both together (Oxigraph 0.5).
    """

    one_step_uploads = True
    one_step_updates = True
    takes_gzip = True

    def copying(self, sources: Mapping[str, str], *, add: bool = False) -> str:
        """Return the update that makes graphs hold what others hold, or adds that to them: one operation."""
        deleted, inserted, found = [], [], []
        for number, (graph, source) in enumerate(sources.items()):
            old, new = f"?a{number} ?b{number} ?c{number}", f"?s{number} ?p{number} ?o{number}"
            if source:
                inserted.append(pattern(graph, new))
                found.append(f"{{ {pattern(source, new)} FILTER NOT EXISTS {{ {pattern(graph, new)} }} }}")
            if not add:
                deleted.append(pattern(graph, old))
                kept = f" FILTER NOT EXISTS {{ {pattern(source, old)} }}" if source else ""
                found.append(f"{{ {pattern(graph, old)}{kept} }}")
        if not found:
            return ""
        return f"DELETE {{ {' '.join(deleted)} }} INSERT {{ {' '.join(inserted)} }} WHERE {{ {' UNION '.join(found)} }}"


class Fuseki(_OneOperation):
    """Apache Jena Fuseki.

    Where the connection ends is where the request ends, to it: of an upload that is cut off it keeps the lines that
    have come, none perhaps; of an update, the operations (5.6.0). That the length was told, or that the end of chunks
    or of gzip is missing, makes no difference. So what is shown to readers is one operation, no part of which can be
    read as an update, and uploads are forms: their end is not missed. Only of a form that ends within the line that
    begins it, an empty graph is made; so forms go to graphs that are empty, or that nobody reads.

    In TDB2, COPY and MOVE to a named graph that holds something lose triples, as does CLEAR with ADD behind it in one
    request; CLEAR with INSERT behind it does not (5.6.0), nor does one operation that deletes and inserts. That has to
    have in memory what it changes, which is why it leaves alone what both graphs have.

    It keeps a decimal by its digits and gives it back as 4570.0. So one that came as 4570 or 4570.00 can neither be
    found nor deleted by what it gives back (https://github.com/apache/jena/issues/3404; so in 5.6.0).
    """

    spelled = staticmethod(xsd_1_0_decimals)
    miscounts = (
        "TDB2 cannot delete a decimal that was loaded as 4570 or 4570.00 rather than 4570.0 (jena issue 3404): "
        "were some loaded with another tool? A new dataset has none."
    )

    def put(self, graph: str, content: Content) -> None:
        """Make a graph hold this and nothing else."""
        self._upload("PUT", self.graph_url(graph), Form(content))


class Oxigraph(_OneOperation):
    """The server of Oxigraph."""

    deletes_all = True


# A duration of days and less that is not negative, of a node with an IRI.
_DURATION = re.compile(
    rb'^(<[^<> ]*> <[^<> ]*> "P(?=[0-9T])(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?)'
    rb'("\^\^<http://www\.w3\.org/2001/XMLSchema#dayTimeDuration> \.\n)',
    re.MULTILINE,
)
# Its parser of SPARQL has room for about 5,000 triples.
_LONGEST_INSERT = 1000


class Virtuoso(TripleStore):
    """Virtuoso: its default graph is all graphs together, and changes are committed one by one.

    A duration that comes in a file is given back as a number which is none of its seconds (7.2.5: 4636.16 for
    PT1H17M16S). One that comes in an update, its seconds with a fraction, is kept; so those come after the rest.
    """

    default_graph = False
    knows_copy = True
    deletes_all = True

    def put(self, graph: str, content: Content) -> None:
        """Make a graph hold this and nothing else."""
        rest = Content(content.lines, spelled=partial(_DURATION.sub, b""), measured=True, sent=content.sent)
        if rest.headers["Content-Length"] == "0":
            self.clear(graph)
        else:
            self._upload("PUT", self.graph_url(graph), rest)
        batch: list[bytes] = []
        for piece in content.lines.pieces():
            batch += (_with_fraction(*match.groups()) for match in _DURATION.finditer(piece))
            while len(batch) >= _LONGEST_INSERT:
                self._insert(graph, batch[:_LONGEST_INSERT])
                del batch[:_LONGEST_INSERT]
        if batch:
            self._insert(graph, batch)

    def _insert(self, graph: str, lines: list[bytes]) -> None:
        self._update(b"INSERT DATA { GRAPH <%b> {\n%b} }" % (graph.encode(), b"".join(lines)))


def _with_fraction(duration: bytes, rest: bytes) -> bytes:
    """Return a line with a duration whose seconds have a fraction: PT5S as PT5.0S."""
    begin, mark, value = duration.rpartition(b'"')
    if not value.endswith(b"S"):
        value += b"0S" if b"T" in value else b"T0S"
    if b"." not in value:
        value = value[:-1] + b".0S"
    return begin + mark + value + rest


class Blazegraph(TripleStore):
    """Blazegraph: its default graph is all graphs together, and its service for graphs is one of its own."""

    default_graph = False
    one_step_uploads = True
    one_step_updates = True
    knows_copy = True
    deletes_all = True

    def put(self, graph: str, content: Content) -> None:
        """Make a graph hold this and nothing else."""
        self.clear(graph)
        # It knows N-Triples only by a name that means ASCII to it; but they are Turtle as well.
        content.headers["Content-Type"] = "text/turtle"
        self._upload("POST", self.graph_url(graph), content, again=False)

    def graph_url(self, graph: str) -> str:
        """Return the URL that takes triples for a graph."""
        return extended(self.services.graph_store, {"context-uri": graph})

    def _request(self, graph: str) -> Message:
        # What it writes as N-Triples cannot be read where a character is beyond U+FFFF.
        return self._construction(graph, "text/turtle")


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
            raise errors.StoreAnswerError(
                "the store does not begin a transaction",
                path=Address(url).shown,
                hint="Is --store right, and the URL that of a repository? A proxy may answer in its place.",
            )
        session = _Transaction(self._client, self.services, name)
        try:
            with _kept_open(session):
                yield session
        except BaseException as error:
            with suppress(errors.RemoteStoreError):  # the store forgets it by itself, after a minute
                session.roll_back()
            if isinstance(error, KeyboardInterrupt):
                error.add_note("Nothing has been changed.")
            raise
        session.commit()


class _Transaction(Rdf4j):
    """A transaction: what is done in it is seen in it alone, until it is committed.

    Nothing is sent again here: whether the first time counted cannot be known, and rolling back is always right.
    """

    isolated = True

    def __init__(self, client: Client, services: Services, name: str) -> None:
        super().__init__(client, services)
        self._url = _below(services.query, f"transactions/{name}")

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
        except (errors.StoreTimeoutError, errors.StoreConnectionLostError, errors.StoreBusyError) as error:
            error.message = f"{error.message}; the change may have been made anyway"
            error.args = (error.message,)
            error.hint = f"{error.hint}\n`perezkg diff URL` tells whether it was.".strip()
            raise
        except KeyboardInterrupt as error:
            error.add_note("The change may have been made anyway; `perezkg diff URL` tells whether it was.")
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
            with suppress(errors.RemoteStoreError):  # the next request of the block tells
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
