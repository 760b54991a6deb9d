"""What a notebook shows of answers, graphs, things and reports: HTML of bounded length, without scripts.

Data may come from anybody. Whatever they say stays text, and an IRI becomes a link only where it leads to the web.
"""

from __future__ import annotations

import os
from html import escape
from itertools import islice

from pyoxigraph import Literal, NamedNode

from perezkg.errors import PerezkgError
from perezkg.output import visible
from perezkg.rdf.terms import as_text, native
from perezkg.vocabulary import expand, shrink
from perezkg.words import words as words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from typing import Protocol

    from perezkg.rdf.terms import Term

    class Graph(Protocol):
        """What is asked of a graph here."""

        def labels(self, iris: Iterable[str], *, lang: str) -> dict[str, str]:
            """Return what things are called, by IRI."""

    Origin = tuple[Callable[[], Graph | None], str]

MOST = 100
"""So many rows of a table, or items of a list, are shown; of more, how many."""

LONGEST = 1000
"""So many characters of a text are shown."""

_LEFT = ' style="text-align: left"'  # notebooks put everything to the right, like numbers


def text(words: str) -> str:
    """Return a text as HTML that shows it, cut where it is very long.

    >>> text("<b>Río</b>")
    '&lt;b&gt;Río&lt;/b&gt;'
    """
    return escape(visible(words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"))


def link(iri: str, label: str = "") -> str:
    """Return a link to an IRI by its label, or by its prefixed name; the label alone where there is no way to the web.

    >>> link("https://example.org/a", "A & B")
    '<a href="https://example.org/a" title="https://example.org/a" target="_blank" rel="noopener">A &amp; B</a>'
    >>> link("javascript:alert(1)", "A")
    '<span title="javascript:alert(1)">A</span>'
    """
    if not iri:
        return text(label)
    shown, whole = text(label or shrink(iri)), escape(visible(iri))
    if not iri.lower().startswith(("http://", "https://")):
        return f'<span title="{text(iri)}">{shown}</span>'
    return f'<a href="{whole}" title="{text(iri)}" target="_blank" rel="noopener">{shown}</a>'


def named(name: str, words: str) -> str:
    """Return words, and before them a link to what a prefixed name, or an IRI in angle brackets, stands for, if any."""
    iri = name[1:-1] if name.startswith("<") else expand(name)
    linked = link(iri, name) if iri else text(name)
    return f"{linked} {text(words)}".strip()


def table(head: Sequence[str], rows: Iterable[Iterable[str]], count: int, lang: str) -> str:
    """Return a table, and under it how many rows are not shown.

    Args:
        head: The names of the columns.
        rows: Its rows, each of whole cells; no more than `MOST` are taken.
        count: How many rows there are.
        lang: The language of the words.
    """
    cells = "".join(f"<th{_LEFT}>{text(name)}</th>" for name in head)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in islice(rows, MOST))
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>{_more(count, lang)}"


def cell(shown: str) -> str:
    """Return a cell of a table with some HTML in it."""
    return f"<td{_LEFT}>{shown}</td>"


def terms(head: Sequence[str], rows: Sequence[Iterable[Term | None]], count: int, origin: Origin | None) -> str:
    """Return a table of terms: things by their labels, as links.

    Args:
        head: The names of the columns.
        rows: All rows; no more than `MOST` are shown.
        count: How many there are.
        origin: The graph that knows the labels, and their language; None where there is none.
    """
    first = [tuple(row) for row in rows[:MOST]]
    iris = {term.value for row in first for term in row if isinstance(term, NamedNode)}
    labels = _labels(iris, origin)
    shown = ([_cell(term, labels) for term in row] for row in first)
    return table(head, shown, count, origin[1] if origin else "en")


def items(title: str, found: Sequence[tuple[int, str]], lang: str) -> str:
    """Return a heading and a list under it.

    Args:
        title: The heading, as text.
        found: For each item how deep it stands, and its HTML.
        lang: The language of the words.
    """
    listed = "".join(f"<li{_indent(depth)}>{shown}</li>" for depth, shown in islice(found, MOST))
    more = _more(len(found), lang)
    return f"<p><strong>{text(title)}</strong></p>" + (f"<ul>{listed}</ul>" if listed else "") + more


def graph(kind: str, triples: int, names: Sequence[str], notices: Sequence[str]) -> str:
    """Return what a graph is made of: its files, how many triples, what a reader should know.

    Args:
        kind: What to call it.
        triples: How many triples it holds.
        names: The names of its files.
        notices: What a reader of its answers should know.
    """
    words = words_of("notebook", "en")
    told = [(0, text(os.path.basename(name))) for name in names] + [(0, text(notice)) for notice in notices]
    return items(f"{kind}: {words['triples'].format(f'{triples:,}')}", told, "en")


def _indent(depth: int) -> str:
    return f' style="margin-left: {2 * depth}em"' if depth else ""


def _more(count: int, lang: str) -> str:
    return f"<p>{text(words_of('notebook', lang)['more'].format(count - MOST))}</p>" if count > MOST else ""


def _labels(iris: Collection[str], origin: Origin | None) -> dict[str, str]:
    graph = origin[0]() if origin and iris else None
    if graph is None or origin is None:
        return {}
    try:
        return graph.labels(iris, lang=origin[1])
    except PerezkgError:  # an index that is damaged by now: the answer is whole, and is shown by names
        return {}


def _cell(term: Term | None, labels: dict[str, str]) -> str:
    if isinstance(term, NamedNode):
        return cell(link(term.value, labels.get(term.value, "")))
    if isinstance(term, Literal):
        if term.language:
            return f'<td{_LEFT} lang="{escape(term.language)}">{text(term.value)}</td>'
        number = not isinstance(native(term), str)
        return f"<td>{text(term.value)}</td>" if number else cell(text(term.value))
    return cell(text(as_text(term)))
