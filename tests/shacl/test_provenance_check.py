"""`--profile provenance`: each constraint finds the fault that it is for, by the command and from Python.

`provenance/valid.ttl` and its text conform; `provenance/faults.toml` says which faults are planted into them.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import NamedNode

import perezkg
from perezkg import resources
from perezkg.cli import main
from perezkg.errors import PassageMismatchError, UsageError
from perezkg.rdf import reading
from perezkg.shacl.rules import whole_graph_rules
from perezkg.shacl.shapes import TEXT_CONSTRAINT, TYPE, DataGraph, Shapes
from perezkg.shacl.validate import Report, profiles

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
VALID = (HERE / "provenance/valid.ttl").read_text("utf-8")
TEXT = (HERE / "provenance/report.txt").read_bytes()
WORDS = TEXT.decode()
PZSH = "https://w3id.org/perezkg/shapes#"
SHA = "http://www.w3.org/ns/shacl#"

FAULTS: dict[str, list[dict[str, Any]]] = tomllib.loads((HERE / "provenance/faults.toml").read_text("utf-8"))

Edit = Sequence[str]


def digest(words: str | bytes) -> str:
    return sha256(words.encode() if isinstance(words, str) else words).hexdigest()


S2 = digest(WORDS[45:138])
LIST_REPEATS = (
    'dcterms:title "Results list of the Northern Cup" ;',
    'dcterms:title "Results list of the Northern Cup" ;\n    sport:repeats ex:archive ;',
)
EVIDENCE = "    sport:verdict sport:verdict-corroborated ;\n    prov:wasDerivedFrom ex:list"


def edited(edits: Iterable[Edit], base: str = VALID) -> str:
    for old, new in edits:
        assert old in base, f"the fixture has no {old!r}"
        base = base.replace(old, new)
    return base


def check(tmp_path: Path, data: str, text: str | bytes | None = None) -> Report:
    (tmp_path / "data.ttl").write_text(data, "utf-8")
    path = None
    if text is not None:
        path = tmp_path / "text.txt"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return perezkg.load(str(tmp_path / "data.ttl")).validate(profile="provenance", text=path)


def fired(report: Report) -> set[str]:
    return {result.rule.removeprefix(PZSH) for result in report}


def own_profile() -> Shapes:
    return Shapes(reading.parse(reading.read(resources.profile_files()["provenance"])))


OWN = {str(node)[1:-1].removeprefix(PZSH) for node in own_profile().subjects(SHA + "message")}


def assert_fired(report: Report, rules: Iterable[str]) -> None:
    """Of the profile's own rules these fire and no other; of the shapes', at least these."""
    assert fired(report) & OWN == set(rules) & OWN, str(report)
    assert set(rules) <= fired(report), str(report)


def test_the_fixture_conforms_without_any_remark(tmp_path: Path) -> None:
    report = check(tmp_path, VALID, TEXT)
    assert report.counts["violation"] == 0, str(report)
    assert_fired(report, ())
    assert report.notices == ()


@pytest.mark.parametrize("fault", FAULTS["fault"], ids=lambda fault: fault["name"])
def test_planted_faults(tmp_path: Path, fault: dict[str, Any]) -> None:
    report = check(tmp_path, edited(fault["edits"]))
    assert_fired(report, fault["fires"])
    meant = next(result for result in report if result.rule == PZSH + fault["fires"][0])
    assert meant.line, "it is found in the file"
    assert set(meant.messages) == {"en", "es"}
    assert "{" not in "".join(meant.messages.values())


@pytest.mark.parametrize("fault", FAULTS["derived"], ids=lambda fault: fault["rule"])
def test_a_spoilt_derived_value_is_found(tmp_path: Path, fault: dict[str, Any]) -> None:
    report = check(tmp_path, edited(fault["edits"]), TEXT if fault.get("text") else None)
    assert fired(report) == {fault["rule"], *fault.get("also", ())}, str(report)


def test_the_manual_lists_what_recomputes_each_derived_value() -> None:
    manual = (ROOT / "docs/validation.md").read_text("utf-8").partition("### Derived values")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| [^|]+ \| [^|]+ \| ([\w-]+) \| (shapes|profile) \|$", manual, re.MULTILINE)
    assert sorted(rule for rule, _ in rows) == sorted(fault["rule"] for fault in FAULTS["derived"])
    shapes = (ROOT / "ontology/shapes.ttl").read_text("utf-8")
    profile = (ROOT / "ontology/profiles/provenance.ttl").read_text("utf-8")
    for rule, where in rows:
        assert f"\npzsh:{rule} a " in {"shapes": shapes, "profile": profile}[where], rule


@pytest.mark.parametrize("fault", FAULTS["text"], ids=lambda fault: fault["name"])
def test_the_text_is_compared(tmp_path: Path, fault: dict[str, Any]) -> None:
    report = check(tmp_path, edited(fault.get("edits", [])), edited(fault.get("text_edits", []), WORDS))
    assert_fired(report, fault["fires"])
    for result in report:
        assert result.line
        if result.rule.removeprefix(PZSH) not in OWN:
            continue
        for message in result.messages.values():
            assert "{" not in message
            assert not re.search(r"Mira|Kron was|walker|[0-9a-f]{20}", message), "no words of the text, no long digests"


def test_messages_name_the_passage_and_the_digests(tmp_path: Path) -> None:
    report = check(tmp_path, edited([(S2, digest("else"))]), TEXT)
    (result,) = (found for found in report if found.rule in {PZSH + rule for rule in OWN})
    message = result.message("en")
    assert "report:s2" in message
    assert digest("else")[:12] + "…" in message
    assert S2[:12] + "…" in message
    assert "45–138" in message
    report = check(tmp_path, edited([("oa:start 45", "oa:start 46")]), TEXT)
    (result,) = (found for found in report if found.rule == PZSH + "Passage-offsets-of-text")
    assert "the characters 45–138" in result.message("en")
    assert result.source_line.strip() == "oa:start 46 ;"


def test_each_constraint_of_the_profile_has_its_fault() -> None:
    shapes = own_profile()
    compared = {node for node in shapes.subjects(TYPE) if NamedNode(TEXT_CONSTRAINT) in shapes.values(node, TYPE)}
    assert compared | set(shapes.subjects(SHA + "select")) == set(shapes.subjects(SHA + "message"))
    planted = {fault["fires"][0] for kind in ("fault", "text") for fault in FAULTS[kind]}
    planted |= {fault["rule"] for fault in FAULTS["derived"]}
    assert planted >= OWN


def test_the_profile_keeps_to_the_manner_of_the_shapes() -> None:
    shapes = own_profile()
    standard = Shapes(reading.parse(reading.read(resources.ontology_file("shapes.ttl"))))
    names = set(shapes.subjects(SHA + "message"))
    assert not names & set(standard.subjects(SHA + "message")), "a name means one thing"
    for node in names:
        assert set(shapes.texts(node, SHA + "message")) == {"en", "es"}, node
        assert shapes.value(node, SHA + "severity") is not None, node
    data = DataGraph((quad for path in resources.data_files() for quad in reading.parse(reading.read(path))), [])
    whole = {rule.constraint for rule in whole_graph_rules(shapes, data)}
    assert {quad.subject for quad in shapes.quads if quad.predicate.value == SHA + "select"} == whole
    assert main(["format", "--check", *resources.profile_files().values()]) == 0


def test_own_data_conform(kg: perezkg.KnowledgeGraph) -> None:
    report = kg.validate(profile="provenance")
    assert report.conforms, str(report)
    assert_fired(report, ())


def test_own_data_agree_with_the_biography(kg: perezkg.KnowledgeGraph) -> None:
    path = Path(os.environ.get("PEREZKG_BIOGRAPHY") or ROOT.parent / "shared/biography.txt")
    if not path.is_file():
        pytest.skip("the biography's text is not shipped; set PEREZKG_BIOGRAPHY to its path to check against it")
    report = kg.validate(profile="provenance", text=path)
    assert report.conforms, str(report)
    assert report.notices == ()


def test_a_text_that_is_none_of_those_cited(tmp_path: Path) -> None:
    with pytest.raises(PassageMismatchError, match="none of those that the data cite: A Walk Through Life"):
        check(tmp_path, VALID, "Something else.")
    for text, words in ((b"\xef\xbb\xbf" + TEXT, "byte order mark"), (TEXT.replace(b"\n", b"\r\n"), "CR LF")):
        with pytest.raises(PassageMismatchError, match=words):
            check(tmp_path, VALID, text)
    with pytest.raises(PassageMismatchError, match="the data cite no passages"):
        check(tmp_path, "@prefix sport: <https://w3id.org/perezkg/sport#> . <http://e/a> a sport:Person .", TEXT)


def test_of_several_sources_the_one_that_fits_is_compared(tmp_path: Path) -> None:
    other = f"""
