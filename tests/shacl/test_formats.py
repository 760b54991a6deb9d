"""The table of report formats: whatever depends on a format reads it there, so that a new one is a module and a row."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perezkg.errors import UnknownFormatError
from perezkg.rdf import reading
from perezkg.shacl.formats import FORMATS, ReportFormat, format_of_file, report_format
from perezkg.shacl.validate import validate

if TYPE_CHECKING:
    from tests.conftest import Run

HERE = Path(__file__).parent
DATA, SHAPES = HERE / "samples/cardinality.data.ttl", HERE / "samples/cardinality.shapes.ttl"


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a format: a module, and a row."""
    (tmp_path / "report_count.py").write_text(
        "def count(report, *, lang, notes):\n    yield f'{len(report)} {lang} {notes}\\n'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    row = ReportFormat("count", "(a number)", ".count", "text/x-count", "report_count:count")
    monkeypatch.setitem(FORMATS, row.name, row)


@pytest.mark.usefixtures("added")
def test_an_added_format_is_known_everywhere(command: Run, tmp_path: Path) -> None:
    report = validate([reading.read(str(DATA))], shapes=[reading.read(str(SHAPES))])
    assert "".join(report.render("count", lang="es")) == f"{len(report)} es True\n"
    asked = ("validate", DATA, "--shapes", SHAPES)
    assert command(*asked, "-f", "count").out == f"{len(report)} en False\n"
    assert command(*asked, "-o", tmp_path / "faults.COUNT").status == 1
    assert (tmp_path / "faults.COUNT").read_text("utf-8") == f"{len(report)} en False\n"
    assert "Did you mean count?" in command(*asked, "-f", "cuont").err
    with pytest.raises(UnknownFormatError, match="Known formats: text, json, turtle, sarif, count"):
        report_format("x")
    help_ = " ".join(command("validate", "--help").out.split())
    assert "(for code hosts) or count (a number)" in help_


def test_the_manual_lists_every_format() -> None:
    manual = (HERE.parents[1] / "docs/validation.md").read_text("utf-8").partition("\n## Formats\n")[2]
    rows = re.findall(r"^\| `([a-z]+)` \| `(\.[a-z]+)` \| `([a-z/+]+)` \|", manual.partition("\n## ")[0], re.MULTILINE)
    assert rows == [(row.name, row.extension, row.media_type) for row in FORMATS.values()]


@pytest.mark.parametrize("row", FORMATS.values(), ids=FORMATS)
def test_a_file_has_the_format_of_its_extension(row: ReportFormat) -> None:
    assert format_of_file(f"a.b{row.extension}") == format_of_file(f"A{row.extension.upper()}") == row.name
    assert format_of_file(f"a{row.extension}.log") == "text"
