"""A kind of store is a class and a row: whoever adds both sees all of perezkg know it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from perezkg.stores.kinds import KINDS, Kind, kind_of, services
from perezkg.stores.store import TripleStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.stores.loading.fake_store import FakeStore

    File = Callable[..., Path]
    Start = Callable[[str], FakeStore]

DATA = '<http://e.org/1> <http://e.org/p> "1" .\n'


class Cellar(TripleStore):
    """A kind that exists in this test alone."""

    default_graph = False


@pytest.fixture
def cellar(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = Kind(
        name="cellar",
        title="The Cellar",
        store=f"{__name__}:Cellar",
        path=r"(.*)/cellar(?:/ask)?",
        services=("/cellar/ask", "/cellar/tell", "/cellar/graphs"),
        servers=("Cellar",),
        told_by=r".*/cellar(?:/ask)?",
        lacks="leads to no cellar",
        hint="Write it: http://localhost/cellar",
    )
    monkeypatch.setitem(KINDS, kind.name, kind)


@pytest.mark.usefixtures("cellar")
def test_a_new_kind_is_recognised_and_has_its_services() -> None:
    assert kind_of("http://e.org/", {"Server": "cellar/1.0"}) == "cellar"
    assert kind_of("http://e.org/cellar", {}) == "cellar"
    found = services("cellar", "http://e.org/a/cellar/ask?key=k")
    assert (found.query, found.update) == ("http://e.org/a/cellar/ask?key=k", "http://e.org/a/cellar/tell?key=k")
    assert found.graph_store == "http://e.org/a/cellar/graphs?key=k"


@pytest.mark.usefixtures("cellar")
def test_a_new_kind_stands_in_help_options_and_messages(start: Start, command: Run, file: File) -> None:
    assert " cellar" in command("load", "--help").out
    store = start("generic")
    wrong = command("load", store.url, file(DATA), "--store", "cellar")
    assert (wrong.status, "leads to no cellar" in wrong.err) == (2, True)
    unknown = command("load", store.url, file(DATA), "--store", "celar")
    assert (unknown.status, "Did you mean cellar?" in unknown.err) == (2, True)


@pytest.mark.usefixtures("cellar")
def test_a_new_kind_loads_as_its_class_says(start: Start, command: Run, file: File) -> None:
    store = start("generic")
    url = store.url
    row = KINDS["cellar"]
    KINDS["cellar"] = Kind(name=row.name, title=row.title, store=row.store)
    refused = command("load", url, file(DATA), "--store", "cellar")
    assert (refused.status, "the default graph of The Cellar is all of its graphs together" in refused.err) == (2, True)
    loaded = command("load", url, file(DATA), "--store", "cellar", "--graph", "http://e.org/g", "-f", "json")
    assert (loaded.status, json.loads(loaded.out)["store"]) == (0, "cellar")
