"""Canned queries as a build has prepared them, and the short way to answer one from perezkg's own data as CSV.

The form of a query is what `perezkg.sparql.prepare` makes of it, with a marker for each variable that a parameter
fills, below a line a parameter. A build writes one file a query (`hatch_build.py`); a checkout has none. Whatever is
unusual (an option, a value, an answer without rows) is left to the ordinary way, whose answers are the same. The short
way does without argparse, regular expressions and a dozen modules, which take longer than the query.
"""

from __future__ import annotations

import os

from perezkg import resources
from perezkg.sparql.formats import csv_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from pyoxigraph import Store

    from perezkg.sparql.catalogue import CannedQuery

    # The name of the query, the options by their long names, the parameters.
    Arguments: TypeAlias = tuple[str, dict[str, str], dict[str, str]]

_OPTIONS = {
    "-f": "format",
    "--format": "format",
    "--lang": "lang",
    "--source": "source",
    "--store": "store",
    "--timeout": "timeout",
}
_MARKER = "<urn:x-perezkg:parameter:{}>"
_DIGITS = frozenset("0123456789")
# Of a name in Turtle's and SPARQL's syntax, what needs no escape anywhere.
_LETTERS = _DIGITS | frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-")
_DATE = "dddd-dd-dd"
_MOST_DIGITS = 9
# The days that a month has in every year; the twenty-ninth of February needs a calendar.
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def form(query: CannedQuery) -> str | None:
    """Return the form of a query, or None for one whose answer is more than Oxigraph's rows in their order.

    Each line of its first paragraph is a parameter: name, kind, default as a token, choices and variables, apart by
    tabs; the last two are lists, apart by spaces.
    """
    from pyoxigraph import NamedNode

    from perezkg.rdf.terms import as_sparql
    from perezkg.sparql.departures import REPLACEMENT, with_replacements
    from perezkg.sparql.parameters import to_term
    from perezkg.sparql.prepare import may_compare_tags, prepare

    parameters = query.parameters.values()
    markers = {name: NamedNode(_MARKER.format(name)[1:-1]) for row in parameters for name in row.variables}
    prepared = prepare(query, markers)
    replacing = with_replacements(prepared.text)
    if (
        query.form != "SELECT"
        or not prepared.ordered
        or may_compare_tags(prepared.text)
        # Oxigraph puts in what XPath has for it where that is nothing.
        or replacing.count(f"{REPLACEMENT}(") != replacing.count(f'{REPLACEMENT}("", ')
        or any(" " in choice for row in parameters for choice in row.choices)
    ):
        return None
    lines = []
    for row in parameters:
        default = "" if row.default is None else as_sparql(to_term(row, row.default))
        lines.append("\t".join((row.name, row.kind, default, " ".join(row.choices), " ".join(row.variables))))
    return "\n".join((*lines, "", prepared.text))


def forms() -> Iterator[tuple[str, str]]:
    """Yield the name and the form of each canned query that has one."""
    from perezkg.sparql.catalogue import catalogue

    for query in catalogue():
        text = form(query)
        if text is not None:
            yield query.name, text


def answer(text: str, options: dict[str, str]) -> str | None:
    """Return what `perezkg query` writes into a pipe for what `question` found; None when it takes the ordinary way."""
    if "timeout" in options or options.get("source", "all") not in resources.SOURCES:
        return None
    from pyoxigraph import RdfFormat, Store

    store = Store()
    try:
        for path in (*resources.data_files(options.get("source", "all")), resources.ontology_file("concepts.ttl")):
            store.load(path=path, format=RdfFormat.TURTLE)
    except (OSError, SyntaxError):  # the ordinary way says what is wrong with the file
        return None
    return rows(store, text)


def question(arguments: Sequence[str]) -> tuple[str, dict[str, str]] | None:
    """Return the SPARQL that plain arguments ask for, and their other options; None when they are not plain.

    Args:
        arguments: Those behind `query`.
    """
    understood = _understood(arguments)
    if understood is None:
        return None
    name, options, values = understood
    path = os.path.join(resources.prepared_directory(), name)
    lang = options.setdefault("lang", "en")
    if lang not in resources.LANGUAGES or options.get("format", "csv") != "csv" or not os.path.isfile(path):
        return None
    with open(path, encoding="utf-8", newline="") as file:
        text = _filled(file.read(), {"lang": lang, **values})
    return None if text is None else (text, options)


def _understood(arguments: Sequence[str]) -> Arguments | None:
    """Return what plain arguments say; None when one is not plain, or said twice."""
    name = ""
    options: dict[str, str] = {}
    values: dict[str, str] = {}
    words = iter(arguments)
    for word in words:
        if word in ("-p", "--parameter"):
            key, equals, value = next(words, "").partition("=")
            if not equals or key in values:
                return None
            values[key] = value
        elif word in _OPTIONS:
            option = _OPTIONS[word]
            if option in options:
                return None
            options[option] = next(words, "")
        elif name or not _LETTERS.issuperset(word) or word[:1] == "-":
            return None
        else:
            name = word
    return (name, options, values) if name else None


def _filled(form: str, values: dict[str, str]) -> str | None:
    """Return the SPARQL of a form with its parameters filled; None when one is missing, unknown or not plain."""
    head, _, text = form.partition("\n\n") if form[:1] != "\n" else ("", "", form[1:])
    known = {"lang"}
    for line in filter(None, head.split("\n")):
        name, kind, default, choices, variables = line.split("\t")
        known.add(name)
        token = _token(kind, values[name], choices.split(" ") if choices else []) if name in values else default
        if token is None:
            return None
        for variable in variables.split(" "):
            if not token and not variable.startswith("__"):
                return None
            text = text.replace(_MARKER.format(variable), token or f"?{variable}")
    return text if known.issuperset(values) else None


def _token(kind: str, value: str, choices: Sequence[str]) -> str | None:
    """Return a plain value in SPARQL; None when it is not plain."""
    if choices:
        plain = value in choices and _LETTERS.issuperset(value)
        return f'"{value}"' if kind == "string" and plain else None
    if kind == "integer":
        return str(int(value)) if len(value) <= _MOST_DIGITS and _DIGITS.issuperset(value) else None
    if kind == "iri":
        prefix, colon, local = value.partition(":")
        if not colon or not local or not _LETTERS.issuperset(local):
            return None
        from perezkg.vocabulary import PREFIXES

        return f"<{PREFIXES[prefix]}{local}>" if prefix in PREFIXES else None
    if kind == "date" and "".join("d" if letter in _DIGITS else letter for letter in value) == _DATE:
        year, month, day = map(int, value.split("-"))
        if year and 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]:
            return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#date>'
    return None


def rows(store: Store, text: str) -> str | None:
    """Return the answer of a store as CSV; None when it has no rows, which needs a word more, or nodes to be named."""
    from pyoxigraph import BlankNode, QuerySolutions, Triple

    solutions = store.query(text)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - other forms are not prepared
    found = []
    for solution in solutions:
        terms = tuple(solution)
        if any(isinstance(term, (BlankNode, Triple)) for term in terms):
            return None
        found.append(csv_record(["" if term is None else term.value for term in terms]))
    return "".join((csv_record([variable.value for variable in solutions.variables]), *found)) if found else None
