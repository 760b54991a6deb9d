"""`perezkg site`: a static site of the graph, for any host or for opening from disk."""

from __future__ import annotations

import os

from perezkg.cli.options import (
    add_data_options,
    add_index_option,
    add_language_option,
    add_limit_options,
    bounded,
    notify,
    open_graph,
    told,
)
from perezkg.output import visible, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

# Each triple is told on a page of its subject and one of its object, in each language.
_SECONDS_PER_MIB = 120.0


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("directory", metavar="DIR", help="the folder to write; a site that is there is replaced")
    parser.add_argument(
        "--base-url",
        default="",
        metavar="URL",
        help="where the site will stand: adds a sitemap, canonical links, and redirections for w3id.org",
    )
    parser.add_argument(
        "--date", default="", metavar="DATE", help="tell what is true on this day, as 2008-08-16 (default: today)"
    )
    parser.add_argument(
        "--ask", action="store_true", help="add a page that answers SPARQL in the browser; its engine comes from npm"
    )
    add_language_option(parser)
    add_index_option(add_data_options(parser))
    add_limit_options(parser, _SECONDS_PER_MIB)
    parser.epilog = """examples:
  perezkg site perez
  perezkg site ana --data ana.ttl --base-url https://example.org/ana/
  perezkg site perez --ask

Every page is in English and in Spanish, and is read without scripts and without a server: open DIR/index.html."""


def run(args: Namespace) -> int:
    """Write the site; see `add_arguments`."""
    from perezkg.web.site.build import build

    graph = open_graph(args)
    engine = _engine() if args.ask else {}
    with bounded(args, graph.size, _SECONDS_PER_MIB):
        pages = build(graph, args.directory, base_url=args.base_url, date=args.date, engine=engine)
        notify(*graph.notices)
    start = visible(os.path.join(args.directory, "index.html"))
    done = told(f"{pages} pages in each language; begin with {start}")
    write([f"{done}\n"])
    return 0


def _engine() -> dict[str, str]:
    """Return the files of the engine for the browser; none when they cannot be had, which is told."""
    from perezkg.errors import PackageMissingError
    from perezkg.web.site.ask import engine

    try:
        return engine()
    except PackageMissingError as error:
        notify(f"the site has no SPARQL page: {error.message}", error.hint)
        return {}
