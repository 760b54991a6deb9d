"""docs/trust.md reports what is so: the figures are computed here anew.

`python tests/test_trust.py` writes the tables of the page anew.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import perezkg
from perezkg.rdf import reading
from perezkg.shacl.validate import validate
from perezkg.sparql.catalogue import catalogue
from perezkg.sparql.engines import ENGINES
from perezkg.sparql.results import Solutions
from perezkg.turtle_text.layout import formatted

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "trust.md"
MUTATION = ROOT / "docs" / "mutation.md"


def module(path: str) -> ModuleType:
    """Import a module of the tests by its path."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / "tests" / path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@cache
def everything() -> perezkg.KnowledgeGraph:
    return perezkg.load()


def rows(query: str, **parameters: object) -> Solutions:
    answer = everything().query(query, **parameters)  # type: ignore[arg-type]
    assert isinstance(answer, Solutions)
    return answer


def count(pattern: str) -> int:
    """Return how many ?x fit a pattern."""
    answer = everything().sparql(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}")
    assert isinstance(answer, Solutions)
    return int(next(iter(answer)).n)


def sentences_that_agree(sentences: int) -> str:
    """Return how many sentences have the offsets and digests of the text; "" where the text is not here."""
    text = Path(os.environ.get("PEREZKG_BIOGRAPHY") or ROOT.parent / "shared" / "biography.txt")
    if not text.is_file():
        return ""
    report = everything().validate(profile="provenance", text=text)
    wrong = {result.focus for result in report if result.rule.endswith("-of-text")}
    assert not report.notices, "the text was compared"
    return f"{sentences - len(wrong)} of {sentences}"


def statements() -> list[tuple[str, str, str]]:
    info = everything().info()
    sourced = count("?x prov:wasDerivedFrom ?source")
    things = count("?x a ?class . FILTER(STRSTARTS(STR(?x), STR(pz:)))")
    own = count("?x a ?class ; prov:wasDerivedFrom ?source . FILTER(STRSTARTS(STR(?x), STR(pz:)))")
    report = everything().validate(profile="provenance")
    assert sourced >= own
    return [
        ("sentences of the biography that are cited", f"{info.sentences_cited} of {info.sentences}", "perezkg info"),
        ("things that name where they come from", f"{own} of {things}", "perezkg query unsourced-things"),
        ("sources beside the biography", f"{len(rows('sources')) - 1}", "perezkg query sources"),
        (
            "of them, copies of the biography, which corroborate nothing",
            f"{len([row for row in rows('sources') if row.repeats])}",
            "perezkg query sources",
        ),
        (
            "offsets and digests that are right, of the sentences",
            sentences_that_agree(info.sentences),
            "perezkg validate --profile provenance --text biography.txt",
        ),
        (
            "faults of provenance",
            f"{report.counts['violation'] + report.counts['warning']}",
            "perezkg validate --profile provenance",
        ),
    ]


def claims() -> list[tuple[str, str, str]]:
    made = {row.iri: row.verdict for row in rows("claims") if row.saidBy == "Biography of Jefferson Pérez"}
    verdicts = sorted(set(made.values()))
    conflicts = {row.iri for row in rows("conflicts")}
    preferred = {row.iri for row in rows("conflicts") if row.preferred and row.reason}
    against = rows("counterexamples", date="2026-01-01")
    return [
        (
            "claims of the biography with a verdict",
            f"{sum(map(bool, made.values()))} of {len(made)}",
            "perezkg query claims",
        ),
        *((f"… {verdict}", str(list(made.values()).count(verdict)), "perezkg query claims") for verdict in verdicts),
        (
            "disagreements with a preference and its reason",
            f"{len(preferred)} of {len(conflicts)}",
            "perezkg query conflicts",
        ),
        (
            "results that contradict a claim by 2026",
            str(len({(row.iri, row.counterexample) for row in against})),
            "perezkg query counterexamples -p date=2026-01-01",
        ),
    ]


