"""The marks that loads set beside a graph: who is at work there, and what a load that has died has left.

A store has no locks for its clients. So each load into a graph writes its own mark into a graph beside it and looks
whether it is the only one; of two that come at once, at most one goes on. A mark whose load has ended without taking it
away tells the next load what may be left.
"""

from __future__ import annotations

import os
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from perezkg import errors
from perezkg.stores.store import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

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
        """Return the update that notes that the load has failed: what the graph held was to be put back."""
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
        lost: Whether the load has failed, and what the graph held was to be put back.
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


def recovering(graph: str, choice: str) -> str:
    """Return the options of `perezkg load` that end a load that was cut off."""
    return f"--graph {graph} --recover {choice}" if graph else f"--recover {choice}"


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


def under_way_error(graph: str, mark: Mark) -> LoadUnderWayError:
    """Return the error for a graph that somebody else loads into."""
    return LoadUnderWayError(
        f"another load into {called(graph)} is under way: process {mark.number} on {mark.host}",
        hint=f"Wait for it. If it has died, {recovering(graph, 'restore')} puts back what the graph held, "
        f"{recovering(graph, 'discard')} keeps what it holds now.",
    )
