"""A load whose own process is killed or interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.stores.loading.faults import silence, stall

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.stores.loading.fake_store import FakeStore, Fault

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are different there")

OLD = '<http://e.org/o> <http://e.org/p> "old" .\n'
NEW = "".join(f'<http://e.org/{n}> <http://e.org/p> "{n}" .\n' for n in range(2000))
# Where a load of one graph into a store of each kind is when this request comes.
MOMENTS = {"upload": 5, "check": 6, "backup": 8, "swap": 11, "proof": 12}
GRAPHS = {"oxigraph": "", "virtuoso": "http://e.org/g"}


def signalled(store: FakeStore, arguments: list[str], number: signal.Signals) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "perezkg", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert store.stalled.wait(30)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    return process.returncode, out, err


@pytest.mark.parametrize("fault", [stall, pytest.param(silence, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("kind", "moment"), [(kind, moment) for kind in GRAPHS for moment in MOMENTS])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL] if os.name != "nt" else [])
def test_an_end_half_way(
    kind: str,
    moment: str,
    number: signal.Signals,
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
    status, out, err = signalled(store, load, number)
    assert (status, out) == (130 if number == signal.SIGINT else -number, "")
    if moment == "proof" and number == signal.SIGKILL:
        assert len(store.content(graph)) == 2000
    else:
        assert store.content(graph) == old
    if number == signal.SIGKILL or moment == "check":
        assert err == ""
    elif moment in ("swap", "proof"):
        assert err.startswith("perezkg: error: interrupted. ")
        assert "holds again what it held" in err
        assert ("--recover restore puts that right" in err) == (moment == "swap")
    else:
        assert err.startswith("perezkg: error: interrupted. Nothing has been changed. What still arrives")
    if number == signal.SIGINT:
        # Only what the store may still be at work on is left to it.
        assert moment in ("upload", "backup", "swap") or store.remains() == []
    store.mend()
    again = command(*load)
    if again.status == 2:
        assert moment == "swap" or (moment, number) == ("proof", signal.SIGKILL)
        assert "--recover restore" in again.err
        assert command("load", store.url, *options, "--recover", "restore").status == 0
        assert store.content(graph) == old
        again = command(*load)
    assert again.status == 0
    assert len(store.content(graph)) == 2000
    assert store.remains() == []