# What reading the sources says of each claim that `claims` decides today, written by hand: whether it stands, and why.
READ = {
    "race-called-aid": (True, "his family's account and an early encyclopedia article call it the race of Sport Aid"),
    "south-american-junior-title-before-plovdiv": (True, "won in 1989, the year before Plovdiv"),
    "first-international-achievement": (False, "the South American junior title of 1989 came before"),
    "junior-world-cup-name": (False, "the results call it the World Junior Championships"),
    "world-junior-championships-name": (True, "so the results call it"),
    "youngest-20km-olympic-champion": (False, "Borchin, born 1986-09-11, won in 2008, Chen Ding in 2012"),
    "back-operation-1998": (True, "he says so himself"),
    "back-operation-1999": (False, "his physician is quoted with it, he himself says 1998"),
    "world-best-20km": (False, "Kanaykin walked 1:17:16 on 2007-09-29"),
    "world-record-20km": (
        False,
        "there were no world records on the road before 2004, and the mark was beaten in 2007",
    ),
    "road-records-since-2004": (True, "four sources agree, reports of the congress of the federation among them"),
    "largest-winning-margin": (
        True,
        "1:18:35 and 1:19:36 in the list of marks; an article on the race calls it the largest",
    ),
    "third-straight-world-title": (True, "first in 2003, 2005 and 2007 in the list of marks"),
    "retirement-after-beijing": (True, "known on 29 August 2008, thirteen days after the race"),
    "only-two-olympic-medals": (False, "Carapaz won gold on 2021-07-24, and others after him"),
    "second-olympic-medal": (True, "gold of 1996 and silver of 2008, and no other of his in the list of medallists"),
    "final-race": (True, "Murcia on 2008-09-21; no later result of his in any list"),
    "second-in-challenge": (True, "behind Tallent, by a report of the day"),
    "beijing-silver-stands": (True, "the award annuls the results of Borchin from 2009-08-14 on, not that of 2008"),
    "fabian-gave-up-his-place": (True, "so four other accounts have it"),
    "fabian-trained-with-him": (False, "four other accounts have Fabián give up his place"),
    "first-distance-six": (False, "his family's account has two, three and five kilometres"),
    "first-regional-trophy": (True, "his family's account calls the pre-junior title his first trophy"),
    "munoz-trained-him-first": (True, "two accounts name Luis Muñoz and his group, for 1988"),
    "pilgrimage-distance": (True, "olympics.com has 459 km as well"),
    "school-gabriel-cevallos": (True, "a school reader of Ecuador and the accounts in Spanish have Gabriel"),
    "school-gabriela-cevallos": (False, "a school reader of Ecuador and the accounts in Spanish have Gabriel"),
}


def stood() -> list[tuple[str, str, str]]:
    decided = {
        row.iri.rpartition("/claim-")[2]: (row.claim, row.stood) for row in rows("claims") if row.stood is not None
    }
    assert len(decided) >= 20
    assert {name: answer for name, (_, answer) in decided.items()} == {
        name: answer for name, (answer, _) in READ.items()
    }
    return [
        (f"“{claim}”: {READ[name][1]}", str(answer).lower(), "perezkg query claims")
        for name, (claim, answer) in sorted(decided.items())
    ]


def reasoning() -> list[tuple[str, str, str]]:
    judged = module("reasoning/test_consistency.py")
    closure = module("reasoning/test_closure.py")
    test = "pytest tests/reasoning"
    return [
        ("planted contradictions, each inconsistent", str(len(judged.CONTRADICTIONS)), test),
        ("cases that only look like contradictions, each consistent", str(len(judged.NOT_CONTRADICTIONS)), test),
        ("breaches of OWL 2 DL, each noticed as what it is", str(len(judged.NOT_DL)), test),
        ("classes whose OWL RL closure is written down, and nothing else follows", str(len(closure.FOLLOWS)), test),
    ]


def mutation() -> tuple[str, ...]:
    """Return how many mutants there were, and how many the shapes and both nets killed, each with its rate."""
    found = re.search(
        r"^\| \*\*all\*\* \| (\S+) \| (\S+) \| \S+ \| (.+?) \| (\S+) \| (.+?) \|$",
        MUTATION.read_text("utf-8"),
        re.MULTILINE,
    )
    assert found, "docs/mutation.md has no sum of all mutants"
    return found.groups()


def shapes() -> list[tuple[str, str, str]]:
    gallery = len([path for path in (ROOT / "tests" / "broken").glob("*.ttl") if not path.name.startswith("_")])
    mutants, killed, rate, noticed, rate_of_both = mutation()
    return [
        ("files with one fault each, found by the constraint meant for it", str(gallery), "pytest tests/shapes"),
        ("mutants: a sample of all triples, eleven kinds of fault", mutants, "tests/mutation/run --sample 2000"),
        (
            "… noticed by a shape or a profile (IPTC's shapes notice 63 % of theirs)",
            f"{killed}, {rate}",
            "tests/mutation/run --sample 2000",
        ),
        (
            "… noticed by these or by the ledger of facts, which is about this life only",
            f"{noticed}, {rate_of_both}",
            "tests/mutation/run --sample 2000",
        ),
    ]


