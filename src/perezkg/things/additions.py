"""What one file adds to a thing that another file describes, so that each says with its own sources what it says."""

from __future__ import annotations

import os

from pyoxigraph import NamedNode

from perezkg.rdf import reading
from perezkg.vocabulary import RDF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from perezkg.rdf.reading import DataFile
    from perezkg.rdf.terms import Term

    Statements = list[tuple[NamedNode, Term]]

_TYPE = NamedNode(RDF + "type")


class Additions:
    """The statements about things that are described, with their class, in another file.

    A thing has its sources by file: those beside its class are for what is said there, those in a file that only adds
    to it are for what is added. Of one file there is nothing to tell apart.

    >>> from perezkg.graph import load
    >>> added = Additions(load().files).of(NamedNode("https://w3id.org/perezkg/id/perez-olympic-games-2000"))
    >>> [(file, [property.value.rpartition("#")[2] for property, _ in said]) for file, said in added]
    [('evidence.ttl', ['mark', 'wasDerivedFrom'])]
    """

    __slots__ = ("_added",)

    def __init__(self, files: Sequence[DataFile]) -> None:
        self._added: dict[Term, list[tuple[str, Statements]]] = {}
        if len(files) < 2:
            return
        told: list[tuple[str, dict[Term, Statements]]] = []
        described: set[Term] = set()
        for file in files:
            things: dict[Term, Statements] = {}
            for quad in reading.parse(file):
                things.setdefault(quad.subject, []).append((quad.predicate, quad.object))
                if quad.predicate == _TYPE:
                    described.add(quad.subject)
            told.append((os.path.basename(file.name), things))
        for name, things in told:
            for thing, statements in things.items():
                if thing in described and all(property_ != _TYPE for property_, _ in statements):
                    self._added.setdefault(thing, []).append((name, statements))

    def of(self, thing: Term) -> list[tuple[str, Statements]]:
        """Return what is added to a thing: the name of each file, with properties and values as it says them."""
        return self._added.get(thing, [])
