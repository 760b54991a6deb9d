"""Graphs into a store: staged, proven, then shown in one step; or what was there is put back.

Three ways, by what the store can do:

- In a transaction, where the store has them: others see nothing before all is proven and committed.
- At once, where the graph is empty and one upload is seen whole or not at all; what does not prove right is taken away.
- Staged, everywhere else: into a graph of another name, proven there, copied to its place by one update, proven again.
  What was there is kept in a further graph until then.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace

from perezkg.errors import PerezkgError, UsageError
from perezkg.remote.errors import StoreBusyError, StoreConnectionLostError, StoreContentError, StoreTimeoutError
from perezkg.transfer import keeping
from perezkg.transfer.content import Content
from perezkg.transfer.keeping import Names, dropped
from perezkg.transfer.proof import prove
from perezkg.transfer.store import called, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from perezkg.canonical import CanonicalLines
    from perezkg.transfer.store import TripleStore

    Progress = Callable[[str, int, int], None]
    Parts = Mapping[str, CanonicalLines]
# After these, a store may do yet what it was told.
_UNKNOWN = (StoreTimeoutError, StoreConnectionLostError, StoreBusyError)


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
) -> list[Loaded]:
    """Load graphs into a store.

    Args:
        store: The store.
        parts: The triples of each graph.
        mode: "replace" what the graphs hold, or "add" to it; None only when they hold nothing.
        compress: Whether uploads are compressed.
        progress: Told what is done, how far it is and of how much.

    Raises:
        GraphNotEmptyError: A graph holds something, and there is no mode.
        LoadCutOffError: An earlier load has left what it was to replace.
        UsageError: The default graph is meant, and the store has none.
        StoreContentError: What the store gave back is not what it was sent; what was there before is there again.
        RemoteStoreError: The store failed; what was there before is there still, or the message says where.
    """
    store.require(parts)
    before = {graph: store.count(graph) for graph in parts}
    occupied = [graph for graph, count in before.items() if count]
    if occupied and mode is None:
        raise GraphNotEmptyError(
            f"{called(occupied[0])} of {store.address.shown} holds {before[occupied[0]]:,} triples already",
            hint="--replace puts the new ones in their place, --add keeps both; --dry-run shows what would change.",
        )
    if not store.one_step_updates:
        keeping.refuse_remains(store, parts)
    adding = bool(occupied) and mode == "add"
    work = _Work(before, adding=adding, compress=compress, progress=progress or (lambda *_: None))
    with store.transaction() as session:
        if not adding and (session.isolated or (store.one_step_uploads and not occupied and len(parts) == 1)):
            loaded = work.at_once(session, parts)
        else:
            loaded = work.staged(session, parts)
        work.progress("Finishing", 0, 0)
    if session.isolated:
        _refuse_unkept(store, loaded)
    return loaded


def _refuse_unkept(store: TripleStore, loaded: list[Loaded]) -> None:
    """Refuse to believe that a transaction was kept when the store, asked from outside, counts something else."""
    for graph in loaded:
        if (counted := store.count(graph.graph)) != graph.after:
            raise StoreContentError(
                f"{called(graph.graph)} was to have {graph.after:,} triples once the transaction is committed, and has "
                f"{counted:,}",
                path=store.address.shown,
                hint="Does somebody else write to it? `perezkg diff` tells what it holds.",
            )


class _Work:
    """One load: what was there, and who is told how far it is."""

    __slots__ = ("_adding", "_before", "_compress", "progress")

    def __init__(self, before: dict[str, int], *, adding: bool, compress: bool, progress: Progress) -> None:
        self._before = before
        self._adding = adding
        self._compress = compress
        self.progress = progress

    def at_once(self, session: TripleStore, parts: Parts) -> list[Loaded]:
        """Upload to where it belongs, and prove it."""
        with self._restored(session, dict.fromkeys(parts, "")):
            for graph, lines in parts.items():
                self._put(session, graph, lines)
            return [self._proven(session, graph, graph, lines) for graph, lines in parts.items()]

    def staged(self, session: TripleStore, parts: Parts) -> list[Loaded]:
        """Upload to graphs of other names, prove them, bring them to their places in one step, prove that."""
        staging = {graph: Names(graph).staging for graph in parts}
        with _temporary(session, staging.values()) as unsure:
            proven: dict[str, Loaded] = {}
            for graph, lines in parts.items():
                self._put(session, staging[graph], lines)
                proven[graph] = self._proven(session, graph, staging[graph], lines)
            new = {graph: session.lacking(graph, staging[graph]) for graph in parts if self._adding}
            former = self._kept(session, parts, unsure)
            with self._restored(session, former):
                self.progress("Showing it", 0, 0)
                with unsure:
                    self._show(session, parts, staging)
                if self._adding:
                    return [self._added(session, proven[graph], staging[graph], new[graph]) for graph in parts]
                return [self._proven(session, graph, graph, lines) for graph, lines in parts.items()]

    def _show(self, session: TripleStore, parts: Parts, staging: Mapping[str, str]) -> None:
        """Bring graphs to their places, in one request."""
        steps = []
        for graph, lines in parts.items():
            if lines.count:
                steps.append(f"{'ADD' if self._adding else 'COPY'} GRAPH <{staging[graph]}> TO {named(graph)}")
            elif not self._adding:  # to many stores, a graph without triples is none, and cannot be copied
                steps.append(f"CLEAR SILENT {named(graph)}")
        if steps:
            session.update("; ".join(steps))

    def _put(self, session: TripleStore, place: str, lines: CanonicalLines) -> None:
        sent = lambda done, total: self.progress("Sending", done, total)  # noqa: E731
        session.put(place, Content(lines, spelled=session.spelled, compress=self._compress, sent=sent))

    def _proven(self, session: TripleStore, graph: str, place: str, lines: CanonicalLines) -> Loaded:
        """Return what was loaded, once what is read back from a place has proved to be it."""
        self.progress("Checking", 0, 0)
        proof = prove(session, place, lines)
        return Loaded(graph, self._before[graph], lines.count, proof.count, lines.sha256, proof.respelled)

    def _added(self, session: TripleStore, proven: Loaded, staging: str, new: int) -> Loaded:
        """Return what was added, once the graph has proved to hold it beside what it held."""
        graph = proven.graph
        after, lacking = session.count(graph), session.lacking(graph, staging)
        if lacking or after != proven.before + new:
            raise StoreContentError(
                f"{called(graph)} had {proven.before:,} triples, was to get {new:,} more, and has {after:,}"
                + (f", {lacking:,} of them are lacking" if lacking else ""),
                path=session.address.shown,
                hint="Does somebody else write to it?",
            )
        return replace(proven, after=after)

    def _kept(self, session: TripleStore, graphs: Iterable[str], unsure: _Unsure) -> dict[str, str]:
        """Keep what graphs hold in further ones; return their names, "" where there is nothing to keep."""
        former = {graph: Names(graph).former if self._before[graph] else "" for graph in graphs}
        if session.isolated:
            return former
        self.progress("Keeping what is there", 0, 0)
        try:
            for graph, copy in former.items():
                if copy:
                    self._copied(session, graph, copy)
            if not session.one_step_updates:
                with unsure:
                    keeping.mark(session, {graph: self._before[graph] for graph in former})
        except BaseException:
            if not unsure.failed:  # a mark that comes after all must find what it vouches for
                dropped(session, keeping.remains(former))
            raise
        return former

    def _copied(self, session: TripleStore, graph: str, copy: str) -> None:
        session.update(f"COPY {named(graph)} TO GRAPH <{copy}>")
        if (kept := session.count(copy)) != self._before[graph]:
            raise StoreContentError(
                f"{called(graph)} had {self._before[graph]:,} triples, and a copy of it has {kept:,}",
                path=session.address.shown,
                hint=session.miscounts or "Does somebody else write to it? Nothing has been changed.",
            )

    @contextmanager
    def _restored(self, session: TripleStore, former: dict[str, str]) -> Iterator[None]:
        """Put back what graphs held, should the block fail; a transaction does so by itself."""
        try:
            yield
        except BaseException as error:
            if not session.isolated:
                keeping.put_back(session, former, self._before, error)
            raise
        if not session.isolated:
            dropped(session, keeping.remains(former))


class _Unsure:
    """A block after whose failure nobody knows whether the store is still at work on what it was told."""

    def __init__(self) -> None:
        self.failed = False

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        known = issubclass(kind, PerezkgError) and not issubclass(kind, _UNKNOWN) if kind is not None else True
        self.failed = self.failed or not known


@contextmanager
def _temporary(session: TripleStore, graphs: Iterable[str]) -> Iterator[_Unsure]:
    """Drop graphs should the block fail, unless the store may still copy from them: nothing, over what is there."""
    unsure = _Unsure()
    try:
        yield unsure
    except BaseException:
        if not session.isolated and not unsure.failed:
            dropped(session, graphs)
        raise
    if session.isolated:
        dropped(session, graphs)
