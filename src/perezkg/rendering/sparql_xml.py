"""SPARQL Query Results XML, https://www.w3.org/TR/rdf-sparql-XMLres/, one solution a line."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from perezkg.rendering.xml_text import require_xml
from perezkg.results import Boolean, Solutions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.results import Term

_STRING = "http://www.w3.org/2001/XMLSchema#string"
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
