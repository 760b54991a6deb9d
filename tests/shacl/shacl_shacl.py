"""Shapes checked against the shapes of shapes (SHACL, appendix C), as pyshacl ships them."""

from __future__ import annotations

import warnings

from pyshacl.entrypoints import meta_validate
from rdflib import Graph


def faults(path: str) -> str:
    """Return what SHACL-SHACL finds wrong with a file of shapes; nothing when they are well formed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        conforms, _, text = meta_validate(Graph().parse(path))
    return "" if conforms else str(text)
