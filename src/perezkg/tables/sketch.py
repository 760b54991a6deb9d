"""Propose a preset for a table, from its header and a look at its rows."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from contextlib import closing

from perezkg.errors import TableError
from perezkg.tables.cells import SEXES, STATUSES, CellError, clean, day, position, seconds, venue
from perezkg.tables.preset import FIELDS, Preset, preset, shipped
from perezkg.tables.rows import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LOOK = 200
_SEPARATORS = ",;\t|"
_MOST = 0.8


def sketch(path: str, constants: Mapping[str, str]) -> str:
    """Return a preset in TOML for a person to complete: what was seen is told, what is a guess is marked so.

    Args:
        path: The table.
        constants: Such as `encoding`, which is not guessed but where the file begins with a mark of it.

    Raises:
        TableError: No line looks like a header.
    """
    encoding = constants.get("encoding") or _encoding(path)
    separator = constants.get("separator") or _separator(path, encoding)
    looked = Preset("sketch", path, read={"encoding": encoding, "separator": separator})
    table = Table(path, looked)
    rows = []
    with closing(table.rows()) as reading:
        for row in reading:
            rows.append([clean(cell) for cell in row.cells])
            if len(rows) > _LOOK:
                break
    table.close()
    if not rows:
        raise TableError("the table is empty", path=path)
    width = Counter(sum(bool(cell) for cell in row) for row in rows).most_common(1)[0][0]
    start = next((n for n, row in enumerate(rows) if sum(map(bool, row)) >= max(width - 1, 2)), None)
    if start is None:
        raise TableError("no line looks like a header", path=path, hint="Is the separator right? --set separator=;")
    header = rows[start]
    body = [row for row in rows[start + 1 :] if len(row) == len(header) and row != header and any(row)]
    columns = {name: [row[i] for row in body if row[i]] for i, name in enumerate(header)}
    return "\n".join(_lines(path, encoding, separator, start, columns)) + "\n"


def _lines(path: str, encoding: str, separator: str, start: int, columns: dict[str, list[str]]) -> list[str]:
    known = {name: field for field, names in preset("results").fields.items() for name in names}
    folded = {name.casefold(): field for name, field in known.items()}
    fields: dict[str, str] = {}
    order = ""
    for name in columns:  # what is called by a known name goes before what looks like one
        if name.casefold() in folded:
            fields.setdefault(folded[name.casefold()], name)
    for name, cells in columns.items():
        field = _looks_like(cells) if name and name not in fields.values() else ""
        if field:
            fields.setdefault(field, name)
    for field in ("date", "birth"):
        order = order or _order(columns.get(fields.get(field, ""), []))
    lines = [
        f"# A sketch for {os.path.basename(path)}: read it against the table, and complete it (docs/import.md).",
        *(f"# The preset {name} reads such a header already." for name in _readers(set(columns))),
        "# A rank is the place in the contest, not one in a list of marks; no medal comes from it.",
        "",
        'required = ["athlete", "mark"]',
        f"ignored = {_toml([name for name in columns if name not in fields.values()])}",
        "",
        "[read]",
        f"encoding = {_toml(encoding)}",
        f"separator = {_toml(separator)}",
        *(['header = "search"  # lines stand before it'] if start else []),
        "",
        "[fields]",
        *(f"{field} = {_toml(fields[field])}" for field in FIELDS if field in fields),
        "",
    ]
    lines += ["[cells.date]", f"order = {_toml(order)}", "# century = 2000", ""] if order else []
    missing = [field for field in ("discipline", "sex", "competition", "date") if field not in fields]
    lines += ["[constants]", *(f'# {field} = "…"' for field in missing), ""] if missing else []
    if "discipline" in fields:
        found = list(dict.fromkeys(columns[fields["discipline"]]))[:12]
        for name in found:
            lines += [
                "[[disciplines]]",
                f"match = {_toml(re.escape(name).replace(chr(92) + ' ', ' '))}",
                *_rule(name),
                "",
            ]
        return lines
    return [*lines, "[[disciplines]]", 'match = ".*"', *_rule(""), ""]


def _readers(columns: set[str]) -> list[str]:
    """Return the shipped presets that have a column for each field that they need."""
    found = []
    for name in shipped():
        wanted = preset(name)
        needed = [wanted.fields[field] for field in wanted.required if field in wanted.fields]
        if name != "results" and all(
            any(set(re.findall(r"\{([^}]*)\}", column) or [column]) <= columns for column in group) for group in needed
        ):
            found.append(name)
    return found


def _rule(name: str) -> list[str]:
    field = re.search(
        r"jump|vault|put|throw|shot|discus|hammer|javelin|salto|lanzamiento|altura|peso", name, re.IGNORECASE
    )
    kind, unit = ("field", "metre") if field else ("race", "second")
    return [f"kind = {_toml(kind)}  # a guess", f"unit = {_toml(unit)}  # a guess"]


def _toml(value: str | list[str]) -> str:
    """Write a text or a list of texts; strings of TOML are those of JSON."""
    return json.dumps(value, ensure_ascii=False)


def _looks_like(cells: list[str]) -> str:
    """Return the field that most cells of a column look like; empty if none."""
    for field, test in _TESTS.items():
        if cells and sum(map(test, cells)) >= _MOST * len(cells):
            return field
    return ""


def _is(read: Callable[[str], object]) -> Callable[[str], bool]:
    def test(cell: str) -> bool:
        try:
            read(cell)
        except CellError:
            return False
        return True

    return test


def _order(cells: list[str]) -> str:
    """Return the order of day and month where numbers above 12 tell it; empty otherwise."""
    numbers = [re.findall(r"\d+", cell) for cell in cells]
    three = [parts for parts in numbers if len(parts) == 3 and len(parts[0]) < 4]
    if any(int(parts[0]) > 12 for parts in three):
        return "dmy"
    return "mdy" if any(int(parts[1]) > 12 for parts in three) else ""


def _is_date(cell: str) -> bool:
    return bool(re.search(r"\d", cell)) and len(re.findall(r"\d+|[^\W\d_]{3,}", cell)) == 3 and _is(_day)(cell)


def _day(cell: str) -> str:
    for order in ("", "dmy", "mdy"):
        try:
            return day(cell, order, 2000)
        except CellError:
            continue
    raise CellError(cell)


_TESTS: dict[str, Callable[[str], bool]] = {
    "sex": lambda cell: cell.casefold() in SEXES,
    "date": _is_date,
    "nation": lambda cell: bool(re.fullmatch(r"[A-Z]{3}", cell)),
    "mark": lambda cell: (":" in cell and _is(seconds)(cell)) or cell.casefold() in STATUSES,
    "venue": lambda cell: bool(venue(cell).country),
    "rank": lambda cell: not cell.isalpha() and len(cell) < 5 and "." not in cell and _is(position)(cell),
    "athlete": lambda cell: cell.count(" ") in (1, 2, 3) and not re.search(r"\d", cell),
}


def _encoding(path: str) -> str:
    """Return the encoding that the mark at the beginning of a file says; utf-8 without one."""
    if path == "-":
        return "utf-8"
    try:
        with open(path, "rb") as file:
            head = file.read(4)
    except OSError:
        return "utf-8"  # `Table` says what is wrong
    return "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"


def _separator(path: str, encoding: str) -> str:
    """Return the sign that the lines of a file have in equal numbers."""
    if path == "-" or path.endswith((".gz", ".xlsx", ".json", ".jsonl")):
        return ","
    try:
        with open(path, encoding=encoding, errors="replace") as file:
            lines = [line for line, _ in zip(file, range(50), strict=False) if line.strip()]
    except (OSError, LookupError):
        return ","
    return max(_SEPARATORS, key=lambda sign: Counter(line.count(sign) for line in lines if sign in line).total())
