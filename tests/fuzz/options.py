"""Command lines to fuzz, made from the options that each command says it has."""

from __future__ import annotations

import argparse
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from tests.fuzz.mutating import TOKENS, mutated
from tests.fuzz.queries import shipped

from perezkg.cli import _SHARED, COMMANDS
from perezkg.cli.options import CommandParser

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

_NASTY = (
    "",
    " ",
    "-",
    "--",
    "-x",
    "--no-such",
    "=",
    "a=b",
    "\n",
    "\x1b[31m",
    "é",
    "e\u0301",
    "\udcff",
    "x" * 5000,
    "../..",
    "*",
    "%s",
    "{0}",
    "\u202e",
)
_NAMES = (
    "ana.ttl",
    "small.rdf",
    "small.jsonld",
    "quads.nq",
    "named.trig",
    "ana.ttl.gz",
    "no-dot.ttl",
    "latin-1.ttl",
    "missing.ttl",
    "folder",
    "-",
)
_VALUES: dict[str, tuple[str, ...]] = {
    "FILE": _NAMES,
    "output": (
        "out.csv",
        "out.nt",
        "out.ttl.gz",
        "out.jsonld",
        "out",
        "folder",
        "missing/out.ttl",
        "-",
        "",
        "/dev/null",
        "out\0",
        "o" * 300,
    ),
    "URL": (
        "http://{host}/",
        "http://{host}/sparql",
        "http://{nobody}/",
        "https://{host}/",
        "ftp://{host}/",
        "http://",
        "http://u:p@{host}/",
        "x",
    ),
    "IRI": (
        "http://example.org/g",
        "default",
        "",
        "not an iri",
        "pz:x",
        "urn:x:y",
        "http://é/",
        "http://example.org/\0",
        "//x",
        "file:///x",
    ),
    "SECONDS": ("2", "0.001", "0", "-1", "nan", "inf", "1e400", "x", "2,5", "1e308"),
    "DIR": ("out", "new/out", "folder", "", "-", "ana.ttl", "out\0", "o" * 300),
    "MIB": ("1", "0.0001", "0", "-1", "nan", "1e300", "x", "256"),
    "N": ("1", "2", "100", "0", "-1", "x", "1e3", "99999999999999999999", "١"),
    "NAME": ("ana", "medals", "provenance", "", "../medals", "x:y"),
    "NAME=VALUE": (
        "athlete=pz:luis-munoz",
        "athlete=",
        "=x",
        "x",
        "start=1996",
        "start=x",
        "lang=es",
        "athlete=<x>",
        "node=pz:cuenca",
    ),
    "TERM": (
        "pz:cuenca",
        "s14",
        "oro",
        "Pekín",
        "sport:medal-gold",
        "pz:",
        ":",
        "s0",
        "s99999999999999999999",
        "https://w3id.org/perezkg/id/cuenca",
    ),
    "FORMAT": (
        "turtle",
        "json",
        "jsonld",
        "xml",
        "csv",
        "table",
        "trig",
        "ntriples",
        "nquads",
        "rdfxml",
        "framed",
        "TURTLE",
        "x",
    ),
    "PART": ("data", "ontology", "shapes", "all", "x"),
    "TEXT": ("SELECT * { ?s ?p ?o } LIMIT 5", "ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }", "x", "", "SELECT"),
    "KIND": ("fuseki", "oxigraph", "rdf4j", "generic", "virtuoso", "x"),
    "text": ("words.txt", "ana.ttl", "missing.txt"),
    "shapes": ("house-rules.ttl", "bad.shapes.ttl", "no-target.shapes.ttl", "ana.ttl", "missing.ttl"),
    "secret": ("open", ""),
    "name": (*sorted(shipped()), "before.rq", "header.rq", "medlas"),
}
_VALUES |= {
    "add_shapes": _VALUES["shapes"],
    "sparql": _VALUES["TEXT"],
    "password_file": ("secret", "empty-secret", "missing"),
    "token_file": ("secret",),
}
_VALUES |= {"ca_file": ("secret", "missing"), "data": _NAMES[:8]}
_WRITING = ("output", "directory")
"""What names files and folders that are written: never mutated, so that all stays in the folder."""


