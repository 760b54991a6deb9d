"""Where an engine answers otherwise than SPARQL 1.1 says: a table with a row for each, shown in docs/engines.md.

What can be mended is mended (`perezkg.sparql.departures`, `perezkg.sparql.rdflib_algebra`); this is what is left. Each
row has a question that shows it, which the tests ask: a row whose engine has learned better must leave the table.
"""

from __future__ import annotations

import re
from itertools import combinations

from perezkg.sparql.tokens import tokenize
from perezkg.vocabulary import PREFIXES, RDF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perezkg.sparql.tokens import Token

_HELD = "ASK { { <> ?b ?c } UNION { ?a <> ?c } UNION { ?a ?b <> } }"
ENGINE_TITLES = {"oxigraph": "Oxigraph", "rdflib": "rdflib"}


class Difference:
    """A difference between an engine and the standard.

    Attributes:
        what: What the engine does.
        engines: The engines that do.
        standard: Where the standard says otherwise.
        question: A query that shows it.
        right: What the first cell of its answer should hold; None for nothing.
        form: What a query in which it may change the answer looks like, as its words with a space between; such a
            query gets a notice. Empty where the engine says by itself that it cannot answer.
        when: When the data make a difference, a key of `_WHEN`; else empty.
        silent: Whether the engine answers at all, rather than with an error.
    """

    __slots__ = ("engines", "form", "question", "right", "silent", "standard", "what", "when")

    def __init__(
        self,
        what: str,
        engines: str,
        standard: str,
        question: str,
        right: str | None,
        form: str = "",
        *,
        when: str = "",
        silent: bool = True,
    ) -> None:
        self.what = what
        self.engines = tuple(engines.split())
        self.standard = standard
        self.question = question
        self.right = right
        self.form = form
        self.when = when
        self.silent = silent


_CASTS = "(?:xsd:|<http://www.w3.org/2001/XMLSchema#)"
_TRUTH = r"FILTER \( [?$]\w+ \)|! [?$]\w+|IF \( [?$]\w+ ,|(?:&&|\|\|) [?$]\w+ (?:\)|&&|\|\|)|[(] [?$]\w+ (?:&&|\|\|)"
# What a sign of repetition stands behind, in a path: neither SELECT * nor a product.
_STEP = r"(?<!\S)(?![?$\"'0-9]|(?:SELECT|DISTINCT|REDUCED|DESCRIBE) )\S*[\w:>)]"
_CONCATENATED = r"GROUP_CONCAT \( (?:DISTINCT )?(?!STR \()"

