"""The READMEs tell the truth: their console blocks are run, and what they show is what comes out.

`python tests/test_readme.py` writes what comes out, and the size of the graph, into the pages.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import perezkg

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["README.md", "README.es.md"]
BLOCK = re.compile(r"^```console\n\$ perezkg (?P<command>.*)\n(?P<output>(?:.*\n)*?)```$", re.MULTILINE)
SIZES = {
    "README.md": "The graph has {triples:,} triples and {claims} claims, from {sources} sources.",
    "README.es.md": "El grafo tiene {triples:_} tripletas y {claims} afirmaciones, de {sources} fuentes.",
}
CASES = [
    pytest.param(match["command"], match["output"], id=f"{page}: {match['command'][:40]}")
    for page in PAGES
    for match in BLOCK.finditer((ROOT / page).read_text(encoding="utf-8"))
]


def run(command: str) -> str:
    """Return what a command line of perezkg prints when it is piped."""
    environment = os.environ | {"COLUMNS": "120", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "perezkg", *shlex.split(command)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=environment,
        encoding="utf-8",
    )
    assert done.stderr == ""
    return done.stdout


def size(page: str) -> str:
    """Return the sentence of a page that tells how large the graph is."""
    graph = perezkg.load()
    info = graph.info()
    told = SIZES[page].format(
        triples=sum(info.files.values()), sources=info.classes["sport:Source"], claims=info.classes["sport:Claim"]
    )
    return told.replace("_", ".")


def test_there_are_blocks_in_both_languages() -> None:
    assert len(CASES) >= 12


@pytest.mark.parametrize(("command", "output"), CASES)
def test_console_blocks_show_what_comes_out(command: str, output: str) -> None:
    assert run(command).replace("\r\n", "\n").splitlines() == output.splitlines()


@pytest.mark.parametrize("page", PAGES)
def test_the_graph_is_as_large_as_the_page_says(page: str) -> None:
    assert size(page) in (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_the_two_commands_are_the_same_in_both_languages(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert "pip install --quiet . && .venv/bin/perezkg query medals\n" in text
    assert "pip install --quiet -e '.[test]' && .venv/bin/pytest -n auto --dist worksteal\n" in text


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text(encoding="utf-8"))
    assert targets
    for target in targets:
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_the_python_example_runs_on_the_plain_install(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for extra in ("pandas", "openpyxl", "shacl", "starlette", "uvicorn"):
        monkeypatch.setitem(sys.modules, extra, None)
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(example, page, "exec"), names)  # noqa: S102
    assert isinstance(names["kg"], perezkg.KnowledgeGraph)


def test_every_public_name_is_documented() -> None:
    for name in perezkg.__all__:
        assert getattr(perezkg, name).__doc__, name


def write() -> None:
    """Write what comes out of each block, and the size of the graph, into the pages."""
    for page, sentence in SIZES.items():
        text = (ROOT / page).read_text(encoding="utf-8")
        text = BLOCK.sub(lambda block: f"```console\n$ perezkg {block['command']}\n{run(block['command'])}```", text)
        text = re.sub(re.sub(r"\\{.*?\\}", r"[\\d.,]+", re.escape(sentence)), size(page), text)
        (ROOT / page).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
