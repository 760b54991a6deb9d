"""Turtle for people and for diffs.

Everything here works on terms in N-Triples form, as strings: `<iri>`, `_:label`, `"text"@en`. Lines that came from
`canonical_lines` depend neither on the order nor on the blank node labels of what was read.

Why not pyoxigraph's writer: it leaves no line between subjects, puts all objects on one line and `a` among the other
predicates, labels blank nodes and spells out lists (shapes are full of both), and the order of its prefixes is random.
Why not rdflib's: it costs a quarter of a second before the first triple, and rewrites literals.
"""

from __future__ import annotations

import re

from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, Quad, RdfFormat, Triple, serialize

from perezkg.rdf.terms import bare
from perezkg.vocabulary import PREFIXES, RDF, is_local_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TYPE = f"<{RDF}type>"
NIL = f"<{RDF}nil>"
_FIRST, _REST = f"<{RDF}first>", f"<{RDF}rest>"

# Blank nodes nested deeper than this get a label instead: writers recurse, and so do readers.
_DEEPEST = 24

_BLANK = re.compile("_:c14n[0-9]+")
_DIGITS = re.compile("([0-9]+)")


def canonical_lines(quads: Iterable[Quad | Triple]) -> list[str]:
    """Return a dataset as canonical N-Quads (RDFC-1.0): its lines, without line end, each once, in code point order.

    >>> from pyoxigraph import parse
    >>> canonical_lines(parse("_:x <http://example.org/p> _:y .", format=RdfFormat.N_TRIPLES))
    ['_:c14n1 <http://example.org/p> _:c14n0 .']
    """
    return dataset_lines(canonical_dataset(quads))


def canonical_dataset(quads: Iterable[Quad | Triple]) -> Dataset:
    """Return a dataset whose blank nodes have their RDFC-1.0 labels."""
    dataset = Dataset(
        quad if isinstance(quad, Quad) else Quad(quad.subject, quad.predicate, quad.object) for quad in quads
    )
    # Most data have no blank node, and this is the cheapest way to know.
    if "_:" in _n_quads(dataset):
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def dataset_lines(dataset: Dataset) -> list[str]:
    """Return the N-Quads lines of a dataset, in code point order."""
    return sorted(_n_quads(dataset).split("\n")[:-1])


def _n_quads(dataset: Dataset) -> str:
    return (serialize(dataset, format=RdfFormat.N_QUADS) or b"").decode()


def graph_lines(dataset: Dataset) -> dict[str, list[str]]:
    """Return the N-Triples lines of each graph of a dataset, by its name; the default graph comes first, as ""."""
    graphs: dict[str, list[str]] = {"": []}
    for quad in dataset:
        name = "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)
        graphs.setdefault(name, []).append(f"{quad.triple} .")
    return {name: sorted(graphs[name]) for name in sorted(graphs, key=natural)}


def blank_labels(text: str) -> set[str]:
    """Return the labels of the blank nodes in a line or a term (and of a text that looks like one)."""
    return set(_BLANK.findall(text))


