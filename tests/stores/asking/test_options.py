"""The options of a store: what they exclude, what is wrong with them, and that the manual names them all."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.stores.asking.conftest import http, rows

from perezkg import errors
from perezkg.cli.options import CommandParser, add_store_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Run
    from tests.stores.asking.conftest import Store

    Start = Callable[..., Store]

MANUAL = Path(__file__).parents[3] / "docs" / "endpoints.md"
URL = "http://127.0.0.1:9/"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--data", "mine.ttl"], "--data chooses how files are asked, and --endpoint asks a store instead"),
        (["--data-format", "turtle"], "--data-format chooses"),
        (["--source", "biography"], "--source chooses"),
        (["--source", "all"], "--source chooses"),
        (["--engine", "oxigraph"], "--engine chooses"),
        (["--engine", "rdflib"], "--engine chooses"),
        (["--password-file", "a", "--token-file", "b"], "both --password-file and --token-file"),
        (["--user", "me"], "no password for the user me"),
        (["--user", "me", "--token-file", os.devnull], "holds no secret"),
        (["--graph", "pz:cuenca and more"], "'pz:cuenca and more' is not the IRI of a graph"),
        (["--auth", "degist"], "Did you mean digest?"),
        (["--timeout", "0"], "--timeout: '0' is not a number greater than 0"),
        (["--timeout", "soon"], "--timeout"),
        (["--max-size", "-1"], "--max-size: '-1' is not a number greater than 0"),
        (["--endpiont", URL], "Did you mean --endpoint"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_asked_so(command: Run, arguments: list[str], told: str) -> None:
    status, out, err = command("query", "medals", "--endpoint", URL, *arguments)
    assert (status, out) == (2, "")
    assert told in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--graph", "http://e.org/"],
        ["--user", "me"],
        ["--password-file", "x"],
        ["--token-file", "x"],
        ["--auth", "basic"],
        ["--ca-file", "x"],
        ["--insecure-http"],
    ],
    ids=" ".join,
)
def test_what_belongs_to_a_store_needs_one(command: Run, arguments: list[str]) -> None:
    status, out, err = command("query", "medals", *arguments)
    assert (status, out) == (2, "")
    assert err == f"perezkg: error: {arguments[0]} belongs to --endpoint URL, which is not given\n"


def test_standard_input_is_one_thing(command: Run) -> None:
    status, _, err = command("query", "-", "--endpoint", URL, "--user", "me", "--password-file", "-")
    assert (status, "cannot be both the query and the secret" in err) == (2, True)


def test_secret_files_that_cannot_be_read(command: Run, tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"s\xe9cret")
    for name, status, told in (("absent", 3, "no such file"), ("latin", 3, "not UTF-8"), ("", 3, "directory")):
        ended = command("query", "medals", "--endpoint", URL, "--user", "me", "--password-file", tmp_path / name)
        assert (ended.status, ended.out) == (status, "")
        assert told in ended.err
        assert "cret" not in ended.err.replace("secret_files", "")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:3030/ds",
        "localhost",
        "ftp://e.org/",
        "http://",
        "http:///x",
        "http://e.org:99999/",
        "http://e.org:0/",
    ],
)
def test_what_is_no_url_of_a_store(command: Run, url: str) -> None:
    status, out, err = command("query", "medals", "--endpoint", url)
    assert (status, out) == (2, "")
    assert "URL" in err or "port" in err


def test_the_command_imports_no_more_than_it_needs(store: Start) -> None:
    there = store(http(content=rows(names=("a",))))
    code = "import sys; from perezkg.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    ended = subprocess.run(
        [sys.executable, "-c", code, "query", "-e", "SELECT ?a {}", "--endpoint", there.url],
        check=True,
        capture_output=True,
        text=True,
    )
    modules = set(ended.stderr.split())
    assert "httpx2" in modules
    assert modules.isdisjoint({"rdflib", "oxrdflib", "pyshacl", "rich", "pyld", "pandas", "requests"})


def test_the_manual_names_every_option_and_error() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    parser = CommandParser("query", "ask")
    add_store_options(parser)
    options = {name for name in parser._option_string_actions if name.startswith("--")} - {"--help", "--token"}
    classes = inspect.getmembers(errors, inspect.isclass)
    leaves = {name for name, kind in classes if issubclass(kind, errors.RemoteStoreError)} - {"RemoteStoreError"}
    assert len(leaves) > 15
    assert {name for name in options | leaves if f"{name}" not in text} == set()
