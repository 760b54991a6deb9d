"""`perezkg validate`, as a user runs it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from perezkg.rdf import reading
from perezkg.shacl.report import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad
    from tests.conftest import Interrupt

HERE = Path(__file__).parents[1] / "shacl"
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
    told = (*document["results"], *document["unchecked"])
    assert {one["file"] for one in told} == {str(CARDINALITY), str(STRANGER)}


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


@pytest.mark.parametrize("form", FORMATS)
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
    # Its clock stands still: work is quick on any machine.
    script = (
        "import sys, perezkg.cli, perezkg.cli.options as progress\n"
        "progress.monotonic = lambda: 0.0\n"
        "sys.exit(perezkg.cli.main(sys.argv[1:]))"
    )
    arguments = [sys.executable, "-c", script, "validate", str(CARDINALITY), "--shapes", str(SHAPES)]
    ended = subprocess.run(arguments, check=False, stdout=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    try:
        shown = os.read(main, 1000)
    except OSError:
        shown = b""
    os.close(main)
    assert (ended.returncode, shown) == (1, b"")


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_is_quiet(tmp_path: Path, interrupted: Interrupt) -> None:
    node = '<urn:n{0}> a sport:Person ; rdfs:label "n {0}"@en , "n {0}"@es ; sport:nationality <urn:n{0}x> .\n'
    head = (
        "@prefix sport: <https://w3id.org/perezkg/sport#> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    )
    (tmp_path / "many.ttl").write_text(head + "".join(node.format(number) for number in range(8000)))
    assert interrupted("validate", "many.ttl", "-o", "out.json") < 2
    assert os.listdir(tmp_path) == ["many.ttl"]


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("name", ["validate", "export", "info"])
def test_ctrl_c_does_not_wait_for_the_parser(command: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    seen = []
    parse = reading.parse

    def watched(file: reading.DataFile) -> Iterator[Quad]:
        seen.append(signal.getsignal(signal.SIGINT))
        return parse(file)

    monkeypatch.setattr(reading, "parse", watched)
    try:
        assert command(name).status == 0
        assert set(seen) == {signal.SIG_DFL}
        assert signal.getsignal(signal.SIGINT) == signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("option", ["--shapes", "--add-shapes"])
def test_shapes_from_standard_input_are_a_usage_error(command: Any, option: str) -> None:
    ended = command("validate", option, "-")
    assert ended.status == 2
    assert "standard input can hold data, not shapes" in ended.err
    assert "--shapes shapes.ttl" in ended.err


@pytest.mark.parametrize(("quotes", "line"), [('"""\n', 3), ('"', 2)])
def test_a_refused_rule_names_its_file(command: Any, tmp_path: Path, quotes: str, line: int) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:S> sh:targetClass <urn:A> ; sh:sparql <urn:R> .\n"
        f"<urn:R> sh:select {quotes}SELECT $this {{ SERVICE <http://example.org/> {{ $this ?p ?o }} }}"
        f"{quotes.strip()} ."
    )
    ended = command("validate", "--shapes", shapes)
    assert ended.status == 3
    assert f"{shapes}:{line}:" in ended.err
    assert "SERVICE" in ended.err


def test_standard_input_has_a_valid_uri_in_sarif(process: Any) -> None:
    ended = process("validate", "-", "--data-format", "turtle", "-f", "sarif", input=b"<urn:a> a <urn:B> .")
    run = json.loads(ended.out)["runs"][0]
    assert run["artifacts"][0]["location"]["uri"] == "urn:perezkg:standard-input"
    assert run["artifacts"][0]["location"]["description"] == {"text": "standard input"}
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    place = notice["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "urn:perezkg:standard-input"
    assert "uriBaseId" not in place


def test_the_text_tells_once_what_several_components_say(command: Any, tmp_path: Path) -> None:
    data = tmp_path / "data.ttl"
    valid = (HERE / "provenance/valid.ttl").read_text("utf-8")
    data.write_text(valid.replace("sport:rank 1 ;", 'sport:rank "first" ;', 1), "utf-8")
    rules = [result["ruleName"] for result in json.loads(command("validate", data, "-f", "json").out)["results"]]
    assert rules.count("pzsh:Participation-rank") > 1
    text = command("validate", data).out
    assert text.count("rule pzsh:Participation-rank ·") == 1
    told = text.count(": violation: ")
    assert f"Does not conform: {told} violation" in text
