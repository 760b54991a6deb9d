"""Completion for fish: a script that knows all words, so that a Tab starts no Python."""

from __future__ import annotations

from perezkg.cli.options import told
from perezkg.cli.parsers import FILES, FOLDERS, commands, filled, front, parameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perezkg.cli.parsers import Argument, Command


def script(_lang: str) -> str:
    """Return the script, whose descriptions are in the language that is spoken."""
    return filled("perezkg.fish", {"parameters": "\n".join(_parameters()), "complete": "\n".join(_complete())})


def _parameters() -> Iterator[str]:
    for query, values in parameters().items():
        if values:
            given = _words(map(_quoted, values))
            yield f"            case {query}\n                printf '%s\\n' {given}\n                return"


def _complete() -> Iterator[str]:
    found = commands()
    yield _line("", "-s h -l help", told("show this help message and exit"))
    yield _line("", "-s V -l version", told("show the version"))
    yield _option("", front())
    yield _line("", "-a help", told("show this help message and exit"))
    for command in found:
        yield _line("", f"-a {command.name}", command.summary)
        yield _line("help", f"-a {command.name}", command.summary)
    for command in found:
        yield from (_option(command.name, option) for option in command.options)
        yield from _positional(command)


def _option(command: str, option: Argument) -> str:
    spelt = _words(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
    return _line(command, f"{spelt}{_value(option)}", option.about)


def _positional(command: Command) -> Iterator[str]:
    for argument in command.positionals:
        if argument.values:
            yield _line(command.name, f"-a {_quoted(_words(argument.values))}", argument.value)
        if argument.place:
            yield _line(command.name, "-F" if argument.place == FILES else "-a '(__fish_complete_directories)'", "")


def _value(option: Argument) -> str:
    if option.parameter:
        return " -x -a '(__perezkg_parameters)'"
    files = " -r -F" if option.place == FILES else " -x" if option.value else ""
    if option.place == FOLDERS:
        return " -x -a '(__fish_complete_directories)'"
    return files + (f" -a {_quoted(_words(option.values))}" if option.values else "")


def _line(command: str, what: str, about: str) -> str:
    told_ = f" -d {_quoted(about)}" if about else ""
    return f"complete -c perezkg -n {_quoted(f'__perezkg_using {command}'.rstrip())} {what}{told_}"


def _words(words: Iterable[str]) -> str:
    return " ".join(words)


def _quoted(text: str) -> str:
    """Return a text between the quotation marks of fish, which knows two escapes in them."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
