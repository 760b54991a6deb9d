"""Whether an answer is the right one: terms by value, blank nodes up to their labels."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    Variable,
    parse,
    parse_query_results,
)

Term = NamedNode | BlankNode | Literal | Triple
Row = tuple[Term | None, ...]

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = "http://www.w3.org/2001/XMLSchema#"
_FLOATS = {XSD + "double", XSD + "float"}
_DECIMALS = {XSD + "decimal", XSD + "integer", XSD + "int", XSD + "long", XSD + "short", XSD + "byte"}


def canonical(quads: Iterable[Quad | Triple]) -> str:
    """Return a dataset as sorted lines that are the same for all labels of its blank nodes."""
    found = Dataset(Quad(*quad) if isinstance(quad, Triple) else quad for quad in quads)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "\n".join(sorted(map(str, found)))


def read(path: Path, base: str = "") -> list[Quad]:
    """Return the statements of a file of RDF."""
    found = RdfFormat.from_extension(path.suffix[1:])
    return list(parse(path=str(path), format=found, base_iri=base or path.as_uri()))


def nquads(text: str) -> list[Quad]:
    """Return the statements of N-Quads."""
    return list(parse(text, RdfFormat.N_QUADS))


def by_value(term: Term | None) -> Term | None:
    """Return a term so that numbers and truth values of one datatype and one value are one term.

    The suite's answers are written as some processors do ("1.0E0"), which the standard does not ask for.
    """
    if not isinstance(term, Literal):
        return term
    kind = term.datatype.value
    try:
        if kind in _FLOATS:
            return Literal(repr(float(term.value.replace("INF", "inf"))), datatype=term.datatype)
        if kind == XSD + "boolean":
            return Literal({"0": "false", "1": "true"}.get(term.value, term.value), datatype=term.datatype)
        if kind in _DECIMALS:
            return Literal(format(Decimal(term.value).normalize(), "f"), datatype=term.datatype)
    except (ValueError, InvalidOperation):
        pass
    return term


def bag(variables: Sequence[str], rows: Iterable[Row]) -> object:
    """Return rows in a form that is equal for the same rows in any order, each as often."""
    order = sorted(range(len(variables)), key=variables.__getitem__)
    sorted_rows = [tuple(by_value(row[place]) for place in order) for row in rows]
    names = [variables[place] for place in order]
    if not any(isinstance(term, BlankNode) for row in sorted_rows for term in row):
        return names, Counter(sorted_rows)
    quads = []
    for row in sorted_rows:
        node = BlankNode()
        quads.append(Quad(node, NamedNode("row:is"), Literal("a row")))
        quads += [
            Quad(node, NamedNode(f"row:{name}"), term)
            for name, term in zip(names, row, strict=True)
            if term is not None
        ]
    return names, canonical(quads)


def right_answer(path: Path) -> object:
    """Return what a file of results holds: True or False, or rows as `bag` gives them."""
    if path.suffix == ".ttl":
        return _result_set(read(path))
    text = path.read_text(encoding="utf-8")
    found = parse_query_results(text, QueryResultsFormat.from_extension(path.suffix[1:]))
    return as_bag(found)


def _result_set(quads: list[Quad]) -> object:
    """Return the rows that stand in RDF, in the vocabulary of the suites."""

    def values(subject: Term, name: str) -> list[Term]:
        return [quad.object for quad in quads if quad.subject == subject and quad.predicate.value == RS + name]

    whole = next(quad.subject for quad in quads if quad.object == NamedNode(RS + "ResultSet"))
    names = [str(term.value) for term in values(whole, "resultVariable") if isinstance(term, Literal)]
    rows = []
    for solution in values(whole, "solution"):
        cells = {
            getattr(values(binding, "variable")[0], "value", ""): values(binding, "value")[0]
            for binding in values(solution, "binding")
        }
        rows.append(tuple(cells.get(name) for name in names))
    return bag(names, rows)


def as_bag(found: QuerySolutions | QueryBoolean) -> object:
    """Return the results that pyoxigraph has read: True or False, or rows as `bag` gives them."""
    if isinstance(found, QueryBoolean):
        return bool(found)
    names: list[Variable] = found.variables
    return bag([name.value for name in names], [tuple(solution) for solution in found])


def csv_rows(text: str) -> tuple[list[str], Counter[tuple[str, ...]]]:
    """Return the head and the rows of CSV, columns by name; blank nodes have no labels."""
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    order = sorted(range(len(head)), key=head.__getitem__)
    found = Counter(tuple("_:" if row[at].startswith("_:") else row[at] for at in order) for row in rows)
    return sorted(head), found


SH = "http://www.w3.org/ns/shacl#"
_KEPT = ("focusNode", "value", "resultSeverity", "sourceConstraintComponent", "sourceConstraint", "sourceShape")


def validation_report(quads: Iterable[Quad]) -> list[str]:
    """Return the first report in a graph as lines that are equal for reports that SHACL's suite takes to be equal.

    Compared are `sh:conforms` and of each result the focus node, path, value, severity, component, constraint and
    shape; not messages and details. A shape or constraint without an IRI is only known to have none: the report is a
    graph of its own. A path is compared by its structure.
    """
    objects: dict[object, dict[str, list[Term]]] = {}
    for quad in quads:
        objects.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    report = next(node for node, known in objects.items() if SH + "conforms" in known)
    made = [Quad(BlankNode(), NamedNode(SH + "conforms"), objects[report][SH + "conforms"][0])]
    for result in objects[report].get(SH + "result", []):
        node = BlankNode()
        made.append(Quad(node, NamedNode(SH + "result"), Literal("a result")))
        for name in _KEPT:
            for term in objects[result].get(SH + name, []):
                anonymous = name.startswith("source") and isinstance(term, BlankNode)
                made.append(Quad(node, NamedNode(SH + name), Literal("anonymous") if anonymous else term))
        paths = objects[result].get(SH + "resultPath", [])
        made += [Quad(node, NamedNode(SH + "resultPath"), Literal(_path(path, objects))) for path in paths]
    return canonical(made).splitlines()


def _path(node: Term, objects: Mapping[object, Mapping[str, list[Term]]]) -> str:
    """Return a path as text."""
    if not isinstance(node, BlankNode):
        return str(node)
    parts = [
        f"{name} {_path(term, objects)}" for name, terms in sorted(objects.get(node, {}).items()) for term in terms
    ]
    return f"[{', '.join(parts)}]"
