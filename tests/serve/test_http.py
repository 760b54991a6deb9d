"""What a client sees: forms by negotiation, tags, compression, methods, and what is said when something is wrong."""

from __future__ import annotations

import csv
import gzip
import io
import json
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import RdfFormat, parse
from tests.serve.serving import Served

import perezkg
from perezkg.sparql.catalogue import names

ONE = "SELECT ?s { ?s a sport:Person } ORDER BY ?s"
DESCRIBE = "DESCRIBE pz:cuenca"


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/sparql-results+xml, */*;q=0.1", "application/sparql-results+xml"),
        ("text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        ("text/*", "text/csv"),
        ("text/csv;q=0, text/*", "text/tab-separated-values"),
        ("image/png, TEXT/CSV", "text/csv"),
        ("text/markdown", "text/markdown"),
        ("application/geo+json;q=0.5, text/markdown", "text/markdown"),
        ("text/csv;q=nonsense, application/sparql-results+json;q=0.1", "application/sparql-results+json"),
    ],
)
def test_a_table_comes_in_the_form_that_is_preferred(accept: str, type_: str, perez: Served) -> None:
    answer = perez.sparql(ONE, accept)
    assert (answer.status, answer.type) == (200, type_)
    assert {part.strip() for part in answer.headers["vary"].split(",")} >= {"accept", "accept-encoding"}


def test_a_map_comes_of_an_answer_that_has_coordinates(perez: Served) -> None:
    answer = perez.sparql("SELECT (-2.9 AS ?lat) (-79 AS ?long) {}", "application/geo+json")
    assert (answer.status, answer.type) == (200, "application/geo+json")
    assert answer.json["features"][0]["geometry"] == {"type": "Point", "coordinates": [-79, -2.9]}
    answer = perez.sparql(ONE, "application/geo+json")
    assert (answer.status, answer.json["detail"]) == (406, "this answer has no coordinates, which GeoJSON needs")
    # Of what is true or false there is no map, so another form is chosen.
    assert perez.sparql("ASK {}", "application/geo+json, text/csv;q=0.1").type == "text/csv"
    assert perez.sparql("ASK {}", "application/geo+json").status == 406


def test_all_forms_say_the_same(perez: Served, kg: perezkg.KnowledgeGraph) -> None:
    expected = [str(row.s) for row in kg.sparql(ONE)]  # type: ignore[union-attr]
    assert len(expected) > 10
    assert [row["s"]["value"] for row in perez.sparql(ONE).json["results"]["bindings"]] == expected
    assert [row[0] for row in csv.reader(io.StringIO(perez.sparql(ONE, "text/csv").text))][1:] == expected
    assert [
        line.strip("<>") for line in perez.sparql(ONE, "text/tab-separated-values").text.splitlines()[1:]
    ] == expected
    tree = ET.fromstring(perez.sparql(ONE, "application/sparql-results+xml").text)  # noqa: S314 - our own
    assert [node.text for node in tree.iter("{http://www.w3.org/2005/sparql-results#}uri")] == expected


def test_all_forms_of_triples_say_the_same(perez: Served) -> None:
    forms = {
        "text/turtle": RdfFormat.TURTLE,
        "application/n-triples": RdfFormat.N_TRIPLES,
        "application/ld+json": RdfFormat.JSON_LD,
        "application/rdf+xml": RdfFormat.RDF_XML,
    }
    found = {}
    for type_, format_ in forms.items():
        answer = perez.sparql(DESCRIBE, type_)
        assert (answer.status, answer.type) == (200, type_)
        found[type_] = {quad.triple for quad in parse(answer.body, format_)}
    assert len(found["text/turtle"]) > 5
    assert all(triples == found["text/turtle"] for triples in found.values())


def test_what_nobody_can_write_is_not_acceptable(perez: Served) -> None:
    answer = perez.sparql(ONE, "image/png")
    assert (answer.status, answer.type) == (406, "application/problem+json")
    assert "text/csv" in answer.json["available"]
    assert perez.sparql(ONE, "text/turtle").status == 406


def test_a_query_is_the_same_by_get_and_both_kinds_of_post(perez: Served) -> None:
    by_get = perez.sparql("ASK { pz:cuenca a sport:Place }")
    direct = {"content-type": "application/sparql-query; charset=utf-8"}
    form = {"content-type": "application/x-www-form-urlencoded"}
    for answer in (
        perez.ask("/sparql", "POST", b"ASK { pz:cuenca a sport:Place }", direct),
        perez.ask("/sparql/", "POST", b"query=ASK+%7B+pz%3Acuenca+a+sport%3APlace+%7D", form),
    ):
        assert (answer.status, answer.body) == (200, by_get.body)
    assert by_get.json == {"head": {}, "boolean": True}


SOME = ("coaches", "medals", "schema-org", "won-olympic-gold")


@pytest.mark.parametrize("name", [n if n in SOME else pytest.param(n, marks=pytest.mark.slow) for n in names()])
def test_a_canned_query_answers_as_the_command_does(name: str, perez: Served, kg: perezkg.KnowledgeGraph) -> None:
    from perezkg.sparql.catalogue import find
    from perezkg.sparql.formats import render

    query = find(name)
    given = {
        parameter.name: parameter.example.partition("=")[2].strip("'")
        for parameter in query.parameters.values()
        if parameter.required and parameter.default is None and parameter.name != "lang"
    }
    if "date" in query.parameters:
        given["date"] = "2008-08-16"
    expected = kg.run(query, dict(given))
    format_, type_ = ("turtle", "text/turtle") if query.form == "CONSTRUCT" else ("csv", "text/csv")
    answer = perez.query(name, {"accept": type_}, **given)
    assert answer.status == 200, answer.text
    assert answer.text == "".join(render(expected, format_))


def test_parameters_are_terms_and_no_text_of_a_query(perez: Served) -> None:
    one = perez.query("results", {"accept": "text/csv"}, athlete="Jefferson Pérez").text
    assert one == perez.query("results", {"accept": "text/csv"}, athlete="pz:jefferson-perez").text
    assert one.count("\n") > 20
    hostile = perez.query("sentence", number='1 } UNION { ?s ?p ?o } #"')
    assert hostile.status == 400


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/queries/medlas", 404, "there is no query 'medlas'"),
        ("/queries/medals?athelete=x", 400, "medals has no parameter 'athelete'"),
        ("/queries/medals?whose=nobody", 400, "parameter whose: 'nobody' is not one of subject, everyone"),
        ("/queries/medals?date=yesterday", 400, "parameter date: 'yesterday' is not a date, as 2008-08-16"),
        ("/queries/medals?whose=subject&whose=everyone", 400, "parameter whose is given twice"),
        ("/queries/head-to-head", 400, "head-to-head needs the parameter athlete: the name of a thing, or its IRI"),
        ("/queries/medals.exe", 404, "medals has no answer that ends in '.exe'"),
        ("/sparql?query=", 400, "the query is empty"),
        ("/sparql?query=a&query=b", 400, "the request has more than one query"),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=x", 400, "the graph 'x' is not an absolute IRI"),
        ("/sparql?update=CLEAR+ALL", 403, "this server is only read"),
        ("/sparql?query=%FF", 400, "the request is not UTF-8"),
        ("/nothing", 404, "nothing is said of http://127.0.0.1:{port}/nothing"),
        ("/data/id/nothing.ttl", 404, "there is no such document"),
        ("/data/id/cuenca.exe", 404, "there is no such document"),
        ("/thing?iri=", 404, "nothing is said of "),
    ],
)
def test_a_problem_says_what_is_wrong(path: str, status: int, detail: str, perez: Served) -> None:
    answer = perez.ask(path)
    assert (answer.status, answer.type) == (status, "application/problem+json")
    assert answer.json["detail"] == detail.replace("{port}", str(perez.port))
    assert answer.json["status"] == status
    assert answer.headers["cache-control"] == "no-store"
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("ASK { ?s ?p", 1, 5),
        ("SELECT ?s\nWHERE { ?s nonsense:p ?o }", 2, 12),
        ("SELECT * { ?s ?p ?o }\nLIMIT x", 2, 7),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", 1, 1),
        ("ASK { SERVICE <http://example.org/> { ?s ?p ?o } }", 1, 7),
        ("LOAD <file:///etc/passwd>", 1, 1),
    ],
)
def test_a_mistake_in_a_query_has_line_and_column(query: str, line: int, column: int, perez: Served) -> None:
    answer = perez.sparql(query)
    assert answer.status == 400
    told = answer.json
    assert (told["line"], told["column"]) == (line, column)
    assert told["source"] == query.split("\n")[line - 1]


def test_problems_and_labels_are_told_in_spanish(perez: Served) -> None:
    spanish = {"accept-language": "es-EC, en;q=0.5", "accept": "text/csv"}
    answer = perez.ask("/queries/medlas", headers=spanish)
    assert answer.json["detail"] == "no existe la consulta 'medlas'"
    assert answer.headers["content-language"] == "es"
    assert "medalla de oro" in perez.query("medals", spanish).text
    assert "medalla de oro" in perez.query("medals", {"accept": "text/csv"}, lang="es").text
    assert "medalla de oro" not in perez.query("medals", {"accept": "text/csv"}).text


@pytest.mark.parametrize("path", ["/queries/medals", "/sparql?query=ASK%7B%7D", "/openapi.json", "/data/id/cuenca.ttl"])
def test_who_has_it_already_is_told_so(path: str, perez: Served) -> None:
    first = perez.ask(path)
    tag = first.headers["etag"]
    for tags in (tag, f'"other", W/{tag}', "*"):
        again = perez.ask(path, headers={"if-none-match": tags})
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == tag
        assert {"cache-control", "vary"} <= set(again.headers)
    assert perez.ask(path, headers={"if-none-match": '"other"'}).body == first.body
    head = perez.ask(path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert {name: head.headers[name] for name in ("etag", "content-length", "content-type")} == {
        name: first.headers[name] for name in ("etag", "content-length", "content-type")
    }


def test_a_body_is_compressed_for_who_takes_it(perez: Served) -> None:
    plain = perez.query("results")
    small = perez.query("results", {"accept-encoding": "br;q=1, gzip;q=0.8"})
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert small.headers["etag"] != plain.headers["etag"]
    assert len(small.body) < len(plain.body) / 3
    assert gzip.decompress(small.body) == plain.body
    assert "content-encoding" not in perez.query("results", {"accept-encoding": "gzip;q=0"}).headers


def test_nothing_keeps_what_depends_on_the_moment(perez: Served) -> None:
    for query in ("SELECT (NOW() AS ?t) {}", "SELECT (rand() AS ?t) {}", "SELECT (STRUUID() AS ?t) {}"):
        first, second = perez.sparql(query), perez.sparql(query)
        assert first.headers["cache-control"] == "no-store"
        assert first.body != second.body
    assert perez.sparql(ONE).headers["cache-control"].startswith("public")
    # What is true today may not be tomorrow.
    assert perez.query("medals").headers["cache-control"] == "no-cache"
    assert perez.query("places").headers["cache-control"].startswith("public")


def test_pages_of_elsewhere_may_ask(perez: Served) -> None:
    answer = perez.ask("/sparql", "OPTIONS", headers={"origin": "https://example.org"})
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    for path in ("/queries/medals", "/queries/medlas", "/nothing"):
        assert perez.ask(path).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_nothing_is_changed(method: str, perez: Served) -> None:
    answer = perez.ask("/queries/medals", method, b"x")
    assert (answer.status, answer.type) == (405, "application/problem+json")
    assert "GET" in answer.headers["allow"]
    if method != "POST":
        assert perez.ask("/sparql", method, b"x").status == 405
    update = {"content-type": "application/sparql-update"}
    assert perez.ask("/sparql", "POST", b"CLEAR ALL", update).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd", "/en/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
        "/data//etc/passwd",
        "/queries/..%2f..%2fpyproject", "/queries/%2fetc%2fpasswd", "/queries/-", "/queries/./medals.rq",
        "/file:///etc/passwd",
        "/thing?iri=file:///etc/passwd", "/sparql?query=ASK%7B%7D&default-graph-uri=file:///etc/passwd",
        "/sparql?query=SELECT%20*%20FROM%20%3Cfile:///etc/passwd%3E%20%7B%3Fs%20%3Fp%20%3Fo%7D",
    ],
)  # fmt: skip
def test_no_file_of_the_machine_is_reached(path: str, perez: Served) -> None:
    answer = perez.ask(path)
    assert answer.status in (200, 404)
    assert "root:" not in answer.text
    if answer.status == 200:
        found = answer.json
        assert found.get("boolean", False) or found["results"]["bindings"] == []


def test_relative_addresses_are_those_of_the_server(perez: Served) -> None:
    found = perez.sparql("SELECT (<x> AS ?x) {}").json["results"]["bindings"][0]["x"]["value"]
    assert found == f"http://127.0.0.1:{perez.port}/x"


def test_the_description_for_programs_has_every_query_and_the_types_of_its_parameters(perez: Served) -> None:
    found = perez.ask("/openapi.json").json
    assert found["openapi"].startswith("3.1")
    assert {f"/queries/{name}" for name in names()} | {"/sparql", "/queries/"} == set(found["paths"])
    told = {
        parameter["name"]: parameter for parameter in found["paths"]["/queries/results-between"]["get"]["parameters"]
    }
    assert told["start"]["schema"]["type"] == "integer"
    medals = {p["name"]: p for p in found["paths"]["/queries/medals"]["get"]["parameters"]}
    assert medals["whose"]["schema"] == {"type": "string", "enum": ["subject", "everyone"], "default": "subject"}
    assert medals["date"]["schema"]["format"] == "date"
    rivals = {p["name"]: p for p in found["paths"]["/queries/head-to-head"]["get"]["parameters"]}
    assert rivals["athlete"]["required"]
    listed = perez.ask("/queries/").json["queries"]
    assert [query["name"] for query in listed] == names()
    assert json.dumps(perez.ask("/openapi.json", headers={"accept-language": "es"}).json) != json.dumps(found)
