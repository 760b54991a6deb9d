"""From a response to terms: its body, read within bounds of size and time, and what the store calls it.

Whether that is what was asked for is looked at before anything is believed.
"""

from __future__ import annotations

import re
import time
from codecs import lookup
from contextlib import suppress

from httpx2 import HTTPError
from pyoxigraph import Literal, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from perezkg import errors
from perezkg.output import visible
from perezkg.rdf import reading
from perezkg.rdf.formats import readable
from perezkg.rdf.syntax_errors import Depth, LineDepth, Nesting
from perezkg.sparql.formats import FORMATS
from perezkg.stores.faults import first_line, too_slow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from httpx2 import Response
    from pyoxigraph import Quad, Triple

    from perezkg.rdf.terms import Term
    from perezkg.stores.access import Address

    Cells = tuple[Term | None, ...]
    _Format = TypeVar("_Format", QueryResultsFormat, RdfFormat)

_MIB = 1 << 20
# Enough for the end tag of results with any prefix.
_TAIL = 256


class Body:
    """What a store answers, decompressed.

    Attributes:
        address: The store.
        headers: The headers of the response.
        tail: The last bytes that were read.
    """

    __slots__ = ("_deadline", "_limit", "_pending", "_pieces", "_seen", "_timeout", "address", "headers", "tail")

    def __init__(self, response: Response, address: Address, *, limit: int, started: float, timeout: float) -> None:
        """Read a response.

        Args:
            response: It, with its body still to come.
            address: The store.
            limit: How many bytes may come, decompressed.
            started: When the question was sent, by `time.monotonic`.
            timeout: How many seconds after that the answer has to be there.
        """
        self.address = address
        self.headers = response.headers
        self.tail = b""
        self._pieces = response.iter_bytes()
        self._pending = memoryview(b"")
        self._limit = limit
        self._seen = 0
        self._timeout = timeout
        self._deadline = started + timeout

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, all that is left when it is negative; none at the end.

        Raises:
            StoreAnswerTooLongError: There are more bytes than may come.
            StoreTimeoutError: They take too long.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(_MIB), b""))
        while not self._pending:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            if time.monotonic() > self._deadline:
                raise too_slow(self.address, self._timeout)
            self._seen += len(piece)
            if self._seen > self._limit:
                raise errors.StoreAnswerTooLongError(
                    f"the answer is longer than {self._limit / _MIB:g} MiB",
                    path=self.address.shown,
                    hint="Ask for less (LIMIT), or allow more: --max-size MIB.",
                )
            self.tail = (self.tail + piece)[-_TAIL:]
            self._pending = memoryview(piece)
        found = bytes(self._pending[:size])
        self._pending = self._pending[size:]
        return found

    def beginning(self, size: int) -> bytes:
        """Return the first bytes for a message about them: as many as come before `size`, the end, or a fault."""
        found = b""
        with suppress(errors.RemoteStoreError, HTTPError):
            while len(found) < size and (piece := self.read(size - len(found))):
                found += piece
        return found


_JSON, _XML, _TSV = (FORMATS[name].media_type for name in ("json", "xml", "tsv"))
# JSON and XML say where they end; a table that was cut off between two lines looks whole.
RESULT_TYPES = f"{_JSON}, {_XML};q=0.9, {_TSV};q=0.3"
"""The media types of SELECT and ASK that are asked for, as an Accept header."""

# What is read as it comes; lines before others, for a mistake in one spoils no other.
_GRAPH_SYNTAXES = sorted(
    (syntax for syntax in readable().values() if syntax.streamed and not syntax.graphs),
    key=lambda syntax: not syntax.lines,
)
GRAPH_TYPES = ", ".join(syntax.media_types[0] + ("" if syntax.lines else ";q=0.9") for syntax in _GRAPH_SYNTAXES)
"""The media types of CONSTRUCT and DESCRIBE that are asked for, as an Accept header."""

_RESULTS = {
    "": QueryResultsFormat.JSON,
    _JSON: QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    _XML: QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "text/xml": QueryResultsFormat.XML,
    _TSV: QueryResultsFormat.TSV,
}
_GRAPHS = {"": RdfFormat.N_TRIPLES} | {name: syntax.format for syntax in _GRAPH_SYNTAXES for name in syntax.media_types}
# What parsers raise, and what reading for them does.
_UNREADABLE = (SyntaxError, ValueError, OSError, MemoryError)
# The parser reads two kilobytes at a time: too few to look for depth in.
_PIECE = 1 << 16
_END_OF_XML = re.compile(rb"</(?:[^<>\s]+:)?sparql\s*>\s*\Z")


