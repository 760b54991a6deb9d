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
from hashlib import sha256

from pyoxigraph import Literal, NamedNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from perezkg.transfer.store import TripleStore

STAGING = "urn:perezkg:staging:"
"""How the names of graphs begin that are there only while something is loaded."""

_BY = "urn:perezkg:by"
_HELD = "urn:perezkg:held"
_LOST = "urn:perezkg:lost"
# Others may have written there, too: what is none of these is no mark.
_LOAD = re.compile(rf"{STAGING}[0-9a-f]{{16}}:[0-9a-f]{{16}}")
# Of a process whose system does not tell when it began.
_SOME_TIME = "-"

under_way: set[str] = set()
"""The loads of this process that have not ended."""


class Names:
    """The graphs that one load uses beside a graph.

    Args:
        graph: The IRI of the graph; empty for the default graph.
        load: What tells this load from all others.

    Attributes:
        load: The IRI of the load, which is the subject of its mark.
        staging: Where the new triples wait.
        former: What the graph held.
        mark: Where all loads into the graph have their marks.
    """

    __slots__ = ("former", "load", "mark", "staging")

    def __init__(self, graph: str, load: str) -> None:
        base = STAGING + sha256(graph.encode()).hexdigest()[:16]
        self.load = load if load.startswith("urn:") else f"{base}:{load}"
        self.staging = f"{self.load}:new"
        self.former = f"{self.load}:former"
        self.mark = f"{base}:mark"

    def inserting(self) -> str:
        """Return the update that sets the mark."""
        return _data("INSERT", self.mark, f"<{self.load}> <{_BY}> {Literal(_owner())}")

    def withdrawing(self) -> str:
        """Return the update that takes the mark away again, as it was set."""
        return _data("DELETE", self.mark, f"<{self.load}> <{_BY}> {Literal(_owner())}")

    def holding(self, count: int) -> str:
        """Return the update that notes how many triples the graph held, and that it may change from now on."""
        return _data("INSERT", self.mark, f"<{self.load}> <{_HELD}> {count}")

    def losing(self) -> str:
        """Return the update that notes that what the graph held could not be put back."""
        return _data("INSERT", self.mark, f"<{self.load}> <{_LOST}> true")


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a load that is under way, or has ended without taking it away.

    Attributes:
        names: The graphs of the load.
        by: Who loads: a host, the number of a process there, and when that began.
        held: How many triples the graph had before it was touched; None while it is untouched.
        lost: Whether what it held could not be put back.
        triples: All that the store says of the load, in its own words.
    """

    names: Names
    by: str
    held: int | None
    lost: bool
    triples: tuple[str, ...]

    @property
    def process(self) -> str:
        """Who loads, for people."""
        host, number, _ = _parts(self.by)
        return f"process {number} on {host}"

    @property
    def here(self) -> bool:
        """Whether it is known that the load is under way, because it is one of this machine."""
        return _parts(self.by)[0] == _host() and self.alive

    @property
    def alive(self) -> bool:
        """Whether the load may be under way; of one of another machine nobody knows."""
        host, number, began = _parts(self.by)
        if host != _host():
            return bool(host)
        if number == str(os.getpid()):
            return self.names.load in under_way
        return _began(number) == began

    def deleting(self) -> str:
        """Return the update that takes away this mark and no other."""
        return _data("DELETE", self.names.mark, " . ".join(self.triples))


def marks(store: TripleStore, graph: str) -> list[Mark]:
    """Return the marks of loads into a graph."""
    place = Names(graph, "").mark
    found: dict[str, dict[str, Literal]] = {}
    for load, key, value in store.rows(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{place}> {{ ?s ?p ?o }} }}", ("s", "p", "o")):
        if isinstance(load, NamedNode) and isinstance(key, NamedNode) and isinstance(value, Literal):
            found.setdefault(load.value, {})[key.value] = value
    return [_mark(Names(graph, load), said) for load, said in sorted(found.items()) if _LOAD.fullmatch(load)]


def _mark(names: Names, said: Mapping[str, Literal]) -> Mark:
    text = {key: value.value for key, value in said.items()}
    triples = tuple(f"<{names.load}> {NamedNode(key)} {value}" for key, value in said.items())
    return Mark(names, text.get(_BY, ""), _number(text.get(_HELD, "")), _LOST in said, triples)


def _data(what: str, place: str, triples: str) -> str:
    return f"{what} DATA {{ GRAPH <{place}> {{ {triples} }} }}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


def _owner() -> str:
    return f"{_host()} {os.getpid()} {_began(str(os.getpid()))}"


def _host() -> str:
    return re.sub(r"[^\w.-]", "_", socket.gethostname(), flags=re.ASCII)


def _parts(by: str) -> tuple[str, str, str]:
    host, number, began, *_ = [*by.split(" "), "", "", ""]
    return host, number, began


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
