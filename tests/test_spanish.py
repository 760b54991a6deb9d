"""Under `--lang es` perezkg speaks Spanish: its catalogue has all that the source says, and nothing that it does not.

A failure of the first test lists what was written since: give it Spanish in src/perezkg/languages/es.toml.
"""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING

import pytest
from tests.recording import recording, writing
from tests.recording.cases import cases
from tests.recording.running import runner
from tests.said import pattern, said, said_by_argparse

from perezkg.sparql.catalogue import catalogue as queries
from perezkg.sparql.results import Solutions
from perezkg.words import catalogue, translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Run
    from tests.recording.running import Runner

    import perezkg

SPANISH = catalogue("es")
SENTENCES = SPANISH["sentences"]
RECORDED = recording.recorded()

# Texts of the source that nobody reads, or that are the same in each language: queries, documents, names of fields.
KEPT = re.compile(
    r"(ASK|SELECT|COALESCE)\b.*|rdfs:label skos:.*|(\{\})?\$this .*|@prefix \{\}:.*|<[?a-z]+ .*|\[.*|sh:conforms \{\}"
    r"|(SPARQL 1\.1|XPath Functions 3\.1|XML Schema 1\.1), \d.*|integer nonPositiveInteger .*"
    r"|# .*|(header|kind|unit) = .*  # .*"  # in a sketch of a preset
    r"|[a-z-]+/[a-z-]+; .*|Bearer \{\}|--graph \{\} --recover \{\}|SERVICE"
    r"|[*a-z].*\b(passages sources|sources|name label( values)?|sha256|supports words|citation=lines"
    r"|verdicts contradicted_by counterexamples)|event date"
    r"|<[a-z]+[{>].*|style=.*"  # in a notebook
    r"|<xhtml:link .*|# https://w3id\.org/.*|Options \+\w+|RewriteEngine on|\{\} --lang \{\}"
    r"|const perezkg\w+ =(?: \{\};)?"
    r"|`perezkg query \{\}`"
    r"|(\{\})?</?(!DOCTYPE )?[a-z]+>(\{\}</[a-z]+>)?"  # tags
    # Pieces of scripts for shells, and of a page for man.
    r"|(\{\}\) values=|complete -c |-[asx] |__perezkg_using |printf |return|case |\.TH |\\f).*|perezkg\.(ba|z|fi)sh"
)
KEPT_WORDS = {
    *(
        "does not conform",
        "unknown type",
        "no type",
        "through sources",
        "terms backwards",
        "unchecked node",
    ),  # names in words.py
    "thousands of four digits",
    "oxigraph rdflib",  # names
    *("discipline", "sex", "athlete", "year", "rank", "mark", "wind", "nation"),  # fields of a preset
    *("jan ene", "apr abr", "aug ago", "dec dic"),  # months, as tables write them
    "pip install 'perezkg[xlsx]'",
    *("too late", "no more bytes"),  # said to perezkg itself
    *("Permission denied", "Is a directory"),  # as the system says them
    *("Invalid argument:", "Not implemented:"),  # as RocksDB says them
    "A cache that `perezkg index` made: it may be deleted, and be built again from its sources.",  # in a manifest
    "public, max-age=60",  # said to browsers
}
# What stands in a table that is told, and would be a name elsewhere.
TOLD = {"text", "unchanged"}
# The words of argparse that no parser of perezkg has a use for: subcommands, mistakes in the program.
UNUSED = re.compile(
    r"subparser|parser \{\} \(|callable|required' is|dest=|option string \{\}: must|__call__|open '|merge|mutually"
    r"|conflict|deprecated|maybe you meant|\(default: |version number|subcommands|warning: |mode \{\}|\{\}: error: \{\}"
)


def test_the_catalogue_has_all_that_the_source_says() -> None:
    lacking = {text: modules for text, modules in said().items() if not kept(text) and not known(text)}
    assert lacking == {}


def test_the_catalogue_has_all_that_argparse_says() -> None:
    assert [text for text in sorted(said_by_argparse()) if not UNUSED.search(text) and not known(text)] == []


