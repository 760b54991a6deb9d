"""Answers as text: exact bytes, and the standards' own readers read them back."""

from __future__ import annotations

import csv as csv_module
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql.results.csvresults import CSVResultParser
from rdflib.plugins.sparql.results.jsonresults import JSONResult
from rdflib.plugins.sparql.results.tsvresults import TSVResultParser
from rdflib.plugins.sparql.results.xmlresults import XMLResult
from rdflib.query import Result

import perezkg
from perezkg.errors import UnknownFormatError
from perezkg.rdf.formats import SYNTAXES as READ
from perezkg.rdf.terms import as_text
from perezkg.sparql.formats import FORMATS, SOLUTIONS, TRIPLES, Format, render, suitable, told_by_name
from perezkg.sparql.results import Boolean, Solutions, Triples

if TYPE_CHECKING:
    from tests.conftest import Run

XSD = "http://www.w3.org/2001/XMLSchema#"
PZ = "https://w3id.org/perezkg/id/"


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


SAMPLE = Solutions(
    ("who", "text", "year"),
    [
        (ox.NamedNode(PZ + "jefferson-perez"), ox.Literal("Pérez", language="es"), typed("1996", "integer")),
        (ox.BlankNode("b0"), ox.Literal('a "b", c\r\nd\te\\ <f> & | *g*'), None),
        (ox.NamedNode("http://example.org/x"), typed("4641.50", "decimal"), typed("2008", "integer")),
    ],
)


def text_of(result: Solutions | Boolean | Triples, format: str, *, to_terminal: bool = False) -> str:  # noqa: A002
    return "".join(render(result, format, to_terminal=to_terminal))


def test_csv_to_the_byte() -> None:
    assert text_of(SAMPLE, "csv") == (
        "who,text,year\r\n"
        "https://w3id.org/perezkg/id/jefferson-perez,Pérez,1996\r\n"
        '_:b0,"a ""b"", c\r\nd\te\\ <f> & | *g*",\r\n'
        "http://example.org/x,4641.50,2008\r\n"
    )


def test_tsv_to_the_byte() -> None:
    assert text_of(SAMPLE, "tsv") == (
        "?who\t?text\t?year\n"
        '<https://w3id.org/perezkg/id/jefferson-perez>\t"Pérez"@es\t1996\n'
        '_:b0\t"a \\"b\\", c\\r\\nd\\te\\\\ <f> & | *g*"\t\n'
        "<http://example.org/x>\t4641.50\t2008\n"
    )


def test_json_to_the_byte() -> None:
    assert text_of(SAMPLE, "json") == (
        '{"head":{"vars":["who", "text", "year"]},"results":{"bindings":[\n'
        '{"who":{"type":"uri","value":"https://w3id.org/perezkg/id/jefferson-perez"},'
        '"text":{"type":"literal","value":"Pérez","xml:lang":"es"},'
        '"year":{"type":"literal","value":"1996","datatype":"http://www.w3.org/2001/XMLSchema#integer"}},\n'
        '{"who":{"type":"bnode","value":"b0"},'
        '"text":{"type":"literal","value":"a \\"b\\", c\\r\\nd\\te\\\\ <f> & | *g*"}},\n'
        '{"who":{"type":"uri","value":"http://example.org/x"},'
        '"text":{"type":"literal","value":"4641.50","datatype":"http://www.w3.org/2001/XMLSchema#decimal"},'
        '"year":{"type":"literal","value":"2008","datatype":"http://www.w3.org/2001/XMLSchema#integer"}}\n'
        "]}}\n"
    )


def test_xml_to_the_byte() -> None:
    assert text_of(SAMPLE, "xml") == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
        '<head><variable name="who"/><variable name="text"/><variable name="year"/></head>\n'
        "<results>\n"
        '<result><binding name="who"><uri>https://w3id.org/perezkg/id/jefferson-perez</uri></binding>'
        '<binding name="text"><literal xml:lang="es">Pérez</literal></binding>'
        '<binding name="year"><literal datatype="http://www.w3.org/2001/XMLSchema#integer">1996</literal></binding>'
        "</result>\n"
        '<result><binding name="who"><bnode>b0</bnode></binding>'
        '<binding name="text"><literal>a &quot;b&quot;, c&#13;\nd\te\\ &lt;f&gt; &amp; | *g*</literal></binding>'
        "</result>\n"
        '<result><binding name="who"><uri>http://example.org/x</uri></binding>'
        '<binding name="text"><literal datatype="http://www.w3.org/2001/XMLSchema#decimal">4641.50</literal></binding>'
        '<binding name="year"><literal datatype="http://www.w3.org/2001/XMLSchema#integer">2008</literal></binding>'
        "</result>\n"
        "</results>\n"
        "</sparql>\n"
    )


