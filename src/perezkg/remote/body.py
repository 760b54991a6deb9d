"""The body of a response as a file to read from, piece by piece, within bounds of size and time."""

from __future__ import annotations

import time
from contextlib import suppress

from httpx2 import HTTPError

from perezkg.errors import RemoteStoreError
from perezkg.remote.errors import StoreAnswerTooLongError
from perezkg.remote.faults import too_slow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from httpx2 import Response

    from perezkg.remote.address import Address

_MIB = 1 << 20
# Enough for the end tag of results with any prefix.
_TAIL = 256


class Body:
    """What a store answers, decompressed.

    Attributes:
        address: The store.
        headers: The headers of the response.
        tail: The last bytes that were read.
    """

    __slots__ = ("_deadline", "_limit", "_pending", "_pieces", "_seen", "_timeout", "address", "headers", "tail")

    def __init__(self, response: Response, address: Address, *, limit: int, started: float, timeout: float) -> None:
        """Read a response.

        Args:
            response: It, with its body still to come.
            address: The store.
            limit: How many bytes may come, decompressed.
            started: When the question was sent, by `time.monotonic`.
            timeout: How many seconds after that the answer has to be there.
        """
        self.address = address
        self.headers = response.headers
        self.tail = b""
        self._pieces = response.iter_bytes()
        self._pending = memoryview(b"")
        self._limit = limit
        self._seen = 0
        self._timeout = timeout
        self._deadline = started + timeout

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, all that is left when it is negative; none at the end.

        Raises:
            StoreAnswerTooLongError: There are more bytes than may come.
            StoreTimeoutError: They take too long.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(_MIB), b""))
        while not self._pending:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            if time.monotonic() > self._deadline:
                raise too_slow(self.address, self._timeout)
            self._seen += len(piece)
            if self._seen > self._limit:
                raise StoreAnswerTooLongError(
                    f"the answer is longer than {self._limit / _MIB:g} MiB",
                    path=self.address.shown,
                    hint="Ask for less (LIMIT), or allow more: --max-size MIB.",
                )
            self.tail = (self.tail + piece)[-_TAIL:]
            self._pending = memoryview(piece)
        found = bytes(self._pending[:size])
        self._pending = self._pending[size:]
        return found

    def beginning(self, size: int) -> bytes:
        """Return the first bytes for a message about them: as many as come before `size`, the end, or a fault."""
        found = b""
        with suppress(RemoteStoreError, HTTPError):
            while len(found) < size and (piece := self.read(size - len(found))):
                found += piece
        return found
