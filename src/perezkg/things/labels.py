"""What a graph says of its things, and what they are called: labels in the wanted language, prefixed names, classes.

The data and the vocabulary (ontology/sport.ttl) are asked alike; terms of other vocabularies have their words in
`perezkg.words`.
"""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from perezkg import resources
from perezkg.rdf import reading
from perezkg.rdf.nodes import natural
from perezkg.rdf.terms import as_text
from perezkg.things.formats import Fields, literal
from perezkg.vocabulary import DCTERMS, OA, OWL, RDF, RDFS, SKOS, SPORT, shrink
from perezkg.words import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Protocol

    from perezkg.rdf.terms import Term
    from perezkg.sparql.results import Result
    from perezkg.things.additions import Additions, Statements

    class Graph(Protocol):
        """What is needed of a graph here: what its files add, the store that answers, its canned queries."""

        @property
        def names(self) -> tuple[str, ...]:
            """The data files as they were named, in the order given."""

        def prefixes(self) -> dict[str, str]:
            """Return the prefixes that the files declare."""

        def additions(self) -> Additions:
            """Return what files say of things that are described in another one."""

        @property
        def with_concepts(self) -> Store:
            """The store that holds the data and the concepts."""

        def query(self, name: str, /, *, date: str) -> Result:
            """Run a canned query."""


KINDS = (
    *(SPORT + f"{of}Kind" for of in ("event", "organisation", "place", "award", "record", "claim")),
    DCTERMS + "type",
)
"""The properties that say of what kind a thing is, one for each class that has kinds."""

# What names a thing, the best first; dcterms:title names a source that has no label.
_LABELLING = (RDFS + "label", SKOS + "prefLabel", SPORT + "name", DCTERMS + "title")
# These come before everything else about a thing, in this order.
_FOREMOST = (
    SPORT + "name",
    DCTERMS + "title",
    SKOS + "altLabel",
    SKOS + "definition",
    SKOS + "scopeNote",
    SKOS + "example",
    *KINDS,
)
# Blank nodes inside blank nodes are told this far down; deeper ones are an ellipsis.
_DEEPEST = 4
# What is said of so many things is kept at hand.
_REMEMBERED = 1000


class Value(Fields):
    """One value for reading: a thing with its label, or a literal.

    Attributes:
        term: The pyoxigraph term.
        label: Words for it: a label, the text of a literal, what a blank node holds; the IRI when there is no label.
        name: Its prefixed name, or the IRI in angle brackets; empty for literals and blank nodes.
    """

    __slots__ = ("label", "name", "term")
    fields = "iri name label"

    def __init__(self, term: Term, label: str, name: str = "") -> None:
        self.term = term
        self.label = label
        self.name = name

    def __repr__(self) -> str:
        return f"Value({str(self)!r})"

    def __str__(self) -> str:
        """Return the label with the prefixed name behind it: `Cuenca (pz:cuenca)`."""
        return f"{self.label} ({self.name})" if self.name and self.name != self.label else self.label

    @property
    def language(self) -> str:
        """The language of a literal, or an empty string."""
        return (self.term.language or "") if isinstance(self.term, Literal) else ""

    @property
    def iri(self) -> str:
        """The IRI of a thing; empty for literals and blank nodes."""
        return self.term.value if isinstance(self.term, NamedNode) else ""

    def to_dict(self) -> dict[str, Any]:
        """Return `iri`, `name`, `label` of a thing; `value` with `language` or `datatype` of a literal."""
        return literal(self.term) if isinstance(self.term, Literal) else super().to_dict()


