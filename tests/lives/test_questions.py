"""The questions of two lives, twelve each, answered by canned queries; the answers were written by hand.

The questions stand in ../shared/lives with the proses; each test is named after its number.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import perezkg
from perezkg.sparql.results import Solutions

HERE = Path(__file__).parent
EX = "https://example.org/id/"
BOLT = f"<{EX}bolt>"
ROBERTSON = f"<{EX}robertson>"
HIGH_JUMP = f"<{EX}{{}}-standing-high-jump>"


@cache
def graph(life: str) -> perezkg.KnowledgeGraph:
    return perezkg.load(HERE / f"{life}.ttl")


def ask(life: str, query: str, columns: str, **parameters: Any) -> list[tuple[str, ...]]:
    """Return some columns of a canned query's answer as texts, an empty one for an empty cell."""
    answer = graph(life).query(query, **parameters)
    assert isinstance(answer, Solutions)
    return [tuple("" if row[name] is None else str(row[name]) for name in columns.split()) for row in answer]


# Usain Bolt


def golds(series: str, **parameters: str) -> list[str]:
    rows = ask("bolt", "medal-table", "series gold", athlete=BOLT, **parameters)
    return [gold for name, gold in rows if name == series]


def test_bolt_1_olympic_golds_are_eight_today_and_were_nine() -> None:
    assert golds("Olympic Games") == ["8"]
    assert golds("Olympic Games", date="2016-08-31") == ["9"]
    assert golds("Olympic Games", date="2017-01-24") == ["9"]
    assert golds("Olympic Games", date="2017-01-25") == ["8"]
    assert golds("Olympic Games", date="2008-08-21") == ["2"]
    rows = ask("bolt", "medals", "year competition medal", athlete=BOLT)
    assert [year for year, competition, _ in rows if competition == "Olympic Games"] == [
        "2008", "2008", "2012", "2012", "2012", "2016", "2016", "2016",
    ]  # fmt: skip


def test_bolt_2_the_medal_that_was_lost_and_for_whose_fault() -> None:
    columns = "contest medalLost since reason decidedBy involved"
    rows = ask("bolt", "disqualifications", columns, athlete=BOLT)
    assert [row for row in rows if row[1]] == [
        (
            "4 × 100 m relay, Olympic Games 2008",
            "gold medal",
            "2017-01-25",
            "breach by a team-mate",
            "International Olympic Committee",
            "Nesta Carter",
        )
    ]


def test_bolt_3_world_records_over_100_metres_in_order() -> None:
    records = ask("bolt", "records", "kind discipline mark since until")
    assert [row[2:] for row in records if row[:2] == ("world record", "100 metres")] == [
        ("9.72", "2008-05-31", "2008-08-16"),
        ("9.69", "2008-08-16", "2009-08-16"),
        ("9.58", "2009-08-16", ""),
    ]
    rows = ask("bolt", "progression", "date mark wind", athlete=BOLT, discipline="100 metres")
    winds = [(date, mark, float(wind)) for date, mark, wind in rows]
    assert winds == [("2008-05-31", "9.72", 1.7), ("2008-08-16", "9.69", 0.0), ("2009-08-16", "9.58", 0.9)]


def test_bolt_4_the_best_mark_of_each_discipline() -> None:
    rows = ask("bolt", "best-marks", "discipline team mark", athlete=BOLT)
    assert [row for row in rows if row[0] != "association football"] == [
        ("100 metres", "", "9.58"),
        ("200 metres", "", "19.19"),
        ("400 metres", "", "45.28"),
        ("4 × 100 metres relay", "Jamaica, 4 × 100 m relay, Olympic Games 2012", "36.84"),
    ]


def test_bolt_5_starts_without_a_result_and_why() -> None:
    rows = ask("bolt", "disqualifications", "year contest status reason", athlete=BOLT)
    assert rows == [
        ("2004", "200 m, Olympic Games 2004", "eliminated", "injury"),  # after his heat, in which he was fifth
        ("2008", "4 × 100 m relay, Olympic Games 2008", "disqualified", "breach by a team-mate"),
        ("2011", "Final of the 100 m, World Championships 2011", "disqualified", "false start"),
        ("2017", "4 × 100 m relay, World Championships 2017", "did not finish", "injury"),
    ]
    marks = ask("bolt", "results", "contest mark", athlete=BOLT)
    assert ("Final of the 100 m, World Championships 2011", "0.104 s before the gun") in marks


