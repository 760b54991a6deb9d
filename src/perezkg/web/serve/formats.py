"""What an answer can be sent as, by its media type, and how it becomes bytes."""

from __future__ import annotations

import gzip
from hashlib import sha256
from typing import TYPE_CHECKING

from perezkg.errors import LimitReachedError
from perezkg.rdf.formats import SYNTAXES
from perezkg.sparql.formats import FORMATS, TRIPLES, render
from perezkg.sparql.results import Triples
from perezkg.vocabulary import PREFIXES
from perezkg.web.serve.messages import Reply
from perezkg.web.serve.negotiation import media_type
from perezkg.web.serve.problems import problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perezkg.sparql.results import Result

# JSON before all others, which is what programs mean that say nothing.
_TABLES = ("json", "xml", "csv", "tsv", "markdown", "table", "geojson")
_GRAPHS = ("turtle", "jsonld", "ntriples", "rdfxml")

TABLE_TYPES = {
    **{FORMATS[name].media_type: name for name in _TABLES},
    # Less precise names, which clients send.
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
"""The format of a SELECT or ASK by media type; what is sent is called by the name that was asked for."""

GRAPH_TYPES = {
    **{SYNTAXES[name].media_types[0]: name for name in _GRAPHS},
    "application/json": "jsonld",
    "application/xml": "rdfxml",
    "text/xml": "rdfxml",
    "text/plain": "ntriples",
}
"""The format of a CONSTRUCT or DESCRIBE by media type."""

_LEAST = 1000  # bytes that are worth the work of compressing them
_LEVEL = 5
_MIB = 1 << 20


def types_of(kind: str) -> dict[str, str]:
    """Return the formats for a kind of answer by their media types."""
    if kind == TRIPLES:
        return GRAPH_TYPES
    return {type_: name for type_, name in TABLE_TYPES.items() if kind in FORMATS[name].suits}


def chosen(accept: str, kind: str) -> str | None:
    """Return the media type that a client gets for a kind of answer; None when it takes none."""
    return media_type(accept, tuple(types_of(kind)))


def pieces(answer: Result, type_: str) -> Iterator[str]:
    """Return an answer in the format that a media type means."""
    format_ = types_of(answer.kind)[type_]
    if format_ in FORMATS:
        return render(answer, format_)
    assert isinstance(answer, Triples)  # noqa: S101 - only they have formats of their own
    return SYNTAXES[format_].write(answer.lines, PREFIXES)


def not_acceptable(types: Iterable[str], lang: str) -> Reply:
    """Return the reply to a client that takes none of what there is."""
    return problem(406, "there is no form of this that Accept asks for", lang=lang, available=[*types])


def body_of(text: Iterable[str], most: int) -> bytes:
    """Return a text as bytes.

    Raises:
        LimitReachedError: It is longer than `most` bytes.
    """
    found = bytearray()
    for piece in text:
        found += piece.encode("utf-8", "surrogatepass")
        if len(found) > most:
            raise LimitReachedError(
                f"the answer is longer than {most / _MIB:g} MiB, which is the most that this server sends",
                hint="Ask for less: LIMIT and OFFSET give it piece by piece.",
            )
    return bytes(found)


def sent(body: bytes, type_: str, *, cache: str, compress: bool, **headers: str) -> Reply:
    """Return the reply that sends a body, with its tag: the same bytes have the same tag for ever.

    Args:
        body: The whole body.
        type_: Its media type.
        cache: The header Cache-Control.
        compress: Whether the client takes gzip.
        headers: Further headers, with underscores.
    """
    tag = sha256(body).hexdigest()[:32]
    told = {"content-type": type_, "cache-control": cache, **{n.replace("_", "-"): v for n, v in headers.items()}}
    if type_.startswith("text/"):
        told["content-type"] += "; charset=utf-8"
    if compress and len(body) >= _LEAST:
        body = gzip.compress(body, _LEVEL, mtime=0)
        told["content-encoding"] = "gzip"
        tag += "-gzip"
    told["etag"] = f'"{tag}"'
    return Reply(200, body, told)
