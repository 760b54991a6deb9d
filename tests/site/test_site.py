"""A site is whole: each link leads somewhere, each page is well formed, in both languages, for any data."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import RdfFormat, parse

import perezkg
from perezkg.resources import LANGUAGES
from perezkg.sparql.catalogue import names
from perezkg.web.site.addresses import address, is_link
from perezkg.web.site.build import MARK, build

if TYPE_CHECKING:
    from tests.conftest import Run

DATE = "2026-11-28"
LIVES = Path(__file__).parents[1] / "lives"
# Both READMEs begin with the picture of a site: `python tests/site/test_site.py` makes it again.
DRAWN = {"svg", "title", "desc", "style", "defs", "pattern", "path", "rect", "text", "tspan", "g"}
PICTURES = {"en": "true.svg", "es": "true.es.svg"}
DOCS = Path(__file__).parents[2] / "docs"
VOID = {"meta", "link", "br", "input", "img", "hr"}
HOSTILE = """
@prefix ex: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sport: <https://w3id.org/perezkg/sport#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
ex:data foaf:primaryTopic ex:one .
ex:one a sport:Person ; rdfs:label "<script>alert(1)</script> & \\"'"@en ; sport:name "</script><b>" ;
  rdfs:seeAlso <javascript:alert(2)> , <data:text/html,x> , "javascript:alert(3)" , <https://example.org/x?a=1&b=2> .
