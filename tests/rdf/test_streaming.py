"""Files read statement by statement: the same statements and the same errors as of files read whole."""

from __future__ import annotations

import gzip
import io
import os
import re
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode
from tests.rdf.test_reading import BY_EXTENSION, TURTLE

from perezkg import errors, resources
from perezkg.errors import PerezkgError
from perezkg.rdf import reading, streaming
from perezkg.rdf.nodes import canonical_lines
from perezkg.rdf.streaming import DataStream
from perezkg.rdf.syntax_errors import Depth, LineDepth

if TYPE_CHECKING:
    from tests.conftest import Memory, Run

LINE = '<http://e.org/a> <http://e.org/p> "é" .\n'
DEEP = "<<( <http://e.org/a> <http://e.org/p> "


def nested(levels: int) -> str:
    return f"<http://e.org/a> <http://e.org/p> {DEEP * levels}1 {')>> ' * levels}.\n"


@pytest.fixture(params=[17, 1 << 20], ids=["pieces of 17 bytes", "pieces of a megabyte"])
def pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in pieces of few bytes, so that everything that can be cut in two is."""
    monkeypatch.setattr(streaming, "_PIECE", request.param)


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("name", BY_EXTENSION)
@pytest.mark.parametrize("packing", ["plain", "bom", "gz"])
def test_the_statements_are_those_of_the_whole_file(tmp_path: Path, name: str, packing: str) -> None:
    content = BY_EXTENSION[name].encode("utf-8-sig" if packing == "bom" else "utf-8")
    path = tmp_path / (name + ".gz" if packing == "gz" else name)
    path.write_bytes(gzip.compress(content) if packing == "gz" else content)
    stream = DataStream(str(path))
    file = reading.read(str(path))
    assert (stream.name, stream.format, stream.base) == (file.name, file.format, file.base)
    assert list(stream.quads()) == list(reading.parse(file))
    assert list(stream.quads()) == list(reading.parse(file)), "a file can be read again"


def test_our_own_files() -> None:
    for path in [*resources.data_files(), resources.ontology_file("shapes.ttl")]:
        assert canonical_lines(DataStream(path).quads()) == canonical_lines(reading.parse(reading.read(path)))


FAULTS: dict[str, tuple[str, bytes]] = {
    "undeclared prefix": ("a.ttl", b"@prefix e: <http://e.org/> .\ne:a e:p 'x' ; sport:rank 3 .\n"),
    "misspelt prefix": ("a.ttl", "é:a <http://e.org/é> prv:x .\n".encode()),
    "open string": ("a.ttl", b"@prefix e: <http://e.org/> .\ne:a e:p 'abc .\n"),
    "no full stop": ("a.nt", LINE.encode() + b'<http://e.org/a> <http://e.org/p> "x"'),
    "relative IRI": ("a.nt", LINE.encode() + b"<http://e.org/a> <http://e.org/p> <x> .\n" + LINE.encode()),
    "Windows lines": ("a.nt", b'<http://e.org/a> <http://e.org/p> "x" .\r\n<http://e.org/a> .\r\n'),
    "BOM": ("a.nt", b"\xef\xbb\xbf<http://e.org/a> .\n"),
    "nothing but a subject": ("a.nq", b"<http://e.org/a>\n"),
    "graph": ("a.trig", b"<http://e.org/g> { <http://e.org/a> }\n"),
    "far down": ("a.nt", LINE.encode() * 30_000 + b"# \xc3\xa9\n<http://e.org/a> <x> <y> .\n" + LINE.encode() * 9),
    "JSON-LD": ("a.jsonld", b'{"@id": "http://e.org/a",\n "http://e.org/p": [ }'),
    "remote context": ("a.jsonld", b'{\n "@context": "https://schema.org/", "name": "x"}'),
    "RDF/XML": ("a.rdf", b"<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n<a></r:RDF>"),
    "UTF-16": ("a.ttl", "<http://e.org/é> a 'x' .".encode("utf-16")),
    "UTF-16 without BOM": ("a.ttl", "<http://e.org/a> a 'x' .".encode("utf-16-le")),
    "Latin-1": ("a.ttl", "# áé\n<http://e.org/a> a 'é' .".encode("latin-1")),
    "Latin-1, second line": ("a.ttl", b"# \xc3\xa1\n<http://e.org/a> a '\xe9' ."),
    "Latin-1, far down": ("a.nt", LINE.encode() * 30_000 + b'<http://e.org/a> <http://e.org/p> "\xe9" .\n'),
    "Latin-1 after a BOM": ("a.ttl", b"\xef\xbb\xbf# \xc3\xa1 \xe9"),
    "half a character at the end": ("a.ttl", b"# a\n# \xc3"),
    "nested": ("a.nt", LINE.encode() + nested(501).encode()),
    "nested, with closed ones before": ("a.ttl", (nested(1) * 600 + LINE + nested(600)).encode()),
    "nested, behind a comment that a carriage return ends": ("a.ttl", b"# a\r" + nested(501).encode()),
    "nested, behind an apostrophe in a name": (
        "a.ttl",
        f"@prefix e: <http://e.org/> .\ne:O\\'B e:p 1 .\n{nested(501)}e:O\\'B e:p 2 .\n".encode(),
    ),
    "no archive": ("a.nt.gz", b"no archive"),
    "half an archive": ("a.nt.gz", gzip.compress(LINE.encode())[:-9]),
    "an archive and more": ("a.nt.gz", gzip.compress(LINE.encode()) + b"more"),
    "a fault in an archive": ("a.nt.gz", gzip.compress(LINE.encode() * 50_000 + b"<http://e.org/a> .\n")),
    "a value without end": ("a.nt", b'<http://e.org/a> <http://e.org/p> "' + b"x" * (17 << 20) + b'" .\n'),
}


def fault_of(path: Path, *, whole: bool) -> PerezkgError:
    with pytest.raises(PerezkgError) as caught:
        list(reading.parse(reading.read(str(path))) if whole else DataStream(str(path)).quads())
    return caught.value


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("fault", FAULTS)
def test_the_errors_are_those_of_the_whole_file(tmp_path: Path, fault: str) -> None:
    name, content = FAULTS[fault]
    if len(content) > 1 << 24 and streaming._PIECE < 100:
        pytest.skip("the parser looks at a value again with each piece of it")
    path = tmp_path / name
    path.write_bytes(content)
    whole, streamed = fault_of(path, whole=True), fault_of(path, whole=False)
    assert type(streamed) is type(whole)
    assert str(streamed) == str(whole)
    assert vars(streamed) == vars(whole)


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize(
    "text",
    [
        nested(500),
        nested(1) * 700,
        (LINE.replace("é", "<<" * 300)) * 3,
        f"# {'<<' * 600}\n" + LINE,
        f'<http://e.org/a> <http://e.org/p> \'\'\'{"<<" * 600}\'\'\', """"{"<<" * 600}\\"""" , \'\', "" .',
        f"<http://e.org/a#'> <http://e.org/p> <http://e.org/#>, '#', '{'<<' * 600}' .",
    ],
    ids=["500 levels", "700 terms", "strings", "a comment", "long strings", "IRIs"],
)
def test_what_looks_nested_and_is_not(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(text, encoding="utf-8")
    assert set(DataStream(str(path)).quads()) == set(reading.parse(reading.read(str(path))))


def test_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "perez.ttl").write_text("", encoding="utf-8")
    for path in (tmp_path / "peres.ttl", tmp_path / "perez.ttl" / "x.ttl", tmp_path, tmp_path / "a", Path("a\0.ttl")):
        with pytest.raises(PerezkgError) as whole:
            reading.read(str(path))
        with pytest.raises(PerezkgError) as streamed:
            DataStream(str(path))  # at once, not when the first statement is asked for
        assert (type(streamed.value), str(streamed.value)) == (type(whole.value), str(whole.value))
        assert whole.value.exit_status == 3
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(errors.InputUnreadableError, match="directory"):
        DataStream(str(tmp_path / "folder.ttl"))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(errors.UnknownFormatError, match="--data-format"):
        DataStream("-")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TURTLE.encode())))
    stream = DataStream("-", "turtle")
    assert stream.name == "standard input"
    assert len(list(stream.quads())) == 1


@pytest.mark.parametrize("format", ["turtle", "jsonld"])
def test_a_pipe(format: str) -> None:  # noqa: A002 - the name that users know
    code = (
        "import sys; from perezkg.rdf.streaming import DataStream; from perezkg.errors import PerezkgError\n"
        f"try: print(sum(1 for _ in DataStream('-', {format!r}).quads()))\n"
        "except PerezkgError as error: print(error)"
    )
    text = LINE * 9 + "<http://e.org/á> a .\n" if format == "turtle" else "{\n]"
    ended = subprocess.run([sys.executable, "-c", code], input=text.encode(), capture_output=True, check=True)
    out = ended.stdout.decode()
    assert out.startswith("standard input:10:" if format == "turtle" else "standard input:2:")
    if format == "turtle":
        assert "    <http://e.org/á> a ." in out, "the line is shown, though a pipe cannot be read twice"


def test_a_named_pipe(tmp_path: Path) -> None:
    path = tmp_path / "a.nt.gz"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(gzip.compress(LINE.encode()),))
    writer.start()
    assert len(list(DataStream(str(path)).quads())) == 1
    writer.join()


def test_blank_nodes_of_two_files_are_apart(tmp_path: Path) -> None:
    labels = set()
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text("_:x <http://e.org/p> _:x .", encoding="utf-8")
        labels |= {quad.subject for quad in DataStream(str(tmp_path / name)).quads()}
    assert len(labels) == 2
    assert all(isinstance(label, BlankNode) for label in labels)


def test_memory_does_not_grow_with_the_file(tmp_path: Path, memory: Memory) -> None:
    code = (
        "import sys; from perezkg.rdf.canonical import CanonicalLines\n"
        "from perezkg.rdf.streaming import DataStream\n"
        "with CanonicalLines() as lines:\n"
        "    lines.add(DataStream(sys.argv[1]).quads()); print(lines.count)"
    )
    peaks = []
    for number in (200_000, 800_000):
        path = tmp_path / f"{number}.nt"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(
                f'<http://e.org/{at * 7919 % number}> <http://e.org/p> "{at} {"é" * 40}"@es .\n' for at in range(number)
            )
        ended = subprocess.run(
            [sys.executable, "-c", code, path],
            capture_output=True,
            check=True,
            text=True,
            env={**os.environ, **memory.environment},
        )
        assert int(ended.stdout) == number
        peaks.append(memory.peak())
    # Four times as many triples, 80 MB more of text; the smaller file is larger than what waits to be sorted, too.
    assert peaks[1] < peaks[0] * 1.25, peaks


def is_too_deep(depth: Depth | LineDepth, *pieces: bytes) -> bool:
    try:
        for piece in pieces:
            depth.feed(piece)
    except errors.RdfSyntaxError:
        return True
    return False


STRING = LINE.replace("é", "<<" * 600)
PARTS = [nested(500), nested(501), nested(2) * 300, nested(400)[:-3], "\n", "\r", "# ", LINE, STRING]


@settings(max_examples=200, deadline=None)
@given(parts=st.lists(st.sampled_from(PARTS), max_size=5), cuts=st.lists(st.integers(0, 60_000), max_size=6))
def test_depth_is_found_in_lines_wherever_they_are_cut(parts: list[str], cuts: list[int]) -> None:
    text = "".join(parts).encode()
    pieces = [text[start:end] for start, end in pairwise([0, *sorted(cuts), len(text)])]
    expected = any(is_too_deep(Depth("x"), line) for line in re.split(rb"[\r\n]", text))
    assert is_too_deep(LineDepth("x"), *pieces) == expected


LONG = "x \\QUOTE \\\\ << " * 20
TOKENS = [
    "<<",
    ">>",
    '"' + LONG.replace("QUOTE", '"') + '"',
    "'" + LONG.replace("QUOTE", "'") + "'",
    '"""a" ""' + LONG.replace("QUOTE", '"') + '"""',
    "<http://e.org/" + "y" * 90 + ">",
    "# " + LONG + "\n",
    "a",
]


@settings(max_examples=200, deadline=None)
@given(tokens=st.lists(st.sampled_from(TOKENS), max_size=8), cuts=st.lists(st.integers(0, 1500), max_size=6))
def test_depth_of_long_tokens_is_found_wherever_they_are_cut(tokens: list[str], cuts: list[int]) -> None:
    text = ("<< " * 497 + " ".join(tokens)).encode()
    ends = [0, *sorted(1491 + cut for cut in cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(ends)]
    level = deepest = 497
    for part in tokens:
        level += (part == "<<") - (part == ">>")
        deepest = max(deepest, level)
    assert is_too_deep(Depth("x"), *pieces) == (deepest > 500)


def test_the_cost_of_depth_grows_as_the_text_does() -> None:
    def seconds(times: int) -> float:
        pieces = [LINE.encode() * 1000] * 20 + [b'"' + b"<<" * 2000 * times] + [b"<" * 40_000] * 10 * times
        spent = []
        for _ in range(3):
            began = time.process_time()
            depth = LineDepth("x")
            for piece in pieces:
                depth.feed(piece)
            spent.append(time.process_time() - began)
        return min(spent)

    # Were a line looked at anew with each piece, four times the text would cost sixteen times as much.
    assert seconds(16) < 10 * seconds(4)


TOO_DEEP = {
    "blank nodes": ("<urn:a> <urn:p> " + "[ <urn:p> " * 5001 + "1" + " ]" * 5001 + " .", "ttl"),
    "lists": ("<urn:a> <urn:p> " + "( " * 5001 + ") " * 5001 + ".", "ttl"),
    "lists and nodes": ("<urn:g> { <urn:a> <urn:p> " + "( [ <urn:p> " * 2501 + "1 " + "] )" * 2501 + " }", "trig"),
    "behind a string": (
        '<urn:a> <urn:p> "' + ")" * 9000 + '" , ' + "[ <urn:p> " * 5001 + "1" + " ]" * 5001 + " .",
        "ttl",
    ),
    "elements": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:">'
        + "<e:A><e:p>" * 2501 + "</e:p></e:A>" * 2501 + "</rdf:RDF>",
        "rdf",
    ),
    "XML literals": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:">'
        '<e:A><e:p rdf:parseType="Literal">'
        + "<x>" * 5001 + "</x>" * 5001 + "</e:p></e:A></rdf:RDF>",
        "rdf",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TOO_DEEP)
def test_what_is_nested_too_deep_is_refused_at_once(tmp_path: Path, command: Run, what: str) -> None:
    text, extension = TOO_DEEP[what]
    path = tmp_path / f"deep.{extension}"
    path.write_text("\n\n" + text, encoding="utf-8")
    asked = [
        ["query", "-e", "ASK {}", "--data"],
        ["validate"],
        ["info", "--data"],
        ["export", "-f", "ntriples", "--data"],
    ]
    for words in asked:
        ended = command(*words, path)
        assert ended.status == 3
        assert f"{path}:3: nested more than 5000 levels deep" in ended.err
    packed = tmp_path / f"deep.{extension}.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert command("export", "-f", "ntriples", "--data", packed).status == 3


def test_what_is_not_nested_is_not_too_deep(tmp_path: Path) -> None:
    """Many brackets beside one another, and in strings and comments."""
    path = tmp_path / "flat.ttl"
    marks = "(" * 6000 + "[" * 6000 + "{" * 6000
    path.write_text(
        f'<urn:a> <urn:p> "{marks}" , """{marks}""" .\n# {marks}\n'
        + "<urn:a> <urn:q> [ <urn:p> ( 1 ( 2 ) ) ] .\n" * 6000,
        encoding="utf-8",
    )
    assert (
        sum(1 for _ in reading.parse(reading.read(str(path))))
        == sum(1 for _ in DataStream(str(path)).quads())
        == 48_002
    )
