"""What `load` and `diff` share: which store, which graph of it, and which files."""

from __future__ import annotations

from argparse import BooleanOptionalAction
from contextlib import contextmanager

from perezkg import resources
from perezkg.cli.options import add_connection_options, add_data_options, notify, open_streams
from perezkg.cli.progress import progress_bar
from perezkg.cli.store import connection
from perezkg.errors import UsageError
from perezkg.remote.connection import graph_iri
from perezkg.streaming import DataStream
from perezkg.transfer.connection import TIMEOUT, open_store
from perezkg.transfer.services import KINDS
from perezkg.transfer.sources import parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator

    from perezkg.canonical import CanonicalLines
    from perezkg.transfer.store import TripleStore


def add_target_options(parser: ArgumentParser) -> None:
    """Add the store, its graph, the files, and who asks."""
    parser.add_argument(
        "url", metavar="URL", help="the store's data set, repository or namespace, or its SPARQL service"
    )
    parser.add_argument(
        "files",
        nargs="*",
        default=[],
        metavar="FILE",
        help="files of RDF (default: perezkg's own data, and its concepts)",
    )
    group = parser.add_argument_group("triple store")
    group.add_argument(
        "--store", choices=tuple(KINDS), metavar="KIND", help=f"{' '.join(KINDS)} (default: what the store tells)"
    )
    group.add_argument(
        "--graph",
        default="default",
        metavar="IRI|default",
        help="where triples of no named graph go (default: default)",
    )
    group.add_argument("--update-url", metavar="URL", help="where it takes SPARQL updates, when that is elsewhere")
    group.add_argument("--graph-store-url", metavar="URL", help="where it speaks the Graph Store Protocol")
    add_connection_options(group, f"{TIMEOUT:g}, for each request")
    add_data_options(parser)
    parser.add_argument(
        "--concepts",
        action=BooleanOptionalAction,
        help="beside files of your own, or not beside perezkg's: the labels that queries need (ontology/concepts.ttl)",
    )


class Target:
    """A store, and the graphs that are to be in it.

    Attributes:
        store: The store.
        parts: The triples of each graph, by its IRI; empty for the default graph.
        progress: Told what is done and how far it is.
    """

    __slots__ = ("parts", "progress", "store")

    def __init__(
        self,
        store: TripleStore,
        graphs: dict[str, CanonicalLines],
        progress: Callable[[str, int, int], None],
    ) -> None:
        self.store = store
        self.parts = graphs
        self.progress = progress


@contextmanager
def opened(args: Namespace) -> Iterator[TripleStore]:
    """Return the store that the options name.

    Raises:
        UsageError: Options contradict one another.
        RemoteStoreError: It does not answer.
    """
    with open_store(
        args.url,
        kind=args.store,
        update_url=args.update_url,
        graph_store_url=args.graph_store_url,
        **connection(args, args.url, TIMEOUT),
    ) as (store, notices):
        for notice in notices:
            notify(notice)
        yield store


@contextmanager
def target(args: Namespace) -> Iterator[Target]:
    """Return the store, and what the files hold.

    Raises:
        UsageError: Options contradict one another.
        InputError: A file cannot be read.
        RemoteStoreError: The store does not answer.
    """
    streams = _streams(args)
    # The files first: a mistake in them is no reason to trouble a store.
    with progress_bar() as bar, parts(streams, graph_of(args), progress=bar) as graphs, opened(args) as store:
        store.require(graphs)
        yield Target(store, graphs, bar or (lambda *_: None))


def graph_of(args: Namespace) -> str:
    """Return the graph that `--graph` names; empty for the default graph."""
    return "" if args.graph == "default" else graph_iri(args.graph)


def _streams(args: Namespace) -> list[DataStream]:
    files = [*args.files, *args.data]
    if files.count("-") > 1:
        raise UsageError("standard input can be read only once")
    if "-" in files and "-" in (args.password_file, args.token_file):
        raise UsageError("standard input cannot be both the data and the secret")
    if files and args.source:
        raise UsageError(
            "--source chooses among perezkg's own files, and files are given instead of them",
            hint="Give one of the two.",
        )
    concepts = args.concepts if args.concepts is not None else not files
    return open_streams(args, args.files) + ([DataStream(resources.ontology_file("concepts.ttl"))] if concepts else [])
