"""From what a person types to the thing that is meant: a prefixed name, an IRI, a label, the number of a sentence."""

from __future__ import annotations

import re
import unicodedata

from pyoxigraph import Literal, NamedNode

from perezkg.errors import AmbiguousTermError, UnknownTermError, nearest
from perezkg.rdf.nodes import natural
from perezkg.things.labels import Labels
from perezkg.vocabulary import DCTERMS, PREFIXES, RDF, RDFS, SKOS, SPORT, XSD, shrink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from perezkg.things.labels import Graph

_NAMING = (
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "altLabel",
    SKOS + "notation",
    SPORT + "name",
    DCTERMS + "title",
)
_PREFIXED = re.compile(r"([A-Za-z][\w.-]*)?:[^\s/]\S*|[A-Za-z][\w.-]*:")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+|urn:\S+", re.IGNORECASE)
_SENTENCE = re.compile(r"s([0-9]{1,9})", re.IGNORECASE)
_STRING = frozenset({XSD + "string", RDF + "langString"})

# An ambiguous term lists this many things.
_LISTED = 12


def look_up(labels: Labels, term: str | NamedNode) -> NamedNode:
    """Return the one thing of a graph, or term of its vocabulary, that is meant.

    Args:
        labels: The words of the graph.
        term: A prefixed name (`pz:cuenca`), an IRI with or without angle brackets, a label, another name, or the last
            part of the IRI, in any language and whatever its case and accents; the beginning of a label or some of its
            words, when only one thing has them; or a sentence number (`s14`).

    Raises:
        UnknownTermError: Nothing is called so; the nearest names are in the hint.
        AmbiguousTermError: Several things are called so; they are in the hint.
    """
    if isinstance(term, NamedNode):
        return _existing(term.value, labels, f"<{term.value}>")
    text = term.strip()
    if text.startswith("<") and text.endswith(">"):
        return _existing(text[1:-1], labels, text)
    if _ABSOLUTE.fullmatch(text):
        return _existing(text, labels, text)
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES and _PREFIXED.fullmatch(text):
        return _existing(PREFIXES[prefix] + local, labels, text)
    names = _Names(labels)
    found = names.whole(text) or _sentences(text, labels)
    if not found and _PREFIXED.fullmatch(text):
        return _declared(labels, prefix, local)
    found = found or names.partly(text)
    if len(found) == 1:
        return NamedNode(found[0])
    if found:
        raise _ambiguous(text, found, labels)
    hint = names.nearest(text) or "Write a label, a prefixed name such as sport:Person, or a whole IRI."
    raise UnknownTermError(f"nothing in the graph is called {text!r}", hint=hint)


def nothing_about(graph: Graph, iri: str) -> str:
    """Return a sentence saying that a graph knows nothing of an IRI, with the nearest one that it knows, or nothing.

    >>> from perezkg.graph import load
    >>> nothing_about(load(), "https://w3id.org/perezkg/id/world-championships-2103").partition(". ")[0]
    'the graph says nothing about pz:world-championships-2103'
    >>> nothing_about(load(), "https://w3id.org/perezkg/id/jefferson-perez")
    ''
    """
    try:
        _existing(iri, Labels(graph), shrink(iri))
    except UnknownTermError as error:
        return ". ".join(filter(None, (error.message, error.hint)))
    return ""