def test_markdown_to_the_byte() -> None:
    assert text_of(SAMPLE, "markdown") == (
        "| who | text | year |\n"
        "| --- | --- | ---: |\n"
        "| pz:jefferson-perez | Pérez | 1996 |\n"
        '| \\_:b0 | a "b", c<br>d\te\\\\ \\<f\\> \\& \\| \\*g\\* |  |\n'
        "| <http://example.org/x> | 4641.50 | 2008 |\n"
    )


@pytest.mark.parametrize("value", [True, False])
def test_ask_in_every_format(value: bool) -> None:
    word = "true" if value else "false"
    answer = Boolean(value)
    assert text_of(answer, "csv") == f"{word}\r\n"
    assert {text_of(answer, name) for name in ("tsv", "markdown", "table")} == {f"{word}\n"}
    for name, syntax in (("json", ox.QueryResultsFormat.JSON), ("xml", ox.QueryResultsFormat.XML)):
        parsed = ox.parse_query_results(text_of(answer, name), format=syntax)
        assert isinstance(parsed, ox.QueryBoolean)
        assert bool(parsed) is value


# Standards: what is written is read back by two other implementations.

SYNTAXES = {"tsv": ox.QueryResultsFormat.TSV, "json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML}
RESULT_READERS: dict[str, Callable[[io.BytesIO], Result]] = {
    "csv": lambda source: CSVResultParser().parse(source),  # type: ignore[no-untyped-call]
    "tsv": lambda source: TSVResultParser().parse(source),  # type: ignore[no-untyped-call]
    "json": lambda source: JSONResult(json.load(source)),
    "xml": XMLResult,
}


@pytest.mark.parametrize("name", SYNTAXES)
def test_pyoxigraph_reads_the_same_terms(name: str) -> None:
    parsed = ox.parse_query_results(text_of(SAMPLE, name), format=SYNTAXES[name])
    assert isinstance(parsed, ox.QuerySolutions)
    assert [variable.value for variable in parsed.variables] == list(SAMPLE.variables)
    assert [tuple(row) for row in parsed] == SAMPLE.rows


@pytest.mark.parametrize("name", RESULT_READERS)
def test_rdflib_reads_the_same_texts(name: str) -> None:
    source = io.BytesIO(text_of(SAMPLE, name).encode())
    parsed = RESULT_READERS[name](source)
    assert [str(variable) for variable in parsed.vars or []] == list(SAMPLE.variables)
    texts = [[str(row.get(variable)) for variable in parsed.vars or []] for row in parsed.bindings]
    assert texts[0] == [PZ + "jefferson-perez", "Pérez", "1996"]
    assert texts[1][1:] == ['a "b", c\r\nd\te\\ <f> & | *g*', "None"]


Cell: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | None

literals = st.one_of(
    st.builds(ox.Literal, st.text()),
    st.builds(lambda text: ox.Literal(text, language="en"), st.text()),
    st.builds(lambda text: typed(text, "integer"), st.from_regex(r"[+-]?[0-9]{1,3}", fullmatch=True)),
    st.builds(lambda text: typed(text, "decimal"), st.sampled_from(["1.50", ".5", "-0.0", "5.", "five"])),
    st.builds(lambda text: typed(text, "double"), st.sampled_from(["1e0", "1.E3", "INF", "NaN", "1"])),
    st.builds(lambda text: typed(text, "boolean"), st.sampled_from(["true", "1", "yes"])),
)
terms = st.one_of(
    literals,
    st.sampled_from([ox.NamedNode("http://example.org/é?a=b&c"), ox.NamedNode("urn:x"), ox.BlankNode("b1"), None]),
)


def csv_text(term: Cell) -> str:
    if term is None:
        return ""
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else term.value


@settings(deadline=None)
@given(st.lists(st.tuples(terms, terms), max_size=6))
def test_any_answer_survives(rows: list[tuple[Cell, ...]]) -> None:
    answer = Solutions(("a", "b"), [*rows])
    for name in ("json", "tsv"):
        parsed = ox.parse_query_results(text_of(answer, name), format=SYNTAXES[name])
        assert isinstance(parsed, ox.QuerySolutions)
        assert [tuple(row) for row in parsed] == rows
    read = list(csv_module.reader(io.StringIO(text_of(answer, "csv"), newline="")))
    assert read == [["a", "b"], *([csv_text(term) for term in row] for row in rows)]
    try:
        xml = text_of(answer, "xml")
    except UnknownFormatError:
        return  # a character that XML has no way to write; see below
    ns = "{http://www.w3.org/2005/sparql-results#}"
    found = [
        {b.get("name"): b[0].text or "" for b in result}
        for result in ET.fromstring(xml).iter(f"{ns}result")  # noqa: S314
    ]
    assert found == [{n: t.value for n, t in zip("ab", row, strict=True) if t is not None} for row in rows]


@settings(deadline=None)
@given(st.lists(st.tuples(terms), max_size=6))
def test_markdown_and_tables_keep_their_rows(
    rows: list[tuple[Cell, ...]],
) -> None:
    answer = Solutions(("a",), [*rows])
    markdown = text_of(answer, "markdown")
    assert markdown.count("\n") == len(rows) + 2
    assert "\x1b" not in text_of(answer, "table")


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ufffe"])
def test_xml_refuses_what_it_cannot_carry_before_it_begins(character: str) -> None:
    with pytest.raises(UnknownFormatError, match=f"U\\+{ord(character):04X}"):
        render(Solutions(("a",), [(ox.Literal("fine"),), (ox.Literal(f"a{character}"),)]), "xml")


def test_triple_terms_and_directions() -> None:
    triple = ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("o"))
    answer = Solutions(("a", "b"), [(triple, ox.Literal("x", language="ar", direction=ox.BaseDirection.RTL))])
    assert text_of(answer, "csv").splitlines()[1] == '"<<( <urn:s> <urn:p> ""o"" )>>",x'
    assert text_of(answer, "tsv").splitlines()[1] == '<<( <urn:s> <urn:p> "o" )>>\t"x"@ar--rtl'
    for name in ("json", "xml"):
        parsed = ox.parse_query_results(text_of(answer, name), format=SYNTAXES[name])
        assert isinstance(parsed, ox.QuerySolutions)
        assert [tuple(row) for row in parsed] == answer.rows


