"""Everything about one thing: what it is, what is said of it, what points at it, and which sources say so."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from perezkg.things import formats
from perezkg.things.fields import Fields
from perezkg.things.labels import Labels, Value
from perezkg.things.lookup import look_up
from perezkg.things.sources import is_passage, is_source, locator, origins
from perezkg.vocabulary import OWL, PROV, RDF, RDFS, SKOS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.rdf.terms import Term
    from perezkg.sparql.results import Triples
    from perezkg.things.labels import Graph
    from perezkg.things.sources import Passage, Source

_LABEL, _COMMENT, _TYPE, _DERIVED = RDFS + "label", RDFS + "comment", RDF + "type", PROV + "wasDerivedFrom"
# How RDF writes lists and unions of classes.
_STRUCTURE = frozenset({RDF + "first", RDF + "rest", OWL + "unionOf"})
# Told in the heading or in the sources line, not among the facts.
_ASIDE = frozenset({_LABEL, _COMMENT, _TYPE, _DERIVED})


class Facts(Fields):
    """The values that one property has, or the things that point here by it.

    Attributes:
        iri: The property.
        name: Its prefixed name, or the IRI in angle brackets.
        label: Its words: the label, or for what points here the label read backwards ("athlete of").
        values: The values, in a fixed order, of every language.
    """

    __slots__ = ("iri", "label", "name", "values")
    fields = "property=iri name label values"

    def __init__(self, iri: str, name: str, label: str, values: list[Value]) -> None:
        self.iri = iri
        self.name = name
        self.label = label
        self.values = values

    def __repr__(self) -> str:
        return f"Facts({self.label!r}, {[str(value) for value in self.values]!r})"


class Description(Fields):
    """Everything about one thing.

    Attributes:
        iri: Its IRI.
        name: Its prefixed name, or the IRI in angle brackets.
        label: What it is called, in the wanted language as far as there are words.
        lang: The wanted language.
        labels: All its labels, of every language.
        classes: What it is.
        comment: The editors' note on how the source was read, or empty.
        comments: The notes of every language.
        outgoing: What is said of it.
        incoming: What points here.
        uses: For a property, in how many statements of the data it stands.
        passages: The sentences that it was derived from.
        sources: The sources that it was derived from as a whole.
        is_source: Whether it is itself a source or a sentence of one.
        triples: The triples all this comes from, without those of the sentences.
    """

    __slots__ = (
        "classes", "comment", "comments", "incoming", "iri", "is_source", "label", "labels", "lang", "name", "outgoing",
        "passages", "sources", "triples", "uses",
    )  # fmt: skip

    kind = formats.DESCRIPTION
    fields = "iri name label lang labels classes comments outgoing incoming uses passages sources"

    def __init__(self, labels: Labels, node: NamedNode) -> None:
        value = labels.value(node)
        self.iri = node.value
        self.name = value.name
        self.label = value.label
        self.lang = labels.lang
        self.labels = [term for term in labels.objects(node, _LABEL) if isinstance(term, Literal)]
        self.classes = labels.classes(node)
        self.comment = labels.first(node, _COMMENT)
        self.comments = [term for term in labels.objects(node, _COMMENT) if isinstance(term, Literal)]
        said = list(labels.triples(node))
        pointing = list(labels.triples(None, None, node))
        # A concept's preferred label repeats its label; told once is enough.
        repeated = labels.objects(node, SKOS + "prefLabel") == labels.objects(node, _LABEL)
        aside = _ASIDE | {SKOS + "prefLabel"} if repeated else _ASIDE
        self.outgoing = facts_by_property(labels, [(predicate, value) for _, predicate, value in said], aside=aside)
        self.incoming = facts_by_property(labels, [_user(labels, *triple[:2]) for triple in pointing], backwards=True)
        self.uses = sum(1 for _ in labels.stores[0].quads_for_pattern(None, node, None, None))
        self.passages: list[Passage]
        self.sources: list[Source]
        # Of every file: `cite` tells apart which adds what.
        self.passages, self.sources = origins(labels, labels.objects(node, _DERIVED))
        self.is_source = is_passage(labels, node) or is_source(labels, node)
        self.triples = [Triple(*parts) for parts in said + pointing]  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return f"<Description of {self.name}>"

    def __str__(self) -> str:
        """Return the description as text for a reader."""
        return formats.plain(self)

    @property
    def said_in(self) -> str:
        """Where it comes from, in a line: `biography.txt, sentences 4 and 22`; empty when no source is given."""
        return locator(self.passages, self.sources, self.lang, offsets=False)

    def to_triples(self) -> Triples:
        """Return the triples, ready for an RDF syntax."""
        from perezkg.sparql.results import Triples

        return Triples(sorted(self.triples, key=str))


def describe(graph: Graph, term: str | NamedNode, *, lang: str = "en") -> Description:
    """Return everything about one thing of a graph, or about a term of its vocabulary.

    Args:
        graph: The graph.
        term: A prefixed name, an IRI, a label or another name, a sentence number; see `perezkg.things.lookup.look_up`.
        lang: Language of the words, one of `perezkg.resources.LANGUAGES`; what has no words in it is told in English,
            or in any other.

    Raises:
        UnknownTermError: Nothing is called so.
        AmbiguousTermError: Several things are called so.

    >>> from perezkg.graph import load
    >>> describe(load(), "el vecino").said_in
    'biography.txt, sentence 9'
    """
    labels = Labels(graph, lang)
    return Description(labels, look_up(graph, term, labels))


def turtle(description: Description, _width: int | None = None) -> Iterator[str]:
    """Yield the triples of a description as Turtle."""
    from perezkg.sparql.formats import render

    return render(description.to_triples(), "turtle")


def facts_by_property(
    labels: Labels,
    pairs: list[tuple[NamedNode, Term]],
    *,
    aside: frozenset[str] = frozenset(),
    backwards: bool = False,
) -> list[Facts]:
    """Group values by property, in the order of the vocabulary."""
    groups: dict[str, list[Term]] = {}
    for predicate, value in pairs:
        if predicate.value not in aside:
            groups.setdefault(predicate.value, []).append(value)
    facts = []
    for iri in sorted(groups, key=labels.property_order):
        called = labels.value(NamedNode(iri))
        words = labels.incoming_label(iri) if backwards else called.label
        facts.append(Facts(iri, called.name, words, labels.values(groups[iri])))
    return facts


def _user(labels: Labels, subject: Term, predicate: NamedNode) -> tuple[NamedNode, Term]:
    """Return who points here, and how: for a member of a union of classes, the one that speaks of the union."""
    steps = {subject}
    while isinstance(subject, BlankNode) and predicate.value in _STRUCTURE:
        above = next(labels.triples(None, None, subject), None)
        if above is None or above[0] in steps:
            break
        subject, predicate, _ = above
        steps.add(subject)
    return predicate, subject
