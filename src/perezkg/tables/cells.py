"""What stands in a cell of a table of results: marks, places, dates, names, venues."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple


class CellError(ValueError):
    """A cell does not hold what its column should; the message says what is wrong."""


class Mark(NamedTuple):
    """A mark: its value in the unit, as the table writes it, and what must be known to compare it."""

    value: str
    notation: str
    notes: tuple[str, ...] = ()


class Position(NamedTuple):
    """A place in a contest: the rank, the round and which of several groups or races."""

    rank: int | None
    round: str = ""
    group: str = ""


class Venue(NamedTuple):
    """Where a contest was, from the small to the large; what is not told is empty."""

    stadium: str
    city: str
    region: str
    country: str


NOTES = {
    "h": "hand-timed",
    "est": "estimated",
    "e": "estimated",
    "A": "altitude",
    "w": "wind-assisted",
}
"""The letters behind a mark, and the concepts of sport:mark-notes that they stand for."""

STATUSES = {
    "dns": "did-not-start",
    "did not start": "did-not-start",
    "dnf": "did-not-finish",
    "did not finish": "did-not-finish",
    "dq": "disqualified",
    "dsq": "disqualified",
    "disqualified": "disqualified",
    "nm": "no-mark",
    "nh": "no-mark",
    "no mark": "no-mark",
    "nc": "not-classified",
    "wd": "withdrawn",
    "withdrawn": "withdrawn",
}
"""What stands in place of a mark or a rank, and the concepts of sport:statuses that it stands for."""

ROUNDS = {
    "q": "qualification",
    "h": "heat",
    "qf": "quarter-final",
    "sf": "semi-final",
    "f": "final",
    "ce": "combined",
}
"""The letters of a place, and the rounds that they stand for; `combined` is within a combined event."""

SEXES = {
    **dict.fromkeys(
        ("women", "woman", "w", "f", "female", "femenino", "feminino", "mujeres", "damen", "dames"), "women"
    ),
    **dict.fromkeys(("men", "man", "m", "male", "masculino", "hombres", "herren", "hommes"), "men"),
    **dict.fromkeys(("mixed", "x", "mixto", "misto", "mixte"), "mixed"),
}
"""Words for a sex, and the categories that they stand for."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep", "oct", "nov", "dec dic",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+)(?:[.,](\d+))?")
_DOTTED = re.compile(r"(?:(\d+)\.)?(\d+)\.(\d\d)[.,](\d+)")
_PRIMES = re.compile(r"\+?\s*(?:(\d+)h)?\s*(?:(\d+)['′])?\s*(?:(\d+)(?:''|\"|″))?(?:[.,]?(\d+))?")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_UNITS = {"s": "second", "m": "metre", "kg": "kilogram", "pts": "point", "p": "point"}
_POSITION = re.compile(r"=?(\d*)(?:\.0)?=?([a-z]*)(\d*)")
_DAY_PARTS = re.compile(r"\d+|[^\W\d_]+")
_DIGITS = 9
_COUNTRY = re.compile(r"(.*?)\s*-?\s*\(([A-Z]{3})\)")
_REGION = re.compile(r"[A-Z]{2}")


def clean(text: str) -> str:
    r"""Return the text of a cell without blanks at its ends and with single ones within.

    >>> clean(" 7.57\xa0 ")
    '7.57'
    """
    return " ".join(text.split())


