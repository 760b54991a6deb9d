"""The part of docs/engines.md that is the table of differences."""

from __future__ import annotations

from pathlib import Path

from perezkg.sparql.differences import DIFFERENCES, ENGINE_TITLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "engines.md"
_NOTICE = {"": "yes", "unknown": "where a term is unknown", "doubled": "where two lead to one end"}
_INTRODUCTION = """## Where Oxigraph and rdflib differ from the standard

What can be mended is: REPLACE and names of columns on both engines (`perezkg.sparql.departures`), and what rdflib does
otherwise and does not say (`perezkg.sparql.rdflib_algebra`). This is what is left, found by the W3C's suites
([suites.md](suites.md)) and by random queries: `tests/engines/run --count 1000 --seed 7` asks Oxigraph, rdflib and
Jena, and ends with status 1 where they differ and no row says so. A query whose answer may be changed silently gets a
notice; the table is `perezkg.sparql.differences`, and the tests ask the question of each row.

What the standard leaves open is not in the table: the order of terms that `<` does not compare (15.1), SAMPLE, what
DESCRIBE holds, how dates without a time zone compare with others, when durations are equal.

| engine | what it does | the standard | notice |
|---|---|---|---|
"""


def section() -> str:
    """Return the part of the page."""
    rows = (
        f"| {', '.join(ENGINE_TITLES[engine] for engine in row.engines)} | {row.what.replace('|', chr(92) + '|')} | "
        f"{row.standard} | {_NOTICE[row.when] if row.silent else 'an error'} |"
        for row in DIFFERENCES
    )
    return _INTRODUCTION + "\n".join(rows)
