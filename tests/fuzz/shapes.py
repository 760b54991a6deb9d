"""Shapes to fuzz: those that are shipped, piece by piece, and some that are made up over a small graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fuzz.data import piece
from tests.fuzz.mutating import mutated
from tests.recording import given

if TYPE_CHECKING:
    from random import Random

_PREFIXES = b"""@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <http://example.org/> .
"""
DATA = (
    _PREFIXES
    + b"""ex:C rdfs:subClassOf ex:B .
ex:a a ex:C ; ex:p 1, 2.0, "x"@en, "y"@es-EC ; ex:q ex:b ; ex:d "2004-02-29"^^xsd:date, "2004-02-30"^^xsd:date .
ex:b a ex:B ; ex:p ex:a, ex:b ; ex:q ex:a ; ex:d "NaN"^^xsd:double, "x"^^xsd:integer ; ex:l ( 1 2 [] ) .
"""
)
_NODES = (
    "ex:a",
    "ex:b",
    "ex:C",
    "ex:B",
    '"x"',
    "1",
    "true",
    '"x"@en',
    "rdf:nil",
    "[]",
    "()",
    '"a"^^xsd:date',
    "<>",
    "ex:s0",
    "ex:s1",
)
_PATHS = ("ex:p", "ex:q", "ex:d", "rdf:type", "ex:l")
_VALUES = {
    "minCount maxCount minLength maxLength qualifiedMinCount qualifiedMaxCount": (
        "0",
        "1",
        "2",
        "-1",
        "1.5",
        '"1"',
        "99999999999999999999",
        "ex:a",
    ),
    "minInclusive maxInclusive minExclusive maxExclusive": (
        "1",
        "2.5",
        '"2004-02-29"^^xsd:date',
        '"NaN"^^xsd:double',
        "ex:a",
        '"x"',
    ),
    "pattern": (
        '"^x"',
        '"("',
        '"[a-z-[aeiou]]"',
        '"\\\\p{L}+"',
        '"(a+)+$"',
        '"\\\\i\\\\c*"',
        '"(?=x)"',
        '"\\\\1"',
        "7",
    ),
    "flags": ('"i"', '"x"', '"q"', '"smix"', '"z"', "1"),
    "datatype": ("xsd:integer", "xsd:date", "xsd:string", "rdf:langString", "ex:mine", '"x"', "[]"),
    "nodeKind": ("sh:IRI", "sh:Literal", "sh:BlankNodeOrIRI", "sh:Nothing", '"x"'),
    "languageIn ignoredProperties in": (
        '( "en" "es" )',
        "( ex:p ex:q )",
        "()",
        "( 1 1.0 ex:a )",
        "ex:a",
        '"x"',
        "( ( 1 ) [] )",
    ),
    "uniqueLang closed deactivated qualifiedValueShapesDisjoint": ("true", "false", '"true"', "1", "ex:a"),
    "equals disjoint lessThan lessThanOrEquals class hasValue": (*_PATHS, *_NODES),
    "severity": ("sh:Warning", "sh:Info", "ex:mine", '"x"', "sh:Violation"),
    "message name description": ('"m {$this} {?value} {$p}"', '"m"@en', '"m"@es', "1", "ex:a"),
    "targetNode targetClass targetSubjectsOf targetObjectsOf": (*_NODES, *_PATHS),
    "target": ("[ a sh:SPARQLTarget ; sh:select 'SELECT ?this { ?this a ?c }' ]", "ex:a"),
    "order group defaultValue entailment prefixes": ("1", '"x"', "ex:a", "[]"),
}
_SHAPE_VALUED = ("node", "property", "not", "qualifiedValueShape")
_LIST_VALUED = ("and", "or", "xone")


class _Maker:
    """Makes shapes up: most are as SHACL wants them, some are not."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def path(self, depth: int = 0) -> str:
        pick = self.random.random()
        if depth > 3 or pick < 0.6:
            return self.random.choice(_PATHS)
        if pick < 0.75:
            return f"( {' '.join(self.path(depth + 1) for _ in range(self.random.choice((0, 1, 2, 2, 3))))} )"
        kind = self.random.choice(
            ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath", "alternativePath")
        )
        if kind == "alternativePath":
            return f"[ sh:alternativePath ( {self.path(depth + 1)} {self.path(depth + 1)} ) ]"
        return self.random.choice(('"x"', "[]", "_:loop")) if pick > 0.99 else f"[ sh:{kind} {self.path(depth + 1)} ]"

    def shape(self, depth: int = 0, *, path: bool | None = None) -> str:
        pick = self.random.random()
        if depth > 3 or pick < 0.2:
            return self.random.choice(("ex:s0", "ex:s0", "ex:s1", "ex:s2", "[]", "ex:undefined"))
        return f"[ {self.body(depth, path=pick < 0.8 if path is None else path)} ]"

    def sparql(self) -> str:
        where = self.random.choice(
            (
                "$this $PATH ?value",
                "$this ex:p ?value FILTER(?value > 1)",
                "BIND($this AS ?value)",
                "?value ex:q $this MINUS { $this ex:p 1 }",
                "SELECT * { $this $PATH ?value }",
                "GRAPH $shapesGraph { ?value ?p $currentShape }",
                "SERVICE <http://127.0.0.1:9/> { $this ?p ?value }",
                "?this ?p",
            )
        )
        head = self.random.choice(
            ("SELECT $this ?value", "SELECT DISTINCT $this", "SELECT *", "ASK", "SELECT (1 AS ?this)")
        )
        told = 'sh:message "m {?value}" ; sh:prefixes ex:'
        return f"[ a sh:SPARQLConstraint ; {told} ; sh:select '''{head} {{ {where} }}''' ]"

    def body(self, depth: int, *, path: bool) -> str:
        parts = [f"sh:path {self.path()}"] if path else []
        for _ in range(self.random.choice((1, 1, 2, 3))):
            pick = self.random.random()
            if pick < 0.25:
                name = self.random.choice(_SHAPE_VALUED)
                parts.append(f"sh:{name} {self.shape(depth + 1, path=name == 'property' or None)}")
            elif pick < 0.35:
                shapes = " ".join(self.shape(depth + 1) for _ in range(self.random.choice((0, 1, 2))))
                parts.append(f"sh:{self.random.choice(_LIST_VALUED)} ( {shapes} )")
            elif pick < 0.42:
                parts.append(f"sh:sparql {self.sparql()}")
            else:
                names, values = self.random.choice(tuple(_VALUES.items()))
                # The first of the values are those that are meant.
                value = self.random.choice(values[:3] if self.random.random() < 0.8 else values)
                parts.append(f"sh:{self.random.choice(names.split())} {value}")
        return " ; ".join(parts)

    def shapes(self) -> bytes:
        declared = 'ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .\n'
        properties = [number for number in range(3) if self.random.random() < 0.4]
        shapes = (
            f"ex:s{number} a sh:{'PropertyShape' if number in properties else 'NodeShape'} ; "
            f"sh:target{self.random.choice(('Node ex:a, ex:b', 'Class ex:B', 'SubjectsOf ex:p', 'ObjectsOf ex:p'))} ; "
            f"{self.body(0, path=(number in properties) != (self.random.random() < 0.02))} .\n"
            for number in range(self.random.choice((1, 1, 2, 3)))
        )
        return _PREFIXES + (declared + "".join(shapes)).encode()


def shapes(random: Random) -> tuple[bytes, bytes]:
    """Return a shapes graph in Turtle, and data that it can be asked of."""
    what = random.random()
    if what < 0.6:
        found = _Maker(random).shapes()
        return (mutated(found, random, (DATA,)) if random.random() < 0.2 else found), DATA
    if what < 0.85:
        rules = random.choice(("ontology/shapes.ttl", "ontology/profiles/provenance.ttl"))
        return mutated(piece(rules, random, 3), random), random.choice((given.ANA, given.FAULTY["violations.ttl"]))
    return mutated(given.GOOD["house-rules.ttl"], random, (DATA,)), given.ANA
