"""Credentials as HTTP authentication: basic, digest, bearer."""

from __future__ import annotations

from httpx2 import Auth, BasicAuth, DigestAuth, Request, Response

from perezkg.errors import UsageError, nearest
from perezkg.remote.credentials import SCHEMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

    from perezkg.remote.credentials import Credentials


def authentication(credentials: Credentials, scheme: str) -> Auth:
    """Return what adds credentials to requests.

    Args:
        credentials: Who asks.
        scheme: For a password, one of `SCHEMES`.

    Raises:
        UsageError: There is no such scheme.
    """
    if scheme not in SCHEMES:
        raise UsageError(
            f"there is no authentication scheme {scheme!r}", hint=nearest(scheme, SCHEMES) or "basic or digest."
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
