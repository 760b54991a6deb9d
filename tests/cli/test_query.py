"""The command line: `query`, `queries`, and what every command shares."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from tests.terminals import on_terminal

import perezkg
from perezkg import __version__
from perezkg.cli import COMMANDS
from perezkg.sparql.catalogue import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.conftest import Run

ROOT = Path(__file__).parents[2]


def test_alone_it_says_what_to_try(command: Run) -> None:
    status, out, err = command()
    assert (status, err) == (0, "")
    assert "perezkg query medals" in out
    for name, what in COMMANDS.items():
        assert f"  {name} " in out
        assert what in out


def test_help_and_version(command: Run) -> None:
    assert command("--version") == (0, f"perezkg {__version__}\n", "")
    assert "exit status" in command("--help").out
    assert command("-h") == command("--help")
    for name in COMMANDS:
        status, out, err = command(name, "--help")
        assert (status, err) == (0, "")
        assert f"usage: perezkg {name}" in out
        assert all(len(line) <= 120 for line in out.split("\n"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["qeury"], "Did you mean query?"),
        (["--hepl"], "there is no option '--hepl'"),
        (["query", "medls"], "Did you mean medals"),
        (["query"], "`perezkg queries` lists them"),
        (["query", "--data", "a.ttl", "medals"], "perezkg query medals --data …"),
        (["query", "medals", "-e", "ASK {}"], "both -e and 'medals'"),
        (["query", "medals", "--frmat", "csv"], "Did you mean --format"),
        (["query", "medals", "-f", "cvs"], "Did you mean csv?"),
        (["query", "medals", "-f", "turtle"], "is for triples"),
        (["query", "schema-org", "-f", "csv"], "is for tables"),
        (["query", "medals", "--engine", "rdf"], "Did you mean rdflib?"),
        (["query", "medals", "--lang", "fr"], "invalid choice: 'fr'"),
        (["query", "results-between", "-p", "start"], "not of the form name=value"),
        (["query", "results-between", "-p", "start=1", "-p", "start=2"], "given twice"),
        (["query", "results-between", "-p", "strat=1996"], "Did you mean start?"),
        (["query", "results-between", "-p", "start=x"], "'x' is not an integer"),
        (["query", "results-between", "-p", f"start={2**63}"], "more than engines can count"),
        (["query", "-e", "ASK { ?s ?p ?_x_integer }"], "needs the parameter x: an integer"),
        (["query", "-", "--data", "-", "--data-format", "turtle"], "cannot be both"),
        (["query", "medals", "--data", "-"], "--data-format turtle|"),
        (["queries", "medls"], "Did you mean medals"),
        (["queries", "-f", "jsn"], "Did you mean json?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_ends_with_2(command: Run, arguments: list[str], message: str) -> None:
    status, out, err = command(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("perezkg: error: ")
    assert message in err


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_medals(command: Run, engine: str) -> None:
    status, out, err = command("query", "medals", "--engine", engine, "--source", "biography")
    assert (status, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["year"], row["competition"], row["medal"]) for row in rows] == [
        ("1990", "Junior World Cup of Athletics", "bronze medal"),
        ("1992", "Junior World Cup of Athletics", "gold medal"),
        ("1996", "Olympic Games", "gold medal"),
        ("1999", "World Championships", "silver medal"),
        ("2003", "World Championships", "gold medal"),
        ("2005", "World Championships", "gold medal"),
        ("2007", "World Championships", "gold medal"),
        ("2008", "Olympic Games", "silver medal"),
    ]


def test_in_spanish(command: Run) -> None:
    assert "medalla de oro" in command("query", "medals", "--lang", "es").out
    assert "gold medal" not in command("query", "medals", "--lang", "es").out


@pytest.mark.parametrize("format_", ["table", "csv", "tsv", "json", "xml", "markdown"])
def test_formats(command: Run, format_: str) -> None:
    status, out, err = command("query", "medals", "-f", format_)
    assert (status, err) == (0, "")
    assert "Plovdiv" in out


def test_ask_is_an_exit_status(command: Run) -> None:
    assert command("query", "-e", "ASK { pz:cuenca a sport:Place }") == (0, "true\r\n", "")
    assert command("query", "-e", "ASK { pz:cuenca a sport:Person }") == (1, "false\r\n", "")
    assert command("query", "-e", "ASK { pz:cuenca a sport:Person }", "-f", "table") == (1, "false\n", "")


def test_from_a_file_and_from_standard_input(command: Run, process: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(
        "#+ summary: Mine\n#+ defaults:\n#+   - n: 2\nSELECT (?_n_integer * 2 AS ?x) (?_t AS ?y) {}", encoding="utf-8"
    )
    assert command("query", path, "-p", "t=a=b c").out == "x,y\r\n4,a=b c\r\n"
    assert process("query", "mine.rq", "-p", "n=+05", "-p", "t=").out == "x,y\r\n10,\r\n"
    ended = process("query", "-", "-f", "json", input=b"\xef\xbb\xbfSELECT (1 AS ?x) {}")
    assert json.loads(ended.out)["results"]["bindings"][0]["x"]["value"] == "1"


def test_data_from_standard_input(process: Run) -> None:
    ended = process(
        "query", "-e", "SELECT ?o { <http://e.org/a> ?p ?o }", "--data", "-", "--data-format", "ntriples",
        input=b"<http://e.org/a> <http://e.org/p> <http://e.org/b> .\n",
    )  # fmt: skip
    assert ended == (0, "o\r\nhttp://e.org/b\r\n", "")


@pytest.mark.parametrize(
    ("name", "query", "starts"),
    [
        ("a.json", "medals", "{"),
        ("a.csv", "medals", "year,"),
        ("a.md", "medals", "|"),
        ("a.txt", "medals", "year,"),
        ("a.ttl", "schema-org", ("@prefix", "PREFIX")),
        ("a.nt", "schema-org", "<"),
        ("a.csv.ttl", "medals", "year,"),
    ],
)
def test_a_file_for_the_answer(
    command: Run, tmp_path: Path, name: str, query: str, starts: str | tuple[str, ...]
) -> None:
    path = tmp_path / name
    assert command("query", query, "-o", path) == (0, "", "")
    assert path.read_text(encoding="utf-8").startswith(starts)
    assert os.listdir(tmp_path) == [name]


def test_utf_8_whatever_the_locale(process: Run) -> None:
    for locale in ("C", "POSIX", "en_US.ISO-8859-1"):
        environment = {
            "LC_ALL": locale,
            "LANG": locale,
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
            "COLUMNS": "300",
        }
        for format_ in ("csv", "table"):
            ended = process("query", "medals", "-f", format_, env=environment)
            assert ended.status == 0
            assert "Jefferson Pérez" in ended.out
    ended = process("query", "Pérez", env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    assert ended.status == 2


def test_a_table_on_a_terminal() -> None:
    out = on_terminal("query", "medals", COLUMNS="200", NO_COLOR="1", TERM="xterm")
    medals = perezkg.load().query("medals")
    assert isinstance(medals, perezkg.Solutions)
    assert f"{len(medals)} rows" in out
    assert "year,athlete" not in out


def test_queries_lists_every_question(command: Run) -> None:
    status, out, err = command("queries")
    assert (status, err) == (0, "")
    listed = {line.split()[0] for line in out.split("\n") if line.startswith("  ")}
    assert listed == set(names())
    assert "Cada medalla" in command("queries", "--lang", "es").out


def test_queries_shows_one(command: Run) -> None:
    out = command("queries", "results-between").out
    for text in ("start    an integer; default 1996", "perezkg query results-between", "SELECT", "perezkg.load()"):
        assert text in out
    assert "#+" not in out
    assert "Parámetros" in command("queries", "results-between", "--lang", "es").out


def test_queries_for_machines(command: Run) -> None:
    every = json.loads(command("queries", "-f", "json").out)
    assert [query["name"] for query in every] == names()
    one = json.loads(command("queries", "results-between", "-f", "json").out)
    assert one["form"] == "SELECT"
    found = {parameter.pop("name"): parameter for parameter in one["parameters"]}
    assert found["start"] == {"type": "integer", "required": False, "default": "1996", "choices": []}
    assert {"start", "end", "lang"} <= set(found)


@pytest.mark.parametrize("name", names())
def test_the_example_of_each_query_runs(command: Run, name: str) -> None:
    import shlex

    shown = command("queries", name).out
    line = next(line for line in shown.split("\n") if line.startswith("  perezkg query "))
    status, out, err = command(*shlex.split(line)[1:])
    assert status in (0, 1)
    assert err == ""
    assert out


def test_an_empty_answer_about_something_unknown_says_so(command: Run) -> None:
    status, out, err = command("query", "medals", "-p", "athlete=pz:fabiann", "-f", "csv")
    assert status == 0
    assert len(out.splitlines()) == 1
    assert err.startswith("perezkg: notice: the graph says nothing about pz:fabiann. Did you mean pz:fabian")
    # What is known and has no medal is an answer, and no mistake.
    assert command("query", "medals", "-p", "athlete=pz:fabian", "-f", "csv").err == ""
