"""`perezkg diff URL | head -1` tells by its status that there are differences."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.cli.test_leaving import left

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.stores.loading.fake_store import FakeStore

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes are different there")

LINES = [f'<http://e.org/{n}> <http://e.org/p> "{n}" .\n' for n in range(3000)]


@pytest.mark.parametrize("number", [0, 2999, 3000])
def test_diff(number: int, store: FakeStore, file: Callable[..., Path]) -> None:
    store.hold("".join(LINES[:number]))
    status, err = left("diff", store.url, str(file("".join(LINES))))
    assert status == (0 if number == 3000 else 1)
    assert b"error" not in err
    # To show what a load would do is no question with an answer.
    assert left("load", store.url, str(file("".join(LINES))), "--dry-run")[0] == 0
