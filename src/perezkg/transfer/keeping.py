"""What a graph held before a load, kept beside it until the load has proved right, and put back when it has not.

A store that does not do an update in one step can be cut off in the middle of one. So before anything changes in such a
store, a mark is set, and only once what was there is kept whole: without a mark, the graph is as it was.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from perezkg.errors import RemoteStoreError, UsageError
from perezkg.remote.errors import StoreContentError
from perezkg.transfer.store import called, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perezkg.transfer.store import TripleStore

STAGING = "urn:perezkg:staging:"
"""How the names of graphs begin that are there only while something is loaded."""

_HELD = "urn:perezkg:held"


class LoadCutOffError(UsageError):
    """An earlier load was cut off while it replaced a graph, and the store may show half of it."""


class Names:
    """The graphs that a load uses beside a graph: the same each time, so that none is left for ever.

    Attributes:
        staging: Where the new triples wait.
        former: What the graph held.
        mark: How many triples that were, from when on the graph may change.
    """

    __slots__ = ("former", "mark", "staging")

    def __init__(self, graph: str) -> None:
        base = STAGING + sha256(graph.encode()).hexdigest()[:16]
        self.staging = f"{base}:new"
        self.former = f"{base}:former"
        self.mark = f"{base}:mark"


def mark(session: TripleStore, before: Mapping[str, int]) -> None:
    """Note that graphs may change from now on, and how many triples are kept of each."""
    for graph, count in before.items():
        names = Names(graph)
        empty = "" if count else f"DROP SILENT GRAPH <{names.former}>; "
        session.update(f"{empty}INSERT DATA {{ GRAPH <{names.mark}> {{ <{names.mark}> <{_HELD}> {count} }} }}")


def remains(graphs: Iterable[str]) -> list[str]:
    """Return all that a load may leave of graphs: the marks first, because they vouch for what is kept."""
    names = [Names(graph) for graph in graphs]
    return [name.mark for name in names] + [place for name in names for place in (name.former, name.staging)]


def refuse_remains(store: TripleStore, graphs: Iterable[str]) -> None:
    """Refuse to load over what a load left that was cut off while the graph may have been half replaced."""
    for graph in graphs:
        names = Names(graph)
        if store.count(names.mark):
            raise LoadCutOffError(
                f"an earlier load into {called(graph)} was cut off: it has {store.count(graph):,} triples now, and "
                f"{store.count(names.former):,} that it had before are kept in the graph {names.former}",
                hint="--recover restore puts those back, --recover discard drops them.",
            )


def recover(store: TripleStore, graphs: Iterable[str], choice: str) -> None:
    """End a load that was cut off: "restore" what the graphs held before it, or "discard" that.

    Raises:
        LoadCutOffError: What was kept is not whole; nothing is changed.
        RemoteStoreError: The store failed; what was kept is there still.
    """
    for graph in graphs:
        names = Names(graph)
        if choice == "restore":
            _restore(store, graph, names)
        _drop(store, remains([graph]))


def _restore(store: TripleStore, graph: str, names: Names) -> None:
    kept = store.count(names.former)
    marked = bool(store.count(names.mark))
    if marked:
        held = store.number(f"SELECT ?n WHERE {{ GRAPH <{names.mark}> {{ <{names.mark}> <{_HELD}> ?n }} }}")
        if kept != held:
            raise LoadCutOffError(
                f"of {held:,} triples that {called(graph)} held, {kept:,} are kept in the graph {names.former}",
                hint="Nothing has been changed; --recover discard drops them.",
            )
    # What is kept without a mark may be a half of what the graph still holds, unless the store does nothing by halves.
    if marked or (kept and store.one_step_updates):
        put_back_one(store, graph, names.former if kept else "", kept)


def put_back_one(store: TripleStore, graph: str, copy: str, before: int) -> None:
    """Put back what a graph held.

    Raises:
        StoreContentError: It does not hold it now.
        RemoteStoreError: The store failed.
    """
    store.update(_undo(graph, copy))
    if (counted := store.count(graph)) != before:
        raise StoreContentError(
            f"{called(graph)} was to have the {before:,} triples again that it had before, and has {counted:,}",
            path=store.address.shown,
        )


def put_back(session: TripleStore, former: Mapping[str, str], before: Mapping[str, int], error: BaseException) -> None:
    """Put back what graphs held; where the store does not let that happen, tell in the error how to do it later."""
    for graph, copy in former.items():
        try:
            put_back_one(session, graph, copy, before[graph])
        except RemoteStoreError:
            if isinstance(error, RemoteStoreError):
                state = (
                    f"What {called(graph)} held is kept in the graph {copy} as well"
                    if copy
                    else f"{called(graph)} was empty, and may hold a part of what was sent"
                )
                way = _undo(graph, copy) if session.one_step_updates else "--recover restore"
                error.hint = f"{error.hint}\n{state}; this puts it back: {way}".strip()
        else:
            if isinstance(error, RemoteStoreError):
                error.hint = (
                    f"{error.hint}\n{called(graph)[0].upper()}{called(graph)[1:]} holds again what it held.".strip()
                )
            dropped(session, [Names(graph).mark, copy] if copy else [Names(graph).mark])


def _undo(graph: str, copy: str) -> str:
    return f"COPY GRAPH <{copy}> TO {named(graph)}" if copy else f"CLEAR SILENT {named(graph)}"


def dropped(session: TripleStore, graphs: Iterable[str]) -> None:
    """Drop graphs; a store that fails at it now keeps some that are of no more use, which the next load drops."""
    with suppress(RemoteStoreError):
        _drop(session, graphs)


def _drop(session: TripleStore, graphs: Iterable[str]) -> None:
    text = "; ".join(f"DROP SILENT GRAPH <{graph}>" for graph in graphs)
    if text:
        session.update(text)
