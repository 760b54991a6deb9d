"""What a start imports: a query pays for nothing that it does not use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = (
    "rdflib", "oxrdflib", "pyshacl", "rich", "pyld", "yaml", "pandas", "numpy", "pyparsing", "isodate",
    "http", "http.client", "urllib.request", "socket", "ssl", "requests", "httpx", "httpx2", "niquests", "asyncio",
)  # fmt: skip
# Light, but each costs milliseconds, and a query needs none of them.
NEEDLESS = (
    "typing", "dataclasses", "pathlib", "json", "csv", "decimal", "datetime", "importlib.resources",
    "importlib.metadata",
    "logging", "inspect", "tempfile", "shutil", "subprocess", "threading", "locale", "difflib", "hashlib", "xml",
)  # fmt: skip

# What of perezkg a command imports. On these ways nothing of NEEDLESS is imported; off them ordinary Python is better.
HELP = {"perezkg", "perezkg.cli", "perezkg.errors", "perezkg.resources"}
QUERIES = HELP | {f"perezkg.{name}" for name in (
    "cli.options", "cli.queries", "limits", "rdf", "rdf.formats", "rdf.reading", "sparql", "sparql.catalogue",
    "sparql.parameters", "sparql.tokens", "vocabulary", "words",
)}  # fmt: skip
QUERY = HELP | {f"perezkg.{name}" for name in (
    "cli.options", "cli.query", "graph", "limits", "rdf", "rdf.formats", "rdf.reading", "rdf.terms", "sparql",
    "sparql.catalogue", "sparql.engines", "sparql.formats", "sparql.parameters",
    "sparql.prepare", "sparql.results", "sparql.standard_formats", "sparql.tokens", "vocabulary",
)}  # fmt: skip
MOST_ENTERED = {("query", "medals", "-f", "csv"): 17, ("validate",): 27}

MEASURE = """
import sys
from perezkg.cli import main
status = main(sys.argv[1:])
sys.stderr.write("\\n".join(sorted(sys.modules)))
sys.exit(status)
"""


def modules_of(*arguments: str) -> set[str]:
    """Return what is imported at the end of a command."""
    # -S: what the environment's .pth files import is not perezkg's doing.
    paths = os.pathsep.join(filter(None, sys.path))
    ended = subprocess.run(
        [sys.executable, "-S", "-c", MEASURE, *arguments],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout
    return set(ended.stderr.split("\n"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "medals", "-f", "csv"),
        ("query", "medals", "-f", "tsv", "--lang", "es"),
        ("query", "results-between", "-p", "start=1996", "-f", "csv"),
        ("query", "-e", "SELECT ?s { ?s a sport:Person }"),
    ],
    ids=" ".join,
)
def test_a_query_imports_no_more_than_it_needs(arguments: tuple[str, ...]) -> None:
    found = modules_of(*arguments)
    assert found.isdisjoint(HEAVY)
    assert found.isdisjoint(NEEDLESS)
    assert "pyoxigraph" in found
    assert {name for name in found if name.startswith("perezkg")} == QUERY


def test_a_query_of_an_index_imports_little_more(tmp_path: Path) -> None:
    from perezkg.index.build import build_index

    build_index([], tmp_path / "i")
    found = modules_of("query", "medals", "-f", "csv", "--store", str(tmp_path / "i"))
    assert found.isdisjoint(HEAVY)
    assert found & set(NEEDLESS) == {"json"}  # its manifest
    own = {name for name in found if name.startswith("perezkg")}
    assert own == QUERY | {f"perezkg.index{name}" for name in ("", ".folder", ".graph", ".sources")}


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("--version",), (), ("queries",), ("queries", "medals"), ("queries", "olympic")],
    ids=" ".join,
)
def test_help_and_lists_need_no_engine(arguments: tuple[str, ...]) -> None:
    found = modules_of(*arguments)
    assert found.isdisjoint(HEAVY)
    assert found.isdisjoint(NEEDLESS)
    assert "pyoxigraph" not in found
    if arguments[:1] != ("queries",):
        assert "argparse" not in found
    most = QUERIES if arguments[:1] == ("queries",) else HELP
    assert HELP <= {name for name in found if name.startswith("perezkg")} <= most


def test_help_about_a_query_needs_no_engine() -> None:
    assert "pyoxigraph" not in modules_of("query", "--help")


@pytest.mark.parametrize("arguments", MOST_ENTERED, ids=" ".join)
def test_a_command_goes_through_few_files(arguments: tuple[str, ...]) -> None:
    ended = subprocess.run(
        [sys.executable, ROOT / "bench" / "entered", *arguments], check=True, capture_output=True, text=True
    )
    *files, count = ended.stdout.splitlines()
    assert count == f"{len(files)} files"
    assert f"cli/{arguments[0]}.py: add_arguments, " in ended.stdout
    assert 10 < len(files) <= MOST_ENTERED[arguments], ended.stdout


def test_the_other_formats_stay_light() -> None:
    for format in ("json", "xml", "markdown"):  # noqa: A001 - the option's name
        assert modules_of("query", "medals", "-f", format).isdisjoint(HEAVY)
    assert modules_of("query", "schema-org", "-f", "turtle").isdisjoint(HEAVY)
    assert modules_of("query", "schema-org", "-f", "ntriples").isdisjoint(HEAVY)


def test_importing_perezkg_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import perezkg; print(sorted(set(sys.modules) - before))"
    out = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    ).stdout
    assert out.strip() == "['__future__', 'perezkg', 'perezkg.errors', 'perezkg.resources']"


def test_english_reads_no_catalogue_of_another_language() -> None:
    code = (
        "import sys; from perezkg.cli import main; status = [main(arguments.split()) for arguments in "
        "('query medlas', 'query medals -f xyz', 'load --help', 'cite pz:cuenca', 'query medals --data -')];"
        "sys.exit(str((status, sorted({'tomllib', 'perezkg.words'} & set(sys.modules)))))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert ended.stderr.endswith("([2, 2, 0, 0, 2], ['perezkg.words'])\n")
