"""Queries that engines should answer alike: random, but of SPARQL 1.1's meaning, over a small graph with types.

Most arguments have the types that their functions want, so that answers hold more than errors. What the standard leaves
open is not asked: the order of unlike terms, SAMPLE of several, LIMIT without an order, the time, chance. Nor is what
`perezkg.sparql.differences` tells where only the data decide: the order of truth values, strings for truth values.
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PROLOGUE = "PREFIX ex: <http://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
DATA = """
@prefix ex: <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a ex:p ex:b, ex:c ; ex:q ex:d ; ex:n 1, 2.5 ; ex:t "one", "uno"@es ; ex:d "2004-02-29T10:00:00Z"^^xsd:dateTime ;
  ex:y "2020"^^xsd:gYear ; ex:b true .
ex:b ex:p ex:c ; ex:q ex:a ; ex:n 2, 1e0 ; ex:t "two", "deux"@fr-CA ; ex:d "1996-07-26T08:30:00.5"^^xsd:dateTime ;
  ex:y "12020"^^xsd:gYear ; ex:b false .
ex:c ex:p ex:a ; ex:n -3, 2.05, "7"^^xsd:byte ; ex:t "", "TWO", "a.b" ; ex:d "2004-02-29T12:00:00+02:00"^^xsd:dateTime ;
  ex:y "-0044"^^xsd:gYear .
