"""Where the graph's own files are: ontology/, data/ and queries/.

In a checkout they stand at the top of the repository; a wheel carries them in perezkg/_share.
"""

from __future__ import annotations

import os

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def _root() -> str:
    share = os.path.join(_PACKAGE, "_share")
    return share if os.path.isdir(share) else os.path.dirname(os.path.dirname(_PACKAGE))


def ontology_file(name: str) -> str:
    """Return the path of a file of the ontology folder: "sport.ttl", "shapes.ttl", "context.jsonld"."""
    return os.path.join(_root(), "ontology", name)


def data_files() -> list[str]:
    """Return the paths of the graph's own data files, in the order of their names."""
    folder = os.path.join(_root(), "data")
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".ttl")]


def query_directory() -> str:
    """Return the path of the folder that holds the canned queries."""
    return os.path.join(_root(), "queries")