def reports() -> list[tuple[str, str, str]]:
    test = "pytest tests/shacl/test_report.py"
    formats = module("shacl/test_report.py")
    report = validate([reading.read(str(ROOT / "tests" / "shacl" / "stranger.ttl"))])
    planted = formats.planted_faults()

    def share(found: set[tuple[int, str]]) -> str:
        return f"{len(found & planted)} of {len(planted)}"

    return [
        ("planted faults of a stranger's file at the right line, in text", share(formats.faults_in_text(report)), test),
        ("… in JSON", share(formats.faults_in_json(report)), test),
        ("… in SARIF, valid against the schema of 2.1.0", share(formats.faults_in_sarif(report)), test),
    ]


def engines() -> list[tuple[str, str, str]]:
    files = [*(ROOT / "ontology").rglob("*.ttl"), *(ROOT / "data").glob("*.ttl")]
    canonical = [path for path in files if formatted(reading.read(str(path))) == path.read_text(encoding="utf-8")]
    quality = module("ontology/test_quality.py")
    names = [query.name for query in catalogue()]
    return [
        (
            f"canned queries with the same answers, term by term, on {' and '.join(ENGINES)}",
            str(len(names)),
            "pytest tests/queries",
        ),
        ("files of RDF in canonical layout", f"{len(canonical)} of {len(files)}", "perezkg format --check"),
        (
            "checks of the ontology (OOPS! pitfalls, ROBOT report, FOOPS! metadata), each shown to find its fault",
            str(len({check for check, _ in quality.TERM_CHECKS + quality.HEADER_CHECKS})),
            "pytest tests/ontology/test_quality.py",
        ),
    ]


def fuzzing() -> list[tuple[str, str, str]]:
    """Return what the last long run of the fuzzer has found."""
    last = json.loads((ROOT / "tests" / "fuzz" / "figures.json").read_text(encoding="utf-8"))
    run = f"tests/fuzz/run --count {last['inputs']} --seed {last['seed']}"
    return [
        ("inputs that nobody wrote", f"{last['inputs']:,}", run),
        ("… of them ended badly", str(last["ended badly"]), run),
        ("… the longest, in seconds of the processor", str(last["most seconds of the processor"]), run),
        ("… the most memory, in MiB", str(last["most MiB"]), run),
    ]


TABLES = {
    "STATEMENTS": statements,
    "CLAIMS": claims,
    "STOOD": stood,
    "REASONING": reasoning,
    "SHAPES": shapes,
    "REPORTS": reports,
    "ENGINES": engines,
    "FUZZING": fuzzing,
}


HEAD = "| what | figure | reproduced by |\n|---|---|---|\n"


def lines(name: str, page: list[str]) -> list[str]:
    """Return the rows of a table; the page's own row for a figure that cannot be had here."""
    rows = []
    for what, figure, command in TABLES[name]():
        start = f"| {what} | "
        rows += [f"{start}{figure} | `{command}` |"] if figure else [row for row in page if row.startswith(start)][:1]
    return rows


def tables(text: str) -> list[list[str]]:
    """Return the rows of each table of the page."""
    return [part.partition("\n\n")[0].splitlines() for part in text.split(HEAD)[1:]]


@pytest.mark.parametrize("name", TABLES)
def test_the_page_reports_what_is_so_and_nothing_else(name: str) -> None:
    told = tables(PAGE.read_text(encoding="utf-8"))[list(TABLES).index(name)]
    assert told == lines(name, told)


def test_figures_stand_in_these_tables_only() -> None:
    # What is left out is told as its sources have it, not counted.
    text = PAGE.read_text(encoding="utf-8").partition("\n## What is not in the graph, and why\n")[0]
    assert len(tables(text)) == len(TABLES)
    prose = [line for line in text.splitlines() if not line.startswith("|")]
    assert [line for line in text.splitlines() if line.startswith("|")] == [
        row for table in tables(text) for row in (*HEAD.splitlines(), *table)
    ]
    # A year is no figure, nor is the number of a standard.
    assert [
        line for line in prose if re.search(r"(?<![\w.])\d+(?![\w.])", re.sub(r"\b20\d\d\b|\bOWL 2\b", "", line))
    ] == []


def write() -> None:
    """Write the tables of the page anew, each between its head and the empty line behind it."""
    text = PAGE.read_text(encoding="utf-8")
    for name, old in zip(TABLES, tables(text), strict=True):
        text = text.replace(HEAD + "\n".join(old) + "\n", HEAD + "\n".join(lines(name, old)) + "\n")
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
