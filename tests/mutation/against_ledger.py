"""Whether the ledger of facts tells a mutant from the data: a second net, under the shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.facts.ledger import FILES, Book, Statement, by_thing, spelt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple
    from tests.mutation.mutants import Mutant


class LedgerNet:
    """perezkg's own data beside their ledger, as tests/facts compares them."""

    def __init__(self) -> None:
        self._books = [Book(file) for file in FILES]

    def tells(self, mutant: Mutant) -> bool:
        """Return whether the ledger and the changed data differ.

        What is put in stands where what is taken out stood. Where nothing is taken out, it might be written into any
        file that tells of its node, or into the last one if none does, and the ledgers of all of these must tell it.
        """
        removed, added = by_thing(_statements(mutant.removed)), by_thing(_statements(mutant.added))
        return any(self._differ(thing, removed[thing], added[thing]) for thing in {*removed, *added})

    def _differ(self, thing: str, removed: set[Statement], added: set[Statement]) -> bool:
        holding = [book for book in self._books if removed & book.data.get(thing, set())]
        telling = holding or [book for book in self._books if thing in book.data] or self._books[-1:]
        return all(book.differences(thing, book.data.get(thing, set()) - removed | added) for book in telling)


def _statements(triples: Iterable[Triple]) -> set[Statement]:
    return {Statement(spelt(triple.subject), spelt(triple.predicate), spelt(triple.object)) for triple in triples}
