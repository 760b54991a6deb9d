"""Answers as the W3C writes them: CSV, TSV, JSON, XML, and triples as RDF; one solution a line.

CSV carries the bare text of each term, for spreadsheets; TSV carries whole terms in Turtle form. A cell that begins
with `=` is written as it is: the format has no way to defuse it, so open an answer from strangers as text.
On the way of every piped query, so nothing is imported but what is loaded anyway.
"""

from __future__ import annotations

import re
from json import dumps

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from perezkg.output import require_xml
from perezkg.rdf.turtle import canonical_lines
from perezkg.sparql.results import Boolean, Solutions
from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.rdf.terms import Term
    from perezkg.sparql.results import Triples

_NEEDS_QUOTES = re.compile('[",\r\n]')
_BARE = re.compile(  # literals that TSV may write without quotes and datatype, as Turtle does
    r'"([+-]?[0-9]+)"\^\^<http://www\.w3\.org/2001/XMLSchema#integer>'
    r'|"([+-]?[0-9]*\.[0-9]+)"\^\^<http://www\.w3\.org/2001/XMLSchema#decimal>'
    r'|"([+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+)"\^\^<http://www\.w3\.org/2001/XMLSchema#double>'
)


def csv(result: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as CSV, one record a piece, ended by CR LF."""
    if isinstance(result, Boolean):
        yield "true\r\n" if result.value else "false\r\n"
        return
    yield ",".join(result.variables) + "\r\n"
    for row in result.rows:
        yield ",".join([_field(term) for term in row]) + "\r\n"


def tsv(result: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as TSV, one record a piece, ended by LF."""
    if isinstance(result, Boolean):
        yield "true\n" if result.value else "false\n"
        return
    yield "\t".join(["?" + variable for variable in result.variables]) + "\n"
    for row in result.rows:
        # A term's N-Triples form escapes tabs and line ends, which is what TSV asks for.
        yield "\t".join([_turtle(term) for term in row]) + "\n"


def _field(term: Term | None) -> str:
    if term is None:
        return ""
    if isinstance(term, NamedNode | Literal):
        text = term.value
    else:
        text = f"_:{term.value}" if isinstance(term, BlankNode) else f"<<( {term} )>>"
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def _turtle(term: Term | None) -> str:
    if term is None:
        return ""
    # The string of a triple is without its brackets; a literal that is a number as a whole stands bare.
    return f"<<( {term} )>>" if isinstance(term, Triple) else _BARE.sub(r"\1\2\3", str(term))


_STRING = XSD + "string"


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


_STRING = XSD + "string"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
_DIRECTION_HEAD = _HEAD.replace("<sparql ", '<sparql xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0" ')
# A bare carriage return would be read back as a line feed.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})
_ATTRIBUTE_ESCAPES = _ESCAPES | str.maketrans({"\n": "&#10;", "\t": "&#9;"})


def sparql_xml(result: Solutions | Boolean) -> Iterator[str]:
    """Return an answer as SPARQL XML.

    Raises:
        UnknownFormatError: A value holds a control character that XML cannot carry. Checked before the first piece,
            so that nothing half written goes out.
    """
    if isinstance(result, Solutions):
        for term in (term for row in result.rows for term in row if term is not None):
            require_xml(_text(term), "Ask for json, tsv or csv instead.")
    return _pieces(result)


def _pieces(result: Solutions | Boolean) -> Iterator[str]:
    if isinstance(result, Boolean):
        yield f"{_HEAD}<head/>\n<boolean>{'true' if result.value else 'false'}</boolean>\n</sparql>\n"
        return
    directed = any(isinstance(term, Literal) and term.direction is not None for row in result.rows for term in row)
    variables = "".join(f'<variable name="{_attribute(name)}"/>' for name in result.variables)
    yield f"{_DIRECTION_HEAD if directed else _HEAD}<head>{variables}</head>\n<results>\n"
    for row in result.rows:
        cells = "".join(
            f'<binding name="{_attribute(name)}">{_element(term)}</binding>'
            for name, term in zip(result.variables, row, strict=True)
            if term is not None
        )
        yield f"<result>{cells}</result>\n"
    yield "</results>\n</sparql>\n"


def _element(term: Term) -> str:
    if isinstance(term, NamedNode):
        return f"<uri>{term.value.translate(_ESCAPES)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{term.value}</bnode>"
    if isinstance(term, Literal):
        attributes = ""
        if term.language:
            attributes = f' xml:lang="{term.language}"'
            if term.direction is not None:
                attributes += f' its:dir="{term.direction}"'
        elif term.datatype.value != _STRING:
            attributes = f' datatype="{_attribute(term.datatype.value)}"'
        return f"<literal{attributes}>{term.value.translate(_ESCAPES)}</literal>"
    parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
    inner = "".join(f"<{name}>{_element(part)}</{name}>" for name, part in parts.items())
    return f"<triple>{inner}</triple>"


def _text(term: Term) -> str:
    """Return all the characters of a term, as they are."""
    if isinstance(term, NamedNode | BlankNode | Literal):
        return term.value
    return _text(term.subject) + _text(term.object)


def _attribute(text: str) -> str:
    return text.translate(_ATTRIBUTE_ESCAPES)


def render_triples(result: Triples, format: str) -> Iterator[str]:  # noqa: A002 - the name that users know
    """Return triples as "turtle", "jsonld" (compacted with the shipped context) or "ntriples"."""
    lines = canonical_lines(result)
    if format == "turtle":
        from perezkg.rdf.turtle import turtle

        return turtle(lines)
    if format == "jsonld":
        from perezkg.rdf.jsonld import jsonld

        return jsonld({"": lines})
    return (line + "\n" for line in lines)
