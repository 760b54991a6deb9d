"""`perezkg format`: the same triples and comments, laid out in one way, whatever the author's layout was."""

from __future__ import annotations

import difflib
import gzip
import os
import re
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from perezkg.errors import InputError, RdfSyntaxError, UnknownFormatError, UsageError
from perezkg.rdf.reading import DataFile
from perezkg.turtle_text.layout import formatted
from perezkg.turtle_text.positions import TOKEN

ROOT = Path(__file__).resolve().parents[2]
OWN = sorted([*ROOT.glob("ontology/*.ttl"), *ROOT.glob("data/*.ttl")])
HEAD = "@prefix e: <http://e.org/> .\n\n"


def laid_out(text: str) -> str:
    return formatted(DataFile("a.ttl", text.encode(), RdfFormat.TURTLE, "http://base.org/a"))


def body(text: str) -> str:
    """Lay out what stands below one prefix, and return it without the prefix."""
    after = laid_out(HEAD + text)
    assert after.startswith(HEAD)
    return after.removeprefix(HEAD)


def triples(text: str) -> Dataset:
    dataset = Dataset(parse(text.encode(), RdfFormat.TURTLE, base_iri="http://base.org/a"))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def comments(text: str) -> list[str]:
    """Return the words of all comments, in an order of their own."""
    found = [match[0] for match in TOKEN.finditer(text) if match[0].startswith("#")]
    return sorted(word for comment in found for word in comment.split())


