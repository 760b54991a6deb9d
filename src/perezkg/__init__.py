"""The life of the race walker Jefferson Pérez as a knowledge graph, and the toolkit to use it.

    import perezkg

    kg = perezkg.load()          # or load("mine.ttl", …): any file of the same ontology
    kg.query("medals")           # rows with named, typed columns
    kg.validate().conforms
    perezkg.connect("http://localhost:3030/perez/sparql").query("medals")   # the same from a triple store

Everything is imported where it is used: `import perezkg` itself costs nothing.
"""

from __future__ import annotations

from perezkg.errors import (
    AmbiguousTermError,
    EvaluationError,
    IndexBrokenError,
    IndexNotFoundError,
    IndexUnderWayError,
    InputError,
    InputNotFoundError,
    InputUnreadableError,
    MissingParameterError,
    OutputError,
    ParameterValueError,
    PassageMismatchError,
    PerezkgError,
    RdfSyntaxError,
    RemoteAccessRefusedError,
    RemoteStoreError,
    SourceChangedError,
    SparqlSyntaxError,
    UnknownFormatError,
    UnknownParameterError,
    UnknownQueryError,
    UnknownTermError,
    UsageError,
)
from perezkg.resources import VERSION as __version__  # noqa: N811 - the name that tools look for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from perezkg.graph import KnowledgeGraph, load
    from perezkg.index.build import build_index
    from perezkg.index.graph import IndexedGraph, open_index
    from perezkg.rdf.terms import IRI
    from perezkg.sparql.catalogue import CannedQuery
    from perezkg.sparql.results import Boolean, Row, Solutions, Triples
    from perezkg.stores.remote_graph import RemoteGraph, connect

__all__ = [
    "IRI",
    "AmbiguousTermError",
    "Boolean",
    "CannedQuery",
    "EvaluationError",
    "IndexBrokenError",
    "IndexNotFoundError",
    "IndexUnderWayError",
    "IndexedGraph",
    "InputError",
    "InputNotFoundError",
    "InputUnreadableError",
    "KnowledgeGraph",
    "MissingParameterError",
    "OutputError",
    "ParameterValueError",
    "PassageMismatchError",
    "PerezkgError",
    "RdfSyntaxError",
    "RemoteAccessRefusedError",
    "RemoteGraph",
    "RemoteStoreError",
    "Row",
    "Solutions",
    "SourceChangedError",
    "SparqlSyntaxError",
    "Triples",
    "UnknownFormatError",
    "UnknownParameterError",
    "UnknownQueryError",
    "UnknownTermError",
    "UsageError",
    "__version__",
    "build_index",
    "connect",
    "load",
    "open_index",
]

_HOMES = {
    "IRI": "perezkg.rdf.terms",
    "Boolean": "perezkg.sparql.results",
    "CannedQuery": "perezkg.sparql.catalogue",
    "IndexedGraph": "perezkg.index.graph",
    "KnowledgeGraph": "perezkg.graph",
    "RemoteGraph": "perezkg.stores.remote_graph",
    "Row": "perezkg.sparql.results",
    "Solutions": "perezkg.sparql.results",
    "Triples": "perezkg.sparql.results",
    "build_index": "perezkg.index.build",
    "connect": "perezkg.stores.remote_graph",
    "load": "perezkg.graph",
    "open_index": "perezkg.index.graph",
}


if not TYPE_CHECKING:  # a type checker shall see the names above and no others

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module 'perezkg' has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Bring the magic `%%sparql`: what `%load_ext perezkg` calls in Jupyter and IPython."""
    from perezkg.cli.magic import register

    register(shell)


def __dir__() -> list[str]:
    return sorted(__all__)
