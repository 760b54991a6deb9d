"""A table for a terminal, drawn by rich.

No cell is ever cut: what does not fit is folded. Only columns of IRIs at the end, which name the rows for machines,
give way on a narrow screen, and the line under the table says so.
"""

from __future__ import annotations

import os
from io import StringIO

from pyoxigraph import NamedNode
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from perezkg.rendering.cells import is_numeric, plain_text
from perezkg.results import Boolean, Solutions
from perezkg.visible import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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
    note = f", without {' and '.join(left_out)} for want of width: other formats have all" if left_out else ""
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
