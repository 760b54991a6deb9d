"""One load at a time into a graph of a store without transactions, and all or nothing of it.

A store has no locks for its clients. So each load into a graph writes its own mark into a graph beside it and looks
whether it is the only one; of two that come at once, at most one goes on. A mark whose load has ended without taking it
away tells the next load what may be left.

In a store that does not do an update in one step, the graph may be half changed when everything dies. So before it is
touched, its mark says how many triples are kept of it: without that, the graph is as it was.
"""

from __future__ import annotations

import os
import re
import socket
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from perezkg import errors
from perezkg.stores.store import called, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from perezkg.stores.store import TripleStore


class LoadCutOffError(errors.UsageError):
    """An earlier load was cut off while it replaced a graph, and what the graph held is kept beside it."""


class LoadUnderWayError(errors.UsageError):
    """Another load into the graph is under way."""


STAGING = "urn:perezkg:staging:"
"""How the names of graphs begin that are there only while something is loaded."""

_BY = "urn:perezkg:by"
_HELD = "urn:perezkg:held"
_LOST = "urn:perezkg:lost"
# Others may have written there, too: what is none of these is no mark.
_LOAD = re.compile(rf"{STAGING}[0-9a-f]{{16}}:[0-9a-f]{{16}}")
_BESIDE = re.compile(rf"{_LOAD.pattern}:(?:new|former)")
# Of a process whose system does not tell when it began.
_SOME_TIME = "-"

under_way: set[str] = set()
"""The loads of this process that have not ended."""


def orphans(store: TripleStore, graph: str) -> list[str]:
    """Return the graphs that loads into a graph have left without a mark."""
    base = Names(graph, "").base
    known = {place for mark in marks(store, graph) for place in mark.names.beside}
    query = f'SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{base}:")) }}'
    found = [term.value for (term,) in store.rows(query, ("g",)) if isinstance(term, NamedNode)]
    return sorted(name for name in found if _BESIDE.fullmatch(name) and name not in known)


