"""`perezkg validate`: check data against the shapes and say where each fault is."""

from __future__ import annotations

from argparse import ArgumentTypeError
from contextlib import suppress

from perezkg import resources
from perezkg.cli.options import (
    add_data_options,
    add_index_option,
    add_language_option,
    add_limit_options,
    add_output_option,
    bounded,
    notify,
    open_files,
    progress_bar,
)
from perezkg.errors import UsageError
from perezkg.shacl.engines import DEFAULT, ENGINES
from perezkg.shacl.report import FAIL_ON, FORMATS, format_of_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

# 150,000 triples took 27 on a slow machine.
_SECONDS_PER_MIB = 60.0


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.usage = "%(prog)s [FILE]… [--profile NAME] [-f FORMAT] [-o FILE] [--fail-on SEVERITY] [OPTIONS]"
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="files of RDF, checked together as one graph (default: perezkg's own data)",
    )
    *formats, last = (f"{name} {row.note}".rstrip() for name, row in FORMATS.items())
    parser.add_argument("-f", "--format", choices=FORMATS, help=f"{', '.join(formats)} or {last}")
    add_output_option(parser)
    parser.add_argument(
        "--fail-on",
        choices=FAIL_ON,
        default="violation",
        help="the lowest severity that ends with status 1 (default: violation); unchecked: also a node without a shape",
    )
    parser.add_argument(
        "--notes", action="store_true", help="show each note in the text, instead of only counting them"
    )
    parser.add_argument(
        "--max-results",
        type=_number,
        metavar="N",
        help="show N results at most, the gravest first, and say how many more there are",
    )
    first, *others = (f"{name} {row.note}" for name, row in ENGINES.items())
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default=DEFAULT,
        help=f"what checks SHACL Core, with the same results: {' or '.join((first, *others))}",
    )
    add_language_option(parser)
    group = parser.add_argument_group("shapes")
    group.add_argument(
        "--shapes",
        nargs="+",
        action="extend",
        metavar="FILE",
        help="check against these shapes instead of perezkg's own",
    )
    group.add_argument(
        "--add-shapes",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="check against these shapes as well",
    )
    profiles = tuple(resources.profile_files())
    group.add_argument(
        "--profile",
        choices=profiles,
        metavar="NAME",
        help=f"check against a further set of shapes as well: {' '.join(profiles)}",
    )
    group.add_argument(
        "--text",
        metavar="FILE",
        help="your copy of a source's text: the profile compares the offsets and digests of its passages with it",
    )
    add_index_option(add_data_options(parser))
    add_limit_options(parser, _SECONDS_PER_MIB)
    parser.epilog = """examples:
  perezkg validate
  perezkg validate mine.ttl more.ttl --lang es
  perezkg validate mine.ttl -f sarif -o perezkg.sarif
  perezkg validate mine.ttl --add-shapes house-rules.ttl --fail-on warning
  perezkg validate --profile provenance --text biography.txt
  perezkg validate mine.ttl --profile completeness
  perezkg validate much.nt --engine shacl --max-results 100

status: 0 the data conform, 1 they do not, 3 a file cannot be read"""


def _number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise ArgumentTypeError(f"{text!r} is no whole number of 0 or more")
    return number


def run(args: Namespace) -> int:
    """Validate; see `add_arguments`."""
    if [*args.files, *args.data].count("-") > 1:
        raise UsageError("standard input can be read only once")
    if "-" in [*(args.shapes or ()), *args.add_shapes]:
        raise UsageError(
            "standard input can hold data, not shapes", hint="Save the shapes as a file: --shapes shapes.ttl"
        )
    if args.text is not None and args.profile is None and not args.shapes and not args.add_shapes:
        raise UsageError("--text needs a profile that compares it", hint="Add --profile provenance.")
    graph = open_files(args, args.files)
    with bounded(args, graph.size, _SECONDS_PER_MIB), progress_bar() as bar:
        report = graph.validate(
            shapes=args.shapes,
            more_shapes=args.add_shapes,
            profile=args.profile,
            text=args.text,
            fail_on=args.fail_on,
            engine=args.engine,
            max_results=args.max_results,
            progress=None if bar is None else (lambda stage, done, total: bar(f"Checking {stage}", done, total)),
        )
    notify(*report.notices)
    from perezkg.output import visible, write

    name = args.format or format_of_file(args.output or "")
    pieces = report.render(name, lang=args.lang, notes=args.notes or args.fail_on in ("info", "unchecked"))
    with suppress(BrokenPipeError):  # the status is the same when the reader (`| head`) has left
        write(map(visible, pieces) if FORMATS[name].for_people else pieces, args.output)
    return 0 if report.conforms else 1
