"""Results that nobody ran: a few thousand rows, the same each time, and what they are as data of the ontology.

Rows are what an editor of results has in a table. They hold all that makes lists of marks hard: equal marks, results
struck out years later, athletes who moved up, too much wind, marks that were not ratified, splits, points beside
metres, the parts of a combined event, days that are not known, athletes who changed country or whose country is not
told, and juniors.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

EX = "http://example.org/"
PREFIXES = f"""
@prefix ex: <{EX}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sport: <https://w3id.org/perezkg/sport#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# Each discipline: its unit, the least and the most in hundredths, and whether wind counts.
DISCIPLINES = {
    "sprint": ("second", 980, 1100, True),
    "walk": ("second", 455_000, 500_000, False),
    "throw": ("metre", 5500, 9000, False),
    "decathlon": ("point", 700_000, 900_000, False),
}
SEXES = ("men", "women")
COUNTRIES = ("north", "south", "east", "west")
DECISION = (2015, 6, 15)


@dataclass(frozen=True)
class Row:
    """One result; `value` is in the unit of the discipline, and a day that is not known is 0."""

    number: int
    athlete: str
    nationality: str
    represents: str
    discipline: str
    sex: str
    junior: bool
    contest: str
    year: int
    month: int
    day: int
    value: Decimal
    unit: str
    rank: int
    note: str = ""
    status: str = ""
    struck_out: bool = False
    since_decision: bool = False

    @property
    def mark(self) -> str:
        """The IRI of its mark."""
        return f"{EX}mark-{self.number}"

    @property
    def iri(self) -> str:
        """Its own IRI."""
        return f"{EX}result-{self.number}"

    @property
    def country(self) -> str:
        """The country represented or, where that is not told, the nationality."""
        return self.represents or self.nationality

    @property
    def score(self) -> Decimal:
        """Less is better."""
        return self.value if self.unit == "second" else -self.value


def rows(number: int, seed: int = 1, disciplines: tuple[str, ...] = tuple(DISCIPLINES)) -> list[Row]:
    """Return about so many rows, contest by contest."""
    random, found = Random(seed), list[Row]()  # noqa: S311 - the same each time is what is wanted
    contest = 0
    while len(found) < number:
        contest += 1
        discipline, sex, junior = random.choice(disciplines), random.choice(SEXES), random.random() < 0.2
        year, month, day = random.randint(1990, 2020), random.randint(0, 12), random.randint(1, 28)
        month, day = (month, day if random.random() < 0.9 else 0) if month else (0, 0)
        starters = random.sample(range(max(8, number // 8)), 8)
        unit, least, most, windy = DISCIPLINES[discipline]
        # Coarse, so that many are equal.
        values = sorted(
            (Decimal(random.randint(least, most) // 20 * 20) / 100 for _ in starters), reverse=unit != "second"
        )
        for place, (starter, value) in enumerate(zip(starters, values, strict=True)):
            nationality = COUNTRIES[starter % 4] if starter % 7 else ""
            fate = random.random()
            row = Row(
                number=len(found),
                athlete=f"{EX}athlete-{sex}-{starter}",
                nationality=nationality,
                represents=(random.choice(COUNTRIES) if fate < 0.05 else nationality) if fate < 0.8 else "",
                discipline=discipline,
                sex=sex if contest % 9 else "",
                junior=junior,
                contest=f"contest-{contest}",
                year=year,
                month=month,
                day=day,
                value=value,
                unit=unit,
                rank=values.index(value) + 1,
                note="wind-assisted" if windy and contest % 5 == 0 else "not-ratified" if 0.1 < fate < 0.12 else "",
                status="disqualified" if 0.2 < fate < 0.22 else "",
                struck_out=0.3 < fate < 0.4,
            )
            found.append(row)
            if row.struck_out and place % 2:  # who moved up keeps the mark, as another participation
                found.append(Row(**{**row.__dict__, "number": len(found), "struck_out": False, "since_decision": True}))
    return found


def _date(year: int, month: int, day: int) -> str:
    if day:
        return f'"{year}-{month:02}-{day:02}"^^xsd:date ; sport:month {month} ; sport:day {day}'
    return f'"{year}-{month:02}"^^xsd:gYearMonth ; sport:month {month}' if month else f'"{year}"^^xsd:gYear'


def turtle(told: list[Row]) -> str:
    """Return rows as Turtle of the ontology."""
    text = [PREFIXES]
    year, month, day = DECISION
    text.append(f"ex:decision a sport:LifeEvent ; sport:year {year} ; sport:date {_date(year, month, day)} .\n")
    text += [f'ex:{name} a sport:Discipline ; rdfs:label "{name}"@en .\n' for name in DISCIPLINES]
    text += [f'ex:{name} a sport:Place ; rdfs:label "{name.title()}"@en .\n' for name in COUNTRIES]
    for athlete, nationality in sorted({(row.athlete, row.nationality) for row in told}):
        told_of = f" ; sport:nationality ex:{nationality}" if nationality else ""
        text.append(f'<{athlete}> a sport:Person ; rdfs:label "{athlete.removeprefix(EX)}"@en{told_of} .\n')
    seen = set()
    for row in told:
        if row.contest not in seen:
            seen.add(row.contest)
            kinds = [f"sport:category-{row.sex}"] * bool(row.sex) + ["sport:category-junior"] * row.junior
            category = f" ; sport:category {' , '.join(kinds)}" if kinds else ""
            text.append(
                f"ex:{row.contest} a sport:Contest ; sport:discipline ex:{row.discipline}{category} ; "
                f"sport:year {row.year} ; sport:date {_date(row.year, row.month, row.day)} .\n"
            )
            if row.discipline == "sprint" and int(row.contest.rpartition("-")[2]) % 4 == 0:
                # A part of a combined event counts in its own discipline.
                text.append(f"ex:{row.contest} sport:partOf ex:{row.contest}-whole .\n")
                text.append(f"ex:{row.contest}-whole a sport:Contest ; sport:eventKind sport:contest-combined .\n")
        text.append(
            f"<{row.iri}> a sport:Participation ; sport:competitor <{row.athlete}> ; sport:contest ex:{row.contest} ; "
            f"sport:mark <{row.mark}>"
            + (f" ; sport:represents ex:{row.represents}" if row.represents else "")
            + (f" ; sport:status sport:status-{row.status}" if row.status else f" ; sport:rank {row.rank}")
            + (" ; sport:endedBy ex:decision" if row.struck_out else "")
            + (" ; sport:begunBy ex:decision" if row.since_decision else "")
            + " .\n"
            f'<{row.mark}> a sport:Mark ; skos:notation "{row.value}" ; sport:value "{row.value}"^^xsd:decimal ; '
            f"sport:unit sport:unit-{row.unit}"
            + (f" ; sport:markNote sport:note-{row.note}" if row.note else "")
            + " .\n"
        )
        if row.discipline == "walk" and row.number % 3 == 0:
            # A split is no mark of the whole race, whatever it is worth; some tell it of the result as well.
            text.append(
                f"<{row.mark}-split> a sport:Mark ; sport:splitOf <{row.mark}> ; sport:metres 100 ; sport:value 99.5 ; "
                f"sport:unit sport:unit-second .\n<{row.iri}> sport:mark <{row.mark}-split> .\n"
            )
    return "".join(text)
