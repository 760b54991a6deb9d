"""Looking things up and describing them: the library, on perezkg's own graph and on an invented one."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

import perezkg
from perezkg.errors import AmbiguousTermError, UnknownTermError, UsageError
from perezkg.graph import KnowledgeGraph
from perezkg.things.description import Description, describe, markdown, text
from perezkg.things.labels import Labels
from perezkg.things.lookup import look_up

ANA = str(Path(__file__).parent / "ana" / "ana.ttl")
EX = "http://example.org/"
PZ = "https://w3id.org/perezkg/id/"
BIO = "https://w3id.org/perezkg/source/biography#"
SPORT = "https://w3id.org/perezkg/sport#"


@pytest.fixture(scope="module")
def own() -> KnowledgeGraph:
    return perezkg.load(source="biography")


@pytest.fixture(scope="module")
def ana() -> KnowledgeGraph:
    return perezkg.load(ANA)


@pytest.mark.parametrize(
    ("term", "iri"),
    [
        ("pz:cuenca", PZ + "cuenca"),
        (PZ + "cuenca", PZ + "cuenca"),
        (f"<{PZ}cuenca>", PZ + "cuenca"),
        (f"  <{PZ}cuenca> ", PZ + "cuenca"),
        ("Cuenca", PZ + "cuenca"),
        ("Jefferson Pérez", PZ + "jefferson-perez"),
        ("Jefferson Perez", PZ + "jefferson-perez"),
        ("JEFFERSON  PÉREZ", PZ + "jefferson-perez"),
        ("Jefferson Pe\u0301rez", PZ + "jefferson-perez"),
        ("Jefferson Leonardo Perez Quezada", PZ + "jefferson-perez"),
        ("jefferson-perez", PZ + "jefferson-perez"),
        ("race aid", PZ + "race-aid"),
        ("pekin", PZ + "beijing"),
        ("Juegos Olímpicos 2008, Pekín", PZ + "olympic-games-2008"),
        ("copa mundial juvenil de atletismo 1992, s", PZ + "junior-world-cup-1992"),
        ("peregrinación", PZ + "pilgrimage"),
        ("bronze plovdiv achievement", PZ + "claim-first-international-achievement"),
        ("1:17:21", PZ + "mark-1-17-21"),
        ("biography.txt", "https://w3id.org/perezkg/source/biography"),
        ("s14", BIO + "s14"),
        ("S14", BIO + "s14"),
        ("bio:s14", BIO + "s14"),
        ("medalla de oro", SPORT + "medal-gold"),
        ("sport:medal-gold", SPORT + "medal-gold"),
        ("sport:Participation", SPORT + "Participation"),
        ("participation", SPORT + "Participation"),
        ("sport:rank", SPORT + "rank"),
        ("skos:Concept", "http://www.w3.org/2004/02/skos/core#Concept"),
    ],
)
def test_a_term_is_found(own: KnowledgeGraph, term: str, iri: str) -> None:
    assert look_up(Labels(own), term).value == iri


@pytest.mark.parametrize(
    ("term", "iri"),
    [
        ("ex:ana", EX + "ana"),
        ("ana nuno", EX + "ana"),
        ("the walker of loja", EX + "ana"),
        ("Twin", EX + "twin-a"),
        ("TWIN", EX + "twin-b"),
        ("s2", EX + "t2"),
        ("Almanac of Walking", EX + "almanac"),
        ("ANA ÑUÑO", EX + "ana"),  # another book has her name as its title
    ],
)
def test_a_term_of_a_stranger_is_found(ana: KnowledgeGraph, term: str, iri: str) -> None:
    assert look_up(Labels(ana), term).value == iri


def test_a_node_is_its_own_name(own: KnowledgeGraph) -> None:
    assert own.describe(NamedNode(PZ + "quito")).label == "Quito"


@pytest.mark.parametrize(
    ("term", "message", "hint"),
    [
        ("Jeferson Peres", "nothing in the graph is called 'Jeferson Peres'", "Did you mean 'Jefferson Pérez'"),
        ("pz:cuenka", "the graph says nothing about pz:cuenka", "Did you mean pz:cuenca"),
        ("pzz:cuenca", "unknown prefix 'pzz:' in pzz:cuenca", "Did you mean pz?"),
        ("qqqqqqq:x", "unknown prefix 'qqqqqqq:'", "Known prefixes: bio, dcterms,"),
        ("http://example.org/no", "the graph says nothing about http://example.org/no", ""),
        ("<not an iri>", "<not an iri> is not an IRI", "without blanks"),
        ("s99", "nothing in the graph is called 's99'", ""),
        ("", "nothing in the graph is called ''", "Write a label"),
        ("***", "nothing in the graph is called '***'", "Write a label"),
        ("xyzzy plugh", "nothing in the graph is called 'xyzzy plugh'", "Write a label"),
    ],
)
def test_an_unknown_term_says_what_is_near(own: KnowledgeGraph, term: str, message: str, hint: str) -> None:
    with pytest.raises(UnknownTermError) as caught:
        look_up(Labels(own), term)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.exit_status == 2


def test_an_unknown_prefix_knows_those_of_the_file(ana: KnowledgeGraph) -> None:
    with pytest.raises(UnknownTermError, match=r"unknown prefix 'exx:' in exx:ana\nDid you mean ex\?"):
        look_up(Labels(ana), "exx:ana")


def test_an_ambiguous_term_lists_what_it_may_mean(ana: KnowledgeGraph) -> None:
    with pytest.raises(UsageError) as caught:
        look_up(Labels(ana), "twin")
    assert str(caught.value).splitlines() == [
        "'twin' may mean 2 things",
        "Say which one, by its prefixed name or its whole label:",
        "    <http://example.org/twin-a>  Twin (person)",
        "    <http://example.org/twin-b>  TWIN (person)",
    ]
    assert isinstance(caught.value, AmbiguousTermError)
    assert caught.value.matches == (EX + "twin-a", EX + "twin-b")
    assert caught.value.exit_status == 2


def test_a_long_list_of_meanings_is_cut(own: KnowledgeGraph) -> None:
    with pytest.raises(AmbiguousTermError) as caught:
        look_up(Labels(own), "jefferson pérez a")
    assert len(caught.value.matches) > 12
    assert f"… and {len(caught.value.matches) - 12} more" in caught.value.hint
    assert caught.value.hint.count("\n") == 13


EL_VECINO_EN = """\
El Vecino — place
pz:el-vecino  https://w3id.org/perezkg/id/el-vecino

  kind of place    neighbourhood (sport:place-neighbourhood)
  contained in     Cuenca (pz:cuenca)

