"""Each canned query has a whole header in both languages, is portable SPARQL 1.1, and works for any life."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store
from rdflib.plugins.sparql import prepareQuery

from perezkg.resources import LANGUAGES
from perezkg.sparql.catalogue import catalogue

QUERIES = {query.name: query for query in catalogue()}
FOLDER = Path(QUERIES["medals"].path).parent
# Where engines differ: functions that only one has, and what the standard leaves open.
NOT_PORTABLE = set("GROUP_CONCAT SAMPLE NOW RAND UUID STRUUID YEAR MONTH DAY TZ TIMEZONE GRAPH".split())  # noqa: SIM905
NAME = re.compile(r"[a-z]+(-[a-z]+)*")
COLUMN = re.compile(r"[a-z][A-Za-z0-9]*")
# Rows of these are numbers about groups of things, so no one thing stands behind a row.
WITHOUT_IRI = {"medal-table", "results-by-country"}


def body(name: str) -> str:
    """Return the query without header and comments."""
    return "".join(token.text + " " for token in QUERIES[name].tokens)


def select_columns(name: str) -> list[str]:
    return [variable.value for variable in Store().query(QUERIES[name].sparql).variables]  # type: ignore[union-attr]


SELECTS = [name for name, query in QUERIES.items() if query.form == "SELECT"]


def test_there_are_questions_enough() -> None:
    assert len(QUERIES) >= 30
    forms = [query.form for query in QUERIES.values()]
    assert forms.count("CONSTRUCT") >= 3
    assert "ASK" in forms
    # What a DESCRIBE holds, each store decides for itself (SPARQL 1.1 Query, section 16.4).
    assert "DESCRIBE" not in forms


@pytest.mark.parametrize("name", QUERIES)
class TestHeader:
    def test_every_field_in_both_languages(self, name: str) -> None:
        query = QUERIES[name]
        assert NAME.fullmatch(name)
        for lang in LANGUAGES:
            assert query.summary(lang)
            assert query.description(lang).endswith(".")
        assert query.summary("en") != query.summary("es")
        assert query.description("en") != query.description("es")
        assert query.tags

    def test_tags_stand_last_and_every_header_line_is_before_the_query(self, name: str) -> None:
        lines = QUERIES[name].text.splitlines()
        header = [line for line in lines if line.startswith("#+")]
        assert header == lines[: len(header)]
        assert "#+ tags:" in header
        assert all(line.startswith("#+   - ") for line in header[header.index("#+ tags:") + 1 :])

    def test_a_yaml_library_reads_the_same(self, name: str) -> None:
        yaml = pytest.importorskip("yaml")
        header = [line for line in QUERIES[name].text.splitlines() if line.startswith("#+")]
        text = "\n".join(line[2:].removeprefix(" ") for line in header)
        read: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # everything stays text
        assert read == QUERIES[name].header

    def test_every_parameter_but_a_thing_has_a_default_or_may_be_left_out(self, name: str) -> None:
        query = QUERIES[name]
        for parameter in query.parameters.values():
            assert (
                not parameter.required
                or (parameter.default is None) == (parameter.kind == "iri")
                or (
                    parameter.default == "https://w3id.org/perezkg/id/world-championships"  # the name of the query
                )
            )
        if "rdfs:label" in body(name) and query.form == "SELECT":
            assert query.parameters["lang"].choices == tuple(LANGUAGES)


@pytest.mark.parametrize("name", QUERIES)
class TestPortable:
    def test_it_is_sparql_before_any_value_is_bound(self, name: str) -> None:
        text = QUERIES[name].text
        Store().query(text)
        prepareQuery(text)

    def test_it_uses_nothing_that_engines_do_differently(self, name: str) -> None:
        keywords = {token.keyword for token in QUERIES[name].tokens}
        # NOW stands in for a day that may be given; with it, the answer is the same everywhere.
        today = {"NOW"} if "date" in QUERIES[name].parameters else set()
        assert not keywords & NOT_PORTABLE - today
        assert "SELECT *" not in body(name)

    def test_it_declares_the_prefixes_that_it_uses_and_no_others(self, name: str) -> None:
        text = body(name)
        declared = re.findall(r"PREFIX (\w+):", text)
        rest = re.sub(r"PREFIX \S+ <[^>]*>", "", text)
        assert declared == sorted(set(declared))
        assert set(re.findall(r"(?<![\w?<])([a-z]\w*):", rest)) == set(declared)

    def test_it_knows_no_thing_of_the_data(self, name: str) -> None:
        assert "w3id.org/perezkg/id/" not in body(name)
        assert "w3id.org/perezkg/source/" not in body(name)

    def test_no_filter_stands_below_a_minus_of_its_group(self, name: str) -> None:
        # RDF4J 5 then removes nothing (tests/matrix/avoided.md). What belongs to a group is set in as far as its MINUS.
        lines = QUERIES[name].text.splitlines()
        depths = [len(line) - len(line.lstrip()) if line.strip() else 1000 for line in lines]
        rows = list(zip(lines, depths, strict=True))
        for number, (line, depth) in enumerate(rows):
            if line.lstrip().startswith("MINUS"):
                below = [text for text, own in rows[number + 1 : _end(depths, number)] if own == depth]
                assert not [text for text in below if text.lstrip().startswith("FILTER")]

    def test_lines_are_short_enough_to_read(self, name: str) -> None:
        lines = [line for line in QUERIES[name].text.splitlines() if not line.startswith("#+")]
        assert max(map(len, lines)) <= 120
        assert not any(line != line.rstrip() or "\t" in line for line in lines)


@pytest.mark.parametrize("name", SELECTS)
class TestSelect:
    def test_it_says_its_order_to_the_last_key(self, name: str) -> None:
        order = QUERIES[name].sparql.rpartition("ORDER BY")[2]
        assert "ORDER BY" in QUERIES[name].sparql
        assert "STR(?" in order.strip().splitlines()[-1]
        assert "Label" not in order, "how words are sorted depends on the engine"

    def test_columns_are_english_and_the_thing_of_the_row_comes_last(self, name: str) -> None:
        columns = select_columns(name)
        assert all(COLUMN.fullmatch(column) for column in columns)
        assert len(set(columns)) == len(columns)
        assert (columns[-1] == "iri") == (name not in WITHOUT_IRI)


def _end(depths: list[int], number: int) -> int:
    """Return the number of the line that ends the group in which a line stands."""
    return next((later for later in range(number, len(depths)) if depths[later] < depths[number]), len(depths))


def test_only_queries_are_in_the_folder() -> None:
    assert {path.suffix for path in FOLDER.iterdir()} == {".rq"}
