"""Reports for programs: JSON, SHACL's own report as Turtle, and SARIF 2.1.0."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode

from perezkg.resources import VERSION
from perezkg.shacl.report import as_sparql, as_turtle
from perezkg.vocabulary import PREFIXES, XSD, shrink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.report import Report, Result, Rule

JSON_VERSION = 1
"""Goes up when a field changes its meaning or goes away; new fields may come without."""


def document(report: Report) -> Iterator[str]:
    """Yield a report as one JSON object."""
    yield json.dumps(
        {
            "version": JSON_VERSION,
            "conforms": report.conforms,
            "failOn": report.fail_on,
            "counts": report.counts,
            "files": [{"name": file.name, "triples": file.triples} for file in report.files],
            "results": [_json_result(report, result) for result in report],
        },
        ensure_ascii=False,
        indent=2,
    )
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
        "focus": term(result.focus),
        "path": None if result.path is None else as_sparql(result.path),
        "value": None if result.value is None else term(result.value),
    }


def term(term: Rdf11Term) -> dict[str, str]:
    """Return a term as the SPARQL 1.1 results format in JSON has it.

    >>> from pyoxigraph import Literal
    >>> term(Literal("Río", language="es"))
    {'type': 'literal', 'value': 'Río', 'xml:lang': 'es'}
    """
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype.value != XSD + "string":
        found["datatype"] = term.datatype.value
    return found


def graph(report: Report) -> Iterator[str]:
    """Yield a report as a graph.

    `sh:conforms` is SHACL's: false as soon as there is any result, whatever `fail_on` says. Shapes without an IRI are
    blank nodes, as SHACL's own reports have them. The file and line of a result are no part of SHACL's vocabulary and
    are left out.
    """
    body = "".join(_body(report))
    for prefix, namespace in PREFIXES.items():
        if prefix == "sh" or f" {prefix}:" in body or f"^{prefix}:" in body:
            yield f"@prefix {prefix}: <{namespace}> .\n"
    yield "\n" + body


def _body(report: Report) -> Iterator[str]:
    yield f"[] a sh:ValidationReport ;\n    sh:conforms {str(not report.results).lower()}"
    if report.results:
        yield " ;\n    sh:result "
        yield " ,\n        ".join("[\n" + "".join(_turtle_result(result, 3)) + "        ]" for result in report)
    yield " .\n"


def _turtle_result(result: Result, depth: int) -> Iterator[str]:
    facts = [
        ("a", "sh:ValidationResult"),
        ("sh:resultSeverity", shrink(result.severity_iri)),
        ("sh:focusNode", _term(result.focus)),
        ("sh:resultPath", "" if result.path is None else as_turtle(result.path, shrink)),
        ("sh:value", "" if result.value is None else _term(result.value)),
        ("sh:sourceConstraintComponent", shrink(result.component)),
        ("sh:sourceShape", _shape(result.shape)),
        ("sh:sourceConstraint", "" if result.constraint is None else _shape(result.constraint)),
    ]
    messages = [str(Literal(text, language=tag) if tag else Literal(text)) for tag, text in result.messages.items()]
    facts.append(("sh:resultMessage", " , ".join(messages)))
    for detail in result.details:
        inner = "".join(_turtle_result(detail, depth + 1))
        facts.append(("sh:detail", f"[\n{inner}{'    ' * depth}]"))
    for name, value in facts:
        if value:
            yield f"{'    ' * depth}{name} {value} ;\n"


def _shape(node: Rdf11Term) -> str:
    return shrink(node.value) if isinstance(node, NamedNode) else "[]"


def _term(term: Rdf11Term) -> str:
    if isinstance(term, NamedNode):
        return shrink(term.value)
    if isinstance(term, Literal) and not term.language:
        datatype = term.datatype.value
        if datatype != XSD + "string":
            return f"{Literal(term.value)}^^{shrink(datatype)}"
    return str(term)


SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
# What GitHub sorts its alerts by.
_PROBLEMS = {"violation": "error", "warning": "warning", "info": "recommendation"}
_UNNAMED = "unnamed-shape"
# What `perezkg.rdf.reading` calls it; it has no path.
_STANDARD_INPUT = "standard input"


def log(report: Report, lang: str = "en") -> Iterator[str]:
    """Yield a report as a SARIF log with one run."""
    order = sorted({result.rule for result in report})
    run = {
        "tool": {
            "driver": {
                "name": "perezkg",
                "semanticVersion": VERSION,
                "version": VERSION,
                "rules": [_rule(report, iri, lang) for iri in order],
            }
        },
        "language": lang,
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "exitCode": 0 if report.conforms else 1}],
        "artifacts": [{"location": _location(file.name)} for file in report.files],
        "results": [_sarif_result(report, result, order.index(result.rule), lang) for result in report],
    }
    yield json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)
    yield "\n"


def _rule(report: Report, iri: str, lang: str) -> dict[str, object]:
    rule = report.rules.get(iri)
    first = next(result for result in report if result.rule == iri)
    message = _in(rule.messages, lang) if rule and rule.messages else first.message(lang)
    described: dict[str, object] = {
        "id": _rule_id(report, iri),
        "shortDescription": {"text": message or _rule_id(report, iri)},
        "fullDescription": {"text": (_in(rule.description, lang) if rule else "") or message or _rule_id(report, iri)},
        "help": _help(report, iri, rule, message),
        "defaultConfiguration": {"level": _LEVELS[first.severity]},
    }
    described["properties"] = {"tags": ["SHACL"], "problem.severity": _PROBLEMS[first.severity]}
    return described


def _help(report: Report, iri: str, rule: Rule | None, message: str) -> dict[str, str]:
    parts = [f"**{_rule_id(report, iri)}**", message]
    if rule:
        parts += [f"*{tag}*: {text}" for tag, text in rule.messages.items() if text != message]
        if rule.query:
            parts.append(f"```sparql\n{rule.query.strip()}\n```")
    if iri:
        parts.append(f"<{iri}>")
    return {"text": message or _rule_id(report, iri), "markdown": "\n\n".join(part for part in parts if part)}


def _sarif_result(report: Report, result: Result, rule: int, lang: str) -> dict[str, object]:
    found: dict[str, object] = {
        "ruleId": _rule_id(report, result.rule),
        "ruleIndex": rule,
        "level": _LEVELS[result.severity],
        "message": {"text": result.message(lang) or _rule_id(report, result.rule)},
        "locations": [_place(report, result)],
        "partialFingerprints": {"focusPathValue/v1": _fingerprint(result)},
    }
    properties = {"component": result.component, "focus": report.names.term(result.focus)}
    if result.path is not None:
        properties["path"] = as_sparql(result.path, report.names.iri)
    if result.value is not None and result.value != result.focus:
        properties["value"] = report.names.term(result.value)
    found["properties"] = properties
    return found


def _place(report: Report, result: Result) -> dict[str, object]:
    place: dict[str, object] = {"logicalLocations": [{"fullyQualifiedName": report.names.term(result.focus)}]}
    files = [file.name for file in report.files]
    if files:
        # A fault that stands in no file is shown at the first: code hosts refuse a result without a file.
        index = files.index(result.file) if result.file else 0
        physical: dict[str, object] = {"artifactLocation": {**_location(files[index]), "index": index}}
        if result.line:
            region: dict[str, object] = {"startLine": result.line, "startColumn": result.column}
            # To the end of the line: where a term ends is of no more use than where it begins.
            region["endColumn"] = max(len(result.source_line) + 1, result.column + 1)
            region["snippet"] = {"text": result.source_line}
            physical["region"] = region
        place["physicalLocation"] = physical
    return place


def _location(name: str) -> dict[str, object]:
    """Return where a file is: relative to the working directory when it is below it, as code hosts need."""
    if name == _STANDARD_INPUT and not os.path.exists(name):
        return {"uri": "urn:perezkg:standard-input", "description": {"text": name}}
    relative = os.path.relpath(name) if os.path.exists(name) else name
    if relative.startswith(os.pardir):
        return {"uri": "file://" + quote(os.path.abspath(name).replace(os.sep, "/"))}
    return {"uri": quote(relative.replace(os.sep, "/")), "uriBaseId": "%SRCROOT%"}


def _fingerprint(result: Result) -> str:
    """Return what tells a fault apart from others and stays when lines move."""
    terms = (result.focus, result.value)
    named = ["" if term is None else str(term) for term in terms if not isinstance(term, BlankNode)]
    # A blank node has no name of its own; the line that it is written in must do.
    own = result.source_line.strip() if isinstance(result.focus, BlankNode) else ""
    text = "\n".join([result.rule, result.component, str(result.path or ""), *named, own])
    return sha256(text.encode()).hexdigest()[:32]


def _rule_id(report: Report, iri: str) -> str:
    return report.names.iri(iri).strip("<>") if iri else _UNNAMED


def _in(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or texts.get("en") or next(iter(texts.values()), "")
