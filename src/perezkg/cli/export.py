"""`perezkg export`: write the graph in an RDF syntax."""

from __future__ import annotations

import os

from perezkg.cli.options import add_data_options, add_output_option, interruptible, notify, open_graph
from perezkg.errors import UsageError
from perezkg.exporting import FORMATS, PARTS, part_files, pieces
from perezkg.writing import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_EXTENSIONS = {
    ".jsonld": "jsonld",
    ".json": "jsonld",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".trig": "trig",
    ".rdf": "rdfxml",
    ".xml": "rdfxml",
    ".owl": "rdfxml",
}


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "-f",
        "--format",
        choices=FORMATS,
        metavar="FORMAT",
        help=f"{' '.join(FORMATS)} (default: what the name of -o tells, else turtle)",
    )
    parser.add_argument(
        "--part", choices=PARTS, default="data", metavar="PART", help=f"{' '.join(PARTS)} (default: data)"
    )
    add_output_option(parser)
    add_data_options(parser)
    parser.epilog = """examples:
  perezkg export -o perez.nt
  perezkg export -f framed
  perezkg export --part ontology -f rdfxml -o sport.owl

The same files give the same bytes, each time and everywhere."""


def run(args: Namespace) -> int:
    """Export; see `add_arguments`."""
    if args.data and args.part not in ("data", "all"):
        raise UsageError(f"--data names data, and --part {args.part} exports none", hint="Leave one of them out.")
    if args.source not in (None, "all") and args.part not in ("data", "all"):
        raise UsageError(f"--source chooses data, and --part {args.part} exports none", hint="Leave one of them out.")
    with interruptible():
        data = open_graph(args).files if args.part in ("data", "all") else ()
        text = list(pieces(part_files(args.part, data), args.format or _format_of(args.output), notify=notify))
    write(text, args.output)
    return 0


def _format_of(output: str | None) -> str:
    return _EXTENSIONS.get(os.path.splitext(output)[1].lower(), "turtle") if output else "turtle"
