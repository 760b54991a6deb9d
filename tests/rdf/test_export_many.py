"""Bulk export: many files, compressed or not, that together are the one file, and nothing half done."""

from __future__ import annotations

import contextlib
import gzip
import os
import resource
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, Triple
from tests.conftest import Run
from tests.rdf.test_canonical import DATASETS

from perezkg.cli import main
from perezkg.rdf import reading
from perezkg.rdf.canonical import CanonicalLines
from perezkg.rdf.canonical_labels import blank_labels
from perezkg.rdf.export import write_split
from perezkg.rdf.formats import writable

PLAIN = "".join(f'<http://e.org/{number:03}> <http://e.org/p> "é _:x" .\n' for number in range(10))
CONNECTED = PLAIN + (
    "_:a <http://e.org/p> _:b .\n_:b <http://e.org/p> _:c .\n<http://e.org/000> <http://e.org/p> _:c .\n"
    '_:d <http://e.org/p> "1" .\n_:e <http://e.org/p> "2" .\n<http://e.org/001> <http://e.org/p> _:e .\n'
)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "mine.nt").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "connected.nt").write_text(CONNECTED, encoding="utf-8")
    (tmp_path / "out").mkdir()
    return tmp_path


def content(folder: Path) -> dict[str, bytes]:
    """The files of a folder, unpacked."""
    return {
        path.name: gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in sorted(folder.iterdir())
    }


@pytest.mark.parametrize("most", [1, 3, 10, 10**12])
@pytest.mark.parametrize("packing", [[], ["--gzip"]])
def test_together_the_files_are_the_one_file(command: Run, mine: Path, most: int, packing: list[str]) -> None:
    given: list[str | Path] = ["export", "--data", mine / "mine.nt", "-o", mine / "out" / "a.nq"]
    assert command(*given, "--split", str(most), *packing) == (0, "", "")
    files = content(mine / "out")
    assert b"".join(files.values()).decode() == PLAIN
    number = -(-10 // most)
    assert list(files) == [f"a-{at + 1:04}.nq{'.gz' if packing else ''}" for at in range(number)]
    assert all(len(file.splitlines()) == most for file in list(files.values())[:-1])


def test_our_own_graph_split_is_our_own_graph(command: Run, tmp_path: Path) -> None:
    assert command("export", "--gzip", "--split", "700", "-o", tmp_path / "perez.nq").status == 0
    files = sorted(tmp_path.iterdir())
    assert len(files) > 3
    subprocess.run(["gzip", "-t", *files], check=True)
    whole = command("export", "-f", "nquads").out
    assert b"".join(content(tmp_path).values()).decode() == whole
    hashes = {
        line.split()[-1]
        for data in ([], ["--data", *map(str, files)])
        for line in command("info", *data).out.splitlines()
        if "SHA-256" in line
    }
    assert len(hashes) == 1
    assert command("validate", *files).status == 0


def test_the_same_bytes_each_time(command: Run, mine: Path) -> None:
    for name in ("one", "two"):
        (mine / name).mkdir()
        given = ("--data", mine / "connected.nt", "--gzip", "--split", "4", "-o", mine / name / "a.nt")
        assert command("export", *given).status == 0
    one, two = ({path.name: path.read_bytes() for path in (mine / name).iterdir()} for name in ("one", "two"))
    assert one == two
    header = next(iter(one.values()))[:10]
    assert header == b"\x1f\x8b\x08\0\0\0\0\0\0\xff", "no time, no name, no system"


def test_what_blank_nodes_connect_stays_in_one_file(command: Run, mine: Path) -> None:
    ended = command("export", "--data", mine / "connected.nt", "--split", "2", "-o", mine / "out" / "a.nt")
    assert ended.status == 0
    assert ended.err == (f"perezkg: notice: {mine}/out/a-0006.nt has 3 triples, because blank nodes connect them\n")
    files = content(mine / "out")
    assert [len(file.splitlines()) for file in files.values()] == [2, 2, 2, 2, 2, 3, 2, 1]
    labels = [{label for line in file.splitlines() for label in blank_labels(line)} for file in files.values()]
    assert sum(map(len, labels)) == len(set().union(*labels)) == 5
    whole = command("export", "--data", mine / "connected.nt", "-f", "ntriples").out
    assert sorted(b"".join(files.values()).decode().splitlines()) == whole.splitlines()
    sums = [
        line
        for data in ([mine / "connected.nt"], sorted((mine / "out").iterdir()))
        for line in command("info", "--data", *data).out.splitlines()
        if "SHA-256" in line
    ]
    assert sums[0] == sums[1]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DATASETS, st.integers(1, 5))
