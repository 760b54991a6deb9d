"""A GitHub-flavoured Markdown table, for issues, READMEs and notebooks."""

from __future__ import annotations

import re

from perezkg.rendering.cells import is_numeric, plain_text
from perezkg.results import Boolean, Solutions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.results import Term

# Whatever could open emphasis, code, a link, an element or a new cell inside a cell.
_SPECIAL = re.compile(r"[\\`*_\[\]<>|&~#]")
_LINE_END = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_WEB = re.compile(r"<https?://[^\s<>|]+>")


def markdown(result: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as a Markdown table, one row a piece; numbers stand to the right."""
    if isinstance(result, Boolean):
        yield "true\n" if result.value else "false\n"
        return
    columns = range(len(result.variables))
    numeric = [is_numeric(row[column] for row in result.rows) for column in columns]
    yield _row(_escape(name) for name in result.variables)
    yield _row("---:" if right else "---" for right in numeric)
    for row in result.rows:
        yield _row(_cell(term) for term in row)


def _row(cells: Iterator[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _cell(term: Term | None) -> str:
    text = plain_text(term)
    # An IRI without a known prefix comes in angle brackets: to Markdown that is a link.
    return text if _WEB.fullmatch(text) else _escape(text)


def _escape(text: str) -> str:
    return _LINE_END.sub("<br>", _SPECIAL.sub(r"\\\g<0>", text))
