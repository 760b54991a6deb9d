"""Citing: the library, on perezkg's own graph and on an invented one whose text is at hand."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

import perezkg
from perezkg.errors import InputNotFoundError, InputUnreadableError, PassageMismatchError
from perezkg.graph import KnowledgeGraph
from perezkg.things.citation import markdown, text

ROOT = Path(__file__).resolve().parents[2]
ANA = str(Path(__file__).parent / "ana" / "ana.ttl")
ANA_TEXT = str(Path(__file__).parent / "ana" / "ana.txt")
EX = "http://example.org/"
PZ = "https://w3id.org/perezkg/id/"


@pytest.fixture(scope="module")
def own() -> KnowledgeGraph:
    return perezkg.load(source="biography")


@pytest.fixture(scope="module")
def ana() -> KnowledgeGraph:
    return perezkg.load(ANA)


@pytest.fixture(scope="module")
def biography() -> str:
    path = Path(os.environ.get("PEREZKG_BIOGRAPHY") or ROOT.parent / "shared" / "biography.txt")
    if not path.is_file():
        pytest.skip("the biography's text is not shipped; set PEREZKG_BIOGRAPHY to its path to check against it")
    return str(path)


CLAIM_EN = """\
The silver medal of Beijing is his second medal — claim
pz:claim-second-olympic-medal  https://w3id.org/perezkg/id/claim-second-olympic-medal

Where it comes from
  bio:s23  biography.txt, sentence 23, characters 2379–2449, SHA-256 3936a9447603…

How the source was read
  Second is taken to mean second at the Olympic Games.

The claim
  kind: ordinal; said by: Biography of Jefferson Pérez
  since: 2008, 20 km walk, Olympic Games 2008 (pz:olympic-games-2008-walk)
  until: no end known
  about: Silver medal of Jefferson Pérez, Olympic Games 2008 (pz:medal-olympic-games-2008)

To cite it
  biography.txt, sentence 23 (characters 2379–2449), in: perezkg 1.0.0, https://w3id.org/perezkg/id/claim-second-olympic-medal
"""

MEDAL_ES = """\
Medalla de oro de Jefferson Pérez, Juegos Olímpicos 1996 — medalla obtenida
pz:medal-olympic-games-1996  https://w3id.org/perezkg/id/medal-olympic-games-1996

De dónde procede
  bio:s3  biography.txt, oración 3, caracteres 109–235, SHA-256 e5af9287f626…
  bio:s4  biography.txt, oración 4, caracteres 236–349, SHA-256 4b5b4108535e…
  bio:s22  biography.txt, oración 22, caracteres 2277–2378, SHA-256 1e450487071d…

Afirmaciones sobre esto
  pz:claim-crowning-achievement  La medalla de oro de Atlanta es su mayor logro en la marcha atlética
    tipo: culminante; dicha por: Biografía de Jefferson Pérez
    desde: 1996, 20 km marcha, Juegos Olímpicos 1996 (pz:olympic-games-1996-walk)
    hasta: sin final conocido
    biography.txt, oración 22
  pz:claim-only-two-olympic-medals  Jefferson Pérez ganó las dos únicas medallas olímpicas de Ecuador
    tipo: único; dicha por: Biografía de Jefferson Pérez
    desde: 2008, 20 km marcha, Juegos Olímpicos 2008 (pz:olympic-games-2008-walk)
    hasta: sin final conocido
    biography.txt, oración 3

Cómo citarlo
  biography.txt, oraciones 3, 4 y 22 (caracteres 109–235, 236–349, 2277–2378), en: perezkg 1.0.0, https://w3id.org/perezkg/id/medal-olympic-games-1996
"""

SENTENCE_EN = """\
Sentence 4 of the biography — passage
bio:s4  https://w3id.org/perezkg/source/biography#s4

Where it comes from
  bio:s4  biography.txt, sentence 4, characters 236–349, SHA-256 4b5b4108535e…

