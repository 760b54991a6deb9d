"""`perezkg import` on tables of one's own: what is told of each line, what is refused, what is never half written."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.killed import killed

import perezkg
from perezkg.errors import InputChangedError
from perezkg.sparql.results import Solutions
from perezkg.tables.importing import Import
from perezkg.tables.preset import preset, shipped

if TYPE_CHECKING:
    from tests.conftest import Run

SPORT = "PREFIX sport: <https://w3id.org/perezkg/sport#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
HEAT = """Rank,Name,Nation,Time,Wind
1,Ana ONE,ECU,11.52,1.4
2,Bo TWO,PER,11.60,1.4
,Cy THREE,PER,DNF,
"""
HEAT_TOLD = ("--set", "competition=City Cup", "date=2026-05-02", "discipline=100 m", "sex=women")


def asked(path: Path, query: str) -> list[str]:
    answer = perezkg.load(path).sparql(SPORT + query)
    assert isinstance(answer, Solutions)
    return ["|".join("" if row[name] is None else str(row[name]) for name in answer.variables) for row in answer]


RESULTS = """SELECT ?who ?rank ?value ?status { ?x sport:competitor/rdfs:label ?who
    OPTIONAL { ?x sport:rank ?rank } OPTIONAL { ?x sport:mark/sport:value ?value }
    OPTIONAL { ?x sport:status ?s BIND(STRAFTER(STR(?s), "#status-") AS ?status) } } ORDER BY ?who"""
HEAT_ROWS = ["Ana One|1|11.52|", "Bo Two|2|11.6|", "Cy Three|||did-not-finish"]


def written(folder: Path, kind: str) -> Path:
    """Write the same three rows as a file of a kind."""
    path = folder / f"heat.{kind}"
    rows = [line.split(",") for line in HEAT.splitlines()]
    objects = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    if kind == "csv":
        path.write_text(HEAT, "utf-8")
    elif kind == "csv.gz":
        path.write_bytes(gzip.compress(HEAT.encode()))
    elif kind == "tsv":
        path.write_text(HEAT.replace(",", "\t"), "utf-8")
    elif kind == "json":
        path.write_text(json.dumps({"rows": objects}), "utf-8")
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in objects), "utf-8")
    else:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append([float(cell) if cell.replace(".", "").isdigit() else cell or None for cell in row])
        book.save(path)
    return path


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "tsv", "json", "jsonl", "xlsx"])
@pytest.mark.parametrize("end", ["ttl", "nt"])
def test_each_kind_of_file_says_the_same(command: Run, tmp_path: Path, kind: str, end: str) -> None:
    out = tmp_path / f"heat.{end}"
    ended = command("import", "-p", "results", written(tmp_path, kind), *HEAT_TOLD, "-o", out)
    assert (ended.status, ended.err) == (0, "")
    assert "3 results + 0 rejects" in ended.out
    assert asked(out, RESULTS) == HEAT_ROWS


def test_standard_input_and_output(process: Run, tmp_path: Path) -> None:
    ended = process("import", "-p", "results", "-", *HEAT_TOLD, "-f", "ntriples", input=HEAT.encode())
    assert ended.status == 0
    assert "4 lines = 3 results + 0 rejects + 1 not data (1 header)" in ended.err
    (tmp_path / "out.nt").write_text(ended.out, "utf-8")
    assert asked(tmp_path / "out.nt", RESULTS) == HEAT_ROWS


def test_what_comes_out_conforms_and_is_the_same_each_time(tmp_path: Path) -> None:
    told = {
        "competition": "City Cup",
        "date": "2026-05-02",
        "discipline": "100 m",
        "sex": "women",
        "languages": "en,es",
    }
    table = written(tmp_path, "csv")
    first, second = ("".join(Import([str(table)], preset("results").told(told)).pieces()) for _ in range(2))
    assert first == second
    (tmp_path / "out.ttl").write_text(first, "utf-8")
    report = perezkg.load(tmp_path / "out.ttl").validate()
    assert report.conforms, str(report)
    assert '"100 m, mujeres, City Cup, 2026-05-02"@es' in first


def test_both_syntaxes_are_the_same_graph(tmp_path: Path) -> None:
    from pyoxigraph import RdfFormat, parse

    chosen = preset("results").told({"discipline": "100 m", "date": "2026", "competition": 'A "b" \\ {c}'})
    table = str(written(tmp_path, "csv"))
    texts = {name: "".join(Import([table], chosen, syntax=name).pieces()) for name in ("turtle", "ntriples")}
    graphs = [set(map(str, parse(texts["turtle"], RdfFormat.TURTLE)))]
    graphs.append(set(map(str, parse(texts["ntriples"], RdfFormat.N_TRIPLES))))
    assert graphs[0] == graphs[1] != set()


BROKEN = [
    ("1,Ana ONE,ECU,11.5x,", 4, "is not a time"),
    ("1,Ana ONE,ECU,1:61.2,", 4, "60 minutes or seconds"),
    ("first,Ana ONE,ECU,11.5,", 1, "is not a place"),
    ("0,Ana ONE,ECU,11.5,", 1, "there is no place 0"),
    ("DNF,Ana ONE,ECU,11.5,", 4, "a mark beside a status"),
    ("1,,ECU,11.5,", 2, "is not a name"),
    ("1,Ana ONE,ECU,11.5,strong", 5, "is not a wind"),
    ("1,Ana ONE,ECU", 0, "has 3 cells, the header 5"),
    ("1,Ana ONE,ECU,11.5,1,extra", 0, "has 6 cells, the header 5"),
    ("1,Ana \ufffdNE,ECU,11.5,", 0, "U+FFFD"),
]


@pytest.mark.parametrize(("row", "column", "reason"), BROKEN)
def test_a_row_that_is_no_result_is_refused(command: Run, tmp_path: Path, row: str, column: int, reason: str) -> None:
    """It is told with its line, and leaves nothing behind."""
    table, rejects = tmp_path / "t.csv", tmp_path / "no.csv"
    table.write_text(f"Rank,Name,Nation,Time,Wind\n{row}\n", "utf-8")
    ended = command("import", "-p", "results", table, *HEAT_TOLD, "-o", tmp_path / "o.ttl", "--rejects", rejects)
    assert ended.status == 0
    assert "2 lines = 0 results + 1 rejects + 1 not data" in ended.out
    import csv

    with rejects.open(newline="", encoding="utf-8") as file:
        head, refused = csv.reader(file)
    assert head == ["file", "line", "column", "reason", "text"]
    assert refused[:3] == [str(table), "2", str(column or "")]
    assert reason in refused[3]
    assert refused[4] == row
    assert asked(tmp_path / "o.ttl", "SELECT ?x { ?x a ?c . FILTER(?c != sport:Source) }") == []


def test_a_sixth_table(command: Run, tmp_path: Path) -> None:
    """UTF-16, lines before the header, decimal commas, a status, a relay, a row over two lines, in Spanish."""
    (tmp_path / "mine.toml").write_text(
        """required = ["athlete", "mark"]
