"""A file appears whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from perezkg.errors import OutputError, UnknownFormatError
from perezkg.output import write

root_only_skips = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_to_the_byte(tmp_path: Path) -> None:
    write(["é\r\n", "", "b\n"], str(tmp_path / "a.csv"))
    assert (tmp_path / "a.csv").read_bytes() == b"\xc3\xa9\r\nb\n"
    assert leftovers(tmp_path) == ["a.csv"]


def test_an_empty_answer_is_an_empty_file(tmp_path: Path) -> None:
    write([], str(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() == b""


def test_a_new_file_has_the_mode_that_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(["x"], str(tmp_path / "a"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_an_old_file_keeps_its_mode(tmp_path: Path) -> None:
    old = tmp_path / "a"
    old.write_text("old")
    old.chmod(0o604)
    write(["new"], str(old))
    assert old.read_text() == "new"
    assert stat.S_IMODE(old.stat().st_mode) == 0o604


def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "a", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    write(["new"], str(link))
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert leftovers(tmp_path / "real") == ["a"]


def test_a_dangling_link_gets_its_target(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "missing")
    write(["new"], str(link))
    assert link.is_symlink()
    assert (tmp_path / "missing").read_text() == "new"


class OddError(Exception):
    """Something that nobody foresaw."""


@pytest.mark.parametrize("error", [KeyboardInterrupt, OddError, UnknownFormatError, SystemExit])
@pytest.mark.parametrize("existed", [True, False])
def test_what_breaks_half_way_leaves_no_trace(tmp_path: Path, error: type[BaseException], existed: bool) -> None:
    def chunks() -> Iterator[str]:
        yield "half"
        raise error("stop")

    if existed:
        (tmp_path / "a").write_text("old")
    with pytest.raises(error):
        write(chunks(), str(tmp_path / "a"))
    assert leftovers(tmp_path) == (["a"] if existed else [])
    assert not existed or (tmp_path / "a").read_text() == "old"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "a").write_text("old")
    monkeypatch.setattr(os, step, full)
    with pytest.raises(OutputError, match="no space left on device") as caught:
        write(["new"], str(tmp_path / "a"))
    assert caught.value.path == str(tmp_path / "a")
    assert caught.value.exit_status == 3
    assert (tmp_path / "a").read_text() == "old"
    assert leftovers(tmp_path) == ["a"]


def test_a_directory_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a directory"):
        write(["x"], str(tmp_path))
    assert leftovers(tmp_path) == []


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no such file or directory") as caught:
        write(["x"], str(tmp_path / "no" / "a"))
    assert "There is no directory" in caught.value.hint


def test_odd_names(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write(["x"], str(tmp_path / "a\0b"))
    with pytest.raises(OutputError, match="too long"):
        write(["x"], str(tmp_path / ("a" * 300)))
    write(["x"], str(tmp_path / ("a" * 255)))
    assert leftovers(tmp_path) == ["a" * 255]


@root_only_skips
def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path) -> None:
    old = tmp_path / "a"
    old.write_text("old")
    old.chmod(0o444)
    with pytest.raises(OutputError, match="permission denied"):
        write(["new"], str(old))
    assert old.read_text() == "old"


def test_special_files_are_written_directly(tmp_path: Path) -> None:
    write(["x"], os.devnull)
    assert not stat.S_ISREG(os.stat(os.devnull).st_mode)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write(["a", "b"], str(pipe))
    reader.join()
    assert read == [b"ab"]
    assert leftovers(tmp_path) == ["pipe"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux only")
def test_a_full_device() -> None:
    with pytest.raises(OutputError, match="no space left on device"):
        write(["x"], "/dev/full")


# Signals

WRITING = """
import os, signal, sys
from perezkg.output import Draft, write

def chunks():
    yield "half"
    Draft(sys.argv[1] + ".other")  # of an export in several files
    print("now", flush=True)
    sys.stdin.readline()
    yield "whole"

