"""One time-out for a whole exchange: connecting, TLS, the request, the head of the response and its body.

httpx2 gives each read and each write the whole time anew, so a server that sends a byte now and then would never be
late.
"""

from __future__ import annotations

import threading
from time import monotonic

import httpx2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import httpcore2

# Bytes that are written at once: the time is looked at in between.
_PIECE = 1 << 16


class Deadline(threading.local):
    """When the exchange of a thread has to be over: the client gives each read and each write the whole time anew."""

    end = float("inf")

    def watch(self, client: httpx2.Client) -> None:
        """Have all connections of a client keep to it, those through proxies too."""
        for transport in (client._transport, *client._mounts.values()):
            pool = getattr(transport, "_pool", None)
            if pool is not None:
                pool._network_backend = _Backend(pool._network_backend, self)

    def left(self, timeout: float | None, late: Exception) -> float:
        """Return the seconds that are left, at most those given; raise `late` when there are none."""
        left = self.end - monotonic()
        if left <= 0:
            raise late
        return left if timeout is None else min(left, timeout)


class _Backend:
    """Opens connections that keep to a deadline, by the backend of httpcore2."""

    def __init__(self, backend: httpcore2.NetworkBackend, deadline: Deadline) -> None:
        self._backend: Any = backend
        self._deadline = deadline

    def __getattr__(self, name: str) -> object:
        return getattr(self._backend, name)

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **options: object) -> _Stream:
        timeout = self._deadline.left(timeout, httpx2.ConnectTimeout("too late"))
        return _Stream(self._backend.connect_tcp(host, port, timeout=timeout, **options), self._deadline)


class _Stream:
    """A connection of httpcore2 that keeps to a deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream: Any = stream
        self._deadline = deadline

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._deadline.left(timeout, httpx2.ReadTimeout("too late"))
        found: bytes = self._stream.read(max_bytes, timeout=left)
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            left = self._deadline.left(timeout, httpx2.WriteTimeout("too late"))
            self._stream.write(buffer[start : start + _PIECE], timeout=left)

    def start_tls(self, *context: object, timeout: float | None = None, **options: object) -> _Stream:
        left = self._deadline.left(timeout, httpx2.ConnectTimeout("too late"))
        return _Stream(self._stream.start_tls(*context, timeout=left, **options), self._deadline)
