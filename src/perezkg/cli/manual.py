"""The manual page, in the language of man (roff): what `--help` and `perezkg queries` tell, on one page."""

from __future__ import annotations

import re

from perezkg.cli import ABOUT, OPTIONS
from perezkg.cli.options import told
from perezkg.cli.parsers import commands
from perezkg.resources import VERSION
from perezkg.sparql.catalogue import catalogue
from perezkg.words import words as words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.cli.parsers import Argument, Command
    from perezkg.sparql.catalogue import CannedQuery


def page(lang: str) -> str:
    """Return the page in a language."""
    return "\n".join(_lines(lang)) + "\n"


def _lines(lang: str) -> Iterator[str]:
    yield f'.TH PEREZKG 1 "" "perezkg {VERSION}" "{told("manual of perezkg")}"'
    name, _, what = told(ABOUT).partition(": ")
    yield from _section(told("NAME"))
    yield f"{name} \\- {_text(what)}"
    yield from _section(told("SYNOPSIS"))
    yield ".B perezkg"
    yield _text(told("usage: perezkg COMMAND [OPTIONS]").partition("perezkg ")[2])
    for block in told(OPTIONS).strip("\n").split("\n\n"):
        title, _, body = block.partition("\n")
        yield from _section(title.rstrip(":"))
        yield from _kept(body)
    yield from _section(told("commands:").rstrip(":"))
    for command in commands():
        yield from _command(command)
    yield from _section(told("QUERIES"))
    for query in catalogue():
        yield from _query(query, lang)


def _command(command: Command) -> Iterator[str]:
    yield f".SS {command.name}"
    yield _text(command.summary[0].upper() + command.summary[1:] + ".")
    yield ".PP"
    yield from _kept(command.usage)
    for argument in command.arguments:
        yield ".TP"
        yield _spelt(argument)
        yield _text(argument.help)
    if command.epilog:
        yield ".PP"
        yield from _kept(command.epilog)


def _spelt(argument: Argument) -> str:
    names = ", ".join(f"\\fB{_text(name)}\\fR" for name in argument.names)
    return " ".join(filter(None, (names, f"\\fI{_text(argument.value)}\\fR" if argument.value else "")))


def _query(query: CannedQuery, lang: str) -> Iterator[str]:
    words = words_of("queries", lang)
    yield ".TP"
    yield f"\\fB{_text(query.name)}\\fR"
    given = []
    for parameter in query.parameters.values():
        if parameter.name != "lang":
            notes = [told(parameter.type_name)]
            notes += [f"{words['one of']} {', '.join(parameter.choices)}"] if parameter.choices else []
            given.append(f"\\fB\\-p {_text(parameter.name)}=\\fR ({_text('; '.join(notes))})")
    summary = query.summary(lang)
    yield _text(summary if summary.endswith("?") else f"{summary}.")
    yield from (f".br\n{line}" for line in given)


def _section(title: str) -> Iterator[str]:
    yield f".SH {_text(title.upper())}"


def _kept(text: str) -> Iterator[str]:
    """Yield lines that are shown as they are."""
    yield ".nf"
    yield from (_text(line) for line in text.split("\n"))
    yield ".fi"


def _text(text: str) -> str:
    """Return a text in which nothing is a command of roff, and a hyphen is the one that is typed."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", r"\\&", escaped)
