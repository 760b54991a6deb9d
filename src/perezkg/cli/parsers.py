"""All commands and what they take, read from their parsers: the table that completions and the manual are made from."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from importlib import import_module

from perezkg.cli import COMMANDS, module_of
from perezkg.cli.options import CommandParser, told
from perezkg.rdf.formats import readable
from perezkg.resources import LANGUAGES
from perezkg.sparql.catalogue import catalogue, names
from perezkg.sparql.formats import FORMATS
from perezkg.tables.preset import shipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Action
    from collections.abc import Callable, Iterable

FILES, FOLDERS = "files", "folders"
_PLACES = {"FILE": FILES, "NAME|FILE.rq|-": FILES, "TABLE": FILES, "DIR": FOLDERS}
# What an argument may be where its parser does not name the choices, because it takes others as well, or complains in
# words of its own.
_VALUES: dict[tuple[str, str], Callable[[], Iterable[str]]] = {
    ("query", "name"): names,
    ("query", "format"): lambda: FORMATS,
    ("queries", "words"): names,
    ("import", "preset"): shipped,
}
_EVERYWHERE: dict[str, Callable[[], Iterable[str]]] = {"data_format": readable}


@dataclass(frozen=True)
class Argument:
    """An option or a positional argument of a command.

    Attributes:
        names: How an option is spelt; empty for a positional argument.
        help: What it is for, in the language of the user.
        value: What its value is called; empty for an option that takes none.
        values: What it may be, or some of that.
        place: FILES or FOLDERS where it may be one, else empty.
        many: Whether it takes more than one value at once.
        repeatable: Whether an option may be given again, and adds to what it was given before.
        parameter: Whether its values are parameters of the query that is named.
    """

    names: tuple[str, ...]
    help: str
    value: str
    values: tuple[str, ...]
    place: str
    many: bool
    repeatable: bool
    parameter: bool = False

    @property
    def about(self) -> str:
        """The first part of its help, which fits beside it in a list."""
        return self.help.partition(";")[0].partition(" (")[0]


@dataclass(frozen=True)
class Command:
    """A command: its name, what it does, how it is used, its arguments, and what is told at the end of its help."""

    name: str
    summary: str
    usage: str
    arguments: tuple[Argument, ...]
    epilog: str

    @property
    def options(self) -> tuple[Argument, ...]:
        """Its options."""
        return tuple(argument for argument in self.arguments if argument.names)

    @property
    def positionals(self) -> tuple[Argument, ...]:
        """Its positional arguments."""
        return tuple(argument for argument in self.arguments if not argument.names)


def commands() -> list[Command]:
    """Return all commands, in the order of the help and in the language of the user.

    >>> [option.names for option in commands()[0].options]
    [('-h', '--help'), ('-f', '--format'), ('--lang',)]
    """
    return [_command(name) for name in COMMANDS]


def parameters() -> dict[str, list[str]]:
    """Return what `-p` gives to each canned query: a parameter with each value that it may take, if these are few.

    >>> parameters()["medals"]
    ['athlete=', 'whose=subject', 'whose=everyone', 'date=']
    """
    return {
        query.name: [
            f"{parameter.name}={value}"
            for parameter in query.parameters.values()
            if parameter.name != "lang"
            for value in parameter.choices or ("",)
        ]
        for query in catalogue()
    }


def front() -> Argument:
    """Return the option that may stand before the command as well."""
    return Argument(
        ("--lang",), told("language of labels and messages"), "LANG", tuple(LANGUAGES), "", many=False, repeatable=False
    )


def filled(script: str, parts: dict[str, str]) -> str:
    """Return a script of the folder `shells` with its parts, which it names between @."""
    with open(os.path.join(os.path.dirname(__file__), "shells", script), encoding="utf-8") as file:
        text = file.read()
    for name, part in parts.items():
        text = text.replace(f"@{name}@", part)
    return text


def _command(name: str) -> Command:
    parser = CommandParser(name, COMMANDS[name])
    import_module(module_of(name)).add_arguments(parser)
    # The places are told by the words of the source; the help, once made, has them in the language of the user.
    places = {action: _PLACES.get(str(action.metavar), "") for action in parser._actions}
    parser.format_help()
    usage = parser.format_usage().removeprefix("usage: ").rstrip("\n")
    shown = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    return Command(
        name,
        told(COMMANDS[name]),
        "\n".join(line.strip() for line in usage.split("\n")),
        tuple(_argument(parser, action, places[action]) for action in shown),
        parser.epilog or "",
    )


def _argument(parser: CommandParser, action: Action, place: str) -> Argument:
    takes = action.nargs != 0
    listed = _VALUES.get((parser.command, action.dest)) or _EVERYWHERE.get(action.dest)
    values = listed() if listed else action.choices or ()
    metavar = action.metavar if isinstance(action.metavar, str) else "|".join(map(str, action.choices or ()))
    return Argument(
        tuple(action.option_strings),
        parser._get_formatter()._expand_help(action),
        metavar if takes else "",
        tuple(map(str, values)) if takes else (),
        place,
        action.nargs in ("+", "*"),
        isinstance(action, (argparse._AppendAction, argparse._ExtendAction)),
        action.dest == "parameter",
    )
