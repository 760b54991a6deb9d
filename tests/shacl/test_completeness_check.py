"""`--profile completeness`: each rule finds the gap that it is for, at the node that has it, and no other.

`completeness/valid.ttl` has none; `completeness/faults.toml` says which faults are planted into it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import perezkg
from perezkg.cli import main
from perezkg.rdf import reading
from perezkg.shacl.rules import whole_graph_rules
from perezkg.shacl.shapes import DataGraph, Shapes, own, profile_file
from perezkg.vocabulary import SH

if TYPE_CHECKING:
    from perezkg.shacl.validate import Report

HERE = Path(__file__).parent
VALID = (HERE / "completeness/valid.ttl").read_text("utf-8")
FAULTS: list[dict[str, Any]] = tomllib.loads((HERE / "completeness/faults.toml").read_text("utf-8"))["fault"]
PZSH = "https://w3id.org/perezkg/shapes#"
PROFILE = Shapes(reading.parse(profile_file("completeness")))
RULES = {PROFILE.name(node).removeprefix(PZSH) for node in PROFILE.subjects(SH + "select")}
# What perezkg's own data lack, as their sources do: a warning each.
GAPS = {
    "Contest-category-told": {
        "pan-american-open-after-1992-walk",
        "race-aid",
        "south-american-open-after-1992-walk",
        "south-american-pre-junior-championship-cuenca-walk",
    },
    "Contest-discipline-told": {
        "pan-american-open-after-1992-walk",
        "race-aid",
        "south-american-open-after-1992-walk",
    },
    "Participation-outcome-told": {
        "ivano-brugnetti-race-walking-challenge-2004",
        "jozef-pribilinec-olympic-games-1988",
        "perez-world-championships-1995",
        "sergio-galdino-eisenhuettenstadt-1995",
    },
    "Participation-country-told": {"perez-junior-world-cup-1992"},
    "CompetitionSeries-countries-told": {"world-championships"},
}


def check(tmp_path: Path, data: str) -> Report:
    (tmp_path / "data.ttl").write_text(data, "utf-8")
    return perezkg.load(str(tmp_path / "data.ttl")).validate(profile="completeness")


def fired(report: Report) -> set[tuple[str, str]]:
    """Return which rules of the profile fire at which nodes."""
    found = {(result.rule.removeprefix(PZSH), str(result.focus).strip("<>").rpartition("/")[2]) for result in report}
    return {(rule, node) for rule, node in found if rule in RULES}


def test_what_is_told_in_full_is_not_remarked_on(tmp_path: Path) -> None:
    report = check(tmp_path, VALID)
    assert report.counts["violation"] == report.counts["warning"] == 0, str(report)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["rule"])
def test_each_gap_is_found_where_it_is(tmp_path: Path, fault: dict[str, Any]) -> None:
    data = VALID
    for old, new in fault["edits"]:
        assert data.count(old) == 1, old
        data = data.replace(old, new)
    report = check(tmp_path, data)
    rules = {fault["rule"], *fault.get("also", ())}
    wanted = {(rule, fault["node"]) for rule in rules}
    if fault["rule"] == "Address-of-one-thing":
        wanted.add((fault["rule"], "news"))
    assert fired(report) == wanted, str(report)
    assert report.conforms, "a gap is no violation"
    for result in report:
        assert result.line
        assert "{" not in "".join(result.messages.values())


def test_each_rule_has_its_fault_and_is_a_warning_in_the_manner_of_the_shapes() -> None:
    assert {fault["rule"] for fault in FAULTS} == RULES
    for node in {*PROFILE.subjects(SH + "select"), *PROFILE.subjects(SH + "sparql")}:
        assert PROFILE.value(node, SH + "severity").value == SH + "Warning", node  # type: ignore[union-attr]
    others = [Shapes(reading.parse(file)) for file in (own("shapes.ttl"), profile_file("provenance"))]
    taken = {other.name(node) for other in others for node in other.subjects(SH + "message")}
    assert not {PZSH + rule for rule in RULES} & taken, "a name means one thing"
    assert len(list(whole_graph_rules(PROFILE, DataGraph([], [])))) == len(RULES)
    assert main(["format", "--check", str(HERE / "completeness/valid.ttl")]) == 0


def test_a_strangers_concept_of_another_scheme_may_stay_as_it_is(tmp_path: Path) -> None:
    concept = '\nex:terrain-sand a <http://www.w3.org/2004/02/skos/core#Concept> ;\n    rdfs:label "sand"@en ;'
    report = check(
        tmp_path, f"{VALID}{concept}\n    skos:inScheme ex:terrains ;\n    prov:wasDerivedFrom ex:walking .\n"
    )
    assert fired(report) == set(), str(report)


def test_the_gaps_of_our_own_data(kg: perezkg.KnowledgeGraph) -> None:
    report = kg.validate(profile="completeness")
    assert report.conforms
    assert fired(report) == {(rule, node) for rule, nodes in GAPS.items() for node in nodes}
