"""Sources and their passages: what they are called, which a thing was derived from, and how a librarian writes that."""

from __future__ import annotations

from pyoxigraph import NamedNode

from perezkg.rdf.nodes import natural
from perezkg.things.fields import Fields
from perezkg.things.labels import Labels
from perezkg.vocabulary import DCTERMS, OA, PROV, RDF, RDFS, SPORT
from perezkg.words import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from perezkg.rdf.terms import Term

_SOURCE = SPORT + "Source"
_PASSAGE = SPORT + "Passage"


class Source(Fields):
    """A text, a list or a database that says something.

    Attributes:
        iri: Its IRI.
        name: Its prefixed name, or the IRI in angle brackets.
        label: Its label.
        title: Its title as published; its label when it has none.
        called: What to call it in the wanted language: its title, or its label where the title only describes it.
        kind: Label of what kind of source it is, or empty.
        publisher: Who published it; empty when not told, or when the title says it already.
        issued: When, or empty.
        characters: Its length in characters; None when not told.
        sha256: Digest of its bytes, 64 hexadecimal digits; empty when not told.
    """

    __slots__ = ("called", "characters", "iri", "issued", "kind", "label", "name", "publisher", "sha256", "title")
    fields = "iri name label title kind publisher issued characters sha256"

    def __init__(self, labels: Labels, node: Term) -> None:
        value = labels.value(node)
        self.iri = node.value if isinstance(node, NamedNode) else ""
        self.name = value.name
        self.label = value.label
        self.title = labels.first(node, DCTERMS + "title") or value.label
        # A title that is also a label was made up to describe the source, and has its translations.
        described = any(getattr(label, "value", "") == self.title for label in labels.objects(node, RDFS + "label"))
        self.called = value.label if described else self.title
        kinds = labels.objects(node, SPORT + "kind")
        self.kind = labels.value(kinds[0]).label if kinds else ""
        publisher = labels.first(node, DCTERMS + "publisher")
        self.publisher = publisher if publisher != self.title else ""
        self.issued = labels.first(node, DCTERMS + "issued")
        self.characters = _number(labels.first(node, SPORT + "characters"))
        self.sha256 = labels.first(node, SPORT + "sha256")

    def __repr__(self) -> str:
        return f"<Source {self.name}>"


class Passage(Fields):
    """A stretch of characters of a source: one sentence.

    Attributes:
        iri: Its IRI.
        name: Its prefixed name, or the IRI in angle brackets.
        label: Its label.
        number: Which sentence of the source it is, from 1; None when not told.
        source: The source; None when not told.
        start: First character, counted from 0; None when not told.
        end: The character after the last one; None when not told.
        sha256: Digest of its characters in UTF-8; empty when not told.
        supports: How many things of the graph cite it.
        words: The passage itself, once a text was given and agreed with the digest; else None.
    """

    __slots__ = ("end", "iri", "label", "name", "number", "sha256", "source", "start", "supports", "words")
    fields = "iri name label number source=source.iri title=source.title start end sha256 supports words"

    def __init__(self, labels: Labels, node: Term) -> None:
        value = labels.value(node)
        self.iri = node.value if isinstance(node, NamedNode) else ""
        self.name = value.name
        self.label = value.label
        self.number = _number(labels.first(node, SPORT + "position"))
        sources = labels.objects(node, OA + "hasSource")
        self.source = Source(labels, sources[0]) if sources else None
        selectors = labels.objects(node, OA + "hasSelector")
        self.start = _number(labels.first(selectors[0], OA + "start")) if selectors else None
        self.end = _number(labels.first(selectors[0], OA + "end")) if selectors else None
        self.sha256 = labels.first(node, SPORT + "sha256")
        self.supports = len(labels.subjects(PROV + "wasDerivedFrom", node))
        self.words: str | None = None

    def __repr__(self) -> str:
        return f"<Passage {self.name}>"


def is_passage(labels: Labels, node: Term) -> bool:
    """Tell whether a thing is a passage of a source."""
    kinds = labels.objects(node, RDF + "type")
    return NamedNode(_PASSAGE) in kinds or bool(labels.objects(node, OA + "hasSource"))


def is_source(labels: Labels, node: Term) -> bool:
    """Tell whether a thing is a source, or has passages."""
    kinds = labels.objects(node, RDF + "type")
    return NamedNode(_SOURCE) in kinds or bool(labels.subjects(OA + "hasSource", node))


def passages_of(labels: Labels, source: Term) -> list[Passage]:
    """Return the passages of a source, in its order."""
    return in_order(Passage(labels, node) for node in labels.subjects(OA + "hasSource", source))


def evidence(labels: Labels, node: Term) -> tuple[list[Passage], list[Source]]:
    """Return what a thing was derived from: passages, and sources cited as a whole.

    What other files add to it has its own; see `perezkg.things.additions`.
    """
    return origins(labels, labels.own_objects(node, PROV + "wasDerivedFrom"))


def origins(labels: Labels, nodes: Iterable[Term]) -> tuple[list[Passage], list[Source]]:
    """Return passages, and sources cited as a whole."""
    passages: list[Passage] = []
    sources: list[Source] = []
    for origin in nodes:
        if is_passage(labels, origin):
            passages.append(Passage(labels, origin))
        else:
            sources.append(Source(labels, origin))
    return in_order(passages), sources


def in_order(passages: Iterable[Passage]) -> list[Passage]:
    """Return passages by source and place in it, each once."""
    once = {passage.iri or passage.label: passage for passage in passages}

    def key(passage: Passage) -> tuple[object, ...]:
        place = passage.number if passage.number is not None else passage.start
        source = passage.source.iri if passage.source else ""
        return source, place is None, place or 0, natural(passage.iri or passage.label)

    return sorted(once.values(), key=key)


def locator(passages: Iterable[Passage], sources: Iterable[Source], lang: str, *, offsets: bool = True) -> str:
    """Return where something is said, as a librarian writes it; empty for nothing.

    `biography.txt, sentences 3 and 4 (characters 109–235, 236–349)`
    """
    parts: list[str] = []
    groups: dict[str, list[Passage]] = {}
    for passage in passages:
        groups.setdefault(passage.source.title if passage.source else "", []).append(passage)
    for title, group in groups.items():
        part = ", ".join(filter(None, (title, _numbers(group, lang))))
        places = [f"{passage.start}–{passage.end}" for passage in group if passage.start is not None]
        if offsets and places:
            part += f" ({words('sources', lang)['characters']} {', '.join(places)})"
        parts.append(part)
    parts += [", ".join(filter(None, (source.called, source.publisher, source.issued))) for source in sources]
    return "; ".join(parts)


def _numbers(passages: list[Passage], lang: str) -> str:
    numbered = [str(passage.number) for passage in passages if passage.number is not None]
    labelled = [passage.label for passage in passages if passage.number is None]
    if not numbered:
        return ", ".join(labelled)
    noun = words("sources", lang)["sentence" if len(numbered) == 1 else "sentences"]
    joined = f" {words('connectives', lang)['and']} ".join(filter(None, (", ".join(numbered[:-1]), numbered[-1])))
    return ", ".join([f"{noun} {joined}", *labelled])


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
