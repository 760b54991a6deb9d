"""docs/citing.md tells the truth: the names that it gives lead to things, JSON has its keys, its examples come out."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import perezkg
from perezkg.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.graph import KnowledgeGraph

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = dict(re.findall(r"^## (.*)\n((?:(?!## ).*\n)*)", (ROOT / "docs/citing.md").read_text("utf-8"), re.MULTILINE))
TABLES = dict(zip(("describe", "cite"), SECTIONS["JSON"].split("`cite -f json`"), strict=True))
# Together they have a value for each key.
THINGS = ("pz:athens", "pz:assessment-crowning-achievement", "pz:assessment-bonus-for-record", "s10")


@pytest.fixture(scope="module")
def own() -> KnowledgeGraph:
    return perezkg.load()


def cells(table: str) -> list[str]:
    """Return what stands in the first column of a table."""
    return [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]


def inner(value: object) -> Iterator[str]:
    """Yield the keys of dictionaries in a value."""
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from item if isinstance(item, dict) else ()
        yield from inner(item)


def test_each_name_leads_to_a_thing(own: KnowledgeGraph) -> None:
    names = [name for cell in cells(SECTIONS["Naming a thing"]) for name in re.findall(r"`([^`]+)`", cell)]
    assert len(names) > 10
    for name in names:
        assert own.describe(name).iri == own.cite(name).iri


@pytest.mark.parametrize("command", TABLES)
def test_json_has_the_keys_of_the_table(command: str, own: KnowledgeGraph) -> None:
    keys = {key for cell in cells(TABLES[command]) for key in re.findall(r"`(\w+)`", cell)}
    for thing in THINGS:
        assert set(getattr(own, command)(thing).to_dict()) == keys


def test_json_has_the_inner_keys_that_are_told(own: KnowledgeGraph) -> None:
    answers: list[Any] = [ask(thing).to_dict() for thing in THINGS for ask in (own.describe, own.cite)]
    found = set(inner(answers))
    told = set(re.findall(r'"(\w+)"', SECTIONS["JSON"]))
    claims = re.findall(
        r"^\| (?:… )?`(?:claims|verdicts|contradicted_by|counterexamples)`.*$", TABLES["cite"], re.MULTILINE
    )
    told |= {key for row in claims for key in re.findall(r"`(\w+)`", row.partition("|")[2].partition("|")[2])}
    outer = {key for answer in answers for key in answer}
    assert told - found == set()
    assert found - told - outer == set()


def test_the_line_for_a_list_of_references(own: KnowledgeGraph) -> None:
    (line,) = re.findall(r"^ {6}(biography\.txt.*)$", SECTIONS["What a citation says"], re.MULTILINE)
    assert own.cite("s4").to_dict()["citation"]["en"] == line


def test_the_python_examples_run() -> None:
    examples = "".join(re.findall(r"^ {4}(.*\n)", SECTIONS["In Python"], re.MULTILINE))
    names: dict[str, Any] = {"perezkg": perezkg}
    exec(compile(examples.replace(', text="biography.txt"', ""), "citing.md", "exec"), names)  # noqa: S102
    assert isinstance(names["kg"], perezkg.KnowledgeGraph)


def test_the_refusal_of_another_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(os.environ.get("PEREZKG_BIOGRAPHY") or ROOT.parent / "shared" / "biography.txt")
    if not path.is_file():
        pytest.skip("the biography's text is not shipped; set PEREZKG_BIOGRAPHY to its path to check against it")
    (tmp_path / "copy.txt").write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.chdir(tmp_path)
    ((command, said),) = re.findall(
        r"^ {4}\$ perezkg (.*)\n((?: {4}.*\n)+)", SECTIONS["Showing the words: `--text FILE`"], re.MULTILINE
    )
    assert main(command.split()) == 3
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", re.sub("^ {4}", "", said, flags=re.MULTILINE))