ex:d ex:q ex:d, ex:e ; ex:n 0, 0.1, 1e-1 ; ex:t "2020-05", "x"@en ; ex:d "12004-01-01T00:00:00Z"^^xsd:dateTime .
ex:e ex:p [ ex:p ex:f ; ex:n 10 ] ; ex:n "INF"^^xsd:double ; ex:t "3.7", "1_000", "12", "true" .
ex:f ex:t "z"@EN-gb ; ex:o 1, "one", "one"@en, ex:a, "2004-02-29"^^xsd:date, "k"^^ex:kind, true, 1.0 .
"""
_NODES = ("ex:a", "ex:b", "ex:d", "ex:f", "ex:none")
_STRINGS = ('"one"', '"2020-05"', '"3.7"', '""', '"uno"@es', '"x"@en', '"a.b"', '"1_000"', '"éa"')
_NUMBERS = ("0", "1", "2", "-3", "2.5", "0.1", "1e0", "-2.5e0", "10", '"7"^^xsd:byte', '"1.5"^^xsd:float')
_DATES = (
    '"2004-02-29T10:00:00Z"^^xsd:dateTime',
    '"1996-07-26T08:30:00"^^xsd:dateTime',
    '"0001-01-01T00:00:00-05:30"^^xsd:dateTime',
)
_PATTERNS = ('"o"', '"(.)(.)"', '"^t"', '"[a-z]+"', '"a.b"', '"([0-9]+)-([0-9]+)"', '"T"', '"n|w"')
_KINDS = ("number", "string", "truth", "date")


class Maker:
    """Makes one query."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.known: dict[str, set[str]] = {}
        self.names = 0

    def any(self, *choices: str) -> str:
        return self.random.choice(choices)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def new(self, kind: str) -> str:
        self.names += 1
        name = f"?{kind[0]}{self.names}"
        self.known.setdefault(kind, set()).add(name)
        return name

    def variable(self, kind: str, otherwise: str) -> str:
        names = sorted(self.known.get(kind, ()))
        return self.any(*names) if names and self.chance(0.75) else otherwise

    def path(self, depth: int = 0) -> str:
        what = self.random.randrange(11 - 2 * depth)
        if what < 5:
            return self.any("ex:p", "ex:q")
        inner = self.path(depth + 1)
        if what in (5, 9):
            return f"({inner}){self.any('*', '+', '?')}"
        if what == 6:
            return f"^({inner})"
        if what in (7, 10):
            return f"({inner}{self.any('/', '|')}{self.path(depth + 1)})"
        return f"!({self.any('ex:p', 'ex:p|ex:q', '^ex:p', 'ex:q|^ex:p')})"

    def number(self, depth: int = 0) -> str:
        what = self.random.randrange(14)
        if depth > 2 or what < 4:
            return self.variable("number", self.any(*_NUMBERS))
        one = self.expression("number", depth + 1)
        if what < 8:
            return f"({one} {self.any(*'+-*/')} {self.expression('number', depth + 1)})"
        if what == 8:
            return f"{self.any('ABS', 'CEIL', 'FLOOR', 'ROUND')}({one})"
        if what == 9:
            return f"STRLEN({self.expression('string', depth + 1)})"
        if what == 10:
            return f"{self.any('YEAR', 'MONTH', 'DAY', 'HOURS', 'MINUTES', 'SECONDS')}({self.date(depth + 1)})"
        if what == 11:
            return f"-({one})"
        cast = self.any("integer", "decimal", "double", "float")
        return f"xsd:{cast}({self.expression(self.any(*_KINDS), depth + 1)})"

    def string(self, depth: int = 0) -> str:
        what = self.random.randrange(16)
        if depth > 2 or what < 4:
            return self.variable("string", self.any(*_STRINGS))
        one, other = self.expression("string", depth + 1), self.expression("string", depth + 1)
        number = self.any("0", "1", "2", "-1", "1.5", "3")
        flags = self.any("", "", ', "i"', ', "x"', ', "q"', ', "s"', ', "im"')
        pattern = self.any(*_PATTERNS)
        choices: tuple[Callable[[], str], ...] = (
            lambda: f"SUBSTR({one}, {number})",
            lambda: f"SUBSTR({one}, {number}, {self.any('0', '1', '2', '-1', '1.5')})",
            lambda: f"{self.any('UCASE', 'LCASE', 'STR', 'LANG', 'ENCODE_FOR_URI')}({one})",
            lambda: f"CONCAT({one}, {other})",
            lambda: f"{self.any('STRBEFORE', 'STRAFTER')}({one}, {other})",
            lambda: f"REPLACE({one}, {pattern}, {self.any(*_REPLACEMENTS)}{flags})",
            lambda: f"STR({self.expression(self.any('truth', 'date', 'node'), depth + 1)})",
            lambda: f"xsd:string({self.expression(self.any(*_KINDS), depth + 1)})",
            lambda: f"STRLANG({one}, {self.any(*_TAGS)})",
            lambda: f"STR(DATATYPE({self.expression(self.any(*_KINDS), depth + 1)}))",
            lambda: f"STRDT({one}, {self.any('xsd:string', 'ex:kind')})",
            lambda: f"{self.any('TZ', 'STR')}({self.date(depth + 1)})",
            lambda: f"{self.any('MD5', 'SHA1', 'SHA256')}({one})",
        )
        return self.random.choice(choices)()

    def truth(self, depth: int = 0) -> str:
        what = self.random.randrange(15)
        if depth > 2 or what < 2:
            return self.variable("truth", self.any("true", "(1 = 1)", "(1 < 0.5)"))
        kind = self.any(*_KINDS, "node")
        one, other = self.expression(kind, depth + 1), self.expression(kind, depth + 1)
        if what < 5:
            operators = ("=", "!=") if kind in ("node", "truth") else ("=", "!=", "<", ">", "<=", ">=")
            return f"({one} {self.any(*operators)} {other})"
        if what < 7:
            return f"({self.truth(depth + 1)} {self.any('&&', '||')} {self.truth(depth + 1)})"
        if what == 7:
            return f"!({self.expression(self.any('truth', 'number'), depth + 1)})"
        if what == 8:
            return f"({one} {self.any('', 'NOT ')}IN ({self.any('', other)}))"
        if what == 9:
            flags = self.any("", ', "i"', ', "s"', ', "x"', ', "q"')
            return f"REGEX({self.expression('string', depth + 1)}, {self.any(*_PATTERNS)}{flags})"
        if what == 10:
            name = self.any("CONTAINS", "STRSTARTS", "STRENDS", "LANGMATCHES", "sameTerm")
            return f"{name}({self.string(depth + 1)}, {self.string(depth + 1)})"
        if what == 11:
            return f"{self.any('isIRI', 'isBLANK', 'isLITERAL', 'isNUMERIC')}({one})"
        if what == 12:
            return f"BOUND({self.variable(kind, '?none')})"
        if what == 13:
            return f"xsd:boolean({self.expression(self.any('number', 'string', 'truth'), depth + 1)})"
        return f"{self.any('', 'NOT ')}EXISTS {{ {self.triples()} {self.filter(depth + 1)} }}"

    def date(self, depth: int = 0) -> str:
        if depth > 2 or self.chance(0.7):
            return self.variable("date", self.any(*_DATES))
        return f"xsd:dateTime({self.expression(self.any('string', 'date'), depth + 1)})"

    def node(self, depth: int = 0) -> str:
        del depth
        return self.variable("node", self.any(*_NODES))

    def expression(self, kind: str, depth: int = 0) -> str:
        """Return an expression that mostly has a kind."""
        if self.chance(0.04):
            kind = self.any(*_KINDS, "node")
        if depth < 3 and self.chance(0.05):
            one, other = self.expression(kind, depth + 1), self.expression(kind, depth + 1)
            return self.any(f"IF({self.truth(depth + 1)}, {one}, {other})", f"COALESCE({one}, {other})")
        if self.chance(0.03):
            return self.any("?none", "(1/0)")
        made: str = getattr(self, kind)(depth)
        return made

    def filter(self, depth: int = 0) -> str:
        if self.chance(0.6):
            return ""
        if self.chance(0.05):
            return f"FILTER({self.any('false', '0', 'true', '((1))', '?none')})"
        return f"FILTER({self.truth(depth)})"

    def triples(self) -> str:
        found = []
        for _ in range(self.random.choice((1, 1, 2))):
            subject = self.variable("node", self.any(*_NODES)) if self.chance(0.6) else self.new("node")
            kind, predicate = self.random.choice(
                (
                    ("number", "ex:n"),
                    ("string", "ex:t"),
                    ("date", "ex:d"),
                    ("truth", "ex:b"),
                    ("node", ""),
                    ("node", ""),
                    ("year", "ex:y"),
                    ("other", "ex:o"),
                )
            )
            predicate = predicate or self.path()
            ending = self.node() if kind == "node" and self.chance(0.4) else self.new(kind)
            found.append(f"{subject} {predicate} {ending} .")
        return " ".join(found)

    def values(self) -> str:
        kind = self.any("number", "string", "node", "date")
        terms = {"number": _NUMBERS, "string": _STRINGS, "node": _NODES, "date": _DATES}[kind]
        if self.chance(0.15):
            return self.any(f"VALUES {self.new(kind)} {{}}", f"VALUES ({self.new(kind)} {self.new(kind)}) {{}}")
        if self.chance(0.5):
            rows = " ".join(self.any(*terms, "UNDEF") for _ in range(self.random.choice((1, 2, 3))))
            return f"VALUES {self.new(kind)} {{ {rows} }}"
        rows = " ".join(f"({self.any(*terms)} {self.any('UNDEF', *_NODES)})" for _ in range(2))
        return f"VALUES ({self.new(kind)} {self.new('node')}) {{ {rows} }}"

    def scoped(self, make: Callable[[], str]) -> str:
        """Make something whose new variables are not known behind it."""
        before = {kind: set(names) for kind, names in self.known.items()}
        made = make()
        self.known = before
        return made

    def element(self, depth: int) -> str:
        what = self.random.randrange(15)
        if depth > 1 or what < 5:
            return self.triples()
        if what < 7:
            return f"OPTIONAL {{ {self.group(depth + 1)} }}"
        if what == 7:
            one, other = self.scoped(lambda: self.group(depth + 1)), self.group(depth + 1)
            return f"{{ {one} }} UNION {{ {other} }}"
        if what == 8:
            return f"MINUS {{ {self.scoped(lambda: self.group(depth + 1))} }}"
        if what < 11:
            kind = self.any(*_KINDS)
            expression = self.expression(kind)
            return f"BIND({expression} AS {self.new(kind)})"
        if what == 11:
            return self.values()
        if what == 12:
            return f"{{ {self.group(depth + 1)} }}"
        return f"{{ {self.subselect()} }}"

    def group(self, depth: int = 0) -> str:
        elements = [self.element(depth) for _ in range(self.random.choice((1, 2, 2, 3)))]
        return " ".join(filter(None, [*elements, self.filter()]))

    def aggregate(self) -> tuple[str, str]:
        kind = self.any(*_KINDS)
        one = self.variable(kind, self.variable("number", "?none"))
        distinct = self.any("", "DISTINCT ")
        choices = {
            f"COUNT({distinct}{self.any('*', one)})": "number",
            f"SUM({distinct}{self.expression('number', 2)})": "number",
            f"AVG({distinct}{self.expression('number', 2)})": "number",
            f"{self.any('MIN', 'MAX')}({self.variable('number', '1')})": "number",
            f"{self.any('MIN', 'MAX')}({self.variable('date', '?none')})": "date",
            f"{self.any('MIN', 'MAX')}(STR({self.variable('string', '?none')}))": "string",
            f"STRLEN(GROUP_CONCAT({distinct}STR({one})))": "number",
            f'STRLEN(GROUP_CONCAT(STR({one}); SEPARATOR=", "))': "number",
        }
        return self.random.choice(list(choices.items()))

    def grouped(self, pattern: str) -> str:
        key = self.variable("node", "") or self.variable("string", "")
        by, columns = "", ""
        if key and self.chance(0.7):
            by, columns = f" GROUP BY {key}", key
        elif self.chance(0.3):
            self.names += 1
            by, columns = f" GROUP BY ({self.expression(self.any(*_KINDS), 1)} AS ?k{self.names})", f"?k{self.names}"
        made = [self.aggregate() for _ in range(self.random.choice((1, 1, 2)))]
        names = [(call, kind, f"?g{self.names + number}") for number, (call, kind) in enumerate(made, 1)]
        self.names += len(names)
        columns += " " + " ".join(f"({call} AS {name})" for call, _, name in names)
        having = f" HAVING ({self.aggregate()[0]} > 1)" if self.chance(0.15) else ""
        self.known = {"node": {key}} if by and columns.startswith(key) and key else {}
        for _, kind, name in names:
            self.known.setdefault(kind, set()).add(name)
        return f"SELECT {columns} {{ {pattern} }}{by}{having}"

    def subselect(self) -> str:
        outside, self.known = self.known, {}
        pattern = self.group(1)
        if self.chance(0.4):
            made = self.grouped(pattern)
        elif self.chance(0.3):
            name = self.variable("node", "ex:a")
            name = name if name.startswith("?") else "?none"
            limits = f" LIMIT {self.any('1', '2')}{self.any('', ' OFFSET 1')}"
            order = f"ORDER BY {self.any('', 'DESC')}({name}){limits}"
            made = f"SELECT DISTINCT {name} {{ {pattern} FILTER(isIRI({name})) }} {order}"
            self.known = {"node": {name}}
        else:
            names = sorted({name for names in self.known.values() for name in names})
            kept = [name for name in names if self.chance(0.6)] or ["?none"]
            made = f"SELECT {self.any('', 'DISTINCT ')}{' '.join(kept)} {{ {pattern} }}"
            self.known = {kind: {name for name in names if name in kept} for kind, names in self.known.items()}
        for kind, outer in outside.items():
            self.known.setdefault(kind, set()).update(outer)
        return made

    def query(self) -> str:
        pattern = self.group()
        what = self.random.randrange(12)
        if what == 0:
            return f"ASK {{ {pattern} }}"
        if what == 1:
            nodes = self.any("*", self.variable("node", "ex:a"), "ex:d ex:none")
            return f"DESCRIBE {nodes} {{ {pattern} }}" if nodes != "ex:d ex:none" else f"DESCRIBE {nodes}"
        if what == 2:
            return (
                f"CONSTRUCT {{ {self.variable('node', 'ex:a')} ex:new {self.variable('string', '1')} . "
                f"{self.variable('number', 'ex:x')} ex:old {self.variable('number', '?none')} }} WHERE {{ {pattern} }}"
            )
        if what in (3, 4):
            return self.grouped(pattern)
        names = sorted({name for names in self.known.values() for name in names})
        columns = " ".join(names) if self.chance(0.6) else ""
        for _ in range(self.random.choice((0, 1, 2)) or not columns):
            kind = self.any(*_KINDS)
            expression = self.expression(kind)
            columns += f" ({expression} AS {self.new(kind)})"
        order = ""
        if self.chance(0.3):
            orders = [self.variable(self.any("number", "date", "string", "node", "year"), "") for _ in range(2)]
            orders = [self.any(name, f"DESC({name})") for name in orders if name]
            order = f" ORDER BY {' '.join(orders)}" if orders else ""
        return f"SELECT {self.any('', '', 'DISTINCT ')}{columns} {{ {pattern} }}{order}"


_REPLACEMENTS = ('"x"', '"$1"', '"$2$1"', '"[$0]"', '"\\\\$"', '"$1x"', '""')
_TAGS = ('"en"', '"es"', '"fr-CA"')


@cache
def query(seed: int, number: int) -> str:
    """Return the query that belongs to a seed and a number, the same each time."""
    return PROLOGUE + Maker(Random(f"{seed}/{number}")).query()  # noqa: S311 - not for secrets
