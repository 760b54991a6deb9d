"""What HTTP reports, as an error that says what happened, what the store said, and what to do."""

from __future__ import annotations

import html
import json
import re
import socket
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

from perezkg import errors
from perezkg.output import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perezkg.stores.access import Address


_LONGEST_QUOTE = 300

# Status to error, what it means, and what to do; what differs where a store is changed stands below.
_Meaning = tuple[type[errors.RemoteStoreError], str, str]
_STATUSES: dict[int, _Meaning] = {
    403: (errors.StoreForbiddenError, "does not let this user ask", "Ask with another user, or have this one allowed."),
    404: (errors.StoreNotFoundError, "has nothing at this address", ""),
    407: (
        errors.StoreUnreachableError,
        "is behind a proxy that asks for a user and password",
        "HTTPS_PROXY and HTTP_PROXY take user and password.",
    ),
    408: (errors.StoreBusyError, "gave up waiting for the question", "Ask again later."),
    410: (errors.StoreNotFoundError, "has nothing at this address any more", ""),
    406: (errors.StoreMethodError, "has the answer in none of the formats that SPARQL defines", ""),
    **dict.fromkeys((405, 415, 501), (errors.StoreMethodError, "takes no {what} at this address", "")),
    **dict.fromkeys(
        (413, 414, 431), (errors.StoreQueryTooLongError, "does not read so long a query", "Ask in several queries.")
    ),
    429: (errors.StoreBusyError, "has been asked too often", "Wait, then ask again."),
    500: (
        errors.StoreFailedError,
        "failed at this {what}",
        "The text above comes from the store; its log may say more.",
    ),
    502: (errors.StoreBusyError, "cannot be reached by the server in front of it", "Is it running? Ask again later."),
    503: (errors.StoreBusyError, "is busy or not ready", "Ask again later."),
    504: (
        errors.StoreBusyError,
        "took too long for the server in front of it",
        "Ask for less: LIMIT, or fewer patterns.",
    ),
}
_NO_ROOM: _Meaning = (errors.StoreFullError, "has no room left", "Make room where it keeps its data.")
_CHANGES: dict[int, _Meaning] = {
    403: (
        errors.StoreForbiddenError,
        "does not let this user write",
        "Write as another user, or have this one allowed.",
    ),
    408: (errors.StoreBusyError, "gave up waiting for the {what}", "Try again later."),
    413: (errors.StoreUploadTooLongError, "does not read so long an {what}", "Have its limit raised."),
    507: _NO_ROOM,
}
_WRITE_WHERE = "Does the store allow changes? Is --store right, and the URL that of the dataset?"
_FULL = re.compile(r"no space left|disk (?:is )?full|quota exceeded|not enough (?:disk )?space", re.IGNORECASE)
# Virtuoso says so with status 500.
_FORBIDDEN = re.compile(r"\bno permission|permission denied|access denied", re.IGNORECASE)
_WHERE = "Name the URL of its SPARQL service: …/DATASET/sparql, …/repositories/NAME, …/query, …/sparql."


@contextmanager
def translated(address: Address, timeout: float) -> Iterator[None]:
    """Turn what the HTTP client raises into errors of perezkg.

    Raises:
        RemoteStoreError: A leaf of it for each cause.
    """
    try:
        yield
    # Python says UnicodeError to a name like a..b.
    except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, UnicodeError) as error:
        if isinstance(error, httpx2.TimeoutException) and not isinstance(error, httpx2.ConnectTimeout):
            raise too_slow(address, timeout) from None
        kind, why, hint = _explained(address, error)
        raise kind(why, path=address.shown, hint=hint) from None


def too_slow(address: Address, timeout: float) -> errors.RemoteStoreError:
    """Return the error for an answer that takes longer than it may."""
    return errors.StoreTimeoutError(
        f"no whole answer within {timeout:g} seconds",
        path=address.shown,
        hint="Ask for less, or give it longer: --timeout SECONDS.",
    )


def refused(
    address: Address, response: httpx2.Response, said: str, *, what: str = "query", authenticated: bool, home: str = ""
) -> errors.RemoteStoreError:
    """Return the error for an HTTP status that is no success.

    Args:
        address: The store.
        response: Its response.
        said: What it said, already free of secrets.
        what: What it was sent: a "query", or an "update" or "upload", which change it.
        authenticated: Whether credentials were sent.
        home: The only place that they are for, when this was another.
    """
    status = response.status_code
    words = f"the store says: {said}" if said else "the store gives no reason"
    if status == 401:
        happened = "does not accept these credentials" if authenticated else "asks for a user and password"
        hint = (
            "Are user, password and --auth right?"
            if authenticated
            else "Give --user NAME, --token-file FILE, PEREZKG_USER and PEREZKG_PASSWORD, or an entry in ~/.netrc."
        )
        if home:
            words = f"credentials are sent only to {home}; {words}"
            hint = "Name services of the same host and port, by the same scheme, or have a proxy bring them together."
        return errors.StoreAuthenticationError(f"the store {happened} (401); {words}", path=address.shown, hint=hint)
    kind, happened, hint = _meaning(status, said, what)
    message = f"the store {happened} ({status}); {words}"
    if kind is errors.StoreBusyError:
        pause = retry_after(response)
        if pause is not None:
            message = f"{message}; it asks to wait {pause:g} second{'' if pause == 1 else 's'}"
        return errors.StoreBusyError(message, path=address.shown, hint=hint, retry_after=pause)
    return kind(message, path=address.shown, hint=hint)


