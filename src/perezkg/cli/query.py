"""`perezkg query`: run a query and write its answer."""

from __future__ import annotations

import re
import sys
from contextlib import suppress

from perezkg.cli.options import (
    add_data_options,
    add_dataset_options,
    add_index_option,
    add_language_option,
    add_limit_options,
    add_output_option,
    add_parameter_option,
    add_store_options,
    bounded,
    head,
    notify,
    open_graph,
    refuse_secret,
    told,
)
from perezkg.errors import UnknownFormatError, UsageError, nearest
from perezkg.sparql.engines import ENGINES
from perezkg.sparql.formats import BOOLEAN, FORMATS, SOLUTIONS, TRIPLES, render, suitable, told_by_name
from perezkg.sparql.parameters import named_values

# What a query must have for Oxigraph to answer otherwise than the standard; `perezkg.sparql.differences` looks closer.
_MAY_DIFFER = r"(?i)[*!&|]|[\w>)]\?|[0-9]{19}|\b(?:bnode|group_concat|graph|in|if|filter|true|false|xsd|regex)\b"
_MANY = 1000  # rows or triples that are written in one piece

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from perezkg.sparql.catalogue import CannedQuery
    from perezkg.sparql.results import Result


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.usage = (
        "%(prog)s NAME|FILE.rq|- [-p NAME=VALUE]… [-f FORMAT] [-o FILE] [OPTIONS]\n       %(prog)s -e SPARQL [OPTIONS]"
    )
    parser.add_argument(
        "name", nargs="?", metavar="NAME|FILE.rq|-", help="a name of `perezkg queries`, a file, or - for standard input"
    )
    parser.add_argument("-e", "--sparql", metavar="TEXT", help="run this SPARQL; perezkg's prefixes are declared in it")
    add_parameter_option(parser)
    parser.add_argument(
        "-f",
        "--format",
        metavar="FORMAT",
        help=f"{' '.join(suitable(SOLUTIONS))} (default: table on a terminal, else csv); "
        f"for CONSTRUCT and DESCRIBE {' '.join(suitable(TRIPLES))} (default: turtle)",
    )
    add_output_option(parser)
    add_language_option(parser)
    parser.add_argument(
        "--base",
        metavar="IRI",
        help="resolve relative IRIs against this, not against the query's file or the working directory",
    )
    parser.add_argument("--engine", choices=tuple(ENGINES), help="the engine for files (default: oxigraph)")
    group = add_data_options(parser)
    add_index_option(group)
    add_dataset_options(group)
    add_store_options(parser)
    add_limit_options(parser, timeout=False)
    parser.add_argument(
        "--allow-service",
        action="store_true",
        help="let the query ask other stores by SERVICE <http…>; else that is refused",
    )
    parser.epilog = """examples:
  perezkg query medals
  perezkg query results-between -p start=1996 -p end=2000 -f json
  perezkg query medals --lang es --data mine.ttl
  perezkg query -e 'SELECT ?medal { ?medal skos:inScheme sport:medals }' --concepts
  perezkg query medals --endpoint http://localhost:3030/perez/sparql

An ASK ends with status 0 when true, 1 when false."""


def run(args: Namespace) -> int:
    """Run the query; see `add_arguments`."""
    if args.format is not None and args.format not in FORMATS:
        raise UnknownFormatError(
            f"there is no format {args.format!r}",
            hint=nearest(args.format, FORMATS) or f"Formats: {', '.join(FORMATS)}.",
        )
    query = _query(args)
    parameters = named_values(args.parameter)
    result = _answer(args, query, parameters)
    format = args.format or _default_format(result, args.output)  # noqa: A001 - the option's name
    named = args.output not in (None, "-")
    to_terminal = not named and sys.stdout.isatty()
    if to_terminal and query.name and FORMATS[format].for_people:
        from perezkg.cli.badges import badged
        from perezkg.cli.sparklines import with_sparkline

        result = with_sparkline(badged(result, args.lang), args.lang)
    if args.lang != "en" and FORMATS[format].for_people:
        answer = _in_words(result, format, query, args.lang, to_terminal=to_terminal)
    else:
        title = query.summary(args.lang) if FORMATS[format].titled else ""
        answer = render(result, format, to_terminal=to_terminal, title=title, lang=args.lang)
    false = result.kind == BOOLEAN and not result
    if named or false or _length(result) > _MANY:
        from perezkg.output import write

        with suppress(BrokenPipeError):  # that the reader has left does not make an ASK true
            write(answer, args.output)
    else:
        # One piece: the answer is whole in memory, and each write has its price.
        sys.stdout.write("".join(answer))
    return 1 if false else 0


