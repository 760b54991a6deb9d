"""docs/performance.md: a measurement with its day, of the commands and aims that `bench/startup` has."""

from __future__ import annotations

import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from perezkg import resources
from perezkg.rdf import reading

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
ROWS = {
    found[1]: (float(found[2]), float(found[3]), found[4])
    for found in re.finditer(
        r"^\| (.+?) \| ([\d.]+) \| ([\d.]+) \| (.*?) ?\|$", PAGE.partition("\n## ")[0], re.MULTILINE
    )
}


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The program bench/startup, as a module."""
    spec = spec_from_loader("startup", SourceFileLoader("startup", str(ROOT / "bench" / "startup")))
    assert spec is not None
    assert spec.loader is not None
    found = module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_the_page_has_each_command_that_is_measured(bench: ModuleType, tmp_path: Path) -> None:
    always = bench.commands(tmp_path).keys() - {"oxigraph command line", "Comunica", "Jena arq"}
    assert ROWS.keys() - {"oxigraph command line", "Jena arq"} == always
    assert re.search(r"is what that command printed on 20\d\d-\d\d-\d\d, with \d+ turns", PAGE)


def test_the_aims_of_the_page_are_those_that_are_checked(bench: ModuleType) -> None:
    told = {name: aim for name, (_, _, aim) in ROWS.items() if aim}
    assert told.keys() == bench.AIMS.keys()
    for name, (limit, base) in bench.AIMS.items():
        multiple = told[name].partition(" ")[0]
        assert told[name] == f"{multiple} of at most {limit} × {base}"
        assert float(multiple) == pytest.approx(ROWS[name][0] / ROWS[base][0], rel=0.01)
        assert float(multiple) <= limit, name


def test_multiples_are_of_an_empty_python(bench: ModuleType) -> None:
    empty = ROWS[bench.EMPTY][0]
    for name, (milliseconds, multiple, _) in ROWS.items():
        assert multiple == pytest.approx(milliseconds / empty, rel=0.005), name


def test_what_is_said_of_data_and_rules() -> None:
    files = [*resources.data_files(), resources.ontology_file("concepts.ttl")]
    triples = len({quad for path in files for quad in reading.parse(reading.read(path))})
    shapes = reading.parse(reading.read(resources.ontology_file("shapes.ttl")))
    rules = sum(quad.predicate.value == "http://www.w3.org/ns/shacl#select" for quad in shapes)
    biography, whole = (
        sum(1 for path in resources.chosen_files([], source) for _ in reading.parse(reading.read(path)))
        for source in ("biography", "all")
    )
    assert f"three files of {triples:,} triples" in PAGE
    assert f"each of the {rules} rules" in PAGE
    assert "more than twice as many triples" in PAGE
    assert whole > 2 * biography
