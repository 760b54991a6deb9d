"""The triples of a CONSTRUCT or DESCRIBE as RDF text: sorted, blank nodes canonically labelled."""

from __future__ import annotations

from perezkg.rendering.nodes import canonical_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.results import Triples


def render_triples(result: Triples, format: str) -> Iterator[str]:  # noqa: A002 - the contract's word
    """Return triples as "turtle", "jsonld" (compacted with the shipped context) or "ntriples"."""
    lines = canonical_lines(result)
    if format == "turtle":
        from perezkg.rendering.turtle import turtle

        return turtle(lines)
    if format == "jsonld":
        from perezkg.jsonld import jsonld

        return jsonld({"": lines})
    return (line + "\n" for line in lines)
