"""Building an index: whatever happens to the build, what was there stays, and nothing is left over for long."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import perezkg
from perezkg.index import build

LINES = 20_000
# How often a build is killed at a random moment: PEREZKG_KILLS=50 pytest -m slow tests/index/test_building.py
KILLS = int(os.environ.get("PEREZKG_KILLS", "0")) or 12
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def written(path: Path, lines: int = LINES) -> Path:
    """Write so many triples."""
    path.write_text(
        "".join(f'<http://example.org/{n % 5000}> <http://example.org/p> "{n}" .\n' for n in range(lines)),
        encoding="utf-8",
    )
    return path


def started(file: Path, index: Path) -> subprocess.Popen[bytes]:
    """Start a build in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "perezkg", "index", file, "-o", index], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def count(index: Path) -> int:
    """Return how many triples an index answers with."""
    answer: Any = perezkg.open_index(index).sparql(COUNT)
    return int(answer.rows[0][0].value)


def generations(index: Path) -> list[str]:
    """Return the generations that lie in the folder."""
    return [name for name in os.listdir(index) if len(name) == 16] if index.is_dir() else []


@pytest.mark.parametrize(
    ("number", "times"),
    [
        pytest.param(signal.SIGKILL, 3, id="killed"),
        pytest.param(signal.SIGTERM, 2, id="told to end"),
        pytest.param(signal.SIGINT, 2, id="Ctrl-C"),
        pytest.param(signal.SIGKILL, KILLS, id="killed often", marks=pytest.mark.slow),
    ],
)
def test_a_build_that_is_ended_leaves_the_old_index(tmp_path: Path, number: int, times: int) -> None:
    """Ended at random moments, it leaves the old one whole, and the next build nothing else."""
    small, file, index = written(tmp_path / "small.nt", 7), written(tmp_path / "big.nt"), tmp_path / "i"
    perezkg.build_index([small], index)
    began = time.monotonic()
    with started(file, index) as process:
        assert process.wait() == 0
    lasts = time.monotonic() - began
    perezkg.build_index([small], index)
    chance = random.Random(number * 1000 + times)  # noqa: S311 - the same moments each time
    ended = 0
    for _ in range(times):
        with started(file, index) as process:
            time.sleep(chance.uniform(0.1, 1) * lasts)
            process.send_signal(number)
            process.communicate()
        if process.returncode:
            ended += 1
            if number != signal.SIGKILL and process.returncode != -number:  # else it had not begun
                assert process.returncode == 128 + number
                # It may have ended between two steps: the new one has come, the old one has not gone.
                assert len(generations(index)) <= (1 if count(index) == 7 else 2)
            assert count(index) in (7, LINES)
        else:
            assert count(index) == LINES
            perezkg.build_index([small], index)
    assert ended >= times // 3  # most of them end before the build does
    perezkg.build_index([small], index)
    assert count(index) == 7
    assert sorted(os.listdir(index)) == sorted([*generations(index), "current", "lock"])
    assert len(generations(index)) == 1


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("step", ["optimize", "finish", "publish"])
def test_what_becomes_current_is_not_removed_as_unfinished(tmp_path: Path, step: str) -> None:
    """A signal that comes while a build takes the last steps has it end before them or after them."""
    small, big, index = written(tmp_path / "small.nt", 7), written(tmp_path / "big.nt", 900), tmp_path / "i"
    perezkg.build_index([small], index)
    program = f"""
import sys, time
from perezkg import output
from perezkg.cli import main
from perezkg.index import build

def slowly(do, name):
    def slow(*arguments):
        if name == {step!r}:
            print("now", flush=True)
            time.sleep(0.4)
        elif name == "remove_folder":
            time.sleep(0.8)
        return do(*arguments)
    return slow

build.finish = slowly(build.finish, "finish")
build.Draft.publish = slowly(build.Draft.publish, "publish")
build._derived = slowly(build._derived, "optimize")
output.remove_folder = slowly(output.remove_folder, "remove_folder")
main(sys.argv[1:])
"""
    command = [sys.executable, "-c", program, "index", str(big), "-o", str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"now\n"
        process.send_signal(signal.SIGINT)
    assert process.returncode == 128 + signal.SIGINT
    assert count(index) == (7 if step == "optimize" else 900)


def test_a_first_build_that_is_killed_leaves_none(tmp_path: Path) -> None:
    file, index = written(tmp_path / "big.nt"), tmp_path / "i"
    with started(file, index) as process:
        while not generations(index):
            time.sleep(0.01)
        process.kill()
    with pytest.raises(perezkg.IndexNotFoundError):
        perezkg.open_index(index)
    perezkg.build_index([file], index)
    assert len(generations(index)) == 1


def test_two_builds_at_once(tmp_path: Path) -> None:
    file, index = written(tmp_path / "big.nt"), tmp_path / "i"
    processes = [started(file, index) for _ in range(3)]
    ended = [(process.communicate()[1].decode(), process.returncode) for process in processes]
    assert 0 in [status for _, status in ended]
    for err, status in ended:
        assert status in (0, 2)
        assert status == 0 or "another process builds an index" in err
    assert count(index) == LINES
    assert len(generations(index)) == 1


def test_readers_go_on_while_it_is_built_anew(tmp_path: Path) -> None:
    files = [written(tmp_path / f"{number}.nt", number) for number in (500, 900)]
    index = tmp_path / "i"
    perezkg.build_index([files[0]], index)
    old = perezkg.open_index(index)
    seen: set[int] = set()
    failures: list[BaseException] = []
    over = threading.Event()

    def read() -> None:
        try:
            while not over.is_set():
                seen.add(count(index))
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(6):
        with started(files[(turn + 1) % 2], index) as process:
            assert process.wait() == 0
    over.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert seen == {500, 900}
    answer: Any = old.sparql("SELECT ?o { ?s ?p ?o }")
    assert len(answer.rows) == 500
    assert len(generations(index)) >= 2  # that of `old` is kept for it
    del old
    perezkg.build_index([files[0]], index)
    assert len(generations(index)) == 1


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="this system limits no files")
@pytest.mark.parametrize("kilobytes", [1, 100, 300])
def test_a_full_disk(tmp_path: Path, kilobytes: int) -> None:
    """A limit on the size of files is a disk that is full, as far as the build can see."""
    small, file, index = written(tmp_path / "small.nt", 7), written(tmp_path / "big.nt"), tmp_path / "i"
    perezkg.build_index([small], index)
    code = (
        "import resource, sys; "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({kilobytes} << 10,) * 2); "
        "from perezkg.cli import main; sys.exit(main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, "index", file, "-o", index], check=False, capture_output=True, text=True
    )
    assert ended.returncode == 3, ended.stderr
    assert "cannot be written" in ended.stderr
    assert count(index) == 7
    assert len(generations(index)) == 1


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    file, index = written(tmp_path / "big.nt", 20_000), tmp_path / "i"
    perezkg.build_index([written(tmp_path / "small.nt", 7)], index)
    changed: list[int] = []

    def progress(*_: object) -> None:
        if not changed:
            changed.append(1)
            with file.open("a", encoding="utf-8") as more:
                more.write("<s:s> <s:p> <s:o> .\n")

    with pytest.raises(perezkg.SourceChangedError, match="changed while it was read"):
        perezkg.build_index([file], index, progress=progress)
    assert count(index) == 7
    assert len(generations(index)) == 1


def test_an_error_of_ours_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build, "_write_additions", full)
    with pytest.raises(perezkg.OutputError, match="no space left"):
        perezkg.build_index([], tmp_path / "i")
    assert not (tmp_path / "i").exists()


def test_a_limit_of_time_leaves_nothing(tmp_path: Path) -> None:
    file, index = written(tmp_path / "big.nt", 400_000), tmp_path / "i"
    ended = subprocess.run(
        [sys.executable, "-m", "perezkg", "index", file, "-o", index, "--timeout", "0.5"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 5, ended.stderr
    assert generations(index) == []


def test_what_is_told_while_it_is_built(tmp_path: Path) -> None:
    file = written(tmp_path / "big.nt", 30_000)
    told: list[tuple[str, int, int]] = []
    perezkg.build_index([file], tmp_path / "i", progress=lambda *what: told.append(what))
    size = file.stat().st_size
    assert (f"Reading {file}", size, size) in told
    assert told[-1][0] == "Ordering the index"