def test_any_data_in_any_number_of_files(tmp_path: Path, quads: list[Quad | Triple], most: int) -> None:
    for path in tmp_path.iterdir():
        path.unlink()
    notices: list[str] = []
    with CanonicalLines() as lines:
        lines.add(quads)
        names = write_split(lines, str(tmp_path / "a.nq"), most, notify=notices.append)
        whole = b"".join(lines.pieces())
    files = content(tmp_path)
    assert names == [str(tmp_path / name) for name in files]
    assert all(files.values()) or list(files.values()) == [b""]
    assert sorted(b"".join(files.values()).splitlines()) == whole.splitlines()
    seen: set[bytes] = set()
    for file in files.values():
        labels = {label for line in file.split(b"\n") for label in blank_labels(line)}
        assert not labels & seen
        seen |= labels
    assert len(notices) == sum(len(file.split(b"\n")) - 1 > most for file in files.values())


def test_more_than_9999_files_still_sort(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("".join(f"<urn:{at:05}> <urn:p> <urn:o> .\n" for at in range(10_001)))
    with CanonicalLines() as lines:
        lines.add(reading.parse(reading.read(str(tmp_path / "a.nt"))))
        names = write_split(lines, str(tmp_path / "b.nt"), 2)
    assert names == sorted(names)
    assert len({len(name) for name in names}) == 1


@pytest.mark.parametrize("format", writable())
def test_every_format_can_be_compressed(command: Run, mine: Path, format: str) -> None:  # noqa: A002 - the option's name
    plain, packed = mine / "plain", mine / "packed.gz"
    assert command("export", "--data", mine / "mine.nt", "-f", format, "-o", plain).status == 0
    assert command("export", "--data", mine / "mine.nt", "-f", format, "-o", packed).status == 0
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()


def test_the_name_tells_format_and_compression(command: Run, mine: Path) -> None:
    for name, expected in (("a.nq.gz", "a.nq.gz"), ("b.NT.GZ", "b.NT.GZ"), ("c.nt", "c.nt.gz")):
        assert command("export", "--data", mine / "mine.nt", "--gzip", "-o", mine / "out" / name).status == 0
        assert gzip.decompress((mine / "out" / expected).read_bytes()).decode() == PLAIN
    assert command("export", "--data", mine / "mine.nt", "--split", "9", "-o", mine / "out" / "d.nq.gz").status == 0
    assert content(mine / "out")["d-0002.nq.gz"].decode() == PLAIN.splitlines(keepends=True)[-1]


def test_compressed_to_standard_output(mine: Path) -> None:
    for target in ([], ["-o", "-"], ["-o", "/dev/stdout"]):
        ended = subprocess.run(
            [sys.executable, "-m", "perezkg", "export", "--data", mine / "mine.nt", "-f", "nquads", "--gzip", *target],
            check=True,
            capture_output=True,
        )
        assert zlib.decompress(ended.stdout, wbits=31).decode() == PLAIN
        assert ended.stderr == b""


def test_a_terminal_gets_nothing_compressed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert main(["export", "--gzip"]) == 2
    assert "terminal" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--split", "0", "-o", "{out}/a.nq"], 2, "from 1 on"),
        (["--split", "-5", "-o", "{out}/a.nq"], 2, "--split"),
        (["--split", "1e6", "-o", "{out}/a.nq"], 2, "from 1 on"),
        (["--split", "²", "-o", "{out}/a.nq"], 2, "from 1 on"),
        (["--split", "9" * 5000, "-o", "{out}/a.nq"], 2, "from 1 on"),
        (["--split", "5", "-o", "{out}/a.ttl"], 2, "-f ntriples or -f nquads"),
        (["--split", "5", "-f", "jsonld", "-o", "{out}/a.nq"], 2, "jsonld does not have one statement per line"),
        (["--split", "5", "-f", "nquads"], 2, "-o perez.nq"),
        (["--split", "5", "-f", "nquads", "-o", "-"], 2, "-o perez.nq"),
        (["--split", "5", "-f", "nquads", "-o", "{out}"], 2, "Name a file"),
        (["--split", "5", "-f", "nquads", "-o", "{out}/"], 2, "Name a file"),
        (["--split", "5", "-f", "nquads", "-o", ""], 2, "Name a file"),
        (["--split", "5", "-f", "nquads", "-o", "/dev/full"], 2, "Name a file"),
        (["--split", "5", "-o", "{out}/no/a.nq"], 3, "There is no directory"),
        (["--split", "5", "-o", "{out}/a\0.nq"], 3, "null"),
        (["--gzip", "-f", "nquads", "-o", "/dev/full"], 3, "o space left"),
        (["--gzip", "-o", "{out}"], 3, "is a directory"),
        (["--gzip", "-o", ""], 3, "empty"),
    ],
)
def test_mistakes(command: Run, mine: Path, arguments: list[str], status: int, words: str) -> None:
    given = [argument.format(out=mine / "out") for argument in arguments]
    ended = command("export", "--data", mine / "mine.nt", *given)
    assert (ended.status, ended.out) == (status, "")
    assert words in ended.err
    assert list((mine / "out").iterdir()) == []


