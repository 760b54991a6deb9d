"""What can go wrong on the way to a store: each its own error, a message that helps, another try where it is safe."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
from contextlib import ExitStack, suppress
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest
from tests.servers.server import free_port
from tests.stores.asking.conftest import JSON, Store, http, rows

from perezkg import errors
from perezkg.errors import InputNotFoundError, InputUnreadableError, RemoteStoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.stores.asking.conftest import Reply, Request

    from perezkg.stores.remote_graph import RemoteGraph

    Start = Callable[..., Store]
    Connect = Callable[..., RemoteGraph]

# Seconds: the first is enough where the machine has nothing else to do, and what is asked has come to the store.
PATIENCE = (0.3, 2.0, 15.0)
ONE = rows({"a": {"type": "uri", "value": "http://e.org/1"}})
SELECT = "SELECT ?a {}"


def reset(_: Request, connection: socket.socket) -> None:
    """End a connection as a killed process does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def after(content: bytes) -> Callable[[Request, socket.socket], None]:
    """Send this, then reset."""

    def reply(request: Request, connection: socket.socket) -> None:
        connection.sendall(content)
        time.sleep(0.05)
        reset(request, connection)

    return reply


def silence(_: Request, connection: socket.socket) -> None:
    connection.recv(1)


def drip(_: Request, connection: socket.socket) -> None:
    """An answer that never is quite silent and never ends."""
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n\r\n".encode())
    while True:
        connection.sendall(b" ")
        time.sleep(0.02)


def endless(_: Request, connection: socket.socket) -> None:
    head = '{"head": {"vars": ["a"]}, "results": {"bindings": ['
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n\r\n{head}".encode())
    while True:
        connection.sendall(b'{"a": {"type": "literal", "value": "x"}}, ' * 1000)


def test_nothing_listens(command: Run, naps: list[float]) -> None:
    url = f"http://127.0.0.1:{free_port()}/sparql"
    status, out, err = command("query", "medals", "--endpoint", url)
    assert (status, out, naps) == (4, "", [])
    assert err == (
        f"perezkg: error: {url}: nothing listens there: the connection is refused\n"
        "Is the store running, and is the port right?\n"
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (socket.EAI_NONAME, "the host store.example is not known"),
        (socket.EAI_AGAIN, "the host store.example cannot be looked up now"),
    ],
)
def test_an_unknown_host(connect: Connect, monkeypatch: pytest.MonkeyPatch, number: int, words: str) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(number, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(errors.StoreUnreachableError, match=words):
        connect("http://store.example/").sparql(SELECT)


@pytest.mark.parametrize("host", ["a..b", "a" * 64, "e\u202e.org"])
def test_a_name_that_no_host_can_have(connect: Connect, host: str) -> None:
    with pytest.raises(errors.StoreUnreachableError, match="has an invalid name"):
        connect(f"http://{host}/").sparql(SELECT)


def test_a_network_that_does_not_lead_there(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", unreachable)
    with pytest.raises(errors.StoreUnreachableError, match="there is no connection: Network is unreachable"):
        connect("http://store.example/").sparql(SELECT)


@pytest.mark.parametrize(("reply", "told"), [(silence, "no whole answer within"), (drip, "no whole answer within")])
def test_an_answer_that_takes_too_long(store: Start, connect: Connect, reply: Reply, told: str) -> None:
    for timeout in PATIENCE:
        there = store(reply)
        began = time.monotonic()
        with pytest.raises(errors.StoreTimeoutError) as raised:
            connect(there.url, timeout=timeout).sparql(SELECT)
        assert time.monotonic() - began < timeout + 15  # for 20 seconds, the store would be silent
        if there.requests:
            break
    assert f"{told} {timeout:g} seconds" in str(raised.value)
    assert len(there.requests) == 1  # asked again, it would have to work as long again


def test_a_connection_that_is_not_made_in_time(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:  # takes the connection, and never says a word of TLS
        url = f"https://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(errors.StoreTimeoutError, match="no connection in time"):
            connect(url, timeout=0.3).sparql(SELECT)


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, errors.StoreRejectedQueryError, "does not accept this query (400)"),
        (401, errors.StoreAuthenticationError, "asks for a user and password (401)"),
        (402, errors.StoreRejectedQueryError, "does not accept this query (402)"),
        (403, errors.StoreForbiddenError, "does not let this user ask (403)"),
        (404, errors.StoreNotFoundError, "has nothing at this address (404)"),
        (405, errors.StoreMethodError, "takes no query at this address (405)"),
        (406, errors.StoreMethodError, "none of the formats that SPARQL defines (406)"),
        (407, errors.StoreUnreachableError, "is behind a proxy that asks for a user and password (407)"),
        (408, errors.StoreBusyError, "gave up waiting for the question (408)"),
        (410, errors.StoreNotFoundError, "any more (410)"),
        (413, errors.StoreQueryTooLongError, "does not read so long a query (413)"),
        (414, errors.StoreQueryTooLongError, "does not read so long a query (414)"),
        (429, errors.StoreBusyError, "has been asked too often (429)"),
        (431, errors.StoreQueryTooLongError, "does not read so long a query (431)"),
        (500, errors.StoreFailedError, "failed at this query (500)"),
        (502, errors.StoreBusyError, "cannot be reached by the server in front of it (502)"),
        (503, errors.StoreBusyError, "is busy or not ready (503)"),
        (504, errors.StoreBusyError, "took too long for the server in front of it (504)"),
        (507, errors.StoreFailedError, "failed at this query (507)"),
        (304, errors.StoreAnswerError, "gives no answer (304)"),
    ],
)
def test_each_status_says_what_to_do(
    store: Start, command: Run, connect: Connect, status: int, kind: type[RemoteStoreError], words: str
) -> None:
    said = "" if status == 304 else "Parse error:\x1b[2J 'x'\nat line 1"
    there = store(http(status, said, "text/plain"))
    with pytest.raises(RemoteStoreError) as raised:
        connect(there.url).sparql(SELECT)
    assert type(raised.value) is kind
    ended = command("query", "-e", SELECT, "--endpoint", there.url)
    assert (ended.status, ended.out) == (4, "")
    complaint = ended.err[ended.err.index("perezkg: error: ") :]
    assert complaint.startswith(f"perezkg: error: {there.url}: the store ")
    assert words in complaint
    if said:
        assert "the store says: Parse error:␛[2J 'x'" in complaint
    assert "\x1b" not in ended.err
    assert kind is errors.StoreRejectedQueryError or complaint.count("\n") == 2


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", "the store gives no reason"),
        ("\n\n  first  line \nsecond", "the store says: first line"),
        ("<html><head><TITLE>\n502 Bad &amp; Gateway</TITLE></head>", "the store says: 502 Bad & Gateway"),
        ("<p>No <b>such</b> set</p>", "the store says: No such set"),
        ('{"code": 7, "message": "no"}', "the store says: no"),
        ('{"code": 7', 'the store says: {"code": 7'),
        ("{" * 100_000, "the store says: {{{"),
        (b"\xff\xfe\x00", "the store says: "),
        ("x" * 1000, f"the store says: {'x' * 300}…"),
        ("a\u202eb", "the store says: a<U+202E>b"),
    ],
)
def test_what_a_store_says_is_one_line(store: Start, connect: Connect, content: str | bytes, line: str) -> None:
    there = store(http(400, content, "text/plain"))
    with pytest.raises(errors.StoreRejectedQueryError) as raised:
        connect(there.url).sparql(SELECT)
    assert f"(400); {line}" in raised.value.message
    assert "\n" not in raised.value.message


