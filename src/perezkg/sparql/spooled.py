"""The rows or triples of a long answer, kept as text: sorted or in the order in which they came, in little memory.

A row is a line, its cells between tabs, each as N-Triples has it; Oxigraph's own writer of TSV makes most of it. What
does not fit into memory waits on disk. Terms recur, so what a writer makes of each is remembered for a while.
"""

from __future__ import annotations

import re
from json import loads

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, QueryResultsFormat, RdfFormat, parse

from perezkg.rdf.canonical import CanonicalLines, LinesInOrder, SortedLines, Statements
from perezkg.rdf.terms import as_turtle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from pyoxigraph import QuerySolutions, QueryTriples

    from perezkg.rdf.terms import Cells, Term

_PIECE = 1 << 20
_REMEMBERED = 100_000
# What TSV writes as it is and N-Triples escapes; among bytes of UTF-8 the last two are the ends of U+FFFE and U+FFFF.
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_ESCAPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# Between what a line is sorted by, where that is not the line itself, and the line; it sorts before all characters.
_MARK = b"\x01"
# A cell that is a number or a truth value, in two patterns: what begins with one character is found much faster.
_BARE = (re.compile(rb'\t[^<"_\t\n][^\t\n]*'), re.compile(rb'\n[^<"_\t\n][^\t\n]*'))
# Cells that are sorted by something else than by what they are: blank nodes have no name, a triple term no brackets.
_SORTED_OTHERWISE = re.compile(rb"(?<![^\t])(?:_:[^\t]+|<<\( ([^\t]*) \)>>(?![^\t]))")


class SpooledRows:
    """The rows of a SELECT, to be gone through as often as wanted, always in the same order.

    Args:
        first: Rows that have been taken from the answer already.
        answer: The others.
        ordered: Whether the query orders them; else they are sorted by their cells.

    Raises:
        OutputError: There is no room for temporary files.
    """

    __slots__ = ("_labels", "_lines", "_marked", "_number", "_ordered")

    def __init__(self, first: Iterable[Cells], answer: QuerySolutions, *, ordered: bool) -> None:
        self._ordered = ordered
        self._lines = LinesInOrder() if ordered else SortedLines(distinct=False)
        self._number = 0
        self._marked = False
        self._labels: dict[bytes, BlankNode] = {}
        lines = ("\t".join(["" if term is None else as_turtle(term) for term in row]) for row in first)
        self._add([line.encode() for line in lines])
        taken = _WholeLines(_Tokens(self._add))
        answer.serialize(taken, QueryResultsFormat.TSV)  # type: ignore[arg-type]  # it has what is called
        taken.end()
        self._lines.settle()

    def __del__(self) -> None:
        """Close the temporary file, which is gone then."""
        self._lines.close()

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Cells]:
        """Yield the rows as terms."""
        return map(tuple, self.texts(lambda term: term))

    def texts(self, cell: Callable[[Term | None], Any], iri: Callable[[str], Any] | None = None) -> Iterator[list[Any]]:
        """Yield for each row what a function makes of each of its terms; blank nodes are b0, b1 … as they come.

        Args:
            cell: The function.
            iri: One that makes the same of the text of an IRI, which saves making a term of it.
        """

        def make(token: bytes) -> Any:  # noqa: ANN401 - whatever the function makes
            if iri is not None and token[:1] == b"<" and token[1:2] != b"<":
                return iri(token[1:-1].decode())
            return cell(self._term(token))

        made = _Remembered(make).__getitem__
        for lines in self._lines.blocks():
            for line in [line.rpartition(_MARK)[2] for line in lines] if self._marked else lines:
                yield [*map(made, line.split(b"\t"))]

    def _add(self, lines: list[bytes]) -> None:
        text = b"" if self._ordered else b"\n".join(lines)
        if b"_:" in text or b"<<( " in text:
            for place, line in enumerate(lines):
                key = _SORTED_OTHERWISE.sub(lambda found: found[1] or b"_", line)
                if key != line:
                    # Of rows with blank nodes, nothing but the order in which they came tells some apart.
                    self._marked = True
                    lines[place] = b"%b%b%012d%b%b" % (key, _MARK, self._number + place, _MARK, line)
        self._number += len(lines)
        self._lines.add(lines)

    def _term(self, token: bytes) -> Term | None:
        if token[:2] == b"_:":
            return self._labels.setdefault(token, BlankNode(f"b{len(self._labels)}"))
        return _term(token.decode()) if token else None


