"""`perezkg describe`: everything about one thing."""

from __future__ import annotations

from perezkg.cli.thing_options import add_thing_arguments, tell
from perezkg.things.description import describe
from perezkg.things.formats import DESCRIPTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    add_thing_arguments(parser, DESCRIPTION)
    parser.epilog = """examples:
  perezkg describe pz:jefferson-perez
  perezkg describe "Pekín" --lang es
  perezkg describe sport:Participation
  perezkg describe ex:ana --data ana.ttl -f json"""


def run(args: Namespace) -> int:
    """Describe the thing; see `add_arguments`."""
    return tell(args, lambda graph, words: describe(graph, words, lang=args.lang))
