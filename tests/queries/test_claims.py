"""Claims of somebody else's graph: what tells against them is found by rule, and what cannot be decided stays open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import perezkg
from perezkg.sparql.engines import ENGINES
from perezkg.sparql.results import Solutions

if TYPE_CHECKING:
    from pathlib import Path

DATA = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sport: <https://w3id.org/perezkg/sport#> .

ex:loja a sport:Place ; rdfs:label "Loja"@en ; sport:placeKind sport:place-country .
ex:mile a sport:Discipline ; rdfs:label "mile"@en ; sport:metres 1609 .
ex:games a sport:CompetitionSeries ; rdfs:label "Games"@en .
ex:paper a sport:Source ; rdfs:label "Paper"@en .

ex:ana a sport:Person ; rdfs:label "Ana"@en ; sport:nationality ex:loja .
ex:bo a sport:Person ; rdfs:label "Bo"@en ; sport:nationality ex:loja .
ex:birth-ana sport:eventKind sport:event-birth ; sport:agent ex:ana ; sport:year 1980 ; sport:month 7 ; sport:day 1 .
ex:birth-bo sport:eventKind sport:event-birth ; sport:agent ex:bo ; sport:year 1982 ; sport:month @BORN@ .

ex:games-2000 a sport:CompetitionEdition ; sport:series ex:games ; sport:year 2000 .
ex:games-2004 a sport:CompetitionEdition ; sport:series ex:games ; sport:year 2004 .
ex:race-2000 a sport:Contest ; sport:edition ex:games-2000 ; sport:discipline ex:mile ;
    sport:year 2000 ; sport:month 8 ; sport:day 1 .
ex:race-2004 a sport:Contest ; sport:edition ex:games-2004 ; sport:discipline ex:mile ; sport:year 2004 @WHEN@ .

ex:gold a sport:MedalAward ; sport:medal sport:medal-gold .
ex:gold-bo a sport:MedalAward ; sport:medal sport:medal-gold .
ex:ana-2000 a sport:Participation ; sport:competitor ex:ana ; sport:contest ex:race-2000 ; sport:rank 1 ;
    sport:award ex:gold ; sport:mark ex:mark-ana .
ex:bo-2004 a sport:Participation ; sport:competitor ex:bo ; sport:contest ex:race-2004 ; sport:rank 1 ;
    sport:award ex:gold-bo ; sport:mark ex:mark-bo .
ex:mark-ana a sport:Mark ; sport:unit sport:unit-second ;
    sport:value 300.0 .
ex:mark-bo a sport:Mark ; sport:unit sport:unit-second ;
    sport:value @SECONDS@ .
ex:record a sport:RecordStatus ; sport:holder ex:ana ; sport:discipline ex:mile ; sport:mark ex:mark-ana .

ex:only a sport:Claim ; sport:claimKind sport:claim-only ; sport:about ex:loja , ex:gold ; sport:saidBy ex:paper ;
    sport:begunBy ex:race-2000 .
ex:youngest a sport:Claim ; sport:claimKind sport:claim-youngest ; sport:about ex:ana-2000 ; sport:saidBy ex:paper ;
    sport:begunBy ex:race-2000 .
ex:best a sport:Claim ; sport:claimKind sport:claim-record ; sport:about ex:record ; sport:saidBy ex:paper ;
    sport:begunBy ex:race-2000 .
ex:crown a sport:Claim ; sport:claimKind sport:claim-crowning ; sport:about ex:gold ; sport:saidBy ex:paper ;
    sport:begunBy ex:race-2000 .
"""
BEFORE, MONTH, AFTER = date(2004, 7, 31), date(2004, 8, 15), date(2005, 1, 1)


