"""What an index holds: from which sources, built when and by what, and how many things of which class."""

from __future__ import annotations

from perezkg.index.sources import state
from perezkg.rdf.info import versions
from perezkg.vocabulary import shrink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyoxigraph import QuerySolutions, Store

# Of the named graphs, too, each thing once.
_CLASSES = (
    "SELECT ?class (COUNT(DISTINCT ?thing) AS ?number) "
    "{ { ?thing a ?class } UNION { GRAPH ?graph { ?thing a ?class } } } GROUP BY ?class"
)


class IndexInfo:
    """Facts about an index.

    Attributes:
        versions: perezkg, Python and the libraries it stands on, of this process.
        built: When it was built, in UTC (ISO 8601).
        built_by: The versions of perezkg and pyoxigraph that built it.
        sources: For each source its name as it was given, `path`, `bytes`, `sha256` and `state`: "unchanged",
            "changed" or "missing", by its digest.
        triples: How many triples there are, those of each named graph counted on their own.
        graphs: How many named graphs there are.
        classes: For each class, as a prefixed name, how many nodes have it as their type; the largest first.
        bytes: What the index takes on disk.
    """

    __slots__ = ("built", "built_by", "bytes", "classes", "directory", "graphs", "sources", "triples", "versions")

    def __init__(self, directory: str, manifest: dict[str, Any], store: Store) -> None:
        self.directory = directory
        self.versions = versions()
        self.built: str = manifest["built"]
        self.built_by = {name: manifest[name] for name in ("perezkg", "pyoxigraph")}
        self.sources = {
            source["name"]: {name: source[name] for name in ("path", "bytes", "sha256")}
            | {"state": state(source, source["path"], thorough=True)}
            for source in manifest["sources"]
        }
        self.triples: int = manifest["triples"]
        self.graphs: int = manifest["graphs"]
        self.bytes: int = manifest["disk"]
        answer: QuerySolutions = store.query(_CLASSES)  # type: ignore[assignment]  # that of a SELECT
        counts = sorted((-int(_value(number)), shrink(_value(name))) for name, number in answer)
        self.classes = {name: -count for count, name in counts}

    def __repr__(self) -> str:
        """Return a short text."""
        return f"<IndexInfo: {self.triples} triples of {len(self.sources)} sources>"

    def as_dict(self) -> dict[str, Any]:
        """Return all facts by name, ready for JSON."""
        return {
            name: getattr(self, name)
            for name in ("versions", "built", "built_by", "sources", "triples", "graphs", "classes", "bytes")
        }


def _value(term: object) -> str:
    return str(getattr(term, "value", term))
