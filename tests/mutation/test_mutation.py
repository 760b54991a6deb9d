"""Mutants: what the operators make, whether the quick judge is right, and whether the shapes notice."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from tests.mutation.against_ledger import LedgerNet
from tests.mutation.campaign import Plan, Worker, judged
from tests.mutation.command import main
from tests.mutation.facts import Facts
from tests.mutation.mutants import Mutant, term_text
from tests.mutation.operators import OPERATORS, all_mutants
from tests.mutation.survivors import read_reasons, uncovered
from tests.mutation.table import rate

from perezkg import resources
from perezkg.shacl.shapes import profiles
from perezkg.vocabulary import RDFS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "mutation.md"
# Of some 50,000: all of them take an hour, the 2,000 of the page some minutes, these one.
SAMPLE = int(os.environ.get("PEREZKG_MUTANTS", "400"))
OF_THE_PAGE = 2000
TINY = """
@prefix ex: <https://example.org/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:a a ex:Race ; rdfs:label "A"@en ; ex:year 2000 ; ex:rank 1 ; ex:at ex:p ; prov:wasDerivedFrom ex:s , ex:t .
ex:b a ex:Race ; rdfs:label "B"@en ; ex:year 2001 ; ex:rank 2 ; ex:at ex:p ; ex:date "2001-02-03"^^xsd:date .
ex:p a ex:Place ; ex:name "P" ; ex:latitude 47.5 .
"""


def tiny(operator: str, seed: int = 1) -> list[str]:
    facts = Facts(parse(TINY.encode(), format=RdfFormat.TURTLE))
    return [str(mutant).replace("https://example.org/", "") for mutant in all_mutants(facts, seed, [operator])]


def test_drop_leaves_out_each_triple_once() -> None:
    assert len(tiny("drop")) == 16
    assert 'drop: - <p> <name> "P"' in tiny("drop")


@pytest.mark.parametrize(
    ("operator", "count"),
    [
        ("misspell", 16),
        ("dangle", 7),
        ("second value", 12),
        ("wrong type", 7),
        ("wrong datatype", 7),
        ("language tag", 3),
        ("absurd value", 9),
        ("swapped years", 2),
        ("swapped medal and rank", 1),
        ("provenance removed", 1),
    ],
)
def test_each_operator_makes_one_mutant_a_place(operator: str, count: int) -> None:
    assert len(tiny(operator)) == count


def test_the_same_number_as_an_integer_is_no_change() -> None:
    text = TINY.replace("ex:latitude 47.5", 'ex:latitude "47"^^xsd:decimal , "48"^^xsd:decimal , "47.5"^^xsd:decimal')
    facts = Facts(parse(text.encode(), format=RdfFormat.TURTLE))
    made = {
        (term_text(mutant.removed[0].object), mutant.variant)  # type: ignore[arg-type]
        for seed in range(20)
        for mutant in all_mutants(facts, seed, ["wrong datatype"])
        if mutant.property.endswith("latitude>")
    }
    assert made == {
        *((f'"{value}"^^xsd:decimal', name) for value in (47, 48) for name in ("string", "double")),
        *(('"47.5"^^xsd:decimal', name) for name in ("string", "double", "integer")),
    }


def test_mutants_are_changes_and_the_same_each_time() -> None:
    facts = Facts(parse(TINY.encode(), format=RdfFormat.TURTLE))
    made = all_mutants(facts, 1)
    assert made == all_mutants(facts, 1) != all_mutants(facts, 2)
    assert all(mutant.removed or mutant.added for mutant in made)
    assert all(set(mutant.removed) <= facts.present and not set(mutant.added) & facts.present for mutant in made)


def test_a_mutant_stays_when_the_data_change_elsewhere() -> None:
    more = TINY + "ex:q a ex:Place ; ex:name 'Q' ."
    for operator in ("misspell", "dangle", "language tag", "absurd value", "wrong datatype"):
        before = {str(m) for m in all_mutants(Facts(parse(TINY.encode(), format=RdfFormat.TURTLE)), 1, [operator])}
        after = {str(m) for m in all_mutants(Facts(parse(more.encode(), format=RdfFormat.TURTLE)), 1, [operator])}
        assert before <= after


def test_a_sample_is_noticed_or_excused() -> None:
    verdicts = list(judged(Plan(seed=1, sample=150), prove=False))
    assert {verdict.mutant.operator for verdict in verdicts} <= OPERATORS.keys()
    assert uncovered(verdicts, read_reasons()) == []


def test_the_ledger_tells_what_the_sources_do_not_say() -> None:
    net = LedgerNet()
    name, label = NamedNode("http://purl.org/dc/terms/issued"), NamedNode(RDFS + "label")
    facts = Plan().facts()
    told = [triple for triple in facts.triples if triple.predicate == name][:20]
    assert len(told) == 20
    for triple in told:
        wrong = Triple(triple.subject, triple.predicate, Literal("1999-01-02"))
        assert not net.tells(change([triple], [triple])), "as it is"
        assert net.tells(change([triple], []))
        assert net.tells(change([], [wrong]))
        assert net.tells(change([triple], [wrong]))
    stranger = NamedNode("https://w3id.org/perezkg/id/a-stranger")
    assert net.tells(change([], [Triple(stranger, name, Literal("2000"))]))
    # What no line tells: the language of our own words.
    labels = [triple for triple in facts.triples if triple.predicate == label and language(triple) == "es"]
    french = Triple(labels[0].subject, label, Literal(labels[0].object.value, language="fr"))  # type: ignore[union-attr]
    assert not net.tells(change([labels[0]], [french]))


def change(removed: list[Triple], added: list[Triple]) -> Mutant:
    return Mutant("drop", "", "", "", tuple(removed), tuple(added))


def language(triple: Triple) -> str | None:
    return triple.object.language if isinstance(triple.object, Literal) else None


def test_what_the_shapes_let_live_is_put_to_the_ledger(tmp_path: Path) -> None:
    plan = Plan(operators=("swapped years",), sample=12)
    verdicts = list(judged(plan, prove=False))
    assert any(verdict.found is None and verdict.in_ledger for verdict in verdicts)
    assert not any(verdict.found and verdict.in_ledger for verdict in verdicts), "only these"
    data = tmp_path / "data.ttl"
    data.write_text(TINY, "utf-8")
    verdicts = list(judged(Plan(data=(str(data),), operators=("drop",)), prove=False))
    assert len(verdicts) == 16
    assert not any(verdict.in_ledger for verdict in verdicts), "there is a ledger of perezkg's own data only"


def test_the_shapes_are_ours_with_all_profiles_or_those_given() -> None:
    assert [Path(file.name).name for file in Plan().shape_files()] == [
        "shapes.ttl",
        *(f"{profile}.ttl" for profile in profiles()),
    ]
    given = resources.ontology_file("shapes.ttl")
    assert [file.name for file in Plan(shapes=(given,)).shape_files()] == [given]


def test_the_page_counts_the_mutants_that_there_are() -> None:
    plan = Plan(seed=1, sample=OF_THE_PAGE)
    made = Counter(mutant.operator for mutant in plan.mutants(plan.facts()))
    assert {row[0]: number(row[1]) for row in table("operator")} == {**made, "**all**": made.total()}
    # What there are, was killed or has survived; which it was, the whole campaign tells.
    killed = [number(row[2]) for row in table("operator")]
    warned = [number(row[3]) for row in table("operator")]
    assert (sum(killed[:-1]), sum(warned[:-1])) == (killed[-1], warned[-1])
    noticed = [number(row[5]) for row in table("operator")]
    assert sum(noticed[:-1]) == noticed[-1]
    for name, mutants, dead, by_warning, share, by_both, share_of_both in table("operator"):
        assert number(by_warning) <= number(dead) <= number(by_both) <= number(mutants), name
        assert share == f"{rate(number(dead), number(mutants)):.1f} %", name
        assert share_of_both == f"{rate(number(by_both), number(mutants)):.1f} %", name
    assert sum(number(row[0]) for row in table("mutants")) == made.total() - killed[-1]
    constraints = [(number(row[0]), row[1].split(", ")) for row in table("kills")]
    assert sum(kills * len(names) for kills, names in constraints) == killed[-1]
    assert f"\n{sum(len(names) for _, names in constraints)} constraints killed something." in PAGE.read_text("utf-8")


def number(cell: str) -> int:
    return int(cell.replace(",", ""))


def table(first: str) -> list[list[str]]:
    """Return the cells of the table of the page whose first column has this head."""
    rows = PAGE.read_text("utf-8").partition(f"\n| {first} |")[2].partition("\n\n")[0].splitlines()[2:]
    assert rows
    return [row.strip("| ").split(" | ") for row in rows]


@pytest.mark.slow
def test_the_quick_judge_agrees_with_complete_validations() -> None:
    worker = Worker(Plan(seed=7), prove=False)
    try:
        rnd = random.Random(7)  # noqa: S311 - not for secrets
        chosen = rnd.sample(worker.mutants, 12)
        chosen += rnd.sample([mutant for mutant in worker.mutants if mutant.operator == "drop"], 6)
        for mutant in chosen:
            quick, thorough = worker.judge.quick(mutant), worker.judge.thorough(mutant)
            assert (quick is None) == (thorough is None), mutant
    finally:
        worker.judge.close()


@pytest.mark.slow
def test_a_large_sample_is_noticed_or_excused_and_the_page_says_so() -> None:
    """The page is compared where its own sample is asked for: PEREZKG_MUTANTS=2000."""
    asked = ["--seed", "1", "--jobs", "2", "--sample", str(SAMPLE), "--minimum", "96.4"]
    page = ["--markdown", str(PAGE), "--check"] if SAMPLE == OF_THE_PAGE else []
    assert main([*asked, *page]) == 0
