"""The shipped life several times over, as that many lives which have only the concepts in common.

`python tests/clones.py NUMBER FILE` writes it as N-Triples. Each thing of the data, with its claims, contests, series,
sources and sentences, stands there once for each life, under a name and a label of its own, and with entries of its own
in other people's databases; the concepts are in another file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

import perezkg
from perezkg.rdf.reading import DataFile
from perezkg.vocabulary import RDF, RDFS, SPORT


def _renamed(triple: Triple, life: int) -> Triple:
    """Return the same of another life."""
    subject, predicate, object_ = triple
    assert not isinstance(subject, Triple)
    subject = type(subject)(f"{subject.value}-{life}")
    if isinstance(object_, BlankNode):
        object_ = BlankNode(f"{object_.value}-{life}")
    elif isinstance(object_, NamedNode):
        if predicate.value != RDF + "type" and not object_.value.startswith(SPORT):
            object_ = NamedNode(f"{object_.value}-{life}")
    elif isinstance(object_, Literal) and predicate.value == RDFS + "label":
        # A character for each life: digits would be read as years and distances.
        object_ = Literal(f"{object_.value} {chr(0x4E00 + life)}", language=object_.language)
    return Triple(subject, predicate, object_)


def triples(lives: int) -> Iterator[Triple]:
    """Yield the triples of so many lives; the first is that of the data."""
    told = [quad.triple for quad in perezkg.load().quads()]
    return (_renamed(triple, life) if life > 1 else triple for life in range(1, lives + 1) for triple in told)


def content(lives: int) -> bytes:
    """Return so many lives as N-Triples."""
    found = serialize(triples(lives), format=RdfFormat.N_TRIPLES)
    assert found is not None
    return found


def graph(lives: int) -> perezkg.KnowledgeGraph:
    """Return the graph of so many lives."""
    return perezkg.KnowledgeGraph([DataFile(f"{lives} lives", content(lives), RdfFormat.N_TRIPLES)])


if __name__ == "__main__":
    serialize(triples(int(sys.argv[1])), sys.argv[2], RdfFormat.N_TRIPLES)