def mark(text: str, unit: str, thousands: str = "") -> Mark:
    """Read a mark in a unit of sport:units.

    >>> mark("1:17:25.6h", "second")
    Mark(value='4645.6', notation='1:17:25.6h', notes=('hand-timed',))
    >>> mark("1.39.93", "second").value, mark("00:02:07.460000", "second").value, mark("26h 55' 44''", "second").value
    ('99.93', '127.46', '96944')
    >>> mark("1,63", "metre").value, mark("7.2", "metre").value, mark("2.758", "point", ".").value
    ('1.63', '7.2', '2758')

    Args:
        text: The cell.
        unit: second, metre, kilogram, point, or a unit of one's own.
        thousands: The sign between thousands, if the table has one.

    Raises:
        CellError: It is no mark in this unit.
    """
    body, notes = _without_notes(text)
    body, _, said = body.partition(" ") if unit != "second" or "h" not in body else (body, "", "")
    if said and _UNITS.get(said) != unit and unit != "second":
        raise CellError(f"{text!r} is not in the unit {unit}")
    if unit == "second":
        return Mark(_plain(_seconds(f"{body} {said}".strip() if said != "s" else body, text)), text, notes)
    if thousands:
        body = re.sub(rf"(?<=\d){re.escape(thousands)}(?=\d\d\d(?:\D|$))", "", body)
    if not _NUMBER.fullmatch(body):
        raise CellError(f"{text!r} is not a number of the unit {unit}")
    return Mark(_plain(Decimal(body.replace(",", "."))), text, notes)


def _without_notes(text: str) -> tuple[str, tuple[str, ...]]:
    for letters, note in NOTES.items():
        if text.endswith(letters) and text[-len(letters) - 1 : -len(letters)].isdigit():
            return text[: -len(letters)], (note,)
    return text, ()


def _seconds(body: str, text: str) -> Decimal:
    found = _CLOCK.fullmatch(body) or _DOTTED.fullmatch(body) or (_PRIMES.fullmatch(body) if body else None)
    if not found or not any(found.groups()):
        raise CellError(f"{text!r} is not a time")
    hours, minutes, seconds, part = (group or "0" for group in found.groups())
    if (found[2] and int(seconds) > 59) or (found[1] and int(minutes) > 59):
        raise CellError(f"{text!r} has 60 minutes or seconds, or more, beside larger ones")
    return Decimal(int(hours) * 3600 + int(minutes) * 60) + Decimal(f"{int(seconds)}.{part}")


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def seconds(text: str) -> Decimal:
    """Read a time, a difference of times (`+ 00h 03' 48''`) or a plain number of seconds; `-` is none.

    Raises:
        CellError: It is none of these.
    """
    return Decimal(0) if text in ("-", "") else _seconds(text, text)


def position(text: str) -> Position:
    """Read a place in a contest, as result lists write it.

    >>> position("1q2"), position("=3"), position("12.0"), position("ce")
    (Position(rank=1, round='qualification', group='2'), Position(rank=3, round='', group=''), \
Position(rank=12, round='', group=''), Position(rank=None, round='combined', group=''))

    Raises:
        CellError: It is no place.
    """
    found = _POSITION.fullmatch(text)
    letters = found[2] if found else ""
    if not found or (letters and letters not in ROUNDS):
        raise CellError(f"{text!r} is not a place in a contest")
    if len(found[1]) > _DIGITS:
        raise CellError(f"{text!r} is too large for a place")
    rank = int(found[1]) if found[1] else None
    if rank == 0:
        raise CellError("there is no place 0")
    return Position(rank, ROUNDS.get(letters, ""), found[3])


@lru_cache(1 << 12)
def day(text: str, order: str = "", century: int = 0) -> str:
    """Read a date, which may lack its day or month, and return it as XML Schema writes it.

    >>> day("11 JUN 1988"), day("1962"), day("23/1/26", "dmy", 2000), day("6/1988", "my")
    ('1988-06-11', '1962', '2026-01-23', '1988-06')

    Args:
        text: The cell.
        order: Of numbers with neither a name of a month nor a year in front: dmy, mdy, my.
        century: What is added to a year of two digits: 1900 or 2000.

    Raises:
        CellError: It is no date, or one that can be read in several ways.
    """
    parts = _DAY_PARTS.findall(text)
    named = [index for index, part in enumerate(parts) if part[:3].casefold() in _MONTHS and not part.isdigit()]
    if len(named) == 1:
        order = {1: "m", 2: "my", 3: "dmy" if named[0] == 1 else "mdy"}.get(len(parts), "")
        parts[named[0]] = str(_MONTHS[parts[named[0]][:3].casefold()])
    elif parts and len(parts[0]) == 4:
        order = "ymd"[: len(parts)]
    elif len(parts) != len(order):
        order = ""
    if not order or len(order) != len(parts) or not all(part.isdigit() for part in parts) or "y" not in order:
        raise CellError(f"{text!r} is not a date, or not in the order that the preset says")
    found = dict(zip(order, map(int, parts), strict=True))
    if len(parts[order.index("y")]) <= 2:
        if not century:
            raise CellError(f"the year of {text!r} has two digits, and the preset does not say of which century")
        found["y"] += century
    try:
        date(found["y"], found.get("m", 1), found.get("d", 1))
    except ValueError:
        raise CellError(f"there is no day {text!r}") from None
    return "-".join(f"{found[letter]:0{4 if letter == 'y' else 2}}" for letter in "ymd" if letter in found)


