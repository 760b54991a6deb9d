"""Processes that answer: copies of one that holds the graph, made in a moment and killed in another.

No engine can be told to stop, so whatever may take long is done in a process that can be killed. A server full of
connections cannot be copied safely, so a process beside it, which does nothing else, holds the graph and is copied.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import socket
import sys
from contextlib import suppress
from struct import Struct
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedRWPair

    from perezkg.web.serve.messages import Job, Reply

    Answering = Callable[[Job], Reply]

HEAVY, LIGHT, SITE = b"h", b"l", b"s"
"""The kinds of copies: for what anybody may ask, for canned queries and things, for making pages."""
_KILL = b"k"
_ORDER = Struct("!cq")
_NUMBER = Struct("!q")
LENGTH = Struct("!Q")
"""What stands before each message between server and copy."""

_BEHIND = 10
"""How far heavy work stands behind all other work in the eyes of the system (nice)."""


class Original:
    """The process that holds the graph, as the server sees it.

    Args:
        answering: What a copy does with a job.
        memory: How many bytes a copy for heavy work may hold, more than the original.
    """

    def __init__(self, answering: Answering, memory: int) -> None:
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        gc.collect()
        gc.freeze()  # else a look for garbage would copy each page of memory
        self.pid = os.fork()
        if self.pid == 0:
            try:
                ours.close()
                _hold(theirs, answering, memory)
            finally:
                os._exit(0)
        gc.unfreeze()
        theirs.close()
        self._orders = ours
        self._alone = Lock()  # each order has its answer

    def copy(self, kind: bytes) -> tuple[int, socket.socket]:
        """Return the number of a new copy, and what leads to it.

        Raises:
            OSError: The system cannot copy it.
        """
        with self._alone:
            self._orders.sendall(_ORDER.pack(kind, 0))
            data, handles, _, _ = socket.recv_fds(self._orders, _NUMBER.size, 1)
        if len(data) != _NUMBER.size or not handles:
            raise OSError("no process could be made to answer")
        return _NUMBER.unpack(data)[0], socket.socket(fileno=handles[0])

    def kill(self, pid: int) -> None:
        """End a copy, if it has not ended."""
        with self._alone, suppress(OSError):
            self._orders.sendall(_ORDER.pack(_KILL, pid))
            self._orders.recv(_NUMBER.size)

    def end(self) -> None:
        """End the process and all copies."""
        self._orders.close()
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _hold(orders: socket.socket, answering: Answering, memory: int) -> None:
    """Make and kill copies until the server has ended."""
    # Ctrl-C and `kill` of a whole group are for the server, which lets this process know.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    copies: set[int] = set()
    try:
        while order := _exactly(orders, _ORDER.size):
            kind, pid = _ORDER.unpack(order)
            while copies and (ended := os.waitpid(-1, os.WNOHANG)[0]):
                copies.discard(ended)
            if kind == _KILL:
                if pid in copies:
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                    copies.discard(pid)
                orders.sendall(_NUMBER.pack(0))
                continue
            ours, theirs = socket.socketpair()
            try:
                pid = os.fork()
            except OSError:
                pid = -1
            if pid == 0:
                orders.close()
                theirs.close()
                _answer(ours, answering, kind, memory)
            ours.close()
            if pid > 0:
                copies.add(pid)
                socket.send_fds(orders, [_NUMBER.pack(pid)], [theirs.fileno()])
            else:
                orders.sendall(_NUMBER.pack(0))
            theirs.close()
    finally:
        for pid in copies:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _answer(server: socket.socket, answering: Answering, kind: bytes, memory: int) -> None:
    """Answer one job after another, until the server has ended or has no more."""
    try:
        if kind != LIGHT:
            os.nice(_BEHIND)
        if kind == HEAVY:
            _limit(memory)
        with server, server.makefile("rwb") as stream:
            while (head := stream.read(LENGTH.size)) and len(head) == LENGTH.size:
                job = pickle.loads(stream.read(LENGTH.unpack(head)[0]))  # noqa: S301 - our own process wrote it
                _tell(stream, answering(job))
    finally:
        os._exit(0)


def _tell(stream: BufferedRWPair, reply: Reply) -> None:
    told = pickle.dumps(reply)
    stream.write(LENGTH.pack(len(told)))
    stream.write(told)
    stream.flush()


def _limit(memory: int) -> None:
    """Let this process end when it wants more memory than it may have, without a word and without a core file."""
    import resource

    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    with suppress(OSError, ValueError), open("/proc/self/statm", "rb") as file:
        held = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (held + memory, held + memory))


def _exactly(connection: socket.socket, length: int) -> bytes:
    """Return so many bytes; none when the other side has ended."""
    found = b""
    while len(found) < length:
        piece = connection.recv(length - len(found))
        if not piece:
            return b""
        found += piece
    return found
