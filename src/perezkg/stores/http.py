"""HTTP with a store: who asks, redirections, and a few more tries where the fault may pass.

httpx2 does HTTP, TLS, decompression and authentication. Its redirections would make a POST a GET without the query in
it, and no client can try again once the body is being read; both are done here.
"""

from __future__ import annotations

import logging
import os
import random
import ssl
from contextlib import contextmanager, suppress
from dataclasses import KW_ONLY, dataclass
from time import monotonic, sleep
from typing import TypedDict, Unpack
from urllib.parse import urljoin, urlsplit

import httpx2
from httpx2 import Auth, BasicAuth, DigestAuth, Request, Response

from perezkg import errors
from perezkg.resources import VERSION
from perezkg.stores.access import SCHEMES, Address, Search, same_place
from perezkg.stores.answers import Body
from perezkg.stores.deadline import Deadline
from perezkg.stores.faults import first_line, redirected, refused, translated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
    from typing import TypeVar

    from perezkg.stores.access import Credentials

    T = TypeVar("T")


def _authentication(credentials: Credentials, scheme: str) -> Auth:
    """Return what adds credentials to requests; a password is proven by one of `SCHEMES`."""
    if scheme not in SCHEMES:
        raise errors.UsageError(
            f"there is no authentication scheme {scheme!r}", hint=errors.nearest(scheme, SCHEMES) or "basic or digest."
        )
    if credentials.token:
        return _Bearer(credentials.token)
    if scheme == "digest":
        return DigestAuth(credentials.user, credentials.password)
    return _Password(credentials.user, credentials.password)


class _Bearer(Auth):
    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        request.headers["Authorization"] = self._header
        yield request


class _Password(Auth):
    """Basic, sent with the first question, because a store may answer strangers too, with less.

    A store that wants digest says so and gets it from then on.
    """

    def __init__(self, user: str, password: str) -> None:
        self._auth: Auth = BasicAuth(user, password)
        self._digest = DigestAuth(user, password)

    def auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        if self._auth is not self._digest:
            response = yield next(self._auth.auth_flow(request))
            # Virtuoso says that it wants digest only to who has tried nothing else.
            challenge = ",".join(response.headers.get_list("WWW-Authenticate")).lower()
            if response.status_code != 401 or (challenge and "digest " not in challenge):
                return
            self._auth = self._digest
            del request.headers["Authorization"]
        yield from self._digest.auth_flow(request)


TIMEOUT = 60.0
"""Seconds that a store is given for a whole answer."""

LOAD_TIMEOUT = 3600.0
"""Seconds that one request of a load is given: an upload is one, from its first byte to the store's answer."""

MAX_SIZE = 256
"""The longest answer that is read, in MiB after decompression."""

_MIB = 1 << 20
_TRIES = 3
_REDIRECTIONS = 5
# Seconds: before the second try, and the longest that a store is waited for when it asks for it.
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_LONGEST_CONNECTING = 10.0
_LONGEST_COMPLAINT = 1 << 16
# Where a response keeps the address that it redirects to.
_LOCATION = "perezkg.location"


@dataclass(slots=True, repr=False)  # what is sent, and a key in its URL, are not to be shown
class Message:
    """What a store is asked or told, as HTTP.

    Attributes:
        method: The method of HTTP.
        url: Where it goes.
        headers: The headers that it needs.
        content: The body: bytes, or pieces that can be had again from their beginning.
        what: What it is, for messages about it: "query", "update" or "upload".
        address: The service it goes to, when that is another than the client's.
        timeout: Seconds that it may take, when that is not what the client allows.
    """

    method: str
    url: str
    headers: dict[str, str]
    content: bytes | Iterable[bytes] | None = None
    _: KW_ONLY
    what: str = "query"
    address: Address | None = None
    timeout: float | None = None


