"""The operators: each puts one kind of fault wherever it can stand.

An operator yields one mutant for each place (a triple, a node, a pair of nodes) where it applies. What it puts there is
chosen by a seed made of the seed given, its own name and the place, so that a mutant stays what it is when the data
change elsewhere. A change that leaves the graph as it was is not a mutant.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from tests.mutation import exchanges, literals
from tests.mutation.facts import TYPE, Facts, local_name, namespace
from tests.mutation.mutants import Mutant, chance, mutant

Operator = Callable[[Facts, int], Iterator[Mutant | None]]

PROVENANCE = frozenset(
    (
        "http://purl.org/dc/elements/1.1/source",
        "http://purl.org/dc/terms/source",
        "http://www.w3.org/ns/prov#hadPrimarySource",
        "http://www.w3.org/ns/prov#wasDerivedFrom",
    )
)
"""The properties that tell where a statement comes from."""


def drop(facts: Facts, seed: int) -> Iterator[Mutant | None]:  # noqa: ARG001 - nothing to choose
    """Leave out each triple."""
    for triple in facts.triples:
        yield mutant(facts, "drop", "", [triple], [])


def misspell(facts: Facts, seed: int) -> Iterator[Mutant | None]:
    """Write each property with one wrong letter."""
    for triple in facts.triples:
        rnd = chance(seed, "misspell", triple)
        iri = triple.predicate.value
        start = len(namespace(iri))
        letters = [i for i in range(start, len(iri)) if iri[i].isalpha()]
        for _ in range(20):
            at = rnd.choice(letters or [len(iri) - 1])
            wrong = iri[:at] + rnd.choice(string.ascii_lowercase) + iri[at + 1 :]
            if wrong.lower() != iri.lower() and wrong not in facts.properties:
                yield mutant(facts, "misspell", "", [triple], [Triple(triple.subject, NamedNode(wrong), triple.object)])
                break


def dangle(facts: Facts, seed: int) -> Iterator[Mutant | None]:
    """Let each IRI of the data's own namespaces name nothing."""
    for triple in facts.triples:
        if isinstance(triple.object, NamedNode) and facts.is_own(triple.object.value):
            suffix = chance(seed, "dangle", triple).choice(string.ascii_lowercase)
            nothing = NamedNode(f"{triple.object.value}-{suffix}")
            if nothing.value not in facts.described:
                yield mutant(facts, "dangle", "", [triple], [Triple(triple.subject, triple.predicate, nothing)])


def second_value(facts: Facts, seed: int) -> Iterator[Mutant | None]:
    """Give each property of each node one more value, of those that the property has elsewhere.

    Rather one that no node beside it has: what those say might be true of this one too, and then it is no fault.
    """
    for (subject, predicate), values in facts.values.items():
        rnd = chance(seed, "second value", subject, predicate)
        others = [value for value in facts.pool(predicate) if value not in values]
        near = facts.values_beside(subject, predicate)
        others = [value for value in others if value not in near] or others
        variant = "another" if len(values) > 1 else "second"
        if others:
            value = rnd.choice(others)
        elif isinstance(values[0], Literal):
            value = literals.like(values[0], rnd)
        else:
            continue
        yield mutant(facts, "second value", variant, [], [Triple(subject, predicate, value)])  # type: ignore[arg-type]


def wrong_type(facts: Facts, seed: int) -> Iterator[Mutant | None]:
    """Give each node another class, and put a node of an unrelated class in the place of each object."""
    every = [node for kind in facts.classes for node in facts.nodes(kind)]
    for triple in facts.triples:
        rnd = chance(seed, "wrong type", triple)
        value = triple.object
        if triple.predicate == TYPE:
            others = [kind for kind in facts.classes if kind not in facts.types[triple.subject]]  # type: ignore[index]
            if others:
                wrong = NamedNode(rnd.choice(others))
                yield mutant(facts, "wrong type", "class", [triple], [Triple(triple.subject, TYPE, wrong)])
        elif isinstance(value, BlankNode) or (isinstance(value, NamedNode) and facts.is_own(value.value)):
            fitting = facts.classes_of_values(triple.predicate)
            unrelated = [node for node in every if not facts.types[node] & fitting and node != triple.subject]
            if unrelated:
                replaced = Triple(triple.subject, triple.predicate, rnd.choice(unrelated))
                yield mutant(facts, "wrong type", "object", [triple], [replaced])


def no_provenance(facts: Facts, seed: int) -> Iterator[Mutant | None]:  # noqa: ARG001 - nothing to choose
    """Leave out all that tells where a node comes from."""
    for (subject, predicate), values in facts.values.items():
        if predicate.value in PROVENANCE:
            gone = [Triple(subject, predicate, value) for value in values]  # type: ignore[arg-type]
            yield mutant(facts, "provenance removed", "", gone, [])


OPERATORS: dict[str, Operator] = {
    "drop": drop,
    "misspell": misspell,
    "dangle": dangle,
    "second value": second_value,
    "wrong type": wrong_type,
    "wrong datatype": literals.wrong_datatype,
    "language tag": literals.language_tag,
    "absurd value": literals.absurd_value,
    "swapped years": exchanges.swapped_years,
    "swapped medal and rank": exchanges.swapped_medal_and_rank,
    "provenance removed": no_provenance,
}
"""The operators by name, in the order of the table."""


def all_mutants(facts: Facts, seed: int, operators: list[str] | None = None) -> list[Mutant]:
    """Return every mutant that there is, in a fixed order, each once."""
    names = list(OPERATORS) if operators is None else operators
    made = (made for name in names for made in OPERATORS[name](facts, seed))
    return list(dict.fromkeys(made for made in made if made is not None))


def property_name(mutant: Mutant) -> str:
    """Return the local name of what a mutant changes, for sorting."""
    return local_name(mutant.property)
