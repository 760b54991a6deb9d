"""Answers as a page: whole, in its language, and nothing that the data hold becomes markup or a script."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode

from perezkg.sparql.formats import render
from perezkg.sparql.results import Boolean, Solutions

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

    import perezkg

EMPTY = {"meta"}


class Page(HTMLParser):
    """Reads a page: its elements must be closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and data.strip():
            self.texts.append((self._open[-1], data))

    def of(self, tag: str) -> list[str]:
        return [text for within, text in self.texts if within == tag]

    def links(self) -> list[str]:
        return [attributes["href"] or "" for tag, attributes in self.elements if tag == "a"]


def page(answer: Solutions | Boolean, title: str = "", lang: str = "en") -> Page:
    return Page("".join(render(answer, "html", title=title, lang=lang)))


def test_a_page_has_language_title_caption_and_heads() -> None:
    found = page(Solutions(("year", "place"), [(Literal(1996), Literal("Atlanta"))]), "Wins & losses", "es")
    assert found.elements[0] == ("html", {"lang": "es"})
    assert found.of("title") == found.of("h1") == found.of("caption") == ["Wins & losses"]
    assert (found.of("th"), found.of("td")) == (["year", "place"], ["1996", "Atlanta"])
    assert found.of("p") == ["1 row"]


def test_names_link_to_what_the_row_is_about() -> None:
    iri = NamedNode("https://e.org/a?b=1&c='2'")
    assert page(Solutions(("year", "name", "iri"), [(Literal(1996), Literal("Ana"), iri)])).links() == [iri.value]
    found = page(Solutions(("year", "iri"), [(None, iri)]))
    assert (found.links(), found.of("th")) == ([iri.value], ["year"])
    assert page(Solutions(("iri",), [(iri,)])).links() == [iri.value]


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "urn:x"])
def test_only_addresses_of_the_web_are_links(iri: str) -> None:
    found = page(Solutions(("name", "iri"), [(Literal("Ana"), NamedNode(iri))]))
    assert (found.links(), found.of("td")) == ([], ["Ana"])


def test_data_stay_text() -> None:
    hostile = '</td></style></title><script>alert(1)</script><img src=x onerror="y"> \' & \x1b[2J\u202e'
    found = page(Solutions((hostile,), [(Literal(hostile),)]), hostile, '"><script>')
    assert {tag for tag, _ in found.elements} <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "div", "table", "caption", "thead", "tbody",
        "tr", "th", "td", "p",
    }  # fmt: skip
    shown = hostile.replace("\x1b", "␛").replace("\u202e", "<U+202E>")
    assert found.of("td") == found.of("th") == found.of("caption") == found.of("title") == [shown]


def test_it_runs_nothing_and_asks_for_nothing() -> None:
    text = "".join(render(Solutions(("a",), [(Literal("x"),)]), "html"))
    assert "default-src 'none'" in text
    assert not re.search(r"(?i)<(script|link|img|iframe|object)|\ssrc=|url\(|@import|\son\w+=", text)
    assert "prefers-color-scheme: dark" in text


def test_other_languages_are_told() -> None:
    rows = [(Literal("walk", language="en-gb"), Literal("marcha", language="es"))]
    found = page(Solutions(("a", "b"), list(rows)))
    assert [attributes for tag, attributes in found.elements if tag == "td"] == [{}, {"lang": "es"}]


def test_true_and_nothing() -> None:
    assert page(Boolean(True)).of("strong") == ["true"]
    assert page(Solutions(("a",), [])).of("p") == ["0 rows"]


def test_a_canned_query_becomes_a_page_in_spanish(command: Run, tmp_path: Path, kg: perezkg.KnowledgeGraph) -> None:
    file = tmp_path / "medals.html"
    assert command("query", "medals", "--lang", "es", "-o", file) == (0, "", "")
    found = Page(file.read_text(encoding="utf-8"))
    answer = kg.query("medals", lang="es")
    assert isinstance(answer, Solutions)
    assert found.elements[0] == ("html", {"lang": "es"})
    assert found.of("p") == [f"{len(answer)} filas"]
    assert found.of("th")[0] == "año"
    assert found.of("title")[0].startswith("Las medallas") or "medalla" in found.of("title")[0]
    assert found.links() == [str(row.iri) for row in answer]
