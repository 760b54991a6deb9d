"""What the server says of itself and of its data as RDF: SPARQL 1.1 Service Description, and VoID."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from perezkg.resources import VERSION
from perezkg.sparql.results import Triples, ordered_triples
from perezkg.vocabulary import RDF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

    from perezkg.graph import AskableGraph

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_DCTERMS = "http://purl.org/dc/terms/"
_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "JSON-LD", "N-Triples", "RDF_XML",
)  # fmt: skip
_MOST_GRAPHS = 1000
_COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s a ?o }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
}
_PARTITIONS = (
    ("classPartition", "class", "entities", "SELECT ?x (COUNT(DISTINCT ?s) AS ?n) { ?s a ?x } GROUP BY ?x"),
    ("propertyPartition", "property", "triples", "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o } GROUP BY ?x"),
)


def service(graph: AskableGraph, base: str, *, allow_service: bool) -> Triples:
    """Describe the endpoint.

    Args:
        graph: What it asks.
        base: The address of the server.
        allow_service: Whether its queries may ask other stores.
    """
    endpoint = NamedNode(f"{base}sparql")
    store = graph.asked

    def told() -> Iterator[Triple]:
        yield _said(endpoint, RDF + "type", NamedNode(SD + "Service"))
        yield _said(endpoint, SD + "endpoint", endpoint)
        yield _said(endpoint, SD + "supportedLanguage", NamedNode(SD + "SPARQL11Query"))
        for name in _RESULTS:
            yield _said(endpoint, SD + "resultFormat", NamedNode(_FORMATS + name))
        if allow_service:
            yield _said(endpoint, SD + "feature", NamedNode(SD + "BasicFederatedQuery"))
        dataset, default = NamedNode(f"{base}.well-known/void"), BlankNode()
        yield _said(endpoint, SD + "defaultDataset", dataset)
        yield _said(dataset, RDF + "type", NamedNode(SD + "Dataset"))
        yield _said(dataset, SD + "defaultGraph", default)
        yield _said(default, RDF + "type", NamedNode(SD + "Graph"))
        yield _said(default, VOID + "triples", _count(store, _COUNTS["triples"]))
        names = sorted(name.value for name in store.named_graphs() if isinstance(name, NamedNode))
        for name in names[:_MOST_GRAPHS]:
            named = BlankNode()
            yield _said(dataset, SD + "namedGraph", named)
            yield _said(named, RDF + "type", NamedNode(SD + "NamedGraph"))
            yield _said(named, SD + "name", NamedNode(name))

    return Triples(ordered_triples(told()))


def dataset(graph: AskableGraph, base: str) -> Triples:
    """Describe the data: how much there is of which kind, and where it is asked."""
    store = graph.asked
    subject = NamedNode(f"{base}.well-known/void")

    def told() -> Iterator[Triple]:
        yield _said(subject, RDF + "type", NamedNode(VOID + "Dataset"))
        yield _said(subject, _DCTERMS + "title", Literal(f"perezkg {VERSION}"))
        yield _said(subject, VOID + "sparqlEndpoint", NamedNode(f"{base}sparql"))
        for name in ("Turtle", "JSON-LD", "N-Triples", "RDF_XML"):
            yield _said(subject, VOID + "feature", NamedNode(_FORMATS + name))
        for property_, query in _COUNTS.items():
            yield _said(subject, VOID + property_, _count(store, query))
        for property_, of, counted, query in _PARTITIONS:
            for x, number in store.query(query):  # type: ignore[union-attr]
                part = BlankNode()
                if isinstance(x, NamedNode):
                    yield _said(subject, VOID + property_, part)
                    yield _said(part, VOID + of, x)
                    yield _said(part, VOID + counted, number)

    return Triples(ordered_triples(told()))


def _said(subject: NamedNode | BlankNode, property_: str, value: NamedNode | BlankNode | Literal) -> Triple:
    return Triple(subject, NamedNode(property_), value)


def _count(store: Store, query: str) -> Literal:
    ((number,),) = store.query(query)  # type: ignore[misc]
    assert isinstance(number, Literal)  # noqa: S101 - that is what COUNT answers
    return number
