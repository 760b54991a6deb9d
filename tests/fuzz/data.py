"""Data to fuzz: seeds in every RDF syntax, pieces of lives, and graphs that are made up."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize
from tests.fuzz.mutating import mutated, packed
from tests.recording import given
from tests.recording.running import ROOT

from perezkg.rdf.formats import SYNTAXES

if TYPE_CHECKING:
    from random import Random

EXTENSIONS = (".ttl", ".nt", ".nq", ".trig", ".rdf", ".jsonld")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_E = "http://example.org/"
_NAMES: tuple[str, ...] = (
    f"{_E}a",
    f"{_E}b",
    f"{_E}c#d",
    f"{_E}",
    "urn:x:y",
    f"{_E}é",
    f"{_RDF}type",
    f"{_RDF}_1",
    f"{_RDF}nil",
    f"{_RDF}first",
)
_NAMES += (f"{_RDF}rest", f"{_E}a.b-", f"{_E}%20", f"{_E}a?b=c&d", "https://w3id.org/perezkg/sport#Person", f"{_E}1")
_DATATYPES: tuple[str, ...] = (
    "string",
    "integer",
    "decimal",
    "double",
    "float",
    "boolean",
    "date",
    "dateTime",
    "time",
    "gYear",
    "gYearMonth",
)
_DATATYPES += (
    "gMonthDay",
    "duration",
    "dayTimeDuration",
    "anyURI",
    "base64Binary",
    "hexBinary",
    "byte",
    "language",
    "QName",
    "NMTOKEN",
)
_LEXICAL: tuple[str, ...] = (
    "",
    "0",
    "-0",
    "1",
    "01",
    "1.0",
    ".5",
    "1e5",
    "1E400",
    "NaN",
    "INF",
    "+INF",
    "true",
    "TRUE",
    "2004-02-30",
    "2004-02-29Z",
)
_LEXICAL += (
    "-0044-03-15",
    "12004",
    "24:00:00",
    "2004-01-01T24:00:00",
    "2004-01-01T00:00:00+14:01",
    "P1Y",
    "PT",
    "-P1DT1S",
    "a b",
)
_LEXICAL += (
    "9" * 40,
    "zz",
    "\n",
    '"',
    "\\",
    "\x7f",
    "\ufffe",
    "\U0001f3c3",
    "<b>x</b>",
    "&lt;",
    "]]>",
    "{",
    "\u202e",
    "é",
    "e\u0301",
)

_RICH = {extension: (Path(__file__).parent / "seeds" / f"rich{extension}").read_bytes() for extension in EXTENSIONS}
"""A file of each syntax with everything that the syntax has."""


@cache
def seeds() -> dict[str, tuple[bytes, ...]]:
    """Return the seeds of each extension: rich ones, those of the recordings, good and faulty, and shipped JSON-LD."""
    found = {extension: [content] for extension, content in _RICH.items()}
    for name, content in sorted((given.GOOD | given.FAULTY).items()):
        extension = "." + name.rpartition(".")[2]
        if extension in found:
            found[extension].append(content)
    found[".jsonld"].append((ROOT / "ontology" / "context.jsonld").read_bytes())
    return {extension: tuple(contents) for extension, contents in found.items()}


@cache
def _blocks(name: str) -> tuple[bytes, tuple[bytes, ...]]:
    """Return the prefixes of a Turtle file in canonical layout, and its blocks."""
    content = (ROOT / name).read_bytes()
    blocks = content.split(b"\n\n")
    return b"\n".join(line for line in content.splitlines() if line.startswith(b"@prefix")), tuple(blocks[1:])


def piece(name: str, random: Random, most: int = 8) -> bytes:
    """Return some blocks of a shipped Turtle file, with its prefixes."""
    prefixes, blocks = _blocks(name)
    return b"\n\n".join((prefixes, *random.sample(blocks, random.randint(1, min(most, len(blocks))))))


def graph(random: Random) -> list[Quad]:
    """Return quads that are made up: few names, so that they meet, and literals at the edges of their datatypes."""
    names = [NamedNode(name) for name in random.sample(_NAMES, 6)]
    nodes: list[NamedNode | BlankNode] = [
        *names,
        *(BlankNode(f"b{number}") for number in range(random.choice((0, 2, 4)))),
    ]

    def term(depth: int = 0) -> NamedNode | BlankNode | Literal | Triple:
        what = random.random()
        if what < 0.45:
            return random.choice(nodes)
        text = random.choice(_LEXICAL)
        if what < 0.55:
            return Literal(text, language=random.choice(("en", "es", "EN-gb", "zh-Hant-TW", "x-y")))
        if what < 0.96 or depth > 2:
            return Literal(text, datatype=NamedNode(random.choice((_XSD + random.choice(_DATATYPES), *_NAMES[:2]))))
        return Triple(random.choice(nodes), random.choice(names), term(depth + 1))

    graphs: tuple[NamedNode | BlankNode | DefaultGraph, ...] = (
        DefaultGraph(),
        DefaultGraph(),
        *random.sample(nodes, 2),
    )
    return [
        Quad(random.choice(nodes), random.choice(names), term(), random.choice(graphs))
        for _ in range(random.choice((0, 1, 3, 8, 15)))
    ]


def _written(quads: list[Quad], extension: str) -> bytes:
    form = RdfFormat.from_extension(extension[1:])
    assert form is not None
    if not form.supports_datasets:
        triples = [quad.triple for quad in quads]
        return serialize(triples, format=form) or b""
    return serialize(quads, format=form) or b""


def bomb(random: Random) -> bytes:
    """Return little Turtle that is a lot of work: blank nodes that look alike, long lists, deep brackets."""
    size = random.choice((5, 12, 300))
    what = random.randrange(4)
    if what == 0:
        size = min(size, 12)
        text = "".join(
            f"_:b{one} <urn:p> _:b{other} .\n" for one in range(size) for other in range(size) if one != other
        )
    elif what == 1:
        text = f"<urn:a> <urn:p> ({' 1' * size * 10}) ."
    elif what == 2:
        text = f"<urn:a> <urn:p> {'[ <urn:p> ' * size}1{' ]' * size} ."
    else:
        text = "".join(f"_:b{one} <urn:p> _:b{(one + 1) % size} .\n" for one in range(size))
    return text.encode()


def file(random: Random) -> tuple[str, bytes]:
    """Return the name and the content of a file of data."""
    extension = random.choice(EXTENSIONS)
    what = random.random()
    if what < 0.004:
        extension, content = ".ttl", bomb(random)
    elif what < 0.4:
        try:
            content = _written(graph(random), extension)
        except (ValueError, OSError):  # not everything can be told in RDF/XML
            content = _RICH[extension]
        if random.random() < 0.25:
            content = mutated(content, random, seeds()[extension])
    elif what < 0.6:
        extension = ".ttl"
        content = mutated(piece(random.choice(("data/perez.ttl", "data/evidence.ttl")), random), random)
    else:
        content = mutated(random.choice(seeds()[extension]), random, seeds()[extension])
    name = "data" + extension
    if random.random() < 0.12:
        content = packed(content, random)
        name += random.choice((".gz", ""))
    elif random.random() < 0.04:
        name = "data" + random.choice((*(end for row in SYNTAXES.values() for end in row.extensions), ".gz", ""))
    return name, content
