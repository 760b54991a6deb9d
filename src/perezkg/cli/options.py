"""What commands share: the parser, the options, notices, and the progress bar.

All that perezkg changes in argparse or takes from its insides stands here.
"""

from __future__ import annotations

import argparse
import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from contextlib import contextmanager, suppress
from time import monotonic

from perezkg.errors import UsageError, nearest
from perezkg.limits import MEMORY, SECONDS, SECONDS_PER_MIB
from perezkg.limits import bounded as within_limits
from perezkg.rdf.formats import readable
from perezkg.rdf.reading import MAX_SIZE
from perezkg.resources import LANGUAGES, SOURCES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Action, Namespace
    from argparse import _ArgumentGroup as ArgumentGroup
    from argparse import _MutuallyExclusiveGroup as Exclusive
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from typing import Any, NoReturn

    from perezkg.graph import AskableGraph, KnowledgeGraph
    from perezkg.index.graph import IndexedGraph
    from perezkg.rdf.streaming import DataStream

# Seconds that a socket can wait, and thirty years: who says more means for ever.
_LONGEST = 1e9
# argparse would look for a translation of each of its words, which costs a tenth of an empty Python's start and would
# leave the help in two languages: its words are in perezkg's catalogues. In versions of Python after those that were
# tried, it may.
if sys.version_info < (3, 15):
    argparse._ = str  # type: ignore[attr-defined]


_lang = "en"


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Say whatever is said within in a language."""
    global _lang  # noqa: PLW0603 - a process has one user, who reads one language
    _lang, before = lang, _lang
    try:
        yield
    finally:
        _lang = before


def told(text: str) -> str:
    """Return what perezkg says in English in the language of its user."""
    if _lang == "en":
        return text
    from perezkg.words import translated

    return translated(text, _lang)


def head(name: str, topic: str = "columns") -> str:
    """Return what a column of a canned query, or one of the `tags` of these, is called in the language of its user."""
    if _lang == "en":
        return name
    from perezkg.words import catalogue

    return catalogue(_lang).get(topic, {}).get(name, name)


class _HelpFormatter(RawDescriptionHelpFormatter):
    """Help as wide as the terminal; argparse asks shutil for the width, at every start, and that is slow to import."""

    def __init__(self, prog: str) -> None:
        columns = os.environ.get("COLUMNS", "")
        try:
            width = int(columns) if columns.isdecimal() else os.get_terminal_size().columns
        except (OSError, ValueError):
            width = 100
        super().__init__(prog, width=min(max(width, 40), 120) - 2)

    def add_usage(
        self, usage: str | None, actions: Iterable[Action], groups: Iterable[Exclusive], prefix: str | None = None
    ) -> None:
        """Add the line of usage, which begins with a word of its own."""
        super().add_usage(usage, actions, groups, told("usage: ") if prefix is None else prefix)


class CommandParser(ArgumentParser):
    """An argument parser whose complaints are `UsageError`s that name the nearest option or value."""

    def __init__(self, command: str, summary: str) -> None:
        self.command = command
        self.summary = summary
        super().__init__(
            prog=f"perezkg {command}",
            allow_abbrev=False,
            formatter_class=_HelpFormatter,
        )

    def format_help(self) -> str:
        """Return the help in the user's language: only now are its words looked up."""
        summary = told(self.summary)
        self.description = summary[0].upper() + summary[1:]
        self._translate()
        return super().format_help()

    def format_usage(self) -> str:
        """Return how the command is used; whoever asks for that cuts off the word that it begins with in English."""
        self._translate()
        return "usage: " + super().format_usage().removeprefix(told("usage: "))

    def _translate(self) -> None:
        self.usage, self.epilog = (text and told(text) for text in (self.usage, self.epilog))
        for group in self._action_groups:
            group.title = told(group.title or "")
        for action in self._actions:
            action.help = told(action.help or "")
            action.metavar = told(action.metavar) if isinstance(action.metavar, str) else action.metavar

    def _get_values(self, action: Action, arg_strings: list[str]) -> Any:  # noqa: ANN401 - as argparse has it
        if action.option_strings and arg_strings == ["--"]:  # `--option=--`: argparse takes that word for no value
            value = self._get_value(action, "--")
            self._check_value(action, value)
            return value if action.nargs is None else [value]
        return super()._get_values(action, arg_strings)

    def error(self, message: str) -> NoReturn:
        """Raise what argparse has to complain about.

        Raises:
            UsageError: Always.
        """
        raise UsageError(message, hint=self._nearest(message) or f"`{self.prog} --help` shows what it takes.")

    def _nearest(self, message: str) -> str:
        if message.startswith("unrecognized arguments: "):
            wrong = message.partition(": ")[2].lstrip().partition(" ")[0].partition("=")[0]
            return nearest(wrong, [name for name in self._option_string_actions if name.startswith("--")])
        if "invalid choice: " in message and "(choose from " in message:
            wrong, _, choices = message.partition("invalid choice: ")[2].partition(" (choose from ")
            return nearest(wrong.strip("'"), [choice.strip("' ") for choice in choices.rstrip(")").split(",")])
        return ""