class Named(Fields):
    """Base of what is told of a thing.

    Attributes:
        iri: Its IRI; empty for a blank node.
        name: Its prefixed name, or the IRI in angle brackets.
        label: What it is called in the wanted language, as far as there are words.
    """

    __slots__ = ("iri", "label", "name")

    def __init__(self, labels: Labels, node: Term) -> None:
        value = labels.value(node)
        self.iri = value.iri
        self.name = value.name
        self.label = value.label

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class Labels:
    """The words for the things of a graph, in one language.

    Args:
        graph: The graph whose store holds the data.
        lang: The wanted language; where something has no words in it, English and then any language serve.

    Attributes:
        graph: The graph.
        stores: The data, then the vocabulary.
        sources: Those that were asked for, each of which many things have.
    """

    __slots__ = ("_additions", "_known", "_order", "_said", "graph", "lang", "sources", "stores")

    def __init__(self, graph: Graph, lang: str = "en") -> None:
        vocabulary = reading.read(resources.ontology_file("sport.ttl"))
        store = Store()
        quads = list(reading.parse(vocabulary))
        store.extend(quads)
        self.lang = lang
        self.graph = graph
        self.sources: dict[Term, Named] = {}
        self._additions: Additions | None = None
        self.stores = (graph.with_concepts, store)
        self._known: dict[Term, Value] = {}
        self._said: dict[Term, dict[str, list[Term]]] = {}
        self._order: dict[str, int] = {}
        for quad in quads:
            if isinstance(quad.subject, NamedNode):
                self._order.setdefault(quad.subject.value, len(self._order))

    def additions(self, thing: Term) -> list[tuple[str, Statements]]:
        """Return what is added to a thing: the name of each file, with properties and values as it says them.

        A thing has its sources by file: those beside its class are for what is said there, those in a file that only
        adds to it are for what is added. Of one file there is nothing to tell apart.

        >>> from perezkg.graph import load
        >>> added = Labels(load()).additions(NamedNode("https://w3id.org/perezkg/id/perez-olympic-games-2000"))
        >>> [(file, [property.value.rpartition("#")[2] for property, _ in said]) for file, said in added]
        [('evidence.ttl', ['mark', 'represents', 'wasDerivedFrom', 'wasDerivedFrom'])]
        """
        if self._additions is None:
            self._additions = self.graph.additions()
        return self._additions.get(thing, [])

    def triples(
        self, subject: Term | None, predicate: str | None = None, value: Term | None = None
    ) -> Iterator[tuple[Term, NamedNode, Term]]:
        """Yield the matching triples of data and vocabulary, each once, whatever named graph they are in."""
        seen = set()
        if isinstance(subject, Literal):
            return
        for store in self.stores:
            for quad in store.quads_for_pattern(subject, NamedNode(predicate) if predicate else None, value, None):
                triple = (quad.subject, quad.predicate, quad.object)
                if triple not in seen:
                    seen.add(triple)
                    yield triple

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """Return the values of a property, in a fixed order."""
        said = self._said.get(subject)
        if said is None:  # of one thing much is asked, one after the other
            if len(self._said) > _REMEMBERED:
                self._said.clear()
            said = self._said[subject] = {}
            for _, property_, value in self.triples(subject):
                said.setdefault(property_.value, []).append(value)
        return _ordered(said.get(predicate, []))

    def subjects(self, predicate: str, value: Term) -> list[Term]:
        """Return what has this value for a property, in a fixed order."""
        return _ordered([subject for subject, _, _ in self.triples(None, predicate, value)])

    def first(self, subject: Term, predicate: str) -> str:
        """Return the text of a property in the wanted language, in English or in any; empty when it has none."""
        literals = [term for term in self.objects(subject, predicate) if isinstance(term, Literal)]
        for lang in (self.lang, "en"):
            for term in literals:
                if (term.language or "").lower().partition("-")[0] == lang:
                    return term.value
        return literals[0].value if literals else ""

    def value(self, term: Term, depth: int = 0) -> Value:
        """Return a term with its words."""
        if isinstance(term, Literal):
            return Value(term, term.value)
        if isinstance(term, NamedNode):
            if term not in self._known:
                name = shrink(term.value)
                self._known[term] = Value(term, self._label(term) or name, name)
            return self._known[term]
        if isinstance(term, BlankNode):
            return Value(term, self._label(term) or self._inside(term, depth))
        return Value(term, as_text(term))

    def values(self, terms: list[Term]) -> list[Value]:
        """Return terms with their words, things by IRI; blank nodes, whose labels change, by what they say."""
        values = [self.value(term) for term in terms]
        return values if len(values) < 2 else sorted(values, key=lambda value: (*_sort_key(value.term), value.label))

    def classes(self, subject: Term) -> list[Value]:
        """Return the classes of a thing."""
        return self.values(self.objects(subject, RDF + "type"))

    def property_order(self, iri: str) -> tuple[int, int, str]:
        """Return a sort key of properties: names and definitions, the vocabulary's own order, then the others."""
        if iri in _FOREMOST:
            return 0, _FOREMOST.index(iri), iri
        return (1, self._order[iri], iri) if iri in self._order else (2, 0, iri)

    def kind(self, term: Term) -> str:
        """Return the label of the kind that a thing is of; empty when none is told."""
        return next((self.value(kind).label for iri in KINDS for kind in self.objects(term, iri)), "")

    def incoming_label(self, iri: str) -> str:
        """Return the words of a property read backwards: "competitor of", "followed by"."""
        name = shrink(iri)
        backwards = words("terms backwards", self.lang)
        if name in backwards:
            return backwards[name]
        label = self.value(NamedNode(iri)).label
        if label == name:
            return f"{name} ←"
        return f"{label} {words('connectives', self.lang)['of']}"

    def _label(self, term: NamedNode | BlankNode) -> str:
        for predicate in _LABELLING:
            label = self.first(term, predicate)
            if label:
                return label
        start, end = self.first(term, OA + "start"), self.first(term, OA + "end")
        if start and end:  # a selector, which has no name but what it selects
            return f"{words('sources', self.lang)['characters']} {start}–{end}"
        return words("terms", self.lang).get(shrink(term.value), "") if isinstance(term, NamedNode) else ""

    def _inside(self, node: BlankNode, depth: int) -> str:
        """Return what a blank node holds, in words: a list, a union of classes, or its properties."""
        if depth >= _DEEPEST:
            return "…"
        union = self.objects(node, OWL + "unionOf")
        if union:
            return f" {words('connectives', self.lang)['or']} ".join(self._items(union[0], depth))
        if self.objects(node, RDF + "first"):
            return ", ".join(self._items(node, depth))
        parts = [
            f"{self.value(predicate).label}: {self.value(value, depth + 1)}"
            for _, predicate, value in self.triples(node)
        ]
        return f"[{'; '.join(sorted(parts))}]"

    def _items(self, cell: Term, depth: int) -> list[str]:
        items: list[str] = []
        seen: set[Term] = set()
        while cell not in seen and isinstance(cell, BlankNode):
            seen.add(cell)
            items += [str(self.value(item, depth + 1)) for item in self.objects(cell, RDF + "first")[:1]]
            cell = (self.objects(cell, RDF + "rest") or [cell])[0]
        return items


def _ordered(terms: list[Term]) -> list[Term]:
    return [*terms] if len(terms) < 2 else sorted(terms, key=_sort_key)


def _sort_key(term: Term) -> tuple[int, str, str]:
    """Order things before literals, sentence 9 before sentence 10, and equal texts by language or datatype."""
    kind = 0 if isinstance(term, NamedNode) else 1 if isinstance(term, Literal) else 2
    return kind, natural(str(term.value) if kind < 2 else ""), str(term) if kind == 1 else ""  # type: ignore[union-attr]
