"""A description for readers: plain text and Markdown."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from perezkg.things.plain_text import code, heading, heading_markdown, lines, literal
from perezkg.vocabulary import OA, OWL, RDF, RDFS, SH, SKOS
from perezkg.words import words as words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.things.description import Description, Facts
    from perezkg.things.labels import Value

_VOCABULARIES = (OWL, RDFS, RDF, SKOS, OA, SH)

# Labels longer than this, or than a quarter of the terminal, do not push all values to the right.
_WIDEST_LABEL = 24


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
