"""Text that people read: lines that fit a width, and words that Markdown takes literally."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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


def terminal_width() -> int | None:
    """Return the columns of the terminal that standard output is; None when it is none."""
    import os
    import sys

    # Asked of the terminal itself: shutil's function would cost an import of 5 ms and answer for pipes as well.
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None if sys.stdout.isatty() else None
    except (OSError, ValueError):
        return None
