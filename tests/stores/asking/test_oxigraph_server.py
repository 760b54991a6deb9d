"""A real store: every canned query is answered by an Oxigraph server as its golden file says, and as at home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.queries.test_golden import CASES, assert_golden, source, told_by
from tests.servers import oxigraph
from tests.servers.all_stores import needed

import perezkg
from perezkg.errors import StoreMethodError, StoreNotFoundError
from perezkg.sparql.results import Boolean, Triples
from perezkg.stores import remote_graph as endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Run

    from perezkg.sparql.results import Result

pytestmark = pytest.mark.real
GRAPH = "http://example.org/perez"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server with perezkg's graph."""
    needed("oxigraph")
    with oxigraph.running() as found:
        oxigraph.load(found)
        yield found


@pytest.fixture(scope="module")
def biography() -> Iterator[str]:
    """A server with what the biography alone says, in a named graph."""
    needed("oxigraph")
    with oxigraph.running() as found:
        oxigraph.load(found, "biography", GRAPH)
        yield found


@pytest.fixture(scope="module")
def remote(address: str, biography: str) -> Iterator[dict[str, perezkg.RemoteGraph]]:
    """Connections to both."""
    with (
        perezkg.connect(f"{address}/query") as whole,
        perezkg.connect(f"{biography}/query", graphs=[GRAPH]) as told,
    ):
        yield {"all": whole, "biography": told}


def ask(remote: dict[str, perezkg.RemoteGraph], case: str) -> Result:
    name, parameters = CASES[case]
    return remote[source(case)].query(name, **parameters)


@pytest.mark.parametrize("case", CASES)
def test_answers_as_the_golden_file_says(remote: dict[str, perezkg.RemoteGraph], case: str) -> None:
    assert_golden(case, ask(remote, case))


@pytest.mark.parametrize(
    ("results", "graphs"),
    [
        ("application/sparql-results+json", "application/n-triples"),
        ("application/sparql-results+xml", "text/turtle"),
        ("text/tab-separated-values", "text/turtle"),
    ],
)
def test_answers_as_at_home_to_the_term_in_every_format(
    remote: dict[str, perezkg.RemoteGraph], monkeypatch: pytest.MonkeyPatch, results: str, graphs: str
) -> None:
    monkeypatch.setattr(endpoint, "RESULT_TYPES", results)
    monkeypatch.setattr(endpoint, "GRAPH_TYPES", graphs)
    for case, (name, parameters) in CASES.items():
        home = told_by(source(case)).query(name, **parameters)
        away = ask(remote, case)
        assert away == home, case
        if isinstance(away, Triples) and isinstance(home, Triples):
            assert away.triples == home.triples, case


@pytest.mark.parametrize(
    "arguments",
    [
        ("medals",),
        ("medals", "--lang", "es", "-f", "json"),
        ("results-between", "-p", "start=1996", "-p", "end=2000", "-f", "xml"),
        ("won-olympic-gold", "-p", "athlete=pz:luis-munoz"),
        ("about", "-p", "node=pz:pilgrimage"),
        ("-e", "SELECT * { ?s sport:year ?y OPTIONAL { ?s sport:nix ?n } } ORDER BY ?y ?s LIMIT 7", "-f", "tsv"),
        ("-e", "ASK { pz:nobody ?p ?o }"),
        ("-e", "SELECT ?x WHERE { ?x }"),
        ("-e", "SELECT ?x WHERE { SERVICE <http://localhost/> { ?x a ?y } }"),
        ("medals", "-p", "nix=1"),
        ("medls",),
        ("medals", "-f", "turtle"),
    ],
    ids=" ".join,
)
def test_the_command_ends_and_writes_as_at_home(address: str, command: Run, arguments: tuple[str, ...]) -> None:
    assert command("query", *arguments, "--endpoint", f"{address}/query") == command("query", *arguments)


def test_asking_by_every_form_of_the_protocol(address: str) -> None:
    with perezkg.connect(f"{address}/query") as remote:
        short = "ASK { ?s a sport:Person }"
        assert remote.sparql(short) == remote.sparql(short + " # " + "x" * 5000) == Boolean(True)


def test_a_wrong_address_of_a_right_store(address: str) -> None:
    with perezkg.connect(f"{address}/nothing") as remote, pytest.raises((StoreNotFoundError, StoreMethodError)):
        remote.query("medals")


def test_a_graph_that_is_not_named_is_not_asked(biography: str, command: Run) -> None:
    url = f"{biography}/query"
    status, out, err = command("query", "medals", "--endpoint", url)
    assert (status, out.count("\n")) == (0, 1)
    assert "--graph" in err
    assert command("query", "medals", "--endpoint", url, "--graph", GRAPH) == command(
        "query", "medals", "--source", "biography"
    )


def test_a_thing_that_the_store_does_not_know_is_told(address: str, command: Run) -> None:
    arguments = ("query", "world-championships", "--endpoint", f"{address}/query", "-p")
    status, out, err = command(*arguments, "series=pz:world-championshipz")
    assert (status, out.count("\n")) == (0, 1)
    assert err == "perezkg: notice: the store says nothing about pz:world-championshipz\n"
    assert command(*arguments, "series=pz:jefferson-perez").err == ""
