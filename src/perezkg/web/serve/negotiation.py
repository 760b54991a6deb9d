"""Which form of an answer a client gets: the one of those on offer that its headers prefer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_LONGEST = 4000  # characters of a header that are looked at


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    """Yield what a header names, in small letters, with its quality; what cannot be read is passed over."""
    for part in header[:_LONGEST].split(","):
        name, *parameters = part.split(";")
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                quality = float(value) if _QUALITY.fullmatch(value.strip()) else 0.0
        if name.strip():
            yield name.strip().lower(), quality


def media_type(accept: str, offers: Sequence[str]) -> str | None:
    """Return the media type that a client gets; None when it takes none of them.

    Args:
        accept: The header Accept; empty takes all.
        offers: Media types, the best first.

    >>> media_type("text/html, text/*;q=0.9, */*;q=0.1", ("application/json", "text/csv"))
    'text/csv'
    >>> media_type("image/png", ("application/json",)) is None
    True
    """
    ranges = dict(_ranges(accept))
    if not ranges:
        return offers[0]

    def quality(offer: str) -> float:
        kind = offer.partition("/")[0]
        # The closest range counts, not the best.
        return next((ranges[name] for name in (offer, f"{kind}/*", "*/*") if name in ranges), 0.0)

    best = max(offers, key=quality)
    return best if quality(best) > 0 else None


def language(accept: str, offers: Sequence[str]) -> str:
    """Return the language that a client gets: the first of those on offer when it wants none of them.

    >>> language("fr, es-EC;q=0.8, en;q=0.5", ("en", "es"))
    'es'
    """
    wanted: dict[str, float] = {}
    for name, quality in _ranges(accept):
        short = name.partition("-")[0]
        wanted[short] = max(quality, wanted.get(short, 0.0))
    rest = wanted.get("*", 0.0)
    return max(offers, key=lambda offer: wanted.get(offer, rest))


def takes_gzip(accept_encoding: str) -> bool:
    """Return whether a client takes a compressed body.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("gzip;q=0, *"), takes_gzip("")
    (True, False, False)
    """
    wanted = dict(_ranges(accept_encoding))
    return wanted.get("gzip", wanted.get("*", 0.0)) > 0
