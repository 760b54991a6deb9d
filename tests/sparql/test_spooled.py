"""Long answers: what is kept as text gives the same bytes as what is kept as terms."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Quad, Triple

import perezkg
from perezkg.graph import KnowledgeGraph
from perezkg.rdf import canonical
from perezkg.sparql import engines, spooled
from perezkg.sparql.catalogue import CannedQuery
from perezkg.sparql.formats import SOLUTIONS, TRIPLES, render, suitable
from perezkg.sparql.results import Solutions, Triples

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

XSD = "http://www.w3.org/2001/XMLSchema#"
P = NamedNode("http://e.org/p")
CHARACTERS = '\t\n\r ",\\\x7f\x85\xa0\u2028\U0001f600'
CONTROLS = [*map(chr, range(9)), "\x0b", "\x0c", *map(chr, range(14, 32)), "\ufffe", "\uffff"]
KINDS = ("integer", "decimal", "double", "boolean", "string", "date")
VALUES = [
    *(Literal(f"{character}{other}") for character in CHARACTERS for other in ("", "a", "\\", '"')),
    *(Literal(text, datatype=NamedNode(XSD + kind)) for kind in KINDS
      for text in ("1", "01", "+1", "-5", "1.5", "1.", ".5", "1e3", "1E-3", "true", "false", "TRUE", " 1", "1\t", "")),
    *(Literal("río", language=tag) for tag in ("es", "es-ec", "en")),
    Literal("abc", language="ar", direction=BaseDirection("rtl")),
    Literal("_:b"), Literal("<a>"), Literal("a", datatype=NamedNode("http://e.org/_:d")),
    *(BlankNode() for _ in range(9)),
    Triple(NamedNode("http://e.org/s"), P, Literal(5)),
    Triple(NamedNode("http://e.org/s"), P, Literal("tab\t")),
    NamedNode("http://e.org/a,b"), NamedNode("http://e.org/%22_:x"),
]  # fmt: skip
NOT_XML = [
    *(Literal(f"{before}{control}{other}") for control in CONTROLS for before, other in (("", ""), ("a", "_:b"))),
    Triple(NamedNode("http://e.org/s"), P, Literal("tab\t\x07")),
]
QUERIES = [
    "SELECT ?o { ?s ?p ?o }",
    "SELECT ?o ?none ?s { ?s ?p ?o }",
    "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY STR(?s)",
    "SELECT ?none ?p { ?s ?p ?o }",
    "SELECT ?a ?b { ?s ?p ?a . OPTIONAL { ?s <http://e.org/q> ?b } }",
]


def graph(values: list[object]) -> KnowledgeGraph:
    kg = KnowledgeGraph([])
    kg.store.extend(Quad(NamedNode(f"http://e.org/s{n}"), P, value) for n, value in enumerate(values))  # type: ignore[arg-type]
    kg.store.extend(Quad(NamedNode(f"http://e.org/s{n}"), NamedNode("http://e.org/q"), BlankNode()) for n in (1, 5, 50))
    return kg


def texts(answer: object, formats: tuple[str, ...]) -> dict[str, str]:
    return {name: "".join(render(answer, name)) for name in formats}  # type: ignore[arg-type]


@pytest.mark.parametrize("few", [1, 7, 1000])
@pytest.mark.parametrize("on_disk", [False, True])
def test_every_format_writes_the_same_bytes(few: int, on_disk: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_FEW", few)
    monkeypatch.setattr(spooled, "_REMEMBERED", 13)
    if on_disk:
        monkeypatch.setattr(canonical, "_RUN_BYTES", 2000)
        monkeypatch.setattr(spooled, "_PIECE", 500)
    every = tuple(name for name in suitable(SOLUTIONS) if name != "geojson")  # there are no places here
    for values, formats in ((VALUES, every), (VALUES + NOT_XML, ("csv", "tsv", "json"))):
        kg = graph(list(values))
        for query in QUERIES:
            kept = kg.run(CannedQuery(query), {})
            spooled_answer = kg.run(CannedQuery(query), {}, spool=True)
            assert isinstance(kept, Solutions)
            assert isinstance(spooled_answer, Solutions)
            assert isinstance(spooled_answer.rows, list) == (few == 1000)
            assert len(spooled_answer) == len(kept)
            # Twice, because it can be gone through again.
            assert texts(spooled_answer, formats) == texts(spooled_answer, formats) == texts(kept, formats), query
            assert list(spooled_answer.rows) == kept.rows


@pytest.mark.parametrize("on_disk", [False, True])
def test_triples_are_the_same_bytes(on_disk: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if on_disk:
        monkeypatch.setattr(canonical, "_RUN_BYTES", 2000)
        monkeypatch.setattr(spooled, "_PIECE", 500)
    for values, formats in (
        ([value for value in VALUES + NOT_XML if not isinstance(value, Triple)], suitable(TRIPLES)),
        (VALUES, ("turtle", "ntriples")),  # JSON-LD has no triple terms
        ([], suitable(TRIPLES)),
    ):
        kg = graph(list(values))
        for query in (
            "CONSTRUCT { ?o ?p ?s . ?s ?p ?o } { ?s ?p ?o }",
            "CONSTRUCT { ?s ?p [ ?p ?o ] } { ?s ?p ?o }",
            "CONSTRUCT { ?s ?none ?o } { ?s ?p ?o }",
            "DESCRIBE ?s { ?s ?p ?o }",
        ):
            kept, long = (kg.run(CannedQuery(query), {}, spool=spool) for spool in (False, True))
            assert isinstance(kept, Triples)
            assert isinstance(long, Triples)
            assert not isinstance(long.lines, list)
            assert len(long) == len(kept)
            assert texts(long, formats) == texts(long, formats) == texts(kept, formats), query
            assert long == kept


def test_more_triples_take_no_more_memory_than_the_engine_and_a_buffer(tmp_path: Path) -> None:
    """It holds them all itself, to tell each once."""
    data, out = tmp_path / "data.nt", tmp_path / "out.nt"
    data.write_text("".join(f"<e:{n}> <e:p> <e:o> .\n" for n in range(1000)), encoding="utf-8")

    def held(program: str, number: int) -> int:
        values = " ".join(f"<e:{'long' * 30}{n}>" for n in range(number))
        query = f"CONSTRUCT {{ ?s ?q ?o }} {{ ?s ?p ?o VALUES ?q {{ {values} }} }}"
        measured = f"data, out, query = {str(data)!r}, {str(out)!r}, {query!r}\n{program}"
        measured += "import resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        ended = subprocess.run([sys.executable, "-c", measured], capture_output=True, check=True)
        assert out.read_bytes().count(b"\n") == 1000 * number
        return int(ended.stdout)

    bare, ours = (held(program, 400) - held(program, 150) for program in (BARE, OURS))
    assert ours < bare + (64 << 10)  # KiB: what waits to be sorted


BARE = """
from pyoxigraph import RdfFormat, Store
store = Store()
store.bulk_load(path=data, format=RdfFormat.N_TRIPLES)
store.query(query).serialize(out, RdfFormat.N_TRIPLES)
"""
OURS = """
from perezkg.cli import main
assert main(["query", "-e", query, "-f", "ntriples", "--data", data, "-o", out]) == 0
"""


def test_a_long_answer_becomes_the_same_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_FEW", 1)
    kg = graph([Literal(value) for value in range(90)])
    query = CannedQuery("SELECT ?s (?o AS ?lat) (?o AS ?lon) { ?s ?p ?o FILTER ISNUMERIC(?o) }")
    spooled_answer, kept = kg.run(query, {}, spool=True), kg.run(query, {})
    assert not isinstance(spooled_answer.rows, list)  # type: ignore[union-attr]
    assert texts(spooled_answer, ("geojson",)) == texts(kept, ("geojson",))


def test_what_xml_cannot_carry_is_refused_before_the_first_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_FEW", 1)
    answer = graph([*VALUES, *NOT_XML]).run(CannedQuery(QUERIES[0]), {}, spool=True)
    with pytest.raises(perezkg.UnknownFormatError, match="XML cannot carry"):
        render(answer, "xml")


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """As many rows as do not stay in memory."""
    path = tmp_path / "many.nt"
    path.write_text("".join(f'<e:{n}> <e:p> "{n}" .\n' for n in range(12_000)), encoding="utf-8")
    return path


def test_the_command_line_writes_a_long_answer_whole(many: Path, command: Run) -> None:
    asked = "SELECT ?s ?o { ?s ?p ?o }"
    kept = perezkg.load(many).sparql(asked)
    assert isinstance(kept, Solutions)
    assert command("query", "-e", asked, "-f", "csv", "--data", str(many)).out.encode() == kept.to_csv().encode()
    file = many.with_suffix(".json")
    assert command("query", "-e", asked, "-o", str(file), "--data", str(many)).status == 0
    assert file.read_bytes() == "".join(render(kept, "json")).encode()


def test_who_reads_only_the_beginning_hears_no_complaint(many: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "perezkg",
        "query",
        "-e",
        "SELECT ?s ?p ?o { ?s ?p ?o }",
        "-f",
        "tsv",
        "--data",
        str(many),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"?s\t?p\t?o\n"
        process.stdout.close()
        assert process.stderr.read() == b""
