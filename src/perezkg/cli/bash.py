"""Completion for bash 3.2 and newer: a script that knows all words, so that a Tab starts no Python."""

from __future__ import annotations

from shlex import quote

from perezkg.cli.parsers import FILES, FOLDERS, commands, filled, front, parameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perezkg.cli.parsers import Command


def script(_lang: str) -> str:
    """Return the script, the same in each language."""
    found = commands()
    parts = {
        "commands": quote(_words([command.name for command in found] + ["help"])),
        "languages": quote(_words(front().values)),
        "parameters": "\n".join(_parameters()),
        "options": "\n".join(line for command in found for line in _options(command)),
        "positionals": "\n".join(_positionals(command) for command in found),
    }
    return filled("perezkg.bash", parts)


def _parameters() -> Iterator[str]:
    for query, values in parameters().items():
        yield f"      {query}) values={quote(_words(values))}; return ;;"


def _options(command: Command) -> Iterator[str]:
    for option in command.options:
        if option.value:
            pattern = " | ".join(f"{quote(f'{command.name} {name}')}" for name in option.names)
            told = [f"values={quote(_words(option.values))}"] if option.values else []
            place = "parameters" if option.parameter else option.place
            told += [f"place={place}"] if place else []
            told += ["many=1"] if option.many else []
            yield f"    {pattern}) {' '.join(told) or ':'} ;;"


def _positionals(command: Command) -> str:
    """Return what a word that belongs to no option may be; the last of the positional arguments may come again."""
    told = [f"options={quote(_words(name for option in command.options for name in option.names))}"]
    number = len(command.positionals)
    for place, argument in enumerate(command.positionals, 1):
        what = [f"values={quote(_words(argument.values))}"] if argument.values else []
        what += [f"place={argument.place}"] if argument.place in (FILES, FOLDERS) else []
        if what:
            comparison = (
                f"positional >= {place - 1}" if argument.many and place == number else f"positional == {place - 1}"
            )
            told.append(f"(({comparison})) && {' '.join(what)}")
    return f"      {command.name})\n" + "\n".join(f"        {line}" for line in told) + "\n        ;;"


def _words(words: Iterable[str]) -> str:
    return " ".join(words)
