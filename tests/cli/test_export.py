"""`perezkg export` as people run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.killed import killed

from perezkg.cli import main
from perezkg.rdf.formats import writable

TURTLE = "<urn:s> a <https://w3id.org/perezkg/sport#Person> .\n"
EXPORTED = "@prefix sport: <https://w3id.org/perezkg/sport#> .\n\n<urn:s> a sport:Person .\n"


@pytest.fixture
def mine(tmp_path: Path) -> str:
    path = tmp_path / "mine.ttl"
    path.write_text(TURTLE)
    return str(path)


def test_turtle_is_the_default(mine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--data", mine]) == 0
    assert capsys.readouterr() == (EXPORTED, "")


@pytest.mark.parametrize("name", writable())
def test_every_format_to_a_file_is_what_goes_to_standard_output(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "-f", name]) == 0
    shown = capsys.readouterr().out
    assert main(["export", "-f", name, "-o", str(tmp_path / "out")]) == 0
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / "out").read_bytes() == shown.encode()


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.nt", "<urn:s>"),
        ("a.JSONLD", "{"),
        ("a.rdf", "<?xml"),
        ("a.ttl", "@prefix"),
        ("a.txt", "@prefix"),
        ("a.nq", "<urn:s>"),
    ],
)
def test_the_name_of_the_file_tells_the_format(mine: str, tmp_path: Path, name: str, start: str) -> None:
    assert main(["export", "--data", mine, "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_text().startswith(start)


def test_an_export_can_replace_its_own_input(mine: str) -> None:
    assert main(["export", "--data", mine, "-o", mine]) == 0
    assert Path(mine).read_text() == EXPORTED


@pytest.mark.parametrize("part", ["data", "ontology", "shapes", "all"])
def test_parts(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--part", part]) == 0
    shown = capsys.readouterr().out
    assert ("\npz:jefferson-perez a sport:Person" in shown) == (part in ("data", "all"))
    assert ("\nsport:Person a owl:Class" in shown) == (part in ("ontology", "all"))
    assert (" a sh:NodeShape" in shown) == (part in ("shapes", "all"))


def test_named_graphs_are_merged_with_a_notice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.trig").write_text("<urn:g> { <urn:s> <urn:p> 1 }")
    assert main(["export", "--data", str(tmp_path / "a.trig")]) == 0
    shown = capsys.readouterr()
    assert shown.out == "<urn:s> <urn:p> 1 .\n"
    assert shown.err.startswith("perezkg: notice: turtle has no named graphs")


def test_an_empty_file_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.ttl").write_text("")
    assert main(["export", "--data", str(tmp_path / "a.ttl"), "-f", "jsonld"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["@graph"] == []
    assert shown.err == f"perezkg: notice: {tmp_path}/a.ttl holds no triples\n"


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["-f", "turtel"], 2, "Did you mean turtle"),
        (["--part", "onto"], 2, "'onto'"),
        (["--part", "ontology", "--data", "{mine}"], 2, "--data names data"),
        (["--data", "{mine}x"], 3, "no such file"),
        (["--data", "{broken}"], 3, "broken.ttl:1:"),
        (["-o", "{folder}"], 3, "is a directory"),
        (["-o", "{folder}/no/a.ttl"], 3, "There is no directory"),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(
    mine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, words: str
) -> None:
    (tmp_path / "broken.ttl").write_text("<urn:s> <urn:p>")
    names = {"mine": mine, "broken": str(tmp_path / "broken.ttl"), "folder": str(tmp_path)}
    given = [argument.format(**names) for argument in arguments]
    if "-o" not in given:
        given += ["-o", str(tmp_path / "out")]
    assert main(["export", *given]) == status
    shown = capsys.readouterr()
    assert shown.out == ""
    assert words in shown.err
    assert "Traceback" not in shown.err
    assert sorted(os.listdir(tmp_path)) == ["broken.ttl", "mine.ttl"]


def test_a_reader_that_leaves_early_is_no_mistake() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        run = subprocess.run(
            [sys.executable, "-m", "perezkg", "export"], stdout=theirs, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(theirs)
    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.parametrize("name", ["turtle", "longturtle", "jsonld", "ntriples", "nquads", "trig", "rdfxml"])
def test_only_framing_loads_a_library(name: str) -> None:
    script = (
        "import sys; from perezkg.cli import main; main(sys.argv[1:]); "
        "print(*sorted({'rdflib', 'pyld', 'rich', 'pyshacl', 'oxrdflib', 'yaml'} & set(sys.modules)), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, "export", "-f", name], capture_output=True, text=True, check=True
    )
    assert run.stderr == "\n"


@pytest.mark.slow
@pytest.mark.parametrize("format_", ["turtle", "jsonld"])
def test_killed_at_random_moments_nothing_is_half_written(format_: str, tmp_path: Path) -> None:
    data, out = tmp_path / "data.nt", tmp_path / "out"
    iri = "http://example.org/"
    lines = (f'<{iri}{number % 9000}> <{iri}p{number % 7}> "value {number}" .\n' for number in range(60_000))
    data.write_text("".join(lines), "utf-8")
    killed(["export", "-f", format_, "--data", data, "-o", out], [out])