DIFFERENCES = (
    Difference(
        "a path that may have no length does not lead from a term to itself where the data do not hold the term",
        "oxigraph",
        "SPARQL 1.1, 18.4, ZeroLengthPath: a term of the pattern is always an end",
        "ASK { <http://example.org/none> <http://example.org/p>* ?x }",
        "true",
        rf"{_STEP} [*?] (?![0-9.+(-])",
        when="unknown",
    ),
    Difference(
        "a path of alternatives finds each end once",
        "oxigraph",
        "SPARQL 1.1, 18.4: the union of both, with duplicates",
        "SELECT (COUNT(*) AS ?n) { ex:b (ex:q|ex:q) ex:a }",
        "2",
        r" \| ",
        when="doubled",
    ),
    Difference(
        "BNODE(text) is the same node in all solutions",
        "oxigraph rdflib",
        "SPARQL 1.1, 17.4.2.9: distinct blank nodes in different solutions",
        'SELECT (COUNT(DISTINCT ?b) AS ?n) { VALUES ?x { 1 2 } BIND(BNODE("a") AS ?b) }',
        "2",
        r"BNODE \( (?!\))",
    ),
    Difference(
        "GROUP_CONCAT keeps the language that all strings have",
        "oxigraph",
        "SPARQL 1.1, 18.5.1.7: a simple literal",
        'SELECT (LANG(GROUP_CONCAT(?x)) AS ?n) { VALUES ?x { "a"@en "b"@en } }',
        "",
        _CONCATENATED,
    ),
    Difference(
        "GROUP_CONCAT has no value where one of its terms is no string",
        "oxigraph",
        "SPARQL 1.1, 11.3 and 18.5.1.7: the example joins all terms; GROUP_CONCAT(STR(…)) is alike everywhere",
        'SELECT (GROUP_CONCAT(?x) AS ?n) { VALUES ?x { "a" 1 } }',
        "a 1",
        _CONCATENATED,
    ),
    Difference(
        "GRAPH ?g around VALUES, a subquery or MINUS is not asked graph by graph",
        "oxigraph",
        "SPARQL 1.1, 18.6, Evaluation of a Graph Pattern",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { VALUES ?x { 1 } } }",
        "0",
        r"GRAPH [?$]\w+ \{ .*?\b(?:VALUES|SELECT|MINUS)\b",
    ),
    Difference(
        "truth values have no order",
        "oxigraph",
        "SPARQL 1.1, 17.3: A < B for xsd:boolean",
        "SELECT (true > false AS ?n) {}",
        "true",
        r"[<>]=? (?:true|false)\b|\b(?:true|false) [<>]",
    ),
    Difference(
        "a string with a language is neither true nor false",
        "oxigraph",
        "SPARQL 1.1, 17.2.2: a plain literal is true unless it is empty",
        'SELECT (IF("x"@en, 1, 2) AS ?n) {}',
        "1",
        rf'{_TRUTH}|! ["\']|IF \( ["\']|FILTER \( ["\']',
    ),
    Difference(
        "a number or truth value that is none is an error where it stands for true or false",
        "oxigraph",
        "SPARQL 1.1, 17.2.2: an invalid lexical form is false",
        'SELECT (!"x"^^xsd:boolean AS ?n) {}',
        "true",
        rf'{_TRUTH}|! ["\']',
    ),
    Difference(
        "spaces around a string that is cast make an error",
        "oxigraph",
        "SPARQL 1.1, 17.5; XPath Functions 3.1, 19.2: white space is collapsed",
        'SELECT (xsd:integer(" 12 ") AS ?n) {}',
        "12",
        rf'{_CASTS}\w+>? \( (?:"\s|\'\s|"[^"]*\s" \))',
    ),
    Difference(
        'the texts "infinity", "inf" and "nan" are cast to numbers',
        "oxigraph",
        "SPARQL 1.1, 17.5; XML Schema 1.1, 3.3.4.2: INF and NaN",
        'SELECT (xsd:double("infinity") AS ?n) {}',
        None,
        rf'(?i:{_CASTS}(?:double|float)>? \( ["\'][+-]?(?:inf|nan))',
    ),
    Difference(
        "IN () is an error where the left side is a constant that is no literal",
        "oxigraph",
        "SPARQL 1.1, 17.4.1.9: a list without members holds nothing",
        "SELECT (<http://example.org/a> IN () AS ?n) {}",
        "false",
        r"IN \( \)",
    ),
    Difference(
        "whole numbers beyond 64 bits, and decimals beyond 18 places, have no value",
        "oxigraph",
        "XPath Functions 3.1, 4.2: a limit that an implementation may have, but others do not",
        "SELECT (9223372036854775807 + 1 AS ?n) {}",
        "9223372036854775808",
        r"\b[0-9]{19,}\b|\.[0-9]{19,}\b",
    ),
    Difference(
        "xsd:float is calculated with the digits of xsd:double",
        "rdflib",
        "XPath Functions 3.1, 4.2: 32 bits",
        "SELECT (STR(xsd:float(0.7) * xsd:float(0.1)) AS ?n) {}",
        "0.07",
        rf"{_CASTS}float",
    ),
    Difference(
        "ROUND, CEIL and FLOOR lose the sign of a zero",
        "rdflib",
        "XPath Functions 3.1, 4.4: the negative zero of xsd:double",
        "SELECT (STR(ROUND(-0e0)) AS ?n) {}",
        "-0",
        r"(?:ROUND|CEIL|FLOOR) \(",
    ),
    Difference(
        "casts to datatypes that SPARQL 1.1 does not name have no value",
        "rdflib",
        "SPARQL 1.1, 17.5: an extension of other engines",
        'SELECT (xsd:date("2004-02-29") AS ?n) {}',
        "2004-02-29",
        rf"{_CASTS}(?!string\b|boolean\b|integer\b|decimal\b|float\b|double\b|dateTime\b)\w+>? \(",
    ),
    Difference(
        "the difference of two dates is an xsd:duration, not an xsd:dayTimeDuration",
        "rdflib",
        "XPath Functions 3.1, 9.7; SPARQL 1.1 has no such difference",
        'SELECT (DATATYPE(?x - ?x) = xsd:dayTimeDuration AS ?n) { VALUES ?x { "2004-02-29T00:00:00Z"^^xsd:dateTime } }',
        "true",
        rf" - .*{_CASTS}date|{_CASTS}date.* - ",
    ),
    Difference(
        "classes of characters are subtracted in another way",
        "oxigraph rdflib",
        "XML Schema 1.1, G.4.1: [a-c-[b]]",
        'SELECT (REGEX("a", "^[a-c-[b]]$") && !REGEX("b", "^[a-c-[b]]$") AS ?n) {}',
        "true",
        r"(?:REGEX|REPLACE) \(.*-\[",
    ),
    Difference(
        "an inverse path in a negated set is refused",
        "rdflib",
        "SPARQL 1.1, 9.1",
        "ASK { ?s !(^<http://example.org/p>) ?o }",
        "true",
        silent=False,
    ),
    Difference(
        "GROUP BY of an expression without a name is refused",
        "rdflib",
        "SPARQL 1.1, 19.8: GroupCondition",
        "SELECT (COUNT(*) AS ?n) { VALUES ?x { 1 2 } } GROUP BY (?x > 0)",
        "2",
        silent=False,
    ),
)
"""What is not mended."""


