"""A report as JSON: stable, described in docs/validation.md."""

from __future__ import annotations

import json

from pyoxigraph import BlankNode, NamedNode

from perezkg.validation.paths import as_sparql

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.validation.report import Report, Result, Term

VERSION = 1
"""Goes up when a field changes its meaning or goes away; new fields may come without."""


def document(report: Report) -> Iterator[str]:
    """Yield a report as one JSON object."""
    yield json.dumps(
        {
            "version": VERSION,
            "conforms": report.conforms,
            "failOn": report.fail_on,
            "counts": report.counts,
            "files": [{"name": file.name, "triples": file.triples} for file in report.files],
            "results": [_result(report, result) for result in report],
        },
        ensure_ascii=False,
        indent=2,
    )
    yield "\n"


def _result(report: Report, result: Result) -> dict[str, object]:
    return {
        "severity": result.severity,
        "file": result.file or None,
        "line": result.line or None,
        "column": result.column or None,
        "sourceLine": result.source_line or None,
        "messages": {tag or "und": text for tag, text in result.messages.items()},
        "rule": result.rule or None,
        "ruleName": report.names.iri(result.rule) if result.rule else None,
        "component": result.component,
        "focus": term(result.focus),
        "path": None if result.path is None else as_sparql(result.path),
        "value": None if result.value is None else term(result.value),
    }


def term(term: Term) -> dict[str, str]:
    """Return a term as the SPARQL 1.1 results format in JSON has it.

    >>> from pyoxigraph import Literal
    >>> term(Literal("Río", language="es"))
    {'type': 'literal', 'value': 'Río', 'xml:lang': 'es'}
    """
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype.value != "http://www.w3.org/2001/XMLSchema#string":
        found["datatype"] = term.datatype.value
    return found
