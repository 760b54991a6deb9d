"""Sources and their passages: which a thing was derived from, how a librarian writes that, and what their words are.

The words come from a reader's own copy of the text, once it has proved to be what was cited. A copy that differs in so
little as its line ends is refused: offsets count characters, so that the wrong words would be shown.
"""

from __future__ import annotations

from unicodedata import normalize

from pyoxigraph import NamedNode

from perezkg.errors import InputUnreadableError, PassageMismatchError, place
from perezkg.rdf.nodes import natural
from perezkg.rdf.reading import read_bytes
from perezkg.things.labels import Labels, Named
from perezkg.vocabulary import DCTERMS, OA, PROV, RDF, RDFS, SPORT
from perezkg.words import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from perezkg.rdf.terms import Term

_SOURCE, _PASSAGE, _DERIVED = SPORT + "Source", SPORT + "Passage", PROV + "wasDerivedFrom"
# A mismatch names this many sentences.
_NAMED = 5
# How a copy may differ from the cited text without a word being different: what is wrong, how to mend it, the mending.
_VARIATIONS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("it begins with a byte order mark", "without byte order mark", lambda text: text.removeprefix("\ufeff")),
    ("its lines end in CR LF", "with lines that end in LF", lambda text: text.replace("\r\n", "\n")),
    ("its lines end in CR", "with lines that end in LF", lambda text: text.replace("\r", "\n")),
    ("its lines end in LF", "with lines that end in CR LF", lambda text: text.replace("\n", "\r\n")),
    ("it has an extra line end at the end", "without the line end at the end", lambda text: text.rstrip("\r\n")),
    ("it lacks the line end at the end", "with a line end at the end", lambda text: text + "\n"),
    (
        "its accented letters are decomposed",
        "in Unicode normal form C",
        lambda text: normalize("NFC", text),
    ),
)


class Source(Named):
    """A text, a list or a database that says something.

    Attributes:
        title: Its title as published; its label when it has none.
        called: What to call it in the wanted language: its title, or its label where the title only describes it.
        kind: Label of what kind of source it is, or empty.
        publisher: Who published it; empty when not told, or when the title says it already.
        issued: When, or empty.
        characters: Its length in characters; None when not told.
        sha256: Digest of its bytes, 64 hexadecimal digits; empty when not told.
    """

    __slots__ = ("called", "characters", "issued", "kind", "publisher", "sha256", "title")
    fields = "iri name label title kind publisher issued characters sha256"

    def __init__(self, labels: Labels, node: Term) -> None:
        super().__init__(labels, node)
        self.title = labels.first(node, DCTERMS + "title") or self.label
        # A title that is also a label was made up to describe the source, and has its translations.
        described = any(getattr(label, "value", "") == self.title for label in labels.objects(node, RDFS + "label"))
        self.called = self.label if described else self.title
        self.kind = labels.kind(node)
        publisher = labels.first(node, DCTERMS + "publisher")
        self.publisher = publisher if publisher != self.title else ""
        self.issued = labels.first(node, DCTERMS + "issued")
        self.characters = _number(labels.first(node, SPORT + "characters"))
        self.sha256 = labels.first(node, SPORT + "sha256")


def _source(labels: Labels, node: Term) -> Source:
    known = labels.sources.get(node)
    if not isinstance(known, Source):
        known = labels.sources[node] = Source(labels, node)
    return known


