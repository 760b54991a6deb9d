"""`perezkg`, which tells on standard output what a load is about, a line each time: a test knows when to strike."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from perezkg.cli import main
from perezkg.cli import store_options as target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def telling() -> Iterator[Callable[[str, int, int], None]]:
    """Return what takes the place of the progress bar."""

    def tell(stage: str, done: int, total: int) -> None:  # noqa: ARG001 - called as the bar is
        sys.stdout.write(f"{stage}\n")
        sys.stdout.flush()

    yield tell


if __name__ == "__main__":
    with patch.object(target, "progress_bar", telling):
        sys.exit(main(sys.argv[1:]))
