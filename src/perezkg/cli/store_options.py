"""Options that name a triple store: where `query --endpoint` asks, and where `load` and `diff` work."""

from __future__ import annotations

import sys
from argparse import BooleanOptionalAction
from contextlib import contextmanager, suppress
from typing import NamedTuple

from pyoxigraph import NamedNode

from perezkg import resources
from perezkg.cli.options import (
    add_connection_options,
    add_data_options,
    notify,
    open_streams,
    progress_bar,
    refuse_secret,
    told,
)
from perezkg.errors import InputUnreadableError, RemoteStoreError, UsageError
from perezkg.limits import interruptible
from perezkg.output import visible
from perezkg.rdf.reading import read_bytes, standard_input
from perezkg.rdf.streaming import DataStream
from perezkg.rdf.terms import as_sparql
from perezkg.sparql.parameters import things
from perezkg.sparql.results import Solutions
from perezkg.stores.access import Address
from perezkg.stores.http import LOAD_TIMEOUT, TIMEOUT, graph_iri
from perezkg.stores.remote_graph import connect
from perezkg.vocabulary import SPORT, shrink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator

    from perezkg.rdf.canonical import CanonicalLines
    from perezkg.sparql.catalogue import CannedQuery
    from perezkg.sparql.results import Result
    from perezkg.stores.http import Connection
    from perezkg.stores.remote_graph import RemoteGraph
    from perezkg.stores.store import TripleStore

_HAS_CONCEPTS = "ASK { ?medal skos:inScheme sport:medals }"
_NO_CONCEPTS = (
    "labels are missing: the store does not hold ontology/concepts.ttl, or not in the graph that is asked; "
    "load it beside the data, or name its graph by --graph"
)


def answer(args: Namespace, query: CannedQuery, parameters: dict[str, object]) -> Result:
    """Return what the store at `--endpoint` answers.

    Raises:
        RemoteStoreError: The store failed.
        UsageError: Options contradict one another.
        InputError: A file that they name cannot be read.
    """
    for option in ("data", "data_format", "source", "engine", "concepts", "union"):
        if getattr(args, option):
            raise UsageError(
                f"--{option.replace('_', '-')} chooses how files are asked, and --endpoint asks a store instead",
                hint="Give one of the two.",
            )
    settings = connection(args, args.endpoint, TIMEOUT)
    if args.max_size is not None:
        settings["max_size"] = args.max_size
    with connect(args.endpoint, graphs=args.graph, **settings) as store:
        notify(*store.notices)
        with interruptible():
            result = store.run(query, parameters, lang=args.lang, allow_service=args.allow_service)
            with suppress(RemoteStoreError):  # the answer is there; a store too busy to explain it spoils nothing
                _explain(result, store, query, parameters)
    return result


def connection(args: Namespace, url: str, timeout: float) -> Connection:
    """Return who asks a store, whom to trust and how long to wait, as `perezkg.connect` takes it.

    Raises:
        UsageError: Options contradict one another, or one of them holds a secret.
        InputNotFoundError: A file that is named does not exist.
        InputUnreadableError: It cannot be read.
    """
    refuse_secret(args)
    if args.password_file is not None and args.token_file is not None:
        raise UsageError("both --password-file and --token-file are given", hint="Give one of them.")
    address = Address(url)
    return {
        "user": args.user,
        "password": None if args.password_file is None else _secret(args.password_file),
        "token": None if args.token_file is None else _secret(args.token_file).strip(),
        "auth": args.auth or "basic",
        "insecure_http": args.insecure_http,
        "ca_file": args.ca_file,
        "timeout": timeout if args.timeout is None else args.timeout,
        "ask": (lambda user: _prompted(user, address)) if sys.stdin is not None and sys.stdin.isatty() else None,
        "tell": notify,
    }


