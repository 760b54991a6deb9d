"""Queries to fuzz: made from SPARQL's grammar, or mutants of those that are shipped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tests.fuzz.mutating import mutated
from tests.recording.running import ROOT

if TYPE_CHECKING:
    from random import Random

_VARIABLES = ("?a", "?b", "?c", "?d", "$a")
_TERMS: tuple[str, ...] = (
    "ex:a",
    "ex:b",
    "ex:p",
    "<x>",
    "1",
    "1.5",
    "1e0",
    "-2",
    "true",
    '"x"',
    '"x"@en',
    '"2004-02-29"^^xsd:date',
    "_:n",
    "[]",
    "a",
    "ex:C",
    '""',
)
_TERMS += (
    "rdf:type",
    "rdfs:label",
    "sport:Person",
    "( 1 ?a )",
    "[ ex:p ?b ]",
    "<<( ex:a ex:p ?c )>>",
    '"NaN"^^xsd:double',
    '"z"^^xsd:integer',
)
_FUNCTIONS = {
    0: "NOW RAND UUID STRUUID BNODE",
    1: """
        STR LANG LANGMATCHES DATATYPE IRI URI BNODE ABS CEIL FLOOR ROUND STRLEN UCASE LCASE ENCODE_FOR_URI
        YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ MD5 SHA1 SHA256 SHA384 SHA512 ISIRI ISBLANK
        ISLITERAL ISNUMERIC BOUND CONCAT COALESCE SUBJECT PREDICATE OBJECT ISTRIPLE xsd:integer xsd:date
        xsd:dateTime xsd:boolean xsd:string xsd:decimal xsd:double ex:unknown LANGDIR
    """,
    2: """
        LANGMATCHES CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER SUBSTR STRLANG STRDT SAMETERM REGEX CONCAT
        COALESCE STRLANGDIR
    """,
    3: "IF SUBSTR REGEX REPLACE COALESCE CONCAT TRIPLE",
    4: "REPLACE CONCAT",
}
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_OPERATORS = ("+", "-", "*", "/", "=", "!=", "<", ">", "<=", ">=", "&&", "||")
_ODD = ('"(a|a)*$"', '"["', '"$1"', '"\\\\0"', '"i"', '"q"', "1e400", "0", '"zz-"', "-1", "99999999999999999999")


@cache
def shipped() -> dict[str, bytes]:
    """Return the canned queries by their names."""
    return {path.stem: path.read_bytes() for path in sorted((ROOT / "queries").glob("*.rq"))}


class _Maker:
    """Makes queries from the grammar: their scopes and types are mostly wrong, their syntax is mostly right."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def any(self, *choices: str) -> str:
        return self.random.choice(choices)

    def term(self) -> str:
        return self.any(*_VARIABLES) if self.random.random() < 0.55 else self.any(*_TERMS)

    def path(self, depth: int = 0) -> str:
        what = self.random.randrange(12)
        if depth > 3 or what < 6:
            return self.any("ex:p", "ex:q", "a", "rdfs:label", *(() if depth else ("?p", "?a")))
        inner = self.path(depth + 1)
        if what < 8:
            return f"({inner}){self.any('*', '+', '?')}"
        if what == 8:
            return f"^({inner})"
        if what == 9:
            return f"!({self.any('ex:p', '^ex:q', 'a|^a')})"
        return f"({inner}{self.any('/', '|')}{self.path(depth + 1)})"

    def expression(self, depth: int = 0) -> str:
        what = self.random.randrange(14)
        if depth > 3 or what < 4:
            return self.any(*_VARIABLES, *_TERMS[:13], *_ODD)
        if what < 9:
            count = self.random.choice((0, 1, 1, 2, 2, 3, 3, 4))
            inner = ", ".join(self.expression(depth + 1) for _ in range(count))
            return f"{self.any(*_FUNCTIONS[count].split())}({inner})"
        if what < 12:
            return f"({self.expression(depth + 1)} {self.any(*_OPERATORS)} {self.expression(depth + 1)})"
        if what == 12:
            return f"{self.any('!', '-', '+')}({self.expression(depth + 1)})"
        inner = self.any(f"IN ({self.expression(depth + 1)}, {self.expression(depth + 1)})", "NOT IN ()")
        exists = f"{self.any('', 'NOT ')}EXISTS {self.group(3)}"
        return self.any(f"({self.expression(depth + 1)} {inner})", exists)

    def aggregate(self) -> str:
        name = self.any(*_AGGREGATES)
        inner = self.any("*", self.expression(2)) if name == "COUNT" else self.expression(2)
        end = self.any("", ' ; SEPARATOR = "|"') if name == "GROUP_CONCAT" else ""
        return f"{name}({self.any('', 'DISTINCT ')}{inner}{end})"

    def triples(self) -> str:
        extra = self.any("", "", f", {self.term()}", f" ; {self.path()} {self.term()}", " {| ex:p ?d |}", " ~ ?r")
        return f"{self.term()} {self.path()} {self.term()}{extra} ."

    def element(self, depth: int) -> str:
        what = self.random.randrange(15 if self.random.random() < 0.8 else 16)
        if depth > 3 or what < 6:
            return self.triples()
        group = self.group(depth + 1)
        if what == 6:
            return f"OPTIONAL {group}"
        if what == 7:
            return f"{group} UNION {self.group(depth + 1)}"
        if what == 8:
            return f"MINUS {group}"
        if what in (9, 10):
            return f"FILTER({self.expression()})"
        if what == 11:
            return f"BIND({self.expression()} AS {self.any(*_VARIABLES, '?new')})"
        if what == 12:
            return self.values()
        if what == 13:
            return f"GRAPH {self.any('?g', 'ex:g', '?a')} {group}"
        if what == 14:
            return f"{{ {self.select(depth + 2)} }}"
        return (
            f"SERVICE {self.any('', 'SILENT ')}{self.any('<http://{nobody}/>', '<http://{host}/sparql>', '?a')} {group}"
        )

    def values(self) -> str:
        row = self.any("(1 ex:a)", '(UNDEF "x"@en)', "(<x>)", "(true UNDEF) (1 2)", "")
        return self.any(f"VALUES ({self.any('?a ?b', '?c ?c', '?a')}) {{ {row} }}", "VALUES ?a { 1 UNDEF ex:a }")

    def group(self, depth: int = 0) -> str:
        return f"{{ {' '.join(self.element(depth) for _ in range(self.random.choice((0, 1, 1, 2, 2, 3))))} }}"

    def modifiers(self) -> str:
        parts = []
        if self.random.random() < 0.25:
            parts.append(f"GROUP BY {self.any(*_VARIABLES, f'({self.expression(2)} AS ?key)', 'STR(?a)')}")
        if self.random.random() < 0.1:
            parts.append(f"HAVING ({self.any(self.aggregate() + ' > 1', self.expression(2))})")
        if self.random.random() < 0.3:
            parts.append(f"ORDER BY {self.any('?a', 'DESC(?b) ?c', f'ASC({self.expression(2)})', self.aggregate())}")
        if self.random.random() < 0.2:
            parts.append(self.any("LIMIT 3", "LIMIT 0", "OFFSET 1", "LIMIT 1 OFFSET 99999999999999999999"))
        if self.random.random() < 0.1:
            parts.append(self.values())
        return " ".join(parts)

    def select(self, depth: int = 0) -> str:
        columns = " ".join(
            self.any(*_VARIABLES, f"({self.expression(1)} AS ?e{number})", f"({self.aggregate()} AS ?n{number})")
            for number in range(self.random.choice((1, 1, 2, 3)))
        )
        head = f"SELECT {self.any('', '', 'DISTINCT ', 'REDUCED ')}{self.any('*', columns)}"
        return f"{head} {self.any('', 'WHERE ')}{self.group(depth)} {self.modifiers()}"

    def query(self) -> str:
        prologue = self.any(
            "", "", "BASE <http://example.org/> ", "PREFIX ex: <http://example.org/other#> ", "# so\n", 'VERSION "1.2" '
        )
        prologue += "PREFIX ex: <http://example.org/> " if self.random.random() < 0.95 else ""
        what = self.random.randrange(12)
        if what < 8:
            return prologue + self.select()
        if what == 8:
            return f"{prologue}ASK {self.any('', '', '', '', '', '', 'FROM <x> ')}{self.group()}"
        if what == 9:
            return f"{prologue}DESCRIBE {self.any('*', 'ex:a', '?a ?b')} {self.any(self.group(), '')}"
        if what == 10:
            return f"{prologue}CONSTRUCT WHERE {{ {self.triples()} }} {self.modifiers()}"
        template = f"{self.triples()} {self.any('', self.triples())}"
        return f"{prologue}CONSTRUCT {{ {template} }} WHERE {self.group()} {self.modifiers()}"


def query(random: Random) -> str:
    """Return the text of a query; `{host}` and `{nobody}` stand for stores."""
    what = random.random()
    if what < 0.6:
        return _Maker(random).query()
    if what < 0.75:
        return mutated(_Maker(random).query().encode(), random, tuple(shipped().values())).decode("utf-8", "replace")
    return mutated(random.choice(tuple(shipped().values())), random, tuple(shipped().values())).decode(
        "utf-8", "replace"
    )
