"""Turtle of ontology 1.0 in the terms of 2.0, with comments, order and spelling as the author has them."""

from __future__ import annotations

from perezkg.errors import UnknownFormatError
from perezkg.turtle_text.layout import lay_out
from perezkg.turtle_text.tree import Brackets, Comment, Directive, Pair, Statement, Term, read_document
from perezkg.vocabulary import PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.rdf.reading import DataFile
    from perezkg.turtle_text.tree import Document

_SPORT = PREFIXES["sport"]

# What one property became, whatever the class of its subject.
_RENAMED = {"athlete": "competitor", "place": "location", "school": "involves", "seconds": "value"}
# What `sport:kind` became, by the class of its subject.
_KINDS = {
    "Organisation": "organisationKind",
    "Place": "placeKind",
    "Contest": "eventKind",
    "LifeEvent": "eventKind",
    "Education": "eventKind",
    "Award": "awardKind",
    "RecordStatus": "recordKind",
    "Kinship": "role",
    "Coaching": "role",
    "Claim": "claimKind",
    "Source": "type",
}
# The same by how the names of the concepts begin, for a subject whose class another file gives.
_CONCEPTS = {
    "organisation": "organisationKind",
    "place": "placeKind",
    "contest": "eventKind",
    "event": "eventKind",
    "education": "eventKind",
    "award": "awardKind",
    "record": "recordKind",
    "kin": "role",
    "role": "role",
    "claim": "claimKind",
    "source": "type",
}


def upgraded(file: DataFile) -> str:
    r"""Return the text of a Turtle file in the terms of ontology 2.0, in canonical layout.

    A file that is in these terms already stays as `perezkg format` has it.

    Raises:
        UnknownFormatError: It is not Turtle.
        RdfSyntaxError: It breaks the grammar of Turtle.
        InputError: It uses RDF 1.2.

    >>> from pyoxigraph import RdfFormat
    >>> from perezkg.rdf.reading import DataFile
    >>> text = b"@prefix sport: <https://w3id.org/perezkg/sport#> .\n<x:a> sport:athlete <x:b> . # who"
    >>> print(upgraded(DataFile("a.ttl", text, RdfFormat.TURTLE)).splitlines()[-1])
    <x:a> sport:competitor <x:b> . # who
    """
    from pyoxigraph import RdfFormat

    from perezkg.rdf.reading import parse

    if file.format != RdfFormat.TURTLE:
        raise UnknownFormatError(
            f"this is {file.format.name}, and only Turtle is upgraded",
            path=file.name,
            hint="Write it as Turtle first: perezkg export --data FILE -o FILE.ttl",
        )
    for _ in parse(file):  # refuses what is no Turtle, with its place
        pass
    document = read_document(file.content.decode(), file.name)
    _Upgrade(document).run()
    return lay_out(document)


def _comments(pair: Pair) -> list[str]:
    """Return the comments behind a pair and its objects."""
    return [text for item in (pair, *pair.objects) for text in item.trailing]


class _Upgrade:
    """Changes the tree of one document in place."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._prefixes = {
            item.prefix: item.iri[1:-1]
            for item in document.items
            if isinstance(item, Directive) and item.prefix is not None
        }
        # A node may be told of in several statements, and its class in one.
        self._classes: dict[str, set[str]] = {}
        for item in document.items:
            if isinstance(item, Statement) and isinstance(item.subject, Term):
                self._classes.setdefault(item.subject.text, set()).update(self._types(item.pairs))

    def run(self) -> None:
        for item in self._document.items:
            if isinstance(item, Statement):
                known = self._classes.get(item.subject.text, set()) if isinstance(item.subject, Term) else set()
                item.pairs = list(self._pairs(item.pairs, known))
                if isinstance(item.subject, Brackets):
                    self._within(item.subject)

    def _within(self, brackets: Brackets) -> None:
        brackets.pairs = list(self._pairs(brackets.pairs, self._types(brackets.pairs)))
        for member in brackets.members:
            if isinstance(member, Brackets):
                self._within(member)

    def _pairs(self, pairs: list[Pair], classes: set[str]) -> Iterator[Pair]:
        tie = bool(classes & {"Kinship", "Coaching"}) or any(self._local(pair.verb) == "towards" for pair in pairs)
        # The comments of what is gone stand above what comes next.
        freed: list[Comment] = []
        mark = "Mark" in classes or any(self._local(pair.verb) == "seconds" for pair in pairs)
        for pair in pairs:
            for node in pair.objects:
                if isinstance(node, Brackets):
                    self._within(node)
            name = self._local(pair.verb)
            if name == "duration" and mark:
                freed += [*pair.leading, *(Comment(text, own_line=True, gap=False) for text in _comments(pair))]
                continue
            pair.leading, freed = [*freed, *pair.leading], []
            if name == "seconds":
                unit, second = self._spelt(pair.verb, "unit"), self._spelt(pair.verb, "unit-second")
                yield Pair(pair.leading, verb=unit, objects=[Term(text=second)])
                pair.leading = []
            if name == "kind":
                pair.verb = self._kind(pair, classes)
            elif name == "holder" and tie:
                pair.verb = self._spelt(pair.verb, "bearer")
            elif name in _RENAMED:
                pair.verb = self._spelt(pair.verb, _RENAMED[name])
            yield pair

    def _kind(self, pair: Pair, classes: set[str]) -> str:
        found = next((_KINDS[name] for name in sorted(classes) if name in _KINDS), None)
        if found is None and isinstance(pair.objects[0], Term):
            found = _CONCEPTS.get((self._local(pair.objects[0].text) or "").partition("-")[0])
        if found == "type":
            return self._dcterms_type()
        return self._spelt(pair.verb, found or "kind")

    def _dcterms_type(self) -> str:
        """Return dcterms:type as this document can write it."""
        for prefix, iri in self._prefixes.items():
            if iri == PREFIXES["dcterms"]:
                self._document.used.add(prefix)
                return f"{prefix}:type"
        return f"<{PREFIXES['dcterms']}type>"

    def _spelt(self, verb: str, name: str) -> str:
        """Return a term of the vocabulary, spelt as another one is."""
        if verb.startswith("<"):
            return f"<{_SPORT}{name}>"
        return f"{verb.partition(':')[0]}:{name}"

    def _types(self, pairs: list[Pair]) -> set[str]:
        terms = (node.text for pair in pairs if pair.verb == "a" for node in pair.objects if isinstance(node, Term))
        return {name for term in terms if (name := self._local(term))}

    def _local(self, term: str) -> str | None:
        """Return the name of a term within the vocabulary, or None."""
        if term.startswith("<"):
            iri = term[1:-1]
        else:
            prefix, colon, rest = term.partition(":")
            if not colon or prefix not in self._prefixes:
                return None
            iri = self._prefixes[prefix] + rest
        return iri[len(_SPORT) :] if iri.startswith(_SPORT) else None
