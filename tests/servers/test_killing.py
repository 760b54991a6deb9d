"""A store or a load that is killed: at every moment every reader finds the old graph or the new one, whole.

PEREZKG_KILLS=100 pytest -m slow tests/servers/test_killing.py kills so often, each store and victim, at random moments.
"""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING

import pytest
from tests.servers.all_stores import needed
from tests.servers.asking import clear, count, graph_of, staging_graphs
from tests.servers.relay import Relay
from tests.servers.watched import Process, Reader, replaced, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.server import Server

pytestmark = pytest.mark.slow

# Enough for each step to take a while.
SIZE = 10_000
# Stages of a load, how often each has been told, and up to how many seconds later the blow comes.
STAGED = [
    ("Reading", 1, 0.6),
    ("Sending", 1, 0.1),
    ("Sending", 1, 0.5),
    ("Checking", 1, 0.4),
    ("Keeping", 1, 0.3),
    ("Showing", 1, 0.1),
    ("Showing", 1, 0.5),
    ("Checking", 2, 0.4),
]
IN_A_TRANSACTION = [
    ("Reading", 1, 0.6),
    ("Sending", 1, 0.5),
    ("Checking", 1, 0.5),
    ("Finishing", 1, 0.05),
    ("Finishing", 1, 0.5),
]
# At random moments of these, so many times, rather than once at each.
KILLS = int(os.environ.get("PEREZKG_KILLS", "0"))
# Bytes that a load and a store exchange, in parts: the connection ends after each.
CUTS = 8
MOMENTS = {"fuseki": STAGED, "oxigraph": STAGED, "rdf4j": IN_A_TRANSACTION, "blazegraph": STAGED}


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of triples."""
    path = tmp_path_factory.mktemp("killing") / "new.nt"
    triples = (f'<http://example.org/{i // 5}> <http://example.org/p{i % 5}> "{i:0250}" .\n' for i in range(SIZE))
    path.write_text("".join(triples))
    return path


@pytest.mark.parametrize("victim", ["server", "client"])
@pytest.mark.parametrize("kind", MOMENTS)
def test_the_graph_is_the_old_or_the_new_one(kind: str, victim: str, new: Path, tmp_path: Path) -> None:
    chance = random.Random(f"{kind} {victim}")  # noqa: S311 - no secret
    # A server that goes on by itself has fewer ways to end.
    moments = MOMENTS[kind] if victim == "server" else MOMENTS[kind][1::2]
    if KILLS:
        moments = chance.choices(MOMENTS[kind], k=KILLS)
    with needed(kind)(tmp_path) as server:
        assert run(server, "load")[0] == 0
        old = count(server)
        with Reader(server) as reader:
            for stage, number, delay in moments:
                with Process(server, "load", new, "--replace") as client:
                    assert client.reach(stage, number)
                    time.sleep(chance.uniform(0, delay))
                    if victim == "server":
                        server.kill()
                        status, err = client.ended()
                        server.start()
                        # Only once all was proven is it of no interest what becomes of the store. RDF4J may
                        # lose what it has committed while somebody reads: docs/stores.md.
                        assert status == 0 or (status == 4 and server.address in err)
                        kept = (SIZE,) if status == 0 and kind != "rdf4j" else (old, SIZE)
                        assert whole(server, old, new) in kept
                    else:
                        client.kill()
                        whole(server, old, new)
                assert replaced(server) == (0, "")
                assert staging_graphs(server) == set()
    assert reader.answers > len(moments)
    assert reader.seen <= {old, SIZE}


def whole(server: Server, old: int, new: Path) -> int:
    """Return how many triples the graph has, once it has proved to be the old one or the new one."""
    for _ in range(3):  # the request of a client that is dead may end only now
        found = count(server)
        assert found in (old, SIZE)
        if run(server, "diff", *([new] if found == SIZE else []))[0] == 0:
            return found
    raise AssertionError("neither the old nor the new one")


@pytest.mark.parametrize("victim", ["server", "client"])
@pytest.mark.parametrize("kind", MOMENTS)
def test_an_empty_graph_is_empty_or_whole(kind: str, victim: str, new: Path, tmp_path: Path) -> None:
    chance = random.Random(f"{kind} {victim}")  # noqa: S311 - no secret
    with needed(kind)(tmp_path) as server, Reader(server) as reader:
        for _ in range(KILLS or 1):
            with Process(server, "load", new) as client:
                assert client.reach("Sending")
                time.sleep(chance.uniform(0, 0.3))
                if victim == "server":
                    server.kill()
                    status, err = client.ended()
                    server.start()
                    # Only once all was proven is it of no interest what becomes of the store.
                    assert status == 0 or (status == 4 and server.address in err)
                    assert count(server) in ((SIZE,) if status == 0 else (0, SIZE))
                else:
                    client.kill()
                    assert count(server) in (0, SIZE)
            assert replaced(server, new) == (0, "")
            assert run(server, "diff", new)[0] == 0
            assert staging_graphs(server) == set()
            clear(server, graph_of(server))
    assert reader.seen <= {0, SIZE}


@pytest.mark.parametrize("empty", [True, False], ids=["empty", "replaced"])
@pytest.mark.parametrize("kind", MOMENTS)
def test_a_connection_may_end_anywhere(kind: str, empty: bool, new: Path, tmp_path: Path) -> None:
    with needed(kind)(tmp_path) as server:

        def prepare() -> int:
            if not empty:
                assert replaced(server) == (0, "")
                return count(server)
            run(server, "load", "--recover", "discard")
            clear(server, graph_of(server))
            return 0

        old = prepare()
        with Relay(server) as relay:
            assert run(relay, "load", new, "--replace") == (0, "")
        whole_way = relay.sent
        for part in range(1, CUTS):
            assert prepare() == old
            with Reader(server) as reader, Relay(server, whole_way * part // CUTS) as relay:
                status, err = run(relay, "load", new, "--replace")
                assert status in (0, 4), err
                found = count(server)
            assert reader.seen | {found} <= {old, SIZE}
            assert count(server) in (old, SIZE)
