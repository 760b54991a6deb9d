"""Oxigraph's complaints about a query that it cannot read, made readable.

It reports the farthest character that any rule of its grammar looked at, and the thirty things that those rules wanted.
A rule for a keyword looks as many characters ahead as the keyword has, whatever they are, so the place is often far
behind the mistake; knowing the keywords, the true place is counted back from it.
"""

from __future__ import annotations

import re

from pyoxigraph import Store

from perezkg.sparql.tokens import Token, error_at, tokenize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from perezkg.errors import SparqlSyntaxError
    from perezkg.sparql.prepare import Prepared

_LONGEST_KEYWORD = 20
_SENTENCES = {
    "The SELECT contains a variable that is unbound": "a column of SELECT is neither grouped by nor aggregated",
    "The SELECT overrides an existing variable using an expression": "the variable after AS has a value already",
    "IRI parsing failed": "this is not a valid IRI",
    "Prefix not found": "the prefix is not declared",
}
_CLOSING = {")": "(", "}": "{", "]": "["}


def syntax_error(query: Prepared, error: SyntaxError) -> SparqlSyntaxError:
    """Return the error with the place in the text as it was written, and what is wrong there in a few words."""
    text = query.written
    tokens = tokenize(text)
    if not tokens:
        return error_at(text, 0, "the query is empty", path=query.path)
    found = _unfinished(tokens) or _from_engine(query, tokens, error)
    offset, message, hint = found
    return error_at(text, offset, f"not valid SPARQL: {message}", path=query.path, hint=hint)


def _unfinished(tokens: list[Token]) -> tuple[int, str, str] | None:
    """Return the place of a string or bracket that has no end."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind != "mark":
            continue
        if token.text in "\"'":
            return token.start, "this string does not end", "Close it with the same quotation mark on the same line."
        if token.text in "({[":
            opened.append(token)
        elif token.text in _CLOSING:
            if not opened or opened[-1].text != _CLOSING[token.text]:
                return token.start, f"there is no {_CLOSING[token.text]} for this {token.text} to close", ""
            opened.pop()
    if opened:
        return opened[-1].start, f"this {opened[-1].text} is never closed", ""
    return None


def _from_engine(query: Prepared, tokens: list[Token], error: SyntaxError) -> tuple[int, str, str]:
    # Spaces at the end keep the look ahead for keywords inside the text, where it can be counted back.
    try:
        Store().query(query.offline + " " * _LONGEST_KEYWORD)
    except SyntaxError as padded:
        error = padded
    match = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", str(error.msg), re.DOTALL)
    if not match:
        return tokens[0].start, str(error.msg), ""
    offset = _offset(query.text, int(match[1]), int(match[2])) - query.shift
    told = [ours for theirs, ours in _SENTENCES.items() if theirs in match[3]]
    if told:
        if told[0] == _SENTENCES["IRI parsing failed"]:
            return _snap(tokens, offset - 1)[0], told[0], ""
        # These are found at the end of a clause; the SELECT is what they are about.
        return next((token.start for token in tokens if token.keyword == "SELECT"), 0), told[0], ""
    wanted = match[3].replace("[_]", "")
    signs = [sign.replace('\\"', '"') for sign in re.findall(r'"((?:[^"\\]|\\.)+)"', wanted)]
    keywords = re.findall(r"\b[A-Za-z][A-Za-z0-9_]+\b", re.sub(r'\[[^\]]*\]|"(?:[^"\\]|\\.)+"', "", wanted))
    digits = "['0'..='9']" in wanted and "'A'" not in wanted
    if keywords and not signs and not digits:
        offset -= min(map(len, keywords))
    start, token = _snap(tokens, offset)
    what = "the query ends too early" if token is None else f"{token.text} cannot stand here"
    if token is None:
        start = tokens[-1].start + len(tokens[-1].text)
    expected = "a number" if digits else " or ".join(signs) if 0 < len(signs) <= 3 else ""
    return start, what + (f"; expected {expected}" if expected else ""), _hint(tokens, token)


def _offset(text: str, line: int, column: int) -> int:
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    return starts[min(line, len(starts)) - 1] + column - 1


def _snap(tokens: list[Token], offset: int) -> tuple[int, Token | None]:
    """Return the start of the token at an offset or next after it; None for the token when there is none."""
    for token in tokens:
        if offset < token.start + len(token.text):
            return token.start, token
    return offset, None


def _hint(tokens: list[Token], token: Token | None) -> str:
    if tokens[0].keyword == "SELECT":
        for other in tokens:
            if other.text == "," and token is not None and token.start <= other.start:
                return "Columns are separated by spaces, without commas: SELECT ?a ?b."
            if other.text in ("(", "{"):
                if other.text == "(" and token is not None and token.keyword in ("COUNT", "SUM", "MIN", "MAX", "AVG"):
                    return f"An expression needs brackets and a name: ({token.text}(…) AS ?name)."
                break
    return ""
