"""The W3C's test suites where they lie: what their manifests list, read into one case a test.

They lie in `../shared/suites` beside the checkout, or where the environment variable PEREZKG_SUITES says. Nothing here
knows perezkg.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

ROOT = Path(__file__).parents[2]
SUITES = Path(os.environ.get("PEREZKG_SUITES") or ROOT.parent / "shared" / "suites").resolve()

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
SHT = "http://www.w3.org/ns/shacl-test#"

Node = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Case:
    """One test of a suite.

    Attributes:
        name: What the suite calls it, with its folder where names are unique there only.
        kind: The local name of its class, such as PositiveSyntaxTest11.
        action: The query, the document, the data.
        result: The file that holds what is right; None where the kind of test says it all.
        base: The IRI that the document is to have been read from; "" when it is its file's own.
        data: What a query asks: the files of the default graph.
        graphs: The named graphs, each by its IRI.
        shapes: The file of shapes that the data are checked against.
        options: What else the test asks for, by name.
    """

    name: str
    kind: str
    action: Path
    result: Path | None = None
    base: str = ""
    data: tuple[Path, ...] = ()
    graphs: tuple[tuple[str, Path], ...] = ()
    shapes: Path | None = None
    options: dict[str, Any] = field(default_factory=dict, hash=False)


class Graph:
    """A file of Turtle, asked by subject and property."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.quads: list[Quad] = list(parse(path=str(path), format=RdfFormat.TURTLE, base_iri=path.as_uri()))
        self._objects: dict[tuple[Node, str], list[Node]] = {}
        for quad in self.quads:
            self._objects.setdefault((quad.subject, quad.predicate.value), []).append(quad.object)

    def all(self, subject: Node | None, property_: str) -> list[Node]:
        """Return the values of a property."""
        return [] if subject is None else self._objects.get((subject, property_), [])

    def one(self, subject: Node | None, property_: str) -> Node | None:
        """Return the first value of a property, or None."""
        return next(iter(self.all(subject, property_)), None)

    def items(self, subject: Node | None) -> Iterator[Node]:
        """Yield the members of an RDF list."""
        while (first := self.one(subject, RDF + "first")) is not None:
            yield first
            subject = self.one(subject, RDF + "rest")

    def subjects(self, property_: str) -> list[Node]:
        """Return what has a property."""
        return [subject for subject, known in self._objects if known == property_]

    def entries(self) -> Iterator[Node]:
        """Yield the tests of a manifest."""
        for head in [node for manifest in self.subjects(MF + "entries") for node in self.all(manifest, MF + "entries")]:
            yield from self.items(head)

    def kind(self, entry: Node) -> str:
        """Return the local name of the class of a test."""
        return local(self.one(entry, RDF + "type"))


def local(node: Node | None) -> str:
    """Return what stands behind the last slash or hash of an IRI."""
    return node.value.rpartition("#")[2].rpartition("/")[2] if isinstance(node, NamedNode) else ""


def path_of(node: Node | None) -> Path:
    """Return the file that an IRI names."""
    assert isinstance(node, NamedNode)
    return Path(url2pathname(urlsplit(node.value).path))


def optional_path(node: Node | None) -> Path | None:
    """Return the file that an IRI names, if there is one."""
    return path_of(node) if isinstance(node, NamedNode) else None


# Not of the query language: updates, protocols, descriptions of services.
_SPARQL = (
    "aggregates", "bind", "bindings", "cast", "construct", "csv-tsv-res", "exists", "functions", "grouping", "json-res",
    "negation", "project-expression", "property-path", "service", "subquery", "syntax-fed", "syntax-query",
)  # fmt: skip


def _sparql() -> Iterator[Case]:
    for folder in _SPARQL:
        manifest = Graph(SUITES / "sparql11" / folder / "manifest.ttl")
        for entry in manifest.entries():
            action = manifest.one(entry, MF + "action")
            known = isinstance(action, NamedNode)
            yield Case(
                name=f"{folder}/{local(entry)}",
                kind=manifest.kind(entry),
                action=path_of(action if known else manifest.one(action, QT + "query")),
                result=optional_path(manifest.one(entry, MF + "result")),
                data=tuple(map(path_of, manifest.all(action, QT + "data"))),
                graphs=tuple((str(node.value), path_of(node)) for node in manifest.all(action, QT + "graphData")),  # type: ignore[union-attr]
            )


def _is_syntax(case: Case) -> bool:
    return "SyntaxTest" in case.kind


def sparql_evaluation() -> Iterator[Case]:
    """Yield queries with their answers, those of CSV, TSV and JSON among them."""
    return (case for case in _sparql() if not _is_syntax(case))


def sparql_syntax() -> Iterator[Case]:
    """Yield queries that are, or are not, of the language."""
    return filter(_is_syntax, _sparql())


def rdf(folder: str) -> Iterator[Case]:
    """Yield documents of an RDF syntax, right and wrong ones."""
    manifest = Graph(SUITES / "rdf11" / folder / "manifest.ttl")
    base = next((local_base for _, local_base in _bases(manifest)), "")
    for entry in manifest.entries():
        action = path_of(manifest.one(entry, MF + "action"))
        yield Case(
            name=local(entry),
            kind=manifest.kind(entry),
            action=action,
            result=optional_path(manifest.one(entry, MF + "result")),
            base=base and urljoin(base, action.relative_to(manifest.path.parent).as_posix()),
        )


