"""Is it still true? Claims, records and medals as bars from the day on which each began to hold to that of its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from perezkg.web.site.years import Axis, year_of
from perezkg.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perezkg.web.site.asking import Asking, Rows

HOLDS, ENDED, NEVER, OPEN, LATER = "holds", "ended", "never", "open", "later"
"""What is true of a thing today: it holds, it held once, it never did, nobody knows, it begins later."""


@dataclass
class Bar:
    """One thing that holds for a time.

    Attributes:
        iri: The thing.
        label: What it says.
        state: HOLDS, ENDED, NEVER, OPEN or LATER.
        since: The day from which it held; empty when not known.
        until: The day on which it no longer did; empty when it still does, or that is not known.
        said_by: Who says so.
        set_at: Where a record was set.
        verdict: What became of it in the light of other sources; empty where nobody has judged.
        why: Why: the reasons of verdicts, what ended it, what tells against it, with the IRI of each, or empty.
        subject: Whether it is told on the home page first.
    """

    iri: str
    label: str
    state: str
    since: str = ""
    until: str = ""
    said_by: list[str] = field(default_factory=list)
    set_at: list[str] = field(default_factory=list)
    verdict: list[str] = field(default_factory=list)
    why: list[tuple[str, str]] = field(default_factory=list)
    left: float = 0.0
    width: float = 0.0

    def stands_on(self, axis: Axis, today: float) -> Bar:
        """Place it on an axis; returns itself."""
        start = year_of(self.since)
        end = year_of(self.until)
        self.left = axis.at(axis.first if start is None else start)
        self.width = round(max(axis.at(today if end is None else end) - self.left, 0.6), 2)
        self.left = min(self.left, 99.4)
        return self


def claims(ask: Asking, about: str = "") -> list[Bar]:
    """Return the claims, or those about one thing; each once, whoever judged it."""
    against: dict[str, Rows] = {}
    for row in ask.rows("counterexamples"):
        against.setdefault(row["iri"], []).append(row)
    bars: dict[str, Bar] = {}
    for row in ask.rows("claims", **({"about": about} if about else {})):
        bar = bars.get(row["iri"])
        if bar is None:
            told_against = against.get(row["iri"], [])
            bar = bars[row["iri"]] = Bar(row["iri"], row["claim"], "", row.get("since", ""), row.get("until", ""))
            first = min((other["date"] for other in told_against if "date" in other), default="")
            if not bar.until and first:
                bar.until = first
            bar.state = _state(row.get("stood", ""), bar, ask.date)
            bar.why = [(other["against"], other.get("counterexample", "")) for other in told_against[:_SOME]]
        _add(bar.said_by, row.get("saidBy", ""))
        _add(bar.verdict, row.get("verdict", ""))
        if row.get("reason") and (row["reason"], "") not in bar.why:
            bar.why.insert(0, (row["reason"], ""))
    _tell_preferred(ask, bars)
    return list(bars.values())


_SOME = 4


def _tell_preferred(ask: Asking, bars: dict[str, Bar]) -> None:
    """Add to claims that nobody has judged why they are false: another one is preferred, which judges that one."""
    unexplained = {bar.label: bar for bar in bars.values() if bar.state == NEVER and not bar.why}
    preferred = words("site", ask.lang)["preferred"]
    for row in ask.rows("conflicts") if unexplained else ():
        if row.get("preferred") == row["claim"] and row.get("butAlso") in unexplained:
            why = unexplained[row["butAlso"]].why
            for reason in ((row.get("reason", ""), ""), (f"{preferred}: {row['claim']}", row["iri"])):
                if reason[0] and reason not in why:
                    why.append(reason)


def _state(stood: str, bar: Bar, date: str) -> str:
    if stood == "true":
        return HOLDS
    if not stood:
        return OPEN
    if bar.since > date:
        return LATER
    return ENDED if bar.until and bar.until > bar.since else NEVER


def records(ask: Asking, holder: str = "") -> list[Bar]:
    """Return the records, one after another; those of everybody, or of a holder by name."""
    bars: dict[str, Bar] = {}
    for row in ask.rows("records"):
        if holder and row.get("holder") != holder:
            continue
        state = HOLDS if row.get("stands") == "true" else ENDED if "until" in row else OPEN
        bar = bars.setdefault(
            row["iri"],
            Bar(row["iri"], row.get("record", row["iri"]), state, row.get("since", ""), row.get("until", "")),
        )
        _add(bar.verdict, row.get("verdict", ""))
        _add(bar.set_at, row.get("contest", ""))
    return list(bars.values())


def medals(ask: Asking, athlete: str = "") -> list[Bar]:
    """Return the medals, those of one athlete or all, struck out or given later as well."""
    bars: dict[str, Bar] = {}
    for row in ask.rows("medals-over-time", **({"athlete": athlete} if athlete else {})):
        since, until = row.get("since", ""), row.get("until", "")
        state = LATER if since > ask.date else ENDED if "takenBy" in row and until <= ask.date else HOLDS
        label = f"{row['medal']}, {row['athlete']}, {row['contest']}"
        bar = bars.setdefault(row["iri"], Bar(row["iri"], label, state, since, until))
        for decision in (row.get("givenBy"), row.get("takenBy")):
            if decision and (decision, "") not in bar.why:
                bar.why.append((decision, ""))
    return list(bars.values())


def _add(texts: list[str], text: str) -> None:
    if text and text not in texts:
        texts.append(text)


def placed(date: str, *groups: list[Bar]) -> Axis:
    """Put the bars of all groups on one axis, which ends today, in order of their beginning; return the axis."""
    today = year_of(date) or 0.0
    told = [year for group in groups for bar in group for text in (bar.since, bar.until) if (year := year_of(text))]
    axis = Axis([*told, today])
    for group in groups:
        # What has no beginning stands last.
        group.sort(key=lambda bar: (inf if (since := year_of(bar.since)) is None else since, bar.iri))
        for bar in group:
            bar.stands_on(axis, today)
    return axis


def count(bars: Iterable[Bar]) -> dict[str, int]:
    """Return how many are in each state."""
    counts = dict.fromkeys((HOLDS, ENDED, NEVER, OPEN, LATER), 0)
    for bar in bars:
        counts[bar.state] += 1
    return counts