@cache
def actions(command: str) -> tuple[argparse.Action, ...]:
    """Return the options and arguments of a command, as argparse has them."""
    parser = CommandParser(command, COMMANDS[command])
    import_module(f"perezkg.cli.{_SHARED.get(command, command)}").add_arguments(parser)
    return tuple(parser._actions)


def _value(action: argparse.Action, random: Random, *, odd: bool) -> str:
    if action.choices and (not odd or random.random() < 0.9):
        return str(random.choice(tuple(action.choices)))
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    known = _VALUES.get(action.dest) or next((_VALUES[key] for key in _VALUES if key in metavar.split("|")), _NASTY)
    # The first of those that are known are as they are meant.
    value = random.choice(known if odd else known[: max(1, len(known) // 3)])
    if action.dest in _WRITING or not odd:
        return value
    what = random.random()
    if what < 0.06:
        return random.choice(_NASTY)
    if what < 0.09:
        return random.choice(TOKENS).decode("utf-8", "surrogateescape").replace("\0", "")
    if what < 0.13 and "{" not in value:
        return mutated(value.encode("utf-8", "surrogateescape"), random)[:200].decode("utf-8", "surrogateescape")
    return value


def _given(action: argparse.Action, random: Random, *, odd: bool) -> list[str]:
    name = list(action.option_strings[-1:] if random.random() < 0.7 else action.option_strings[:1])
    if action.nargs == 0 or isinstance(action, argparse.BooleanOptionalAction):
        return [random.choice(action.option_strings)]
    count = 1 if action.nargs in (None, "?") else random.choice((1, 1, 2))
    values = [_value(action, random, odd=odd) for _ in range(count)]
    if odd and name and random.random() < 0.05:
        return name  # its value is missing
    if name and random.random() < 0.15:
        return [f"{name[0]}={values[0]}"]
    return [*name, *values]


def options(command: str, random: Random, without: Iterable[str] = (), most: int = 5) -> list[str]:
    """Return some options of a command, in any order, valid and not, but for those that stand for some things."""
    able = [action for action in actions(command) if action.option_strings and action.dest not in {"help", *without}]
    chosen = random.sample(able, min(len(able), random.choice((0, 1, 1, 2, 2, 3, most))))
    odd = random.random() < 0.3
    return [argument for action in chosen for argument in _given(action, random, odd=odd)]


def command_line(random: Random) -> list[str]:
    """Return a command with options and arguments."""
    # A server does not end; tests/serve asks it.
    command = random.choice([name for name in COMMANDS if name != "serve"])
    odd = random.random() < 0.3
    parts = [options(command, random)]
    # Most without files are about perezkg's own data, and take longer.
    named = {argument for part in parts for argument in part} & {"--data", "--endpoint"}
    if not named and random.random() < 0.85 and any(action.dest == "data" for action in actions(command)):
        parts.append(["--data", random.choice(_NAMES[:8])])
    for action in actions(command):
        if not action.option_strings and (action.nargs is None or random.random() < 0.9):
            parts += [_given(action, random, odd=odd)] * (random.choice((1, 1, 1, 2, 0)) if odd else 1)
    # Without a file, `format` would write perezkg's own.
    if command == "format":
        parts.append(["--check"])
    random.shuffle(parts)
    arguments = [argument for part in parts for argument in part]
    if odd and random.random() < 0.1:
        arguments.insert(random.randrange(len(arguments) + 1), random.choice((*_NASTY, "-h", "--help")))
    first = (
        command if random.random() < 0.97 else random.choice((*_NASTY, command[:-1], command.upper(), "--help", "-V"))
    )
    return [first, *arguments]
