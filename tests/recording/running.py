"""Runs the command line as the cases say, and tells what came of it."""

from __future__ import annotations

import io
import logging
import os
import random
import re
import ssl
import subprocess
import sys
import tempfile
import warnings
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

from tests.recording import given
from tests.recording.answering import answering
from tests.stores.loading.fake_store import FakeStore

from perezkg.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.recording.cases import Case

ROOT = Path(__file__).resolve().parents[2]
_VERSIONS = re.compile(rb"""("?(?:Python|pyoxigraph|rdflib|oxrdflib|pyshacl|PyLD|rich|httpx2)"?:? +"?)[0-9][^\s",]*""")
# Whose they are decides what is said: nobody's.
_FORGOTTEN = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "NETRC",
    "NO_COLOR",
    "COLUMNS",
    "PEREZKG_USER",
    "PEREZKG_PASSWORD",
    "PEREZKG_TOKEN",
    "PEREZKG_TRACEBACK",
]


class Ended(NamedTuple):
    """What came of a case: what users see.

    Attributes:
        status: The exit status.
        out: Standard output.
        err: Standard error.
        files: What was written, by name; None for a file that is gone.
    """

    status: int
    out: bytes
    err: bytes
    files: dict[str, bytes | None]


class _Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


class Runner:
    """Runs cases in a folder of its own that holds the files they are given.

    Attributes:
        folder: The folder.
    """

    def __init__(self, folder: Path, answers: str, refused: str) -> None:
        self.folder = folder
        self._places = {"answers": answers, "refused": refused}
        given.write(folder)
        self._given = self._content()

    def run(self, case: Case) -> Ended:
        """Run a case in this process."""
        return self._run(case, _in_process)

    def run_apart(self, case: Case) -> Ended:
        """Run a case in a process of its own."""
        return self._run(case, _in_a_process)

    def _run(self, case: Case, way: Any) -> Ended:
        with ExitStack() as stack:
            places = dict(self._places)
            if case.store:
                store = FakeStore(case.store)
                stack.callback(store.stop)
                for file, graph in case.holds:
                    _fill(store, self._read(file), graph)
                places |= {"store": store.url, "host": store.host}
            stack.enter_context(_alone(self.folder, case.environment))
            for arguments in case.before:
                way(case._replace(arguments=arguments), _filled(arguments, places), b"")
            status, out, err = way(case, _filled(case.arguments, places), self._read(case.stdin))
        return Ended(
            status,
            self._normalised(out, places, versions=case.arguments[:1] == ("info",)),
            self._normalised(err, places),
            {name: content and self._normalised(content, places) for name, content in self._changes().items()},
        )

    def _read(self, name: str) -> bytes:
        if name == "perezkg":
            files = ("data/perez.ttl", "data/evidence.ttl", "ontology/concepts.ttl")
            return b"".join((ROOT / file).read_bytes() for file in files)
        return (self._given[name] or b"") if name else b""

    def _normalised(self, text: bytes, places: dict[str, str], *, versions: bool = False) -> bytes:
        """Return what was said without what differs from machine to machine and from run to run."""
        # Where the checkout and this folder lie.
        for path, name in ((self.folder, "<folder>"), (ROOT, "<checkout>")):
            text = text.replace(str(path).encode(), name.encode())
        # The ports that the system has chosen.
        for name, place in places.items():
            host = place.removeprefix("http://").partition("/")[0]
            text = text.replace(host.encode(), f"<{'store' if name == 'host' else name}>".encode())
        if versions:
            # Of Python and of libraries; `info` is what tells them.
            text = _VERSIONS.sub(rb"\g<1><version>", text)
        return text

    def _content(self) -> dict[str, bytes | None]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.parts[len(self.folder.parts)] != "home"
        }

    def _changes(self) -> dict[str, bytes | None]:
        """Return what differs from the files that were given, and undo it."""
        now = self._content()
        changes = {name: content for name, content in now.items() if content != self._given.get(name)}
        changes |= dict.fromkeys(self._given.keys() - now.keys())
        for name in changes:
            if name in self._given:
                (self.folder / name).write_bytes(self._given[name] or b"")
            else:
                (self.folder / name).unlink()
        return changes


@contextmanager
def runner() -> Iterator[Runner]:
    """Return a runner in a new folder."""
    with tempfile.TemporaryDirectory() as folder, answering() as (answers, refused):
        yield Runner(Path(folder).resolve(), answers, refused)


def _filled(arguments: tuple[str, ...], places: dict[str, str]) -> list[str]:
    filled = []
    for argument in arguments:
        for name, place in places.items():
            argument = argument.replace("{" + name + "}", place)  # noqa: PLW2901 - SPARQL has braces of its own
        filled.append(argument)
    return filled


def _fill(store: FakeStore, content: bytes, graph: str) -> None:
    store.hold(content.decode(), graph)


@contextmanager
def _alone(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """Be in the folder, with nobody's settings, nobody's certificates and the same luck each time."""
    before = Path.cwd()
    home = folder / "home"
    home.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name not in _FORGOTTEN}
    kept |= {"HOME": str(home), "USERPROFILE": str(home), **environment}
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, kept, clear=True))
        # Nothing is encrypted here, and to read a hundred certificates takes longer than to ask.
        for name in ("load_verify_locations", "load_default_certs", "set_default_verify_paths"):
            stack.enter_context(mock.patch.object(ssl.SSLContext, name, return_value=None))
        random.seed(7)  # how long to wait before asking again is told
        os.chdir(folder)
        stack.callback(os.chdir, before)
        yield


def _in_process(case: Case, arguments: list[str], stdin: bytes) -> tuple[int, bytes, bytes]:
    out = _Terminal() if case.terminal else io.BytesIO()
    err = io.BytesIO()
    streams = {
        "stdin": io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"),
        "stdout": io.TextIOWrapper(out, encoding="utf-8"),
        "stderr": io.TextIOWrapper(err, encoding="utf-8", write_through=True),
    }
    # As in a process of its own: nobody but standard error hears what libraries warn of and log.
    root = logging.getLogger()
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(root, "handlers", []))
        caught = stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)
        for name, stream in streams.items():
            stack.enter_context(mock.patch.object(sys, name, stream))
        status = main(arguments)
        for stream in (streams["stdout"], streams["stderr"]):
            stream.flush()
    told = "".join(f"{warning.category.__name__}: {warning.message}\n" for warning in caught)
    return status, out.getvalue(), err.getvalue() + told.encode()


def _in_a_process(case: Case, arguments: list[str], stdin: bytes) -> tuple[int, bytes, bytes]:
    command = [sys.executable, "-m", "perezkg", *arguments]
    if not case.lines:
        ended = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=60)
        return ended.returncode, ended.stdout, ended.stderr
    # A reader that has had enough, as `head`.
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        out = b"".join(running.stdout.readline() for _ in range(case.lines))
        running.stdout.close()
        err = running.stderr.read()
        return running.wait(60), out, err
