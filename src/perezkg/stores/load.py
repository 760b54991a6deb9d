"""The graphs of files into a store: staged, proven, then shown in one step; or what was there is put back.

Three ways, by what the store can do:

- In a transaction, where the store has them: others see nothing before all is proven and committed.
- At once, where the graph is empty and one upload is seen whole or not at all; what does not prove right is taken away.
- Staged, everywhere else: into a graph of another name, proven there, copied to its place by one update, proven again.
  What was there is kept in a further graph until then.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from pyoxigraph import BlankNode, NamedNode, Triple

from perezkg.errors import StoreContentError, UsageError
from perezkg.rdf.canonical import CanonicalLines
from perezkg.stores.interrupts import orderly
from perezkg.stores.load_session import LoadSession
from perezkg.stores.store import Content, called
from perezkg.stores.verify import prove

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from pyoxigraph import DefaultGraph, Quad

    from perezkg.rdf.streaming import DataStream
    from perezkg.rdf.terms import Term
    from perezkg.stores.interrupts import Interrupts
    from perezkg.stores.store import TripleStore

    Progress = Callable[[str, int, int], None]
    Parts = Mapping[str, CanonicalLines]

_BATCH = 20_000


class SharedBlankNodeError(UsageError):
    """A blank node is spoken of in several graphs, which are loaded one by one, or names a graph."""


@contextmanager
def parts(
    streams: Iterable[DataStream],
    graph: str,
    *,
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
) -> Iterator[dict[str, CanonicalLines]]:
    """Read files; yield the triples of each graph, by its IRI, and let go of them at the end of the block.

    Args:
        streams: The files.
        graph: Where triples go that are in no named graph: an IRI, or empty for the default graph.
        progress: Told what is read and how many triples have come.
        notify: Told what was left out of a file.

    Raises:
        SharedBlankNodeError: A blank node cannot be loaded as what it is.
        InputError: A file cannot be read.
    """
    with ExitStack() as stack:
        found: dict[str, CanonicalLines] = {}

        def lines(name: str) -> CanonicalLines:
            if name not in found:
                found[name] = stack.enter_context(CanonicalLines())
            return found[name]

        number = 0
        for stream in streams:
            quads = stream.quads()
            # A graph that a file has no triple for is no part: it is left as it is.
            if (first := next(quads, None)) is None:
                _tell(stream, notify)
                continue
            quads = chain((first,), quads)
            # Blank nodes of different files are different ones, so each file is looked at by itself.
            named = stream.format.supports_datasets
            add: Callable[[Iterable[Quad]], int] = _Sorter(lines, graph).add if named else lines(graph).add
            while came := add(islice(quads, _BATCH)):
                number += came
                if progress is not None:
                    progress(f"Reading {stream.name}", number, 0)
            _tell(stream, notify)
        if not found:
            lines(graph)
        yield found


def _tell(stream: DataStream, notify: Callable[[str], None] | None) -> None:
    if notify is not None:
        for notice in stream.notices:
            notify(notice)


class _Sorter:
    """Brings the statements of a file to the graphs that they are in."""

    def __init__(self, lines: Callable[[str], CanonicalLines], graph: str) -> None:
        self._lines = lines
        self._graph = graph
        self._owners: dict[BlankNode, str] = {}

    def add(self, quads: Iterable[Quad]) -> int:
        """Take statements; return how many."""
        groups: dict[NamedNode | BlankNode | DefaultGraph | Triple, list[Triple]] = {}
        for quad in quads:
            groups.setdefault(quad.graph_name, []).append(quad.triple)
        for name, triples in groups.items():
            if isinstance(name, BlankNode):
                raise SharedBlankNodeError(
                    "a graph is named by a blank node, which no store can be asked for", hint="Give the graph an IRI."
                )
            graph = name.value if isinstance(name, NamedNode) else self._graph
            self._own(graph, triples)
            self._lines(graph).add(triples)
        return sum(map(len, groups.values()))

    def _own(self, graph: str, triples: Iterable[Triple]) -> None:
        """Note which graph speaks of a blank node; refuse a second one."""
        for triple in triples:
            for node in _blank_nodes(triple):
                if (owner := self._owners.setdefault(node, graph)) != graph:
                    raise SharedBlankNodeError(
                        f"a blank node is used in several graphs, {called(owner)} and {called(graph)}, and a "
                        "store takes one graph at a time",
                        hint="Give the node an IRI.",
                    )


def _blank_nodes(term: Term) -> Iterator[BlankNode]:
    """Yield a term that is a blank node, and those in a triple term, as deep as it is nested."""
    while isinstance(term, Triple):  # only the object of a triple may be one
        if isinstance(term.subject, BlankNode):
            yield term.subject
        term = term.object
    if isinstance(term, BlankNode):
        yield term


class GraphNotEmptyError(UsageError):
    """The graph holds something already, and it was not said what is to become of it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one graph.

    Attributes:
        graph: Its IRI; empty for the default graph.
        before: How many triples it had.
        sent: How many different ones were sent.
        after: How many it has now.
        sha256: The SHA-256 of the canonical form (RDFC-1.0) of what was sent; what was read back has the same.
        respelled: How many triples the store gives back with a literal spelled otherwise, 2.50 as 2.5; they were
            compared by their values.
    """

    graph: str
    before: int
    sent: int
    after: int
    sha256: str
    respelled: int


def load(
    store: TripleStore,
    parts: Parts,
    mode: str | None = None,
    *,
    compress: bool = False,
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
) -> list[Loaded]:
    """Load graphs into a store.

    Args:
        store: The store.
        parts: The triples of each graph.
        mode: "replace" what the graphs hold, or "add" to it; None only when they hold nothing.
        compress: Whether uploads are compressed.
        progress: Told what is done, how far it is and of how much.
        notify: Told what a user should know of a load that has succeeded, or waits for the store although it was told
            to end.

    Raises:
        GraphNotEmptyError: A graph holds something, and there is no mode.
        LoadUnderWayError: Somebody else loads into a graph.
        LoadCutOffError: An earlier load has left what it was to replace.
        UsageError: The default graph is meant, and the store has none.
        StoreContentError: What the store gave back is not what it was sent; what was there before is there again.
        RemoteStoreError: The store failed; what was there before is there still, or the message says where.
        Interrupted: Ctrl-C, SIGTERM or SIGHUP came (in the main thread, where the program does not handle them itself);
            its notes say what the graphs hold.
    """
    with orderly(notify or (lambda _: None), "The load itself succeeded, and is proven.") as interrupts:
        return _load(store, parts, mode, interrupts, compress=compress, progress=progress or (lambda *_: None))


def _load(
    store: TripleStore, parts: Parts, mode: str | None, interrupts: Interrupts, *, compress: bool, progress: Progress
) -> list[Loaded]:
    store.require(parts)
    with interrupts.free():
        before = {graph: store.count(graph) for graph in parts}
    occupied = [graph for graph, count in before.items() if count]
    if occupied and mode is None:
        raise GraphNotEmptyError(
            f"{called(occupied[0])} of {store.address.shown} holds {before[occupied[0]]:,} triples already",
            hint="--replace puts the new ones in their place, --add keeps both; --dry-run shows what would change.",
        )
    adding = bool(occupied) and mode == "add"
    with store.transaction() as session:
        work = _Work(session, parts, before, adding, compress, progress, interrupts)
        if session.isolated:
            loaded = work.staged() if adding else work.at_once()
        else:
            for graph in occupied:
                session.require_deletable(graph)
            with work.turn.taken():
                one_upload = session.one_step_uploads and not occupied and len(parts) == 1
                loaded = work.at_once() if one_upload else work.staged()
        work.progress("Finishing", 0, 0)
    if session.isolated:
        # Whether the transaction was kept is seen from outside it.
        for one in loaded:
            if (counted := store.count(one.graph)) != one.after:
                raise StoreContentError(
                    f"{called(one.graph)} should have {one.after:,} triples once the transaction is committed, but has "
                    f"{counted:,}",
                    path=store.address.shown,
                    hint="Does somebody else write to it? `perezkg diff` tells what it holds.",
                )
    return loaded


@dataclass(slots=True)
class _Work:
    """One load: what goes where, what was there, and who is told how far it is."""

    session: TripleStore
    parts: Parts
    before: dict[str, int]
    adding: bool
    compress: bool
    progress: Progress
    interrupts: Interrupts
    turn: LoadSession = field(init=False)
    staging: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.turn = LoadSession(self.session, self.before, self.interrupts)
        self.staging = {graph: names.staging for graph, names in self.turn.names.items()}

    def at_once(self) -> list[Loaded]:
        """Upload to where it belongs, and prove it."""
        if not self.session.isolated:
            self.turn.announce()
        for graph in self.parts:
            with self._telling(places=True):
                self._put(graph, graph)
        return [self._proven(graph, graph) for graph in self.parts]

    def staged(self) -> list[Loaded]:
        """Upload to graphs of other names, prove them, bring them to their places in one step, prove that."""
        proven = {}
        for graph, staging in self.staging.items():
            with self._telling(places=False), self.interrupts.free():
                self._put(graph, staging)
            proven[graph] = self._proven(graph, staging)
        with self.interrupts.free():
            new = {
                graph: self.session.lacking(graph, staging) for graph, staging in self.staging.items() if self.adding
            }
        if not self.session.isolated:
            self.progress("Keeping what is there", 0, 0)
            self.turn.keep()
            self.turn.announce()
        self.progress("Showing it", 0, 0)
        sources = {graph: self.staging[graph] if lines.count else "" for graph, lines in self.parts.items()}
        with self._telling(places=True):
            if update := self.session.copying(sources, add=self.adding):
                self.session.update(update)
        if self.adding:
            loaded = [self._added(proven[graph], new[graph]) for graph in self.parts]
        else:
            loaded = [self._proven(graph, graph) for graph in self.parts]
        if self.session.isolated:
            self.session.update("; ".join(f"DROP SILENT GRAPH <{staging}>" for staging in self.staging.values()))
        return loaded

    def _telling(self, *, places: bool) -> AbstractContextManager[None]:
        """Note what is told to the store; in a transaction nothing of it lasts."""
        return nullcontext() if self.session.isolated else self.turn.telling(places=places)

    def _put(self, graph: str, place: str) -> None:
        content = Content(
            self.parts[graph],
            spelled=self.session.spelled,
            compress=self.compress,
            sent=self._sent,
        )
        self.session.put(place, content)

    def _sent(self, done: int, total: int) -> None:
        if done < total:  # an upload that is not whole is none; of a whole one, the answer is waited for
            self.interrupts.check()
        self.progress("Sending", done, total)

    def _proven(self, graph: str, place: str) -> Loaded:
        """Return what was loaded, once what is read back from a place has proved to be it."""
        self.progress("Checking", 0, 0)
        lines = self.parts[graph]
        with self.interrupts.free():
            count, respelled = prove(self.session, place, lines)
        return Loaded(graph, self.before[graph], lines.count, count, lines.sha256, respelled)

    def _added(self, proven: Loaded, new: int) -> Loaded:
        """Return what was added, once the graph has proved to hold it beside what it held."""
        graph = proven.graph
        with self.interrupts.free():
            after, lacking = self.session.count(graph), self.session.lacking(graph, self.staging[graph])
        if lacking or after != proven.before + new:
            raise StoreContentError(
                f"{called(graph)} had {proven.before:,} triples, should have got {new:,} more, and has {after:,}"
                + (f", {lacking:,} of them are missing" if lacking else ""),
                path=self.session.address.shown,
                hint="Does somebody else write to it?",
            )
        return replace(proven, after=after)
