"""Completion for zsh: a script that knows all words, so that a Tab starts no Python."""

from __future__ import annotations

import re
from shlex import quote

from perezkg.cli.options import told
from perezkg.cli.parsers import FILES, FOLDERS, commands, filled, front, parameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.cli.parsers import Argument, Command


def script(_lang: str) -> str:
    """Return the script, whose descriptions are in the language that is spoken."""
    found = commands()
    before = [
        f"(- *){name}[{_plain(text)}]"
        for names, text in (
            (("-h", "--help"), told("show this help message and exit")),
            (("-V", "--version"), told("show the version")),
        )
        for name in names
    ]
    summaries = {command.name: command.summary for command in found}
    summaries["help"] = told("show this help message and exit")
    parts = {
        "parameters": "\n".join(_parameters()),
        "commands": "\n".join(f"    {quote(f'{name}:{_plain(what)}')}" for name, what in summaries.items()),
        "front": "\n".join(f"    {quote(line)} \\" for line in (*before, *_option(front()))),
        "arguments": "\n".join(_command(command) for command in found),
    }
    return filled("perezkg.zsh", parts)


def _parameters() -> Iterator[str]:
    for query, values in parameters().items():
        yield f"      {query}) values=({' '.join(map(quote, values))}); break ;;"


def _command(command: Command) -> str:
    lines = [quote(line) for option in command.options for line in _option(option)]
    for place, argument in enumerate(command.positionals, 1):
        lines.append(quote(f"{'*' if argument.many else place}:{_plain(argument.value)}:{_action(argument)}"))
    return (
        f"        {command.name})\n          _arguments \\\n            "
        + " \\\n            ".join(lines)
        + "\n          ;;"
    )


def _option(option: Argument) -> Iterator[str]:
    alone = "*" if option.repeatable else f"({' '.join(option.names)})"
    for name in option.names:
        value = f":{_plain(option.value)}:{_action(option)}" if option.value else ""
        equals = "=" if value and name.startswith("--") else ""
        yield f"{alone}{name}{equals}[{_plain(option.about)}]{value}"


def _action(argument: Argument) -> str:
    """Return what completes a value, in the words of _arguments."""
    values = f"({' '.join(argument.values)})" if argument.values else ""
    place = {FILES: "_files", FOLDERS: "_files -/"}.get(argument.place, "")
    if argument.parameter:
        return "_perezkg_parameters"
    if values and place:
        return f'{{_alternative "values:value:{values}" "files:file:{place}"}}'
    return values or place or " "


def _plain(text: str) -> str:
    """Return a text without what has a meaning in a specification."""
    return re.sub(r"([\\\[\]:])", r"\\\1", text)
