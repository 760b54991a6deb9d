"""What the report looks like, to people and to programs; and its formats, of which a new one is a module and a row."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pyshacl
import pytest
import rdflib
from rdflib import BNode, Graph, Literal
from rdflib.namespace import SH
from rdflib.term import Node

from perezkg.errors import UnknownFormatError
from perezkg.rdf import reading
from perezkg.shacl.report import FORMATS, ReportFormat, format_of_file
from perezkg.shacl.validate import Report, validate

if TYPE_CHECKING:
    from tests.conftest import Run

HERE = Path(__file__).parent
SAMPLES = sorted(path.name.removesuffix(".shapes.ttl") for path in (HERE / "samples").glob("*.shapes.ttl"))
MARK = re.compile(r"#! (\S+)$", re.MULTILINE)
Faults = set[tuple[int, str]]


def sample(name: str, fail_on: str = "violation") -> Report:
    data, shapes = (reading.read(str(HERE / f"samples/{name}.{part}.ttl")) for part in ("data", "shapes"))
    return validate([data], shapes=[shapes], fail_on=fail_on)


def written(report: Report, form: str, lang: str = "en") -> str:
    return "".join(report.render(form, lang=lang))


@pytest.fixture(scope="module")
def stranger() -> Report:
    return validate([reading.read(str(HERE / "stranger.ttl"))])


def planted_faults() -> Faults:
    """Return line and rule of each fault that the stranger's file is marked with."""
    lines = (HERE / "stranger.ttl").read_text(encoding="utf-8").splitlines()
    return {(number, mark[1]) for number, line in enumerate(lines, 1) if (mark := MARK.search(line))}


def faults_in_text(report: Report) -> Faults:
    found = re.findall(
        r"^\S+stranger\.ttl:(\d+):\d+: violation: .+\n    .*\n +\^\n  rule pzsh:(\S+) ", str(report), re.MULTILINE
    )
    return {(int(line), rule) for line, rule in found}


def faults_in_json(report: Report) -> Faults:
    results = json.loads(written(report, "json"))["results"]
    return {(r["line"], r["ruleName"].removeprefix("pzsh:")) for r in results if r["severity"] == "violation"}


def faults_in_sarif(report: Report) -> Faults:
    results = json.loads(written(report, "sarif"))["runs"][0]["results"]
    return {
        (r["locations"][0]["physicalLocation"]["region"]["startLine"], r["ruleId"].removeprefix("pzsh:"))
        for r in results
        if r["level"] == "error"
    }


@pytest.mark.parametrize("found", [faults_in_text, faults_in_json, faults_in_sarif])
def test_ten_faults_of_a_stranger(stranger: Report, found: Callable[[Report], Faults]) -> None:
    assert len(planted_faults()) == 10
    assert found(stranger) == planted_faults()


