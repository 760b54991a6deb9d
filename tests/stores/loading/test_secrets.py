"""Who asks is proven to the store and shown to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.stores.loading.dialects import Reply
from tests.stores.loading.fake_store import ordinary
from tests.stores.loading.faults import FAULTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.stores.loading.fake_store import Exchange, FakeStore

SECRET = "hunter2"  # noqa: S105 - of no store
NEW = "".join(f'<http://e.org/{n}> <http://e.org/p> "{n}" .\n' for n in range(2000))


def talkative(exchange: Exchange) -> None:
    """Repeat the secret in a complaint."""
    exchange.receive()
    exchange.send(Reply(400, f"no {exchange.user()} with {SECRET}".encode()))


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("fault", ["talkative", "401", "500", "html", "reset", "dropped"])
def test_no_message_shows_a_secret(
    number: int,
    fault: str,
    store: FakeStore,
    command: Run,
    file: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PEREZKG_PASSWORD", SECRET)
    store.hold("<http://e.org/o> <http://e.org/p> 1 .")
    store.fail({**FAULTS, "talkative": talkative}[fault], at=number)
    url = store.url + "?key=k3y"
    ended = command("load", url, file(NEW), "--replace", "--user", "me", "--store", "oxigraph")
    assert SECRET not in ended.err + ended.out
    assert "k3y" not in ended.err + ended.out
    assert all("key=k3y" in request.target for request in store.requests)


def test_a_password_in_a_url_is_not_shown(store: FakeStore, command: Run, file: Callable[[str], Path]) -> None:
    store.fail(FAULTS["500"], line="/update")
    address = store.url.replace("://", f"://me:{SECRET}@")
    store.hold("<http://e.org/o> <http://e.org/p> 1 .")
    for url, more in ((address, ()), (store.url, ("--update-url", f"{address}update"))):
        ended = command("load", url, file(NEW), "--replace", *more)
        assert ended.status == 4
        assert SECRET not in ended.err + ended.out


def test_a_password_is_no_option(store: FakeStore, command: Run, file: Callable[[str], Path]) -> None:
    ended = command("load", store.url, file(NEW), "--user", "me", "--password", SECRET)
    assert ended.status == 2
    assert SECRET not in ended.err
    assert "--password-file" in ended.err
    assert store.requests == []


@pytest.mark.parametrize("kind", ["oxigraph", "fuseki"])
def test_an_upload_is_sent_again_with_proof(
    kind: str, start: Callable[[str], FakeStore], command: Run, file: Callable[[str], Path], tmp_path: Path
) -> None:
    def challenge(exchange: Exchange) -> None:
        if exchange.headers.get("Authorization", "").startswith("Digest "):
            ordinary(exchange)
        else:
            exchange.receive()
            nonce = 'Digest realm="store", qop="auth", algorithm=MD5, nonce="0a1b", opaque="cc"'
            exchange.send(Reply(401, b"who are you?", headers={"WWW-Authenticate": nonce}))

    store = start(kind)
    store.fail(challenge, line=" ")
    (tmp_path / "password").write_text(SECRET, encoding="utf-8")
    who = ("--user", "me", "--password-file", tmp_path / "password", "--auth", "digest")
    ended = command("load", store.url, file(NEW), *who)
    assert (ended.status, ended.err) == (0, "")
    assert len(store.content()) == 2000
