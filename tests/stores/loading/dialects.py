"""What stores understand, on top of a pyoxigraph store: SPARQL 1.1, the Graph Store Protocol, RDF4J's transactions."""

from __future__ import annotations

import gzip
import re
from itertools import count
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QueryTriples, RdfFormat, Store, parse, serialize
from pyoxigraph import QueryResultsFormat as Results

Graph = NamedNode | DefaultGraph

NTRIPLES = "application/n-triples"
JSON = "application/sparql-results+json"
_NIL = "http://rdf4j.org/schema/rdf4j#nil"
_SOURCE = re.compile(rb"\A(?:COPY|ADD) GRAPH <([^>]*)>|; (?:COPY|ADD) GRAPH <([^>]*)>")


class Request(NamedTuple):
    """What a store was sent."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path of the URL."""
        return urlsplit(self.target).path

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the URL and of a form."""
        found = parse_qs(urlsplit(self.target).query, keep_blank_values=True)
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            found |= parse_qs(self.body.decode())
        return {name: values[0] for name, values in found.items()}


class Reply(NamedTuple):
    """What a store answers."""

    status: int = 200
    content: bytes = b""
    media: str = "text/plain"
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed


_CHANGE = re.compile(rb"\ADELETE \{ .*\} INSERT \{ .*:(new|former)>")


def shown(update: bytes) -> str:
    """Return what an update of an Oxigraph server shows readers: what is "new", or "former"; else nothing."""
    found = _CHANGE.match(update)
    return found[1].decode() if found else ""


def graph_of(name: str) -> Graph:
    """Return a graph by its IRI; the default graph is called by nothing."""
    return NamedNode(name) if name else DefaultGraph()


class Dialect:
    """A store that speaks SPARQL 1.1 and the Graph Store Protocol.

    Args:
        data: What it holds.
        union: Whether its default graph is all graphs together.
        strict: Whether copying from a graph that does not exist is an error, as SPARQL says, or copies nothing.
    """

    def __init__(self, data: Store, *, union: bool = False, strict: bool = False) -> None:
        self.data = data
        self.union = union
        self.strict = strict

    def answer(self, request: Request) -> Reply:
        """Do what is asked for."""
        return self._answer(self.data, request)

    def _answer(self, data: Store, request: Request) -> Reply:
        fields = request.fields
        if request.path.endswith(("/store", "/data", "/sparql-graph-crud", "/sparql-graph-crud-auth")):
            return self.graph(data, request, graph_of(fields.get("graph", "")))
        if "context-uri" in fields:
            return self.graph(data, request, graph_of(fields["context-uri"]))
        if "query" in fields:
            return self.query(data, fields["query"])
        if request.headers.get("content-type", "").startswith("application/sparql-update"):
            return self.update(data, request.body)
        return Reply(200, b"<title>A store</title>", "text/html")

    def query(self, data: Store, text: str) -> Reply:
        """Answer a query."""
        answer = data.query(text, use_default_graph_as_union=self.union)
        if isinstance(answer, QueryTriples):
            return Reply(200, serialize(answer, format=RdfFormat.N_TRIPLES) or b"", NTRIPLES)
        return Reply(200, answer.serialize(format=Results.JSON) or b"", JSON)

    def update(self, data: Store, text: bytes) -> Reply:
        """Do an update, in one step."""
        if self.strict:
            for match in _SOURCE.finditer(text):
                name = (match[1] or match[2]).decode()
                if not data.contains_named_graph(NamedNode(name)):
                    return Reply(500, f"No such graph: {name}".encode())
        try:
            data.update(text.decode())
        except SyntaxError as error:
            return Reply(400, str(error).encode())
        self.forget_empty_graphs(data)
        return Reply(204)

    def graph(self, data: Store, request: Request, graph: Graph) -> Reply:
        """Speak the Graph Store Protocol."""
        there = isinstance(graph, DefaultGraph) or data.contains_named_graph(graph)
        if request.method == "GET":
            if not there:
                return Reply(404, b"no such graph")
            quads = [quad.triple for quad in data.quads_for_pattern(None, None, None, graph)]
            return Reply(200, serialize(quads, format=RdfFormat.N_TRIPLES) or b"", NTRIPLES)
        if request.method == "DELETE":
            data.clear_graph(graph)
            return Reply(204 if there else 404)
        try:
            sent = parsed(request, graph)
        except SyntaxError as error:
            return Reply(400, str(error).encode())
        if request.method == "PUT":
            data.clear_graph(graph)
        data.extend(sent)
        self.forget_empty_graphs(data)
        return Reply(204)

    def forget_empty_graphs(self, data: Store) -> None:
        """Have no graph that has no triples, as most stores."""
        for graph in list(data.named_graphs()):
            if next(iter(data.quads_for_pattern(None, None, None, graph)), None) is None:
                data.remove_graph(graph)


class Transactions(Dialect):
    """A store with the transactions of RDF4J; its default graph is all graphs together unless a query says otherwise.

    Attributes:
        open: The state that each transaction sees, by its name.
    """

    def __init__(self, data: Store) -> None:
        super().__init__(data, union=True)
        self.open: dict[str, Store] = {}
        self._names = count(1)

    def answer(self, request: Request) -> Reply:
        """Do what is asked for, within a transaction or outside."""
        base, inside, rest = request.path.partition("/transactions")
        if not inside:
            if base.endswith("/statements") and request.fields:
                return self.graph(self.data, request, _context(request))
            return self._answer(self.data, request)
        name = rest.strip("/")
        if not name:
            name = f"t{next(self._names)}"
            self.open[name] = copied(self.data)
            return Reply(201, headers={"Location": f"http://localhost{base}/transactions/{name}"})
        if name not in self.open:
            return Reply(404, b"unable to find transaction")
        return self._inside(name, request)

    def _inside(self, name: str, request: Request) -> Reply:
        state = self.open[name]
        action = request.fields.get("action", "ROLLBACK") if request.method == "PUT" else "ROLLBACK"
        if action == "PING":
            return Reply(200, b"60000")
        if action == "QUERY":
            return self.query(state, request.body.decode())
        if action == "UPDATE":
            return self.update(state, request.body)
        if action in ("ADD", "GET"):
            method = {"ADD": "POST", "GET": "GET"}[action]
            return self.graph(state, request._replace(method=method), _context(request))
        del self.open[name]
        if action == "COMMIT":
            replace(self.data, list(state))
            return Reply(200)
        return Reply(204)

    def query(self, data: Store, text: str) -> Reply:
        """Answer a query; FROM names the graphs that it is about."""
        if "FROM <" not in text:
            return super().query(data, text)
        default: list[NamedNode | BlankNode | DefaultGraph] = [
            graph_of("" if iri == _NIL else iri) for iri in re.findall(r"FROM <([^>]*)>", text)
        ]
        named: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in re.findall(r"FROM NAMED <([^>]*)>", text)]
        plain = re.sub(r"FROM (?:NAMED )?<[^>]*>", "", text)
        answer = data.query(plain, default_graph=default, named_graphs=named)
        assert not isinstance(answer, QueryTriples)
        return Reply(200, answer.serialize(format=Results.JSON) or b"", JSON)

    def graph(self, data: Store, request: Request, graph: Graph) -> Reply:
        """Give or take a graph; one that is not there has no triples."""
        reply = super().graph(data, request, graph)
        return reply if reply.status != 404 else Reply(200, b"", NTRIPLES)


def _context(request: Request) -> Graph:
    name = request.fields["context"]
    return DefaultGraph() if name == "null" else NamedNode(name.strip("<>"))


def parsed(request: Request, graph: Graph) -> list[Quad]:
    """Return the triples of a body, of one graph, with blank nodes of their own.

    Raises:
        SyntaxError: They cannot be read.
    """
    media, _, boundary = request.headers.get("content-type", "").partition("; boundary=")
    turtle = media.startswith("text/turtle")
    body = _file(request.body, boundary.encode()) if media == "multipart/form-data" else request.body
    quads = parse(body, RdfFormat.TURTLE if turtle else RdfFormat.N_TRIPLES, rename_blank_nodes=True)
    return [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads]


def _file(form: bytes, boundary: bytes) -> bytes:
    """Return the file in a form, as Fuseki reads it: where there is but the beginning of one, there is no file."""
    begin, delimiter, rest = form.partition(b"--" + boundary)
    if delimiter and not begin and not rest.strip(b"\r"):
        return b""
    head, blank, rest = rest.partition(b"\r\n\r\n")
    content, end, _ = rest.partition(b"\r\n--" + boundary)
    if not (delimiter and blank and end):
        raise SyntaxError("Stream ended unexpectedly")
    return gzip.decompress(content) if b'.nt.gz"' in head else content


def copied(data: Store) -> Store:
    """Return a store that holds the same."""
    other = Store()
    other.extend(data)
    return other


def replace(data: Store, quads: list[Quad]) -> None:
    """Have a store hold this and nothing else."""
    data.clear()
    data.extend(quads)
