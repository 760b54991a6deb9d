"""The triple store that the options name: `--endpoint` and what belongs to it."""

from __future__ import annotations

import sys
from contextlib import suppress

from pyoxigraph import NamedNode

from perezkg.binding import serialize
from perezkg.cli.options import interruptible, notify, refuse_secret
from perezkg.errors import InputUnreadableError, RemoteStoreError, UsageError
from perezkg.files import read_bytes, standard_input
from perezkg.namespaces import PREFIXES, shrink
from perezkg.parameters import things
from perezkg.remote.address import Address
from perezkg.remote.connection import MAX_SIZE, TIMEOUT
from perezkg.remote.graph import connect
from perezkg.results import Solutions
from perezkg.visible import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from perezkg.catalogue import CannedQuery
    from perezkg.remote.graph import RemoteGraph
    from perezkg.results import Result

_SPORT = PREFIXES["sport"]
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
    """
    with open_store(args) as store:
        for notice in store.notices:
            notify(notice)
        with interruptible():
            result = store.run(query, parameters, lang=args.lang, allow_service=args.allow_service)
            with suppress(RemoteStoreError):  # the answer is there; a store too busy to explain it spoils nothing
                _explain(result, store, query, parameters)
    return result


def open_store(args: Namespace) -> RemoteGraph:
    """Return the graph at `--endpoint`.

    Raises:
        UsageError: Options contradict one another.
        InputNotFoundError: A file that is named does not exist.
        InputUnreadableError: It cannot be read.
    """
    for option, given in (
        ("--data", args.data),
        ("--data-format", args.data_format),
        ("--source", args.source),
        ("--engine", args.engine),
    ):
        if given:
            raise UsageError(
                f"{option} chooses how files are asked, and --endpoint asks a store instead",
                hint="Give one of the two.",
            )
    return connect(
        args.endpoint,
        graphs=args.graph,
        max_size=MAX_SIZE if args.max_size is None else args.max_size,
        **connection(args, args.endpoint, TIMEOUT),
    )


def connection(args: Namespace, url: str, timeout: float) -> dict[str, Any]:
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
        "ca_file": args.ca_file,
        "timeout": timeout if args.timeout is None else args.timeout,
        "ask": (lambda user: _prompted(user, address)) if sys.stdin is not None and sys.stdin.isatty() else None,
        "tell": notify,
    }


def _explain(result: Result, store: RemoteGraph, query: CannedQuery, parameters: dict[str, object]) -> None:
    """Tell what is likely to be the reason for an answer without rows or without labels."""
    if query.name and _lacks_labels(result) and not store.sparql(_HAS_CONCEPTS):
        notify(_NO_CONCEPTS)
    elif isinstance(result, Solutions) and not result.rows:
        for thing in things(query, parameters):
            written = serialize(thing)
            if not store.sparql(f"ASK {{ {{ {written} ?p ?o }} UNION {{ ?s ?q {written} }} }}"):
                notify(f"the store says nothing about {shrink(thing.value)}")


def _lacks_labels(result: Result) -> bool:
    """Tell whether an answer looks as if nothing in the store had a label: no rows, or concepts by their IRIs."""
    return isinstance(result, Solutions) and (
        not result.rows
        or any(isinstance(term, NamedNode) and term.value.startswith(_SPORT) for row in result.rows for term in row)
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

    return getpass(f"Password of {visible(user)} at {visible(address.shown)}: ")
