"""A reader that leaves early (`| head`) makes no answer of the status another."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes are different there")

DATA = "@prefix ex: <http://example.org/> . ex:x a ex:A .\n"
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .
ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:b ; sh:minCount 1 ] .
"""


def left(*arguments: str, **environment: str) -> tuple[int, bytes]:
    """Return how a run ends whose reader has gone, and what it complains about."""
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        command = [sys.executable, "-m", "perezkg", *arguments]
        run = subprocess.run(
            command, stdout=theirs, stderr=subprocess.PIPE, check=False, env={**os.environ, **environment}
        )
    finally:
        os.close(theirs)
    return run.returncode, run.stderr


@pytest.mark.parametrize("environment", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "unbuffered"])
def test_ask(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(DATA, encoding="utf-8")
    for text, status in (("ASK { ?s a <http://example.org/B> }", 1), ("ASK {}", 0), ("SELECT * {}", 0)):
        ask = ("query", "-e", text, "--data", str(tmp_path / "data.ttl"))
        assert left(*ask, **environment) == (status, b"")


@pytest.mark.parametrize("format_", ["text", "json", "turtle", "sarif"])
def test_validate(format_: str, tmp_path: Path) -> None:
    for name, text in (("data.ttl", DATA), ("fine.ttl", DATA.replace("ex:A", "ex:B")), ("shapes.ttl", SHAPES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name, status in (("data.ttl", 1), ("fine.ttl", 0)):
        validate = ("validate", str(tmp_path / name), "--shapes", str(tmp_path / "shapes.ttl"), "-f", format_)
        assert left(*validate) == (status, b"")
