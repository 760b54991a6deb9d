"""One load at a time into a graph of a store without transactions, and all or nothing of it."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress

from perezkg.errors import RemoteStoreError
from perezkg.remote.errors import (
    StoreAuthenticationError,
    StoreBusyError,
    StoreConnectionLostError,
    StoreContentError,
    StoreForbiddenError,
    StoreMethodError,
    StoreNotFoundError,
    StoreRejectedDataError,
    StoreTimeoutError,
    StoreUnreachableError,
    StoreUploadTooLongError,
)
from perezkg.transfer.keeping import (
    LoadCutOffError,
    LoadUnderWayError,
    alone,
    ended,
    put_back,
    recovering,
    tell,
    under_way_error,
)
from perezkg.transfer.marks import Names, marks, under_way
from perezkg.transfer.store import called, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from perezkg.transfer.marks import Mark
    from perezkg.transfer.store import TripleStore

# After these, a store may do yet what it was told, or has done it: one that is gone may have been asked twice.
_UNKNOWN = (StoreTimeoutError, StoreConnectionLostError, StoreBusyError, StoreUnreachableError)
# After these, it has not even begun.
_REFUSED = (
    StoreAuthenticationError,
    StoreForbiddenError,
    StoreMethodError,
    StoreNotFoundError,
    StoreRejectedDataError,
    StoreUploadTooLongError,
)


class Turn:
    """The turn of one load to change graphs, until it has ended; what they held is kept meanwhile.

    Args:
        store: The store; in it, changes are seen at once.
        before: How many triples each graph has.

    Attributes:
        before: The same.
        names: For each graph, those that the load uses beside it.
    """

    def __init__(self, store: TripleStore, before: Mapping[str, int]) -> None:
        load = os.urandom(8).hex()
        self.before = before
        self.names = {graph: Names(graph, load) for graph in before}
        self._store = store
        self._touched = False
        self._unsure = False
        # Graphs that could not be put back.
        self._left: set[str] = set()

    @contextmanager
    def taken(self, notify: Callable[[str], None]) -> Iterator[Turn]:
        """Have the turn during a block: put back what the graphs held should it fail, and clean up.

        Args:
            notify: Told when the store does not let what was kept be dropped.

        Raises:
            LoadUnderWayError: It is the turn of somebody else.
            LoadCutOffError: An earlier load has left what it was to replace.
        """
        loads = {names.load for names in self.names.values()}
        under_way.update(loads)
        try:
            self._take()
            try:
                yield self
            except BaseException as error:
                if self._touched:
                    self._put_back(error)
                if not self._unsure:
                    self._end()
                elif not self._touched:
                    ways = " and ".join(recovering(graph, "discard") for graph in self.names)
                    tell(error, f"Nothing has been changed. What may yet arrive of it, the next load drops, or {ways}.")
                raise
            if not self._end():
                recovery = " and ".join(recovering(graph, "discard") for graph in self.names)
                notify(f"loaded and proven, but the store keeps what was there before: {recovery} drops that")
        finally:
            under_way.difference_update(loads)

    @contextmanager
    def telling(self, *, places: bool) -> Iterator[None]:
        """Tell the store something that changes it, in a block after whose failure it may do so yet.

        Args:
            places: Whether it changes the graphs themselves rather than those beside them.
        """
        try:
            yield
        except BaseException as error:
            once = isinstance(error, RemoteStoreError) and error.tries == 1
            self._unsure = self._unsure or not once or isinstance(error, _UNKNOWN)
            refused = once and self._store.one_step_updates and isinstance(error, _REFUSED)
            self._touched = self._touched or (places and not refused)
            raise
        self._touched = self._touched or places

    def keep(self) -> None:
        """Keep what the graphs hold, beside them."""
        for graph, names in self.names.items():
            if not (count := self.before[graph]):
                continue
            with self.telling(places=False):
                self._store.update(f"COPY {named(graph)} TO GRAPH <{names.former}>")
            if (kept := self._store.count(names.former)) != count:
                raise StoreContentError(
                    f"{called(graph)} had {count:,} triples, and a copy of it has {kept:,}",
                    path=self._store.address.shown,
                    hint=self._store.miscounts or "Does somebody else write to it? Nothing has been changed.",
                )

    def announce(self) -> None:
        """Note in the marks that the graphs may change from now on, and how many triples they held."""
        with self.telling(places=False):
            self._store.update("; ".join(names.holding(self.before[graph]) for graph, names in self.names.items()))

    def _take(self) -> None:
        """Set the marks, look whether they are the only ones of loads under way, and clear away what the dead left."""
        stale = {mark.names.load: mark for graph in self.names for mark in _ended(self._store, graph)}
        try:
            self._store.update("; ".join(names.inserting() for names in self.names.values()))
            for graph, names in self.names.items():
                alone(self._store, graph, names.load, stale)
                self._require_unchanged(graph)
        except BaseException:
            ended(self._store, self.names.values())
            raise
        ended(self._store, [mark.names for mark in stale.values()])

    def _require_unchanged(self, graph: str) -> None:
        if (count := self._store.count(graph)) != self.before[graph]:
            raise LoadUnderWayError(
                f"{called(graph)} had {self.before[graph]:,} triples a moment ago, and has {count:,}",
                hint="Somebody else writes to it. Nothing has been changed; try again.",
            )

    def _put_back(self, error: BaseException) -> None:
        """Put back what graphs held; where the store does not let that happen, tell in the error how to do it later."""
        for graph, names in self.names.items():
            count = self.before[graph]
            way = recovering(graph, "restore")
            try:
                put_back(self._store, graph, names.former, count)
            except RemoteStoreError:
                self._left.add(graph)
                with suppress(RemoteStoreError):
                    self._store.update(names.losing())
                state = (
                    f"What {called(graph)} held is kept in the graph {names.former} as well; {way} puts it back"
                    if count
                    else f"{called(graph)} was empty, and may hold a part of what was sent; {way} empties it"
                )
            else:
                state = f"{called(graph)} holds again what it held"
                if self._unsure:
                    state += f", but the store may do yet what it was told last; if it does, {way} puts that right"
            tell(error, f"{state[0].upper()}{state[1:]}.")

    def _end(self) -> bool:
        return ended(self._store, [names for graph, names in self.names.items() if graph not in self._left])


def _ended(store: TripleStore, graph: str) -> list[Mark]:
    """Return the marks of loads that have ended without taking them away; refuse to go on over what matters."""
    found = marks(store, graph)
    for mark in found:
        if mark.alive:
            raise under_way_error(graph, mark)
        # In one step, an empty graph has become what it was to become, or is empty.
        if mark.lost or mark.held or (mark.held is not None and not store.one_step_updates):
            raise LoadCutOffError(
                f"an earlier load into {called(graph)} was cut off: it has {store.count(graph):,} triples now, and "
                f"{store.count(mark.names.former):,} that it had before are kept in the graph {mark.names.former}",
                hint=f"{recovering(graph, 'restore')} puts those back, {recovering(graph, 'discard')} drops them.",
            )
    return found
