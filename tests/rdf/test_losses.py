"""What a file of JSON-LD loses on reading is told: keys that no context defines, IRIs and language tags not valid."""

from __future__ import annotations

import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import perezkg

if TYPE_CHECKING:
    from tests.conftest import Run

CASE = Path(__file__).parents[3] / "shared" / "cases" / "jsonld-keys-without-context" / "m.jsonld"
CONTEXT = {
    "p": "http://e.org/p",
    "q": {"@id": "http://e.org/q", "@type": "@id"},
    "data": {"@id": "http://e.org/data", "@type": "@json"},
    "label": {"@id": "http://e.org/label", "@container": "@language"},
    "by": {"@id": "http://e.org/by", "@container": "@index"},
    "id": "@id",
    "nested": "@nest",
    "note": None,
    "scoped": {"@id": "http://e.org/scoped", "@context": {"inner": "http://e.org/inner"}},
    "Typed": {"@id": "http://e.org/Typed", "@context": {"own": "http://e.org/own"}},
}


def notices(folder: Path, document: object) -> list[str]:
    """Return what is told of a document when it is loaded, without the name of the file."""
    path = folder / "a.jsonld"
    path.write_text(document if isinstance(document, str) else json.dumps(document, indent=1), encoding="utf-8")
    return [notice.removeprefix(f"{path}: ") for notice in perezkg.load(path).notices]


def node(**more: Any) -> dict[str, Any]:
    return {"@context": CONTEXT, "@id": "http://e.org/a", "p": "x", **more}


@pytest.mark.parametrize(
    "document",
    [
        node(),
        node(data={"lable": 1, "a": {"b": ["c"]}}),
        node(label={"en": "x", "es": "y"}),
        node(by={"one": {"p": "x"}}),
        {"@context": CONTEXT, "id": "http://e.org/a", "p": "x"},
        node(nested={"q": "b"}),
        node(note="that a context leaves out on purpose"),
        node(scoped={"inner": "x"}),
        {**node(own="x"), "@type": "Typed"},
        {"@context": {"@vocab": "http://e.org/"}, "@id": "http://e.org/a", "whatever": "x"},
        {"@id": "http://e.org/a", "http://e.org/p": [{"@id": "_:b"}, {"@id": "#relative"}]},
        {"@context": {"@later": "http://e.org/later", "p": "http://e.org/p"}, "@id": "http://e.org/a", "p": 1},
        node(**{"@included": [{"@id": "http://e.org/b", "p": "x"}], "@reverse": {"q": {"@id": "http://e.org/c"}}}),
    ],
)
def test_what_is_read_is_not_told(tmp_path: Path, document: object) -> None:
    assert notices(tmp_path, document) == []


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (
            '{"@context": {"p": "http://e.org/p"},\n"@id": "http://e.org/a", "p": "x",\n"lable": {"en": "x"}}',
            "1 key that no context defines is left out, with what it holds: lable (line 3)",
        ),
        (
            '[{"http://e.org/p": "x"},\n{"a": 1},\n{"b": 1, "a": 2},\n{"c": 1, "d": 2}]',
            "with what they hold: a (2 times, first in line 2), b (line 3), c (line 4) and 1 more",
        ),
        (node(scoped={"inner": "x"}, inner="x"), "1 key that no context defines"),
        (node(own="x"), "1 key that no context defines is left out, with what it holds: own"),
        (node(nested={"lable": "x"}), "lable"),
        (node(by={"one": {"lable": "x"}}), "lable"),
        (node(**{"@reverse": {"lable": {"@id": "http://e.org/c"}}}), "lable"),
        (node(**{"@graph": [{"@id": "http://e.org/b", "lable": "x"}]}), "lable"),
        (
            '{"@id": "http://e.org/a b",\n"http://e.org/p": "x"}',
            "1 IRI that is not valid, or relative without a base, is left out, with its statements: http://e.org/a b",
        ),
        (node(q=["b", "http://e.org/c d"]), "http://e.org/c d"),
        (node(p={"@list": [{"@id": "http://e.org/|"}]}), "http://e.org/|"),
        ({**node(), "@type": ["Typed", "http://e.org/T U"]}, "http://e.org/T U"),
        (node(**{"http://e.org/r s": "x", "_:b": "y"}), "2 IRIs that are not valid"),
        (
            '{"@context": {"@vocab": "http://e.org/"},\n"@id": "http://e.org/a",\n"b c": "x"}',
            "with its statements: http://e.org/b c (line 3)",
        ),
        (
            '{"@id": "http://e.org/a",\n"http://e.org/p": {"@value": "x", "@language": "en_US"}}',
            "1 language tag that is not valid is left out, with its text: en_us (line 2)",
        ),
    ],
)
def test_what_is_lost_is_told(tmp_path: Path, document: object, told: str) -> None:
    assert told in "".join(notices(tmp_path, document))


