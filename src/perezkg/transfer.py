"""The former name of `perezkg.stores`, for one release."""

from __future__ import annotations

import warnings

from perezkg.stores.load import GraphNotEmptyError, Loaded, SharedBlankNodeError, load, parts
from perezkg.stores.load_session import recover
from perezkg.stores.marks import LoadCutOffError, LoadUnderWayError
from perezkg.stores.store import open_store
from perezkg.stores.verify import Comparison, compared

__all__ = [
    "Comparison",
    "GraphNotEmptyError",
    "LoadCutOffError",
    "LoadUnderWayError",
    "Loaded",
    "SharedBlankNodeError",
    "compared",
    "load",
    "open_store",
    "parts",
    "recover",
]

warnings.warn(
    "perezkg.transfer is now perezkg.stores (load, load_session, store, verify), and kept for one release",
    DeprecationWarning,
    stacklevel=2,
)