def read_boolean(body: Body) -> bool:
    """Return the answer to an ASK.

    Raises:
        StoreAnswerError: It is none.
    """
    found = _results(body, "ASK")
    if isinstance(found, bool):
        return found
    names, rows = found
    # Virtuoso answers with a table: a row with 1, or one with 0, or none.
    if names == ("__ASK_RETVAL",) and len(rows) <= 1:
        return any(isinstance(term, Literal) and term.value == "1" for row in rows for term in row)
    raise _wrong(body, "rows", "ASK")


def read_solutions(body: Body, variables: tuple[str, ...] | None) -> tuple[tuple[str, ...], list[Cells]]:
    """Return the columns and rows of a SELECT.

    Args:
        body: The answer.
        variables: The columns in the order wanted; None takes them as the store gives them. A column that the store
            leaves out is unbound in each row.

    Raises:
        StoreAnswerError: It is no table of these columns.
        StoreAnswerIncompleteError: The store says that rows are missing.
    """
    found = _results(body, "SELECT")
    if isinstance(found, bool):
        raise _wrong(body, "true or false", "SELECT")
    given, rows = found
    names = given if variables is None else variables
    strange = [name for name in given if name not in names]
    if strange:
        raise errors.StoreAnswerError(
            f"the answer has columns that the query does not ask for: {visible(', '.join(strange[:5]))}",
            path=body.address.shown,
            hint="It may be the answer to another query: is there a cache in front of the store?",
        )
    if names != given:
        places = [given.index(name) if name in given else -1 for name in names]
        rows = [tuple(None if place < 0 else row[place] for place in places) for row in rows]
    most = body.headers.get("X-SPARQL-MaxRows", "")
    if most.isdecimal() and len(rows) >= int(most) > 0:
        raise errors.StoreAnswerIncompleteError(
            f"the store gives at most {most} rows, and the answer has that many: there may be more",
            path=body.address.shown,
            hint="Ask in parts (ORDER BY, LIMIT and OFFSET), or have the store's limit raised.",
        )
    return names, rows


def read_triples(body: Body) -> list[Triple]:
    """Return the triples of a CONSTRUCT or DESCRIBE.

    Raises:
        StoreAnswerError: They cannot be read.
    """
    syntax = _format(body, _GRAPHS, "CONSTRUCT or DESCRIBE")
    content = body.read()
    try:
        file = reading.from_bytes("the answer", content, syntax)
        return [quad.triple for quad in reading.parse(file)]
    except errors.InputError as error:
        raise _broken(body, syntax.name, f"line {error.line}: {error.message}" if error.line else error.message) from (
            None
        )


def iterate_quads(body: Body) -> Iterator[Quad]:
    """Yield the triples of a graph while they come, as quads of the default graph.

    Raises:
        StoreAnswerError: They cannot be read.
    """
    syntax = _format(body, _GRAPHS, "a request for a graph")
    depth = LineDepth("") if syntax == RdfFormat.N_TRIPLES else Depth("")
    file = _File(body, syntax.name, depth.feed)
    why = ""
    try:
        yield from parse(file, syntax, rename_blank_nodes=True)  # type: ignore[arg-type]
    except _UNREADABLE as error:
        why = str(error) or "it cannot be read"
    file.judge(why)


class _File:
    """A body as the file that a parser reads; what goes wrong is kept, because the parser would rename it."""

    __slots__ = ("_body", "_check", "_fault", "_piece", "_syntax")

    def __init__(self, body: Body, syntax: str, check: Callable[[bytes], object]) -> None:
        self._body = body
        self._syntax = syntax
        self._check = check
        self._piece = memoryview(b"")
        self._fault: Exception | None = None

    def read(self, size: int) -> bytes:
        """Return bytes of the body, at most so many, none at the end.

        Raises:
            OSError: They cannot be had, or have not passed the check.
        """
        if not self._piece:
            try:
                piece = self._body.read(_PIECE)
                self._check(piece)
            except Exception as fault:  # noqa: BLE001 - raised again by judge
                self._fault = fault
                raise OSError("no more bytes") from None
            self._piece = memoryview(piece)
        part = bytes(self._piece[:size])
        self._piece = self._piece[size:]
        return part

    def judge(self, why: str) -> None:
        """Raise what was kept, or an error for what the parser said.

        Raises:
            RemoteStoreError: The answer is broken, or the connection.
        """
        if isinstance(self._fault, errors.RdfSyntaxError):
            why = self._fault.message
        elif self._fault is not None:
            raise self._fault
        if why:
            raise _broken(self._body, self._syntax, why)


