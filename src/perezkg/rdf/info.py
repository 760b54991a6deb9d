"""What can be counted in the files of a graph, and by which versions."""

from __future__ import annotations

import platform
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version

from perezkg.rdf import reading
from perezkg.rdf.nodes import TYPE, canonical_lines
from perezkg.resources import VERSION
from perezkg.vocabulary import PROV, shrink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from perezkg.rdf.reading import DataFile

_LIBRARIES = ("pyoxigraph", "rdflib", "oxrdflib", "pyshacl", "PyLD", "rich")
_PASSAGE = "<https://w3id.org/perezkg/sport#Passage>"
_DERIVED = f"<{PROV}wasDerivedFrom>"


class Info:
    """Facts about a graph's data files, as they are counted; ontology and concepts are not.

    Args:
        files: The data files.

    Raises:
        RdfSyntaxError: A file breaks the grammar of its syntax.

    Attributes:
        versions: perezkg, Python and the libraries it stands on.
        files: For each file its name and its number of triples.
        triples: How many different triples they hold together.
        classes: For each class, as a prefixed name, how many nodes have it as their type; the largest first.
        sentences: How many passages of sources there are.
        sentences_cited: How many of them something is derived from.
        sha256: The SHA-256 of the canonical N-Quads (RDFC-1.0), the same for the same graph whatever its syntax,
            order or blank node labels.
    """

    __slots__ = ("classes", "files", "sentences", "sentences_cited", "sha256", "triples", "versions")

    def __init__(self, files: Iterable[DataFile]) -> None:
        parsed = [(file.name, list(reading.parse(file))) for file in files]
        lines = canonical_lines(quad for _, quads in parsed for quad in quads)
        cited: set[str] = set()
        nodes: dict[str, set[str]] = {}
        for line in lines:
            subject, predicate, value = line[:-2].split(" ", 2)
            if predicate == TYPE:
                nodes.setdefault(value.split(" ")[0], set()).add(subject)
            elif predicate == _DERIVED:
                cited.add(value.split(" ")[0])
        passages = nodes.get(_PASSAGE, set())
        counts = sorted((-len(members), shrink(name[1:-1])) for name, members in nodes.items())
        self.versions = versions()
        self.files = {name: len(set(quads)) for name, quads in parsed}
        self.triples = len(lines)
        self.classes = {name: -count for count, name in counts}
        self.sentences = len(passages)
        self.sentences_cited = len(passages & cited)
        self.sha256 = sha256("".join(line + "\n" for line in lines).encode()).hexdigest()

    def __repr__(self) -> str:
        """Return a short text."""
        return f"<Info: {self.triples} triples, {self.sentences_cited} of {self.sentences} sentences cited>"

    def as_dict(self) -> dict[str, Any]:
        """Return all facts by name, ready for JSON."""
        return {name: getattr(self, name) for name in ("versions", "files", "triples", "classes")} | {
            "sentences": {"all": self.sentences, "cited": self.sentences_cited},
            "sha256": self.sha256,
        }


def versions() -> dict[str, str]:
    """Return the versions of perezkg, Python and the libraries, without importing these."""
    found = {"perezkg": VERSION, "Python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
