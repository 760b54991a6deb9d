"""Sessions of IPython, as a notebook has them, without a kernel and without a history on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def session() -> InteractiveShell:
    """Return a new session; the test is skipped where there is no IPython."""
    pytest.importorskip("IPython", reason="needs IPython")
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    return InteractiveShell.instance(config=config)


def ran(shell: InteractiveShell, source: str) -> Any:
    """Run a cell, and return the value of its last line, or raise what it raised."""
    ended = shell.run_cell(source)  # type: ignore[no-untyped-call]
    ended.raise_error()
    return ended.result


def shown(shell: InteractiveShell, source: str) -> dict[str, Any]:
    """Run a cell, and return what a notebook shows of its last line, by media type; or raise what it raised."""
    value = ran(shell, source)
    if value is None:
        return {}
    assert shell.display_formatter is not None
    data, _ = shell.display_formatter.format(value)  # type: ignore[no-untyped-call]
    return dict(data)
