"""ORDER BY over terms of every kind: SPARQL leaves the order of a number and a text open, and engines fill the gap.

One of them by a comparison that is no order at all: Oxigraph 0.5 may end the whole process over `ORDER BY ?value` where
the values are numbers, dates and texts. So a variable to order by becomes keys that settle first what SPARQL settles
(nothing, blank nodes, IRIs, literals), then group literals that can be compared, and then compare within the group:
numbers by value, texts by their characters, all else by type and value. What SPARQL orders, stays in that order.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perezkg.tokens import Token

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TEXT = f"(DATATYPE({{0}}) IN (<{_XSD}string>, <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>))"
# Times with and without a zone, durations of months and of days, and what is no number: each may be incomparable.
_ZONED = r'REGEX(STR({0}), "(Z|[+-][0-9][0-9]:[0-9][0-9])$")'
_GROUP = (
    'IF(isNumeric({0}), IF(STR({0}) = "NaN", "0 NaN", "0"), '
    f'IF({_TEXT}, "1", CONCAT(STR(DATATYPE({{0}})), IF({_ZONED}, " Z", ""))))'
)
# COALESCE: rdflib cannot compare with the outcome of a mistake, such as the datatype of an IRI.
_KEYS = (
    "COALESCE(IF(isBlank({0}), 0, IF(isIRI({0}), 1, 2)), -1)",
    f'COALESCE({_GROUP}, "")',
    f'COALESCE(IF({_TEXT} || DATATYPE({{0}}) = <{_XSD}duration>, STR({{0}}), ""), "")',
    'COALESCE(LANG({0}), "")',
    'COALESCE(IF(isNumeric({0}) && STR({0}) != "NaN", {0}, 0), 0)',
    'COALESCE(IF(isNumeric({0}), "", {0}), "")',
)
_CLOSING = {"(": ")", "{": "}"}


def settle_order(text: str, tokens: Sequence[Token]) -> str:
    """Return a query whose ORDER BY says of every two terms which comes first.

    Only plain variables are replaced: whoever orders by an expression has chosen what to compare.

    >>> from perezkg.tokens import tokenize
    >>> query = "SELECT ?x { ?s ?p ?x } ORDER BY STR(?x) LIMIT 3"
    >>> settle_order(query, tokenize(query)) == query
    True
    >>> query = "SELECT ?x { ?s ?p ?x } ORDER BY DESC(?x)"
    >>> settle_order(query, tokenize(query)).count("DESC(")
    6
    """
    pieces: list[str] = []
    done = 0
    for start, end, direction, variable in _variables(tokens):
        pieces += text[done:start], " ".join(f"{direction}({key.format(variable)})" for key in _KEYS)
        done = end
    return "".join([*pieces, text[done:]])


def _variables(tokens: Sequence[Token]) -> Iterator[tuple[int, int, str, str]]:
    """Yield the conditions of ORDER BY that are plain variables: start and end in the text, direction, variable."""
    position = 0
    while position + 2 < len(tokens):
        position += 1
        if tokens[position - 1].keyword != "ORDER" or tokens[position].keyword != "BY":
            continue
        position += 1
        while position < len(tokens):
            token = tokens[position]
            direction = token.keyword if token.keyword in ("ASC", "DESC") else ""
            if token.kind == "variable":
                yield token.start, token.start + len(token.text), "ASC", token.text
                position += 1
                continue
            opening = position if token.text == "(" else position + 1
            if opening >= len(tokens) or tokens[opening].text != "(":
                break  # LIMIT, the end of a group, or a mistake that the engine will tell
            closing = _closing(tokens, opening)
            if direction and closing == opening + 2 and tokens[opening + 1].kind == "variable":
                yield token.start, tokens[closing].start + 1, direction, tokens[opening + 1].text
            position = closing + 1


def _closing(tokens: Sequence[Token], opening: int) -> int:
    """Return where the bracket at a position closes; the last token where it never does."""
    depth = 0
    for position in range(opening, len(tokens)):
        text = tokens[position].text if tokens[position].kind == "mark" else ""
        depth += (text in _CLOSING) - (text in _CLOSING.values())
        if depth == 0:
            return position
    return len(tokens) - 1
