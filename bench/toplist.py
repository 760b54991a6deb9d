"""A toplist of many rows, made up, as World Athletics gives them: for the import of tables."""

from __future__ import annotations

import csv
import random
from pathlib import Path

_HEADER = ("", "Rank", "Mark", "Competitor", "DOB", "Nat", "Pos", "Venue", "Date", "Results Score")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_NATIONS = ["ECU", "ESP", "ITA", "CHN", "JPN", "RUS", "MEX", "AUS", "POL", "GER", "GBR", "COL", "GUA", "BRA"]
_SOUNDS = ["ba", "re", "mi", "lo", "su", "ka", "ne", "ti", "vo", "du"]


def _name(number: int) -> str:
    """Return a name that no other number has."""
    letters = [_SOUNDS[int(digit)] for digit in f"{number:06}"]
    return f"{''.join(letters[:3]).capitalize()} {''.join(letters[3:]).upper()}"


def make(path: Path, rows: int) -> None:
    """Write a toplist: in each contest a dozen athletes of five thousand, as in those of World Athletics."""
    chance = random.Random(8)  # noqa: S311

    def day(first: int, last: int) -> str:
        return f"{chance.randint(1, 28):02} {chance.choice(_MONTHS)} {chance.randint(first, last)}"

    athletes = [(_name(number), day(1960, 1999), chance.choice(_NATIONS)) for number in range(5000)]
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(_HEADER)
        written = 0
        while written < rows:
            venue = f"Stadium {chance.randint(1, 40)}, City {chance.randint(1, 300)} ({chance.choice(_NATIONS)})"
            date = day(2005, 2024)
            seconds = chance.randint(4600, 5000)
            for place, athlete in enumerate(chance.sample(athletes, min(12, rows - written)), 1):
                seconds += chance.randint(0, 40)
                mark = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
                out.writerow((written % 100, written + 1, mark, *athlete, place, venue, date, 1200))
                written += 1
