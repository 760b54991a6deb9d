"""The query part of the SPARQL 1.1 Protocol: which query a request asks, about which graphs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode

from perezkg.resources import LANGUAGES
from perezkg.web.serve.messages import Reply
from perezkg.web.serve.negotiation import language
from perezkg.web.serve.problems import problem

if TYPE_CHECKING:
    from starlette.requests import Request

    from perezkg.web.serve.limits import Limits

_FORM, _QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
_UPDATE = "application/sparql-update"
_KNOWN = ("query", "default-graph-uri", "named-graph-uri")


@dataclass(frozen=True)
class Asked:
    """A query.

    Attributes:
        text: Its SPARQL.
        graphs: The graphs for the default graph, and those for GRAPH; None when the protocol names none.
    """

    text: str
    graphs: tuple[list[str], list[str]] | None


async def asked(request: Request, limits: Limits) -> Asked | Reply | None:
    """Return what a request asks; None when it has no query, and a reply when it cannot be understood.

    Raises:
        ClientDisconnect: The client has gone away.
    """
    lang = language(request.headers.get("accept-language", ""), tuple(LANGUAGES))

    def wrong(status: int, detail: str, hint: str = "") -> Reply:
        return problem(status, detail, hint=hint, lang=lang)

    try:
        given = _pairs(request.url.query)
        text = ""
        if request.method == "POST":
            kind, _, rest = request.headers.get("content-type", "").partition(";")
            kind = kind.strip().lower()
            if kind == _UPDATE:
                return wrong(403, "this server is only read", "Updates are for the store that the data are kept in.")
            if kind not in (_FORM, _QUERY):
                return wrong(415, "the body is neither a query nor a form", f"Send it as {_QUERY} or {_FORM}.")
            charset = rest.lower().partition("charset=")[2].partition(";")[0].strip(' "')
            if charset not in ("", "utf-8", "utf8"):
                return wrong(415, "the query is not UTF-8")
            body = await _body(request, limits)
            if body is None:
                return wrong(413, f"the request is longer than {limits.request} bytes", "Ask a shorter query.")
            if kind == _QUERY:
                if any(name == "query" for name, _ in given):
                    return wrong(400, "the request has more than one query")
                given.append(("query", body.decode()))
            else:
                given += _pairs(body.decode("ascii"))
    except TimeoutError:
        return wrong(408, "the request did not come in time")
    except UnicodeDecodeError:
        return wrong(400, "the request is not UTF-8")
    if any(name == "update" for name, _ in given):
        return wrong(403, "this server is only read", "Updates are for the store that the data are kept in.")
    values = {known: [value for name, value in given if name == known] for known in _KNOWN}
    if len(values["query"]) > 1:
        return wrong(400, "the request has more than one query")
    graphs = values["default-graph-uri"], values["named-graph-uri"]
    for iri in (*graphs[0], *graphs[1]):
        try:
            NamedNode(iri)
        except ValueError:
            return wrong(400, f"the graph {iri!r} is not an absolute IRI")
    if not values["query"]:
        if request.method == "POST":
            return wrong(400, "the request has no query")
        return None
    (text,) = values["query"]
    return Asked(text, graphs if any(graphs) else None)


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, errors="strict")


async def _body(request: Request, limits: Limits) -> bytes | None:
    """Return the body of a request; None when it is too long.

    Raises:
        TimeoutError: It does not come in time.
    """
    found = bytearray()
    async with asyncio.timeout(limits.arriving):
        async for piece in request.stream():
            found += piece
            if len(found) > limits.request:
                return None
    return bytes(found)
