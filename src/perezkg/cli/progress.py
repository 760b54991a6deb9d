"""A progress bar on standard error, for a terminal and for work that takes a while."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from time import monotonic

from perezkg.visible import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_PATIENCE = 1.0


@contextmanager
def progress_bar() -> Iterator[Bar | None]:
    """Return a bar for the block; None when nobody would see it."""
    bar = Bar() if sys.stderr is not None and sys.stderr.isatty() else None
    try:
        yield bar
    finally:
        if bar is not None:
            bar.stop()


class Bar:
    """A progress bar that shows itself only when the work takes longer than a second."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._bar: Any = None
        self._stage = ""
        self._task: Any = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show what is done, how far it is and of how much; 0 is not known."""
        if self._bar is None:
            if monotonic() - self._began < _PATIENCE:
                return
            from rich.console import Console
            from rich.progress import Progress, TextColumn

            # The first of the columns takes what it shows for markup, and so the [/b] in the name of a file.
            columns = (TextColumn("{task.description}", markup=False), *Progress.get_default_columns()[1:])
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            # Ctrl-C ends the process at once; it must not leave a terminal without a cursor.
            self._bar.console.show_cursor(True)  # noqa: FBT003 - rich knows no keyword
        if stage != self._stage:
            self._stage = stage
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(visible(stage), total=total or None)
        self._bar.update(self._task, completed=done, total=total or None)

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
