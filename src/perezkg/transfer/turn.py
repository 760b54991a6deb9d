"""One load at a time into a graph of a store without transactions, and all or nothing of it."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress

from perezkg.errors import PerezkgError, RemoteStoreError
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
    beside,
    dropped,
    put_back,
    recovering,
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
        self._left = False

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
                if not (self._unsure or self._left):
                    self._dropped()
                elif not self._touched:
                    ways = " and ".join(recovering(graph, "discard") for graph in self.names)
                    _tell(
                        error, f"Nothing has been changed. What may yet arrive of it, the next load drops, or {ways}."
                    )
                raise
            if not self._dropped():
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
            known = isinstance(error, RemoteStoreError) and not isinstance(error, _UNKNOWN)
            self._unsure = self._unsure or not known
            refused = self._store.one_step_updates and isinstance(error, _REFUSED)
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
        """Set the marks, and look whether they are the only ones."""
        stale = [mark for graph in self.names for mark in _ended(self._store, graph)]
        try:
            own = [names.inserting() for names in self.names.values()]
            self._store.update("; ".join([*(mark.deleting() for mark in stale), *own]))
            for graph in self.names:
                self._look(graph)
        except BaseException:
            with suppress(RemoteStoreError):
                self._store.update("; ".join(names.withdrawing() for names in self.names.values()))
            raise
        dropped(self._store, beside(mark.names for mark in stale))

    def _look(self, graph: str) -> None:
        load = self.names[graph].load
        found = {mark.names.load: mark for mark in marks(self._store, graph)}
        if others := [mark for other, mark in found.items() if other != load]:
            raise under_way_error(graph, others[0])
        if load not in found:
            raise StoreContentError(
                f"the store does not keep the mark of this load into {called(graph)}",
                path=self._store.address.shown,
                hint="Did another load end in this very moment? Then try again. Is the URL for updates right?",
            )
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
                self._left = True
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
            _tell(error, f"{state[0].upper()}{state[1:]}.")

    def _dropped(self) -> bool:
        # The marks first, because they vouch for what is kept.
        places = [names.mark for names in self.names.values()]
        return dropped(self._store, [*places, *beside(self.names.values())])


def _ended(store: TripleStore, graph: str) -> list[Mark]:
    """Return the marks of loads that have ended without taking them away; refuse to go on over what matters."""
    found = marks(store, graph)
    for mark in found:
        if mark.alive:
            raise under_way_error(graph, mark)
        if mark.lost or (mark.held is not None and not store.one_step_updates):
            raise LoadCutOffError(
                f"an earlier load into {called(graph)} was cut off: it has {store.count(graph):,} triples now, and "
                f"{store.count(mark.names.former):,} that it had before are kept in the graph {mark.names.former}",
                hint=f"{recovering(graph, 'restore')} puts those back, {recovering(graph, 'discard')} drops them.",
            )
    return found


def _tell(error: BaseException, state: str) -> None:
    if isinstance(error, PerezkgError):
        error.hint = f"{error.hint}\n{state}".strip()
    else:
        error.add_note(state)
