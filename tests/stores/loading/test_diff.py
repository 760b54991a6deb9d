"""`perezkg diff`: what it tells, and its status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.stores.loading.faults import FAULTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.stores.loading.fake_store import FakeStore

    File = Callable[..., Path]

HERE = '<http://e.org/1> <http://e.org/p> "é\\n" , 2.50 .\n'


def test_what_differs(store: FakeStore, command: Run, file: File) -> None:
    store.hold('<http://e.org/1> <http://e.org/p> 2.5 , "there"@en .')
    ended = command("diff", store.url, file(HERE))
    assert ended.status == 1
    assert ended.out.splitlines() == [
        '- <http://e.org/1> <http://e.org/p> "there"@en .',
        '+ <http://e.org/1> <http://e.org/p> "é\\n" .',
    ]
    assert "1 triples only in the files, 1 only in the store" in ended.err
    assert "1 triples have a literal that the store spells differently" in ended.err


def test_the_same(store: FakeStore, command: Run, file: File) -> None:
    store.hold(HERE.replace("2.50", "2.5"))
    ended = command("diff", store.url, file(HERE))
    assert (ended.status, ended.out) == (0, "")


def test_a_spelling_is_no_difference_beside_one(store: FakeStore, command: Run, file: File) -> None:
    store.hold("<http://e.org/1> <http://e.org/p> 2.5, 3 .")
    ended = command("diff", store.url, file("<http://e.org/1> <http://e.org/p> 2.50, 2.5, 4 ."))
    assert ended.status == 1
    assert [(line[0], line.split('"')[1]) for line in ended.out.splitlines()] == [("-", "3"), ("+", "4")]


def test_blank_nodes_are_known_by_values_in_any_spelling(store: FakeStore, command: Run, file: File) -> None:
    text = "".join(f"_:n{n} <http://e.org/p> {n}.0 ; <http://e.org/q> _:n{n + 1} . " for n in range(1, 9))
    store.hold(text.replace(".0 ;", ".00 ;"))
    ended = command("diff", store.url, file(text))
    assert (ended.status, ended.out) == (0, "")


def test_a_graph_that_is_not_there(store: FakeStore, command: Run, file: File, tmp_path: Path) -> None:
    ended = command("diff", store.url, file(HERE), "--graph", "http://e.org/g", "-o", tmp_path / "out.nq")
    assert (ended.status, ended.out) == (1, "")
    lines = (tmp_path / "out.nq").read_text(encoding="utf-8").splitlines()
    assert [line[:2] for line in lines] == ["+ ", "+ "]
    assert all(line.endswith(" <http://e.org/g> .") for line in lines)


def test_several_graphs_each_with_its_name(store: FakeStore, command: Run, file: File) -> None:
    store.hold("<http://e.org/1> <http://e.org/p> _:b .", "http://e.org/g")
    path = file(
        "<http://e.org/1> <http://e.org/p> 1 . <http://e.org/g> { <http://e.org/1> <http://e.org/p> [] }", "a.trig"
    )
    ended = command("diff", store.url, path)
    integer = '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert ended.out == f"+ <http://e.org/1> <http://e.org/p> {integer} .\n"


@pytest.mark.parametrize(
    "fault", ["401", "500", "html", "wrong type", "cut in a line", "reset", "crash", "half an answer"]
)
def test_a_store_that_fails(fault: str, store: FakeStore, command: Run, file: File) -> None:
    store.hold(HERE)
    store.fail(FAULTS[fault], line="/store", ever=True)
    ended = command("diff", store.url, file(HERE))
    assert (ended.status, ended.out) == (4, "")
    assert f"http://{store.host}/store?…" in ended.err
