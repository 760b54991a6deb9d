"""The files that the cases are given: a stranger's, their variations, and a few dozen with something wrong in them."""

from __future__ import annotations

import gzip
from pathlib import Path

ANA = (Path(__file__).parent / "files" / "ana.ttl").read_bytes()
_FORMER = (Path(__file__).parents[1] / "turtle_text" / "version_1.ttl").read_bytes()

_PREFIXES = b"@prefix ex: <http://example.org/> .\n"
_SHAPES = b"""@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix sport: <https://w3id.org/perezkg/sport#> .
@prefix ex: <http://example.org/> .

ex:Named a sh:NodeShape ;
    sh:targetClass sport:Person ;
    sh:property [ sh:path sport:nickname ; sh:minCount 1 ; sh:severity sh:Warning ;
        sh:message "Everybody has a nickname here."@en , "Todos tienen un apodo."@es ] .
"""
_QUERY = """#+ summary: Who won before some year
#+ defaults:
#+   - year: 2000

PREFIX sport: <https://w3id.org/perezkg/sport#>

SELECT ?who WHERE {
  ?participation sport:rank 1 ; sport:competitor ?who ; sport:contest/sport:year ?when .
  FILTER(?when < ?_year_integer)
}
"""

GOOD: dict[str, bytes] = {
    "ana.ttl": ANA,
    "ana.unknown": ANA,
    "ana.ttl.gz": gzip.compress(ANA, mtime=0),
    "other.ttl": ANA.replace(b"http://example.org/ana/", b"http://example.org/other/"),
    "untidy.ttl": ANA.replace(b" ;\n    ", b";").replace(b" , ", b","),
    "former.ttl": _FORMER,
    "named.trig": _PREFIXES + b'ex:g { ex:a ex:b "c"@en . }\nex:a ex:b [ ex:d 1.50 ] .\n',
    "lines.nt": b'<http://example.org/a> <http://example.org/b> "c\\u00e9" .\n',
    "quads.nq": b"<http://example.org/a> <http://example.org/b> _:c <http://example.org/g> .\n",
    "small.jsonld": b'{"@id": "http://example.org/a", "http://example.org/b": [1, {"@value": "c", "@language": "es"}]}',
    "small.rdf": b"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://example.org/">
  <rdf:Description rdf:about="http://example.org/a"><ex:b>c</ex:b></rdf:Description>
</rdf:RDF>
""",
    "odd.ttl": _PREFIXES
    + 'ex:a ex:b "line\\nbreak", "tab\\t", "\\u001b[31mred", "ñ"@es, "2"^^ex:mine, true, 1e3 .\n'.encode(),
    "imports.ttl": b"<http://example.org/o> a <http://www.w3.org/2002/07/owl#Ontology> ;\n"
    b"    <http://www.w3.org/2002/07/owl#imports> <http://example.org/more> .\n",
    "bom.ttl": b"\xef\xbb\xbf" + _PREFIXES + b"ex:a ex:b ex:c .\n",
    "empty.ttl": b"",
    "comment.ttl": b"# nothing here\n",
    "house-rules.ttl": _SHAPES,
    "before.rq": _QUERY.encode(),
    "plain.rq": b"SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 3\n",
    "secret": b"open sesame\n",
    "words.txt": "Ana ganó.\n".encode(),
}
"""Files that can be read, by name."""

FAULTY: dict[str, bytes] = {
    "no-dot.ttl": _PREFIXES + b"ex:a ex:b ex:c\nex:d ex:e ex:f .\n",
    "no-prefix.ttl": b"ex:a ex:b ex:c .\n",
    "open-string.ttl": _PREFIXES + b'ex:a ex:b "c .\n',
    "open-long-string.ttl": _PREFIXES + b'ex:a ex:b """c .\n\n',
    "open-bracket.ttl": _PREFIXES + b"ex:a ex:b [ ex:c ex:d .\n",
    "open-list.ttl": _PREFIXES + b"ex:a ex:b ( 1 2 .\n",
    "bad-iri.ttl": b"<http://example.org/a b> <http://example.org/p> 1 .\n",
    "relative.ttl": b"<a> <b> <c> .\n",
    "bad-escape.ttl": _PREFIXES + b'ex:a ex:b "\\q" .\n',
    "bad-language.ttl": _PREFIXES + b'ex:a ex:b "c"@123 .\n',
    "literal-subject.ttl": _PREFIXES + b'"a" ex:b ex:c .\n',
    "two-faults.ttl": _PREFIXES + b"ex:a ex:b ;; .\nex:a .\n",
    "latin-1.ttl": _PREFIXES + 'ex:a ex:b "ñandú" .\n'.encode("latin-1"),
    "utf-16.ttl": (_PREFIXES + b"ex:a ex:b ex:c .\n").decode().encode("utf-16"),
    "null.ttl": _PREFIXES + b'ex:a ex:b "\0" .\n',
    "cut.ttl.gz": gzip.compress(ANA, mtime=0)[:200],
    "not.ttl.gz": ANA,
    "open-graph.trig": _PREFIXES + b"ex:g { ex:a ex:b ex:c .\n",
    "no-name.trig": _PREFIXES + b"{ ex:a ex:b } .\n",
    "prefix.nt": b"ex:a <http://example.org/b> <http://example.org/c> .\n",
    "no-dot.nt": b"<http://example.org/a> <http://example.org/b> <http://example.org/c>\n",
    "five.nq": b"<http://e.org/a> <http://e.org/b> <http://e.org/c> <http://e.org/g> <http://e.org/h> .\n",
    "literal-graph.nq": b'<http://e.org/a> <http://e.org/b> <http://e.org/c> "g" .\n',
    "open-tag.rdf": b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<rdf:Description>\n</rdf:RDF>\n',
    "no-namespace.rdf": b"<rdf:RDF/>\n",
    "not-rdf.rdf": b"<html><body>Hello</body></html>\n",
    "open-brace.jsonld": b'{"@id": "http://example.org/a",\n "http://example.org/b": [1, 2\n',
    "bad-keyword.jsonld": b'{"@id": 7, "http://example.org/b": 1}\n',
    "remote-context.jsonld": b'{"@context": "https://example.org/context.jsonld", "name": "Ana"}\n',
    "no-context.jsonld": b'{"name": "Ana"}\n',
    "violations.ttl": ANA.replace(b"sport:rank 1", b"sport:rank 2")
    .replace(b"sport:level sport:level-world", b"sport:level sport:level-galactic")
    .replace(b"sport:latitude 49.195 ;", b"sport:latitude 149.195 ;")
    .replace(b', "Oro de Ana en 1996"@es', b"")
    .replace(b"a sport:Mark", b"a sport:Marc")
    .replace(b"    sport:name", b"    sport:nmae"),
    "no-target.shapes.ttl": _SHAPES.replace(b"sh:targetClass", b"sh:targetKlass"),
    "bad.shapes.ttl": _SHAPES.replace(b"sh:minCount 1", b'sh:minCount "one"'),
    "open.rq": b"SELECT * {\n  ?s ?p ?o .\n",
    "header.rq": b"#+ summary: [\nSELECT * { ?s ?p ?o }\n",
    "update.rq": b"DELETE WHERE { ?s ?p ?o }\n",
    "latin-1.rq": 'SELECT * { ?s ?p "ñ" }\n'.encode("latin-1"),
    "empty.rq": b"",
    "empty-secret": b"",
}
"""Files with something wrong in them, by name."""


def write(folder: Path) -> None:
    """Write all of them to a folder, beside another folder."""
    for name, content in (GOOD | FAULTY).items():
        (folder / name).write_bytes(content)
    (folder / "folder").mkdir(exist_ok=True)
    (folder / "folder" / "inside.ttl").write_bytes(ANA)
