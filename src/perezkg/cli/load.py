"""`perezkg load`: graphs into a triple store, proven there."""

from __future__ import annotations

from dataclasses import asdict

from perezkg.cli.options import add_language_option, add_output_option, notify, told
from perezkg.cli.store_options import add_target_options, graph_of, opened, target
from perezkg.errors import OutputError, UsageError
from perezkg.output import STANDARD_OUTPUT, refuse_unwritable, write
from perezkg.stores.load import load
from perezkg.stores.load_session import recover
from perezkg.stores.store import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator

    from perezkg.stores.load import Loaded
    from perezkg.stores.store import TripleStore


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--replace", action="store_true", help="replace what the graph holds by the new graph")
    group.add_argument("--add", action="store_true", help="add to what the graph holds")
    parser.add_argument(
        "--dry-run", action="store_true", help="change nothing; show the triples that would come and go"
    )
    parser.add_argument("--allow-empty", action="store_true", help="let files without triples empty a graph")
    parser.add_argument(
        "--gzip",
        choices=("yes", "no"),
        help="compress uploads (default: only to another machine whose store accepts it)",
    )
    parser.add_argument(
        "--recover",
        choices=("restore", "discard"),
        help="only end a load that was cut off: put back what the graph held before, or forget it",
    )
    parser.add_argument("-f", "--format", choices=("text", "json"), default="text", help="of the report")
    add_output_option(parser)
    add_language_option(parser)
    add_target_options(parser)
    parser.epilog = """examples:
  perezkg load http://localhost:3030/perez
  perezkg load http://localhost:3030/perez --replace --dry-run
  perezkg load http://localhost:7200/repositories/mine mine.ttl more.nt.gz --replace
  perezkg load http://localhost:8890/sparql --graph http://example.org/perez --user dba --auth digest

What was there stays whole until the new graph has proved to be in the store, whatever fails meanwhile."""


def run(args: Namespace) -> int:
    """Load; see `add_arguments`."""
    if args.recover:
        return _recover(args)
    if args.output not in (None, STANDARD_OUTPUT):
        refuse_unwritable(args.output)
    mode = "replace" if args.replace else "add" if args.add else None
    with target(args) as found:
        if args.dry_run:
            from perezkg.cli.diff import write_changes

            write_changes(found, args.output, only_added=args.add)
            return 0
        if mode != "add" and not args.allow_empty and not any(lines.count for lines in found.parts.values()):
            raise UsageError(
                "the files hold no triples", hint="Should they empty the graph? Say so: --allow-empty --replace"
            )
        store = found.store
        compress = args.gzip == "yes" if args.gzip else store.takes_gzip and not store.address.local
        loaded = load(store, found.parts, mode, compress=compress, progress=found.progress, notify=notify)
    if args.format == "json":
        from json import dumps

        document = {"store": store.services.kind.name, "graphs": [asdict(graph) for graph in loaded]}
        report: Iterable[str] = [dumps(document, indent=2), "\n"]
    else:
        report = map(told, _report(store, loaded))
    try:
        write(report, args.output)
    except OutputError as error:
        error.hint = f"{error.hint}\nThe load itself succeeded, and is proven.".strip()
        raise
    return 0


def _recover(args: Namespace) -> int:
    if args.files or args.data or args.replace or args.add or args.dry_run:
        raise UsageError(
            "--recover only ends a load that was cut off, and loads nothing", hint="Load again afterwards, if you want."
        )
    graph = graph_of(args)
    with opened(args) as store:
        store.require([graph])
        number = recover(store, [graph], args.recover, notify=notify)
        ended = f"{number} load{'' if number == 1 else 's'} ended" if number else "no load was cut off"
        write([told(f"{called(graph)}: {ended}; {store.count(graph):,} triples now\n")], args.output)
    return 0


def _report(store: TripleStore, loaded: list[Loaded]) -> Iterator[str]:
    """Yield a report for people."""
    yield f"{store.services.kind.title} {told('at')} {store.address.shown}\n"
    for graph in loaded:
        yield f"{called(graph.graph)}: {graph.before:,} triples before, {graph.sent:,} sent, {graph.after:,} now\n"
        yield f"  read back and compared: the same graph, SHA-256 (RDFC-1.0) {graph.sha256}\n"
        if graph.respelled:
            yield f"  but for spelling: {graph.respelled:,} triples have a literal in another form of the same value\n"
