"""Why something is said: the sentences and sources behind a thing, how they were read, and the claims about it."""

from __future__ import annotations

import os

from pyoxigraph import Literal, NamedNode

from perezkg import resources
from perezkg.resources import VERSION
from perezkg.sparql.results import Solutions
from perezkg.things import formats
from perezkg.things.claims import Bound, Claim
from perezkg.things.description import facts_by_property
from perezkg.things.fields import Fields
from perezkg.things.labels import Labels, Value
from perezkg.things.lookup import look_up
from perezkg.things.sources import (
    Passage,
    Source,
    evidence,
    in_order,
    is_passage,
    is_source,
    locator,
    origins,
    passages_of,
)
from perezkg.vocabulary import OA, PROV, RDF, RDFS, SPORT
from perezkg.words import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from perezkg.rdf.terms import Term
    from perezkg.things.labels import Graph

    Counterexamples = Callable[[], dict[Term, list[tuple[Term, str]]]]

_CLAIM = NamedNode(SPORT + "Claim")
_DERIVED = PROV + "wasDerivedFrom"


class Addition(Fields):
    """What another file adds to a thing, with the sources of that file.

    Attributes:
        file: The name of the file.
        statements: What it adds, by property.
        passages: The sentences that say so.
        sources: The sources that say so as a whole.
    """

    __slots__ = ("file", "passages", "sources", "statements")
    fields = "file statements passages sources"

    def __init__(self, labels: Labels, file: str, said: list[tuple[NamedNode, Term]]) -> None:
        self.file = file
        self.passages, self.sources = origins(labels, [value for told, value in said if told.value == _DERIVED])
        self.statements = facts_by_property(labels, said, aside=frozenset((_DERIVED,)))


class Citation(Fields):
    """Why a thing is in the graph.

    Attributes:
        iri: Its IRI.
        name: Its prefixed name, or the IRI in angle brackets.
        label: What it is called.
        lang: The wanted language.
        classes: What it is.
        comment: The editors' note on how the source was read, or empty.
        passages: The sentences that it was derived from; for a sentence itself, for a source all its sentences.
        sources: The sources that it was derived from as a whole; for a source itself.
        direct: Whether the graph cites sources for this very thing. If not, `passages` and `sources` are those of
            `through`.
        through: Where `direct` is false, the things that mention it and have sources.
        supports: For a sentence or a source, the things derived from it, by class.
        additions: What other files add to it, each with its own sources, which are not among `passages` and `sources`.
        claims: The claims about it; for a claim itself; for an assessment the claim assessed.
        lines: The citation ready to copy, by language; empty when there is nothing to cite.
    """

    __slots__ = (
        "additions", "claims", "classes", "comment", "direct", "iri", "label", "lang", "lines", "name", "passages",
        "sources", "supports", "through",
    )  # fmt: skip

    kind = formats.CITATION
    fields = (
        "iri name label lang classes comment direct through passages sources supports=_groups additions claims "
        "citation=lines"
    )

    def __init__(self, labels: Labels, node: NamedNode, published_in: str, against: Counterexamples) -> None:
        value = labels.value(node)
        self.iri = node.value
        self.name = value.name
        self.label = value.label
        self.lang = labels.lang
        self.classes = labels.classes(node)
        self.comment = labels.first(node, RDFS + "comment")
        self.direct = True
        self.through: list[Value] = []
        self.supports: list[tuple[Value | None, list[Value]]] = []
        self.passages: list[Passage]
        self.sources: list[Source]
        self._gather(labels, node)
        self.additions = [Addition(labels, file, said) for file, said in labels.additions.of(node)]
        about = labels.subjects(SPORT + "about", node)
        own = [node] if _CLAIM in labels.objects(node, RDF + "type") else []
        # An assessment is read together with the claim that it assesses.
        about += labels.objects(node, SPORT + "assesses")
        claims = [*own, *(other for other in about if other not in own)]
        found = against() if claims else {}
        self.claims = [
            Claim(labels, claim, [Bound(labels, thing, date) for thing, date in found.get(claim, [])])
            for claim in claims
        ]
        self.lines = {lang: self._line(lang, published_in) for lang in resources.LANGUAGES}

    def __repr__(self) -> str:
        return f"<Citation of {self.name}>"

    def __str__(self) -> str:
        """Return the citation as text for a reader."""
        return formats.plain(self)

    @property
    def _groups(self) -> list[dict[str, Value | list[Value] | None]]:
        return [{"class": kind, "things": things} for kind, things in self.supports]

    def _gather(self, labels: Labels, node: NamedNode) -> None:
        if is_passage(labels, node):
            self.passages, self.sources = [Passage(labels, node)], []
            self.supports = _supported(labels, [node])
        elif is_source(labels, node):
            self.passages, self.sources = passages_of(labels, node), [Source(labels, node)]
            self.supports = _supported(labels, [node, *labels.subjects(OA + "hasSource", node)])
        else:
            self.passages, self.sources = evidence(labels, node)
            if not self.passages and not self.sources:
                self._gather_through(labels, node)

    def _gather_through(self, labels: Labels, node: NamedNode) -> None:
        """Find the sources of what mentions a thing that has none itself."""
        self.direct = False
        mentions = {
            subject
            for subject, _, _ in [*labels.triples(None, None, node), *labels.triples(None, node.value)]
            if isinstance(subject, NamedNode)
        }
        passages: list[Passage] = []
        sources: dict[str, Source] = {}
        through: list[Term] = []
        for subject in mentions:
            found, whole = evidence(labels, subject)
            if is_passage(labels, subject):
                found = [Passage(labels, subject)]
            if found or whole:
                through.append(subject)
                passages += found
                sources |= {source.iri: source for source in whole}
        self.through = labels.values(through)
        self.passages = in_order(passages)
        self.sources = [sources[iri] for iri in sorted(sources)]

    def _line(self, lang: str, published_in: str) -> str:
        """Return the citation for a list of references: where it is said, in which publication, the IRI."""
        passages, sources = self.passages, self.sources
        if sources and sources[0].iri == self.iri:
            passages = []  # a source is cited by its title, not by each of its sentences
        said = locator(passages, sources, lang)
        return f"{said}, {words('connectives', lang)['in']}: {published_in}, {self.iri}" if said and self.direct else ""