def add_data_options(parser: ArgumentParser) -> ArgumentGroup:
    """Add `--data FILE…`, `--data-format` and `--source`: which graph a command works on; return their group."""
    group = parser.add_argument_group("data")
    group.add_argument(
        "--data",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="work on these files of RDF instead of perezkg's own; - is standard input",
    )
    group.add_argument(
        "--data-format",
        metavar="FORMAT",
        help=f"their syntax, when the file names do not show it: {' '.join(readable())}",
    )
    group.add_argument(
        "--source",
        choices=tuple(SOURCES),
        help="of perezkg's own graph, take what the biography says, or all that is known (default: all)",
    )
    return group


def add_index_option(group: ArgumentGroup) -> None:
    """Add `--store DIR`: an index in place of files."""
    group.add_argument(
        "--store",
        dest="index",
        metavar="DIR",
        help="work on the index in this folder, which `perezkg index` has built, not on files",
    )


def add_dataset_options(group: ArgumentGroup) -> None:
    """Add `--concepts` and `--union`: what of the files, and beside them, a query asks."""
    group.add_argument(
        "--concepts",
        action="store_true",
        help="also ask perezkg's concepts (ontology/concepts.ttl); canned queries find their labels anyway",
    )
    group.add_argument(
        "--union", action="store_true", help="ask all graphs of the files as one, not the default graph alone"
    )


def add_store_options(parser: ArgumentParser) -> None:
    """Add `--endpoint URL` and how to ask there: a triple store in place of files."""
    group = parser.add_argument_group("triple store")
    group.add_argument("--endpoint", metavar="URL", help="ask this SPARQL 1.1 endpoint instead of files")
    group.add_argument(
        "--graph", action="append", default=[], metavar="IRI", help="ask this named graph of the store; repeatable"
    )
    add_connection_options(
        group, f"60; of files {SECONDS:g} s of the processor, and {SECONDS_PER_MIB:g} more for each MiB"
    )


def add_connection_options(group: ArgumentGroup, timeout: str) -> None:
    """Add who asks a store, whom to trust and how long to wait."""
    group.add_argument(
        "--user", metavar="NAME", help="the user's name; the password comes from PEREZKG_PASSWORD, ~/.netrc or a prompt"
    )
    group.add_argument("--password-file", metavar="FILE", help="a file that holds the password; - is standard input")
    group.add_argument("--token-file", metavar="FILE", help="a file that holds a bearer token; - is standard input")
    group.add_argument("--auth", choices=("basic", "digest"), help="how the user is authenticated (default: basic)")
    group.add_argument(
        "--insecure-http", action="store_true", help="let the password or token go to another machine over plain http"
    )
    group.add_argument("--ca-file", metavar="FILE", help="certificates (PEM) to trust instead of the system's")
    add_timeout_option(group, f"for a whole answer (default: {timeout})")
    # Who tries it is told why it does not exist, without the secret being repeated.
    group.add_argument("--password", "--token", nargs="?", dest="secret", const="", help=argparse.SUPPRESS)


def add_timeout_option(group: ArgumentGroup, what: str) -> None:
    """Add `--timeout`: how many seconds something may take."""
    group.add_argument("--timeout", type=_seconds, metavar="SECONDS", help=what)


def add_limit_options(parser: ArgumentParser, per_mib: float = SECONDS_PER_MIB, *, timeout: bool = True) -> None:
    """Add `--timeout` and `--max-size`: how long work on files may take, and how long they may be."""
    group = parser.add_argument_group("limits")
    if timeout:
        add_timeout_option(
            group, f"of the work (default: {SECONDS:g} s of the processor, and {per_mib:g} more for each MiB of data)"
        )
    group.add_argument(
        "--max-size",
        type=_positive,
        metavar="MIB",
        help=f"of the longest file or answer that is read, unpacked (default: {MAX_SIZE:g}); "
        f"the work may take {MEMORY:g} times as much memory",
    )


def _seconds(text: str) -> float:
    return min(_positive(text), _LONGEST)


def _positive(text: str) -> float:
    with suppress(ValueError):
        number = float(text)
        if 0 < number < float("inf"):
            return number
    raise argparse.ArgumentTypeError(f"{text!r} is not a number greater than 0")


def refuse_secret(args: Namespace) -> None:
    """Refuse a password or token among the options.

    Raises:
        UsageError: There is one.
    """
    if args.secret is not None:
        raise UsageError(
            "a secret on the command line can be read by everyone on this machine",
            hint="Give it by --password-file or --token-file FILE, by PEREZKG_PASSWORD or PEREZKG_TOKEN.",
        )


