"""The addresses of the server, and what each of them answers."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from perezkg.errors import PerezkgError
from perezkg.resources import LANGUAGES
from perezkg.web.serve.copies import HEAVY, LIGHT, SITE
from perezkg.web.serve.kept import ALWAYS, Kept, has_already, headers_of, not_modified, text
from perezkg.web.serve.messages import ASK_AGAIN, Job, Reply, today
from perezkg.web.serve.negotiation import language, takes_gzip
from perezkg.web.serve.problems import of_error, problem
from perezkg.web.serve.protocol import asked
from perezkg.web.serve.workers import TooManyError, Workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from typing import Any

    from starlette.types import Receive, Scope, Send

    from perezkg.web.serve.copies import Original
    from perezkg.web.serve.limits import Limits
    from perezkg.web.serve.pages import BuiltPages

_IRIS = "https://w3id.org/perezkg/"
_LONG = 3600.0  # seconds; pages are of any size, and behind all other work
_GONE = 499  # as nginx has it; nobody reads it
_READ, _ASKED = b"GET, HEAD, OPTIONS", b"GET, HEAD, POST, OPTIONS"
_PREFLIGHT = [
    (b"access-control-allow-methods", _ASKED),
    (b"access-control-allow-headers", b"accept, accept-language, content-type, if-none-match"),
    (b"access-control-max-age", b"86400"),
    *ALWAYS,
]


class Server:
    """What answers all requests, as ASGI.

    Args:
        original: The process whose copies answer.
        limits: What a request may take.
        base_url: The address of the server, with a slash at the end; empty takes it from each request.
        pages: The site's pages; None when there are none.
        log: Told what whoever runs the server should read.
    """

    def __init__(
        self, original: Original, limits: Limits, base_url: str, pages: BuiltPages | None, log: Callable[[str], None]
    ) -> None:
        self._original = original
        self._limits = limits
        self._base_url = base_url
        self._pages = pages
        self._log = log
        self._kept = Kept(limits.kept)
        get = ["GET", "HEAD"]
        self._app = Starlette(
            routes=[
                Route("/sparql", self._endpoint(self._sparql), methods=[*get, "POST"]),
                Route("/sparql/", self._endpoint(self._sparql), methods=[*get, "POST"]),
                Route("/queries/", self._endpoint(self._simple("queries")), methods=get),
                Route("/queries/{name}", self._endpoint(self._query), methods=get),
                Route("/openapi.json", self._endpoint(self._simple("openapi")), methods=get),
                Route("/.well-known/void", self._endpoint(self._simple("void")), methods=get),
                Route("/thing", self._endpoint(self._thing), methods=get),
                Route("/data/{place:path}", self._endpoint(self._document), methods=get),
                Route("/{path:path}", self._endpoint(self._page), methods=get),
            ],
            exception_handlers={HTTPException: self._refused},
            lifespan=self._lifespan,
        )
        self._app.router.redirect_slashes = False

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        limits = self._limits
        self._light = Workers(
            self._original, LIGHT, number=limits.light, waiting=limits.waiting, seconds=limits.seconds
        )
        self._heavy = Workers(
            self._original, HEAVY, number=limits.heavy, waiting=limits.waiting, seconds=limits.seconds
        )
        if self._pages is not None:
            self._pages.builders = Workers(self._original, SITE, number=1, waiting=1, seconds=_LONG)
        building = asyncio.create_task(self._pages.keep_up()) if self._pages is not None else None
        try:
            yield
        finally:
            if building is not None:
                building.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: at once, if its reply is kept."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        if method == "OPTIONS":
            allowed = _ASKED if scope["path"].rstrip("/") == "/sparql" else _READ
            await _send(send, 204, [*_PREFLIGHT, (b"allow", allowed)])
            return
        if method in ("GET", "HEAD"):
            wanted = {b"host": b"", b"accept": b"", b"accept-language": b"", b"accept-encoding": b""}
            tags = b""
            for name, value in scope["headers"]:
                if name in wanted:
                    wanted[name] += b"," + value
                elif name == b"if-none-match":
                    tags = value
            key = (scope["raw_path"], scope["query_string"], *wanted.values(), today().encode())
            found = self._kept.get(key)
            if found is not None:
                reply, headers = found
                if has_already(tags, reply.headers.get("etag", "")):
                    await _send(send, 304, not_modified(headers))
                else:
                    await _send(send, reply.status, headers, reply.body)
                return
            scope["perezkg.key"] = key
        if len(scope["raw_path"]) + len(scope["query_string"]) > self._limits.request:
            reply = problem(414, "the address is too long", hint="Send the query by POST.")
            await _send(send, reply.status, headers_of(reply), reply.body)
            return
        await self._app(scope, receive, send)

    def _endpoint(self, answer: Callable[[Request], Awaitable[Reply]]) -> Callable[[Request], Awaitable[Response]]:
        """Return what Starlette calls: it answers, keeps what may be kept, and tells what went wrong."""

        async def called(request: Request) -> Response:
            lang = self._language(request)
            try:
                reply = await answer(request)
            except ClientDisconnect:
                return Response(status_code=_GONE)
            except TooManyError as error:
                reply = problem(
                    503, error.message, hint=error.hint, lang=lang, headers={"retry-after": str(self._limits.retry)}
                )
            except PerezkgError as error:
                reply = of_error(error, lang)
            if reply.log:
                self._log(f"{request.method} {request.url.path}: {reply.log}")
            key = request.scope.get("perezkg.key")
            if key is not None and reply.lasting:
                self._kept.put(key, reply)
            headers = headers_of(reply)
            if key is not None and has_already(
                request.headers.get("if-none-match", "").encode("latin-1"), reply.headers.get("etag", "")
            ):
                return _response(304, not_modified(headers))
            return _response(reply.status, headers, reply.body)

        return called

    def _language(self, request: Request) -> str:
        return language(request.headers.get("accept-language", ""), tuple(LANGUAGES))

    def _job(self, request: Request, kind: str, **values: object) -> Job:
        return Job(
            kind,
            values,
            self._base_url or str(request.base_url).rstrip("/") + "/",
            text(request.scope, b"accept"),
            self._language(request),
            takes_gzip(text(request.scope, b"accept-encoding")),
            today(),
        )

    def _simple(self, kind: str) -> Callable[[Request], Awaitable[Reply]]:
        async def answer(request: Request) -> Reply:
            return await self._light.answer(self._job(request, kind))

        return answer

    async def _sparql(self, request: Request) -> Reply:
        query = await asked(request, self._limits)
        if isinstance(query, Reply):
            return query
        if query is None:
            return await self._light.answer(self._job(request, "service"))
        job = self._job(request, "sparql", text=query.text, graphs=query.graphs)
        return await _while_there(request, self._heavy.answer(job))

    async def _query(self, request: Request) -> Reply:
        name, dot, extension = request.path_params["name"].partition(".")
        given = parse_qsl(request.url.query, keep_blank_values=True)
        return await self._light.answer(self._job(request, "query", name=name, given=given, extension=dot + extension))

    async def _thing(self, request: Request) -> Reply:
        return await self._led(request, [request.query_params.get("iri", "")])

    async def _led(self, request: Request, iris: list[str]) -> Reply:
        return await self._light.answer(self._job(request, "thing", iris=iris, pages=self._pages is not None))

    async def _document(self, request: Request) -> Reply:
        place, dot, extension = request.path_params["place"].rpartition(".")
        return await self._light.answer(self._job(request, "document", place=place, extension=dot + extension))

    async def _page(self, request: Request) -> Reply:
        """Return a page of the site, or what else the address may stand for."""
        path = request.path_params["path"]
        if self._pages is not None:
            found = await self._pages.page(path, self._job(request, "page"))
            if found is not None:
                return found
        if not path:
            return Reply(303, b"", {"location": "/.well-known/void", "cache-control": ASK_AGAIN})
        base = self._base_url or str(request.base_url)
        # What stands behind # does not reach a server: the ontology is told as a whole.
        return await self._led(request, [f"{base}{path}", f"{_IRIS}{path}", f"{_IRIS}{path}#"])

    async def _refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for that
        detail = {404: "there is nothing at this address", 405: "this address is only read"}.get(
            error.status_code, "the request cannot be understood"
        )
        reply = problem(error.status_code, detail, lang=self._language(request), headers={**(error.headers or {})})
        return _response(reply.status, headers_of(reply), reply.body)


def _response(status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> Response:
    response = Response(body, status)
    response.raw_headers = headers
    return response


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _while_there(request: Request, answer: Any) -> Reply:  # noqa: ANN401 - a coroutine
    """Return a reply, and end the work on it when the client goes away.

    Raises:
        ClientDisconnect: It has.
    """
    work = asyncio.ensure_future(answer)
    left = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((work, left), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()  # type: ignore[no-any-return]
        raise ClientDisconnect
    finally:
        left.cancel()
        if not work.done():
            work.cancel()
            await asyncio.wait((work,))


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