def test_files_of_a_longer_export_are_not_left_unnoticed(command: Run, mine: Path) -> None:
    arguments = ("export", "--data", mine / "mine.nt", "-o", mine / "out" / "a.nq", "--split")
    assert command(*arguments, "2").status == 0
    before = content(mine / "out")
    ended = command(*arguments, "4")
    assert ended.status == 2
    assert "a-0004.nq, a-0005.nq would be taken for part of this export, which has 3 files" in ended.err
    assert content(mine / "out") == before
    assert command(*arguments, "2").status == 0, "the same again replaces them"
    assert command(*arguments, "1").status == 0, "so does a longer one"
    assert len(content(mine / "out")) == 10


def test_a_folder_in_the_place_of_a_file(command: Run, mine: Path) -> None:
    (mine / "out" / "a-0002.nq").mkdir()
    ended = command("export", "--data", mine / "mine.nt", "--split", "5", "-o", mine / "out" / "a.nq")
    assert ended.status == 3
    assert "a-0002.nq: cannot be written: is a directory" in ended.err
    assert [path.name for path in (mine / "out").iterdir()] == ["a-0002.nq"]


def test_a_disk_that_is_full_leaves_nothing(mine: Path) -> None:
    (mine / "long.nt").write_text("".join(f'<urn:{at}> <urn:p> "{"x" * 900}" .\n' for at in range(100)))

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    for options in (["--split", "60"], []):
        ended = subprocess.run(
            [sys.executable, "-m", "perezkg", "export", "--data", mine / "long.nt", "-o", mine / "out/a.nq", *options],
            check=False,
            capture_output=True,
            text=True,
            preexec_fn=limited,
        )
        assert ended.returncode == 3
        assert "cannot be written: file too large" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert list((mine / "out").iterdir()) == []


def test_a_broken_file_writes_nothing(command: Run, mine: Path) -> None:
    (mine / "broken.nt").write_text(PLAIN * 3 + "<urn:s> .\n", encoding="utf-8")
    ended = command("export", "--data", mine / "broken.nt", "--split", "2", "-o", mine / "out" / "a.nq")
    assert ended.status == 3
    assert "broken.nt:31:" in ended.err
    assert list((mine / "out").iterdir()) == []


def test_nothing_is_one_empty_file(command: Run, mine: Path) -> None:
    (mine / "empty.nt").write_text("")
    ended = command("export", "--data", mine / "empty.nt", "--split", "2", "-o", mine / "out" / "a.nq")
    assert ended.status == 0
    assert "holds no triples" in ended.err
    assert content(mine / "out") == {"a-0001.nq": b""}


def test_a_mode_and_a_link_are_kept(command: Run, mine: Path) -> None:
    target = mine / "elsewhere.nq"
    target.write_text("old")
    target.chmod(0o604)
    (mine / "out" / "a-0001.nq").symlink_to(target)
    assert command("export", "--data", mine / "mine.nt", "--split", "5", "-o", mine / "out" / "a.nq").status == 0
    assert (mine / "out" / "a-0001.nq").is_symlink()
    assert target.read_text(encoding="utf-8").startswith("<http://e.org/000>")
    assert target.stat().st_mode & 0o777 == 0o604


def test_ctrl_c_leaves_no_draft(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with contextlib.suppress(KeyboardInterrupt):
        main(["export", "--data", str(mine / "mine.nt"), "--split", "5", "-o", str(mine / "out" / "a.nq")])
    assert list((mine / "out").iterdir()) == []