ex:almanac sport:characters 9 ;
    sport:sha256 "{digest("One. Two.")}" ;
    dcterms:language "en" .

ex:a1 a sport:Passage ;
    rdfs:label "Almanac, 1"@en , "Almanaque, 1"@es ;
    oa:hasSource ex:almanac ;
    oa:hasSelector ex:a1-position ;
    sport:position 1 ;
    sport:sha256 "{digest("One.")}" .

ex:a1-position a oa:TextPositionSelector ;
    oa:start 0 ;
    oa:end 4 .
"""
    both = VALID.replace("prov:wasDerivedFrom ex:almanac", "prov:wasDerivedFrom ex:a1") + other
    report = check(tmp_path, both, TEXT)
    assert_fired(report, ())
    assert "not compared with the text of Northern almanac" in report.notices[0]
    assert_fired(check(tmp_path, both, "One. Two."), ["Source-covered-by-passages"])
    # Altered, it is still told from the other by the passage that fits.
    report = check(tmp_path, both, "One. Too.")
    assert_fired(report, ["Source-covered-by-passages", "Source-digest-of-text"])
    assert {str(result.focus) for result in report if "of-text" in result.rule} == {"<https://example.org/id/almanac>"}


def test_a_source_merely_on_another_side_is_independent(tmp_path: Path) -> None:
    """That a source repeats some other text does not make it a voice of this claim's source."""
    report = check(tmp_path, edited([LIST_REPEATS, (EVIDENCE, EVIDENCE + " , ex:almanac")]))
    assert_fired(report, ())


