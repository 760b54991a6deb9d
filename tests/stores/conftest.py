"""Stores that answer from a thread of the test's own process."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def stores_answer_only(garbage_is_for_this_thread: None) -> None:
    """Let the threads of stores do nothing but answer."""
