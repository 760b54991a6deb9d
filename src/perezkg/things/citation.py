"""Why something is said: the sentences and sources behind a thing, how they were read, and the claims about it."""

from __future__ import annotations

import os

from pyoxigraph import Literal, NamedNode

from perezkg import notebook, resources
from perezkg.resources import VERSION
from perezkg.sparql.results import Solutions
from perezkg.things import formats
from perezkg.things.claims import Bound, Claim
from perezkg.things.description import (
    Account,
    code,
    facts_by_property,
    heading,
    heading_html,
    heading_markdown,
    lines,
    literal,
    some,
)
from perezkg.things.formats import Fields
from perezkg.things.labels import Labels, Value
from perezkg.things.lookup import look_up
from perezkg.things.sources import (
    Passage,
    Source,
    add_words,
    evidence,
    in_order,
    is_passage,
    is_source,
    locator,
    origins,
    passages_of,
)
from perezkg.vocabulary import OA, PROV, RDF, SPORT
from perezkg.words import words as words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from perezkg.rdf.terms import Term
    from perezkg.things.labels import Graph

    Counterexamples = Callable[[], dict[Term, list[tuple[Term, str]]]]

_CLAIM = NamedNode(SPORT + "Claim")
_DERIVED = PROV + "wasDerivedFrom"
# So much of a digest tells texts apart at a glance; --format json has it whole.
_PREFIX = 12


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


class Citation(Account):
    """Why a thing is in the graph.

    Attributes:
        passages: The sentences that it was derived from; for a sentence itself, for a source all its sentences.
        sources: The sources that it was derived from as a whole; for a source itself.
        direct: Whether the graph cites sources for this very thing. If not, `passages` and `sources` are those of
            `through`.
        through: Where `direct` is false, the things that mention it and have sources.
        supports: For a sentence or a source, the things derived from it, by class, and how many; of more than 100
            some are told.
        additions: What other files add to it, each with its own sources, which are not among `passages` and `sources`.
        claims: The claims about it; for a claim itself; for an assessment the claim assessed.
    """

    __slots__ = ("_published_in", "additions", "claims", "direct", "passages", "sources", "supports", "through")

    kind = formats.CITATION
    fields = (
        "iri name label lang classes comment direct through passages sources supports=_groups additions claims "
        "citation=lines"
    )

    def __init__(self, labels: Labels, node: NamedNode, published_in: str, against: Counterexamples) -> None:
        super().__init__(labels, node)
        self.direct = True
        self.through: list[Value] = []
        self.supports: list[tuple[Value | None, list[Value], int]] = []
        self._gather(labels, node)
        self.additions = [Addition(labels, file, said) for file, said in labels.additions(node)]
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
        self._published_in = published_in

    def _repr_html_(self) -> str:
        """Return it for notebooks: things are links."""
        parts = [heading_html(self)]
        for title, found in _sections(self):
            told = [(depth, notebook.named(name, words)) for depth, name, words in found]
            parts.append(notebook.items(title, told, self.lang))
        return "".join(parts)

    @property
    def lines(self) -> dict[str, str]:
        """The citation ready to copy, by language; empty when there is nothing to cite."""
        return {lang: self.line(lang) for lang in resources.LANGUAGES}

    @property
    def _groups(self) -> list[dict[str, Value | list[Value] | int | None]]:
        return [
            {"class": kind, "things": things, **({"more": count - len(things)} if count > len(things) else {})}
            for kind, things, count in self.supports
        ]

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

    def line(self, lang: str) -> str:
        """Return the citation for a list of references: where it is said, in which publication, the IRI; or nothing."""
        passages, sources = self.passages, self.sources
        if sources and sources[0].iri == self.iri:
            passages = []  # a source is cited by its title, not by each of its sentences
        said = locator(passages, sources, lang) if self.direct else ""
        return f"{said}, {words_of('connectives', lang)['in']}: {self._published_in}, {self.iri}" if said else ""


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
    citation = Citation(labels, look_up(labels, term), _publication(graph), lambda: _counterexamples(graph))
    if text is not None:
        add_words(text, citation.passages, lambda source: passages_of(labels, NamedNode(source.iri)))
    return citation


