"""JSON-LD, compacted with ontology/context.jsonld.

Why the compaction is not pyld's: importing it takes two thirds of the time that an export may take, and compacting
most of the rest. What is needed of the algorithm is small, because canonical lines come in and one known context is
used; the tests hold it against pyld.
"""

from __future__ import annotations

import re
from functools import cache
from json import JSONEncoder, dumps, load, loads

from perezkg import resources
from perezkg.errors import RemoteAccessRefusedError, UnknownFormatError
from perezkg.rdf.blocks import Blocks
from perezkg.rdf.nodes import TYPE, Nodes, batches, described, lines_with_blanks, shared_blanks, subject_order
from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, NoReturn

    from perezkg.rdf.nodes import Properties

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+?)(?:--(ltr|rtl))?|\^\^<([^>]*)>)?')
_SCHEME = re.compile("<([A-Za-z][A-Za-z0-9+.-]*):(?!//)")
_EXACT = 2**53  # the integers that every reader of JSON keeps exactly
_LINE = 110
_REMEMBERED = 100_000
_encode = JSONEncoder(ensure_ascii=False).encode  # `dumps` makes an encoder each time
INDENT = "    "
"""Of the nodes in a document."""


class Context:
    """A JSON-LD context in the form that compaction needs.

    Args:
        definitions: The value of `@context`.

    Attributes:
        definitions: The same; their order is the order that a person reads properties in.
    """

    __slots__ = ("_compacted", "_head", "_names", "_order", "_prefixes", "_terms", "definitions")

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self.definitions = dict(definitions)
        self._head = ""
        self._order = {term: place for place, term in enumerate(self.definitions)}
        self._prefixes: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._compacted: dict[str, str] = {}
        self._terms: dict[str, dict[str, str]] = {}
        for term, definition in self.definitions.items():
            if isinstance(definition, str) and definition.endswith(("#", "/")):
                self._prefixes[definition] = term
            elif isinstance(definition, str) and definition[0] != "@":
                self._names[self.expand(definition)] = term
                self._terms.setdefault(self.expand(definition), {})[""] = term
            elif isinstance(definition, dict) and "@id" in definition:
                coercion = definition.get("@container") or self.expand(definition["@type"])
                self._terms.setdefault(self.expand(definition["@id"]), {})[coercion] = term

    def expand(self, name: str) -> str:
        """Return the IRI of a compact IRI; keywords stay."""
        prefix, _, local = name.partition(":")
        namespace = self.definitions.get(prefix)
        return namespace + local if isinstance(namespace, str) else name

    @property
    def head(self) -> str:
        """What a document says of it, a term a line; made once, whatever the number of documents."""
        if not self._head:
            lines = (f"{dumps(term)}: {dumps(definition)}" for term, definition in self.definitions.items())
            self._head = ",\n    ".join(lines)
        return self._head

    def property_of(self, term: str) -> str:
        """Return the IRI of the property that a term stands for, in whichever direction."""
        definition = self.definitions.get(term, term)
        if isinstance(definition, dict):
            definition = definition.get("@id") or definition["@reverse"]
        return self.expand(definition)

    def is_reverse(self, term: str) -> bool:
        """Return whether a term stands for the other direction of its property."""
        definition = self.definitions.get(term)
        return isinstance(definition, dict) and "@reverse" in definition

    def reversed_properties(self) -> set[str]:
        """Return the properties that have a term for their other direction."""
        return {
            self.expand(definition["@reverse"])
            for definition in self.definitions.values()
            if isinstance(definition, dict) and "@reverse" in definition
        }

    def terms(self, iri: str) -> Mapping[str, str]:
        """Return the terms of a property, by what they make of a value: "@id", "@language", a datatype or nothing."""
        return self._terms.get(iri, {})

    def compact(self, iri: str) -> str:
        """Return an IRI as a compact IRI, when a prefix fits; remembered, because IRIs recur."""
        found = self._compacted.get(iri)
        if found is None:
            if len(self._compacted) >= _REMEMBERED:
                self._compacted.clear()
            found = self._compacted[iri] = self._compact(iri)
        return found

    def _compact(self, iri: str) -> str:
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._prefixes.get(iri[:cut])
        return f"{prefix}:{iri[cut:]}" if prefix and cut < len(iri) else iri

    def class_name(self, iri: str) -> str:
        """Return the term of a class or datatype, or else its compact IRI."""
        return self._names.get(iri) or self.compact(iri)

    def arrange(self, node: Mapping[str, Any]) -> dict[str, Any]:
        """Return a node with its keys in the order of the context, then those that it does not know."""
        order = self._order
        return dict(sorted(node.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0])))

    def without(self, schemes: set[str]) -> Context:
        """Return the context without the prefixes that an IRI's scheme would be taken for, such as `src` in <src:x>."""
        mistaken = schemes.intersection(self._prefixes.values())
        if not mistaken:
            return self
        return Context({term: self._whole(what) for term, what in self.definitions.items() if term not in mistaken})

    def _whole(self, definition: Any) -> Any:  # noqa: ANN401 - any JSON
        """Return the definition of a term with whole IRIs."""
        if isinstance(definition, dict):
            return {key: self._whole(value) for key, value in definition.items()}
        return self.expand(definition) if isinstance(definition, str) else definition


