"""The address of a store: an http or https URL, with what is secret in it taken out."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import unquote, urlsplit, urlunsplit

from perezkg.errors import UsageError


class Address:
    """Where a store answers.

    Attributes:
        url: The URL to ask, without user and password.
        shown: The URL for messages: without its query part, in which some stores want a key.
        host: The name of the machine, in small letters.
        user: The user that the URL named; None when it named none.
        password: The password in the URL; None when there was none.
        encrypted: Whether it is https.
        local: Whether the store runs on this machine.

    >>> address = Address("https://me:secret@example.org/sparql?key=k")
    >>> address
    <Address: https://example.org/sparql?…>
    >>> address.url, address.user
    ('https://example.org/sparql?key=k', 'me')
    """

    __slots__ = ("encrypted", "host", "local", "password", "shown", "url", "user")

    def __init__(self, text: str) -> None:
        """Read a URL.

        Raises:
            UsageError: It is no http or https URL; the message does not repeat what may be a password.
        """
        text = text.strip()
        harmless = _harmless(text)
        if any(ord(character) <= 0x20 or ord(character) == 0x7F for character in text):
            raise UsageError(f"{harmless!r} is not a URL: there are spaces or control characters in it")
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise UsageError(f"{harmless!r} is not a URL", hint=_hint(harmless)) from None
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            raise UsageError(f"{harmless!r} is not the http or https URL of a store", hint=_hint(harmless))
        netloc = parts.netloc.rpartition("@")[2]
        self.host = parts.hostname
        self.user = None if parts.username is None else unquote(parts.username)
        self.password = None if parts.password is None else unquote(parts.password)
        self.encrypted = parts.scheme.lower() == "https"
        self.local = _is_local(parts.hostname)
        path = parts.path or "/"
        self.url = urlunsplit((parts.scheme.lower(), netloc, path, parts.query, ""))
        self.shown = urlunsplit((parts.scheme.lower(), netloc, path, "", "")) + ("?…" if parts.query else "")
        if port == 0:
            raise UsageError(f"{self.shown} has no port that can be asked")

    def __repr__(self) -> str:
        return f"<Address: {self.shown}>"


def same_place(home: str, url: str) -> bool:
    """Tell whether credentials for one URL may go to another: the same origin, or the same host now encrypted."""
    ours, theirs = urlsplit(home), urlsplit(url)
    if ours.hostname != theirs.hostname:
        return False
    if (ours.scheme, theirs.scheme) == ("http", "https"):
        return (ours.port or 80, theirs.port or 443) == (80, 443)
    ports = {"http": 80, "https": 443}
    same_port = (ours.port or ports[ours.scheme]) == (theirs.port or ports[theirs.scheme])
    return ours.scheme == theirs.scheme and same_port


def _harmless(text: str) -> str:
    """Return a URL, or what was meant as one, without what may be a password or a key."""
    scheme, slashes, rest = text.partition("://")
    if not slashes:
        scheme, rest = "", text
    return scheme + slashes + rest.rpartition("@")[2].partition("?")[0]


def _hint(harmless: str) -> str:
    if "://" not in harmless:
        return f"Write it whole: http://{harmless.lstrip('/')}"
    return "It looks like http://localhost:3030/dataset/sparql."


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