class Client:
    """Sends messages to one store and hands over what it answers.

    Args:
        address: The store.
        credentials: Who asks; None for nobody.
        connection: Whom to trust and how long to wait, for one try, from the question to the end of the answer.

    Raises:
        InputNotFoundError: There is no such file of certificates.
        InputUnreadableError: It holds no certificates.
        UsageError: The time or the size is not more than nothing, or no scheme of authentication is called so.
    """

    __slots__ = (
        "_auth",
        "_client",
        "_credentials",
        "_deadline",
        "_max_size",
        "_redaction",
        "_tell",
        "_timeout",
        "address",
    )

    def __init__(self, address: Address, credentials: Credentials | None, connection: Connection) -> None:
        timeout = connection.get("timeout", TIMEOUT)
        if not 0 < timeout < float("inf"):
            raise errors.UsageError("the time-out is a number of seconds, more than 0")
        self._max_size = int(connection.get("max_size", MAX_SIZE) * _MIB)
        if self._max_size <= 0:
            raise errors.UsageError("the longest answer is more than 0")
        self.address = address
        self._credentials = credentials
        self._auth = None if credentials is None else _authentication(credentials, connection.get("auth", "basic"))
        self._timeout = timeout
        self._tell = connection.get("tell")
        verify = _trusted(connection.get("ca_file"))
        self._client = httpx2.Client(
            # A store on this machine is not asked through a proxy.
            transport=httpx2.HTTPTransport(verify=verify) if address.local else None,
            verify=verify,
            timeout=httpx2.Timeout(timeout, connect=min(timeout, _LONGEST_CONNECTING)),
            follow_redirects=False,
            event_hooks={"response": [_take_location, _cut_challenge]},
            headers={"User-Agent": f"perezkg/{VERSION}"},
        )
        self._deadline = Deadline()
        self._deadline.watch(self._client)
        self._redaction = _Redaction(address)
        logging.getLogger("httpx2").addFilter(self._redaction)

    def __repr__(self) -> str:
        return f"<Client: {self.address.shown}>"

    def close(self) -> None:
        """Close all connections."""
        self._client.close()
        logging.getLogger("httpx2").removeFilter(self._redaction)

    @property
    def authenticated(self) -> bool:
        """Whether credentials are sent."""
        return self._credentials is not None

    def headers(self) -> Mapping[str, str]:
        """Return the headers of whatever the store answers at its address: what it says of itself.

        Raises:
            RemoteStoreError: It does not answer.
        """
        message = Message("GET", self.address.url, {"Accept": "*/*"})
        self._deadline.end = monotonic() + self._timeout
        with translated(self.address, self._timeout), self._response(message) as response:
            return response.headers

    def exchange(self, messages: Sequence[Message], read: Callable[[Body], T], *, again: bool = True) -> T:
        """Send a message and read what is answered; a fault that may pass is given two more tries.

        Args:
            messages: The same message in several forms, the one to begin with first.
            read: Reads the answer, to its end.
            again: Whether it may be sent again: so it is with all that leaves the store, sent twice, as if it were sent
                once.

        Raises:
            RemoteStoreError: A leaf of it for each cause.
        """
        for number in range(1, _TRIES + 1):
            try:
                return self._in_some_form(messages, read)
            except errors.RemoteStoreError as error:
                error.tries = number
                pause = _pause(error, number) if again else None
                if pause is None:
                    raise
                if self._tell is not None:
                    self._tell(f"{error.path}: {error.message}; asking again in {pause:.1f} seconds")
                sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _in_some_form(self, messages: Sequence[Message], read: Callable[[Body], T]) -> T:
        *others, last = messages
        for message in others:
            try:
                return self._once(message, read)
            except (errors.StoreMethodError, errors.StoreQueryTooLongError):
                continue
        return self._once(last, read)

    def _once(self, message: Message, read: Callable[[Body], T]) -> T:
        started = monotonic()
        address = message.address or self.address
        timeout = message.timeout or self._timeout
        self._deadline.end = started + timeout
        with translated(address, timeout), self._response(message) as response:
            body = Body(response, address, limit=self._max_size, started=started, timeout=timeout)
            if response.status_code == 206:
                raise errors.StoreAnswerIncompleteError(
                    "the store gives only a part of the answer (206)", path=address.shown, hint="Ask for less."
                )
            if response.is_success:
                return self._read(body, read)
            # Here the secret goes before the line is shortened, which could leave a half of it.
            said = first_line(body.beginning(_LONGEST_COMPLAINT), self._redacted)
            sent = self._auth_for(str(response.url)) is not None or "Authorization" in response.request.headers
            home = "://".join(urlsplit(self.address.url)[:2]) if self.authenticated and not sent else ""
            raise refused(address, response, said, what=message.what, authenticated=sent, home=home)

    def _read(self, body: Body, read: Callable[[Body], T]) -> T:
        """Read an answer; an error that may quote it does so without the secret."""
        try:
            return read(body)
        except (errors.StoreAnswerError, errors.StoreAnswerIncompleteError) as error:
            error.message = self._redacted(error.message)
            error.args = (error.message,)
            raise

    def _redacted(self, text: str) -> str:
        """Return words of the store, which may repeat anything, without the secret.

        It is for no words but those: a bullet in the middle of what is known to stand there would give it away.
        """
        return text if self._credentials is None else self._credentials.redacted(text)

    @contextmanager
    def _response(self, message: Message) -> Iterator[httpx2.Response]:
        """Send a message, again where it is redirected to."""
        url, timeout = message.url, message.timeout
        for _ in range(_REDIRECTIONS + 1):
            request = self._client.build_request(
                message.method,
                url,
                headers=message.headers,
                content=message.content,
                timeout=httpx2.USE_CLIENT_DEFAULT if timeout is None else timeout,
            )
            response = self._client.send(request, auth=self._auth_for(url), stream=True)
            try:
                if _LOCATION not in response.extensions:
                    yield response
                    return
                url, message = self._onwards(message, url, response)
            finally:
                response.close()
        raise redirected(self.address, f"the store redirects more than {_REDIRECTIONS} times, perhaps in a circle")

    def _auth_for(self, url: str) -> httpx2.Auth | None:
        return self._auth if same_place(self.address.url, url) else None

    def _onwards(self, message: Message, url: str, response: httpx2.Response) -> tuple[str, Message]:
        """Return where a redirection leads, and what is to be sent there."""
        try:
            target = Address(urljoin(url, response.extensions[_LOCATION]))
        except (errors.UsageError, ValueError):
            raise redirected(self.address, "the store redirects to a URL that is not http or https") from None
        if urlsplit(url).scheme == "https" and not target.encrypted:
            shown = self._redacted(target.shown)
            raise redirected(self.address, f"the store redirects to {shown}, which is not encrypted")
        if response.status_code == 303:  # the answer lies ready there
            message = Message("GET", target.url, {"Accept": message.headers.get("Accept", "*/*")})
        return target.url, message