def test_what_markdown_and_csv_take_for_signs_is_escaped() -> None:
    answer = Solutions(("a",), [(ox.Literal("~~gone~~"),), (ox.Literal("one\u2028two\u2029three"),)])
    assert text_of(answer, "markdown").splitlines()[2:] == ["| \\~\\~gone\\~\\~ |", "| one<br>two<br>three |"]
    assert text_of(Solutions(("a",), [(ox.Literal("b\rc"),)]), "csv") == 'a\r\n"b\rc"\r\n'


def test_a_column_of_numbers_stands_to_the_right() -> None:
    rows: list[tuple[Cell, ...]] = [(typed("1", "unsignedShort"), None, typed("1", "integer"), typed("1", "integer"))]
    rows.append((None, None, ox.Literal("one"), ox.NamedNode("urn:x")))
    assert text_of(Solutions(tuple("abcd"), [*rows]), "markdown").splitlines()[1] == "| ---: | --- | --- | --- |"


# Tables


def test_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    rows: list[tuple[ox.NamedNode | ox.Literal | None, ...]] = [
        (ox.NamedNode(PZ + "quito"), ox.Literal("Quito", language="es"), typed("9", "integer")),
        (ox.NamedNode("http://example.org/x"), None, typed("1996", "integer")),
    ]
    assert text_of(Solutions(("place", "name", "year"), [*rows]), "table") == (
        "place                    name    year\n"
        "─────────────────────────────────────\n"
        "pz:quito                 Quito      9\n"
        "<http://example.org/x>           1996\n"
        "2 rows\n"
    )


