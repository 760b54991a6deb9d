"""How bytes are made into other bytes: byte by byte, token by token, by their brackets, by how they are packed."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

LONGEST = 1 << 16
"""Bytes that a mutant has at most."""

_TOKEN = re.compile(
    rb'<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|\?\w+|@?[\w-]*:?[\w-]+|\^\^|\|\||&&|<<\(|\)>>|\{\||\|\}|</?[\w:]+|\s+|.',
    re.DOTALL,
)
TOKENS: tuple[bytes, ...] = (
    # One of each kind: terms, literals at the edges of their datatypes, punctuation of all syntaxes, characters.
    *rb"""
    <> <a> <http://example.org/%zz> <http://example.org/\u0041> <//> <urn:x> <mailto:> _:b0 _:-. [] () [ ] ( ) { }
    << >> <<( )>> {| |} ~ . ; , a @en @es-EC @en--ltr @en--xx @prefix @base PREFIX BASE VERSION "1.2" GRAPH true
    TRUE false 0 -0 00 1e999 -1E-999 .5 5. 1.0e 99999999999999999999999999 "" '' '''x''' "\u0000" "\uD800"
    "\U00110000" "\q" "a"@en "x"^^xsd:integer "9999-99-99"^^xsd:date "-0001-01-01T00:00:00Z"^^xsd:dateTime
    "INF"^^xsd:double "NaN"^^xsd:float "P"^^xsd:duration "--02-30"^^xsd:gMonthDay "<a>"^^rdf:XMLLiteral
    "{}"^^rdf:JSON ^^ ^ / | * + ? ! = != < > && || - : :: # \ ? $ ?s ?undefined SELECT WHERE FILTER OPTIONAL UNION
    MINUS SERVICE VALUES BIND AS NOT IN EXISTS UNDEF GROUP BY HAVING ORDER LIMIT OFFSET DISTINCT REDUCED COUNT(*)
    rdf:type rdf:nil rdf:first rdf:rest sh:path sh:node sh:not sh:or sh:property sh:pattern sh:minCount
    sh:zeroOrMorePath sh:inversePath sh:sparql sh:select sh:targetNode sh:closed sh:in sh:qualifiedValueShape
    owl:imports null [] {} "@id" "@context" "@graph" "@list" "@set" "@reverse" "@type" "@value" "@json" "@nest"
    "@included" &amp; &x; <!DOCTYPE <![CDATA[ ]]> <?xml <!-- --> </rdf:Description> rdf:about="" rdf:nodeID="a"
    rdf:parseType="Literal" rdf:parseType="Collection" rdf:datatype="x" xml:lang="" xmlns="" xml:base="a"
    """.split(),
    *(
        b"\0",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xef\xbf\xbe",
        b"\xe2\x80\xae",
        b"\x1b[31m",
        b"\xf0\x9f\x8f\x83",
        b"\r",
        b"\n",
        b" ",
    ),
)

_NESTS: tuple[tuple[bytes, bytes], ...] = (
    (b"[ <http://example.org/p> ", b" ]"),
    (b"( ", b" )"),
    (b"{ ", b" }"),
    (b"<<( <a:a> <a:b> ", b" )>>"),
    (b"[", b"]"),
    (b'{"@list": [', b"]}"),
    (b'{"http://example.org/p": ', b"}"),
    (b"<rdf:Description><a:b>", b"</a:b></rdf:Description>"),
    (b"(!", b")"),
    (b"-", b""),
    (b"[ sh:not ", b" ]"),
    (b"[ sh:inversePath ", b" ]"),
    (b"", b"*"),
)


def mutated(content: bytes, random: Random, others: Sequence[bytes] = ()) -> bytes:
    """Return a mutant: some mutations after another.

    Args:
        content: What is mutated.
        random: What all choices come from.
        others: Further inputs of the same kind, whose tokens it may get.
    """
    for _ in range(random.choice((1, 1, 1, 1, 2, 2, 5))):
        content = random.choice(_MUTATIONS)(content, random, others)[:LONGEST]
    return content


def _flip(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    changed = bytearray(content or b" ")
    for _time in range(random.choice((1, 1, 2, 8))):
        changed[random.randrange(len(changed))] = random.choice((random.randrange(256), random.randrange(32, 127)))
    return bytes(changed)


def _cut_out(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start = random.randrange(len(content) + 1)
    return content[:start] + content[start + random.choice((1, 1, 2, 5, 20, 200)) :]


def _truncate(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def _move(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start, end = sorted(random.randrange(len(content) + 1) for _ in range(2))
    to = random.randrange(len(content) + 1)
    return content[:to] + content[start : min(end, start + 300)] + content[to:]


def _of_tokens(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    tokens = _tokens(content)
    at = random.randrange(len(tokens))
    what = random.randrange(6)
    if what == 0:
        del tokens[at]
    elif what == 1:
        tokens[at] = random.choice(TOKENS)
    elif what == 2:
        tokens.insert(at, random.choice(TOKENS) + b" ")
    elif what == 3:
        other = random.randrange(len(tokens))
        tokens[at], tokens[other] = tokens[other], tokens[at]
    elif what == 4:
        tokens[at] *= random.choice((2, 2, 3, 50, 1000))
    else:
        tokens[at] = random.choice(_tokens(random.choice(others)[:5000])) if others else tokens[at - 1]
    return b"".join(tokens)


def _of_a_kind(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Put a token in the place of another of its kind: what comes of it is mostly still well formed."""
    tokens = [found.span() for found in _TOKEN.finditer(content) if _kind(found[0])]
    if not tokens:
        return content
    start, end = random.choice(tokens)
    kind = _kind(content[start:end])
    known = [*_tokens(content), *TOKENS, *(token for text in others[:3] for token in _tokens(text[:3000]))]
    chosen = random.choice([token for token in known if _kind(token) == kind])
    return content[:start] + chosen + content[end:]


