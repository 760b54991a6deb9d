"""The formats of answers: a table with a row for each, which everything else reads.

A new format is a module with a function that writes it, and a row here. The options and the help of `perezkg query`,
the format that the name of an output file tells, and `render` all follow from the row.
"""

from __future__ import annotations

import os

from perezkg.errors import UnknownFormatError, nearest
from perezkg.resources import function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Protocol

    class Answer(Protocol):
        """An answer to be written: any of those in `perezkg.sparql.results`."""

        @property
        def kind(self) -> str:
            """SOLUTIONS, BOOLEAN or TRIPLES."""


SOLUTIONS, BOOLEAN, TRIPLES = "solutions", "boolean", "triples"
"""The kinds of answers: of SELECT, of ASK, of CONSTRUCT and DESCRIBE."""

TABLES = (SOLUTIONS, BOOLEAN)


class Format:
    """A format that an answer can be written in.

    Attributes:
        name: What it is called: `-f name`.
        extensions: How the names of its files end; the first is the usual one. None for text that is only looked at.
        media_type: What it is called on the web.
        suits: The kinds of answers that it can hold.
        writer: The function that takes an answer and yields its text in pieces, as `module:function`. It raises
            `UnknownFormatError`, before the first piece, when the answer holds something that the format cannot hold.
        terminal_writer: The function for an answer that goes to a terminal, which may fit its width and use colours.
        for_people: Whether the heads of columns are words for a person, not names for programs.
        titled: Whether the writer also takes a `title` and a `lang`, by name.
    """

    __slots__ = ("extensions", "for_people", "media_type", "name", "suits", "terminal_writer", "titled", "writer")

    def __init__(
        self,
        name: str,
        extensions: tuple[str, ...],
        media_type: str,
        suits: tuple[str, ...],
        writer: str,
        terminal_writer: str = "",
        *,
        for_people: bool = False,
        titled: bool = False,
    ) -> None:
        self.name = name
        self.extensions = extensions
        self.media_type = media_type
        self.suits = suits
        self.writer = writer
        self.terminal_writer = terminal_writer or writer
        self.for_people = for_people
        self.titled = titled

    def __repr__(self) -> str:
        return f"<Format: {self.name}>"


_TABLE = "perezkg.sparql.table"
_W3C = "perezkg.sparql.standard_formats"
FORMATS = {
    row.name: row
    for row in (
        Format("table", (), "text/plain", TABLES, f"{_TABLE}:table", f"{_TABLE}:terminal_table", for_people=True),
        Format("csv", (".csv",), "text/csv", TABLES, f"{_W3C}:csv"),
        Format("tsv", (".tsv",), "text/tab-separated-values", TABLES, f"{_W3C}:tsv"),
        Format("json", (".json", ".srj"), "application/sparql-results+json", TABLES, f"{_W3C}:json"),
        Format("xml", (".xml", ".srx"), "application/sparql-results+xml", TABLES, f"{_W3C}:xml"),
        Format("markdown", (".md",), "text/markdown", TABLES, f"{_TABLE}:markdown", for_people=True),
        Format("html", (".html",), "text/html", TABLES, "perezkg.sparql.html:html", for_people=True, titled=True),
        Format("geojson", (".geojson",), "application/geo+json", (SOLUTIONS,), "perezkg.sparql.geojson:geojson"),
        Format("turtle", (".ttl",), "text/turtle", (TRIPLES,), f"{_W3C}:turtle"),
        Format("jsonld", (".jsonld",), "application/ld+json", (TRIPLES,), f"{_W3C}:jsonld"),
        Format("ntriples", (".nt",), "application/n-triples", (TRIPLES,), f"{_W3C}:ntriples"),
    )
}
"""The formats by their names, in the order in which help and messages name them."""

_ANSWERS = {
    SOLUTIONS: "a table (SELECT or ASK)",
    BOOLEAN: "true or false (ASK)",
    TRIPLES: "triples (CONSTRUCT or DESCRIBE)",
}


def suitable(kind: str) -> tuple[str, ...]:
    """Return the names of the formats for a kind of answer.

    >>> suitable(TRIPLES)
    ('turtle', 'jsonld', 'ntriples')
    """
    return tuple(row.name for row in FORMATS.values() if kind in row.suits)


def told_by_name(path: str, kind: str) -> str:
    """Return the format for a kind of answer that the name of a file tells by its extension; "" when it tells none.

    >>> told_by_name("medals.SRX", SOLUTIONS), told_by_name("medals.srx", TRIPLES)
    ('xml', '')
    """
    extension = os.path.splitext(path)[1].lower()
    return next((row.name for row in FORMATS.values() if extension in row.extensions and kind in row.suits), "")


def render(
    answer: Answer,
    format: str,  # noqa: A002 - what the option and the parameter are called
    *,
    to_terminal: bool = False,
    title: str = "",
    lang: str = "en",
) -> Iterator[str]:
    r"""Return an answer as pieces of text, made as they are asked for.

    Args:
        answer: What a query answered.
        format: A name in `FORMATS`, of a format that suits the answer.
        to_terminal: The text goes to a terminal: a table fits its width and may be coloured.
        title: What the query answers, for a page.
        lang: The language of a page.

    Raises:
        UnknownFormatError: There is no such format, or it does not suit this kind of answer, or the answer holds
            something that the format cannot hold. Raised at once, before the first piece.

    >>> from perezkg.sparql.results import Boolean
    >>> "".join(render(Boolean(True), "csv"))
    'true\r\n'
    """
    row = FORMATS.get(format)
    if row is None or answer.kind not in row.suits:
        raise _unsuitable(format, row, answer.kind)
    told = {"title": title, "lang": lang} if row.titled else {}
    pieces: Iterator[str] = function(row.terminal_writer if to_terminal else row.writer)(answer, **told)
    return pieces


def _unsuitable(asked: str, row: Format | None, kind: str) -> UnknownFormatError:
    """Return the error for a format that is unknown, or known but meant for another kind of answer."""
    names = suitable(kind)
    known = f"Choose one of {', '.join(names)}."
    if row is None:
        return UnknownFormatError(f"there is no format {asked!r}", hint=nearest(asked, names) or known)
    meant = "triples" if TRIPLES in row.suits else "tables"
    # An ASK is a table of one word to most formats, but not to one that takes the answers of SELECT alone.
    answered = _ANSWERS[SOLUTIONS if kind == BOOLEAN and SOLUTIONS not in row.suits else kind]
    return UnknownFormatError(
        f"the format {asked!r} is for {meant}, and this query answers with {answered}", hint=known
    )


def csv_record(fields: Iterable[str]) -> str:
    r"""Return a line of CSV, ended by CR LF; a field is quoted only where it must be.

    >>> csv_record(["Quito", "10,000 m", 'the "Junior" cup'])
    'Quito,"10,000 m","the ""Junior"" cup"\r\n'
    """
    return ",".join(map(csv_field, fields)) + "\r\n"


def csv_field(text: str) -> str:
    """Return a text as a field of CSV, quoted where it must be."""
    if '"' in text or "," in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
