"""Data as text for an engine that does not judge every literal as XML Schema does, and what stands there for some.

The engine of `shacl_engine` takes `"2004-13"^^xsd:gYear` for a year. Where a literal is none of its datatype's, another
datatype stands in its text, which is none of XML Schema's: then it breaks sh:datatype, cannot be compared with
anything, and is otherwise the same. Literals that are well formed, and whose order the engine does not know (years,
durations, numbers of twenty digits), stay as they are; their properties are told, so that what may compare them goes
elsewhere.
"""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse, serialize

from perezkg.rdf.terms import INTEGERS
from perezkg.rdf.xsd import is_well_formed
from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

    from perezkg.rdf.terms import Rdf11Term

_ILL_TYPED = b"urn:perezkg:ill-typed:"
_TYPED = re.compile(rb'\S+ <([^>]*)> "(.*)"\^\^<([^>]*)> \.')
_END_OF_TYPED = re.compile(rb'"\^\^<[^>]*> \.\n')
# Terms of RDF 1.2, which SHACL 1.0 does not have.
_TRIPLE_TERM = re.compile(rb"(?m)^\S+ <[^>]*> <<\(.*\n")
_DIRECTED = re.compile(rb'"@[A-Za-z0-9-]+--(?:ltr|rtl) \.\n')
_NODES = re.compile(rb"(?m)^(_:\S+)| (_:\S+) \.$")
_INTEGER = rb"[+-]?[0-9]{1,15}"
_DAY = rb"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DOUBLE = rb"[+-]?[0-9]{1,7}(?:\.[0-9]{1,6})?(?:[eE][+-]?[0-9])?"
# By datatype, the forms of which the engine is known to tell whether they are well formed, and how they are ordered.
_PLAIN = {
    (XSD + name).encode(): re.compile(form)
    for name, form in (
        ("boolean", rb"true|false|0|1"),
        ("decimal", rb"[+-]?[0-9]{1,12}(?:\.[0-9]{1,6})?"),
        ("double", _DOUBLE),
        ("float", _DOUBLE),
        ("date", _DAY),
        ("dateTime", _DAY + rb"T(?!24)[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z?"),
        ("string", rb"(?s:.*)"),
        ("integer", _INTEGER),
    )
}
_INTEGERS = frozenset(name.encode() for name in INTEGERS)
_COMPARED = _INTEGERS.union((XSD + name).encode() for name in ("decimal", "double", "float", "date", "dateTime"))
_PLAIN_INTEGER = re.compile(_INTEGER)


class DataText:
    """Triples as N-Triples for an engine.

    Args:
        quads: The triples; those with terms that only RDF 1.2 has are left out.

    Attributes:
        content: The text, in UTF-8.
        odd: The properties of literals that are numbers or days, and that the engine may order wrongly.
        unordered: The properties of other literals of XML Schema that have an order.
        has_turkish_letters: Whether it has an i with or without dot that regular expressions may take for another.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        content = serialize(quads, format=RdfFormat.N_TRIPLES)
        assert content is not None  # noqa: S101 - it is, without a file
        if b"> <<(" in content:
            content = _TRIPLE_TERM.sub(b"", content)
        if _DIRECTED.search(content):
            content = b"".join(line for line in content.splitlines(keepends=True) if not _DIRECTED.search(line))
        self.content = content
        self.odd: set[str] = set()
        self.unordered: set[str] = set()
        self.has_turkish_letters = "İ".encode() in content or "ı".encode() in content
        ill_typed = set()
        for predicate, form, datatype in {match.groups() for match in self._typed()}:
            plain = _PLAIN.get(datatype)
            if (plain is not None and plain.fullmatch(form)) or not datatype.startswith(XSD.encode()):
                continue
            if not is_well_formed(_unescaped(form), datatype.decode()):
                ill_typed.add((form, datatype))
            elif datatype not in _COMPARED:
                self.unordered.add(predicate.decode())
            elif datatype not in _INTEGERS or not _PLAIN_INTEGER.fullmatch(form):
                self.odd.add(predicate.decode())
        self._ill_typed = frozenset(ill_typed)
        if ill_typed:
            self.content = b"".join(self._with_stand_ins())

    def _typed(self) -> Iterator[re.Match[bytes]]:
        """Yield the statements with a literal that has a datatype, other than a text."""
        content = self.content
        for end in _END_OF_TYPED.finditer(content):
            match = _TYPED.match(content, content.rfind(b"\n", 0, end.start()) + 1)
            assert match is not None  # noqa: S101 - a line of N-Triples
            yield match

    def _with_stand_ins(self) -> Iterator[bytes]:
        done = 0
        for match in self._typed():
            if match.group(2, 3) in self._ill_typed:
                yield self.content[done : match.start(3)] + _ILL_TYPED
                done = match.start(3)
        yield self.content[done:]

    def has_tagged(self, predicates: Iterable[str]) -> bool:
        """Return whether some of these properties has a literal with a language."""
        names = b"|".join(re.escape(predicate.encode()) for predicate in predicates)
        return re.search(rb"> <(?:" + names + rb')> ".*"@\S+ \.\n', self.content) is not None

    def blank_nodes(self) -> list[BlankNode]:
        """Return the blank nodes of the text, each once."""
        if b"_:" not in self.content:
            return []
        found = dict.fromkeys(subject or value for subject, value in _NODES.findall(self.content))
        return [BlankNode(label[2:].decode()) for label in found]


def _unescaped(form: bytes) -> str:
    if b"\\" not in form:
        return form.decode()
    (quad,) = parse(b'<x:s> <x:p> "' + form + b'" .', RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, Literal)  # noqa: S101 - it was just written
    return quad.object.value


def terms_of(texts: Iterable[str]) -> dict[str, Rdf11Term]:
    """Return terms by how an engine writes them in N-Triples; those that others stand for are again as they were.

    >>> [*map(str, terms_of(['"96"^^<urn:perezkg:ill-typed:http://www.w3.org/2001/XMLSchema#gYear>']).values())]
    ['"96"^^<http://www.w3.org/2001/XMLSchema#gYear>']
    """
    listed = list(texts)
    lines = "".join(f"<x:s> <x:p> {text} .\n" for text in listed)
    found = {}
    for text, quad in zip(listed, parse(lines, RdfFormat.N_TRIPLES), strict=True):
        term: Rdf11Term = quad.object
        prefix = _ILL_TYPED.decode()
        if isinstance(term, Literal) and term.datatype.value.startswith(prefix):
            term = Literal(term.value, datatype=NamedNode(term.datatype.value.removeprefix(prefix)))
        elif isinstance(term, BlankNode):
            term = BlankNode(text[2:])
        found[text] = term
    return found
