"""What is recorded: every command in every format, over perezkg's own data, a stranger's, faulty files and stores."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.recording import given
from tests.recording.answering import REPLIES
from tests.recording.running import ROOT

from perezkg.cli import COMMANDS
from perezkg.shacl.report import FORMATS as REPORTS
from perezkg.sparql.formats import SOLUTIONS, TRIPLES, suitable

if TYPE_CHECKING:
    from collections.abc import Iterator


class Case(NamedTuple):
    """A run of the command line.

    Attributes:
        name: What it shows: a word for the file that it is recorded in, and more words behind slashes.
        arguments: Those of the command line. `{store}` stands for the URL of its own store, `{host}` for where that
            is, `{answers}` for where fixed answers are given, `{refused}` for where nobody listens.
        stdin: The file that standard input is; `perezkg` is its own data.
        environment: Further variables.
        terminal: Whether standard output is a terminal.
        store: The kind of its own store; empty for none.
        holds: What this store holds: files, each with the graph it is in.
        before: What is run before it, for what it leaves in the store.
        lines: How many lines the reader of its output takes before it leaves; 0 for all.
        apart: Whether it is run in a process of its own as well, which says the same.
    """

    name: str
    arguments: tuple[str, ...]
    stdin: str = ""
    environment: dict[str, str] = {}  # noqa: RUF012 - never changed
    terminal: bool = False
    store: str = ""
    holds: tuple[tuple[str, str], ...] = ()
    before: tuple[tuple[str, ...], ...] = ()
    lines: int = 0
    apart: bool = False


QUERIES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
_GRAPHS = ("about", "geojson-places", "plain-triples", "schema-org")
_ROW_FORMATS = suitable(SOLUTIONS)
_GRAPH_FORMATS = suitable(TRIPLES)
_STORES = ("oxigraph", "fuseki", "generic", "virtuoso", "rdf4j", "graphdb", "blazegraph")
# What queries are asked about that have to be told; and the day for those that answer for today.
_GIVEN = {
    **dict.fromkeys(("claims", "counterexamples", "records-standing"), ("-p", "date=2026-01-01")),
    "about": ("-p", "node=pz:jefferson-perez"),
    "head-to-head": ("-p", "athlete=pz:jefferson-perez", "-p", "rival=pz:ilya-markov"),
    "on-this-day": ("-p", "date=2026-08-16"),
    "profile": ("-p", "athlete=pz:jefferson-perez"),
    "provenance": ("-p", "node=pz:perez-world-championships-2003"),
    "standing-of-mark": ("-p", "mark=pz:mark-1-17-21", "-p", "date=2026-01-01"),
    "won-olympic-gold": ("-p", "athlete=pz:jefferson-perez"),
}
_THINGS = {
    "person": "pz:jefferson-perez",
    "medal": "pz:medal-olympic-games-1996",
    "result": "pz:perez-world-championships-2003",
    "sentence": "s14",
    "label": "Pekín",
    "many": "oro",
    "class": "sport:Participation",
    "concept": "sport:medal-gold",
    "iri": "https://w3id.org/perezkg/id/cuenca",
}
_NARROW = {"COLUMNS": "60"}
_WIDE = {"COLUMNS": "200"}


def _usage() -> Iterator[Case]:
    yield Case("usage/nothing", (), apart=True)
    for option in ("-h", "--help", "help", "-V", "--version"):
        yield Case(f"usage/{option}", (option,), apart=option == "--version")
    yield Case("usage/--help/Spanish", ("--help", "--lang", "es"))
    for command in COMMANDS:
        yield Case(f"usage/{command}/help", (command, "--help"), apart=command == "query")
        yield Case(f"usage/{command}/help, Spanish", (command, "--help", "--lang", "es"))
        yield Case(f"usage/{command}/help, narrow", (command, "-h"), environment={"COLUMNS": "50"})
        yield Case(f"usage/{command}/no such option", (command, "--outptu", "x"))
        yield Case(f"usage/{command}/no such format", (command, "x", "-f", "tabel"))
        yield Case(f"usage/{command}/no such language", (command, "x", "--lang", "fr"))
        yield Case(f"usage/{command}/a value is missing", (command, "-o"))
        yield Case(f"usage/{command}/a short name of an option", (command, "--he"))
    for wrong in ("qurey", "exprot", "xyz", "--verison", "-x", "QUERY", ""):
        yield Case(f"usage/no such command/{wrong}", (wrong,), apart=wrong == "qurey")


def _queries() -> Iterator[Case]:
    for lang in ("en", "es"):
        for form in ("text", "json"):
            yield Case(f"queries/all/{lang}/{form}", ("queries", "-f", form, "--lang", lang), apart=form == lang)
            for name in ("medals", "results-between", "claims", "about"):
                yield Case(f"queries/{name}/{lang}/{form}", ("queries", name, "-f", form, "--lang", lang))
    for name in QUERIES:
        yield Case(f"queries/{name}", ("queries", name))
    yield Case("queries/all", ("queries",), apart=True)
    for wrong in ("medlas", "xyz", "", "../medals", "ana.ttl", "empty.rq", "header.rq", "missing.rq"):
        yield Case(f"queries/wrong/{wrong}", ("queries", wrong))
    yield Case("queries/a file", ("queries", "before.rq"))
    yield Case("queries/a file/json", ("queries", "before.rq", "-f", "json"))


def _query() -> Iterator[Case]:
    for name in QUERIES:
        base = ("query", name, *_GIVEN.get(name, ()))
        for form in _GRAPH_FORMATS if name in _GRAPHS else _ROW_FORMATS:
            yield Case(f"query/{name}/{form}", (*base, "-f", form))
        if name not in _GRAPHS:
            yield Case(f"query/{name}/es", (*base, "--lang", "es"))
        yield Case(f"query/{name}/stranger", (*base, "--data", "ana.ttl"))
    for name in ("medals", "about", "won-olympic-gold"):
        yield Case(f"query/{name}/default", ("query", name), apart=True)
        given = _GIVEN.get(name, ())
        yield Case(f"query/{name}/biography", ("query", name, *given, "--source", "biography"))
        yield Case(f"query/{name}/all", ("query", name, *given, "--source", "all"))
    for name in ("medals", "results", "sentence", "sources", "statistics"):
        yield Case(f"query/{name}/narrow", ("query", name, "-f", "table"), environment=_NARROW)
        yield Case(f"query/{name}/wide", ("query", name, "-f", "table"), environment=_WIDE)
        yield Case(f"query/{name}/terminal", ("query", name), environment=_WIDE, terminal=True)
        yield Case(f"query/{name}/narrow terminal", ("query", name), environment=_NARROW, terminal=True)
    for name in ("family", "won-olympic-gold", "about"):
        yield Case(f"query/{name}/rdflib", ("query", name, *_GIVEN.get(name, ()), "--engine", "rdflib"))
    plain = {"COLUMNS": "100", "NO_COLOR": "1"}
    yield Case("query/medals/terminal without colour", ("query", "medals"), environment=plain, terminal=True)
    parameters = {
        "athlete": ("medals", "athlete=pz:luis-munoz"),
        "unknown thing": ("medals", "athlete=pz:nobody"),
        "iri": ("medals", "athlete=https://w3id.org/perezkg/id/jefferson-perez"),
        "integer": ("results-between", "start=2005"),
        "not an integer": ("results-between", "start=far"),
        "not whole": ("results-between", "start=1.5"),
        "number": ("marks-of-distance", "metres=1609.344"),
        "not a number": ("marks-of-distance", "metres=far"),
        "no prefix": ("about", "node=xx:y"),
        "label": ("won-olympic-gold", "athlete=jefferson perez"),
        "label of several": ("won-olympic-gold", "athlete=world championships 200"),
        "injection": ("about", "node=pz:x> } ; DROP ALL #"),
        "space": ("about", "node=a b"),
        "date": ("claims", "date=2026-02-30"),
        "unknown": ("medals", "athelte=pz:luis-munoz"),
        "none": ("family", "x=1"),
        "no equals": ("medals", "athlete"),
        "no name": ("medals", "=x"),
        "empty": ("about", "node="),
        "lang": ("medals", "lang=es"),
        "wrong lang": ("medals", "lang=fr"),
        "false": ("won-olympic-gold", "athlete=pz:luis-munoz"),
        "sentence 0": ("sentence", "number=0"),
        "sentence 1": ("sentence", "number=1"),
    }
    for what, (name, option) in parameters.items():
        yield Case(f"query/parameter/{what}", ("query", name, "-p", option), apart=what in ("false", "no prefix"))
    yield Case("query/parameter/two", ("query", "results-between", "-p", "start=2003", "-p", "end=2007"))
    yield Case("query/parameter/twice", ("query", "results-between", "-p", "start=1", "-p", "start=2"))
    for wrong in (
        "medlas",
        "xyz",
        "",
        "missing.rq",
        "open.rq",
        "header.rq",
        "update.rq",
        "latin-1.rq",
        "empty.rq",
        "folder",
    ):
        yield Case(f"query/wrong/{wrong}", ("query", wrong), apart=wrong == "open.rq")
    for form in (*_ROW_FORMATS, *_GRAPH_FORMATS, "tabel", "xyz", ""):
        yield Case(f"query/rows as/{form}", ("query", "-e", "SELECT (1 AS ?a) {}", "-f", form))
        yield Case(f"query/truth as/{form}", ("query", "-e", "ASK {}", "-f", form))
        yield Case(
            f"query/graph as/{form}",
            ("query", "about", "--data", "ana.ttl", "-p", "node=http://example.org/ana/ana", "-f", form),
        )
        yield Case(f"query/nothing as/{form}", ("query", "-e", "SELECT * { ?a ?b 'nothing' }", "-f", form))
        yield Case(
            f"query/odd terms as/{form}",
            (
                "query",
                "-e",
                "SELECT ?o { ?s <http://example.org/b> ?o } ORDER BY STR(?o)",
                "--data",
                "odd.ttl",
                "-f",
                form,
            ),
        )
        yield Case(
            f"query/odd triples as/{form}",
            ("query", "-e", "CONSTRUCT WHERE { ?s <http://example.org/b> ?o }", "--data", "odd.ttl", "-f", form),
        )
    texts = {
        "select": "SELECT DISTINCT ?medal { ?award sport:medal ?medal } ORDER BY ?medal",
        "false": "ASK { ?a ?b 'nothing' }",
        "describe": "DESCRIBE pz:cuenca",
        "construct": "CONSTRUCT { ?a rdfs:label ?b } WHERE { ?a sport:placeKind sport:place-country ; rdfs:label ?b }",
        "own prefix": "PREFIX a: <http://example.org/> SELECT (a:b AS ?c) {}",
        "count": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "error in a row": "SELECT (1/0 AS ?a) {}",
        "unbound": "SELECT ?a ?b { VALUES (?a ?b) { (1 UNDEF) (UNDEF 'x'@en) } }",
        "blank": "SELECT ?a { ?a a prov:Nothing } ",
        "open brace": "SELECT * { ?s ?p ?o",
        "misspelt": "SELEKT * { ?s ?p ?o }",
        "no prefix": "SELECT * { ?s foo:bar ?o }",
        "no variable": "SELECT ?x ?x2 { } GROUP BY ?y",
        "second line": "SELECT *\n{ ?s ?p ?o ;; , }",
        "update": "INSERT DATA { pz:a pz:b pz:c }",
        "empty": "",
        "comment": "# nothing",
        "service": "SELECT * { SERVICE <http://{refused}/sparql> { ?s ?p ?o } }",
        "silent service": "SELECT * { SERVICE SILENT <http://{refused}/sparql> { ?s ?p ?o } }",
        "from": "SELECT * FROM <http://example.org/g> { ?s ?p ?o }",
        "graph": "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "letters": "SELECT ('ñandú' AS ?á) {}",
        "control": "SELECT ('\\u001b[31m' AS ?a) {}",
        "parameter": "SELECT (?_x AS ?a) {}",
    }
    for what, text in texts.items():
        yield Case(f"query/-e/{what}", ("query", "-e", text), apart=what in ("select", "open brace", "letters"))
        if what in ("select", "unbound", "misspelt", "second line", "update"):
            yield Case(f"query/-e/{what}/rdflib", ("query", "-e", text, "--engine", "rdflib", "--data", "ana.ttl"))
    yield Case("query/-e/concepts", ("query", "-e", "ASK { sport:medal-gold a skos:Concept }", "--concepts"))
    union = ("query", "-e", "SELECT * { ?s ?p ?o }", "--union", "--data", "named.trig")
    yield Case("query/-e/union", union)
    yield Case("query/-e/base", ("query", "-e", "SELECT (STR(<a>) AS ?x) {}", "--base", "http://example.org/b/"))
    yield Case("query/-e/wrong base", ("query", "-e", "ASK { <a> ?p ?o }", "--base", "here"))
    for way in ("service", "silent service"):
        yield Case(f"query/-e/{way}/allowed", ("query", "-e", texts[way], "--allow-service", "--data", "ana.ttl"))
    service = "SELECT * { SERVICE <http://{answers}/rows> { ?a ?p ?b } }"
    for engine in ("oxigraph", "rdflib"):
        yield Case(
            f"query/-e/answered service/{engine}",
            ("query", "-e", service, "--allow-service", "--engine", engine, "--data", "ana.ttl"),
        )
    yield Case("query/-e/with a name", ("query", "medals", "-e", "ASK {}"))
    yield Case("query/-e/with a parameter", ("query", "-e", "SELECT (?_x AS ?a) {}", "-p", "x=1"))
    yield Case("query/nothing", ("query",))
    yield Case("query/two names", ("query", "medals", "results"))
    yield Case("query/name behind data", ("query", "--data", "ana.ttl", "medals"))
    yield Case("query/only data", ("query", "--data", "ana.ttl"))
    yield Case("query/file", ("query", "before.rq"), apart=True)
    yield Case("query/file/parameter", ("query", "before.rq", "-p", "year=1997", "--data", "ana.ttl"))
    yield Case("query/file/wrong parameter", ("query", "before.rq", "-p", "year=soon"))
    yield Case("query/file/engine", ("query", "plain.rq", "--engine", "rdflib", "--data", "ana.ttl"))
    yield Case("query/no such engine", ("query", "medals", "--engine", "jena"))
    yield Case("query/stdin/query", ("query", "-"), stdin="plain.rq", apart=True)
    yield Case("query/stdin/faulty query", ("query", "-"), stdin="open.rq")
    yield Case(
        "query/stdin/data", ("query", "medals", "--data", "-", "--data-format", "turtle"), stdin="ana.ttl", apart=True
    )
    yield Case("query/stdin/own data", ("query", "medals", "--data", "-", "--data-format", "turtle"), stdin="perezkg")
    yield Case("query/stdin/no format", ("query", "medals", "--data", "-"), stdin="ana.ttl")
    yield Case("query/stdin/both", ("query", "-", "--data", "-"), stdin="ana.ttl")
    yield Case("query/stdin/twice", ("query", "medals", "--data", "-", "-"), stdin="ana.ttl")
    yield Case("query/two files", ("query", "medals", "--data", "ana.ttl", "other.ttl"))
    yield Case("query/source and data", ("query", "medals", "--data", "ana.ttl", "--source", "all"))
    yield Case("query/no such source", ("query", "medals", "--source", "wikipedia"))
    for option in ("--graph", "--user", "--password-file", "--token-file", "--ca-file", "--timeout", "--max-size"):
        yield Case(f"query/{option} without a store", ("query", "medals", option, "7"))
    for name in ("csv", "tsv", "json", "srj", "xml", "srx", "md", "ttl", "txt"):
        yield Case(f"query/-o/rows.{name}", ("query", "medals", "-o", f"rows.{name}"), apart=name == "csv")
    for name in ("ttl", "jsonld", "nt", "csv"):
        yield Case(f"query/-o/graph.{name}", ("query", "about", *_GIVEN["about"], "-o", f"graph.{name}"))
    yield Case("query/-o/chosen", ("query", "medals", "-o", "rows.csv", "-f", "json"))
    yield Case("query/-o/there", ("query", "family", "-o", "ana.ttl", "-f", "csv"))
    yield from _unwritable("query", ("query", "family"))
    yield Case("query/head", ("query", "claims-about", "-f", "json"), lines=2)


def _unwritable(name: str, arguments: tuple[str, ...]) -> Iterator[Case]:
    """Yield cases of places where nothing can be written, or that are standard output by another name."""
    for what, place in (
        ("dash", "-"),
        ("folder", "folder"),
        ("missing folder", "missing/out"),
        ("empty", ""),
        ("below a file", "ana.ttl/out"),
    ):
        yield Case(f"{name}/-o/{what}", (*arguments, "-o", place))


def _things() -> Iterator[Case]:
    formats = {"describe": ("text", "json", "turtle", "markdown"), "cite": ("text", "json", "markdown")}
    endings = {"describe": ("json", "ttl", "md", "txt"), "cite": ("json", "md", "ttl")}
    for command, known in formats.items():
        for what, thing in _THINGS.items():
            for form in known:
                for lang in ("en", "es"):
                    name = f"{command}/{what}/{form}/{lang}"
                    yield Case(
                        name, (command, thing, "-f", form, "--lang", lang), apart=what == "sentence" and form == "text"
                    )
            yield Case(f"{command}/{what}/narrow", (command, thing), environment=_NARROW, terminal=True)
            yield Case(f"{command}/{what}/biography", (command, thing, "--source", "biography"))
        for thing in ("ex:ana", "http://example.org/ana/ana", "Ana", "41:30", "sport:medal-gold"):
            yield Case(f"{command}/stranger/{thing}", (command, thing, "--data", "ana.ttl"))
            yield Case(f"{command}/stranger/{thing}/json", (command, thing, "--data", "ana.ttl", "-f", "json"))
        for thing in (
            "pz:nobody",
            "pz:jeferson-perez",
            "xx:y",
            "Quito Norte",
            "http://example.org/x",
            "s99",
            "s0",
            "",
            "<a b>",
            "_:b",
            "\x1b[31m",
        ):
            yield Case(f"{command}/wrong/{thing!r}", (command, thing), apart=thing == "pz:nobody")
        yield Case(f"{command}/nothing", (command,))
        yield Case(f"{command}/behind data", (command, "--data", "ana.ttl", "ex:ana"))
        yield Case(f"{command}/several words", (command, "Pista", "de", "oro"))
        yield Case(f"{command}/stdin", (command, "Ana", "--data", "-", "--data-format", "turtle"), stdin="ana.ttl")
        for ending in endings[command]:
            yield Case(f"{command}/-o/{ending}", (command, "pz:cuenca", "-o", f"out.{ending}"), apart=ending == "md")
        yield from _unwritable(command, (command, "pz:cuenca"))
        yield Case(f"{command}/head", (command, "pz:jefferson-perez"), lines=2)
    for text in ("words.txt", "missing.txt", "folder", "latin-1.ttl"):
        yield Case(f"cite/text/{text}", ("cite", "s14", "--text", text))


def _validate() -> Iterator[Case]:
    for lang in ("en", "es"):
        for form in REPORTS:
            for file in ("", "ana.ttl", "violations.ttl"):
                name = f"validate/{file or 'own'}/{form}/{lang}"
                arguments = ("validate", *filter(None, [file]), "-f", form, "--lang", lang)
                yield Case(name, arguments, apart=file == "violations.ttl" and form == "text")
        yield Case(f"validate/notes/{lang}", ("validate", "--notes", "--lang", lang))
        for form in ("text", "json"):
            arguments = ("validate", "violations.ttl", "--profile", "provenance", "-f", form, "--lang", lang)
            yield Case(f"validate/profile/{form}/{lang}", arguments)
        arguments = ("validate", "ana.ttl", "--add-shapes", "house-rules.ttl", "--lang", lang)
        yield Case(f"validate/further shapes/{lang}", arguments)
    yield Case("validate/biography", ("validate", "--source", "biography"))
    yield Case("validate/profile", ("validate", "--profile", "provenance"))
    yield Case("validate/no such profile", ("validate", "--profile", "provenence"))
    for severity in ("violation", "warning", "info", "error"):
        yield Case(f"validate/fail on/{severity}", ("validate", "ana.ttl", "--fail-on", severity))
    for shapes in (
        "house-rules.ttl",
        "no-target.shapes.ttl",
        "bad.shapes.ttl",
        "no-dot.ttl",
        "missing.ttl",
        "empty.ttl",
        "imports.ttl",
        "-",
    ):
        yield Case(f"validate/shapes/{shapes}", ("validate", "ana.ttl", "--shapes", shapes))
        yield Case(f"validate/add shapes/{shapes}", ("validate", "ana.ttl", "--add-shapes", shapes))
    yield Case("validate/several", ("validate", "ana.ttl", "other.ttl"))
    yield Case("validate/data", ("validate", "ana.ttl", "--data", "other.ttl"))
    yield Case("validate/stdin", ("validate", "-", "--data-format", "turtle"), stdin="violations.ttl", apart=True)
    yield Case("validate/stdin/twice", ("validate", "-", "-"), stdin="ana.ttl")
    yield Case("validate/text without profile", ("validate", "--text", "words.txt"))
    yield Case("validate/text", ("validate", "--profile", "provenance", "--text", "words.txt"))
    yield Case("validate/terminal", ("validate", "violations.ttl"), terminal=True, environment=_NARROW)
    for row in REPORTS.values():
        yield Case(f"validate/-o/{row.extension[1:]}", ("validate", "violations.ttl", "-o", f"out{row.extension}"))
    yield from _unwritable("validate", ("validate", "ana.ttl"))
    yield Case("validate/head", ("validate", "violations.ttl", "-f", "json"), lines=2)


def _export() -> Iterator[Case]:
    formats = ("turtle", "longturtle", "jsonld", "framed", "ntriples", "nquads", "trig", "rdfxml")
    for form in formats:
        yield Case(f"export/own/{form}", ("export", "-f", form), apart=form in ("turtle", "nquads"))
        for file in ("ana.ttl", "named.trig", "odd.ttl", "empty.ttl"):
            yield Case(f"export/{file}/{form}", ("export", "--data", file, "-f", form))
    for form in ("turtle", "ntriples", "jsonld"):
        for part in ("ontology", "shapes", "all"):
            yield Case(f"export/{part}/{form}", ("export", "--part", part, "-f", form))
        yield Case(f"export/biography/{form}", ("export", "--source", "biography", "-f", form))
        yield Case(
            f"export/stdin/{form}", ("export", "--data", "-", "--data-format", "turtle", "-f", form), stdin="ana.ttl"
        )
        yield Case(
            f"export/several/{form}",
            ("export", "--data", "ana.ttl", "bom.ttl", "small.rdf", "small.jsonld", "-f", form),
        )
    for ending in ("ttl", "jsonld", "json", "nt", "nq", "trig", "rdf", "xml", "owl", "txt", "nt.gz"):
        yield Case(f"export/-o/{ending}", ("export", "--data", "ana.ttl", "-o", f"out.{ending}"), apart=ending == "nt")
    yield Case("export/gzip", ("export", "--data", "ana.ttl", "--gzip", "-o", "out.ttl"))
    yield Case("export/gzip/stdout", ("export", "--data", "ana.ttl", "--gzip", "-f", "nquads"))
    yield Case("export/gzip/terminal", ("export", "--gzip"), terminal=True)
    yield Case("export/split", ("export", "--data", "ana.ttl", "--split", "30", "-o", "out.nt"))
    yield Case("export/split/gzip", ("export", "--data", "ana.ttl", "--split", "30", "-o", "out.nq", "--gzip"))
    for number in ("0", "-1", "many", "1.5"):
        yield Case(f"export/split/{number}", ("export", f"--split={number}", "-o", "out.nt"))
    yield Case("export/split/no name", ("export", "--split", "30", "-f", "ntriples"))
    yield Case("export/split/turtle", ("export", "--split", "30", "-o", "out.ttl"))
    yield Case("export/part and data", ("export", "--part", "shapes", "--data", "ana.ttl"))
    yield Case("export/part and source", ("export", "--part", "ontology", "--source", "biography"))
    yield Case("export/no such part", ("export", "--part", "shape"))
    yield from _unwritable("export", ("export", "--data", "ana.ttl"))
    for form in ("turtle", "ntriples"):
        yield Case(f"export/head/{form}", ("export", "-f", form), lines=3)


def _format_command() -> Iterator[Case]:
    yield Case("format/own/check", ("format", "--check"))
    yield Case("format/own/diff", ("format", "--diff"))
    for name in (
        "ana.ttl",
        "untidy.ttl",
        "odd.ttl",
        "bom.ttl",
        "empty.ttl",
        "comment.ttl",
        "imports.ttl",
        "violations.ttl",
    ):
        yield Case(f"format/{name}", ("format", name), apart=name == "untidy.ttl")
        yield Case(f"format/{name}/check", ("format", "--check", name))
        yield Case(f"format/{name}/diff", ("format", "--diff", name))
        yield Case(f"format/{name}/stdin", ("format", "-"), stdin=name)
        yield Case(f"format/{name}/both", ("format", "--check", "--diff", name))
    yield Case("format/several", ("format", "ana.ttl", "untidy.ttl", "odd.ttl"))
    yield Case("format/one is faulty", ("format", "untidy.ttl", "no-dot.ttl"))
    for name in ("named.trig", "lines.nt", "small.rdf", "missing.ttl", "folder", "latin-1.ttl", "ana.ttl.gz"):
        yield Case(f"format/wrong/{name}", ("format", name))


def _upgrade() -> Iterator[Case]:
    for name in ("former.ttl", "ana.ttl", "untidy.ttl", "odd.ttl", "empty.ttl", "comment.ttl"):
        yield Case(f"upgrade/{name}", ("upgrade", name), apart=name == "former.ttl")
        yield Case(f"upgrade/{name}/check", ("upgrade", "--check", name))
        yield Case(f"upgrade/{name}/diff", ("upgrade", "--diff", name))
        yield Case(f"upgrade/{name}/stdin", ("upgrade", "-"), stdin=name)
    yield Case("upgrade/Spanish", ("upgrade", "--diff", "--lang", "es", "former.ttl"))
    yield Case("upgrade/several", ("upgrade", "former.ttl", "ana.ttl"))
    yield Case("upgrade/one is faulty", ("upgrade", "former.ttl", "no-dot.ttl"))
    yield Case("upgrade/nothing", ("upgrade",))
    for name in ("named.trig", "lines.nt", "small.rdf", "missing.ttl", "folder", "latin-1.ttl", "ana.ttl.gz"):
        yield Case(f"upgrade/wrong/{name}", ("upgrade", name))


def _info() -> Iterator[Case]:
    for form in ("table", "json"):
        yield Case(f"info/own/{form}", ("info", "-f", form), apart=form == "table")
        yield Case(f"info/biography/{form}", ("info", "-f", form, "--source", "biography"))
        for file in ("ana.ttl", "named.trig", "empty.ttl", "odd.ttl", "imports.ttl"):
            yield Case(f"info/{file}/{form}", ("info", "-f", form, "--data", file))
        yield Case(f"info/-o/{form}", ("info", "--data", "ana.ttl", "-f", form, "-o", "out"))
    yield Case("info/Spanish", ("info", "--data", "ana.ttl", "--lang", "es"))
    yield Case("info/stdin", ("info", "--data", "-", "--data-format", "turtle"), stdin="ana.ttl")


def _files() -> Iterator[Case]:
    """Yield every file, good and faulty, read by every way of reading."""
    names = [name for name in (*given.GOOD, *given.FAULTY) if not name.endswith((".rq", "secret"))]
    for name in (*names, "missing.ttl", "anna.ttl", "folder", "folder/inside.ttl", "ana.ttl/x", "", "nul\0l"):
        shown = name.replace("\0", "0")
        count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        yield Case(
            f"files/{shown}/query", ("query", "-e", count, "--data", name), apart=name in ("no-dot.ttl", "missing.ttl")
        )
        yield Case(f"files/{shown}/validate", ("validate", name))
        yield Case(f"files/{shown}/export", ("export", "--data", name, "-f", "ntriples"))
    for form in ("turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld", "turtel", "text/turtle", ""):
        yield Case(
            f"files/data format/{form}", ("export", "-f", "nquads", "--data", "ana.unknown", "--data-format", form)
        )


def _answers() -> Iterator[Case]:
    """Yield what a query is told by stores that answer always the same."""
    texts = {
        "rows": "SELECT ?a ?b { ?a ?p ?b }",
        "truth": "ASK { ?a ?p ?b }",
        "graph": "CONSTRUCT WHERE { ?a ?p ?b }",
    }
    for reply in (*REPLIES, "closed"):
        # That a store which closes is asked again takes seconds each time.
        for what, text in texts.items() if reply not in ("closed", "504") else [("rows", texts["rows"])]:
            name = f"answers/{reply}/{what}"
            yield Case(name, ("query", "-e", text, "--endpoint", f"http://{{answers}}/{reply}"), apart=what == reply)
        if reply not in ("closed", "504"):
            yield Case(f"answers/{reply}/canned", ("query", "medals", "--endpoint", f"http://{{answers}}/{reply}"))
            for command in ("load", "diff"):
                yield Case(f"answers/{reply}/{command}", (command, f"http://{{answers}}/{reply}", "ana.ttl"))
    for form in (*_ROW_FORMATS, *_GRAPH_FORMATS):
        yield Case(
            f"answers/rows as/{form}", ("query", "-e", texts["rows"], "--endpoint", "http://{answers}/rows", "-f", form)
        )
        yield Case(
            f"answers/graph as/{form}",
            ("query", "-e", texts["graph"], "--endpoint", "http://{answers}/triples", "-f", form),
        )
    yield Case("answers/refused/query", ("query", "medals", "--endpoint", "http://{refused}/sparql"))
    yield Case("answers/refused/load", ("load", "http://{refused}/sparql", "ana.ttl"))
    yield Case("answers/refused/diff", ("diff", "http://{refused}/sparql", "ana.ttl"))
    for url in (
        "",
        "localhost",
        "ftp://localhost/",
        "http://",
        "http://[::1",
        "http://a:b@{answers}/rows",
        "http://{answers}/rows#x",
        "http://localhost:99999/",
        "file:///etc/passwd",
        "http://{answers}/a b",
    ):
        yield Case(f"answers/url/{url}", ("query", "-e", "ASK {}", "--endpoint", url))
        yield Case(f"answers/url/{url}/load", ("load", url, "ana.ttl"))
    options = {
        "user": ("--user", "ana"),
        "password": ("--user", "ana", "--password", "open sesame"),
        "password file": ("--user", "ana", "--password-file", "secret"),
        "digest": ("--user", "ana", "--password-file", "secret", "--auth", "digest"),
        "token": ("--token-file", "secret"),
        "secret token": ("--token", "open"),
        "both": ("--token-file", "secret", "--password-file", "secret"),
        "empty secret": ("--token-file", "empty-secret"),
        "missing secret": ("--token-file", "missing"),
        "no such auth": ("--auth", "kerberos"),
        "ca": ("--ca-file", "missing.pem"),
        "not a certificate": ("--ca-file", "ana.ttl"),
        "timeout": ("--timeout", "soon"),
        "timeout 0": ("--timeout", "0"),
    }
    for what, more in options.items():
        for reply in ("true", "401"):
            yield Case(
                f"answers/{what}/{reply}", ("query", "-e", "ASK {}", "--endpoint", f"http://{{answers}}/{reply}", *more)
            )
        yield Case(f"answers/{what}/load", ("load", "http://{answers}/401", "ana.ttl", *more))
    for option in (
        ("--max-size", "0"),
        ("--max-size", "0.0001"),
        ("--graph", "not an iri"),
        ("--graph", "http://example.org/g"),
        ("--data", "ana.ttl"),
        ("--source", "all"),
        ("--engine", "rdflib"),
        ("--data-format", "turtle"),
        ("--allow-service",),
    ):
        yield Case(
            f"answers/{' '.join(option)}",
            ("query", "-e", texts["rows"], "--endpoint", "http://{answers}/rows", *option),
        )
    yield Case(
        "answers/environment",
        ("query", "-e", "ASK {}", "--endpoint", "http://{answers}/401"),
        environment={"PEREZKG_TOKEN": "open"},
    )
    yield Case("answers/syntax", ("query", "-e", "ASK {", "--endpoint", "http://{answers}/true"))
    yield Case("answers/update", ("query", "-e", "CLEAR ALL", "--endpoint", "http://{answers}/true"))


def _stores() -> Iterator[Case]:
    """Yield what is loaded into stores, compared with them and asked of them."""
    ana, other = ("ana.ttl", ""), ("other.ttl", "")
    graph = "http://example.org/g"
    for kind in _STORES:
        ways = {
            "empty": ((), ("ana.ttl",)),
            "not empty": ((other,), ("ana.ttl",)),
            "replace": ((other,), ("ana.ttl", "--replace")),
            "add": ((other,), ("ana.ttl", "--add")),
            "same": ((ana,), ("ana.ttl", "--replace")),
            "json": ((other,), ("ana.ttl", "--replace", "-f", "json")),
            "dry run": ((other,), ("ana.ttl", "--replace", "--dry-run")),
            "dry run of add": ((other,), ("ana.ttl", "--add", "--dry-run")),
            "named": ((), ("named.trig",)),
            "graph": ((), ("ana.ttl", "--graph", graph)),
            "graph replaced": ((("other.ttl", graph),), ("ana.ttl", "--graph", graph, "--replace")),
            "nothing": ((other,), ("empty.ttl", "--replace")),
            "emptied": ((other,), ("empty.ttl", "--replace", "--allow-empty")),
            "compressed": ((), ("ana.ttl", "--gzip", "yes")),
            "restore": ((other,), ("--recover", "restore")),
            "discard": ((other,), ("--recover", "discard")),
            "kind": ((), ("ana.ttl", "--store", kind)),
            "odd": ((), ("odd.ttl",)),
            "own": ((), ()),
        }
        for what, (holds, more) in ways.items():
            yield Case(f"stores/{kind}/load/{what}", ("load", "{store}", *more), store=kind, holds=holds)
        for what, held in (("same", (ana,)), ("different", (other,)), ("empty", ())):
            yield Case(f"stores/{kind}/diff/{what}", ("diff", "{store}", "ana.ttl"), store=kind, holds=held)
        yield Case(
            f"stores/{kind}/diff/-o", ("diff", "{store}", "ana.ttl", "-o", "out.txt"), store=kind, holds=(other,)
        )
        yield Case(f"stores/{kind}/diff/graph", ("diff", "{store}", "named.trig"), store=kind, holds=(ana,))
        before = (("load", "{store}"),)
        yield Case(f"stores/{kind}/diff/own", ("diff", "{store}"), store=kind, before=before)
        yield Case(f"stores/{kind}/query", ("query", "medals", "--endpoint", "{store}"), store=kind, before=before)
    for command in (("load", "--replace"), ("load",), ("load", "--recover", "restore"), ("diff", "-o", "out.txt")):
        files = () if "--recover" in command else ("named.trig",)
        name = f"stores/Spanish/{' '.join(command)}"
        yield Case(name, (*command, "{store}", *files, "--lang", "es"), store="oxigraph", holds=(other,))
    yield Case("stores/load/-o", ("load", "{store}", "ana.ttl", "-o", "out.txt"), store="oxigraph")
    yield Case("stores/load/-o json", ("load", "{store}", "ana.ttl", "-f", "json", "-o", "out.json"), store="oxigraph")
    yield Case("stores/load/unwritable", ("load", "{store}", "ana.ttl", "-o", "missing/out"), store="oxigraph")
    yield Case("stores/load/both", ("load", "{store}", "ana.ttl", "--add", "--replace"), store="oxigraph")
    yield Case(
        "stores/load/recover and files", ("load", "{store}", "ana.ttl", "--recover", "restore"), store="oxigraph"
    )
    yield Case("stores/load/no such kind", ("load", "{store}", "ana.ttl", "--store", "jena"), store="oxigraph")
    yield Case("stores/load/nothing", ("load",))
    yield Case("stores/load/faulty", ("load", "{store}", "no-dot.ttl"), store="oxigraph")
    yield Case("stores/load/concepts", ("load", "{store}", "ana.ttl", "--concepts"), store="oxigraph")
    yield Case("stores/load/no concepts", ("load", "{store}", "--no-concepts"), store="oxigraph")
    yield Case(
        "stores/load/stdin", ("load", "{store}", "-", "--data-format", "turtle"), stdin="ana.ttl", store="oxigraph"
    )
    yield Case("stores/load/source", ("load", "{store}", "--source", "biography"), store="oxigraph")
    yield Case("stores/load/source and files", ("load", "{store}", "ana.ttl", "--source", "all"), store="oxigraph")
    yield Case(
        "stores/load/update url",
        ("load", "{store}", "ana.ttl", "--update-url", "http://{host}/update"),
        store="generic",
    )
    yield Case(
        "stores/load/graph store url",
        ("load", "{store}", "ana.ttl", "--graph-store-url", "http://{host}/data"),
        store="generic",
    )
    own = (("perezkg", ""),)
    for name in QUERIES:
        arguments = ("query", name, *_GIVEN.get(name, ()), "--endpoint", "{store}")
        yield Case(f"stores/asked/{name}", arguments, store="generic", holds=own)
    for form in _ROW_FORMATS:
        yield Case(
            f"stores/asked/medals/{form}",
            ("query", "medals", "--endpoint", "{store}", "-f", form),
            store="generic",
            holds=own,
        )
    for form in _GRAPH_FORMATS:
        yield Case(
            f"stores/asked/about/{form}",
            ("query", "about", *_GIVEN["about"], "--endpoint", "{store}", "-f", form),
            store="generic",
            holds=own,
        )
    for label in ("Jefferson Pérez", "Juegos Olímpicos 1996, Atlanta", "jefferson", "Fabián"):
        yield Case(
            f"stores/asked/label/{label}",
            ("query", "won-olympic-gold", "-p", f"athlete={label}", "--endpoint", "{store}"),
            store="generic",
            holds=own,
        )
    yield Case(
        "stores/asked/es", ("query", "medals", "--endpoint", "{store}", "--lang", "es"), store="generic", holds=own
    )
    yield Case(
        "stores/asked/unknown",
        ("query", "medals", "--endpoint", "{store}", "-p", "athlete=pz:nobody"),
        store="generic",
        holds=own,
    )
    yield Case(
        "stores/asked/false",
        ("query", "-e", "ASK { pz:a pz:b pz:c }", "--endpoint", "{store}"),
        store="generic",
        holds=own,
    )
    yield Case("stores/asked/no concepts", ("query", "medals", "--endpoint", "{store}"), store="generic", holds=(ana,))
    yield Case("stores/asked/empty", ("query", "medals", "--endpoint", "{store}"), store="generic")
    yield Case(
        "stores/asked/graph",
        ("query", "medals", "--endpoint", "{store}", "--graph", graph),
        store="generic",
        holds=(("ana.ttl", graph),),
    )


def cases() -> dict[str, Case]:
    """Return all cases by their names."""
    found: dict[str, Case] = {}
    for makers in (
        _usage,
        _queries,
        _query,
        _things,
        _validate,
        _export,
        _format_command,
        _upgrade,
        _info,
        _files,
        _answers,
        _stores,
    ):
        for case in makers():
            assert case.name not in found, case.name
            found[case.name] = case
    return found
