"""Answers that are none: another thing than was asked, cut off, broken, or made to do harm."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
import zlib
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stores.asking.conftest import JSON, NTRIPLES, http, rows

from perezkg.errors import StoreAnswerError, StoreAnswerIncompleteError, StoreAnswerTooLongError
from perezkg.rdf.syntax_errors import Nesting

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.conftest import Run
    from tests.stores.asking.conftest import Request, Store

    from perezkg.stores.remote_graph import RemoteGraph

    Start = Callable[..., Store]
    Connect = Callable[..., RemoteGraph]

XML = "application/sparql-results+xml"
_MIB = 1 << 20
TSV = "text/tab-separated-values"
CELL = {"a": {"type": "literal", "value": "x"}}
ONE = rows(CELL)
OPEN_XML = '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="a"/></head><results>'
ROW_XML = '<result><binding name="a"><literal>{}</literal></binding></result>'
CLOSE_XML = "</results></sparql>"
SELECT, ASK, CONSTRUCT = "SELECT ?a {}", "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"
OUTSIDE = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
)


@pytest.mark.parametrize(
    ("query", "media", "content", "words"),
    [
        # Another thing than was asked.
        (SELECT, "text/html; charset=utf-8", "<title>Fuseki</title>", "text/html came, which is not an answer to"),
        (SELECT, "text/html", "<html><title>Sign in</title>", "it says: Sign in"),
        (CONSTRUCT, "application/xhtml+xml", "<html/>", "not an answer to CONSTRUCT"),
        (SELECT, "text/csv", "a\r\nx\r\n", "text/csv came"),
        (SELECT, "text/plain", ONE, "text/plain came"),
        (SELECT, "a/\x1b[2jb", ONE, "a/␛[2jb"),
        (CONSTRUCT, JSON, ONE, "not an answer to CONSTRUCT or DESCRIBE"),
        (CONSTRUCT, "application/rdf+xml", "<rdf/>", "application/rdf+xml came"),
        (SELECT, NTRIPLES, "", "not an answer to SELECT"),
        (SELECT, JSON, '{"head": {}, "boolean": true}', "true or false came, which is not an answer to SELECT"),
        (ASK, JSON, ONE, "rows came, which is not an answer to ASK"),
        (ASK, TSV, "?a\n", "rows came"),
        (SELECT, JSON, rows(CELL, names=("a", "b")), "columns that the query does not ask for: b"),
        # Cut off: some of these look whole to a parser.
        (SELECT, JSON, "", "broken"),
        (SELECT, JSON, ONE[:-1], "broken"),
        (SELECT, JSON, ONE[:-2], "broken"),
        (SELECT, JSON, ONE[:40], "broken"),
        (ASK, JSON, '{"head": {}, "boolean": true', "does not end as it should"),
        (SELECT, XML, "", "broken"),
        (SELECT, XML, OPEN_XML + ROW_XML, "does not end as it should"),
        (SELECT, XML, OPEN_XML + ROW_XML + "</results>", "does not end as it should"),
        (SELECT, XML, OPEN_XML + ROW_XML[:40], "broken"),
        (SELECT, XML, OPEN_XML + ROW_XML.format("&lt;/sparql>") + "</results>", "does not end as it should"),
        (SELECT, TSV, '?a\n"x"\n"y', "broken"),
        (CONSTRUCT, NTRIPLES, "<http://e.org/s> <http://e.org/p> <http://e.or", "broken"),
        (CONSTRUCT, "text/turtle", "<http://e.org/s> <http://e.org/p> ", "broken"),
        # Broken.
        (SELECT, JSON, "null", "broken"),
        (SELECT, JSON, "{}", "broken"),
        (SELECT, JSON, '{"head": {"vars": ["a"]}, "results": {"bindings": [{"a": 1}]}}', "broken"),
        (SELECT, JSON, rows({"a": {"type": "uri", "value": "not an IRI"}}), "broken"),
        (SELECT, JSON, rows({"b": {"type": "uri", "value": "http://e.org/"}}), "broken"),
        (SELECT, JSON, ONE + "<html>", "broken"),
        (SELECT, JSON, "Virtuoso 37000 Error SP030", "broken"),
        (SELECT, XML, "<html/>", "broken"),
        (SELECT, XML, OPEN_XML + "<result></wrong></result>" + CLOSE_XML, "broken"),
        (SELECT, TSV, "", ""),
        (CONSTRUCT, NTRIPLES, "<s> <p> <o> .", "line 1"),
        (CONSTRUCT, "text/turtle", "e:s e:p e:o .", "line 1"),
        (CONSTRUCT, NTRIPLES, "<html>", "broken"),
        # Not UTF-8.
        (SELECT, f"{JSON}; charset=ISO-8859-1", ONE, "declared as ISO-8859-1"),
        (SELECT, f"{XML}; charset=nonsense", ONE, "declared as nonsense"),
        (CONSTRUCT, "text/turtle; charset=utf-16", "", "declared as utf-16"),
        (SELECT, JSON, rows({"a": {"type": "literal", "value": "@"}}).encode().replace(b"@", b"\xe9"), "UTF-8"),
        (SELECT, XML, (OPEN_XML + ROW_XML.format("@") + CLOSE_XML).encode().replace(b"@", b"\xe9"), "UTF-8"),
        (CONSTRUCT, NTRIPLES, b'<http://e.org/s> <http://e.org/p> "\xe9" .', "not UTF-8"),
        (CONSTRUCT, "text/turtle", "<http://e.org/s>".encode("utf-16"), "UTF-16"),
        # Made to do harm.
        (SELECT, XML, OUTSIDE + OPEN_XML + ROW_XML.format("&e;") + CLOSE_XML, "entity"),
        (SELECT, XML, LAUGHS + OPEN_XML + ROW_XML.format("&a11;") + CLOSE_XML, "entity"),
    ],
)  # fmt: skip
def test_what_is_no_answer(
    store: Start, connect: Connect, command: Run, query: str, media: str, content: str | bytes, words: str
) -> None:
    there = store(http(content=content, media=media))
    if content == "" and media == TSV:  # a table without columns, of which one is asked for
        assert connect(there.url).sparql(query).to_dicts() == []  # type: ignore[union-attr]
        return
    with pytest.raises(StoreAnswerError) as raised:
        connect(there.url).sparql(query)
    assert words in str(raised.value)
    status, out, err = command("query", "-e", query, "--endpoint", there.url)
    assert (status, out) == (4, "")
    assert err == f"perezkg: error: {raised.value}\n"
    assert "\x1b" not in err
    assert len(there.requests) == 2  # once each: it would be no better the second time


@pytest.mark.parametrize(
    "headers",
    [
        {"X_SQL_State": "S1TAT", "X_SQL_Message": "Returning incomplete results, query interrupted by result timeout"},
        {"X_SPARQL_MaxRows": "1"},
    ],
)
def test_a_store_that_leaves_something_out_and_says_so(store: Start, connect: Connect, headers: dict[str, str]) -> None:
    with pytest.raises(StoreAnswerIncompleteError):
        connect(store(http(content=ONE, **headers)).url).sparql(SELECT)


def test_a_limit_that_is_not_reached(store: Start, connect: Connect) -> None:
    assert connect(store(http(content=ONE, X_SPARQL_MaxRows="10000")).url).sparql(SELECT)


def test_a_part_of_an_answer(store: Start, connect: Connect) -> None:
    with pytest.raises(StoreAnswerIncompleteError, match="206"):
        connect(store(http(206, ONE)).url).sparql(SELECT)


def test_nothing_is_no_answer(store: Start, connect: Connect) -> None:
    with pytest.raises(StoreAnswerError):
        connect(store(http(204, "", None)).url).sparql(SELECT)


@pytest.mark.parametrize(
    "content",
    [ONE.encode(), gzip.compress(ONE.encode())[:-20], b"\x1f\x8b\x08" + b"x" * 100],
    ids=["none", "cut off", "nonsense"],
)
@pytest.mark.parametrize("query", [SELECT, CONSTRUCT])
def test_broken_compression(store: Start, connect: Connect, content: bytes, query: str) -> None:
    media = JSON if query == SELECT else NTRIPLES
    with pytest.raises(StoreAnswerError):
        connect(store(http(content=content, media=media, Content_Encoding="gzip")).url).sparql(query)


@pytest.mark.parametrize("query", [SELECT, CONSTRUCT])
def test_a_small_answer_that_unpacks_to_a_large_one(store: Start, connect: Connect, query: str) -> None:
    content = gzip.compress(b" " * (64 << 20))
    media = JSON if query == SELECT else NTRIPLES
    with pytest.raises(StoreAnswerTooLongError):
        connect(store(http(content=content, media=media, Content_Encoding="gzip")).url, max_size=8).sparql(query)


DEEP = 200_000
TRIPLE = '{"type": "triple", "value": {"subject": '


@pytest.mark.parametrize(
    ("query", "media", "content"),
    [
        (SELECT, JSON, '{"head": {"vars": ["a"]}, "results": {"bindings": [{"a": ' + TRIPLE * DEEP),
        (SELECT, JSON, '{"x": ' + "[" * DEEP),
        (SELECT, TSV, "?a\n" + "<<( <http://e.org/> <http://e.org/> " * DEEP + "\n"),
        (SELECT, XML, OPEN_XML + '<result><binding name="a">' + "<triple><subject>" * DEEP),
        (CONSTRUCT, NTRIPLES, "<http://e.org/> <http://e.org/> " + "<<( <http://e.org/> <http://e.org/> " * DEEP),
        (CONSTRUCT, "text/turtle", "<http://e.org/> <http://e.org/> " + "<<( <http://e.org/> <http://e.org/> " * DEEP),
        (CONSTRUCT, "text/turtle", "<http://e.org/> <http://e.org/> " + "[ <http://e.org/> " * DEEP),
        (CONSTRUCT, "text/turtle", "<http://e.org/> <http://e.org/> " + "(" * DEEP),
    ],
)  # fmt: skip
def test_depth_does_not_end_the_process(store: Start, query: str, media: str, content: str) -> None:
    """Asked in a process of its own: a parser without stack left would take this one with it."""
    there = store(http(content=content, media=media))
    command = [sys.executable, "-m", "perezkg", "query", "-e", query, "--endpoint", there.url]
    ended = subprocess.run(command, check=False, capture_output=True, timeout=60, env={**os.environ})
    assert ended.returncode == 4, ended.stderr[-500:]
    assert b"broken" in ended.stderr
    assert len(ended.stderr) < 1000


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
ENDLESS = {
    "status line": (b"", b"H"),
    "headers": (HEAD + b"X: ", b"x"),
    "many headers": (HEAD, b"X: y\r\n"),
    "body": (HEAD + b"\r\n", b" "),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "hints": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "complaint": (b"HTTP/1.1 400 Bad\r\n\r\n", b"x"),
}


@pytest.mark.parametrize("where", ENDLESS)
@pytest.mark.parametrize("act", ["query", "diff", "load"])
def test_a_store_that_drips_gets_no_longer_than_others(store: Start, command: Run, act: str, where: str) -> None:
    def drip(_: Request, connection: socket.socket) -> None:
        first, more = ENDLESS[where]
        connection.sendall(first.replace(JSON.encode(), NTRIPLES.encode()) if act == "diff" else first)
        while not there.ended.wait(0.1):
            connection.sendall(more)

    there = store(drip)
    began = time.monotonic()
    given = {
        "query": ("query", "-e", SELECT, "--endpoint", there.url),
        "diff": ("diff", there.url, "--store", "generic"),
        "load": ("load", there.url, "--store", "generic"),
    }[act]
    status, out, err = command(*given, "--timeout", "1")
    assert (status, out) == (4, "")
    assert ("(400)" if where == "complaint" else "within 1 seconds") in err
    assert time.monotonic() - began < 5


@cache
def bomb(layers: int) -> bytes:
    """Return 256 MiB of blanks, compressed so many times: of two, a few kilobytes are left."""
    if layers > 1:
        return gzip.compress(bomb(layers - 1))
    packing = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16)
    return b"".join(packing.compress(b" " * _MIB) for _ in range(256)) + packing.flush()


CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CHALLENGE = b"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=x, nonce=y\r\n"
LOST, LATE, LONG = "the connection ended before the answer did", "no whole answer within 2 seconds", "longer than 1 MiB"
# What comes first, what comes then without end and as fast as it is taken, and what is said of it.
FLOODS = {
    "status line": (b"HTTP/1.1 200 ", b"x" * 65536, LOST),
    "header": (HEAD + b"X: ", b"x" * 65536, LOST),
    "headers": (HEAD, b"X: y\r\n" * 10_000, LOST),
    "cookies": (HEAD, b"Set-Cookie: a=b\r\n" * 3000, LOST),
    "hints": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2000, LATE),
    "body": (HEAD + b"\r\n", b" " * 65536, LONG),
    "chunks of a byte": (CHUNKED, b"1\r\n \r\n" * 10_000, LATE),
    "chunks": (CHUNKED, b"10000\r\n" + b" " * 65536 + b"\r\n", LONG),
    "name of a chunk": (CHUNKED + b"1;", b"x" * 65536, LOST),
    "size of a chunk": (CHUNKED, b"f" * 65536, LOST),
    "trailers": (CHUNKED + b"0\r\n", b"X: y\r\n" * 10_000, LOST),
    "length": (HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", b" " * 65536, LOST),
    "complaint": (b"HTTP/1.1 400 Bad\r\n\r\n", b"x" * 65536, "(400); the store says: xxx"),
    "challenge": (CHALLENGE + b"\r\n", b"x" * 65536, "does not accept these credentials (401); the store says: xxx"),
    "redirection": (b"HTTP/1.1 307 Go\r\nLocation: /sparql\r\n\r\n", b" " * 65536, "redirects more than 5 times"),
}
BOMBS = {
    "once": (HEAD + b"Content-Encoding: gzip\r\n\r\n", 1, LONG),
    "twice": (HEAD + b"Content-Encoding: gzip, gzip\r\n\r\n", 2, LONG),
    "often": (HEAD + b"Content-Encoding: " + b"gzip, " * 15_000 + b"gzip\r\n\r\n", 2, "cannot be decompressed"),
    "complaint": (b"HTTP/1.1 400 Bad\r\nContent-Encoding: gzip, gzip\r\n\r\n", 2, "(400)"),
    "challenge": (CHALLENGE + b"Content-Encoding: gzip, gzip\r\n\r\n", 2, "(401)"),
}


def hostile(store: Start, command: Run, reply: bytes | Callable[[Request, socket.socket], None], words: str) -> None:
    """Ask a store, as a user with a password, and see that it is soon given up."""
    url = store(reply).url.replace("://", "://user:password@")
    began = time.monotonic()
    status, out, err = command(
        "query", "-e", SELECT, "--endpoint", url, "--auth", "digest", "--timeout", "2", "--max-size", "1"
    )
    assert (status, out) == (4, "")
    assert words in err
    assert len(err) < 2000
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("where", FLOODS)
def test_what_never_ends_is_given_up(store: Start, command: Run, where: str) -> None:
    first, more, words = FLOODS[where]
    sent = [0]

    def flood(_: Request, connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(more)
            sent[0] += len(more)

    hostile(store, command, flood, words)
    # Buffers on the way take some; what is let go of piece by piece may be any amount.
    assert words == LATE or sent[0] < 64 << 20


@pytest.mark.skipif(not os.path.exists("/proc/self/clear_refs"), reason="Linux only")
@pytest.mark.parametrize("where", BOMBS)
def test_what_unpacks_to_much_is_not_held(store: Start, command: Run, where: str) -> None:
    head, layers, words = BOMBS[where]
    content = head + bomb(layers)
    before = most_memory(reset=True)
    hostile(store, command, content, words)
    assert most_memory() - before < 64 << 10


def most_memory(*, reset: bool = False) -> int:
    """Return the most memory that this process has held since it was reset, in KiB."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


