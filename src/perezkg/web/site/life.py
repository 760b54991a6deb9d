"""A life at a glance: what happened when, where, and how marks became better. Drawn here, written by templates."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING

from perezkg.web.site.years import Axis, year_of

if TYPE_CHECKING:
    from perezkg.web.site.asking import Asking, Rows

# In units of the drawing: how wide it is, how far dots stand apart, how high a lane and its name are.
_WIDTH, _STEP, _NAME = 960, 11, 18
# More dots than this say less than their number by year.
_MOST_DOTS = 300
_DEGREE = 4  # units of land.svg
_CHARTS = 6
_CHART_WIDTH, _CHART_HEIGHT = 640, 200


@dataclass
class Dot:
    """A thing in a drawing, at a place of it."""

    x: float
    y: float
    label: str
    iri: str
    size: float = 4.5


@dataclass
class Lane:
    """The things of one kind in a timeline; or how many there are in each year, with the height of its bar."""

    name: str
    y: float
    dots: list[Dot]


@dataclass
class Timeline:
    """What happened, from left to right.

    Attributes:
        lanes: A lane a kind.
        ticks: Years, and where they stand.
        height: Of the drawing.
        undated: What has no date: label and IRI.
        counts: In place of lanes, for many events: x, height, and how many there are in which year.
        listed: All dated events in order: date, label, IRI.
    """

    lanes: list[Lane] = field(default_factory=list)
    ticks: list[tuple[int, float]] = field(default_factory=list)
    height: float = 0
    width: float = _WIDTH
    undated: list[tuple[str, str]] = field(default_factory=list)
    counts: list[tuple[float, float, str]] = field(default_factory=list)
    listed: list[tuple[str, str, str]] = field(default_factory=list)


def timeline(ask: Asking) -> Timeline:
    """Return the life, or all lives, as a drawing."""
    rows = ask.rows("timeline", **({"person": ask.subject} if ask.subject else {}))
    rows = list({row["iri"]: row for row in rows}.values())
    drawn = Timeline()
    drawn.undated = [(row["event"], row["iri"]) for row in rows if year_of(row.get("date", "")) is None]
    dated = [(year, row) for row in rows if (year := year_of(row.get("date", ""))) is not None]
    if not dated:
        return drawn
    axis = Axis([year for year, _ in dated])
    drawn.ticks = [(year, _x(axis, year)) for year, _ in axis.ticks]
    drawn.listed = [(row["date"], row["event"], row["iri"]) for _, row in dated]
    if len(dated) > _MOST_DOTS:
        drawn.listed = []
        numbers: dict[int, int] = {}
        for year, _ in dated:
            numbers[int(year // 1)] = numbers.get(int(year // 1), 0) + 1
        most = max(numbers.values())
        drawn.height = 160
        drawn.counts = [
            (_x(axis, year), round(140 * number / most, 1), f"{year}: {number}")
            for year, number in sorted(numbers.items())
        ]
        return drawn
    kinds: dict[str, list[tuple[float, dict[str, str]]]] = {}
    for year, row in dated:
        kinds.setdefault(row.get("kind", ""), []).append((year, row))
    y = 6.0
    for kind in sorted(kinds, key=lambda kind: (not kind, kinds[kind][0][0])):
        lane = Lane(kind, y + 10, [])
        ends: list[float] = []  # the last dot of each row of the lane
        for year, row in kinds[kind]:
            x = _x(axis, year)
            line = next((number for number, end in enumerate(ends) if x - end >= _STEP), len(ends))
            ends[line : line + 1] = [x]
            lane.dots.append(Dot(x, y + _NAME + 6 + line * _STEP, f"{row['date']}: {row['event']}", row["iri"]))
        y += _NAME + 6 + len(ends) * _STEP
        drawn.lanes.append(lane)
    drawn.height = y + 4
    return drawn


def _x(axis: Axis, year: float) -> float:
    return round(12 + axis.at(year) * (_WIDTH - 24) / 100, 1)


@dataclass
class Map:
    """Places on the land: the part of land.svg that is shown, and dots in its units."""

    view: tuple[float, float, float, float]
    dots: list[Dot]
    stroke: float


def world(ask: Asking) -> Map | None:
    """Return the places that have coordinates, the larger the more happened there; None when none has."""
    places: dict[str, tuple[dict[str, str], int]] = {}
    for row in ask.rows("places"):
        if "latitude" in row and "longitude" in row:
            places[row["iri"]] = (row, places.get(row["iri"], (row, 0))[1] + ("linked" in row))
    spots = [(float(row["longitude"]), float(row["latitude"]), row, n) for row, n in places.values()]
    spots = [spot for spot in spots if abs(spot[0]) <= 180 and abs(spot[1]) <= 90]
    if not spots:
        return None
    xs = [(lon + 180) * _DEGREE for lon, _, _, _ in spots]
    ys = [(90 - lat) * _DEGREE for _, lat, _, _ in spots]
    margin = 40.0
    left, top = max(min(xs) - margin, 0), max(min(ys) - margin, 0)
    width, height = min(max(xs) + margin, 1440) - left, min(max(ys) + margin, 720) - top
    if width < 2 * height:  # as wide as a page: the smaller half is what lies north and south
        wanted = min(2 * height, 1440.0)
        left = min(max(left - (wanted - width) / 2, 0), 1440 - wanted)
        width = wanted
    unit = width / _WIDTH
    dots = [
        Dot(round(x, 1), round(y, 1), row["place"], row["iri"], round(unit * min(4 + 1.5 * sqrt(n), 16), 1))
        for x, y, (_, _, row, n) in zip(xs, ys, spots, strict=True)
    ]
    dots.sort(key=lambda dot: (-dot.size, dot.label, dot.iri))
    view = (round(left, 1), round(top, 1), round(width, 1), round(height, 1))
    return Map(view, dots, round(unit, 2))


@dataclass
class Chart:
    """The marks of one discipline: each that was better than all before, and the records that stood."""

    discipline: str
    dots: list[Dot]
    steps: str
    records: list[tuple[str, str, str]]
    ticks: list[tuple[int, float]]
    width: int = _CHART_WIDTH
    height: int = _CHART_HEIGHT


def marks(ask: Asking) -> list[Chart]:
    """Return how the marks of the subject became better, with records of the same discipline as steps; better is up."""
    if not ask.subject:
        return []
    groups: dict[str, Rows] = {}
    for row in ask.rows("progression", athlete=ask.subject):
        if "value" in row and "discipline" in row and year_of(row.get("date", "")) is not None:
            groups.setdefault(row["discipline"], []).append(row)
    records: dict[str, Rows] = {}
    for row in ask.rows("records"):
        if "value" in row and "since" in row:
            records.setdefault(row.get("discipline", ""), []).append(row)
    chosen = sorted((name for name in groups if len(groups[name]) > 1), key=lambda name: (-len(groups[name]), name))
    return [_chart(name, groups[name], records.get(name, []), ask.date) for name in chosen[:_CHARTS]]


def _chart(name: str, rows: Rows, records: Rows, date: str) -> Chart:
    today = year_of(date) or 0.0
    first, last = year_of(rows[0]["date"]) or 0.0, year_of(rows[-1]["date"]) or 0.0
    axis = Axis([first, last + 1])
    units = {row.get("unit", "") for row in rows}
    near = [row for row in records if row.get("unit", "") in units and (year_of(row["since"]) or 0.0) < axis.last]
    near = [row for row in near if (year_of(row.get("until", "")) or today) > axis.first]
    values = [float(row["value"]) for row in [*rows, *near]]
    best, worst = float(rows[-1]["value"]), float(rows[0]["value"])
    low, high = min(values), max(values)
    small = best < worst  # seconds: less is better

    def x(year: float) -> float:
        return round(8 + axis.at(year) * (_CHART_WIDTH - 16) / 100, 1)

    def y(value: float) -> float:
        part = (value - low) / (high - low) if high > low else 0.5
        return round(20 + (part if small else 1 - part) * (_CHART_HEIGHT - 40), 1)

    dots = [
        Dot(x(year_of(row["date"]) or 0.0), y(float(row["value"])), f"{row['mark']} ({row['date']})", row["iri"])
        for row in rows
    ]
    steps = f"M{dots[0].x} {dots[0].y}" + "".join(f"H{dot.x}V{dot.y}" for dot in dots[1:]) + f"H{x(last + 1)}"
    lines = [
        (
            f"M{x(year_of(row['since']) or 0.0)} {y(float(row['value']))}H{x(year_of(row.get('until', '')) or today)}",
            row["iri"],
            row["record"],
        )
        for row in near
    ]
    return Chart(name, dots, steps, lines, [(year, x(year)) for year, _ in axis.ticks])
