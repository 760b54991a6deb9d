"""How connections are kept from taking more than they may: a head that is too long, or does not come, ends its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perezkg.resources import LANGUAGES
from perezkg.web.serve.kept import headers_of, text
from perezkg.web.serve.negotiation import language
from perezkg.web.serve.problems import problem

if TYPE_CHECKING:
    import asyncio

    from perezkg.web.serve.limits import Limits

_LEAST = 64 * 1024  # bytes of headers, beside the address
_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def protocol(limits: Limits) -> Any:  # noqa: ANN401 - a class, or the name of one
    """Return uvicorn's protocol with these limits; h11's, which has its own, where httptools is not installed."""
    try:
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
    except ImportError:
        return "h11"
    longest = limits.request + _LEAST

    async def refusing(scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
        """Answer who came when there were too many connections."""
        reply = problem(
            503,
            "too many are connected",
            hint="Ask again in a moment.",
            lang=language(text(scope, b"accept-language"), tuple(LANGUAGES)),
            headers={"retry-after": str(limits.retry), "connection": "close"},
        )
        await send({"type": "http.response.start", "status": reply.status, "headers": headers_of(reply)})
        await send({"type": "http.response.body", "body": reply.body})

    class Bounded(HttpToolsProtocol):
        """uvicorn's protocol, which itself reads heads of any length, for any time."""

        _head = 0
        _late: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._late = self.loop.call_later(limits.arriving, self._end, _TOO_LATE)
            self.limit_concurrency = None  # uvicorn's own refusal is plain text

        def connection_lost(self, exc: Exception | None) -> None:
            self._in_time()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._head >= 0:
                self._head += len(data)
                if self._head > longest and not self._complete_with(data):
                    return
            super().data_received(data)

        def _complete_with(self, data: bytes) -> bool:
            if b"\r\n\r\n" in data:
                return True
            self._end(_TOO_LONG)
            return False

        def on_message_begin(self) -> None:
            super().on_message_begin()
            if self._late is None:
                self._late = self.loop.call_later(limits.arriving, self._end, _TOO_LATE)

        def on_headers_complete(self) -> None:
            self._head = -1
            self._in_time()
            crowded = len(self.connections) > limits.connections
            self.app = refusing if crowded else self.config.loaded_app
            super().on_headers_complete()

        def on_message_complete(self) -> None:
            self._head = 0
            super().on_message_complete()

        def _in_time(self) -> None:
            if self._late is not None:
                self._late.cancel()
                self._late = None

        def _end(self, answer: bytes) -> None:
            self._late = None
            if not self.transport.is_closing():
                self.transport.write(answer)
                self.transport.close()

    return Bounded