def name(text: str, order: str = "", particles: frozenset[str] = frozenset()) -> str:
    """Read the name of a person, and write what is in capitals as names are written.

    >>> name("Jackie JOYNER-KERSEE"), name("LEIRA MAREQUE, IRIA", "family, given"), name("Gillian O'SULLIVAN")
    ('Jackie Joyner-Kersee', 'Iria Leira Mareque', "Gillian O'Sullivan")
    >>> name("ANNEMIEK VAN VLEUTEN", "", frozenset({"van"})), name("FRANZISKA BRAUßE"), name("O Jong Ae")
    ('Annemiek van Vleuten', 'Franziska Brauße', 'O Jong Ae')

    Args:
        text: The cell, of one person.
        order: `family, given` where the names are turned around at their comma.
        particles: Words in small letters that are not the first of a name.

    Raises:
        CellError: There is no letter in it.
    """
    if order == "family, given" and text.count(",") == 1:
        family, given = text.split(",")
        text = f"{given} {family}"
    words = [_word(word) for word in text.split() if word != "."]
    for index, word in enumerate(words[1:], 1):
        if word.casefold() in particles:
            words[index] = word.casefold()
    if not any(character.isalpha() for word in words for character in word):
        raise CellError(f"{text!r} is not a name")
    return " ".join(words)


def _word(word: str) -> str:
    """Write a word in capitals with one; what has small letters besides ß is its author's spelling."""
    letters = word.replace("ß", "")
    parts = re.split(r"([-'’.])", word) if "-" in word or "'" in word or "’" in word or "." in word else [word]
    if letters.upper() != letters:
        if len(parts) == 1:
            return word
        return "".join(part if part.upper() != part else _capital(part) for part in parts)
    return "".join(map(_capital, parts))


def _capital(part: str) -> str:
    return part[:1] + part[1:].lower() if len(part) > 1 else part


@lru_cache(1 << 12)
def venue(text: str) -> Venue:
    """Read a place: stadium, city, state and, in brackets, the country.

    >>> venue("Hayward Field, Eugene, OR (USA)")
    Venue(stadium='Hayward Field', city='Eugene', region='OR', country='USA')
    >>> venue("Blacksburg - (USA)"), venue("Ourense")
    (Venue(stadium='', city='Blacksburg', region='', country='USA'), Venue(stadium='', city='Ourense', region='', \
country=''))
    """
    found = _COUNTRY.fullmatch(text)
    rest, country = (found[1], found[2]) if found else (text, "")
    parts = rest.split(", ")
    region = parts.pop() if len(parts) > 1 and _REGION.fullmatch(parts[-1]) else ""
    return Venue(", ".join(parts[:-1]), parts[-1], region, country)


def wind(text: str) -> str:
    """Read a wind in metres a second, and return it as an xsd:decimal.

    >>> wind("+1.4"), wind("-0,3"), wind("2")
    ('1.4', '-0.3', '2.0')

    Raises:
        CellError: It is no wind.
    """
    text = text.removesuffix("m/s").strip()
    if not _NUMBER.fullmatch(text) or not -50 <= float(text.replace(",", ".")) <= 50:
        raise CellError(f"{text!r} is not a wind in metres a second")
    plain = text.lstrip("+").replace(",", ".")
    return plain if "." in plain else f"{plain}.0"
