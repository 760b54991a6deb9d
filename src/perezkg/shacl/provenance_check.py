"""Passages compared with the text that they are from: offsets, digests, and whether any of the text is left out.

SHACL cannot open a file, so this is Python. The names of the checks, their severities and their messages are in a
profile (`ontology/profiles/`), as instances of pzsh:TextConstraint. No message shows words of the text.
"""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from perezkg.errors import PassageMismatchError
from perezkg.shacl.report import Result
from perezkg.shacl.rules import fill_in
from perezkg.shacl.shapes import TEXT_CONSTRAINT, IndexedGraph
from perezkg.things.sources import altered, digest, read_copy
from perezkg.vocabulary import DCTERMS, OA, PREFIXES, SH, SPORT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.report import Names
    from perezkg.shacl.shapes import DataGraph, Shapes

COMPONENT = PREFIXES["pzsh"] + "TextConstraintComponent"
_START, _END = OA + "start", OA + "end"
_SHA256, _CHARACTERS = SPORT + "sha256", SPORT + "characters"
# How many characters away from its place in the data the words of a passage are searched for.
_NEAR = 400


class Passage(NamedTuple):
    """A passage as the data describe it: where it starts and ends in its source, and the digest of its characters."""

    node: Rdf11Term
    selector: Rdf11Term
    start: int
    end: int
    sha256: str


class Source(NamedTuple):
    """A source with passages; what the data do not say is empty, or None."""

    node: Rdf11Term
    title: str
    sha256: str
    characters: int | None
    passages: tuple[Passage, ...]


class _Found(NamedTuple):
    """A fault: the name of its constraint, its node and property, and the values for its message."""

    rule: str
    focus: Rdf11Term
    path: str
    values: Mapping[str, Rdf11Term | None]


def sources_with_passages(data: DataGraph) -> list[Source]:
    """Return the sources that have passages, in the order of their names.

    A passage is left out when its offsets are missing, given twice or not numbers; the shapes report that.
    """
    graph = IndexedGraph(data.all)

    def one(node: Rdf11Term, predicate: str) -> str:
        values = graph.values(node, predicate)
        return values[0].value if len(values) == 1 and isinstance(values[0], Literal) else ""

    def number(node: Rdf11Term, predicate: str) -> int | None:
        text = one(node, predicate)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

    passages: dict[Rdf11Term, list[Passage]] = {}
    for node in graph.subjects(OA + "hasSource"):
        for source in graph.values(node, OA + "hasSource"):
            found = passages.setdefault(source, [])
            for selector in graph.values(node, OA + "hasSelector"):
                start, end = number(selector, _START), number(selector, _END)
                if start is not None and end is not None:
                    found.append(Passage(node, selector, start, end, one(node, _SHA256)))
    return [
        Source(
            node,
            one(node, DCTERMS + "title") or (node.value if isinstance(node, NamedNode) else str(node)),
            one(node, _SHA256),
            number(node, _CHARACTERS),
            tuple(sorted(passages[node], key=lambda passage: (passage.start, passage.end, str(passage.node)))),
        )
        for node in sorted(passages, key=str)
    ]


def not_compared(sources: Iterable[Source], read: Source | None = None) -> str:
    """Return a notice that names the sources whose text was not read; empty when there is none."""
    left = [source.title for source in sources if source != read]
    if not left:
        return ""
    how = "--text FILE takes one text at a time" if read else "give your copy of it with --text FILE"
    return f"offsets and digests were not compared with the text of {', '.join(left)}: {how}"


def check_text(path: str, sources: Sequence[Source], shapes: Shapes, names: Names) -> tuple[Source, list[Result]]:
    """Compare the passages of a source with its text.

    Args:
        path: The text, in UTF-8.
        sources: From `sources_with_passages`; the one whose digest or passages fit the text is compared.
        shapes: The shapes, with the constraints to report.
        names: For the nodes that messages mention.

    Returns:
        The source that was compared, and the results.

    Raises:
        InputNotFoundError: There is no such file.
        InputUnreadableError: It is a directory, may not be read, or is not UTF-8.
        PassageMismatchError: The text is that of no source, or that of one with other line ends or the like.
    """
    content, text = read_copy(path)
    source = _recognised(path, content, text, sources)
    found = [*_source_faults(source, content, text), *_passage_faults(source, text)]
    asked = set(shapes.of_type(TEXT_CONSTRAINT))
    return source, [_result(fault, shapes, names) for fault in found if _rule(fault.rule) in asked]


