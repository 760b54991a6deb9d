"""The ontology as pages: each term with its definition, the rules about it and the questions that use it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

from perezkg import resources
from perezkg.vocabulary import OWL, RDF, SH, SKOS, SPORT
from perezkg.web.site.addresses import address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perezkg.rdf.terms import Term
    from perezkg.sparql.catalogue import CannedQuery
    from perezkg.things.labels import Labels

_CLASSES = (OWL + "Class",)
_PROPERTIES = (OWL + "ObjectProperty", OWL + "DatatypeProperty")
_TYPE = RDF + "type"


@dataclass
class Entry:
    """A term in a list: its page within the tree of a language, what it is called, what it means."""

    iri: str
    page: str
    label: str
    name: str
    definition: str

    @property
    def anchor(self) -> str:
        """What leads to it on the page of the whole ontology, as `#Person` does."""
        local = self.iri.removeprefix(SPORT)
        return local if re.fullmatch("[A-Za-z][A-Za-z0-9_.-]*", local) else ""


class Vocabulary:
    """The terms, what the shapes ask of them, and which canned queries use them."""

    def __init__(self, queries: Sequence[CannedQuery]) -> None:
        self._shapes = Store()
        with open(resources.ontology_file("shapes.ttl"), "rb") as file:
            self._shapes.load(file.read(), RdfFormat.TURTLE)
        self._queries: dict[str, list[CannedQuery]] = {}
        for query in queries:
            for name in sorted(set(re.findall(r"\bsport:([A-Za-z][\w-]*)", query.text))):
                self._queries.setdefault(SPORT + name, []).append(query)

    def groups(self, labels: Labels) -> list[tuple[str, list[Entry]]]:
        """Return all terms: classes, properties, then the concepts of each list."""
        groups = [
            ("classes", self._terms(labels, [s for kind in _CLASSES for s in labels.subjects(_TYPE, NamedNode(kind))])),
            (
                "properties",
                self._terms(labels, [s for kind in _PROPERTIES for s in labels.subjects(_TYPE, NamedNode(kind))]),
            ),
        ]
        for scheme in labels.subjects(_TYPE, NamedNode(SKOS + "ConceptScheme")):
            concepts = self._terms(labels, labels.subjects(SKOS + "inScheme", scheme))
            groups.append((labels.value(scheme).label, [*self._terms(labels, [scheme]), *concepts]))
        return [(name, terms) for name, terms in groups if terms]

    def rules(self, iri: str, lang: str) -> list[str]:
        """Return what the shapes say about a class or a property, in sentences."""
        node = NamedNode(iri)
        shapes: list[Term] = [
            quad.subject
            for predicate in ("path", "targetClass", "targetSubjectsOf", "targetObjectsOf")
            for quad in self._shapes.quads_for_pattern(None, NamedNode(SH + predicate), node, None)
        ]
        for shape in list(shapes):
            if not isinstance(shape, BlankNode | NamedNode):
                continue
            for link in ("property", "sparql"):
                shapes += [
                    quad.object for quad in self._shapes.quads_for_pattern(shape, NamedNode(SH + link), None, None)
                ]
        return sorted({text for shape in shapes if (text := self._message(shape, lang))})

    def _message(self, shape: Term, lang: str) -> str:
        if isinstance(shape, Literal):
            return ""
        told = [
            quad.object
            for quad in self._shapes.quads_for_pattern(shape, NamedNode(SH + "message"), None, None)
            if isinstance(quad.object, Literal)
        ]
        for wanted in (lang, "en"):
            for text in told:
                if text.language == wanted:
                    return text.value
        return ""

    def queries(self, iri: str) -> Sequence[CannedQuery]:
        """Return the canned queries that use a term."""
        return self._queries.get(iri, ())

    def _terms(self, labels: Labels, nodes: list[Term]) -> list[Entry]:
        once = {node.value: node for node in nodes if isinstance(node, NamedNode)}
        return [
            Entry(
                iri,
                f"{address(iri)}.html",
                labels.value(node).label,
                labels.value(node).name,
                labels.first(node, SKOS + "definition"),
            )
            for iri, node in sorted(once.items(), key=lambda item: (labels.value(item[1]).label.casefold(), item[0]))
        ]
