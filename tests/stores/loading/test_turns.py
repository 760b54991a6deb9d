"""Who may change a graph: one load at a time; and what a load that has died leaves to the next one."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.stores.loading.dialects import shown
from tests.stores.loading.fake_store import ordinary
from tests.stores.loading.faults import SLOW_FAULTS, answer_lost, damaged, dropped, once, status

from perezkg.rdf.streaming import DataStream
from perezkg.stores import load as loading
from perezkg.stores import marks
from perezkg.stores.marks import LoadUnderWayError, Names
from perezkg.stores.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.stores.loading.fake_store import Exchange, FakeStore

    File = Callable[..., Path]
    Start = Callable[[str], FakeStore]

OLD = "".join(f"<http://e.org/{n}> <http://e.org/p> <http://e.org/old> .\n" for n in range(4))
NEW = "".join(f"<http://e.org/{n}> <http://e.org/p> <http://e.org/new> .\n" for n in range(6))
OTHER = "".join(f"<http://e.org/{n}> <http://e.org/p> <http://e.org/other> .\n" for n in range(9))
KINDS = ("oxigraph", "generic")


def lines(text: str) -> list[str]:
    return sorted(line.strip(" .\n") for line in text.splitlines())


def dead(more: str = "") -> str:
    """Return the mark of a process of this machine that is gone."""
    host, _, began, machine = marks._owner().split(" ")
    return f"{host} 4194305 {began} {machine}{more}"


def mark(store: FakeStore, by: str, **more: Literal) -> Names:
    """Leave the mark of a load."""
    names = Names("", "0123456789abcdef")
    said = {"by": Literal(by), **more}
    for key, value in said.items():
        store.data.add(Quad(NamedNode(names.load), NamedNode(f"urn:perezkg:{key}"), value, NamedNode(names.mark)))
    return names


@pytest.mark.parametrize("fresh", [True, False], ids=["empty", "full"])
@pytest.mark.parametrize("kind", KINDS)
def test_of_two_loads_one_is_refused(kind: str, fresh: bool, start: Start, command: Run, file: File) -> None:
    store = start(kind)
    first, second = file(NEW, "first.nt"), file(OTHER, "second.nt")
    load = ["load", store.url, str(first), "--store", kind, "--replace"]
    assert command(*load).status == 0
    requests = len(store.requests) + 9

    def meanwhile(exchange: Exchange) -> None:
        try:
            with (
                loading.parts([DataStream(str(second))], "") as parts,
                open_store(store.url, kind=kind) as (there, _),
            ):
                loading.load(there, parts, "replace")
            ends.append("loaded")
        except LoadUnderWayError as error:
            ends.append(str(error))
        ordinary(exchange)

    refused = 0
    for number in range(requests):
        ends: list[str] = []
        store.mend()
        store.data.clear()
        if not fresh:
            store.hold(OLD)
        store.fail(once(meanwhile), at=number)
        ended = command(*load)
        store.mend()
        if not ends:
            continue
        if ends == ["loaded"]:
            assert store.content() == (lines(NEW) if ended.status == 0 else lines(OTHER)), number
            assert ended.status in (0, 2)
        else:
            assert f"is under way: process {os.getpid()} on " in ends[0]
            assert (ended.status, store.content()) == (0, lines(NEW)), number
            refused += 1
        assert store.remains() == []
    assert refused > 5


@pytest.mark.parametrize("kind", KINDS)
def test_a_load_of_another_machine_may_be_under_way(kind: str, start: Start, command: Run, file: File) -> None:
    store = start(kind)
    store.hold(OLD)
    names = mark(store, "elsewhere 17 1234")
    store.hold(NEW, names.staging)
    ended = command("load", store.url, file(OTHER), "--store", kind, "--replace")
    assert ended.status == 2
    assert "is under way: process 17 on elsewhere" in ended.err
    assert "--recover discard" in ended.err
    assert store.content() == lines(OLD)
    assert len(store.content(names.mark)) == 1, "it is still there"
    assert command("load", store.url, "--store", kind, "--recover", "discard").status == 0
    assert command("load", store.url, file(OTHER), "--store", kind, "--replace").status == 0
    assert store.content() == lines(OTHER)
    assert store.remains() == []


@pytest.mark.skipif(os.name == "nt", reason="nobody can tell there whether a process is alive")
@pytest.mark.parametrize("kind", KINDS)
def test_a_process_that_is_gone_is_in_nobodys_way(kind: str, start: Start, command: Run, file: File) -> None:
    store = start(kind)
    store.hold(OLD)
    names = mark(store, dead())
    store.hold(NEW, names.staging)
    store.hold(OLD, names.former)
    assert command("load", store.url, file(OTHER), "--store", kind, "--replace").status == 0
    assert store.content() == lines(OTHER)
    assert store.remains() == []


@pytest.mark.skipif(os.name == "nt", reason="nobody can tell there whether a process is alive")
@pytest.mark.parametrize("kind", KINDS)
def test_what_could_not_be_put_back_is_not_overwritten(kind: str, start: Start, command: Run, file: File) -> None:
    store = start(kind)
    store.hold(NEW)
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    names = mark(store, dead(), held=Literal("4", datatype=integer), lost=Literal("yes"))
    store.hold(OLD, names.former)
    ended = command("load", store.url, file(OTHER), "--store", kind, "--replace")
    assert ended.status == 2
    assert "4 that it had before are kept in the graph" in ended.err
    assert store.content() == lines(NEW)
    recovered = command("load", store.url, "--store", kind, "--recover", "restore")
    assert recovered.out == "the default graph: 1 load ended; 4 triples now\n"
    assert store.content() == lines(OLD)
    assert store.remains() == []


def test_an_empty_graph_that_could_not_be_emptied_again_is_not_overwritten(
    store: FakeStore, command: Run, file: File
) -> None:
    store.hold(NEW)
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    mark(store, dead(), held=Literal("0", datatype=integer), lost=Literal("yes"))
    ended = command("load", store.url, file(OTHER), "--replace")
    assert ended.status == 2
    assert "was cut off: it has 6 triples now, and 0 that it had before" in ended.err
    assert store.content() == lines(NEW)
    assert command("load", store.url, "--recover", "restore").status == 0
    assert store.content() == []
    assert store.remains() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only there it is known when a process began")
@pytest.mark.parametrize("choice", ["restore", "discard"])
def test_a_load_that_goes_on_is_not_ended(choice: str, store: FakeStore, command: Run) -> None:
    store.hold(NEW)
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    host, _, _, machine = marks._owner().split(" ")
    parent = str(os.getppid())
    names = mark(store, f"{host} {parent} {marks._began(parent)} {machine}", held=Literal("4", datatype=integer))
    store.hold(OLD, names.former)
    ended = command("load", store.url, "--recover", choice)
    assert ended.status == 2
    assert f"is under way: process {parent} on {host}" in ended.err
    assert store.content() == lines(NEW)
    assert store.content(names.former) == lines(OLD)


@pytest.mark.parametrize("mode", ["--replace", "--add"])
def test_what_a_dead_load_keeps_is_not_overwritten(mode: str, store: FakeStore, command: Run, file: File) -> None:
    store.hold(NEW)
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    names = mark(store, dead(), held=Literal("4", datatype=integer))
    store.hold(OLD, names.former)
    ended = command("load", store.url, file(OTHER), mode)
    assert ended.status == 2
    assert "was cut off" in ended.err
    assert command("load", store.url, "--recover", "restore").status == 0
    assert store.content() == lines(OLD)


@pytest.mark.parametrize(
    ("now", "waiting", "whole"),
    [
        (NEW, NEW, True),
        (OLD, NEW, True),
        (OLD + NEW, NEW, True),
        (OLD + OTHER, NEW, False),
        (NEW[:99], NEW, False),
        (OLD + NEW + OTHER, NEW, False),
        ("", NEW, False),
        ("", "", False),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_graph_that_is_whole_needs_no_decision(
    kind: str, now: str, waiting: str, whole: bool, start: Start, command: Run, file: File
) -> None:
    store = start(kind)
    now = now[: now.rfind("\n") + 1]
    store.hold(now)
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    names = mark(store, dead(), held=Literal("4", datatype=integer))
    store.hold(OLD, names.former)
    store.hold(waiting, names.staging)
    ended = command("load", store.url, file(OTHER), "--store", kind, "--replace")
    assert ended.status == (0 if whole else 2), ended.err
    assert store.content() == lines(OTHER if whole else now)
    assert (store.remains() == []) == whole


@pytest.mark.parametrize("mode", ["--replace", "--add"])
def test_what_was_loaded_and_proven_stands_in_nobodys_way(
    mode: str, store: FakeStore, command: Run, file: File
) -> None:
    store.hold(OLD)

    def fault(exchange: Exchange) -> None:
        (status(500, "not now") if b"DROP SILENT" in exchange.receive().body else ordinary)(exchange)

    store.fail(fault, line="/update")
    ended = command("load", store.url, file(NEW), mode)
    assert ended.status == 0
    assert "loaded and proven, but the store keeps what was there before" in ended.err
    assert len(store.remains()) == 3
    store.mend()
    assert command("load", store.url, file(OTHER), mode).status == 0
    assert store.content() == lines(OTHER if mode == "--replace" else OLD + NEW + OTHER)
    assert store.remains() == []


def test_what_a_late_request_has_mixed_is_put_back_again(store: FakeStore, command: Run, file: File) -> None:
    store.hold(OLD)
    tries: list[bytes] = []

    def fault(exchange: Exchange) -> None:
        body = exchange.receive().body
        if shown(body) == "new":
            status(500, "no")(exchange)
            return
        ordinary(exchange)
        if shown(body) == "former":
            tries.append(body)
            if len(tries) < 3:
                store.data.update("ADD SILENT GRAPH <http://e.org/late> TO DEFAULT")

    store.hold(NEW, "http://e.org/late")
    store.fail(fault, line="/update")
    ended = command("load", store.url, file(NEW), "--replace")
    assert ended.status == 4
    assert "The default graph holds again what it held." in ended.err
    assert store.content() == lines(OLD)
    assert len(tries) == 3


@pytest.mark.parametrize("again", [403, 500])
def test_what_is_refused_the_second_time_may_have_been_done_the_first(
    again: int, store: FakeStore, command: Run, file: File
) -> None:
    store.hold(OLD)
    tried: list[bytes] = []

    def fault(exchange: Exchange) -> None:
        body = exchange.receive().body
        if shown(body) != "new":
            ordinary(exchange)
            return
        tried.append(body)
        (answer_lost if len(tried) == 1 else status(again))(exchange)

    store.fail(fault, line="/update")
    ended = command("load", store.url, file(NEW), "--replace")
    assert len(tried) == 2
    assert ended.status == 4
    assert "holds again what it held" in ended.err
    assert store.content() == lines(OLD)


def test_two_graphs_of_which_one_cannot_be_put_back(start: Start, command: Run, file: File) -> None:
    store = start("generic")
    graphs = ("http://e.org/a", "http://e.org/b")
    path = file("".join(f"<{graph}> {{ {NEW} }}\n" for graph in graphs), "data.trig")
    for graph in graphs:
        store.hold(OLD, graph)

    def fault(exchange: Exchange) -> None:
        body = exchange.receive().body
        first = b"CLEAR SILENT GRAPH <http://e.org/a>" in body
        if first and b"CLEAR SILENT GRAPH <http://e.org/b>" in body:
            damaged(dropped)(exchange)
        else:
            (status(500, "no") if first else ordinary)(exchange)

    store.fail(fault, line="/sparql")
    ended = command("load", store.url, path, "--store", "generic", "--replace")
    store.mend()
    assert ended.status == 4
    assert "--graph http://e.org/a --recover restore puts it back" in ended.err
    assert "The graph http://e.org/b holds again what it held." in ended.err
    assert store.content(graphs[1]) == lines(OLD)
    recovered = command("load", store.url, "--store", "generic", "--graph", graphs[0], "--recover", "restore")
    assert recovered.status == 0
    assert store.content(graphs[0]) == lines(OLD)
    assert command("load", store.url, path, "--store", "generic", "--replace").status == 0
    assert store.remains() == []


def test_what_has_no_mark_is_found(store: FakeStore, command: Run) -> None:
    names = Names("", "0123456789abcdef")
    other = Names("http://e.org/other", "0123456789abcdef")
    store.hold(NEW, names.staging)
    store.hold(NEW, other.staging)
    assert command("load", store.url, "--recover", "discard").status == 0
    assert store.remains() == [other.staging]


def test_what_is_kept_must_be_whole(store: FakeStore, command: Run) -> None:
    store.hold(NEW)
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    names = mark(store, "elsewhere 17 1", held=Literal("5", datatype=integer))
    store.hold(OLD, names.former)
    ended = command("load", store.url, "--recover", "restore")
    assert ended.status == 2
    assert "of 5 triples that the default graph held, 4 are kept" in ended.err
    assert store.content() == lines(NEW)
    assert store.content(names.former) == lines(OLD)


@pytest.mark.skipif(os.name == "nt", reason="nobody can tell there whether a process is alive")
def test_what_others_write_there_does_nothing(store: FakeStore, command: Run, file: File) -> None:
    store.hold(OLD)
    store.hold(NEW, "http://e.org/kept")
    mark(store, dead(' " } }; DROP ALL; #'), held=Literal("many"))
    place = Names("", "").mark
    store.data.add(Quad(NamedNode("urn:x"), NamedNode("urn:perezkg:by"), Literal("elsewhere 1 1"), NamedNode(place)))
    assert command("load", store.url, file(OTHER), "--replace").status == 0
    assert store.content() == lines(OTHER)
    assert store.content("http://e.org/kept") == lines(NEW)
    assert store.content(place) == ['<urn:x> <urn:perezkg:by> "elsewhere 1 1"']


def test_nothing_was_cut_off(store: FakeStore, command: Run) -> None:
    store.hold(OLD)
    ended = command("load", store.url, "--recover", "restore")
    assert (ended.status, ended.out) == (0, "the default graph: no load was cut off; 4 triples now\n")
    assert store.content() == lines(OLD)


@pytest.mark.parametrize("more", [["--dry-run"], ["--replace"], ["--add"], ["FILE"]])
def test_recovering_is_nothing_else(more: list[str], store: FakeStore, command: Run, file: File) -> None:
    given = [str(file(NEW)) if word == "FILE" else word for word in more]
    ended = command("load", store.url, "--recover", "restore", *given)
    assert ended.status == 2
    assert store.requests == []


@pytest.mark.parametrize("mode", ["fresh", "--replace"])
def test_a_store_that_is_late_is_not_trusted(mode: str, store: FakeStore, command: Run, file: File) -> None:
    load = ["load", store.url, str(file(NEW)), *([] if mode == "fresh" else [mode])]
    if mode != "fresh":
        store.hold(OLD)
    assert command(*load).status == 0
    place = next(
        number
        for number, request in enumerate(store.requests)
        if request.target == "/store?default" or shown(request.body)
    )
    words = "but the store may still carry out its last request; if it does, --recover restore puts that right"
    for patience in ("0.4", "3", "20"):
        store.mend()
        store.data.clear()
        store.hold(OLD if mode != "fresh" else "")
        old = store.content()
        store.fail(SLOW_FAULTS["late"], at=place)
        ended = command(*load, "--timeout", patience)
        assert ended.status == 4
        assert store.content() == old
        if words in ended.err:  # all else was in time
            break
    assert words in ended.err
    store.mend()  # it does
    assert store.content() == lines(NEW)
    assert command("load", store.url, "--recover", "restore").status == 0
    assert store.content() == old
    assert store.remains() == []


def test_a_store_that_keeps_no_mark_is_not_loaded(store: FakeStore, command: Run, file: File) -> None:
    store.hold(OLD)
    store.fail(damaged(dropped), at=3)
    ended = command("load", store.url, file(NEW), "--replace")
    assert ended.status == 4
    assert "does not keep the mark" in ended.err
    assert store.content() == lines(OLD)
    assert store.remains() == []


def test_what_cannot_be_dropped_is_told(store: FakeStore, command: Run, file: File) -> None:
    store.fail(status(500, "not now"), at=10)
    ended = command("load", store.url, file(NEW))
    assert ended.status == 0
    assert (
        "loaded and proven, but the store keeps what was there before: the next load drops that, or --recover discard"
        in ended.err
    )
    store.mend()
    assert command("load", store.url, "--recover", "discard").status == 0
    assert store.content() == lines(NEW)
    assert store.remains() == []


def test_a_report_that_cannot_be_written_is_refused_first(
    store: FakeStore, command: Run, file: File, tmp_path: Path
) -> None:
    ended = command("load", store.url, file(NEW), "-o", tmp_path / "no" / "report.txt")
    assert ended.status == 3
    assert store.requests == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_report_that_is_lost_is_no_load_that_failed(store: FakeStore, command: Run, file: File) -> None:
    ended = command("load", store.url, file(NEW), "-o", "/dev/full")
    assert ended.status == 3
    assert "The load itself succeeded, and is proven" in ended.err
    assert store.content() == lines(NEW)
