from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.serve.serving import Served, served

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")


@pytest.fixture(scope="session")
def perez() -> Iterator[Served]:
    """The shipped data, without pages."""
    with served("--no-pages") as found:
        yield found