# The layout


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("e:s a e:C;e:p 1.", "e:s a e:C ;\n    e:p 1 .\n"),
        ("e:s e:p 1 ; a e:C .", "e:s a e:C ;\n    e:p 1 .\n"),
        ("e:s\n  a e:C ;\n  e:p 1 ;\n.", "e:s a e:C ;\n    e:p 1 .\n"),
        ("e:s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> e:C .", "e:s a e:C .\n"),
        ("e:s e:q 1;\n e:p 2.", "e:s e:q 1 ;\n    e:p 2 .\n"),
        ("e:s\n e:q 1;\n e:p 2.", "e:s\n    e:q 1 ;\n    e:p 2 .\n"),
        ("e:s e:p 1,2,3.", "e:s e:p 1 , 2 , 3 .\n"),
        ("e:s e:p 1,\n2,3.", "e:s e:p 1 ,\n        2 ,\n        3 .\n"),
        ("e:s e:p 1\n,2.", "e:s e:p 1 ,\n        2 .\n"),
        ("e:s e:p[],[e:q 1],(),(1 2).", "e:s e:p [] , [ e:q 1 ] , () , ( 1 2 ) .\n"),
        ("e:s e:p [\ne:q 1;e:r 2;].", "e:s e:p [\n        e:q 1 ;\n        e:r 2\n    ] .\n"),
        (
            "e:s a e:C;e:p [\ne:q 1],[e:q\n2].",
            "e:s a e:C ;\n    e:p [\n        e:q 1\n    ] , [\n        e:q 2\n    ] .\n",
        ),
        ("e:s e:p (1\n2).", "e:s e:p (\n        1\n        2\n    ) .\n"),
        ("[e:p 1].", "[ e:p 1 ] .\n"),
        ("[\ne:p 1]e:q 2.", "[\n    e:p 1\n] e:q 2 .\n"),
        ("e:s e:p 'one'@en,\"x\"^^e:d,01.50,1e0,true.", "e:s e:p 'one'@en , \"x\"^^e:d , 01.50 , 1e0 , true .\n"),
        ('e:s e:p """a \n\n\tb """ .', 'e:s e:p """a \n\n\tb """ .\n'),
        ("e:s e:p 1 .\ne:t e:p 1 .\n\n\n\ne:u e:p 1 .", "e:s e:p 1 .\ne:t e:p 1 .\n\ne:u e:p 1 .\n"),
        ("e:s e:p 1 ; e:q 2 .\ne:t e:p 1 .", "e:s e:p 1 ;\n    e:q 2 .\n\ne:t e:p 1 .\n"),
        ("e:s e:p 1;\n\n\n e:q 2.", "e:s e:p 1 ;\n\n    e:q 2 .\n"),
        ("e:s e:p 1.   \r\n\r\n", "e:s e:p 1 .\n"),
        (r"e:s e:a\,b e:%41 .", "e:s e:a\\,b e:%41 .\n"),
    ],
)
def test_the_layout(given_text: str, wanted: str) -> None:
    assert body(given_text) == wanted
    assert body(wanted) == wanted


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("# one\ne:s e:p 1 .", "# one\ne:s e:p 1 .\n"),
        ("### part\n\n# one\ne:s e:p 1 .", "### part\n\n# one\ne:s e:p 1 .\n"),
        ("e:s e:p 1 . # one", "e:s e:p 1 . # one\n"),
        ("e:s e:p 1 # one\n.", "e:s e:p 1 . # one\n"),
        ("e:s e:p 1 ;# one\ne:q 2 .", "e:s e:p 1 ; # one\n    e:q 2 .\n"),
        ("e:s e:p 1 # one\n; # two\ne:q 2.", "e:s e:p 1 ; # one # two\n    e:q 2 .\n"),
        ("e:s e:p 1, # one\n2 .", "e:s e:p 1 , # one\n        2 .\n"),
        ("e:s # one\ne:p 1.", "e:s\n    # one\n    e:p 1 .\n"),
        ("e:s e:p # one\n1.", "e:s e:p\n        # one\n        1 .\n"),
        ("e:s e:p 1 ;\n# one\n\n# two\ne:q 2 .", "e:s e:p 1 ;\n    # one\n\n    # two\n    e:q 2 .\n"),
        ("e:s e:p 1 ;\n  # e:q 2 ;\n.", "e:s e:p 1 ;\n    # e:q 2 ;\n.\n"),
        ("e:s e:p [ # one\ne:q 1 # two\n# three\n] .",
         "e:s e:p [\n        # one\n        e:q 1 ; # two\n        # three\n    ] .\n"),
        ("e:s e:p ( # one\n1 # two\n# three\n) .",
         "e:s e:p (\n        # one\n        1 # two\n        # three\n    ) .\n"),
        ("e:s e:p 1 ; # type\na e:C . # end", "e:s a e:C ;\n    e:p 1 . # type # end\n"),
        ("e:s e:p 1 .\n\n\n# fin", "e:s e:p 1 .\n\n# fin\n"),
    ],
)  # fmt: skip
def test_comments_keep_their_place(given_text: str, wanted: str) -> None:
    after = body(given_text)
    assert after == wanted
    assert body(after) == after


def test_a_type_takes_its_comment_along_when_it_goes_to_the_front() -> None:
    assert body("e:s e:p 1 ; # one\na e:C ; # what it is\n.") == "e:s a e:C ; # what it is\n    e:p 1 . # one\n"


def test_prefixes_are_sorted_and_only_those_that_are_used() -> None:
    prefixes = "PREFIX z: <http://z.org/> # last\n@prefix u: <http://u.org/> .\n@prefix b: <http://b.org/>.\n"
    after = laid_out(f"# The file.\n\n{prefixes}b:s z:p 1 .")
    assert after == "# The file.\n\n@prefix b: <http://b.org/> .\n@prefix z: <http://z.org/> . # last\n\nb:s z:p 1 .\n"
    assert laid_out(after) == after


def test_a_prefix_that_a_datatype_or_rdf_type_uses_is_counted_right() -> None:
    head = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n@prefix d: <http://d.org/> .\n"
    assert laid_out(head + "<x:s> rdf:type <x:C> ; <x:p> '1'^^d:t .") == (
        "@prefix d: <http://d.org/> .\n\n<x:s> a <x:C> ;\n    <x:p> '1'^^d:t .\n"
    )


