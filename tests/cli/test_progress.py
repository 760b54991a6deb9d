"""The progress bar: what it is told, as it is told, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perezkg.cli.options import Bar

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def bar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bar]:
    """A bar that shows itself at once, and as it does on a terminal."""
    monkeypatch.setattr("perezkg.cli.options._PATIENCE", 0.0)
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


def test_it_tells_how_much_is_done(bar: Bar, capsys: pytest.CaptureFixture[str]) -> None:
    bar("Reading a.nt", 1, 10)
    bar("Reading a.nt", 3, 10)
    bar.stop()
    last = capsys.readouterr().err.rpartition("Reading a.nt ")[2]
    assert " 30%" in last


def test_without_a_total_it_tells_no_share(bar: Bar, capsys: pytest.CaptureFixture[str]) -> None:
    bar("Reading a.nt", 3, 0)
    bar.stop()
    shown = capsys.readouterr().err
    assert "Reading a.nt " in shown
    assert "%" not in shown


def test_a_total_may_become_known(bar: Bar, capsys: pytest.CaptureFixture[str]) -> None:
    bar("Reading a.nt", 1, 0)
    bar("Reading a.nt", 1, 4)
    bar.stop()
    assert " 25%" in capsys.readouterr().err.rpartition("Reading a.nt ")[2]


def test_a_stage_gives_way_to_the_next(bar: Bar, capsys: pytest.CaptureFixture[str]) -> None:
    bar("Reading a.nt", 10, 10)
    bar("Checking", 1, 4)
    bar.stop()
    before, _, last = capsys.readouterr().err.rpartition("Checking ")
    frame = before.rpartition("\x1b[2K")[2]  # what was drawn since the last line was wiped
    assert "Reading" not in frame
    assert " 25%" in last


def test_it_waits_a_second(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = 100.0
    monkeypatch.setattr("perezkg.cli.options.monotonic", lambda: now)
    monkeypatch.setenv("FORCE_COLOR", "1")
    bar = Bar()
    now += 0.9
    bar("Reading a.nt", 1, 10)
    assert capsys.readouterr().err == ""
    now += 0.2
    bar("Reading a.nt", 2, 10)
    bar.stop()
    assert "Reading a.nt" in capsys.readouterr().err
