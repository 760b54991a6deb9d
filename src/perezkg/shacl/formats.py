"""The formats of a report: one row each, and all that is known of a format stands in its row.

A new format is a module with a function that yields a report in pieces, and a row here. The command line, its help and
the manual read this table.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from perezkg.errors import UnknownFormatError, nearest


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """A format of a report.

    Attributes:
        name: What `-f` calls it.
        note: What the help says of it behind its name; may be empty.
        extension: The extension of a file in this format, dot included.
        media_type: Its media type.
        writer: `module:function`; it takes the report and the keywords `lang` (language of the words) and `notes`
            (whether notes are listed one by one), and yields pieces of text.
        for_people: Whether it is text to be read at a terminal, where control characters must do no harm.
    """

    name: str
    note: str
    extension: str
    media_type: str
    writer: str
    for_people: bool = False


_DOCUMENTS = "perezkg.shacl.report_documents"
FORMATS: dict[str, ReportFormat] = {
    row.name: row
    for row in (
        ReportFormat(
            "text", "for people (default)", ".txt", "text/plain", "perezkg.shacl.report_text:text", for_people=True
        ),
        ReportFormat("json", "", ".json", "application/json", f"{_DOCUMENTS}:json_document"),
        ReportFormat("turtle", "(the W3C report)", ".ttl", "text/turtle", f"{_DOCUMENTS}:turtle_document"),
        ReportFormat("sarif", "(for code hosts)", ".sarif", "application/sarif+json", f"{_DOCUMENTS}:sarif_document"),
    )
}
"""The formats by name; the first is the default."""


def report_format(name: str) -> ReportFormat:
    """Return the format of a name.

    Raises:
        UnknownFormatError: There is none.
    """
    if name not in FORMATS:
        raise UnknownFormatError(
            f"unknown report format {name!r}", hint=nearest(name, FORMATS) or f"Known formats: {', '.join(FORMATS)}."
        )
    return FORMATS[name]


def format_of_file(path: str) -> str:
    """Return the name of the format that a file's extension stands for; of any other extension, the default.

    >>> format_of_file("faults.SARIF"), format_of_file("faults.log")
    ('sarif', 'text')
    """
    extension = os.path.splitext(path)[1].lower()
    return next((name for name, row in FORMATS.items() if row.extension == extension), next(iter(FORMATS)))
