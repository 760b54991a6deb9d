"""What helps who has never seen perezkg: hints, help by name, questions by a word, badges."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from tests.terminals import on_terminal

from perezkg.cli import COMMANDS
from perezkg.cli.badges import badged
from perezkg.cli.options import told
from perezkg.sparql.catalogue import names
from perezkg.sparql.results import Boolean, Solutions

if TYPE_CHECKING:
    from tests.conftest import Run

    import perezkg


@pytest.mark.parametrize("query", sorted(set(names()) - set(COMMANDS)))
def test_the_name_of_a_query_for_a_command_is_told_how_to_be_asked(command: Run, query: str) -> None:
    ended = command(query, "-f", "csv")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == (
        f"perezkg: error: there is no command {query!r}\nIt is the name of a query: perezkg query {query}\n"
    )


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("medlas", "Did you mean `perezkg query medals`?"),
        ("qurey", "Did you mean query?"),
        ("claim", "Did you mean `perezkg query claims`?"),
        ("xyz", "Commands: queries, query, "),
        ("--medals", "Commands: queries, query, "),
    ],
)
def test_a_near_miss_is_told_what_is_near(command: Run, wrong: str, hint: str) -> None:
    ended = command(wrong)
    assert ended.status == 2
    assert ended.err.splitlines()[1].startswith(hint)


def test_the_hint_is_spanish_in_spanish(command: Run) -> None:
    assert command("medals", "--lang", "es").err.endswith("Es el nombre de una consulta: perezkg query medals\n")
    assert command("medlas", "--lang", "es").err.endswith("¿Quiso decir `perezkg query medals`?\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_by_name_is_the_help_of_the_command(command: Run, name: str) -> None:
    assert command("help", name) == command(name, "--help")


def test_help_by_name_has_a_language_and_knows_its_commands(command: Run) -> None:
    assert command("help", "query", "--lang", "es").out.startswith("uso: perezkg query ")
    assert command("--lang", "es", "help", "query").out.startswith("uso: perezkg query ")
    assert command("help").out == command("--help").out
    assert command("help", "--lang", "es").out == command("--help", "--lang", "es").out
    assert command("help", "medlas").err.endswith("Did you mean `perezkg query medals`?\n")


def found(command: Run, *arguments: str) -> list[str]:
    """Return the names of the queries that a search finds."""
    return [query["name"] for query in json.loads(command("queries", *arguments, "-f", "json").out)]


def test_questions_are_found_by_a_word_of_their_language(command: Run) -> None:
    assert found(command, "olympic") == ["olympic-results", "won-olympic-gold"]
    assert found(command, "OLÍMPICO", "--lang", "es") == found(command, "olimpico", "--lang", "es")
    assert "olympic-results" in found(command, "olimpico", "--lang", "es")
    assert set(found(command, "medal", "table")) < set(found(command, "medal"))
    assert command("queries", "olympic").out.startswith("results\n  olympic-results ")


def test_a_name_is_shown_although_others_have_the_word(command: Run) -> None:
    assert command("queries", "medals").out.startswith("medals\n")
    assert len(found(command, "medal")) > 1


def test_nothing_found_is_told_with_what_is_near(command: Run) -> None:
    assert command("queries", "medlas").err.endswith("there is no query 'medlas'\nDid you mean medals?\n")
    assert command("queries", "no", "such", "zebra").status == 2


def test_a_verdict_is_a_badge_where_a_person_reads_it(kg: perezkg.KnowledgeGraph) -> None:
    answer = kg.query("claims", date="2026-01-01")
    assert isinstance(answer, Solutions)
    shown = badged(answer, "en")
    assert isinstance(shown, Solutions)
    words = {None: "? open", True: "✓ true", False: "✗ false"}
    assert {row.stood for row in answer} == set(words)
    assert [row.stood for row in shown] == [words[row.stood] for row in answer]
    assert [row.verdict for row in shown] == [row.verdict or "not assessed" for row in answer]
    assert [row.claim for row in shown] == [row.claim for row in answer]
    spanish = badged(answer, "es")
    assert isinstance(spanish, Solutions)
    assert {row.stood for row in spanish} == {"✓ cierta", "✗ falsa", "? abierta"}


def test_other_answers_have_no_badges(kg: perezkg.KnowledgeGraph) -> None:
    for answer in (Boolean(True), kg.query("medals")):
        assert badged(answer, "en") is answer


def test_badges_are_for_a_terminal_alone(command: Run) -> None:
    for form in ("table", "markdown", "csv", "json"):
        assert "✓" not in command("query", "claims", "-f", form).out
    shown = on_terminal("query", "claims", COLUMNS="400", NO_COLOR="1")
    assert "✓ true" in shown
    assert "✗ false" in shown


def test_who_runs_a_command_in_spanish_is_not_spoken_to_in_spanish_ever_after(command: Run) -> None:
    assert command("queries", "medals", "--lang", "es").status == 0
    assert command("query", "nothing", "--lang", "es").status != 0
    assert told("commands:") == "commands:"


def test_marks_on_a_terminal_have_a_sparkline() -> None:
    drawn = on_terminal("query", "progression", "-p", "athlete=pz:jefferson-perez", COLUMNS="400", NO_COLOR="1")
    head, _, *rows = drawn.splitlines()
    assert head.split()[:6] == ["athlete", "discipline", "date", "mark", "chart", "value"]
    walks = [row for row in rows if "20 km race walk" in row]
    lines = [re.search(r"[·●]+", row) for row in walks]
    assert [line[0].index("●") for line in lines if line] == [9, 3, 0]
    assert {len(line[0]) for line in lines if line} == {10}
    # One mark alone lies nowhere.
    assert not re.search("[·●]", next(row for row in rows if "50 km race walk" in row))
    assert "gráfico" in on_terminal(
        "query", "progression", "-p", "athlete=pz:jefferson-perez", "--lang", "es", COLUMNS="400", NO_COLOR="1"
    )


def test_what_programs_read_has_no_sparkline(command: Run) -> None:
    _, out, _ = command("query", "progression", "-f", "table")
    assert "●" not in out
    assert "chart" not in out
