"""`perezkg cite`: why something is said, by which sentences and sources."""

from __future__ import annotations

from perezkg.cli.thing_options import add_thing_arguments, tell
from perezkg.things.citation import cite
from perezkg.things.formats import CITATION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    add_thing_arguments(parser, CITATION)
    parser.add_argument(
        "--text",
        metavar="FILE",
        help="your copy of the source: the words of each sentence are shown, once their SHA-256 digests agree",
    )
    parser.epilog = """examples:
  perezkg cite pz:medal-olympic-games-1996
  perezkg cite s14 --text biography.txt
  perezkg cite "medalla de oro" --lang es -f markdown"""


def run(args: Namespace) -> int:
    """Cite the thing; see `add_arguments`."""
    return tell(args, lambda graph, words: cite(graph, words, lang=args.lang, text=args.text))
