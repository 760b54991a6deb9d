"""`perezkg upgrade`: put Turtle files of ontology 1.0 into the terms of 2.0."""

from __future__ import annotations

from perezkg.cli.format import add_file_arguments, change_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    add_file_arguments(parser, "Turtle files, changed in place; - upgrades standard input")
    parser.epilog = """examples:
  perezkg upgrade --diff my.ttl
  perezkg upgrade my.ttl && perezkg validate my.ttl

Comments, order and spelling stay; the layout is that of perezkg format. What became of each term of 1.0
stands in ontology/sport.ttl (dcterms:isReplacedBy)."""


def run(args: Namespace) -> int:
    """Upgrade; see `add_arguments`."""
    from perezkg.errors import UsageError
    from perezkg.turtle_text.upgrade import upgraded

    if not args.files:
        raise UsageError("no file to upgrade", hint="Name the files: perezkg upgrade FILE.ttl")
    return change_files(args, args.files, upgraded, "upgraded")
