"""The short way of a canned query, as a build prepares it, and the ordinary one: the same answers and complaints."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from perezkg import cli, resources
from perezkg.cli import main
from perezkg.sparql import prepared
from perezkg.sparql.catalogue import CannedQuery, catalogue, find

ROOT = Path(__file__).parents[2]
FORMS = dict(prepared.forms())


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the forms lie where a wheel has them."""
    for name, text in FORMS.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="\n")
    _forms_are_in(str(tmp_path), monkeypatch)


def _forms_are_in(folder: str, patch: pytest.MonkeyPatch) -> None:
    for module in (resources, cli):
        patch.setattr(module, "prepared_directory", lambda: folder)


def ordinary(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Return the status and the output of a command that takes the ordinary way, as in a checkout."""
    with pytest.MonkeyPatch.context() as patch:
        _forms_are_in(os.devnull, patch)
        status = main(arguments)
    return status, *capsys.readouterr()


def examples(query: CannedQuery) -> list[list[str]]:
    """Return plain ways to ask a query: with what must be given, and with each choice of each parameter."""
    least = [f"-p{row.example}" for row in query.parameters.values() if row.required and row.default is None]
    plain = [word for option in least for word in ("-p", option[2:].replace("'", ""))]
    asked = [[query.name, *plain]]
    for row in query.parameters.values():
        asked += [[query.name, *plain, "-p", f"{row.name}={choice}"] for choice in row.choices]
        if row.kind == "date":
            asked += [[query.name, *plain, "-p", f"{row.name}=2012-12-31"]]
        if row.kind == "iri" and not row.required:
            asked += [[query.name, *plain, "-p", f"{row.name}=pz:jefferson-perez"]]
    return [*asked, [*asked[0], "--lang", "es"], [*asked[0], "--source", "biography", "-f", "csv"]]


def plain(arguments: list[str]) -> bool:
    """Return whether each parameter that is given is of a kind that the short way reads."""
    parameters = find(arguments[0]).parameters
    given = [parameters[word.partition("=")[0]] for word in arguments if "=" in word]
    return all(row.choices or row.kind in ("iri", "integer", "date") for row in given)


def test_what_is_left_to_the_ordinary_way_is_no_list_of_rows() -> None:
    left = {query.name for query in catalogue()} - FORMS.keys()
    assert {find(name).form for name in left} == {"ASK", "CONSTRUCT"}
    assert len(FORMS) > 50


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("name", FORMS)
def test_both_ways_answer_alike(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in examples(find(name)):
        written = cli.prepared_answer(arguments)
        status, out, err = ordinary(["query", *arguments], capsys)
        if written is not None:
            assert (status, out, err) == (0, written, ""), arguments
        else:
            assert out.count("\n") == 1 or not plain(arguments), arguments


UNUSUAL = [
    ["medals", "-f", "json"],
    ["medals", "-f", "csw"],
    ["medals", "-f", "csv", "-f", "tsv"],
    ["medals", "--lang", "tlh"],
    ["medals", "--lang=es"],
    ["medals", "--source", "nobody"],
    ["medals", "medals"],
    ["medals", "--engine", "rdflib"],
    ["medals", "--data", str(ROOT / "data" / "perez.ttl")],
    ["medals", "-p", "athlete=Jefferson Pérez"],
    ["medals", "-p", "athlete=Nobody"],
    ["medals", "-p", "athlete=pz:nobody"],
    ["medals", "-p", "athlete=nobody:nobody"],
    ["medals", "-p", "athlete="],
    ["medals", "-p", "athlete=<https://w3id.org/perezkg/id/jefferson-perez>"],
    ["medals", "-p", "athlete=pz:x> ?p ?o } #"],
    ["medals", "-p", "whose=nobody"],
    ["medals", "-p", 'whose=subject" #'],
    ["medals", "-p", "whose"],
    ["medals", "-p", "whose=subject", "-p", "whose=subject"],
    ["medals", "-p", "colour=red"],
    ["medals", "-p", "lang=es", "--lang", "en"],
    ["medals", "-p", "date=2008-02-30"],
    ["medals", "-p", "date=2008-12-31"],
    ["medals", "-p", "date=0000-01-01"],
    ["medals", "-p", "date=2008-02-29"],
    ["medals", "-p", "date=2008-06-31"],
    ["medals", "-p", "date=2008-00-10"],
    ["medals", "-p", "date=2008-13-10"],
    ["medals", "-p", "date=2008"],
    ["medals", "-p", "date=١٩٩٦-08-01"],
    ["results-between"],
    ["results-between", "-p", "start=+01996"],
    ["results-between", "-p", "start=٣"],
    ["results-between", "-p", "start=99999999999999999999"],
    ["results-between", "-p", "start=-5", "-p", "end=0"],
    ["results-between", "-p", "start=2000", "-p", "end=1900"],
    ["marks-of-distance", "-p", "metres=20000"],
    ["marks-of-distance", "-p", "metres=2e4"],
    ["medlas"],
    ["../queries/medals"],
    ["-"],
    ["--"],
    [""],
    [],
    ["-e", "ASK {}"],
    ["medals", "-p"],
    ["medals", "-o"],
    ["won-olympic-gold"],
    ["schema-org"],
]


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("arguments", UNUSUAL, ids=" ".join)
def test_what_is_unusual_ends_as_ever(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    expected = ordinary(["query", *arguments], capsys)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    assert (main(["query", *arguments]), *capsys.readouterr()) == expected


@pytest.mark.usefixtures("built")
def test_a_broken_file_is_told_by_the_ordinary_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("pz:x a", encoding="utf-8")
    for path, told in ((broken, "broken.ttl:1"), (tmp_path / "gone.ttl", "gone.ttl")):
        monkeypatch.setattr(resources, "data_files", lambda _, path=path: [str(path)])
        assert main(["query", "medals"]) == 3
        assert told in capsys.readouterr().err


def test_the_short_way_imports_no_more_than_it_needs(tmp_path: Path) -> None:
    (tmp_path / "medals").write_text(FORMS["medals"], encoding="utf-8", newline="\n")
    code = (
        "import sys; from perezkg import cli, resources; "
        f"cli.prepared_directory = resources.prepared_directory = lambda: {str(tmp_path)!r}; "
        "status = cli.main(['query', 'medals', '-p', 'date=2012-12-28']); sys.exit(' '.join(sorted(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-S", "-c", code],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    found = ended.stderr.split()
    assert ended.stdout.startswith("year,athlete,")
    assert {name for name in found if name.startswith("perezkg")} == {
        *("perezkg", "perezkg.cli", "perezkg.errors", "perezkg.resources", "perezkg.sparql"),
        *("perezkg.sparql.formats", "perezkg.sparql.prepared"),
    }
    assert {"re", "argparse", "functools", "contextlib", "importlib"}.isdisjoint(found)