def _results(body: Body, form: str) -> bool | tuple[tuple[str, ...], list[Cells]]:
    """Return the columns and rows of an answer, or whether it is true.

    Raises:
        RemoteStoreError: The answer is broken, or the connection.
    """
    syntax = _format(body, _RESULTS, form)
    nesting = Nesting()

    def check(piece: bytes) -> None:
        if syntax == QueryResultsFormat.JSON and nesting.is_too_deep(piece):
            raise _broken(body, "JSON", "it is nested deeper than any answer")

    file = _File(body, syntax.name, check)
    why = ""
    answer: bool | tuple[tuple[str, ...], list[Cells]] = False
    found: QueryBoolean | QuerySolutions | None = None
    try:
        found = parse_query_results(file, syntax)  # type: ignore[arg-type]
        if isinstance(found, QueryBoolean):
            answer = bool(found)
        else:
            answer = tuple(variable.value for variable in found.variables), [tuple(row) for row in found]
        # The parser is content with an answer that was cut off behind its last row.
        while file.read(_PIECE):
            pass
        tail = body.tail.rstrip()
        if (syntax == QueryResultsFormat.JSON and not tail.endswith(b"}")) or (
            syntax == QueryResultsFormat.XML and not _END_OF_XML.search(tail)
        ):
            why = "it does not end as it should"
    except _UNREADABLE as error:
        why = str(error) or "it cannot be read"
    finally:
        # Only the thread that made it may drop it, and a traceback would keep it for any other.
        del found
    file.judge(why)
    return answer


def _format(body: Body, known: dict[str, _Format], form: str) -> _Format:
    """Return the format that the store says it answers in."""
    if "X-SQL-State" in body.headers:
        said = visible(body.headers.get("X-SQL-Message", "no reason"))
        raise errors.StoreAnswerIncompleteError(
            f"the store gives only a part of the answer: {said}",
            path=body.address.shown,
            hint="Ask for less, or have the store's limits raised.",
        )
    name, _, parameters = body.headers.get("Content-Type", "").partition(";")
    name = name.strip().lower()
    if name not in known:
        # Should it be a page that explains itself, its title is worth more than its type.
        said = first_line(body.beginning(1 << 16)) if "html" in name else ""
        raise errors.StoreAnswerError(
            f"{visible(name)} came, which is not an answer to {form}" + (f"; it says: {said}" if said else ""),
            path=body.address.shown,
            hint="Is this the URL of the store's SPARQL service, and not of a page for people?"
            if "html" in name
            else "The store or a proxy in front of it is at fault.",
        )
    charset = re.search(r'charset\s*=\s*"?([^\s;"]+)', parameters, re.IGNORECASE)
    if charset and not _is_utf8(charset[1]):
        raise errors.StoreAnswerError(
            f"the answer is declared as {visible(charset[1])}, but SPARQL answers are UTF-8",
            path=body.address.shown,
            hint="The store or a proxy in front of it is set up wrongly.",
        )
    return known[name]


def _is_utf8(charset: str) -> bool:
    try:
        return lookup(charset).name in ("utf-8", "ascii")
    except (LookupError, ValueError):
        return False


def _wrong(body: Body, got: str, form: str) -> errors.StoreAnswerError:
    return errors.StoreAnswerError(f"{got} came, which is not an answer to {form}", path=body.address.shown)


def _broken(body: Body, syntax: str, why: str) -> errors.StoreAnswerError:
    return errors.StoreAnswerError(
        f"the answer is broken {syntax}: {first_line(why.encode())}",
        path=body.address.shown,
        hint="The store or a proxy in front of it is at fault, or the answer was cut off.",
    )
