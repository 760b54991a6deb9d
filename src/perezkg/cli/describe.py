"""`perezkg describe`: everything about one thing."""

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
from perezkg.things.description import Description, describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

FORMATS = ("text", "json", "turtle", "markdown")
"""What a description can be written as."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    add_thing_arguments(parser, FORMATS)
    parser.epilog = """examples:
  perezkg describe pz:jefferson-perez
  perezkg describe "Pekín" --lang es
  perezkg describe sport:Participation
  perezkg describe ex:ana --data ana.ttl -f json"""


def run(args: Namespace) -> int:
    """Describe the thing; see `add_arguments`."""
    thing = term(args)
    graph = open_graph(args)
    give_notice(graph)
    with interruptible():
        description = describe(graph, thing, lang=args.lang)
    write(_rendered(description, chosen_format(args, FORMATS), args), args.output)
    return 0


def _rendered(description: Description, format: str, args: Namespace) -> Iterator[str]:  # noqa: A002 - the name that users know
    if format == "json":
        return as_json(description.to_dict())
    if format == "turtle":
        from perezkg.sparql.formats import render

        return render(description.to_triples(), "turtle")
    from perezkg.output import visible
    from perezkg.things.plain_text import description_markdown as markdown
    from perezkg.things.plain_text import description_text as text

    told = markdown(description) if format == "markdown" else text(description, width(args))
    return map(visible, told)
