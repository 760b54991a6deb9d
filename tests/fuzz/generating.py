"""Makes inputs: a table with a row for each kind of them, and the one that belongs to a seed and a number."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.fuzz import data, mutating, options, queries, shapes
from tests.fuzz.answers import answer
from tests.fuzz.case import Case
from tests.recording import given

from perezkg.cli import COMMANDS
from perezkg.resources import LANGUAGES
from perezkg.sparql.formats import FORMATS as ANSWER_FORMATS
from perezkg.sparql.formats import SOLUTIONS, TRIPLES, suitable

if TYPE_CHECKING:
    from collections.abc import Callable

ENGINES = ("oxigraph", "oxigraph", "rdflib")
STORES = ("generic", "oxigraph", "fuseki", "virtuoso", "rdf4j", "graphdb", "blazegraph")
_EXPORTS = ("turtle", "longturtle", "jsonld", "framed", "ntriples", "nquads", "trig", "rdfxml")
_SIMPLE = b"""@prefix ex: <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a a ex:C ; ex:p 1, 2.5, "x"@en, "2004-02-29"^^xsd:date ; ex:q ex:b, [ ex:p "NaN"^^xsd:double ] .
ex:b ex:p ex:a, ( 1 "z"^^xsd:integer ) ; ex:q ex:b .
"""


_FOR_DATA: tuple[str, ...] = ("export",) * 5 + ("info", "info", "query", "query", "query", "validate", "validate")
_FOR_DATA += ("describe", "describe", "cite", "load", "diff")
_OUTPUTS: tuple[tuple[str, ...], ...] = ((),) * 8 + (("-o", "out.ttl"), ("-o", "out.nt.gz"), ("-o", "out"))
_OUTPUTS += (("--split", "2", "-o", "out.nt"),)
_ASKED = (
    ("SELECT * { ?s ?p ?o } ORDER BY ?o", SOLUTIONS),
    ("DESCRIBE ?s { ?s ?p ?o }", TRIPLES),
    ("CONSTRUCT { ?o ?p ?s } { GRAPH ?g { ?s ?p ?o } }", TRIPLES),
)
_OF_PARAMETERS = {
    "iri": (
        "pz:jefferson-perez",
        "http://example.org/ana/ana",
        "urn:x:y",
        "sport:medal-gold",
        "http://é/ñ",
        "pz:a.b",
        "pz:%41",
    ),
    "integer": ("1996", "-1", "0", "+7", "007", "9" * 400),
    "number": ("20.5", "-1", "1e3", ".5", "0"),
    "date": ("2008-08-16", "2004-02-29", "12004-01-01", "-0044-03-15"),
    "string": ("oro", "é", "a b", "", "\U0001f3c3", '"', "\\", "$&"),
    "language": ("oro", "é", '"@en', "\n"),
}
_ODD = (
    "2026-02-30",
    "es",
    "a b",
    "NaN",
    "<x>",
    '"',
    "\\",
    "}",
    "# x",
    "'''",
    "\n",
    "?a",
    "1e999",
    "١٢",
    "0x10",
    "9" * 5000,
    "x" * 9000,
    "\udcff",
)


def _of_data(random: Random) -> Case:
    name, content = data.file(random)
    command = (
        random.choice(_FOR_DATA)
        if not name.startswith("data.ttl") or random.random() < 0.7
        else random.choice(("format", "upgrade"))
    )
    files = {name: content}
    if command in ("format", "upgrade"):
        return Case("data", (command, name, *random.choice(((), ("--check",), ("--diff",)))), files)
    place, stdin = ["--data", name], b""
    if random.random() < 0.1:
        syntax = random.choice(("turtle", "trig", "rdfxml", "jsonld", "nquads"))
        place, stdin, files = ["--data", "-", "--data-format", syntax], content, {}
    store = ""
    if command == "export":
        arguments = ["-f", random.choice(_EXPORTS), *random.choice(_OUTPUTS)]
    elif command == "query":
        text, kind = random.choice(_ASKED)
        asked = [random.choice(tuple(queries.shipped()))] if random.random() < 0.3 else ["-e", text]
        arguments = [*asked, "--engine", random.choice(ENGINES), *random.choice(((), ("--union",), ("--concepts",)))]
        arguments += random.choice(((), ("-f", random.choice(suitable(kind)))))
    elif command == "validate":
        arguments = ["-f", random.choice(("text", "json", "turtle", "sarif"))]
        if random.random() < 0.5:
            files["rules.ttl"] = shapes.shapes(random)[0]
            arguments += ["--shapes", "rules.ttl"]
    elif command in ("load", "diff"):
        store = random.choice(STORES)
        arguments = ["{url}", *random.choice(((), ("--graph", "http://example.org/g")))]
    elif command == "info":
        arguments = []
    else:
        term = random.choice(("http://example.org/a", "ex:a", "x", "pz:jefferson-perez", "_:b0", "s1"))
        arguments = [term, "-f", random.choice(("text", "json", "markdown"))]
    return Case("data", _limited([command, *arguments, *place], random), files, stdin, store=store)


def _of_shapes(random: Random) -> Case:
    rules, about = shapes.shapes(random)
    if random.random() < 0.2:
        about = mutating.mutated(about, random, (shapes.DATA,))
    arguments = ["validate", "data.ttl", random.choice(("--shapes", "--shapes", "--add-shapes")), "rules.ttl"]
    arguments += ["-f", random.choice(("text", "json", "turtle", "sarif")), "--lang", random.choice(tuple(LANGUAGES))]
    arguments += random.choice(((), ("--fail-on", "info"), ("--notes",), ("-o", "out.txt")))
    return Case("shapes", _limited(arguments, random), {"data.ttl": about, "rules.ttl": rules})


def _of_queries(random: Random) -> Case:
    text = queries.query(random)
    about = random.choice((_SIMPLE, _SIMPLE, given.ANA, given.GOOD["named.trig"]))
    name = "data.trig" if about is given.GOOD["named.trig"] else "data.ttl"
    arguments = ["query", "--data", name, "--engine", random.choice(ENGINES), *random.choice(((), (), ("--union",)))]
    if random.random() < 0.6:
        fitting = suitable(TRIPLES if "CONSTRUCT" in text or "DESCRIBE" in text else SOLUTIONS)
        arguments += ["-f", random.choice(fitting if random.random() < 0.95 else tuple(ANSWER_FORMATS))]
    arguments += random.choice(((), (), (), ("--allow-service",), ("--base", "http://example.org/")))
    what = random.random()
    files, stdin = {name: about}, b""
    if what < 0.5:
        arguments += ["-e", text.replace("\0", "")]
    elif what < 0.9:
        arguments.insert(1, "q.rq")
        content = text.encode("utf-8", "surrogateescape")
        files["q.rq"] = mutating.packed(content, random) if random.random() < 0.05 else content
    else:
        arguments.insert(1, "-")
        stdin = text.encode("utf-8", "surrogateescape")
    return Case("queries", _limited(arguments, random), files, stdin)


def _of_parameters(random: Random) -> Case:
    from perezkg.sparql.catalogue import find

    name = random.choice(tuple(queries.shipped()))
    arguments = ["query", name, "--data", "ana.ttl", "--engine", random.choice(ENGINES)]
    for parameter in find(name).parameters.values():
        if not parameter.required and random.random() < (0.9 if parameter.choices else 0.4):
            continue
        meant = parameter.choices or _OF_PARAMETERS[parameter.kind]
        value = random.choice(meant if random.random() < 0.6 else _ODD)
        if random.random() < 0.25:
            value = (
                mutating.mutated(value.encode("utf-8", "surrogateescape"), random)[:2000]
                .decode("utf-8", "surrogateescape")
                .replace("\0", "")
            )
        arguments += ["-p", f"{parameter.name}={value}"]
    if random.random() < 0.03:
        arguments += ["-p", random.choice(("x=y", "x", "=", "lang"))]
    return Case("parameters", _limited(arguments, random), {"ana.ttl": given.ANA})


def _of_options(random: Random) -> Case:
    files = {name: content for name, content in (given.GOOD | given.FAULTY).items() if name != "not.ttl.gz"}
    environment = random.choice(
        ({}, {}, {"PEREZKG_PASSWORD": "x"}, {"COLUMNS": "0"}, {"NO_COLOR": ""}, {"PEREZKG_TOKEN": "é\n"})
    )
    arguments = [argument.replace("\0", "\u2400") for argument in options.command_line(random)]
    named = {name: content for name, content in files.items() if any(name in argument for argument in arguments)}
    stdin = random.choice((b"", given.ANA, b"\xff"))
    return Case("options", _limited(arguments, random), named, stdin, environment, random.choice(STORES))


def _of_answers(random: Random) -> Case:
    command = random.choice(("query", "query", "query", "load", "diff", "service"))
    content = random.choice((given.ANA, given.GOOD["odd.ttl"], _SIMPLE))
    answers = tuple(answer(random) if random.random() < 0.6 else b"" for _ in range(random.choice((1, 1, 2, 4, 12))))
    store = random.choice(STORES)
    if command == "query":
        text = random.choice(
            (
                "SELECT * { ?a ?b ?c }",
                "ASK { ?a ?b ?c }",
                "CONSTRUCT WHERE { ?a ?b ?c }",
                "DESCRIBE <http://example.org/a>",
            )
        )
        asked = [random.choice(tuple(queries.shipped()))] if random.random() < 0.2 else ["-e", text]
        arguments = ["query", *asked, "--endpoint", "{url}", *options.options("query", random, _KEPT, 1)]
    elif command == "service":
        arguments = [
            "query",
            "-e",
            "SELECT * { SERVICE <http://{host}/sparql> { ?a ?b ?c } }",
            "--allow-service",
            "--data",
            "data.ttl",
        ]
        arguments += ["--engine", random.choice(("oxigraph", "oxigraph", "oxigraph", "rdflib"))]
    else:
        mode = random.choice((["--replace"], ["--add"], [])) if command == "load" else []
        arguments = [command, "{url}", "data.ttl", *mode, *options.options(command, random, _KEPT, 2)]
    answers = tuple(found or (answer(random) if number == 0 else found) for number, found in enumerate(answers))
    return Case(
        "answers", (*arguments, "--timeout", "3"), {"data.ttl": content, "secret": b"open\n"}, b"", {}, store, answers
    )


# What an answer must not be kept from by a wrong option, or what would ask another place.
_KEPT = (
    "endpoint",
    "graph",
    "data",
    "source",
    "concepts",
    "union",
    "base",
    "parameter",
    "format",
    "lang",
    "recover",
    "replace",
    "add",
    "user",
    "auth",
    "secret",
    "graph_store_url",
    "data_format",
    "timeout",
    "sparql",
    "engine",
    "ca_file",
    "password_file",
    "token_file",
)


def _limited(arguments: list[str], random: Random) -> tuple[str, ...]:
    """Return arguments that mostly allow less time than there is by default: most long ways to an end are not new."""
    has = (
        any(action.dest == "timeout" for action in options.actions(arguments[0])) if arguments[0] in COMMANDS else False
    )
    if has and "--timeout" not in arguments and random.random() < 0.97:
        arguments = [arguments[0], "--timeout", "2", *arguments[1:]]
    return tuple(arguments)


KINDS: dict[str, tuple[int, Callable[[Random], Case]]] = {
    "data": (35, _of_data),
    "shapes": (16, _of_shapes),
    "queries": (22, _of_queries),
    "parameters": (7, _of_parameters),
    "options": (10, _of_options),
    "answers": (10, _of_answers),
}
"""How many of a hundred inputs are of a kind, and what makes one."""


def case(seed: int, number: int, kind: str | None = None) -> Case:
    """Return the input that belongs to a seed and a number, the same each time."""
    random = Random(f"{seed}/{number}")  # noqa: S311 - not for secrets
    kind = kind or random.choices(tuple(KINDS), [weight for weight, _ in KINDS.values()])[0]
    return KINDS[kind][1](random)
