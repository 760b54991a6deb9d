"""What tests share: the graph, and two ways to run the command line."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pytest
import rdflib.term

import perezkg
from perezkg.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

READERS = dict(rdflib.term._toPythonMapping)
"""How rdflib reads the values of datatypes, before any test."""


@pytest.fixture(autouse=True)
def readers_of_datatypes() -> None:
    """Let rdflib read as at first: owlrl leaves readers of its own when it has reasoned, which refuse 2004-03Z."""
    if rdflib.term._toPythonMapping != READERS:
        rdflib.term._toPythonMapping.clear()
        rdflib.term._toPythonMapping.update(READERS)


@pytest.fixture
def garbage_is_for_this_thread() -> Iterator[None]:
    """Let no other thread look for garbage: the engine's answers in it must end in the thread that asked."""
    gc.disable()
    yield
    gc.enable()


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
            timeout=300,  # of what hangs; a busy machine is slow
            **options,
        )
        out, err = ended.stdout.decode(), ended.stderr.decode()
        assert "Traceback" not in err
        return Ended(ended.returncode, out, err)

    return run


class Memory(NamedTuple):
    """How the most memory that a Python process had is found out.

    Attributes:
        environment: What the process has to find in its environment.
        file: Where it writes the number of KiB when it ends.
    """

    environment: dict[str, str]
    file: Path

    def peak(self) -> float:
        """Return the most memory of the process that has ended, in MiB."""
        kib = int(self.file.read_text())
        self.file.unlink()
        return kib / 1024


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Measure memory as Linux counts it: not by `ru_maxrss`, which begins with what the parent had at the fork."""
    if sys.platform != "linux":
        pytest.skip("memory is measured as Linux counts it")
    folder = tmp_path / "measured"
    folder.mkdir()
    file = folder / "peak"
    (folder / "sitecustomize.py").write_text(
        "import atexit, re\n"
        "def peak():\n"
        "    with open('/proc/self/status') as status, open('{file}', 'w') as file:\n"
        "        file.write(re.search(r'VmHWM:\\s+(\\d+) kB', status.read())[1])\n"
        "atexit.register(peak)\n".replace("{file}", str(file)),
        encoding="utf-8",
    )
    return Memory({"PYTHONPATH": str(folder)}, file)


class Interrupt(Protocol):
    """Run `perezkg` with some arguments, press Ctrl-C at work, and return how many seconds of work later it ended."""

    def __call__(self, *arguments: str | os.PathLike[str]) -> float: ...


def _worked(number: int) -> float:
    """Return for how many seconds a process has worked, where Linux tells; elsewhere, what the clock says."""
    if sys.platform != "linux":
        return time.monotonic()
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture
def interrupted(tmp_path: Path) -> Interrupt:
    """Press Ctrl-C while the command line works in a process of its own, in `tmp_path`: it ends without a word."""

    def run(*arguments: str | os.PathLike[str]) -> float:
        running = subprocess.Popen(
            [sys.executable, "-m", "perezkg", *(os.fspath(argument) for argument in arguments)],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        begun, end = _worked(running.pid), time.monotonic() + 60
        while _worked(running.pid) - begun < 2 and time.monotonic() < end:
            time.sleep(0.05)
        assert running.poll() is None, "still at it"
        running.send_signal(signal.SIGINT)
        begun = last = _worked(running.pid)
        # Not reaped yet, an ended process tells still how long it has worked.
        while os.waitid(os.P_PID, running.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            last = _worked(running.pid)
            assert time.monotonic() < end + 60
            time.sleep(0.01)
        last = max(last, _worked(running.pid))
        out, err = running.communicate()
        # A shell shows both as 130.
        assert running.returncode in (130, -signal.SIGINT)
        assert (out, err) == (b"", b"")
        return last - begun

    return run
