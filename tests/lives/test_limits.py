"""What the shapes say of other sports and times: what is rare and right passes, what is wrong beside it does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import perezkg

if TYPE_CHECKING:
    from pathlib import Path

PREFIXES = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sport: <https://w3id.org/perezkg/sport#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
BASE = """
ex:list a sport:Source ; rdfs:label "list"@en ; dcterms:title "List" ; dcterms:publisher "Union" ;
    dcterms:type sport:source-results-list .
ex:games a sport:CompetitionSeries ; rdfs:label "Games"@en ; sport:level sport:level-olympic ;
    prov:wasDerivedFrom ex:list .
ex:games-1980 a sport:CompetitionEdition ; rdfs:label "Games 1980"@en ; sport:series ex:games ; sport:year 1980 ;
    sport:date "1980"^^xsd:gYear ; prov:wasDerivedFrom ex:list .
ex:ana a sport:Person ; rdfs:label "Ana"@en ; sport:name "Ana" ; prov:wasDerivedFrom ex:list .
ex:bo a sport:Person ; rdfs:label "Bo"@en ; sport:name "Bo" ; prov:wasDerivedFrom ex:list .
ex:cy a sport:Person ; rdfs:label "Cy"@en ; sport:name "Cy" ; prov:wasDerivedFrom ex:list .
ex:rivals a sport:Contest ; rdfs:label "rivals"@en ; sport:eventKind sport:contest-race ; sport:edition ex:games-1980 ;
    sport:year 1980 ; prov:wasDerivedFrom ex:list .
"""
BASE += "".join(
    f"""
ex:{who}-rivals a sport:Participation ; rdfs:label "{who} and rivals"@en ; sport:competitor ex:{who} ;
    sport:contest ex:rivals ; sport:rank {place} ; prov:wasDerivedFrom ex:list .
"""
    for place, who in enumerate(("ana", "bo", "cy"), 4)
)


def contest(name: str, more: str = "", *, year: int = 1980, edition: str = "ex:games-1980") -> str:
    return f"""
ex:{name} a sport:Contest ; rdfs:label "{name}"@en ; sport:eventKind sport:contest-race ; sport:edition {edition} ;
    sport:year {year} ; {more} prov:wasDerivedFrom ex:list .
"""


def result(
    who: str, where: str, told: str, *, medal: str = "", mark: str = "", value: str = "", unit: str = "second"
) -> str:
    name = f"{who}-{where}"
    text = f"""
ex:{name} a sport:Participation ; rdfs:label "{name}"@en ; sport:competitor ex:{who} ; sport:contest ex:{where} ;
    {f"sport:award ex:medal-{name} ;" if medal else ""} {f"sport:mark ex:mark-{name} ;" if mark else ""} {told} ;
    prov:wasDerivedFrom ex:list .
"""
    if medal:
        text += f"""
ex:medal-{name} a sport:MedalAward ; rdfs:label "medal {name}"@en ; sport:medal sport:medal-{medal} ;
    prov:wasDerivedFrom ex:list .
"""
    if mark:
        text += f"""
ex:mark-{name} a sport:Mark ; rdfs:label "{mark} {name}"@en ; skos:notation "{mark}" ; sport:value {value or mark} ;
    sport:unit sport:unit-{unit} ; prov:wasDerivedFrom ex:list .
"""
    return text


def discipline(name: str, label: str, metres: str) -> str:
    return f"""
ex:{name} a sport:Discipline ; rdfs:label "{label}"@en ; sport:metres {metres} ; prov:wasDerivedFrom ex:list .
"""


def race(label: str, metres: str, mark: str, value: str = "") -> str:
    return (
        discipline("course", label, metres)
        + contest("race", "sport:discipline ex:course ;")
        + result("ana", "race", "sport:rank 5", mark=mark, value=value)
    )


def jumps(*ranks: int, marks: tuple[str, ...], medals: tuple[str, ...]) -> str:
    told = zip(("ana", "bo", "cy"), ranks, marks, medals, strict=True)
    return (
        'ex:jump a sport:Discipline ; rdfs:label "high jump"@en ; prov:wasDerivedFrom ex:list .'
        + contest("jumps", "sport:discipline ex:jump ;")
        + "".join(
            result(who, "jumps", f"sport:rank {rank}", medal=medal, mark=mark, unit="metre")
            for who, rank, mark, medal in told
        )
    )


def namesakes(first: str, second: str) -> str:
    told = {"one": first, "other": second}
    return contest("race") + "".join(
        f'ex:{who} a sport:Person ; rdfs:label "{label}"@en ; sport:name "John Smith" ; prov:wasDerivedFrom ex:list .'
        + result(who, "race", f"sport:rank {rank}")
        for rank, (who, label) in enumerate(told.items(), 7)
    )


def games_of(year: int, *, level: str = "", medal: str = "", rank: int = 1) -> str:
    return (
        f"""