class Names:
    """The graphs that one load uses beside a graph.

    Args:
        graph: The IRI of the graph; empty for the default graph.
        load: What tells this load from all others.

    Attributes:
        base: How all of these names begin.
        load: The IRI of the load, which is the subject of its mark.
        staging: Where the new triples wait.
        former: What the graph held.
        mark: Where all loads into the graph have their marks.
    """

    __slots__ = ("base", "former", "load", "mark", "staging")

    def __init__(self, graph: str, load: str) -> None:
        base = self.base = STAGING + sha256(graph.encode()).hexdigest()[:16]
        self.load = load if load.startswith("urn:") else f"{base}:{load}"
        self.staging = f"{self.load}:new"
        self.former = f"{self.load}:former"
        self.mark = f"{base}:mark"

    @property
    def beside(self) -> tuple[str, str]:
        """The graphs that hold triples of the load, or for it."""
        return self.former, self.staging

    def inserting(self) -> str:
        """Return the update that sets the mark."""
        return self._noting(f"<{_BY}> {Literal(_owner())}")

    def withdrawing(self) -> str:
        """Return the update that takes the mark away again, and nobody else's."""
        own = f"{{ GRAPH <{self.mark}> {{ <{self.load}> ?p ?o }} }}"
        return f"DELETE {own} WHERE {own}"

    def holding(self, count: int) -> str:
        """Return the update that notes how many triples the graph held, and that it may change from now on."""
        return self._noting(f"<{_HELD}> {count}")

    def losing(self) -> str:
        """Return the update that notes that what the graph held could not be put back."""
        return self._noting(f'<{_LOST}> "yes"')

    def _noting(self, what: str) -> str:
        return f"INSERT DATA {{ GRAPH <{self.mark}> {{ <{self.load}> {what} }} }}"


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a load that is under way, or has ended without taking it away.

    Attributes:
        names: The graphs of the load.
        host: The machine of who loads.
        number: The number of a process there.
        began: When that began.
        machine: What tells the machine from others.
        held: How many triples the graph had before it was touched; None while it is untouched.
        lost: Whether what it held could not be put back.
    """

    names: Names
    host: str
    number: str
    began: str
    machine: str
    held: int | None
    lost: bool

    @property
    def here(self) -> bool:
        """Whether it is known that the load is under way, because it is one of this machine."""
        return self.alive and self.machine == _machine() and self.began != _SOME_TIME

    @property
    def alive(self) -> bool:
        """Whether the load may be under way; of one of another machine nobody knows."""
        if self.machine != _machine():
            return bool(self.host)
        if self.number == str(os.getpid()):
            return self.names.load in under_way
        return _began(self.number) == self.began


def marks(store: TripleStore, graph: str) -> list[Mark]:
    """Return the marks of loads into a graph."""
    place = Names(graph, "").mark
    found: dict[str, dict[str, str]] = {}
    for load, key, value in store.rows(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{place}> {{ ?s ?p ?o }} }}", ("s", "p", "o")):
        if isinstance(load, NamedNode) and isinstance(key, NamedNode) and isinstance(value, Literal):
            found.setdefault(load.value, {})[key.value] = value.value
    return [_mark(Names(graph, load), said) for load, said in sorted(found.items()) if _LOAD.fullmatch(load)]


def _mark(names: Names, said: Mapping[str, str]) -> Mark:
    host, number, began, machine, *_ = [*said.get(_BY, "").split(" "), "", "", "", ""]
    held = said.get(_HELD, "")
    count = int(held) if held.isascii() and held.isdecimal() else None
    return Mark(names, host, number, began, machine, count, _LOST in said)


def _owner() -> str:
    return f"{_host()} {os.getpid()} {_began(str(os.getpid()))} {_machine()}"


def _host() -> str:
    return re.sub(r"[^\w.-]", "_", socket.gethostname(), flags=re.ASCII)


@cache
def _machine() -> str:
    """Return what tells where the number of a process means the same as here: a name is not enough for containers."""
    parts = [_host()]
    with suppress(OSError):  # where this is not Linux
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip())
    with suppress(OSError, AttributeError):
        parts.append(os.readlink("/proc/self/ns/pid"))
    return sha256(" ".join(parts).encode()).hexdigest()[:16]


def _began(number: str) -> str:
    """Return when a process of this machine began, in the words of its system; empty when there is none."""
    try:
        # The name of the program, in brackets, may hold anything.
        return Path(f"/proc/{number}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError, ValueError):
        pass
    if os.name == "nt" or not number.isdecimal():  # there, a signal of any number ends a process
        return _SOME_TIME
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return ""
    except OSError:  # it is somebody else's
        return _SOME_TIME
    return _SOME_TIME


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
                if (kept := store.count(mark.names.former)) != mark.held:
                    raise LoadCutOffError(
                        f"of {mark.held:,} triples that {called(graph)} held, {kept:,} are kept in the graph "
                        f"{mark.names.former}",
                        hint=f"Nothing has been changed; {recovering(graph, 'discard')} drops them.",
                    )
                put_back(store, graph, mark.names.former, mark.held)
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
        raise errors.StoreContentError(
            f"of {count:,} triples that {called(graph)} held, {kept:,} are kept in the graph {former}",
            path=store.address.shown,
        )
    store.update(store.copying({graph: former if count else ""}))
    if (counted := store.count(graph)) != count:
        raise errors.StoreContentError(
            f"{called(graph)} should have its earlier {count:,} triples again, but has {counted:,}",
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
        raise errors.StoreContentError(
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
        except errors.RemoteStoreError:
            return False
    return True


def _tell(error: BaseException, state: str) -> None:
    """Add to an error what has become of a graph."""
    if isinstance(error, errors.PerezkgError):
        error.hint = f"{error.hint}\n{state}".strip()
    else:
        error.add_note(state)


def under_way_error(graph: str, mark: Mark) -> LoadUnderWayError:
    """Return the error for a graph that somebody else loads into."""
    return LoadUnderWayError(
        f"another load into {called(graph)} is under way: process {mark.number} on {mark.host}",
        hint=f"Wait for it. If it has died, {recovering(graph, 'restore')} puts back what the graph held, "
        f"{recovering(graph, 'discard')} keeps what it holds now.",
    )


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
    def taken(self, notify: Callable[[str], None]) -> Iterator[LoadSession]:
        """Have the turn during a block: put back what the graphs held should it fail, and clean up.

        Args:
            notify: Told when the store does not let what was kept be dropped.

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
                if self._touched:
                    self._put_back(error)
                if not self._unsure:
                    self._end()
                elif not self._touched:
                    state = f"Nothing has been changed. What still arrives is dropped by the next load, or by {ways}."
                    _tell(error, state)
                raise
            if not self._end():
                notify(f"loaded and proven, but the store keeps what was there before: {ways} drops that")
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
            once = isinstance(error, errors.RemoteStoreError) and error.tries == 1
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
        """Put back what graphs held; where the store does not let that happen, tell in the error how to do it later."""
        for graph, names in self.names.items():
            count = self.before[graph]
            way = recovering(graph, "restore")
            try:
                put_back(self._store, graph, names.former, count)
            except errors.RemoteStoreError:
                self._left.add(graph)
                with suppress(errors.RemoteStoreError):
                    self._store.update(names.losing())
                state = (
                    f"What {called(graph)} held is kept in the graph {names.former} as well; {way} puts it back"
                    if count
                    else f"{called(graph)} was empty, and may hold a part of what was sent; {way} empties it"
                )
            else:
                state = f"{called(graph)} holds again what it held"
                if self._unsure:
                    state += f", but the store may still carry out its last request; if it does, {way} puts that right"
            _tell(error, f"{state[0].upper()}{state[1:]}.")

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
