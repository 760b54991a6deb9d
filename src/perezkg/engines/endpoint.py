"""A SPARQL 1.1 endpoint: queries by the SPARQL Protocol, brought to the answer that they have at home."""

from __future__ import annotations

from urllib.parse import urlencode

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from perezkg.engines.shape import shape
from perezkg.engines.shortest import shortest_rows, shortest_triples
from perezkg.engines.stable import stable_rows, stable_triples
from perezkg.errors import EvaluationError
from perezkg.remote.answer import GRAPH_TYPES, RESULT_TYPES, read_boolean, read_solutions, read_triples
from perezkg.remote.client import Message
from perezkg.results import Boolean, Solutions, Triples
from perezkg.tokens import tokenize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from perezkg.binding import Prepared
    from perezkg.remote.client import Client
    from perezkg.results import Result

# Some servers and proxies read no longer a request line than 2,048 characters, most 8,000.
_LONGEST_URL = 2000
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


class EndpointEngine:
    """Answers by asking a store.

    Args:
        client: Talks to the store.
        graphs: The IRIs of the graphs that are asked together, as its default graph; none leaves it to the store.
    """

    __slots__ = ("_client", "_graphs")

    def __init__(self, client: Client, graphs: Sequence[str] = ()) -> None:
        self._client = client
        self._graphs = tuple(graphs)

    def run(self, query: Prepared) -> Result:
        """Evaluate a query; see `perezkg.engines.Engine`.

        Raises:
            RemoteStoreError: The store failed; a leaf of it for each cause.
        """
        # A mistake in the query is found here, with its place, before anything is sent.
        form, variables = _form(query)
        exchange = self._client.exchange
        if form == "SELECT":
            names, rows = exchange(self._messages(query, RESULT_TYPES), lambda body: read_solutions(body, variables))
            return Solutions(names, stable_rows(shortest_rows(rows), ordered=query.ordered))
        if form == "ASK":
            return Boolean(exchange(self._messages(query, RESULT_TYPES), read_boolean))
        return Triples(stable_triples(shortest_triples(exchange(self._messages(query, GRAPH_TYPES), read_triples))))

    def _messages(self, query: Prepared, accept: str) -> list[Message]:
        """Return the query in the forms of the SPARQL Protocol, the best first.

        GET can be cached; a long query goes by POST, in a form, which more stores take than a body of SPARQL.
        """
        home = self._client.address.url
        graphs = [("default-graph-uri", iri) for iri in self._graphs]
        fields = urlencode([("query", query.text), *graphs])
        get = Message("GET", _with(home, fields), {"Accept": accept})
        # Tomcat, and RDF4J in it, takes a form that does not say so for Latin-1.
        form = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
        post = Message("POST", home, form, fields.encode())
        plain = {"Accept": accept, "Content-Type": "application/sparql-query; charset=UTF-8"}
        direct = Message("POST", _with(home, urlencode(graphs)), plain, query.text.encode())
        return [post, direct] if len(get.url) > _LONGEST_URL else [get, post, direct]


def _with(url: str, fields: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{fields}" if fields else url


def _form(query: Prepared) -> tuple[str, tuple[str, ...] | None]:
    """Return SELECT, ASK or CONSTRUCT (for DESCRIBE as well), and the columns of a SELECT; None when not known.

    Raises:
        SparqlSyntaxError: The query breaks the grammar of SPARQL 1.1.
    """
    try:
        answer = shape(query)
    except EvaluationError:  # the store may know a function that Oxigraph does not
        words = (token.keyword for token in tokenize(query.text))
        form = next((word for word in words if word in _FORMS), "SELECT")
        return "CONSTRUCT" if form == "DESCRIBE" else form, None
    if isinstance(answer, QuerySolutions):
        return "SELECT", tuple(variable.value for variable in answer.variables)
    if isinstance(answer, QueryBoolean):
        return "ASK", None
    assert isinstance(answer, QueryTriples)  # noqa: S101 - there is no fourth kind
    return "CONSTRUCT", None
