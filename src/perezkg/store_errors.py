"""What a triple store can do wrong, a class for each cause; the command line ends with status 4 for all of them."""

from __future__ import annotations

from perezkg.errors import RemoteStoreError


class StoreUnreachableError(RemoteStoreError):
    """No connection: the host is not known, nothing listens there, or the network does not lead there."""


class StoreCertificateError(RemoteStoreError):
    """The store does not prove by TLS that it is who it claims to be, or does not speak TLS at all."""


class StoreTimeoutError(RemoteStoreError):
    """The store took longer than it was given."""


class StoreConnectionLostError(RemoteStoreError):
    """The connection ended before the answer did."""


class StoreAuthenticationError(RemoteStoreError):
    """The store asks for a user and password, or does not believe it (401)."""


class StoreForbiddenError(RemoteStoreError):
    """The store knows who asks and does not let them (403)."""


class StoreNotFoundError(RemoteStoreError):
    """There is nothing at this address (404, 410)."""


class StoreMethodError(RemoteStoreError):
    """What is at this address does not take a query in any form of the SPARQL Protocol (405, 406, 415, 501)."""


class StoreQueryTooLongError(RemoteStoreError):
    """The query is longer than the store reads (413, 414, 431)."""


class StoreRejectedQueryError(RemoteStoreError):
    """The store says that it cannot read or evaluate the query (400 and other 4xx)."""


class StoreRejectedDataError(RemoteStoreError):
    """The store says that it cannot take what it was sent to keep (400 and other 4xx)."""


class StoreUploadTooLongError(RemoteStoreError):
    """An upload or update is longer than the store reads (413)."""


class StoreFullError(RemoteStoreError):
    """The store has no room left (507, or so it says)."""


class StoreContentError(RemoteStoreError):
    """The store does not hold what it was sent."""


class StoreBusyError(RemoteStoreError):
    """The store has no time now (429, 502, 503, 504).

    Attributes:
        retry_after: For how many seconds it asks to be left alone; None when it does not say.
    """

    def __init__(self, message: str, *, path: str = "", hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, path=path, hint=hint)
        self.retry_after = retry_after


class StoreFailedError(RemoteStoreError):
    """The store failed while it worked on the query (500 and other 5xx)."""


class StoreRedirectError(RemoteStoreError):
    """The store sends to another address that cannot be followed: in a circle, unencrypted, or not over HTTP."""


class StoreAnswerError(RemoteStoreError):
    """What came back is no answer to the query: a web page, another kind of answer, broken JSON."""


class StoreAnswerTooLongError(RemoteStoreError):
    """The answer is longer than is read."""


class StoreAnswerIncompleteError(RemoteStoreError):
    """The store says that it left something out: its own limit of rows or time was reached."""
