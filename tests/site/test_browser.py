"""The site in a real browser: nothing on its console, no request elsewhere, axe finds nothing, SPARQL is answered.

Chromium is that of the system, driven by Playwright; pages are opened from disk, as a reader would.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import perezkg
from perezkg.errors import PackageMissingError
from perezkg.sparql.results import Solutions
from perezkg.web.site.ask import engine
from perezkg.web.site.build import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.real]

REQUIRED = os.environ.get("PEREZKG_REQUIRE_BROWSER") == "1"
DATE = "2026-11-28"
KINDS = {
    "home": "index",
    "still true": "true",
    "conflicts": "conflicts",
    "person": "id/jefferson-perez",
    "claim": "id/claim-only-two-olympic-medals",
    "query": "queries/medals",
    "map": "queries/places",
    "term": "ontology/~participation",
    "ontology": "ontology/index",
    "list": "things",
    "search": "search",
    "SPARQL": "ask",
}
LIFE = """
@prefix ex: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sport: <https://w3id.org/perezkg/sport#> .
ex:one a sport:Person ; rdfs:label "<img src=x onerror=alert(1)>"@en , "</script><script>alert(2)</script>"@es .
<javascript:alert(3)> a sport:Person ; rdfs:label "a script as a thing" .
"""


def missing(what: str) -> None:
    """Skip, or fail where a browser is asked for."""
    if REQUIRED:
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        missing("Chromium is not installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"], timeout=300_000
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """The engine of the SPARQL page."""
    try:
        return engine()
    except PackageMissingError as error:
        missing(error.message)
        raise


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, files: dict[str, str]) -> Path:
    """The site of perezkg's own graph, with a SPARQL page."""
    folder = tmp_path_factory.mktemp("browsed") / "perez"
    build(perezkg.load(), folder, date=DATE, engine=files)
    return folder


