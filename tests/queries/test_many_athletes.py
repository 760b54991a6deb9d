"""Questions over many athletes, each compared with what plain Python works out over the same rows."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import RdfFormat
from tests.growth import excess
from tests.queries import synthetic
from tests.queries.synthetic import DECISION, EX, Row

import perezkg
from perezkg.rdf.reading import DataFile
from perezkg.sparql.catalogue import find
from perezkg.sparql.engines import open_engine
from perezkg.sparql.parameters import resolve
from perezkg.sparql.prepare import prepare
from perezkg.sparql.results import Solutions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DAYS = ("1999-12-31", "2015-06-14", "2015-06-15", "2026-01-01")
MANY, FEW = 3000, 120

Asked = dict[str, Any]


@cache
def told(number: int) -> list[Row]:
    return synthetic.rows(number)


def as_graph(rows: list[Row]) -> perezkg.KnowledgeGraph:
    return perezkg.KnowledgeGraph([DataFile("rows", synthetic.turtle(rows).encode(), RdfFormat.TURTLE)])


@cache
def graph(number: int) -> perezkg.KnowledgeGraph:
    return as_graph(told(number))


def ask(engine: str, number: int, name: str, **parameters: Any) -> list[Any]:
    answer = graph(number).query(name, engine=engine, **parameters)
    assert isinstance(answer, Solutions)
    return list(answer)


def day_number(day: str) -> int:
    return int(day.replace("-", ""))


def held(row: Row) -> int:
    """Return the first day that it may have been."""
    return row.year * 10000 + (row.month or 1) * 100 + (row.day or 1)


def last(row: Row) -> int:
    """Return the last day that it may have been."""
    return row.year * 10000 + (row.month or 12) * 100 + (row.day or 31)


def stands(row: Row, day: int) -> bool:
    year, month, number = DECISION
    decision = year * 10000 + month * 100 + number
    if row.struck_out and day >= decision:
        return False
    return held(row) <= day and (not row.since_decision or decision <= day)


def compared(number: int, asked: Mapping[str, Any], day: str | int | None = None) -> list[Row]:
    """Return the rows that count for what is asked."""
    on = day_number(asked["date"]) if day is None else int(day)
    return [
        row
        for row in told(number)
        if stands(row, on)
        and row.status != "disqualified"
        and row.note != "not-ratified"
        and (row.note != "wind-assisted" or asked.get("wind") == "any")
        and asked.get("discipline", EX + row.discipline) == EX + row.discipline
        and asked.get("sex", row.sex) == row.sex
        and ("class" not in asked or row.junior)
        and asked.get("country", EX + row.country) == EX + row.country
        and asked.get("season", row.year) == row.year
    ]


def better(row: Row, limit: Decimal) -> bool:
    return row.value < limit if row.unit == "second" else row.value >= limit


def lists(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.discipline, row.sex), []).append(row)
    return dict(sorted(found.items(), key=lambda item: (item[0][0], item[0][1] or "\0")))


def first(row: Row) -> tuple[Decimal, int, str]:
    return row.score, held(row), row.iri


def best_of(rows: Iterable[Row], key: Callable[[Row], Any]) -> list[Row]:
    """Return the best row for each key, the first of equal ones, in order."""
    found: dict[Any, Row] = {}
    for row in rows:
        if key(row) not in found or first(row) < first(found[key(row)]):
            found[key(row)] = row
    return sorted(found.values(), key=lambda row: (row.score, held(row), row.athlete, row.mark))


def given(asked: Asked) -> Asked:
    """Return parameters as a user gives them: by name."""
    return {**asked, **({"sex": f"sport:category-{asked['sex']}"} if "sex" in asked else {})}


def spoken(country: str) -> str | None:
    return country.title() or None


ASKED: list[Asked] = [
    *({"date": day} for day in DAYS),
    {"date": DAYS[3], "discipline": EX + "sprint", "sex": "women"},
    {"date": DAYS[3], "discipline": EX + "sprint", "wind": "any"},
    {"date": DAYS[2], "class": "sport:category-junior"},
    {"date": DAYS[3], "country": EX + "north", "sex": "men"},
]


def over(*cases: Asked) -> pytest.MarkDecorator:
    """Ask all of the quick engine over many rows, and the first and the last of the slow one over few."""
    quick = [pytest.param("oxigraph", MANY, case) for case in cases]
    slow = [pytest.param("rdflib", FEW, case, marks=pytest.mark.slow) for case in (cases[0], cases[-1])]
    return pytest.mark.parametrize(("engine", "number", "asked"), quick + slow, ids=str)


@pytest.mark.parametrize("per", ["athlete", "mark"])
@over(*ASKED[1:], {"date": DAYS[3], "season": 2003}, {"date": DAYS[3], "top": 3})
def test_all_time_list(engine: str, number: int, asked: Asked, per: str) -> None:
    expected = []
    for (discipline, sex), rows in lists(compared(number, asked)).items():
        best = best_of(rows, lambda row: row.athlete if per == "athlete" else row.mark)
        scores = [row.score for row in best]
        for row in best:
            place = 1 + scores.index(row.score)  # sorted: the first of equal ones
            if place <= asked.get("top", place):
                who = row.athlete.removeprefix(EX)
                expected.append((discipline, sex or None, place, who, spoken(row.country), str(row.value), row.mark))
    found = ask(engine, number, "all-time-list", per=per, **given(asked))
    assert [(r.discipline, r.category, r.place, r.athlete, r.country, r.mark, r.iri) for r in found] == expected
    assert found


@over(*ASKED[2:], *ASKED[:2])
def test_national_bests(engine: str, number: int, asked: Asked) -> None:
    expected = []
    for (discipline, sex), rows in lists(compared(number, asked)).items():
        best = {
            country: min(row.score for row in rows if row.country == country)
            for country in {row.country for row in rows} - {""}
        }
        holders = [row for row in rows if row.country and row.score == best[row.country]]
        expected += [
            (discipline, sex or None, spoken(row.country), row.athlete.removeprefix(EX), row.mark)
            for row in sorted(holders, key=lambda row: (row.score, row.country, row.athlete, row.mark))
        ]
    found = ask(engine, number, "national-bests", **given(asked))
    assert [(r.discipline, r.category, r.country, r.athlete, r.iri) for r in found] == expected
    assert found


@over(*ASKED[2:], *ASKED[:2])
def test_all_time_progression(engine: str, number: int, asked: Asked) -> None:
    expected = []
    for (discipline, sex), rows in lists(compared(number, asked)).items():
        before: Decimal | None = None
        for day in sorted({last(row) for row in rows}):
            of_day = [row for row in rows if last(row) == day]
            best = min(row.score for row in of_day)
            if before is None or best < before:
                for row in sorted(of_day, key=lambda row: (row.athlete, row.mark)):
                    if row.score == best:
                        improvement = None if before is None else before - best
                        expected.append((discipline, sex or None, improvement, spoken(row.country), row.mark))
                before = best
    found = ask(engine, number, "all-time-progression", **given(asked))
    assert [(r.discipline, r.category, r.improvement, r.country, r.iri) for r in found] == expected
    assert found


@over(ASKED[1], *ASKED[3:])
@pytest.mark.parametrize(("discipline", "limit"), [("sprint", "10.2"), ("throw", "71.4"), ("walk", None)])
def test_marks_under_a_limit(engine: str, number: int, asked: Asked, discipline: str, limit: str | None) -> None:
    asked = {**asked, "discipline": EX + discipline}
    expected = []
    for (_, sex), rows in lists(compared(number, asked)).items():
        if limit:
            rows = [row for row in rows if better(row, Decimal(limit))]  # noqa: PLW2901
        marks = Counter(row.athlete for row in rows)
        best = {row.athlete: row for row in best_of(rows, lambda row: row.athlete)}
        counts = sorted(marks.values(), reverse=True)
        for athlete in sorted(marks, key=lambda who: (-marks[who], best[who].score, who)):
            years = [row.year for row in rows if row.athlete == athlete]
            place = 1 + counts.index(marks[athlete])
            line = (sex or None, place, athlete, marks[athlete], best[athlete].value, min(years), max(years))
            expected.append(line)
    more = {"limit": limit} if limit else {}
    found = ask(engine, number, "marks-under-limit", **given(asked), **more)
    assert [(r.category, r.place, r.iri, r.marks, r.value, r.first, r.last) for r in found] == expected


@over(*ASKED[1:4], {"date": DAYS[3], "class": "sport:category-junior"})
def test_where_a_mark_stood_and_stands(engine: str, number: int, asked: Asked) -> None:
    some = told(number)[3:43:4] if engine == "oxigraph" else compared(number, asked)[:3]
    rows_seen = 0
    for own in some:
        expected = []
        everything = {k: v for k, v in asked.items() if k != "class"}
        for day in (held(own), day_number(asked["date"])):
            if own not in compared(number, everything, day):
                continue
            rows = [r for r in compared(number, asked, day) if (r.discipline, r.sex) == (own.discipline, own.sex)]
            best = {row.athlete: row.score for row in best_of(rows, lambda row: row.athlete)}
            place = 1 + sum(score < own.score for who, score in best.items() if who != own.athlete)
            of_mark = 1 + sum(row.score < own.score for row in rows)
            if rows:
                expected.append((place, len(best), of_mark, len(rows)))
        found = ask(engine, number, "standing-of-mark", mark=own.mark, **asked)
        assert [(r.place, r.athletes, r.placeOfMark, r.marks) for r in found] == expected, own
        rows_seen += len(found)
    assert rows_seen


@over(*ASKED[2:4], ASKED[0], {"date": DAYS[3], "discipline": EX + "throw"})
def test_season_bests_of_each(engine: str, number: int, asked: Asked) -> None:
    rows = compared(number, asked)
    best = best_of(rows, lambda row: (row.athlete, row.discipline, row.year))
    expected = sorted((row.athlete, row.discipline, row.year, row.mark) for row in best)
    found = ask(engine, number, "season-bests", **asked)
    assert [(EX + r.athlete, r.discipline, r.year, r.iri) for r in found] == expected


@over(*ASKED[1:4])
def test_head_to_head(engine: str, number: int, asked: Asked) -> None:
    day = asked["date"]
    rows = [row for row in told(number) if stands(row, day_number(day))]
    starts = Counter(row.athlete for row in rows)
    contests: dict[str, list[Row]] = {}
    for row in rows:
        contests.setdefault(row.contest, []).append(row)
    pairs = Counter(
        (one.athlete, other.athlete) for field in contests.values() for one in field for other in field if one != other
    )
    for (one, other), _ in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:4]:
        won = lost = drawn = 0
        for field in contests.values():
            for row in (row for row in field if row.athlete == one):
                for rival in (rival for rival in field if rival.athlete == other):
                    order = [10**7 if r.status else r.rank for r in (row, rival)]
                    won, lost, drawn = (
                        won + (order[0] < order[1]),
                        lost + (order[0] > order[1]),
                        drawn + (order[0] == order[1]),
                    )
        tally = ask(engine, number, "head-to-head", athlete=one, rival=other, date=day)[-1]
        assert (tally.result, tally.rivalResult, tally.draws) == (str(won), str(lost), drawn)
        assert won + lost + drawn
    assert starts


@over(*ASKED[1:4])
def test_progression_of_each(engine: str, number: int, asked: Asked) -> None:
    expected = []
    mine: dict[tuple[str, str], list[Row]] = {}
    for row in compared(number, asked):
        mine.setdefault((row.athlete, row.discipline), []).append(row)
    for key in sorted(mine):
        before: Decimal | None = None
        for row in sorted(mine[key], key=lambda row: (last(row), row.score, row.iri)):
            if before is None or row.score < before:
                expected.append((*key, None if before is None else before - row.score, row.mark))
                before = row.score
    found = ask(engine, number, "progression", **asked)
    assert [(EX + r.athlete, r.discipline, r.improvement, r.iri) for r in found] == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("all-time-list", {}),
        ("all-time-list", {"per": "mark"}),
        ("all-time-progression", {}),
        ("national-bests", {}),
        ("marks-under-limit", {}),
        ("standing-of-mark", {"mark": f"{EX}mark-3"}),
        ("season-bests", {}),
    ],
    ids=str,
)
def test_no_list_grows_faster_than_the_marks_in_it(name: str, more: Asked) -> None:
    """All are marks of one discipline, so that comparing each with each would show."""
    query = find(name)
    prepared = prepare(query, resolve(query, {**more, "date": DAYS[3]}, "en"))
    graphs = {times: as_graph(synthetic.rows(1000 * times, disciplines=("walk",))) for times in (0, 1, 4)}
    engines = {times: open_engine("oxigraph", graph.with_concepts) for times, graph in graphs.items()}

    def work(times: int) -> int:
        answer = engines[times].run(prepared)
        assert isinstance(answer, Solutions)
        return len(answer)

    assert excess(work, (1, 4), lambda times: graphs[times].with_concepts) == []
