"""Turtle and TriG for people and for diffs, from canonical lines.

Why not pyoxigraph's writer: it leaves no line between subjects, puts all objects on one line and `a` among the other
predicates, labels blank nodes and spells out lists (shapes are full of both), and the order of its prefixes is random.
Why not rdflib's: it costs a quarter of a second before the first triple, and rewrites literals.
"""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter

from perezkg.rdf.blocks import Blocks
from perezkg.rdf.nodes import NIL, TYPE, Nodes, described, lines_with_blanks, shared_blanks
from perezkg.rdf.terms import bare
from perezkg.vocabulary import PREFIXES, is_local_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from perezkg.rdf.nodes import Properties

_INDENT = "    "
_WIDTH = 120
_REMEMBERED = 100_000

_TRIPLE_TERM_PART = re.compile(r'<<\(|\)>>|<[^<>"\s]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?')
_ESCAPE = re.compile(r"\\(.)")


class TurtleWriter:
    """Writes the nodes of a graph as Turtle.

    Args:
        nodes: Its blank nodes.
        prefixes: Which prefixes may be used, name to namespace; a namespace ends in # or /.
        long: One object a line and the full stop on a line of its own, so that a changed line is a changed fact.

    Attributes:
        used: The prefixes that were used so far.
    """

    __slots__ = ("_long", "_names", "_namespaces", "_nodes", "_placed", "used")

    def __init__(self, nodes: Nodes, prefixes: Mapping[str, str] = PREFIXES, *, long: bool = False) -> None:
        self._nodes = nodes
        self._placed = nodes.nested | nodes.lists.keys()
        self._long = long
        self._namespaces = {namespace: prefix for prefix, namespace in prefixes.items()}
        self._names: dict[str, str] = {}
        self.used: set[str] = set()

    def blocks(self, lines: Iterable[str], indent: str = "") -> Iterator[tuple[str, str]]:
        """Yield each subject with the text of all that is said of it: IRIs as lines say it, then blank nodes."""
        for subject, properties in described(lines):
            yield subject, self._block(self.name(subject), properties, indent)
        nodes = self._nodes
        for subject in nodes.blanks:
            name = "[]" if subject in nodes.anonymous else subject
            yield subject, self._block(name, nodes.properties[subject], indent)

    def _block(self, name: str, properties: Properties, indent: str) -> str:
        lines = self._predicates(properties, indent + _INDENT)
        if self._long:
            return f"{indent}{name}\n{indent}{_INDENT}{lines} ;\n{indent}.\n"
        return f"{indent}{name} {lines} .\n"

    def _predicates(self, properties: Properties, indent: str) -> str:
        return f" ;\n{indent}".join(
            [
                f"{'a' if predicate == TYPE else self.name(predicate)}{self._objects(values, indent)}"
                for predicate, values in properties.items()
            ]
        )

    def _objects(self, values: list[str], indent: str) -> str:
        if len(values) == 1:
            return " " + self._object(values[0], indent)
        if self._long:
            deeper = indent + _INDENT
            return f"\n{deeper}" + f",\n{deeper}".join(self._sorted(values, deeper))
        texts = self._sorted(values, indent)
        line = " " + ", ".join(texts)
        if len(line) > _WIDTH - 2 * len(indent) and all(text[0] != "[" for text in texts):
            return f"\n{indent}{_INDENT}" + f",\n{indent}{_INDENT}".join(texts)
        return line

    def _sorted(self, values: list[str], indent: str) -> list[str]:
        """Return the texts of objects in their order; nested ones by their text, because a label may change."""
        placed = self._placed
        named = [self._object(value, indent) for value in values if value not in placed]
        return named + sorted([self._object(value, indent) for value in values if value in placed])

    def _object(self, value: str, indent: str) -> str:
        if value == NIL:
            return "()"
        if value[0] == "<":
            return self._triple_term(value) if value.startswith("<<(") else self.name(value)
        if value[0] == '"':
            return self._literal(value)
        if value in self._nodes.lists:
            return self._list(self._nodes.lists[value], indent)
        if value not in self._nodes.nested:
            return value
        properties = self._nodes.properties.get(value)
        if not properties:
            return "[]"
        deeper = indent + _INDENT
        return f"[\n{deeper}{self._predicates(properties, deeper)}\n{indent}]"

    def _list(self, items: list[str], indent: str) -> str:
        deeper = indent + _INDENT
        texts = [self._object(item, deeper) for item in items]
        line = f"( {' '.join(texts)} )"
        if "\n" not in line and len(line) + len(indent) <= _WIDTH and not (self._long and len(items) > 1):
            return line
        return "(\n" + "".join(f"{deeper}{text}\n" for text in texts) + f"{indent})"

    def name(self, term: str) -> str:
        """Return an IRI as a prefixed name where one reads back the same; remembered, because names recur."""
        name = self._names.get(term)
        if name is None:
            if len(self._names) >= _REMEMBERED:
                self._names.clear()
            name = self._names[term] = self._shrink(term)
        return name

    def _shrink(self, term: str) -> str:
        if term[0] != "<":
            return term
        iri = term[1:-1]
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._namespaces.get(iri[:cut])
        if prefix is None or not is_local_name(iri[cut:]):
            return term
        self.used.add(prefix)
        return f"{prefix}:{iri[cut:]}"

    def _literal(self, term: str) -> str:
        end = term.rindex('"') + 1
        if end == len(term) or term[end] == "@":
            return _long_string(term, end) if "\\n" in term else term
        text = bare(term)
        if text != term:
            return text
        text = _long_string(term[:end], end) if "\\n" in term else term[:end]
        return f"{text}^^{self.name(term[end + 2 :])}"

    def _triple_term(self, term: str) -> str:
        return " ".join(
            self._literal(part) if part[0] == '"' else part if part in ("<<(", ")>>") else self.name(part)
            for part in _TRIPLE_TERM_PART.findall(term)
        )


