"""Who asks: user and password, or a token, from where the user keeps them. None of it is ever shown."""

from __future__ import annotations

import base64
import netrc
import os

from perezkg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from perezkg.remote.address import Address

SCHEMES = ("basic", "digest")
"""How a password is proven: sent with each question, or never sent (RFC 7616)."""


class Credentials:
    """Proof of who asks.

    Attributes:
        user: The name of the user; empty with a token.
        password: Their password; empty with a token.
        token: A bearer token (RFC 6750); empty with a user.
    """

    __slots__ = ("password", "token", "user")

    def __init__(self, user: str = "", password: str = "", token: str = "") -> None:
        """Take user and password, or a token.

        Raises:
            UsageError: One of them cannot be sent: a colon in the name, a token that is not one word of ASCII.
        """
        _refuse_colon(user)
        if token and not (token.isascii() and token.isprintable() and " " not in token):
            raise UsageError("the token is not one word of ASCII characters", hint="A file holds the token alone.")
        self.user = user
        self.password = password
        self.token = token

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


class Search:
    """Finds credentials: first what was said, then the URL, the environment and ~/.netrc.

    Args:
        address: The store.
        environment: The variables of the environment.
        ask: Asks a person for the password of a user; None when there is nobody to ask.

    Attributes:
        notices: What was found and could not be used.
    """

    __slots__ = ("_address", "_ask", "_environment", "notices")

    def __init__(
        self, address: Address, environment: Mapping[str, str], ask: Callable[[str], str] | None = None
    ) -> None:
        self._address = address
        self._environment = environment
        self._ask = ask
        self.notices: list[str] = []

    def find(self, user: str | None, password: str | None, token: str | None) -> Credentials | None:
        """Return the credentials for the store; None when it is asked without.

        Raises:
            UsageError: Two ways at once, or a user without a password.
        """
        if token is not None and (user is not None or password is not None):
            raise UsageError("both a token and a user are given", hint="Give one of them.")
        if token is not None:
            return Credentials(token=token)
        if user is not None or password is not None:
            return self._of_user(user, password)
        if self._address.user:
            return self._of_user(self._address.user, self._address.password)
        named, bearer = self._environment.get("PEREZKG_USER"), self._environment.get("PEREZKG_TOKEN")
        if named and bearer:
            raise UsageError("both PEREZKG_TOKEN and PEREZKG_USER are set", hint="Unset one of them.")
        if bearer:
            return Credentials(token=bearer)
        if named:
            return self._of_user(named, None)
        login, kept = self._netrc()
        return Credentials(login, kept) if kept else None

    def _of_user(self, user: str | None, password: str | None) -> Credentials:
        user = user or self._address.user or self._environment.get("PEREZKG_USER")
        if not user:
            raise UsageError("a password is given, but no user", hint="Name the user: --user NAME, or PEREZKG_USER.")
        _refuse_colon(user)
        if password is None and user == self._address.user:
            password = self._address.password
        if password is None:
            password = self._environment.get("PEREZKG_PASSWORD")
        if password is None:
            login, kept = self._netrc()
            password = kept if login == user else None
        if password is None and self._ask is not None:
            password = self._ask(user)
        if password is None:
            raise UsageError(
                f"no password for the user {user}",
                hint="Give it by --password-file FILE, by PEREZKG_PASSWORD, or in ~/.netrc.",
            )
        return Credentials(user, password)

    def _netrc(self) -> tuple[str, str]:
        """Return user and password of the store's host from ~/.netrc; an entry `default` is not for every stranger."""
        path = self._environment.get("NETRC") or os.path.expanduser(os.path.join("~", ".netrc"))
        if not os.path.isfile(path):
            return "", ""
        try:
            entry = netrc.netrc(path).hosts.get(self._address.host)
        except netrc.NetrcParseError as error:
            self.notices.append(f"{path} is not used: line {error.lineno} cannot be read")
            return "", ""
        except (OSError, UnicodeDecodeError):
            self.notices.append(f"{path} is not used: it cannot be read")
            return "", ""
        return (entry[0], entry[2]) if entry else ("", "")


def _refuse_colon(user: str) -> None:
    """Refuse NAME:PASSWORD as a name, before the name gets into a message."""
    if ":" in user:
        raise UsageError(
            "a user's name has no colon",
            hint="Give the name alone; the password comes from --password-file, PEREZKG_PASSWORD or a prompt.",
        )