def _length(result: Result) -> int:
    from perezkg.sparql.results import Boolean

    return 1 if isinstance(result, Boolean) else len(result)


def _in_words(
    result: Result,
    format: str,  # noqa: A002 - the option's name
    query: CannedQuery,
    lang: str,
    *,
    to_terminal: bool,
) -> Iterator[str]:
    """Return an answer with heads and count in the language of its reader; heads of their own queries stay."""
    from perezkg.sparql.results import Solutions

    if query.name and isinstance(result, Solutions):
        result = Solutions(tuple(map(head, result.variables)), result.rows)
    answer = render(result, format, to_terminal=to_terminal, title=query.summary(lang), lang=lang)
    return (told(piece) if re.match(r"\d+ rows?\b|in each row: ", piece) else piece for piece in answer)


def _answer(args: Namespace, query: CannedQuery, parameters: dict[str, object]) -> Result:
    """Ask the store at `--endpoint`, or the files."""
    refuse_secret(args)
    if args.endpoint is not None:
        if args.index is not None:
            raise UsageError("--endpoint and --store both say what to work on", hint="Leave one of them out.")
        from perezkg.cli.store_options import answer

        return answer(args, query, parameters)
    for option in ("graph", "user", "password_file", "token_file", "auth", "insecure_http", "ca_file"):
        if getattr(args, option) not in (None, [], False):
            raise UsageError(f"--{option.replace('_', '-')} belongs to --endpoint URL, which is not given")
    graph = open_graph(args, concepts=args.concepts, union=args.union)
    with bounded(args, graph.size):
        result = graph.run(
            query,
            parameters,
            lang=args.lang,
            engine=args.engine or "oxigraph",
            allow_service=args.allow_service,
            spool=True,
        )
        notify(*graph.notices)
        if not query.name and (args.engine == "rdflib" or re.search(_MAY_DIFFER, query.sparql)):
            from perezkg.sparql.differences import notices

            notify(*notices(query.sparql, args.engine or "oxigraph", graph.sparql))
        if not result:
            from perezkg.sparql.parameters import things
            from perezkg.things.lookup import nothing_about

            # What the graph has never heard of is a likely reason for no answer.
            notify(*filter(None, (nothing_about(graph, thing.value) for thing in things(query, parameters))))
    return result


def _query(args: Namespace) -> CannedQuery:
    from perezkg.sparql.catalogue import CannedQuery, find

    if args.sparql is not None:
        if args.name is not None:
            raise UsageError(f"both -e and {args.name!r} say what to run", hint="Give one of them.")
        return CannedQuery(args.sparql, path="-e", base=args.base)
    if args.name is None:
        hint = "`perezkg queries` lists them; -e runs SPARQL on the spot."
        if len(args.data) > 1:  # --data has taken the name as well
            hint = f"Name the query before --data: perezkg query {args.data[-1]} --data …"
        raise UsageError("which query?", hint=hint)
    if args.name == "-" and "-" in args.data:
        raise UsageError("standard input cannot be both the query and the data")
    if args.name == "-" and "-" in (args.password_file, args.token_file):
        raise UsageError("standard input cannot be both the query and the secret")
    return find(args.name, args.base)


def _default_format(result: Result, output: str | None) -> str:
    told = told_by_name(output, result.kind) if output else ""
    if told:
        return told
    if result.kind == TRIPLES:
        return "turtle"
    return "table" if not output and sys.stdout.isatty() else "csv"
