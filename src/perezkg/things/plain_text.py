"""A citation for readers: plain text and Markdown, in English or Spanish."""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode

from perezkg.things.sources import locator
from perezkg.vocabulary import PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.things.citation import Addition, Bound, Citation, Claim
    from perezkg.things.description import Description, Facts
    from perezkg.things.labels import Value
    from perezkg.things.sources import Passage, Source

# An address in angle brackets is a link, and stays one; whatever else opens something is escaped.
_SPECIAL = re.compile(r"<https?://[^\s<>]+>|([\\`*_\[\]<>#])")

# Below this many columns nothing reads well any more.
_NARROWEST = 40


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


def terminal_width() -> int | None:
    """Return the columns of the terminal that standard output is; None when it is none."""
    import os
    import sys

    # Asked of the terminal itself: shutil's function would cost an import of 5 ms and answer for pipes as well.
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None if sys.stdout.isatty() else None
    except (OSError, ValueError):
        return None


_DESCRIPTION_WORDS = {
    "en": {
        "note": "Note:",
        "pointing": "What points here",
        "said": "What is said about it",
        "sources": "Source:",
        "unsourced": "Source: none is given for this.",
        "uses": "Used in {} statements of the data.",
        "use": "Used in 1 statement of the data.",
        "why": "More: perezkg cite",
    },
    "es": {
        "note": "Nota:",
        "pointing": "Lo que enlaza aquí",
        "said": "Lo que se dice de esto",
        "sources": "Fuente:",
        "unsourced": "Fuente: no se indica ninguna para esto.",
        "uses": "Se usa en {} enunciados de los datos.",
        "use": "Se usa en 1 enunciado de los datos.",
        "why": "Más: perezkg cite",
    },
}

_VOCABULARIES = tuple(PREFIXES[prefix] for prefix in ("owl", "rdfs", "rdf", "skos", "oa", "sh"))

# Labels longer than this, or than a quarter of the terminal, do not push all values to the right.
_WIDEST_LABEL = 24


def description_text(description: Description, width: int | None = None) -> Iterator[str]:
    """Yield a description as plain text.

    Args:
        description: What to tell.
        width: Columns of the terminal; None for lines of any length.
    """
    words = _words(description)
    yield from lines(_description_heading(description), width)
    yield f"{description.name}  {description.iri}\n" if not description.name.startswith("<") else f"{description.iri}\n"
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


def description_markdown(description: Description) -> Iterator[str]:
    """Yield a description as Markdown."""
    words = _words(description)
    yield f"# {literal(_description_heading(description))}\n\n{code(description.name)}"
    yield "\n" if description.name.startswith("<") else f" · <{description.iri}>\n"
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


def shown(values: list[Value], lang: str) -> list[Value]:
    """Return the values that a reader of one language sees: of texts in several languages the best one."""
    tagged = {value.language.partition("-")[0] for value in values if value.language}
    chosen = next((known for known in (lang, "en") if known in tagged), "")
    if not chosen:
        return values
    return [value for value in values if not value.language or value.language.partition("-")[0] == chosen]


def _words(description: Description) -> dict[str, str]:
    return _DESCRIPTION_WORDS.get(description.lang, _DESCRIPTION_WORDS["en"])


def _description_heading(description: Description) -> str:
    kinds = ", ".join(kind.label for kind in description.classes)
    return f"{description.label} — {kinds}" if kinds else description.label


def _other_labels(description: Description) -> list[Literal]:
    """Return the labels in other languages, as far as they say something else."""
    return [label for label in description.labels if label.language and label.value != description.label]


def _uses(description: Description) -> str:
    words = _words(description)
    return words["use"] if description.uses == 1 else words["uses"].format(description.uses)


def _sources(description: Description) -> str:
    words = _words(description)
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


def _list(groups: list[Facts], lang: str) -> Iterator[str]:
    for facts in groups:
        values = shown(facts.values, lang)
        if len(values) == 1:
            yield f"- {literal(facts.label)}: {_linked(values[0])}\n"
            continue
        yield f"- {literal(facts.label)}:\n"
        for value in values:
            yield f"  - {_linked(value)}\n"


def _linked(value: Value) -> str:
    if not value.name:
        return literal(value.label)
    return code(value.name) if value.name == value.label else f"{literal(value.label)} ({code(value.name)})"


