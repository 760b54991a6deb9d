"""What the first pages show: a life at a glance, what is still true, where sources disagree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from perezkg.things.description import Description
from perezkg.vocabulary import SKOS, SPORT
from perezkg.web.site import life as drawings
from perezkg.web.site import validity

if TYPE_CHECKING:
    from typing import Any

    from perezkg.things.labels import Labels
    from perezkg.web.site.asking import Asking, Rows


@dataclass
class Conflict:
    """Two claims of which one at most is true.

    Attributes:
        said: Who says what: sources by claim.
        iris: The IRIs of the claims; empty where a claim has none.
        verdicts: What became of them.
        reasons: Why.
        preferred: The claim that is preferred, or empty.
    """

    said: dict[str, list[str]]
    iris: dict[str, str]
    verdicts: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    preferred: str = ""


_MOST = 100
_FEW = 8
# What tells a reader who a person or team is.
_INTRODUCING = {SPORT + name for name in ("discipline", "nationality", "hometown")}
_FIRST_BARS, _LOST = 14, 4
_VERDICTS = NamedNode(SPORT + "verdicts")
_ORDER = (validity.ENDED, validity.NEVER, validity.HOLDS, validity.LATER, validity.OPEN)


def life(ask: Asking, labels: Labels) -> dict[str, Any]:
    """Return what the home page shows."""
    about = ask.subject
    it = Description(labels, NamedNode(about)) if about else None
    medals = ask.rows("medals", **({"athlete": about} if about else {"whose": "everyone"}))
    people = ask.rows("athletes") if not about else []
    return {
        "it": it,
        "introduced": [group for group in it.outgoing if group.iri in _INTRODUCING] if it else [],
        "won": _won(medals),
        "picture": _picture(ask, labels.value(NamedNode(about)).label if about else ""),
        "timeline": drawings.timeline(ask),
        "map": drawings.world(ask),
        "charts": drawings.marks(ask),
        "medals": medals[:_MOST],
        "medals_left": max(0, len(medals) - _MOST),
        "family": ask.rows("family")[:_MOST],
        "coaches": ask.rows("coaches")[:_MOST],
        "people": list({row["iri"]: row for row in people}.values())[:_MOST],
    }


def _won(medals: Rows) -> dict[str, Counter[str]]:
    """Return how many medals of each kind, by competition where these are few enough to be taken in, else all together.

    Gold comes before silver, whatever they are called, and the latest competition first: careers go upwards.
    """
    best_first = sorted(medals, key=lambda row: row.get("rank", "9"))
    competitions = dict.fromkeys(row.get("competition", "") for row in reversed(medals))
    if len(competitions) > _FEW:
        return {"": Counter(row["medal"] for row in best_first)}
    return {
        name: Counter(row["medal"] for row in best_first if row.get("competition", "") == name) for name in competitions
    }


def _picture(ask: Asking, holder: str) -> dict[str, object]:
    """Return the bars of the home page: what is told of the subject, and first of all what has changed."""
    claims = validity.claims(ask, ask.subject)
    medals = validity.medals(ask, ask.subject)
    records = validity.records(ask, holder)
    lost = [bar for bar in medals if bar.why]
    told = [bar for bar in claims if bar.state in (validity.ENDED, validity.NEVER)]
    told += [bar for bar in claims if bar.state == validity.HOLDS]
    ended = [bar for bar in records if bar.state == validity.ENDED]
    standing = [bar for bar in records if bar.state == validity.HOLDS]
    # Claims are what people remember; records fill what is left.
    first = [*lost[:_LOST], *told, *standing, *ended][:_FIRST_BARS]
    axis = validity.placed(ask.date, first)
    # What is no longer so is what this chart alone can show.
    first.sort(key=lambda bar: _ORDER.index(bar.state))
    return {
        "bars": first,
        "ticks": axis.ticks,
        "counts": validity.count(first),
    }


def still_true(ask: Asking, labels: Labels) -> dict[str, Any]:
    """Return the bars of the page that has them all, by what they are, and what verdicts mean."""
    groups = [
        ("claims", validity.claims(ask)),
        ("records", validity.records(ask)),
        ("medals", validity.medals(ask)),
    ]
    axis = validity.placed(ask.date, *(bars for _, bars in groups))
    return {
        "groups": [(name, bars, validity.count(bars)) for name, bars in groups],
        "ticks": axis.ticks,
        "counts": validity.count([bar for _, bars in groups for bar in bars]),
        "verdicts": [
            (labels.value(verdict), labels.first(verdict, SKOS + "definition"))
            for verdict in labels.subjects(SKOS + "topConceptOf", _VERDICTS)
        ],
    }


def conflicts(ask: Asking) -> list[Conflict]:
    """Return claims that cannot both be true, pair by pair, each pair once whoever says them and judges."""
    pages = {row["claim"]: row["iri"] for row in ask.rows("claims")}
    pairs: dict[frozenset[str], Conflict] = {}
    for row in ask.rows("conflicts"):
        sides = {row["claim"]: row.get("saidBy", ""), row.get("butAlso", ""): row.get("butSaidBy", "")}
        found = pairs.setdefault(frozenset(sides), Conflict({}, {claim: pages.get(claim, "") for claim in sides}))
        for claim, source in sides.items():
            _add(found.said.setdefault(claim, []), source)
        _add(found.verdicts, row.get("verdict", ""))
        _add(found.reasons, row.get("reason", ""))
        found.preferred = found.preferred or row.get("preferred", "")
    return list(pairs.values())


def _add(texts: list[str], text: str) -> None:
    if text and text not in texts:
        texts.append(text)