def fold(text: str) -> str:
    """Return a text without case, accents and repeated blanks, for comparing.

    >>> fold("Jefferson  PÉREZ") == fold("jefferson Perez")
    True
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(mark for mark in decomposed if not unicodedata.combining(mark)).split())


def _existing(iri: str, labels: Labels, typed: str) -> NamedNode:
    """Return the IRI as a term when the graph or the vocabulary speaks of it."""
    try:
        node = NamedNode(iri)
    except ValueError:
        raise UnknownTermError(f"{typed} is not an IRI", hint="Write it whole, without blanks.") from None
    if any(next(labels.triples(*said), None) for said in ((node,), (None, iri), (None, None, node))):
        return node
    known = {shrink(subject.value) for subject, _, _ in labels.triples(None, None) if isinstance(subject, NamedNode)}
    name = shrink(iri)
    raise UnknownTermError(f"the graph says nothing about {typed}", hint=nearest(name, sorted(known, key=natural)))


def _declared(labels: Labels, prefix: str, local: str) -> NamedNode:
    """Return the meaning of a prefixed name whose prefix only the files declare."""
    declared = labels.graph.prefixes()
    if prefix in declared:
        return _existing(declared[prefix] + local, labels, f"{prefix}:{local}")
    known = sorted({*PREFIXES, *declared} - {""})
    raise UnknownTermError(
        f"unknown prefix {prefix + ':'!r} in {prefix}:{local}",
        hint=nearest(prefix, known) or f"Known prefixes: {', '.join(known)}.",
    )


def _sentences(text: str, labels: Labels) -> list[str]:
    """Return the passages with this number: `s14`."""
    match = _SENTENCE.fullmatch(text)
    if not match:
        return []
    number = Literal(int(match[1]))
    return [subject.value for subject in labels.subjects(SPORT + "position", number) if isinstance(subject, NamedNode)]


def _ambiguous(text: str, found: list[str], labels: Labels) -> AmbiguousTermError:
    lines = []
    for iri in found[:_LISTED]:
        node = NamedNode(iri)
        value = labels.value(node)
        kinds = ", ".join(kind.label for kind in labels.classes(node))
        lines.append(f"    {value.name}  {value.label}{f' ({kinds})' if kinds else ''}")
    if len(found) > _LISTED:
        lines.append(f"    … and {len(found) - _LISTED} more")
    hint = "Say which one, by its prefixed name or its whole label:\n" + "\n".join(lines)
    return AmbiguousTermError(f"{text!r} may mean {len(found)} things", hint=hint, matches=tuple(found))


class _Names:
    """Every name of every thing: of the data first, then of the vocabulary."""

    __slots__ = ("_names",)

    def __init__(self, labels: Labels) -> None:
        # For each store: name, folded name, IRI, and what it is called so by.
        self._names: list[list[tuple[str, str, str, str]]] = []
        for store in labels.stores:
            names: set[tuple[str, str, str]] = set()
            for predicate in _NAMING:
                for quad in store.quads_for_pattern(None, NamedNode(predicate), None, None):
                    subject, name = quad.subject, quad.object
                    # A notation that is a number (rank 1) is no name.
                    if isinstance(subject, NamedNode) and isinstance(name, Literal) and name.datatype.value in _STRING:
                        names.add((name.value, subject.value, predicate))
            self._names.append([(name, fold(name), iri, by) for name, iri, by in names])

    def whole(self, text: str) -> list[str]:
        """Return what is called exactly so: letter for letter before case and accents are let go, names before IRIs.

        A title comes after other names, because an article is often called like what it is about.
        """
        folded = fold(text)
        return (
            self._select(lambda name, _, __: name == text)
            or self._select(lambda _, name, __: name == folded)
            or self._select(
                lambda _, __, iri: fold(re.sub(r".*[/#:]", "", iri.rstrip("/#"))) == folded.replace(" ", "-")
            )
        )

    def partly(self, text: str) -> list[str]:
        """Return what has a name that begins so; failing that, what has all these words, or their beginnings.

        Things of the data come before terms of the vocabulary, and a proper name before a label: "Jefferson" is the
        person, not the many things whose labels speak of him.
        """
        folded = fold(text)
        words = re.findall(r"\w+", folded)
        if not words:
            return []
        for names in self._names:
            for some in ([entry for entry in names if entry[3] == SPORT + "name"], names):
                found = {iri for _, name, iri, _ in some if name.startswith(folded)}
                found = found or {iri for _, name, iri, _ in some if _has_words(words, name)}
                if found:
                    return sorted(found, key=natural)
        return []

    def nearest(self, text: str) -> str:
        """Return a hint with the nearest names, each as it is written."""
        written: dict[str, str] = {}
        for names in self._names:
            for name, folded, _, _ in sorted(names):
                written.setdefault(folded, name)
        from difflib import get_close_matches

        close = get_close_matches(fold(text), sorted(written), n=3, cutoff=0.6)
        return f"Did you mean {' or '.join(repr(written[name]) for name in close)}?" if close else ""

    def _select(self, matches: Callable[[str, str, str], bool]) -> list[str]:
        for names in self._names:
            found = [(iri, by) for name, folded, iri, by in names if matches(name, folded, iri)]
            for some in ({iri for iri, by in found if by != DCTERMS + "title"}, {iri for iri, _ in found}):
                if some:
                    return sorted(some, key=natural)
        return []


def _has_words(words: list[str], name: str) -> bool:
    having = re.findall(r"\w+", name)
    return all(any(word.startswith(wanted) for word in having) for wanted in words)
