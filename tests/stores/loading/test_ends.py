"""A load whose own process is killed or interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests.stores.loading.dialects import shown
from tests.stores.loading.fake_store import ordinary
from tests.stores.loading.faults import silence, stall

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.stores.loading.fake_store import Exchange, FakeStore, Fault

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are different there")

OLD = '<http://e.org/o> <http://e.org/p> "old" .\n'
NEW = "".join(f'<http://e.org/{n}> <http://e.org/p> "{n}" .\n' for n in range(2000))
# Where a load of one graph into a store of each kind is when this request comes.
MOMENTS = {"upload": 5, "check": 6, "backup": 8, "swap": 11, "proof": 12}
GRAPHS = {"oxigraph": "", "virtuoso": "http://e.org/g"}
# Where a load that is told to end waits for the store's answer: one of them is enough for the ordinary run.
WAITING = [("oxigraph", "backup"), ("virtuoso", "backup"), ("virtuoso", "swap")]
ENDS = [
    pytest.param(kind, moment, marks=pytest.mark.slow if (kind, moment) in WAITING else ())
    for kind in GRAPHS
    for moment in MOMENTS
]


def signalled(store: FakeStore, arguments: list[str], number: signal.Signals) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "perezkg", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert store.stalled.wait(30)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    return process.returncode, out, err


@pytest.mark.parametrize("fault", [stall, pytest.param(silence, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("kind", "moment"), ENDS)
@pytest.mark.parametrize(
    "number", ["SIGINT", "SIGKILL", *(pytest.param(name, marks=pytest.mark.slow) for name in ("SIGTERM", "SIGHUP"))]
)
def test_an_end_half_way(
    kind: str,
    moment: str,
    number: str,
    fault: Fault,
    start: Callable[[str], FakeStore],
    command: Run,
    file: Callable[[str], Path],
) -> None:
    store = start(kind)
    graph = GRAPHS[kind]
    store.hold(OLD, graph)
    old = store.content(graph)
    options = ["--store", kind, "--graph", graph or "default"]
    load = ["load", store.url, str(file(NEW)), "--replace", *options]
    store.fail(fault, at=MOMENTS[moment])
    status, out, err = signalled(store, load, getattr(signal, number))
    assert (status, out) == ({"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129, "SIGKILL": -9}[number], "")
    if moment == "proof" and number == "SIGKILL":
        assert len(store.content(graph)) == 2000
    else:
        assert store.content(graph) == old
    if number == "SIGKILL":
        assert err == ""
    elif moment in ("swap", "proof"):
        assert "perezkg: error: interrupted. " in err
        assert "holds again what it held" in err
        assert ("--recover restore puts that right" in err) == (moment == "swap")
    else:
        late = " What still arrives is dropped by the next load" if moment != "check" else "\n"
        assert f"perezkg: error: interrupted. Nothing has been changed.{late}" in err
    if number != "SIGKILL":
        # Only what the store may still be at work on is left to it.
        assert moment in ("upload", "backup", "swap") or store.remains() == []
    store.mend()
    again = command(*load)
    assert again.status == 0, again.err  # the graph is the old one or the new one, and nothing is to be decided
    assert len(store.content(graph)) == 2000
    assert store.remains() == []


def slowly(seconds: float) -> Fault:
    """Do what is asked for, and answer after a while."""

    def fault(exchange: Exchange) -> None:
        exchange.receive()
        exchange.store.stalled.set()
        time.sleep(seconds)
        exchange.send(exchange.apply())

    return fault


def at_updates(**faults: Fault) -> Fault:
    """Fail where the new graph is shown, or where the former one is put back."""

    def fault(exchange: Exchange) -> None:
        body = exchange.receive().body
        end = {"new": "shown", "former": "back"}.get(shown(body), "")
        faults.get(end, ordinary)(exchange)

    return fault


@pytest.mark.parametrize(("number", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_running_request_is_waited_for(
    number: str, status: int, store: FakeStore, file: Callable[[str], Path]
) -> None:
    store.hold(OLD)
    old = store.content()
    store.fail(at_updates(shown=slowly(1.5)), line="/update")
    ended = signalled(store, ["load", store.url, str(file(NEW)), "--replace"], getattr(signal, number))
    assert ended[0] == status
    assert "notice: told to end; the store gets 10 seconds" in ended[2]
    assert ended[2].endswith("error: interrupted. The default graph holds again what it held.\n")
    assert store.content() == old
    assert store.remains() == []


@pytest.mark.parametrize("second", ["SIGINT", "SIGTERM"])
def test_a_second_signal_while_the_graph_is_put_back(
    second: str, store: FakeStore, command: Run, file: Callable[[str], Path]
) -> None:
    store.hold(OLD)
    old = store.content()
    # Who presses Ctrl-C again does not want to wait. SIGTERM asks for what is under way already.
    store.fail(at_updates(shown=slowly(0.5), back=silence if second == "SIGINT" else slowly(1.5)), line="/update")
    load = [sys.executable, "-m", "perezkg", "load", store.url, str(file(NEW)), "--replace"]
    with subprocess.Popen(load, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert store.stalled.wait(30)
        store.stalled.clear()
        process.send_signal(signal.SIGINT)
        assert store.stalled.wait(30)
        process.send_signal(getattr(signal, second))
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "notice: putting back what was there; Ctrl-C again leaves that to --recover" in err
    if second == "SIGINT":
        assert "What the default graph held is kept in the graph urn:perezkg:" in err
        assert "--recover restore puts it back" in err
        store.mend()
        assert command("load", store.url, str(file(NEW)), "--add").status == 2
        assert command("load", store.url, "--recover", "restore").status == 0
    else:
        assert err.endswith("error: interrupted. The default graph holds again what it held.\n")
    assert store.content() == old
    assert store.remains() == []


def test_what_is_proven_stays(store: FakeStore, file: Callable[[str], Path]) -> None:
    store.hold(OLD)

    def fault(exchange: Exchange) -> None:
        (slowly(1.5) if b"DROP SILENT" in exchange.receive().body else ordinary)(exchange)

    store.fail(fault, line="/update")
    ended = signalled(store, ["load", store.url, str(file(NEW)), "--replace"], signal.SIGTERM)
    assert ended[0] == 143
    assert ended[2].endswith("error: interrupted. The load itself succeeded, and is proven.\n")
    assert len(store.content()) == 2000
    assert store.remains() == []


def test_a_program_that_handles_signals_itself_goes_on_doing_so(store: FakeStore, file: Callable[[str], Path]) -> None:
    program = f"""
import signal
from perezkg.rdf.streaming import DataStream
from perezkg.stores.load import load, parts
from perezkg.stores.store import open_store

def own(*_):
    print("own")

before = [signal.signal(signal.SIGTERM, own), signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGHUP)]
with parts([DataStream({str(file(NEW))!r})], "") as graphs, open_store({store.url!r}) as (store, _):
    print(load(store, graphs, "replace")[0].after)
assert before[1:] == [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGHUP)]
"""
    store.hold(OLD)
    store.fail(at_updates(shown=slowly(1)), line="/update")
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert store.stalled.wait(30)
        process.send_signal(signal.SIGTERM)
        ended = process.communicate(timeout=30)
    assert (process.returncode, *ended) == (0, "own\n2000\n", "")
