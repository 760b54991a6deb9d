"""`perezkg describe`, as a process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.terminals import on_terminal

ANA = str(Path(__file__).parents[1] / "things" / "ana" / "ana.ttl")


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-m", "perezkg", "describe", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        **options,
    )


def test_text_is_the_default() -> None:
    done = run("Jefferson", "Perez")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Jefferson Pérez — person\npz:jefferson-perez  https://w3id.org/perezkg/id/")
    assert "\n  competitor of " in done.stdout
    assert " Jefferson Pérez at the Olympic Games 1996 (pz:perez-olympic-games-1996)\n" in done.stdout
    assert done.stdout.endswith("More: perezkg cite pz:jefferson-perez\n")


def test_spanish() -> None:
    done = run("pz:beijing", "--lang", "es")
    assert done.stdout.startswith("Pekín — lugar\n")
    assert "\nLo que enlaza aquí\n" in done.stdout


def test_json_of_a_strangers_file() -> None:
    done = run("ex:ana", "-f", "json", "--data", ANA)
    told = json.loads(done.stdout)
    assert (told["label"], told["classes"][0]["name"]) == ("Ana Ñuño", "sport:Person")
    assert "Ñuño" in done.stdout


def test_data_from_standard_input() -> None:
    done = run("ex:ana", "--data", "-", "--data-format", "turtle", input=Path(ANA).read_text(encoding="utf-8"))
    assert done.stdout.startswith("Ana Ñuño — person\n")


def test_turtle_reads_back() -> None:
    import pyoxigraph

    done = run("pz:quito", "-f", "turtle")
    triples = list(pyoxigraph.parse(done.stdout, format=pyoxigraph.RdfFormat.TURTLE))
    quito = pyoxigraph.NamedNode("https://w3id.org/perezkg/id/quito")
    assert {quad.subject == quito for quad in triples} == {True, False}
    assert all(quito in (quad.subject, quad.object) for quad in triples)


def test_markdown() -> None:
    done = run("pz:quito", "-f", "markdown")
    assert done.stdout.startswith("# Quito — place\n\n`pz:quito` · <https://w3id.org/perezkg/id/quito>\n")


@pytest.mark.parametrize(
    ("name", "start"), [("q.json", "{"), ("q.md", "# Quito"), ("q.ttl", "@prefix"), ("q.txt", "Quito")]
)
def test_the_output_file_tells_the_format(tmp_path: Path, name: str, start: str) -> None:
    done = run("pz:quito", "-o", str(tmp_path / name))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pz:quitto"], "the graph says nothing about pz:quitto\nDid you mean pz:quito"),
        (["Qito"], "nothing in the graph is called 'Qito'\nDid you mean 'Quito'"),
        (["p:quito"], "unknown prefix 'p:' in p:quito\nDid you mean pz?"),
        ([], "about what?\nName a thing"),
        (["--data", ANA, "ex:ana"], "about what?\nName a thing: pz:cuenca, an IRI, or a label. Name it before --data"),
        (["twin", "--data", ANA], "'twin' may mean 2 things\nSay which one"),
        (["quito", "-f", "yaml"], "argument -f/--format: invalid choice: 'yaml'"),
        (["quito", "--lang", "fr"], "argument --lang: invalid choice: 'fr'"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"perezkg: error: {message}")
    assert "Traceback" not in done.stderr


def test_unreadable_data(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("<http://e/a> <http://e/b> ;\n", encoding="utf-8")
    done = run("a", "--data", str(path))
    assert done.returncode == 3
    assert f"{path}:" in done.stderr


@pytest.mark.parametrize("columns", [50, 100])
def test_a_terminal_is_not_overrun(columns: int) -> None:
    lines = on_terminal("describe", "pz:el-vecino", columns=columns).splitlines()
    assert lines[0] == "El Vecino — place"
    assert all(len(line) <= columns for line in lines if "https://" not in line)


def test_nothing_heavy_is_imported() -> None:
    heavy = {"rdflib", "pyshacl", "rich", "pyld", "yaml", "oxrdflib", "http", "socket", "hashlib", "json", "typing"}
    code = (
        "import sys; from perezkg.cli import main; before = set(sys.modules);"
        "main(['describe', 'cuenca']); main(['cite', 'cuenca']);"
        "print(sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert not {module for module in heavy if repr(module) in done.stderr}
