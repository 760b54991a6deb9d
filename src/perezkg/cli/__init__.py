"""The command line: finds the command, imports only its module, and turns errors into messages and exit statuses.

A command is a module `perezkg.cli.<name>` with `add_arguments(parser)` and `run(args) -> int`; two share one.
"""

from __future__ import annotations

import os
import sys

from perezkg.errors import OutputError, PerezkgError, UsageError, nearest
from perezkg.resources import LANGUAGES, VERSION, prepared_directory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

COMMANDS: dict[str, str] = {
    "queries": "list the questions that have a query, or show one with its parameters",
    "query": "run a query: by name, from a file, or SPARQL on the spot",
    "describe": "show everything about one thing",
    "cite": "show where something is said: sentences and sources",
    "validate": "check data against the shapes",
    "export": "write the graph in an RDF syntax",
    "import": "turn tables of results into a graph",
    "index": "build an index of files, which is opened in an instant",
    "site": "write a site of pages about the graph, to look at",
    "serve": "answer SPARQL, questions and pages over HTTP",
    "load": "put graphs into a triple store, proven there",
    "diff": "show what differs between files and a triple store",
    "format": "lay out Turtle files in the one canonical way",
    "upgrade": "put Turtle files of ontology 1.0 into the terms of 2.0",
    "info": "show versions, counts and the hash of the data",
    "completion": "print what completes commands in a shell, or the manual",
}
"""The commands and what they do, in the order of the help."""

_SHARED = {"describe": "things", "cite": "things", "import": "tables"}
"""The modules that serve several commands, or are called otherwise: import is a word of Python."""