class Passage(Named):
    """A stretch of characters of a source: one sentence.

    Attributes:
        number: Which sentence of the source it is, from 1; None when not told.
        source: The source; None when not told.
        start: First character, counted from 0; None when not told.
        end: The character after the last one; None when not told.
        sha256: Digest of its characters in UTF-8; empty when not told.
        supports: How many things of the graph cite it.
        words: The passage itself, once a text was given and agreed with the digest; else None.
    """

    __slots__ = ("end", "number", "sha256", "source", "start", "supports", "words")
    fields = "iri name label number source=source.iri title=source.title start end sha256 supports words"

    def __init__(self, labels: Labels, node: Term) -> None:
        super().__init__(labels, node)
        self.number = _number(labels.first(node, SPORT + "position"))
        sources = labels.objects(node, OA + "hasSource")
        self.source = _source(labels, sources[0]) if sources else None
        selectors = labels.objects(node, OA + "hasSelector")
        self.start = _number(labels.first(selectors[0], OA + "start")) if selectors else None
        self.end = _number(labels.first(selectors[0], OA + "end")) if selectors else None
        self.sha256 = labels.first(node, SPORT + "sha256")
        self.supports = len(labels.subjects(_DERIVED, node))
        self.words: str | None = None


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

    What other files add to it has its own; see `Labels.additions`.
    """
    added = {value for _, said in labels.additions(node) for told, value in said if told.value == _DERIVED}
    return origins(labels, [origin for origin in labels.objects(node, _DERIVED) if origin not in added])


def origins(labels: Labels, nodes: Iterable[Term]) -> tuple[list[Passage], list[Source]]:
    """Return passages, and sources cited as a whole."""
    passages: list[Passage] = []
    sources: list[Source] = []
    for origin in nodes:
        if is_passage(labels, origin):
            passages.append(Passage(labels, origin))
        else:
            sources.append(_source(labels, origin))
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


def add_words(path: str, passages: list[Passage], siblings: Callable[[Source], Iterable[Passage]]) -> None:
    """Fill in the words of the passages whose source this file is; of the others nothing is touched.

    Args:
        path: The reader's copy of the text, in UTF-8.
        passages: What to fill in.
        siblings: All passages of a source, to tell where a copy differs.

    Raises:
        InputNotFoundError: There is no such file.
        InputUnreadableError: It is a directory, may not be read, or is not UTF-8.
        PassageMismatchError: The file, or a passage in it, is not what was cited; no words are filled in then.
    """
    content, text = read_copy(path)
    sources = {passage.source.iri: passage.source for passage in passages if passage.source}
    if not sources:
        return
    source = _recognise(path, content, text, list(sources.values()), siblings)
    mine = [passage for passage in passages if passage.source and passage.source.iri == source.iri and passage.sha256]
    if not mine:
        raise PassageMismatchError(
            f"this text cannot be checked: the data has no SHA-256 digest of the sentences of {source.title}", path=path
        )
    wrong = _differing(mine, text)
    if wrong:
        raise PassageMismatchError(
            f"this is the text that was cited, but the data has other words for {_names(wrong)}",
            path=path,
            hint="The offsets or the SHA-256 digests in the data are wrong.",
        )
    for passage in mine:
        passage.words = text[passage.start : passage.end]


def read_copy(path: str) -> tuple[bytes, str]:
    """Return the bytes and the characters of a copy of a text, nothing of it mended: offsets count them all.

    Raises:
        InputNotFoundError: There is no such file.
        InputUnreadableError: It is a directory, may not be read, or is not UTF-8.
    """
    content = read_bytes(path)
    try:
        return content, content.decode()
    except UnicodeDecodeError as error:
        utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
        raise InputUnreadableError(
            "this is UTF-16, and the text is read as UTF-8" if utf16 else "this is not UTF-8",
            path=path,
            line=content.count(b"\n", 0, error.start) + 1,
            hint=f"Convert it: iconv -f {'UTF-16' if utf16 else 'ISO-8859-1'} -t UTF-8",
        ) from None


def digest(content: bytes) -> str:
    """Return the SHA-256 digest of bytes, in hexadecimal."""
    from hashlib import sha256  # costs 10 ms, and only this needs it

    return sha256(content).hexdigest()


def _recognise(
    path: str, content: bytes, text: str, sources: list[Source], siblings: Callable[[Source], Iterable[Passage]]
) -> Source:
    """Return the source that the file is.

    Raises:
        PassageMismatchError: It is none of them.
    """
    actual = digest(content)
    for source in sources:
        if source.sha256 == actual:
            return source
    if len(sources) > 1:
        raise PassageMismatchError(
            f"this is none of the texts that are cited: {', '.join(source.title for source in sources)}",
            path=path,
            hint=f"Its SHA-256 digest is {actual}.",
        )
    if sources[0].sha256:
        raise _mismatch(path, text, sources[0], list(siblings(sources[0])))
    return sources[0]  # it has no digest of its own; its passages have theirs


def altered(path: str, text: str, sha256: str, title: str) -> PassageMismatchError | None:
    """Return the error for a copy that has the words of a source, but not its characters; None for any other.

    Args:
        path: The copy.
        text: Its characters.
        sha256: Digest of the source as it was cited.
        title: Title of the source.
    """
    from itertools import combinations

    for size in range(1, 4):
        for chosen in combinations(_VARIATIONS, size):
            mended = text
            for _, _, mend in chosen:
                mended = mend(mended)
            if digest(mended.encode()) == sha256:
                return PassageMismatchError(
                    f"this is not {title} as it was cited: {' and '.join(what for what, _, _ in chosen)}",
                    path=path,
                    hint=f"Its words are right. Save a copy {' and '.join(how for _, how, _ in chosen)}.",
                )
    return None


def _mismatch(path: str, text: str, source: Source, passages: list[Passage]) -> PassageMismatchError:
    explained = altered(path, text, source.sha256, source.title)
    if explained is not None:
        return explained
    wrong = _differing(passages, text)
    if not wrong:
        return PassageMismatchError(
            f"this is not {source.title} as it was cited: it differs outside of its {len(passages)} sentences",
            path=path,
            hint=f"The cited text has the SHA-256 digest {source.sha256}.",
        )
    line, column, _ = place(text, min(wrong[0].start or 0, len(text)))
    length = ""
    if source.characters not in (None, len(text)):
        length = f" It had {source.characters} characters, this has {len(text)}."
    return PassageMismatchError(
        f"this is not {source.title} as it was cited: {_names(wrong)} {'differs' if len(wrong) == 1 else 'differ'}",
        path=path,
        line=line,
        column=column,
        hint=f"The words are shown only of a copy that agrees with the SHA-256 digest.{length}",
    )


def _differing(passages: Iterable[Passage], text: str) -> list[Passage]:
    return [
        passage
        for passage in passages
        if passage.sha256 and digest(text[passage.start or 0 : passage.end or 0].encode()) != passage.sha256
    ]


def _names(passages: list[Passage]) -> str:
    """Return the first of some passages by name: `sentence 4 (bio:s4)`."""
    named = [
        f"sentence {passage.number} ({passage.name})" if passage.number is not None else passage.name
        for passage in passages[:_NAMED]
    ]
    return ", ".join(named) + (f" and {len(passages) - _NAMED} more" if len(passages) > _NAMED else "")
