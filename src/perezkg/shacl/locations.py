"""Where in the files a result stands.

A result points at the triple at fault, else at the property, else at the node. In Turtle, TriG, N-Triples and N-Quads
the place is exact. JSON-LD and RDF/XML are searched as text, for the name of the node and, from there on, for those of
the property and the value: right in files laid out in the usual way, and otherwise near.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat

from perezkg.shacl.report import first_step
from perezkg.turtle_text.positions import Unscannable, scan
from perezkg.vocabulary import RDF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeVar

    from pyoxigraph import Quad

    from perezkg.rdf.reading import DataFile
    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.report import Result
    from perezkg.turtle_text.positions import Placed

    _Triple = tuple[Rdf11Term, NamedNode, Rdf11Term]
    _Key = TypeVar("_Key")
    _Value = TypeVar("_Value")
    _Ends = tuple[dict[_Key, list[_Value]], dict[_Key, list[_Value]]]

_TYPE = NamedNode(RDF + "type")
_SCANNED = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
# Where JSON-LD and RDF/XML describe a node.
_DESCRIBES = r'(?:"@id"\s*:\s*"|rdf:about\s*=\s*["\']|rdf:ID\s*=\s*["\'])'
# A triple in N-Triples, with its subject and object where these are IRIs.
_LINE = re.compile(r"^(?:(<[^>\n]*>)|_:\S+) <[^>\n]*> (?:(<[^>\n]*>) \.$)?", re.MULTILINE)
# How often blank nodes are told apart by those of their neighbours, at most.
_ROUNDS = 20


def placed(results: Iterable[Result], parsed: Iterable[tuple[DataFile, list[Quad]]]) -> Iterator[Result]:
    """Yield results with file, line, column and the text of the line; one whose node is in no file as it is.

    Args:
        results: What was found.
        parsed: Each file that was checked with its triples.
    """
    files = [_File(file, quads) for file, quads in parsed]
    return (_place(result, files) for result in results)


def _place(result: Result, all_files: list[_File]) -> Result:
    for wanted in _wanted(result):
        files = [file for file in all_files if file.count(wanted)]
        # When there are too many values, the last was probably added wrongly.
        several = wanted.point == "predicate" and sum(file.count(wanted) for file in files) > 1
        for file in reversed(files) if several else files:
            offset = file.find(wanted, several=several)
            if offset is not None:
                line, column, source = file.position(offset)
                return replace(result, file=file.name, line=line, column=column, source_line=source)
    return result


def place_of(file: DataFile, quads: list[Quad], wanted: Wanted) -> tuple[int, int, str] | None:
    """Return line, column and the text of the line of a term in a file; None when it cannot be found there."""
    found = _File(file, quads)
    offset = found.find(wanted, several=False)
    return None if offset is None else found.position(offset)


class Wanted(NamedTuple):
    """A pattern of a triple, with None for any term, and which term to point at: "subject", "predicate" or "object"."""

    subject: Rdf11Term | None
    predicate: NamedNode | None
    value: Rdf11Term | None
    point: str

    @property
    def anchor(self) -> Rdf11Term:
        """The term by which triples are looked up: the subject where it is told, as a value can be that of many."""
        term = self.value if self.subject is None else self.subject
        assert term is not None  # noqa: S101 - each pattern has one of them
        return term

    @property
    def by(self) -> int:
        """What the anchor is: 0 the subject, 1 the object."""
        return int(self.subject is None)

    def fits(self, triple: Quad | Placed) -> bool:
        """Return whether a triple fits the pattern."""
        return (
            (self.subject is None or triple.subject == self.subject)
            and (self.predicate is None or triple.predicate == self.predicate)
            and (self.value is None or triple.object == self.value)
        )


def _wanted(result: Result) -> Iterator[Wanted]:
    """Yield the patterns to look for, the most exact first."""
    focus, value = result.focus, result.value
    if result.path is None and value == focus:
        value = None
    if result.path is not None:
        step, backwards = first_step(result.path)
        if value is not None:
            yield Wanted(value, step, focus, "subject") if backwards else Wanted(focus, step, value, "object")
        yield Wanted(None, step, focus, "predicate") if backwards else Wanted(focus, step, None, "predicate")
    elif value is not None:
        yield Wanted(focus, None, value, "object")
    yield Wanted(focus, _TYPE, None, "subject")
    yield Wanted(focus, None, None, "subject")
    yield Wanted(None, None, focus, "object")
    if value is not None:
        yield Wanted(None, None, value, "object")


def _by_ends(found: Iterable[tuple[_Key | None, _Key | None, _Value]]) -> _Ends[_Key, _Value]:
    """Return values by the subjects, and by the objects, that stand before them; None is neither."""
    subjects: dict[_Key, list[_Value]] = {}
    objects: dict[_Key, list[_Value]] = {}
    for subject, value, what in found:
        if subject is not None:
            subjects.setdefault(subject, []).append(what)
        if value is not None:
            objects.setdefault(value, []).append(what)
    return subjects, objects


class _File:
    """A file with its triples and, once they are needed, the places of those."""

    def __init__(self, file: DataFile, quads: list[Quad]) -> None:
        self.name = file.name
        self._file = file
        self._quads = quads

    def count(self, wanted: Wanted) -> int:
        """Return how many triples of the file fit, without finding their places: that costs a hundred times as much."""
        return sum(map(wanted.fits, self._triples_of[wanted.by].get(wanted.anchor, [])))

    @cached_property
    def _triples_of(self) -> _Ends[Rdf11Term, Quad]:
        """The triples by their subjects, and by their objects."""
        return _by_ends((quad.subject, quad.object, quad) for quad in self._quads)  # type: ignore[misc]

    @cached_property
    def _text(self) -> str:
        return self._file.content.decode()

    def find(self, wanted: Wanted, *, several: bool) -> int | None:
        """Return the offset of the wanted term (with `several`, of the last value); None when it is not found."""
        fitting = [placed for placed in self._on_lines(wanted) if wanted.fits(placed)]
        if not fitting:
            if self._placed is None:
                return self._search(wanted)
            fitting = [placed for placed in self._placed[wanted.by].get(wanted.anchor, []) if wanted.fits(placed)]
        if not fitting:
            return None
        if wanted.point == "subject":
            return fitting[0].subject_at
        if wanted.point == "object":
            return fitting[0].object_at
        return fitting[-1].object_at if several else fitting[0].predicate_at

    def position(self, offset: int) -> tuple[int, int, str]:
        """Return line and column, both from 1, and the text of the line."""
        text = self._text
        line = bisect_right(self._lines, offset) - 1
        end = text.find("\n", offset)
        source = text[self._lines[line] : end if end >= 0 else None].rstrip("\r")
        return line + 1, offset - self._lines[line] + 1, source

    @cached_property
    def _lines(self) -> list[int]:
        """The offsets at which lines start."""
        return [0, *(match.end() for match in re.finditer("\n", self._text))]

    def _on_lines(self, wanted: Wanted) -> list[Placed]:
        """Return the triples of an IRI in a file that has a triple a line; of others, none are looked for."""
        if self._file.format != RdfFormat.N_TRIPLES or not isinstance(wanted.anchor, NamedNode):
            return []
        found = []
        for start in self._lines_of[wanted.by].get(str(wanted.anchor), ()):
            end = self._text.find("\n", start)
            try:
                scanned = scan(self._text[start : end if end >= 0 else None], self._file.base)
            except Unscannable:
                return []
            found += [
                triple._replace(
                    subject_at=triple.subject_at + start,
                    predicate_at=triple.predicate_at + start,
                    object_at=triple.object_at + start,
                )
                for triple in scanned
                if not isinstance(triple.subject, BlankNode) and not isinstance(triple.object, BlankNode)
            ]
        return found

    @cached_property
    def _lines_of(self) -> _Ends[str, int]:
        """The lines of IRIs that are the subjects of triples, and of those that are objects, by where they start."""
        return _by_ends((match[1], match[2], match.start()) for match in _LINE.finditer(self._text))

    @cached_property
    def _placed(self) -> _Ends[Rdf11Term, Placed] | None:
        """The triples with their places, by subjects and by objects; None where the text is searched instead."""
        if self._file.format not in _SCANNED:
            return None
        try:
            scanned = scan(self._text, self._file.base, quads=self._file.format == RdfFormat.N_QUADS)
        except Unscannable:
            return None
        names = same_blank_nodes(self._quads, scanned)
        if names:
            scanned = [
                triple._replace(
                    subject=names.get(triple.subject, triple.subject), object=names.get(triple.object, triple.object)
                )
                for triple in scanned
            ]
        return _by_ends((triple.subject, triple.object, triple) for triple in scanned)

    def _search(self, wanted: Wanted) -> int | None:
        terms: list[Rdf11Term] = [wanted.anchor]
        if wanted.subject is not None and wanted.point != "subject":
            terms += [term for term in (wanted.predicate, wanted.value) if term is not None]
        return search(self._text, [term for term in terms if not isinstance(term, BlankNode)])


def search(text: str, terms: Iterable[Rdf11Term]) -> int | None:
    """Return the offset of the last of some terms, each searched for after the one before it.

    The first is searched for where it is described (`"@id"`, `rdf:about`), and then anywhere. When a term is not found,
    the offset of the one before it is returned.

    >>> text = '[{"@id": "ex:a", "ex:knows": {"@id": "ex:b"}}, {"@id": "ex:b", "@type": "ex:C"}]'
    >>> text[search(text, [NamedNode("http://example.org/b")]):]
    'ex:b", "@type": "ex:C"}]'
    """
    found: int | None = None
    for term in terms:
        start = 0 if found is None else found + 1
        places = (_find(text, written, start, is_first=found is None) for written in _spellings(term))
        place = next((place for place in places if place is not None), None)
        if place is None:
            break
        found = place
    return found


def _find(text: str, written: str, start: int, *, is_first: bool) -> int | None:
    word = rf"(?<![\w-]){re.escape(written)}(?![\w-])"
    if is_first:
        for described in re.finditer(rf"{_DESCRIBES}(?:[^\"'<>\s]*[:/#])?({word})", text):
            # {"@id": "…"} and nothing else only refers to the node.
            start, end = described.start(), described.end() + 1
            before, after = text[max(0, start - 99) : start], text[end : end + 99]
            alone = before.rstrip().endswith("{") and after.lstrip().startswith("}")
            if not alone:
                # The beginning of the name: back from the local part to the quotation mark.
                return max(text.rfind(quote, 0, described.start(1)) for quote in "\"'") + 1
    match = re.compile(word).search(text, start)
    return match.start() if match else None


def _spellings(term: Rdf11Term) -> Iterator[str]:
    if isinstance(term, NamedNode):
        yield term.value
        local = re.split(r"[#/:]", term.value)[-1]
        if local:
            yield local
    elif isinstance(term, Literal):
        yield term.value
        escaped = term.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        if escaped != term.value:
            yield escaped
        yield term.value.replace("&", "&amp;").replace("<", "&lt;")


def same_blank_nodes(quads: Iterable[Quad], placed: Sequence[Placed]) -> dict[Rdf11Term, Rdf11Term]:
    """Return, for each blank node of `placed`, the node of `quads` that has the same description.

    Nodes are told apart by their properties, then by those of their neighbours, and so on. Nodes that are still alike
    are paired in the order in which they come; as their descriptions are the same, any order would do.
    """
    left: set[_Triple] = {(quad.subject, quad.predicate, quad.object) for quad in quads}  # type: ignore[misc]
    right: set[_Triple] = {(triple.subject, triple.predicate, triple.object) for triple in placed}
    if not any(isinstance(term, BlankNode) for triple in right for term in (triple[0], triple[2])):
        return {}
    # Each node goes with a flag for its side, as both sides may use the same labels.
    sides = ((False, left), (True, right))
    colours: dict[tuple[bool, Rdf11Term], int] = {
        (side, term): 0
        for side, triples in sides
        for subject, _, value in triples
        for term in (subject, value)
        if isinstance(term, BlankNode)
    }
    for _ in range(_ROUNDS):
        before, colours = colours, _refined(colours, sides)
        if len(set(colours.values())) == len(set(before.values())):
            break
    groups: dict[int, tuple[list[Rdf11Term], list[Rdf11Term]]] = {}
    for (side, node), colour in colours.items():
        groups.setdefault(colour, ([], []))[side].append(node)
    terms = (term for triple in placed for term in (triple.subject, triple.object))
    order = {term: i for i, term in enumerate(dict.fromkeys(terms))}
    return {
        mine: theirs
        for ours, scanned in groups.values()
        for theirs, mine in zip(ours, sorted(scanned, key=order.__getitem__), strict=False)
    }


def _refined(
    colours: dict[tuple[bool, Rdf11Term], int], sides: Iterable[tuple[bool, set[_Triple]]]
) -> dict[tuple[bool, Rdf11Term], int]:
    facts_of: dict[tuple[bool, Rdf11Term], list[int]] = {key: [] for key in colours}
    for side, triples in sides:
        for subject, predicate, value in triples:
            start, end = (side, subject), (side, value)
            if start in colours:
                facts_of[start].append(hash((predicate, colours.get(end, value))))
            if end in colours:
                facts_of[end].append(hash((colours.get(start, subject), predicate, None)))
    return {key: hash((colours[key], *sorted(facts))) for key, facts in facts_of.items()}