ABOUT = "perezkg: the life of the race walker Jefferson Pérez as a knowledge graph"
_START = """Start here:
  perezkg query medals          the medals, one per line
  perezkg queries               every question that has a query
  perezkg describe pz:jefferson-perez
  perezkg help COMMAND          what a command can do
"""
OPTIONS = """options:
  -h, --help     show this help; after a command, that command's
  -V, --version  show the version
  --lang es      in Spanish

exit status:
  0 done, ASK true, data conform      1 ASK false, data do not conform
  2 wrong usage, unknown name         3 input cannot be read, output cannot be written
  4 a remote store failed             5 a limit of time or size was reached
  130 interrupted
"""
"""What stands before a command, and how one ends."""
# As a shell shows a signal that has ended a process.
_SIGNALLED = 128
_CTRL_C = 2
_INTERNAL_ERROR = 70


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Args:
        argv: The arguments after the program's name; None means those of the process.

    Returns:
        0 done, ASK true, data conform; 1 ASK false, data do not conform; 2 wrong usage; 3 input that cannot be read or
        output that cannot be written; 4 a remote store failed; 5 a limit was reached; 130 interrupted
        (143 and 129: a load was told to end by SIGTERM and SIGHUP); 70 a mistake in perezkg itself.
    """
    status = _guarded(sys.argv[1:] if argv is None else argv)
    if argv is None:
        # The process ends here: without this, Python would look through all of its objects for cycles once more, which
        # takes longer than the query itself.
        import gc

        gc.freeze()
    return status


def _guarded(arguments: list[str]) -> int:
    """Run a command; whatever it raises becomes a message and an exit status."""
    lang = asked_language(arguments)
    if sys.stdout is None:
        _complain("standard output is closed", lang)
        return OutputError.exit_status
    try:
        _speak_utf8()
        status = _run(arguments, lang)
        sys.stdout.flush()
    except PerezkgError as error:
        for part in ("path", "message", "hint"):
            setattr(error, part, _told(getattr(error, part), lang))
        _complain(str(error))
        return error.exit_status
    except KeyboardInterrupt as end:
        return _interrupted(end, lang)
    except OSError as error:
        from perezkg.output import abandon_standard_output

        abandon_standard_output()
        if isinstance(error, BrokenPipeError):  # the reader has had enough (`| head`)
            return 0
        _complain(f"the answer cannot be written: {error.strerror or error}", lang)
        return OutputError.exit_status
    except Exception as error:
        if os.environ.get("PEREZKG_TRACEBACK"):
            raise
        _complain(
            f"a mistake in perezkg itself: {type(error).__name__}: {error}\n"
            "Please report it, with the command and its output under PEREZKG_TRACEBACK=1.",
            lang,
        )
        return _INTERNAL_ERROR
    return status


def _interrupted(end: BaseException | None, lang: str) -> int:
    """Tell what became of a store that was being changed, and return the exit status."""
    import signal
    from contextlib import suppress

    number = _CTRL_C
    # Who presses Ctrl-C again would else see no word of it, but a traceback.
    before = signal.getsignal(signal.SIGINT)
    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while end is not None:  # it may have come again while the first one was answered
            number = getattr(end, "number", number)
            for note in getattr(end, "__notes__", ()):
                _complain(f"interrupted. {note}", lang)
            end = end.__context__
    finally:
        with suppress(ValueError, TypeError):
            signal.signal(signal.SIGINT, before)
    return _SIGNALLED + number


def asked_language(arguments: list[str]) -> str:
    """Return the language that `--lang` asks for, before the other arguments are understood: they may be at fault.

    >>> [asked_language(words.split()) for words in ("query --lang es", "--lang=es", "--lang tlh", "")]
    ['es', 'es', 'en', 'en']
    """
    lang = "en"
    for option, value in zip(arguments, [*arguments[1:], ""], strict=False):
        if option == "--":
            break
        if option == "--lang" or option.startswith("--lang="):
            lang = option[len("--lang=") :] or value
    return lang if lang in LANGUAGES else "en"


def _told(text: str, lang: str) -> str:
    """Return what is said in English in another language."""
    if lang == "en":
        return text
    from perezkg.words import translated

    return translated(text, lang)


def _run(arguments: list[str], lang: str) -> int:
    # `--lang es` may stand before the command as well.
    front = 0 if not arguments else 2 if arguments[0] == "--lang" else arguments[0].startswith("--lang=")
    arguments = [*arguments[front : front + 1], *arguments[:front], *arguments[front + 1 :]]
    if len(arguments) == front:
        sys.stdout.write(_introduction(lang))
        return 0
    first = arguments[0]
    if first == "help":
        named = [word for word in arguments[1:] if not word.startswith("-") and word not in LANGUAGES]
        if named:
            first, arguments = named[0], [named[0], "--help"]
    if first in ("-h", "--help", "help"):
        sys.stdout.write(_help(lang))
        return 0
    if first in ("-V", "--version"):
        sys.stdout.write(f"perezkg {VERSION}\n")
        return 0
    if first == "query" and os.path.isdir(prepared_directory()) and not sys.stdout.isatty():
        written = prepared_answer(arguments[1:])
        if written is not None:
            sys.stdout.write(written)
            return 0
    if first not in COMMANDS:
        raise _no_command(first)
    from importlib import import_module

    from perezkg.cli.options import CommandParser, speaking

    with speaking(lang):
        module = import_module(module_of(first))
        parser = CommandParser(first, COMMANDS[first])
        module.add_arguments(parser)
        try:
            # Files may stand behind options as well: load URL --replace FILE.
            parse = parser.parse_intermixed_args if first in ("load", "diff") else parser.parse_args
            args = parse(arguments[1:])
        except SystemExit as end:  # argparse has printed the help
            return int(end.code or 0)
        status: int = module.run(args)
        return status


def module_of(command: str) -> str:
    """Return the name of the module that a command is in."""
    return f"perezkg.cli.{_SHARED.get(command, command)}"


def _no_command(name: str) -> UsageError:
    """Return the error for a command that there is not, which may be the name of a query."""
    kind, queries = "option", {}
    if not name.startswith("-"):
        from perezkg.sparql.catalogue import names

        kind = "command"
        queries = {query: f"`perezkg query {query}`" for query in names() if query not in COMMANDS}
    if name in queries:
        hint = f"It is the name of a query: perezkg query {name}"
    else:
        hint = nearest(name, [*COMMANDS, *queries], written=queries) or f"Commands: {', '.join(COMMANDS)}."
    return UsageError(f"there is no {kind} {name!r}", hint=hint)


def prepared_answer(arguments: list[str]) -> str | None:
    """Return what `perezkg query` writes into a pipe for plain arguments; None when that takes the ordinary way."""
    from perezkg.sparql.prepared import question

    found = question(arguments)
    if found is None:
        return None
    text, options = found
    if "store" in options:
        from perezkg.index.prepared import answer
    else:
        from perezkg.sparql.prepared import answer
    return answer(text, options)


def _introduction(lang: str) -> str:
    return f"""{_told(ABOUT, lang)}

{_command_list(lang)}
{_told(_START, lang)}"""


def _help(lang: str) -> str:
    return f"""{_told("usage: perezkg COMMAND [OPTIONS]", lang)}

{_told(ABOUT, lang)}

{_command_list(lang)}
{_told(OPTIONS, lang)}"""


def _command_list(lang: str) -> str:
    told = (f"  {name:<10} {_told(what, lang)}\n" for name, what in COMMANDS.items())
    return f"{_told('commands:', lang)}\n{''.join(told)}"


def _speak_utf8() -> None:
    """Write UTF-8 whatever the locale says, and line ends as they are."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _complain(text: str, lang: str = "en") -> None:
    stream: TextIO | None = sys.stderr
    if stream is not None:
        try:
            from perezkg.output import visible

            stream.write(f"perezkg: error: {visible(_told(text, lang))}\n")
        except OSError:
            return
