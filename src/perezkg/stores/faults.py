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

from perezkg.errors import RemoteStoreError
from perezkg.output import visible
from perezkg.store_errors import (
    StoreAnswerError,
    StoreAuthenticationError,
    StoreBusyError,
    StoreCertificateError,
    StoreConnectionLostError,
    StoreFailedError,
    StoreForbiddenError,
    StoreFullError,
    StoreMethodError,
    StoreNotFoundError,
    StoreQueryTooLongError,
    StoreRedirectError,
    StoreRejectedDataError,
    StoreRejectedQueryError,
    StoreTimeoutError,
    StoreUnreachableError,
    StoreUploadTooLongError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perezkg.stores.access import Address


_LONGEST_QUOTE = 300

# Status to error, what it means, and what to do: for queries, and where it differs, for what changes the store.
_STATUSES: dict[int, tuple[type[RemoteStoreError], str, str]] = {
    403: (StoreForbiddenError, "does not let this user ask", "Ask with another user, or have this one allowed."),
    404: (StoreNotFoundError, "has nothing at this address", ""),
    407: (
        StoreUnreachableError,
        "is behind a proxy that asks for a user and password",
        "HTTPS_PROXY and HTTP_PROXY take user and password.",
    ),
    408: (StoreBusyError, "gave up waiting for the question", "Ask again later."),
    410: (StoreNotFoundError, "has nothing at this address any more", ""),
    405: (StoreMethodError, "takes no query at this address", ""),
    406: (StoreMethodError, "has the answer in none of the formats that SPARQL defines", ""),
    413: (StoreQueryTooLongError, "does not read so long a query", "Ask in several queries."),
    414: (StoreQueryTooLongError, "does not read so long a query", "Ask in several queries."),
    415: (StoreMethodError, "takes no query at this address", ""),
    431: (StoreQueryTooLongError, "does not read so long a query", "Ask in several queries."),
    429: (StoreBusyError, "has been asked too often", "Wait, then ask again."),
    500: (StoreFailedError, "failed at this query", "The text above comes from the store; its log may say more."),
    501: (StoreMethodError, "takes no query at this address", ""),
    502: (StoreBusyError, "cannot be reached by the server in front of it", "Is it running? Ask again later."),
    503: (StoreBusyError, "is busy or not ready", "Ask again later."),
    504: (StoreBusyError, "took too long for the server in front of it", "Ask for less: LIMIT, or fewer patterns."),
}
_CHANGES: dict[int, tuple[type[RemoteStoreError], str, str]] = {
    403: (StoreForbiddenError, "does not let this user write", "Write as another user, or have this one allowed."),
    405: (StoreMethodError, "takes no {what} at this address", ""),
    408: (StoreBusyError, "gave up waiting for the {what}", "Try again later."),
    413: (StoreUploadTooLongError, "does not read so long an {what}", "Have its limit raised."),
    415: (StoreMethodError, "takes no {what} at this address", ""),
    500: (StoreFailedError, "failed at this {what}", "The text above comes from the store; its log may say more."),
    501: (StoreMethodError, "takes no {what} at this address", ""),
    507: (StoreFullError, "has no room left", "Make room where it keeps its data."),
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
    except httpx2.ConnectTimeout:
        raise StoreTimeoutError(
            "no connection in time",
            path=address.shown,
            hint=f"Is the host right, and is the store running?{_or_http(address)}",
        ) from None
    except httpx2.TimeoutException:
        raise too_slow(address, timeout) from None
    except httpx2.ConnectError as error:
        raise _not_connected(address, error) from None
    except httpx2.ProxyError as error:
        raise StoreUnreachableError(
            f"the proxy does not lead to the store: {visible(str(error))}",
            path=address.shown,
            hint="HTTPS_PROXY, HTTP_PROXY and NO_PROXY say which proxy is used.",
        ) from None
    except httpx2.DecodingError:
        raise StoreAnswerError(
            "the answer cannot be decompressed",
            path=address.shown,
            hint="The store or a proxy in front of it is at fault.",
        ) from None
    except (httpx2.NetworkError, httpx2.RemoteProtocolError) as error:
        raise _lost(address, error) from None
    except (httpx2.InvalidURL, UnicodeError):  # the second is what Python says to a name like a..b
        raise StoreUnreachableError(
            f"the host {visible(address.host)} has an invalid name",
            path=address.shown,
            hint="Is the name right?",
        ) from None
    except (httpx2.HTTPError, httpx2.StreamError) as error:
        raise StoreAnswerError(f"HTTP went wrong: {type(error).__name__}", path=address.shown) from None


def too_slow(address: Address, timeout: float) -> RemoteStoreError:
    """Return the error for an answer that takes longer than it may."""
    return StoreTimeoutError(
        f"no whole answer within {timeout:g} seconds",
        path=address.shown,
        hint="Ask for less, or give it longer: --timeout SECONDS.",
    )


def refused(
    address: Address, response: httpx2.Response, said: str, *, what: str = "query", authenticated: bool, home: str = ""
) -> RemoteStoreError:
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
        return StoreAuthenticationError(f"the store {happened} (401); {words}", path=address.shown, hint=hint)
    kind, happened, hint = _meaning(status, said, what)
    message = f"the store {happened} ({status}); {words}"
    if kind is StoreBusyError:
        pause = retry_after(response)
        if pause is not None:
            message += f"; it asks to wait {pause:g} second{'' if pause == 1 else 's'}"
        return StoreBusyError(message, path=address.shown, hint=hint, retry_after=pause)
    return kind(message, path=address.shown, hint=hint)


def _meaning(status: int, said: str, what: str) -> tuple[type[RemoteStoreError], str, str]:
    """Return the error for a status, what it means, and what to do."""
    changes = what != "query"
    if changes and status >= 400 and _FULL.search(said):
        return StoreFullError, "has no room left", "Make room where it keeps its data."
    if changes and status >= 500 and _FORBIDDEN.search(said):
        status = 403
    if changes and status in _CHANGES:
        kind, happened, hint = _CHANGES[status]
    elif status in _STATUSES:
        kind, happened, hint = _STATUSES[status]
    elif status >= 500:
        kind, happened, hint = StoreFailedError, "failed at this {what}", ""
    elif status >= 400:
        rejected = StoreRejectedDataError if changes else StoreRejectedQueryError
        return rejected, f"does not accept this {what}", ""
    else:
        kind, happened, hint = StoreAnswerError, "gives no answer", ""
    return kind, happened.format(what=what), hint or (_WRITE_WHERE if changes else _WHERE)


def redirected(address: Address, why: str) -> RemoteStoreError:
    """Return the error for a redirection that is not followed."""
    return StoreRedirectError(why, path=address.shown, hint="Name the address where the store itself answers.")


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


def _not_connected(address: Address, error: httpx2.ConnectError) -> RemoteStoreError:
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return StoreCertificateError(
            f"the store's certificate is not trusted: {visible(cause.verify_message or str(cause.reason))}",
            path=address.shown,
            hint="If an authority of your own has signed it, name its certificate: --ca-file FILE.",
        )
    if isinstance(cause, ssl.SSLError):
        return StoreCertificateError(
            "the store does not speak TLS as it should", path=address.shown, hint="Is it http rather than https?"
        )
    if isinstance(cause, socket.gaierror):
        passing = cause.errno == socket.EAI_AGAIN
        return StoreUnreachableError(
            f"the host {address.host} {'cannot be looked up now' if passing else 'is not known'}",
            path=address.shown,
            hint="Is there a network?" if passing else "Is the name right?",
        )
    if isinstance(cause, ConnectionRefusedError):
        return StoreUnreachableError(
            "nothing listens there: the connection is refused",
            path=address.shown,
            hint="Is the store running, and is the port right?",
        )
    if isinstance(cause, (ConnectionResetError, BrokenPipeError)):
        lost = _lost(address, error)
        lost.hint += _or_http(address)
        return lost
    why = cause.strerror if isinstance(cause, OSError) else ""
    return StoreUnreachableError(
        f"there is no connection{f': {visible(why)}' if why else ''}",
        path=address.shown,
        hint="Is the host right, and does the network lead there?",
    )


def _or_http(address: Address) -> str:
    """Return what else to ask when a connection is not made: a server without TLS waits for more, or hangs up."""
    return " Is it http rather than https?" if address.encrypted else ""


def _lost(address: Address, error: Exception) -> RemoteStoreError:
    cause = _cause(error)
    why = "it was reset" if isinstance(cause, ConnectionResetError) else "the store closed it, or broke HTTP"
    return StoreConnectionLostError(
        f"the connection ended before the answer did: {why}",
        path=address.shown,
        hint="Ask again; its log may say why the store gave up.",
    )


def _cause(error: BaseException) -> BaseException:
    """Return what an error of the client comes from: the one of the socket or of TLS, where there is one."""
    seen = error
    while (below := seen.__cause__ or seen.__context__) is not None:
        seen = below
        if isinstance(seen, OSError) and not isinstance(seen, TimeoutError):
            return seen
    return seen
