"""RDF/XML that is valid and that pyoxigraph's parser refuses, reads otherwise or drops: read by the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

import perezkg

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

A, P = "http://e.org/a", "http://e.org/p"
XML_LITERAL = "^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral>"


def document(body: str, attributes: str = "", before: str = "") -> str:
    namespaces = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/"'
    return f"{before}<rdf:RDF {namespaces} {attributes}>\n{body}</rdf:RDF>"


def described(inner: str, attributes: str = "", before: str = "") -> str:
    return document(f'<rdf:Description rdf:about="{A}">{inner}</rdf:Description>', attributes, before)


def values(path: Path) -> list[str]:
    """Return what the property has as its values, by every way into the file: what is asked, an export, the triples."""
    graph = perezkg.load(path)
    asked = [str(quad.object) for quad in graph.store.quads_for_pattern(None, NamedNode(P), None)]
    exported = [
        line.split(" ", 2)[2][:-2]
        for line in graph.export("ntriples").splitlines()
        if f" <{P}> " in line and f"> <{P}> ." not in line
    ]
    assert (
        sorted(asked)
        == sorted(exported)
        == sorted(str(quad.object) for quad in graph.quads() if quad.predicate.value == P)
    )
    return exported


ENGLISH = 'xml:lang="en"'


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param(described('<e:p xml:lang="">x</e:p>', ENGLISH), '"x"', id="no language"),
        pytest.param(described("<e:p xml:lang=''/>", ENGLISH), '""', id="no language of nothing"),
        pytest.param(described("<e:p>x</e:p>", 'xml:lang = ""'), '"x"', id="no language anywhere"),
        pytest.param(
            document(f'<rdf:Description rdf:about="{A}" xml:lang="" e:p="x"/>', ENGLISH),
            '"x"',
            id="no language of attributes",
        ),
        pytest.param(
            described('<e:q xml:lang=""><rdf:Description><e:p xml:lang="es">x</e:p></rdf:Description></e:q>', ENGLISH),
            '"x"@es',
            id="a language within none",
        ),
        pytest.param(
            described('<e:p xml:lang="&none;">x</e:p>', ENGLISH, '<!DOCTYPE rdf:RDF [<!ENTITY none "">]>'),
            '"x"',
            id="no language by an entity",
        ),
        pytest.param(described('<e:p rdf:parseType="Literal"/>'), f'""{XML_LITERAL}', id="empty literal"),
        pytest.param(described('<e:p rdf:parseType="Literal"></e:p>'), f'""{XML_LITERAL}', id="literal of nothing"),
        pytest.param(
            described('<e:p rdf:parseType = "Literal"><!--c--></e:p>'),
            f'"<!--c-->"{XML_LITERAL}',
            id="literal of a comment",
        ),
        pytest.param(
            described('<e:p rdf:parseType="Literal" rdf:ID="r"/>'), f'""{XML_LITERAL}', id="empty literal with a name"
        ),
        pytest.param(
            described('<e:p rdf:parseType="Literal">1 &lt; <e:b z="2" a="1"/><i xml:lang=""/></e:p>'),
            rf'"1 &lt; <e:b xmlns:e=\"http://e.org/\" a=\"1\" z=\"2\"></e:b><i xml:lang=\"\"></i>"{XML_LITERAL}',
            id="literal of elements",
        ),
        pytest.param(
            described('<e:p rdf:parseType="other"><b/></e:p>'), f'"<b></b>"{XML_LITERAL}', id="unknown parseType"
        ),
        pytest.param(described("<e:p>x<!-- c -->y</e:p>"), '"xy"', id="text around a comment"),
        pytest.param(described("<e:p> <!-- c -->x</e:p>"), '" x"', id="a space before a comment"),
        pytest.param(described("<e:p>x<!-- c --> </e:p>"), '"x "', id="a space behind a comment"),
        pytest.param(described("<e:p>x<![CDATA[<y>]]>z</e:p>"), '"x<y>z"', id="text around CDATA"),
        pytest.param(described("<e:p>x<?c d?>y</e:p>"), '"xy"', id="text around an instruction"),
        pytest.param(
            described("<e:p>&x;</e:p>", before="<!DOCTYPE rdf:RDF [\n<!ENTITY x\n  'a>\"b'>\n]>"),
            r'"a>\"b"',
            id="entity",
        ),
        pytest.param(
            document(f'<e:C rdf:about="{A}"/>', before='<!DOCTYPE rdf:RDF [<!ATTLIST e:C e:p CDATA "x">]>'),
            '"x"',
            id="attribute by default",
        ),
        pytest.param(
            described('<e:p xml:base="" rdf:resource="x"/>', 'xml:base="http://b.org/"'),
            "<http://b.org/x>",
            id="no base",
        ),
        pytest.param(
            described('<e:p xml:base="../c/" rdf:resource="x"/>', 'xml:base="http://b.org/d/"'),
            "<http://b.org/c/x>",
            id="relative base",
        ),
        pytest.param(described('<e:p resource="http://e.org/x"/>'), "<http://e.org/x>", id="attribute without prefix"),
        pytest.param(described("<e:p>x\r\ny\rz</e:p>"), r'"x\ny\nz"', id="ends of lines"),
        pytest.param(
            document(f'<rdf:Description rdf:about="{A}" e:p="x\n\ty"/>'), '"x  y"', id="line feed in an attribute"
        ),
    ],
)
def test_valid_rdfxml_is_read(tmp_path: Path, text: str, value: str) -> None:
    path = tmp_path / "a.rdf"
    path.write_bytes(text.encode())
    assert values(path) == [value]


@pytest.mark.parametrize(
    ("encoding", "codec", "text"),
    [
        ("ISO-8859-1", "latin-1", "café"),
        ("windows-1252", "cp1252", "50 € “café”"),
        ("ISO-8859-15", "iso-8859-15", "50 €"),
        ("KOI8-R", "koi8-r", "бег"),
        ("Shift_JIS", "shift_jis", "競歩"),
        ("GB18030", "gb18030", "竞走"),
        ("US-ASCII", "ascii", "walk"),
        ("UTF-16", "utf-16", "café 🥇"),
        ("UTF-16", "utf-16-le", "café"),
        ("UTF-16", "utf-16-be", "café"),
        ("UTF-32", "utf-32", "café"),
        ("", "utf-16", "café"),
        # The advice to convert is good: nobody has to change what the declaration says of UTF-16.
        ("UTF-16", "utf-8", "café"),
        ("ISO-8859-1", "utf-8-sig", "café"),
    ],
)
def test_encodings_of_xml(tmp_path: Path, encoding: str, codec: str, text: str) -> None:
    path = tmp_path / "a.rdf"
    declaration = f"<?xml version='1.0' encoding='{encoding}'?>\n" if encoding else ""
    path.write_bytes(described(f"<e:p>{text}</e:p>", before=declaration).encode(codec))
    assert [literal.strip('"') for literal in values(path)] == [text]


def test_an_encoding_that_is_none(tmp_path: Path, command: Run) -> None:
    path = tmp_path / "a.rdf"
    for encoding in ("utf-7", "rot13", "unicode_escape", "klingon", "idna"):
        path.write_text(f'<?xml version="1.0"\n encoding="{encoding}"?>\n<a/>', encoding="utf-8")
        status, _, err = command("info", "--data", path)
        assert (status, f"a.rdf:2:2: the encoding '{encoding}'" in err) == (3, True)
    path.write_bytes(b"<?xml version='1.0' encoding='Shift_JIS'?>\n<a>\n\x81\x20</a>")
    status, _, err = command("info", "--data", path)
    assert (status, "a.rdf:3: not shift_jis" in err) == (3, True)


def test_the_advice_to_convert_works(tmp_path: Path, command: Run) -> None:
    path = tmp_path / "a.rdf"
    path.write_bytes(described("<e:p>café</e:p>").encode("latin-1"))
    status, _, err = command("info", "--data", path)
    assert (status, "iconv -f ISO-8859-1 -t UTF-8" in err) == (3, True)
    path.write_bytes(path.read_bytes().decode("latin-1").encode())
    assert values(path) == ['"café"']


@pytest.mark.parametrize(
    ("body", "place", "message"),
    [
        ('<e:C>\n <e:q rdf:resource="a b"/></e:C>', (3, 2), "Invalid IRI code point"),
        ('<e:C/>\n\n  <e:C rdf:ID="1a"/>', (4, 3), "not a valid rdf:ID"),
        ("<e:C>\n<e:p>x</e:p>\n<e:p><e:C/><e:C/></e:p></e:C>", (4, 12), "already present"),
        ("<e:C>\n<e:p foo='x'/></e:C>", (3, 1), "namespaces are required"),
        ("<e:C>\n\n<x:p/></e:C>", (4, 1), "Unknown prefix"),
        ('<e:C>\n<e:p xml:lang=""/>\n<e:p xml:lang="en_US"/></e:C>', (4, 1), "language tag"),
        ("<e:C>\n <e:p>&nbsp;</e:p></e:C>", (3, 7), "nbsp"),
        ("<rdf:li/>", (2, 1), "rdf-syntax-ns#li"),
        ('<e:C><e:p\n>x</e:p><e:p rdf:parseType="Literal" rdf:resource="x"/></e:C>', (3, 9), "parseType"),
    ],
)
def test_a_mistake_in_rdfxml_has_its_place(tmp_path: Path, body: str, place: tuple[int, int], message: str) -> None:
    path = tmp_path / "a.rdf"
    path.write_text(document(body), encoding="utf-8")
    for way in (lambda: perezkg.load(path), lambda: perezkg.KnowledgeGraph.read([str(path)]).export("turtle")):
        with pytest.raises(perezkg.RdfSyntaxError, match=message) as caught:
            way()
        assert (caught.value.line, caught.value.column) == place
        assert caught.value.source_line == document(body).split("\n")[place[0] - 1]


def test_entities_do_not_fill_the_memory(tmp_path: Path, command: Run) -> None:
    path = tmp_path / "a.rdf"
    long = "x" * 100_000
    path.write_text(
        described(f"<e:p>{'&x;' * 300}</e:p>", before=f"<!DOCTYPE r [<!ENTITY x '{long}'>]>"), encoding="utf-8"
    )
    status, _, err = command("info", "--data", path)
    assert (status, "a.rdf:" in err) == (3, True)
