"""The formats of a report: text for people; JSON, SHACL's own report as Turtle, and SARIF 2.1.0 for programs."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from hashlib import sha256
from itertools import groupby, islice
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode

from perezkg.rdf.terms import as_json, as_turtle
from perezkg.resources import VERSION
from perezkg.shacl.engines import DEFAULT
from perezkg.shacl.report import FAIL_ON, UNCHECKED, in_language, sparql_path, turtle_path
from perezkg.vocabulary import PREFIXES, shrink
from perezkg.words import words as words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from perezkg.shacl.report import Report, Result

JSON_VERSION = 2
"""The version of the JSON format; it rises when a field changes its meaning or is dropped, not when one is added."""

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
# GitHub sorts its alerts by these.
_PROBLEMS = {"violation": "error", "warning": "warning", "info": "recommendation"}
_WIDTH = 110  # of the excerpt of a source line
_UNNAMED = "unnamed-shape"
_LEFT_OUT = "unshown"
_OF_UNCHECKED = ("file", "line", "column", "sourceLine", "messages", "focus", "path", "value")
# Its name in `perezkg.rdf.reading`; it has no path.
_STANDARD_INPUT = "standard input"


def text(report: Report, *, lang: str, notes: bool) -> Iterator[str]:
    """Yield a report as text: the results by file, then what was checked and whether it conforms.

    Args:
        report: The report.
        lang: The language of the words, one of `perezkg.resources.LANGUAGES`.
        notes: Whether notes are listed one by one, or only counted.
    """
    words = words_of("report", lang)
    once = _once(report)
    listed = [result for result in once if notes or result.severity != "info"]
    for file, results in groupby(listed, key=lambda result: result.file):
        yield f"{file or words['nowhere']}\n\n"
        for result in results:
            yield from _result(report, result, lang)
            yield "\n"
    if report.left_out:
        yield f"{_count(report.left_out, _LEFT_OUT, words)}\n\n"
    hidden = f". {words['hidden']}." if len(listed) < len(once) else ""
    # The default engine is told where programs read: in JSON and SARIF.
    is_told = report.engine is not None and report.engine.name != DEFAULT
    by = f"{'' if hidden else '.'} {words['engine'].format(engine=report.engine)}." if is_told else ""
    yield f"{_summary(report, once, lang)}{hidden}{by}\n"


def notebook_table(report: Report) -> str:
    """Return a report for a notebook: whether the data conform, and a table of the gravest results."""
    from perezkg import notebook

    words = words_of("report", "en")
    once = sorted(_once(report), key=lambda result: FAIL_ON.index(result.severity))
    names = [os.path.basename(file.name) for file in report.files]
    if len(set(names)) == len(names):  # a notebook is for others, too: where folders tell nothing, they are left out
        once = [replace(result, file=os.path.basename(result.file)) for result in once]
    mark = "✓" if report.conforms else "✗"
    told = f"<p><strong>{mark} {notebook.text(_summary(report, once, 'en'))}</strong></p>"
    if not once:
        return told
    rows = (
        [
            notebook.cell(notebook.text(words[result.severity])),
            notebook.cell(notebook.text(result.place)),
            notebook.cell(notebook.text(result.message())),
            notebook.cell(
                notebook.link(
                    result.focus.value if isinstance(result.focus, NamedNode) else "", report.names.term(result.focus)
                )
            ),
        ]
        for result in once[: notebook.MOST]
    )
    head = (words["severity"], words["place"], words["message"], words["node"])
    return told + notebook.table(head, rows, len(once) + report.left_out, "en")


def _once(report: Report) -> list[Result]:
    """Return the results without those that say the same about the same place and node as one before them.

    A text where a number should be breaks sh:datatype, sh:pattern and sh:minInclusive of one shape: three results for a
    program, one fault for a person.
    """
    found: dict[object, Result] = {}
    # Each of the two is in order already.
    listed = sorted(
        (*report.results, *report.unchecked),
        key=lambda result: (result.file, result.line, result.column, result.rule, result.component),
    )
    for result in listed:
        place: object = (result.file, result.line, result.column)
        if not result.line:  # the place is not known, so results are told apart by the value
            place = (result.file, result.path, result.value)
        words = tuple(sorted(result.messages.items())) or result.component
        key = (place, result.severity, result.rule, result.focus, words)
        kept = found.setdefault(key, result)
        if kept.value is None and result.value is not None:
            found[key] = result
    return list(found.values())


def _summary(report: Report, once: list[Result], lang: str) -> str:
    """Return the last line of a report, which counts what is in it."""
    words = words_of("report", lang)
    numbers = dict(report.counts)
    if not report.left_out:
        numbers = {severity: sum(result.severity == severity for result in once) for severity in numbers}
    counts = [_count(number, severity, words) for severity, number in numbers.items() if number] or [words["none"]]
    unchecked = report.found.get(UNCHECKED, len(report.unchecked))
    if unchecked:
        counts.append(_count(unchecked, "unchecked node", words))
    files = _count(len(report.files), "file", words)
    triples = _count(sum(file.triples for file in report.files), "triple", words)
    verdict = words["conforms" if report.conforms else "does not conform"]
    return f"{verdict}: {', '.join(counts)} ({files}, {triples})"


def _result(report: Report, result: Result, lang: str) -> Iterator[str]:
    words, names = words_of("report", lang), report.names
    place = f"{result.place}: " if result.place else ""
    yield f"{place}{words[result.severity]}: {result.message(lang)}\n"
    if result.source_line:
        yield from excerpt(result.source_line, result.column)
    about = [("rule", names.iri(result.rule) if result.rule else ""), ("node", names.term(result.focus))]
    if result.path is not None:
        about.append(("path", sparql_path(result.path, names.iri)))
    if result.value is not None and result.value != result.focus:
        about.append(("value", _shortened(names.term(result.value))))
    yield "  " + " · ".join(f"{words[name]} {value}" for name, value in about if value) + "\n"


def excerpt(source_line: str, column: int) -> Iterator[str]:
    """Yield a source line and a caret under a column; of a long line, the part around the column.

    >>> print("".join(excerpt("    sport:rank 2 ;", 16)), end="")
        sport:rank 2 ;
                   ^
    """
    # A tab would move the caret, and the indentation is of no interest.
    line = source_line.replace("\t", " ")
    indent = len(line) - len(line.lstrip())
    start = max(indent, column - _WIDTH // 2) if len(line) - indent > _WIDTH else indent
    start = min(start, max(column - 1, 0))
    yield "    " + line[start : start + _WIDTH].rstrip() + "\n"
    if column:
        yield "    " + " " * (column - 1 - start) + "^\n"


def _shortened(text: str, limit: int = 80) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _count(number: int, noun: str, words: Mapping[str, str]) -> str:
    separator = words["thousands" if number >= 10_000 else "thousands of four digits"]
    return f"{number:,} {words[noun if number == 1 else noun + 's']}".replace(",", separator)


def json_document(report: Report, **_: object) -> Iterator[str]:
    """Yield a report as one JSON object, in every language."""

    def unchecked(result: Result) -> dict[str, object]:
        return {name: value for name, value in _json_result(report, result).items() if name in _OF_UNCHECKED}

    yield from _json(
        {
            "version": JSON_VERSION,
            "conforms": report.conforms,
            "failOn": report.fail_on,
            "counts": report.counts,
            "leftOut": report.left_out,
            "engine": None if report.engine is None else asdict(report.engine),
            "files": [asdict(file) for file in report.files],
            "results": _Lazily(report.results, lambda result: _json_result(report, result)),
            "unchecked": _Lazily(report.unchecked, unchecked),
            "notices": list(report.notices),
        }
    )


class _Lazily(list[object]):
    """A list for JSON, each item of which is made when it is written."""

    def __init__(self, results: tuple[Result, ...], item: Callable[[Result], object]) -> None:
        super().__init__(results)
        self._results, self._item = results, item

    def __iter__(self) -> Iterator[object]:
        return map(self._item, self._results)


def _json(document: dict[str, object]) -> Iterator[str]:
    pieces = json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(document)
    while piece := "".join(islice(pieces, 1000)):
        yield piece
    yield "\n"


def _json_result(report: Report, result: Result) -> dict[str, object]:
    return {
        "severity": result.severity,
        "file": result.file or None,
        "line": result.line or None,
        "column": result.column or None,
        "sourceLine": result.source_line or None,
        "messages": {tag or "und": text for tag, text in result.messages.items()},
        "rule": result.rule or None,
        "ruleName": report.names.iri(result.rule) if result.rule else None,
        "component": result.component,
        "focus": as_json(result.focus),
        "path": None if result.path is None else sparql_path(result.path),
        "value": None if result.value is None else as_json(result.value),
    }


def turtle_document(report: Report, **_: object) -> Iterator[str]:
    """Yield a report as the graph that SHACL defines, in Turtle and in every language.

    `sh:conforms` has SHACL's meaning: false as soon as there is any result of the shapes, whatever `fail_on` is. Shapes
    without an IRI are blank nodes. Files and lines are left out, as SHACL has no properties for them.
    """
    if report.engine is not None and report.engine.name != DEFAULT:
        yield f"# Checked by {report.engine}.\n"
    if report.left_out:
        yield f"# {_count(report.left_out, _LEFT_OUT, words_of('report', 'en'))}\n"
    body = "".join(_turtle_report(report))
    for prefix, namespace in PREFIXES.items():
        if prefix == "sh" or f" {prefix}:" in body or f"^{prefix}:" in body:
            yield f"@prefix {prefix}: <{namespace}> .\n"
    yield "\n" + body


def _turtle_report(report: Report) -> Iterator[str]:
    yield f"[] a sh:ValidationReport ;\n    sh:conforms {str(not any(report.counts.values())).lower()}"
    if report.results:
        yield " ;\n    sh:result "
        yield " ,\n        ".join("[\n" + "".join(_turtle_result(result, 3)) + "        ]" for result in report)
    yield " .\n"


def _turtle_result(result: Result, depth: int) -> Iterator[str]:
    facts = [
        ("a", "sh:ValidationResult"),
        ("sh:resultSeverity", shrink(result.severity_iri)),
        ("sh:focusNode", as_turtle(result.focus, shrink)),
        ("sh:resultPath", "" if result.path is None else turtle_path(result.path, shrink)),
        ("sh:value", "" if result.value is None else as_turtle(result.value, shrink)),
        ("sh:sourceConstraintComponent", shrink(result.component)),
        ("sh:sourceShape", _shape(result.shape)),
        ("sh:sourceConstraint", "" if result.constraint is None else _shape(result.constraint)),
    ]
    messages = (Literal(text, language=tag) if tag else Literal(text) for tag, text in result.messages.items())
    facts.append(("sh:resultMessage", " , ".join(map(as_turtle, messages))))
    for detail in result.details:
        inner = "".join(_turtle_result(detail, depth + 1))
        facts.append(("sh:detail", f"[\n{inner}{'    ' * depth}]"))
    for name, value in facts:
        if value:
            yield f"{'    ' * depth}{name} {value} ;\n"


def _shape(node: NamedNode | BlankNode) -> str:
    return shrink(node.value) if isinstance(node, NamedNode) else "[]"


def sarif_document(report: Report, *, lang: str, **_: object) -> Iterator[str]:
    """Yield a report as a SARIF log with one run."""
    order = sorted({result.rule for result in report})
    left_out = [_count(report.left_out, _LEFT_OUT, words_of("report", lang))] if report.left_out else []
    run = {
        "tool": {
            "driver": {
                "name": "perezkg",
                "semanticVersion": VERSION,
                "version": VERSION,
                "rules": [_sarif_rule(report, iri, lang) for iri in order],
            },
            "extensions": [{"name": engine.name, "version": engine.version} for engine in [report.engine] if engine],
        },
        "language": lang,
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "exitCode": 0 if report.conforms else 1,
                "toolExecutionNotifications": [
                    *(
                        {
                            "level": "note",
                            "message": {"text": result.message(lang)},
                            "locations": [_place(report, result)],
                        }
                        for result in report.unchecked
                    ),
                    *({"level": "note", "message": {"text": notice}} for notice in (*report.notices, *left_out)),
                ],
            }
        ],
        "artifacts": [{"location": _location(file.name)} for file in report.files],
        "results": _Lazily(
            report.results, lambda result: _sarif_result(report, result, order.index(result.rule), lang)
        ),
    }
    yield from _json({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _sarif_rule(report: Report, iri: str, lang: str) -> dict[str, object]:
    rule = report.rules.get(iri)
    first = next(result for result in report if result.rule == iri)
    name = _rule_id(report, iri)
    message = in_language(rule.messages, lang) if rule and rule.messages else first.message(lang)
    described = in_language(rule.description, lang) if rule else ""
    parts = [f"**{name}**", message]
    if rule:
        parts += [f"*{tag}*: {text}" for tag, text in rule.messages.items() if text != message]
        if rule.query:
            parts.append(f"```sparql\n{rule.query.strip()}\n```")
    if iri:
        parts.append(f"<{iri}>")
    return {
        "id": name,
        "shortDescription": {"text": message or name},
        "fullDescription": {"text": described or message or name},
        "help": {"text": message or name, "markdown": "\n\n".join(filter(None, parts))},
        "defaultConfiguration": {"level": _LEVELS[first.severity]},
        "properties": {"tags": ["SHACL"], "problem.severity": _PROBLEMS[first.severity]},
    }


def _sarif_result(report: Report, result: Result, rule: int, lang: str) -> dict[str, object]:
    properties = {"component": result.component, "focus": report.names.term(result.focus)}
    if result.path is not None:
        properties["path"] = sparql_path(result.path, report.names.iri)
    if result.value is not None and result.value != result.focus:
        properties["value"] = report.names.term(result.value)
    return {
        "ruleId": _rule_id(report, result.rule),
        "ruleIndex": rule,
        "level": _LEVELS[result.severity],
        "message": {"text": result.message(lang) or _rule_id(report, result.rule)},
        "locations": [_place(report, result)],
        "partialFingerprints": {"focusPathValue/v1": _fingerprint(result)},
        "properties": properties,
    }


def _place(report: Report, result: Result) -> dict[str, object]:
    place: dict[str, object] = {"logicalLocations": [{"fullyQualifiedName": report.names.term(result.focus)}]}
    files = [file.name for file in report.files]
    if files:
        # A result that is in no file is shown at the first one, as code hosts refuse results without a file.
        index = files.index(result.file) if result.file else 0
        physical: dict[str, object] = {"artifactLocation": {**_location(files[index]), "index": index}}
        if result.line:
            physical["region"] = {
                "startLine": result.line,
                "startColumn": result.column,
                # To the end of the line, as the place where a term ends is not known.
                "endColumn": max(len(result.source_line) + 1, result.column + 1),
                "snippet": {"text": result.source_line},
            }
        place["physicalLocation"] = physical
    return place


def _location(name: str) -> dict[str, object]:
    """Return the location of a file: relative when it is below the working directory, as code hosts need it."""
    if name == _STANDARD_INPUT and not os.path.exists(name):
        return {"uri": "urn:perezkg:standard-input", "description": {"text": name}}
    relative = os.path.relpath(name) if os.path.exists(name) else name
    if relative.startswith(os.pardir):
        return {"uri": "file://" + quote(os.path.abspath(name).replace(os.sep, "/"))}
    return {"uri": quote(relative.replace(os.sep, "/")), "uriBaseId": "%SRCROOT%"}


def _fingerprint(result: Result) -> str:
    """Return a digest by which a fault is recognised when it has moved to another line."""
    terms = (result.focus, result.value)
    named = ["" if term is None else str(term) for term in terms if not isinstance(term, BlankNode)]
    # A blank node has no name that stays; the line that it is written in stands for it.
    own = result.source_line.strip() if isinstance(result.focus, BlankNode) else ""
    text = "\n".join([result.rule, result.component, str(result.path or ""), *named, own])
    return sha256(text.encode()).hexdigest()[:32]


def _rule_id(report: Report, iri: str) -> str:
    return report.names.iri(iri).strip("<>") if iri else _UNNAMED