ex:old a sport:CompetitionEdition ; rdfs:label "Games {year}"@en ; sport:series ex:games ; sport:year {year} ; {level}
    sport:date "{year}"^^xsd:gYear ; prov:wasDerivedFrom ex:list .
"""
        + contest("old-race", year=year, edition="ex:old")
        + result("ana", "old-race", f"sport:rank {rank}", medal=medal)
    )


def place(latitude: str, longitude: str = "6.5") -> str:
    return (
        f"""
ex:town a sport:Place ; rdfs:label "town"@en ; sport:placeKind sport:place-city ; sport:latitude {latitude} ;
    sport:longitude {longitude} ; prov:wasDerivedFrom ex:list .
"""
        + contest("race", "sport:location ex:town ;")
        + result("ana", "race", "sport:rank 5")
    )


def level(told: str) -> str:
    return (
        f"""
ex:cup a sport:CompetitionSeries ; rdfs:label "Cup"@en ; sport:level ex:level-village ; prov:wasDerivedFrom ex:list .
ex:cup-1980 a sport:CompetitionEdition ; rdfs:label "Cup 1980"@en ; sport:series ex:cup ; sport:year 1980 ;
    sport:date "1980"^^xsd:gYear ; prov:wasDerivedFrom ex:list .
{told}
"""
        + contest("cup-race", edition="ex:cup-1980")
        + result("ana", "cup-race", "sport:rank 1")
    )


CONCEPT = 'ex:level-village a skos:Concept ; rdfs:label "{}"@{} ; skos:inScheme sport:{} .'

RIGHT = {
    "a heat won brings no medal": contest("heat", "sport:round sport:round-heat ;")
    + result("ana", "heat", "sport:rank 1"),
    "a slow swim": race("1500 metres freestyle", "1500", "31:15", "1875"),  # 0.8 m/s
    "a fast cyclist": race("flying 200 metres", "200", "9.100", "9.100"),  # 22 m/s
    "two silvers and no bronze": jumps(1, 2, 2, marks=("1.57", "1.55", "1.55"), medals=("gold", "silver", "silver")),
    "two golds and a bronze": jumps(1, 1, 3, marks=("2.37", "2.37", "2.37"), medals=("gold", "gold", "bronze")),
    "equal marks, no tie": jumps(1, 2, 3, marks=("1.60", "1.44", "1.44"), medals=("gold", "silver", "bronze")),
    "two athletes of one name": namesakes("John Smith (Leeds)", "John Smith (York)"),
    "a winner of 1896 without gold": games_of(1896),
    "a winner of 1896 with silver": games_of(1896, medal="silver"),
    "a second of 1896 with bronze": games_of(1896, medal="bronze", rank=2),
    "a winner of games that are not recognised": games_of(1906, level="sport:level sport:level-unrecognised ;"),
    "a winner of a sport that is only shown": games_of(1908, level="sport:level sport:level-demonstration ;"),
    "a coordinate with a zero": place("53.0"),
    "coordinates in any form": place('"+007"^^xsd:decimal', '"-000.50"^^xsd:decimal'),
    "a mark in any form": race("100 metres", '"+0100.0"^^xsd:decimal', "11.00", '"+011.000"^^xsd:decimal'),
    "a rank in any form": contest("race") + result("ana", "race", 'sport:rank "+007"^^xsd:integer'),
    "a rank of a crowd": contest("race") + result("ana", "race", "sport:rank 43127"),
    "a concept of one's own": level(CONCEPT.format("village", "en", "levels")),
    "a concept of one's own in another language": level(CONCEPT.format("村", "ja", "levels")),
    "a false start told by the clock": discipline("course", "100 metres run", "100")
    + contest("race", "sport:discipline ex:course ;")
    + result(
        "ana", "race", "sport:status sport:status-disqualified ; sport:reason sport:reason-false-start", mark="-0.104"
    )
    + "ex:mark-ana-race sport:markNote sport:note-reaction-time ; sport:metres 0 .",
}

WRONG = {
    "a final won without a medal": (
        contest("final", "sport:round sport:round-final ;") + result("ana", "final", "sport:rank 1"),
        "Participation-rank-needs-medal",
    ),
    "a medal of a heat": (
        contest("heat", "sport:round sport:round-heat ;") + result("ana", "heat", "sport:rank 1", medal="gold"),
        "Participation-medal-of-final",
    ),
    "a swim of a stone": (
        race("1500 metres freestyle", "1500", "5:00:00", "18000"),
        "Participation-mark-fits-distance",
    ),
    "a cyclist like an aeroplane": (race("flying 200 metres", "200", "2.0"), "Participation-mark-fits-distance"),
    "a runner like a cyclist": (race("200 metres run", "200", "9.1"), "Participation-mark-fits-running"),
    "two seconds and a third": (
        jumps(2, 2, 3, marks=("1.55", "1.55", "1.50"), medals=("silver", "silver", "bronze")),
        "Contest-tie",
    ),
    "a tie of unequal marks": (
        jumps(1, 2, 2, marks=("1.57", "1.55", "1.50"), medals=("gold", "silver", "silver")),
        "Contest-tie",
    ),
    "two athletes of one label": (namesakes("John Smith", "John Smith"), "Node-label-unique"),
    "a winner of 1908 without a medal": (games_of(1908), "Participation-rank-needs-medal"),
    "a winner of 1908 with silver": (games_of(1908, medal="silver"), "Participation-medal-agrees-with-rank"),
    "a latitude beyond the pole": (place("93.0"), "Place-latitude"),
    "a coordinate that is no decimal": (place('"53.0"^^xsd:double'), "Place-latitude"),
    "a mark that is not the one written": (
        race("100 metres", "100", "11.00", '"+011.010"^^xsd:decimal'),
        "Mark-value-agrees-with-notation",
    ),
    "a concept without a label": (
        level("ex:level-village a skos:Concept ; skos:inScheme sport:levels ."),
        "Concept-label",
    ),
    "a concept of another scheme": (level(CONCEPT.format("village", "en", "rounds")), "CompetitionSeries-level"),
    "a result of 0.1 seconds": (race("100 metres", "100", "0.1"), "Participation-mark-fits-distance"),
}


PLAIN = contest("race") + result("ana", "race", "sport:rank 9")
CASES = {"nothing special": PLAIN, **RIGHT, **{name: text for name, (text, _) in WRONG.items()}}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return which rules find a violation or a warning in each case, all cases checked at once, for speed.

    Each has a namespace and, in the labels, a number of its own, so that none knows of the others.
    """
    file = tmp_path_factory.mktemp("limits") / "data.ttl"
    with file.open("w", encoding="utf-8") as data:
        data.write(PREFIXES)
        for number, text in enumerate(CASES.values()):
            data.write(f"@prefix ex: <https://example.org/{number}/> .\n")
            data.write((BASE + text).replace('"@en', f' №{number}"@en'))
    rules: dict[str, set[str]] = {name: set() for name in CASES}
    names = list(CASES)
    for result in perezkg.load(file).validate():
        if result.severity != "info":
            found = re.match(r"<https://example.org/(\d+)/", str(result.focus))
            assert found, str(result)
            rules[names[int(found[1])]].add(result.rule.rpartition("#")[2])
    return rules


@pytest.mark.parametrize("case", ["nothing special", *RIGHT])
def test_what_is_rare_and_right_passes(found: dict[str, set[str]], case: str) -> None:
    assert found[case] == set()


@pytest.mark.parametrize(("case", "rule"), [(name, rule) for name, (_, rule) in WRONG.items()], ids=list(WRONG))
def test_what_is_wrong_beside_it_does_not(found: dict[str, set[str]], case: str, rule: str) -> None:
    assert rule in found[case]


@pytest.mark.parametrize("tag", ["ja", "en"])
def test_labels_in_one_language_are_enough(tmp_path: Path, tag: str) -> None:
    text = f"{PREFIXES}@prefix ex: <https://example.org/> .\n{BASE}{PLAIN}".replace('"@en', f'"@{tag}')
    (tmp_path / "data.ttl").write_text(text, encoding="utf-8")
    assert perezkg.load(tmp_path / "data.ttl").validate(fail_on="warning").conforms
