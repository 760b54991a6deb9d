"""Stores to load into, and nobody's credentials."""

from __future__ import annotations

import contextlib
import ssl
from typing import TYPE_CHECKING

import pytest
from tests.stores.loading.fake_store import FakeStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def start() -> Iterator[Callable[[str], FakeStore]]:
    """Start stores of some kind."""
    with contextlib.ExitStack() as stack:

        def started(kind: str) -> FakeStore:
            store = FakeStore(kind)
            stack.callback(store.stop)
            return store

        yield started


@pytest.fixture
def store(start: Callable[[str], FakeStore]) -> FakeStore:
    """A store that does each request whole or not at all."""
    return start("oxigraph")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proxy, no credentials and no home of who runs the tests."""
    names = "HTTP_PROXY HTTPS_PROXY ALL_PROXY NETRC PEREZKG_USER PEREZKG_PASSWORD PEREZKG_TOKEN"
    for name in names.split():
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))


@pytest.fixture(autouse=True)
def no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is encrypted here, and to read a hundred certificates takes longer than to load."""
    for name in ("load_verify_locations", "load_default_certs", "set_default_verify_paths"):
        monkeypatch.setattr(ssl.SSLContext, name, lambda *_, **__: None)


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses between tries, which are noted rather than taken."""
    taken: list[float] = []
    monkeypatch.setattr("perezkg.stores.http.sleep", taken.append)
    monkeypatch.setattr("perezkg.stores.load_session.sleep", lambda _: None)
    return taken


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Write files."""

    def written(content: str | bytes, name: str = "data.ttl") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written
