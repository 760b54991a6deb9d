"""What is loaded and compared is the data itself: no graph too many, no value that is another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perezkg.streaming import DataStream
from perezkg.transfer.sources import SharedBlankNodeError, parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.transfer.fake_store import FakeStore

    File = Callable[..., Path]

OLD = '<http://e.org/o> <http://e.org/p> "old" .\n'
NAMED = "<http://e.org/g> { <http://e.org/s> <http://e.org/p> 1 }"


def test_a_file_without_triples_empties_no_graph(store: FakeStore, command: Run, file: File) -> None:
    store.hold(OLD)
    empty, named = file("# nothing\n", "empty.ttl"), file(NAMED, "named.trig")
    assert command("load", store.url, empty, named, "--replace").status == 0
    assert (len(store.content()), len(store.content("http://e.org/g"))) == (1, 1)
    for paths, graphs in (
        ([empty, named], ["http://e.org/g"]),
        ([empty, file(NAMED, "also.trig"), file(OLD, "old.nt")], ["http://e.org/g", "x:"]),
        ([empty], ["x:"]),
    ):
        with parts([DataStream(str(path)) for path in paths], "x:") as found:
            assert list(found) == graphs


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_blank_node_of_two_graphs_is_found_wherever_it_stands(depth: int, file: File) -> None:
    inner = "_:x <http://e.org/p> 1"
    for _ in range(depth):
        inner = f"<http://e.org/s> <http://e.org/p> <<( {inner} )>>"
    path = file(f"<http://e.org/s> <http://e.org/p> _:x . <http://e.org/g> {{ {inner} }}", "data.trig")
    with (
        pytest.raises(SharedBlankNodeError, match=r"the default graph and the graph http://e\.org/g"),
        parts([DataStream(str(path))], ""),
    ):
        pass
