"""What a store may answer, byte by byte: good answers, mutated; heads that do not fit; bodies that are cut off."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

from tests.fuzz.data import seeds
from tests.fuzz.mutating import mutated

if TYPE_CHECKING:
    from random import Random

_JSON = b"""{"head": {"vars": ["a", "b", "c"], "link": []}, "results": {"bindings": [
 {"a": {"type": "uri", "value": "http://example.org/a"}, "b": {"type": "literal", "value": "uno", "xml:lang": "es"}},
 {"a": {"type": "bnode", "value": "n1"},
  "c": {"type": "typed-literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}},
 {"b": {"type": "triple", "value": {"subject": {"type": "uri", "value": "http://e.org/a"}, "predicate": {"type": "uri",
  "value": "http://e.org/b"}, "object": {"type": "literal", "value": "x"}}}}]}}"""
_XML = b"""<?xml version="1.0"?>
<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="a"/><variable name="b"/></head>
<results><result><binding name="a"><uri>http://example.org/a</uri></binding>
<binding name="b"><literal xml:lang="es">uno</literal></binding>
</result><result><binding name="a"><bnode>n1</bnode></binding></result></results></sparql>"""
_BODIES: dict[str, tuple[bytes, ...]] = {
    "application/sparql-results+json": (_JSON, b'{"head": {}, "boolean": true}', b"{}", b""),
    "application/sparql-results+xml": (_XML, _XML.replace(b"<results>", b"<boolean>true</boolean><results>")),
    "text/csv": (b"a,b\r\nhttp://example.org/a,uno\r\n_:n1,\r\n",),
    "text/tab-separated-values": (b'?a\t?b\n<http://example.org/a>\t"uno"@es\n_:n1\t1\n',),
    "text/html": (b"<html><head><title>Please log in</title></head></html>",),
    "text/plain": (b"Parse error: line 1", b"java.lang.NullPointerException\n\tat org.example.Store", b"\x1b[31m\0"),
    "application/n-triples": seeds()[".nt"],
    "application/n-quads": seeds()[".nq"],
    "text/turtle": seeds()[".ttl"][:4],
    "application/ld+json": seeds()[".jsonld"][:3],
    "application/rdf+xml": seeds()[".rdf"][:3],
    "application/json": (b"[1, 2]", b"null", b'"x"', b'{"answer": 42}', b"[" * 5000),
    "": (b"", b"\x1f\x8b", b"x"),
    "multipart/mixed; boundary=x": (b"--x\r\n\r\n--x--",),
}
_STATUSES: tuple[int, ...] = (200,) * 14 + (
    100,
    101,
    102,
    201,
    202,
    203,
    204,
    205,
    206,
    207,
    299,
    300,
    301,
    302,
    303,
    304,
    307,
    308,
)
_STATUSES += (400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 413, 414, 415, 418, 422, 425, 429, 431, 451, 499)
_STATUSES += (500, 501, 502, 503, 504, 505, 507, 511, 520, 599, 600, 999, 0, 99)
_HEADERS = (
    *(
        "Retry-After: 0",
        "Retry-After: -1",
        "Retry-After: 1e9",
        "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT",
        "Retry-After: \xff",
    ),
    *(
        "Location: /elsewhere",
        "Location: http://{host}/",
        "Location: http://{nobody}/",
        "Location: //",
        "Location: http://[",
        "Location:",
    ),
    *(
        "Location: ftp://e.org/",
        "Location: http://127.0.0.1:99999/",
        "Location: http://u:p@{host}/",
        "Location: \xe9",
        "Location: ?a#b",
    ),
    *(
        'WWW-Authenticate: Basic realm="x"',
        "WWW-Authenticate: Bearer",
        "WWW-Authenticate: Digest",
        "WWW-Authenticate:",
        "WWW-Authenticate: ,",
    ),
    *(
        'WWW-Authenticate: Digest realm="x", nonce="y", qop="auth-int", algorithm=zz',
        'WWW-Authenticate: Digest realm="x, nonce=y',
    ),
    *(
        "Content-Encoding: gzip",
        "Content-Encoding: deflate",
        "Content-Encoding: br",
        "Content-Encoding: zstd",
        "Content-Encoding: x, gzip",
    ),
    *(
        "Content-Type: text/csv; charset=utf-16",
        "Content-Type: text/plain; charset=zz",
        "Content-Type: ;",
        "Content-Type: \x7f",
    ),
    *(
        "Content-Length: -1",
        "Content-Length: 99999999999999999999",
        "Content-Length: x",
        "Content-Length: 3",
        "Content-Length: 1, 1",
    ),
    *("Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: x", "Connection: upgrade"),
    *(
        "Set-Cookie: a=b; expires=x",
        "Server: Virtuoso/07.20.3240",
        "Server: oxigraph/0.5.9",
        "Server: GraphDB-Free/10",
        "Server:",
    ),
    *(
        "Fuseki-Request-Id: 1",
        "X-SPARQL-MaxRows: 2",
        "X-SPARQL-Anytime: timeout",
        "Link: <",
        "X: " + "y" * 70000,
        "no colon",
        ": x",
    ),
    *(
        "Allow: GET",
        "Content-Range: bytes 0-1/2",
        "Warning: 199 - x",
        "Date: x",
        " folded",
        "Content-Disposition: attachment",
    ),
)


def answer(random: Random) -> bytes:
    """Return an answer: its status, its headers and its body."""
    media = random.choice((*_BODIES, *(tuple(_BODIES)[:1] * 6)))
    body = random.choice(_BODIES[media])
    if random.random() < 0.5:
        body = mutated(body, random, _BODIES["application/sparql-results+json"])
    if random.random() < 0.15:
        media = random.choice(tuple(_BODIES))
    headers = [f"Content-Type: {media}"] if media else []
    headers += random.choices(_HEADERS, k=random.choice((0, 0, 1, 1, 2, 5)))
    if random.random() < 0.1:
        body, coding = random.choice(((gzip.compress(body, mtime=0), "gzip"), (zlib.compress(body), "deflate")))
        body = body[: random.randrange(len(body))] if random.random() < 0.3 else body
        headers.append(f"Content-Encoding: {coding}")
    if random.random() < 0.12:
        body = _chunked(body, random)
        headers.append("Transfer-Encoding: chunked")
    elif random.random() < 0.85:
        headers.append(f"Content-Length: {len(body)}")
    version = "HTTP/1.1" if random.random() < 0.96 else random.choice(("HTTP/1.0", "HTTP/2", "HTTP/9.9", "ICY", ""))
    first = f"{version} {random.choice(_STATUSES)} {random.choice(('OK', '', 'é', 'x' * 300))}"
    whole = "\r\n".join((first, *headers, "", "")).encode("latin-1") + body
    what = random.random()
    if what < 0.05:
        return whole[: random.randrange(1, len(whole))]
    return mutated(whole, random) if what < 0.1 else whole


def _chunked(body: bytes, random: Random) -> bytes:
    size = random.choice((1, 7, 1000))
    chunks = [body[start : start + size] for start in range(0, min(len(body), 500 * size), size)]
    whole = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    return mutated(whole, random) if random.random() < 0.3 else whole
