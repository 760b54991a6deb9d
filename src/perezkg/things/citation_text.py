"""A citation for readers: plain text and Markdown."""

from __future__ import annotations

from perezkg.things.plain_text import code, heading, heading_markdown, lines, literal
from perezkg.things.sources import locator
from perezkg.words import words as words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perezkg.things.citation import Addition, Citation
    from perezkg.things.claims import Bound, Claim
    from perezkg.things.labels import Value
    from perezkg.things.sources import Passage, Source

# So much of a digest tells texts apart at a glance; --format json has it whole.
_PREFIX = 12


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
        yield words["supports"], _supports(citation)
    own = [claim for claim in citation.claims if claim.claim.name == citation.name]
    others = [claim for claim in citation.claims if claim.claim.name != citation.name]
    if own:
        yield words["why"], [item for claim in own for item in _claim(claim, citation.lang, words, own=True)]
        became = [item for claim in own for item in _verdict(claim, 0, citation.lang, words)]
        if became:
            yield words["verdict"], became
    if others:
        yield words["about"], [item for claim in others for item in _claim(claim, citation.lang, words)]
    line = citation.lines.get(citation.lang) or citation.lines["en"]
    if line:
        yield words["cite"], [(0, "", line), *_but_see(own, citation.lang, words)]


def _source(source: Source, citation: Citation, words: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    parts = [
        source.called,
        source.publisher,
        source.issued,
        words["length"].format(source.characters) if source.characters is not None else "",
        words["digest"].format(source.sha256[:_PREFIX]) if source.sha256 else "",
    ]
    if source.iri == citation.iri and citation.passages:
        things = sum(len(values) for _, values in citation.supports)
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


def _supports(citation: Citation) -> list[tuple[int, str, str]]:
    items: list[tuple[int, str, str]] = []
    for kind, values in citation.supports:
        items.append((0, "", f"{kind.label if kind else '—'} ({len(values)})"))
        items += [(1, value.name, _label(value)) for value in values]
    return items


def _claim(claim: Claim, lang: str, words: Mapping[str, str], *, own: bool = False) -> Iterator[tuple[int, str, str]]:
    depth = 0
    if not own:
        yield 0, claim.claim.name, _label(claim.claim)
        depth = 1
    told = {words["kind"]: claim.kind, words["said"]: ", ".join(source.label for source in claim.said_by)}
    yield depth, "", "; ".join(f"{word}: {value}" for word, value in told.items() if value)
    for bound in claim.since:
        yield depth, "", f"{words['since']}: {_bound(bound, words)}"
    for bound in claim.until:
        yield depth, "", f"{words['end']}: {_bound(bound, words)}"
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


def _but_see(claims: list[Claim], lang: str, words: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    """Yield where the contrary of a claim is said: whoever cites the one should know of the other."""
    for claim in claims:
        for contrary in claim.contradicted_by:
            said = locator(contrary.passages, contrary.sources, lang)
            if said:
                yield 0, "", f"{words['but see']} {said}"


def _addition(addition: Addition, citation: Citation, words: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    if not addition.statements:
        yield 0, "", words["same"]
    for facts in addition.statements:
        yield 0, "", f"{facts.label}: {'; '.join(map(str, facts.values))}"
    if not addition.passages and not addition.sources:
        yield 1, "", words["unsourced"]
    for passage in addition.passages:
        yield from ((depth + 1, name, said) for depth, name, said in _passage(passage, words))
    for source in addition.sources:
        yield from ((depth + 1, name, said) for depth, name, said in _source(source, citation, words))


def _bound(bound: Bound, words: Mapping[str, str]) -> str:
    return f"{bound.date or words['undated']}, {bound.event}"


def _label(value: Value) -> str:
    return value.label if value.label != value.name else ""
