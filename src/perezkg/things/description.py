"""Everything about one thing: what it is, what is said of it, what points at it, and which sources say so.

For readers it is plain text or Markdown, which are made of lines that fit a width and begin with a heading; so is a
citation.
"""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from perezkg import notebook
from perezkg.rdf.terms import as_text
from perezkg.resources import function
from perezkg.things import formats
from perezkg.things.labels import Labels, Named, Value
from perezkg.things.lookup import look_up
from perezkg.things.sources import is_passage, is_source, locator, origins
from perezkg.vocabulary import OA, OWL, PROV, RDF, RDFS, SH, SKOS
from perezkg.words import words as words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, ClassVar

    from perezkg.rdf.terms import Term
    from perezkg.sparql.results import Triples
    from perezkg.things.labels import Graph

_LABEL, _COMMENT, _TYPE, _DERIVED = RDFS + "label", RDFS + "comment", RDF + "type", PROV + "wasDerivedFrom"
# How RDF writes lists and unions of classes.
_STRUCTURE = frozenset({RDF + "first", RDF + "rest", OWL + "unionOf"})
# Told in the heading or in the sources line, not among the facts.
_ASIDE = frozenset({_LABEL, _COMMENT, _TYPE, _DERIVED})
_VOCABULARIES = (OWL, RDFS, RDF, SKOS, OA, SH)

# Labels longer than this, or than a quarter of the terminal, do not push all values to the right.
_WIDEST_LABEL = 24
# So many values of one property are shown in a notebook.
_FEW = 12
# Below this many columns nothing reads well any more.
_NARROWEST = 40
# An address in angle brackets is a link, and stays one; whatever else opens something is escaped.
_SPECIAL = re.compile(r"<https?://[^\s<>]+>|([\\`*_\[\]<>#])")


MOST = 100
"""So many values of a property, and things that point somewhere by it, are told of one thing; of more, how many."""


def some(terms: list[Term]) -> list[Term]:
    """Return terms, or of too many the first in an order that does not change.

    >>> len(some([Literal(number) for number in range(1000)]))
    100
    """
    return terms if len(terms) <= MOST else sorted(terms, key=as_text)[:MOST]