def _pause(error: errors.RemoteStoreError, number: int) -> float | None:
    """Return the seconds to wait after the try of this number; None when there is to be no further one."""
    if number == _TRIES or not isinstance(error, (errors.StoreBusyError, errors.StoreConnectionLostError)):
        return None
    asked = (error.retry_after if isinstance(error, errors.StoreBusyError) else None) or 0.0
    if asked > _LONGEST_PAUSE:
        return None
    own: float = _FIRST_PAUSE * 2 ** (number - 1) * random.uniform(1, 1.5)  # noqa: S311 - no secret
    return max(asked, own)


def _take_location(response: httpx2.Response) -> None:
    """Take a redirection out of the client's sight: it would read the address, and some of its versions choke on it."""
    if response.has_redirect_location:
        response.extensions[_LOCATION] = response.headers.pop("Location")


def _cut_challenge(response: httpx2.Response) -> None:
    """Read only the beginning of a 401: before it proves who asks, the client would read all of it into memory."""
    if response.status_code != 401:
        return
    found = b""
    with suppress(httpx2.DecodingError):
        for piece in response.iter_bytes():
            found += piece
            if len(found) > _LONGEST_COMPLAINT:
                break
    response.close()
    response._content = found[:_LONGEST_COMPLAINT]


class _Redaction(logging.Filter):
    """Takes the query part of the URLs of a store, which may hold a key, out of the client's log."""

    def __init__(self, address: Address) -> None:
        super().__init__()
        self._origin = urlsplit(address.url)[:2]

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(self._shown(part) if isinstance(part, httpx2.URL) else part for part in record.args)
        return True

    def _shown(self, url: httpx2.URL) -> object:
        address, question, _ = str(url).partition("?")
        return f"{address}?…" if question and urlsplit(address)[:2] == self._origin else url