languages = ["es", "fr"]
[read]
encoding = "utf-16"
separator = ";"
header = "search"
[fields]
discipline = "Prueba"
rank = "Puesto"
athlete = "Nombre"
club = "Club"
mark = "Marca"
date = "Día"
sex = "Rama"
[cells.date]
order = "dmy"
[[disciplines]]
match = "salto alto"
kind = "field"
unit = "metre"
labels = { es = "salto alto", fr = "saut en hauteur" }
[[disciplines]]
match = 'posta 4x(?P<m>\\d+)'
team = true
[labels.fr]
result = "{athlete} : {contest}"
""",
        "utf-8",
    )
    table = tmp_path / "abierto.csv"
    table.write_text(
        "Abierto de Cuenca\n\nPrueba;Puesto;Nombre;Club;Marca;Día;Rama\n"
        "Salto alto;=1;PÉREZ, ANA;Uno;1,63;3/5/2026;F\nSalto alto;=1;Bea SOL;Dos;1,63;3/5/2026;F\n"
        'Salto alto;;"Cea\nLUZ";Dos;NM;3/5/2026;F\nposta 4x100;1;Ana PÉREZ, Bea SOL;Uno;52,3;3/5/2026;F\n'
        "posta 4x100;2;;Dos;53,04;3/5/2026;F\n",
        "utf-16",
    )
    out = tmp_path / "o.ttl"
    ended = command("import", "-p", tmp_path / "mine.toml", table, "-o", out)
    assert "9 lines = 5 results + 0 rejects + 4 not data" in ended.out
    found = sorted(set(asked(out, RESULTS.replace("?who ?rank", "DISTINCT ?x ?rank", 1))))
    assert sorted(line.split("|")[2] for line in found) == ["", "1.63", "1.63", "52.3", "53.04"]
    assert {"Bea Sol|1|1.63|", "Cea Luz|||no-mark"} <= set(asked(out, RESULTS))
    assert '"Bea Sol : saut en hauteur' in out.read_text("utf-8")
    members = "SELECT (COUNT(*) AS ?n) { ?m sport:towards ?t . ?t a sport:Team }"
    assert asked(out, members) == ["2"]
    report = perezkg.load(out).validate()
    assert report.conforms, str(report)


@pytest.mark.parametrize("name", shipped())
def test_a_preset_is_shown_as_it_is_shipped(command: Run, name: str) -> None:
    assert command("import", "--show-presets", "-p", name).out == Path(shipped()[name]).read_text("utf-8")
    assert name in command("import", "--show-presets").out


def test_a_sketch_is_a_preset_that_reads_its_table(command: Run, tmp_path: Path) -> None:
    table = written(tmp_path, "csv")
    sketch = command("import", "--sketch", table)
    assert 'athlete = "Name"' in sketch.out
    (tmp_path / "s.toml").write_text(sketch.out, "utf-8")
    out = tmp_path / "o.ttl"
    ended = command("import", "-p", tmp_path / "s.toml", table, "--set", "discipline=100 m", "date=2026", "-o", out)
    assert (ended.status, asked(out, RESULTS)) == (0, HEAT_ROWS)


WRONG = [
    ((), 2, "no table to import"),
    (("heat.csv",), 2, "no preset is named"),
    (("heat.csv", "-p", "resluts"), 2, "Did you mean results?"),
    (("heat.csv", "-p", "results", "--set", "discipline"), 2, "not of the form NAME=VALUE"),
    (("heat.csv", "-p", "results", "--set", "dicipline=x"), 2, "Did you mean discipline?"),
    (("heat.csv", "-p", "results"), 3, "--set discipline=…"),
    (("heat.csv", "-p", "weightlifting"), 3, "not the header of the preset"),
    (("none.csv", "-p", "results"), 3, "there is no such file"),
    (("latin.csv", "-p", "results", *HEAT_TOLD), 3, "latin.csv:2: the file is not in utf-8"),
    (("heat.csv", "-p", "bad.toml"), 3, "a preset has no 'feilds'"),
    (("heat.csv", "-p", "results", "-o", "heat.csv"), 2, "named twice"),
    (("heat.csv", "-p", "results", "--base", "urn:x"), 2, "no beginning of IRIs"),
]


@pytest.mark.parametrize(("arguments", "status", "says"), WRONG)
def test_what_cannot_be_is_told(
    process: Run, tmp_path: Path, arguments: tuple[str, ...], status: int, says: str
) -> None:
    written(tmp_path, "csv")
    (tmp_path / "latin.csv").write_bytes("Rank,Name,Time\n1,José,11.5\n".encode("latin-1"))
    (tmp_path / "bad.toml").write_text("[feilds]\n", "utf-8")
    ended = process("import", *arguments)
    assert ended.status == status
    assert says in ended.err


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "men-20-kilometres-race-walk.csv"
    many(path, 3000)
    work = Import([str(path)], preset("world-athletics"))
    pieces = work.pieces()
    next(pieces)
    with path.open("a", encoding="utf-8") as file:
        file.write("more\n")
    with pytest.raises(InputChangedError, match="changed while it was read"):
        list(pieces)


ODD: dict[str, tuple[bytes | str, str, tuple[str, ...]]] = {
    # name: content, what is told (of the command or of the row that is refused), more arguments
    "utf-16": (HEAT.encode("utf-16"), "It begins as UTF-16 does: --set encoding=utf-16", ()),
    "utf-16 without mark": (HEAT.encode("utf-16-le"), "as in UTF-16", ()),
    "semicolons": (HEAT.replace(",", ";"), "the first line has ';' where the preset has ','", ()),
    "no separator": (HEAT, "'' is no separator", ("separator=",)),
    "two separators": (HEAT, "';;' is no separator", ("separator=;;",)),
    "no such encoding": (HEAT, "there is no encoding 'utf-99'", ("encoding=utf-99",)),
    "empty": ("", "the table is empty", ()),
    "bytes": (bytes(range(256)), "the file is not in utf-8", ()),
    "NUL": (HEAT.replace("a ON", "a\0ON"), "a character U+0000, which is no text", ()),
    "escape": (HEAT.replace("a ON", "a\x1bON"), "a character U+001B, which is no text", ()),
    "over lines": (HEAT.replace("Ana ONE", '"Ana\n\ufffdNE"'), "U+FFFD", ()),
    "quotation mark left open": (HEAT.replace("Ana", '"Ana'), "has 2 cells, the header 5", ()),
    "long cell": (HEAT.replace("Ana", "A" * 1001), "a cell has more than 1,000 characters", ()),
    "huge cell": (HEAT.replace("Ana", "A" * (1 << 20)), "Is a quotation mark left open?", ()),
    "huge rank": (HEAT.replace("1,Ana", f"{10**12},Ana"), "too large for a place", ()),
    "same columns": (HEAT.replace("Nation", "Name"), "several columns 'Name'", ()),
    "objects.json": (
        '[{"Rank": 1, "Name": {"family": "One"}, "Time": 11.5}]',
        "'Name' is neither a text nor a number",
        (),
    ),
    "deep.json": ("[" * 100_000, "too deep", ()),
    "half a character.json": ('[{"Rank": 1, "Name": "Ana \\ud800", "Time": 11.5}]', "U+D800, which is no text", ()),
    "no sheet.xlsx": ("no sheet", "cannot be read", ()),
    "cut.csv.gz": (gzip.compress(HEAT.encode())[:-9], "cannot be read", ()),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_table_ends_with_a_clear_sentence(process: Run, tmp_path: Path, name: str) -> None:
    content, says, more = ODD[name]
    table = tmp_path / (name if "." in name else f"{name}.csv")
    table.write_bytes(content.encode() if isinstance(content, str) else content)
    out, rejects = tmp_path / "o.ttl", tmp_path / "no.csv"
    ended = process("import", "-p", "results", table, *HEAT_TOLD, *more, "-o", out, "--rejects", rejects)
    if ended.status:
        assert says in ended.err
        assert ended.err.count("\n") <= 2
        assert "mistake in perezkg" not in ended.err
        assert not out.exists()
        assert not rejects.exists()
    else:
        assert says in rejects.read_text("utf-8", "backslashreplace")
        assert perezkg.load(out).validate().conforms


def test_the_lines_of_a_row_are_all_told(command: Run, tmp_path: Path) -> None:
    """A quotation mark that is left open takes the rows below it with it: they are in the file of rejects."""
    table, rejects = tmp_path / "t.csv", tmp_path / "no.csv"
    table.write_text(HEAT.replace("Bo", '"Bo'), "utf-8")
    command("import", "-p", "results", table, *HEAT_TOLD, "-o", tmp_path / "o.ttl", "--rejects", rejects)
    import csv

    with rejects.open(newline="", encoding="utf-8") as file:
        _, refused = csv.reader(file)
    assert (refused[1], refused[4].splitlines()) == ("3", ['2,"Bo TWO,PER,11.60,1.4', ",Cy THREE,PER,DNF,"])


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_told(process: Run, tmp_path: Path) -> None:
    ended = process("import", "-p", "results", written(tmp_path, "csv"), *HEAT_TOLD, "-o", "/dev/full")
    assert ended.status == 3
    assert "no space left" in ended.err


def many(path: Path, rows: int) -> None:
    lines = ["Rank,Mark,Competitor,DOB,Nat,Pos,Venue,Date"]
    lines += [
        f"1,1:20:{number % 60:02},Ana ONE{number:x},03 MAR 1980,ECU,{number % 50 + 1},Cuenca (ECU),03 MAR 2004"
        for number in range(rows)
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")


@pytest.mark.slow
def test_killed_at_random_moments_nothing_is_half_written(tmp_path: Path) -> None:
    table, out, rejects = tmp_path / "men-20-kilometres-race-walk.csv", tmp_path / "o.ttl", tmp_path / "no.csv"
    many(table, 20_000)
    killed(["import", "-p", "world-athletics", table, "-o", out, "--rejects", rejects], [out, rejects])


def test_a_time_that_is_over_leaves_what_was_there(process: Run, tmp_path: Path) -> None:
    table, out = tmp_path / "men-20-kilometres-race-walk.csv", tmp_path / "o.ttl"
    many(table, 100_000)
    out.write_text("old", "utf-8")
    ended = process("import", "-p", "world-athletics", table, "-o", out, "--timeout", "0.2")
    assert ended.status == 5
    assert "--timeout SECONDS allows more" in ended.err
    assert out.read_text("utf-8") == "old"
    assert sorted(tmp_path.iterdir()) == [table, out]


def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    code = """if True:
        import resource, sys
        from perezkg.cli import main
        status = main(["import", "-p", "world-athletics", sys.argv[1], "-o", sys.argv[1] + ".nt"])
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
        """
    most = []
    for rows in (10_000, 40_000):
        path = tmp_path / f"{rows}" / "men-20-kilometres-race-walk.csv"
        path.parent.mkdir()
        many(path, rows)
        ended = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True)
        most.append(int(ended.stderr) / 1024)
    assert most[1] - most[0] < 12, most