def test_bolt_6_the_rounds_of_beijing_of_which_the_final_gives_the_medal() -> None:
    rows = ask("bolt", "results", "contest rank mark", athlete=BOLT)
    assert sorted(row for row in rows if row[0].endswith("of the 100 m, Olympic Games 2008")) == [
        ("Final of the 100 m, Olympic Games 2008", "1", "9.69"),
        ("Semi-final of the 100 m, Olympic Games 2008", "1", "9.85"),
    ]
    medals = ask("bolt", "medals", "year competition mark", athlete=BOLT)
    assert ("2008", "Olympic Games", "9.69") in medals
    assert ("2008", "Olympic Games", "9.85") not in medals
    assert ask("bolt", "podium", "athlete mark", competition=f"<{EX}olympics-2008-100m>") == [("Usain Bolt", "9.69")]


def test_bolt_7_the_relay_of_london_in_order() -> None:
    rows = ask("bolt", "teams", "position member", team=f"<{EX}jamaica-olympics-2012-4x100m>")
    assert rows == [("1", "Nesta Carter"), ("2", "Michael Frater"), ("3", "Yohan Blake"), ("4", "Usain Bolt")]


def test_bolt_8_titles_in_a_row() -> None:
    rows = ask("bolt", "consecutive-titles", "athlete series discipline first last titles")
    assert sorted(row[1:] for row in rows if row[0] == "Usain Bolt") == [
        ("Olympic Games", "100 metres", "2008", "2016", "3"),
        ("Olympic Games", "200 metres", "2008", "2016", "3"),
        ("World Championships", "100 metres", "2013", "2015", "2"),  # not from 2009 on
        ("World Championships", "200 metres", "2009", "2015", "4"),
    ]


def test_bolt_9_fifteen_at_the_title_of_kingston() -> None:
    rows = ask("bolt", "age-at-results", "contest age ageTold", athlete=BOLT)
    assert ("200 m, World Junior Championships 2002", "15", "15") in rows


def test_bolt_10_splits_and_reaction_time() -> None:
    rows = ask("bolt", "splits", "mark metres split unit note", contest=f"<{EX}worlds-2009-100m>")
    assert rows == [
        ("9.58", "0", "0.146", "second", "reaction time"),
        ("9.58", "20", "2.89", "second", ""),
        ("9.58", "60", "6.31", "second", ""),
    ]
    halves = ask("bolt", "splits", "metres split note", athlete=BOLT, contest=f"<{EX}worlds-2009-200m>")
    assert halves == [("100", "9.92", ""), ("200", "9.27", "of a stretch")]
    assert ask("bolt", "splits", "split", athlete=f"<{EX}yohan-blake>") == []


def test_bolt_11_coaches() -> None:
    rows = ask("bolt", "coaches", "coach coached since until", person=BOLT)
    assert sorted(rows) == [
        ("Fitz Coleman", "Usain Bolt", "", "2004"),
        ("Glen Mills", "Usain Bolt", "2004", ""),
    ]


def test_bolt_12_medals_of_world_championships() -> None:
    rows = ask("bolt", "medal-table", "series gold silver bronze total", athlete=BOLT)
    assert ("World Championships", "11", "2", "1", "14") in rows
    before = ask("bolt", "medal-table", "series gold silver bronze", athlete=BOLT, date="2011-12-31")
    assert ("World Championships", "5", "2", "0") in before


# Lawson Robertson


def test_robertson_1_the_day_of_birth_is_disputed() -> None:
    born = ask("robertson", "timeline", "date event place", person=ROBERTSON)[0]
    assert born == ("1883-09", "Birth of Lawson Robertson", "Aberdeen")
    rows = ask("robertson", "conflicts", "claim saidBy butAlso butSaidBy verdict preferred")
    english, first, second = (f"{name} Wikipedia, Lawson Robertson" for name in ("English", "German", "Norwegian"))
    on_23, on_24 = (f"Lawson Robertson was born on {day} September 1883" for day in (23, 24))
    assert rows == [
        (on_23, english, on_24, first, "disputed", ""),
        (on_23, english, on_24, second, "disputed", ""),
    ]


def test_robertson_2_one_olympic_medal_and_two_of_1906() -> None:
    rows = ask("robertson", "medal-table", "level gold silver bronze", athlete=ROBERTSON)
    assert sorted(rows) == [("Olympic", "0", "0", "1"), ("unrecognised", "0", "1", "1")]
    medals = ask("robertson", "medals", "year medal rank", athlete=ROBERTSON)
    assert medals == [
        ("1904", "bronze medal", "3"),
        ("1906", "silver medal", "2"),
        ("1906", "bronze medal", "3"),
    ]


def test_robertson_3_who_shared_second_place_in_athens_and_at_what_height() -> None:
    rows = ask("robertson", "podium", "rank athlete mark", competition=HIGH_JUMP.format(1906))
    assert sorted(row for row in rows if row[0] == "2") == [
        ("2", "Lawson Robertson", "1.40 m (4 feet 7 inches)"),
        ("2", "Léon Dupont", "1.40 m (4 feet 7 inches)"),
        ("2", "Martin Sheridan", "1.40 m (4 feet 7 inches)"),
    ]