# The command.


def fixture(tmp_path: Path, edits: list[Edit]) -> tuple[str, str]:
    (tmp_path / "data.ttl").write_text(edited(edits), "utf-8")
    (tmp_path / "text.txt").write_bytes(TEXT)
    return str(tmp_path / "data.ttl"), str(tmp_path / "text.txt")


def test_the_command(command: Any, tmp_path: Path) -> None:
    data, text = fixture(tmp_path, [(S2, digest("else"))])
    ended = command("validate", data, "--profile", "provenance")
    assert ended.status == 0
    assert ended.err == (
        "perezkg: notice: offsets and digests were not compared with the text of A Walk Through Life: "
        "give your copy of it with --text FILE\n"
    )
    ended = command("validate", data, "--profile", "provenance", "--text", text, "--lang", "es")
    assert (ended.status, ended.err) == (1, "")
    assert f"{data}:41:5: infracción: Corrija el sport:sha256" in ended.out
    assert "regla pzsh:Passage-digest-of-text · nodo report:s2" in ended.out
    wanted = {
        "json": '"ruleName": "pzsh:Passage-digest-of-text"',
        "sarif": '"startLine": 41',
        "turtle": "sh:sourceShape pzsh:Passage-digest-of-text",
    }
    for form, words in wanted.items():
        ended = command("validate", data, "--profile", "provenance", "--text", text, "-f", form)
        assert ended.status == 1
        assert words in ended.out
    assert command("validate", data).status == 0, "without the profile nothing is compared"


def test_usage_of_the_command(command: Any, tmp_path: Path) -> None:
    data, text = fixture(tmp_path, [])
    ended = command("validate", data, "--profile", "provenence")
    assert ended.status == 2
    assert "Did you mean provenance?" in ended.err
    ended = command("validate", data, "--text", text)
    assert ended.status == 2
    assert "--profile provenance" in ended.err
    assert command("validate", data, "--profile", "provenance", "--text", tmp_path / "absent.txt").status == 3
    ended = command("validate", data, "--profile", "provenance", "--text", data)
    assert ended.status == 3
    assert "none of those that the data cite" in ended.err


def test_usage_from_python(tmp_path: Path) -> None:
    assert profiles() == ("completeness", "provenance")
    graph = perezkg.load(fixture(tmp_path, [])[0])
    with pytest.raises(UsageError, match="Did you mean provenance"):
        graph.validate(profile="provenence")
    for profile in (None, "completeness"):
        with pytest.raises(UsageError, match="nothing asks for a comparison") as caught:
            graph.validate(text=tmp_path / "text.txt", profile=profile)
        assert caught.value.hint == "Name a profile that does: --profile provenance"
    with pytest.raises(ValueError, match="fail_on"):
        graph.validate(fail_on="error")


def test_validate_of_a_graph_takes_every_option(tmp_path: Path) -> None:
    graph = perezkg.load(fixture(tmp_path, [])[0])
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix sport: <https://w3id.org/perezkg/sport#> .\n"
        "<urn:S> sh:targetClass sport:Claim ; sh:nodeKind sh:Literal ; sh:severity sh:Warning ."
    )
    added = graph.validate(more_shapes=[shapes])
    assert (len(added), added.conforms) == (2, True)
    assert not graph.validate(more_shapes=[reading.read(str(shapes))], fail_on="warning").conforms
    instead = graph.validate(shapes=[str(shapes)])
    assert {result.rule for result in instead} == {"urn:S"}
    assert instead.unchecked
    twice = graph.validate(more_shapes=[resources.profile_files()["provenance"]], profile="provenance")
    assert_fired(twice, ())  # the same file given twice is one set of shapes
