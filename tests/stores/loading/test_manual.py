"""docs/loading.md names every option of `load` and `diff`, every error of theirs, and every kind of store."""

from __future__ import annotations

from pathlib import Path

import pytest

from perezkg.cli import diff, load
from perezkg.cli.options import CommandParser
from perezkg.stores.kinds import KINDS
from perezkg.stores.load import GraphNotEmptyError, SharedBlankNodeError
from perezkg.stores.marks import LoadCutOffError, LoadUnderWayError

DOCS = Path(__file__).resolve().parents[3] / "docs"
ELSEWHERE = {"--help", "--output", "--format", "--token", "--password", "--data"}


@pytest.mark.parametrize("command", [load, diff])
def test_every_option(command: object) -> None:
    text = (DOCS / "loading.md").read_text(encoding="utf-8")
    parser = CommandParser("load", "load")
    command.add_arguments(parser)  # type: ignore[attr-defined]
    options = {name for name in parser._option_string_actions if name.startswith("--")} - ELSEWHERE
    assert {name for name in options if name not in text} == set()


def test_every_error_and_kind() -> None:
    text = (DOCS / "loading.md").read_text(encoding="utf-8")
    names = [error.__name__ for error in (GraphNotEmptyError, LoadCutOffError, LoadUnderWayError, SharedBlankNodeError)]
    assert [name for name in [*names, *KINDS] if f"`{name}`" not in text] == []
