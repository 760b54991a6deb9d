"""`perezkg info`: versions, files, counts and the hash of the data."""

from __future__ import annotations

from itertools import chain

from perezkg.cli.options import (
    add_data_options,
    add_index_option,
    add_language_option,
    add_limit_options,
    add_output_option,
    bounded,
    notify,
    open_files,
    open_store,
    told,
)
from perezkg.output import write
from perezkg.rdf.info import Info
from perezkg.rdf.reading import losses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

    from perezkg.index.info import IndexInfo


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("-f", "--format", choices=("table", "json"), default="table", help="table (default) or json")
    add_output_option(parser)
    add_language_option(parser)
    add_index_option(add_data_options(parser))
    add_limit_options(parser)


def run(args: Namespace) -> int:
    """Count and show; see `add_arguments`."""
    facts: Info | IndexInfo
    if args.index is not None:
        index = open_store(args)
        with bounded(args, index.size):
            facts = index.info()
        notify(*index.notices)
    else:
        graph = open_files(args)
        with bounded(args, graph.size):
            facts = graph.info()
            notify(*chain.from_iterable(map(losses, graph.files)))
    if args.format == "json":
        from json import dumps

        text = dumps(facts.as_dict(), ensure_ascii=False, indent=2) + "\n"
    else:
        text = _table(_of_files(facts) if isinstance(facts, Info) else _of_index(facts))
    write([text], args.output)
    return 0


def _of_files(facts: Info) -> dict[str, Mapping[str, object]]:
    return {
        told("versions"): facts.versions,
        told("files"): {name: told(f"{count} triples") for name, count in facts.files.items()},
        told("nodes by class"): _counts(facts.classes),
        told("data"): {
            told("triples"): facts.triples,
            told("sentences cited"): f"{facts.sentences_cited} {told('of')} {facts.sentences}",
            "SHA-256 (RDFC-1.0)": facts.sha256,
        },
    }


def _of_index(facts: IndexInfo) -> dict[str, Mapping[str, object]]:
    return {
        told("versions"): facts.versions,
        told("index"): {
            told("folder"): facts.directory,
            told("built"): facts.built,
            told("built by"): ", ".join(f"{name} {version}" for name, version in facts.built_by.items()),
            told("bytes"): facts.bytes,
            told("what it is"): told("a cache: it may be deleted, and be built again from its sources"),
        },
        told("sources, their SHA-256, and how they are now"): {
            name: f"{source['sha256']}  {told(source['state'])}" for name, source in facts.sources.items()
        },
        told("nodes by class"): _counts(facts.classes),
        told("data"): {told("triples"): facts.triples, told("named graphs"): facts.graphs},
    }


def _counts(classes: Mapping[str, int]) -> dict[str, object]:
    digits = max((len(str(count)) for count in classes.values()), default=0)
    return {name: f"{count:>{digits}}" for name, count in classes.items()}


def _table(blocks: Mapping[str, Mapping[str, object]]) -> str:
    lines = []
    for head, entries in blocks.items():
        width = max((len(name) for name in entries), default=0)
        lines += ["", head, *(f"  {name:<{width}}  {value}" for name, value in entries.items())]
    return "\n".join(lines[1:]) + "\n"
