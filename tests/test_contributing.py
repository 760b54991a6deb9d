"""CONTRIBUTING.md tells the truth: each recipe is followed in a copy of the project, and shows what comes out.

A comment before a block tells what is done with it. `write: FILE` makes the file, `change: FILE` applies the block as a
diff (its lines stand in the file once), `run` runs each command and compares what it prints; a command that is shown
without output has to succeed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^### (.*)\n((?:(?!### ).*\n)*)", PAGE.partition("## Recipes\n")[2], re.MULTILINE))
BLOCK = re.compile(r"^<!-- (write|change|run)(?:: (\S+))? -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
PROGRAMS = {"python": "", "perezkg": "-m perezkg", "pytest": "-m pytest -n 0 -p no:cacheprovider"}
NOT_COPIED = shutil.ignore_patterns(
    "__pycache__", ".*", "recording", "servers", "matrix", "mutation", "reasoning", "broken"
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project, with programs beside it that work on the copy."""
    project = tmp_path / "project"
    project.mkdir()
    for folder in ("src", "ontology", "data", "queries", "docs", "tests"):
        shutil.copytree(ROOT / folder, project / folder, ignore=NOT_COPIED)
    for file in ("pyproject.toml", "README.md", "README.es.md"):
        shutil.copy(ROOT / file, project)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, options in PROGRAMS.items():
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {options} "$@"\n')
        program.chmod(0o755)
    return project


def change(file: Path, diff: str) -> None:
    """Apply a diff whose lines, with those that go, stand in a file exactly once."""
    lines = [(line[:1], f"{line[1:]}\n") for line in diff.splitlines()]
    before = "".join(line for sign, line in lines if sign != "+")
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"stands in {file.name} {text.count(before)} times:\n{before}"
    file.write_text(text.replace(before, "".join(line for sign, line in lines if sign != "-")), encoding="utf-8")


def run(command: str, project: Path) -> tuple[int, str]:
    """Return the status and the output of a command in the copy; of a tool that is not here, nothing."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    places = [str(project.parent / "bin"), os.path.dirname(sys.executable), os.environ["PATH"]]
    environment |= {"PATH": os.pathsep.join(places), "PYTHONPATH": str(project / "src"), "COLUMNS": "120"}
    if not shutil.which(command.split()[0], path=environment["PATH"]):
        assert command.split()[0] in ("ruff", "mypy", "lint-imports")
        return 0, ""
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        check=False,
        cwd=project,
        env=environment,
        encoding="utf-8",
        timeout=120,
    )
    # 141: the reader of a pipe had enough.
    assert ended.returncode in (0, 1, 141), f"{command}\n{ended.stdout}{ended.stderr}"
    assert ended.stderr == "", command
    return ended.returncode, ended.stdout.replace("\r\n", "\n")


def test_there_is_a_recipe_for_each_kind_of_thing() -> None:
    kinds = (
        "a format of answers, an RDF syntax, a report format, a kind of store, a query, a profile, a term, a language"
    )
    assert ", ".join(RECIPES).lower() == kinds.lower()


@pytest.mark.skipif(not shutil.which("bash"), reason="the commands are those of a Unix shell")
@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_leads_where_it_says(title: str, copy: Path) -> None:
    blocks = BLOCK.findall(RECIPES[title])
    assert len(blocks) * 2 == len(re.findall("^```", RECIPES[title], re.MULTILINE)), "a block that nothing is done with"
    assert "run" in [what for what, _, _ in blocks]
    for what, file, text in blocks:
        if what == "write":
            assert not (copy / file).exists()
            (copy / file).write_text(text, encoding="utf-8")
        elif what == "change":
            change(copy / file, text)
        else:
            for command, output in COMMAND.findall(text):
                status, said = run(command, copy)
                assert said == output if output else status == 0, f"{command}\n{said}"


def test_the_commands_of_every_day_are_those_of_the_makefile() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"`make (\w+)", PAGE)
    assert {"check", "test", "ci"} <= set(named) <= set(targets)


def test_the_makefile_names_files_that_are_there() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"(?<=[\s=])(?:src|tests/[\w./]+)(?=\s)(?!\s*_)", re.sub(r"\$\([^)]*\)", " ", text))
    for start, ends in re.findall(r"\$\(addprefix (\S+), ([^)]+)\)", text):
        named += [start + end for end in ends.split()]
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", PAGE)
    assert targets
    assert not [target for target in targets if not (ROOT / target).exists()]
