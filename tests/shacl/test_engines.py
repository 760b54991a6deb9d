"""Every engine of SHACL Core finds the same: node, path, value, component, shape, severity and words of each result."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize
from tests.suites import manifests

from perezkg.rdf import reading
from perezkg.rdf.reading import DataFile
from perezkg.shacl.shapes import ShapesError
from perezkg.shacl.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.shacl.report import Result

pytest.importorskip("shacl", reason='the engine shacl is not installed: pip install "perezkg[fast]"')

HERE = Path(__file__).parent
BROKEN = sorted((HERE.parent / "broken").glob("*.ttl"))
SAMPLES = sorted(path.name.removesuffix(".shapes.ttl") for path in (HERE / "samples").glob("*.shapes.ttl"))


def found(engine: str, data: DataFile, shapes: DataFile | None = None) -> Counter[tuple[object, ...]] | str:
    """Return each result as it is compared, and how often it comes; or why shapes are refused."""
    try:
        report = validate([data], shapes=None if shapes is None else [shapes], engine=engine)
    except ShapesError as error:
        return str(error)
    assert report.engine is not None
    assert report.engine.name == engine
    return Counter(map(_facts, (*report.results, *report.unchecked)))


def _facts(result: Result) -> tuple[object, ...]:
    shape = "_" if isinstance(result.shape, BlankNode) else result.shape
    messages = tuple(sorted(result.messages.items()))
    return (
        result.place, str(result.focus), str(result.path), str(result.value), result.component, shape,
        result.severity_iri, result.rule, messages,
    )  # fmt: skip


def same(data: DataFile, shapes: DataFile | None = None) -> Counter[tuple[object, ...]] | str:
    wanted = found("pyshacl", data, shapes)
    assert found("shacl", data, shapes) == wanted
    return wanted


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_the_gallery_of_faults(path: Path) -> None:
    assert bool(same(reading.read(str(path)))) != path.name.startswith("_")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_of_shapes(name: str) -> None:
    assert same(reading.read(str(HERE / f"samples/{name}.data.ttl")), reading.read(str(HERE / f"samples/{name}.shapes.ttl")))