@pytest.mark.parametrize("name", SAMPLES)
def test_sarif_follows_its_schema(name: str) -> None:
    # The schema as npm's @microsoft/jest-sarif 1.0.0-beta.0 (MIT) ships it, white space taken out.
    schema = json.loads((HERE / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    log = json.loads(written(sample(name), "sarif", "es"))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"].endswith(f"{name}.data.ttl")
        region = place.get("region", {"startColumn": 1, "endColumn": 2})
        assert region["endColumn"] > region["startColumn"] >= 1


def test_sarif_places_are_relative_to_the_working_directory(
    stranger: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(HERE.parent)
    location = _location(json.loads(written(stranger, "sarif")))
    assert location["uri"] == "shacl/stranger.ttl"
    assert location["uriBaseId"] == "%SRCROOT%"
    monkeypatch.chdir(tmp_path)
    location = _location(json.loads(written(stranger, "sarif")))
    assert location["uri"].startswith("file:///")
    assert "uriBaseId" not in location


def _location(log: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = log["runs"][0]["artifacts"][0]["location"]
    return found


def test_fingerprints_stay_when_lines_move(tmp_path: Path) -> None:
    text = (HERE / "stranger.ttl").read_text(encoding="utf-8")
    prints = []
    for path, content in ((tmp_path / "a.ttl", text), (tmp_path / "b.ttl", "# a new line\n\n" + text)):
        path.write_text(content, encoding="utf-8")
        log = json.loads(written(validate([reading.read(str(path))]), "sarif"))
        prints.append(sorted(r["partialFingerprints"]["focusPathValue/v1"] for r in log["runs"][0]["results"]))
    assert prints[0] == prints[1]
    assert len(set(prints[0])) == len(prints[0])


def test_sarif_speaks_both_languages(stranger: Report) -> None:
    english, spanish = (json.loads(written(stranger, "sarif", lang))["runs"][0] for lang in ("en", "es"))
    assert english["language"] == "en"
    assert spanish["language"] == "es"
    texts = [[result["message"]["text"] for result in run["results"]] for run in (english, spanish)]
    assert len(texts[0]) >= len(planted_faults())
    assert all(one != two for one, two in zip(*texts, strict=True))


# For a SPARQL constraint pyshacl drops the language of messages and adds the shape's own; so its messages are compared
# apart, in test_messages_of_rules.
@pytest.mark.parametrize("name", SAMPLES)
def test_turtle_is_the_report_of_pyshacl(name: str) -> None:
    text = written(sample(name), "turtle")
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        data, shapes = (Graph().parse(HERE / f"samples/{name}.{part}.ttl") for part in ("data", "shapes"))
        ours = Graph().parse(data=text)
    finally:
        rdflib.NORMALIZE_LITERALS = before
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, theirs, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(theirs, Graph)
    assert _results(ours) == _results(theirs)
    assert list(ours.objects(None, SH.conforms)) == list(theirs.objects(None, SH.conforms))


def _results(report: Graph) -> set[frozenset[tuple[Node, Node | str]]]:
    """Return what each result says, but for messages, details and what blank shapes, paths and nodes hold."""
    return {
        frozenset(
            (predicate, "blank" if isinstance(value, BNode) else value)
            for predicate, value in report.predicate_objects(node)
            if predicate not in (SH.resultMessage, SH.detail)
        )
        for node in report.objects(None, SH.result)
    }


def test_turtle_has_paths_and_details() -> None:
    graph = Graph().parse(data=written(sample("paths"), "turtle"))
    assert (None, SH.inversePath, None) in graph
    assert (None, SH.oneOrMorePath, None) in graph or (None, SH.alternativePath, None) in graph
    details = Graph().parse(data=written(sample("shared"), "turtle"))
    assert list(details.objects(None, SH.detail))


def test_messages_of_rules() -> None:
    report = sample("sparql")
    (gold,) = (result for result in report if result.rule.endswith("/gold"))
    assert gold.messages == {
        "en": "ex:r2 has rank 2, not 1",
        "es": "ex:r2 tiene el puesto 2, no el 1",
    }
    # By way of pyshacl: the languages are found again.
    union = [result for result in report if result.rule.endswith("/late")]
    assert union
    assert all(result.messages == {"en": "late"} for result in union)
    # Without a message of its own, a constraint has its shape's.
    absent = next(result for result in report if result.rule.endswith("/absent"))
    assert absent.messages == {"en": "the shape's own"}


def test_json_is_stable(stranger: Report) -> None:
    document = json.loads(written(stranger, "json"))
    assert list(document) == [
        *("version", "conforms", "failOn", "counts", "leftOut", "engine", "files", "results", "unchecked", "notices")
    ]
    assert document["version"] == 2
    assert document["counts"]["violation"] == 10
    assert {tuple(result) for result in document["results"]} == {
        (
            "severity", "file", "line", "column", "sourceLine", "messages",
            "rule", "ruleName", "component", "focus", "path", "value",
        )
    }  # fmt: skip
    assert all(set(result["messages"]) == {"en", "es"} for result in document["results"])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", SAMPLES)
def test_twice_the_same(name: str, form: str) -> None:
    assert written(sample(name), form) == written(sample(name), form)


def test_text_in_spanish(stranger: Report) -> None:
    text = written(stranger, "text", "es")
    assert "infracción: " in text
    assert text.endswith("tripletas)\n")
    assert "\nNo conforme: 10 infracciones, " in text
    assert not re.search(r"\b(rule|node|violation|warning|Does)\b", text)


@pytest.mark.parametrize(
    ("node", "shown"),
    [
        ("a.b", "ex:a.b"),
        ("a-", "ex:a-"),
        ("ñ", "ex:ñ"),
        ("n²", "<http://example.org/n²>"),
        ("a.", "<http://example.org/a.>"),
        ("a/b", "<http://example.org/a/b>"),
    ],
)
def test_names_with_the_prefixes_of_a_file_are_turtle(tmp_path: Path, node: str, shown: str) -> None:
    path = tmp_path / "names.ttl"
    path.write_text(f"@prefix ex: <http://example.org/> .\n<http://example.org/{node}> a ex:Unknown .\n", "utf-8")
    assert f"node {shown} ·" in str(validate([reading.read(str(path))]))


def test_severities_and_what_fails() -> None:
    for fail_on, conforms in (("violation", False), ("warning", False), ("info", False)):
        assert sample("cardinality", fail_on).conforms is conforms
    report = sample("cardinality")
    assert report.counts["violation"] > 0 < report.counts["info"]
    with pytest.raises(ValueError, match="violation, warning, info"):
        sample("cardinality", "error")


def test_a_report_without_results(tmp_path: Path) -> None:
    path = tmp_path / "empty.ttl"
    path.write_text("# nothing\n", encoding="utf-8")
    report = validate([reading.read(str(path))])
    assert report.conforms
    assert report
    assert len(report) == 0
    assert report.notices == (f"{path} holds no triples",)
    assert str(report) == "Conforms: no faults (1 file, 0 triples)\n"
    assert (None, SH.conforms, Literal(True)) in Graph().parse(data=written(report, "turtle"))
    assert json.loads(written(report, "sarif"))["runs"][0]["results"] == []


def test_unknown_format(stranger: Report) -> None:
    with pytest.raises(UnknownFormatError) as error:
        stranger.render("saref")
    assert "Did you mean sarif?" in str(error.value)


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a format: a module, and a row."""
    (tmp_path / "report_count.py").write_text(
        "def count(report, *, lang, notes):\n    yield f'{len(report)} {lang} {notes}\\n'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    row = ReportFormat("count", "(a number)", ".count", "text/x-count", "report_count:count")
    monkeypatch.setitem(FORMATS, row.name, row)


@pytest.mark.usefixtures("added")
def test_an_added_format_is_known_everywhere(command: Run, tmp_path: Path) -> None:
    data, shapes = (HERE / f"samples/cardinality.{part}.ttl" for part in ("data", "shapes"))
    report = sample("cardinality")
    assert "".join(report.render("count", lang="es")) == f"{len(report)} es True\n"
    asked = ("validate", data, "--shapes", shapes)
    assert command(*asked, "-f", "count").out == f"{len(report)} en False\n"
    assert command(*asked, "-o", tmp_path / "faults.COUNT").status == 1
    assert (tmp_path / "faults.COUNT").read_text("utf-8") == f"{len(report)} en False\n"
    assert "Did you mean count?" in command(*asked, "-f", "cuont").err
    with pytest.raises(UnknownFormatError, match="Known formats: text, json, turtle, sarif, count"):
        report.render("x")
    help_ = " ".join(command("validate", "--help").out.split())
    assert "(for code hosts) or count (a number)" in help_


def test_the_manual_lists_every_format() -> None:
    manual = (HERE.parents[1] / "docs/validation.md").read_text("utf-8").partition("\n## Formats\n")[2]
    rows = re.findall(r"^\| `([a-z]+)` \| `(\.[a-z]+)` \| `([a-z/+]+)` \|", manual.partition("\n## ")[0], re.MULTILINE)
    assert rows == [(row.name, row.extension, row.media_type) for row in FORMATS.values()]


@pytest.mark.parametrize("row", FORMATS.values(), ids=FORMATS)
def test_a_file_has_the_format_of_its_extension(row: ReportFormat) -> None:
    assert format_of_file(f"a.b{row.extension}") == format_of_file(f"A{row.extension.upper()}") == row.name
    assert format_of_file(f"a{row.extension}.log") == "text"
