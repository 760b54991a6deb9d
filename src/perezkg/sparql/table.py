"""Tables for people: drawn by rich for a terminal, or in Markdown.

In a drawn table no cell is ever cut: what does not fit is folded. Only columns of IRIs at the end, which name the rows
for machines, give way on a narrow screen, and the line under the table says so.
"""

from __future__ import annotations

import os
import re

from pyoxigraph import Literal, NamedNode

from perezkg.output import visible
from perezkg.rdf.terms import INTEGERS, as_text
from perezkg.sparql.results import Boolean, Solutions
from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console
    from rich.table import Table

    from perezkg.rdf.terms import Term

_NUMERIC = INTEGERS | {XSD + name for name in ("decimal", "double", "float")}
_NARROWEST = 8  # character cells a column needs to be readable; below that each solution becomes a block of lines
_UNLIMITED = 1_000_000
# Whatever could open emphasis, code, a link, an element or a new cell inside a cell of Markdown.
_SPECIAL = re.compile(r"[\\`*_\[\]<>|&~#]")
_LINE_END = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_WEB = re.compile(r"<https?://[^\s<>|]+>")


def table(answer: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as a table with a count under it; lines are as long as they need to be, or as COLUMNS says."""
    return _drawn(answer, to_terminal=False)


def terminal_table(answer: Solutions | Boolean) -> Iterator[str]:
    """Yield a table that fits the terminal's width, or COLUMNS, with a coloured head unless NO_COLOR is set."""
    return _drawn(answer, to_terminal=True)


def _drawn(answer: Solutions | Boolean, *, to_terminal: bool) -> Iterator[str]:
    if isinstance(answer, Boolean):
        yield f"{answer.word}\n"
        return
    from io import StringIO

    from rich.console import Console

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
    count = len(answer.rows)
    left_out: list[str] = []
    if answer.variables:
        shown, left_out = _without_iris(answer, console)
        narrow = count > 0 and console.width < _NARROWEST * len(shown.variables)
        with console.capture() as capture:
            console.print(_records(shown) if narrow else _grid(shown), soft_wrap=False)
        yield from (line.rstrip() + "\n" for line in capture.get().split("\n")[:-1])
    note = f", without {' and '.join(left_out)}, for lack of space: other formats have all" if left_out else ""
    yield f"{count} row{'' if count == 1 else 's'}{note}\n"


def _without_iris(answer: Solutions, console: Console) -> tuple[Solutions, list[str]]:
    """Return the answer without its last columns of IRIs, as many as it takes to fit, and their names."""
    shown, left_out = answer, list[str]()
    unlimited = console.options.update(max_width=_UNLIMITED)
    while (
        len(shown.variables) > 1
        and all(isinstance(row[-1], NamedNode) for row in shown.rows)
        and console.measure(_grid(shown), options=unlimited).maximum > console.width
    ):
        left_out.insert(0, shown.variables[-1])
        shown = Solutions(shown.variables[:-1], [row[:-1] for row in shown.rows])
    return shown, left_out


def _grid(answer: Solutions) -> Table:
    """Return the ordinary form: one line a solution, one column a variable."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for number, name in enumerate(answer.variables):
        numeric = _is_numeric(row[number] for row in answer.rows)
        grid.add_column(Text(name), justify="right" if numeric else "left", overflow="fold")
    for row in answer.rows:
        grid.add_row(*[Text(visible(as_text(term))) for term in row])
    return grid


def _records(answer: Solutions) -> Table:
    """Return the form for many columns on a narrow screen: one line a variable, a gap between solutions."""
    from rich.table import Table
    from rich.text import Text

    records = Table(box=None, show_header=False, pad_edge=False)
    records.add_column(style="bold", overflow="fold")
    records.add_column(overflow="fold")
    for count, row in enumerate(answer.rows):
        if count:
            records.add_row()
        for name, term in zip(answer.variables, row, strict=True):
            if term is not None:
                records.add_row(Text(name), Text(visible(as_text(term))))
    return records


def markdown(answer: Solutions | Boolean) -> Iterator[str]:
    """Yield an answer as a Markdown table, one row a piece; numbers stand to the right."""
    if isinstance(answer, Boolean):
        yield f"{answer.word}\n"
        return
    columns = range(len(answer.variables))
    numeric = [_is_numeric(row[column] for row in answer.rows) for column in columns]
    yield _row(_escape(name) for name in answer.variables)
    yield _row("---:" if right else "---" for right in numeric)
    for row in answer.rows:
        yield _row(_cell(term) for term in row)


def _row(cells: Iterator[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _cell(term: Term | None) -> str:
    text = as_text(term)
    # An IRI without a known prefix comes in angle brackets: to Markdown that is a link.
    return text if _WEB.fullmatch(text) else _escape(text)


def _escape(text: str) -> str:
    return _LINE_END.sub("<br>", _SPECIAL.sub(r"\\\g<0>", text))


def _is_numeric(terms: Iterable[Term | None]) -> bool:
    """Tell whether a column holds numbers only, and at least one."""
    bound = [term for term in terms if term is not None]
    return bool(bound) and all(isinstance(term, Literal) and term.datatype.value in _NUMERIC for term in bound)
