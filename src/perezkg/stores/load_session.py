"""One load at a time into a graph of a store without transactions, and all or nothing of it.

In a store that does not do an update in one step, the graph may be half changed when everything dies. So before it is
touched, its mark says how many triples are kept of it: without that, the graph is as it was.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from time import sleep

from perezkg import errors
from perezkg.stores.interrupts import orderly
from perezkg.stores.marks import (
    LoadCutOffError,
    LoadUnderWayError,
    Names,
    alone,
    ended,
    marks,
    orphans,
    recovering,
    under_way,
    under_way_error,
)
from perezkg.stores.store import called, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from perezkg.stores.interrupts import Interrupts
    from perezkg.stores.marks import Mark
    from perezkg.stores.store import TripleStore


def recover(
    store: TripleStore, graphs: Iterable[str], choice: str, *, notify: Callable[[str], None] | None = None
) -> int:
    """End loads that were cut off: "restore" what the graphs held before, or "discard" that.

    Args:
        store: The store.
        graphs: The IRIs of the graphs; empty for the default graph.
        choice: Which of the two.
        notify: Told that this is finished first, when the process is told to end.

    Returns:
        How many loads there were.

    Raises:
        LoadUnderWayError: One of them goes on, on this machine.
        LoadCutOffError: What was kept is not whole; nothing is changed.
        RemoteStoreError: The store failed; what was kept is there still.
        Interrupted: Ctrl-C, SIGTERM or SIGHUP came, and now it is done; or a second Ctrl-C, and it may not be.
    """
    with orderly(notify or (lambda _: None), "The load that was cut off has been ended.") as interrupts:
        interrupts.end()
        return sum(_recover(store, graph, choice) for graph in graphs)


def _recover(store: TripleStore, graph: str, choice: str) -> int:
    found = {mark.names.load: mark for mark in marks(store, graph)}
    for mark in found.values():
        if mark.here:
            raise under_way_error(graph, mark)
    own = Names(graph, os.urandom(8).hex())
    under_way.add(own.load)
    try:
        # A load that would begin now sees this mark, as that of another load.
        store.update(own.inserting())
        alone(store, graph, own.load, found)
        for mark in found.values():
            if choice == "restore" and mark.held is not None:
                if (kept := store.count(mark.names.former)) != mark.held:
                    raise LoadCutOffError(
                        f"of {mark.held:,} triples that {called(graph)} held, {kept:,} are kept in the graph "
                        f"{mark.names.former}",
                        hint=f"Nothing has been changed; {recovering(graph, 'discard')} drops them.",
                    )
                put_back(store, graph, mark.names.former, mark.held, late=True)
        # Marks last: should this be cut off, there is still something that tells of the rest.
        steps = [f"DROP SILENT GRAPH <{place}>" for mark in found.values() for place in mark.names.beside]
        steps += [f"DROP SILENT GRAPH <{place}>" for place in orphans(store, graph)]
        if steps := [*steps, *(mark.names.withdrawing() for mark in found.values())]:
            store.update("; ".join(steps))
    except KeyboardInterrupt as error:
        _tell(error, f"It may not be done; {recovering(graph, choice)} can be given again.")
        raise
    finally:
        ended(store, [own])
        under_way.discard(own.load)
    return len(found)


# Seconds before each try: a request that the store was still at work on may spoil the first one.
_PAUSES = (0.0, 0.2, 1.0, 3.0)


# Seconds after which the graph is looked at once more, where a request may have been on its way.
_LATE = 1.0


def put_back(store: TripleStore, graph: str, former: str, count: int, *, late: bool) -> None:
    """Put back what a graph held, so many triples, kept in another graph; again, until the graph holds just that.

    Args:
        store: The store.
        graph: The graph.
        former: What it held is kept there.
        count: So many triples.
        late: Whether the store may be at work yet on a request that changes the graph.

    Raises:
        StoreContentError: They are not there, or the graph does not hold them now.
        RemoteStoreError: The store failed.
    """
    if count and (kept := store.count(former)) != count:
        raise errors.StoreContentError(
            f"of {count:,} triples that {called(graph)} held, {kept:,} are kept in the graph {former}",
            path=store.address.shown,
        )
    for pause in _PAUSES:
        sleep(pause)
        store.update(store.copying({graph: former if count else ""}))
        if holds(store, graph, former, count):
            if not late:
                return
            sleep(_LATE)
            if holds(store, graph, former, count):
                return
    raise errors.StoreContentError(
        f"{called(graph)} should have its earlier {count:,} triples again, but has {store.count(graph):,}",
        path=store.address.shown,
    )


def holds(store: TripleStore, graph: str, other: str, count: int) -> bool:
    """Tell whether a graph holds the triples of another one, so many, and no others."""
    if store.count(graph) != count:
        return False
    return not count or (store.count(other) == count and not store.lacking(graph, other))


def _tell(error: BaseException, state: str) -> None:
    """Add to an error what has become of a graph."""
    if isinstance(error, errors.PerezkgError):
        error.hint = f"{error.hint}\n{state}".strip()
    else:
        error.add_note(state)


# After these, a store may do yet what it was told, or has done it: one that is gone may have been asked twice.
_UNKNOWN = (
    errors.StoreTimeoutError,
    errors.StoreConnectionLostError,
    errors.StoreBusyError,
    errors.StoreUnreachableError,
)
# After these, it has not even begun.
_REFUSED = (
    errors.StoreAuthenticationError,
    errors.StoreForbiddenError,
    errors.StoreMethodError,
    errors.StoreNotFoundError,
    errors.StoreRejectedDataError,
    errors.StoreUploadTooLongError,
)


class LoadSession:
    """The turn of one load to change graphs, until it has ended; what they held is kept meanwhile.

    Args:
        store: The store; in it, changes are seen at once.
        before: How many triples each graph has.
        interrupts: Holds signals back.

    Attributes:
        before: The same.
        names: For each graph, those that the load uses beside it.
    """

    def __init__(self, store: TripleStore, before: Mapping[str, int], interrupts: Interrupts) -> None:
        load = os.urandom(8).hex()
        self.before = before
        self.names = {graph: Names(graph, load) for graph in before}
        self._store = store
        self._interrupts = interrupts
        self._touched = False
        self._unsure = False
        # Whether Ctrl-C was pressed a second time.
        self._hurried = False
        # Graphs that could not be put back.
        self._left: set[str] = set()

    @contextmanager
    def taken(self) -> Iterator[LoadSession]:
        """Have the turn during a block: put back what the graphs held should it fail, and clean up.

        Raises:
            LoadUnderWayError: It is the turn of somebody else.
            LoadCutOffError: An earlier load has left what it was to replace.
        """
        loads = {names.load for names in self.names.values()}
        ways = " and ".join(recovering(graph, "discard") for graph in self.names)
        under_way.update(loads)
        try:
            self._take()
            try:
                yield self
            except BaseException as error:
                self._interrupts.end()
                if self._touched:
                    if isinstance(error, KeyboardInterrupt):
                        self._interrupts.tell("putting back what was there; Ctrl-C again leaves that to --recover")
                    self._put_back(error)
                if not self._unsure:
                    with suppress(KeyboardInterrupt):  # what is left then is in nobody's way
                        self._end()
                if not self._touched:
                    late = f" What still arrives is dropped by the next load, or by {ways}." if self._unsure else ""
                    if late or isinstance(error, KeyboardInterrupt):
                        _tell(error, f"Nothing has been changed.{late}")
                raise
            kept = f"the store keeps what was there before: the next load drops that, or {ways}"
            try:
                if not self._end():
                    self._interrupts.tell(f"loaded and proven, but {kept}")
            except KeyboardInterrupt as error:
                _tell(error, f"The new graph is there, and proven. It may be that {kept}.")
                raise
        finally:
            under_way.difference_update(loads)

    @contextmanager
    def telling(self, *, places: bool) -> Iterator[None]:
        """Tell the store something that changes it, in a block after whose failure it may do so yet.

        Args:
            places: Whether it changes the graphs themselves rather than those beside them.
        """
        touched, unsure = self._touched, self._unsure
        # Whatever comes, and be it Ctrl-C before the request was sent.
        self._touched, self._unsure = touched or places, True
        try:
            yield
        except errors.RemoteStoreError as error:
            once = error.tries == 1
            self._unsure = unsure or not once or isinstance(error, _UNKNOWN)
            if once and self._store.one_step_updates and isinstance(error, _REFUSED):
                self._touched = touched
            raise
        self._unsure = unsure

    def keep(self) -> None:
        """Keep what the graphs hold, beside them."""
        for graph, names in self.names.items():
            if not (count := self.before[graph]):
                continue
            with self.telling(places=False):
                self._store.update(f"COPY {named(graph)} TO GRAPH <{names.former}>")
            if (kept := self._store.count(names.former)) != count:
                raise errors.StoreContentError(
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
        """Put back what graphs held; where that cannot be done, tell in the error how to do it later."""
        for graph, names in self.names.items():
            way = recovering(graph, "restore")
            if self._has_put_back(graph, names.former):
                state = f"{called(graph)} holds again what it held."
                if self._unsure:
                    self._note_failure(names)
                    state = (
                        f"{called(graph)} holds again what it held, but the store may still carry out its last "
                        f"request; if it does, {way} puts that right."
                    )
            else:
                self._left.add(graph)
                self._note_failure(names)
                state = (
                    f"What {called(graph)} held is kept in the graph {names.former} as well; {way} puts it back."
                    if self.before[graph]
                    else f"{called(graph)} was empty, and may hold a part of what was sent; {way} empties it."
                )
            _tell(error, f"{state[0].upper()}{state[1:]}")

    def _has_put_back(self, graph: str, former: str) -> bool:
        """Put back what a graph held, unless somebody is in a hurry; return whether that succeeded."""
        if self._hurried:
            return False
        try:
            put_back(self._store, graph, former, self.before[graph], late=self._unsure)
        except errors.RemoteStoreError:
            return False
        except KeyboardInterrupt:
            self._hurried = True
            return False
        return True

    def _note_failure(self, names: Names) -> None:
        """Note in a mark that what the graph holds, should it not be what it held, is not what was to become of it."""
        with suppress(errors.RemoteStoreError, KeyboardInterrupt):
            self._store.update(names.losing())

    def _end(self) -> bool:
        return ended(self._store, [names for graph, names in self.names.items() if graph not in self._left])


def _ended(store: TripleStore, graph: str) -> list[Mark]:
    """Return the marks of loads that have ended without taking them away; refuse to go on over what matters."""
    found = marks(store, graph)
    for mark in found:
        if mark.alive:
            raise under_way_error(graph, mark)
        if not _is_whole(store, graph, mark):
            raise LoadCutOffError(
                f"an earlier load into {called(graph)} was cut off: it has {store.count(graph):,} triples now, and "
                f"{store.count(mark.names.former):,} that it had before are kept in the graph {mark.names.former}",
                hint=f"{recovering(graph, 'restore')} puts those back, {recovering(graph, 'discard')} drops them.",
            )
    return found


def _is_whole(store: TripleStore, graph: str, mark: Mark) -> bool:
    """Tell whether a graph is what it was before a load that has died, or what the load was to make of it."""
    held, former, new = mark.held, mark.names.former, mark.names.staging
    if held is None or holds(store, graph, former, held):
        return True
    if mark.lost:
        return False
    if not held and store.one_step_updates:  # an empty graph has become what it was to become
        return True
    # What waits under another name was proven there before the graph was touched.
    if not (count := store.count(new)) or store.lacking(graph, new):
        return False
    if store.count(graph) == count:
        return True
    both = held + store.lacking(former, new)
    return store.count(former) == held and store.count(graph) == both and not store.lacking(graph, former)
