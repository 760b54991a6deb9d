"""`perezkg info`: versions, files, counts and the hash of the data."""

from __future__ import annotations

from itertools import chain

from perezkg.cli.options import (
    add_data_options,
    add_language_option,
    add_limit_options,
    add_output_option,
    bounded,
    notify,
    open_graph,
    told,
)
from perezkg.output import write
from perezkg.rdf.reading import losses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

    from perezkg.rdf.info import Info


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("-f", "--format", choices=("table", "json"), default="table", help="table (default) or json")
    add_output_option(parser)
    add_language_option(parser)
    add_data_options(parser)
    add_limit_options(parser)


def run(args: Namespace) -> int:
    """Count and show; see `add_arguments`."""
    graph = open_graph(args)
    with bounded(args, graph.size):
        facts = graph.info()
        notify(*chain.from_iterable(map(losses, graph.files)))
    if args.format == "json":
        from json import dumps

        text = dumps(facts.as_dict(), ensure_ascii=False, indent=2) + "\n"
    else:
        text = _table(facts)
    write([text], args.output)
    return 0


def _table(facts: Info) -> str:
    digits = max((len(str(count)) for count in facts.classes.values()), default=0)
    blocks: dict[str, Mapping[str, object]] = {
        told("versions"): facts.versions,
        told("files"): {name: told(f"{count} triples") for name, count in facts.files.items()},
        told("nodes by class"): {name: f"{count:>{digits}}" for name, count in facts.classes.items()},
        told("data"): {
            told("triples"): facts.triples,
            told("sentences cited"): f"{facts.sentences_cited} {told('of')} {facts.sentences}",
            "SHA-256 (RDFC-1.0)": facts.sha256,
        },
    }
    lines = []
    for head, entries in blocks.items():
        width = max((len(name) for name in entries), default=0)
        lines += ["", head, *(f"  {name:<{width}}  {value}" for name, value in entries.items())]
    return "\n".join(lines[1:]) + "\n"
