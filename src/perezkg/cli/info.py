"""`perezkg info`: versions, files, counts and the hash of the data."""

from __future__ import annotations

from perezkg.cli.options import add_data_options, add_limit_options, add_output_option, bounded, open_graph
from perezkg.output import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

    from perezkg.graph import Info


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("-f", "--format", choices=("table", "json"), default="table", help="table (default) or json")
    add_output_option(parser)
    add_data_options(parser)
    add_limit_options(parser)


def run(args: Namespace) -> int:
    """Count and show; see `add_arguments`."""
    graph = open_graph(args)
    with bounded(args, graph.size):
        facts = graph.info()
    if args.format == "json":
        from json import dumps

        text = dumps(facts.as_dict(), ensure_ascii=False, indent=2) + "\n"
    else:
        text = _table(facts)
    write([text], args.output)
    return 0


def _table(facts: Info) -> str:
    digits = max((len(str(count)) for count in facts.classes.values()), default=0)
    return "\n".join(
        [
            _block("versions", facts.versions),
            _block("files", {name: f"{count} triples" for name, count in facts.files.items()}),
            _block("nodes by class", {name: f"{count:>{digits}}" for name, count in facts.classes.items()}),
            _block(
                "data",
                {
                    "triples": facts.triples,
                    "sentences cited": f"{facts.sentences_cited} of {facts.sentences}",
                    "SHA-256 (RDFC-1.0)": facts.sha256,
                },
            ),
        ]
    )


def _block(head: str, entries: Mapping[str, object]) -> str:
    width = max((len(name) for name in entries), default=0)
    return f"{head}\n" + "".join(f"  {name:<{width}}  {value}\n" for name, value in entries.items())
