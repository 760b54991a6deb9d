"""What is said of each thing, for machines: files of RDF beside its page, and schema.org inside it."""

from __future__ import annotations

from io import BytesIO
from json import dumps
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from perezkg.rdf.jsonld import jsonld
from perezkg.rdf.nodes import canonical_text
from perezkg.rdf.terms import as_text
from perezkg.rdf.turtle import turtle
from perezkg.sparql.results import Triples
from perezkg.vocabulary import PREFIXES, RDF, SCHEMA, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from perezkg.graph import AskableGraph
    from perezkg.rdf.terms import Term

FILES = ((".ttl", "text/turtle"), (".jsonld", "application/ld+json"), (".nt", "application/n-triples"))
"""The files of a thing, by extension, and their media types."""

_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float", "gYear"))
# How deep things are told inside of others: a review has its rating, an event its place.
_DEEPEST = 2


class Statements:
    """The triples of a graph by their subject, each literal as it is written: lines of N-Triples, which are small."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        lines: dict[bytes, list[bytes]] = {}
        text = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""
        for line in BytesIO(text):
            lines.setdefault(line.partition(b" ")[0], []).append(line)
        self._of = {subject: b"".join(of) for subject, of in lines.items()}

    @property
    def things(self) -> list[str]:
        """The IRIs of which something is said, in order."""
        return sorted(subject[1:-1].decode() for subject in self._of if subject.startswith(b"<"))

    def about(self, iri: str) -> bytes:
        """Return what is said of a thing, and of the blank nodes in that."""
        found = said = self._of.get(f"<{iri}>".encode(), b"")
        seen: set[bytes] = set()
        while b" _:" in said:
            objects = {line.split(b" ", 2)[2].removesuffix(b" .") for line in said.splitlines()} - seen
            nodes = sorted(node for node in objects if node.startswith(b"_:") and node in self._of)
            seen.update(nodes)
            said = b"".join(self._of[node] for node in nodes)
            found += said
        return found

    def files(self, iri: str) -> Iterator[tuple[str, Iterable[str]]]:
        """Yield the extension and the text of each file of a thing."""
        lines = canonical_text(self.about(iri))
        yield ".ttl", turtle(lines, PREFIXES)
        yield ".jsonld", jsonld({"": lines})
        yield ".nt", [line + "\n" for line in lines]


class SchemaOrg:
    """What search engines read: the answer of the canned query `schema-org`, thing by thing."""

    def __init__(self, graph: AskableGraph) -> None:
        answer = graph.query("schema-org")
        self._of: dict[Term, dict[str, list[Term]]] = {}
        for triple in answer.triples if isinstance(answer, Triples) else ():
            self._of.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(triple.object)

    def document(self, iri: str) -> str:
        """Return a thing as JSON-LD that may stand in a page; empty when schema.org has no words for it."""
        if NamedNode(iri) not in self._of:
            return ""
        document = {"@context": {"@vocab": SCHEMA}, **self._node(NamedNode(iri), 0)}
        # Nothing in it may end the element that it stands in.
        text = dumps(document, ensure_ascii=False, sort_keys=True)
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

    def _node(self, node: Term, depth: int) -> dict[str, Any]:
        told: dict[str, Any] = {"@id": node.value} if isinstance(node, NamedNode) else {}
        for predicate, values in self._of.get(node, {}).items():
            short = "@type" if predicate == RDF + "type" else predicate.removeprefix(SCHEMA)
            if depth and short not in ("@type", "name", "alternateName"):
                continue
            ordered = sorted(values, key=str)
            if short == "@type":
                found: list[Any] = [as_text(value, lambda iri: iri.removeprefix(SCHEMA)) for value in ordered]
            else:
                found = [self._value(value, depth) for value in ordered]
            told[short] = found[0] if len(found) == 1 else found
        return told

    def _value(self, term: Term, depth: int) -> object:
        if isinstance(term, Literal):
            if term.language:
                return {"@value": term.value, "@language": term.language}
            number = term.datatype.value in _NUMBERS and term.value.replace(".", "", 1).lstrip("-").isdecimal()
            return (float(term.value) if "." in term.value else int(term.value)) if number else term.value
        return self._node(term, depth + 1) if depth < _DEEPEST else {"@id": as_text(term, str)}