_CITATION_WORDS = {
    "en": {
        "about": "Claims about it",
        "about it": "about",
        "added": "What other sources add",
        "against": "against it",
        "but": "but",
        "but see": "but see",
        "characters": "characters {}–{}",
        "cite": "To cite it",
        "cites": "cited by {}",
        "digest": "SHA-256 {}…",
        "end": "until",
        "how": "How the source was read",
        "kind": "kind",
        "length": "{} characters",
        "no end": "no end known",
        "none": "No source is given for this, nor for anything that mentions it.",
        "said": "said by",
        "same": "the same is said by",
        "sentence": "sentence {}",
        "sentences": "{} sentences, cited by {} things",
        "since": "since",
        "preferred": "preferred",
        "sources": "Where it comes from",
        "supports": "What it supports",
        "through": "No source is given for this. These mention it, and have sources",
        "through sources": "Their sources",
        "undated": "date not known",
        "unsourced": "no source given",
        "verdict": "What became of it",
        "why": "The claim",
    },
    "es": {
        "about": "Afirmaciones sobre esto",
        "about it": "sobre",
        "added": "Lo que añaden otras fuentes",
        "against": "en contra",
        "but": "pero",
        "but see": "pero véase",
        "characters": "caracteres {}–{}",
        "cite": "Cómo citarlo",
        "cites": "citada por {}",
        "digest": "SHA-256 {}…",
        "end": "hasta",
        "how": "Cómo se interpretó la fuente",
        "kind": "tipo",
        "length": "{} caracteres",
        "no end": "sin final conocido",
        "none": "No se indica ninguna fuente para esto ni para nada que lo mencione.",
        "said": "dicha por",
        "same": "lo mismo dice",
        "sentence": "oración {}",
        "sentences": "{} oraciones, citadas por {} cosas",
        "since": "desde",
        "preferred": "preferida",
        "sources": "De dónde procede",
        "supports": "Lo que sustenta",
        "through": "No se indica ninguna fuente para esto. Lo mencionan, con fuente",
        "through sources": "Sus fuentes",
        "undated": "fecha desconocida",
        "unsourced": "sin fuente",
        "verdict": "En qué quedó",
        "why": "La afirmación",
    },
}

# So much of a digest tells texts apart at a glance; --format json has it whole.
_PREFIX = 12


def citation_text(citation: Citation, width: int | None = None) -> Iterator[str]:
    """Yield a citation as plain text.

    Args:
        citation: What to tell.
        width: Columns of the terminal; None for lines of any length.
    """
    yield from lines(_citation_heading(citation), width)
    yield f"{citation.name}  {citation.iri}\n" if not citation.name.startswith("<") else f"{citation.iri}\n"
    for title, items in _sections(citation):
        yield "\n"
        yield from lines(title, width)
        for depth, name, words in items:
            indent = "  " * (depth + 1)
            first = f"{indent}{name}  " if name else indent
            yield from lines(words, width, first=first, rest=indent + "    ")


def citation_markdown(citation: Citation) -> Iterator[str]:
    """Yield a citation as Markdown."""
    yield f"# {literal(_citation_heading(citation))}\n\n{code(citation.name)}"
    yield "\n" if citation.name.startswith("<") else f" · <{citation.iri}>\n"
    for title, items in _sections(citation):
        yield f"\n## {literal(title)}\n\n"
        for depth, name, words in items:
            named = f"{code(name)} " if name else ""
            yield f"{'  ' * depth}- {named}{literal(words)}\n"


def _sections(citation: Citation) -> Iterator[tuple[str, list[tuple[int, str, str]]]]:
    """Yield each section: its title, and its lines as depth, prefixed name (or empty) and words."""
    words = _CITATION_WORDS.get(citation.lang, _CITATION_WORDS["en"])
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


def _citation_heading(citation: Citation) -> str:
    kinds = ", ".join(kind.label for kind in citation.classes)
    return f"{citation.label} — {kinds}" if kinds else citation.label


def _source(source: Source, citation: Citation, words: dict[str, str]) -> Iterator[tuple[int, str, str]]:
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


def _passage(passage: Passage, words: dict[str, str]) -> Iterator[tuple[int, str, str]]:
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


def _claim(claim: Claim, lang: str, words: dict[str, str], *, own: bool = False) -> Iterator[tuple[int, str, str]]:
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


def _verdict(claim: Claim, depth: int, lang: str, words: dict[str, str]) -> Iterator[tuple[int, str, str]]:
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


def _but_see(claims: list[Claim], lang: str, words: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    """Yield where the contrary of a claim is said: whoever cites the one should know of the other."""
    for claim in claims:
        for contrary in claim.contradicted_by:
            said = locator(contrary.passages, contrary.sources, lang)
            if said:
                yield 0, "", f"{words['but see']} {said}"


def _addition(addition: Addition, citation: Citation, words: dict[str, str]) -> Iterator[tuple[int, str, str]]:
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


def _bound(bound: Bound, words: dict[str, str]) -> str:
    return f"{bound.date or words['undated']}, {bound.event}"


def _label(value: Value) -> str:
    return value.label if value.label != value.name else ""