def words(text: str) -> str:
    """Return the words of a query with one space between them.

    >>> words("SELECT*{ ?s ex:p? ?o }  # so")
    'SELECT * { ?s ex:p ? ?o }'
    """
    return " ".join(token.text for token in tokenize(text))


def differing(text: str, engine: str) -> Iterator[Difference]:
    """Yield the differences that may change what an engine answers to a query without saying so."""
    written = words(text)
    for row in DIFFERENCES:
        if engine in row.engines and row.form and re.search(row.form, written, re.IGNORECASE):
            yield row


def notices(text: str, engine: str, ask: Callable[[str], object]) -> list[str]:
    """Return what a reader of an answer should know.

    Args:
        text: The query.
        engine: The engine that was asked.
        ask: Answers an ASK query from the data.

    >>> notices("SELECT (BNODE('a') AS ?b) {}", "oxigraph", bool)
    ['with Oxigraph, BNODE(text) is the same node in all solutions (SPARQL 1.1, 17.4.2.9)']
    """
    found = []
    for row in differing(text, engine):
        examples = iter(_WHEN[row.when](text, ask) if row.when else [""])
        if (example := next(examples, None)) is not None:
            which = f", such as {example}" if example else ""
            found.append(f"with {ENGINE_TITLES[engine]}, {row.what}{which} ({row.standard.partition(':')[0]})")
    return found


def _unknown(text: str, ask: Callable[[str], object]) -> Iterator[str]:
    """Yield the IRIs of a query that the data do not hold."""
    for token, iri in _named(text):
        if iri and token.text != "a" and not ask(_HELD.replace("<>", iri)):
            yield iri


def _doubled(text: str, ask: Callable[[str], object]) -> Iterator[str]:
    """Yield alternatives that lead from one node to the same node; nothing to say where only the answer could tell."""
    written = " ".join(iri or ('""' if token.kind == "string" else token.text) for token, iri in _named(text))
    if " | " in _ALTERNATIVES.sub("", written):
        yield ""
    for found in _ALTERNATIVES.finditer(written):
        if found["before"] in "/^|":
            yield ""
        if found["before"] == "!":  # a set, in which each predicate leads to its own ends
            continue
        for one, other in combinations(found["names"].split(" | "), 2):
            if one == other or ask(f"ASK {{ ?x {one} ?y ; {other} ?y }}"):
                yield f"{one}|{other}"


# Alternatives that are predicates, and no part of a longer path.
_ALTERNATIVES = re.compile(r"(?P<before>\S) (?:\( )*+(?P<names><\S+>(?: \| <\S+>)++)(?: \))*+(?! [/|*+?](?!\S))")
_WHEN = {"unknown": _unknown, "doubled": _doubled}


def _named(text: str) -> Iterator[tuple[Token, str]]:
    """Yield the tokens of a query, each with the IRI that it stands for, in brackets, or an empty string."""
    tokens = tokenize(text)
    prefixes = dict(PREFIXES)
    for at, token in enumerate(tokens):
        if token.keyword == "PREFIX" and at + 2 < len(tokens):
            prefixes[tokens[at + 1].text[:-1]] = tokens[at + 2].text[1:-1]
        prefix, colon, local = token.text.partition(":")
        if at > 0 and (tokens[at - 1].keyword in ("PREFIX", "BASE") or tokens[at - 2].keyword == "PREFIX"):
            continue
        iri = ""
        if token.kind == "iri":
            iri = token.text
        elif token.text == "a":
            iri = f"<{RDF}type>"
        elif token.kind == "name" and colon and prefix in prefixes:
            iri = f"<{prefixes[prefix]}{local}>"
        yield token, iri