def test_a_file_of_prefixes_alone_keeps_them() -> None:
    assert laid_out("@prefix b: <x:b> .\n@prefix a: <x:a> .\n") == "@prefix a: <x:a> .\n@prefix b: <x:b> .\n"


def test_a_prefix_among_the_statements_goes_to_the_top_and_its_comment_stays() -> None:
    text = "@prefix b: <x:b> .\nb:s b:p 1 .\n\n### Part two\n@prefix a: <x:a> .\na:s b:p 1 .\n"
    assert laid_out(text) == ("@prefix a: <x:a> .\n@prefix b: <x:b> .\n\nb:s b:p 1 .\n\n### Part two\na:s b:p 1 .\n")


def test_a_prefix_bound_twice_stays_where_it_is() -> None:
    text = "@prefix a: <x:1> .\n\na:s a:p 1 .\n\n@prefix a: <x:2> .\n\na:s a:p 1 .\n"
    assert laid_out(text) == text


def test_the_base_comes_first_and_two_bases_stay() -> None:
    assert laid_out("BASE <http://b.org/>\n@prefix a: <x> .\na:s <p> 1.") == (
        "@base <http://b.org/> .\n@prefix a: <x> .\n\na:s <p> 1 .\n"
    )
    two = "@base <http://b.org/> .\n\n<s> <p> 1 .\n\n@base <http://c.org/> .\n\n<s> <p> 1 .\n"
    assert laid_out(two) == two


@pytest.mark.parametrize(("text", "wanted"), [("", ""), ("\n\n", ""), ("# only\r\n#words", "# only\n#words\n")])
def test_files_without_triples(text: str, wanted: str) -> None:
    assert laid_out(text) == wanted


def test_line_ends_inside_a_literal_belong_to_the_literal() -> None:
    assert body('e:s e:p """a\r\nb""" .\r\n') == 'e:s e:p """a\r\nb""" .\n'


# Small and stable changes


EDITS = [
    ("sport:year 1996 ;", "sport:year 1997 ;"),
    ('rdfs:label "Fabián"@en , "Fabián"@es ;', 'rdfs:label "Fabián, a brother"@en , "Fabián, un hermano"@es ;'),
    ("pz:ecuador a sport:Place ;\n", "pz:ecuador a sport:Place ;\n    sport:latitude -1.0 ;\n"),
    ('        "La fuente no da apellido."@es ;\n', '        "La fuente no da apellido alguno."@es ;\n'),
]