def shared_blanks(graphs: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return the blank nodes that more than one graph speaks of, or that name a graph."""
    seen: set[str] = set()
    shared: set[str] = {name for name in graphs if name.startswith("_:")}
    if len(graphs) > 1:
        for lines in graphs.values():
            labels = blank_labels("\n".join(lines))
            shared |= labels & seen
            seen |= labels
    return frozenset(shared)


def natural(term: str) -> list[str | tuple[int, str]]:
    """Return a sort key that puts sentence 9 before sentence 10.

    >>> sorted(["<s#s10>", "<s#s9>"], key=natural)
    ['<s#s9>', '<s#s10>']
    """
    parts: list[str | tuple[int, str]] = [*_DIGITS.split(term)]
    parts[1::2] = [(len(digits), digits) for digits in parts[1::2] if isinstance(digits, str)]
    return parts


def object_order(term: str) -> tuple[int, str, list[str | tuple[int, str]]]:
    """Return a sort key of objects: IRIs, literals by language or datatype and then by text, blank nodes."""
    if term[0] == '"':
        end = term.rindex('"') + 1
        return 1, term[end:], natural(term[:end])
    return (2 if term[0] == "_" else 3 if term.startswith("<<(") else 0), "", natural(term)


class Nodes:
    """The triples of one graph by subject and predicate, and which of its blank nodes can stand without a label.

    Args:
        lines: Lines of N-Triples in code point order, blank nodes canonically labelled.
        labelled: Blank nodes that must keep their label, because other graphs speak of them as well.

    Attributes:
        properties: For each subject its predicates (rdf:type first), for each predicate its objects.
        subjects: The subjects that are written at the top: IRIs in natural order, then blank nodes.
        anonymous: Those of them that are blank nodes which nothing refers to.
        nested: Blank nodes that are used once, as an object, and so are written where they are used.
        lists: For the first cell of each well-formed RDF list that is used once, its items.
    """

    __slots__ = ("_list_of", "_user", "anonymous", "lists", "nested", "properties", "subjects")

    def __init__(self, lines: Iterable[str], labelled: frozenset[str] = frozenset()) -> None:
        self.properties: dict[str, dict[str, list[str]]] = {}
        users: dict[str, list[str]] = {}
        kept = set(labelled)
        for line in lines:
            subject, predicate, value = line[:-2].split(" ", 2)
            self.properties.setdefault(subject, {}).setdefault(predicate, []).append(value)
            if value.startswith("_:"):
                users.setdefault(value, []).append(subject)
            elif value.startswith("<<("):
                kept |= blank_labels(value)
        for subject, predicates in self.properties.items():
            if TYPE in predicates:
                self.properties[subject] = {TYPE: predicates.pop(TYPE), **predicates}
            for values in predicates.values():
                if len(values) > 1:
                    values.sort(key=object_order)
        self._user = {blank: used[0] for blank, used in users.items() if len(used) == 1 and blank not in kept}
        self._list_of: dict[str, str] = {}
        self.lists: dict[str, list[str]] = {}
        self._find_lists()
        self.nested = self._find_nested()
        top = [node for node in self.properties if node not in self.nested and node not in self._list_of]
        self.subjects = sorted(top, key=lambda node: (node[0] == "_", natural(node)))
        self.anonymous = {node for node in top if node[0] == "_" and node not in users and node not in kept}

    def _find_lists(self) -> None:
        """Fill `lists`, and for each cell of a list note its first cell."""
        cells = {
            blank: (predicates[_FIRST][0], predicates[_REST][0])
            for blank in self._user
            if (predicates := self.properties.get(blank, {})).keys() == {_FIRST, _REST}
            and len(predicates[_FIRST]) == len(predicates[_REST]) == 1
        }
        following = {rest for _, rest in cells.values()}
        for head in cells:
            if head in following:
                continue
            items, path, cell = [], [], head
            while cell in cells:
                path.append(cell)
                item, cell = cells[cell]
                items.append(item)
            if cell == NIL:
                self.lists[head] = items
                self._list_of.update(dict.fromkeys(path, head))

    def _find_nested(self) -> set[str]:
        """Return the blank nodes to write where they are used: not on a circle, and not too deep."""
        depth: dict[str, int] = {}
        for blank in self._user:
            path: list[str] = []
            node = self._list_of.get(blank, blank)
            while node in self._user and node not in depth:
                depth[node] = 0  # stays so for the one node of a circle that must be written at the top
                path.append(node)
                node = self._list_of.get(self._user[node], self._user[node])
            on_circle = node if node in path else ""
            above = depth.get(node, 0)
            for node in reversed(path):  # from the top down
                above = depth[node] = 0 if node == on_circle or above == _DEEPEST else above + 1
                if not above:
                    self._dissolve(node)
        return {blank for blank, steps in depth.items() if steps and blank not in self._list_of}

    def _dissolve(self, head: str) -> None:
        """Take the first cell off a list, so that it can be written at the top."""
        items = self.lists.pop(head, [])
        self._list_of.pop(head, None)
        if len(items) > 1:
            rest = self.properties[head][_REST][0]
            self.lists[rest] = items[1:]
            self._list_of.update({cell: rest for cell, first in self._list_of.items() if first == head})


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
    """Yield N-Triples lines as a Turtle document: the prefixes that it uses, then one subject a piece."""
    writer = TurtleWriter(Nodes(lines), prefixes, long=long)
    blocks = list(writer.blocks())
    yield prefix_lines(writer.used, prefixes)
    if blocks:
        blocks[-1] = blocks[-1][:-1]
    yield from blocks


def long_turtle(lines: list[str], prefixes: Mapping[str, str] = PREFIXES) -> Iterator[str]:
    """Yield the same with one object a line."""
    return turtle(lines, prefixes, long=True)


def trig(graphs: Mapping[str, list[str]], prefixes: Mapping[str, str] = PREFIXES) -> Iterator[str]:
    """Yield graphs as a TriG document: the default graph, then each named one in braces.

    Args:
        graphs: N-Triples lines of each graph; the name of the default graph is empty.
        prefixes: Which prefixes may be used.
    """
    shared = shared_blanks(graphs)
    used: set[str] = set()
    blocks: list[str] = []
    for name, lines in graphs.items():
        writer = TurtleWriter(Nodes(lines, shared), prefixes)
        content = "".join(writer.blocks(_INDENT if name else ""))
        blocks.append(f"{writer.name(name)} {{\n{content[:-1]}}}\n\n" if name else content)
        used |= writer.used
    yield prefix_lines(used, prefixes)
    yield "".join(blocks)[:-1]


def prefix_lines(used: set[str], prefixes: Mapping[str, str]) -> str:
    """Return the declarations of prefixes, in the order of their names, and an empty line after them."""
    return "".join(f"@prefix {prefix}: <{prefixes[prefix]}> .\n" for prefix in sorted(used)) + ("\n" if used else "")


def _long_string(term: str, end: int) -> str:
    """Return a text of several lines between three quotation marks, with its lines as lines."""
    body = _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[0], term[1 : end - 1])
    return f'"""{body}"""{term[end:]}'
