"""Claims about a thing: who makes them, from when to when they hold, and what became of them."""

from __future__ import annotations

from perezkg.things.formats import Fields
from perezkg.things.sources import evidence
from perezkg.vocabulary import RDFS, SPORT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from perezkg.rdf.terms import Term
    from perezkg.things.labels import Labels

_DATE_PARTS = (("year", 4), ("month", 2), ("day", 2))


class Bound(Fields):
    """A thing that happened, and when: what a claim begins or ends with, or what tells against it.

    Attributes:
        event: The thing.
        date: Its date as exactly as the graph tells it (`1996`, `2003-08-23`); empty when it tells none.
    """

    __slots__ = ("date", "event")
    fields = "event date"

    def __init__(self, labels: Labels, event: Term, date: str | None = None) -> None:
        self.event = labels.value(event)
        self.date = _date(labels, event) if date is None else date


class Verdict(Fields):
    """What became of a claim in the light of other sources.

    Attributes:
        verdict: Corroborated, true for a time, imprecise, contradicted or unconfirmed, as a concept.
        reason: Why, in a sentence.
        prefers: The claims that are preferred where claims contradict each other: one at most.
        passages: The sentences that gave the verdict.
        sources: The sources that gave it.
    """

    __slots__ = ("passages", "prefers", "reason", "sources", "verdict")
    fields = "verdict reason prefers passages sources"

    def __init__(self, labels: Labels, node: Term) -> None:
        found = labels.objects(node, SPORT + "verdict")
        self.verdict = labels.value(found[0] if found else node)
        self.reason = labels.first(node, RDFS + "comment")
        self.prefers = labels.values(labels.objects(node, SPORT + "prefers"))
        self.passages, self.sources = evidence(labels, node)


class ClaimInBrief(Fields):
    """A superlative, or another statement that someone makes: what it says, and who says so.

    Attributes:
        claim: The claim itself; its label is the statement.
        said_by: Who says so.
        passages: The sentences that say so.
        sources: The sources that say so as a whole.
    """

    __slots__ = ("claim", "passages", "said_by", "sources")
    fields = "*claim said_by passages sources"

    def __init__(self, labels: Labels, node: Term) -> None:
        self.claim = labels.value(node)
        self.said_by = labels.values(labels.objects(node, SPORT + "saidBy"))
        self.passages, self.sources = evidence(labels, node)


class Claim(ClaimInBrief):
    """All that is told of a claim, which holds for a time.

    Attributes:
        kind: What kind of claim, as a label, or empty.
        about: What it is about.
        since: The events that it holds from; empty when not told.
        until: The events that it held until; empty when no end is known.
        comment: The editors' note, or empty.
        verdicts: What became of it; more than one only where assessors differ.
        contradicted_by: The claims that cannot be true beside it, from either side.
        counterexamples: What in the graph tells against it, by date; see the query of that name.
    """

    __slots__ = ("about", "comment", "contradicted_by", "counterexamples", "kind", "since", "until", "verdicts")
    fields = "*claim kind about said_by since until comment passages sources verdicts contradicted_by counterexamples"

    def __init__(self, labels: Labels, node: Term, counterexamples: list[Bound]) -> None:
        super().__init__(labels, node)
        self.kind = labels.kind(node)
        self.about = labels.values(labels.objects(node, SPORT + "about"))
        self.since = [Bound(labels, event) for event in labels.objects(node, SPORT + "begunBy")]
        self.until = [Bound(labels, event) for event in labels.objects(node, SPORT + "endedBy")]
        self.comment = labels.first(node, RDFS + "comment")
        self.verdicts = [Verdict(labels, found) for found in labels.subjects(SPORT + "assesses", node)]
        contrary = [*labels.subjects(SPORT + "contradicts", node), *labels.objects(node, SPORT + "contradicts")]
        self.contradicted_by = [ClaimInBrief(labels, other) for other in dict.fromkeys(contrary)]
        self.counterexamples = counterexamples

    def __repr__(self) -> str:
        return f"<Claim {self.claim.name}>"


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