@pytest.mark.parametrize(("old", "new"), EDITS)
def test_one_edit_changes_its_lines_only(old: str, new: str) -> None:
    before = (ROOT / "data" / "perez.ttl").read_text(encoding="utf-8")
    assert old in before
    # As carelessly as an editor may type it.
    edited = laid_out(before.replace(old, new.replace(" ;\n", ";\n").replace(" ,", ","), 1))
    changed = [line for line in difflib.ndiff(before.split("\n"), edited.split("\n")) if line[0] in "+-"]
    assert 1 <= len(changed) <= 2, changed


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_our_own_files_are_laid_out(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert laid_out(text) == text


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_our_own_files_come_back_from_being_squeezed(path: Path) -> None:
    """Without indents and blanks, and with other line ends, the same layout comes back."""
    text = path.read_text(encoding="utf-8")

    def squeeze(match: re.Match[str]) -> str:
        if match.lastgroup != "space" or match[0].startswith("#"):
            return match[0]
        following = text[match.end() : match.end() + 1]
        # A comment must stay apart from a name, and a full stop would become part of one.
        lines = "\r\n" * match[0].count("\n")
        return lines or ("" if following in ";,[]()" else "\t")

    squeezed = TOKEN.sub(squeeze, text)
    assert len(squeezed) < len(text)
    assert laid_out(squeezed) == text


# Whatever is written


SPACES = st.sampled_from(
    ["", " ", "  ", "\t", "\n", "\r\n", "\n\n", "\n \n\n", " # note\n", "\n# note é\n", "\n\n#\n\n"]
)
NAMES = st.sampled_from(["e:a", "e:b", "f:c", "<http://e.org/d>", "<rel>", "e:", "g:x.y"])
VERBS = st.one_of(NAMES, st.sampled_from(["a", "rdf:type"]))
LITERALS = st.sampled_from(
    ["1", "-1.50", "1e0", "true", "'x'", '"# b"@en', '"""l\n\n  o"ng """@es-EC', "'''it's'''", '"1"^^e:d', "'\\u00e9;'"]
)  # fmt: skip


@st.composite
def turtle(draw: st.DrawFn) -> str:
    """Draw a Turtle file in a layout of nobody's liking."""
    pieces: list[str] = []

    def put(text: str) -> None:
        pieces.append(text)
        pieces.append(draw(SPACES) or " ")

    def term(depth: int, *, subject: bool = False) -> None:
        kinds = ["name", "blank", *([] if subject else ["literal"]), *(["list", "node"] if depth < 3 else [])]
        kind = draw(st.sampled_from(kinds))
        if kind == "list":
            put("(")
            for _ in range(draw(st.integers(0, 3))):
                term(depth + 1)
            put(")")
        elif kind == "node":
            put("[")
            if draw(st.booleans()):
                pairs(depth + 1)
            put("]")
        else:
            put(draw({"name": NAMES, "blank": st.sampled_from(["_:x", "_:y", "[]"]), "literal": LITERALS}[kind]))

    def pairs(depth: int) -> None:
        for position in range(draw(st.integers(1, 3))):
            if position:
                put(draw(st.sampled_from([";", ";;", "; ;"])))
            put(draw(VERBS))
            for number in range(draw(st.integers(1, 3))):
                if number:
                    put(",")
                term(depth)
        if draw(st.booleans()):
            put(";")

    prefixes = ["e: <http://e.org/>", "f: <http://f.org/#>", "g: <rel/>", "u: <http://unused.org/>"]
    prefixes.append("rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>")
    pieces.append(draw(SPACES))
    if draw(st.booleans()):
        put("@base <http://based.org/> .")
    for prefix in draw(st.permutations(prefixes)):
        put(draw(st.sampled_from([f"@prefix {prefix} .", f"PREFIX {prefix}"])))
    for _ in range(draw(st.integers(0, 3))):
        if draw(st.integers(0, 5)) == 0:
            put(
                draw(st.sampled_from(["@prefix h: <http://h.org/> .", "@prefix e: <http://other.org/> .", "BASE <b/>"]))
            )
        term(0, subject=True)
        pairs(0)
        put(".")
    return "".join(pieces)


@settings(max_examples=300, deadline=None)
@given(turtle())
def test_any_file_keeps_its_triples_and_comments_and_is_laid_out_once(text: str) -> None:
    after = laid_out(text)
    assert triples(after) == triples(text)
    assert comments(after) == comments(text)
    assert laid_out(after) == after
    outside = TOKEN.sub(lambda match: "S" if match.lastgroup == "string" else match[0], after)
    assert not re.search(r"[ \t]\n|\r|\t|\n\n\n|^\n|\n\n$", outside)
    assert not after or after.endswith("\n")


# What is not formatted


def test_a_mistake_is_told_with_its_place() -> None:
    with pytest.raises(RdfSyntaxError) as error:
        laid_out("<x:s> <x:p> .\n")
    assert (error.value.path, error.value.line) == ("a.ttl", 1)


def test_rdf_1_2_is_left_alone() -> None:
    with pytest.raises(InputError, match=r"a\.ttl:1:13: this is not Turtle 1\.1"):
        laid_out("<x:s> <x:p> <<( <x:a> <x:b> <x:c> )>> .\n")


def test_only_turtle_is_formatted() -> None:
    with pytest.raises(UnknownFormatError):
        formatted(DataFile("a.nt", b"", RdfFormat.N_TRIPLES))


def test_brackets_without_end_do_not_break_it() -> None:
    deep = "<x:s> <x:p> " + "[ <x:p> " * 3000 + "1" + " ]" * 3000 + " ."
    with pytest.raises(InputError, match="nested too deeply"):
        laid_out(deep)


# The command


def run(*arguments: str) -> int:
    from perezkg.cli import COMMANDS
    from perezkg.cli.format import add_arguments
    from perezkg.cli.format import run as run_format
    from perezkg.cli.options import CommandParser

    parser = CommandParser("format", COMMANDS.get("format", "lay out Turtle files"))
    add_arguments(parser)
    return run_format(parser.parse_args(arguments))


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    path = tmp_path / "untidy.ttl"
    path.write_bytes(b"<x:s>  a <x:C>;<x:p> 1.\r\n")
    return path


def test_check_lists_what_would_change(untidy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tidy = tmp_path / "tidy.ttl"
    tidy.write_text("<x:s> a <x:C> .\n", encoding="utf-8")
    before = untidy.read_bytes()
    assert run("--check", str(tidy)) == 0
    assert run("--check", str(tidy), str(untidy)) == 1
    assert capsys.readouterr().out == f"{untidy}\n"
    assert untidy.read_bytes() == before


def test_diff_shows_what_would_change(untidy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = untidy.read_bytes()
    assert run("--diff", str(untidy)) == 0
    out = capsys.readouterr().out
    assert "+<x:s> a <x:C> ;\n" in out
    assert f"--- {untidy}" in out
    assert run("--diff", "--check", str(untidy)) == 1
    assert untidy.read_bytes() == before


def test_files_are_changed_in_place(untidy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    untidy.chmod(0o640)
    assert run(str(untidy)) == 0
    assert untidy.read_text(encoding="utf-8") == "<x:s> a <x:C> ;\n    <x:p> 1 .\n"
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"perezkg: formatted {untidy}\n")
    if os.name == "posix":
        assert stat.S_IMODE(untidy.stat().st_mode) == 0o640
    assert run(str(untidy)) == 0
    assert capsys.readouterr().err == ""


def test_a_tidy_file_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "tidy.ttl"
    path.write_text("<x:s> a <x:C> .\n", encoding="utf-8")
    os.utime(path, (1, 1))
    assert run(str(path)) == 0
    assert path.stat().st_mtime == 1


def test_a_byte_order_mark_goes(tmp_path: Path) -> None:
    path = tmp_path / "bom.ttl"
    path.write_bytes(b"\xef\xbb\xbf<x:s> a <x:C> .\n")
    assert run("--check", str(path)) == 1
    assert run("--diff", str(path)) == 0
    assert run(str(path)) == 0
    assert path.read_bytes() == b"<x:s> a <x:C> .\n"


def test_a_compressed_file_stays_compressed(untidy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed = tmp_path / "packed.ttl.GZ"
    packed.write_bytes(gzip.compress(untidy.read_bytes()))
    assert run("--diff", str(packed)) == 0
    assert "(formatted)" in capsys.readouterr().out
    assert run(str(packed), str(untidy)) == 0
    assert gzip.decompress(packed.read_bytes()) == untidy.read_bytes()
    before = packed.stat().st_mtime_ns
    assert run(str(packed)) == 0
    assert packed.stat().st_mtime_ns == before


def test_a_mistake_in_one_file_leaves_all_as_they_are(untidy: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<x:s> a", encoding="utf-8")
    before = untidy.read_bytes()
    with pytest.raises(RdfSyntaxError):
        run(str(untidy), str(broken))
    assert untidy.read_bytes() == before


def test_standard_input_comes_out_formatted(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"<x:s>  a <x:C>.")))
    assert run("-") == 0
    assert capfd.readouterr().out == "<x:s> a <x:C> .\n"


def test_without_files_it_is_about_those_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    from perezkg import resources

    assert run("--check") == 0
    monkeypatch.setattr(resources, "ontology_file", lambda name: f"/perezkg/_share/ontology/{name}")
    with pytest.raises(UsageError, match="no file to format"):
        run("--check")
