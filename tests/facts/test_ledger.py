"""The ledger of facts against the data, both ways: whichever value of data/ changes, the ledger tells.

The ledger is written from the sources by people, so that a wrong value in the data does not make its own test. What the
lines of the ledger do not hold word for word is in `DERIVED` and `DESCRIBED`, with how it is checked instead.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from tests.facts.ledger import DATA, DERIVED, DESCRIBED, FILES, Book, Statement, data, telling

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", params=FILES)
def book(request: pytest.FixtureRequest) -> Book:
    """Return a file of data beside its ledger."""
    return Book(request.param)


def test_the_ledger_and_the_data_say_the_same(book: Book) -> None:
    things = sorted(book.facts.keys() | book.data.keys())
    differences = [line for thing in things for line in book.differences(thing, book.data.get(thing, set()))]
    assert not differences, "\n".join(["", *differences])


def test_what_is_told_in_words_stands_in_the_words(book: Book) -> None:
    texts = {
        thing: [telling(fact.value, book.names) for fact in facts if fact.property in DESCRIBED]
        for thing, facts in book.data.items()
    }
    idle = [fact for fact in book.in_words if fact.value not in set().union(*texts.get(fact.thing, []))]
    assert not idle, idle


def test_each_spelling_is_of_one_thing() -> None:
    """A local name that two things share would let one stand for the other."""
    texts = [(DATA / file).read_text(encoding="utf-8") for file in FILES]
    iris = {iri for text in texts for iri in re.findall(r"\b(?:pz|src|bio|sport):[\w-]+", text)}
    assert len(iris) == len({iri.partition(":")[2] for iri in iris})


def test_what_is_derived_or_described_is_in_the_data() -> None:
    properties = {statement.property for statement in data(*(DATA / file for file in FILES))}
    assert {*DERIVED, *DESCRIBED} <= properties


def changed(statement: Statement, others: list[str]) -> Iterator[Statement]:
    """Yield a statement with each digit changed, another ending, another value of its property, another medal."""
    value = statement.value
    for digit in re.finditer(r"\d", value):
        yield statement._replace(value=f"{value[: digit.start()]}{(int(digit[0]) + 1) % 10}{value[digit.end() :]}")
    if statement.property == "label":
        yield from (
            statement._replace(value=re.sub(rf"\b{medal}\b", other, value))
            for medal, other in (("Gold", "Silver"), ("Silver", "Gold"), ("de oro", "de plata"), ("de plata", "de oro"))
            if re.search(rf"\b{medal}\b", value)
        )
    elif statement.property not in DESCRIBED:
        yield statement._replace(value=f"{value[:-1]}{'y' if value.endswith('x') else 'x'}")
        yield from (statement._replace(value=other) for other in others if other != value)


def test_no_value_can_change_unseen(book: Book) -> None:
    """Every statement, without it and changed."""
    used: dict[str, set[str]] = {}
    for statement in chain.from_iterable(book.data.values()):
        used.setdefault(statement.property, set()).add(statement.value)
    unseen = []
    for thing, statements in book.data.items():
        for statement in statements:
            rest = statements - {statement}
            mutants = [rest | {other} for other in changed(statement, sorted(used[statement.property])[:40])]
            if statement.property not in DESCRIBED:
                mutants.append(rest)
            unseen += [mutant - statements for mutant in mutants if not book.differences(thing, mutant)]
    assert not unseen, unseen


def test_a_new_statement_does_not_go_unseen(book: Book) -> None:
    for thing, statements in book.data.items():
        assert book.differences(thing, statements | {Statement(thing, "rank", "201")}), thing
    assert book.differences("somebody-new", {Statement("somebody-new", "a", "Person")})