values = st.recursive(
    st.none() | st.booleans() | st.text(alphabet='a"\\[]{}é\n', max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet='"\\[{}', max_size=3), inner),
    max_leaves=30,
)


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@settings(deadline=None)
@given(value=values, levels=st.integers(0, 600), cuts=st.lists(st.integers(0, 3000), max_size=6), escape=st.booleans())
def test_depth_is_counted_wherever_the_text_is_cut(value: object, levels: int, cuts: list[int], escape: bool) -> None:
    text = ("[" * levels + json.dumps(value, ensure_ascii=escape) + "]" * levels).encode()
    ends = [0, *sorted(cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(ends)]
    nesting = Nesting()
    too_deep = [nesting.is_too_deep(piece) for piece in pieces]
    assert any(too_deep) == (levels + depth(value) > 500)


def test_the_cost_of_depth_grows_as_the_text_does() -> None:
    def seconds(times: int) -> float:
        spent = []
        for _ in range(3):
            began = time.process_time()
            nesting = Nesting()
            for piece in (rb'"' + rb"\"" * times, rb"\"" * times, b'"' + b'"x"' * times, b"{}" * times):
                assert not nesting.is_too_deep(piece)
            spent.append(time.process_time() - began)
        return min(spent)

    assert seconds(400_000) < 10 * seconds(100_000)
