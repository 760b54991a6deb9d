"""Tables for people: drawn by rich for a terminal, or in Markdown.

A drawn table keeps words whole: where they do not fit side by side, columns give way, those of IRIs first, then those
that are the same in each row, then the last ones, and lines under the table say which. On a narrow screen, or where
most columns would give way, each row becomes a block of lines that has all. No cell is ever cut.
"""

from __future__ import annotations

import os
import re

from pyoxigraph import Literal, NamedNode

from perezkg.output import visible
from perezkg.rdf.terms import INTEGERS, as_text
from perezkg.sparql.cells import linked
from perezkg.sparql.results import Boolean, Solutions
from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.table import Table
    from rich.text import Text

    from perezkg.rdf.terms import Term

_NUMERIC = INTEGERS | {XSD + name for name in ("decimal", "double", "float")}
_NARROW = 60  # below that, rows whose words do not fit side by side become blocks of lines
_LONGEST_WORD = 30
_GAP = 3  # between columns, as rich draws them
_EDGES = 2  # rich counts them before it leaves them out
_NOTHING = "—"
_LINKED = ("http://", "https://")
_OF_AN_ADDRESS = "!#$%&'()*+,/:;=?@[]~"
_TERMS = ("xterm-kitty", "alacritty", "foot", "xterm-ghostty", "contour", "wezterm")
_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "WarpTerminal")
_FIRST_VTE = 5000  # the version 0.50 of the library of GNOME's terminals
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

    asked = os.environ.get("COLUMNS", "")
    asked_width = int(asked) if asked.isdecimal() and int(asked) else None
    console = Console(
        file=StringIO(),
        width=asked_width if asked_width or to_terminal else _UNLIMITED,
        color_system="standard" if to_terminal and not os.environ.get("NO_COLOR") else None,
        force_terminal=to_terminal,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    count = len(answer.rows)
    left_out: list[str] = []
    same: list[_Column] = []
    if answer.variables:
        width = console.width
        columns = _columns(answer, links=to_terminal and _has_links())
        shown, left_out, same = _fitting(columns, count, width)
        console.width = width + _EDGES
        with console.capture() as capture:
            console.print(_grid(shown, width) if shown else _records(columns, count), width=None if shown else width)
        yield from (line.rstrip() + "\n" for line in capture.get().split("\n")[:-1])
    *most, last = left_out or [""]
    names = f"{', '.join(most)} and {last}" if most else last
    note = f", without {names}, for lack of space: other formats have all" if names else ""
    yield f"{count} row{'' if count == 1 else 's'}{note}\n"
    if same:
        told = (f"{column.name} {' '.join(column.texts[0].split()) or _NOTHING}" for column in same)
        yield f"in each row: {', '.join(told)}\n"


class _Column:
    """A column that is drawn.

    Attributes:
        name: Its head.
        texts: Of its cells.
        links: The IRI that each cell leads to, or empty.
        right: Whether it stands to the right, as numbers do.
        iris: Whether it holds IRIs only.
        same: Whether it says the same in each of several rows, or nothing in any.
        widest: The width that it needs for its lines to be whole, in character cells.
        narrowest: The same for its words.
    """

    def __init__(self, name: str, terms: list[Term | None], links: list[str]) -> None:
        from rich.cells import cell_len

        self.name = name
        self.texts = [visible(as_text(term)) for term in terms]
        self.links = links
        self.right = _is_numeric(terms)
        self.iris = bool(terms) and all(isinstance(term, NamedNode) for term in terms)
        said = set(self.texts)
        self.same = len(said) == 1 and (len(terms) > 1 or said == {""})
        different = {name, *said}
        self.widest = max(cell_len(line) for text in different for line in text.split("\n"))
        words = max((cell_len(word) for text in different for word in text.split()), default=0)
        # What is longer is no word: an address, a digest.
        self.narrowest = min(words, _LONGEST_WORD)


def _columns(answer: Solutions, *, links: bool) -> list[_Column]:
    names, rows = answer.variables, [*answer.rows]
    leading = [[""] * len(rows) for _ in names]
    if links and rows:
        by_row = ([cell.iri for cell in cells] for cells in linked(rows, names))
        # A last column of IRIs is none of the cells: what they say, the first name of the row links to.
        full = ([*iris, *(_address(term) for term in row[len(iris) :])] for iris, row in zip(by_row, rows, strict=True))
        leading = [*map(list, zip(*full, strict=True))]
    return [_Column(name, [row[place] for row in rows], leading[place]) for place, name in enumerate(names)]


def _address(term: Term | None) -> str:
    """Return the IRI that a term is, or an empty text."""
    return term.value if isinstance(term, NamedNode) else ""


def _fitting(columns: list[_Column], rows: int, width: int) -> tuple[list[_Column], list[str], list[_Column]]:
    """Return the columns that a width has room for, the names of others, and of these those that are always the same.

    No columns are returned where blocks of lines are better to read.
    """
    shown = [*columns]
    left_out: list[str] = []
    same: list[_Column] = []
    while len(shown) > 1 and shown[-1].iris and _taken(column.widest for column in shown) > width:
        left_out.insert(0, shown.pop().name)
    most = len(shown)
    while len(shown) > 1 and _taken(column.narrowest for column in shown) > width:
        always = [column for column in shown[1:] if column.same]
        column = always[-1] if always else shown[-1]
        shown.remove(column)
        if always:
            same.insert(0, column)
        else:
            left_out.insert(0, column.name)
    lost = most - len(shown) - len(same)
    if rows and (2 * lost > most or (lost and (width < _NARROW or rows == 1))):
        return [], [], []
    return shown, left_out, same


def _taken(widths: Iterable[int]) -> int:
    """Return the width of columns side by side."""
    return sum(width + _GAP for width in widths) - _GAP


def _widths(columns: list[_Column], width: int) -> list[int]:
    """Return how wide each column is: its words are whole, and what is left goes to those that need least."""
    widths = [column.narrowest for column in columns]
    room = width - _taken(widths)
    by_need = sorted(range(len(columns)), key=lambda place: columns[place].widest - widths[place])
    for done, place in enumerate(by_need):
        more = max(0, min(columns[place].widest - widths[place], room // (len(columns) - done)))
        widths[place] += more
        room -= more
    return widths


def _grid(columns: list[_Column], width: int) -> Table:
    """Return the ordinary form: one line a solution, one column a variable."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for column, wide in zip(columns, _widths(columns, width), strict=True):
        grid.add_column(
            Text(column.name), justify="right" if column.right else "left", overflow="fold", width=min(wide, width)
        )
    for cells in zip(*(map(_text, column.texts, column.links) for column in columns), strict=True):
        grid.add_row(*cells)
    return grid


def _text(text: str, link: str) -> Text:
    """Return what is drawn of a cell: a link where there is one."""
    from rich.style import Style
    from rich.text import Text

    if not link.startswith(_LINKED):
        return Text(text)
    from urllib.parse import quote

    # What a terminal is told of a link is ASCII without control characters.
    return Text(text, style=Style(link=quote(link, safe=_OF_AN_ADDRESS)))


def _has_links() -> bool:
    """Tell whether the terminal is one of those that make links of OSC 8; FORCE_HYPERLINK=1 or 0 says so itself."""
    told = "0" if os.environ.get("NO_COLOR") else os.environ.get("FORCE_HYPERLINK")
    if told:
        return told != "0"
    terminal = os.environ.get("TERM", "")
    if terminal in ("", "dumb", "linux"):
        return False
    vte = os.environ.get("VTE_VERSION", "")
    return (
        terminal in _TERMS
        or os.environ.get("TERM_PROGRAM", "") in _PROGRAMS
        or any(name in os.environ for name in ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM"))
        or (vte.isdecimal() and int(vte) >= _FIRST_VTE)
    )


def _records(columns: list[_Column], rows: int) -> Table:
    """Return the form for many columns on a narrow screen: one line a variable, a gap between solutions."""
    from rich.table import Table
    from rich.text import Text

    records = Table(box=None, show_header=False, pad_edge=False)
    records.add_column(style="bold", overflow="fold")
    records.add_column(overflow="fold")
    for row in range(rows):
        if row:
            records.add_row()
        for column in columns:
            if column.texts[row]:
                records.add_row(Text(column.name), _text(column.texts[row], column.links[row]))
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
