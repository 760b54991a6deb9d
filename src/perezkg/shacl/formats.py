"""Reports as text for people and for programs, one module a format."""

from __future__ import annotations

from perezkg.errors import UnknownFormatError, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.shacl.report import Report

FORMATS = ("text", "json", "turtle", "sarif")
"""The formats of a report, by the names that `-f` takes."""


def render(
    report: Report,
    format: str = "text",  # noqa: A002 - the name that users know
    *,
    lang: str = "en",
    notes: bool = True,
) -> Iterator[str]:
    """Yield a report in pieces.

    Args:
        report: What to render.
        format: One of `FORMATS`.
        lang: Language of messages and of what the text says around them; json and turtle carry all languages.
        notes: Whether the text tells notes one by one, or only counts them; the other formats always tell everything.

    Raises:
        UnknownFormatError: There is no such format.
    """
    if format == "text":
        from perezkg.shacl.report_text import lines

        return lines(report, lang, notes=notes)
    if format == "json":
        from perezkg.shacl.report_documents import document

        return document(report)
    if format == "turtle":
        from perezkg.shacl.report_documents import graph

        return graph(report)
    if format == "sarif":
        from perezkg.shacl.report_documents import log

        return log(report, lang)
    raise UnknownFormatError(
        f"unknown report format {format!r}", hint=nearest(format, FORMATS) or f"Known formats: {', '.join(FORMATS)}."
    )
