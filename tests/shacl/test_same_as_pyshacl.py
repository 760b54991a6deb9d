"""Validation finds what plain pyshacl finds: the same nodes, paths, values, severities, shapes and constraints."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
SAMPLES = sorted(path.name.removesuffix(".shapes.ttl") for path in (HERE / "samples").glob("*.shapes.ttl"))


def _reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", HERE / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


reference = _reference()


@pytest.mark.parametrize("name", SAMPLES)
def test_sample(name: str) -> None:
    data, shapes = HERE / f"samples/{name}.data.ttl", HERE / f"samples/{name}.shapes.ttl"
    wanted = reference.expected([data], shapes)
    assert wanted, "a sample without a fault shows nothing"
    assert reference.found([data], shapes) == wanted
