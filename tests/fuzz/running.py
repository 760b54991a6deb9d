"""Runs inputs in a worker that is killed when it takes too much, and judges how each ended."""

from __future__ import annotations

import gzip
import json
import os
import re
import select
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import RdfFormat, parse
from tests.fuzz import worker
from tests.stores.loading.fake_store import FakeStore

from perezkg.errors import LimitReachedError

if TYPE_CHECKING:
    from tests.fuzz.case import Case
    from tests.stores.loading.fake_store import Exchange, Fault

SECONDS = 10
"""Of the processor's work that an input may take; of the clock six times as many, since a machine may be busy."""
MEMORY = 1 << 30
"""Bytes that the process may hold."""
STATUSES = (0, 1, 2, 3, 4, 5, 130)
_RUNS_OF_A_WORKER = 400
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_WARNING = re.compile(rb"\S+\.py:\d+: \w*Warning")


@dataclass(frozen=True)
class Ended:
    """How a run ended.

    Attributes:
        fault: What is wrong with that, in a few words that are the same for the same mistake; empty for nothing.
        status: Its exit status; None when it did not come to one.
        told: The end of what it wrote to standard error, and its traceback.
        seconds: Of the processor.
        memory: The most bytes that it held.
    """

    fault: str
    status: int | None
    told: str
    seconds: float
    memory: int


class Runner:
    """Runs one input after another, in a folder of its own."""

    def __init__(self, root: Path) -> None:
        root.mkdir(exist_ok=True)
        self._root = root.resolve()
        self._pid = 0
        self._runs = 0
        worker.prepare()

    def close(self) -> None:
        """End the worker."""
        self._end()

    def run(self, case: Case) -> Ended:
        """Run an input; return how it ended."""
        folder = self._root / "folder"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "folder").mkdir()
        for name, content in case.files.items():
            (folder / name).write_bytes(content)
        for name, content in (("in", case.stdin), ("out", b""), ("err", b"")):
            (self._root / name).write_bytes(content)
        if not self._pid or self._runs >= _RUNS_OF_A_WORKER:
            self._end()
            self._start()
        self._runs += 1
        store = _store(case) if case.store else None
        try:
            arguments = [_filled(argument, store) for argument in case.arguments]
            ended = self._ask(arguments, folder, case.environment)
        finally:
            if store is not None:
                store.stop()
        if ended.fault:
            return ended
        fault = _fault_of_files(case, folder, ended.status)
        return Ended(fault, ended.status, ended.told, ended.seconds, ended.memory) if fault else ended

    def _start(self) -> None:
        orders, self._orders = os.pipe()
        self._answers, answers = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            try:
                os.close(self._orders)
                os.close(self._answers)
                worker.serve(orders, answers)
            finally:
                os._exit(0)
        os.close(orders)
        os.close(answers)
        self._runs = 0

    def _end(self) -> int:
        """End the worker; return what `waitpid` tells of it."""
        if not self._pid:
            return 0
        os.close(self._orders)
        os.close(self._answers)
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        status = os.waitpid(self._pid, 0)[1]
        self._pid = 0
        return status

    def _ask(self, arguments: list[str], folder: Path, environment: dict[str, str]) -> Ended:
        home = {
            "HOME": str(self._root),
            "PATH": os.environ.get("PATH", ""),
            "LANG": "C.UTF-8",
            "PEREZKG_TRACEBACK": "1",
        }
        order = {
            "arguments": arguments,
            "folder": str(folder),
            "environment": {**home, **environment},
            "streams": str(self._root),
        }
        with suppress(OSError):
            Path(f"/proc/{self._pid}/clear_refs").write_text("5")  # the most memory is counted from here on
        began, before = time.monotonic(), _cpu(self._pid)
        fault, answer = "", b""
        os.write(self._orders, json.dumps(order).encode() + b"\n")
        while not answer.endswith(b"\n"):
            if select.select([self._answers], [], [], 0.1)[0]:
                piece = os.read(self._answers, 1 << 16)
                answer += piece
                if not piece:
                    break
            elif _cpu(self._pid) - before > SECONDS or time.monotonic() - began > 6 * SECONDS:
                fault = f"more than {SECONDS} s: {arguments[0]}"
                break
            elif _memory(self._pid, "VmRSS") > MEMORY:
                break
        seconds, memory = _cpu(self._pid) - before, _memory(self._pid, "VmHWM")
        if memory > MEMORY:
            fault = f"more than 1 GiB: {arguments[0]}"
        err = (self._root / "err").read_bytes()
        if fault or not answer:
            ended = self._end()
            if not fault and os.WIFEXITED(ended):
                return self._judged(arguments, {"status": os.WEXITSTATUS(ended), "raised": ""}, err, seconds, memory)
            fault = fault or f"killed by signal {os.WTERMSIG(ended)}: {arguments[0]}"
            return Ended(fault, None, _shown(err), seconds, memory)
        return self._judged(arguments, json.loads(answer), err, seconds, memory)

    def _judged(self, arguments: list[str], answer: dict[str, Any], err: bytes, seconds: float, memory: int) -> Ended:
        """Judge what a run says of itself."""
        status = answer["status"]
        told = _shown(err) + answer.get("traceback", "")
        if seconds > SECONDS:
            fault = f"more than {SECONDS} s: {arguments[0]}"
        elif answer["raised"]:
            fault = answer["raised"]
        elif status not in STATUSES:
            fault = f"status {status}"
        elif b"Traceback (most recent call last)" in err:
            fault = "a traceback on standard error"
        elif b"a mistake in perezkg itself" in err:
            fault = "a mistake in perezkg itself"
        elif _WARNING.search(err) or (err and not err.startswith(b"perezkg: ")):
            fault = f"words that are not perezkg's: {_kind_of(err)}"
        elif status in (2, 3, 4, LimitReachedError.exit_status) and b"perezkg: error: " not in err:
            fault = f"status {status} without a word"
        else:
            fault = ""
        return Ended(fault, status, told, seconds, memory)


