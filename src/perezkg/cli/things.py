"""`perezkg describe` and `perezkg cite`: everything about one thing, and why something is said."""

from __future__ import annotations

import os
import sys

from perezkg.cli.options import (
    add_data_options,
    add_index_option,
    add_language_option,
    add_limit_options,
    add_output_option,
    bounded,
    notify,
    open_graph,
)
from perezkg.errors import UsageError
from perezkg.output import write
from perezkg.things.formats import CITATION, DESCRIPTION, by_extension, suitable, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from perezkg.cli.options import CommandParser
    from perezkg.things.citation import Citation
    from perezkg.things.description import Description

_EXAMPLES = {
    DESCRIPTION: """examples:
  perezkg describe pz:jefferson-perez
  perezkg describe "Pekín" --lang es
  perezkg describe sport:Participation
  perezkg describe ex:ana --data ana.ttl -f json""",
    CITATION: """examples:
  perezkg cite pz:medal-olympic-games-1996
  perezkg cite s14 --text biography.txt
  perezkg cite "medalla de oro" --lang es -f markdown""",
}


def add_arguments(parser: CommandParser) -> None:
    """Declare what the command takes: both the same, but for `--text` of `cite`."""
    kind = CITATION if parser.command == "cite" else DESCRIPTION
    parser.set_defaults(kind=kind)
    parser.epilog = _EXAMPLES[kind]
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
    add_index_option(add_data_options(parser))
    add_limit_options(parser)
    if kind == CITATION:
        parser.add_argument(
            "--text",
            metavar="FILE",
            help="your copy of the source: the words of each sentence are shown, once their SHA-256 digests agree",
        )


def run(args: Namespace) -> int:
    """Describe or cite the thing; several words are one label. See `add_arguments`."""
    words = " ".join(args.term).strip()
    if not words:
        swallowed = f" Name it before --data: … {args.data[-1]} --data …" if len(args.data) > 1 else ""
        raise UsageError("about what?", hint=f"Name a thing: pz:cuenca, an IRI, or a label.{swallowed}")
    graph = open_graph(args)
    found: Description | Citation
    with bounded(args, graph.size):
        notify(*graph.notices)
        if args.kind == CITATION:
            found = graph.cite(words, lang=args.lang, text=args.text)
        else:
            found = graph.describe(words, lang=args.lang)
    format = args.format or by_extension(args.output or "", found.kind)  # noqa: A001 - the option's name
    write(written(found, format, None if args.output else _terminal_width()), args.output)
    return 0


def _terminal_width() -> int | None:
    """Return the columns of the terminal that standard output is; None when it is none."""
    # Asked of the terminal itself: shutil's function would cost an import of 5 ms and answer for pipes as well.
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None if sys.stdout.isatty() else None
    except (OSError, ValueError):
        return None
