"""The formats of descriptions and citations: a table with a row for each, which everything else reads."""

from __future__ import annotations

from perezkg.output import visible
from perezkg.resources import function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Protocol

    class Told(Protocol):
        """What is told of a thing: a description or a citation."""

        @property
        def kind(self) -> str:
            """DESCRIPTION or CITATION."""

        def to_dict(self) -> dict[str, Any]:
            """Return it as a dictionary ready for JSON."""


DESCRIPTION, CITATION = "description", "citation"
"""What can be told of a thing."""


class Format:
    """A way to tell about a thing.

    Attributes:
        name: What it is called: `-f name`.
        extensions: How the names of its files end.
        writers: For what it can tell, `module:function`. The function takes it and the columns of the terminal, or None
            for lines of any length, and yields text.
        for_people: Whether it goes to a terminal as it is, so that no control character may stand in it.
    """

    __slots__ = ("extensions", "for_people", "name", "writers")

    def __init__(
        self, name: str, extensions: tuple[str, ...], *, for_people: bool, description: str = "", citation: str = ""
    ) -> None:
        self.name = name
        self.extensions = extensions
        self.for_people = for_people
        self.writers = {DESCRIPTION: description, CITATION: citation}

    def __repr__(self) -> str:
        return f"<Format: {self.name}>"


FORMATS = {
    row.name: row
    for row in (
        Format(
            "text",
            (),
            for_people=True,
            description="perezkg.things.description_text:text",
            citation="perezkg.things.citation_text:text",
        ),
        Format(
            "json",
            (".json",),
            for_people=False,
            description="perezkg.things.formats:json",
            citation="perezkg.things.formats:json",
        ),
        Format("turtle", (".ttl",), for_people=False, description="perezkg.things.description:turtle"),
        Format(
            "markdown",
            (".md",),
            for_people=True,
            description="perezkg.things.description_text:markdown",
            citation="perezkg.things.citation_text:markdown",
        ),
    )
}
"""The formats by their names."""


def suitable(kind: str) -> tuple[str, ...]:
    """Return the names of the formats for what is told.

    >>> suitable(CITATION)
    ('text', 'json', 'markdown')
    """
    return tuple(row.name for row in FORMATS.values() if row.writers[kind])


def by_extension(path: str, kind: str) -> str:
    """Return the format that the name of a file tells; "text" when it tells none.

    >>> by_extension("cuenca.MD", CITATION), by_extension("cuenca.ttl", CITATION)
    ('markdown', 'text')
    """
    from os.path import splitext

    extension = splitext(path)[1].lower()
    return next((name for name in suitable(kind) if extension in FORMATS[name].extensions), "text")


def written(thing: Told, format: str, width: int | None = None) -> Iterator[str]:  # noqa: A002 - what the option is called
    """Yield what is told of a thing, in a format.

    Args:
        thing: What to tell.
        format: A name in `FORMATS`, of a format that suits it.
        width: Columns of the terminal; None for lines of any length.
    """
    row = FORMATS[format]
    pieces: Iterator[str] = function(row.writers[thing.kind])(thing, width)
    return map(visible, pieces) if row.for_people else pieces


def plain(thing: Told) -> str:
    """Return what is told of a thing as text of any width."""
    return "".join(function(FORMATS["text"].writers[thing.kind])(thing))


def json(thing: Told, _width: int | None = None) -> Iterator[str]:
    """Yield it as JSON, indented, letters as they are."""
    from json import dumps

    yield dumps(thing.to_dict(), ensure_ascii=False, indent=2) + "\n"
