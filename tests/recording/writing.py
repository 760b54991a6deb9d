"""A recording as text: a block a case, short output in full, long output by its digest and its first lines."""

from __future__ import annotations

import hashlib
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.recording.cases import Case
    from tests.recording.running import Ended

FOLDER = Path(__file__).parent / "recorded"
_SHORT = 500
_FIRST_LINES = 2
_LONGEST_LINE = 100
_HEAD = "=== "


def block(case: Case, ended: Ended) -> str:
    """Return what is recorded of a case."""
    told = [f"$ perezkg {_visible(shlex.join(case.arguments))}"]
    if case.environment or case.stdin or case.terminal or case.lines:
        settings = [f"{name}={value}" for name, value in case.environment.items()]
        settings += [f"stdin {case.stdin}"] * bool(case.stdin) + ["to a terminal"] * case.terminal
        settings += [f"its reader takes {case.lines} lines"] * bool(case.lines)
        told.append(f"  with {', '.join(settings)}")
    told.append(f"status {ended.status}")
    told += _stream("out", ended.out, whole=case.name.startswith("usage/"))
    told += _stream("err", ended.err, whole=True)
    for name, content in ended.files.items():
        told += [f"file {name}: gone"] if content is None else _stream(f"file {name}", content, whole=False)
    return "\n".join(told) + "\n"


def written(blocks: dict[str, str]) -> dict[str, str]:
    """Return the files of a recording, by name: one for each command or kind of cases."""
    files: dict[str, str] = {}
    for name in sorted(blocks):
        file = name.partition("/")[0] + ".txt"
        files[file] = files.get(file, "") + f"{_HEAD}{_visible(name)}\n{blocks[name]}\n"
    return files


def read(files: dict[str, str]) -> dict[str, str]:
    """Return the blocks of a recording by the names of their cases, as they are shown."""
    blocks = {}
    for text in files.values():
        for part in re.split(rf"^{_HEAD}", text, flags=re.MULTILINE)[1:]:
            name, _, rest = part.partition("\n")
            blocks[name] = rest.removesuffix("\n")
    return blocks


def shown(name: str) -> str:
    """Return the name of a case as it stands in a recording."""
    return _visible(name)


def _stream(name: str, content: bytes, *, whole: bool) -> list[str]:
    if not content:
        return [] if name in ("out", "err") else [f"{name}: empty"]
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = ""  # compressed
    *lines, end = text.split("\n")
    if not whole and (len(content) > _SHORT or not text):
        digest = hashlib.sha256(content).hexdigest()
        ends = content.count(b"\n")
        head = f"{name}: {len(content)} bytes, {ends} lines, sha256 {digest}"
        return [head, *("| " + _visible(line)[:_LONGEST_LINE] for line in lines[:_FIRST_LINES])]
    return [
        f"{name}:",
        *("| " + _visible(line) for line in lines),
        *([f"| {_visible(end)} (no line end)"] if end else []),
    ]


def _visible(text: str) -> str:
    r"""Return text in which whatever is no letter, mark or blank is seen.

    >>> _visible("a\tb\r")
    'a\\tb\\r'
    """
    return "".join(c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode() for c in text)