def _meaning(status: int, said: str, what: str) -> _Meaning:
    """Return the error for a status, what it means, and what to do."""
    changes = what != "query"
    if changes and status >= 400 and _FULL.search(said):
        return _NO_ROOM
    if changes and status >= 500 and _FORBIDDEN.search(said):
        status = 403
    if found := (changes and _CHANGES.get(status)) or _STATUSES.get(status):
        kind, happened, hint = found
    elif status >= 500:
        kind, happened, hint = errors.StoreFailedError, "failed at this {what}", ""
    elif status >= 400:
        rejected = errors.StoreRejectedDataError if changes else errors.StoreRejectedQueryError
        return rejected, f"does not accept this {what}", ""
    else:
        kind, happened, hint = errors.StoreAnswerError, "gives no answer", ""
    return kind, happened.format(what=what), hint or (_WRITE_WHERE if changes else _WHERE)


def redirected(address: Address, why: str) -> errors.RemoteStoreError:
    """Return the error for a redirection that is not followed."""
    return errors.StoreRedirectError(why, path=address.shown, hint="Name the address where the store itself answers.")


def retry_after(response: httpx2.Response) -> float | None:
    """Return the seconds that Retry-After asks for, in either of its forms; None when there is none.

    >>> retry_after(httpx2.Response(503, headers={"Retry-After": "7"}))
    7.0
    """
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, round((moment - datetime.now(UTC)).total_seconds(), 1))


def first_line(content: bytes, redacted: Callable[[str], str] = str) -> str:
    """Return what a store says in the body of an error: one line, without secrets, safe for a terminal.

    >>> first_line(b"<html><head><title>404 Not Found</title></head></html>")
    '404 Not Found'
    >>> first_line(b'{"code": "MalformedQueryException", "detailedMessage": "no }"}')
    'no }'
    """
    text = content.decode("utf-8", errors="replace").strip("\ufeff \t\r\n\0")
    if text.startswith("{"):
        text = _from_json(text) or text
    elif text.startswith("<"):
        title = re.search(r"<(title|h1)\b[^>]*>(.*?)</\1", text, re.DOTALL | re.IGNORECASE)
        text = html.unescape(title[2] if title else re.sub(r"<[^>]*>", " ", text))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    line = visible(redacted(next((line for line in lines if line), "")))
    return line if len(line) <= _LONGEST_QUOTE else line[:_LONGEST_QUOTE] + "…"


def _from_json(text: str) -> str:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    for key in ("detailedMessage", "message", "exception", "error", "detail", "title"):
        found = content.get(key)
        if isinstance(found, str) and found.strip():
            return found
    return ""


def _explained(address: Address, error: Exception) -> _Meaning:
    """Return the class of what the HTTP client raised, what happened, and what to do."""
    cause = _cause(error)
    # A server without TLS waits for more, or hangs up.
    or_http = " Is it http rather than https?" if address.encrypted else ""
    lost = "it was reset" if isinstance(cause, ConnectionResetError) else "the store closed it, or broke HTTP"
    lost = f"the connection ended before the answer did: {lost}"
    log = "Ask again; its log may say why the store gave up."
    match error:
        case httpx2.ConnectTimeout():
            why, hint = "no connection in time", f"Is the host right, and is the store running?{or_http}"
            return errors.StoreTimeoutError, why, hint
        case httpx2.ConnectError():
            pass
        case httpx2.ProxyError():
            why = f"the proxy does not lead to the store: {visible(str(error))}"
            hint = "HTTPS_PROXY, HTTP_PROXY and NO_PROXY say which proxy is used."
            return errors.StoreUnreachableError, why, hint
        case httpx2.DecodingError():
            hint = "The store or a proxy in front of it is at fault."
            return errors.StoreAnswerError, "the answer cannot be decompressed", hint
        case httpx2.NetworkError() | httpx2.RemoteProtocolError():
            return errors.StoreConnectionLostError, lost, log
        case httpx2.InvalidURL() | UnicodeError():
            why = f"the host {visible(address.host)} has an invalid name"
            return errors.StoreUnreachableError, why, "Is the name right?"
        case _:
            return errors.StoreAnswerError, f"HTTP went wrong: {type(error).__name__}", ""
    match cause:
        case ssl.SSLCertVerificationError():
            why = f"the store's certificate is not trusted: {visible(cause.verify_message or str(cause.reason))}"
            hint = "If an authority of your own has signed it, name its certificate: --ca-file FILE."
            return errors.StoreCertificateError, why, hint
        case ssl.SSLError():
            why = "the store does not speak TLS as it should"
            return errors.StoreCertificateError, why, "Is it http rather than https?"
        case socket.gaierror(errno=socket.EAI_AGAIN):
            why = f"the host {address.host} cannot be looked up now"
            return errors.StoreUnreachableError, why, "Is there a network?"
        case socket.gaierror():
            return errors.StoreUnreachableError, f"the host {address.host} is not known", "Is the name right?"
        case ConnectionRefusedError():
            why = "nothing listens there: the connection is refused"
            return errors.StoreUnreachableError, why, "Is the store running, and is the port right?"
        case ConnectionResetError() | BrokenPipeError():
            return errors.StoreConnectionLostError, lost, log + or_http
        case _:
            said = cause.strerror if isinstance(cause, OSError) else ""
            why = f"there is no connection{f': {visible(said)}' if said else ''}"
            return errors.StoreUnreachableError, why, "Is the host right, and does the network lead there?"


def _cause(error: BaseException) -> BaseException:
    """Return what an error of the client comes from: the one of the socket or of TLS, where there is one."""
    seen = error
    while (below := seen.__cause__ or seen.__context__) is not None:
        seen = below
        if isinstance(seen, OSError) and not isinstance(seen, TimeoutError):
            return seen
    return seen
