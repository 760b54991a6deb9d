"""The things that results are about, each told once: athletes, places, disciplines, clubs, editions, concepts."""

from __future__ import annotations

from perezkg.tables.memory import Hashes
from perezkg.tables.syntax import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from perezkg.tables.cells import Venue
    from perezkg.tables.syntax import Syntax

SHIPPED = {
    "statuses": (
        "did-not-finish", "did-not-start", "disqualified", "no-mark", "not-classified", "withdrawn", "eliminated",
    ),
    "units": ("second", "metre", "kilogram", "point"),
    "rounds": ("qualification", "heat", "second", "quarter-final", "semi-final", "final", "group", "stage"),
    "categories": ("men", "women", "mixed", "senior", "junior", "youth", "masters", "para"),
    "levels": (
        "olympic", "world", "world-junior", "continental", "continental-junior", "national", "meeting", "unrecognised",
        "demonstration", "multi-sport-continental",
    ),
}  # fmt: skip
"""The concepts of perezkg by their schemes; what a table has besides becomes a concept of its own."""

_PREFIX = {"statuses": "status", "units": "unit", "rounds": "round", "categories": "category", "levels": "level"}
_LONGEST_LABEL = 200


def shortened(label: str) -> str:
    """Return a label of no more characters than a label may have."""
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip() + "…"


class Nodes:
    """Writes a thing when it is first named, with the row that names it as its source, and returns its IRI.

    Args:
        syntax: How it is written.
        write: Where to.
    """

    def __init__(self, syntax: Syntax, write: Callable[[str], object]) -> None:
        self.syntax = syntax
        self._write = write
        self._told = Hashes()

    def is_new(self, path: str) -> bool:
        """Tell, once, that a thing has not been told yet."""
        return self._told.add(hash(path))

    def tell(
        self,
        path: str,
        kind: str,
        labels: Mapping[str, str],
        pairs: Sequence[tuple[str, str]],
        passage: str = "",
    ) -> None:
        """Write a thing; languages of labels are their keys, and "" is none."""
        named = [("rdfs:label", self.syntax.text(shortened(text), lang)) for lang, text in labels.items()]
        cited = [("prov:wasDerivedFrom", passage)] if passage else []
        self._write(self.syntax.node(self.syntax.iri(path), kind, [*named, *pairs, *cited]))

    def concept(self, scheme: str, name: str, label: str = "") -> str:
        """Return a concept: perezkg's own, or one of the table's."""
        if name in SHIPPED[scheme]:
            return self.syntax.term(f"sport:{_PREFIX[scheme]}-{name}")
        path = f"concept/{scheme}/{slug(name)}"
        if self.is_new(path):
            self.tell(
                path, "skos:Concept", {"": label or name}, [("skos:inScheme", self.syntax.term(f"sport:{scheme}"))]
            )
        return self.syntax.iri(path)

    def country(self, name: str, passage: str) -> str:
        """Return a country or whatever else athletes stand for, by its name or code."""
        path = f"country/{slug(name)}"
        if self.is_new(path):
            kind = [("sport:placeKind", self.syntax.term("sport:place-country"))]
            self.tell(path, "sport:Place", {"": name}, kind, passage)
        return self.syntax.iri(path)

    def place(self, venue: Venue, passage: str) -> str:
        """Return the smallest place that a venue names; the larger ones contain it."""
        outer = self.country(venue.country, passage) if venue.country else ""
        path = f"place/{slug(venue.country)}" if venue.country else "place/-"
        label = venue.country
        for name, kind in ((venue.region, "region"), (venue.city, "city"), (venue.stadium, "venue")):
            if not name:
                continue
            path += f"/{slug(name)}"
            label = (
                f"{name} ({label})" if kind != "venue" and label else f"{name}, {label}" if kind == "venue" else name
            )
            if self.is_new(path):
                pairs = [("sport:placeKind", self.syntax.term(f"sport:place-{kind}"))]
                if outer:
                    pairs.append(("sport:containedIn", outer))
                self.tell(path, "sport:Place", {"": label}, pairs, passage)
            outer = self.syntax.iri(path)
            label = label if kind != "region" else venue.country
        return outer

    def person(self, path: str, name: str, birth: str, births: Mapping[str, str], passage: str) -> str:
        """Return an athlete; the birth, if its date is told, is an event, labelled by templates."""
        iri = self.syntax.iri(path)
        if self.is_new(path):
            self.tell(path, "sport:Person", {"": name}, [("sport:name", self.syntax.text(shortened(name)))], passage)
            if birth:
                term = self.syntax.term("sport:event-birth")
                pairs = [("sport:eventKind", term), ("sport:agent", iri), *self.dated(birth)]
                labels = {lang: template.format(athlete=name) for lang, template in births.items()}
                self.tell(f"{path}#birth", "sport:LifeEvent", labels, pairs, passage)
        return iri

    def dated(self, date: str) -> list[tuple[str, str]]:
        """Return what tells a date, to compute with and to read."""
        steps = zip(("sport:year", "sport:month", "sport:day"), date.split("-"), strict=False)
        told = [(name, self.syntax.number(int(step))) for name, step in steps]
        return [*told, ("sport:date", self.syntax.date(date))]
