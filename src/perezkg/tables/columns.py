"""Where the fields of a row stand in a table, and what the preset changes in their cells."""

from __future__ import annotations

import re
from operator import itemgetter

from perezkg.errors import TableError, nearest
from perezkg.tables.cells import clean
from perezkg.tables.contests import RowError
from perezkg.tables.preset import FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from perezkg.tables.preset import Preset
    from perezkg.tables.rows import Row


_RANK = FIELDS.index("rank")
_LONGEST_CELL = 1000
# Controls but blanks, half a character, and what stands for one that could not be read.
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffd]")


class Columns:
    """The columns of a table.

    Args:
        names: The header.
        preset: Which column holds what.
        path: The file, for messages.

    Attributes:
        names: The header, clean.
        has: The fields that have a column.
        unused: Columns that the preset does not know.

    Raises:
        TableError: A column that the preset needs is not there.
    """

    def __init__(self, names: Sequence[str], preset: Preset, path: str) -> None:
        self.names = [clean(name) for name in names]
        self._preset = preset
        self._path = path
        self._width = len(names)
        self._constants = [preset.constants.get(field, "") for field in FIELDS]
        chosen = [self._chosen(field) for field in FIELDS]
        self._pick = itemgetter(*(self._width + n if index is None else index for n, index in enumerate(chosen)))
        self.has = {field for field, index in zip(FIELDS, chosen, strict=True) if index is not None}
        self._joined = [(number, steps) for number, field in enumerate(FIELDS) if (steps := self._steps(field))]
        self._changes = [
            (FIELDS.index(field), re.compile(options["match"], re.IGNORECASE), field)
            for field, options in preset.cells.items()
            if "match" in options
        ]
        self._maps = [(FIELDS.index(field), values) for field, values in preset.values.items()]
        self._null = frozenset(preset.read.get("null", ()))
        self._as_they_are = not (self._joined or self._changes or self._maps or self._null)
        self._require()
        used = self._used()
        self.unused = tuple(column for column in self.names if column not in used)

    def _chosen(self, field: str) -> int | None:
        """Return the column that holds a field by itself."""
        for column in self._preset.fields.get(field, ()):
            if "{" in column:
                return None
            if column in self.names:
                return self.index(column)
        return None

    def _steps(self, field: str) -> list[str | int]:
        """Return the texts and columns that a field is put together from; none if one column holds it."""
        if field in self.has:
            return []
        joined = next((column for column in self._preset.fields.get(field, ()) if "{" in column), "")
        steps = re.split(r"\{([^}]*)\}", joined)
        return [step if n % 2 == 0 else self.index(step) for n, step in enumerate(steps)] if joined else []

    def _require(self) -> None:
        """Refuse a table that lacks what the preset needs."""
        preset = self._preset
        known = self.has | {FIELDS[number] for number, _ in self._joined}
        for expression in (preset.title_line, *(str(o.get("match", "")) for o in preset.cells.values())):
            known.update(re.findall(r"\?P<(\w+)>", expression))
        for field in (*preset.required, "discipline"):
            if field in known or preset.constants.get(field):
                continue
            columns = " or ".join(map(repr, preset.fields.get(field, ())))
            says = f"the table has no column {columns}" if columns else f"nothing tells the field {field!r}"
            raise TableError(says, path=self._path, hint=f"Say it for the whole table: --set {field}=…")

    def _used(self) -> set[str]:
        preset = self._preset
        used = {*preset.ignored, *preset.notes, *(self.names[i] for i in map(self._chosen, self.has) if i is not None)}
        used.update(self.names[step] for _, steps in self._joined for step in steps if isinstance(step, int))
        used.update(name for check in preset.checks for name in check.columns)
        used.update(name for part in preset.parts for name in (part.mark, *part.attempts))
        return used

    def index(self, name: str) -> int:
        """Return the number of a column, from 0.

        Raises:
            TableError: There is none of this name, or several.
        """
        if self.names.count(name) > 1:
            raise TableError(
                f"the table has several columns {name!r}",
                path=self._path,
                hint="Give them names of their own in its header, or ignore them in a preset.",
            )
        try:
            return self.names.index(name)
        except ValueError:
            raise TableError(
                f"the table has no column {name!r}",
                path=self._path,
                hint=nearest(name, self.names) or f"It has {', '.join(map(repr, self.names))}.",
            ) from None

    def number(self, field: str) -> int:
        """Return the number of the column that holds a field, from 1; 0 if none does."""
        names = self._preset.fields.get(field, ())
        return next((self.names.index(name) + 1 for name in names if name in self.names), 0)

    def set(self, field: str, value: str) -> None:
        """Let the rows that follow have this value of a field: a title says so."""
        self._constants[FIELDS.index(field)] = value

    def fields(self, row: Row) -> tuple[tuple[str, ...], str]:
        """Return what a row says of each of `FIELDS`, and the rank as the table has it.

        Raises:
            RowError: It has too few cells, or too many; or a cell is not written as the preset says.
        """
        cells = row.cells
        if len(cells) != self._width:
            if len(cells) < self._width or any(map(clean, cells[self._width :])):
                raise RowError("", f"the row has {len(cells)} cells, the header {self._width}")
            cells = cells[: self._width]
        text = row.text
        # A search of each row takes ten times as long as these two.
        if "\ufffd" in text or not text.rstrip("\r\n").isprintable():
            _require_text(text)
        values = self._pick(cells + self._constants)
        if len(text) > _LONGEST_CELL and max(map(len, values)) > _LONGEST_CELL:
            raise RowError("", f"a cell has more than {_LONGEST_CELL:,} characters")
        return (values if self._as_they_are else self._changed(values, cells)), values[_RANK]

    def _changed(self, values: tuple[str, ...], cells: list[str]) -> tuple[str, ...]:
        """Return the fields with those that are put together, taken apart or written otherwise."""
        changed = list(values)
        for number, steps in self._joined:
            changed[number] = clean("".join(cells[step] if isinstance(step, int) else step for step in steps))
        for number, expression, field in self._changes:
            text = clean(changed[number])
            if not text:
                continue
            found = expression.fullmatch(text)
            if not found:
                raise RowError(field, f"{text!r} is not written as the preset says")
            for name, value in found.groupdict().items():
                changed[FIELDS.index(name)] = value or ""
        for number, replaced in self._maps:
            text = clean(changed[number])
            changed[number] = replaced.get(text, text)
        if self._null:
            changed = ["" if clean(value) in self._null else value for value in changed]
        return tuple(changed)


def _require_text(row: str) -> None:
    found = _NO_TEXT.search(row)
    if found and found[0] == "\ufffd":
        raise RowError("", "there is a character U+FFFD, which stands for one that was lost")
    if found:
        raise RowError("", f"there is a character U+{ord(found[0]):04X}, which is no text")
