"""A server that runs until it is told to end, and finishes what is begun then."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import uvicorn

from perezkg.errors import UsageError
from perezkg.web.serve.answers import Answers
from perezkg.web.serve.app import Server
from perezkg.web.serve.connections import protocol
from perezkg.web.serve.copies import Original
from perezkg.web.serve.limits import Limits
from perezkg.web.serve.pages import BuiltPages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perezkg.graph import AskableGraph

_BACKLOG = 2048
_BESIDE = 200  # files and connections to processes
_PATIENCE = 5.0
"""Seconds beside the time of an answer that what is begun has to end."""


class _Ending(uvicorn.Server):
    """uvicorn's server, but that a signal ends it and not the process, which has something to put away."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """While it serves, SIGTERM and Ctrl-C let it finish what is begun; a second Ctrl-C ends it at once."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(number, self.handle_exit) for number in numbers]
        try:
            yield
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)


def serve(
    graph: AskableGraph,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    base_url: str = "",
    pages: bool = True,
    allow_service: bool = False,
    limits: Limits | None = None,
    ready: Callable[[str], None] = lambda _: None,
    log: Callable[[str], None] = lambda text: print(text, file=sys.stderr),
) -> None:
    """Serve a graph until SIGTERM or Ctrl-C.

    Args:
        graph: What is asked; nothing of it is changed.
        host: The address to listen at.
        port: The port; 0 takes any that is free.
        base_url: Where the server is seen from outside; empty takes that from each request.
        pages: Whether there are pages for people.
        allow_service: Let SPARQL ask other stores.
        limits: What a request may take.
        ready: Told the address as soon as the server answers.
        log: Told what whoever runs the server should read.

    Raises:
        UsageError: The address cannot be listened at, or the system cannot copy processes (Windows).
    """
    if not hasattr(socket, "recv_fds") or not hasattr(socket, "AF_UNIX"):
        raise UsageError("this system cannot copy a process, which the server needs")
    limits = limits or Limits()
    _open_many(limits.connections)
    listening = _listening(host, port)
    address = _address(listening)
    answers = Answers(graph, allow_service=allow_service, most=limits.answer)
    answers.prepare()
    original = Original(answers, limits.memory)
    built = BuiltPages(log, base_url) if pages else None
    try:
        app = Server(original, limits, base_url, built, log)
        config = uvicorn.Config(
            app,
            http=protocol(limits),
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=limits.connections,
            timeout_graceful_shutdown=int(limits.seconds + _PATIENCE),
            proxy_headers=False,
        )
        server = _Ending(config)

        async def run() -> None:
            serving = asyncio.ensure_future(server.serve(sockets=[listening]))
            while not server.started and not serving.done():
                await asyncio.sleep(0.01)
            if not serving.done():
                ready(address)
            await serving

        asyncio.run(run())
    finally:
        original.end()
        listening.close()
        if built is not None:
            built.close()


def _open_many(connections: int) -> None:
    """Let this process have so many connections, as far as the system allows."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _BESIDE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def _listening(host: str, port: int) -> socket.socket:
    try:
        (family, kind, _, _, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        # Said to be TCP, or asyncio would let each answer wait for the client to acknowledge its head.
        listening = socket.socket(family, kind, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"cannot listen at {host}, port {port}: {reason}", hint="Choose another one: --host ADDRESS --port NUMBER."
        ) from None
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