if sys.argv[2:] == ["own"]:
    signal.signal(signal.SIGTERM, lambda *_: os.write(1, b"own\\n"))  # print may be under way
elif sys.argv[2:]:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
write(chunks(), sys.argv[1])
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are different there")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGINT at once"])
def test_a_signal_leaves_no_trace(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").write_text("old")
    name, *more = name.split(" ", 1)
    number = getattr(signal, name)
    command = [sys.executable, "-c", WRITING, str(tmp_path / "a"), *more]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"now\n"
        assert len(leftovers(tmp_path)) == 3
        running.send_signal(number)
        running.communicate(timeout=30)
    assert running.returncode == -number
    assert leftovers(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text() == "old"


@pytest.mark.skipif(os.name == "nt", reason="signals are different there")
def test_a_program_that_handles_a_signal_itself_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITING, str(tmp_path / "a"), "own"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"now\n"
        running.send_signal(signal.SIGTERM)
        assert running.stdout.readline() == b"own\n"
        running.communicate(b"\n", timeout=30)
    assert running.returncode == 0
    assert (tmp_path / "a").read_text() == "halfwhole"


def test_what_is_done_about_signals_is_as_before_once_a_file_is_complete(tmp_path: Path) -> None:
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [signal.getsignal(number) for number in numbers]

    def chunks() -> Iterator[str]:
        assert signal.getsignal(signal.SIGTERM) != before[1]
        yield "x"

    write(chunks(), str(tmp_path / "a"))
    assert [signal.getsignal(number) for number in numbers] == before


def test_another_thread_may_write(tmp_path: Path) -> None:
    failed: list[Exception] = []

    def work() -> None:
        try:
            write(["x"], str(tmp_path / "a"))
        except Exception as error:  # noqa: BLE001 - it is told below
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert failed == []
    assert (tmp_path / "a").read_text() == "x"


# Standard output

SCRIPT = "import sys; from perezkg.output import write; write(['é\\r\\n', 'x\\n'], *sys.argv[1:])"


def test_standard_output_is_utf_8_whatever_the_locale() -> None:
    for arguments in ([], ["-"]):
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT, *arguments],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "latin-1"},
            check=True,
        )
        assert run.stdout == b"\xc3\xa9\r\nx\n"


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="Unix only")
def test_dev_stdout_does_not_empty_what_a_shell_appends_to(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"before\n")
    with log.open("ab") as file:
        subprocess.run([sys.executable, "-c", SCRIPT, "/dev/stdout"], stdout=file, check=True)
    assert log.read_bytes() == b"before\n\xc3\xa9\r\nx\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux only")
def test_a_full_standard_output_is_told_once() -> None:
    with open("/dev/full", "wb") as full:
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert run.returncode == 1
    assert run.stderr.rstrip().endswith("OutputError: standard output: cannot be written: no space left on device")
    assert "Exception ignored" not in run.stderr


def test_a_closed_pipe_is_for_the_command_line() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT], stdout=theirs, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(theirs)
    assert run.returncode == 1
    assert run.stderr.rstrip().splitlines()[-1].startswith("BrokenPipeError")
    assert "Exception ignored" not in run.stderr


def test_text_streams_and_closed_output(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        write(["a\r\n"])
        patch.setattr(sys, "stdout", None)
        with pytest.raises(OutputError, match="standard output is closed"):
            write(["a"])
    assert stream.getvalue() == "a\r\n"


def test_many_pieces_are_few_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output may be unbuffered, as in many containers."""
    written: list[bytes] = []
    stream = SimpleNamespace(write=written.append)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=stream, flush=lambda: None))
    for pieces in ([f"Pérez {number}\r\n" for number in range(50_000)], [b"%d\n" % number for number in range(50_000)]):
        written.clear()
        write(pieces)
        whole = b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
        assert b"".join(written) == whole
        assert len(written) <= len(whole) // 60_000 + 1
