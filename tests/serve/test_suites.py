"""The W3C's tests of the SPARQL 1.1 Protocol (its query part) and of service descriptions, where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize
from tests.serve.serving import Answer, Served, served
from tests.suites.manifests import MF, RDF, SUITES, Graph, Node, local

HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
DATA = "http://kasei.us/2009/09/sparql/data/"
FOLDER = SUITES / "sparql11" / "protocol"
# What the query part has; the others change a store.
QUERIES = 20

FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples"},
}  # fmt: skip

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the W3C's suites are not here; PEREZKG_SUITES names them")


def cases() -> Iterator[tuple[Graph, Node]]:
    if FOLDER.is_dir():
        manifest = Graph(FOLDER / "manifest.ttl")
        for entry in manifest.entries():
            if "update" not in local(entry):
                yield manifest, entry


CASES = list(cases())


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path: Path = tmp_path_factory.mktemp("protocol") / "data.nq"
    quads = [
        Quad(quad.subject, quad.predicate, quad.object, NamedNode(f"{DATA}data{number}.rdf"))
        for number in (1, 2, 3)
        for quad in parse(path=str(FOLDER / f"data{number}.nt"), format=RdfFormat.N_TRIPLES)
    ]
    path.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    with served("--no-pages", "--data", str(path)) as found:
        yield found


def text(node: Node | None) -> str:
    assert isinstance(node, Literal)
    return node.value


def ask(manifest: Graph, request: Node, server: Served) -> Answer:
    path = text(manifest.one(request, HT + "absolutePath"))
    assert path.startswith("/sparql/")
    headers = {
        text(manifest.one(header, HT + "fieldName")): text(manifest.one(header, HT + "fieldValue"))
        for header in manifest.items(manifest.one(request, HT + "headers"))
    }
    content = manifest.one(request, HT + "body")
    encoding = content and text(manifest.one(content, CNT + "characterEncoding"))
    body = text(manifest.one(content, CNT + "chars")).encode(encoding or "utf-8") if content else None
    return server.ask(path, text(manifest.one(request, HT + "methodName")), body, headers)


def test_there_are_as_many_as_the_suite_has() -> None:
    assert len(CASES) == QUERIES


@pytest.mark.parametrize(("manifest", "entry"), CASES, ids=[local(entry) for _, entry in CASES])
def test_the_protocol(manifest: Graph, entry: Node, endpoint: Served) -> None:
    requests = list(manifest.items(manifest.one(manifest.one(entry, MF + "action"), HT + "requests")))
    assert requests
    for request in requests:
        expected = manifest.one(request, HT + "resp")
        answer = ask(manifest, request, endpoint)
        statuses = {local(status)[-3] for status in manifest.all(expected, MF + "expectedStatus")}
        assert str(answer.status)[0] in statuses, answer.body
        format_ = manifest.one(expected, MF + "expectedFormat")
        if format_ is not None:
            assert answer.type in FORMATS[text(format_)]
        boolean = manifest.one(expected, MF + "expectedBoolean")
        if boolean is not None:
            assert answer.json["boolean"] is (text(boolean) == "true")


SD = "http://www.w3.org/ns/sparql-service-description#"
MEDIA = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}


@pytest.mark.parametrize("accept", ["", "*/*", *MEDIA])
def test_the_service_description(accept: str, endpoint: Served) -> None:
    """returns-rdf, has-endpoint-triple, conforms-to-schema: what SD asks of a service and its dataset."""
    answer = endpoint.ask("/sparql", headers={"accept": accept} if accept else {})
    assert answer.status == 200
    assert answer.type == (accept if accept in MEDIA else "text/turtle")
    found = list(parse(answer.body, MEDIA[answer.type]))
    subjects = {
        quad.subject
        for quad in found
        if quad.predicate.value == RDF + "type" and quad.object == NamedNode(SD + "Service")
    }
    assert len(subjects) == 1

    def values(subject: object, name: str) -> list[object]:
        return [quad.object for quad in found if quad.subject == subject and quad.predicate.value == SD + name]

    (service,) = subjects
    assert values(service, "endpoint") == [NamedNode(f"http://127.0.0.1:{endpoint.port}/sparql")]
    assert values(service, "supportedLanguage") == [NamedNode(SD + "SPARQL11Query")]
    (dataset,) = values(service, "defaultDataset")
    assert len(values(dataset, "defaultGraph")) == 1
    names = {name for graph in values(dataset, "namedGraph") for name in values(graph, "name")}
    assert names == {NamedNode(f"{DATA}data{number}.rdf") for number in (1, 2, 3)}
