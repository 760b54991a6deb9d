"""Six kinds of real tables: each line accounted for, what a careful person expects of each, and no violation.

They lie in `../shared` beside the checkout, or where the environment variable PEREZKG_TABLES says; none is copied.
"""

from __future__ import annotations

import csv
import os
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

import perezkg
from perezkg.sparql.results import Solutions
from perezkg.tables.importing import Import, Reject
from perezkg.tables.preset import preset

SHARED = Path(os.environ.get("PEREZKG_TABLES") or Path(__file__).parents[3] / "shared").resolve()
PREFIXES = """
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sport: <https://w3id.org/perezkg/sport#>
"""


class Table(NamedTuple):
    """A table: its file, its preset, what it does not say, and what is expected."""

    file: str
    preset: str
    told: dict[str, str]
    lines: int
    results: int
    participations: int
    rejects: int
    not_data: dict[str, int]
    found: dict[str, int]


TABLES = {
    "s1": Table(
        "s1-wa-women-long-jump.csv",
        "world-athletics",
        {},
        *(2344, 2343, 2343, 0),
        {"header": 1},
        {"no-wind": 188, "no-place": 75, "birth-short": 7, "nations": 13, "twice": 2, "ranks": 2},
    ),
    "s2": Table(
        "s2-olympic-swimming.csv",
        "olympic-results",
        {},
        *(4360, 4337, 4337, 22),
        {"header": 1},
        {"ranks": 15, "no-first": 23, "estimated": 4, "no-mark": 26, "twice": 13, "nations": 21, "namesakes": 1},
    ),
    "s3": Table(
        "s3-tdff-riders.csv",
        "general-classification",
        {"competition": "Tour de France Femmes", "sex": "women"},
        *(467, 466, 466, 0),
        {"header": 1},
        {"note": 76},
    ),
    "s4": Table(
        "s4-regional-indoor-ranking.csv",
        "ranking-by-event",
        {},
        *(162, 106, 104, 0),
        {"title": 17, "header": 17, "blank": 19, "footer": 3},
        {"no-wind": 104, "birth-short": 100, "no-place": 7, "ranks": 1},
    ),
    "s5": Table(
        "s5-iwf-worlds-2007.csv",
        "weightlifting",
        {},
        *(580, 579, 579, 0),
        {"header": 1},
        {"total": 14, "disagree": 29, "note": 579},
    ),
}


class Imported(NamedTuple):
    """An import and its graph."""

    work: Import
    rejects: list[Reject]
    told: list[str]
    graph: perezkg.KnowledgeGraph

    def column(self, query: str) -> list[str]:
        answer = self.graph.sparql(PREFIXES + query)
        assert isinstance(answer, Solutions)
        return ["|".join("" if row[name] is None else str(row[name]) for name in answer.variables) for row in answer]

    def row(self, line: int, file: str = "") -> list[str]:
        """Return what the results of a line say: athlete, value, rank, status, wind, nation, place, date."""
        return self.column(
            f"""SELECT ?who ?value ?rank ?status ?wind ?nation ?where ?date {{
              ?row sport:position {line} ; oa:hasSource/rdfs:label ?file . FILTER(CONTAINS(?file, "{file}"))
              ?x prov:wasDerivedFrom ?row ; a sport:Participation ; sport:contest ?c .
              ?x sport:competitor/rdfs:label ?who .
              FILTER NOT EXISTS {{ ?c sport:partOf/sport:eventKind sport:contest-lifting }}
              OPTIONAL {{ ?x sport:mark/sport:value ?value }} OPTIONAL {{ ?x sport:rank ?rank }}
              OPTIONAL {{ ?x sport:status ?s BIND(STRAFTER(STR(?s), "#status-") AS ?status) }}
              OPTIONAL {{ ?x sport:wind ?wind }} OPTIONAL {{ ?x sport:represents/rdfs:label ?nation }}
              OPTIONAL {{ ?c sport:edition?/sport:location ?place . ?place rdfs:label ?where }}
              OPTIONAL {{ ?c sport:date ?date }} }}"""
        )


