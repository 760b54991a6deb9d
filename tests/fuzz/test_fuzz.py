"""Inputs that nobody wrote end well, and the fuzzer would notice if they did not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fuzz.case import Case, read
from tests.fuzz.generating import KINDS, case
from tests.fuzz.shrinking import shrunk

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are watched as Linux shows them")

RUN = Path(__file__).parent / "run"

# A perezkg that has learned to fail: each word, given as the term to describe, does something that must be noticed.
_BROKEN = """
import ctypes, os, sys, time, warnings
from tests.fuzz import worker
from perezkg import cli
def main(arguments):
    word = arguments[1]
    if word == "raise": raise KeyError(word)
    if word == "status": return 70
    if word == "silent": return 3
    if word == "warn": sys.stderr.write("x.py:1: UserWarning: look")
    if word == "crash": ctypes.string_at(0)
    if word == "loop":
        while True: pass
    if word == "memory": kept = bytearray(1200 << 20); kept[::4096] = b"x" * len(kept[::4096])
    if word == "leave": open("out.tmp", "w").close()
    if word == "change": open("given.ttl", "w").close()
    if word == "half":
        open("out.ttl", "w").close()
        sys.stderr.write("perezkg: error: no")
        return 3
    if word == "limit":
        os.write(2, b"perezkg: error: not done after 2 s; --timeout SECONDS allows more")
        os._exit(5)
    return 0
cli.main = main
from tests.fuzz import running
from tests.fuzz.case import read
from pathlib import Path
running.SECONDS = 5
runner = running.Runner(Path(sys.argv[1]))
for path in sys.argv[2:]:
    print(runner.run(read(Path(path))).fault)
runner.close()
"""
_NOTICED = {
    "well": "",
    "raise": "KeyError in elsewhere",
    "status": "status 70",
    "silent": "status 3 without a word",
    "warn": "words that are not perezkg's: x.py…UserWarning",
    "crash": "killed by signal 11: describe",
    "loop": "more than 5 s: describe",
    "memory": "more than 1 GiB: describe",
    "leave": "a file was left: describe",
    "change": "a file was changed: describe",
    "half": "a file was written with status 3: describe",
    "limit": "",
}


def _run(*arguments: str | Path, code: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(("-c", code) if code else (str(RUN),)), *map(str, arguments)]
    root = RUN.parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=root, env=environment, timeout=600)


@pytest.mark.parametrize(("count", "seed"), [(300, 2), pytest.param(2000, 1, marks=pytest.mark.slow)])
def test_inputs_end_well(tmp_path: Path, count: int, seed: int) -> None:
    ended = _run("--count", str(count), "--seed", str(seed), "--shrink", "5", "--folder", tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.startswith(f"inputs: {count:,}, seed: {seed}, ended badly: 0, ")
    assert not list(tmp_path.iterdir())


def test_what_ends_badly_is_noticed(tmp_path: Path) -> None:
    files = []
    for word in _NOTICED:
        files.append(tmp_path / f"{word}.json")
        output = ("-o", "out.ttl") if word == "half" else ()
        Case("options", ("describe", word, *output), {"given.ttl": b"# x"}).write(files[-1])
    ended = _run(tmp_path / "root", *files, code=_BROKEN)
    assert dict(zip(_NOTICED, ended.stdout.splitlines(), strict=True)) == _NOTICED, ended.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_is_the_same_each_time_and_in_a_file(kind: str, tmp_path: Path) -> None:
    made = [case(3, number, kind) for number in range(30)]
    assert made == [case(3, number, kind) for number in range(30)]
    assert made != [case(4, number, kind) for number in range(30)]
    for one in made:
        one.write(tmp_path / "case.json")
        assert read(tmp_path / "case.json") == one


def test_a_file_is_run_again(tmp_path: Path) -> None:
    Case("options", ("describe", "--no-such")).write(tmp_path / "case.json")
    ended = _run("--again", tmp_path / "case.json")
    assert ended.returncode == 0
    assert "status 2" in ended.stdout
    assert "there is no option" in ended.stdout or "unrecognized arguments" in ended.stdout
    assert ended.stdout.endswith("ended well\n")


@pytest.mark.parametrize(
    ("fails", "smallest"),
    [
        (lambda one: b"x" in one.files.get("a", b""), Case("data", ("query",), {"a": b"x"})),
        (lambda one: "-o" in one.arguments, Case("data", ("query", "-o"))),
        (lambda one: b"200" in b"".join(one.answers), Case("data", ("query",), answers=(b"200",))),
        (lambda one: b"in" in one.stdin, Case("data", ("query",), stdin=b"in")),
    ],
)
def test_what_fails_is_made_smaller(fails: Callable[[Case], bool], smallest: Case) -> None:
    big = Case(
        "data",
        ("query", "medals", "-o", "out.csv", "--data", "a"),
        {"a": b"some text with an x in it", "b": b"another"},
        b"standard input",
        {"COLUMNS": "80"},
        "",
        (b"HTTP/1.1 200 OK", b"HTTP/1.1 500 No"),
    )
    assert shrunk(big, fails) == smallest
