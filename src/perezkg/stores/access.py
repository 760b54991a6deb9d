"""Access to a store: its address, and who asks there.

What is secret is taken out of a URL, or comes from where the user keeps it, and is never shown.
"""

from __future__ import annotations

import base64
import netrc
import os
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit, urlunsplit

from perezkg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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
            raise UsageError(f"{self.shown} has no valid port")

    def __repr__(self) -> str:
        return f"<Address: {self.shown}>"


def same_place(home: str, url: str) -> bool:
    """Tell whether credentials for one URL may go to another: the same origin, or the same host now encrypted."""
    ports = {"http": 80, "https": 443}
    (our_host, *ours), (their_host, *theirs) = (
        (parts.hostname, parts.scheme, parts.port or ports[parts.scheme]) for parts in map(urlsplit, (home, url))
    )
    return our_host == their_host and (ours == theirs or (ours, theirs) == (["http", 80], ["https", 443]))


def _harmless(text: str) -> str:
    """Return a URL, or what was meant as one, without what may be a password or a key."""
    start = text.index("://") + 3 if "://" in text else 0
    return text[:start] + text[start:].rpartition("@")[2].partition("?")[0]


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


SCHEMES = ("basic", "digest")
"""How a password is proven: sent with each question, or never sent (RFC 7616)."""


@dataclass(slots=True, repr=False)
class Credentials:
    """Proof of who asks.

    Attributes:
        user: The name of the user; empty with a token.
        password: Their password; empty with a token.
        token: A bearer token (RFC 6750); empty with a user.

    Raises:
        UsageError: One of them cannot be sent: a colon in the name, a token that is not one word of ASCII.
    """

    user: str = ""
    password: str = ""
    token: str = ""

    def __post_init__(self) -> None:
        _refuse_colon(self.user)
        if self.token and not (self.token.isascii() and self.token.isprintable() and " " not in self.token):
            raise UsageError("the token is not one word of ASCII characters", hint="A file holds the token alone.")

    def __repr__(self) -> str:
        return f"<Credentials: {f'user {self.user}' if self.user else 'token'}>"

    def redacted(self, text: str) -> str:
        """Return what a store said without the secret, should it have repeated it.

        >>> Credentials("me", "hunter2").redacted("no user me with hunter2")
        'no user me with •••'
        """
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        for secret in (self.token, self.password, pair if self.user else ""):
            if secret:
                text = text.replace(secret, "•••")
        return text


@dataclass(slots=True, repr=False)
class Search:
    """Finds credentials: first what was said, then the URL, the environment and ~/.netrc.

    Args:
        address: The store.
        environment: The variables of the environment.
        ask: Asks a person for the password of a user; None when there is nobody to ask.

    Attributes:
        notices: What was found and could not be used.
    """

    address: Address
    environment: Mapping[str, str]
    ask: Callable[[str], str] | None = None
    notices: list[str] = field(default_factory=list)

    def find(self, user: str | None, password: str | None, token: str | None) -> Credentials | None:
        """Return the credentials for the store; None when it is asked without.

        Raises:
            UsageError: Two ways at once, or a user without a password.
        """
        if token is not None and (user is not None or password is not None):
            raise UsageError("both a token and a user are given", hint="Give one of them.")
        if token is not None:
            return Credentials(token=token)
        if user is not None or password is not None or self.address.user:
            return self._of_user(user, password)
        named, bearer = self.environment.get("PEREZKG_USER"), self.environment.get("PEREZKG_TOKEN")
        if named and bearer:
            raise UsageError("both PEREZKG_TOKEN and PEREZKG_USER are set", hint="Unset one of them.")
        if bearer:
            return Credentials(token=bearer)
        if named:
            return self._of_user(named, None)
        login, kept = self._netrc()
        return Credentials(login, kept) if kept else None

    def _of_user(self, user: str | None, password: str | None) -> Credentials:
        user = user or self.address.user or self.environment.get("PEREZKG_USER")
        if not user:
            raise UsageError("a password is given, but no user", hint="Name the user: --user NAME, or PEREZKG_USER.")
        _refuse_colon(user)
        if password is None and user == self.address.user:
            password = self.address.password
        if password is None:
            password = self.environment.get("PEREZKG_PASSWORD")
        if password is None:
            login, kept = self._netrc()
            password = kept if login == user else None
        if password is None and self.ask is not None:
            password = self.ask(user)
        if password is None:
            raise UsageError(
                f"no password for the user {user}",
                hint="Give it by --password-file FILE, by PEREZKG_PASSWORD, or in ~/.netrc.",
            )
        return Credentials(user, password)

    def _netrc(self) -> tuple[str, str]:
        """Return user and password of the store's host from ~/.netrc; an entry `default` is not for every stranger."""
        path = self.environment.get("NETRC") or os.path.expanduser(os.path.join("~", ".netrc"))
        if not os.path.isfile(path):
            return "", ""
        try:
            entry = netrc.netrc(path).hosts.get(self.address.host)
            return (entry[0], entry[2]) if entry else ("", "")
        except netrc.NetrcParseError as error:
            why = f"line {error.lineno} cannot be read"
        except (OSError, UnicodeDecodeError):
            why = "it cannot be read"
        self.notices.append(f"{path} is not used: {why}")
        return "", ""


def _refuse_colon(user: str) -> None:
    """Refuse NAME:PASSWORD as a name, before the name gets into a message."""
    if ":" in user:
        raise UsageError(
            "a user's name has no colon",
            hint="Give the name alone; the password comes from --password-file, PEREZKG_PASSWORD or a prompt.",
        )