def _publication(graph: Graph) -> str:
    """Return what a statement is published in: this version of perezkg, or a stranger's files."""
    names = graph.names
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


def _supported(labels: Labels, cited: list[Term]) -> list[tuple[Value | None, list[Value], int]]:
    """Return the things derived from any of these, by class, some of them and how many they are.

    A thing of two classes stands under the first.
    """
    things = {thing for origin in cited for thing in labels.subjects(_DERIVED, origin)}
    groups: dict[Term | None, list[Term]] = {}
    for thing in things:
        kinds = labels.classes(thing)
        groups.setdefault(kinds[0].term if kinds else None, []).append(thing)
    ordered = sorted(groups, key=lambda kind: labels.property_order(kind.value if isinstance(kind, NamedNode) else ""))
    return [
        (labels.value(kind) if kind else None, labels.values(some(groups[kind])), len(groups[kind])) for kind in ordered
    ]


def text(citation: Citation, width: int | None = None) -> Iterator[str]:
    """Yield a citation as plain text.

    Args:
        citation: What to tell.
        width: Columns of the terminal; None for lines of any length.
    """
    yield from heading(citation, width)
    for title, items in _sections(citation):
        yield "\n"
        yield from lines(title, width)
        for depth, name, words in items:
            indent = "  " * (depth + 1)
            first = f"{indent}{name}  " if name else indent
            yield from lines(words, width, first=first, rest=indent + "    ")


def markdown(citation: Citation, _width: int | None = None) -> Iterator[str]:
    """Yield a citation as Markdown."""
    yield from heading_markdown(citation)
    for title, items in _sections(citation):
        yield f"\n## {literal(title)}\n\n"
        for depth, name, words in items:
            named = f"{code(name)} " if name else ""
            yield f"{'  ' * depth}- {named}{literal(words)}\n"


def _sections(citation: Citation) -> Iterator[tuple[str, list[tuple[int, str, str]]]]:
    """Yield each section: its title, and its lines as depth, prefixed name (or empty) and words."""
    words = words_of("citation", citation.lang)
    if citation.through:
        yield words["through"], [(0, value.name, _label(value)) for value in citation.through]
    evidence = [item for passage in citation.passages for item in _passage(passage, words)]
    whole = [item for source in citation.sources for item in _source(source, citation, words)]
    # A source itself comes before its sentences; else the sentences are the nearer answer.
    evidence = whole + evidence if citation.supports else evidence + whole
    if evidence:
        yield words["sources" if citation.direct else "through sources"], evidence
    else:
        yield words["none"], []
    if citation.additions:
        yield words["added"], [item for addition in citation.additions for item in _addition(addition, citation, words)]
    if citation.comment:
        yield words["how"], [(0, "", citation.comment)]
    if citation.supports:
        yield words["supports"], [item for group in citation.supports for item in _supported_by_it(words, *group)]
    own = [claim for claim in citation.claims if claim.claim.name == citation.name]
    others = [claim for claim in citation.claims if claim.claim.name != citation.name]
    if own:
        yield words["why"], [item for claim in own for item in _claim(claim, citation.lang, words, own=True)]
        became = [item for claim in own for item in _verdict(claim, 0, citation.lang, words)]
        if became:
            yield words["verdict"], became
    if others:
        yield words["about"], [item for claim in others for item in _claim(claim, citation.lang, words)]
    line = citation.line(citation.lang) or citation.line("en")
    if line:
        # Whoever cites a claim should know where its contrary is said.
        contrary = [other for claim in own for other in claim.contradicted_by]
        places = filter(None, (locator(other.passages, other.sources, citation.lang) for other in contrary))
        yield words["cite"], [(0, "", line), *((0, "", f"{words['but see']} {said}") for said in places)]


