"""The operators on literals: another datatype, another language, an absurd value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple
from tests.mutation.facts import STRING, XSD
from tests.mutation.mutants import chance, mutant

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from tests.mutation.facts import Facts
    from tests.mutation.mutants import Mutant

_OTHER_TYPES = {
    "integer": ("string", "decimal", "gYear", "double"),
    "decimal": ("string", "double", "integer"),
    "double": ("string", "decimal"),
    "date": ("string", "dateTime", "gYear"),
    "gYear": ("string", "integer", "date"),
    "gYearMonth": ("string", "date", "gYear"),
    "duration": ("string", "time", "dayTimeDuration"),
    "boolean": ("string", "integer"),
    "string": ("integer", "token", "anyURI", "date"),
}
_NUMBERS = frozenset(
    XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
)
_TIMES = frozenset(XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth"))
_DURATIONS = frozenset(XSD + name for name in ("duration", "dayTimeDuration"))


def wrong_datatype(facts: Facts, seed: int) -> Iterator[Mutant | None]:
    """Give each literal without language another datatype, its text unchanged.

    xsd:integer is derived from xsd:decimal: the decimal 28 as an integer is the same value, which is no change.
    """
    for triple, literal in _literals(facts):
        if literal.language:
            continue
        rnd = chance(seed, "wrong datatype", triple)
        others = _OTHER_TYPES.get(literal.datatype.value.removeprefix(XSD), ("string",))
        if literal.datatype.value == XSD + "decimal" and re.fullmatch(r"[+-]?\d+", literal.value):
            others = tuple(name for name in others if name != "integer")
        name = rnd.choice(others)
        wrong = Literal(literal.value, datatype=NamedNode(XSD + name))
        yield _changed(facts, "wrong datatype", name, triple, wrong)


def language_tag(facts: Facts, seed: int) -> Iterator[Mutant | None]:
    """Take the language from a text, give it one that is wrong, or give one to a text that has none."""
    for triple, literal in _literals(facts):
        rnd = chance(seed, "language tag", triple)
        if literal.language:
            used = sorted({_language(value) for value in facts.pool(triple.predicate)} - {""})
            others = [tag for tag in (*used, "fr", "xx") if tag != literal.language]
            tag = rnd.choice(["", *others])
            wrong = Literal(literal.value, language=tag) if tag else Literal(literal.value)
            yield _changed(facts, "language tag", "changed" if tag else "removed", triple, wrong)
        elif literal.datatype == STRING:
            wrong = Literal(literal.value, language=rnd.choice(("en", "es", "fr")))
            yield _changed(facts, "language tag", "added", triple, wrong)


def absurd_value(facts: Facts, seed: int) -> Iterator[Mutant | None]:
    """Write what cannot be: a number a thousandfold, a negative one, a date in 3024, five seconds, no text at all."""
    for triple, literal in _literals(facts):
        variant, text = _absurd(literal, chance(seed, "absurd value", triple))
        yield _changed(facts, "absurd value", variant, triple, _with_text(literal, text))


def like(literal: Literal, rnd: random.Random) -> Literal:
    """Return another literal of the same kind: for properties that have one value in all of the data."""
    if literal.datatype.value in _NUMBERS:
        return _with_text(literal, str(int(float(literal.value)) + rnd.randint(1, 9)))
    if literal.datatype == STRING or literal.language:
        return _with_text(literal, literal.value + " II")
    return _with_text(literal, re.sub(r"\d", lambda match: str((int(match[0]) + 1) % 10), literal.value, count=1))


def _literals(facts: Facts) -> Iterator[tuple[Triple, Literal]]:
    return ((triple, triple.object) for triple in facts.triples if isinstance(triple.object, Literal))


def _changed(facts: Facts, operator: str, variant: str, triple: Triple, value: Literal) -> Mutant | None:
    return mutant(facts, operator, variant, [triple], [Triple(triple.subject, triple.predicate, value)])


def _with_text(literal: Literal, text: str) -> Literal:
    if literal.language:
        return Literal(text, language=literal.language)
    return Literal(text, datatype=literal.datatype)


def _language(value: object) -> str:
    return (value.language or "") if isinstance(value, Literal) else ""


def _absurd(literal: Literal, rnd: random.Random) -> tuple[str, str]:
    kind, text = literal.datatype.value, literal.value
    if kind in _NUMBERS and re.search("[1-9]", text):
        negative = text.removeprefix("-") if text.startswith("-") else f"-{text}"
        # The latitude 2.9 with the other sign is no absurdity, only a mistake: so a number with a fraction grows.
        return rnd.choice([("huge", _thousandfold(text)), ("negative", negative)][: 1 if "." in text else 2])
    if kind in _NUMBERS:
        return "negative", "-1"
    if kind in _TIMES:
        return "far future", re.sub(r"^-?\d+", "3024", text)
    if kind in _DURATIONS:
        return rnd.choice([("five seconds", "PT5S"), ("a thousand days", "P1000D")])
    if kind == XSD + "boolean":
        return "neither", "maybe"
    return rnd.choice([("empty", ""), ("endless", text * (5000 // max(1, len(text)) + 1))])


def _thousandfold(text: str) -> str:
    if re.fullmatch(r"[+-]?\d+", text):
        return text + "000"
    if match := re.fullmatch(r"([+-]?\d*)\.(\d+)", text):
        digits = match[2].ljust(3, "0")
        whole = re.sub(r"^([+-]?)0+(?=\d)", r"\1", match[1] + digits[:3])
        rest = digits[3:].rstrip("0")
        return f"{whole}.{rest}" if rest else whole
    return text + "0e9" if "e" not in text.lower() else text + "9"
