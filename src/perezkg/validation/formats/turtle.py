"""A report as SHACL's own: sh:ValidationReport, in Turtle, the same to the byte each time."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from perezkg.namespaces import PREFIXES, shrink
from perezkg.validation.paths import as_turtle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.validation.report import Report, Result, Term


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
        yield " ,\n        ".join("[\n" + "".join(_result(result, 3)) + "        ]" for result in report)
    yield " .\n"


def _result(result: Result, depth: int) -> Iterator[str]:
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
        inner = "".join(_result(detail, depth + 1))
        facts.append(("sh:detail", f"[\n{inner}{'    ' * depth}]"))
    for name, value in facts:
        if value:
            yield f"{'    ' * depth}{name} {value} ;\n"


def _shape(node: Term) -> str:
    return shrink(node.value) if isinstance(node, NamedNode) else "[]"


def _term(term: Term) -> str:
    if isinstance(term, NamedNode):
        return shrink(term.value)
    if isinstance(term, Literal) and not term.language:
        datatype = term.datatype.value
        if datatype != "http://www.w3.org/2001/XMLSchema#string":
            return f"{Literal(term.value)}^^{shrink(datatype)}"
    return str(term)
