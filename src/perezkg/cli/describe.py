"""`perezkg describe`: everything about one thing."""

from __future__ import annotations

from perezkg.cli.options import give_notice, interruptible, open_graph
from perezkg.cli.thing import add_thing_arguments, as_json, chosen_format, term, width
from perezkg.description import Description, describe
from perezkg.writing import write

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


def _rendered(description: Description, format: str, args: Namespace) -> Iterator[str]:  # noqa: A002 - the contract's word
    if format == "json":
        return as_json(description.to_dict())
    if format == "turtle":
        from perezkg.rendering import render

        return render(description.to_triples(), "turtle")
    from perezkg.rendering.description_text import markdown, text
    from perezkg.visible import visible

    told = markdown(description) if format == "markdown" else text(description, width(args))
    return map(visible, told)