@contextmanager
def opened(browser: Browser, page: Path, *, dark: bool = False, width: int = 1280) -> Iterator[Page]:
    """Open a page; what a browser would complain of, and what would leave the machine, are faults."""
    context = browser.new_context(color_scheme="dark" if dark else "light", viewport={"width": width, "height": 800})
    context.set_default_timeout(300_000)
    tab = context.new_page()
    faults: list[str] = []
    tab.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("dialog", lambda dialog: faults.append(dialog.message))
    tab.on("request", lambda asked: faults.append(asked.url) if not asked.url.startswith(("file:", "blob:")) else None)
    tab.goto(page.as_uri())
    yield tab
    context.close()
    assert faults == []


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_no_fault(browser: Browser, site: Path, kind: str, lang: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    # Of the other language the words differ, and the colours do not.
    for dark, width in ((False, 1280), (True, 1280), (False, 390)) if lang == "en" else ((False, 390),):
        with opened(browser, site / lang / f"{KINDS[kind]}.html", dark=dark, width=width) as page:
            found = axe.run(page, options={"preload": False})
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (kind, width)
            assert page.locator("html").get_attribute("lang") == lang


def ask(page: Page, query: str | None = None) -> str:
    """Have the page ask, a text or what it has; return what it says when it is done."""
    if query is not None:
        page.fill("#sparql", query)
    page.click("#run")
    page.wait_for_function("!document.getElementById('run').disabled")
    return page.inner_text("#status")


@pytest.mark.parametrize(("lang", "said"), [("en", "Rows: {}, in"), ("es", "Filas: {}, en")])
def test_the_sparql_page_answers_as_perezkg_does(browser: Browser, site: Path, lang: str, said: str) -> None:
    with opened(browser, site / lang / "ask.html") as page:
        for name in ("medals", "places", "progression"):
            page.select_option("#choice", name)
            expected = perezkg.load().query(name, lang=lang)
            assert isinstance(expected, Solutions)
            assert ask(page).startswith(said.format(len(expected)))
            shown = page.locator("#answer tbody tr").all_inner_texts()
            columns = len(expected.variables) - 1
            told = ["\t".join(getattr(term, "value", "") for term in row[:columns]) for row in expected.rows]
            assert sorted(shown) == sorted(told)


def test_going_back_finds_again_what_was_looked_for(browser: Browser, site: Path) -> None:
    with opened(browser, site / "es" / "search.html") as tab:
        tab.fill("#search", "pekin")
        tab.click("#found a")
        tab.wait_for_selector("h1")
        tab.go_back()
        tab.wait_for_selector("#found a")
        assert tab.input_value("#search") == "pekin"
        tab.fill("#search", "100 % ó")
        tab.reload()
        assert tab.input_value("#search") == "100 % ó"


def test_a_value_becomes_a_term_and_never_text_of_the_query(browser: Browser, site: Path) -> None:
    with opened(browser, site / "en" / "ask.html") as page:
        page.select_option("#choice", "head-to-head")
        assert page.locator("#run").is_disabled()
        page.fill("[name=athlete]", "Jefferson Pérez")
        page.fill("[name=rival]", "pz:francisco-javier-fernandez")
        assert page.locator("#run").is_enabled()
        assert "<https://w3id.org/perezkg/id/jefferson-perez>" in page.input_value("#sparql")
        assert ask(page).startswith("Rows: ")
        page.fill("[name=rival]", "x:y> } #")
        assert page.locator("#run").is_disabled()
        assert "rival" in page.inner_text("#status")


def test_a_query_that_is_cancelled_stops(browser: Browser, site: Path) -> None:
    with opened(browser, site / "en" / "ask.html") as page:
        page.fill("#sparql", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        page.click("#run")
        page.wait_for_timeout(500)
        page.click("#cancel")
        assert page.inner_text("#status") == "Stopped."
        assert ask(page, "ASK { ?s ?p ?o }").startswith("Answered in ")
        assert page.inner_text("#answer") == "yes"


def test_answers_are_shown_as_their_columns_allow(browser: Browser, site: Path) -> None:
    with opened(browser, site / "en" / "ask.html") as page:
        page.select_option("#choice", "places")
        ask(page)
        page.click("#answer button >> text=Map")
        assert page.locator("#answer svg circle").count() > 5
        page.select_option("#choice", "medals")
        ask(page)
        page.click("#answer button >> text=Timeline")
        assert page.locator("#answer svg circle").count() > 1
        ask(page, "SELECT ?kind (COUNT(*) AS ?number) { ?s a ?kind } GROUP BY ?kind")
        page.click("#answer button >> text=Chart")
        assert page.locator("#answer svg rect").count() > 5
        with page.expect_download() as saved:
            page.click("#answer a >> text=CSV")
        assert Path(saved.value.path()).read_text(encoding="utf-8").startswith("kind,number\n")
        assert ask(page, "CONSTRUCT { ?s a ?c } { ?s a ?c } LIMIT 3").startswith("Triples, in ")
        assert page.inner_text("#answer pre").count(" .\n") >= 1


def test_a_mistake_is_told(browser: Browser, site: Path) -> None:
    with opened(browser, site / "en" / "ask.html") as page:
        assert "error" in ask(page, "SELECT ?x {\n ?x a }")
        # No address is asked, even where a query wants that.
        assert "SERVICE" in ask(page, "SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }").upper()


def test_data_are_text_there_as_well(browser: Browser, files: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "life.ttl").write_text(LIFE, encoding="utf-8")
    build(perezkg.load(tmp_path / "life.ttl"), tmp_path / "site", date=DATE, engine=files)
    for lang in ("en", "es"):
        with opened(browser, tmp_path / "site" / lang / "ask.html") as page:
            assert ask(page, "SELECT ?s ?label { ?s a sport:Person ; rdfs:label ?label }").split()[1] == "3,"
            assert page.locator("#answer img").count() == 0
            assert page.locator("#answer a[href^='javascript:']").count() == 0
