"""What texts about things are made of: lines that fit a width, what Markdown shows as it is, the heading of a thing."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    from perezkg.things.labels import Value

    class Thing(Protocol):
        """What a heading is made of."""

        iri: str
        name: str
        label: str
        classes: list[Value]


# An address in angle brackets is a link, and stays one; whatever else opens something is escaped.
_SPECIAL = re.compile(r"<https?://[^\s<>]+>|([\\`*_\[\]<>#])")

# Below this many columns nothing reads well any more.
_NARROWEST = 40


def lines(text: str, width: int | None, *, first: str = "", rest: str | None = None) -> Iterator[str]:
    r"""Yield a text as lines that fit a width, each with its line end.

    Args:
        text: The text; its own line ends and blanks become single blanks.
        width: Columns; None for one line however long (in a pipe, where grep reads).
        first: What stands before the first line.
        rest: What stands before the others; blanks as many as `first` has, unless told.

    >>> list(lines("one two", None, first="- "))
    ['- one two\n']
    """
    text = " ".join(text.split())
    if width is None or len(first) + len(text) <= width:
        yield f"{first}{text}".rstrip() + "\n"
        return
    from textwrap import wrap

    # Prefixed names and IRIs stay whole: they are there to be copied.
    for line in wrap(
        text,
        max(width, _NARROWEST),
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    ):
        yield line + "\n"


def literal(text: str) -> str:
    r"""Return a text that Markdown shows as it is.

    >>> literal("a_b <c> <http://example.org/a_b>")
    'a\\_b \\<c\\> <http://example.org/a_b>'
    """
    return _SPECIAL.sub(lambda found: f"\\{found[1]}" if found[1] else found[0], " ".join(text.split()))


def code(name: str) -> str:
    """Return a prefixed name as code in Markdown, and an IRI in angle brackets as a link."""
    return name if name.startswith("<") else f"`{name}`"


def heading(thing: Thing, width: int | None) -> Iterator[str]:
    """Yield what a thing is called, what it is, and its name and IRI."""
    yield from lines(_called(thing), width)
    yield f"{thing.name}  {thing.iri}\n" if not thing.name.startswith("<") else f"{thing.iri}\n"


def heading_markdown(thing: Thing) -> Iterator[str]:
    """Yield the same as Markdown."""
    yield f"# {literal(_called(thing))}\n\n{code(thing.name)}"
    yield "\n" if thing.name.startswith("<") else f" · <{thing.iri}>\n"


def _called(thing: Thing) -> str:
    kinds = ", ".join(kind.label for kind in thing.classes)
    return f"{thing.label} — {kinds}" if kinds else thing.label