def test_the_catalogue_has_nothing_that_is_not_said() -> None:
    system = {text[0].lower() + text[1:] for text in map(os.strerror, errno.errorcode)}
    sources = {*said(), *said_by_argparse(), *system, *TOLD}
    unsaid = [sentence for sentence in SENTENCES if not any(says(text, sentence) for text in sources)]
    # What libraries say stands in the recording, or nobody would know that they say it.
    heard = "\n".join(RECORDED.values())
    # A gap at either end may be anything, and would be looked for from each letter on.
    assert [sentence for sentence in unsaid if not pattern(re.sub(r"^\{\}|\{\}$", "", sentence)).search(heard)] == []


def test_what_is_kept_is_in_the_source() -> None:
    assert set(said()) >= KEPT_WORDS


def test_a_sentence_has_its_gaps_in_spanish() -> None:
    for english, told in SENTENCES.items():
        gaps = re.findall(r"\{(\d*)\}", told)
        numbers = [int(gap) if gap else place for place, gap in enumerate(gaps)]
        assert sorted(numbers) == list(range(english.count("{}"))), english
        assert (english, told) == (english.strip(), told.strip())


def test_heads_of_columns_and_groups_of_queries_are_words(kg: perezkg.KnowledgeGraph) -> None:
    heads: set[str] = set()
    tags: set[str] = set()
    for query in queries():
        given = (parameter.example.partition("=") for parameter in query.parameters.values() if parameter.required)
        values: dict[str, object] = {name: value.strip("'") for name, _, value in given if name != "lang"}
        answer = kg.run(query, values)
        heads.update(answer.variables if isinstance(answer, Solutions) else ())
        tags.update(query.tags[:1])
    assert set(SPANISH["columns"]) == heads
    assert tags <= set(SPANISH["tags"])


def says(text: str, sentence: str) -> bool:
    """Tell whether a text of the source may be a sentence of the catalogue, or stands in one."""
    if text[0] in ",;":
        return bool(pattern("{}" + text + "{}").fullmatch(sentence))
    part = text in sentence and text.count(" ") > 4
    return part or any(pattern(text + behind).fullmatch(sentence) for behind in ("", ", {}"))


def known(text: str) -> bool:
    """Tell whether a text of the source is in the catalogue: as it is, or with what is put into its gaps."""
    return text in SENTENCES or any(says(text, sentence) for sentence in SENTENCES)


def kept(text: str) -> bool:
    """Tell whether a text is the same in each language."""
    return text in KEPT_WORDS or bool(KEPT.fullmatch(text))


# Words without which nobody writes English, and that are no Spanish.
ENGLISH = re.compile(
    r"\b(the|is|are|of|to|not|and|with|there|this|that|its?|has|have|for|from|by|which|what|does|cannot|was|or|an|give"
    r"|name|on|at|be|any|one|more|than|you|if|write|known|nothing|must|should|choose|did)\b",
    re.IGNORECASE,
)
# What is the same in each language: what users wrote (in quotation marks, or shown with a caret), commands, options,
# addresses and files; and what stores and shapes said.
SAME = re.compile(
    r"^ {4}.*$|^  perezkg .*$|`[^`]*`|'[^']*'|\"[^\"]*\"|<[^>]*>|--?\w[\w-]*|\S*[/|]\S*|\{[^}]*\}|\w+:\w+"
    r"|\b[A-Z]{2,}\b|[\w-]+(\.\w+)+|(?<=dice: ).*|Graph Store\s+Protocol|-e SPARQL|perezkg query \w+"
    r"|(?<=contiene: ).*|MinCountConstraintComponent .*|texto inesperado: .*",
    re.MULTILINE,
)


@pytest.fixture(scope="module")
def where() -> Iterator[Runner]:
    with runner() as found:
        yield found


def told_something() -> dict[str, dict[str, str]]:
    """Return the names of cases in which perezkg says something, each thing once, by their kind."""
    found: dict[str, dict[str, str]] = {}
    for name, case in cases().items():
        block = RECORDED.get(writing.shown(name), "")  # the recording has a test of its own
        told = "".join(re.findall(r"^err.*\n(?:\| .*\n?)*", block, re.MULTILINE))
        if (told or (block and name.startswith("usage/"))) and "--lang" not in case.arguments:
            kind = name.partition("/")[0]
            found.setdefault(kind, {}).setdefault(told or block, name)
    return found


