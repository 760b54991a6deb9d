"""The page on which a reader asks SPARQL of the data, in the browser: what it needs beside its template and scripts.

Its engine comes from npm, and is a file like any other of the site: the page asks nobody, and works from disk as well.
A browser lets no page from disk start a worker from a file of modules, so the engine becomes one plain script.
"""

from __future__ import annotations

import re
from base64 import b64encode
from json import dumps
from typing import TYPE_CHECKING

from perezkg.sparql.prepare import prepare
from perezkg.sparql.tokens import tokenize
from perezkg.vocabulary import PREFIXES
from perezkg.web.site.packages import OXIGRAPH, fetched
from perezkg.web.site.pages import asset
from perezkg.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Store

    from perezkg.sparql.catalogue import CannedQuery
    from perezkg.sparql.parameters import Parameter
    from perezkg.web.site.asking import Asking

# How the words of this page are told from those of the others.
_OURS = "ask "
_EXPORTS = re.compile(r"^export (?=class |function )|^export \{.*\};$", re.MULTILINE)


def engine() -> dict[str, str]:
    """Return the files of the engine, by name: a script that holds it, and its licence.

    Raises:
        PackageMissingError: It could not be had.
    """
    files = fetched(OXIGRAPH)
    glue = _EXPORTS.sub("", files["web.js"].decode()).replace("import.meta.url", '""')
    held = {"glue": glue, "worker": asset("worker.js"), "wasm": b64encode(files["web_bg.wasm"]).decode()}
    return {
        "ask/oxigraph.js": f"const perezkgEngine = {dumps(held)};\n",
        f"ask/{OXIGRAPH.licence}": asset(OXIGRAPH.licence),
        "ask/ask.js": asset("ask.js"),
        "ask/views.js": asset("views.js"),
    }


def data(store: Store) -> list[str]:
    """Return a script that holds the data as they are asked, each triple once."""
    lines = sorted({f"{quad.triple} .\n" for quad in store})
    return ["const perezkgData = ", dumps("".join(lines), ensure_ascii=False), ";\n"]


def questions(ask: Asking, things: dict[str, tuple[str, str]]) -> list[str]:
    """Return a script that holds what the page says and offers, in one language.

    Args:
        ask: Who asks the canned queries on the other pages.
        things: Label and page of each thing, by its IRI.
    """
    told = {
        "queries": [_question(query, ask) for query in ask.queries],
        "prefixes": PREFIXES,
        "things": things,
        "words": {name[len(_OURS) :]: text for name, text in words("site", ask.lang).items() if name.startswith(_OURS)},
    }
    return ["const perezkgAsk = ", dumps(told, ensure_ascii=False), ";\n"]


def _question(query: CannedQuery, ask: Asking) -> dict[str, object]:
    given = {"lang": ask.lang, **(ask.parameters(query) or {})}
    return {
        "name": query.name,
        "title": query.summary(ask.lang),
        "description": query.description(ask.lang),
        "parts": list(_parts(query)),
        "parameters": [_parameter(row, given) for row in query.parameters.values()],
    }


def _parameter(row: Parameter, given: dict[str, object]) -> dict[str, object]:
    return {
        "name": row.name,
        "kind": row.kind,
        "tag": row.language,
        "required": row.required and row.name != "lang",
        "value": str(given.get(row.name, row.default or "")),
        "choices": row.choices,
    }


def _parts(query: CannedQuery) -> Iterable[str | list[str]]:
    """Yield the text of a query, ready for an engine, cut where a parameter stands: its name and its variable."""
    text = prepare(query, {}).text
    names = {variable: row.name for row in query.parameters.values() for variable in row.variables}
    end = 0
    for token in tokenize(text):
        if token.kind == "variable" and token.text[1:] in names:
            yield text[end : token.start]
            yield [names[token.text[1:]], token.text]
            end = token.start + len(token.text)
    yield text[end:]
