r"""Where engines depart from SPARQL 1.1: queries written so that they answer as the standard does.

REPLACE: Oxigraph takes the third argument as Rust's regular expressions do: `$1x` is a group named 1x there, which is
empty, and a backslash is no escape. In fn:replace (XPath Functions 3.1, 5.6.4) `$N` is a group, of as many digits as
there are groups, `\$` and `\\` are the characters, and whatever else is an error. So the argument goes through a
function of our own, `replacement`.

LANG: language tags are in lower case once they have been read (RDF 1.1 Concepts, 3.3, allows that), so nothing is
equal to `"en-GB"`. Where a query compares LANG with such a constant, the constant is put in lower case.

The name of a column may be used in the columns after it (SPARQL 1.1, 11.4 and 18.2.4.4). Where the query has groups,
Oxigraph refuses that, and to rdflib it has no value; there the name is replaced by what it stands for.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from pyoxigraph import Literal, NamedNode

from perezkg.errors import InputError
from perezkg.sparql.prepare import refuse_excess
from perezkg.sparql.tokens import tokenize
from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perezkg.sparql.tokens import Token

REPLACEMENT = NamedNode("urn:x-perezkg:replacement")
"""The name that `replacement` has in a query."""

_TAG = re.compile(r"""(["'])[A-Za-z0-9-]+\1""")
_PART = re.compile(r"\$([0-9]+)|\\([\\$])|([^$\\]+)")
# A bracket that a pattern captures by: not escaped, not in a class of characters, not (?:…).
_GROUP_OPENS = re.compile(r"(?:\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[^(\\\[]|\(\?)*+(\()", re.DOTALL)
_LONGEST = 20_000  # what a column may grow to, in characters
_ANOTHER_EACH_TIME = frozenset(("RAND", "UUID", "STRUUID", "BNODE"))
_OPENS, _CLOSES = frozenset("({["), frozenset(")}]")


@lru_cache(maxsize=1024)
def parts(written: str, pattern: str | None) -> tuple[int | str, ...] | None:
    r"""Return what the third argument of REPLACE is made of: texts, and numbers of groups; None where it is an error.

    Args:
        written: The argument.
        pattern: The second argument; None when it is not known, and then a group has one digit.

    >>> parts("$1x", "(b)"), parts(r"$10\$", "(b)"), parts("$10", "(1)(2)(3)(4)(5)(6)(7)(8)(9)(10)"), parts("$x", "b")
    ((1, 'x'), (1, '0', '$'), (10,), None)
    """
    groups = 9 if pattern is None else len(_GROUP_OPENS.findall(pattern))
    found: list[int | str] = []
    end = 0
    for part in _PART.finditer(written):
        if part.start() != end:
            return None
        end = part.end()
        digits, escaped, text = part.groups()
        if digits:
            most = max((size for size in range(1, min(len(digits), 4) + 1) if int(digits[:size]) <= groups), default=1)
            # A group that is not there is nothing.
            found += [int(digits[:most])] if int(digits[:most]) <= groups else []
            found += [digits[most:]] if digits[most:] else []
        else:
            found.append(escaped or text)
    return tuple(found) if end == len(written) else None


def replacement(written: object, pattern: object = None, flags: object = None) -> Literal | None:
    """Return the third argument of REPLACE as Rust writes it; None where it is an error."""
    texts = [_text(term) for term in (written, pattern, flags)]
    if texts[0] is None:
        return None
    if texts[2] and "q" in texts[2]:
        return Literal(texts[0].replace("$", "$$"))
    found = parts(texts[0], texts[1])
    if found is None:
        return None
    return Literal("".join(f"${{{part}}}" if isinstance(part, int) else part.replace("$", "$$") for part in found))


def _text(term: object) -> str | None:
    return term.value if isinstance(term, Literal) and term.datatype.value == XSD + "string" else None


def with_replacements(text: str) -> str:
    """Return a query whose REPLACE puts in what XPath has for it, where `replacement` is known by its name.

    >>> with_replacements('ASK { FILTER(REPLACE(?x, "(b)", "$1x") = "abxc") }')
    'ASK { FILTER(REPLACE(?x, "(b)", <urn:x-perezkg:replacement>("$1x", "(b)")) = "abxc") }'
    """
    tokens = tokenize(text)
    changes: list[tuple[int, str]] = []
    elsewhere = _of_services(tokens)
    for index, (token, following) in enumerate(pairwise(tokens)):
        if token.keyword != "REPLACE" or following.text != "(" or index in elsewhere:
            continue
        arguments = _arguments(tokens, index + 1)
        if not 3 <= len(arguments) <= 4 or not all(arguments):
            continue
        # Said twice, a pattern with REPLACE in it would double with each REPLACE around it.
        others = [_written(text, words) for words in (arguments[1], *arguments[3:])]
        nested = any(word.keyword == "REPLACE" for words in (arguments[1], *arguments[3:]) for word in words)
        start, last = arguments[2][0].start, arguments[2][-1]
        changes.append((start, f"{REPLACEMENT}("))
        changes.append((last.start + len(last.text), ")" if nested else f", {', '.join(others)})"))
    for at, instead in sorted(changes, reverse=True):
        text = text[:at] + instead + text[at:]
    return text


def with_tags_in_lower_case(text: str) -> str:
    """Return a query in which what LANG gives is compared with constants in lower case; nothing changes its place.

    What counts is LANG(…), in brackets, in STR(…) or by a name that it is given, beside `=`, `!=`, IN or NOT IN.

    >>> with_tags_in_lower_case("ASK { ?s ?p ?o FILTER('en-GB' = LANG(?o) || str(lang(?o)) NOT IN ('EN')) }")
    "ASK { ?s ?p ?o FILTER('en-gb' = LANG(?o) || str(lang(?o)) NOT IN ('en')) }"
    """
    tokens = tokenize(text)
    elsewhere = _of_services(tokens)
    spans = []
    for index, (token, following) in enumerate(pairwise(tokens)):
        if token.keyword == "LANG" and following.text == "(":
            spans.append(_widened(tokens, index, index + len(_inside(tokens, index + 1)) + 2))
    names = {tokens[end + 2].text[1:] for _, end in spans if end + 2 < len(tokens) and tokens[end + 1].keyword == "AS"}
    spans += [
        _widened(tokens, index, index)
        for index, token in enumerate(tokens)
        if token.kind == "variable" and token.text[1:] in names
    ]
    pieces = list(text)
    for start, end in spans:
        if start in elsewhere:
            continue
        after = [token.keyword or token.text for token in tokens[end + 1 : end + 3]]
        constants = []
        if after[:1] in (["="], ["!="]):
            constants = tokens[end + 2 : end + 3]
        elif after[:1] == ["IN"] or after == ["NOT", "IN"]:
            constants = _inside(tokens, end + 1 + len([word for word in after if word in ("IN", "NOT")]))
        if start > 1 and tokens[start - 1].text in ("=", "!="):
            constants = [*constants, tokens[start - 2]]
        for constant in constants:
            if constant.kind == "string" and _TAG.fullmatch(constant.text):
                pieces[constant.start : constant.start + len(constant.text)] = constant.text.lower()
    return "".join(pieces)


def _widened(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """Return the first and the last token of a term with the brackets, and STR, around it alone."""
    while start and end + 1 < len(tokens) and tokens[start - 1].text == "(" and tokens[end + 1].text == ")":
        called = start > 1 and tokens[start - 2].kind in ("name", "iri") and tokens[start - 2].keyword != "FILTER"
        if called and tokens[start - 2].keyword != "STR":
            break
        start, end = start - 1 - called, end + 1
    return start, end


def _of_services(tokens: Sequence[Token]) -> set[int]:
    """Return the indices of tokens in what another store is asked, which reads in its own way."""
    found: set[int] = set()
    for index, token in enumerate(tokens):
        if token.keyword == "SERVICE" and index not in found:
            opening = next((at for at in range(index, len(tokens)) if tokens[at].text == "{"), index)
            found.update(range(index, opening + len(_inside(tokens, opening)) + 1))
    return found


def with_columns_written_out(text: str) -> str | None:
    """Return a query whose columns use no names of columns before them; None where that cannot be done.

    >>> with_columns_written_out("SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) { VALUES ?x { 1 2 } }")
    'SELECT (COUNT(*) AS ?n) ((COUNT(*)) + 1 AS ?m) { VALUES ?x { 1 2 } }'
    """
    tokens = tokenize(text)
    changes: dict[int, tuple[int, str]] = {}
    for index, token in enumerate(tokens):
        if token.keyword != "SELECT":
            continue
        known: dict[str, str] = {}
        for words in _columns(tokens, index + 1):
            pieces, done, braces = [], words[0].start, 0
            for at, word in enumerate(words[:-2]):
                braces += (word.text == "{") - (word.text == "}")
                if word.kind != "variable" or word.text[1:] not in known or braces:
                    continue
                whole = known[word.text[1:]]
                start, end = word.start, word.start + len(word.text)
                if at > 1 and words[at - 2].keyword == "BOUND":  # it takes a name and nothing else
                    start, end = words[at - 2].start, words[at + 1].start + 1
                    whole = f"COALESCE(sameTerm({whole}, {whole}), false)"
                pieces += [text[done:start], whole]
                done = end
            end = words[-2].start  # AS
            pieces.append(text[done:end])
            expression = "".join(pieces).strip()
            if done != words[0].start:
                changes[words[0].start] = (end, expression + " ")
            if not any(word.keyword in _ANOTHER_EACH_TIME for word in words):
                known[words[-1].text[1:]] = f"({expression})"
            if len(expression) > _LONGEST:
                return None
    if not changes:
        return None
    for start in sorted(changes, reverse=True):
        end, instead = changes[start]
        text = text[:start] + instead + text[end:]
    try:
        refuse_excess(text, tokenize(text))
    except InputError:
        return None
    return text


def _columns(tokens: Sequence[Token], at: int) -> Iterable[list[Token]]:
    """Yield the words of each `(… AS ?name)` of a SELECT, without the brackets around them."""
    while at < len(tokens) and tokens[at].text != "{" and tokens[at].keyword not in ("WHERE", "FROM"):
        if tokens[at].text == "(":
            words = _inside(tokens, at)
            if len(words) > 2 and words[-2].keyword == "AS" and words[-1].kind == "variable":
                yield words
            at += len(words) + 1
        at += 1


def _arguments(tokens: Sequence[Token], opening: int) -> list[list[Token]]:
    """Return the words of each argument of a call, whose bracket opens at a position."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in _inside(tokens, opening):
        depth += (token.text in _OPENS) - (token.text in _CLOSES)
        if token.text == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    return found


def _inside(tokens: Sequence[Token], opening: int) -> list[Token]:
    """Return what stands in a bracket that opens at a position."""
    depth = 0
    for at in range(opening, len(tokens)):
        depth += (tokens[at].text in _OPENS) - (tokens[at].text in _CLOSES)
        if depth == 0:
            return list(tokens[opening + 1 : at])
    return list(tokens[opening + 1 :])


def _written(text: str, words: Sequence[Token]) -> str:
    return text[words[0].start : words[-1].start + len(words[-1].text)]
