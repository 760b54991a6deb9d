"""SPARQL 1.1 Query Results JSON, https://www.w3.org/TR/sparql11-results-json/, one solution a line."""

from __future__ import annotations

from json import dumps

from pyoxigraph import BlankNode, Literal, NamedNode

from perezkg.results import Boolean, Solutions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.results import Term

_STRING = "http://www.w3.org/2001/XMLSchema#string"


def sparql_json(result: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as SPARQL JSON; each solution is a line of its own, so that a reader can begin early."""
    if isinstance(result, Boolean):
        yield '{"head":{},"boolean":' + ("true" if result.value else "false") + "}\n"
        return
    yield '{"head":{"vars":' + dumps(result.variables, ensure_ascii=False) + '},"results":{"bindings":['
    separator = "\n"
    for row in result.rows:
        bound = {name: _term(term) for name, term in zip(result.variables, row, strict=True) if term is not None}
        yield separator + dumps(bound, ensure_ascii=False, separators=(",", ":"))
        separator = ",\n"
    yield "\n]}}\n"


def _term(term: Term) -> dict[str, object]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Literal):
        cell: dict[str, object] = {"type": "literal", "value": term.value}
        if term.language:
            cell["xml:lang"] = term.language
            if term.direction is not None:
                cell["its:dir"] = str(term.direction)
        elif term.datatype.value != _STRING:
            cell["datatype"] = term.datatype.value
        return cell
    parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
    return {"type": "triple", "value": {name: _term(part) for name, part in parts.items()}}