def graph(
    folder: Path,
    *,
    born: str = "8 ; sport:day 1",
    when: str = "",
    seconds: str = "299.5",
    unit: str = "second",
    more: str = "",
) -> perezkg.KnowledgeGraph:
    path = folder / "loja.ttl"
    text = DATA.replace("@BORN@", born).replace("@WHEN@", when).replace("@SECONDS@", seconds)
    text = text.replace("sport:unit-second", f"sport:unit-{unit}") + more
    path.write_text(text, encoding="utf-8")
    return perezkg.load(path)


def told(loja: perezkg.KnowledgeGraph, claim: str, asked: date, engine: str) -> tuple[bool | None, int | None]:
    answer = loja.query("claims", date=asked, engine=engine)
    assert isinstance(answer, Solutions)
    (row,) = [row for row in answer if row.iri == f"http://example.org/{claim}"]
    return row.stood, row.against


DAY = "; sport:month 8 ; sport:day 1"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("claim", ["only", "best"])
def test_a_result_of_a_known_day_ends_a_claim_on_that_day(tmp_path: Path, claim: str, engine: str) -> None:
    loja = graph(tmp_path, when=DAY)
    assert told(loja, claim, BEFORE, engine) == (True, 0)
    assert told(loja, claim, date(2004, 8, 1), engine) == (False, 1)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("born", "stands"),
    [
        ("1984-07-20", False),  # 20 years and 12 days, where Ana had 20 years and 31 days
        ("1984-06-20", True),  # 20 years and 42 days
        ("1984-07-03", True),  # 20 years and 29 days: within a week, which decides nothing
        ("1985-01-01", False),
    ],
)
def test_the_youngest_is_told_by_days(tmp_path: Path, born: str, stands: bool, engine: str) -> None:
    year, month, day = map(int, born.split("-"))
    loja = graph(tmp_path, when=DAY, born=f"{month} ; sport:day {day}")
    loja.graph.update(
        "PREFIX ex: <http://example.org/> PREFIX sport: <https://w3id.org/perezkg/sport#> "
        f"DELETE {{ ex:birth-bo sport:year 1982 }} INSERT {{ ex:birth-bo sport:year {year} }} WHERE {{}}"
    )
    assert told(loja, "youngest", AFTER, engine) == (stands, 0 if stands else 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_result_of_some_day_of_a_month_leaves_that_month_open(tmp_path: Path, engine: str) -> None:
    loja = graph(tmp_path, when="; sport:month 8")
    assert told(loja, "only", BEFORE, engine) == (True, 0)
    assert told(loja, "only", MONTH, engine) == (None, 0)
    assert told(loja, "only", date(2004, 8, 31), engine) == (False, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_where_no_rule_looks_nothing_is_claimed(tmp_path: Path, engine: str) -> None:
    loja = graph(tmp_path, when=DAY)
    assert told(loja, "crown", date(1999, 1, 1), engine) == (False, None)
    assert told(loja, "crown", AFTER, engine) == (None, None)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_mark_as_good_is_none_better(tmp_path: Path, engine: str) -> None:
    assert told(graph(tmp_path, when=DAY, seconds="300.0"), "best", AFTER, engine) == (True, 0)


@pytest.mark.parametrize("engine", ENGINES)
def test_claims_about_a_person_are_those_about_what_the_person_won_holds_and_did(tmp_path: Path, engine: str) -> None:
    loja = graph(tmp_path)

    def about(thing: str) -> set[str]:
        answer = loja.query("claims", about=f"http://example.org/{thing}", date=AFTER, engine=engine)
        assert isinstance(answer, Solutions)
        return {row.iri.rpartition("/")[2] for row in answer}

    assert about("ana") == {"only", "youngest", "best", "crown"}
    assert about("loja") == {"only"}
    assert about("bo") == set()


def test_today_when_no_day_is_given(tmp_path: Path) -> None:
    loja = graph(tmp_path, when=DAY)
    answer = loja.query("claims")
    assert isinstance(answer, Solutions)
    today = datetime.now(UTC).date()
    assert {row.asOf for row in answer} <= {today, today - timedelta(days=1)}


JUDGED = """
ex:other a sport:Claim ; sport:claimKind sport:claim-detail ; sport:about ex:gold ; sport:saidBy ex:paper ;
    sport:contradicts ex:crown .
"""


def judgement(verdict: str, claim: str = "crown", prefers: str = "") -> str:
    preference = f"; sport:prefers ex:{prefers} " if prefers else ""
    return f"""
ex:on-{claim} a sport:Assessment ; sport:assesses ex:{claim} ; sport:verdict sport:verdict-{verdict} {preference}.
"""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("more", "crown", "other"),
    [
        ("", None, None),
        (judgement("unconfirmed"), None, None),
        (judgement("corroborated"), True, None),
        (judgement("contradicted"), False, None),
        (judgement("imprecise"), None, None),
        (judgement("disputed"), None, None),
        (judgement("contradicted", prefers="other"), False, True),
        (judgement("imprecise", prefers="other"), False, True),
        (judgement("unconfirmed", prefers="crown"), True, False),
        (judgement("imprecise", prefers="crown"), None, False),
        (judgement("unconfirmed", claim="other", prefers="crown"), True, False),
        # Assessments that disagree decide nothing.
        (judgement("corroborated") + judgement("unconfirmed", claim="other", prefers="other"), None, True),
    ],
)
def test_a_claim_stood_as_its_assessments_say(
    tmp_path: Path, engine: str, more: str, crown: bool | None, other: bool | None
) -> None:
    loja = graph(tmp_path, more=JUDGED + more)
    today = datetime.now(UTC).date() + timedelta(days=1)
    assert told(loja, "crown", today, engine) == (crown, None)
    assert told(loja, "other", today, engine) == (other, None)
    # Before its contest it was not true, and when a claim without date began nobody knows.
    assert told(loja, "crown", date(1999, 12, 31), engine) == (False, None)
    assert told(loja, "other", date(1999, 12, 31), engine) == (False if other is False else None, None)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("decided", "day", "against"),
    [
        ("; sport:month 5 ; sport:day 2", date(2010, 5, 1), 1),
        ("; sport:month 5 ; sport:day 2", date(2010, 5, 2), 0),
        ("", date(2009, 12, 31), 1),
        ("", date(2010, 6, 1), None),
        ("", date(2010, 12, 31), 0),
    ],
)
def test_a_rival_who_was_struck_out_later_tells_against_it_until_then(
    tmp_path: Path, engine: str, decided: str, day: date, against: int | None
) -> None:
    struck_out = f"""
ex:bo-2004 sport:endedBy ex:decision .
ex:decision a sport:LifeEvent ; sport:year 2010 {decided} .
"""
    loja = graph(tmp_path, when=DAY, more=struck_out)
    for claim in ("only", "best"):
        stood, found = told(loja, claim, day, engine)
        # Within the year of a decision whose day is not known, it may or may not tell against the claim.
        assert (stood, found) == ((None, 0) if against is None else (against == 0, against)), claim


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("unit", "seconds", "note", "against"),
    [
        ("second", "299.5", "", 1),
        ("metre", "299.5", "", 0),
        ("metre", "300.5", "", 1),
        ("metre", "300.5", "; sport:markNote sport:note-wind-assisted", 0),
    ],
)
def test_a_better_mark_is_the_lesser_in_seconds_and_the_greater_in_metres(
    tmp_path: Path, engine: str, unit: str, seconds: str, note: str, against: int
) -> None:
    more = f"ex:mark-bo sport:unit sport:unit-{unit} {note} .\n"
    loja = graph(tmp_path, when=DAY, seconds=seconds, more=more, unit=unit)
    assert told(loja, "best", AFTER, engine) == (against == 0, against)
    found = loja.query("counterexamples", date=AFTER, engine=engine)
    assert isinstance(found, Solutions)
    assert [row.iri for row in found].count("http://example.org/best") == against
