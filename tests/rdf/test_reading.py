"""Files of RDF: formats by name, encodings, compression, and where mistakes are."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, RdfFormat

from perezkg import errors
from perezkg.rdf import reading

TURTLE = '@prefix e: <http://e.org/> .\ne:a e:p "é" .\n'
BY_EXTENSION = {
    "a.ttl": TURTLE,
    "a.TTL": TURTLE,
    "a.turtle": TURTLE,
    "a.nt": '<http://e.org/a> <http://e.org/p> "é" .\n',
    "a.nq": '<http://e.org/a> <http://e.org/p> "é" <http://e.org/g> .\n',
    "a.trig": '@prefix e: <http://e.org/> .\ne:g { e:a e:p "é" }\n',
    "a.rdf": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
    '<r:Description r:about="http://e.org/a"><e:p>é</e:p></r:Description></r:RDF>',
    "a.jsonld": '{"@id": "http://e.org/a", "http://e.org/p": "é"}',
    "a.json": '{"@id": "http://e.org/a", "http://e.org/p": "é"}',
}


@pytest.mark.parametrize("name", BY_EXTENSION)
@pytest.mark.parametrize("packing", ["plain", "bom", "gz"])
def test_the_extension_tells_the_format(tmp_path: Path, name: str, packing: str) -> None:
    content = BY_EXTENSION[name].encode("utf-8-sig" if packing == "bom" else "utf-8")
    path = tmp_path / (name + ".gz" if packing == "gz" else name)
    path.write_bytes(gzip.compress(content) if packing == "gz" else content)
    quads = list(reading.parse(reading.read(str(path))))
    assert [(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads] == [
        ("<http://e.org/a>", "<http://e.org/p>", '"é"')
    ]


def test_the_format_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_text(TURTLE, encoding="utf-8")
    assert reading.read(str(path), "turtle").format == RdfFormat.TURTLE
    with pytest.raises(errors.UnknownFormatError, match=r"ends in '\.txt'"):
        reading.read(str(path))
    with pytest.raises(errors.UnknownFormatError, match="Did you mean turtle"):
        reading.read(str(path), "turtel")


def test_standard_input_needs_a_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TURTLE.encode())))
    with pytest.raises(errors.UnknownFormatError, match="--data-format"):
        reading.read("-")
    assert len(list(reading.parse(reading.read("-", "turtle")))) == 1


def test_literals_keep_their_form(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<http://e.org/a> <http://e.org/p> 01, 1.50, 1e3 .", encoding="utf-8")
    assert [quad.object.value for quad in reading.parse(reading.read(str(path)))] == ["01", "1.50", "1e3"]  # type: ignore[union-attr]


def test_blank_nodes_of_two_files_are_apart(tmp_path: Path) -> None:
    labels = set()
    for name in ("a.ttl", "b.ttl"):
        (tmp_path / name).write_text("_:x <http://e.org/p> 1 .", encoding="utf-8")
        labels |= {quad.subject for quad in reading.parse(reading.read(str(tmp_path / name)))}
    assert len(labels) == 2
    assert all(isinstance(label, BlankNode) for label in labels)


def test_relative_iris_are_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "é a.ttl"
    path.write_text("<#x> a <> .", encoding="utf-8")
    (quad,) = reading.parse(reading.read(str(path)))
    assert quad.subject.value.endswith("/%C3%A9%20a.ttl#x")  # type: ignore[union-attr]
    assert quad.subject.value.startswith("file:///")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "text", "line", "column", "shown", "hint"),
    [
        ("a.ttl", "@prefix e: <http://e.org/> .\ne:a e:p 'é' ; sport:rank 3 .\n", 2, 15, "e:a e:p 'é' ;", "sport#"),
        ("a.ttl", "@prefix e: <http://e.org/> .\ne:a e:p prv:x .\n", 2, 9, "e:a", "Did you mean prov"),
        ("a.ttl", "@prefix e: <http://e.org/> .\ne:a e:p 'abc .\n", 2, 9, "e:a e:p 'abc", ""),
        ("a.nt", '<http://e.org/a> <http://e.org/p> "x .\n', 1, 35, "<http://e.org/a>", "is missing"),
        ("a.nt", "<http://e.org/a> <http://e.org/p> <x> .\n", 1, 35, "<http://e.org/a>", "whole IRI"),
        ("a.jsonld", '{"@id": "http://e.org/a",\n "http://e.org/p": [ }', 2, 22, ' "http', ""),
        ("a.rdf", "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n<a></r:RDF>", 2, 6, "<a>", ""),
    ],
)
def test_a_mistake_has_its_place(
    tmp_path: Path, name: str, text: str, line: int, column: int, shown: str, hint: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(errors.RdfSyntaxError) as caught:
        list(reading.parse(reading.read(str(path))))
    error = caught.value
    assert (error.path, error.line) == (str(path), line)
    if name != "a.nt" or "<x>" in text:
        assert error.column == column
    assert shown in error.source_line
    assert hint in error.hint


@pytest.mark.parametrize(
    ("content", "message", "line", "column"),
    [
        ("<http://e.org/é> a 'x' .".encode("utf-16"), "UTF-16", 0, 0),
        ("<http://e.org/a> a 'x' .".encode("utf-16-le"), "null characters", 0, 0),
        ("# áé\n<http://e.org/a> a 'é' .".encode("latin-1"), "0xE1", 1, 3),
        (b"# \xc3\xa1\n<http://e.org/a> a '\xe9' .", "0xE9", 2, 21),
    ],
)
def test_only_utf_8(tmp_path: Path, content: bytes, message: str, line: int, column: int) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(content)
    with pytest.raises(errors.InputUnreadableError, match=message) as caught:
        reading.read(str(path))
    assert (caught.value.line, caught.value.column) == (line, column)


def test_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "perez.ttl").write_text("", encoding="utf-8")
    with pytest.raises(errors.InputNotFoundError, match=r"Did you mean perez\.ttl"):
        reading.read(str(tmp_path / "peres.ttl"))
    with pytest.raises(errors.InputNotFoundError):
        reading.read(str(tmp_path / "perez.ttl" / "x.ttl"))
    with pytest.raises(errors.InputUnreadableError, match="directory"):
        reading.read(str(tmp_path))
    with pytest.raises(errors.InputUnreadableError):
        reading.read("a\0.ttl")


def test_a_broken_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl.gz"
    for content in (b"no archive", gzip.compress(TURTLE.encode())[:-9]):
        path.write_bytes(content)
        with pytest.raises(errors.InputUnreadableError, match="decompressed"):
            reading.read(str(path))


@pytest.mark.parametrize(
    "text",
    [
        '{\n "@context": "https://schema.org/", "name": "x"}',
        '{\n "@context": [{"a": "http://e.org/"}, "https://schema.org/"], "a": "x"}',
        '{\n "@context": {"@import": "https://schema.org/"}, "a": "x"}',
    ],
)
def test_a_remote_context_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(errors.RemoteAccessRefusedError) as caught:
        list(reading.parse(reading.read(str(path))))
    assert caught.value.line == 2
    assert "https://schema.org/" in caught.value.message
