"""A syntax of RDF is a row of one table: everything that knows syntaxes knows a new one."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from perezkg.cli import main
from perezkg.errors import UnknownFormatError
from perezkg.rdf import formats, reading
from perezkg.rdf.export import pieces
from perezkg.rdf.formats import SYNTAXES

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """
def counted(lines, prefixes):
    yield f"# {len(lines)} triples, {prefixes['sport']}\\n"
    yield from (line + "\\n" for line in lines)
"""
ROW = (
    'Syntax("counted", extensions=(".counted",), media_types=("text/x-counted",), parser="N_TRIPLES", '
    'writer="counted_triples:counted", streamed=True)'
)
LINE = "<http://e.org/s> <http://e.org/p> <http://e.org/o> .\n"
WRITTEN = f"# 1 triples, https://w3id.org/perezkg/sport#\n{LINE}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "counted_triples.py").write_text(MODULE)
    (tmp_path / "a.counted").write_text(LINE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(SYNTAXES, "counted", eval(ROW, vars(formats)))  # noqa: S307 - the row above
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_a_new_row_is_read_and_written() -> None:
    file = reading.read("a.counted")
    assert "".join(pieces([file], "counted")) == WRITTEN
    assert reading.read("a.counted", "counted").format == file.format


def test_the_command_line_knows_a_new_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--data", "a.counted", "--data-format", "counted", "-f", "counted"]) == 0
    assert capsys.readouterr().out == WRITTEN
    assert main(["export", "--data", "a.counted", "-o", "b.counted"]) == 0
    assert (folder / "b.counted").read_text() == WRITTEN
    assert main(["export", "--data", "a.counted", "-f", "counte"]) == 2
    assert "counted" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_help_and_messages_name_a_new_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--help"]) == 0
    assert capsys.readouterr().out.count("counted") == 2  # of --format and of --data-format
    with pytest.raises(UnknownFormatError) as caught:
        reading.read("counted_triples.py")
    assert " .counted" in caught.value.hint
    assert "|counted" in caught.value.hint
    with pytest.raises(UnknownFormatError) as caught:
        reading.read("-")
    assert "|counted" in caught.value.hint


def test_stores_are_asked_for_a_new_row() -> None:
    code = (
        f"from perezkg.rdf.formats import SYNTAXES, Syntax; SYNTAXES['counted'] = {ROW}\n"
        "from perezkg.stores.answers import GRAPH_TYPES; print(GRAPH_TYPES)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == "application/n-triples, text/turtle;q=0.9, text/x-counted;q=0.9\n"


def test_every_row_says_what_is_true() -> None:
    for syntax in SYNTAXES.values():
        assert syntax.parser or syntax.writer, syntax
        if syntax.parser:
            assert syntax.format.media_type == syntax.media_types[0]
            assert syntax.format.supports_datasets == syntax.graphs
            assert f".{syntax.format.file_extension}" == syntax.extensions[0]
        if syntax.writer:
            assert callable(syntax.write)


def test_no_two_rows_claim_one_name_of_files_or_media_type() -> None:
    for names in ("extensions", "media_types"):
        found = [name for syntax in SYNTAXES.values() for name in getattr(syntax, names)]
        assert len(found) == len(set(found))


def test_the_table_costs_a_query_no_library() -> None:
    heavy = {"typing", "dataclasses", "pyoxigraph", "re"}
    code = f"import sys\nsys.path[:0] = {sys.path}\nimport perezkg.rdf.formats\nprint({heavy} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == "set()\n"


def test_extensions_are_told_whatever_their_case_and_compression() -> None:
    found = formats.by_extension("A.NT.GZ")
    assert found is SYNTAXES["ntriples"]
    assert formats.by_extension("nt") is None
