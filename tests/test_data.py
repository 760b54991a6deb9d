"""The biography's data against the biography itself, and the promises that every data file makes."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).resolve().parent.parent
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SPORT = "https://w3id.org/perezkg/sport#"
BIO = "https://w3id.org/perezkg/source/biography#"
PZ = "https://w3id.org/perezkg/id/"
DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"
OA = "http://www.w3.org/ns/oa#"

Node = dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]


def biography() -> str:
    """Return the source text, which is not shipped: PEREZKG_BIOGRAPHY names it, or it lies beside the checkout."""
    path = Path(os.environ.get("PEREZKG_BIOGRAPHY") or ROOT.parent / "shared" / "biography.txt")
    if not path.is_file():
        pytest.skip("the biography's text is not shipped; set PEREZKG_BIOGRAPHY to its path to check against it")
    return path.read_bytes().decode("utf-8")


def read(*names: str) -> dict[str, Node]:
    """Return files of data/ by subject and predicate."""
    found: dict[str, Node] = defaultdict(lambda: defaultdict(list))
    for name in names:
        for quad in ox.parse(path=str(ROOT / "data" / name), format=ox.RdfFormat.TURTLE):
            assert isinstance(quad.subject, ox.NamedNode), f"blank node in data: {quad}"
            assert not isinstance(quad.object, ox.BlankNode), f"blank node in data: {quad}"
            found[quad.subject.value][quad.predicate.value].append(quad.object)
    return found


@pytest.fixture(scope="module")
def nodes() -> dict[str, Node]:
    """Return what the biography says, by subject and predicate."""
    return read("perez.ttl")


def value(node: Node, predicate: str) -> str:
    """Return the one value of a property."""
    (term,) = node[predicate]
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return term.value


def values(node: Node, predicate: str) -> set[str]:
    """Return the values of a property."""
    return {term.value for term in node[predicate] if isinstance(term, ox.NamedNode | ox.Literal)}


def test_every_sentence_is_cited_by_a_node(nodes: dict[str, Node]) -> None:
    cited = {iri for subject, node in nodes.items() if subject.startswith(PZ) for iri in values(node, DERIVED)}
    assert {f"{BIO}s{number}" for number in range(1, 28)} - cited == set()


def test_every_node_cites_a_sentence_that_exists(nodes: dict[str, Node]) -> None:
    for subject, node in nodes.items():
        if subject.startswith(PZ):
            assert node[DERIVED], f"{subject} cites nothing"
            assert values(node, DERIVED) <= nodes.keys(), subject


def test_every_reference_inside_the_data_exists(nodes: dict[str, Node]) -> None:
    for subject, node in nodes.items():
        for terms in node.values():
            for term in terms:
                if isinstance(term, ox.NamedNode) and term.value.startswith(("https://w3id.org/perezkg/id/", BIO)):
                    assert term.value in nodes, f"{subject} points at {term.value}, which is not there"


def test_every_node_is_labelled_once_in_each_language(nodes: dict[str, Node]) -> None:
    for subject, node in nodes.items():
        if values(node, RDF_TYPE) != {OA + "TextPositionSelector"}:
            languages = sorted(term.language or "" for term in node[RDFS + "label"] if isinstance(term, ox.Literal))
            assert languages == ["en", "es"], subject


def test_there_are_27_sentences_in_order(nodes: dict[str, Node]) -> None:
    end = -1
    for number in range(1, 28):
        sentence, selector = nodes[f"{BIO}s{number}"], nodes[f"{BIO}s{number}-position"]
        assert value(sentence, SPORT + "position") == str(number)
        assert int(value(selector, OA + "start")) > end
        end = int(value(selector, OA + "end"))
    assert f"{BIO}s28" not in nodes
    assert int(value(nodes["https://w3id.org/perezkg/source/biography"], SPORT + "characters")) == end


def test_positions_and_digests_are_those_of_the_text(nodes: dict[str, Node]) -> None:
    text = biography()
    source = nodes["https://w3id.org/perezkg/source/biography"]
    assert value(source, SPORT + "characters") == str(len(text))
    assert value(source, SPORT + "sha256") == hashlib.sha256(text.encode()).hexdigest()
    covered = [False] * len(text)
    for number in range(1, 28):
        selector = nodes[f"{BIO}s{number}-position"]
        start, end = int(value(selector, OA + "start")), int(value(selector, OA + "end"))
        words = text[start:end]
        assert re.fullmatch(r"[^.\s][^.]*\.", words), f"sentence {number} is not one sentence: {words!r}"
        assert value(nodes[f"{BIO}s{number}"], SPORT + "sha256") == hashlib.sha256(words.encode()).hexdigest()
        covered[start:end] = [True] * (end - start)
    left = "".join(character for character, seen in zip(text, covered, strict=True) if not seen)
    assert left.strip() == "", f"outside every sentence: {left!r}"


def test_no_sentence_of_the_source_is_copied() -> None:
    """Nine words in a row are a copy; a name or a label is shorter."""
    words = re.findall(r"\w+", biography().lower())
    runs = {tuple(words[start : start + 9]) for start in range(len(words) - 8)}
    for path in [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "data").glob("*"),
        *(path for path in (ROOT / "ontology").rglob("*") if path.is_file()),
    ]:
        mine = re.findall(r"\w+", path.read_text(encoding="utf-8").lower())
        copied = [" ".join(run) for start in range(len(mine) - 8) if (run := tuple(mine[start : start + 9])) in runs]
        assert not copied, f"{path.name} repeats the source: {copied[0]}"


def test_each_participation_is_told_once(nodes: dict[str, Node]) -> None:
    """One thing is one node, however often it is told: nobody is twice in one contest."""
    seen = [
        (value(node, SPORT + "competitor"), value(node, SPORT + "contest"))
        for node in nodes.values()
        if SPORT + "Participation" in values(node, RDF_TYPE)
    ]
    assert len(seen) == len(set(seen)) == 16


def test_a_result_is_told_again_only_when_a_decision_replaced_it() -> None:
    """Of one competitor in one contest, each later result begins with the event that ended another."""
    told: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for node in read("perez.ttl", "evidence.ttl").values():
        if SPORT + "Participation" in values(node, RDF_TYPE):
            begun, ended = ("".join(values(node, SPORT + bound)) for bound in ("begunBy", "endedBy"))
            told[value(node, SPORT + "competitor"), value(node, SPORT + "contest")].append((begun, ended))
    replaced = {which: results for which, results in told.items() if len(results) > 1}
    assert replaced
    for which, results in told.items():
        begins, ends = ([result[bound] for result in results if result[bound]] for bound in (0, 1))
        assert len(begins) == len(set(begins)) >= len(results) - 1, which
        assert len(ends) == len(set(ends)), which
        assert len(results) == 1 or set(begins) <= set(ends), which


@pytest.mark.parametrize(
    ("told_in", "participation"),
    [
        ({"s4", "s22"}, "perez-olympic-games-1996"),
        ({"s6", "s23"}, "perez-olympic-games-2008"),
        ({"s7", "s24", "s25"}, "perez-world-championships-2003"),
    ],
)
def test_what_is_told_more_than_once_cites_all_its_sentences(
    nodes: dict[str, Node], told_in: set[str], participation: str
) -> None:
    assert {BIO + sentence for sentence in told_in} <= values(nodes[PZ + participation], DERIVED)


@pytest.mark.parametrize(
    ("competition", "named_by"),
    [
        ("olympic-games", r"Olympic"),
        ("olympic-games-1996", r"1996"),
        ("olympic-games-2008", r"2008|Beijing"),
        ("world-championships", r"World Championships"),
        ("world-championships-2003", r"Paris"),
        ("race-walking-challenge", r"(?i)challenge"),
        ("race-walking-challenge-season", r"(?i)challenge"),
    ],
)
def test_a_competition_cites_the_sentences_that_name_it_and_no_others(
    nodes: dict[str, Node], competition: str, named_by: str
) -> None:
    text = biography()
    named = set()
    for number in range(1, 28):
        selector = nodes[f"{BIO}s{number}-position"]
        if re.search(named_by, text[int(value(selector, OA + "start")) : int(value(selector, OA + "end"))]):
            named.add(f"{BIO}s{number}")
    assert values(nodes[PZ + competition], DERIVED) == named


def test_a_claim_cites_the_one_sentence_that_makes_it() -> None:
    """What bounds a claim in time cites its own sentences."""
    cited = defaultdict(set)
    for file in ("perez.ttl", "evidence.ttl"):
        quads = list(ox.parse(path=str(ROOT / "data" / file), format=ox.RdfFormat.TURTLE))
        claims = {quad.subject for quad in quads if quad.object == ox.NamedNode(SPORT + "Claim")}
        for quad in quads:
            if quad.subject in claims and quad.predicate.value == DERIVED and quad.object.value.startswith(BIO):
                cited[quad.subject].add(quad.object)
    assert len(cited) > 20
    assert {claim: sentences for claim, sentences in cited.items() if len(sentences) > 1} == {}


def test_names_are_spelt_with_their_accents(nodes: dict[str, Node]) -> None:
    literals = {
        term.value
        for node in nodes.values()
        for terms in node.values()
        for term in terms
        if isinstance(term, ox.Literal)
    }
    text = "\n".join(literals)
    for bare in ("Perez", "Munoz", "Maria ", "Jesus", "Fabian ", "Sidney"):
        assert bare not in text, bare
    for name in (
        "Jefferson Leonardo Pérez Quezada",
        "Manuel Jesús Pérez",
        "María Lucrecia Quezada",
        "Fabián",
        "Luis Muñoz",
    ):
        assert name in literals


def test_dates_are_no_more_precise_than_the_source(nodes: dict[str, Node]) -> None:
    """The biography gives one whole date, the birth; everything else is a year or less."""
    whole = [
        subject
        for subject, node in nodes.items()
        for term in node[SPORT + "date"] + node[SPORT + "month"] + node[SPORT + "day"]
        if isinstance(term, ox.Literal) and not term.datatype.value.endswith("gYear")
    ]
    assert set(whole) == {PZ + "birth"}


def test_literals_are_in_the_form_that_every_store_keeps(nodes: dict[str, Node]) -> None:
    """An Oxigraph store rewrites literals to their canonical form; ours must come back as they went in."""
    store = ox.Store()
    store.load(path=str(ROOT / "data" / "perez.ttl"), format=ox.RdfFormat.TURTLE)
    kept = {quad.object for quad in store if isinstance(quad.object, ox.Literal)}
    mine = {
        term for node in nodes.values() for terms in node.values() for term in terms if isinstance(term, ox.Literal)
    }
    assert mine == kept