def imported(folder: Path, paths: list[Path], name: str, told: dict[str, str]) -> Imported:
    for path in paths:
        if not path.is_file():
            pytest.skip(f"{path} is not here; set PEREZKG_TABLES to the folder that has it")
    rejects: list[Reject] = []
    lines: list[str] = []
    work = Import([str(path) for path in paths], preset(name).told(told), reject=rejects.append, tell=lines.append)
    target = folder / "graph.ttl"
    with target.open("w", encoding="utf-8") as file:
        file.writelines(work.pieces())
    return Imported(work, rejects, lines, perezkg.load(target))


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Imported]:
    return {
        name: imported(tmp_path_factory.mktemp(name), [SHARED / "tables" / table.file], table.preset, table.told)
        for name, table in TABLES.items()
    }


@pytest.mark.parametrize("name", TABLES)
def test_each_line_is_a_result_a_reject_or_not_data(tables: dict[str, Imported], name: str) -> None:
    table, found = TABLES[name], tables[name]
    (counts,) = found.work.counts
    assert (counts.lines, counts.results, counts.rejects) == (table.lines, table.results, table.rejects)
    assert counts.not_data == table.not_data
    assert counts.lines == counts.results + counts.rejects + sum(counts.not_data.values())
    content = (SHARED / "tables" / table.file).read_text("utf-8")
    assert counts.lines == content.count("\n") + (not content.endswith("\n"))
    of_a_part = "FILTER NOT EXISTS { ?x sport:contest/sport:partOf/sport:eventKind sport:contest-lifting }"
    assert found.column(f"SELECT (COUNT(*) AS ?n) {{ ?x a sport:Participation {of_a_part} }}") == [
        str(table.participations)
    ]
    assert found.column("SELECT (COUNT(*) AS ?n) { ?x a sport:Passage }") == [str(table.results)]


@pytest.mark.parametrize("name", TABLES)
def test_what_is_strange_is_flagged(tables: dict[str, Imported], name: str) -> None:
    found = tables[name].work.findings.counts
    assert {kind: number for kind, number in found.items() if name != "s2" or kind != "no-place"} == TABLES[name].found
    assert len(tables[name].told) == sum(found.values())


@pytest.mark.parametrize("name", TABLES)
def test_no_medal_is_derived(tables: dict[str, Imported], name: str) -> None:
    assert tables[name].column("SELECT ?x { ?x sport:award|sport:medal ?award }") == []


@pytest.mark.parametrize("name", TABLES)
def test_the_source_has_the_digest_of_its_file(tables: dict[str, Imported], name: str) -> None:
    digest = sha256((SHARED / "tables" / TABLES[name].file).read_bytes()).hexdigest()
    assert tables[name].column("SELECT ?d { ?x a sport:Source ; sport:sha256 ?d }") == [digest]


