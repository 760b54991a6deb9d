"""What a query answers: `Solutions` of a SELECT, the `Boolean` of an ASK, the `Triples` of a CONSTRUCT or DESCRIBE.

Terms are pyoxigraph's everywhere; `Row` shows them as Python values. `ordered_rows` and `ordered_triples` give every
engine's answer the same order and the same labels of blank nodes.
"""

from __future__ import annotations

from pyoxigraph import BlankNode, RdfFormat, Triple, parse

from perezkg.rdf.terms import native
from perezkg.sparql.formats import BOOLEAN, SOLUTIONS, TRIPLES, render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from typing import Any, SupportsIndex, TypeAlias, overload

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from perezkg.notebook import Origin
    from perezkg.rdf.terms import Term
    from perezkg.sparql.spooled import SpooledRows

    Cells: TypeAlias = tuple[Term | None, ...]
    Result: TypeAlias = "Solutions | Boolean | Triples"


class Solutions:
    """The rows of a SELECT, in order.

    A sequence of `Row`: `len`, indexing, slicing and iteration work; two are equal when variables and rows are.

    Attributes:
        variables: The names of the columns, in order, without question mark.
        rows: For each solution one pyoxigraph term a column, None where unbound.
        kind: The kind of answer, `formats.SOLUTIONS`.
        origin: The graph that was asked, as long as somebody holds it, and the language of labels; None where no graph
            of this process was. A notebook has the labels of things from there.

    >>> from pyoxigraph import Literal
    >>> answer = Solutions(("year", "place"), [(Literal(1996), Literal("Atlanta")), (Literal(2008), None)])
    >>> [row.year for row in answer], answer[0]["place"], answer[1].place
    ([1996, 2008], 'Atlanta', None)
    """

    __slots__ = ("origin", "rows", "variables")
    __hash__ = None  # type: ignore[assignment]
    kind = SOLUTIONS

    def __init__(self, variables: tuple[str, ...], rows: list[Cells] | SpooledRows) -> None:
        self.variables = variables
        self.rows: list[Cells] = rows  # type: ignore[assignment]  # who asks for spooled rows knows what they can do
        self.origin: Origin | None = None

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes this answer again in another process, where its graph is not."""
        return Solutions, (self.variables, self.rows)

    def texts(self, cell: Callable[[Term | None], Any], iri: Callable[[str], Any] | None = None) -> Iterator[list[Any]]:
        """Yield for each row what a function makes of each of its terms, or of None.

        Args:
            cell: The function.
            iri: One that makes the same of the text of an IRI: for long answers, to be quick.
        """
        rows: list[Cells] | SpooledRows = self.rows
        return ([*map(cell, row)] for row in rows) if isinstance(rows, list) else rows.texts(cell, iri)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        variables = self.variables
        return (Row(variables, terms) for terms in self.rows)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, index: SupportsIndex) -> Row: ...
        @overload
        def __getitem__(self, index: slice) -> Solutions: ...

    def __getitem__(self, index: SupportsIndex | slice) -> Row | Solutions:
        """Return one row, or the rows of a slice as `Solutions`."""
        if isinstance(index, slice):
            part = Solutions(self.variables, self.rows[index])
            part.origin = self.origin
            return part
        return Row(self.variables, self.rows[index])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Solutions):
            return NotImplemented
        return self.variables == other.variables and self.rows == other.rows

    def __repr__(self) -> str:
        columns = ", ".join(self.variables)
        return f"<Solutions: {len(self.rows)} row{'' if len(self.rows) == 1 else 's'} of {columns}>"

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one dictionary a row, from column name to Python value (None where unbound)."""
        return [dict(zip(self.variables, row, strict=True)) for row in self]

    def to_csv(self) -> str:
        """Return the answer as SPARQL 1.1 CSV: a header line, then one line a row, ended by CR LF."""
        return "".join(render(self, "csv"))

    def to_columns(self) -> dict[str, list[Any]]:
        """Return one list a column, by its name, of Python values (None where unbound).

        >>> from pyoxigraph import Literal
        >>> Solutions(("year", "place"), [(Literal(1996), Literal("Atlanta")), (Literal(2008), None)]).to_columns()
        {'year': [1996, 2008], 'place': ['Atlanta', None]}
        """
        return {name: [native(row[number]) for row in self.rows] for number, name in enumerate(self.variables)}

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas data frame whose columns have the types of their values.

        Integers become `Int64` (with `<NA>` where unbound), booleans `boolean`, IRIs and texts `string`; decimals and
        dates stay Python objects, because no type of pandas holds them without loss.

        Raises:
            EngineMissingError: pandas is not installed; `pip install "perezkg[pandas]"` brings it.
        """
        from perezkg.sparql.frames import pandas_frame

        return pandas_frame(self)

    def to_polars(self) -> pl.DataFrame:
        """Return a polars data frame whose columns have the types of their values.

        Integers become `Int64`, decimals `Decimal`, doubles `Float64`, booleans `Boolean`, days `Date`, times
        `Datetime` (in UTC where they tell their zone), durations `Duration`, IRIs and texts `String`; so does the text
        of what is of several kinds, such as days some of which are years alone.

        Raises:
            EngineMissingError: polars is not installed; `pip install "perezkg[polars]"` brings it.
        """
        from perezkg.sparql.frames import polars_frame

        return polars_frame(self)

    def to_arrow(self) -> pa.Table:
        """Return an Arrow table whose columns have the types of their values, like those of `to_polars`.

        Raises:
            EngineMissingError: pyarrow is not installed; `pip install "perezkg[arrow]"` brings it.
        """
        from perezkg.sparql.frames import arrow_table

        return arrow_table(self)

    def _repr_html_(self) -> str:
        """Return a table for notebooks."""
        from perezkg.notebook import terms

        return terms(self.variables, self.rows, len(self), self.origin)


class Row:
    """One solution: its values by name (`row.year`, `row["year"]`), by index (`row[0]`) or by unpacking.

    Values are Python's own: int, Decimal, float, bool, date, datetime, timedelta, str, `IRI` (a str), None.
    A column whose name is one of `terms`, `variables` or `asdict` is reached as `row["terms"]`.

    Attributes:
        terms: The pyoxigraph terms themselves, with datatype and language; None where unbound.
        variables: The names of the columns.
    """

    __slots__ = ("terms", "variables")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, variables: tuple[str, ...], terms: Cells) -> None:
        self.variables = variables
        self.terms = terms

    def __getitem__(self, key: int | str) -> Any:  # noqa: ANN401 - what a cell holds is the data's choice
        """Return the value of a column.

        Raises:
            KeyError: There is no column of this name.
            IndexError: There is no column at this index.
        """
        if isinstance(key, str):
            if key not in self.variables:
                raise KeyError(key)
            key = self.variables.index(key)
        return native(self.terms[key])

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        if name.startswith("__") or name not in self.variables:
            raise AttributeError(f"this row has no column {name!r}; it has {', '.join(self.variables)}")
        return self[name]

    def __iter__(self) -> Iterator[Any]:
        return (native(term) for term in self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.variables]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Row):
            return NotImplemented
        return self.variables == other.variables and self.terms == other.terms

    def __repr__(self) -> str:
        return "Row(" + ", ".join(f"{k}={v!r}" for k, v in zip(self.variables, self, strict=True)) + ")"

    def asdict(self) -> dict[str, Any]:
        """Return the row as a dictionary from column name to Python value."""
        return dict(zip(self.variables, self, strict=True))


class Boolean:
    """The answer to an ASK; true or false in a condition.

    Attributes:
        value: The answer.
        kind: The kind of answer, `formats.BOOLEAN`.
    """

    __slots__ = ("value",)
    kind = BOOLEAN

    def __init__(self, value: bool) -> None:  # noqa: FBT001 - it is the one thing that this class holds
        self.value = value

    def __bool__(self) -> bool:
        return self.value

    def __eq__(self, other: object) -> bool:
        return self.value == (other.value if isinstance(other, Boolean) else other)

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return f"Boolean({self.value})"

    @property
    def word(self) -> str:
        """The answer as formats write it: true or false."""
        return "true" if self.value else "false"

    def _repr_html_(self) -> str:
        """Return the answer for notebooks."""
        return f"<strong>{self.word}</strong>"


class Triples:
    """The triples of a CONSTRUCT or DESCRIBE, each once, sorted.

    A sequence of pyoxigraph triples. Two are equal when they hold the same triples, whatever the order; blank nodes
    count by their label.

    Attributes:
        kind: The kind of answer, `formats.TRIPLES`.
        origin: As that of `Solutions`.
    """

    __slots__ = ("_lines", "_triples", "origin")
    __hash__ = None  # type: ignore[assignment]
    kind = TRIPLES

    def __init__(self, triples: list[Triple] | None, lines: Collection[str] | None = None) -> None:
        self._triples = triples
        self._lines = lines
        self.origin: Origin | None = None

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes this answer again in another process, where its graph is not."""
        return Triples, (self._triples, self._lines)

    @property
    def triples(self) -> list[Triple]:
        """The list itself."""
        if self._triples is None:
            self._triples = [quad.triple for quad in parse("\n".join(self.lines), RdfFormat.N_TRIPLES)]
        return self._triples

    @property
    def lines(self) -> Collection[str]:
        """The same as canonical lines of N-Triples, which is what the writers need; those of a long answer on disk."""
        if self._lines is None:
            from perezkg.rdf.nodes import canonical_lines

            self._lines = canonical_lines(self.triples)
        return self._lines

    def __len__(self) -> int:
        return len(self.lines if self._triples is None else self._triples)

    def __iter__(self) -> Iterator[Triple]:
        return iter(self.triples)

    def __getitem__(self, index: SupportsIndex) -> Triple:
        """Return one triple."""
        return self.triples[index]

    def __contains__(self, triple: object) -> bool:
        return triple in self.triples

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Triples):
            return NotImplemented
        return set(self.triples) == set(other.triples)

    def __repr__(self) -> str:
        return f"<Triples: {len(self.triples)}>"

    def to_turtle(self) -> str:
        """Return the triples as Turtle."""
        return "".join(render(self, "turtle"))

    def _repr_html_(self) -> str:
        """Return a table for notebooks."""
        from perezkg.notebook import terms
        from perezkg.words import words

        head = words("notebook", self.origin[1] if self.origin else "en")
        return terms((head["subject"], head["predicate"], head["object"]), self.triples, len(self), self.origin)


