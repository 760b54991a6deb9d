"""Where in the files a result stands.

A result points at the triple at fault, else at the property, else at the node. For Turtle, TriG, N-Triples and N-Quads
the place is exact. JSON-LD and RDF/XML are searched as text for the node's name and, after it, for the property's and
the value's: right in files laid out in the usual way, and at worst near.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, RdfFormat

from perezkg.validation.matching import same_blank_nodes
from perezkg.validation.paths import first_step
from perezkg.validation.scanner import Unscannable, scan
from perezkg.validation.searching import search
from perezkg.validation.shapes import TYPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

    from perezkg.reading import DataFile
    from perezkg.validation.report import Result, Term
    from perezkg.validation.scanner import Placed

_SCANNED = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)


class Locator:
    """Finds results in the files that were checked.

    Args:
        parsed: Each file with the triples that the parser found in it.
    """

    __slots__ = ("_files",)

    def __init__(self, parsed: Iterable[tuple[DataFile, list[Quad]]]) -> None:
        self._files = [_File(file, quads) for file, quads in parsed]

    def place(self, result: Result) -> Result:
        """Return the result with file, line, column and the text of the line; without, when no file has its node."""
        for wanted in _wanted(result):
            files = [file for file in self._files if file.says(wanted)]
            # Of several values too many, the last is the likely intruder.
            several = wanted.point == "predicate" and sum(file.says(wanted) for file in files) > 1
            for file in reversed(files) if several else files:
                offset = file.find(wanted, several=several)
                if offset is not None:
                    line, column, source = file.position(offset)
                    return replace(result, file=file.name, line=line, column=column, source_line=source)
        return result


class Wanted(NamedTuple):
    """A pattern of a triple, and which of its terms to point at: "subject", "object" or "predicate"."""

    subject: Term | None
    predicate: NamedNode | None
    value: Term | None
    point: str

    @property
    def anchor(self) -> Term:
        """The term that the pattern is looked up by."""
        term = self.value if self.subject is None else self.subject
        assert term is not None  # noqa: S101 - no pattern leaves both open
        return term

    def fits(self, triple: Quad | Placed) -> bool:
        """Return whether a triple is of this pattern."""
        return (
            (self.subject is None or triple.subject == self.subject)
            and (self.predicate is None or triple.predicate == self.predicate)
            and (self.value is None or triple.object == self.value)
        )


def _wanted(result: Result) -> Iterator[Wanted]:
    """Yield what to look for, the most exact first."""
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
    yield Wanted(focus, NamedNode(TYPE), None, "subject")
    yield Wanted(focus, None, None, "subject")
    yield Wanted(None, None, focus, "object")
    if value is not None:
        yield Wanted(None, None, value, "object")


def place_of(file: DataFile, quads: list[Quad], wanted: Wanted) -> tuple[int, int, str] | None:
    """Return line, column and the text of the line of a term in a file; None when it cannot be found there."""
    found = _File(file, quads)
    offset = found.find(wanted, several=False)
    return None if offset is None else found.position(offset)


class _File:
    """A file and, once asked, the places of its triples."""

    __slots__ = ("_file", "_lines", "_placed", "_quads", "_said", "_text")

    def __init__(self, file: DataFile, quads: list[Quad]) -> None:
        self._file = file
        self._quads = quads
        self._said: dict[Term, list[Quad]] | None = None
        self._text: str | None = None
        self._lines: list[int] = []
        self._placed: dict[Term, list[Placed]] | None = None

    @property
    def name(self) -> str:
        """The file as the user named it."""
        return self._file.name

    def says(self, wanted: Wanted) -> int:
        """Return how many triples of the file fit; finding their places costs a hundred times as much."""
        if self._said is None:
            self._said = {}
            for quad in self._quads:
                self._said.setdefault(quad.subject, []).append(quad)  # type: ignore[arg-type]
                self._said.setdefault(quad.object, []).append(quad)  # type: ignore[arg-type]
        return sum(map(wanted.fits, self._said.get(wanted.anchor, [])))

    def find(self, wanted: Wanted, *, several: bool) -> int | None:
        """Return the offset of the term that is wanted; of several values, that of the last one."""
        if self._text is None:
            self._read()
        if self._placed is None:
            return self._search(wanted)
        fitting = [placed for placed in self._placed.get(wanted.anchor, []) if wanted.fits(placed)]
        if not fitting:
            return None
        if wanted.point == "subject":
            return fitting[0].subject_at
        if wanted.point == "object":
            return fitting[0].object_at
        return fitting[-1].object_at if several else fitting[0].predicate_at

    def position(self, offset: int) -> tuple[int, int, str]:
        """Return line and column, both from 1, and the text of the line."""
        text = self._text or ""
        line = bisect_right(self._lines, offset) - 1
        end = text.find("\n", offset)
        source = text[self._lines[line] : end if end >= 0 else None].rstrip("\r")
        return line + 1, offset - self._lines[line] + 1, source

    def _read(self) -> None:
        self._text = text = self._file.content.decode()
        self._lines = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
        if self._file.format not in _SCANNED:
            return
        try:
            scanned = scan(text, self._file.base, quads=self._file.format == RdfFormat.N_QUADS)
        except Unscannable:
            return
        names = same_blank_nodes(self._quads, scanned)
        self._placed = {}
        for triple in scanned:
            subject, value = names.get(triple.subject, triple.subject), names.get(triple.object, triple.object)
            named = triple._replace(subject=subject, object=value) if names else triple
            for term in {subject, value}:
                self._placed.setdefault(term, []).append(named)

    def _search(self, wanted: Wanted) -> int | None:
        terms: list[Term] = [wanted.anchor]
        if wanted.subject is not None and wanted.point != "subject":
            terms += [term for term in (wanted.predicate, wanted.value) if term is not None]
        return search(self._text or "", [term for term in terms if not isinstance(term, BlankNode)])
