"""`perezkg export`: write the graph in an RDF syntax."""

from __future__ import annotations

import sys

from perezkg.cli.options import (
    add_data_options,
    add_index_option,
    add_language_option,
    add_limit_options,
    add_output_option,
    bounded,
    notify,
    open_files,
    open_streams,
)
from perezkg.errors import UsageError
from perezkg.output import STANDARD_OUTPUT, compressed, is_special, write
from perezkg.rdf.export import PARTS, canonical, part_files, pieces, shipped_files, write_split
from perezkg.rdf.formats import SYNTAXES, by_extension, writable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "-f",
        "--format",
        choices=tuple(writable()),
        metavar="FORMAT",
        help=f"{' '.join(writable())} (default: by the name of -o, else turtle)",
    )
    parser.add_argument(
        "--part", choices=PARTS, default="data", metavar="PART", help=f"{' '.join(PARTS)} (default: data)"
    )
    parser.add_argument(
        "--gzip", action="store_true", help="compress, and add .gz to the name of -o; a name in .gz asks for it as well"
    )
    parser.add_argument(
        "--split",
        metavar="N",
        help="write files of at most N triples, -o perez.nq as perez-0001.nq and so on; for ntriples and nquads",
    )
    add_output_option(parser)
    add_language_option(parser)
    add_index_option(add_data_options(parser))
    add_limit_options(parser)
    parser.epilog = """examples:
  perezkg export -o perez.nt
  perezkg export -f framed
  perezkg export --part ontology -f rdfxml -o sport.owl
  perezkg export --gzip --split 1000000 -o perez.nq

The same files give the same bytes, each time and everywhere. Files of any size are exported in little memory, but to
framed and rdfxml."""


def run(args: Namespace) -> int:
    """Export; see `add_arguments`."""
    for given, option in (
        (args.data, "--data names"),
        (args.source not in (None, "all"), "--source chooses"),
        (args.index is not None, "--store names"),
    ):
        if given and not _has_data(args):
            raise UsageError(f"{option} data, and --part {args.part} exports none", hint="Leave one of them out.")
    output, gzip = _place(args.output, gzip=args.gzip)
    told = by_extension(output) if output else None
    by_name = told.name if told is not None and told.name in writable() else "turtle"
    format = args.format or by_name  # noqa: A001 - the option's name
    most = None if args.split is None else _most(args.split, format, output)
    if SYNTAXES[format].lines:
        _export_lines(args, format, output, most, gzip=gzip)
        return 0
    files = part_files(args.part, open_files(args).files if _has_data(args) else ())
    with bounded(args, sum(file.size for file in files)):
        document = pieces(files, format, notify=notify)
    write(compressed(document) if gzip else document, output)
    return 0


def _has_data(args: Namespace) -> bool:
    return args.part in ("data", "all")


def _export_lines(args: Namespace, format: str, output: str | None, most: int | None, *, gzip: bool) -> None:  # noqa: A002
    """Export statement by statement: files are opened one by one, and nothing is held whole in memory."""
    from perezkg.rdf.streaming import DataStream

    streams = open_streams(args) if _has_data(args) else []
    streams += [DataStream(path) for path in shipped_files(args.part)]
    with bounded(args, None):
        lines = canonical(streams, format, notify=notify)
    with lines:
        if most is not None and output is not None:
            write_split(lines, output, most, gzip=gzip, notify=notify)
        else:
            write(compressed(lines.pieces()) if gzip else lines.pieces(), output)


def _place(output: str | None, *, gzip: bool) -> tuple[str | None, bool]:
    """Return where to write, and whether compressed."""
    if output is None or output == STANDARD_OUTPUT:
        if gzip and sys.stdout is not None and sys.stdout.isatty():
            raise UsageError("a terminal cannot show compressed output", hint="Name a file: -o FILE.gz")
        return None, gzip
    if output.lower().endswith(".gz"):
        return output, True
    try:
        fixed = not output or is_special(output)  # a pipe keeps its name
    except (OSError, ValueError):
        fixed = True  # and what cannot be written is told when it is
    return output if fixed or not gzip else f"{output}.gz", gzip


def _most(option: str, format: str, output: str | None) -> int:  # noqa: A002 - the name that users know
    """Return what `--split` says, once it makes sense."""
    number = int(option) if option.isascii() and option.isdecimal() and len(option) < 19 else 0
    if number < 1:
        raise UsageError(f"--split {option}: not a number of triples", hint="Give a whole number from 1 on.")
    if not SYNTAXES[format].lines:
        raise UsageError(
            f"--split cuts between lines, and {format} does not have one statement per line",
            hint=f"Ask for -f {' or -f '.join(name for name, syntax in writable().items() if syntax.lines)}.",
        )
    if output is None:
        raise UsageError("--split writes several files, which need a name", hint="Give it: -o perez.nq")
    return number