def _source(source: Source, citation: Citation, words: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    parts = [
        source.called,
        source.publisher,
        source.issued,
        words["length"].format(source.characters) if source.characters is not None else "",
        words["digest"].format(source.sha256[:_PREFIX]) if source.sha256 else "",
    ]
    if source.iri == citation.iri and citation.passages:
        things = sum(count for _, _, count in citation.supports)
        parts.append(words["sentences"].format(len(citation.passages), things))
    yield 0, source.name, ", ".join(filter(None, parts))


def _passage(passage: Passage, words: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    place = passage.start is not None and passage.end is not None
    parts = [
        passage.source.title if passage.source else "",
        words["sentence"].format(passage.number) if passage.number is not None else passage.label,
        words["characters"].format(passage.start, passage.end) if place else "",
        words["digest"].format(passage.sha256[:_PREFIX]) if passage.sha256 else "",
    ]
    yield 0, passage.name, ", ".join(filter(None, parts))
    if passage.words is not None:
        yield 1, "", f"“{passage.words}”"


def _supported_by_it(
    words: Mapping[str, str], kind: Value | None, values: list[Value], count: int
) -> Iterator[tuple[int, str, str]]:
    yield 0, "", f"{kind.label if kind else '—'} ({count})"
    yield from ((1, value.name, _label(value)) for value in values)
    if count > len(values):
        yield 1, "", words["more"].format(count - len(values))


def _claim(claim: Claim, lang: str, words: Mapping[str, str], *, own: bool = False) -> Iterator[tuple[int, str, str]]:
    depth = 0
    if not own:
        yield 0, claim.claim.name, _label(claim.claim)
        depth = 1
    told = {words["kind"]: claim.kind, words["said"]: ", ".join(source.label for source in claim.said_by)}
    yield depth, "", "; ".join(f"{word}: {value}" for word, value in told.items() if value)
    for bounds, word in ((claim.since, words["since"]), (claim.until, words["end"])):
        yield from ((depth, "", f"{word}: {_bound(bound, words)}") for bound in bounds)
    if claim.since and not claim.until:
        yield depth, "", f"{words['end']}: {words['no end']}"
    if own:
        yield from ((depth, "", f"{words['about it']}: {thing}") for thing in claim.about)
        return
    if claim.passages or claim.sources:
        yield depth, "", locator(claim.passages, claim.sources, lang, offsets=False)
    if claim.comment:
        yield depth, "", claim.comment
    yield from _verdict(claim, depth, lang, words)


def _verdict(claim: Claim, depth: int, lang: str, words: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    """Yield what became of a claim: the verdict with its reason and sources, who says otherwise, what tells against."""
    for verdict in claim.verdicts:
        reason = f": {verdict.reason}" if verdict.reason else ""
        said = locator(verdict.passages, verdict.sources, lang, offsets=False)
        yield depth, "", f"{verdict.verdict.label}{reason}{f' ({said})' if said else ''}"
    preferred = {value.term for verdict in claim.verdicts for value in verdict.prefers}
    for contrary in claim.contradicted_by:
        said_by = ", ".join(source.label for source in contrary.said_by)
        better = f" — {words['preferred']}" if contrary.claim.term in preferred else ""
        yield depth, "", f"{words['but']} {said_by}: {contrary.claim}{better}"
    for bound in claim.counterexamples:
        yield depth, "", f"{words['against']}: {_bound(bound, words)}"


def _addition(addition: Addition, citation: Citation, words: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    if not addition.statements:
        yield 0, "", words["same"]
    for facts in addition.statements:
        yield 0, "", f"{facts.label}: {'; '.join(map(str, facts.values))}"
    if not addition.passages and not addition.sources:
        yield 1, "", words["unsourced"]
    items = [item for passage in addition.passages for item in _passage(passage, words)]
    items += [item for source in addition.sources for item in _source(source, citation, words)]
    yield from ((depth + 1, name, said) for depth, name, said in items)


def _bound(bound: Bound, words: Mapping[str, str]) -> str:
    return f"{bound.date or words['undated']}, {bound.event}"


def _label(value: Value) -> str:
    return value.label if value.label != value.name else ""
