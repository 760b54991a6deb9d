"""Canonical lines of any amount of statements: the same as of the whole dataset at once, in bounded memory."""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

import perezkg
from perezkg import errors
from perezkg.rdf import canonical
from perezkg.rdf.canonical import CanonicalLines, Difference, SortedLines
from perezkg.rdf.nodes import canonical_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

IRIS = st.sampled_from([NamedNode(f"http://e.org/{name}") for name in ("a", "b", "é", "_:a", "a'b", "\U0001f3c5")])
BLANKS = st.sampled_from([BlankNode(name) for name in ("a", "b", "b0", "c", "a_b", "c14n0")])
TEXTS = st.one_of(
    st.sampled_from(["_:a", '" _:b', "\\", '\\" <<( _:a', "<", "#", "a\nb", "\x01\x7f\x85\u2028"]), st.text(max_size=4)
)
LITERALS = st.one_of(
    st.builds(Literal, TEXTS),
    st.builds(lambda text: Literal(text, language="es"), TEXTS),
    st.builds(lambda text: Literal(text, datatype=NamedNode("http://e.org/_:t")), TEXTS),
)
RESOURCES = st.one_of(IRIS, BLANKS)
OBJECTS: Any = st.recursive(
    st.one_of(IRIS, BLANKS, LITERALS), lambda inner: st.builds(Triple, RESOURCES, IRIS, inner), max_leaves=3
)
QUADS = st.one_of(
    st.builds(Triple, RESOURCES, IRIS, OBJECTS),
    st.builds(Quad, RESOURCES, IRIS, OBJECTS, st.one_of(RESOURCES, st.none())),
)
DATASETS = st.lists(QUADS, max_size=14)


@settings(max_examples=400, deadline=None)
@given(DATASETS)
def test_the_lines_are_those_of_the_whole_dataset(quads: list[Quad | Triple]) -> None:
    with CanonicalLines() as lines:
        assert lines.add(quads) == len(quads)
        expected = [line.encode() for line in canonical_lines(quads)]
        assert list(lines) == expected
        assert list(lines) == expected, "as often as wanted"
        assert lines.count == len(expected)
        assert lines.sha256 == sha256(b"".join(line + b"\n" for line in expected)).hexdigest()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.binary(max_size=3).map(bytes.hex).map(str.encode), max_size=30), max_size=8))
def test_what_is_sorted_on_disk_is_sorted(batches: list[list[bytes]]) -> None:
    for run_bytes in (1, 20, 1 << 20):
        lines = SortedLines()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(canonical, "_RUN_BYTES", run_bytes)
            for batch in batches:
                lines.add(list(batch))
        lines.settle()
        blocks = list(lines.blocks())
        assert all(blocks)
        assert [line for block in blocks for line in block] == sorted({line for batch in batches for line in batch})
        lines.close()


def test_runs_are_merged_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical, "_BLOCK_BYTES", 64)
    monkeypatch.setattr(canonical, "_RUN_BYTES", 8000)
    lines = SortedLines()
    wanted = [f"{number * 7919 % 5000:05}{'x' * (number % 90)}".encode() for number in range(5000)]
    for start in range(0, 5000, 30):
        lines.add(wanted[start : start + 40])
    lines.settle()
    assert [line for block in lines.blocks() for line in block] == sorted(wanted)
    lines.close()


@pytest.mark.parametrize("at_once", [2, 3, 7, 50])
def test_no_more_runs_are_merged_at_once_than_memory_holds(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    merged: list[int] = []

    def counted(
        file: IO[bytes], runs: list[tuple[int, int]], ordered: Callable[[list[bytes]], list[bytes]]
    ) -> Iterator[list[bytes]]:
        merged.append(len(runs))
        return merge(file, runs, ordered)

    merge = canonical._merged
    monkeypatch.setattr(canonical, "_RUN_BYTES", 9)
    monkeypatch.setattr(canonical, "_RUNS_AT_ONCE", at_once)
    monkeypatch.setattr(canonical, "_merged", counted)
    for runs in (1, 2, at_once, at_once + 1, 3 * at_once + 2, 61):
        merged.clear()
        wanted = [f"{number * 7919 % 101:03}".encode() for number in range(3 * runs)]
        lines = SortedLines()
        for start in range(0, len(wanted), 3):
            lines.add(wanted[start : start + 3])
        lines.settle()
        assert [line for block in lines.blocks() for line in block] == sorted(set(wanted))
        assert max(merged, default=0) == (min(runs, at_once) if runs > 1 else 0)
        lines.close()


def test_the_hash_is_that_of_info(kg: perezkg.KnowledgeGraph) -> None:
    info = kg.info()
    with CanonicalLines() as lines:
        for file in kg.files:
            lines.add(perezkg.rdf.reading.parse(file))
        assert (lines.sha256, lines.count) == (info.sha256, info.triples)


def test_nothing_comes_after_reading() -> None:
    triple = Triple(*[NamedNode("http://e.org/a")] * 3)
    with CanonicalLines() as lines:
        assert lines.count == 0
        assert lines.sha256 == sha256(b"").hexdigest()
        with pytest.raises(ValueError, match="once lines have been read"):
            lines.add([triple])


def test_what_the_statements_raise_comes_through() -> None:
    with CanonicalLines() as lines, pytest.raises(SyntaxError):
        lines.add(parse(b"<a> .", RdfFormat.N_TRIPLES))


def test_no_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(canonical, "_RUN_BYTES", 100)
    lines = SortedLines()
    for number in range(100):
        lines.add([f"{number}".encode() * 20])
    lines.settle()
    iterator = lines.blocks()
    next(iterator)
    lines.close()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> object:
        return Path("/dev/full").open("r+b", buffering=0)

    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    monkeypatch.setattr(canonical, "_RUN_BYTES", 1)
    lines = SortedLines()
    with pytest.raises(errors.OutputError, match="temporary files cannot be used: No space left") as caught:
        lines.add([b"x"])
    assert "TMPDIR" in caught.value.hint
    lines.close()


@settings(max_examples=150, deadline=None)
@given(DATASETS, DATASETS)
def test_the_difference_of_two(old: list[Quad | Triple], new: list[Quad | Triple]) -> None:
    with CanonicalLines() as before, CanonicalLines() as after:
        before.add(old)
        after.add(new)
        left, right = set(before), set(after)
        difference = Difference(before, after)
        found = list(difference)
        assert {line for sign, line in found if sign == "-"} == left - right
        assert {line for sign, line in found if sign == "+"} == right - left
        assert (difference.removed, difference.added) == (len(left - right), len(right - left))
        assert [line for _, line in found] == sorted(line for _, line in found)
