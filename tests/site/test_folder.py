"""The folder of a site is whole or not there, and nobody else's folder is touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Run

import perezkg
from perezkg.errors import OutputError, UsageError
from perezkg.output import DraftFolder
from perezkg.web.site import build as building
from perezkg.web.site.build import MARK, build

SAWA = Path(__file__).parents[1] / "lives" / "sawa.ttl"


def test_the_command_writes_a_site_and_says_where_it_begins(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = command("site", tmp_path / "sawa", "--data", SAWA, "--date", "2026-11-28")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.endswith(f"begin with {tmp_path / 'sawa' / 'index.html'}\n")
    monkeypatch.setenv("PATH", "/nowhere")  # no npm: the site is whole but for its SPARQL page
    again = command("site", tmp_path / "sawa", "--data", SAWA, "--lang", "es", "--ask")
    assert again.status == 0
    assert "páginas en cada idioma" in again.out
    assert "el sitio no tiene página de SPARQL: el paquete oxigraph 0.5.11 viene de npm" in again.err
    assert not (tmp_path / "sawa" / "es" / "ask.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["sawa"]


def test_another_folder_is_not_replaced(command: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    (tmp_path / "file").write_text("dear", encoding="utf-8")
    for name in ("mine", "file"):
        ended = command("site", tmp_path / name, "--data", SAWA)
        assert ended.status == 3
        assert name in ended.err
    assert (tmp_path / "mine" / "letter.txt").read_text(encoding="utf-8") == "dear"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "mine"]


def test_a_site_that_fails_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / MARK).write_text("{}", encoding="utf-8")

    def fail(self: building.Site, _lang: str) -> None:
        self.folder.write("half.html", ["<p>"])
        raise OutputError("no room")

    monkeypatch.setattr(building.Site, "language", fail)
    with pytest.raises(OutputError, match="no room"):
        build(perezkg.load(SAWA), tmp_path / "site")
    assert [path.name for path in (tmp_path / "site").iterdir()] == [MARK]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_came_in_the_meantime_stays(tmp_path: Path) -> None:
    folder = DraftFolder(str(tmp_path / "site"), MARK)
    folder.write("a/b.html", ["<p>"])
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(OutputError, match=MARK):
        folder.publish()
    folder.discard()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_between_the_last_steps_comes_after_them(tmp_path: Path, number: signal.Signals, step: int) -> None:
    """The old folder has gone from its place and the new one not come: nothing ends then."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / MARK).touch()
    program = f"""
import os, signal
from perezkg.output import DraftFolder
folder = DraftFolder({str(tmp_path / "site")!r}, {MARK!r})
folder.write("a.html", ["<p>"])
rename, times = os.rename, iter(range(1, 9))
def renamed(*paths):
    rename(*paths)
    if next(times) == {step}:
        signal.raise_signal({int(number)})
os.rename = renamed
folder.publish()
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert ended.returncode == -number, ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["a.html"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"base_url": "javascript:alert(1)"}, "not an address"),
        ({"base_url": "https://a b/"}, "not an address"),
        ({"date": "yesterday"}, "not a day"),
        ({"date": "2026-02-30"}, "not a day"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_written(given: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        build(perezkg.load(SAWA), tmp_path / "site", **given)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_site_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "perezkg", "site", str(tmp_path / "site")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as running:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".perezkg-*/*/id")) and time.monotonic() < deadline:
            time.sleep(0.02)
        running.send_signal(number)
        assert running.wait(60) != 0
    time.sleep(1)  # for those that worked beside it
    assert list(tmp_path.iterdir()) == []


def test_there_is_no_folder_to_write_in(command: Run, tmp_path: Path) -> None:
    ended = command("site", tmp_path / "nowhere" / "site", "--data", SAWA)
    assert ended.status == 3
    assert "nowhere" in ended.err
