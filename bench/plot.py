"""How the time of some works grows with the data: small plots with logarithmic axes, as SVG."""

from __future__ import annotations

import math
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT, COLUMNS = 300, 200, 3
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 92, 28, 32
_COLOURS = ("#1b6ca8", "#8a8a8a", "#b5651d", "#5b8c2a")
_STYLE = (
    "text{font:11px sans-serif;fill:#222}.title{font-weight:bold;font-size:12px}.grid{stroke:#ddd}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}.ground{fill:#1a1a1a}}"
)


class Line(NamedTuple):
    """Who did the work, and the seconds by the number of triples."""

    name: str
    points: dict[int, float]


def plots(works: dict[str, list[Line]]) -> str:
    """Return a picture with a plot for each work, by its name."""
    rows = math.ceil(len(works) / COLUMNS)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * COLUMNS} {HEIGHT * rows}" role="img">',
        "<title>Seconds by number of triples, both axes logarithmic</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" width="{WIDTH * COLUMNS}" height="{HEIGHT * rows}" fill="#fff"/>',
    ]
    for position, (name, lines) in enumerate(works.items()):
        row, column = divmod(position, COLUMNS)
        parts += [f'<g transform="translate({column * WIDTH},{row * HEIGHT})">', *_plot(name, lines), "</g>"]
    return "\n".join([*parts, "</svg>\n"])


def _plot(name: str, lines: list[Line]) -> list[str]:
    sizes = [size for line in lines for size in line.points]
    seconds = [value for line in lines for value in line.points.values()]
    across = _Axis(sizes, _LEFT, WIDTH - _RIGHT)
    up = _Axis(seconds, HEIGHT - _BOTTOM, _TOP)
    parts = [f'<text class="title" x="{_LEFT}" y="16">{escape(name)}</text>']
    for power in across.powers:
        x = across.at(10.0**power)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{HEIGHT - _BOTTOM}"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 14}" text-anchor="middle">{_short(10.0**power)}</text>')
    for power in up.powers:
        y = up.at(10.0**power)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    labels: list[float] = []
    for line, colour in zip(lines, _COLOURS, strict=False):
        points = [(across.at(size), up.at(value)) for size, value in sorted(line.points.items())]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        y = points[-1][1] + 4
        while any(abs(y - other) < 12 for other in labels):
            y += 12
        labels.append(y)
        parts.append(f'<text x="{points[-1][0] + 8:.1f}" y="{y:.1f}" fill="{colour}">{escape(line.name)}</text>')
    return parts


class _Axis:
    """A logarithmic axis over some values, from one end of the picture to another."""

    def __init__(self, values: list[int] | list[float], start: float, end: float) -> None:
        low, high = math.log10(min(values)), math.log10(max(values))
        self._low, self._high = (low, high) if high - low > 0.1 else (low - 0.5, high + 0.5)
        self._start, self._end = start, end
        self.powers = range(math.ceil(self._low), math.floor(self._high) + 1)

    def at(self, value: float) -> float:
        """Return where a value is in the picture."""
        part = (math.log10(value) - self._low) / (self._high - self._low)
        return self._start + part * (self._end - self._start)


def _short(number: float) -> str:
    """Return a number of triples in few letters.

    >>> _short(1000), _short(10_000_000)
    ('1 k', '10 M')
    """
    return f"{number / 1e6:g} M" if number >= 1e6 else f"{number / 1e3:g} k" if number >= 1e3 else f"{number:g}"
