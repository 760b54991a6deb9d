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


def mutation() -> tuple[str, str, str]:
    """Return how many mutants there were and were killed, and the rate, as the page of the last whole run tells."""
    found = re.search(
        r"^\| \*\*all\*\* \| (\S+) \| (\S+) \| \S+ \| (.+?) \|$", MUTATION.read_text("utf-8"), re.MULTILINE
    )
    assert found, "docs/mutation.md has no sum of all mutants"
    return found[1], found[2], found[3]


def shapes() -> list[tuple[str, str, str]]:
    gallery = len([path for path in (ROOT / "tests" / "broken").glob("*.ttl") if not path.name.startswith("_")])
    mutants, killed, rate = mutation()
    return [
        ("files with one fault each, found by the constraint meant for it", str(gallery), "pytest tests/shapes"),
        ("mutants: every triple, eleven kinds of fault", mutants, "tests/mutation/run"),
        ("… noticed by a shape (IPTC's shapes notice 63 % of theirs)", f"{killed}, {rate}", "tests/mutation/run"),
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
