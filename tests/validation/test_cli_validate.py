"""`perezkg validate`, as a user runs it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
STRANGER = HERE / "stranger.ttl"
CARDINALITY = HERE / "samples/cardinality.data.ttl"
SHAPES = HERE / "samples/cardinality.shapes.ttl"


def test_own_data_from_anywhere(process: Any) -> None:
    ended = process("validate")
    assert ended.status == 0, ended.out
    assert "Conforms: " in ended.out
    assert ended.err == ""


def test_status_follows_fail_on(command: Any, tmp_path: Path) -> None:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    head = "@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    data.write_text(head + "ex:a a ex:A .")
    for severity, statuses in (("Violation", (1, 1, 1)), ("Warning", (0, 1, 1)), ("Info", (0, 0, 1))):
        shapes.write_text(head + f"ex:S sh:targetClass ex:A ; sh:nodeKind sh:Literal ; sh:severity sh:{severity} .")
        for fail_on, status in zip(("violation", "warning", "info"), statuses, strict=True):
            assert command("validate", data, "--shapes", shapes, "--fail-on", fail_on).status == status
        assert command("validate", data, "--shapes", shapes).status == statuses[0]


def test_notes_are_counted_until_asked_for(command: Any) -> None:
    counted = command("validate", STRANGER)
    assert ": note:" not in counted.out
    assert counted.out.endswith(". --notes shows the notes.\n")
    for told in (command("validate", STRANGER, "--notes"), command("validate", STRANGER, "--fail-on", "info")):
        assert told.out.count(": note: ") == 3
        assert "--notes" not in told.out


def test_a_stranger_in_spanish(command: Any) -> None:
    ended = command("validate", STRANGER, "--lang", "es")
    assert ended.status == 1
    assert "No conforme: 10 infracciones" in ended.out


def test_many_files(command: Any) -> None:
    ended = command("validate", CARDINALITY, STRANGER, "-f", "json")
    document = json.loads(ended.out)
    assert [file["name"] for file in document["files"]] == [str(CARDINALITY), str(STRANGER)]
    assert {result["file"] for result in document["results"]} == {str(CARDINALITY), str(STRANGER)}


def test_output_file_and_its_format(command: Any, tmp_path: Path) -> None:
    for name, start in (("r.json", "{"), ("r.sarif", "{"), ("r.ttl", "@prefix"), ("r.txt", str(CARDINALITY))):
        ended = command("validate", CARDINALITY, "--shapes", SHAPES, "-o", tmp_path / name)
        assert (ended.status, ended.out) == (1, "")
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert command("validate", "-o", tmp_path / "nowhere/r.json").status == 3


def test_usage(command: Any, tmp_path: Path) -> None:
    assert command("validate", "--fail-on", "error").status == 2
    assert "Did you mean sarif?" in command("validate", "-f", "saref").err
    assert command("validate", tmp_path / "missing.ttl").status == 3
    assert command("validate", tmp_path).status == 3
    assert command("validate", STRANGER, "--shapes", tmp_path / "missing.ttl").status == 3
    assert command("validate", "-", "-").status == 2


def test_files_that_cannot_be_read(command: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<x:a> <x:b>\n<x:c> <x:d> .")
    ended = command("validate", broken)
    assert ended.status == 3
    assert f"{broken}:2:7: " in ended.err
    broken.write_bytes(b"\xff\xfe<\x00")
    assert command("validate", broken).status == 3
    broken.write_text("")
    ended = command("validate", broken)
    assert ended.status == 0
    assert f"notice: {broken} holds no triples" in ended.err
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text("<x:S> <http://www.w3.org/ns/shacl#targetClass> <x:A> ; <http://www.w3.org/ns/shacl#or> () .")
    ended = command("validate", STRANGER, "--shapes", shapes)
    assert ended.status == 3
    assert "the shapes cannot be used" in ended.err


def test_standard_input(process: Any) -> None:
    ended = process("validate", "-", "--data-format", "turtle", "-f", "json", input=STRANGER.read_bytes())
    assert ended.status == 1
    assert json.loads(ended.out)["results"][0]["file"] == "standard input"


@pytest.mark.parametrize("form", ["text", "json", "turtle", "sarif"])
def test_hash_seeds_do_not_matter(process: Any, form: str) -> None:
    data, shapes = HERE / "samples/logic.data.ttl", HERE / "samples/logic.shapes.ttl"
    runs = [
        process("validate", CARDINALITY, data, "--shapes", SHAPES, shapes, "-f", form, env={"PYTHONHASHSEED": seed})
        for seed in ("1", "2", "3")
    ]
    assert len({ended.out for ended in runs}) == 1
    assert {ended.status for ended in runs} == {1}


def test_a_closed_pipe(tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "perezkg", "validate", str(STRANGER), "-f", "json"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read(1) == b"{"
        running.stdout.close()
        assert running.stderr.read() == b""


def test_no_bar_for_what_is_quick() -> None:
    main, terminal = pty.openpty()
    arguments = [sys.executable, "-m", "perezkg", "validate", str(CARDINALITY), "--shapes", str(SHAPES)]
    ended = subprocess.run(arguments, check=False, stdout=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    try:
        shown = os.read(main, 1000)
    except OSError:
        shown = b""
    os.close(main)
    assert (ended.returncode, shown) == (1, b"")
