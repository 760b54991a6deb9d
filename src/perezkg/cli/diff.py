"""`perezkg diff`: what differs between files and a triple store."""

from __future__ import annotations

from perezkg.cli.options import add_output_option, notify
from perezkg.cli.store_options import add_target_options, target
from perezkg.output import write
from perezkg.rdf.canonical import CanonicalLines, blank_labels
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
    changes = _Changes(found, only_added=only_added)
    write(changes.lines(), output)
    gone = "" if only_added else f", {changes.removed:,} only in the store"
    notify(f"{changes.added:,} triples only in the files{gone}")
    if changes.respelled:
        notify(f"{changes.respelled:,} triples have a literal that the store spells differently: values were compared")
    return changes.added + changes.removed


class _Changes:
    """The triples by which files and a store differ, as lines of N-Quads behind their signs, and how many they are."""

    def __init__(self, found: Target, *, only_added: bool) -> None:
        self._found = found
        self._only_added = only_added
        self.added = self.removed = self.respelled = 0

    def lines(self) -> Iterator[str]:
        for graph, here in self._found.parts.items():
            end = f" <{graph}> .\n" if graph else " .\n"
            with CanonicalLines() as there:
                self._found.progress("Reading the store", 0, 0)
                self._found.store.read(graph, there)
                with compared(here, there) as comparison:
                    respelled = comparison.respelled
                    for sign, line in self._added(comparison) if self._only_added else comparison.difference():
                        self.added += sign == "+"
                        self.removed += sign == "-"
                        respelled -= sign == "+"
                        yield f"{sign} {line[:-2].decode()}{end}"
                    # What differs by more than its spelling has been told.
                    self.respelled += max(0, respelled)

    def _added(self, comparison: Comparison) -> Iterator[tuple[str, bytes]]:
        """Yield what is only here; blank nodes are new ones in every graph that they are added to."""
        for sign, line in comparison.difference():
            if sign == "+" and not blank_labels(line):
                yield sign, line
        for line in comparison.here:
            if blank_labels(line):
                yield "+", line