def _bases(manifest: Graph) -> Iterator[tuple[Node, str]]:
    for subject in manifest.subjects(MF + "assumedTestBase"):
        base = manifest.one(subject, MF + "assumedTestBase")
        assert isinstance(base, NamedNode)
        yield subject, base.value


def shacl(folder: str) -> Iterator[Case]:
    """Yield data with shapes; the report that is right stands in the file of the test itself, which is `result`."""
    for path in _included(SUITES / "data-shapes-test-suite" / "tests" / folder / "manifest.ttl"):
        manifest = Graph(path)
        for entry in manifest.entries():
            action = manifest.one(entry, MF + "action")
            yield Case(
                name=f"{path.parent.name}/{local(entry)}",
                kind=manifest.kind(entry),
                action=path_of(manifest.one(action, SHT + "dataGraph")),
                shapes=path_of(manifest.one(action, SHT + "shapesGraph")),
                result=path,
                options={"fails": local(manifest.one(entry, MF + "result")) == "Failure"},
            )


def _included(path: Path) -> Iterator[Path]:
    manifest = Graph(path)
    if manifest.subjects(MF + "entries"):
        yield path
    for subject in manifest.subjects(MF + "include"):
        for included in manifest.all(subject, MF + "include"):
            yield from _included(path_of(included))


def _json(path: Path, entries: str) -> Iterator[dict[str, Any]]:
    yield from json.loads(path.read_text(encoding="utf-8"))[entries]


def canonicalization() -> Iterator[Case]:
    """Yield datasets with their canonical form, or with the canonical labels of their blank nodes."""
    folder = SUITES / "rdf-canon" / "tests"
    for entry in _json(folder / "manifest.jsonld", "entries"):
        yield Case(
            name=entry["id"].lstrip("#"),
            kind=entry["type"].rpartition(":")[2],
            action=folder / entry["action"],
            result=folder / entry["result"] if "result" in entry else None,
            options={"hashAlgorithm": entry["hashAlgorithm"]} if "hashAlgorithm" in entry else {},
        )


def json_ld(name: str) -> Iterator[Case]:
    """Yield documents of JSON-LD with what they become; those for processors of JSON-LD 1.0 are left out."""
    folder = SUITES / "json-ld"
    manifest = json.loads((folder / f"{name}-manifest.jsonld").read_text(encoding="utf-8"))
    for entry in manifest["sequence"]:
        options = {key: value for key, value in entry.get("option", {}).items() if key != "normative"}
        if options.pop("specVersion", "") == "json-ld-1.0":
            continue
        yield Case(
            name=entry["@id"].lstrip("#"),
            kind=next(kind for kind in entry["@type"] if "Evaluation" in kind or "Syntax" in kind).rpartition(":")[2],
            action=folder / entry["input"],
            result=folder / entry["expect"] if "expect" in entry else None,
            base=urljoin(manifest["baseIri"], entry["input"]),
            options=options,
        )


@dataclass(frozen=True)
class Suite:
    """A suite: what it is called, and what reads its cases."""

    title: str
    read: Callable[[], Iterator[Case]]
    folder: str


SUITE_TABLE = {
    "sparql-evaluation-oxigraph": Suite("SPARQL 1.1 evaluation, default engine", sparql_evaluation, "sparql11"),
    "sparql-evaluation-rdflib": Suite("SPARQL 1.1 evaluation, `--engine rdflib`", sparql_evaluation, "sparql11"),
    "sparql-syntax": Suite("SPARQL 1.1 syntax", sparql_syntax, "sparql11"),
    "turtle": Suite("Turtle", lambda: rdf("rdf-turtle"), "rdf11"),
    "trig": Suite("TriG", lambda: rdf("rdf-trig"), "rdf11"),
    "ntriples": Suite("N-Triples", lambda: rdf("rdf-n-triples"), "rdf11"),
    "nquads": Suite("N-Quads", lambda: rdf("rdf-n-quads"), "rdf11"),
    "rdfxml": Suite("RDF/XML", lambda: rdf("rdf-xml"), "rdf11"),
    "shacl-core": Suite("SHACL Core", lambda: shacl("core"), "data-shapes-test-suite"),
    "shacl-sparql": Suite("SHACL-SPARQL", lambda: shacl("sparql"), "data-shapes-test-suite"),
    "rdfc": Suite("RDFC-1.0", canonicalization, "rdf-canon"),
    "jsonld-tordf": Suite("JSON-LD to RDF", lambda: json_ld("toRdf"), "json-ld"),
    "jsonld-fromrdf": Suite("JSON-LD from RDF", lambda: json_ld("fromRdf"), "json-ld"),
}
"""The suites, by the names that expected.toml uses."""


def missing(suite: str) -> str:
    """Return why a suite cannot be run here; "" when it can."""
    folder = SUITES / SUITE_TABLE[suite].folder
    return "" if folder.is_dir() else f"the W3C's suite is not here: {folder} (PEREZKG_SUITES names another place)"


@cache
def cases(suite: str) -> dict[str, Case]:
    """Return the cases of a suite by their names; none when it is not here."""
    found = [] if missing(suite) else list(SUITE_TABLE[suite].read())
    named = {case.name: case for case in found}
    assert len(named) == len(found), f"{suite} has two tests of one name"
    return named
