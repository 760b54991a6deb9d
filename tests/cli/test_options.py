"""What `perezkg.cli.options` takes from the insides of argparse.

When one of these fails on a new version of Python, argparse has changed: look at `CommandParser` and the line on
`argparse._` in src/perezkg/cli/options.py, and at what they are for.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

import pytest
from tests.recording.answering import answering

from perezkg.cli.options import CommandParser
from perezkg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.conftest import Run


def test_help_looks_for_no_translations() -> None:
    code = (
        "import sys\n"
        "from perezkg.cli import main\n"
        "main(['query', '--help'])\n"
        "assert 'locale' not in sys.modules, 'argparse asks gettext again'\n"
    )
    ended = subprocess.run([sys.executable, "-S", "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=False,
                           capture_output=True, text=True)  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "usage: perezkg query" in ended.stdout


def test_argparse_has_the_word_that_is_replaced() -> None:
    assert hasattr(argparse, "_")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [(["--frmat", "x"], "Did you mean --format?"), (["--format", "jsn"], "Did you mean json?")],
)
def test_complaints_are_understood_and_the_nearest_is_named(arguments: list[str], hint: str) -> None:
    parser = CommandParser("test", "a command")
    parser.add_argument("--format", choices=("json", "turtle"))
    with pytest.raises(UsageError) as caught:
        parser.parse_args(arguments)
    assert caught.value.hint == hint


def test_more_arguments_than_there_may_be_are_told_even_when_they_are_empty(command: Run) -> None:
    for more in (" ", "", "\n"):
        status, _, err = command("site", "perez", more)
        assert status == 2
        assert "unrecognized arguments" in err


def test_a_timeout_longer_than_a_socket_can_wait(command: Run) -> None:
    with answering() as (host, _):
        for seconds in ("1e308", "1e18"):
            ended = command("query", "-e", "ASK {}", "--endpoint", f"http://{host}/true", "--timeout", seconds)
            assert (ended.status, ended.out) == (0, "true\r\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("info", "--data-format=--", "--data", "a.nt"), "'--'"),
        (("info", "--data=--"), "--: there is no such file"),
        (("query", "--data=--", "-e", "ASK {}"), "--: there is no such file"),
        (("query", "medals", "--engine=--"), "'--'"),
        (("validate", "--shapes=--"), "--: there is no such file"),
        (("validate", "--fail-on=--"), "'--'"),
        (("info", "--max-size=--"), "'--'"),
    ],
)
def test_two_hyphens_are_a_value_like_others(command: Run, arguments: tuple[str, ...], told: str) -> None:
    ended = command(*arguments)
    assert ended.status in (2, 3)
    assert told in ended.err
