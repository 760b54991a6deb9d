"""A load in a process of its own that can be met at a stage of its work, and a reader who asks all the while."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers.asking import count, credentials, options

if TYPE_CHECKING:
    from typing import Self

    from tests.servers.relay import Relay
    from tests.servers.server import Server

_TELLING = Path(__file__).with_name("telling.py")
_EVERY = 0.05
_PATIENCE = 120.0


class Process:
    """A run of `perezkg load` or `perezkg diff` on a server."""

    def __init__(self, server: Server | Relay, name: str, *arguments: str | Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, _TELLING, name, server.load_url, *arguments, *options(server)],
            env={**os.environ, **credentials(server)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def reach(self, stage: str, number: int = 1) -> bool:
        """Wait until it has told a stage so many times; return False when it ended before."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            number -= line.startswith(stage)
            if number == 0:
                return True
        return False

    def kill(self) -> None:
        """Kill it; it may have ended."""
        self._process.kill()
        self._process.communicate()

    def signal(self, name: str) -> None:
        """Send it a signal; it may have ended."""
        self._process.send_signal(getattr(signal, name))

    def ended(self) -> tuple[int, str]:
        """Wait for its end; return its status, and what it said on standard error."""
        _, err = self._process.communicate(timeout=_PATIENCE)
        assert "Traceback" not in err
        return self._process.returncode, err


def run(server: Server | Relay, name: str, *arguments: str | Path) -> tuple[int, str]:
    """Run a command to its end; return its status, and what it said on standard error."""
    with Process(server, name, *arguments) as process:
        return process.ended()


def replaced(server: Server, *files: Path) -> tuple[int, str]:
    """Load over what is there, once what is kept of it, if anything, is given up.

    The request of a client that is dead may end only now. A load that sees it refuses, and says that it may be tried
    again; how long the store takes is up to the machine.
    """
    for _ in range(20):
        ended = run(server, "load", *files, "--replace")
        if ended[0] != 2 or "Nothing has been changed; try again." not in ended[1]:
            break
    if ended[0] == 2 and "--recover discard" in ended[1]:
        assert run(server, "load", "--recover", "discard")[0] == 0
        ended = run(server, "load", *files, "--replace")
    return ended


class Reader:
    """Counts the triples of the graph every 50 ms until the end of the block, as long as the server is alive.

    Attributes:
        seen: All the counts that came.
        answers: How many came.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.seen: set[int] = set()
        self.answers = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._over.is_set():
            try:
                self.seen.add(count(self._server))
                self.answers += 1
            except (RuntimeError, HTTPException):  # killed, or not yet there again
                pass
            time.sleep(_EVERY)
