"""A load that is told to end, at any moment: the graph is the old one or the new one, and the message says which.

PEREZKG_KILLS=200 pytest -m slow tests/servers/test_signals.py sends so many signals, to each store, at random moments.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.servers.all_stores import needed
from tests.servers.asking import staging_graphs
from tests.servers.test_killing import IN_A_TRANSACTION, STAGED
from tests.servers.watched import Process, Reader, run

from perezkg.rdf.canonical import CanonicalLines
from perezkg.rdf.streaming import DataStream
from perezkg.stores import load as loading
from perezkg.stores.store import Content, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.server import Server

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="signals are different there")]

STATUSES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
# One signal; or several: people are impatient, and a terminal that is closed sends more than one.
WAYS = [("SIGINT",), ("SIGTERM",), ("SIGHUP",), ("SIGINT", "SIGINT"), ("SIGHUP", "SIGTERM"), ("SIGINT", "SIGTERM")]
KILLS = int(os.environ.get("PEREZKG_KILLS", "0"))
MOMENTS = {"oxigraph": STAGED, "fuseki": STAGED, "rdf4j": IN_A_TRANSACTION}
# Up to so many seconds between two signals.
PAUSE = 0.3


# The two versions have most in common; neither, nor both together, has as many triples as the other.
VERSIONS = {"a": range(5000), "b": range(1000, 6500)}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two versions of a graph."""
    folder = tmp_path_factory.mktemp("signals")
    found = {}
    for name, numbers in VERSIONS.items():
        found[name] = folder / f"{name}.nt"
        triples = (f'<http://example.org/{i // 5}> <http://example.org/p{i % 5}> "{i:0250}" .\n' for i in numbers)
        found[name].write_text("".join(triples))
    return found


@pytest.mark.parametrize("kind", MOMENTS)
def test_the_message_is_true(kind: str, files: dict[str, Path], tmp_path: Path) -> None:
    chance = random.Random(f"signals {kind}")  # noqa: S311 - no secret
    moments = MOMENTS[kind] if not KILLS else chance.choices(MOMENTS[kind], k=KILLS)
    told: Counter[str] = Counter()
    with needed(kind)(tmp_path) as server:
        now = "a"
        assert run(server, "load", files[now]) == (0, "")
        with Reader(server) as reader:
            for number, (stage, times, delay) in enumerate(moments):
                before, other = now, "b" if now == "a" else "a"
                names = chance.choice(WAYS) if KILLS else WAYS[number % len(WAYS)]
                with Process(server, "load", files[other], "--replace") as client:
                    assert client.reach(stage, times), "it is not refused"
                    time.sleep(chance.uniform(0, delay))
                    client.signal(names[0])
                    for name in names[1:]:
                        time.sleep(chance.uniform(0, PAUSE))
                        client.signal(name)
                    status, err = client.ended()
                found, is_old, is_new = said(status, err, names)
                told[found] += 1
                if not is_old and not is_new:  # a second Ctrl-C while the graph was put back
                    assert names == ("SIGINT", "SIGINT")
                    assert run(server, "load", "--recover", "restore")[0] == 0
                    is_old = True
                now = version(server, files)
                assert (is_old and now == before) or (is_new and now == other), err
                if found == "unsure":
                    assert run(server, "load", "--recover", "restore" if now == before else "discard")[0] == 0
                print(number + 1, kind, dict(told), flush=True)  # the figures, with -s
            assert run(server, "load", files["a"], "--replace") == (0, "")
            assert staging_graphs(server) == set()
    assert reader.seen <= set(map(len, VERSIONS.values()))


@pytest.mark.parametrize("kind", [kind for kind, moments in MOMENTS.items() if moments is STAGED])
def test_two_updates_at_once_do_not_mix(kind: str, files: dict[str, Path], tmp_path: Path) -> None:
    with needed(kind)(tmp_path) as server, open_store(server.load_url) as (store, _):
        for name, path in files.items():
            with loading.parts([DataStream(str(path))], "") as one:
                store.put(f"http://example.org/{name}", Content(one[""]))
        show, put_back = (store.copying({"": f"http://example.org/{name}"}) for name in ("b", "a"))
        for delay in (0, 0.01, 0.02, 0.05, 0.1, 0.2):
            store.update(store.copying({"": "http://example.org/a"}))
            with Reader(server) as reader, ThreadPoolExecutor() as threads:
                shown = threads.submit(store.update, show)
                time.sleep(delay)
                store.update(put_back)
                shown.result()
            version(server, files)
            assert reader.seen <= set(map(len, VERSIONS.values()))


def version(server: Server, files: dict[str, Path]) -> str:
    """Return which of the two versions the graph is, by all of its triples."""
    with open_store(server.load_url) as (store, _), CanonicalLines() as there:
        store.read("", there)
        for name, path in files.items():
            with loading.parts([DataStream(str(path))], "") as parts:
                if parts[""].sha256 == there.sha256:
                    return name
    raise AssertionError("the graph is neither")


def said(status: int, err: str, names: tuple[str, ...]) -> tuple[str, bool, bool]:
    """Return what a load has said, in a word, and whether the graph may be the old one by that, or the new one."""
    if status == 0:
        return "done", False, True
    if "interrupted." not in err:  # before there was anything to tell, or after all was told
        assert status in (*STATUSES.values(), *(-getattr(signal, name) for name in names)), err
        return "silent", True, True
    # A second one may come when all has been told.
    assert status in (STATUSES[names[0]], *(-getattr(signal, name) for name in names[1:])), err
    if "The load itself succeeded" in err or "The new graph is there, and proven" in err:
        return "loaded", False, True
    if "is kept in the graph" in err:
        return "kept", False, False
    if "may still carry out" in err or "may have been made anyway" in err:
        return "unsure", True, True
    assert "Nothing has been changed." in err or "holds again what it held." in err, err
    return "undone", True, False
