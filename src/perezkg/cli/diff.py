"""`perezkg diff`: what differs between files and a triple store."""

from __future__ import annotations

from collections import Counter

from perezkg.cli.options import add_language_option, add_output_option, notify
from perezkg.cli.store_options import add_target_options, target
from perezkg.output import write
from perezkg.rdf.canonical import CanonicalLines
from perezkg.rdf.canonical_labels import blank_labels
from perezkg.stores.verify import compared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from perezkg.cli.store_options import Target
    from perezkg.stores.verify import Comparison


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    add_output_option(parser)
    add_language_option(parser)
    add_target_options(parser)
    parser.epilog = """examples:
  perezkg diff http://localhost:3030/perez
  perezkg diff http://localhost:7200/repositories/mine mine.ttl -o changes.txt

A line with - is a triple that only the store has, one with + a triple that only the files have.
status: 0 they hold the same, 1 they differ"""


def run(args: Namespace) -> int:
    """Compare; see `add_arguments`."""
    with target(args) as found:
        try:
            return 1 if write_changes(found, args.output) else 0
        except BrokenPipeError:  # the reader (`| head`) has left, and had something to read: they differ
            return 1


def write_changes(found: Target, output: str | None, *, only_added: bool = False) -> int:
    """Write the triples by which files and a store differ; return how many.

    Args:
        found: The store, and what the files hold.
        output: The file to write to; None for standard output.
        only_added: Whether what only the store has is of no interest.
    """
    told: Counter[str] = Counter()
    write(_lines(found, told, only_added=only_added), output)
    gone = "" if only_added else f", {told['-']:,} only in the store"
    notify(f"{told['+']:,} triples only in the files{gone}")
    if told["respelled"]:
        notify(f"{told['respelled']:,} triples have a literal that the store spells differently: values were compared")
    return told["+"] + told["-"]


def _lines(found: Target, told: Counter[str], *, only_added: bool) -> Iterator[str]:
    """Yield the triples as lines of N-Quads behind their signs, and count them by these, and those respelled."""
    for graph, here in found.parts.items():
        end = f" <{graph}> .\n" if graph else " .\n"
        with CanonicalLines() as there:
            found.progress("Reading the store", 0, 0)
            found.store.read(graph, there)
            with compared(here, there) as comparison:
                respelled = comparison.respelled
                for sign, line in _added(comparison) if only_added else comparison.difference():
                    told[sign] += 1
                    respelled -= sign == "+"
                    yield f"{sign} {line[:-2].decode()}{end}"
                # What differs by more than its spelling has been told.
                told["respelled"] += max(0, respelled)


def _added(comparison: Comparison) -> Iterator[tuple[str, bytes]]:
    """Yield what is only here; blank nodes are new ones in every graph that they are added to."""
    for sign, line in comparison.difference():
        if sign == "+" and not blank_labels(line):
            yield sign, line
    for line in comparison.here:
        if blank_labels(line):
            yield "+", line
