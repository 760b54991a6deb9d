"""What tests share: the graph, and two ways to run the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest

import perezkg
from perezkg.cli import main


class Ended(NamedTuple):
    """How a run of the command line ended."""

    status: int
    out: str
    err: str


class Run(Protocol):
    """Run `perezkg` with some arguments."""

    def __call__(self, *arguments: str | os.PathLike[str], **options: Any) -> Ended: ...


@pytest.fixture(scope="session")
def kg() -> perezkg.KnowledgeGraph:
    """perezkg's own graph, loaded once."""
    return perezkg.load()


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process."""

    def run(*arguments: str | os.PathLike[str], **_: Any) -> Ended:
        status = main([os.fspath(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Ended(status, out, err)

    return run


@pytest.fixture
def process(tmp_path: Path) -> Run:
    """Run the command line in a process of its own, in an empty folder."""

    def run(*arguments: str | os.PathLike[str], **options: Any) -> Ended:
        environment = {**os.environ, **options.pop("env", {})}
        ended: subprocess.CompletedProcess[bytes] = subprocess.run(
            [sys.executable, "-m", "perezkg", *(os.fspath(argument) for argument in arguments)],
            check=False,
            capture_output=True,
            cwd=tmp_path,
            env=environment,
            timeout=60,
            **options,
        )
        out, err = ended.stdout.decode(), ended.stderr.decode()
        assert "Traceback" not in err
        return Ended(ended.returncode, out, err)

    return run