<javascript:alert(4)> a sport:Person ; rdfs:label "a script as a thing" .
<https://example.org/../../../etc/passwd> a sport:Place ; rdfs:label "../../up" .
<https://w3id.org/perezkg/id/Con> a sport:Place ; rdfs:label "a device" .
<https://w3id.org/perezkg/id/con> a sport:Place ; rdfs:label "another device" .
<https://w3id.org/perezkg/id/CUENCA> a sport:Place ; rdfs:label "capitals" .
<https://w3id.org/perezkg/id/cuenca> a sport:Place ; rdfs:label "small letters" .
<https://example.org/%s> a sport:Place ; rdfs:label "long" .
<urn:x:\u202e\U0001f3c5> a sport:Place .
""" % ("a" * 3000)


class Page(HTMLParser):
    """What a test looks for in a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.scripts: list[str] = []
        self._open: list[str] = []
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)
        self.close()
        self.faults += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if len(told) < len(attrs):
            self.faults.append(f"{tag} has an attribute twice")
        self.tags.append((tag, told))
        self.links += [value for name, value in attrs if name in ("href", "src") and value is not None]
        if told.get("id"):
            self.ids.append(told["id"] or "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["script"]:
            self.scripts.append(data)


def pages(site: Path) -> list[Page]:
    return [Page(path) for path in sorted(site.rglob("*.html"))]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of perezkg's own graph."""
    folder = tmp_path_factory.mktemp("site") / "perez"
    build(perezkg.load(), folder, base_url="https://example.org/perez", date=DATE)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a file whose author means harm."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "hostile.ttl").write_text(HOSTILE, encoding="utf-8")
    build(perezkg.load(folder / "hostile.ttl"), folder / "site", date=DATE)
    return folder / "site"


def check(site: Path) -> list[Page]:
    """Hold against each page what each must have; return the pages."""
    found = pages(site)
    ids = {page.path: page.ids for page in found}
    for page in found:
        assert page.faults == [], page.path
        assert len(page.ids) == len(set(page.ids)), page.path
        assert [tag for tag, _ in page.tags].count("h1") == 1, page.path
        for link in page.links:
            if is_link(link):
                continue
            place, _, fragment = link.partition("#")
            target = Path(os.path.normpath(page.path.parent / unquote(place))) if place else page.path
            assert target.is_file(), (page.path, link)
            assert target.is_relative_to(site), (page.path, link)
            assert not fragment or fragment in ids[target], (page.path, link)
        html = dict(page.tags)["html"]
        folder = page.path.relative_to(site).parts[0]
        assert html["lang"] == (folder if folder in LANGUAGES else "en")
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_of_the_readme_is_made_by_a_site(site: Path, lang: str) -> None:
    made = (site / lang / "true.svg").read_text(encoding="utf-8")
    assert made == (DOCS / PICTURES[lang]).read_text(encoding="utf-8")
    assert "<script" not in made
    assert re.findall(r"(?:href|src|url)[=(][^)]*", made) == ["url(#hatch"]
    readme = DOCS.parent / ("README.md" if lang == "en" else f"README.{lang}.md")
    assert f"docs/{PICTURES[lang]}" in readme.read_text(encoding="utf-8")


def test_the_picture_of_who_means_harm(hostile: Path) -> None:
    """Of data without claims there is a picture too, and labels stay text."""
    for lang in LANGUAGES:
        root = ET.parse(hostile / lang / "true.svg").getroot()  # noqa: S314 - well formed, or it fails
        assert {element.tag.rpartition("}")[2] for element in root.iter()} <= DRAWN


def test_all_pages_are_sound_and_all_links_lead_somewhere(site: Path) -> None:
    found = check(site)
    assert len(found) > 3000


def test_both_languages_have_the_same_pages(site: Path) -> None:
    trees = [{path.relative_to(site / lang) for path in (site / lang).rglob("*")} for lang in LANGUAGES]
    assert trees[0] == trees[1]
    assert "Afirmaciones" in (site / "es" / "true.html").read_text(encoding="utf-8")
    assert "Claims" in (site / "en" / "true.html").read_text(encoding="utf-8")


def test_each_query_and_each_term_has_a_page(site: Path) -> None:
    for name in names():
        assert (site / "en" / "queries" / f"{name}.html").is_file()
    ontology = Page(site / "es" / "ontology" / "index.html")
    assert {"Person", "competitor", "medal-gold"} <= set(ontology.ids)
    term = (site / "es" / "ontology" / "~participation.html").read_text(encoding="utf-8")
    assert "queries/disqualifications.html" in term
    assert "sport:" in term


def test_the_page_of_a_thing_tells_its_sentences_and_has_its_files(site: Path) -> None:
    page = Page(site / "en" / "id" / "race-aid.html")
    assert "characters 1556–1694" in page.text
    assert "../../data/id/race-aid.ttl" in page.links
    expected = {triple for triple in perezkg.load().quads() if "id/race-aid>" in str(triple.subject)}
    for extension, syntax in ((".ttl", RdfFormat.TURTLE), (".nt", RdfFormat.N_TRIPLES), (".jsonld", RdfFormat.JSON_LD)):
        told = set(parse(path=site / "data" / "id" / f"race-aid{extension}", format=syntax))
        assert {quad.triple for quad in told} == {quad.triple for quad in expected}


def test_schema_org_stands_in_a_page(site: Path) -> None:
    page = Page(site / "en" / "id" / "jefferson-perez.html")
    told = json.loads(page.scripts[0])
    assert told["@id"] == "https://w3id.org/perezkg/id/jefferson-perez"
    assert told["@type"] == "Person"
    assert told["birthDate"] == "1974-07-01"


def test_the_picture_tells_what_is_no_longer_true(site: Path) -> None:
    text = (site / "en" / "index.html").read_text(encoding="utf-8")
    claim = text.partition("won the only two Olympic medals of Ecuador")
    assert claim[0].rstrip().rpartition('<span class="badge ')[2].startswith("ended")
    assert "since 2008-08-16, until 2021-07-24" in claim[2][:900]
    assert "true for a time" in claim[2][:900]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whatever_is_false_says_why(site: Path, lang: str) -> None:
    text = (site / lang / "true.html").read_text(encoding="utf-8")
    false = [bar for bar in text.split("<li>") if '<p class="says"><span class="badge never">' in bar]
    assert len(false) > 3
    assert all('<p class="why">' in bar for bar in false)
    # Nobody has judged the first competition of six kilometres: another claim is preferred.
    (six,) = [bar for bar in false if "claim-first-distance-six.html" in bar]
    assert "claim-first-distance-five.html" in six


def test_the_order_is_the_same_in_each_language(site: Path) -> None:
    told = [
        re.findall(
            r'<p class="says"><span[^>]*>[^<]*</span> <a href="([^"]*)"', (site / lang / page).read_text("utf-8")
        )
        for page in ("true.html", "index.html")
        for lang in LANGUAGES
    ]
    assert len(told[0]) > len(told[2]) > 10
    assert told[0] == told[1]
    assert told[2] == told[3]


def test_medals_are_counted_by_competition(site: Path) -> None:
    text = (site / "es" / "index.html").read_text(encoding="utf-8")
    assert "<li>Juegos Olímpicos: medalla de oro × 1, medalla de plata × 1</li>" in text
    assert "<li>Campeonatos Mundiales: medalla de oro × 3, medalla de plata × 1</li>" in text


def test_a_sentence_says_that_it_is_not_copied(site: Path) -> None:
    said = "The words are another&#39;s and are not copied here"
    assert said in (site / "en" / "source" / "biography" / "s1.html").read_text(encoding="utf-8")
    assert said not in (site / "en" / "id" / "cuenca.html").read_text(encoding="utf-8")
    assert said not in (site / "en" / "source" / "biography.html").read_text(encoding="utf-8")


def test_who_says_a_claim_is_told_from_who_tells_what_became_of_it(site: Path) -> None:
    text = (site / "en" / "id" / "claim-only-two-olympic-medals.html").read_text(encoding="utf-8")
    told = text.partition("<h2>Where it comes from</h2>")[2].partition("</ul>")[0].split("<li>")[1:]
    assert ["says so" in source for source in told] == [True, False]
    assert "on what became of it" in told[1]
    assert "says so" not in (site / "en" / "id" / "cuenca.html").read_text(encoding="utf-8")


def test_what_was_true_depends_on_the_day(tmp_path: Path) -> None:
    build(perezkg.load(), tmp_path / "then", date="2012-01-01")
    text = (tmp_path / "then" / "en" / "index.html").read_text(encoding="utf-8")
    claim = text.partition("won the only two Olympic medals of Ecuador")
    assert claim[0].rstrip().rpartition('<span class="badge ')[2].startswith("holds")


def test_pages_are_small_ask_nobody_and_have_no_script_but_the_search(site: Path) -> None:
    home = (site / "en" / "index.html").read_bytes() + (site / "style.css").read_bytes()
    assert len(gzip.compress(home)) < 40_000
    for page in pages(site):
        for tag, told in page.tags:
            if tag == "script" and told.get("type") != "application/ld+json":
                assert page.path.name == "search.html"
                assert not is_link(told["src"] or "")
            assert not any(name.startswith("on") for name in told)
            if tag in ("link", "img", "script") and told.get("rel") not in ("alternate", "canonical"):
                assert not is_link(told.get("href") or told.get("src") or "")
    css = (site / "style.css").read_text(encoding="utf-8")
    assert "url(" not in css
    assert "@import" not in css


def test_the_search_finds_labels(site: Path) -> None:
    text = (site / "es" / "labels.js").read_text(encoding="utf-8")
    told = json.loads(text.removeprefix("const perezkgLabels = ").removesuffix(";\n"))
    assert ["Pekín", "id/beijing.html", "lugar"] in told
    assert ["Beijing", "id/beijing.html", "Pekín · lugar"] in told
    assert all((site / "es" / page).is_file() for _, page, _ in told)


def test_iris_and_pages_map_one_to_one(site: Path) -> None:
    redirects = (site / "w3id" / ".htaccess").read_text(encoding="utf-8")
    assert "RewriteRule ^id/cuenca$ https://example.org/perez/en/id/cuenca.html [R=303,L]" in redirects
    assert "RewriteRule ^id/cuenca$ https://example.org/perez/data/id/cuenca.ttl [R=303,L]" in redirects
    for target in re.findall(r"https://example.org/perez/(\S+)", redirects):
        assert (site / target).is_file()
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    told = re.findall("<loc>https://example.org/perez/([^<]+)</loc>", sitemap)
    assert sorted(told) == sorted(
        path.relative_to(site).as_posix() for lang in LANGUAGES for path in (site / lang).rglob("*.html")
    )
    page = Page(site / "en" / "id" / "cuenca.html")
    assert ("link", {"rel": "canonical", "href": "https://example.org/perez/en/id/cuenca.html"}) in page.tags


@pytest.mark.parametrize(
    "iri",
    [f"https://w3id.org/perezkg/id/{local}" for local in ("index", "NUL", "a/../b", "", ".htaccess", "á")] + ["urn:x:"],
)
def test_an_address_is_a_safe_name(iri: str) -> None:
    assert re.fullmatch(r"(other)/[a-z0-9-]+~~[0-9a-f]{24}", address(iri))


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    life = LIVES / "sawa.ttl"
    for name, graph in (("one", perezkg.load(life)), ("two", perezkg.build_index([life], tmp_path / "index"))):
        build(graph, tmp_path / name, date=DATE)
    one, two = (
        {path.relative_to(tmp_path / name): path for path in (tmp_path / name).rglob("*") if path.is_file()}
        for name in ("one", "two")
    )
    assert len(one) > 1000
    assert one.keys() == two.keys()
    for place, file in one.items():
        assert file.read_bytes() == two[place].read_bytes(), place


def test_the_sources_of_an_index_have_the_words(tmp_path: Path, command: Run) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text("<s:s> <s:p> <s:o> .", encoding="utf-8")
    perezkg.build_index([file], tmp_path / "index")
    file.write_text("<s:s> <s:p> <s:x> .", encoding="utf-8")
    ended = command("site", tmp_path / "site", "--store", tmp_path / "index")
    assert (ended.status, ended.out) == (3, "")
    assert "mine.ttl: what is asked for needs the words of this file" in ended.err
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("life", ["bolt", "robertson", "sawa"])
def test_other_lives_become_sites(life: str, tmp_path: Path) -> None:
    build(perezkg.load(LIVES / f"{life}.ttl"), tmp_path / "site", date=DATE)
    check(tmp_path / "site")


def test_a_medal_that_was_struck_out_shows_both_states(tmp_path: Path) -> None:
    build(perezkg.load(LIVES / "bolt.ttl"), tmp_path / "site", date=DATE)
    text = (tmp_path / "site" / "en" / "true.html").read_text(encoding="utf-8")
    told = re.findall(
        r'badge (\w+)">[^<]*</span> <a href="[^"]*">(\w+) medal, Trinidad and Tobago, 4 × 100 m relay, Olympic Games',
        text,
    )
    assert sorted(told) == [("ended", "silver"), ("holds", "gold")]


def test_an_empty_graph_becomes_a_site(tmp_path: Path) -> None:
    (tmp_path / "empty.ttl").write_text("", encoding="utf-8")
    build(perezkg.load(tmp_path / "empty.ttl"), tmp_path / "site", date=DATE)
    check(tmp_path / "site")
    assert "nothing that could stand here" in (tmp_path / "site" / "en" / "index.html").read_text(encoding="utf-8")


def test_what_data_say_is_text_and_never_code(hostile: Path) -> None:
    for page in check(hostile):
        assert "<script>alert" not in page.text
        assert not [link for link in page.links if re.match(r"(?i)\s*(javascript|data|vbscript):", link)]
        for script in page.scripts:
            assert json.loads(script)["@context"]
    home = Page(hostile / "en" / "index.html")
    assert "&lt;script&gt;alert(1)" in home.text


def test_names_of_files_stay_in_the_folder_and_differ_without_case(hostile: Path) -> None:
    files = [path.relative_to(hostile).as_posix() for path in hostile.rglob("*") if path.is_file()]
    assert len({file.lower() for file in files}) == len(files)
    assert all(re.fullmatch(r"[a-z0-9._~/-]+", file) for file in files)
    assert max(len(part) for file in files for part in file.split("/")) < 120
    assert sorted(path.name for path in hostile.parent.iterdir()) == ["hostile.ttl", "site"]
    assert (hostile / MARK).is_file()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        build(perezkg.load(), Path(folder) / "site", date=DATE)
        for lang, name in PICTURES.items():
            shutil.copyfile(Path(folder) / "site" / lang / "true.svg", DOCS / name)