def cite(graph: Graph, term: str | NamedNode, *, lang: str = "en", text: str | None = None) -> Citation:
    """Return why a thing is in the graph: its sentences, sources and claims.

    Args:
        graph: The graph.
        term: A prefixed name, an IRI, a label or another name, a sentence number; see `perezkg.things.lookup.look_up`.
        lang: Language of the words, one of `perezkg.resources.LANGUAGES`.
        text: Path of the reader's own copy of the source, in UTF-8; its sentences get their words after the SHA-256
            digests of the whole and of each sentence agreed.

    Raises:
        UnknownTermError: Nothing is called so.
        AmbiguousTermError: Several things are called so.
        InputNotFoundError: There is no such text.
        InputUnreadableError: The text is a directory, may not be read, or is not UTF-8.
        PassageMismatchError: The text is not the one that was cited.

    >>> from perezkg.graph import load
    >>> [(passage.name, passage.start, passage.end) for passage in cite(load(), "pz:race-aid").passages]
    [('bio:s16', 1556, 1694)]
    """
    labels = Labels(graph, lang)
    node = look_up(graph, term, labels)
    citation = Citation(labels, node, _publication(graph), lambda: _counterexamples(graph))
    if text is not None:
        from perezkg.things.source_text import add_words

        add_words(text, citation.passages, lambda source: passages_of(labels, NamedNode(source.iri)))
    return citation


def _publication(graph: Graph) -> str:
    """Return what a statement is published in: this version of perezkg, or a stranger's files."""
    names = [file.name for file in graph.files]
    if set(names) <= set(resources.data_files()):
        return f"perezkg {VERSION}"
    return ", ".join(os.path.basename(name) for name in names)


def _counterexamples(graph: Graph) -> dict[Term, list[tuple[Term, str]]]:
    """Return what tells against each claim, with its date: the answer of the canned query, of all days."""
    answer = graph.query("counterexamples", date="9999-12-31")
    found: dict[Term, list[tuple[Term, str]]] = {}
    if isinstance(answer, Solutions):
        for row in answer.rows:
            cells = dict(zip(answer.variables, row, strict=True))
            claim, thing, date = cells["iri"], cells["counterexample"], cells["date"]
            if claim is not None and thing is not None:
                found.setdefault(claim, []).append((thing, date.value if isinstance(date, Literal) else ""))
    return found


def _supported(labels: Labels, cited: list[Term]) -> list[tuple[Value | None, list[Value]]]:
    """Return the things derived from any of these, by class; a thing of two classes stands under the first."""
    things = {thing for origin in cited for thing in labels.subjects(_DERIVED, origin)}
    groups: dict[Term | None, list[Term]] = {}
    for thing in things:
        kinds = labels.classes(thing)
        groups.setdefault(kinds[0].term if kinds else None, []).append(thing)
    ordered = sorted(groups, key=lambda kind: labels.property_order(kind.value if isinstance(kind, NamedNode) else ""))
    return [(labels.value(kind) if kind else None, labels.values(groups[kind])) for kind in ordered]