class Facts(Named):
    """The values that one property has, or the things that point here by it.

    Attributes:
        iri: The property.
        name: Its prefixed name, or the IRI in angle brackets.
        label: Its words: the label, or for what points here the label read backwards ("competitor of").
        values: The values, in a fixed order, of every language; of more than `MOST` some.
        more: How many others there are.
    """

    __slots__ = ("more", "values")
    fields = "property=iri name label values"

    def __init__(self, labels: Labels, iri: str, values: list[Term], *, backwards: bool) -> None:
        super().__init__(labels, NamedNode(iri))
        if backwards:
            self.label = labels.incoming_label(iri)
        self.more = max(0, len(values) - MOST)
        self.values = labels.values(some(values))

    def __repr__(self) -> str:
        return f"Facts({self.label!r}, {[str(value) for value in self.values]!r})"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields by name, `more` where not all values are told."""
        return super().to_dict() | ({"more": self.more} if self.more else {})


class Account(Named):
    """Base of what is told of one thing: a description or a citation.

    Attributes:
        kind: Which of the two it is, as `perezkg.things.formats` calls it.
        lang: The wanted language.
        classes: What the thing is.
        comment: The editors' note on how the source was read, or empty.
    """

    __slots__ = ("classes", "comment", "lang")
    kind: ClassVar[str]

    def __init__(self, labels: Labels, node: NamedNode) -> None:
        super().__init__(labels, node)
        self.lang = labels.lang
        self.classes = labels.classes(node)
        self.comment = labels.first(node, _COMMENT)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.name}>"

    def __str__(self) -> str:
        """Return it as text for a reader, with lines of any length."""
        return "".join(function(formats.FORMATS["text"].writer.format(self.kind))(self))


class Description(Account):
    """Everything about one thing.

    Attributes:
        labels: All its labels, of every language.
        comments: The notes of every language.
        outgoing: What is said of it.
        incoming: What points here.
        uses: For a property, in how many statements of the data it stands.
        passages: The sentences that it was derived from.
        sources: The sources that it was derived from as a whole.
        is_source: Whether it is itself a source or a sentence of one.
    """

    __slots__ = (
        "_said", "comments", "incoming", "is_source", "labels", "outgoing", "passages", "sources", "uses",
    )  # fmt: skip

    kind = formats.DESCRIPTION
    fields = "iri name label lang labels classes comments outgoing incoming uses passages sources"

    def __init__(self, labels: Labels, node: NamedNode) -> None:
        super().__init__(labels, node)
        self.labels = [term for term in labels.objects(node, _LABEL) if isinstance(term, Literal)]
        self.comments = [term for term in labels.objects(node, _COMMENT) if isinstance(term, Literal)]
        said = list(labels.triples(node))
        pointing = list(labels.triples(None, None, node))
        # A concept's preferred label repeats its label; told once is enough.
        repeated = labels.objects(node, SKOS + "prefLabel") == labels.objects(node, _LABEL)
        aside = _ASIDE | {SKOS + "prefLabel"} if repeated else _ASIDE
        self.outgoing = facts_by_property(labels, [(predicate, value) for _, predicate, value in said], aside=aside)
        self.incoming = facts_by_property(labels, [_user(labels, *triple[:2]) for triple in pointing], backwards=True)
        self.uses = len({quad.triple for quad in labels.stores[0].quads_for_pattern(None, node, None, None)})
        # Of every file: `cite` tells apart which adds what.
        self.passages, self.sources = origins(labels, labels.objects(node, _DERIVED))
        self.is_source = is_passage(labels, node) or is_source(labels, node)
        self._said = said + pointing

    @property
    def triples(self) -> list[Triple]:
        """The triples all this comes from, without those of the sentences."""
        return [Triple(*parts) for parts in self._said]  # type: ignore[arg-type]

    @property
    def said_in(self) -> str:
        """Where it comes from, in a line: `biography.txt, sentences 4 and 22`; empty when no source is given."""
        return locator(self.passages, self.sources, self.lang, offsets=False)

    def _repr_html_(self) -> str:
        """Return it for notebooks: things are links, of many values the first."""
        words = words_of("description", self.lang)
        parts = [heading_html(self), *map(_paragraph, (str(label.value) for label in _other_labels(self)))]
        if self.comment:
            parts.append(_paragraph(f"{words['note']} {self.comment}"))
        for title, groups in ((words["said"], self.outgoing), (words["pointing"], self.incoming)):
            if groups:
                parts.append(notebook.items(title, [(0, _html(facts, self.lang)) for facts in groups], self.lang))
        parts += map(_paragraph, filter(None, (_uses(self) if self.uses else "", _sources(self))))
        return "".join(parts)

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
    return Description(labels, look_up(labels, term))


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
    ordered = sorted(groups, key=labels.property_order)
    return [Facts(labels, iri, groups[iri], backwards=backwards) for iri in ordered]


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


def text(description: Description, width: int | None = None) -> Iterator[str]:
    """Yield a description as plain text.

    Args:
        description: What to tell.
        width: Columns of the terminal; None for lines of any length.
    """
    words = words_of("description", description.lang)
    yield from heading(description, width)
    for label in _other_labels(description):
        yield from lines(f"{label.language}: {label.value}", width)
    if description.comment:
        yield "\n"
        yield from lines(f"{words['note']} {description.comment}", width, rest="  ")
    column = max((len(facts.label) for facts in description.outgoing + description.incoming), default=0)
    column = min(column, _WIDEST_LABEL, (width or 1000) // 4)
    if description.outgoing:
        yield "\n"
        yield from _facts(description.outgoing, description.lang, column, width)
    if description.uses:
        yield f"\n{_uses(description)}\n"
    if description.incoming:
        yield f"\n{words['pointing']}\n"
        yield from _facts(description.incoming, description.lang, column, width)
    sources = _sources(description)
    if sources:
        yield "\n"
        yield from lines(sources, width, rest="  ")


def markdown(description: Description, _width: int | None = None) -> Iterator[str]:
    """Yield a description as Markdown."""
    words = words_of("description", description.lang)
    yield from heading_markdown(description)
    for label in _other_labels(description):
        yield f"\n{label.language}: {literal(label.value)}\n"
    if description.comment:
        yield f"\n> {literal(description.comment)}\n"
    if description.outgoing:
        yield f"\n## {words['said']}\n\n"
        yield from _list(description.outgoing, description.lang)
    if description.uses:
        yield f"\n{_uses(description)}\n"
    if description.incoming:
        yield f"\n## {words['pointing']}\n\n"
        yield from _list(description.incoming, description.lang)
    sources = _sources(description)
    if sources:
        yield f"\n{literal(sources)}\n"


def turtle(description: Description, _width: int | None = None) -> Iterator[str]:
    """Yield the triples of a description as Turtle."""
    from perezkg.sparql.formats import render

    return render(description.to_triples(), "turtle")


def shown(values: list[Value], lang: str) -> list[Value]:
    """Return the values that a reader of one language sees: of texts in several languages the best one."""
    tagged = {value.language.partition("-")[0] for value in values if value.language}
    chosen = next((known for known in (lang, "en") if known in tagged), "")
    if not chosen:
        return values
    return [value for value in values if not value.language or value.language.partition("-")[0] == chosen]


def _other_labels(description: Description) -> list[Literal]:
    """Return the labels in other languages, as far as they say something else."""
    return [label for label in description.labels if label.language and label.value != description.label]


def _uses(description: Description) -> str:
    words = words_of("description", description.lang)
    return words["use"] if description.uses == 1 else words["uses"].format(description.uses)


def _sources(description: Description) -> str:
    words = words_of("description", description.lang)
    # What can be pasted into a shell: there, angle brackets redirect.
    typed = f"'{description.iri}'" if description.name.startswith("<") else description.name
    if description.is_source:
        return f"{words['why']} {typed}"
    if description.said_in:
        return f"{words['sources']} {description.said_in}. {words['why']} {typed}"
    # Terms of vocabularies are defined, not derived from a source.
    kinds = [kind.term.value for kind in description.classes if isinstance(kind.term, NamedNode)]
    return "" if any(kind.startswith(_VOCABULARIES) for kind in kinds) else words["unsourced"]


def _facts(groups: list[Facts], lang: str, column: int, width: int | None) -> Iterator[str]:
    for facts in groups:
        for number, value in enumerate(shown(facts.values, lang)):
            label = facts.label if number == 0 else ""
            if len(label) > column:
                yield f"  {label}\n"
                label = ""
            yield from lines(str(value), width, first=f"  {label.ljust(column)}  ")
        if facts.more:
            yield from lines(_more(facts, lang), width, first=f"  {' ' * column}  ")


def _list(groups: list[Facts], lang: str) -> Iterator[str]:
    for facts in groups:
        values = shown(facts.values, lang)
        if len(values) == 1:
            yield f"- {literal(facts.label)}: {_linked(values[0])}\n"
            continue
        yield f"- {literal(facts.label)}:\n"
        for value in values:
            yield f"  - {_linked(value)}\n"
        if facts.more:
            yield f"  - {_more(facts, lang)}\n"


def _more(facts: Facts, lang: str) -> str:
    return words_of("description", lang)["more"].format(facts.more)


def _html(facts: Facts, lang: str) -> str:
    """Return values that one property has, or what points here by it, as an item of a list in a notebook."""
    values = shown(facts.values, lang)
    linked = [notebook.link(one.iri, one.label) if one.iri else notebook.text(one.label) for one in values[:_FEW]]
    more = facts.more + max(0, len(values) - _FEW)
    if more:
        linked.append(notebook.text(words_of("description", lang)["more"].format(more)))
    return f"{notebook.text(facts.label)}: {'; '.join(linked)}"


def _paragraph(text: str) -> str:
    return f"<p>{notebook.text(text)}</p>"


def _linked(value: Value) -> str:
    if not value.name:
        return literal(value.label)
    return code(value.name) if value.name == value.label else f"{literal(value.label)} ({code(value.name)})"


def lines(text: str, width: int | None, *, first: str = "", rest: str | None = None) -> Iterator[str]:
    r"""Yield a text as lines that fit a width, each with its line end.

    Args:
        text: The text; its own line ends and blanks become single blanks.
        width: Columns; None for one line however long (in a pipe, where grep reads).
        first: What stands before the first line.
        rest: What stands before the others; blanks as many as `first` has, unless told.

    >>> list(lines("one two", None, first="- "))
    ['- one two\n']
    """
    text = " ".join(text.split())
    if width is None or len(first) + len(text) <= width:
        yield f"{first}{text}".rstrip() + "\n"
        return
    from textwrap import wrap

    # Prefixed names and IRIs stay whole: they are there to be copied.
    for line in wrap(
        text,
        max(width, _NARROWEST),
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    ):
        yield line + "\n"


def literal(text: str) -> str:
    r"""Return a text that Markdown shows as it is.

    >>> literal("a_b <c> <http://example.org/a_b>")
    'a\\_b \\<c\\> <http://example.org/a_b>'
    """
    return _SPECIAL.sub(lambda found: f"\\{found[1]}" if found[1] else found[0], " ".join(text.split()))


def code(name: str) -> str:
    """Return a prefixed name as code in Markdown, and an IRI in angle brackets as a link."""
    return name if name.startswith("<") else f"`{name}`"


def heading(account: Account, width: int | None) -> Iterator[str]:
    """Yield what a thing is called, what it is, and its name and IRI."""
    yield from lines(_called(account), width)
    yield f"{account.name}  {account.iri}\n" if not account.name.startswith("<") else f"{account.iri}\n"


def heading_markdown(account: Account) -> Iterator[str]:
    """Yield the same as Markdown."""
    yield f"# {literal(_called(account))}\n\n{code(account.name)}"
    yield "\n" if account.name.startswith("<") else f" · <{account.iri}>\n"


def heading_html(account: Account) -> str:
    """Return the same as HTML for a notebook."""
    return f"<p><strong>{notebook.text(_called(account))}</strong> {notebook.link(account.iri, account.name)}</p>"


def _called(account: Account) -> str:
    kinds = ", ".join(kind.label for kind in account.classes)
    return f"{account.label} — {kinds}" if kinds else account.label
