"""The mark that a load sets in a store without transactions: who loads, and what the graph held.

A store has no locks for its clients. So each load into a graph writes its own mark into a graph beside it and looks
whether it is the only one; of two that come at once, at most one goes on. A mark whose load has ended without taking it
away tells the next load what may be left.
"""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from pyoxigraph import Literal, NamedNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from perezkg.stores.store import TripleStore

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
        return _data("INSERT", self.mark, f"<{self.load}> <{_BY}> {Literal(_owner())}")

    def withdrawing(self) -> str:
        """Return the update that takes the mark away again, and nobody else's."""
        own = f"{{ GRAPH <{self.mark}> {{ <{self.load}> ?p ?o }} }}"
        return f"DELETE {own} WHERE {own}"

    def holding(self, count: int) -> str:
        """Return the update that notes how many triples the graph held, and that it may change from now on."""
        return _data("INSERT", self.mark, f"<{self.load}> <{_HELD}> {count}")

    def losing(self) -> str:
        """Return the update that notes that what the graph held could not be put back."""
        return _data("INSERT", self.mark, f'<{self.load}> <{_LOST}> "yes"')


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a load that is under way, or has ended without taking it away.

    Attributes:
        names: The graphs of the load.
        by: Who loads: a host, the number of a process there, when that began, and what tells the machine from others.
        held: How many triples the graph had before it was touched; None while it is untouched.
        lost: Whether what it held could not be put back.
    """

    names: Names
    by: str
    held: int | None
    lost: bool

    @property
    def process(self) -> str:
        """Who loads, for people."""
        host, number, _, _ = _parts(self.by)
        return f"process {number} on {host}"

    @property
    def here(self) -> bool:
        """Whether it is known that the load is under way, because it is one of this machine."""
        return self.alive and _parts(self.by)[3] == _machine() and _parts(self.by)[2] != _SOME_TIME

    @property
    def alive(self) -> bool:
        """Whether the load may be under way; of one of another machine nobody knows."""
        host, number, began, machine = _parts(self.by)
        if machine != _machine():
            return bool(host)
        if number == str(os.getpid()):
            return self.names.load in under_way
        return _began(number) == began


def marks(store: TripleStore, graph: str) -> list[Mark]:
    """Return the marks of loads into a graph."""
    place = Names(graph, "").mark
    found: dict[str, dict[str, str]] = {}
    for load, key, value in store.rows(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{place}> {{ ?s ?p ?o }} }}", ("s", "p", "o")):
        if isinstance(load, NamedNode) and isinstance(key, NamedNode) and isinstance(value, Literal):
            found.setdefault(load.value, {})[key.value] = value.value
    return [
        Mark(Names(graph, load), said.get(_BY, ""), _number(said.get(_HELD, "")), _LOST in said)
        for load, said in sorted(found.items())
        if _LOAD.fullmatch(load)
    ]


def _data(what: str, place: str, triples: str) -> str:
    return f"{what} DATA {{ GRAPH <{place}> {{ {triples} }} }}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


def _owner() -> str:
    return f"{_host()} {os.getpid()} {_began(str(os.getpid()))} {_machine()}"


def _host() -> str:
    return re.sub(r"[^\w.-]", "_", socket.gethostname(), flags=re.ASCII)


@cache
def _machine() -> str:
    """Return what tells where the number of a process means the same as here: a name is not enough for containers."""
    parts = [_host()]
    for read in (_boot, lambda: os.readlink("/proc/self/ns/pid")):
        try:
            parts.append(read())
        except (OSError, AttributeError):  # not Linux
            continue
    return sha256(" ".join(parts).encode()).hexdigest()[:16]


def _boot() -> str:
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
        return file.read().strip()


def _parts(by: str) -> tuple[str, str, str, str]:
    host, number, began, machine, *_ = [*by.split(" "), "", "", "", ""]
    return host, number, began, machine


def _began(number: str) -> str:
    """Return when a process of this machine began, in the words of its system; empty when there is none."""
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as file:
            # The name of the program, in brackets, may hold anything.
            return file.read().rpartition(")")[2].split()[19]
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
