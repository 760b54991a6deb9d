"""A mutant: the data with one small fault put in."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from perezkg.vocabulary import shrink

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.mutation.facts import Facts, Term


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of the data.

    Attributes:
        operator: The name of the operator that made it.
        variant: Which of the operator's ways it is.
        kind: The class of the node that is changed.
        property: The property that is changed, as a prefixed name.
        removed: The triples taken out.
        added: The triples put in.
    """

    operator: str
    variant: str
    kind: str
    property: str
    removed: tuple[Triple, ...]
    added: tuple[Triple, ...]

    def __str__(self) -> str:
        """Return the change in one line: `- this + that`."""
        parts = [f"{sign} {triple_text(triple)}" for sign, triples in self._sides() for triple in triples]
        return f"{self.operator}: {'; '.join(parts)}"

    def _sides(self) -> tuple[tuple[str, tuple[Triple, ...]], ...]:
        return ("-", self.removed), ("+", self.added)


def mutant(
    facts: Facts, operator: str, variant: str, removed: Iterable[Triple], added: Iterable[Triple]
) -> Mutant | None:
    """Return a mutant, or None when the data would stay what they are."""
    out, into = set(removed), set(added)
    out, into = (out - into) & facts.present, into - out - facts.present
    if not out and not into:
        return None
    touched = sorted(out or into, key=str)
    first = touched[0]
    return Mutant(
        operator=operator,
        variant=variant,
        kind=facts.kinds(first.subject),  # type: ignore[arg-type]
        property=" ".join(sorted({shrink(triple.predicate.value) for triple in touched})),
        removed=tuple(sorted(out, key=str)),
        added=tuple(sorted(into, key=str)),
    )


def chance(seed: int, operator: str, *terms: object) -> random.Random:
    """Return a source of chance for one operator at one place: the same whatever else the data hold."""
    return random.Random(" ".join([str(seed), operator, *map(str, terms)]))  # noqa: S311 - not for secrets


def triple_text(triple: Triple) -> str:
    """Return a triple as a person would write it."""
    return " ".join(map(term_text, (triple.subject, triple.predicate, triple.object)))  # type: ignore[arg-type]


def term_text(term: Term) -> str:
    """Return a term as Turtle writes it; a long text is cut.

    >>> term_text(Literal("Río", language="es")), term_text(NamedNode("https://w3id.org/perezkg/id/x"))
    ('"Río"@es', 'pz:x')
    """
    if isinstance(term, NamedNode):
        return shrink(term.value)
    if isinstance(term, Literal):
        text = term.value if len(term.value) <= 60 else f"{term.value[:57]}..."
        quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        if term.language:
            return f"{quoted}@{term.language}"
        datatype = shrink(term.datatype.value)
        return quoted if datatype == "xsd:string" else f"{quoted}^^{datatype}"
    return str(term)
