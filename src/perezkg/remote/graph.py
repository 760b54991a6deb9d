"""A graph in a triple store, asked like the one at home."""

from __future__ import annotations

from perezkg.engines import open_endpoint
from perezkg.remote.connection import MAX_SIZE, TIMEOUT, graph_iri, open_client

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Self

    from perezkg.catalogue import CannedQuery
    from perezkg.engines import Engine
    from perezkg.remote.client import Client
    from perezkg.results import Result


def connect(
    url: str,
    *,
    graphs: Iterable[str] = (),
    user: str | None = None,
    password: str | None = None,
    token: str | None = None,
    auth: str = "basic",
    ca_file: str | os.PathLike[str] | None = None,
    timeout: float = TIMEOUT,
    max_size: float = MAX_SIZE,
    ask: Callable[[str], str] | None = None,
    tell: Callable[[str], None] | None = None,
) -> RemoteGraph:
    """Return the graph that a SPARQL 1.1 endpoint holds; nothing is sent before the first question.

    Args:
        url: The http or https URL of the store's SPARQL service. A user and a password in it are taken out of it.
        graphs: IRIs of named graphs to ask together, when the data are not in the store's default graph.
        user: Who asks. Without user and token, the URL, the environment (PEREZKG_USER and PEREZKG_PASSWORD, or
            PEREZKG_TOKEN) and the store's entry in ~/.netrc are looked at, in this order.
        password: The user's password; else from the same places.
        token: A bearer token instead of a user.
        auth: "basic" sends the password with each question, and changes to digest for a store that wants it;
            "digest" never sends the password itself.
        ca_file: Certificates (PEM) of the authorities to trust, instead of the system's.
        timeout: Seconds for a whole answer.
        max_size: The longest answer that is read, in MiB after decompression.
        ask: Asks a person for the password of a user, when it is found nowhere.
        tell: Is told, in a sentence, when a fault may pass and the store is asked again.

    Raises:
        UsageError: The URL is no http or https URL, or the credentials contradict one another.
        InputNotFoundError: There is no such file of certificates.
        InputUnreadableError: It holds no certificates.

    >>> connect("http://me:secret@localhost:3030/perez/sparql")
    <RemoteGraph: http://localhost:3030/perez/sparql>
    """
    client, notices = open_client(
        url,
        user=user,
        password=password,
        token=token,
        auth=auth,
        ca_file=ca_file,
        timeout=timeout,
        max_size=max_size,
        ask=ask,
        tell=tell,
    )
    return RemoteGraph(client, [graph_iri(graph) for graph in graphs], notices)


class RemoteGraph:
    """A graph in a store: canned queries and SPARQL are answered as at home, for the same data.

    The store holds the data and `ontology/concepts.ttl`, whose labels queries need. Use it in a `with` statement, or
    `close` it.

    Attributes:
        notices: What a reader of the answers should know about the connection.
    """

    __slots__ = ("_client", "_engine", "notices")

    def __init__(self, client: Client, graphs: Iterable[str] = (), notices: Iterable[str] = ()) -> None:
        self._client = client
        self._engine: Engine = open_endpoint(client, tuple(graphs))
        self.notices = list(notices)

    def __repr__(self) -> str:
        return f"<RemoteGraph: {self._client.address.shown}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to the store."""
        self._client.close()

    def query(
        self, name: str | CannedQuery, /, *, lang: str = "en", allow_service: bool = False, **parameters: object
    ) -> Result:
        """Run a canned query, or a file of SPARQL; see `perezkg.KnowledgeGraph.query`.

        Args:
            name: A name that `perezkg queries` lists, or the path of a .rq file.
            lang: Language of labels, "en" or "es".
            allow_service: Let the query have the store ask other stores by SERVICE, at addresses that it names.
            parameters: Values for the query's parameters: int, Decimal, float, date, str, IRI or prefixed name.

        Returns:
            `Solutions` for SELECT, `Boolean` for ASK, `Triples` for CONSTRUCT and DESCRIBE.

        Raises:
            RemoteStoreError: The store failed; `perezkg.remote.errors` has a class for each cause.
            UnknownQueryError: There is no query or file of this name.
            UnknownParameterError: The query has no such parameter.
            MissingParameterError: A parameter without a default was not given.
            ParameterValueError: A value is not of the parameter's type.
            SparqlSyntaxError: The file breaks the grammar of SPARQL 1.1.
            RemoteAccessRefusedError: The file asks for something from elsewhere in the network.
        """
        from perezkg.catalogue import find

        return self.run(
            find(name) if isinstance(name, str) else name, parameters, lang=lang, allow_service=allow_service
        )

    def sparql(self, text: str, /, *, lang: str = "en", allow_service: bool = False, **parameters: object) -> Result:
        """Run SPARQL 1.1; perezkg's prefixes need no declaration; see `perezkg.KnowledgeGraph.sparql`.

        Raises:
            RemoteStoreError: The store failed; `perezkg.remote.errors` has a class for each cause.
            SparqlSyntaxError: With line, column and what was expected there; nothing has been sent then.
            RemoteAccessRefusedError: FROM or LOAD, or SERVICE that is not allowed.
        """
        from perezkg.catalogue import CannedQuery

        return self.run(CannedQuery(text), parameters, lang=lang, allow_service=allow_service)

    def run(
        self, query: CannedQuery, parameters: dict[str, object], *, lang: str = "en", allow_service: bool = False
    ) -> Result:
        """Bind the parameters of a query and have it evaluated by the store."""
        from perezkg.binding import prepare
        from perezkg.parameters import resolve

        return self._engine.run(prepare(query, resolve(query, parameters, lang), allow_service=allow_service))
