"""Answers as the W3C writes them: CSV, TSV, JSON and XML for tables, RDF for triples; a line a solution.

CSV carries the bare text of each term, for spreadsheets; TSV carries whole terms in Turtle form. A cell that begins
with `=` is written as it is: the format has no way to defuse it, so open an answer from strangers as text.
CSV is what a pipe gets, so nothing is imported here but what every query loads anyway.
"""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from perezkg.rdf.terms import as_json, as_text, as_turtle, bare_number
from perezkg.sparql.formats import csv_field, csv_record
from perezkg.sparql.results import Boolean, Solutions
from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.rdf.terms import Term
    from perezkg.sparql.results import Triples

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
_DIRECTION_HEAD = _HEAD.replace("<sparql ", '<sparql xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0" ')
# A bare carriage return would be read back as a line feed.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})
_ATTRIBUTE_ESCAPES = _ESCAPES | str.maketrans({"\n": "&#10;", "\t": "&#9;"})


def csv(answer: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as CSV, one record a piece, ended by CR LF."""
    if isinstance(answer, Boolean):
        yield f"{answer.word}\r\n"
        return
    yield csv_record(answer.variables)
    for fields in answer.texts(lambda term: csv_field(as_text(term, str)), csv_field):
        yield ",".join(fields) + "\r\n"


def tsv(answer: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as TSV, one record a piece, ended by LF."""
    if isinstance(answer, Boolean):
        yield f"{answer.word}\n"
        return
    yield "\t".join(["?" + variable for variable in answer.variables]) + "\n"
    # Turtle in the form of N-Triples escapes tabs and line ends, which is what TSV asks for.
    for fields in answer.texts(lambda term: "" if term is None else bare_number(as_turtle(term)), "<{}>".format):
        yield "\t".join(fields) + "\n"


def json(answer: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as SPARQL JSON; each solution is a line of its own, so that a reader can begin early."""
    if isinstance(answer, Boolean):
        yield f'{{"head":{{}},"boolean":{answer.word}}}\n'
        return
    from json import JSONEncoder, dumps

    encoded = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    yield '{"head":{"vars":' + dumps(answer.variables, ensure_ascii=False) + '},"results":{"bindings":['

    def cell(term: Term | None) -> str:
        return "" if term is None else encoded(as_json(term))

    def iri(text: str) -> str:
        return f'{{"type":"uri","value":{encoded(text)}}}'

    names = [dumps(name, ensure_ascii=False) + ":" for name in answer.variables]
    separator = "\n{"
    for cells in answer.texts(cell, iri):
        yield separator + ",".join([name + text for name, text in zip(names, cells, strict=True) if text]) + "}"
        separator = ",\n{"
    yield "\n]}}\n"


def xml(answer: Solutions | Boolean) -> Iterator[str]:
    """Return an answer as SPARQL XML.

    Raises:
        UnknownFormatError: A value holds a control character that XML cannot carry. Checked before the first piece,
            so that nothing half written goes out.
    """
    directed = False
    if isinstance(answer, Solutions):
        from perezkg.output import require_xml

        def look(term: Term | None) -> None:
            nonlocal directed
            if term is not None:
                require_xml(_text(term), "Ask for json, tsv or csv instead.")
                directed |= isinstance(term, Literal) and term.direction is not None

        for _ in answer.texts(look):
            pass
    return _pieces(answer, directed=directed)


def _pieces(answer: Solutions | Boolean, *, directed: bool) -> Iterator[str]:
    if isinstance(answer, Boolean):
        yield f"{_HEAD}<head/>\n<boolean>{answer.word}</boolean>\n</sparql>\n"
        return
    variables = "".join(f'<variable name="{_attribute(name)}"/>' for name in answer.variables)
    yield f"{_DIRECTION_HEAD if directed else _HEAD}<head>{variables}</head>\n<results>\n"
    names = [f'<binding name="{_attribute(name)}">' for name in answer.variables]
    for elements in answer.texts(lambda term: "" if term is None else _element(term)):
        cells = [f"{name}{text}</binding>" for name, text in zip(names, elements, strict=True) if text]
        yield f"<result>{''.join(cells)}</result>\n"
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
        elif term.datatype.value != XSD + "string":
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


def turtle(answer: Triples) -> Iterator[str]:
    """Yield triples as Turtle, one subject a piece."""
    from perezkg.rdf.turtle import turtle as document

    return document(answer.lines)


def jsonld(answer: Triples) -> Iterator[str]:
    """Yield triples as JSON-LD, compacted with the shipped context."""
    from perezkg.rdf.jsonld import jsonld as document

    return document({"": answer.lines})


def ntriples(answer: Triples) -> Iterator[str]:
    """Yield triples as canonical N-Triples, one line a piece."""
    return (line + "\n" for line in answer.lines)
