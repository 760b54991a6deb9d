"""Answers as a page of HTML of its own: it reads without scripts and asks for nothing elsewhere."""

from __future__ import annotations

import os
import re
from html import escape

from perezkg.output import visible
from perezkg.sparql.cells import columns, linked
from perezkg.sparql.results import Boolean, Solutions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.sparql.cells import Cell

_WEB = re.compile(r"https?://", re.IGNORECASE)


def stylesheet() -> str:
    """Return how a page with a table looks, dark and light; the pages of a site build on it."""
    with open(os.path.join(os.path.dirname(__file__), "page.css"), encoding="utf-8") as file:
        return file.read()


def html(answer: Solutions | Boolean, *, title: str = "", lang: str = "en") -> Iterator[str]:
    """Yield an answer as a page, one row a piece; what is shown links to its IRI, where that is an address of the web.

    Args:
        answer: The answer.
        title: What the query answers; "SPARQL" when that is not told.
        lang: The language of the page.
    """
    told = _text(title or "SPARQL")
    yield (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        # Whatever the data hold, a browser runs and fetches nothing.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{told}</title>\n<style>\n{stylesheet()}</style>\n</head>\n<body>\n<main>\n<h1>{told}</h1>\n"
    )
    if isinstance(answer, Boolean):
        yield f"<p><strong>{answer.word}</strong></p>\n"
    else:
        # A region that a keyboard can scroll needs a name, and a table a caption: both are the title.
        yield f'<div class="wide" tabindex="0" role="region" aria-label="{told}">\n<table>\n<caption>{told}</caption>\n'
        heads = "".join(f'<th scope="col">{_text(name)}</th>' for name in columns(answer.variables))
        yield f"<thead><tr>{heads}</tr></thead>\n<tbody>\n"
        for cells in linked(answer.rows, answer.variables):
            yield f"<tr>{''.join(_cell(cell, lang) for cell in cells)}</tr>\n"
        yield "</tbody>\n</table>\n</div>\n<p>"
        count = len(answer)
        yield f"{count} row{'' if count == 1 else 's'}"
        yield "</p>\n"
    yield "</main>\n</body>\n</html>\n"


def _cell(cell: Cell, lang: str) -> str:
    text = _text(cell.text)
    if _WEB.match(cell.iri):
        text = f'<a href="{escape(cell.iri)}">{text}</a>'
    # en and en-gb are read aloud alike.
    other = cell.language and cell.language.partition("-")[0] != lang
    return f'<td lang="{escape(cell.language)}">{text}</td>' if other else f"<td>{text}</td>"


def _text(text: str) -> str:
    return escape(visible(text))
