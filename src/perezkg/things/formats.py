"""The formats of descriptions and citations: a table with a row for each, which everything else reads; and JSON.

What has a form in JSON is one of `Fields`: its class says once which of its attributes are told, and in which order.
"""

from __future__ import annotations

import os

from pyoxigraph import Literal

from perezkg.output import visible
from perezkg.resources import function
from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, ClassVar, Protocol

    class Told(Protocol):
        """What is told of a thing: a description or a citation."""

        @property
        def kind(self) -> str:
            """DESCRIPTION or CITATION."""

        def to_dict(self) -> dict[str, Any]:
            """Return it as a dictionary ready for JSON."""


DESCRIPTION, CITATION = "description", "citation"
"""What can be told of a thing; each is a module of this package, with the functions that write it."""


class Format:
    """A way to tell about a thing.

    Attributes:
        name: What it is called: `-f name`.
        extensions: How the names of its files end.
        suits: What it can tell.
        writer: `module:function`, with `{}` for what is told. The function takes that and the columns of the terminal,
            or None for lines of any length, and yields text.
        for_people: Whether it goes to a terminal as it is, so that no control character may stand in it.
    """

    __slots__ = ("extensions", "for_people", "name", "suits", "writer")

    def __init__(
        self, name: str, extensions: tuple[str, ...], suits: tuple[str, ...], writer: str, *, for_people: bool = False
    ) -> None:
        self.name = name
        self.extensions = extensions
        self.suits = suits
        self.writer = writer
        self.for_people = for_people

    def __repr__(self) -> str:
        return f"<Format: {self.name}>"


_BOTH = (DESCRIPTION, CITATION)
FORMATS = {
    row.name: row
    for row in (
        Format("text", (), _BOTH, "perezkg.things.{}:text", for_people=True),
        Format("json", (".json",), _BOTH, "perezkg.things.formats:json"),
        Format("turtle", (".ttl",), (DESCRIPTION,), "perezkg.things.description:turtle"),
        Format("markdown", (".md",), _BOTH, "perezkg.things.{}:markdown", for_people=True),
    )
}
"""The formats by their names."""


def suitable(kind: str) -> tuple[str, ...]:
    """Return the names of the formats for what is told.

    >>> suitable(CITATION)
    ('text', 'json', 'markdown')
    """
    return tuple(row.name for row in FORMATS.values() if kind in row.suits)


def by_extension(path: str, kind: str) -> str:
    """Return the format that the name of a file tells; "text" when it tells none.

    >>> by_extension("cuenca.MD", CITATION), by_extension("cuenca.ttl", CITATION)
    ('markdown', 'text')
    """
    extension = os.path.splitext(path)[1].lower()
    return next((name for name in suitable(kind) if extension in FORMATS[name].extensions), "text")


def written(thing: Told, format: str, width: int | None = None) -> Iterator[str]:  # noqa: A002 - what the option is called
    """Yield what is told of a thing, in a format.

    Args:
        thing: What to tell.
        format: A name in `FORMATS`, of a format that suits it.
        width: Columns of the terminal; None for lines of any length.
    """
    row = FORMATS[format]
    pieces: Iterator[str] = function(row.writer.format(thing.kind))(thing, width)
    return map(visible, pieces) if row.for_people else pieces


def json(thing: Told, _width: int | None = None) -> Iterator[str]:
    """Yield it as JSON, indented, letters as they are."""
    from json import dumps

    yield dumps(thing.to_dict(), ensure_ascii=False, indent=2) + "\n"


class Fields:
    """Base of what has a form in JSON.

    Attributes:
        fields: The keys of the form, with blanks between them. A key is the name of an attribute, or `key=path` where
            they differ; `*path` takes the keys of what is there.
    """

    __slots__ = ()
    fields: ClassVar[str]

    def to_dict(self) -> dict[str, Any]:
        """Return the form, ready for JSON; what is not told is null. docs/citing.md tells its shape."""
        found: dict[str, Any] = {}
        for field in self.fields.split():
            key, _, path = field.partition("=")
            value: Any = self
            for name in (path or key).removeprefix("*").split("."):
                value = None if value is None else getattr(value, name)
            if key.startswith("*"):
                found |= value.to_dict()
            else:
                found[key] = _prefixed(value) if key == "name" else _plain(value)
        return found


def literal(term: Literal) -> dict[str, str]:
    """Return `value` with `language`, or with `datatype` where it is not a mere text."""
    if term.language:
        return {"value": term.value, "language": term.language}
    datatype = term.datatype.value
    return {"value": term.value} | ({} if datatype == XSD + "string" else {"datatype": datatype})


def _prefixed(name: str) -> str | None:
    """Return a prefixed name as it is, and None for an IRI in angle brackets."""
    return None if not name or name.startswith("<") else name


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, Fields):
        return value.to_dict()
    if isinstance(value, Literal):
        return literal(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return None if value == "" else value
