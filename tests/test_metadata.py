"""What surrounds the code is true of it: how to cite it, its changes, its hooks and its templates for issues."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from perezkg.resources import VERSION

yaml = pytest.importorskip("yaml")
ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
TEMPLATES = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_citation_follows_the_format_and_is_of_this_version() -> None:
    # https://github.com/citation-file-format/citation-file-format/blob/1.2.0/schema-guide.md
    said = read(ROOT / "CITATION.cff")
    keys = "cff-version message title abstract type authors version date-released license keywords"
    assert set(said) == set(keys.split())
    assert (said["cff-version"], said["type"]) == ("1.2.0", "software")
    assert isinstance(said["date-released"], dt.date)
    assert said["version"] == VERSION == PROJECT["version"]
    assert " AND ".join(said["license"]) == PROJECT["license"]
    assert [{"name": author["name"]} for author in said["authors"]] == PROJECT["authors"]
    assert len(said["keywords"]) == len(set(said["keywords"])) > 0
    assert f"## [{VERSION}] – {said['date-released']}\n" in CHANGELOG


def test_the_changelog_has_each_version_and_each_kind_of_change_once() -> None:
    _, *versions = CHANGELOG.split("\n## ")
    names = [version.partition("\n")[0].partition(" ")[0] for version in versions]
    assert names[0] == "[Unreleased]"
    assert len(names) == len(set(names))
    for version in versions:
        kinds = re.findall(r"^### (.*)$", version, re.MULTILINE)
        assert len(kinds) == len(set(kinds)) > 0
        assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_hooks_run_what_make_check_runs() -> None:
    (local,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    assert local["repo"] == "local"
    for hook in local["hooks"]:
        assert {"id", "name", "entry", "language"} <= set(hook)
        assert hook["language"] == "system"
        re.compile(hook.get("files", ""))
    programs = [hook["entry"] for hook in local["hooks"]]
    lint = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nlint:\n")[2].partition("\n\n")[0]
    assert {line.split()[0] for line in lint.splitlines()} == {program.split()[0] for program in programs} - {"perezkg"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_asks_for_what_is_needed(path: Path) -> None:
    form = read(path)
    assert {"name", "description", "body"} <= set(form)
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    names = [field["id"] for field in fields]
    assert len(names) == len(set(names)) > 0
    assert all(field["attributes"]["label"] for field in fields)
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_there_is_a_template_for_a_bug_and_one_for_a_fact() -> None:
    assert [path.stem for path in TEMPLATES] == ["bug", "wrong-fact"]
