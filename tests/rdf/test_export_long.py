"""Exports of long data: from and by pieces, the same bytes as at once, in memory that does not grow with them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import Memory, Run
from tests.rdf.test_export import SAMPLE, exported, quads

from perezkg.errors import RdfSyntaxError, SourceChangedError, UnknownFormatError
from perezkg.rdf import blocks, canonical, jsonld, nodes, reading, turtle
from perezkg.rdf.export import part_files, pieces
from perezkg.rdf.formats import writable

FORMATS = [name for name, syntax in writable().items() if not syntax.lines]


@pytest.fixture
def by_pieces(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Little is much: it waits on disk, comes in several pieces, and what is remembered is soon forgotten."""
    for module, name, number in (
        (canonical, "_RUN_BYTES", 90),
        (canonical, "_BLOCK_BYTES", 60),
        (blocks, "_BATCH", 2),
        (nodes, "_BATCH", 3),
        (turtle, "_REMEMBERED", 1),
        (jsonld, "_REMEMBERED", 1),
    ):
        monkeypatch.setattr(module, name, number)
    return monkeypatch


@pytest.mark.parametrize("name", FORMATS)
def test_any_data_by_pieces(name: str, by_pieces: pytest.MonkeyPatch) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(quads, max_size=20))
    def check(dataset: list[ox.Quad]) -> None:
        text = (ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b"").decode()
        try:
            written = exported(text, name, ox.RdfFormat.N_QUADS)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(canonical, "_RUN_BYTES", 1 << 23)
                patch.setattr(blocks, "_BATCH", 1000)
                patch.setattr(nodes, "_BATCH", 1000)
                at_once = exported(text, name, ox.RdfFormat.N_QUADS)
        except UnknownFormatError:
            assert name == "rdfxml"  # a character that XML cannot carry
            return
        assert written == at_once

    check()
    del by_pieces


@pytest.mark.parametrize("name", FORMATS)
def test_our_shapes_by_pieces(name: str, request: pytest.FixtureRequest) -> None:
    """They have the most lists and nested blank nodes."""
    files = part_files("shapes", ())
    at_once = "".join(pieces(files, name))
    request.getfixturevalue("by_pieces").setattr(canonical, "_RUN_BYTES", 9000)
    assert "".join(pieces(files, name)) == at_once


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """A file of more than a MiB, so that its bytes are not kept, with a byte order mark and a prefix at its end."""
    path = tmp_path / "long.ttl"
    text = SAMPLE + "# é\n" * (reading.KEPT // 4) + "@prefix late: <http://late.example/> .\nlate:a late:b late:c ."
    path.write_text(text, encoding="utf-8-sig")
    return path


@pytest.mark.parametrize("name", ["turtle", "jsonld", "framed"])
def test_a_long_file_is_read_by_pieces(long: Path, name: str, command: Run) -> None:
    file = reading.read(str(long))
    assert file.pieces is not None
    written = "".join(pieces([file], name))
    assert file.pieces is not None
    kept = reading.from_bytes("kept", long.read_bytes(), ox.RdfFormat.TURTLE)
    assert written == "".join(pieces([kept], name)) == command("export", "-f", name, "--data", long).out
    assert ("late:a late:b late:c" in written) == (name == "turtle")


def test_a_mistake_at_the_end_of_a_long_file(long: Path) -> None:
    long.write_text(long.read_text(encoding="utf-8") + "\nlate:a .", encoding="utf-8")
    with pytest.raises(RdfSyntaxError) as raised:
        pieces([reading.read(str(long))], "turtle")
    assert str(raised.value).startswith(f"{long}:{len(long.read_text(encoding='utf-8').splitlines())}:")


def test_a_long_file_that_has_changed(long: Path) -> None:
    file = reading.read(str(long))
    long.write_text("<x:a> <x:b> <x:c> .", encoding="utf-8")
    with pytest.raises(SourceChangedError):
        pieces([file], "turtle")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["turtle", "trig", "jsonld"])
def test_memory_does_not_grow_with_the_data(name: str, tmp_path: Path, memory: Memory) -> None:
    peaks = []
    for number in (100_000, 400_000):
        path = tmp_path / f"{number}.nt"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(
                f'<http://e.org/{at * 7919 % number // 4}> <http://e.org/p{at}> "{at} {"é" * 60}"@es .\n'
                for at in range(number)
            )
        words = ["export", "-f", name, "--data", str(path), "-o", str(tmp_path / "out"), "--timeout", "600"]
        subprocess.run([sys.executable, "-m", "perezkg", *words], check=True, env={**os.environ, **memory.environment})
        peaks.append(memory.peak())
    # Four times as many triples, 60 MB more of text.
    assert peaks[1] < peaks[0] * 1.3, peaks