@cache
def shipped_context() -> Context:
    """Return ontology/context.jsonld."""
    with open(resources.ontology_file("context.jsonld"), encoding="utf-8") as file:
        return Context(load(file)["@context"])


def jsonld(graphs: Mapping[str, Iterable[str]], _prefixes: Mapping[str, str] | None = None) -> Iterator[str]:
    """Return graphs as one JSON-LD document: context first, then one node a piece.

    All of it is made before the first piece comes, on disk where it is long. Memory holds the lines that mention blank
    nodes, and a named graph at a time.

    Args:
        graphs: Canonical N-Triples lines of each graph, to be gone through twice; that of the default graph is empty.
        _prefixes: Not used: the context has its own.

    Raises:
        UnknownFormatError: There is a triple term, which JSON-LD 1.1 cannot carry. Raised before the first piece.
    """
    context = fitting(shipped_context(), graphs)
    blanks = {name: lines_with_blanks(lines) for name, lines in graphs.items()}
    shared = shared_blanks(blanks)
    blocks = Blocks()
    for place, (name, lines) in enumerate(graphs.items()):
        nodes = Compactor(context, Nodes(blanks[name], shared)).nodes(lines)
        if name:
            content = [node for _, node in sorted(nodes, key=lambda pair: subject_order(pair[0]))]
            nodes = iter([(name, {"id": context.compact(bare(name)), "@graph": content})])
        for subject, node in nodes:
            blocks.add(place, subject, layout(node, INDENT))
    blocks.settle()
    return document(context, (text for _, text in blocks))


def document(context: Context, nodes: Iterable[str]) -> Iterator[str]:
    """Yield a document that carries its context, one node, laid out already, a piece."""
    yield '{\n  "@context": {\n    '
    yield context.head
    yield '\n  },\n  "@graph": ['
    separator = "\n    "
    for node in nodes:
        yield separator + node
        separator = ",\n    "
    yield "]\n}\n" if separator == "\n    " else "\n  ]\n}\n"


def fitting(context: Context, graphs: Mapping[str, Iterable[str]]) -> Context:
    """Return a context as it fits graphs: without the prefixes for which IRIs of theirs would be mistaken.

    Raises:
        UnknownFormatError: There is a triple term, which JSON-LD 1.1 cannot carry.
    """
    return context.without(_schemes(graphs))


def _schemes(graphs: Mapping[str, Iterable[str]]) -> set[str]:
    """Return the schemes of all IRIs that could be mistaken for prefixes."""
    found = set(_SCHEME.findall(" ".join(graphs)))
    for batch in (batch for lines in graphs.values() for batch in batches(lines)):
        text = "\n".join(batch)
        if "<<(" in text and any(line.split(" ", 2)[2].startswith("<<(") for line in batch):
            raise UnknownFormatError(
                "JSON-LD 1.1 cannot carry triple terms, and there is one", hint="Ask for turtle or ntriples instead."
            )
        found.update(_SCHEME.findall(text))
    return found


