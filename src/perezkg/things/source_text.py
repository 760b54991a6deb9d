"""The words of passages, from a reader's own copy of the text, once it has proved to be what was cited.

A copy that differs in so little as its line ends is refused: offsets count characters, so that the wrong words would
be shown.
"""

from __future__ import annotations

from perezkg.errors import InputUnreadableError, PassageMismatchError
from perezkg.rdf.reading import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from perezkg.things.sources import Passage, Source

# A mismatch names this many sentences.
_NAMED = 5


def _normal(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", text)


# How a copy may differ from the cited text without a word being different: what is wrong, how to mend it, the mending.
_VARIATIONS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("it begins with a byte order mark", "without byte order mark", lambda text: text.removeprefix("\ufeff")),
    ("its lines end in CR LF", "with lines that end in LF", lambda text: text.replace("\r\n", "\n")),
    ("its lines end in CR", "with lines that end in LF", lambda text: text.replace("\r", "\n")),
    ("its lines end in LF", "with lines that end in CR LF", lambda text: text.replace("\n", "\r\n")),
    ("it has an extra line end at the end", "without the line end at the end", lambda text: text.rstrip("\r\n")),
    ("it lacks the line end at the end", "with a line end at the end", lambda text: text + "\n"),
    ("its accented letters are decomposed", "in Unicode normal form C", _normal),
)


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
    return content, _decode(content, path)


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
    start = min(wrong[0].start or 0, len(text))
    length = ""
    if source.characters not in (None, len(text)):
        length = f" It had {source.characters} characters, this has {len(text)}."
    return PassageMismatchError(
        f"this is not {source.title} as it was cited: {_names(wrong)} {'differs' if len(wrong) == 1 else 'differ'}",
        path=path,
        line=text.count("\n", 0, start) + 1,
        column=start - (text.rfind("\n", 0, start) + 1) + 1,
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


def _decode(content: bytes, path: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
        raise InputUnreadableError(
            "this is UTF-16, and the text is read as UTF-8" if utf16 else "this is not UTF-8",
            path=path,
            line=content.count(b"\n", 0, error.start) + 1,
            hint=f"Convert it: iconv -f {'UTF-16' if utf16 else 'ISO-8859-1'} -t UTF-8",
        ) from None
