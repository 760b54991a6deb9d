"""A page a canned query: what it answers, its SPARQL, how to run it, and its answer to download."""

from __future__ import annotations

from itertools import islice
from shlex import quote
from typing import TYPE_CHECKING

from perezkg.sparql.cells import columns, linked
from perezkg.sparql.formats import FORMATS, render
from perezkg.sparql.results import Boolean, Solutions
from perezkg.vocabulary import shrink
from perezkg.words import catalogue as catalogue_of
from perezkg.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from perezkg.sparql.catalogue import CannedQuery
    from perezkg.sparql.results import Result, Triples
    from perezkg.things.labels import Labels
    from perezkg.web.site.asking import Asking

MOST_ROWS = 500
"""So many rows stand on a page; the files have all."""

_MOST_LINES = 400
_TABLE_FILES, _TRIPLE_FILES = ("csv", "json"), ("turtle", "jsonld", "ntriples")


def write(ask: Asking, labels: Labels, page: Callable[..., None], file: Callable[[str, Iterable[str]], None]) -> None:
    """Write the pages of all queries, the files of their answers, and the list of them.

    Args:
        ask: Who asks.
        labels: The words of things in the language of the pages.
        page: Writes a page from a template, by name.
        file: Writes a file, by name.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for query in ask.queries:
        groups.setdefault(query.tags[0] if query.tags else "", []).append(
            (f"queries/{query.name}.html", query.summary(ask.lang))
        )
        _page(ask, labels, query, page, file)
    w = words("site", ask.lang)
    tags = catalogue_of(ask.lang).get("tags", {}) if ask.lang != "en" else {}
    told = [(tags.get(tag, tag).capitalize(), entries) for tag, entries in groups.items()]
    page("queries/index.html", "list.html", heading=w["questions"], intro=w["questions intro"], groups=told)


def _page(
    ask: Asking,
    labels: Labels,
    query: CannedQuery,
    page: Callable[..., None],
    file: Callable[[str, Iterable[str]], None],
) -> None:
    given = ask.parameters(query)
    needed = [
        parameter.name for parameter in query.parameters.values() if parameter.required and parameter.default is None
    ]
    told = {name: shrink(str(value)) if "://" in str(value) else value for name, value in (given or {}).items()}
    options = [quote(f"{name}={value}") for name, value in told.items()]
    options = [part for option in options for part in ("-p", option)]
    arguments = [repr(query.name), *(f"{name}={value!r}" for name, value in told.items())]
    values: dict[str, object] = {
        "query": query,
        "missing": ", ".join(name for name in needed if name != "lang") if given is None else "",
        "given": ", ".join(f"{name}={value}" for name, value in told.items()),
        "command": " ".join(["perezkg query", query.name, *options, *ask.options]),
        "python": f"perezkg.load({ask.files}).query({', '.join(arguments)})",
        "sparql": "".join(line for line in query.text.splitlines(keepends=True) if not line.startswith("#+")).strip(),
        "count": 0,
        "most": MOST_ROWS,
        "columns": (),
        "rows": (),
        "document": "",
        "word": "",
        "downloads": (),
    }
    if given is not None:
        answer = ask.last(query, given)
        values |= _shown(answer, labels)
        names = _TABLE_FILES if isinstance(answer, Solutions | Boolean) else _TRIPLE_FILES
        files = [(f"queries/{query.name}{FORMATS[name].extensions[0]}", name) for name in names]
        for place, name in files:
            file(place, render(answer, name))
        values["downloads"] = [(place, place.rpartition(".")[2].upper()) for place, _ in files]
    page(f"queries/{query.name}.html", "query.html", **values)


def _shown(answer: Result, labels: Labels) -> dict[str, object]:
    if isinstance(answer, Boolean):
        return {"count": 1, "word": answer.word}
    if isinstance(answer, Solutions):
        rows = linked(islice(answer.rows, MOST_ROWS), answer.variables, lambda iri: labels.value(iri).label)
        return {"count": len(answer), "columns": columns(answer.variables), "rows": list(rows)}
    return {"count": len(answer), "document": _beginning(answer)}


def _beginning(answer: Triples) -> str:
    lines = "".join(render(answer, "turtle")).split("\n")
    return "\n".join(lines[:_MOST_LINES]) + ("\n…" if len(lines) > _MOST_LINES else "")