def _kind_of(err: bytes) -> str:
    """Return the beginning of a line without what is particular to it."""
    found = _WARNING.search(err)
    return re.sub(r"\W*\d+\W*|<.*>|'.*'|\".*\"", "…", _shown(found[0] if found else err.splitlines()[0]))[:80].split(
        "/"
    )[-1]


def _shown(err: bytes) -> str:
    return err[-3000:].decode("utf-8", "backslashreplace")


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory(pid: int, what: str) -> int:
    with suppress(OSError):
        found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) * 1024 if found else 0
    return 0


def _store(case: Case) -> FakeStore:
    store = FakeStore(case.store)
    for number, content in enumerate(case.answers):
        if content:
            store.fail(_answering(content.replace(b"{host}", store.host.encode())), at=number)
    return store


def _answering(content: bytes) -> Fault:
    def fault(exchange: Exchange) -> None:
        exchange.receive()
        exchange.wfile.write(content)
        exchange.wfile.flush()
        exchange.close_connection = True

    return fault


def _filled(argument: str, store: FakeStore | None) -> str:
    host, url = (store.host, store.url) if store else ("127.0.0.1:9", "http://127.0.0.1:9/")
    return argument.replace("{url}", url).replace("{host}", host).replace("{nobody}", "127.0.0.1:9")


def _fault_of_files(case: Case, folder: Path, status: int | None) -> str:
    """Return what is wrong with the files that a run has left: half written, left over, changed without being asked."""
    asked = {named for before, named in pairwise(case.arguments) if before in ("-o", "--output")}
    asked |= {argument.partition("=")[2] for argument in case.arguments if argument.startswith(("-o=", "--output="))}
    if case.arguments[0] == "site":
        asked |= set(case.arguments[1:])
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_asked = any(f"{name}/".startswith(f"{named}/") for named in asked)
        # Who builds an index holds its lock, which nobody may remove: another may have opened it to wait.
        is_lock = case.arguments[0] == "index" and path.name == "lock"
        if path.is_dir() or (is_asked and (is_lock or status in (0, 1))):
            continue
        if name in case.files:
            if path.read_bytes() != case.files[name] and not (
                (case.arguments[0] == "format" and _same(case.files[name], path))
                or (case.arguments[0] == "upgrade" and status == 0 and _readable(path))
            ):
                return f"a file was changed: {case.arguments[0]}"
        elif not asked or not re.fullmatch(r"out(-\d+)?(\.\w+)*", name):
            return f"a file was left: {case.arguments[0]}"
        elif status not in (0, 1):
            return f"a file was written with status {status}: {case.arguments[0]}"
    return ""


def _readable(path: Path) -> bool:
    """Tell whether what was upgraded is Turtle still; of what it says, only the terms of 1.0 are others."""
    try:
        _statements(path.read_bytes(), packed=path.name.endswith(".gz"))
    except (SyntaxError, OSError):
        return False
    return True


def _same(before: bytes, path: Path) -> bool:
    """Tell whether a file that was laid out anew says as much as before, packed as before."""
    packed = path.name.endswith(".gz")
    try:
        first, second = (_statements(content, packed=packed) for content in (before, path.read_bytes()))
    except (SyntaxError, OSError):
        return False
    return first == second


def _statements(content: bytes, *, packed: bool) -> int:
    text = (gzip.decompress(content) if packed else content).removeprefix(b"\xef\xbb\xbf")
    return len(set(parse(text, RdfFormat.TURTLE, base_iri="http://example.org/")))
