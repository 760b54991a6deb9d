"""What a graph held before a load, which is kept beside it: put back, or dropped, now or by who finds it later.

In a store that does not do an update in one step, the graph may be half changed when everything dies. So before it is
touched, its mark says how many triples are kept of it: without that, the graph is as it was.
"""

from __future__ import annotations

from perezkg.errors import RemoteStoreError, UsageError
from perezkg.remote.errors import StoreContentError
from perezkg.transfer.marks import Names, marks
from perezkg.transfer.store import called, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

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
    number = 0
    for graph in graphs:
        found = marks(store, graph)
        for mark in found:
            if mark.here:
                raise under_way_error(graph, mark)
        for mark in found:
            if choice == "restore" and mark.held is not None:
                _restore(store, graph, mark.names.former, mark.held)
        store.update(_dropping([Names(graph, "").mark, *beside(mark.names for mark in found)]))
        number += len(found)
    return number


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


def dropped(store: TripleStore, graphs: Iterable[str]) -> bool:
    """Drop graphs; return False when the store fails at it, and some are left that are of no more use."""
    if text := _dropping(graphs):
        try:
            store.update(text)
        except RemoteStoreError:
            return False
    return True


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


def beside(loads: Iterable[Names]) -> list[str]:
    """Return the graphs beside the places of loads that hold triples of theirs."""
    return [place for names in loads for place in (names.former, names.staging)]


def _dropping(graphs: Iterable[str]) -> str:
    return "; ".join(f"DROP SILENT GRAPH <{graph}>" for graph in graphs)