@pytest.mark.skipif(bool(recording.older()), reason="recorded with newer libraries")
@pytest.mark.parametrize("kind", told_something())
def test_messages_and_help_are_spanish(kind: str, where: Runner) -> None:
    names = list(told_something()[kind].values())
    for name in names:
        case = cases()[name]
        arguments = (*case.arguments[:1], "--lang", "es", *case.arguments[1:])
        ended = where.run(case._replace(arguments=arguments))
        assert f"status {ended.status}\n" in RECORDED[writing.shown(name)], name
        told = ended.err.decode() + (ended.out.decode() if kind == "usage" else "")
        assert told, name
        assert not ENGLISH.search(SAME.sub("", told)), f"{name}:\n{told}"


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "--outptu", "x", "--lang", "es"),
        ("query", "--lang=es", "--outptu", "x"),
        ("--lang", "es", "query", "--outptu", "x"),
        ("--lang=es", "query", "--outptu", "x"),
        ("query", "--lang", "en", "--outptu", "x", "--lang", "es"),
    ],
    ids=" ".join,
)
def test_a_mistake_in_the_arguments_is_told_in_spanish_wherever_it_stands(
    command: Run, arguments: tuple[str, ...]
) -> None:
    ended = command(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "perezkg: error: argumentos no reconocidos: --outptu\n¿Quiso decir --output?\n"


@pytest.mark.parametrize("arguments", [("--outptu",), ("--outptu", "--lang", "fr"), ("--outptu", "--", "--lang", "es")])
def test_a_mistake_is_told_in_english_else(command: Run, arguments: tuple[str, ...]) -> None:
    assert command("query", *arguments).err.startswith("perezkg: error: ")
    assert "Did you mean" in command("query", *arguments).err or "choose from" in command("query", *arguments).err


@pytest.mark.parametrize("arguments", [("--help", "--lang", "es"), ("--lang", "es", "--help"), ("--lang=es", "-h")])
def test_help_before_any_command(command: Run, arguments: tuple[str, ...]) -> None:
    assert command(*arguments).out.startswith("uso: perezkg COMANDO [OPCIONES]\n")


def test_tables_for_people_have_spanish_heads(command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    markdown = command("query", "medals", "-f", "markdown", "--lang", "es").out
    assert markdown.startswith("| año | atleta | competencia | lugar | medalla | puesto | marca | parcial | IRI |\n")
    table = command("query", "medals", "-f", "table", "--lang", "es").out
    assert table.split()[:3] == ["año", "atleta", "competencia"]
    assert table.endswith("\n16 filas\n")
    assert command("query", "medals", "-f", "csv", "--lang", "es").out.startswith("year,athlete,")
    own = command("query", "-e", "SELECT (1 AS ?year) {}", "-f", "markdown", "--lang", "es").out
    assert own.startswith("| year |")


def test_a_limit_is_told_in_spanish(process: Run) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    ended = process("query", "-e", query, "--timeout", "0.3", "--lang", "es")
    assert (ended.status, ended.err) == (
        5,
        "perezkg: error: no terminó en 0.3 s de reloj; --timeout SEGUNDOS permite más\n",
    )


def test_the_environment_changes_no_language(process: Run) -> None:
    spanish = dict.fromkeys(("LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE"), "es_EC.UTF-8")
    assert process("query", "medlas", env=spanish).err.endswith("Did you mean medals?\n")
    assert process("query", "--help", env=spanish).out.startswith("usage: ")


def test_numbers_are_written_as_in_spanish() -> None:
    assert translated("1,353 triples only in the files, 1,234,567 only in the store", "es") == (
        "1353 tripletas solo en los archivos, 1.234.567 solo en el almacén"
    )


def test_names_are_not_translated() -> None:
    assert translated("perezkg: formatted data", "es") == "perezkg: se dio formato a data"
    assert translated("there is no format 'an integer'", "es") == "no existe el formato 'an integer'"


def test_a_part_of_a_sentence_is_translated_as_well() -> None:
    both = "this is not a.txt as it was cited: its lines end in CR LF and it has an extra line end at the end"
    assert translated(both, "es") == (
        "esto no es a.txt tal como se citó: sus líneas terminan en CR LF y tiene un fin de línea de más al final"
    )
    assert translated("The graph http://a holds again what it held.", "es") == (
        "El grafo http://a contiene de nuevo lo que contenía."
    )