class Compactor:
    """Compacts the nodes of one graph."""

    __slots__ = ("_context", "_nodes")

    def __init__(self, context: Context, nodes: Nodes) -> None:
        self._context = context
        self._nodes = nodes

    def nodes(self, lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield each subject at the top with its node: IRIs as lines describe them, then blank nodes."""
        for subject, properties in described(lines):
            yield subject, self.node(subject, properties)
        for subject in self._nodes.blanks:
            yield subject, self.node(subject, self._nodes.properties[subject])

    def node(self, subject: str, properties: Properties) -> dict[str, Any]:
        """Return a node with what is said of it, and with the blank nodes that are nested in it."""
        node: dict[str, Any] = {}
        if subject not in self._nodes.anonymous and subject not in self._nodes.nested:
            node["id"] = self._context.compact(bare(subject))
        for predicate, values in properties.items():
            for value in values:
                key, item = self.property(predicate, value)
                if isinstance(item, tuple):
                    add(node.setdefault(key, {}), *item)
                else:
                    add(node, key, item)
        return self._context.arrange(node)

    def property(self, predicate: str, value: str) -> tuple[str, Any]:
        """Return the key that a value stands under, and its JSON; a pair of language and text for language maps."""
        iri = predicate[1:-1]
        if predicate == TYPE and value[0] == "<":
            return "type", self._context.class_name(value[1:-1])
        terms = self._context.terms(iri)
        plain = terms.get("") or self._context.compact(iri)
        if value[0] != '"':
            item = self._reference(value)
            if "@list" not in item and "@id" in terms:
                return terms["@id"], item["id"] if item.keys() == {"id"} else item
            return plain, item
        text, language, direction, datatype = literal(value)
        if "@language" in terms and not direction and not datatype:
            return terms["@language"], (language or "@none", text)
        if datatype and datatype in terms:
            return terms[datatype], native(text, datatype)
        return plain, self._value(text, language, direction, datatype)

    def _reference(self, value: str) -> dict[str, Any]:
        if value in self._nodes.lists:
            return {"@list": [self._item(item) for item in self._nodes.lists[value]]}
        if value in self._nodes.nested and value in self._nodes.properties:
            return self.node(value, self._nodes.properties[value])
        return {"id": self.reference(value)}

    def reference(self, term: str) -> str:
        """Return the name of a node."""
        return self._context.compact(bare(term))

    def _item(self, value: str) -> Any:  # noqa: ANN401 - any JSON
        return self._value(*literal(value)) if value[0] == '"' else self._reference(value)

    def _value(self, text: str, language: str, direction: str, datatype: str) -> Any:  # noqa: ANN401 - any JSON
        """Return a literal that no term coerces."""
        if language:
            return {"@language": language, "@value": text} | ({"@direction": direction} if direction else {})
        if not datatype:
            return text
        if datatype == f"{XSD}boolean" and text in ("true", "false"):
            return text == "true"
        value = native(text, datatype)
        return value if isinstance(value, int) else {"type": self._context.class_name(datatype), "@value": text}


def literal(term: str) -> tuple[str, str, str, str]:
    r"""Return text, language, direction and datatype of a literal in N-Triples form; empty where there is none.

    >>> literal('"tab\\t"@en'), literal('"1"^^<http://example.org/d>')
    (('tab\t', 'en', '', ''), ('1', '', '', 'http://example.org/d'))
    """
    found = _LITERAL.fullmatch(term)
    if found is None:  # pragma: no cover - pyoxigraph writes every literal so
        raise ValueError(term)
    text, language, direction, datatype = found.groups("")
    if "\\" in text:  # canonical N-Triples escapes as JSON does
        text = loads(f'"{text}"', strict=False)
    return text, language, direction, datatype


def layout(value: object, indent: str) -> str:
    """Return JSON in few lines: one property a line, and a value on one line where it fits."""
    if not (isinstance(value, dict) and "id" in value and len(value) > 1):
        line = _encode(value)
        if len(line) + len(indent) <= _LINE or not isinstance(value, dict | list):
            return line
    deeper = indent + "  "
    if isinstance(value, dict):
        parts = [f"{_encode(key)}: {layout(item, deeper)}" for key, item in value.items()]
        return "{\n" + deeper + f",\n{deeper}".join(parts) + f"\n{indent}}}"
    assert isinstance(value, list)  # noqa: S101 - anything else is a line
    return "[\n" + deeper + f",\n{deeper}".join([layout(item, deeper) for item in value]) + f"\n{indent}]"


def native(text: str, datatype: str) -> int | str:
    """Return the JSON number of a literal when nothing is lost by it, else its text."""
    if datatype != f"{XSD}integer" or len(text) > 16 or not text.removeprefix("-").isdecimal():
        return text
    number = int(text)
    return number if str(number) == text and abs(number) < _EXACT else text


def bare(term: str) -> str:
    """Return the IRI or the blank node label of a term in N-Triples form."""
    return term[1:-1] if term[0] == "<" else term


def add(target: dict[str, Any], key: str, item: object) -> None:
    """Put a value under a key: one stands alone, more are a list."""
    if key not in target:
        target[key] = item
    elif isinstance(target[key], list):
        target[key].append(item)
    else:
        target[key] = [target[key], item]


def refuse(url: str, options: object = None) -> NoReturn:
    """Refuse to load a JSON-LD document: pyld's document loader here.

    Raises:
        RemoteAccessRefusedError: Always.
    """
    del options
    raise RemoteAccessRefusedError(
        f"the JSON-LD document {url} would have to be fetched, and perezkg fetches nothing",
        hint="Put the context itself into the file in place of its address.",
    )
