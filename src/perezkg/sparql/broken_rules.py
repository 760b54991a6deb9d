"""Rules of SPARQL that its grammar does not show: which one a query breaks, told where an engine tells only a place.

Asked only of a query that an engine has refused, so it may guess: what it finds is a rule that is broken.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from perezkg.sparql.tokens import Token

    Mistake = tuple[int, str, str]

_OPENS, _CLOSES = ("(", "{", "["), (")", "}", "]")


def broken_rule(tokens: Sequence[Token]) -> Mistake | None:
    """Return the place of what breaks a rule, which rule, and what to do; None when nothing is found.

    >>> from perezkg.sparql.tokens import tokenize
    >>> broken_rule(tokenize("SELECT * { ?s ?p ?o BIND(1 AS ?o) }"))[:2]
    (30, 'BIND gives ?o a value, and it has one already in this group (SPARQL 1.1, 18.2.1)')
    """
    return _bound(tokens) or _twice(tokens) or _labels(tokens) or _rows(tokens) or _stars(tokens)


def _bound(tokens: Sequence[Token]) -> Mistake | None:
    """Find `BIND(… AS ?x)` where the group has ?x before it."""
    seen: list[set[str]] = [set()]
    binding = 0
    for index, token in enumerate(tokens):
        if token.text == "{":
            seen.append(set())
        elif token.text == "}" and len(seen) > 1:
            inner = seen.pop()
            seen[-1] |= inner
        elif token.keyword == "BIND":
            binding = index
        elif token.kind == "variable":
            if binding and tokens[index - 1].keyword == "AS":
                if _name(token) in seen[-1]:
                    rule = f"BIND gives {token.text} a value, and it has one already in this group (SPARQL 1.1, 18.2.1)"
                    return token.start, rule, "Use another name."
                binding = 0
            seen[-1].add(_name(token))
    return None


def _twice(tokens: Sequence[Token]) -> Mistake | None:
    """Find a name that SELECT has twice."""
    for index, token in enumerate(tokens):
        if token.keyword != "SELECT":
            continue
        columns: set[str] = set()
        depth = 0
        for at in range(index + 1, len(tokens)):
            word = tokens[at]
            depth += (word.text in _OPENS) - (word.text in _CLOSES)
            if word.text == "{" or word.keyword in ("WHERE", "FROM"):
                break
            if word.kind == "variable" and (depth == 0 or tokens[at - 1].keyword == "AS"):
                if _name(word) in columns:
                    return word.start, f"SELECT has {word.text} twice (SPARQL 1.1, 19.8, note 13)", ""
                columns.add(_name(word))
    return None


def _labels(tokens: Sequence[Token]) -> Mistake | None:
    """Find a label of a blank node that stands in two groups."""
    groups: list[int] = []
    first: dict[str, tuple[int, ...]] = {}
    for token in tokens:
        if token.text == "{":
            groups.append(token.start)
        elif token.text == "}" and groups:
            groups.pop()
        elif token.kind == "blank" and first.setdefault(token.text, tuple(groups)) != tuple(groups):
            rule = f"{token.text} stands in two groups, and a blank node belongs to one (SPARQL 1.1, 5.1.1)"
            return token.start, rule, "Use a variable in its place."
    return None


def _rows(tokens: Sequence[Token]) -> Mistake | None:
    """Find a row of VALUES that has not as many values as there are variables."""
    for index, token in enumerate(tokens):
        if token.keyword != "VALUES" or index + 1 >= len(tokens) or tokens[index + 1].text != "(":
            continue
        at = index + 2
        while at < len(tokens) and tokens[at].kind == "variable":
            at += 1
        count = at - index - 2
        start, values = -1, 0
        for word in tokens[at + 2 :]:
            if word.text == "(":
                start, values = word.start, 0
            elif word.text == ")" and start >= 0:
                if values != count:
                    rule = f"VALUES has {count} variables, and this row {values} values (SPARQL 1.1, 10.2)"
                    return start, rule, "UNDEF stands for a value that is not given."
                start = -1
            elif word.text == "}":
                break
            elif word.kind != "language" and word.text not in ("^^", "+", "-"):
                values += 1
            elif word.text == "^^":
                values -= 1  # the datatype belongs to the string before it
    return None


def _stars(tokens: Sequence[Token]) -> Mistake | None:
    """Find `SELECT *` with GROUP BY."""
    words = [token.keyword or token.text for token in tokens]
    for index, token in enumerate(tokens):
        if token.text == "*" and words[index - 1] in ("SELECT", "DISTINCT", "REDUCED") and index:
            groups = any(words[at : at + 2] == ["GROUP", "BY"] for at in range(index, len(words)))
            if groups:
                rule = "SELECT * cannot stand with GROUP BY (SPARQL 1.1, 19.8, note 12)"
                return token.start, rule, "Name the columns: those grouped by, and (COUNT(*) AS ?n) and the like."
    return None


def _name(variable: Token) -> str:
    return variable.text[1:]
