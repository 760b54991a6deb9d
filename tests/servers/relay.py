"""A network between a load and a store that goes down for ever in the middle of what the load sends."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.servers.server import HOST

if TYPE_CHECKING:
    from typing import Self

    from tests.servers.server import Server


class Relay:
    """Hands on what comes to a server, and back, until so many bytes have gone to it; it can stand for the server.

    The end comes at the end of a line, if there is one in the piece that is over the limit: it is there that a store
    may take a part for the whole.

    Args:
        server: The server behind it.
        limit: How many bytes go through; None for all.

    Attributes:
        sent: How many bytes have gone to the server.
    """

    def __init__(self, server: Server, limit: int | None = None) -> None:
        self.kind, self.graph, self.user, self.password = server.kind, server.graph, server.user, server.password
        self.sent = 0
        self._limit = limit
        self._port = server.port
        self._lock = threading.Lock()
        self._listening = socket.create_server((HOST, 0))
        self._connections: list[socket.socket] = []
        self.load_url = server.load_url.replace(server.address, f"http://{HOST}:{self._listening.getsockname()[1]}", 1)

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection((HOST, self._port))
                self._connections += [near, far]
                threading.Thread(target=self._there, args=(near, far), daemon=True).start()
                threading.Thread(target=self._back, args=(far, near), daemon=True).start()

    def _there(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while piece := near.recv(1 << 16):
                with self._lock:
                    over = self._limit is not None and self.sent + len(piece) > self._limit
                    if over and self._limit is not None:
                        part = piece[: max(0, self._limit - self.sent)]
                        piece = part[: part.rfind(b"\n") + 1] or part
                    far.sendall(piece)
                    self.sent += len(piece)
                    if over:
                        self._limit = 0
                if over:
                    self._end()
                    return
            far.shutdown(socket.SHUT_WR)

    @staticmethod
    def _back(far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while piece := far.recv(1 << 16):
                near.sendall(piece)
            near.shutdown(socket.SHUT_WR)

    def _end(self) -> None:
        """End all connections, and take no further ones."""
        for end in (self._listening, *self._connections):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