def test_robertson_4_silver_and_bronze_of_1904_were_no_tie() -> None:
    rows = ask("robertson", "podium", "rank athlete mark", competition=HIGH_JUMP.format(1904))
    assert rows[1:] == [("2", "Joseph Stadler", "1.44 m"), ("3", "Lawson Robertson", "1.44 m")]


def test_robertson_5_results_measured_in_yards() -> None:
    yards = {row for row in ask("robertson", "disciplines", "discipline metres") if "yards" in row[0]}
    assert yards == {("300 yards", "274.32"), ("three-legged race over 100 yards", "91.44")}
    results = ask("robertson", "results", "year discipline rank mark")
    assert [row for row in results if "yards" in row[1]] == [
        ("1906", "300 yards", "1", ""),
        ("1909", "three-legged race over 100 yards", "", "11.0"),
    ]


def test_robertson_6_born_in_scotland_and_competing_for_the_united_states() -> None:
    games = {"1904", "1906", "1908"}
    rows = ask("robertson", "results", "year contest country", athlete=ROBERTSON)
    countries = {country for year, contest, country in rows if year in games and "indoor" not in contest}
    assert countries == {"United States"}
    claims = ask("robertson", "claims-about", "claim about")
    assert ("Lawson Robertson was born in Scotland", "Scotland") in claims
    people = ask("robertson", "athletes", "athlete nationality")
    assert ("Lawson Robertson", "United Kingdom") in people


def test_robertson_7_results_of_london() -> None:
    rows = ask("robertson", "results", "year contest rank status", athlete=ROBERTSON)
    assert [row[1:] for row in rows if row[0] == "1908"] == [
        ("semi-final of the 100 m, Olympic Games 1908", "", "eliminated"),
        ("first round of the 200 m, Olympic Games 1908", "", "eliminated"),
        ("first round of the standing high jump, Olympic Games 1908", "", "eliminated"),
    ]


def test_robertson_8_who_beat_him() -> None:
    columns = "rank athlete behind"
    in_1904 = ask("robertson", "podium", columns, competition=HIGH_JUMP.format(1904))
    in_1906 = ask("robertson", "podium", columns, competition=HIGH_JUMP.format(1906))
    assert in_1904 == [("1", "Ray Ewry", "0"), ("2", "Joseph Stadler", "0.16"), ("3", "Lawson Robertson", "0.16")]
    assert in_1906[0] == ("1", "Ray Ewry", "0")
    assert ("2", "Lawson Robertson", "0.16") in in_1906


def test_robertson_9_whom_he_coached_and_when() -> None:
    rows = ask("robertson", "coaches", "role coached since until", person=ROBERTSON)
    team = "American Olympic team"
    assert sorted(rows) == sorted(
        [
            ("coach", "Irish American Athletic Club", "1909", "1916"),
            ("coach", "University of Pennsylvania", "1916", "1947"),
            *(("assistant coach", team, year, year) for year in ("1912", "1920")),
            *(("head coach", team, year, year) for year in ("1924", "1928", "1932", "1936")),
        ]
    )


def test_robertson_10_twenty_at_the_bronze_whichever_day_is_right() -> None:
    rows = ask("robertson", "age-at-results", "contest rank age", athlete=ROBERTSON)
    assert ("standing high jump, Olympic Games 1904", "3", "20") in rows


def test_robertson_11_the_family_of_whom_the_children_have_no_names() -> None:
    assert sorted(ask("robertson", "family", "name kinship relativeOf")) == [
        ("Elisabeth Robertson", "mother", "Lawson Robertson"),
        ("Gordon Hunt Robertson", "father", "Lawson Robertson"),
        ("Mary Helen Teevan", "wife", "Lawson Robertson"),
    ]
    claims = ask("robertson", "claims-about", "claim about")
    children = "Lawson Robertson and Mary Helen Teevan had three sons and a daughter"
    assert {about for claim, about in claims if claim == children} == {"Lawson Robertson", "Mary Helen Teevan"}


def test_robertson_12_no_bronze_where_two_shared_second_place() -> None:
    rows = ask("robertson", "podium", "rank athlete", competition=HIGH_JUMP.format(1908))
    assert rows == [("1", "Ray Ewry"), ("2", "John Biller"), ("2", "Konstantinos Tsiklitiras")]
    claims = ask("robertson", "claims-about", "claim about")
    reason = "No bronze was given in the standing high jump of 1908: two shared second place"
    assert (reason, "standing high jump, Olympic Games 1908") in claims
