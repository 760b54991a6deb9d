"""`perezkg queries`: list the canned queries, look for some by a word, or show one."""

from __future__ import annotations

import os
import sys

from perezkg.cli.options import add_language_option, head, told
from perezkg.resources import LANGUAGES
from perezkg.sparql.catalogue import catalogue, find, matching, names
from perezkg.words import words as words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from typing import Any

    from perezkg.sparql.catalogue import CannedQuery


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.usage = "%(prog)s [NAME|WORD…] [OPTIONS]"
    parser.add_argument(
        "words",
        nargs="*",
        metavar="NAME|WORD",
        help="show the query of this name, with parameters and text, or list those that have all of these words",
    )
    parser.add_argument("-f", "--format", choices=("text", "json"), default="text", help="text (default) or json")
    add_language_option(parser)


def run(args: Namespace) -> int:
    """List, look for or show; see `add_arguments`."""
    name = " ".join(args.words)
    exact = name in names() or name.endswith(".rq") or os.path.exists(name)
    if not args.words:
        found = catalogue()
    else:  # one that is named is read alone
        found = [] if exact or not name.strip() else matching(catalogue(), args.words, args.lang)
    one = None if found else find(name)
    if args.format == "json":
        import json

        described = _as_json(one) if one else [_as_json(query) for query in found]
        json.dump(described, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(_shown(one, args.lang) if one else _listed(found, args.lang))
    return 0


def _listed(queries: list[CannedQuery], lang: str) -> str:
    groups: dict[str, list[CannedQuery]] = {}
    for query in queries:
        groups.setdefault(query.tags[0] if query.tags else "", []).append(query)
    width = max((len(query.name) for query in queries), default=0)
    blocks = []
    for tag in sorted(groups):
        lines = [head(tag, "tags")] if tag else []
        lines += [f"  {query.name:<{width}}  {query.summary(lang)}" for query in groups[tag]]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _shown(query: CannedQuery, lang: str) -> str:
    words = words_of("queries", lang)
    blocks = ["\n".join(filter(None, (query.title, query.summary(lang), query.description(lang)))) + "\n"]
    asked = [parameter for parameter in query.parameters.values() if parameter.name != "lang"]
    if asked:
        width = max(len(parameter.name) for parameter in asked)
        lines = [words["parameters"] + ":"]
        for parameter in asked:
            notes = [told(parameter.type_name)]
            if parameter.choices:
                notes.append(f"{words['one of']} {', '.join(parameter.choices)}")
            if parameter.default is not None:
                notes.append(f"{words['default']} {parameter.default}")
            elif not parameter.required:
                notes.append(words["optional"])
            lines.append(f"  {parameter.name:<{width}}  {'; '.join(notes)}")
        blocks.append("\n".join(lines) + "\n")
    shell, python = _examples(query)
    blocks.append(f"{words['try']}:\n  {shell}\n\n{words['python']}:\n  {python}\n")
    body = "\n".join(line for line in query.text.split("\n") if not line.startswith("#+")).strip("\n")
    blocks.append(f"{words['text']}:\n{body}\n")
    return "\n".join(blocks)


def _examples(query: CannedQuery) -> tuple[str, str]:
    given = [
        parameter.example
        for parameter in query.parameters.values()
        if parameter.name != "lang" and (parameter.required or parameter.choices)
    ]
    shell = " ".join([f"perezkg query {query.name or query.path}", *(f"-p {one}" for one in given)])
    arguments = []
    for one in given:
        name, _, value = one.partition("=")
        kind = query.parameters[name].kind
        arguments.append(f"{name}={value}" if kind in ("integer", "number") else f'{name}="{value.strip(chr(39))}"')
    python = ", ".join([f'perezkg.load().query("{query.name or query.path}"', *arguments]) + ")"
    return shell, python


def _as_json(query: CannedQuery) -> dict[str, Any]:
    return {
        "name": query.name,
        "summary": {lang: query.summary(lang) for lang in LANGUAGES},
        "description": {lang: query.description(lang) for lang in LANGUAGES},
        "tags": list(query.tags),
        "form": query.form,
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.kind,
                **({"language": parameter.language} if parameter.language else {}),
                "required": parameter.required and parameter.default is None and parameter.name != "lang",
                "default": "en" if parameter.name == "lang" and parameter.default is None else parameter.default,
                "choices": list(parameter.choices),
            }
            for parameter in query.parameters.values()
        ],
        "path": query.path,
    }