def _trusted(ca_file: str | os.PathLike[str] | None) -> ssl.SSLContext | bool:
    """Return whom to trust: the system's authorities, or those of a file."""
    if ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=ca_file)
    except FileNotFoundError:
        raise errors.InputNotFoundError("there is no such file of certificates", path=os.fspath(ca_file)) from None
    except (OSError, ValueError):
        raise errors.InputUnreadableError(
            "this is not a file of certificates",
            path=os.fspath(ca_file),
            hint="It holds lines BEGIN CERTIFICATE and END CERTIFICATE (PEM).",
        ) from None


class Connection(TypedDict, total=False):
    """Who asks a store, whom to trust and how long to wait: the keyword arguments of `perezkg.connect`.

    Attributes:
        user: Who asks. Without user and token, the URL, the environment (PEREZKG_USER and PEREZKG_PASSWORD, or
            PEREZKG_TOKEN) and the store's entry in ~/.netrc are looked at, in this order.
        password: The user's password; else from the same places.
        token: A bearer token instead of a user.
        auth: "basic" (default) sends the password with each question, and changes to digest for a store that wants it;
            "digest" never sends the password itself.
        insecure_http: Whether a password or token may go to another machine over plain http, where others can read it.
        ca_file: Certificates (PEM) of the authorities to trust, instead of the system's.
        timeout: Seconds for a whole answer; by default `TIMEOUT`, for each request of a load `LOAD_TIMEOUT`.
        max_size: The longest answer that is read, in MiB after decompression; by default `MAX_SIZE`.
        ask: Asks a person for the password of a user, when it is found nowhere.
        tell: Is told, in a sentence, when a fault may pass and the store is asked again.
    """

    user: str | None
    password: str | None
    token: str | None
    auth: str
    insecure_http: bool
    ca_file: str | os.PathLike[str] | None
    timeout: float
    max_size: float
    ask: Callable[[str], str] | None
    tell: Callable[[str], None] | None


def open_client(url: str, **connection: Unpack[Connection]) -> tuple[Client, list[str]]:
    """Return what talks to a store, and what a user should know about the connection.

    Raises:
        UsageError: The URL is no http or https URL, the credentials contradict one another, or they would leave this
            machine unencrypted.
        InputNotFoundError: There is no such file of certificates.
        InputUnreadableError: It holds no certificates.
        TypeError: There is no such keyword argument.
    """
    if unknown := connection.keys() - Connection.__annotations__.keys():
        raise TypeError(f"a connection takes no argument {min(unknown)!r}")
    address = Address(url)
    search = Search(address, os.environ, connection.get("ask"))
    credentials = search.find(connection.get("user"), connection.get("password"), connection.get("token"))
    notices = search.notices
    digest = credentials is not None and credentials.user and connection.get("auth") == "digest"
    if credentials is not None and not (address.encrypted or address.local or digest):
        kind = "password" if credentials.user else "token"
        if not connection.get("insecure_http"):
            raise errors.UsageError(
                f"the {kind} would go to {address.host} unencrypted, where others can read it",
                hint="Use the store's https address, --auth digest if it takes that, or --insecure-http if you must "
                "(in Python: insecure_http=True).",
            )
        notices.append(f"the {kind} goes to {address.host} unencrypted: is there an https address?")
    return Client(address, credentials, connection), notices


def graph_iri(text: str) -> str:
    """Return the IRI of a graph.

    Raises:
        UsageError: It is none.
    """
    from pyoxigraph import NamedNode

    try:
        return NamedNode(text).value
    except ValueError:
        raise errors.UsageError(
            f"{text!r} is not the IRI of a graph", hint="Write the whole IRI: http://example.org/graph."
        ) from None
