"""`perezkg info` as people run it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from perezkg import __version__
from perezkg.cli import main

TURTLE = """
@prefix sport: <https://w3id.org/perezkg/sport#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
<urn:a> a sport:Person ; prov:wasDerivedFrom <urn:s1> .
<urn:b> a sport:Person ; prov:wasDerivedFrom <urn:s1> , <urn:s3> .
<urn:s1> a sport:Passage . <urn:s2> a sport:Passage .
<urn:c> a <http://example.org/Odd> .
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    path = tmp_path / "mine.ttl"
    path.write_text(TURTLE)
    return str(path)


def test_the_table(mine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--data", mine]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    head, _, rest = shown.out.partition("\nfiles\n")
    assert head.startswith(f"versions\n  perezkg     {__version__}\n  Python ")
    assert "not installed" not in head
    files, classes, data = rest.split("\n\n")
    assert files == f"  {mine}  8 triples"
    assert (
        classes
        == "nodes by class\n  sport:Passage             2\n  sport:Person              2\n  <http://example.org/Odd>  1"
    )
    assert data.startswith("data\n  triples             8\n  sentences cited     1 of 2\n  SHA-256 (RDFC-1.0)  ")


def test_json_of_the_own_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "-f", "json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["sentences"] == {"all": 27, "cited": 27}
    assert facts["classes"]["sport:Passage"] == 27
    assert list(facts["versions"]) == [
        "perezkg",
        "Python",
        "pyoxigraph",
        "rdflib",
        "oxrdflib",
        "pyshacl",
        "PyLD",
        "rich",
    ]
    assert main(["export", "-f", "nquads"]) == 0
    assert facts["sha256"] == hashlib.sha256(capsys.readouterr().out.encode()).hexdigest()


def test_two_files_that_say_the_same(mine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.nt"
    assert main(["export", "--data", mine, "-o", str(other)]) == 0
    assert main(["info", "--data", mine, str(other), "-f", "json", "-o", str(tmp_path / "facts.json")]) == 0
    assert capsys.readouterr().out == ""
    facts = json.loads((tmp_path / "facts.json").read_text())
    assert facts["files"] == {mine: 8, str(other): 8}
    assert facts["triples"] == 8


def test_a_broken_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.ttl").write_text("<urn:s> .")
    assert main(["info", "--data", str(tmp_path / "a.ttl")]) == 3
    assert "a.ttl:1:" in capsys.readouterr().err
