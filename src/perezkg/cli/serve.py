"""`perezkg serve`: a server that answers SPARQL, canned queries and pages over HTTP."""

from __future__ import annotations

import argparse
import sys

from perezkg.cli.options import (
    add_data_options,
    add_dataset_options,
    add_index_option,
    add_language_option,
    notify,
    open_graph,
)
from perezkg.errors import EngineMissingError, UsageError
from perezkg.rdf.reading import MAX_SIZE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_MIB = 1 << 20
_PORTS = 65535


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="listen at this address (default: 127.0.0.1, this machine)",
    )
    parser.add_argument("--port", type=_port, default=8000, metavar="NUMBER", help="and this port (default: 8000)")
    parser.add_argument(
        "--base-url",
        default="",
        metavar="URL",
        help="where the server is seen from outside, behind a proxy (default: as each request says)",
    )
    parser.add_argument("--no-pages", action="store_true", help="make no pages for people")
    parser.add_argument(
        "--allow-service",
        action="store_true",
        help="let the query ask other stores by SERVICE <http…>; else that is refused",
    )
    add_language_option(parser)
    group = add_data_options(parser)
    add_index_option(group)
    add_dataset_options(group)
    group.add_argument(
        "--max-size",
        type=_positive,
        metavar="MIB",
        help=f"of the longest file of data that is read, unpacked (default: {MAX_SIZE:g})",
    )
    limits = parser.add_argument_group("limits of a request")
    limits.add_argument(
        "--timeout", type=_positive, default=30.0, metavar="SECONDS", help="for an answer (default: 30)"
    )
    limits.add_argument(
        "--memory", type=_positive, default=1024.0, metavar="MIB", help="that a query may need (default: 1024)"
    )
    limits.add_argument(
        "--max-answer", type=_positive, default=64.0, metavar="MIB", help="of the longest answer (default: 64)"
    )
    limits.add_argument("--queries", type=_count, default=4, metavar="NUMBER", help="that run at a time (default: 4)")
    limits.add_argument(
        "--waiting", type=_count, default=64, metavar="NUMBER", help="that wait for their turn (default: 64)"
    )
    parser.epilog = """examples:
  perezkg serve
  perezkg serve --data ana.ttl --port 8080
  perezkg serve --store many.index --host 0.0.0.0 --base-url https://example.org/many/

Nothing can be changed by anybody. End it by Ctrl-C or SIGTERM: what is begun is finished."""


def run(args: Namespace) -> int:
    """Serve until the end; see `add_arguments`."""
    try:
        from perezkg.web.serve.run import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn"):
            raise
        raise EngineMissingError(
            f"{error.name} is not installed", hint="Install it: pip install 'perezkg[serve]'"
        ) from None
    from perezkg.web.serve.limits import Limits
    from perezkg.web.site.addresses import is_link

    if args.base_url and not is_link(args.base_url):
        raise UsageError(
            f"{args.base_url!r} is not an address of the web", hint="Give it whole: https://example.org/perez/"
        )
    graph = open_graph(args, concepts=args.concepts, union=args.union)
    notify(*graph.notices)
    serve(
        graph,
        host=args.host,
        port=args.port,
        base_url=args.base_url and args.base_url.rstrip("/") + "/",
        pages=not args.no_pages,
        allow_service=args.allow_service,
        limits=Limits(
            seconds=args.timeout,
            memory=int(args.memory * _MIB),
            answer=int(args.max_answer * _MIB),
            heavy=args.queries,
            waiting=args.waiting,
        ),
        ready=lambda address: notify(f"served at {address}"),
        log=_log,
    )
    return 0


def _log(text: str) -> None:
    sys.stderr.write(f"perezkg serve: {text}\n")


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number greater than 0")
    return number


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _PORTS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number greater than 0")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _PORTS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)
