"""A table for a terminal, drawn by rich.

No cell is ever cut: what does not fit is folded. Only columns of IRIs at the end, which name the rows for machines,
give way on a narrow screen, and the line under the table says so.
"""

from __future__ import annotations

import os
import re
from io import StringIO

from pyoxigraph import BlankNode, Literal, NamedNode
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from perezkg.output import visible
from perezkg.sparql.results import Boolean, Solutions
from perezkg.vocabulary import XSD, shrink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perezkg.rdf.terms import Term


_NUMERIC = frozenset(
    XSD + prefix + name
    for prefix, names in {
        "": ("integer", "decimal", "double", "float", "long", "int", "short", "byte"),
        "unsigned": ("Long", "Int", "Short", "Byte"),
        "non": ("NegativeInteger", "PositiveInteger"),
        "positive": ("Integer",),
        "negative": ("Integer",),
    }.items()
    for name in names
)


def plain_text(term: Term | None) -> str:
    """Return a term for reading: a literal's text, an IRI as a prefixed name, nothing for an unbound cell.

    >>> plain_text(Literal("Quito", language="es")), plain_text(NamedNode("https://w3id.org/perezkg/id/quito"))
    ('Quito', 'pz:quito')
    """
    if term is None:
        return ""
    if isinstance(term, Literal):
        return term.value
    if isinstance(term, NamedNode):
        return shrink(term.value)
    return f"_:{term.value}" if isinstance(term, BlankNode) else f"<<( {term} )>>"


def is_numeric(terms: Iterable[Term | None]) -> bool:
    """Tell whether a column holds numbers only, and at least one."""
    bound = [term for term in terms if term is not None]
    return bool(bound) and all(isinstance(term, Literal) and term.datatype.value in _NUMERIC for term in bound)


# Whatever could open emphasis, code, a link, an element or a new cell inside a cell.
_SPECIAL = re.compile(r"[\\`*_\[\]<>|&~#]")
_LINE_END = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_WEB = re.compile(r"<https?://[^\s<>|]+>")


def markdown(result: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as a Markdown table, one row a piece; numbers stand to the right."""
    if isinstance(result, Boolean):
        yield "true\n" if result.value else "false\n"
        return
    columns = range(len(result.variables))
    numeric = [is_numeric(row[column] for row in result.rows) for column in columns]
    yield _row(_escape(name) for name in result.variables)
    yield _row("---:" if right else "---" for right in numeric)
    for row in result.rows:
        yield _row(_cell(term) for term in row)


def _row(cells: Iterator[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _cell(term: Term | None) -> str:
    text = plain_text(term)
    # An IRI without a known prefix comes in angle brackets: to Markdown that is a link.
    return text if _WEB.fullmatch(text) else _escape(text)


def _escape(text: str) -> str:
    return _LINE_END.sub("<br>", _SPECIAL.sub(r"\\\g<0>", text))


_NARROWEST = 8  # cells a column needs to be readable; below that each solution becomes a block of lines
_UNLIMITED = 1_000_000


def table(result: Solutions | Boolean, *, to_terminal: bool = False) -> Iterator[str]:
    """Yield an answer as a table with a count under it.

    Args:
        result: The answer.
        to_terminal: Fit the terminal's width and colour the head, unless NO_COLOR is set. Otherwise lines are as long
            as they need to be, or as COLUMNS says.
    """
    if isinstance(result, Boolean):
        yield "true\n" if result.value else "false\n"
        return
    columns = os.environ.get("COLUMNS", "")
    width = int(columns) if columns.isdecimal() and int(columns) else None
    console = Console(
        file=StringIO(),
        width=width if width or to_terminal else _UNLIMITED,
        color_system="standard" if to_terminal and not os.environ.get("NO_COLOR") else None,
        force_terminal=to_terminal,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    count = len(result.rows)
    left_out: list[str] = []
    if result.variables:
        shown, left_out = _without_iris(result, console)
        narrow = count > 0 and console.width < _NARROWEST * len(shown.variables)
        with console.capture() as capture:
            console.print(_records(shown) if narrow else _grid(shown), soft_wrap=False)
        yield from (line.rstrip() + "\n" for line in capture.get().split("\n")[:-1])
    note = f", without {' and '.join(left_out)}, for lack of space: other formats have all" if left_out else ""
    yield f"{count} row{'' if count == 1 else 's'}{note}\n"


def _without_iris(result: Solutions, console: Console) -> tuple[Solutions, list[str]]:
    """Return the answer without its last columns of IRIs, as many as it takes to fit, and their names."""
    shown, left_out = result, list[str]()
    unlimited = console.options.update(max_width=_UNLIMITED)
    while (
        len(shown.variables) > 1
        and all(isinstance(row[-1], NamedNode) for row in shown.rows)
        and console.measure(_grid(shown), options=unlimited).maximum > console.width
    ):
        left_out.insert(0, shown.variables[-1])
        shown = Solutions(shown.variables[:-1], [row[:-1] for row in shown.rows])
    return shown, left_out


def _grid(result: Solutions) -> Table:
    """Return the ordinary form: one line a solution, one column a variable."""
    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for number, name in enumerate(result.variables):
        numeric = is_numeric(row[number] for row in result.rows)
        grid.add_column(Text(name), justify="right" if numeric else "left", overflow="fold")
    for row in result.rows:
        grid.add_row(*[Text(visible(plain_text(term))) for term in row])
    return grid


def _records(result: Solutions) -> Table:
    """Return the form for many columns on a narrow screen: one line a variable, a gap between solutions."""
    records = Table(box=None, show_header=False, pad_edge=False)
    records.add_column(style="bold", overflow="fold")
    records.add_column(overflow="fold")
    for count, row in enumerate(result.rows):
        if count:
            records.add_row()
        for name, term in zip(result.variables, row, strict=True):
            if term is not None:
                records.add_row(Text(name), Text(visible(plain_text(term))))
    return records