SPOTS = [
    ("s1", 2, "Galina Chistyakova|7.52|1||1.4|URS|Leningrad (URS)|1988-06-11"),
    ("s1", 18, "Heike Drechsler|7.39|1||0.3|GDR|Letzigrund, Zürich (SUI)|1985-08-21"),
    ("s1", 20, "Jackie Joyner-Kersee|7.39|1|||USA|San Diego (USA)|1988-06-25"),
    ("s1", 64, "Jackie Joyner-Kersee|7.27|1||0.7|USA|Olympic Stadium, Jamsil, Seoul (KOR)|1988-09-24"),
    ("s1", 2344, "Hilary Kpatcha|6.75|1||-0.7|FRA|Stadion Śląski, Chorzów (POL)|2023-06-25"),
    ("s2", 2, "Evgeny Rylov|51.98|1|||ROC|Tokyo|2020"),
    ("s2", 282, "Simone Manuel|52.7|1|||USA|Rio|2016"),
    ("s2", 283, "Penny Oleksiak|52.7|1|||CAN|Rio|2016"),
    *(("s2", line, f"{who}|51.14|2|||{nation}|Rio|2016") for line, who, nation in (
        (259, "Michael Phelps", "USA"), (260, "Chad Le Clos", "RSA"), (261, "Laszlo Cseh", "HUN"))),
    ("s2", 3065, "Rick Demont|||disqualified||USA|Munich|1972"),
    ("s2", 3394, "Dawn Fraser|59.5||||AUS|Tokyo|1964"),
    ("s2", 3396, "Kathy Ellis|60.8|1|||USA|Tokyo|1964"),
    ("s3", 2, "Annemiek van Vleuten|96944|1|||||2022"),
    ("s3", 3, "Demi Vollering|97172|2|||||2022"),
    ("s4", 3, "Iria Leira Mareque|7.57|2||||Ohio (USA)|2026-01-23"),
    ("s4", 32, "Fiz Seoane Leira|60.9|11||||Ourense|2026-02-14"),
    ("s4", 42, "Iria Balseiro Candal|99.93|3||||Nashville (USA)|2026-02-13"),
    ("s4", 80, "Sabela Veiga Veiga|1.63|4||||Louisville (USA)|2026-01-31"),
    ("s4", 134, "Helia Rial Estévez|2758|1||||Ourense|2026-01-24"),
    ("s5", 2, "Li Zhen|283||||||2007-09-14"),
    ("s5", 3, "Cha Kum Chol|283||||||2007-09-14"),
    ("s5", 4, "Hoang Anh Tuan|||no-mark||||2007-09-14"),
    ("s5", 77, "Abdulhameed Marwan Saeed|||||||2007-09-14"),
    ("s5", 402, "Kosoff-Roach Melanie|189||||||2007-09-14"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line", "expected"), SPOTS)
def test_a_row(tables: dict[str, Imported], name: str, line: int, expected: str) -> None:
    assert tables[name].row(line) == [expected]


def test_a_jump_within_a_combined_event_is_part_of_it(tables: dict[str, Imported]) -> None:
    whole = "?x sport:partOf ?whole . ?whole sport:eventKind sport:contest-combined"
    rows = "?r sport:contest ?x ; a sport:Participation"
    assert tables["s1"].column(f"SELECT (COUNT(*) AS ?n) {{ {whole} . {rows} }}") == ["45"]
    told = f"SELECT ?label {{ {whole} ; rdfs:label ?label . {rows} ; prov:wasDerivedFrom/sport:position 64 }}"
    assert tables["s1"].column(told) == ["combined event, women, Olympic Stadium, Jamsil, Seoul (KOR), 1988-09-24"]


def test_who_changes_the_nation_stays_one_person(tables: dict[str, Imported]) -> None:
    several = "SELECT ?who { ?x sport:competitor ?p ; sport:represents ?n . ?p rdfs:label ?who } GROUP BY ?p ?who"
    found = tables["s1"].column(f"{several} HAVING (COUNT(DISTINCT ?n) > 1)")
    assert len(found) == 13
    assert {"Heike Drechsler", "Inessa Kravets", "Fiona May", "Darya Klishina"} <= set(found)
    assert tables["s1"].column('SELECT (COUNT(*) AS ?n) { ?x sport:name "Heike Drechsler" }') == ["1"]


def test_contests_whose_ranks_are_wrong_are_told(tables: dict[str, Imported]) -> None:
    found = tables["s2"]
    assert found.column("SELECT (COUNT(*) AS ?n) { ?x a sport:Contest }") == ["549"]
    told = [line for line in found.told if "without a first place" in line or "contradict" in line]
    assert len(told) == 38
    for race in ("100 m freestyle, women, Olympic Games, Tokyo", "100 m butterfly, women, Olympic Games, Rio"):
        assert [line for line in told if race in line], race
    first, next_ = found.column(
        """SELECT ?rank (COUNT(*) AS ?n) { ?x sport:rank ?rank ; sport:contest ?c .
        ?c rdfs:label "100 m freestyle, women, Olympic Games, Rio, 2016"@en } GROUP BY ?rank ORDER BY ?rank"""
    )
    assert (first, next_) == ("1|2", "3|1")


def test_exact_repeats_are_refused_and_told(tables: dict[str, Imported]) -> None:
    repeats = [reject for reject in tables["s2"].rejects if reject.reason == "an exact repeat of an earlier row"]
    lines = [*range(202, 210), *range(322, 330), *range(4270, 4276)]
    assert [reject.line for reject in repeats] == lines
    assert repeats[0].text == "Tokyo,2020,400m,Freestyle,0,Women,AUS,Ariarne Titmus,3:56.69,1"


def test_names_of_a_relay_are_told_apart(tables: dict[str, Imported]) -> None:
    query = """SELECT ?who { ?m sport:towards/rdfs:label ?team ; sport:bearer/rdfs:label ?who .
        FILTER(STRSTARTS(?team, "USA, 4 × 100 m freestyle relay, men, Olympic Games, Rio")) } ORDER BY ?who"""
    assert len(tables["s2"].column(query)) == 7
    assert tables["s2"].column('SELECT (COUNT(*) AS ?n) { ?x sport:name "Gary Hall, Jr." }') == ["1"]
    assert tables["s2"].column('SELECT ?x { ?x sport:name ?n . FILTER(?n IN ("Jr.", "Gary Hall")) }') == []


def test_one_time_and_two_ranks_are_no_tie(tables: dict[str, Imported]) -> None:
    query = """SELECT ?who ?rank ?value { ?x sport:competitor/rdfs:label ?who ; sport:rank ?rank ; sport:mark ?m ;
        sport:contest/sport:year 2023 . ?m sport:value ?value . FILTER(?rank IN (2, 3)) } ORDER BY ?rank"""
    assert tables["s3"].column(query) == ["Lotte Kopecky|2|91238", "Katarzyna Niewiadoma-Phinney|3|91238"]
    winners = """SELECT ?year ?who ?value { ?x sport:competitor/rdfs:label ?who ; sport:rank 1 ; sport:contest ?c ;
        sport:mark/sport:value ?value . ?c sport:year ?year } ORDER BY ?year"""
    assert [line.partition("|")[2] for line in tables["s3"].column(winners)][0::3] == [
        "Annemiek van Vleuten|96944",
        "Pauline Ferrand Prevot|107664",
    ]
    gap = """SELECT (?b - ?a AS ?gap) { ?x sport:rank 1 ; sport:contest ?c ; sport:mark/sport:value ?a .
        ?y sport:rank 2 ; sport:contest ?c ; sport:mark/sport:value ?b . ?c sport:year 2024 }"""
    assert tables["s3"].column(gap) == ["4"]
    assert tables["s3"].column('SELECT (COUNT(*) AS ?n) { ?x sport:name "Katarzyna Niewiadoma-Phinney" }') == ["1"]
    notes = [line for line in tables["s3"].told if "kept as a comment" in line]
    assert [sum(f": {column}: " in line for line in notes) for column in "BP"] == [69, 7]


def test_runners_of_one_club_and_mark_are_a_team(tables: dict[str, Imported]) -> None:
    teams = tables["s4"].column(
        """SELECT ?value (COUNT(?who) AS ?n) { ?x sport:competitor ?t ; sport:mark/sport:value ?value .
        ?t a sport:Team . ?m sport:towards ?t ; sport:bearer ?who } GROUP BY ?t ?value ORDER BY ?value"""
    )
    assert teams == ["235.19|1", "252.47|2", "255.58|1", "256.33|2"]


def test_the_lifts_of_a_total(tables: dict[str, Imported]) -> None:
    query = """SELECT ?part ?value ?tries {{ ?x prov:wasDerivedFrom/sport:position {} ; sport:contest ?c ;
        sport:mark/sport:value ?value ; rdfs:comment ?tries . ?c sport:partOf ?whole .
        ?c sport:discipline/rdfs:label ?part }} ORDER BY ?part"""
    assert tables["s5"].column(query.format(2)) == ["clean and jerk|153|-153, -153, 153", "snatch|130|125, 128, 130"]
    assert tables["s5"].column(query.format(4)) == ["snatch|127|124, 127, -129"]
    assert [line.split("|")[1] for line in tables["s5"].column(query.format(402))] == ["110", "79"]
    unexplained = [line for line in tables["s5"].told if "total missing" in line]
    assert len(unexplained) == 14
    assert any(line.startswith("s5-iwf-worlds-2007.csv:77:") for line in unexplained)
    assert tables["s5"].column("SELECT (COUNT(*) AS ?n) { ?x sport:mark ?m . ?m sport:value 0 }") == ["0"]
    totals = (
        "SELECT (COUNT(*) AS ?n) { ?x sport:mark ?m ; sport:contest ?c . FILTER NOT EXISTS { ?c sport:partOf ?w } }"
    )
    assert tables["s5"].column(totals) == ["508"]
    assert tables["s5"].column("SELECT ?x { ?x sport:rank ?rank }") == []


RESULTS = sorted((SHARED / "results").glob("*.csv"))


def test_walks_of_nineteen_files(tmp_path: Path) -> None:
    """Their README counts 21,124 in 18 files; there are 19 headers and 21,123 rows, three of them exact repeats."""
    if not RESULTS:
        pytest.skip(f"{SHARED / 'results'} is not here; set PEREZKG_TABLES to the folder that has it")
    found = imported(tmp_path, RESULTS, "world-athletics", {})
    counts = found.work.counts
    assert len(counts) == 19
    assert sum(one.lines for one in counts) == 21_142
    assert sum(one.results for one in counts) == 21_120
    assert [(Path(one.file).name, one.line) for one in found.rejects] == [
        ("women-10-kilometres-race-walk.csv", 350),
        ("women-10-kilometres-race-walk.csv", 826),
        ("women-5-kilometres-race-walk.csv", 92),
    ]
    assert sum(one.not_data["header"] for one in counts) == 19
    assert found.column("SELECT (COUNT(*) AS ?n) { ?x a sport:Participation }") == ["21120"]
    perez = """SELECT (COUNT(*) AS ?n) (MIN(?value) AS ?best) { ?p sport:name "Jefferson Pérez" .
        ?x sport:competitor ?p ; sport:mark/sport:value ?value ;
        sport:contest/sport:discipline/rdfs:label "20 km walk"@en }"""
    with (SHARED / "results" / "men-20-kilometres-race-walk.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Competitor"] == "Jefferson PÉREZ"]
    assert rows[0]["Mark"] == "1:17:21"
    assert found.column(perez) == [f"{len(rows)}|4641"]
    hand = found.column("SELECT (COUNT(*) AS ?n) { ?m sport:markNote sport:note-hand-timed }")
    assert hand == ["373"]


def sliced(folder: Path, name: str, rows: int) -> Imported:
    """Import the beginning of a table, whose file keeps its name."""
    table = TABLES[name]
    path = SHARED / "tables" / table.file
    if not path.is_file():
        pytest.skip(f"{path} is not here; set PEREZKG_TABLES to the folder that has it")
    part = folder / table.file
    part.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:rows]), "utf-8")
    return imported(folder, [part], table.preset, table.told)


