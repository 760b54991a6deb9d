"""The short way of a canned query to an index, and the ordinary one: the same answers, complaints and limits."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import perezkg
from perezkg import cli, limits, resources
from perezkg.cli import main
from perezkg.sparql.catalogue import find
from perezkg.sparql.prepared import forms

FORMS = dict(forms())
ENDLESS = "SELECT ?x { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l BIND(STR(?a) AS ?x) FILTER(?x = 'none') } ORDER BY ?x"
# The command line, with the forms in a folder of their own.
COMMAND = """import sys
from perezkg import cli, resources
cli.prepared_directory = resources.prepared_directory = lambda: sys.argv[1]
status = cli.main(sys.argv[2:])
sys.stderr.write(f"{status} {' '.join(sorted(sys.modules))}")
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the forms as a wheel has them, and one that never ends."""
    folder = tmp_path_factory.mktemp("forms")
    for name, text in {**FORMS, "endless": f"\n{ENDLESS}"}.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return an index of perezkg's own data."""
    return perezkg.build_index([], tmp_path_factory.mktemp("own") / "own.index").directory


def both(
    arguments: list[str], built: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[str | None, tuple[int, str, str], tuple[int, str, str]]:
    """Return what the short way writes, and how the command ends where it can take that and where it cannot."""
    ended = []
    written = None
    for folder in (str(built), os.devnull):
        with pytest.MonkeyPatch.context() as patch:
            for module in (resources, cli):
                patch.setattr(module, "prepared_directory", lambda folder=folder: folder)
            written = cli.prepared_answer(arguments) if folder == str(built) else written
            capsys.readouterr()
            ended.append((main(["query", *arguments]), *capsys.readouterr()))
    return written, ended[0], ended[1]


# Each of them is asked in both ways, of files, by tests/sparql/test_prepared.py.
@pytest.mark.parametrize("name", ["medals", *sorted(FORMS)[::6]])
def test_both_ways_answer_alike(name: str, built: Path, own: str, capsys: pytest.CaptureFixture[str]) -> None:
    needed = [row for row in find(name).parameters.values() if row.required and row.default is None]
    values = [word for row in needed for word in ("-p", row.example.replace("'", ""))]
    written, short, ordinary = both([name, *values, "--store", own, "--lang", "es"], built, capsys)
    assert short == ordinary
    assert short[0] == 0
    if written is not None:
        assert written == short[1]
    else:
        assert short[1].count("\n") == 1 or any(row.kind == "string" for row in needed)


UNUSUAL = [
    ["medals", "--timeout", "0"],
    ["medals", "--timeout", "0.5e2"],
    ["medals", "--timeout", "x"],
    ["medals", "--timeout"],
    ["medals", "--source", "biography"],
    ["medals", "-f", "json"],
    ["medals", "--union"],
    ["medals", "-p", "athlete=pz:nobody"],
    ["medals", "--data", "x.ttl"],
    ["nobody"],
    [],
]


@pytest.mark.parametrize("arguments", UNUSUAL, ids=" ".join)
def test_what_is_unusual_ends_as_ever(
    arguments: list[str], built: Path, own: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for asked in (["--store", own, *arguments], [*arguments, "--store", own], [*arguments, "--store", f"{own}-not"]):
        written, short, ordinary = both(asked, built, capsys)
        assert written is None
        assert short == ordinary
    assert both(["medals", "--store", own, "--timeout", "60"], built, capsys)[0]


def test_what_else_is_to_be_said_is_said(tmp_path: Path, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, index = tmp_path / "sawa.ttl", tmp_path / "i"
    text = (Path(__file__).parents[1] / "lives" / "sawa.ttl").read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    perezkg.build_index([file], index)
    arguments = ["medals", "--store", str(index)]
    assert both(arguments, built, capsys)[0]
    os.utime(file, ns=(1, 1))  # touched, and the same
    written, short, ordinary = both(arguments, built, capsys)
    assert written
    assert short == ordinary
    file.write_text(f"{text}# changed\n", encoding="utf-8")
    written, short, ordinary = both(arguments, built, capsys)
    assert written is None
    assert short == ordinary
    assert "sawa.ttl has changed since the index" in short[2]
    for damaged in index.glob("*/concepts/CURRENT"):
        damaged.write_bytes(b"")
    written, short, ordinary = both(arguments, built, capsys)
    assert (written, short[0]) == (None, 3)
    assert short == ordinary


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--timeout", "1"], "perezkg: error: not done after 1 s by the clock; --timeout SECONDS allows more\n"),
        (["--timeout", "1", "--lang", "es"], "perezkg: error: no terminó en 1 s "),
    ],
)
def test_a_limit_of_time_ends_it(built: Path, own: str, options: list[str], told: str) -> None:
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", COMMAND, built, "query", "endless", "--store", own, *options],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=50,
    )
    assert (ended.returncode, ended.stdout) == (5, "")
    assert ended.stderr.startswith(told), ended.stderr
    assert time.monotonic() - began >= 1


def test_the_ordinary_limits_hold_without_an_option(built: Path, own: str) -> None:
    """Seconds of work, and more for each MiB; the test has only less patience than users."""
    for_size = perezkg.open_index(own).size / (1 << 20) * limits.SECONDS_PER_MIB
    limited = COMMAND.replace("status", f"from perezkg import limits\nlimits.SECONDS = {0.3 - for_size}\nstatus", 1)
    ended = subprocess.run(
        [sys.executable, "-c", limited, built, "query", "endless", "--store", own],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=50,
    )
    assert (ended.returncode, ended.stdout) == (5, "")
    assert "s of work; --timeout SECONDS allows more" in ended.stderr


def test_it_imports_little_more_than_without_an_index(built: Path, own: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-S", "-c", COMMAND, built, "query", "medals", "--store", own],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    status, *found = ended.stderr.split()
    assert status == "0"
    assert ended.stdout.startswith("year,athlete,")
    assert {name for name in found if name.startswith("perezkg")} == {
        *("perezkg", "perezkg.cli", "perezkg.errors", "perezkg.resources", "perezkg.sparql", "perezkg.vocabulary"),
        *("perezkg.graph", "perezkg.limits", "perezkg.rdf", "perezkg.rdf.reading", "perezkg.rdf.formats"),
        *("perezkg.index", "perezkg.index.folder", "perezkg.index.graph", "perezkg.index.prepared"),
        *("perezkg.index.sources", "perezkg.sparql.formats", "perezkg.sparql.prepared"),
    }
    assert {"argparse", "gettext", "importlib"}.isdisjoint(found)
