"""Where a store has its services, and what goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.transfer.fake_store import FakeStore

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
