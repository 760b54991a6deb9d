"""What a graph held before a load, which is kept beside it: put back, or dropped, now or by who finds it later.

In a store that does not do an update in one step, the graph may be half changed when everything dies. So before it is
touched, its mark says how many triples are kept of it: without that, the graph is as it was.
"""

from __future__ import annotations

import os

from perezkg.errors import PerezkgError, RemoteStoreError, UsageError
from perezkg.remote.errors import StoreContentError
from perezkg.transfer.marks import Names, marks, orphans, under_way
from perezkg.transfer.store import called, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from perezkg.transfer.marks import Mark
    from perezkg.transfer.store import TripleStore


class LoadCutOffError(UsageError):
    """An earlier load was cut off while it replaced a graph, and what the graph held is kept beside it."""


class LoadUnderWayError(UsageError):
    """Another load into the graph is under way."""


def recover(store: TripleStore, graphs: Iterable[str], choice: str) -> int:
    """End loads that were cut off: "restore" what the graphs held before, or "discard" that.

    Returns:
        How many loads there were.

    Raises:
        LoadUnderWayError: One of them goes on, on this machine.
        LoadCutOffError: What was kept is not whole; nothing is changed.
        RemoteStoreError: The store failed; what was kept is there still.
    """
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
                _restore(store, graph, mark.names.former, mark.held)
        # Marks last: should this be cut off, there is still something that tells of the rest.
        steps = [f"DROP SILENT GRAPH <{place}>" for mark in found.values() for place in mark.names.beside]
        steps += [f"DROP SILENT GRAPH <{place}>" for place in orphans(store, graph)]
        if steps := [*steps, *(mark.names.withdrawing() for mark in found.values())]:
            store.update("; ".join(steps))
    finally:
        ended(store, [own])
        under_way.discard(own.load)
    return len(found)


def recovering(graph: str, choice: str) -> str:
    """Return the options of `perezkg load` that end a load that was cut off."""
    return f"--graph {graph} --recover {choice}" if graph else f"--recover {choice}"


def put_back(store: TripleStore, graph: str, former: str, count: int) -> None:
    """Put back what a graph held: so many triples, kept in another graph.

    Raises:
        StoreContentError: They are not there, or the graph does not hold them now.
        RemoteStoreError: The store failed.
    """
    if count and (kept := store.count(former)) != count:
        raise StoreContentError(
            f"of {count:,} triples that {called(graph)} held, {kept:,} are kept in the graph {former}",
            path=store.address.shown,
        )
    store.update(store.copying(former, graph) if count else f"CLEAR SILENT {named(graph)}")
    if (counted := store.count(graph)) != count:
        raise StoreContentError(
            f"{called(graph)} was to have the {count:,} triples again that it had before, and has {counted:,}",
            path=store.address.shown,
        )


def alone(store: TripleStore, graph: str, own: str, dead: Container[str]) -> None:
    """Look whether the mark of a load, which was just set, is there, and no other is but those of dead ones.

    Raises:
        LoadUnderWayError: There is another one.
        StoreContentError: It is not there itself.
    """
    found = {mark.names.load: mark for mark in marks(store, graph)}
    if others := [mark for load, mark in found.items() if load != own and load not in dead]:
        raise under_way_error(graph, others[0])
    if own not in found:
        raise StoreContentError(
            f"the store does not keep the mark of this load into {called(graph)}",
            path=store.address.shown,
            hint="Is the URL for updates right?",
        )


def ended(store: TripleStore, loads: Iterable[Names]) -> bool:
    """Drop what loads have beside the graphs, and then their marks; return False when the store fails at it."""
    steps = [(*(f"DROP SILENT GRAPH <{place}>" for place in names.beside), names.withdrawing()) for names in loads]
    if steps:
        try:
            store.update("; ".join(step for some in steps for step in some))
        except RemoteStoreError:
            return False
    return True


def tell(error: BaseException, state: str) -> None:
    """Add to an error what has become of a graph."""
    if isinstance(error, PerezkgError):
        error.hint = f"{error.hint}\n{state}".strip()
    else:
        error.add_note(state)


def _restore(store: TripleStore, graph: str, former: str, held: int) -> None:
    kept = store.count(former)
    if kept != held:
        raise LoadCutOffError(
            f"of {held:,} triples that {called(graph)} held, {kept:,} are kept in the graph {former}",
            hint=f"Nothing has been changed; {recovering(graph, 'discard')} drops them.",
        )
    put_back(store, graph, former, held)


def under_way_error(graph: str, mark: Mark) -> LoadUnderWayError:
    """Return the error for a graph that somebody else loads into."""
    return LoadUnderWayError(
        f"another load into {called(graph)} is under way: {mark.process}",
        hint=f"Wait for it. Should it have died, {recovering(graph, 'restore')} puts back what the graph held, "
        f"{recovering(graph, 'discard')} keeps what it holds now.",
    )
