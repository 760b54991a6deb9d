"""Turtle and TriG for people and for diffs, from canonical lines.

Why not pyoxigraph's writer: it leaves no line between subjects, puts all objects on one line and `a` among the other
predicates, labels blank nodes and spells out lists (shapes are full of both), and the order of its prefixes is random.
Why not rdflib's: it costs a quarter of a second before the first triple, and rewrites literals.
"""

from __future__ import annotations

import re

from perezkg.rdf.nodes import NIL, TYPE, Nodes, shared_blanks
from perezkg.rdf.terms import bare
from perezkg.vocabulary import PREFIXES, is_local_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_INDENT = "    "
_WIDTH = 120

_TRIPLE_TERM_PART = re.compile(r'<<\(|\)>>|<[^<>"\s]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?')
_ESCAPE = re.compile(r"\\(.)")


class TurtleWriter:
    """Writes the nodes of a graph as Turtle.

    Args:
        nodes: What to write.
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

    def blocks(self, indent: str = "") -> Iterator[str]:
        """Yield each subject with all that is said of it, ended by an empty line."""
        nodes = self._nodes
        for subject in nodes.subjects:
            name = "[]" if subject in nodes.anonymous else self.name(subject)
            lines = self._predicates(nodes.properties[subject], indent + _INDENT)
            if self._long:
                yield f"{indent}{name}\n{indent}{_INDENT}{lines} ;\n{indent}.\n\n"
            else:
                yield f"{indent}{name} {lines} .\n\n"

    def _predicates(self, properties: dict[str, list[str]], indent: str) -> str:
        return f" ;\n{indent}".join(
            [
                f"{'a' if predicate == TYPE else self.name(predicate)}{self._objects(values, indent)}"
                for predicate, values in properties.items()
            ]
        )

    def _objects(self, values: list[str], indent: str) -> str:
        if self._long and len(values) > 1:
            deeper = indent + _INDENT
            return f"\n{deeper}" + f",\n{deeper}".join(self._sorted(values, deeper))
        texts = self._sorted(values, indent)
        line = " " + ", ".join(texts)
        if len(texts) > 1 and len(line) > _WIDTH - 2 * len(indent) and all(text[0] != "[" for text in texts):
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


def turtle(lines: list[str], prefixes: Mapping[str, str] = PREFIXES, *, long: bool = False) -> Iterator[str]:
    """Yield N-Triples lines as a Turtle document: the prefixes that it uses, then the subjects."""
    return trig({"": lines}, prefixes, long=long)


def long_turtle(lines: list[str], prefixes: Mapping[str, str] = PREFIXES) -> Iterator[str]:
    """Yield the same with one object a line."""
    return turtle(lines, prefixes, long=True)


def trig(
    graphs: Mapping[str, list[str]], prefixes: Mapping[str, str] = PREFIXES, *, long: bool = False
) -> Iterator[str]:
    """Yield graphs as a TriG document: the default graph, then each named one in braces.

    Args:
        graphs: N-Triples lines of each graph; the name of the default graph is empty.
        prefixes: Which prefixes may be used.
        long: As for `TurtleWriter`.
    """
    shared = shared_blanks(graphs)
    used: set[str] = set()
    blocks: list[str] = []
    for name, lines in graphs.items():
        writer = TurtleWriter(Nodes(lines, shared), prefixes, long=long)
        content = "".join(writer.blocks(_INDENT if name else ""))
        blocks.append(f"{writer.name(name)} {{\n{content[:-1]}}}\n\n" if name else content)
        used |= writer.used
    yield "".join(f"@prefix {prefix}: <{prefixes[prefix]}> .\n" for prefix in sorted(used)) + ("\n" if used else "")
    yield "".join(blocks)[:-1]


def _long_string(term: str, end: int) -> str:
    """Return a text of several lines between three quotation marks, with its lines as lines."""
    body = _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[0], term[1 : end - 1])
    return f'"""{body}"""{term[end:]}'