def spooled_triples(answer: QueryTriples) -> Statements:
    """Return triples as canonical lines of N-Triples, each once, to be gone through as often as wanted.

    Raises:
        LimitReachedError: Blank nodes are so much alike that the limit of work is reached.
        OutputError: There is no room for temporary files.
    """
    lines = CanonicalLines()
    taken = _WholeLines(lambda text: lines.add_text(text + b"\n"))
    answer.serialize(taken, RdfFormat.N_TRIPLES)  # type: ignore[arg-type]  # it has what is called
    taken.end()
    statements = Statements(lines)
    len(statements)  # raised here and now
    return statements


class _WholeLines:
    """Takes the bytes of a document as they are written, and hands on whole lines, many at a time, the last end cut."""

    __slots__ = ("_pieces", "_size", "_told")

    def __init__(self, told: Callable[[bytes], object]) -> None:
        self._told = told
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take some bytes: what the serializer calls."""
        self._pieces.append(data)
        self._size += len(data)
        if self._size >= _PIECE:
            self.end()
        return len(data)

    def flush(self) -> None:
        """Do nothing: what the serializer calls at its end."""

    def end(self) -> None:
        """Hand on all lines that are complete."""
        whole, end, rest = b"".join(self._pieces).rpartition(b"\n")
        self._pieces, self._size = [rest], len(rest)
        if end:
            self._told(whole)


class _Tokens:
    """Hands on the rows of a TSV document, which comes in pieces of whole lines, with each term as N-Triples has it."""

    __slots__ = ("_canonical", "_head", "_told")

    def __init__(self, told: Callable[[list[bytes]], None]) -> None:
        self._told = told
        self._head = True
        self._canonical = _Remembered(_canonical).__getitem__

    def __call__(self, whole: bytes) -> None:
        """Take some lines."""
        if self._head:
            self._head = False
            _, found, whole = whole.partition(b"\n")
            if not found:
                return
        canonical = self._canonical
        if _is_plain(whole):
            # A line end before the first line, too, so that one stands or a tab before each cell.
            whole = b"\n" + whole
            for bare in _BARE:
                whole = bare.sub(lambda found: found[0][:1] + canonical(found[0][1:]), whole)
            self._told(whole[1:].split(b"\n"))
        else:
            self._told([b"\t".join([*map(canonical, line.split(b"\t"))]) for line in whole.split(b"\n")])


class _Remembered(dict[bytes, "Any"]):
    """What a function makes of bytes, remembered for the most recent of them."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[bytes], Any]) -> None:
        self._make = make

    def __missing__(self, token: bytes) -> Any:  # noqa: ANN401 - whatever the function makes
        if len(self) >= _REMEMBERED:
            self.clear()
        made = self[token] = self._make(token)
        return made


def _is_plain(text: bytes) -> bool:
    """Tell whether N-Triples writes all terms but numbers and truth values in the same way."""
    return (
        b"<<" not in text
        and len(text.translate(None, _CONTROLS)) == len(text)
        and not any(character in text for character in _NO_CHARACTERS)
    )


def _canonical(token: bytes) -> bytes:
    """Return a cell of TSV as N-Triples has it."""
    if token[:2] == b"<<" or token[:1] not in (b"<", b'"', b"_", b""):  # a number or truth value, as in Turtle
        (quad,) = parse(b"<x:s> <x:p> " + token + b" .", RdfFormat.TURTLE)
        return as_turtle(quad.object).encode()
    if token[:1] == b'"':
        return _ESCAPED.sub(lambda found: as_turtle(Literal(found[0]))[1:-1], token.decode()).encode()
    return token


def _term(token: str) -> Term:
    if token[0] == '"':
        end = token.rindex('"')
        # Canonical N-Triples escapes as JSON does.
        text = loads(token[: end + 1], strict=False) if "\\" in token else token[1:end]
        if end == len(token) - 1:
            return Literal(text)
        if token[end + 1] == "^":
            return Literal(text, datatype=NamedNode(token[end + 4 : -1]))
        language, _, direction = token[end + 2 :].partition("--")
        return Literal(text, language=language, direction=BaseDirection(direction) if direction else None)
    if token[:2] == "<<":
        (quad,) = parse(f"<x:s> <x:p> {token} .", RdfFormat.N_TRIPLES)
        term: Term = quad.object
        return term
    return NamedNode(token[1:-1])
