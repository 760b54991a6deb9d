"""Where the graph's own files are: ontology/, data/ and queries/.

In a checkout they stand at the top of the repository; a wheel carries them in perezkg/_share.
"""

from __future__ import annotations

import os

from perezkg.errors import UsageError, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

VERSION = "1.0.0"
"""The version of perezkg."""

SOURCES = {"biography": ("perez.ttl",), "all": ("perez.ttl", "evidence.ttl")}
"""Whose word to take: the names of data files by the name of a source."""

LANGUAGES = {"en": "English", "es": "español"}
"""The languages of labels, messages and words: what each calls itself, by its tag."""

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def _root() -> str:
    share = os.path.join(_PACKAGE, "_share")
    return share if os.path.isdir(share) else os.path.dirname(os.path.dirname(_PACKAGE))


def ontology_file(name: str) -> str:
    """Return the path of a file of the ontology folder: "sport.ttl", "shapes.ttl", "context.jsonld"."""
    return os.path.join(_root(), "ontology", name)


def profile_files() -> dict[str, str]:
    """Return the paths of the profiles of shapes by their names: ontology/profiles/provenance.ttl is "provenance"."""
    folder = os.path.join(_root(), "ontology", "profiles")
    return {name[:-4]: os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".ttl")}


def data_files(source: str = "all") -> list[str]:
    """Return the paths of the graph's own data files.

    Args:
        source: One of `SOURCES`: "biography" is what the biography says, "all" adds what independent sources say.

    Raises:
        KeyError: There is no such source.
    """
    return [os.path.join(_root(), "data", name) for name in SOURCES[source]]


def chosen_files(paths: Sequence[str], source: str) -> list[str]:
    """Return the paths of the data files to work on: those given, or perezkg's own as `source` chooses.

    Raises:
        UsageError: There is no such source, or files are given as well.
    """
    if source not in SOURCES:
        raise UsageError(f"there is no source {source!r}", hint=nearest(source, SOURCES))
    if paths and source != "all":
        raise UsageError(
            f"source {source!r} chooses among perezkg's own files, and files are given instead of them",
            hint="Give the files that you want, or the source.",
        )
    return list(paths) or data_files(source)


def query_directory() -> str:
    """Return the path of the folder that holds the canned queries."""
    return os.path.join(_root(), "queries")


def prepared_directory() -> str:
    """Return the path of the folder with the forms of the canned queries, which only a build makes."""
    return os.path.join(_root(), "prepared")


def function(name: str) -> Callable[..., Any]:
    """Return a function that a table names as `module:function`; its module is imported only now.

    >>> function("perezkg.vocabulary:shrink")("http://www.w3.org/2004/02/skos/core#Concept")
    'skos:Concept'
    """
    from importlib import import_module

    module, _, attribute = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), attribute)
    return found