def _explain(result: Result, store: RemoteGraph, query: CannedQuery, parameters: dict[str, object]) -> None:
    """Tell what is likely to be the reason for an answer that holds nothing, or has no labels."""
    if query.name and _lacks_labels(result) and not store.sparql(_HAS_CONCEPTS):
        notify(_NO_CONCEPTS)
    elif not result:
        for thing in things(query, parameters):
            written = as_sparql(thing)
            if not store.sparql(f"ASK {{ {{ {written} ?p ?o }} UNION {{ ?s ?q {written} }} }}"):
                notify(f"the store says nothing about {shrink(thing.value)}")


def _lacks_labels(result: Result) -> bool:
    """Tell whether an answer looks as if nothing in the store had a label: no rows, or concepts by their IRIs."""
    return isinstance(result, Solutions) and (
        not result.rows
        or any(isinstance(term, NamedNode) and term.value.startswith(SPORT) for row in result.rows for term in row)
    )


def _secret(path: str) -> str:
    """Return the first line of a file; whatever else may be wrong with it, no part of it is shown."""
    content = standard_input().read() if path == "-" else read_bytes(path)
    name = "standard input" if path == "-" else path
    try:
        lines = content.removeprefix(b"\xef\xbb\xbf").decode().splitlines()
    except UnicodeDecodeError:
        raise InputUnreadableError("this is not UTF-8", path=name) from None
    if not lines or not lines[0]:
        raise UsageError(f"{name} holds no secret in its first line")
    return lines[0]


def _prompted(user: str, address: Address) -> str:
    from getpass import getpass

    return getpass(told(f"Password of {visible(user)} at {visible(address.shown)}: "))


def add_target_options(parser: ArgumentParser) -> None:
    """Add the store, its graph, the files, and who asks."""
    from perezkg.stores.kinds import KINDS

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
        "--store", choices=tuple(KINDS), metavar="KIND", help=f"{' '.join(KINDS)} (default: what the store says it is)"
    )
    group.add_argument(
        "--graph",
        default="default",
        metavar="IRI|default",
        help="where triples without a named graph go (default: default)",
    )
    group.add_argument("--update-url", metavar="URL", help="where it takes SPARQL updates, when that is elsewhere")
    group.add_argument("--graph-store-url", metavar="URL", help="where it speaks the Graph Store Protocol")
    add_connection_options(group, f"{LOAD_TIMEOUT:g}, for each request")
    add_data_options(parser)
    parser.add_argument(
        "--concepts",
        action=BooleanOptionalAction,
        help="also load the labels that queries need (ontology/concepts.ttl); default: with perezkg's data only",
    )


class Target(NamedTuple):
    """A store, and the graphs that are to be in it.

    Attributes:
        store: The store.
        parts: The triples of each graph, by its IRI; empty for the default graph.
        progress: Told what is done and how far it is.
    """

    store: TripleStore
    parts: dict[str, CanonicalLines]
    progress: Callable[[str, int, int], None]


@contextmanager
def opened(args: Namespace) -> Iterator[TripleStore]:
    """Return the store that the options name.

    Raises:
        UsageError: Options contradict one another.
        RemoteStoreError: It does not answer.
    """
    from perezkg.stores.store import open_store

    with open_store(
        args.url,
        kind=args.store,
        update_url=args.update_url,
        graph_store_url=args.graph_store_url,
        **connection(args, args.url, LOAD_TIMEOUT),
    ) as (store, notices):
        notify(*notices)
        yield store


@contextmanager
def target(args: Namespace) -> Iterator[Target]:
    """Return the store, and what the files hold.

    Raises:
        UsageError: Options contradict one another.
        InputError: A file cannot be read.
        RemoteStoreError: The store does not answer.
    """
    from perezkg.stores.load import parts

    streams = _streams(args)
    # The files first: a mistake in them is no reason to trouble a store.
    with (
        progress_bar() as bar,
        parts(streams, graph_of(args), progress=bar, notify=notify) as graphs,
        opened(args) as store,
    ):
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
