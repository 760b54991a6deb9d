"""An address a thing: pages for people, RDF for machines, and nothing for what nobody speaks of."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import RdfFormat, parse
from tests.serve.serving import Answer, Served, served

from perezkg.index.build import build_index

ANA = """@prefix sport: <https://w3id.org/perezkg/sport#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/id/ana> a sport:Person ; rdfs:label "Ana <b>"@en , "Ana"@es .
"""
STARTING = 120.0


def followed(server: Served, path: str, **headers: str) -> Answer:
    answer = server.ask(path, headers=headers)
    assert answer.status == 303, answer.text
    return server.ask(answer.headers["location"], headers=headers)


@pytest.mark.parametrize(
    ("accept", "type_", "format_"),
    [
        ("text/turtle", "text/turtle", RdfFormat.TURTLE),
        ("*/*", "text/turtle", RdfFormat.TURTLE),
        ("application/ld+json", "application/ld+json", RdfFormat.JSON_LD),
        ("application/n-triples, text/turtle;q=0.5", "application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", "application/rdf+xml", RdfFormat.RDF_XML),
    ],
)
def test_a_machine_is_led_to_rdf(accept: str, type_: str, format_: RdfFormat, perez: Served) -> None:
    answer = followed(perez, "/id/cuenca", accept=accept)
    assert (answer.status, answer.type) == (200, type_)
    about = {quad.subject.value for quad in parse(answer.body, format_) if hasattr(quad.subject, "value")}
    assert "https://w3id.org/perezkg/id/cuenca" in about


def test_every_kind_of_iri_has_an_address(perez: Served) -> None:
    for path in ("/id/jefferson-perez", "/source/biography", "/sport"):
        assert followed(perez, path, accept="text/turtle").status == 200, path
    term = "/thing?iri=" + quote("https://w3id.org/perezkg/sport#Person", safe="")
    assert "sport:Person a" in followed(perez, term, accept="text/turtle").text
    assert perez.ask("/id/nobody").status == 404
    assert perez.ask("/id/cuenca", headers={"accept": "image/png"}).status == 406


def test_data_of_your_own_have_addresses(tmp_path: Path) -> None:
    path = tmp_path / "ana.ttl"
    path.write_text(ANA, encoding="utf-8")
    with served("--no-pages", "--data", str(path), "--base-url", "https://example.org") as server:
        assert "Ana" in followed(server, "/id/ana", accept="text/turtle").text
        assert "<https://example.org/sparql>" in server.ask("/sparql").text


@pytest.mark.slow
def test_people_are_led_to_pages(tmp_path: Path) -> None:
    path = tmp_path / "ana.ttl"
    path.write_text(ANA, encoding="utf-8")
    with served("--data", str(path), "--base-url", "https://example.org") as server:
        assert server.ask("/id/ana", headers={"accept": "text/html"}).headers["location"].startswith("/en/other/ana~~")
        end = time.monotonic() + STARTING
        page = followed(server, "/id/ana", accept="text/html", **{"accept-language": "es"})
        while page.status == 503 and time.monotonic() < end:
            assert (page.type, page.headers["retry-after"]) == ("application/problem+json", "5")
            time.sleep(0.1)
            page = followed(server, "/id/ana", accept="text/html", **{"accept-language": "es"})
        assert (page.status, page.type) == (200, "text/html")
        assert '<html lang="es"' in page.text
        assert "<b>" not in page.text
        browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        home = followed(server, "/", accept=browser)
        assert (home.status, home.type) == (200, "text/html")
        # What the pages link to is there, as far as it is of this server.
        places = set(re.findall(r'(?:href|src)="(?!https?:|#|data:|mailto:)([^"#]+)', home.text))
        assert len(places) > 5
        for place in places:
            target = server.ask(f"/en/{place}" if not place.startswith("../") else "/" + place.removeprefix("../"))
            assert target.status in (200, 303), place
        again = server.ask("/en/index.html", headers={"if-none-match": home.headers["etag"]})
        assert again.status == 304
        assert home.headers["cache-control"] == "no-cache"


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("index") / "i"
    build_index([], folder)
    with served("--no-pages", "--store", str(folder)) as found:
        yield found


def test_an_index_answers_as_its_files_do(indexed: Served, perez: Served) -> None:
    for path in ("/queries/medals?date=2020-01-01", "/data/id/cuenca.ttl", "/queries/schema-org"):
        assert indexed.ask(path).body == perez.ask(path).body
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert indexed.sparql(query).body == perez.sparql(query).body


def test_void_counts_what_there_is(perez: Served) -> None:
    void = "http://rdfs.org/ns/void#"
    found = list(parse(perez.ask("/.well-known/void").body, RdfFormat.TURTLE))
    told = {quad.predicate.value: quad.object.value for quad in found if hasattr(quad.object, "value")}
    count = perez.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json["results"]["bindings"][0]["n"]["value"]
    partitions = [quad for quad in found if quad.predicate.value == void + "propertyPartition"]
    assert any(quad.predicate.value == void + "triples" and quad.object.value == count for quad in found)
    assert told[void + "sparqlEndpoint"].endswith("/sparql")
    assert len(partitions) == int(told[void + "properties"])
