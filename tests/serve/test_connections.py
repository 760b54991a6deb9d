"""Who comes when there are too many connections is told so as in every other problem."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

uvicorn = pytest.importorskip("uvicorn")
pytest.importorskip("starlette")
pytest.importorskip("httptools")


async def _never(_scope: Any, _receive: Any, _send: Any) -> None:
    raise AssertionError("it was let in")


async def _second(lang: str) -> str:
    """Return what the second connection is told, where there may be one."""
    from uvicorn.server import ServerState

    from perezkg.web.serve.connections import protocol
    from perezkg.web.serve.limits import Limits

    config = uvicorn.Config(_never, http=protocol(Limits(connections=1)), lifespan="off", limit_concurrency=1)
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: config.http_protocol_class(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    _, first = await asyncio.open_connection("127.0.0.1", port)
    while not state.connections:
        await asyncio.sleep(0.01)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET / HTTP/1.1\r\nHost: x\r\nAccept-Language: {lang}\r\n\r\n".encode())
    told = await reader.read()
    for one in (first, writer):
        one.close()
    server.close()
    return told.decode()


@pytest.mark.parametrize(("lang", "detail"), [("en", "too many are connected"), ("es", "hay demasiadas conexiones")])
def test_too_many_connections_are_a_problem_as_any_other(lang: str, detail: str) -> None:
    head, _, body = asyncio.run(_second(lang)).partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 503 ")
    assert "content-type: application/problem+json" in head.lower()
    assert "retry-after: 5" in head.lower()
    assert "connection: close" in head.lower()
    assert json.loads(body)["detail"] == detail
