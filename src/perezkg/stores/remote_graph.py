"""A graph in a triple store, asked like one that was loaded from files."""

from __future__ import annotations

from urllib.parse import urlencode

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from perezkg.errors import AmbiguousTermError, EvaluationError, UnknownTermError
from perezkg.rdf.terms import shortest_rows, shortest_triples
from perezkg.sparql.engines import answer_kind
from perezkg.sparql.results import Boolean, Solutions, Triples, ordered_rows, ordered_triples
from perezkg.sparql.tokens import tokenize
from perezkg.stores.answers import GRAPH_TYPES, RESULT_TYPES, read_boolean, read_solutions, read_triples
from perezkg.stores.http import Message, graph_iri, open_client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self, Unpack

    from perezkg.sparql.catalogue import CannedQuery, Queries
    from perezkg.sparql.prepare import Prepared
    from perezkg.sparql.results import Result
    from perezkg.stores.http import Client, Connection

_CALLED = (
    "SELECT DISTINCT ?thing {{ VALUES ?property {{ {} }} "
    'VALUES ?language {{ "" "en" "es" }} BIND(IF(?language = "", ?_name, STRLANG(?_name, ?language)) AS ?called) '
    "?thing ?property ?called }} ORDER BY STR(?thing) LIMIT 12"
)
# A title comes after other names, because an article is often called like what it is about.
_NAMING = ("rdfs:label skos:prefLabel skos:altLabel sport:name", "dcterms:title")
# Some servers and proxies read no longer a request line than 2,048 characters, most 8,000.
_LONGEST_URL = 2000
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def _with(url: str, fields: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{fields}" if fields else url


def _form(query: Prepared) -> tuple[str, tuple[str, ...] | None]:
    """Return SELECT, ASK or CONSTRUCT (for DESCRIBE as well), and the columns of a SELECT; None when not known.

    Raises:
        SparqlSyntaxError: The query breaks the grammar of SPARQL 1.1.
    """
    try:
        answer = answer_kind(query)
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


def connect(url: str, *, graphs: Iterable[str] = (), **connection: Unpack[Connection]) -> RemoteGraph:
    """Return the graph that a SPARQL 1.1 endpoint holds; nothing is sent before the first question.

    Args:
        url: The http or https URL of the store's SPARQL service. A user and a password in it are taken out of it.
        graphs: IRIs of named graphs to ask together, when the data are not in the store's default graph.
        connection: user, password, token, auth, ca_file, timeout, max_size, ask, tell: who asks, whom to trust and how
            long to wait; `perezkg.stores.http.Connection` tells what each is.

    Raises:
        UsageError: The URL is no http or https URL, or the credentials contradict one another.
        InputNotFoundError: There is no such file of certificates.
        InputUnreadableError: It holds no certificates.

    >>> connect("http://me:secret@localhost:3030/perez/sparql")
    <RemoteGraph: http://localhost:3030/perez/sparql>
    """
    client, notices = open_client(url, **connection)
    return RemoteGraph(client, [graph_iri(graph) for graph in graphs], notices)


class RemoteGraph:
    """A graph in a store: canned queries and SPARQL are answered as at home, for the same data.

    The store holds the data and `ontology/concepts.ttl`, whose labels queries need. Use it in a `with` statement, or
    `close` it.

    Attributes:
        notices: What a reader of the answers should know about the connection.
    """

    __slots__ = ("_client", "_graphs", "notices")

    def __init__(self, client: Client, graphs: Iterable[str] = (), notices: Iterable[str] = ()) -> None:
        self._client = client
        self._graphs = tuple(graphs)
        self.notices = list(notices)

    def __repr__(self) -> str:
        return f"<RemoteGraph: {self._client.address.shown}>"

    def _repr_html_(self) -> str:
        """Return which store it is and what a reader of its answers should know, for notebooks."""
        from perezkg.notebook import items, text

        title = f"{type(self).__name__}: {self._client.address.shown}"
        return items(title, [(0, text(notice)) for notice in self.notices], "en")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to the store."""
        self._client.close()

    def query(
        self,
        name: str | CannedQuery,
        /,
        *,
        lang: str = "en",
        allow_service: bool = False,
        base: str | None = None,
        **parameters: object,
    ) -> Result:
        """Run a canned query, or a file of SPARQL; see `perezkg.KnowledgeGraph.query`.

        Args:
            name: A name that `perezkg queries` lists, or the path of a .rq file.
            lang: Language of labels, one of `perezkg.resources.LANGUAGES`.
            allow_service: Let the query have the store ask other stores by SERVICE, at addresses that it names.
            base: The IRI that relative IRIs in the query are resolved against; None is that of its file.
            parameters: Values for the query's parameters: int, Decimal, float, date, str, IRI or prefixed name.

        Returns:
            `Solutions` for SELECT, `Boolean` for ASK, `Triples` for CONSTRUCT and DESCRIBE.

        Raises:
            RemoteStoreError: The store failed; `perezkg.errors` has a class for each cause.
            UnknownQueryError: There is no query or file of this name.
            UnknownParameterError: The query has no such parameter.
            MissingParameterError: A parameter without a default was not given.
            ParameterValueError: A value is not of the parameter's type.
            SparqlSyntaxError: The file breaks the grammar of SPARQL 1.1.
            RemoteAccessRefusedError: The file asks for something from elsewhere in the network.
        """
        from perezkg.sparql.catalogue import find

        return self.run(
            find(name, base) if isinstance(name, str) else name, parameters, lang=lang, allow_service=allow_service
        )

    def sparql(
        self,
        text: str,
        /,
        *,
        lang: str = "en",
        allow_service: bool = False,
        base: str | None = None,
        **parameters: object,
    ) -> Result:
        """Run SPARQL 1.1; perezkg's prefixes need no declaration; see `perezkg.KnowledgeGraph.sparql`.

        Raises:
            RemoteStoreError: The store failed; `perezkg.errors` has a class for each cause.
            SparqlSyntaxError: With line, column and what was expected there; nothing has been sent then.
            RemoteAccessRefusedError: FROM or LOAD, or SERVICE that is not allowed.
        """
        from perezkg.sparql.catalogue import CannedQuery

        return self.run(CannedQuery(text, base=base), parameters, lang=lang, allow_service=allow_service)

    def queries(self, *words: str, lang: str = "en") -> Queries:
        """Return the canned queries, or those that have all of some words; see `perezkg.KnowledgeGraph.queries`."""
        from perezkg.sparql.catalogue import Queries

        return Queries.having(words, lang)

    def run(
        self, query: CannedQuery, parameters: dict[str, object], *, lang: str = "en", allow_service: bool = False
    ) -> Result:
        """Bind the parameters of a query and have it evaluated by the store."""
        from perezkg.sparql.parameters import resolve
        from perezkg.sparql.prepare import prepare

        bound = prepare(query, resolve(query, parameters, lang, self.find), allow_service=allow_service)
        # A mistake in the query is found here, with its place, before anything is sent.
        form, variables = _form(bound)
        exchange = self._client.exchange
        if form == "SELECT":
            names, rows = exchange(self._messages(bound, RESULT_TYPES), lambda body: read_solutions(body, variables))
            return Solutions(names, ordered_rows(shortest_rows(rows), ordered=bound.ordered))
        if form == "ASK":
            return Boolean(exchange(self._messages(bound, RESULT_TYPES), read_boolean))
        return Triples(ordered_triples(shortest_triples(exchange(self._messages(bound, GRAPH_TYPES), read_triples))))

    def find(self, name: str) -> NamedNode:
        """Return the thing that is called so in the store, letter for letter: a look through all names would be long.

        Raises:
            UnknownTermError: Nothing is called so.
            AmbiguousTermError: Several things are.
        """
        found: list[NamedNode] = []
        for properties in _NAMING:
            answer = self.sparql(_CALLED.format(properties), name=name)
            rows = answer.rows if isinstance(answer, Solutions) else ()
            found = [term for (term,) in rows if isinstance(term, NamedNode)]
            if found:
                break
        if not found:
            raise UnknownTermError(
                f"nothing in the store is called {name!r}", hint="Write the whole label as the store has it, or an IRI."
            )
        if len(found) > 1:
            iris = tuple(term.value for term in found)
            raise AmbiguousTermError(
                f"{name!r} may mean {len(found)} things",
                hint=f"Write the IRI of one: {', '.join(iris[:3])}…",
                matches=iris,
            )
        return found[0]

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
