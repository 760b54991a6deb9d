"""What independent sources add to the biography, and what that makes of its claims.

The tables are the facts that everything began with, typed in a second time; tests/facts tells all the others so.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

import perezkg
from perezkg import resources
from perezkg.cli import main
from perezkg.sparql.engines import ENGINES
from perezkg.sparql.results import Solutions

if TYPE_CHECKING:
    from perezkg.graph import KnowledgeGraph

PZ = "https://w3id.org/perezkg/id/"
SRC = "https://w3id.org/perezkg/source/"
EVIDENCE = Path(resources.data_files()[1])
BIOGRAPHY = Path(resources.data_files("biography")[0])

# Day, place, rank, mark and discipline of what the biography tells, and then of what it leaves out.
TOLD = """\
1990-08-10 Plovdiv 3 40:08 10000
1992-09 Seoul 1 - 10000
1996-07-26 Atlanta 1 1:20:07 20000
1999-08-21 Seville 2 - 20000
2000-09-22 Sydney 4 1:20:18 20000
2003-08-23 Saint-Denis 1 1:17:21 20000
2004-08-20 Athens 4 1:20:38 20000
2005-08-06 Helsinki 1 1:18:35 20000
2007-08-26 Osaka 1 1:22:20 20000
2008-08-16 Beijing 2 1:19:15 20000
2008-09-21 Murcia 3 1:24:35 20000
"""
LEFT_OUT = """\
1992-07-31 Barcelona DNF - 20000
1995-03-18 Mar del Plata 1 1:22:53 20000
1997-04-19 Poděbrady 1 1:18:24 20000
2001-08-04 Edmonton 8 1:22:20 20000
2002-10-12 Turin 1 1:21:26 20000
2003-08-05 Santo Domingo 1 1:23:06 20000
2004-05-02 Naumburg 1 1:18:42 20000
2004-08-27 Athens 12 3:53:04 50000
2006-05-13 A Coruña 2 1:19:08 20000
2007-07-22 Rio de Janeiro 1 1:22:08 20000
"""
AROUND_HIM = """\
1990 Ilya Vladislavovich Markov 1 39:55.52
1990 Alberto Cruz 2 39:56.49
1996 Ilya Vladislavovich Markov 2 1:20:16
1996 Bernardo Segura Rivera 3 1:20:23
1999 Ilya Vladislavovich Markov 1 1:23:34
1999 Daniel García Córdova 3 1:24:31
2003 Francisco Javier Fernández Peláez 2 1:18:00
2003 Roman Vladimirovich Rasskazov 3 1:18:07
2008 Valeriy Viktorovich Borchin 1 1:19:01
2008 Jared Tallent 3 1:19:42
2008 Francisco Javier Fernández Peláez 1 1:23:14
2008 Jared Tallent 2 1:24:02
"""
VERDICTS = """\
bonus-for-record imprecise
crowning-achievement unconfirmed
el-vecino-among-oldest unconfirmed
fabian-trained-with-him contradicted
final-race corroborated
first-distance-five imprecise
first-international-achievement contradicted
first-regional-trophy corroborated
junior-world-cup-name imprecise
munoz-trained-him-first corroborated
only-three-straight-world-titles imprecise
only-two-olympic-medals true for a time
pilgrimage-distance corroborated
race-called-aid corroborated
retirement-after-beijing corroborated
school-gabriela-cevallos contradicted
second-in-challenge corroborated
second-olympic-medal corroborated
third-straight-world-title corroborated
unprecedented-world-titles imprecise
world-best-20km corroborated
world-record-20km imprecise
youngest-20km-olympic-champion true for a time
"""
# Claim, the day before it stood, the first day and the last, and the day after.
STOOD = [
    ("only-two-olympic-medals", date(2008, 8, 16), date(2021, 7, 23)),
    ("youngest-20km-olympic-champion", date(1996, 7, 26), date(2008, 8, 15)),
    ("world-best-20km", date(2003, 8, 23), date(2007, 9, 28)),
]


@pytest.fixture(scope="module")
def everything() -> KnowledgeGraph:
    return perezkg.load()


@pytest.fixture(scope="module")
def biography() -> KnowledgeGraph:
    return perezkg.load(source="biography")


def rows(graph: KnowledgeGraph, query: str, **parameters: object) -> Solutions:
    answer = graph.query(query, **parameters)  # type: ignore[arg-type]
    assert isinstance(answer, Solutions)
    return answer


def lines(graph: KnowledgeGraph, sparql: str) -> list[str]:
    """Return the rows of a query as lines, a dash for an unbound cell."""
    answer = graph.sparql(sparql)
    assert isinstance(answer, Solutions)
    return sorted(" ".join("-" if cell is None else str(cell) for cell in row) for row in answer)


def without(folder: Path, *dropped: str) -> KnowledgeGraph:
    """Return the whole graph without the lines of the evidence that contain any of these."""
    kept = [
        line for line in EVIDENCE.read_text(encoding="utf-8").splitlines() if not any(part in line for part in dropped)
    ]
    path = folder / "evidence.ttl"
    path.write_text("\n".join(kept), encoding="utf-8")
    return perezkg.load(BIOGRAPHY, path)


# The evidence itself


RESULTS = """
SELECT ?when ?place (COALESCE(STR(?ranked), IF(BOUND(?status), "DNF", "-")) AS ?rank) ?mark ?metres {
  ?iri sport:competitor pz:jefferson-perez ; sport:contest ?contest .
  ?contest sport:eventKind sport:contest-race ; sport:discipline/sport:metres ?metres .
  OPTIONAL { ?contest sport:date ?day }
  OPTIONAL { ?contest sport:edition/sport:startDate ?start }
  BIND(COALESCE(STR(?day), SUBSTR(STR(?start), 1, 7)) AS ?when)
  FILTER(BOUND(?when))
  OPTIONAL { ?contest sport:location ?own }
  OPTIONAL { ?contest sport:edition/sport:location ?inherited }
  BIND(COALESCE(?own, ?inherited) AS ?where)
  FILTER(BOUND(?where))
  ?where rdfs:label ?place . FILTER(LANG(?place) = "en")
  OPTIONAL { ?iri sport:rank ?ranked }
  OPTIONAL { ?iri sport:status ?status }
  OPTIONAL { ?iri sport:mark/skos:notation ?mark }
}"""


def test_every_result_has_its_day_place_rank_and_mark(everything: KnowledgeGraph) -> None:
    found = lines(everything, RESULTS)
    assert len(found) == len(set(found))
    assert set((TOLD + LEFT_OUT).splitlines()) <= set(found)


def test_the_biography_tells_none_of_the_days(biography: KnowledgeGraph) -> None:
    assert lines(biography, RESULTS) == []
    assert lines(biography, "SELECT (COUNT(*) AS ?n) { ?iri a sport:Participation ; sport:contest ?contest }") == ["16"]
    days = """SELECT ?iri ?told {
      ?iri a sport:Participation ; sport:contest/sport:edition? ?held .
      ?held sport:date|sport:month|sport:day|sport:startDate|sport:endDate ?told .
      FILTER(STRLEN(STR(?told)) != 4)
    }"""
    assert lines(biography, days) == []


def test_who_was_ahead_and_who_behind(everything: KnowledgeGraph) -> None:
    found = lines(
        everything,
        """
        SELECT ?year ?name ?rank ?mark {
          ?his sport:competitor pz:jefferson-perez ; sport:contest ?contest .
          ?other sport:contest ?contest ; sport:competitor ?athlete ; sport:rank ?rank .
          ?athlete sport:name ?name .
          ?contest sport:year ?year .
          OPTIONAL { ?other sport:mark/skos:notation ?mark }
          FILTER(?athlete != pz:jefferson-perez)
        }""",
    )
    assert set(AROUND_HIM.splitlines()) <= set(found)


def test_identifiers_and_coordinates(everything: KnowledgeGraph) -> None:
    known = {(row.thing, row.address or row.identifier) for row in rows(everything, "identifiers")}
    for thing, identifier in (
        ("Jefferson Pérez", "http://dbpedia.org/resource/Jefferson_Pérez"),
        ("Jefferson Pérez", "iaaf:3666"),
        ("20 km race walk", "http://www.wikidata.org/entity/Q210673"),
        ("50 km race walk", "http://www.wikidata.org/entity/Q240387"),
        ("Cuenca", "https://sws.geonames.org/3658666/"),
        ("Saint-Denis", "https://sws.geonames.org/2980916/"),
        ("Beijing", "http://www.wikidata.org/entity/Q956"),
    ):
        assert (thing, identifier) in known
    points = {(row.place, str(row.latitude), str(row.longitude)) for row in rows(everything, "places") if row.latitude}
    assert ("Cuenca", "-2.8953", "-78.9963") in points
    assert ("Murcia", "37.98704", "-1.13004") in points
    assert "El Vecino" not in {place for place, _, _ in points}
    told = lines(everything, "SELECT DISTINCT ?place { ?place sport:latitude ?north ; sport:longitude ?east }")
    assert len({row.iri for row in rows(everything, "places") if row.latitude}) == len(told)


def test_each_source_tells_what_it_is(everything: KnowledgeGraph) -> None:
    sources = rows(everything, "sources")
    assert len(sources) == int(*lines(everything, "SELECT (COUNT(*) AS ?n) { ?source a sport:Source }"))
    assert all(row.title and row.kind for row in sources)
    unpublished = {row.title for row in sources if not row.publisher}
    assert unpublished == {"biography.txt"}
    repeating = {row.source for row in sources if row.repeats}
    assert "English Wikipedia, “Jefferson Pérez, early article”" in repeating
    assert len(repeating) == int(*lines(everything, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s sport:repeats ?of }"))


def test_the_evidence_cites_every_source(everything: KnowledgeGraph) -> None:
    uncited = lines(
        everything,
        "SELECT ?source { ?source a sport:Source . FILTER NOT EXISTS { ?thing prov:wasDerivedFrom ?source } }",
    )
    assert uncited == [SRC + "biography"]


def test_the_biography_stays_as_it_is(everything: KnowledgeGraph, biography: KnowledgeGraph) -> None:
    """Whatever the biography says of a thing is there beside the evidence, and it says no day of a result."""
    assert {str(quad) for quad in biography.quads()} < {str(quad) for quad in everything.quads()}
    assert "2003-08-23" not in BIOGRAPHY.read_text(encoding="utf-8")


@pytest.mark.parametrize("source", resources.SOURCES)
def test_one_row_a_medal(source: str) -> None:
    graph = perezkg.load(source=source)
    medals = [row.iri for row in rows(graph, "medals", whose="everyone")]
    assert len(medals) == len(set(medals))
    standing = """SELECT DISTINCT ?medal {
      ?result sport:award ?medal . ?medal a sport:MedalAward . FILTER NOT EXISTS { ?result sport:endedBy ?event }
    }"""
    assert sorted(map(str, medals)) == lines(graph, standing)
    his = rows(graph, "medals", athlete="pz:jefferson-perez")
    assert len(his) == len(rows(graph, "medals")) == {"biography": 8, "all": 16}[source]
    assert {row.athlete for row in his} == {"Jefferson Pérez"}


# Claims in time


def test_each_claim_of_the_biography_has_its_verdict(everything: KnowledgeGraph) -> None:
    found = {
        f"{row.iri.rpartition('/claim-')[2]} {row.verdict}"
        for row in rows(everything, "claims")
        if row.saidBy == "Biography of Jefferson Pérez"
    }
    assert sorted(found) == VERDICTS.splitlines()


def stood(graph: KnowledgeGraph, claim: str, asked: date, engine: str = "oxigraph") -> bool | None:
    (row,) = [row for row in rows(graph, "claims", date=asked, engine=engine) if row.iri == f"{PZ}claim-{claim}"]
    return row.stood  # type: ignore[no-any-return]


# rdflib takes most of a minute for each day.
@pytest.mark.parametrize(
    "engine", [engine if engine == "oxigraph" else pytest.param(engine, marks=pytest.mark.slow) for engine in ENGINES]
)
@pytest.mark.parametrize(("claim", "first", "last"), STOOD)
def test_a_claim_stood_from_day_to_day(
    everything: KnowledgeGraph, claim: str, first: date, last: date, engine: str
) -> None:
    day = timedelta(days=1)
    days = (first - day, first, last, last + day)
    assert [stood(everything, claim, asked, engine) for asked in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("dropped", "afterwards"),
    [
        # Its interval alone ends it …
        (("sport:award pz:medal-olympic-games-20",), False),
        # … and so do the medals alone …
        (("sport:endedBy",), False),
        # … and with neither it would stand to this day.
        (("sport:award pz:medal-olympic-games-20", "sport:endedBy"), True),
    ],
    ids=["no later medals", "no end", "neither"],
)
def test_the_only_two_medals_end_by_the_interval_and_by_the_medals(
    tmp_path: Path, dropped: tuple[str, ...], *, afterwards: bool
) -> None:
    graph = without(tmp_path, *dropped)
    assert stood(graph, "only-two-olympic-medals", date(2008, 12, 31)) is True
    assert stood(graph, "only-two-olympic-medals", date(2026, 1, 1)) is afterwards


def test_the_biography_alone_knows_no_end(biography: KnowledgeGraph) -> None:
    assert stood(biography, "only-two-olympic-medals", date(2026, 1, 1)) is True
    assert len(rows(biography, "counterexamples")) == 0


def test_counterexamples_come_with_the_days(everything: KnowledgeGraph) -> None:
    def against(asked: date) -> list[str]:
        found = rows(everything, "counterexamples", date=asked)
        return [f"{row.date} {row.against}" for row in found if row.iri == PZ + "claim-only-two-olympic-medals"]

    assert against(date(2021, 7, 23)) == []
    assert against(date(2021, 8, 1)) == [
        "2021-07-24 Gold medal of Richard Carapaz, Olympic Games 2020 (2021)",
        "2021-08-01 Gold medal of Neisi Dajomes, Olympic Games 2020 (2021)",
    ]
    # Ecuador's later medals: three of Tokyo, four of Paris.
    assert [told[:10] for told in against(date(2026, 1, 1))] == [
        "2021-07-24", "2021-08-01", "2021-08-02", "2024-08-01", "2024-08-08", "2024-08-09", "2024-08-10",
    ]  # fmt: skip


def test_conflicts_stand_side_by_side_with_preference_and_reason(everything: KnowledgeGraph) -> None:
    found = rows(everything, "conflicts")
    assert {row.iri.rpartition("/claim-")[2] for row in found} >= {
        "fabian-trained-with-him",
        "first-distance-five",
        "junior-world-cup-name",
        "school-gabriela-cevallos",
        "world-record-20km",
    }
    told = lines(everything, "SELECT DISTINCT ?one { ?one sport:contradicts ?other }")
    assert {row.iri for row in found} <= {*told, *lines(everything, "SELECT ?one { ?other sport:contradicts ?one }")}
    assert all(row.claim != row.butAlso and row.saidBy != row.butSaidBy for row in found)
    assert all(row.reason for row in found)
    # Where the sources leave it open, neither is preferred.
    open_ = lines(
        everything,
        """SELECT ?claim {
      ?one sport:assesses ?claim ; sport:verdict ?verdict .
      FILTER(?verdict IN (sport:verdict-disputed, sport:verdict-unconfirmed))
    }""",
    )
    assert {row.iri for row in found if row.preferred is None} <= set(open_)
    assert all(row.preferred in (row.claim, row.butAlso) for row in found if row.preferred is not None)
    spanish = rows(everything, "conflicts", lang="es")
    assert "Se llamaba" not in str(spanish)
    assert all(ours.reason != theirs.reason for ours, theirs in zip(found, spanish, strict=True))


# Citing


def test_what_other_sources_add_is_cited_apart(everything: KnowledgeGraph) -> None:
    citation = everything.cite("pz:olympic-games-2000-walk")
    assert {passage.name for passage in citation.passages} == {"bio:s8"}
    assert citation.sources == []
    (addition,) = citation.additions
    assert addition.file == "evidence.ttl"
    assert [facts.name for facts in addition.statements] == ["sport:category", "sport:date", "sport:month", "sport:day"]
    assert "src:world-athletics-toplists" in [source.name for source in addition.sources]
    assert "Lo que añaden otras fuentes" in str(everything.cite("pz:olympic-games-2000-walk", lang="es"))


def test_no_statement_is_without_its_own_source(everything: KnowledgeGraph, biography: KnowledgeGraph) -> None:
    """Whatever a file adds to a thing that another describes, it adds with a source."""
    things = {quad.subject for quad in biography.quads() if isinstance(quad.subject, NamedNode)}
    additions = [
        addition
        for thing in sorted(things, key=str)
        if thing.value.startswith(PZ)
        for addition in everything.cite(thing).additions
    ]
    assert len(additions) > 40
    assert all(addition.sources for addition in additions)


def test_a_claim_is_cited_with_all_that_became_of_it(everything: KnowledgeGraph) -> None:
    (claim,) = everything.cite("pz:claim-only-two-olympic-medals").claims
    (verdict,) = claim.verdicts
    assert verdict.verdict.name == "sport:verdict-time-bounded"
    assert verdict.reason.startswith("True from the silver medal of Beijing")
    assert [source.name for source in verdict.sources] == [
        "src:afp-2021-07-24", "src:afp-2021-08-02", "src:debate-2021-08-02", "src:tfn-2024",
    ]  # fmt: skip
    assert [bound.date for bound in claim.until] == ["2021-07-24"]
    assert [bound.date for bound in claim.counterexamples] == [
        "2021-07-24", "2021-08-01", "2021-08-02", "2024-08-01", "2024-08-08", "2024-08-09", "2024-08-10",
    ]  # fmt: skip


def test_a_contradicted_claim_says_by_whom(everything: KnowledgeGraph) -> None:
    told = str(everything.cite("pz:claim-school-gabriela-cevallos"))
    assert "contradicted: Sources in Spanish, from Ecuador among them, agree on Gabriel." in told
    assert "but Copies of the family's account in Spanish, Prolipa, “Unidad 3 – Página 105, Aplico y aprendo, " in told
    assert "(pz:claim-school-gabriel-cevallos) — preferred" in told
    other = str(everything.cite("pz:claim-school-gabriel-cevallos", lang="es"))
    assert "pero Biografía de Jefferson Pérez: La segunda escuela se llamaba Gabriela Cevallos" in other


# Whose word to take, on the command line


def told_by(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments]) == 0
    return capsys.readouterr().out


def test_query_export_and_info_take_the_word_of_one_source_or_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ("query", "medals", "-f", "csv"),
        ("export", "-f", "ntriples"),
        ("info", "-f", "json"),
        ("describe", "pz:atlanta"),
        ("cite", "pz:claim-only-two-olympic-medals"),
    ):
        everything = told_by(capsys, *arguments)
        assert told_by(capsys, *arguments, "--source", "all") == everything
        assert len(told_by(capsys, *arguments, "--source", "biography")) < len(everything)
    exported = told_by(capsys, "export", "-f", "ntriples", "--source", "biography").splitlines()
    assert set(exported) < set(told_by(capsys, "export", "-f", "ntriples").splitlines())
    assert not any("2003-08-23" in line for line in exported)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("query", "medals", "--source", "biografia"), "Did you mean biography?"),
        (("query", "medals", "--source", "biography", "--data", str(BIOGRAPHY)), "Give the files that you want"),
        (("export", "--part", "shapes", "--source", "biography"), "Leave one of them out."),
    ],
)
def test_a_source_that_cannot_be_chosen(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert main([*arguments]) == 2
    assert message in capsys.readouterr().err


def test_python_takes_the_word_of_one_source(biography: KnowledgeGraph) -> None:
    assert [Path(file.name).name for file in biography.files] == ["perez.ttl"]
    with pytest.raises(perezkg.errors.UsageError, match="there is no source 'bio'"):
        perezkg.load(source="bio")
