"""The progress bar: what it is told, as it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perezkg.cli.progress import Bar

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def bar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bar]:
    """A bar that shows itself at once, and as it does on a terminal."""
    monkeypatch.setattr("perezkg.cli.progress._PATIENCE", 0.0)
    for name, value in (("FORCE_COLOR", "1"), ("TERM", "xterm"), ("COLUMNS", "120")):
        monkeypatch.setenv(name, value)
    found = Bar()
    yield found
    found.stop()


@pytest.mark.parametrize("name", ["hbd[/b].nt", "[red]a.nt", "a:smile:.nt", "a[", "a\\", "{task}.nt", "[/]"])
def test_names_are_shown_as_they_are(bar: Bar, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    bar(f"Reading {name}", 1, 10)
    bar.stop()
    assert f"Reading {name} " in capsys.readouterr().err


def test_names_do_not_steer_the_terminal(bar: Bar, capsys: pytest.CaptureFixture[str]) -> None:
    bar("Reading a\x1b]0;b\x07.nt", 1, 10)
    bar.stop()
    assert "Reading a␛]0;b␇.nt" in capsys.readouterr().err
