"""Where a store has its services, and what goes there."""

from __future__ import annotations

import threading
from contextlib import suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from tests.stores.loading.dialects import Reply
from tests.stores.loading.fake_store import ordinary
from tests.stores.loading.faults import FAULTS, SLOW_FAULTS

from perezkg.stores.dialects import PING_EVERY
from perezkg.stores.kinds import KINDS, Services, kind_of, services
from perezkg.stores.store import extended, open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.stores.loading.fake_store import Exchange, FakeStore

    File = Callable[..., Path]
    Start = Callable[[str], FakeStore]

DATA = '<http://e.org/1> <http://e.org/p> "1" .\n'


@pytest.mark.parametrize("kind", ["rdf4j", "graphdb", "fuseki", "oxigraph", "virtuoso", "blazegraph", "generic"])
def test_a_key_in_the_url_goes_to_each_service(kind: str, start: Start, command: Run, file: File) -> None:
    store = start(kind)
    ended = command("load", f"{store.url}?key=k", file(DATA), "--store", kind, "--graph", "http://e.org/g")
    assert (ended.status, ended.err) == (0, "")
    assert len(store.content("http://e.org/g")) == 1
    assert {request.fields.get("key") for request in store.requests} == {"k"}
    assert not any("key" in request.path for request in store.requests)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("perezkg")]


@pytest.mark.parametrize("fault", ["", "404", "503", "reset", "silence"])
@pytest.mark.parametrize("fails", [False, True])
def test_a_transaction_is_kept_open_while_nothing_is_sent(
    fails: bool, fault: str, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perezkg.stores.dialects.PING_EVERY", 0.02)
    monkeypatch.setattr("perezkg.stores.dialects._PING_TIMEOUT", 0.5 if fault == "silence" else 30.0)
    store = start("rdf4j")
    asked: list[str] = []

    def meet(exchange: Exchange) -> None:
        asked.append(urlsplit(exchange.path).path)
        (FAULTS | SLOW_FAULTS | {"": ordinary})[fault](exchange)

    store.fail(meet, line="PING")
    with open_store(store.url, kind="rdf4j") as (found, _):
        with suppress(KeyError), found.transaction() as session:
            session.update("INSERT DATA { <http://e.org/1> <http://e.org/p> 1 }")
            deadline = monotonic() + 60
            while len(asked) < 3 and monotonic() < deadline:
                sleep(0.01)
            if fails:
                raise KeyError
        assert threads() == []
        ended, number = store.requests[-1], len(asked)
        assert ended.fields.get("action", ended.method) == ("DELETE" if fails else "COMMIT")
        sleep(0.1)
        assert (store.requests[-1], len(asked)) == (ended, number), "it is over"
    assert number >= 3
    assert set(asked) == {ended.path}
    assert len(store.content()) == (0 if fails else 1)


def test_a_short_transaction_is_not_held_up(start: Start, command: Run, file: File) -> None:
    store = start("rdf4j")
    began = monotonic()
    assert command("load", store.url, file(DATA)).status == 0
    assert monotonic() - began < PING_EVERY
    assert threads() == []
    assert "PING" not in str(store.requests)


@pytest.mark.parametrize("fault", ["answer lost", "half an answer", "503", "late"])
def test_a_commit_without_an_answer(fault: str, start: Start, command: Run, file: File) -> None:
    store = start("rdf4j")
    store.fail((FAULTS | SLOW_FAULTS)[fault], line="COMMIT")
    for patience in ("0.4", "3", "20") if fault == "late" else ("30",):
        ended = command("load", store.url, file(DATA), "--timeout", patience)
        if "COMMIT" in store.requests[-1].target:  # all before it was in time
            break
    assert ended.status == 4
    assert "the change may have been made anyway" in ended.err
    assert "`perezkg diff URL` tells" in ended.err
    store.mend()
    assert len(store.content()) == (0 if fault == "503" else 1)


@pytest.mark.parametrize("fault", ["401", "500", "507"])
def test_a_commit_that_is_refused(fault: str, start: Start, command: Run, file: File) -> None:
    store = start("rdf4j")
    store.fail(FAULTS[fault], line="COMMIT")
    ended = command("load", store.url, file(DATA))
    assert ended.status == 4
    assert "all the same" not in ended.err


@pytest.mark.parametrize("option", ["--update-url", "--graph-store-url"])
@pytest.mark.parametrize(
    "url", ["localhost:3030/update", "ftp://localhost/update", "http://localhost:port/", "http://[::1"]
)
def test_a_service_that_is_no_url(option: str, url: str, store: FakeStore, command: Run, file: File) -> None:
    store.hold(DATA)
    ended = command("load", store.url, file(DATA), "--replace", option, url)
    assert (ended.status, url in ended.err) == (2, True)
    assert {request.method for request in store.requests} <= {"GET"}
    assert store.remains() == []


def test_services_by_their_urls() -> None:
    found = services(
        "generic", "http://e.org/sparql", update=" http://e.org/update#x ", graph_store="http://e.org/?a=b#"
    )
    assert (found.update, found.graph_store) == ("http://e.org/update", "http://e.org/?a=b")
    assert extended(found.graph_store, {"graph": "urn:g"}) == "http://e.org/?a=b&graph=urn%3Ag"
    assert services("oxigraph", "http://e.org/", graph_store="").graph_store == ""


@pytest.mark.parametrize("end", ["", "/", "/sparql", "/sparql/"])
def test_a_namespace_of_blazegraph(end: str, start: Start, command: Run, file: File) -> None:
    store = start("blazegraph")
    url = store.url.removesuffix("/sparql") + end
    ended = command("load", url, file(DATA), "--graph", "http://e.org/g", "-f", "json")
    assert (ended.status, '"blazegraph"' in ended.out) == (0, True)
    # The first asks what is there.
    assert {request.path for request in store.requests[1:]} == {"/namespace/kb/sparql"}


def test_services_of_blazegraph_elsewhere() -> None:
    for path in ("/bigdata/sparql", "/blazegraph/sparql", "/of/a/proxy"):
        url = f"http://e.org{path}?key=k"
        assert services("blazegraph", url) == Services(KINDS["blazegraph"], url, url, url)
    assert (
        services("blazegraph", "http://e.org/x/namespace/a?key=k").update == "http://e.org/x/namespace/a/sparql?key=k"
    )
    assert kind_of("http://e.org/namespace/a/properties", {}) == "generic"


def refusing(exchange: Exchange) -> None:
    """Want to know who asks."""
    if exchange.user():
        ordinary(exchange)
    else:
        exchange.receive()
        exchange.send(Reply(401, b"who are you?"))


def test_credentials_go_to_no_service_elsewhere(
    start: Start, command: Run, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEREZKG_PASSWORD", "hunter2")
    store, other = start("generic"), start("generic")
    other.fail(refusing, line=" ")
    load = ("load", store.url, file(DATA), "--user", "me", "--store", "generic", "--update-url")
    ended = command(*load, other.url)
    assert ended.status == 4
    assert f"http://{other.host}/sparql: the store asks for a user and password (401)" in ended.err
    assert f"credentials are sent only to http://{store.host};" in ended.err
    assert "same host and port" in ended.err
    assert "Authorization" not in str([request.headers for request in other.requests]).title()
    # What the other URL itself names goes there.
    other.mend()
    other.fail(FAULTS["401"], line=" ")
    ended = command(*load, other.url.replace("://", "://you:hunter3@"))
    assert (ended.status, "does not accept these credentials" in ended.err) == (4, True)
    assert "hunter" not in ended.err
