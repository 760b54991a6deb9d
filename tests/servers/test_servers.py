"""The stores themselves: each starts, takes triples by its own upload, answers, and keeps them when it is killed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from tests.servers.all_stores import STORES, needed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.server import Server

pytestmark = pytest.mark.slow

TRIPLES = "".join(
    f"<http://example.org/s> <http://example.org/p> <http://example.org/o{number}> .\n" for number in "123"
)


def objects(server: Server) -> list[str]:
    """Ask a server for what it was given."""
    default = {} if server.graph == "default" else {"default-graph-uri": server.graph}
    query = urlencode({"query": "SELECT ?o { <http://example.org/s> <http://example.org/p> ?o }", **default})
    rows = server.ask(f"{server.query_url}?{query}", headers={"Accept": "text/csv"}).decode().split()
    return sorted(row.strip('"') for row in rows[1:])


@pytest.mark.parametrize("kind", STORES)
def test_what_it_was_given_survives_a_kill(kind: str, tmp_path: Path) -> None:
    expected = [f"http://example.org/o{number}" for number in "123"]
    with needed(kind)(tmp_path / kind) as server:
        assert server.kind == kind
        server.upload(TRIPLES.encode())
        assert objects(server) == expected
        server.kill()
        with pytest.raises(RuntimeError):
            server.ask(server.query_url)
        server.start()
        assert objects(server) == expected


@pytest.mark.parametrize("kind", STORES)
def test_no_process_is_left(kind: str, tmp_path: Path) -> None:
    with needed(kind)(tmp_path / kind) as server:
        assert server.process is not None
        number = server.process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    server = needed("oxigraph")(tmp_path)
    (tmp_path / "data").write_text("a file in place of a folder")
    with pytest.raises(RuntimeError, match=r"oxigraph ended: .*"):
        server.start()
    assert server.process is None
