"""What is sent a second time, what never is, and what is told when nothing can be put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.stores.loading.dialects import shown
from tests.stores.loading.faults import crash, damaged, dropped, half_an_answer, once, status

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.stores.loading.fake_store import FakeStore

    File = Callable[..., Path]
    Start = Callable[[str], FakeStore]

OLD = '<http://e.org/o> <http://e.org/p> "old" .\n'
NEW = '<http://e.org/n> <http://e.org/p> "new"@en , "né\\n" .\n'


def test_where_it_is_safe_it_is_tried_again(store: FakeStore, command: Run, file: File, naps: list[float]) -> None:
    store.fail(once(status(503, "busy", Retry_After="7")), line="PUT")
    ended = command("load", store.url, file(NEW))
    assert (ended.status, naps) == (0, [7.0])
    assert "busy" in ended.err
    assert "asking again in 7.0 seconds" in ended.err


@pytest.mark.parametrize("line", ["ADD", "UPDATE", "QUERY", "GET", "COMMIT"])
def test_nothing_is_sent_twice_in_a_transaction(
    line: str, start: Start, command: Run, file: File, naps: list[float]
) -> None:
    store = start("rdf4j")
    store.fail(once(status(503, "busy")), line=f"action={line}")
    assert command("load", store.url, file(NEW)).status == 4
    assert naps == []
    assert store.content() == []


def test_a_message_tells_what_can_be_done_when_nothing_can_be_put_back(
    store: FakeStore, command: Run, file: File
) -> None:
    store.hold(OLD)
    assert command("load", store.url, file(NEW), "--replace").status == 0
    place = next(number for number, request in enumerate(store.requests) if shown(request.body))
    for first in (half_an_answer, crash):
        store.mend()
        store.hold(OLD)
        store.fail(damaged(dropped), at=place)
        store.fail(first, at=place + 3, ever=True)
        ended = command("load", store.url, file(NEW), "--replace")
        store.mend()
        assert ended.status == 4
        if store.content() != [OLD.strip(" .\n")]:
            assert "is kept in the graph urn:perezkg:" in ended.err
            assert "holds again" not in ended.err
            assert command("load", store.url, "--recover", "restore").status == 0
        assert store.content() == [OLD.strip(" .\n")]


def test_a_store_may_say_by_500_that_it_lets_nobody_write(store: FakeStore, command: Run, file: File) -> None:
    store.fail(status(500, "SR186:SECURITY: No permission to execute procedure"), line="/update")
    ended = command("load", store.url, file(NEW))
    assert ended.status == 4
    assert "does not let this user write (500); the store says: SR186" in ended.err
    assert store.content() == []