def test_an_endless_complaint_is_not_read_to_its_end(store: Start, connect: Connect) -> None:
    def complain(_: Request, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 500 -\r\n\r\n")
        while True:
            connection.sendall(b"no " * 10_000)

    with pytest.raises(errors.StoreFailedError, match="no no no"):
        connect(store(complain).url).sparql(SELECT)


def test_a_complaint_that_is_cut_off_counts_as_far_as_it_came(store: Start, connect: Connect) -> None:
    there = store(b"HTTP/1.1 500 -\r\nContent-Length: 1000\r\n\r\nout of memory\n")
    with pytest.raises(errors.StoreFailedError, match="the store says: out of memory"):
        connect(there.url).sparql(SELECT)


# Tried again.


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_store_is_asked_again(store: Start, connect: Connect, naps: list[float], status: int) -> None:
    there = store(http(status, "later", "text/plain"), http(status, "later", "text/plain"), http(content=ONE))
    told: list[str] = []
    assert connect(there.url, tell=told.append).sparql(SELECT)
    assert len(there.requests) == 3
    assert [0.5 <= naps[0] <= 0.75, 1 <= naps[1] <= 1.5] == [True, True]
    assert len(told) == 2
    assert told[0].startswith(f"{there.url}: the store ")
    assert told[0].endswith(f"; asking again in {naps[0]:.1f} seconds")


def test_it_is_given_up_after_three_tries(store: Start, connect: Connect, naps: list[float]) -> None:
    there = store(http(503, "later", "text/plain"))
    with pytest.raises(errors.StoreBusyError):
        connect(there.url).sparql(SELECT)
    assert (len(there.requests), len(naps)) == (3, 2)


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_store_may_say_how_long_to_wait(
    store: Start, connect: Connect, naps: list[float], status: int, form: str
) -> None:
    began = time.time()
    when = "7" if form == "seconds" else formatdate(began + 7, usegmt=True)
    there = store(http(status, "", Retry_After=when), http(content=ONE))
    assert connect(there.url).sparql(SELECT)
    assert 6 - (time.time() - began) <= naps[0] <= 7


@pytest.mark.parametrize(
    "when",
    ["3600", "99999999999999999999", formatdate(time.time() + 9000, usegmt=True)],
    ids=["an hour", "for ever", "a date"],
)
def test_it_is_not_waited_for_hours(store: Start, command: Run, naps: list[float], when: str) -> None:
    there = store(http(429, "slow down", "text/plain", Retry_After=when))
    ended = command("query", "-e", SELECT, "--endpoint", there.url)
    assert (ended.status, naps, len(there.requests)) == (4, [], 1)
    assert "slow down; it asks to wait " in ended.err


@pytest.mark.parametrize("when", ["soon", "-1", "", "Mon, 99 Foo 2026", "1.5"])
def test_nonsense_about_waiting_is_passed_over(store: Start, connect: Connect, naps: list[float], when: str) -> None:
    assert connect(store(http(503, "", Retry_After=when), http(content=ONE)).url).sparql(SELECT)
    assert naps[0] < 1


HALF = http(content=ONE)[:-30]


@pytest.mark.parametrize(
    "fault", [reset, after(b""), after(b"HTTP/1.1 200"), after(HALF), HALF, b""],
    ids=["at once", "before an answer", "in the status", "half way", "closed half way", "closed at once"],
)  # fmt: skip
def test_a_lost_connection_is_made_again(store: Start, connect: Connect, naps: list[float], fault: Reply) -> None:
    there = store(fault, http(content=ONE))
    assert len(connect(there.url).sparql(SELECT)) == 1  # type: ignore[arg-type]
    assert (len(there.requests), len(naps)) == (2, 1)
    there = store(fault)
    with pytest.raises(errors.StoreConnectionLostError, match="the connection ended before the answer did"):
        connect(there.url).sparql(SELECT)
    assert len(there.requests) == 3


def test_chunks_without_an_end_are_no_answer(store: Start, connect: Connect) -> None:
    body = f"{len(ONE):x}\r\n{ONE}\r\n"
    there = store(f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n{body}".encode())
    with pytest.raises(errors.StoreConnectionLostError):
        connect(there.url).sparql(SELECT)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_what_will_not_pass_is_not_tried_again(store: Start, connect: Connect, status: int) -> None:
    there = store(http(status, ""))
    with pytest.raises(RemoteStoreError):
        connect(there.url).sparql(SELECT)
    assert len(there.requests) == 1


def test_what_speaks_no_http(store: Start, connect: Connect) -> None:
    for reply in (b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000):
        with pytest.raises(errors.StoreConnectionLostError, match="broke HTTP"):
            connect(store(reply).url).sparql(SELECT)


def test_redirections_in_a_circle(store: Start, connect: Connect) -> None:
    there = store(http(302, "", None, Location="/sparql"))
    with pytest.raises(errors.StoreRedirectError, match="more than 5 times"):
        connect(there.url).sparql(SELECT)
    assert len(there.requests) == 6


def test_a_redirection_is_followed_with_the_query(store: Start, connect: Connect) -> None:
    there = store(http(content=ONE))
    first = store(http(301, "", None, Location=there.url + "?x=1"))
    assert connect(first.url).sparql(SELECT + "#" + "x" * 3000)
    assert there.requests[0].query.startswith(SELECT)


def test_an_answer_may_be_endless(store: Start, connect: Connect, command: Run) -> None:
    there = store(endless)
    with pytest.raises(errors.StoreAnswerTooLongError, match="longer than 1 MiB"):
        connect(there.url, max_size=1).sparql(SELECT)
    assert command("query", "-e", SELECT, "--endpoint", there.url, "--max-size", "0.5").status == 4


def test_the_wrong_kind_of_time_and_size(connect: Connect) -> None:
    for options in ({"timeout": 0.0}, {"timeout": float("nan")}, {"timeout": float("inf")}, {"max_size": -1}):
        with pytest.raises(UsageError):
            connect("http://localhost/", **options)


# TLS.


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 that it has signed itself, with its key in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl here to make a certificate")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=store"
    extension = "subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [*make.split(), "-addext", extension, "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def secure(certificate: Path, store: Start) -> Start:
    """Start stores behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def start(*replies: Reply) -> Store:
        found = store(*replies)
        found.url = found.url.replace("http://", "https://")
        talk = found.talk

        def talk_tls(connection: socket.socket) -> None:
            try:
                talk(context.wrap_socket(connection, server_side=True))
            except OSError:
                connection.close()

        found.talk = talk_tls  # type: ignore[method-assign]
        return found

    return start


def test_a_certificate_that_nobody_trusts(connect: Connect, secure: Start, naps: list[float]) -> None:
    with pytest.raises(errors.StoreCertificateError, match=r"(?s)not trusted.*--ca-file"):
        connect(secure().url).sparql(SELECT)
    assert naps == []


def test_a_certificate_of_ones_own(connect: Connect, secure: Start, certificate: Path, command: Run) -> None:
    ca_file = certificate.with_suffix(".crt")
    url = secure(http(content=ONE)).url
    assert connect(url, ca_file=ca_file).sparql(SELECT)
    assert command("query", "-e", SELECT, "--endpoint", url, "--ca-file", ca_file).status == 0


def test_a_certificate_of_another_host(connect: Connect, secure: Start, certificate: Path) -> None:
    with pytest.raises(errors.StoreCertificateError, match="not trusted"):
        connect(secure().url.replace("127.0.0.1", "localhost"), ca_file=certificate).sparql(SELECT)


def test_a_redirection_that_repeats_a_secret(connect: Connect, secure: Start, certificate: Path) -> None:
    there = secure(http(307, "", None, Location="http://e.org/s3cret/"))
    with pytest.raises(errors.StoreRedirectError, match=r"redirects to http://e\.org/•••/, which is not"):
        connect(there.url, ca_file=certificate.with_suffix(".crt"), user="me", password="s3cret").sparql("ASK {}")


def test_http_where_https_is_asked_for(connect: Connect, store: Start) -> None:
    def plain(connection: socket.socket) -> None:
        connection.sendall(http(400, "plain"))
        connection.close()

    there = store()
    there.talk = plain  # type: ignore[method-assign]
    with pytest.raises(errors.StoreCertificateError, match=r"(?s)does not speak TLS.*http rather than https"):
        connect(there.url.replace("http://", "https://")).sparql(SELECT)


@pytest.mark.parametrize("how", ["says nothing", "resets", "closes"])
def test_a_server_without_tls_is_asked_whether_it_is_http(connect: Connect, how: str) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

        def meet() -> None:
            with suppress(OSError):
                while True:
                    connection = stack.enter_context(server.accept()[0])
                    if how != "says nothing":
                        connection.recv(1 if how == "resets" else 4096)  # what is left unread resets it
                        connection.close()

        thread = threading.Thread(target=meet)
        thread.start()
        url = f"https://127.0.0.1:{server.getsockname()[1]}/"
        try:
            with pytest.raises(RemoteStoreError, match=r"Is it http rather than https\?") as raised:
                connect(url, timeout=0.3 if how == "says nothing" else 30).sparql(SELECT)
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
        assert (
            type(raised.value)
            is {
                "says nothing": errors.StoreTimeoutError,
                "resets": errors.StoreConnectionLostError,
                "closes": errors.StoreCertificateError,
            }[how]
        )


def test_no_other_is_asked_that(connect: Connect, store: Start) -> None:
    with pytest.raises(errors.StoreConnectionLostError) as raised:
        connect(store(reset).url).sparql(SELECT)
    assert "https" not in str(raised.value)


def test_https_is_not_left(connect: Connect, store: Start, secure: Start, certificate: Path) -> None:
    open_ = store()
    there = secure(http(307, "", None, Location=open_.url))
    with pytest.raises(errors.StoreRedirectError, match="which is not encrypted"):
        connect(there.url, ca_file=certificate, token="abc").sparql(SELECT)
    assert open_.requests == []


def test_files_of_certificates_that_are_none(connect: Connect, tmp_path: Path) -> None:
    with pytest.raises(InputNotFoundError):
        connect("https://localhost/", ca_file=tmp_path / "absent.pem")
    (tmp_path / "empty.pem").write_text("nothing", encoding="utf-8")
    with pytest.raises(InputUnreadableError, match="BEGIN CERTIFICATE"):
        connect("https://localhost/", ca_file=tmp_path / "empty.pem")


def test_a_proxy_that_is_not_there(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://me:s3cret@127.0.0.1:{free_port()}")
    with pytest.raises(errors.StoreUnreachableError) as raised:
        connect("http://store.example/").sparql(SELECT)
    assert "s3cret" not in str(raised.value)


def test_a_store_on_this_machine_is_not_asked_through_a_proxy(
    store: Start, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    assert connect(store(http(content=ONE)).url).sparql(SELECT)


@pytest.mark.skipif(os.name == "nt", reason="signals are different there")
def test_an_interrupted_question_ends(store: Start, tmp_path: Path) -> None:
    import signal
    import sys

    there = store(silence)
    command = [sys.executable, "-m", "perezkg", "query", "medals", "--endpoint", there.url]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path) as process:
        end = time.monotonic() + 120
        while not there.requests and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=15)  # for 20 seconds, the store would be silent
    assert (process.returncode, out, err) == (-signal.SIGINT, b"", b"")
