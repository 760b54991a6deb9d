"""The short way to answer a canned query from an index as CSV, as `perezkg.sparql.prepared` has one for perezkg's data.

An index may be large, so the limits of `perezkg query` hold. Whatever else than rows is to be said (a source that has
changed, damage, a name that nobody has heard of) is left to the ordinary way.
"""

from __future__ import annotations

from perezkg.errors import PerezkgError
from perezkg.index.graph import open_index
from perezkg.limits import bounded
from perezkg.sparql.prepared import rows

_MOST_DIGITS = 6


def answer(text: str, options: dict[str, str]) -> str | None:
    """Return what `perezkg query … --store DIR` writes into a pipe; None when it takes the ordinary way.

    Args:
        text: The SPARQL that `perezkg.sparql.prepared.question` found.
        options: Those that it found, by their long names.
    """
    if "source" in options or not _plain(options.get("timeout", "1")):
        return None
    lang = options["lang"]

    def told(sentence: str) -> str:
        if lang == "en":
            return sentence
        from perezkg.words import translated

        return translated(sentence, lang)

    try:
        graph = open_index(options["store"])
        with bounded(graph.size, timeout=int(options["timeout"]) if "timeout" in options else None, told=told):
            return None if graph.notices else rows(graph.with_concepts, text)
    except (PerezkgError, OSError, RuntimeError):  # the ordinary way comes upon it as well, and says what it is
        return None


def _plain(seconds: str) -> bool:
    return seconds.isascii() and seconds.isdecimal() and len(seconds) <= _MOST_DIGITS and int(seconds) > 0