def turtle(lines: Iterable[str], prefixes: Mapping[str, str] = PREFIXES, *, long: bool = False) -> Iterator[str]:
    """Yield N-Triples lines as a Turtle document: the prefixes that it uses, then the subjects."""
    return trig({"": lines}, prefixes, long=long)


def long_turtle(lines: Iterable[str], prefixes: Mapping[str, str] = PREFIXES) -> Iterator[str]:
    """Yield the same with one object a line."""
    return turtle(lines, prefixes, long=True)


def trig(
    graphs: Mapping[str, Iterable[str]], prefixes: Mapping[str, str] = PREFIXES, *, long: bool = False
) -> Iterator[str]:
    """Yield graphs as a TriG document: the default graph, then each named one in braces.

    All of it is made before the first piece comes, on disk where it is long: the first line tells which prefixes it
    uses. Memory holds the lines that mention blank nodes.

    Args:
        graphs: N-Triples lines of each graph, to be gone through twice; the name of the default graph is empty.
        prefixes: Which prefixes may be used.
        long: As for `TurtleWriter`.
    """
    blanks = {name: lines_with_blanks(lines) for name, lines in graphs.items()}
    shared = shared_blanks(blanks)
    used: set[str] = set()
    names: list[str] = []
    blocks = Blocks()
    for place, (name, lines) in enumerate(graphs.items()):
        writer = TurtleWriter(Nodes(blanks[name], shared), prefixes, long=long)
        names.append(writer.name(name) if name else "")
        for subject, text in writer.blocks(lines, _INDENT if name else ""):
            blocks.add(place, subject, text)
        used |= writer.used
    blocks.settle()
    head = "".join([f"@prefix {prefix}: <{prefixes[prefix]}> .\n" for prefix in sorted(used)])
    return _document(head, names, blocks)


def _document(head: str, names: list[str], blocks: Blocks) -> Iterator[str]:
    """Yield the prefixes and the blocks, with the names of their graphs, and empty lines between all of them."""
    yield head
    between = "\n" if head else ""
    for place, texts in groupby(blocks, itemgetter(0)):
        if names[place]:
            yield f"{between}{names[place]} {{\n"
            between = ""
        for _, text in texts:
            yield between + text
            between = "\n"
        if names[place]:
            yield "}\n"


def _long_string(term: str, end: int) -> str:
    """Return a text of several lines between three quotation marks, with its lines as lines."""
    body = _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[0], term[1 : end - 1])
    return f'"""{body}"""{term[end:]}'