What points here
  place of         Birth of Jefferson Pérez (pz:birth)
                   The family's limited economic means, like those of others in the neighbourhood (pz:limited-economic-means)
                   Others in the neighbourhood of Jefferson Pérez (pz:others-of-el-vecino)
                   Jefferson Pérez's family (pz:perez-quezada-family)
  claims about it  El Vecino is one of the oldest neighbourhoods of Cuenca (pz:claim-el-vecino-among-oldest)

Source: biography.txt, sentence 9. More: perezkg cite pz:el-vecino
"""  # noqa: E501

MARK_ES = """\
1:17:21 (20 km marcha, París 2003) — marca
pz:mark-1-17-21  https://w3id.org/perezkg/id/mark-1-17-21
en: 1:17:21 (20 km walk, Paris 2003)

  valor       4641
  unidad      segundo (sport:unit-second)
  se escribe  1:17:21

Lo que enlaza aquí
  marca de    Jefferson Pérez en los Campeonatos Mundiales 2003 (pz:perez-world-championships-2003)
              Mejor marca mundial de Jefferson Pérez en 20 km marcha, 1:17:21 (pz:world-best-20km-2003)
              Récord mundial de Jefferson Pérez en 20 km marcha, 1:17:21 (pz:world-record-20km-2003)

Fuente: biography.txt, oración 7. Más: perezkg cite pz:mark-1-17-21
"""

MILE_EN = """\
Loja mile — contest
http://example.org/mile
es: Milla de Loja

Note: The day is not told.

  kind of event    race (sport:contest-race)
  year             1999
  month            3

