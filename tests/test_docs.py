"""Whatever a page names exists: modules and what is in them, files, commands with their options, terms, other pages."""

from __future__ import annotations

import re
from importlib import import_module
from inspect import getsource
from pathlib import Path

import pytest

import perezkg
from perezkg.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[1]
PAGES = {path.name: path.read_text(encoding="utf-8") for path in (*ROOT.glob("README*.md"), *ROOT.glob("docs/*.md"))}
SOURCE = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in ROOT.glob("src/**/*.py")}
PACKAGES = "|".join(path.parent.name for path in ROOT.glob("src/perezkg/*/__init__.py"))
FOLDERS = "src|tests|bench|docs|ontology|queries|data"
# Files that perezkg is told to write; a file of that name in its package would be another thing.
WRITTEN = {"perezkg.sarif", "perezkg.ipynb"}
# Options of a store's own program, and one that the help does not name, because it is refused.
OTHERS = {"--update", "--passwd", "--add-opens", "--password"}


def exists(name: str) -> bool:
    """Tell whether a dotted name leads to a module, to something in one, or to a class that is for types alone."""
    found: object = perezkg
    home, *parts = name.split(".")
    for part in parts:
        home += f".{part}"
        if hasattr(found, part):
            found = getattr(found, part)
            continue
        try:
            found = import_module(home)
        except ImportError:
            return isinstance(found, type(perezkg)) and f"class {part}(Protocol)" in getsource(found)
    return True


def options(command: str, capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Return the options that the help of a command names."""
    assert main([command, "--help"]) == 0
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", capsys.readouterr().out))


@pytest.mark.parametrize("page", [*PAGES, *SOURCE])
def test_names_of_python(page: str) -> None:
    text = {**PAGES, **SOURCE}[page]
    names = set(re.findall(r"(?<![/\w.\"-])perezkg(?:\.[A-Za-z_]\w*)+", text)) - WRITTEN
    assert [name for name in sorted(names) if not exists(name)] == []


@pytest.mark.parametrize("page", PAGES)
def test_files(page: str) -> None:
    files = re.findall(rf"(?<![\w/.-])(?:{FOLDERS})(?:/\w[\w.-]*)*/\w[\w-]*(?:\.\w+)*", PAGES[page])
    assert [file for file in files if not (ROOT / file).exists()] == []
    modules = re.findall(rf"(?<![\w/.-])((?:{PACKAGES})/\w+)(?:\.py)?(?![\w/])", PAGES[page])
    modules = [module for module in modules if not (ROOT / module).exists()]  # a folder of that name, such as queries/
    assert [module for module in modules if not (ROOT / f"src/perezkg/{module}.py").exists()] == []


def test_the_plan_of_the_house_names_its_rooms() -> None:
    plan = PAGES["architecture.md"]
    names = re.findall(rf"(?<![\w/.-])(?:{PACKAGES})\.(?!py\b)\w+", plan)
    assert len(names) > 10
    assert [name for name in names if not exists(f"perezkg.{name}")] == []
    passed = re.findall(r"► (?!a )([a-z_]+)(?![\w.])", plan)
    assert len(passed) > 7
    assert set(passed) <= {Path(file).stem for file in SOURCE}


def test_commands_and_their_options(capsys: pytest.CaptureFixture[str]) -> None:
    known = {"help": {"help"}} | {command: {command} | options(command, capsys) for command in COMMANDS}
    every = set().union(*known.values())
    missed = []
    for page, text in PAGES.items():
        spans = [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^(?: {4}|[^`|]*\$ )(\S.*)$", text, re.MULTILINE)]
        for span in spans:
            for command, rest in re.findall(r"(?<![\w/.-])perezkg ([a-z]+)\b([^|;&#]*)", span):
                named = {command, *re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest)}
                missed += [(page, span, name) for name in named - known.get(command, set())]
            if span.startswith("--"):
                named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", span))
                missed += [(page, span, name) for name in named - every - OTHERS]
    assert missed == []


@pytest.mark.parametrize("page", PAGES)
def test_terms(page: str) -> None:
    files = [*ROOT.glob("ontology/**/*.ttl"), *ROOT.glob("data/*.ttl")]
    said = "".join(path.read_text(encoding="utf-8") for path in files)
    known = set(re.findall(r"(?<![\w:])(?:sport|pz|pzsh|src|bio):[\w-]+", said))
    named = set(re.findall(r"(?<![\w:])(?:sport|pz|pzsh|src|bio):[A-Za-z](?:[\w-]*\w)?", PAGES[page]))
    assert sorted(named - known) == []


@pytest.mark.parametrize("page", PAGES)
def test_links(page: str) -> None:
    folder = ROOT if page.startswith("README") else ROOT / "docs"
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", PAGES[page])
    assert [target for target in targets if not (folder / target).exists()] == []