def test_columns_of_iris_at_the_end_give_way_on_a_narrow_screen_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    iri = ox.NamedNode(PZ + "a-name-that-is-longer-than-the-rest-of-the-row")
    answer = Solutions(("first", "text", "iri"), [(iri, ox.Literal("words " * 4), iri)])
    monkeypatch.setenv("COLUMNS", "90")
    shown = "".join(render(answer, "table"))
    assert shown.count("pz:a-name-that-is-longer") == 1
    assert shown.endswith("1 row, without iri, for lack of space: other formats have all\n")
    monkeypatch.setenv("COLUMNS", "160")
    assert "".join(render(answer, "table")).endswith("1 row\n")


@pytest.mark.parametrize("columns", ["12", "20", "33", "60"])
def test_a_narrow_table_folds_and_loses_nothing(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("NO_COLOR", "1")
    words = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    table = text_of(Solutions(("a", "b"), [(ox.Literal(words), ox.Literal("1"))]), "table", to_terminal=True)
    assert all(len(line) <= int(columns) for line in table.splitlines())
    assert set(words) <= set(table)
    assert "\x1b" not in table


def test_many_columns_become_lines_on_a_narrow_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    answer = Solutions(tuple("abcdef"), [tuple(ox.Literal(v * 4) for v in row) for row in ("abcdef", "ghijkl")])
    table = text_of(answer, "table")
    assert table.splitlines()[:2] == ["a  aaaa", "b  bbbb"]
    assert table.splitlines()[6:8] == ["", "a  gggg"]
    assert table.endswith("2 rows\n")
    monkeypatch.setenv("COLUMNS", "39")
    assert text_of(answer, "table").splitlines()[0] == "a      b      c      d      e      f"


def test_words_are_whole_and_the_columns_that_gave_way_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    rows: list[tuple[Cell, ...]] = [
        (
            ox.Literal(f"competition {number} of many years"),
            ox.Literal("metres\nor feet"),
            None,
            typed(str(number), "integer"),
            ox.Literal("championships on the other side of the world " * number),
            ox.Literal("internationally" * (number - 1)),
            ox.Literal("unquestionably" * (number - 1)),
            ox.NamedNode(f"urn:{number}"),
        )
        for number in (1, 2)
    ]
    names = ("competition", "unit", "wind", "distance", "championships", "long", "longer", "iri")
    table = text_of(Solutions(names, [*rows]), "table")
    *lines, count, same = table.splitlines()
    assert lines[0].split() == ["competition", "distance", "championships", "long", "longer"]
    assert count == "2 rows, without iri, for lack of space: other formats have all"
    assert same == "in each row: unit metres or feet, wind —"
    words = {
        word
        for row in rows
        for cell in (row[0], *row[3:7])
        if isinstance(cell, ox.Literal)
        for word in cell.value.split()
    }
    assert words <= {word for line in lines for word in line.split()}
    assert max(map(len, lines)) <= 80
    monkeypatch.setenv("COLUMNS", "62")
    assert "2 rows, without longer and iri, for lack" in text_of(Solutions(names, [*rows]), "table")
    # One row is easier to read as a block, and has all.
    assert text_of(Solutions(names, [*rows[1:]]), "table").endswith("\n1 row\n")


def test_every_width_shows_each_column_or_tells_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    kg = perezkg.load()
    for query in ("all-time-list", "claims", "records", "medals"):
        answer = kg.query(query)
        assert isinstance(answer, Solutions)
        words = {word for row in answer.rows for term in row[:1] for word in as_text(term).split()}
        for width in (61, 80, 97, 120, 200):
            monkeypatch.setenv("COLUMNS", str(width))
            *lines, last = text_of(answer, "table").splitlines()
            end = f"{lines.pop()}\n{last}" if last.startswith("in each row: ") else last
            assert max(map(len, lines)) <= width
            assert words <= {word for line in lines for word in line.split()}, width
            if "──" in lines[1]:
                head = lines[0].split()
                assert all(name in head or re.search(rf"\b{name}\b", end) for name in answer.variables)
            else:  # blocks of lines have all that is told
                assert end == f"{len(answer)} rows"


_KITTY = {"TERM": "xterm-kitty"}


@pytest.mark.parametrize(
    ("environment", "linked"),
    [
        (_KITTY, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "6800"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, True),
        ({"TERM": "xterm-256color", "WT_SESSION": "x"}, True),
        ({"TERM": "xterm-256color", "FORCE_HYPERLINK": "1"}, True),
        ({"TERM": "dumb", "VTE_VERSION": "6800"}, False),
        ({"TERM": "linux", "KONSOLE_VERSION": "220400"}, False),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4002"}, False),
        ({"TERM": "xterm-256color"}, False),
        (_KITTY | {"NO_COLOR": "1"}, False),
        (_KITTY | {"FORCE_HYPERLINK": "0"}, False),
    ],
)
def test_names_link_to_things_where_a_terminal_has_links(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *, linked: bool
) -> None:
    known = ("TERM", "TERM_PROGRAM", "VTE_VERSION", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM")
    for name in (*known, "FORCE_HYPERLINK", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    thing = ox.NamedNode("https://example.org/Pérez;?a=1")
    rows: list[tuple[Cell, ...]] = [
        (typed("1996", "gYear"), ox.Literal("Quito"), thing, thing),
        (typed("1996", "gYear"), ox.Literal("x"), ox.NamedNode("file:///etc/passwd"), ox.NamedNode("urn:x")),
    ]
    answer = Solutions(("year", "name", "place", "iri"), [*rows])
    drawn = text_of(answer, "table", to_terminal=True)
    links = re.findall(r"\x1b\]8;id=\d+;([^\x1b]+)\x1b\\([^\x1b]*?) *\x1b\]8;;\x1b\\", drawn)
    address = "https://example.org/P%C3%A9rez;?a=1"
    assert [link for link, _ in links] == ([address] * 3 if linked else [])
    assert "Quito" in [text for _, text in links] or not linked
    assert "\x1b]8" not in text_of(answer, "table")


def test_colours_only_on_a_terminal_that_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    assert "\x1b[1m" in text_of(SAMPLE, "table", to_terminal=True)
    assert "\x1b" not in text_of(SAMPLE, "table")


def test_data_cannot_steer_a_terminal() -> None:
    table = text_of(Solutions(("a",), [(ox.Literal("\x1b[2J[red]x\x07\u202ey"),)]), "table", to_terminal=True)
    assert "␛[2J[red]x␇" in table
    assert "<U+202E>y" in table


def test_no_rows_and_no_columns() -> None:
    assert text_of(Solutions(("a",), []), "table") == "a\n─\n0 rows\n"
    assert text_of(Solutions((), []), "csv") == "\r\n"
    assert text_of(Solutions(("a",), []), "json") == '{"head":{"vars":["a"]},"results":{"bindings":[\n]}}\n'


# Triples

GRAPH = Triples(
    [
        ox.Triple(ox.NamedNode(PZ + "quito"), ox.NamedNode("https://w3id.org/perezkg/sport#kind"), ox.BlankNode("x")),
        ox.Triple(
            ox.BlankNode("x"),
            ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"),
            ox.Literal("q", language="en"),
        ),
    ]
)


def test_triples_in_every_format() -> None:
    assert text_of(GRAPH, "turtle").endswith('pz:quito sport:kind [\n        rdfs:label "q"@en\n    ] .\n')
    assert text_of(GRAPH, "ntriples") == (
        "<https://w3id.org/perezkg/id/quito> <https://w3id.org/perezkg/sport#kind> _:c14n0 .\n"
        '_:c14n0 <http://www.w3.org/2000/01/rdf-schema#label> "q"@en .\n'
    )
    assert json.loads(text_of(GRAPH, "jsonld"))["@graph"] == [{"id": "pz:quito", "kind": {"label": {"en": "q"}}}]


def test_no_triples() -> None:
    assert text_of(Triples([]), "turtle") == text_of(Triples([]), "ntriples") == ""
    assert json.loads(text_of(Triples([]), "jsonld"))["@graph"] == []


# Formats


@pytest.mark.parametrize("name", suitable(TRIPLES))
def test_a_table_is_not_triples(name: str) -> None:
    with pytest.raises(UnknownFormatError, match="for triples") as caught:
        render(SAMPLE, name)
    assert "table, csv" in caught.value.hint


@pytest.mark.parametrize("name", suitable(SOLUTIONS))
def test_triples_are_not_a_table(name: str) -> None:
    with pytest.raises(UnknownFormatError, match="for tables"):
        render(GRAPH, name)


def test_a_misspelt_format_finds_the_nearest() -> None:
    with pytest.raises(UnknownFormatError) as caught:
        render(SAMPLE, "jsom")
    assert caught.value.hint == "Did you mean json?"


STANDARDS = (
    ox.QueryResultsFormat.CSV, ox.QueryResultsFormat.TSV, ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML,
    ox.RdfFormat.TURTLE, ox.RdfFormat.JSON_LD, ox.RdfFormat.N_TRIPLES,
)  # fmt: skip

# What is no standard of the W3C, each with its extensions and its media type.
OTHERS = {
    "markdown": ((".md",), "text/markdown"),
    "html": ((".html",), "text/html"),
    "geojson": ((".geojson",), "application/geo+json"),
}


@pytest.mark.parametrize("row", [row for row in FORMATS.values() if row.extensions], ids=repr)
def test_extensions_and_media_types_are_those_of_the_standards(row: Format) -> None:
    if row.name in OTHERS:
        assert (row.extensions, row.media_type) == OTHERS[row.name]
        return
    (standard,) = (standard for standard in STANDARDS if standard.media_type.partition(";")[0] == row.media_type)
    assert (standard in STANDARDS[4:]) == (row.suits == (TRIPLES,))
    assert {type(standard).from_extension(extension[1:]) for extension in row.extensions} == {standard}
    if row.suits == (TRIPLES,):
        assert row.media_type == READ[row.name].media_types[0]
        assert set(row.extensions) <= set(READ[row.name].extensions)


def counted(answer: Solutions) -> Iterator[str]:
    """Write an answer in a format of this module."""
    yield f"{len(answer)} counted\n"


def test_a_format_is_a_function_and_a_row(command: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    row = Format("count", (".count", ".n"), "text/x-count", (SOLUTIONS,), f"{__name__}:counted")
    monkeypatch.setitem(FORMATS, row.name, row)
    assert text_of(SAMPLE, "count") == text_of(SAMPLE, "count", to_terminal=True) == "3 counted\n"
    assert suitable(SOLUTIONS)[-1] == "count"
    assert "count" not in suitable(TRIPLES)
    assert re.search(r" count \(default: table", " ".join(command("query", "--help").out.split()))
    query = "SELECT ?medal { VALUES ?medal { 1 2 3 } }"
    assert command("query", "-e", query, "-f", "count") == (0, "3 counted\n", "")
    assert command("query", "-e", query, "-o", tmp_path / "medals.N") == (0, "", "")
    assert (tmp_path / "medals.N").read_text(encoding="utf-8") == "3 counted\n"
    assert "Did you mean count?" in command("query", "-e", query, "-f", "coutn").err
    ended = command("query", "-e", "ASK {}", "-f", "count")
    assert ended.status == 2
    assert "the format 'count' is for tables, and this query answers with true or false (ASK)" in ended.err
    assert "for tables, and this query answers with triples" in command("query", "schema-org", "-f", "count").err
    # Nor does an ASK or a graph go into a file of this name in a format that it does not suit.
    assert command("query", "-e", "ASK {}", "-o", tmp_path / "ask.n").status == 0
    assert (tmp_path / "ask.n").read_bytes() == b"true\r\n"


def test_one_extension_for_two_kinds_of_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Format("rdfxml", (".xml",), "application/rdf+xml", (TRIPLES,), f"{__name__}:counted")
    monkeypatch.setitem(FORMATS, row.name, row)
    assert (told_by_name("x.xml", SOLUTIONS), told_by_name("x.xml", TRIPLES)) == ("xml", "rdfxml")


@pytest.mark.parametrize("page", ["README.md", "README.es.md"])
def test_the_readme_names_the_formats(page: str) -> None:
    others = "|".join(name for name in suitable(SOLUTIONS) if name not in ("table", "csv"))
    assert f"`-f {others}`" in (Path(__file__).parents[2] / page).read_text(encoding="utf-8")


def test_csv_imports_nothing_heavy() -> None:
    script = """
import sys
from pyoxigraph import Literal
from perezkg.sparql.formats import render
from perezkg.sparql.results import Solutions
list(render(Solutions(("a",), [(Literal("x"),)]), "csv"))
print(*sorted({"csv", "json", "rich", "rdflib", "pyld", "typing", "dataclasses", "pathlib", "enum"} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    bare = subprocess.run(
        [sys.executable, "-c", "import re, sys, pyoxigraph; print(*sorted({'enum', 'typing'} & set(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == bare.stdout