What it supports
  competition edition (1)
    pz:olympic-games-1996  Olympic Games 1996, Atlanta
"""

UNSOURCED_ES = """\
Nowhere — lugar
http://example.org/unsourced

No se indica ninguna fuente para esto. Lo mencionan, con fuente
  <http://example.org/nameless>

Sus fuentes
  <http://example.org/t3>  ana.txt, oración 3, caracteres 70–89, SHA-256 86f1a2215f80…
"""

MILE_EN = """\
Loja mile — contest
http://example.org/mile

Where it comes from
  <http://example.org/t2>  ana.txt, sentence 2, characters 16–69, SHA-256 a4901a16cdcc…
    “In 1999 she won the Loja mile, the first of its kind.”

How the source was read
  The day is not told.

Claims about it
  <http://example.org/first-mile>  The Loja mile was the first of its kind
    kind: the first; said by: Life of Ana
    since: 1999-03, Loja mile (<http://example.org/mile>)
    until: 2001-05-06, <http://example.org/later>
    ana.txt, sentence 2

To cite it
  ana.txt, sentence 2 (characters 16–69), in: ana.ttl, http://example.org/mile
"""


@pytest.mark.parametrize(
    ("data", "term", "lang", "expected"),
    [
        ("own", "pz:claim-second-olympic-medal", "en", CLAIM_EN),
        ("own", "pz:medal-olympic-games-1996", "es", MEDAL_ES),
        ("ana", "ex:unsourced", "es", UNSOURCED_ES),
    ],
)
def test_text(request: pytest.FixtureRequest, data: str, term: str, lang: str, expected: str) -> None:
    assert str(request.getfixturevalue(data).cite(term, lang=lang)) == expected


def test_text_with_words(ana: KnowledgeGraph) -> None:
    assert str(ana.cite("ex:mile", text=ANA_TEXT)) == MILE_EN


def test_text_of_a_sentence(own: KnowledgeGraph) -> None:
    citation = own.cite("s4")
    assert str(citation).startswith(SENTENCE_EN)
    assert "pz:claim-youngest-20km-olympic-champion" in str(citation)
    assert citation.lines["es"] == (
        "biography.txt, oración 4 (caracteres 236–349), en: perezkg 1.0.0, https://w3id.org/perezkg/source/biography#s4"
    )


def test_text_of_a_source(own: KnowledgeGraph) -> None:
    citation = own.cite("src:biography")
    assert len(citation.passages) == 27
    assert [passage.number for passage in citation.passages] == list(range(1, 28))
    things = {value.name for _, values, _ in citation.supports for value in values}
    assert f"27 sentences, cited by {len(things)} things" in str(citation)
    assert citation.lines["en"] == "biography.txt, in: perezkg 1.0.0, https://w3id.org/perezkg/source/biography"


def test_text_fits_the_terminal(own: KnowledgeGraph) -> None:
    citation = own.cite("pz:medal-olympic-games-1996")
    wrapped = "".join(text(citation, 64))
    assert wrapped.split() == str(citation).split()
    assert max(len(line) for line in wrapped.splitlines() if "https://" not in line) <= 64


def test_markdown(ana: KnowledgeGraph) -> None:
    assert (
        "".join(markdown(ana.cite("ex:mile", text=ANA_TEXT)))
        == """\
# Loja mile — contest

<http://example.org/mile>

## Where it comes from

- <http://example.org/t2> ana.txt, sentence 2, characters 16–69, SHA-256 a4901a16cdcc…
  - “In 1999 she won the Loja mile, the first of its kind.”

## How the source was read

- The day is not told.

## Claims about it

- <http://example.org/first-mile> The Loja mile was the first of its kind
  - kind: the first; said by: Life of Ana
  - since: 1999-03, Loja mile (<http://example.org/mile>)
  - until: 2001-05-06, <http://example.org/later>
  - ana.txt, sentence 2

## To cite it

- ana.txt, sentence 2 (characters 16–69), in: ana.ttl, http://example.org/mile
"""
    )


def test_shape_of_the_dictionary(ana: KnowledgeGraph) -> None:
    told = ana.cite("ex:mile", text=ANA_TEXT).to_dict()
    assert json.loads(json.dumps(told)) == told
    assert list(told) == [
        "iri", "name", "label", "lang", "classes", "comment", "direct", "through", "passages", "sources", "supports",
        "additions", "claims", "citation",
    ]  # fmt: skip
    assert told["direct"] is True
    assert told["through"] == told["supports"] == told["sources"] == []
    assert told["passages"] == [
        {
            "iri": EX + "t2",
            "name": None,
            "label": "Sentence 2 of Ana's life",
            "number": 2,
            "source": EX + "text",
            "title": "ana.txt",
            "start": 16,
            "end": 69,
            "sha256": hashlib.sha256(b"In 1999 she won the Loja mile, the first of its kind.").hexdigest(),
            "supports": 3,
            "words": "In 1999 she won the Loja mile, the first of its kind.",
        }
    ]
    (claim,) = told["claims"]
    assert list(claim) == [
        "iri", "name", "label", "kind", "about", "said_by", "since", "until", "comment", "passages", "sources",
        "verdicts", "contradicted_by", "counterexamples",
    ]  # fmt: skip
    assert claim["since"] == [{"event": {"iri": EX + "mile", "name": None, "label": "Loja mile"}, "date": "1999-03"}]
    assert claim["until"][0]["date"] == "2001-05-06"
    assert told["citation"] == {
        "en": "ana.txt, sentence 2 (characters 16–69), in: ana.ttl, http://example.org/mile",
        "es": "ana.txt, oración 2 (caracteres 16–69), en: ana.ttl, http://example.org/mile",
    }


def test_a_source_cited_as_a_whole_stands_beside_sentences(ana: KnowledgeGraph) -> None:
    citation = ana.cite("ex:ana-mile")
    assert [source.title for source in citation.sources] == ["Almanac of Walking"]
    assert citation.lines["en"] == (
        "ana.txt, sentences 1 and 2 (characters 0–15, 16–69); Almanac of Walking, Invented Press, "
        "in: ana.ttl, http://example.org/ana-mile"
    )


def test_a_term_of_the_vocabulary_is_cited_through_what_uses_it(own: KnowledgeGraph) -> None:
    citation = own.cite("sport:medal-silver")
    assert not citation.direct
    assert {value.name for value in citation.through} == {
        "pz:medal-olympic-games-2008",
        "pz:medal-world-championships-1999",
    }
    assert {"bio:s23", "bio:s24"} <= {passage.name for passage in citation.passages}
    assert citation.lines == {"en": "", "es": ""}


def test_nothing_at_all_says_so(ana: KnowledgeGraph) -> None:
    citation = ana.cite("ex:twin-a", text=ANA_TEXT)
    assert "No source is given for this, nor for anything that mentions it." in str(citation)
    assert citation.passages == []


def test_every_thing_names_a_sentence(own: KnowledgeGraph) -> None:
    things = sorted({quad.subject.value for quad in own.quads() if isinstance(quad.subject, NamedNode)})
    mine = [iri for iri in things if iri.startswith(PZ)]
    assert len(mine) > 100
    for iri in mine:
        citation = own.cite(iri)
        assert citation.direct, iri
        assert citation.passages, iri
        assert citation.lines["es"].startswith("biography.txt, oraci"), iri
        assert str(citation).count("SHA-256") >= len(citation.passages)


def test_every_claim_says_who_and_since_when(own: KnowledgeGraph) -> None:
    claims = [
        claim
        for quad in own.quads()
        if isinstance(quad.object, NamedNode) and quad.object.value == "https://w3id.org/perezkg/sport#Claim"
        if isinstance(quad.subject, NamedNode)
        for claim in own.cite(quad.subject).claims[:1]
    ]
    assert len(claims) >= 13
    assert all(claim.said_by and claim.about and claim.kind for claim in claims)
    assert {bound.date for claim in claims for bound in claim.since} >= {"1990", "1996", "2003", "2007", "2008"}


# The reader's own copy of the text


def test_all_offsets_and_digests_of_the_biography_agree(own: KnowledgeGraph, biography: str) -> None:
    passages = own.cite("src:biography", text=biography).passages
    content = Path(biography).read_bytes().decode()
    assert len(passages) == 27
    for passage in passages:
        assert passage.words
        assert passage.words == content[passage.start : passage.end]
        assert hashlib.sha256(passage.words.encode()).hexdigest() == passage.sha256
        assert own.cite(passage.name, text=biography).passages[0].words == passage.words
    assert [f"“{passage.words}”" in str(own.cite("src:biography", text=biography)) for passage in passages] == [
        True
    ] * 27


def _copy(folder: Path, content: bytes) -> str:
    path = folder / "copy.txt"
    path.write_bytes(content)
    return str(path)


RIGHT = Path(ANA_TEXT).read_bytes()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xef\xbb\xbf" + RIGHT, "it begins with a byte order mark"),
        (RIGHT.replace(b"\n", b"\r\n"), "its lines end in CR LF"),
        (RIGHT.replace(b"\n", b"\r"), "its lines end in CR"),
        (
            b"\xef\xbb\xbf" + RIGHT.replace(b"\n", b"\r\n"),
            "it begins with a byte order mark and its lines end in CR LF",
        ),
        (RIGHT.rstrip(b"\n"), "it lacks the line end at the end"),
        (unicodedata.normalize("NFD", RIGHT.decode()).encode(), "its accented letters are decomposed"),
    ],
)
def test_a_copy_with_the_same_words_says_what_differs(
    ana: KnowledgeGraph, tmp_path: Path, content: bytes, message: str
) -> None:
    path = _copy(tmp_path, content)
    with pytest.raises(PassageMismatchError) as caught:
        ana.cite("ex:ana", text=path)
    assert str(caught.value).startswith(f"{path}: this is not ana.txt as it was cited: {message}\n")
    assert "Its words are right. Save a copy " in caught.value.hint
    assert caught.value.exit_status == 3


@pytest.mark.parametrize(
    ("content", "where", "message"),
    [
        (RIGHT.replace(b"1999", b"1998"), ":1:17", "sentence 2 (<http://example.org/t2>) differs"),
        (RIGHT.replace(b"sister", b"brothr"), ":2:1", "sentence 3 (<http://example.org/t3>) differs"),
        (RIGHT.replace(b"walks", b"walked"), ":1:1", "sentence 1 (<http://example.org/t1>), sentence 2 ("),
        (b"", ":1:1", "sentence 1 (<http://example.org/t1>), sentence 2 ("),
        (b"\n" + RIGHT, ":1:1", "sentence 1 ("),
        (RIGHT + b"More.", "", "it differs outside of its 3 sentences"),
    ],
)
def test_an_altered_copy_names_the_sentences(
    ana: KnowledgeGraph, tmp_path: Path, content: bytes, where: str, message: str
) -> None:
    path = _copy(tmp_path, content)
    # Asked about a sentence that may well be intact: the copy as a whole must be right.
    with pytest.raises(PassageMismatchError) as caught:
        ana.cite("ex:ana", text=path)
    assert str(caught.value).startswith(f"{path}{where}: this is not ana.txt as it was cited: {message}")
    assert "walk" not in str(caught.value)


def test_a_copy_of_another_length_says_so(ana: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(PassageMismatchError, match="It had 90 characters, this has 91"):
        ana.cite("ex:ana", text=_copy(tmp_path, RIGHT.replace(b"walks", b"walked")))


def test_wrong_digests_in_the_data_are_the_datas_fault(tmp_path: Path) -> None:
    path = tmp_path / "ana.ttl"
    data = Path(ANA).read_text(encoding="utf-8")
    path.write_text(data.replace("oa:start 16", "oa:start 17"), encoding="utf-8")
    graph = perezkg.load(str(path))
    with pytest.raises(PassageMismatchError, match="the data has other words for sentence 2"):
        graph.cite("ex:mile", text=ANA_TEXT)
    assert graph.cite("ex:nameless", text=ANA_TEXT).passages[0].words == "Her sister ran too."


def _without_digest(folder: Path, *subjects: str) -> KnowledgeGraph:
    """Return the invented graph without the digests of these subjects."""
    triples = [
        f"{quad.subject} {quad.predicate} {quad.object} ."
        for quad in perezkg.load(ANA).quads()
        if not (quad.predicate.value.endswith("#sha256") and str(quad.subject)[1:-1] in subjects)
    ]
    path = folder / "ana.nt"
    path.write_text("\n".join(triples), encoding="utf-8")
    return perezkg.load(str(path))


def test_a_source_without_digest_is_checked_by_its_sentences(tmp_path: Path) -> None:
    graph = _without_digest(tmp_path, EX + "text")
    assert graph.cite(EX + "ana", text=ANA_TEXT).passages[0].words == "Ana Ñuño walks."
    with pytest.raises(PassageMismatchError, match="sentence 1"):
        graph.cite(EX + "ana", text=_copy(tmp_path, RIGHT.replace(b"walks", b"waits")))


def test_a_sentence_without_digest_is_not_shown(tmp_path: Path) -> None:
    graph = _without_digest(tmp_path, EX + "t1")
    with pytest.raises(PassageMismatchError, match="cannot be checked: the data has no SHA-256 digest"):
        graph.cite(EX + "ana", text=ANA_TEXT)


def test_one_text_of_two_sources(tmp_path: Path) -> None:
    path = tmp_path / "two.ttl"
    other = b"Another text."
    digest = hashlib.sha256(other).hexdigest()
    path.write_text(
        Path(ANA)
        .read_text(encoding="utf-8")
        .replace("prov:wasDerivedFrom ex:t1 .", "prov:wasDerivedFrom ex:t1 , ex:o1 .")
        + f'ex:other a sport:Source ; dcterms:title "other.txt" ; sport:sha256 "{digest}" .\n'
        + f'ex:o1 a sport:Passage ; oa:hasSource ex:other ; oa:hasSelector ex:o1-at ; sport:sha256 "{digest}" .\n'
        + f"ex:o1-at a oa:TextPositionSelector ; oa:start 0 ; oa:end {len(other)} .\n",
        encoding="utf-8",
    )
    graph = perezkg.load(str(path))
    words = [passage.words for passage in graph.cite("ex:ana", text=_copy(tmp_path, other)).passages]
    assert words == ["Another text.", None]
    assert [passage.words for passage in graph.cite("ex:ana", text=ANA_TEXT).passages] == [None, "Ana Ñuño walks."]
    with pytest.raises(PassageMismatchError, match=r"none of the texts that are cited: other\.txt, ana\.txt"):
        graph.cite("ex:ana", text=_copy(tmp_path, b"Neither."))


def test_a_missing_text(ana: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(InputNotFoundError, match="there is no such file"):
        ana.cite("ex:ana", text=str(tmp_path / "none.txt"))
    with pytest.raises(InputUnreadableError, match="this is a directory"):
        ana.cite("ex:ana", text=str(tmp_path))


@pytest.mark.parametrize(
    ("encoding", "message", "hint"),
    [("utf-16", "this is UTF-16", "iconv -f UTF-16"), ("latin-1", "this is not UTF-8", "iconv -f ISO-8859-1")],
)
def test_a_text_in_another_encoding(
    ana: KnowledgeGraph, tmp_path: Path, encoding: str, message: str, hint: str
) -> None:
    with pytest.raises(InputUnreadableError, match=message) as caught:
        ana.cite("ex:ana", text=_copy(tmp_path, RIGHT.decode().encode(encoding)))
    assert hint in caught.value.hint