def _tokens(content: bytes) -> list[bytes]:
    return _TOKEN.findall(content) or [b""]


def _kind(token: bytes) -> str:
    """Return what a token looks like; empty for space and punctuation."""
    first = token[:1]
    if first in b'<"?@':
        return first.decode() + (b"/" if token[1:2] == b"/" else b"").decode()
    if not first.isalnum() and first != b"_":
        return ""
    return "name" if b":" in token else "number" if first.isdigit() else "word"


def _of_lines(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    lines = content.splitlines(keepends=True) or [b""]
    at = random.randrange(len(lines))
    what = random.randrange(4)
    if what == 0:
        del lines[at]
    elif what == 1:
        lines.insert(at, random.choice(lines))
    elif what == 2:
        random.shuffle(lines)
    elif others:
        lines.insert(at, random.choice(random.choice(others).splitlines(keepends=True) or [b""]))
    return b"".join(lines)


def _nest(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    """Put brackets around a token or a bracketed piece, sometimes very often."""
    tokens = [found.span() for found in _TOKEN.finditer(content)] or [(0, 0)]
    start, end = random.choice(tokens)
    if random.random() < 0.5:
        start, end = _bracketed(content, random) or (start, end)
    opening, closing = random.choice(_NESTS)
    times = random.choice((1, 1, 1, 2, 10, 100, 100, 3000))
    return content[:start] + opening * times + content[start:end] + closing * times + content[end:]


def _of_brackets(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    """Take out, empty or double a bracketed piece, or put it in the place of another."""
    found = _bracketed(content, random)
    if found is None:
        return content
    start, end = found
    what = random.randrange(4)
    if what == 0:
        return content[:start] + content[end:]
    if what == 1:
        return content[: start + 1] + content[end - 1 :]
    if what == 2:
        return content[:end] + content[start:end] + content[end:]
    to, until = _bracketed(content, random) or found
    return content[:to] + content[start:end] + content[until:]


def _bracketed(content: bytes, random: Random) -> tuple[int, int] | None:
    openings = [found.start() for found in re.finditer(rb"[\[({]", content)]
    if not openings:
        return None
    start = random.choice(openings)
    depth = 0
    for found in re.finditer(rb"[\[({\])}]", content[start : start + 5000]):
        depth += 1 if found[0] in b"[({" else -1
        if not depth:
            return start, start + found.end()
    return None


def _of_json(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Change a value, a key or the number of members somewhere in a document; other content, by its tokens."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return _of_tokens(content, random, others)
    places: list[tuple[Any, Any]] = []
    stack = [document]
    while stack:
        value = stack.pop()
        members = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        places += [(value, member) for member in members]
        stack += [value[member] for member in members]
    if not places:
        return b"[" + content + b"]"
    holder, member = random.choice(places)
    what = random.randrange(5)
    if what == 0:
        holder[member] = random.choice((None, True, -1, 1e300, "", "x", "_:b", "@id", [], {}, [[]], "\ud800", "a\0b"))
    elif what == 1:
        del holder[member]
    elif what == 2:
        holder[member] = [holder[member], holder[member]]
    elif what == 3:
        other, name = random.choice(places)
        if name in other if isinstance(other, dict) else name < len(other):
            holder[member] = json.loads(json.dumps(other[name]))
    elif isinstance(holder, dict):
        key = random.choice(
            ("@id", "@type", "@value", "@list", "@context", "@reverse", "@graph", "", ":", "a b", "type")
        )
        holder[key] = holder.pop(member)
    try:
        return json.dumps(document).encode()
    except RecursionError:
        return content


_MUTATIONS: tuple[Callable[[bytes, Random, Sequence[bytes]], bytes], ...] = (
    *(_flip, _cut_out, _truncate, _move, _of_lines, _nest, _of_brackets),
    *(_of_tokens,) * 3,
    *(_of_a_kind,) * 10,
    *(_of_json,) * 3,
)


def packed(content: bytes, random: Random) -> bytes:
    """Return content in another encoding, compressed, damaged after that, or with something before or behind it."""
    text = content.decode("utf-8", "replace")
    what = random.randrange(9)
    if what < 3:
        found = gzip.compress(content, mtime=0)
        if what == 1:
            return found[: random.randrange(len(found))]
        return _flip(found, random, ()) if what == 2 else found
    if what == 3:
        return gzip.compress(gzip.compress(content, mtime=0), mtime=0) + random.choice((b"", b"x", content))
    if what == 4:
        return text.encode(random.choice(("utf-16", "utf-16-le", "utf-32", "utf-7", "latin-1", "cp1252")), "replace")
    if what == 5:
        return zlib.compress(content)
    if what == 6:
        return b"\xef\xbb\xbf" * random.choice((1, 2)) + content
    if what == 7:
        return content.replace(b"\n", random.choice((b"\r", b"\r\n", b"\0\n", b"\xc2\x85", b"\xe2\x80\xa8")))
    return random.choice((b"\n", b" ", b"\0", b"# ", b"<?xml version='1.0' encoding='x'?>")) + content