def add_language_option(parser: ArgumentParser) -> None:
    """Add `--lang`: the language of labels, and of all that perezkg says."""
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of labels and messages (default: en)")


def add_parameter_option(parser: ArgumentParser) -> None:
    """Add `-p NAME=VALUE`: a value for a parameter of a query; see `perezkg.sparql.parameters.named_values`."""
    parser.add_argument(
        "-p",
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="give a parameter a value; repeatable",
    )


def add_output_option(parser: ArgumentParser) -> None:
    """Add `-o`: a file for the answer."""
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write the answer there; the file appears whole or not at all"
    )


def open_graph(
    args: Namespace, files: Sequence[str] = (), *, concepts: bool = False, union: bool = False
) -> AskableGraph:
    """Return the graph of `--store`, of some files and those of `--data`, or perezkg's own; nothing is parsed yet."""
    if getattr(args, "index", None) is not None:
        return open_store(args, files, concepts=concepts, union=union)
    return open_files(args, files, concepts=concepts, union=union)


def open_files(
    args: Namespace, files: Sequence[str] = (), *, concepts: bool = False, union: bool = False
) -> KnowledgeGraph:
    """Return the graph of the same files, or of those that the index was built from; nothing is parsed yet."""
    if getattr(args, "index", None) is not None:
        return open_store(args, files, concepts=concepts, union=union).sources
    from perezkg.graph import KnowledgeGraph

    return KnowledgeGraph.read(
        [*files, *args.data],
        args.data_format,
        args.source or "all",
        concepts=concepts,
        union=union,
        max_size=MAX_SIZE if args.max_size is None else args.max_size,
    )


def open_store(
    args: Namespace, files: Sequence[str] = (), *, concepts: bool = False, union: bool = False
) -> IndexedGraph:
    """Return the graph in the index that `--store` names.

    Raises:
        UsageError: Files are named as well.
    """
    for given, option in (
        (files, "FILE"), (args.data, "--data"), (args.data_format, "--data-format"), (args.source, "--source")
    ):  # fmt: skip
        if given:
            raise UsageError(f"{option} and --store both say what to work on", hint="Leave one of them out.")
    from perezkg.index.graph import open_index

    return open_index(
        args.index, concepts=concepts, union=union, max_size=MAX_SIZE if args.max_size is None else args.max_size
    )


def open_streams(args: Namespace, files: Sequence[str] = ()) -> list[DataStream]:
    """Return the same files as `open_files` does, to be read piece by piece."""
    from perezkg.rdf.streaming import DataStream
    from perezkg.resources import chosen_files

    if getattr(args, "index", None) is not None:
        return [DataStream(path, format_) for path, format_ in open_store(args, files).source_paths()]
    named = [*files, *args.data]
    format_ = args.data_format if named else None
    return [DataStream(path, format_) for path in chosen_files(named, args.source or "all")]


def notify(*sentences: str) -> None:
    """Tell on standard error what a reader of the answer should know."""
    for sentence in sentences:
        from perezkg.output import visible

        sys.stderr.write(f"{told('perezkg: notice:')} {visible(told(sentence))}\n")


def bounded(args: Namespace, size: int | None, per_mib: float = SECONDS_PER_MIB) -> AbstractContextManager[None]:
    """While a command works, keep the limits of its options, or those that go with the size of its data.

    Args:
        args: Of the command, with `--timeout` and `--max-size`.
        size: Of the data, in bytes; None is not known.
        per_mib: Seconds of work that a MiB of data adds.
    """
    return within_limits(size, timeout=args.timeout, max_size=args.max_size, per_mib=per_mib, told=told)


_PATIENCE = 1.0
"""Seconds of work before a progress bar shows itself."""


@contextmanager
def progress_bar() -> Iterator[Bar | None]:
    """Return a bar for the block; None when nobody would see it."""
    bar = Bar() if sys.stderr is not None and sys.stderr.isatty() else None
    try:
        yield bar
    finally:
        if bar is not None:
            bar.stop()


class Bar:
    """A progress bar that shows itself only when the work takes longer than a second."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._bar: Any = None
        self._stage = ""
        self._task: Any = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show what is done, how far it is and of how much; 0 is not known."""
        if self._bar is None:
            if monotonic() - self._began < _PATIENCE:
                return
            from rich.console import Console
            from rich.progress import Progress, TextColumn

            # The first of the columns takes what it shows for markup, and so the [/b] in the name of a file.
            columns = (TextColumn("{task.description}", markup=False), *Progress.get_default_columns()[1:])
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            # Ctrl-C ends the process at once; it must not leave a terminal without a cursor.
            self._bar.console.show_cursor(True)  # noqa: FBT003 - rich knows no keyword
        if stage != self._stage:
            self._stage = stage
            if self._task is not None:
                self._bar.remove_task(self._task)
            from perezkg.output import visible

            self._task = self._bar.add_task(visible(told(stage)), total=total or None)
        self._bar.update(self._task, completed=done, total=total or None)

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
