"""Answers as text: one module a family of formats, only the chosen one imported."""

from __future__ import annotations

from perezkg.errors import UnknownFormatError, nearest
from perezkg.sparql.results import Triples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.sparql.results import Result

SOLUTION_FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown")
"""The formats of a SELECT or ASK answer."""

GRAPH_FORMATS = ("turtle", "jsonld", "ntriples")
"""The formats of a CONSTRUCT or DESCRIBE answer."""

FORMATS = SOLUTION_FORMATS + GRAPH_FORMATS
"""Every format an answer can have."""


def render(
    result: Result,
    format: str,  # noqa: A002 - the name that users know
    *,
    to_terminal: bool = False,
) -> Iterator[str]:
    r"""Return an answer as pieces of text, made as they are asked for.

    Args:
        result: What a query answered.
        format: One of `FORMATS`, of the kind that suits the answer.
        to_terminal: The text goes to a terminal: a table fits its width and may be coloured. No other format cares.

    Raises:
        UnknownFormatError: There is no such format, or it does not suit this kind of answer, or the answer holds
            something that the format cannot carry. Raised at once, before the first piece.

    >>> from perezkg.sparql.results import Boolean
    >>> "".join(render(Boolean(True), "csv"))
    'true\r\n'
    """
    formats = GRAPH_FORMATS if isinstance(result, Triples) else SOLUTION_FORMATS
    if format not in formats:
        raise _unsuitable(format, formats, graph=isinstance(result, Triples))
    if isinstance(result, Triples):
        from perezkg.sparql.standard_formats import render_triples

        return render_triples(result, format)
    if format == "csv":
        from perezkg.sparql.standard_formats import csv

        return csv(result)
    if format == "tsv":
        from perezkg.sparql.standard_formats import tsv

        return tsv(result)
    if format == "json":
        from perezkg.sparql.standard_formats import sparql_json

        return sparql_json(result)
    if format == "xml":
        from perezkg.sparql.standard_formats import sparql_xml

        return sparql_xml(result)
    if format == "markdown":
        from perezkg.sparql.table import markdown

        return markdown(result)
    from perezkg.sparql.table import table

    return table(result, to_terminal=to_terminal)


def _unsuitable(asked: str, formats: tuple[str, ...], *, graph: bool) -> UnknownFormatError:
    """Return the error for a format that is unknown, or known but meant for the other kind of answer."""
    known = f"Choose one of {', '.join(formats)}."
    if asked not in FORMATS:
        return UnknownFormatError(f"there is no format {asked!r}", hint=nearest(asked, formats) or known)
    if graph:
        message = f"the format {asked!r} is for tables, and this query answers with triples (CONSTRUCT or DESCRIBE)"
    else:
        message = f"the format {asked!r} is for triples, and this query answers with a table (SELECT or ASK)"
    return UnknownFormatError(message, hint=known)
