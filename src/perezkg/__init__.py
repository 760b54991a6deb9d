"""The life of the race walker Jefferson Pérez as a knowledge graph, and the toolkit to use it.

    import perezkg

    kg = perezkg.load()          # or load("mine.ttl", …): any file of the same ontology
    kg.query("medals")           # rows with named, typed columns
    kg.validate().conforms

Everything is imported where it is used: `import perezkg` itself costs nothing.
"""

from __future__ import annotations

from perezkg import errors as _errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from perezkg.catalogue import CannedQuery
    from perezkg.errors import PerezkgError
    from perezkg.graph import KnowledgeGraph, load
    from perezkg.results import Boolean, Row, Solutions, Triples
    from perezkg.values import IRI

__version__ = "1.0.0"

__all__ = [
    "IRI",
    "Boolean",
    "CannedQuery",
    "KnowledgeGraph",
    "PerezkgError",
    "Row",
    "Solutions",
    "Triples",
    "__version__",
    "load",
]

_HOMES = {
    "IRI": "perezkg.values",
    "Boolean": "perezkg.results",
    "CannedQuery": "perezkg.catalogue",
    "KnowledgeGraph": "perezkg.graph",
    "PerezkgError": "perezkg.errors",
    "Row": "perezkg.results",
    "Solutions": "perezkg.results",
    "Triples": "perezkg.results",
    "load": "perezkg.graph",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    found = getattr(_errors, name, None)
    if isinstance(found, type) and issubclass(found, _errors.PerezkgError):
        return found
    raise AttributeError(f"module 'perezkg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
