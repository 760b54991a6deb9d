"""An export in many files: lines of N-Triples or N-Quads, so many to a file, that a store loads one by one.

A blank node label holds only within one file. So what blank nodes connect stays together: statements without blank
nodes come first, in order and as many to a file as asked for, and behind them each group of statements that share
blank nodes, never cut.
"""

from __future__ import annotations

import os
import re

from perezkg.errors import UsageError
from perezkg.output import Draft, Gzip, failure, is_special
from perezkg.rdf.canonical import blank_node_groups

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from perezkg.rdf.canonical import CanonicalLines


def write_split(
    lines: CanonicalLines,
    path: str,
    most: int,
    *,
    gzip: bool = False,
    notify: Callable[[str], None] | None = None,
) -> list[str]:
    """Write lines to numbered files, `perez.nq` to perez-0001.nq and so on, all of them or none.

    Args:
        lines: What to write.
        path: The name that gets the numbers; a `.gz` at its end stays there.
        most: How many lines a file may have, unless blank nodes connect more.
        gzip: Whether to compress, which adds `.gz` to the names.
        notify: Told when a file has more lines than asked for.

    Returns:
        The names of the files, in order; there is at least one.

    Raises:
        UsageError: `path` is no name of an ordinary file, or there are files of a longer export that would stay.
        OutputError: A file cannot be written.
    """
    try:
        refused = not os.path.basename(path) or is_special(path)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise failure(error, path) from None
    if refused:
        raise UsageError(f"{path!r} is not a name that can be numbered", hint="Name a file: -o perez.nq")
    stem, ending = os.path.splitext(path[:-3] if path.lower().endswith(".gz") else path)
    ending += ".gz" if gzip else ""
    # Of two files in a row, the second begins where the first has no room: together they have more than `most` lines.
    digits = max(4, len(str(2 * lines.count // most + 2)))
    drafts: list[Draft] = []
    place = path
    try:
        for group in _files(lines, most):
            place = f"{stem}-{len(drafts) + 1:0{digits}}{ending}"
            number = _write(place, group, drafts, gzip=gzip)
            if number > most and notify is not None:
                notify(f"{place} has {number} triples, because blank nodes connect them")
        names = [draft.path for draft in drafts]
        _refuse_older(stem, ending, names)
        for draft in drafts:
            place = draft.path
            draft.publish()
    except OSError as error:
        raise failure(error, place) from None
    finally:
        for draft in drafts:
            draft.discard()
    return names


def _write(place: str, group: Iterable[list[bytes]], drafts: list[Draft], *, gzip: bool) -> int:
    """Write one file, and return how many lines it has."""
    if os.path.isdir(place):
        raise IsADirectoryError(21, "Is a directory")
    draft = Draft(place)
    drafts.append(draft)
    packing = Gzip() if gzip else None
    number = 0
    for block in group:
        number += len(block)
        piece = b"\n".join(block) + b"\n"
        draft.write(packing.pack(piece) if packing is not None else piece)
    if packing is not None:
        draft.write(packing.end())
    draft.complete()
    return number


def _refuse_older(stem: str, ending: str, names: list[str]) -> None:
    """Refuse to write beside files that a loader would take for part of this export."""
    folder, base = os.path.split(stem)
    pattern = re.compile(re.escape(base) + r"-[0-9]{4,}" + re.escape(ending))
    written = {os.path.basename(name) for name in names}
    others = sorted(name for name in os.listdir(folder or ".") if pattern.fullmatch(name) and name not in written)
    if others:
        some = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
        raise UsageError(
            f"{some} would be taken for part of this export, which has {len(names)} "
            f"file{'s' if len(names) > 1 else ''}; nothing was written",
            hint="Remove the files of the older export, or choose another name or folder.",
        )


def _files(lines: CanonicalLines, most: int) -> Iterator[Iterator[list[bytes]]]:
    """Yield the content of each file, in blocks of lines; each must be read to its end before the next."""
    rest = _Groups(lines)
    yield rest.take(most)
    while rest.has_more():
        yield rest.take(most)


class _Groups:
    """Lines that wait to be put into files: single lines first, then groups that must stay together.

    Args:
        lines: All lines.
    """

    def __init__(self, lines: CanonicalLines) -> None:
        self._parts = blank_node_groups(lines.blocks())
        self._part: list[bytes] = []
        self._whole = False

    def take(self, most: int) -> Iterator[list[bytes]]:
        """Yield blocks of lines, together at most so many, or one group that has more."""
        room = most
        while room > 0 and self.has_more():
            if self._whole and room < len(self._part) and room < most:
                return
            part = self._part if self._whole else self._part[:room]
            self._part = self._part[len(part) :]
            room -= len(part)
            yield part

    def has_more(self) -> bool:
        """Tell whether anything waits."""
        while not self._part:
            following = next(self._parts, None)
            if following is None:
                return False
            self._whole, self._part = following
        return True
