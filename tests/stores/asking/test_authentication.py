"""Who asks: where credentials come from, how they are sent, to whom, and that they are never shown."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import os
import re
import sys
import traceback
from typing import TYPE_CHECKING, Any

import pytest
from tests.stores.asking.conftest import http, rows

from perezkg.errors import (
    RemoteStoreError,
    StoreAuthenticationError,
    StoreForbiddenError,
    StoreRedirectError,
    UsageError,
)
from perezkg.stores.access import Address, Credentials, Search

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.stores.asking.conftest import Reply, Request, Store

    from perezkg.stores.remote_graph import RemoteGraph

    Start = Callable[..., Store]
    Connect = Callable[..., RemoteGraph]

SECRET = "s3cr€t:wörd"
ASK = ("query", "-e", "ASK {}", "--endpoint")


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


BASIC = basic("me", SECRET)


def challenge(algorithm: str = "MD5", **more: str) -> bytes:
    value = f'Digest realm="SPARQL", nonce="abc", qop="auth", opaque="o", algorithm={algorithm}'
    return http(401, "who are you?", "text/plain", WWW_Authenticate=value, **more)


def is_right_digest(request: Request, password: str = SECRET) -> bool:
    """Compute the response of RFC 7616 anew."""
    given = dict(re.findall(r'(\w+)="?([^",]*)"?', request.headers["authorization"].removeprefix("Digest ")))
    algorithm = hashlib.sha256 if given["algorithm"] == "SHA-256" else hashlib.md5

    def digest(text: str) -> str:
        return algorithm(text.encode()).hexdigest()

    first = digest(f"{given['username']}:{given['realm']}:{password}")
    second = digest(f"{request.method}:{given['uri']}")
    wanted = digest(f"{first}:{given['nonce']}:{given['nc']}:{given['cnonce']}:{given['qop']}:{second}")
    return (given["uri"], given["response"]) == (request.target, wanted)


def sent(there: Store) -> list[str | None]:
    return [request.headers.get("authorization") for request in there.requests]


def test_a_password_goes_with_the_first_question(store: Start, connect: Connect) -> None:
    there = store()
    kg = connect(there.url, user="me", password=SECRET)
    kg.sparql("ASK {}")
    kg.sparql("ASK {}")
    assert sent(there) == [BASIC, BASIC]


def test_a_token(store: Start, connect: Connect) -> None:
    there = store()
    connect(there.url, token="abc.def-1").sparql("ASK {}")
    assert sent(there) == ["Bearer abc.def-1"]


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
@pytest.mark.parametrize("text", ["ASK {}", "ASK {} # " + "x" * 3000], ids=["GET", "POST"])
def test_digest_never_sends_the_password(store: Start, connect: Connect, algorithm: str, text: str) -> None:
    there = store(challenge(algorithm), http())
    kg = connect(there.url, user="me", password=SECRET, auth="digest")
    kg.sparql(text)
    kg.sparql(text)
    assert [header is None or header.startswith("Digest ") for header in sent(there)] == [True] * 3
    assert sent(there)[0] is None
    assert is_right_digest(there.requests[1])
    assert is_right_digest(there.requests[2])
    assert there.requests[1].query == text
    assert SECRET not in str(there.requests)


def test_a_store_that_wants_digest_gets_it(store: Start, connect: Connect) -> None:
    there = store(challenge(), challenge(), http())
    kg = connect(there.url, user="me", password=SECRET)
    kg.sparql("ASK {}")
    kg.sparql("ASK {}")
    assert sent(there)[:2] == [BASIC, None]
    assert all(is_right_digest(request) for request in there.requests[2:])
    assert len(there.requests) == 4


def test_a_wrong_password_is_tried_once(store: Start, connect: Connect, naps: list[float]) -> None:
    there = store(http(401, "no", "text/plain", WWW_Authenticate='Basic realm="x"'))
    with pytest.raises(StoreAuthenticationError, match="does not accept these credentials"):
        connect(there.url, user="me", password=SECRET).sparql("ASK {}")
    assert len(there.requests) == 1
    assert naps == []
    with pytest.raises(StoreAuthenticationError, match="asks for a user and password"):
        connect(there.url).sparql("ASK {}")


def test_a_wrong_digest_ends(store: Start, connect: Connect) -> None:
    there = store(challenge())
    with pytest.raises(StoreAuthenticationError):
        connect(there.url, user="me", password="wrong", auth="digest").sparql("ASK {}")
    assert len(there.requests) == 2


# Where credentials come from.


@pytest.mark.parametrize(
    ("url", "environment", "given", "found"),
    [
        ("http://e.org/", {}, {}, None),
        ("http://e.org/", {}, {"user": "a", "password": "p"}, ("a", "p", "")),
        ("http://e.org/", {}, {"user": "a", "password": ""}, ("a", "", "")),
        ("http://e.org/", {}, {"token": "t"}, ("", "", "t")),
        ("http://b:q%40%3A@e.org/", {}, {}, ("b", "q@:", "")),
        ("http://b:q@e.org/", {}, {"user": "a", "password": "p"}, ("a", "p", "")),
        ("http://b:q@e.org/", {}, {"user": "b"}, ("b", "q", "")),
        ("http://b:q@e.org/", {}, {"token": "t"}, ("", "", "t")),
        ("http://b@e.org/", {"PEREZKG_PASSWORD": "p"}, {}, ("b", "p", "")),
        ("http://e.org/", {"PEREZKG_PASSWORD": "p"}, {"user": "a"}, ("a", "p", "")),
        ("http://e.org/", {"PEREZKG_PASSWORD": "p", "PEREZKG_USER": "a"}, {}, ("a", "p", "")),
        ("http://e.org/", {"PEREZKG_PASSWORD": "p"}, {}, None),
        ("http://e.org/", {"PEREZKG_TOKEN": "t"}, {}, ("", "", "t")),
        ("http://e.org/", {"PEREZKG_TOKEN": "t"}, {"user": "a", "password": "p"}, ("a", "p", "")),
        ("http://b:q@e.org/", {"PEREZKG_TOKEN": "t"}, {}, ("b", "q", "")),
        ("http://kept.org/", {}, {}, ("n", "of netrc", "")),
        ("http://kept.org/", {}, {"user": "n"}, ("n", "of netrc", "")),
        ("http://KEPT.org:8080/", {"PEREZKG_TOKEN": "t"}, {}, ("", "", "t")),
    ],
)
def test_the_nearest_credentials_count(
    tmp_path: Path,
    url: str,
    environment: dict[str, str],
    given: dict[str, str],
    found: tuple[str, str, str] | None,
) -> None:
    path = tmp_path / "netrc"
    path.write_text('machine kept.org login n password "of netrc"\ndefault login d password x\n', encoding="utf-8")
    arguments = {"user": None, "password": None, "token": None} | given
    credentials = Search(Address(url), environment | {"NETRC": str(path)}).find(**arguments)
    assert found == (credentials and (credentials.user, credentials.password, credentials.token))


@pytest.mark.parametrize(
    ("environment", "given", "message"),
    [
        ({}, {"user": "a"}, "no password for the user a"),
        ({}, {"password": SECRET}, "no user"),
        ({}, {"user": "a", "token": "t"}, "both a token and a user"),
        ({}, {"user": f"a:{SECRET}"}, "no colon"),
        ({}, {"user": f"a:{SECRET}", "password": SECRET}, "no colon"),
        ({}, {"token": f"{SECRET} x"}, "not one word"),
        ({"PEREZKG_USER": "a", "PEREZKG_TOKEN": "t"}, {}, "both PEREZKG_TOKEN and PEREZKG_USER"),
    ],
)
def test_contradictions_are_told_without_the_secret(
    environment: dict[str, str], given: dict[str, str], message: str
) -> None:
    arguments = {"user": None, "password": None, "token": None} | given
    with pytest.raises(UsageError, match=message) as raised:
        Search(Address("http://e.org/"), environment).find(**arguments)
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("content", ["machine", "machine e.org nix x", "\xff"])
def test_a_broken_netrc_is_told_and_not_used(tmp_path: Path, content: str) -> None:
    path = tmp_path / "netrc"
    path.write_bytes(content.encode("latin-1"))
    search = Search(Address("http://e.org/"), {"NETRC": str(path)})
    assert search.find(None, None, None) is None
    assert str(path) in search.notices[0]


def test_a_password_is_asked_for(store: Start, connect: Connect) -> None:
    there = store()
    asked: list[str] = []

    def ask(user: str) -> str:
        asked.append(user)
        return SECRET

    connect(there.url, user="me", ask=ask).sparql("ASK {}")
    assert (asked, sent(there)) == (["me"], [BASIC])


def test_the_command_asks_for_a_password_on_a_terminal(
    store: Start, command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = store()
    prompts: list[str] = []

    def prompt(text: str) -> str:
        prompts.append(text)
        return SECRET

    monkeypatch.setattr("getpass.getpass", prompt)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert command(*ASK, there.url, "--user", "me").status == 0
    assert prompts == [f"Password of me at {there.url}: "]
    assert sent(there) == [BASIC]


def test_the_command_takes_secrets_from_files_and_the_environment(
    store: Start, command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = store()
    password, token = tmp_path / "password", tmp_path / "token"
    password.write_text(SECRET + "\nsecond line\n", encoding="utf-8")
    token.write_text("abc\n", encoding="utf-8")
    command(*ASK, there.url, "--user", "me", "--password-file", password)
    command(*ASK, there.url, "--token-file", token)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SECRET.encode() + b"\r\n")))
    command(*ASK, there.url, "--user", "me", "--password-file", "-")
    monkeypatch.setenv("PEREZKG_TOKEN", "def")
    command(*ASK, there.url)
    assert sent(there) == [BASIC, "Bearer abc", BASIC, "Bearer def"]


# To whom they go.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("options", [{"user": "me", "password": SECRET}, {"token": "abc"}], ids=["basic", "bearer"])
def test_credentials_do_not_follow_to_another_place(
    store: Start, connect: Connect, status: int, options: dict[str, str]
) -> None:
    other = store()
    there = store(http(status, "", None, Location=other.url.replace("http://", "http://x:y@")))
    connect(there.url, **options).sparql("ASK {} # " + "x" * 3000)
    assert sent(there) != [None]
    assert sent(other) == [None]
    assert other.requests[0].method == ("GET" if status == 303 else "POST")


def test_who_leads_elsewhere_is_told_from_who_does_not_believe(store: Start, connect: Connect) -> None:
    other = store(http(401, "who are you?", "text/plain"))
    there = store(http(307, "", None, Location=other.url))
    with pytest.raises(StoreAuthenticationError, match="asks for a user and password") as raised:
        connect(there.url, user="me", password=SECRET).sparql("ASK {}")
    assert f"credentials are sent only to http://{there.host};" in str(raised.value)
    with pytest.raises(StoreAuthenticationError, match="asks for a user and password") as raised:
        connect(there.url).sparql("ASK {}")
    assert "no other place" not in str(raised.value)


def test_credentials_follow_within_the_same_place(store: Start, connect: Connect) -> None:
    there = store(http(308, "", None, Location="/elsewhere"), http())
    connect(there.url, user="me", password=SECRET).sparql("ASK {} # " + "x" * 3000)
    assert sent(there) == [BASIC, BASIC]
    assert (there.requests[1].method, there.requests[1].target) == ("POST", "/elsewhere")
    assert there.requests[1].query.startswith("ASK")


def test_a_digest_is_not_answered_to_a_stranger(store: Start, connect: Connect) -> None:
    other = store(challenge())
    there = store(http(307, "", None, Location=other.url))
    with pytest.raises(StoreAuthenticationError):
        connect(there.url, user="me", password=SECRET, auth="digest").sparql("ASK {}")
    assert sent(other) == [None]


@pytest.mark.parametrize(
    "location", ["ftp://e.org/", "file:///etc/passwd", "javascript:1", "http://", "http://[", "http://a:b/", ""]
)
def test_redirections_lead_to_http_only(store: Start, connect: Connect, location: str) -> None:
    there = store(http(302, "", None, Location=location))
    with pytest.raises(StoreRedirectError):
        connect(there.url).sparql("ASK {}")


def test_an_unencrypted_way_is_told(connect: Connect) -> None:
    def notices(url: str, **options: Any) -> list[str]:
        return connect(url, **options).notices

    secret = {"user": "me", "password": SECRET}
    told = ["the password goes to e.org unencrypted: is there an https address?"]
    assert notices("http://e.org/", insecure_http=True, **secret) == told
    assert notices("http://e.org/", insecure_http=True, token="t")[0].startswith("the token goes")
    assert notices("http://e.org/", auth="digest", **secret) == []
    assert notices("https://e.org/", **secret) == []
    assert notices("http://localhost:3030/", **secret) == []
    assert notices("http://[::1]/", **secret) == []
    assert notices("http://e.org/") == []


@pytest.mark.parametrize(
    "url", ["http://e.org/", "http://192.168.0.1:3030/x", "http://0.0.0.0/", "http://localhost.e.org/"]
)
def test_an_unencrypted_way_is_not_taken(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: Run, url: str
) -> None:
    def refused(**options: Any) -> None:
        with pytest.raises(UsageError, match=r"would go to .* unencrypted") as caught:
            connect(url, **options)
        assert SECRET not in str(caught.value)

    refused(user="me", password=SECRET)
    refused(token="t")
    monkeypatch.setenv("PEREZKG_TOKEN", "t")
    refused()
    monkeypatch.delenv("PEREZKG_TOKEN")
    kept = tmp_path / "netrc"
    kept.write_text(f"machine {url.split('/')[2].split(':')[0]} login me password {SECRET}\n", encoding="utf-8")
    kept.chmod(0o600)
    monkeypatch.setenv("NETRC", str(kept))
    refused()
    for words in (["query", "medals", "--endpoint", url], ["load", url], ["diff", url]):
        ended = command(*words)
        assert ended.status == 2
        assert "--insecure-http" in ended.err


# Never shown.


def test_secrets_are_never_shown(store: Start, connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = f"no: {BASIC} me {SECRET}"
    there = store(http(403, echo, "text/plain"))
    url = there.url.replace("http://", "http://me:" + "s3cr%E2%82%ACt%3Aw%C3%B6rd@") + "?apikey=k3y"
    kg = connect(url)
    with pytest.raises(StoreForbiddenError) as raised:
        kg.sparql("ASK {}")
    frames = traceback.TracebackException.from_exception(raised.value, capture_locals=True).stack
    told = "".join(str(frame.locals) for frame in frames if "tests" not in frame.filename)
    assert "said" in told
    assert sent(there) == [BASIC]
    for text in (str(raised.value), repr(raised.value), caplog.text, repr(kg)):
        for secret in (SECRET, BASIC, BASIC.removeprefix("Basic "), "s3cr", "k3y"):
            assert secret not in text
    assert "HTTP Request: GET" in caplog.text
    for secret in (SECRET, BASIC):
        assert secret not in told


@pytest.mark.parametrize(
    "reply",
    [
        http(500, "x" * 290 + SECRET, "text/plain"),
        http(500, f'{{"message": "{SECRET}"}}', "text/plain"),
        http(503, SECRET, "text/plain"),
        http(content=f"<title>{SECRET}</title>", media="text/html"),
        http(content=f'{{"head": {{"vars": ["{SECRET}"]}}, "results": {{"bindings": []}}}}'),
        http(X_SQL_State="S1TAT", X_SQL_Message="s3cret-t0ken"),
        http(media="text/s3cret-t0ken"),
    ],
)
def test_a_store_that_repeats_a_secret(store: Start, connect: Connect, reply: bytes) -> None:
    told: list[str] = []
    for options in ({"user": "me", "password": SECRET}, {"token": "s3cret-t0ken"}):
        with pytest.raises(RemoteStoreError) as raised:
            connect(store(reply).url, tell=told.append, **options).sparql("SELECT ?a {}")
        for secret in options.values():
            assert secret == "me" or secret not in str(raised.value) + repr(raised.value) + "".join(told[-2:])
    if SECRET.encode() in reply:
        with pytest.raises(RemoteStoreError) as raised:
            connect(store(reply).url, user="me", password=SECRET).sparql("SELECT ?a {}")
        assert "s3cr" not in str(raised.value)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (http(403, "", None), "the store does not let this user ask (403); the store gives no reason"),
        (
            http(500, "no store has store here", None),
            "the store failed at this query (500); the store says: no ••• has",
        ),
        (http(401, "", None), "the store does not accept these credentials (401); the store gives no reason"),
        (http(206, "", None), "the store gives only a part of the answer (206)"),
        (http(503, "", None, Retry_After="99"), "the store is busy or not ready (503); the store gives no reason"),
        (http(307, "", None, Location="ftp://store/"), "the store redirects to a URL that is not http or https"),
        (http(content=b"x" * 5000), "the answer is longer than 0.000976562 MiB"),
        (b"", "the connection ended before the answer did: the store closed it, or broke HTTP"),
        (lambda _, connection: connection.recv(1), "no whole answer within 0.5 seconds"),
    ],
)
def test_a_password_is_not_given_away_by_masking_what_only_looks_like_it(
    store: Start, connect: Connect, reply: Reply, words: str
) -> None:
    for password in ("store", "whole", "longer"):
        options = {"timeout": 0.5 if callable(reply) else 30, "max_size": 1 / 1024, "user": "me", "password": password}
        with pytest.raises(RemoteStoreError) as raised:
            connect(store(reply).url, **options).sparql("ASK {}")
        assert (words if password == "store" else words.replace("•••", "store")) in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        f"ftp://me:{SECRET}@e.org/",
        f"me:{SECRET}@e.org/",
        f"http://me:{SECRET}@e.org:port/",
        f"http://me:{SECRET}/x?y#@e.org/",
        f"http://me:{SECRET}@",
        f"http://me:{SECRET} @e.org/",
        f"http://me:{SECRET}@[e.org/",
        f"http:/e.org/?key={SECRET}",
    ],
)
def test_what_is_wrong_with_a_url_is_told_without_its_secret(command: Run, connect: Connect, url: str) -> None:
    status, out, err = command(*ASK, url)
    assert (status, out) == (2, "")
    assert "URL" in err
    assert "s3cr" not in err
    with pytest.raises(UsageError) as raised:
        connect(url)
    assert "s3cr" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize("option", ["--password", "--token"])
def test_a_secret_as_an_option_is_refused_and_not_repeated(command: Run, option: str) -> None:
    for arguments in ([option, SECRET], [f"{option}={SECRET}"], [option]):
        status, out, err = command(*ASK, "http://localhost:1/", *arguments)
        assert (status, out) == (2, "")
        assert "can be read by everyone" in err
        assert SECRET not in err


def test_representations_hold_no_secret() -> None:
    assert repr(Credentials("me", SECRET)) == "<Credentials: user me>"
    assert repr(Credentials(token="abc")) == "<Credentials: token>"


def test_nothing_secret_is_in_the_environment_of_this_process_afterwards(store: Start, connect: Connect) -> None:
    connect(store(http(content=rows())).url, user="me", password=SECRET).sparql("SELECT ?a {}")
    assert SECRET not in str(os.environ)
    assert SECRET not in str(sys.argv)
