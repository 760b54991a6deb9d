"""What is loaded and compared is the data itself: no graph too many, no value that is another one."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, parse
from tests.stores.loading.dialects import Reply
from tests.stores.loading.faults import damaged, dropped

from perezkg.rdf.canonical import CanonicalLines
from perezkg.rdf.streaming import DataStream
from perezkg.stores.dialects import xsd_1_0_decimals
from perezkg.stores.load import SharedBlankNodeError, parts
from perezkg.stores.verify import compared

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.stores.loading.fake_store import Exchange, FakeStore

    File = Callable[..., Path]

OLD = '<http://e.org/o> <http://e.org/p> "old" .\n'
NAMED = "<http://e.org/g> { <http://e.org/s> <http://e.org/p> 1 }"


def test_a_file_without_triples_empties_no_graph(store: FakeStore, command: Run, file: File) -> None:
    store.hold(OLD)
    empty, named = file("# nothing\n", "empty.ttl"), file(NAMED, "named.trig")
    assert command("load", store.url, empty, named, "--replace").status == 0
    assert (len(store.content()), len(store.content("http://e.org/g"))) == (1, 1)
    for paths, graphs in (
        ([empty, named], ["http://e.org/g"]),
        ([empty, file(NAMED, "also.trig"), file(OLD, "old.nt")], ["http://e.org/g", "x:"]),
        ([empty], ["x:"]),
    ):
        with parts([DataStream(str(path)) for path in paths], "x:") as found:
            assert list(found) == graphs


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_blank_node_of_two_graphs_is_found_wherever_it_stands(depth: int, file: File) -> None:
    inner = "_:x <http://e.org/p> 1"
    for _ in range(depth):
        inner = f"<http://e.org/s> <http://e.org/p> <<( {inner} )>>"
    path = file(f"<http://e.org/s> <http://e.org/p> _:x . <http://e.org/g> {{ {inner} }}", "data.trig")
    with (
        pytest.raises(SharedBlankNodeError, match=r"the default graph and the graph http://e\.org/g"),
        parts([DataStream(str(path))], ""),
    ):
        pass


def same(here: str, there: str) -> bool:
    """Tell whether two objects are the same value of a triple."""
    with CanonicalLines() as left, CanonicalLines() as right:
        for lines, value in ((left, here), (right, there)):
            text = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> <s:> <p:> {value} ."
            lines.add(parse(text, RdfFormat.TURTLE))
        with compared(left, right) as comparison:
            return comparison.same


@pytest.mark.parametrize(
    "term", ["<<( <s:> <p:> {} )>>", "<<( _:x <p:> {} )>>", "<<( _:x <p:> <<( <s:> <p:> {} )>> )>>"]
)
def test_another_spelling_within_a_triple_term_is_the_same_value(term: str) -> None:
    assert same(term.format('"01"^^xsd:integer'), term.format(1))
    assert same(term.format("2.50"), term.format(2.5))
    assert not same(term.format(1), term.format(2))


def test_a_store_may_respell_what_is_within_a_triple_term(store: FakeStore, command: Run, file: File) -> None:
    text = "<http://e.org/s> <http://e.org/p> <<( <http://e.org/s> <http://e.org/p> {} )>> ."
    store.hold(text.format(2.5))
    ended = command("diff", store.url, file(text.format("2.50")))
    assert (ended.status, ended.out) == (0, "")
    assert "1 triples have a literal that the store spells differently" in ended.err


@pytest.mark.parametrize(
    ("here", "there", "alike"),
    [
        ("0.1234567890123456789", "0.123456789012345678", False),
        ("0.12345678901234567890", "+00.1234567890123456789", True),
        ("-123456789012345678901234567890.50", "-123456789012345678901234567890.5", True),
        ("123456789012345678901234567890.", "123456789012345678901234567890", True),
        ("-0.0", "0", True),
        ("-.50", "-0.5", True),
        ("5", "5.", True),
        ("5", "-5", False),
        ("5", "5,0", False),
        ("", "0", False),
        (".", "0", False),
    ],
)
def test_decimals_are_the_same_when_their_values_are(here: str, there: str, alike: bool) -> None:
    assert same(f'"{here}"^^xsd:decimal', f'"{there}"^^xsd:decimal') == alike


XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("object_", "spelled"),
    [
        ("005.10", "5.1"),
        ("-00", "0.0"),
        (r"he said \"5", r"he said \"5"),
        (r"he said \" \"5", r"he said \" \"5"),
        ("5 5", "5 5"),
        ("", ""),
    ],
)
def test_only_whole_decimals_are_spelled_otherwise(object_: str, spelled: str) -> None:
    line = f'<s:> <p:> "{object_}"^^<{XSD}decimal> .'
    assert xsd_1_0_decimals(line.encode()).decode() == line.replace(object_, spelled, 1 if object_ else 0)


@pytest.mark.parametrize(
    ("duration", "inserted"),
    [
        ("PT5S", "PT5.0S"),
        ("PT1H17M16.5S", "PT1H17M16.5S"),
        ("P2D", "P2DT0.0S"),
        ("P2DT1M", "P2DT1M0.0S"),
        ("P", ""),
        ("PT", ""),
        ("P1DT", ""),
        ("-PT5S", ""),
        (r"in \"PT5S", ""),
    ],
)
def test_durations_that_virtuoso_is_sent_in_updates(
    duration: str, inserted: str, start: Callable[[str], FakeStore], command: Run, file: File
) -> None:
    store = start("virtuoso")
    line = f'<http://e.org/This> <http://e.org/1.5/T> "{duration}"^^<{XSD}dayTimeDuration> .'
    command("load", store.url, file(line), "--graph", "http://e.org/g")
    sent = [(request.method, request.body.decode()) for request in store.requests if b"Duration" in request.body]
    assert [method for method, _ in sent] == ["POST" if inserted else "PUT"]
    assert line.replace(duration, inserted or duration) in sent[0][1]


@pytest.mark.parametrize("media", ["application/n-triples", "text/turtle"])
@pytest.mark.parametrize(("levels", "status"), [(200_000, 4), (501, 4), (500, 1)])
def test_depth_of_what_comes_back_does_not_end_the_process(
    media: str, levels: int, status: int, store: FakeStore, process: Run, file: File
) -> None:
    text = "<s:> <p:> " + "<<( <s:> <p:> " * levels + "<o:> " + ")>> " * levels + ".\n"

    def deep(exchange: Exchange) -> None:
        exchange.receive()
        exchange.send(Reply(200, (OLD + text).encode(), media))

    store.fail(deep, line="GET", ever=True)
    ended = process("diff", store.url, file(OLD))
    assert ended.status == status, ended.err
    assert ("nested more than 500 levels" in ended.err) == (status == 4)


def test_a_proof_that_fails_quotes_little(store: FakeStore, command: Run, file: File) -> None:
    text = "".join(f'<http://e.org/s> <http://e.org/p> "{letter * 300_000}" .\n' for letter in "éabc")
    store.fail(damaged(dropped), line="PUT")
    ended = command("load", store.url, file(text, "data.nt"))
    assert ended.status == 4
    assert 'sent: <http://e.org/s> <http://e.org/p> "aaa' in ended.err
    assert "aaa…" in ended.err
    assert len(ended.err) < 1500


@pytest.mark.skipif(os.name == "nt", reason="its shell closes nothing")
@pytest.mark.parametrize(
    "arguments",
    [
        "load {url} - --data-format turtle",
        "load {url} - --data-format jsonld",
        "diff {url} - --data-format nquads",
        "load {url} a.ttl --user me --password-file -",
        "query - --data a.ttl",
        "info --data - --data-format turtle",
    ],
)
def test_standard_input_that_is_closed(arguments: str, store: FakeStore, file: File, tmp_path: Path) -> None:
    file(OLD, "a.ttl")
    command = f"{sys.executable} -m perezkg {arguments.format(url=store.url)} <&-"
    ended = subprocess.run(["sh", "-c", command], cwd=tmp_path, check=False, capture_output=True, timeout=60)
    assert (ended.returncode, b"standard input is closed" in ended.stderr) == (3, True), ended.stderr


def test_what_a_file_loses_on_reading_is_told(store: FakeStore, command: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonld"
    for text in ('{"http://e.org/p": 1,\n "lable": 1}', '{\n "lable": 1}'):
        path.write_text(text, encoding="utf-8")
        ended = command("load", store.url, path, "--replace", "--allow-empty")
        assert ended.status == 0
        assert "a.jsonld: 1 key that no context defines is left out, with what it holds: lable (line 2)" in ended.err