What points here
  began            The Loja mile was the first of its kind (<http://example.org/first-mile>)
  contest of       Ana in the Loja mile (<http://example.org/ana-mile>)
  claims about it  The Loja mile was the first of its kind (<http://example.org/first-mile>)

Source: ana.txt, sentence 2. More: perezkg cite 'http://example.org/mile'
"""

ANA_ES = """\
Ana Ñuño — persona
http://example.org/ana

  nombre                    Ana María Ñuño
  también llamado           The walker of Loja
  <http://example.org/shoe>
                            [<http://example.org/colour>: red; <http://example.org/size>: 38]

Lo que enlaza aquí
  competidor de             Ana in the Loja mile (<http://example.org/ana-mile>)

Fuente: ana.txt, oración 1. Más: perezkg cite 'http://example.org/ana'
"""


@pytest.mark.parametrize(
    ("data", "term", "lang", "expected"),
    [
        ("own", "pz:el-vecino", "en", EL_VECINO_EN),
        ("own", "pz:mark-1-17-21", "es", MARK_ES),
        ("ana", "ex:mile", "en", MILE_EN),
        ("ana", "ex:ana", "es", ANA_ES),
    ],
)
def test_text(request: pytest.FixtureRequest, data: str, term: str, lang: str, expected: str) -> None:
    description = request.getfixturevalue(data).describe(term, lang=lang)
    assert str(description) == expected


def test_text_fits_the_terminal(own: KnowledgeGraph) -> None:
    description = own.describe("pz:el-vecino")
    lines = "".join(text(description, 60)).splitlines()
    assert all(len(line) <= 60 for line in lines)
    # A continued value stands under its beginning, and names stay whole.
    assert "                   those of others in the neighbourhood" in lines
    assert "                   (pz:limited-economic-means)" in lines
    assert "".join(text(description, 60)).split() == str(description).split()


def test_markdown(ana: KnowledgeGraph) -> None:
    assert (
        "".join(markdown(ana.describe("ex:mile")))
        == """\
# Loja mile — contest

<http://example.org/mile>

es: Milla de Loja

> The day is not told.

## What is said about it

- kind of event: race (`sport:contest-race`)
- year: 1999
- month: 3

## What points here

- began: The Loja mile was the first of its kind (<http://example.org/first-mile>)
- contest of: Ana in the Loja mile (<http://example.org/ana-mile>)
- claims about it: The Loja mile was the first of its kind (<http://example.org/first-mile>)

Source: ana.txt, sentence 2. More: perezkg cite 'http://example.org/mile'
"""
    )


def test_shape_of_the_dictionary(ana: KnowledgeGraph) -> None:
    told = ana.describe("ex:mile", lang="es").to_dict()
    assert json.loads(json.dumps(told)) == told
    assert list(told) == [
        "iri", "name", "label", "lang", "labels", "classes", "comments", "outgoing", "incoming", "uses", "passages",
        "sources",
    ]  # fmt: skip
    assert (told["iri"], told["name"], told["label"], told["lang"]) == (EX + "mile", None, "Milla de Loja", "es")
    assert told["labels"] == [
        {"value": "Loja mile", "language": "en"},
        {"value": "Milla de Loja", "language": "es"},
    ]
    assert told["comments"] == [{"value": "The day is not told.", "language": "en"}]
    kind, year, month = told["outgoing"]
    assert kind == {
        "property": SPORT + "eventKind",
        "name": "sport:eventKind",
        "label": "tipo de acontecimiento",
        "values": [{"iri": SPORT + "contest-race", "name": "sport:contest-race", "label": "carrera"}],
    }
    assert year["values"] == [{"value": "1999", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}]
    assert month["label"] == "mes"
    assert [facts["label"] for facts in told["incoming"]] == [
        "dio comienzo a", "prueba de", "afirmaciones sobre ello",
    ]  # fmt: skip
    assert [passage["number"] for passage in told["passages"]] == [2]
    assert told["sources"] == []


def test_vocabulary_terms_are_described(own: KnowledgeGraph) -> None:
    participation = own.describe("sport:Participation")
    by_name = {facts.name: facts for facts in participation.incoming}
    assert "pz:perez-olympic-games-2008" in [value.name for value in by_name["rdf:type"].values]
    # A member of a union of classes is told as a member, not as a cell of an RDF list.
    assert {"sport:rank", "sport:represents"} <= {value.name for value in by_name["rdfs:domain"].values}
    assert "rdf:first" not in by_name
    assert "Source:" not in str(participation)
    rank = own.describe("sport:rank")
    assert rank.uses > 10
    assert f"Used in {rank.uses} statements of the data." in str(rank)
    assert "Medalla" not in str(own.describe("sport:medal-gold"))


def test_what_a_union_holds_is_told_in_words(own: KnowledgeGraph) -> None:
    domain = next(facts for facts in own.describe("sport:represents").outgoing if facts.name == "rdfs:domain")
    (value,) = domain.values
    assert "participation (sport:Participation)" in value.label
    assert " or " in value.label


def test_a_sentence_points_to_cite(own: KnowledgeGraph) -> None:
    description = own.describe("s4")
    assert description.is_source
    assert str(description).endswith("\nMore: perezkg cite bio:s4\n")
    assert "stands at        characters 236–349 (bio:s4-position)" in str(description)


def test_a_thing_without_source_says_so(ana: KnowledgeGraph) -> None:
    description = ana.describe("nowhere")
    assert description.said_in == ""
    assert str(description).endswith("\nSource: none is given for this.\n")


def test_a_missing_language_falls_back(ana: KnowledgeGraph) -> None:
    assert ana.describe("ex:ana-mile", lang="es").label == "Ana in the Loja mile"
    assert ana.describe("ex:twin-b", lang="en").label == "TWIN"
    assert ana.describe("ex:nameless").label == "<http://example.org/nameless>"


def test_triples_both_ways(ana: KnowledgeGraph) -> None:
    triples = ana.describe("ex:mile").to_triples()
    node = NamedNode(EX + "mile")
    assert sum(triple.subject == node for triple in triples) == 8
    assert sum(triple.object == node for triple in triples) == 3
    assert perezkg.Triples(list(triples)) == triples


def test_every_thing_can_be_described_in_both_languages() -> None:
    own = perezkg.load()
    subjects = sorted({quad.subject.value for quad in own.quads() if isinstance(quad.subject, NamedNode)})
    for lang in ("en", "es"):
        labels = Labels(own, lang)
        for iri in subjects:
            description = Description(labels, NamedNode(iri))
            body = "".join(text(description))
            assert body.endswith("\n")
            # No name of its own has what lies outside (the same thing elsewhere, its pages), nor the data as a whole.
            elsewhere = {
                str(value.term)
                for facts in description.outgoing
                for value in facts.values
                if facts.name in ("skos:exactMatch", "rdfs:seeAlso")
            }
            # What has a name stands in brackets behind it.
            unnamed = set(re.findall(r"(?<!\()<http[^>]*>", body.replace("\n", " ")))
            assert unnamed <= elsewhere, body
            if iri.startswith(PZ):
                assert description.said_in


def test_named_graphs_and_repeated_files_tell_each_fact_once(tmp_path: Path, ana: KnowledgeGraph) -> None:
    triples = [f"{quad.subject} {quad.predicate} {quad.object} <{EX}g> ." for quad in ana.quads()]
    path = tmp_path / "ana.nq"
    path.write_text("\n".join(triples), encoding="utf-8")
    twice = perezkg.load(str(path), ANA)
    assert str(describe(twice, EX + "mile")) == str(describe(ana, EX + "mile"))


def test_labels_cannot_break_out_of_markdown(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<http://e/x> rdfs:label "a *b* [c](d) <e>\\nf" ; <http://e/p> "`g`" .\n',
        encoding="utf-8",
    )
    page = "".join(markdown(perezkg.load(str(path)).describe("http://e/x")))
    assert page.startswith("# a \\*b\\* \\[c\\](d) \\<e\\> f\n")
    assert "\\`g\\`" in page


def test_a_triple_term_is_shown_in_its_brackets(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text('<http://e/x> <http://e/p> <<( <http://e/s> <http://e/q> "o" )>> .', encoding="utf-8")
    assert '<<( <http://e/s> <http://e/q> "o" )>>\n' in str(perezkg.load(str(path)).describe("http://e/x"))


def test_loops_of_blank_nodes_end(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "<http://e/x> <http://e/p> _:a , _:l , _:u . _:a <http://e/q> _:b . _:b <http://e/q> _:a .\n"
        "_:l rdf:first <http://e/x> ; rdf:rest _:l . _:u owl:unionOf _:l .\n",
        encoding="utf-8",
    )
    assert "…" in str(perezkg.load(str(path)).describe("http://e/x"))


def test_the_answer_does_not_depend_on_hash_seeds() -> None:
    import subprocess
    import sys

    code = "import perezkg; kg = perezkg.load(); print(kg.describe('cuenca'), kg.cite('sport:medal-gold'))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
