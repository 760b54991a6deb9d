"""`perezkg cite`: why something is said, by which sentences and sources."""

from __future__ import annotations

from perezkg.cli.options import (
    add_thing_arguments,
    as_json,
    chosen_format,
    give_notice,
    interruptible,
    open_graph,
    term,
    width,
)
from perezkg.output import write
from perezkg.things.citation import Citation, cite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

FORMATS = ("text", "json", "markdown")
"""What a citation can be written as."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    add_thing_arguments(parser, FORMATS)
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
    thing = term(args)
    graph = open_graph(args)
    give_notice(graph)
    with interruptible():
        citation = cite(graph, thing, lang=args.lang, text=args.text)
    write(_rendered(citation, chosen_format(args, FORMATS), args), args.output)
    return 0


def _rendered(citation: Citation, format: str, args: Namespace) -> Iterator[str]:  # noqa: A002 - the name that users know
    if format == "json":
        return as_json(citation.to_dict())
    from perezkg.output import visible
    from perezkg.things.plain_text import citation_markdown as markdown
    from perezkg.things.plain_text import citation_text as text

    told = markdown(citation) if format == "markdown" else text(citation, width(args))
    return map(visible, told)
