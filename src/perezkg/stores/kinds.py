"""From a URL to a store that can be written to: which kind it is, and where its services are."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import partial

from perezkg.stores.http import LOAD_TIMEOUT, open_client
from perezkg.stores.rdf4j import Rdf4j
from perezkg.stores.services import kind_of, services
from perezkg.stores.store import TripleStore, extended, pattern
from perezkg.stores.upload import Content, Form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from perezkg.stores.http import Client, Message
    from perezkg.stores.services import Services
    from perezkg.stores.store import TripleStore

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


class Fuseki(TripleStore):
    """Apache Jena Fuseki: every request is a transaction.

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

    one_step_uploads = True
    one_step_updates = True
    takes_gzip = True
    spelled = staticmethod(xsd_1_0_decimals)
    miscounts = (
        "TDB2 cannot delete a decimal that was loaded as 4570 or 4570.00 rather than 4570.0 (jena issue 3404): "
        "were some loaded by other means than this? A new dataset has none."
    )

    def put(self, graph: str, content: Content) -> None:
        """Make a graph hold this and nothing else."""
        self._upload("PUT", self.graph_url(graph), Form(content))

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


class Oxigraph(TripleStore):
    """The server of Oxigraph: every request is a transaction."""

    one_step_uploads = True
    one_step_updates = True
    takes_gzip = True
    knows_copy = True
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


_KINDS: dict[str, type[TripleStore]] = {
    "fuseki": Fuseki,
    "rdf4j": Rdf4j,
    "graphdb": Rdf4j,
    "virtuoso": Virtuoso,
    "oxigraph": Oxigraph,
    "blazegraph": Blazegraph,
    "generic": TripleStore,
}


def store_of(client: Client, services: Services) -> TripleStore:
    """Return the store of a kind."""
    return _KINDS[services.kind](client, services)


# Graphs are read back piece by piece, and never held whole.
_NO_LIMIT = 1 << 40


@contextmanager
def open_store(
    url: str,
    *,
    kind: str | None = None,
    update_url: str | None = None,
    graph_store_url: str | None = None,
    timeout: float = LOAD_TIMEOUT,
    **connection: Any,  # noqa: ANN401 - handed on as it is
) -> Iterator[tuple[TripleStore, list[str]]]:
    """Open a store for the block; yield it, and what a user should know about the connection.

    Args:
        url: Of the store's data set, repository or namespace, or of one of its services.
        kind: One of `perezkg.stores.services.KINDS`; None looks for it.
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
