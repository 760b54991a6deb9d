"""A claim for reading: who says it, from when until when it holds, and what other sources made of it."""

from __future__ import annotations

from perezkg.labels import RDFS, SPORT, Labels
from perezkg.passages import Passage, Source, evidence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from perezkg.results import Term

_DATE_PARTS = (("year", 4), ("month", 2), ("day", 2))


class Bound:
    """A thing that happened, and when: what a claim begins or ends with, or what tells against it.

    Attributes:
        event: The thing.
        date: Its date as exactly as the graph tells it (`1996`, `2003-08-23`); empty when it tells none.
    """

    __slots__ = ("date", "event")

    def __init__(self, labels: Labels, event: Term, date: str | None = None) -> None:
        self.event = labels.value(event)
        self.date = _date(labels, event) if date is None else date

    def to_dict(self) -> dict[str, Any]:
        """Return `event` and `date`."""
        return {"event": self.event.to_dict(), "date": self.date or None}


class Verdict:
    """What became of a claim in the light of other sources.

    Attributes:
        verdict: Corroborated, true for a time, imprecise, contradicted or unconfirmed, as a concept.
        reason: Why, in a sentence.
        prefers: The claims that are preferred where claims contradict each other: one at most.
        passages: The sentences that gave the verdict.
        sources: The sources that gave it.
    """

    __slots__ = ("passages", "prefers", "reason", "sources", "verdict")

    def __init__(self, labels: Labels, node: Term) -> None:
        found = labels.objects(node, SPORT + "verdict")
        self.verdict = labels.value(found[0] if found else node)
        self.reason = labels.first(node, RDFS + "comment")
        self.prefers = labels.values(labels.objects(node, SPORT + "prefers"))
        self.passages, self.sources = evidence(labels, node)

    def to_dict(self) -> dict[str, Any]:
        """Return the attributes as a dictionary ready for JSON."""
        return {
            "verdict": self.verdict.to_dict(),
            "reason": self.reason or None,
            "prefers": [value.to_dict() for value in self.prefers],
            "passages": [passage.to_dict() for passage in self.passages],
            "sources": [source.to_dict() for source in self.sources],
        }


class Contrary:
    """Another claim, of which one says that the other is wrong.

    Attributes:
        claim: The other claim.
        said_by: Who says it.
        passages: The sentences that say so.
        sources: The sources that say so as a whole.
    """

    __slots__ = ("claim", "passages", "said_by", "sources")

    def __init__(self, labels: Labels, node: Term) -> None:
        self.claim = labels.value(node)
        self.said_by = labels.values(labels.objects(node, SPORT + "saidBy"))
        self.passages, self.sources = evidence(labels, node)

    def to_dict(self) -> dict[str, Any]:
        """Return the claim with `said_by`, `passages` and `sources`."""
        return {
            **self.claim.to_dict(),
            "said_by": [value.to_dict() for value in self.said_by],
            "passages": [passage.to_dict() for passage in self.passages],
            "sources": [source.to_dict() for source in self.sources],
        }


class Claim:
    """A superlative, or another statement that someone makes and that holds for a time.

    Attributes:
        claim: The claim itself; its label is the statement.
        kind: What kind of claim, as a label, or empty.
        about: What it is about.
        said_by: Who says so.
        since: The events that it holds from; empty when not told.
        until: The events that it held until; empty when no end is known.
        comment: The editors' note, or empty.
        passages: The sentences that say so.
        sources: The sources that say so as a whole.
        verdicts: What became of it; more than one only where assessors differ.
        contradicted_by: The claims that cannot be true beside it, from either side.
        counterexamples: What in the graph tells against it, by date; see the query of that name.
    """

    __slots__ = (
        "about", "claim", "comment", "contradicted_by", "counterexamples", "kind", "passages", "said_by", "since",
        "sources", "until", "verdicts",
    )  # fmt: skip

    def __init__(self, labels: Labels, node: Term, counterexamples: list[Bound] | None = None) -> None:
        self.claim = labels.value(node)
        kinds = labels.objects(node, SPORT + "kind")
        self.kind = labels.value(kinds[0]).label if kinds else ""
        self.about = labels.values(labels.objects(node, SPORT + "about"))
        self.said_by = labels.values(labels.objects(node, SPORT + "saidBy"))
        self.since = [Bound(labels, event) for event in labels.objects(node, SPORT + "begunBy")]
        self.until = [Bound(labels, event) for event in labels.objects(node, SPORT + "endedBy")]
        self.comment = labels.first(node, RDFS + "comment")
        self.passages: list[Passage]
        self.sources: list[Source]
        self.passages, self.sources = evidence(labels, node)
        self.verdicts = [Verdict(labels, found) for found in labels.subjects(SPORT + "assesses", node)]
        contrary = [*labels.subjects(SPORT + "contradicts", node), *labels.objects(node, SPORT + "contradicts")]
        self.contradicted_by = [Contrary(labels, other) for other in dict.fromkeys(contrary)]
        self.counterexamples = counterexamples or []

    def __repr__(self) -> str:
        return f"<Claim {self.claim.name}>"

    def to_dict(self) -> dict[str, Any]:
        """Return the attributes as a dictionary ready for JSON."""
        return {
            **self.claim.to_dict(),
            "kind": self.kind or None,
            "about": [value.to_dict() for value in self.about],
            "said_by": [value.to_dict() for value in self.said_by],
            "since": [bound.to_dict() for bound in self.since],
            "until": [bound.to_dict() for bound in self.until],
            "comment": self.comment or None,
            "passages": [passage.to_dict() for passage in self.passages],
            "sources": [source.to_dict() for source in self.sources],
            "verdicts": [verdict.to_dict() for verdict in self.verdicts],
            "contradicted_by": [contrary.to_dict() for contrary in self.contradicted_by],
            "counterexamples": [bound.to_dict() for bound in self.counterexamples],
        }


def _date(labels: Labels, event: Term) -> str:
    """Return the most exact date that the graph tells of an event, or of the edition it belongs to."""
    found: list[str] = []
    for node in [event, *labels.objects(event, SPORT + "edition")]:
        found += [labels.value(date).label for date in labels.objects(node, SPORT + "date")]
        parts = []
        for part, width in _DATE_PARTS:
            number = labels.first(node, SPORT + part)
            if not number:
                break
            parts.append(number.rjust(width, "0"))
        found.append("-".join(parts))
    # The longest says most; of two equally exact ones the event's own stands first.
    return max(found, key=len)
