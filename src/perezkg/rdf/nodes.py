"""A graph as nodes: canonical lines, and what they say by subject and predicate, for those who write it.

Everything here works on terms in N-Triples form, as strings: `<iri>`, `_:label`, `"text"@en`. Lines that came from
`canonical_lines` depend neither on the order nor on the blank node labels of what was read.
"""

from __future__ import annotations

import re
from itertools import islice

from pyoxigraph import DefaultGraph, RdfFormat, parse, serialize

from perezkg.rdf.canonical_labels import blank_labels as labels_of
from perezkg.rdf.canonical_labels import canonically_labelled
from perezkg.vocabulary import RDF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeAlias

    from pyoxigraph import Quad, Triple

    # What is said of a subject: its predicates, rdf:type first, and the objects of each.
    Properties: TypeAlias = dict[str, list[str]]

TYPE = f"<{RDF}type>"
NIL = f"<{RDF}nil>"
_FIRST, _REST = f"<{RDF}first>", f"<{RDF}rest>"

# Blank nodes nested deeper than this get a label instead: writers recurse, and so do readers.
_DEEPEST = 24

_BLANK = re.compile("_:c14n[0-9]+")
_DIGITS = re.compile("[0-9]+")
_BATCH = 10_000


def canonical_lines(quads: Iterable[Quad | Triple]) -> list[str]:
    """Return a dataset as canonical N-Quads (RDFC-1.0): its lines, without line end, each once, in code point order.

    Raises:
        LimitReachedError: Blank nodes are so much alike that the limit of work is reached.

    >>> from pyoxigraph import parse
    >>> canonical_lines(parse("_:x <http://example.org/p> _:y .", format=RdfFormat.N_TRIPLES))
    ['_:c14n1 <http://example.org/p> _:c14n0 .']
    """
    return canonical_text(serialize(quads, format=RdfFormat.N_QUADS) or b"")  # type: ignore[arg-type]


def canonical_text(text: bytes) -> list[str]:
    """Return the same of a dataset that pyoxigraph has written as N-Quads or N-Triples.

    Raises:
        LimitReachedError: Blank nodes are so much alike that the limit of work is reached.
    """
    lines = set(text.split(b"\n"))
    lines.discard(b"")
    if b"_:" in text and (blank := [line for line in lines if labels_of(line)]):
        lines.difference_update(blank)
        lines.update(canonically_labelled(blank))
    return [line.decode() for line in sorted(lines)]


def graph_lines(lines: Iterable[str]) -> dict[str, list[str]]:
    """Return the N-Triples lines of each graph in lines of N-Quads, by its name; first, as "", the default graph."""
    graphs: dict[str, list[str]] = {"": []}
    for quad in parse("\n".join(lines), RdfFormat.N_QUADS):
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


def batches(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield lines some thousands at a time, because a question to all of them at once is much cheaper."""
    rest = iter(lines)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def lines_with_blanks(lines: Iterable[str]) -> list[str]:
    """Return the lines that mention blank nodes (and those whose text looks like it)."""
    return [line for batch in batches(lines) if "_:" in "\n".join(batch) for line in batch if _BLANK.search(line)]


def described(lines: Iterable[str]) -> Iterator[tuple[str, Properties]]:
    """Yield each subject that is an IRI with what is said of it, from lines of N-Triples in code point order."""
    current, properties = "", dict[str, list[str]]()
    for line in lines:
        subject, predicate, value = line.split(" ", 2)
        if subject != current:
            if current[:1] == "<":
                yield current, _arranged(properties)
            current, properties = subject, {}
        properties.setdefault(predicate, []).append(value[:-2])
    if current[:1] == "<":
        yield current, _arranged(properties)


def _arranged(properties: Properties) -> Properties:
    """Return the same with rdf:type first, and objects in their order."""
    for values in properties.values():
        if len(values) > 1:
            values.sort(key=object_order)
    return {TYPE: properties.pop(TYPE), **properties} if TYPE in properties else properties


def natural(term: str) -> str:
    """Return a sort key that puts sentence 9 before sentence 10.

    >>> sorted(["<s#s10>", "<s#s9>"], key=natural)
    ['<s#s9>', '<s#s10>']
    """
    return _DIGITS.sub(_measured, term)


def subject_order(term: str) -> str:
    """Return a sort key of subjects: IRIs in natural order, then blank nodes."""
    return f"{'1' if term[0] == '_' else '0'}{natural(term)}"


def _measured(digits: re.Match[str]) -> str:
    # A mark that sorts before all characters, because a text that ends does, and before digits how many there are.
    return f"\2{len(digits[0]):06}{digits[0]}"


def object_order(term: str) -> tuple[int, str, str]:
    """Return a sort key of objects: IRIs, literals by language or datatype and then by text, blank nodes."""
    if term[0] == '"':
        end = term.rindex('"') + 1
        return 1, term[end:], natural(term[:end])
    return (2 if term[0] == "_" else 3 if term.startswith("<<(") else 0), "", natural(term)


class Nodes:
    """The triples of one graph by subject and predicate, and which of its blank nodes can stand without a label.

    The lines that mention blank nodes are enough to tell that; the others are told as they come, by `described`.

    Args:
        lines: Lines of N-Triples in code point order, blank nodes canonically labelled.
        labelled: Blank nodes that must keep their label, because other graphs speak of them as well.

    Attributes:
        properties: For each subject its predicates (rdf:type first), for each predicate its objects.
        blanks: The blank nodes that are written at the top, in natural order.
        anonymous: Those of them that are blank nodes which nothing refers to.
        nested: Blank nodes that are used once, as an object, and so are written where they are used.
        lists: For the first cell of each well-formed RDF list that is used once, its items.
    """

    __slots__ = ("_list_of", "_user", "anonymous", "blanks", "lists", "nested", "properties")

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
            self.properties[subject] = _arranged(predicates)
        self._user = {blank: used[0] for blank, used in users.items() if len(used) == 1 and blank not in kept}
        self._list_of: dict[str, str] = {}
        self.lists: dict[str, list[str]] = {}
        self._find_lists()
        self.nested = self._find_nested()
        top = [node for node in self.properties if node not in self.nested and node not in self._list_of]
        self.blanks = sorted((node for node in top if node[0] == "_"), key=natural)
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