def ordered_rows(rows: list[Cells], *, ordered: bool) -> list[Cells]:
    """Return rows sorted by their cells unless the query orders them, blank nodes labelled b0, b1 … as they come."""
    if not ordered:
        rows.sort(key=lambda cells: [_sort_key(term) for term in cells])
    if not any(type(term) is BlankNode for cells in rows for term in cells):
        return rows
    labels: dict[BlankNode, BlankNode] = {}
    return [
        tuple(
            labels.setdefault(term, BlankNode(f"b{len(labels)}")) if isinstance(term, BlankNode) else term
            for term in cells
        )
        for cells in rows
    ]


def ordered_triples(triples: Iterable[Triple]) -> list[Triple]:
    """Return triples each once, sorted, with the blank node labels of RDFC-1.0.

    Raises:
        LimitReachedError: Blank nodes are so much alike that the limit of work is reached.
    """
    distinct = set(triples)
    if any(type(term) in (BlankNode, Triple) for triple in distinct for term in (triple.subject, triple.object)):
        from perezkg.rdf.nodes import canonical_lines

        return [quad.triple for quad in parse("\n".join(canonical_lines(distinct)), RdfFormat.N_TRIPLES)]
    return sorted(distinct, key=str)


def _sort_key(term: Term | None) -> str:
    # Unbound first; a blank node has no name to sort by.
    return "" if term is None else "_" if isinstance(term, BlankNode) else str(term)
