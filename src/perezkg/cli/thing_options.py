"""What `describe` and `cite` share: the thing that they are asked about, and how the answer is written."""

from __future__ import annotations

import os
import sys

from perezkg.cli.options import (
    add_data_options,
    add_language_option,
    add_limit_options,
    add_output_option,
    bounded,
    give_notice,
    open_graph,
)
from perezkg.errors import UsageError
from perezkg.output import write
from perezkg.things.formats import by_extension, suitable, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from perezkg.graph import KnowledgeGraph
    from perezkg.things.citation import Citation
    from perezkg.things.description import Description


def add_thing_arguments(parser: ArgumentParser, kind: str) -> None:
    """Add the thing, `-f`, `-o`, `--lang` and `--data`."""
    parser.add_argument(
        "term",
        nargs="*",
        metavar="TERM",
        help="a prefixed name (pz:cuenca), an IRI, a label in any language, accents or not, or a sentence (s14)",
    )
    names = suitable(kind)
    parser.add_argument("-f", "--format", choices=names, metavar="FORMAT", help=f"{' '.join(names)} (default: text)")
    add_output_option(parser)
    add_language_option(parser)
    add_data_options(parser)
    add_limit_options(parser)


def tell(args: Namespace, ask: Callable[[KnowledgeGraph, str], Description | Citation]) -> int:
    """Write what is found out about the thing.

    Args:
        args: Those of the command.
        ask: What finds it out, of a graph and the words for the thing.

    Raises:
        UsageError: There is no thing among the arguments.
    """
    words = _words(args)
    graph = open_graph(args)
    with bounded(args, graph.size):
        give_notice(graph)
        found = ask(graph, words)
    format = args.format or by_extension(args.output or "", found.kind)  # noqa: A001 - the option's name
    write(written(found, format, None if args.output else _terminal_width()), args.output)
    return 0


def _words(args: Namespace) -> str:
    """Return the thing that was asked about; several words are one label."""
    words = " ".join(args.term).strip()
    if not words:
        swallowed = f" Name it before --data: … {args.data[-1]} --data …" if len(args.data) > 1 else ""
        raise UsageError("about what?", hint=f"Name a thing: pz:cuenca, an IRI, or a label.{swallowed}")
    return words


def _terminal_width() -> int | None:
    """Return the columns of the terminal that standard output is; None when it is none."""
    # Asked of the terminal itself: shutil's function would cost an import of 5 ms and answer for pipes as well.
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None if sys.stdout.isatty() else None
    except (OSError, ValueError):
        return None
