"""`%%sparql` in Jupyter and IPython: a cell of SPARQL, or a line with the name of a query, and its answer.

`%load_ext perezkg` brings it; IPython is imported here only, by whoever has it.
"""

from __future__ import annotations

import shlex
from functools import cache

from IPython.core.error import UsageError as MagicError

from perezkg.cli import asked_language
from perezkg.cli.options import CommandParser, add_parameter_option, speaking, told
from perezkg.errors import PerezkgError, UsageError
from perezkg.graph import AskableGraph, load
from perezkg.resources import LANGUAGES
from perezkg.sparql.parameters import named_values
from perezkg.stores.remote_graph import RemoteGraph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from IPython.core.interactiveshell import InteractiveShell

    from perezkg.sparql.results import Result


def register(shell: InteractiveShell) -> None:
    """Add the magic to a session.

    Args:
        shell: The session. Its variable `kg` is the graph that is asked, if nothing else is said.
    """
    shipped = cache(load)  # once a session, and only when it is asked

    def sparql(line: str, cell: str | None = None) -> Result | None:
        variables: dict[str, Any] = shell.user_ns
        try:
            words = shlex.split(line)
        except ValueError as error:
            raise MagicError(str(error)) from None
        with speaking(asked_language(words)):
            try:
                args = _parser().parse_args(words)
                answer = _answer(_graph(variables, args.graph) or shipped(), args, cell)
            except SystemExit:  # --help has been told
                return None
            except PerezkgError as error:
                # What is wrong with a query is told as it is on a terminal, without the steps that led there.
                raise MagicError(told(str(error))) from None
        if not args.output:
            return answer
        variables[args.output] = answer
        return None

    sparql.__doc__ = _parser().format_help()
    shell.magics_manager.register_function(sparql, "line_cell", "sparql")


def _parser() -> CommandParser:
    parser = CommandParser("%%sparql", "run SPARQL, or a query by its name, and show its answer")
    parser.prog = "%%sparql"
    parser.usage = "%%%%sparql [OPTIONS]   with SPARQL in the lines below\n       %%sparql NAME [OPTIONS]"
    parser.add_argument("name", nargs="?", help="one of kg.queries(), or a file, in a line of its own")
    add_parameter_option(parser)
    parser.add_argument("-g", "--graph", metavar="VARIABLE", help="ask this graph (default: kg, else the shipped data)")
    parser.add_argument("-o", "--output", metavar="VARIABLE", help="keep the answer in a variable, and show nothing")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="the language of labels (default: en)")
    return parser


def _answer(graph: AskableGraph | RemoteGraph, args: Namespace, cell: str | None) -> Result:
    """Ask a graph.

    Raises:
        UsageError: Nothing says what to ask, or two things do.
        PerezkgError: The graph cannot answer.
    """
    values: dict[str, Any] = named_values(args.parameter)
    if "lang" in values:
        raise UsageError("-p lang=… is no parameter of a query", hint="Write --lang instead.")
    if args.name is not None and cell is not None:
        raise UsageError(f"both the cell and {args.name!r} say what to run", hint="Give one of them.")
    if cell is not None:
        return graph.sparql(cell, lang=args.lang, **values)
    if args.name is None:
        raise UsageError("which query?", hint="%sparql NAME runs one of kg.queries(), %%sparql what its cell says.")
    return graph.query(args.name, lang=args.lang, **values)


def _graph(variables: dict[str, Any], name: str | None) -> AskableGraph | RemoteGraph | None:
    """Return the graph of a variable, or of `kg`; None if there is none.

    Raises:
        UsageError: The variable that was named has no graph.
    """
    found = variables.get(name or "kg")
    if isinstance(found, AskableGraph | RemoteGraph):
        return found
    if name is None:
        return None
    hint = "Name one that holds what perezkg.load or connect returned."
    if name not in variables:
        raise UsageError(f"the variable {name} does not exist", hint=hint)
    raise UsageError(f"the variable {name} is of type {type(found).__name__}", hint=hint)