def test_a_relative_iri_without_a_base(monkeypatch: pytest.MonkeyPatch, command: Run) -> None:
    for line, lost in ('{"@id": "a",\n "http://e.org/p": 1}', "a"), ('{"@type":\n "T/u"}', "T/u"):
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(line.encode())))
        _, _, err = command("query", "-e", "ASK {}", "--data", "-", "--data-format", "jsonld")
        assert f"without a base, is left out, with its statements: {lost} (line" in err


def test_every_command_tells_it(tmp_path: Path, command: Run) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text('{"@id": "http://e.org/a", "http://e.org/p": 1,\n "lable": 1}', encoding="utf-8")
    told = ".jsonld: 1 key that no context defines is left out, with what it holds: lable (line 2)"
    shapes = tmp_path / "shapes.jsonld"
    shapes.write_text(
        '{"@type": "http://www.w3.org/ns/shacl#NodeShape", "http://www.w3.org/ns/shacl#nodeKind":\n'
        '{"lable": 1, "@id": "http://www.w3.org/ns/shacl#IRI"}}',
        encoding="utf-8",
    )
    for arguments in (
        ("query", "-e", "ASK {}", "--data", path),
        ("info", "--data", path),
        ("validate", path),
        ("validate", "--shapes", shapes),
        ("export", "--data", path),
        ("export", "-f", "nquads", "--data", path),
        ("describe", "http://e.org/a", "--data", path),
    ):
        assert command(*arguments).err.count(told) == 1, arguments


def test_what_is_not_looked_through_is_told(tmp_path: Path) -> None:
    long = "[" + ",".join(['{"http://e.org/p": "' + "x" * (1 << 20) + '"}'] * 8) + "]"
    assert "was not looked through for keys that no context defines: it is longer than 8 MiB" in "".join(
        notices(tmp_path, long)
    )
    deep = '{"http://e.org/p": ' + "[" * 3000 + "]" * 3000 + "}"
    assert "it is nested too deep" in "".join(notices(tmp_path, deep))


@pytest.mark.skipif(not CASE.exists(), reason="the cases are not here")
def test_the_case(command: Run) -> None:
    assert "2 keys that no context defines are left out, with what they hold: lable (line 2), latitude (line 2)" in (
        command("validate", CASE).err
    )


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('{"@context": {"p": "http://e.org/p"},\n "@id": 5}', (2, 9), "@id value must be a string"),
        ('[{},\n{"@type": ["a",\n  true]}]', (3, 3), "@type value"),
        ('{"@id": "http://e.org/a",\n"http://e.org/p": {"@value": ["x"]}}', (2, 31), "@value value"),
        ('{"@id": "http://e.org/a",\n"http://e.org/p": {"@value": "é",\n "@type": "a b"}}', (3, 11), "must be an IRI"),
        ('{"@reverse":\n {"http://e.org/p": "é x"}}', (2, 21), "reverse"),
        ('{"@context":\n {"@base": "http://a b/"}}', (2, 12), "@base"),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(perezkg.RdfSyntaxError, match=message) as caught:
        notices(tmp_path, text)
    assert (caught.value.line, caught.value.column) == place