def _recognised(path: str, content: bytes, text: str, sources: Sequence[Source]) -> Source:
    """Return the source whose text it is, or else the one that it fits best.

    Raises:
        PassageMismatchError: It fits none.
    """
    actual = digest(content)
    for source in sources:
        if source.sha256 == actual:
            return source
    for source in sources:
        error = altered(path, text, source.sha256, source.title) if source.sha256 else None
        if error is not None:
            raise error
    if not sources:
        raise PassageMismatchError(
            "there is nothing to compare this text with: the data cite no passages of a text",
            path=path,
            hint="Name the data that cite it, or leave out --text.",
        )

    def fit(source: Source) -> tuple[int, bool]:
        fitting = sum(_digest(text, passage.start, passage.end) == passage.sha256 for passage in source.passages)
        return fitting, source.characters == len(text)

    best = max(sources, key=fit)
    if fit(best) == (0, False):
        cited = (f"{s.title} ({s.characters or '?'} characters, digest {_short(s.sha256) or '?'})" for s in sources)
        raise PassageMismatchError(
            f"this text is none of those that the data cite: {', '.join(cited)}",
            path=path,
            hint=f"It has {len(text)} characters and the SHA-256 digest {_short(actual)}.",
        )
    return best


def _source_faults(source: Source, content: bytes, text: str) -> Iterator[_Found]:
    actual = digest(content)
    if source.sha256 and source.sha256 != actual:
        values = {"told": Literal(_short(source.sha256)), "found": Literal(_short(actual))}
        yield _Found("Source-digest-of-text", source.node, _SHA256, values)
    if source.characters is not None and source.characters != len(text):
        values = {"told": Literal(str(source.characters)), "found": Literal(str(len(text)))}
        yield _Found("Source-length-of-text", source.node, _CHARACTERS, values)


def _passage_faults(source: Source, text: str) -> Iterator[_Found]:
    covered = 0
    for passage in source.passages:
        start, end = passage.start, passage.end
        values: dict[str, Rdf11Term | None] = {"passage": passage.node, "told": Literal(_stretch(start, end))}
        if not start < end <= len(text):
            values["found"] = Literal(str(len(text)))
            yield _Found("Passage-inside-text", passage.selector, _START if end <= start else _END, values)
            continue
        actual = _digest(text, start, end)
        differs = passage.sha256 not in ("", actual)
        near = _near(text, passage) if differs else None
        if near is not None:
            start, end = near
            values["found"] = Literal(_stretch(start, end))
            path = _START if start != passage.start else _END
            yield _Found("Passage-offsets-of-text", passage.selector, path, values)
        elif differs:
            values |= {"told": Literal(_short(passage.sha256)), "found": Literal(_short(actual))}
            values["place"] = Literal(_stretch(start, end))
            yield _Found("Passage-digest-of-text", passage.node, _SHA256, values)
        elif (margin := _trimmed(text, start, end)) != (start, end):
            values["found"] = Literal(_stretch(*margin))
            path = _START if margin[0] != start else _END
            yield _Found("Passage-without-margins", passage.selector, path, values)
        if text[covered:start].strip():
            gap = {"found": Literal(_stretch(*_trimmed(text, covered, start)))}
            yield _Found("Source-covered-by-passages", passage.selector, _START, gap)
        covered = max(covered, end)
    if text[covered:].strip():
        gap = {"found": Literal(_stretch(*_trimmed(text, covered, len(text))))}
        yield _Found("Source-covered-by-passages", source.node, _CHARACTERS, gap)


def _near(text: str, passage: Passage) -> tuple[int, int] | None:
    """Return where, near its place in the data, the characters with a passage's digest are."""
    start, end, length = passage.start, passage.end, passage.end - passage.start
    for step in range(1, _NEAR):
        for by in (step, -step):
            for first, last in ((start + by, start + by + length), (start + by, end), (start, end + by)):
                if 0 <= first < last <= len(text) and _digest(text, first, last) == passage.sha256:
                    return first, last
    return None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def _digest(text: str, start: int, end: int) -> str:
    return digest(text[start:end].encode())


def _stretch(start: int, end: int) -> str:
    return f"{start}–{end}"


def _short(sha256: str) -> str:
    """Return the beginning of a digest, which is enough to tell it apart from others.

    >>> _short("9f86d081884c7d659a2feaa0c55ad015")
    '9f86d081884c…'
    """
    return f"{sha256[:12]}…" if len(sha256) > 12 else sha256


def _rule(name: str) -> NamedNode:
    return NamedNode(PREFIXES["pzsh"] + name)


def _result(fault: _Found, shapes: Shapes, names: Names) -> Result:
    rule = _rule(fault.rule)
    severity, severity_iri = shapes.severity(rule)
    messages = shapes.texts(rule, SH + "message")
    return Result(
        focus=fault.focus,
        path=NamedNode(fault.path),
        value=None,
        severity=severity,
        severity_iri=severity_iri,
        rule=rule.value,
        component=COMPONENT,
        messages={tag: fill_in(text, dict(fault.values), names) for tag, text in messages.items()},
        shape=rule,
    )