@pytest.mark.parametrize("name", TABLES)
def test_what_comes_out_conforms(tmp_path: Path, name: str) -> None:
    report = sliced(tmp_path, name, 90).graph.validate()
    assert report.conforms, str(report)


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_all_that_comes_out_conforms(tmp_path: Path, name: str) -> None:
    report = sliced(tmp_path, name, 1000).graph.validate()
    assert report.conforms, str(report)


def test_an_ordinary_row_is_twenty_triples_or_fewer(tmp_path: Path) -> None:
    """A row whose athlete, place and contest have been told before."""
    head = "Rank,Mark,WIND,Competitor,DOB,Nat,Pos,Venue,Date\n"
    days = [
        ("7.52,1.4,Ana ONE,26 JUL 1962", "7.4,1.0,Bo TWO,3 MAR 1962"),
        ("7.1,1.0,Bo TWO,3 MAR 1962", "7.2,0.3,Ana ONE,26 JUL 1962"),
    ]
    one, two, three, four = (
        f"1,{what},URS,{place},Oslo (NOR),1{day} JUN 1988\n"
        for day, rows in enumerate(days)
        for place, what in enumerate(rows, 1)
    )
    sizes = []
    for text in (head + one + two + three, head + one + two + three + four):
        path = tmp_path / "women-long-jump.csv"
        path.write_text(text, "utf-8")
        found = imported(tmp_path, [path], "world-athletics", {})
        sizes.append(int(found.column("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0]))
    assert sizes[1] - sizes[0] <= 20
