"""Each fault at each request of a load: what was there, or what was to come, and never anything else."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.every_case import ALL
from tests.stores.loading.faults import DAMAGES, FAULTS, SLOW_FAULTS, crash_half_done, cut_off, half_done

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tests.conftest import Ended, Run
    from tests.stores.loading.fake_store import FakeStore, Fault

OLD = "".join(f"<http://e.org/{n}> <http://e.org/p> <http://e.org/old> .\n" for n in range(4))
NEW = """
<http://e.org/1> <http://e.org/p> <http://e.org/old> , "PT5S"^^<http://www.w3.org/2001/XMLSchema#dayTimeDuration> .
<http://e.org/x> <http://e.org/p> _:a ; <http://e.org/name> "Pérez"@es , "a\\nb" .
_:a <http://e.org/p> _:b . _:b <http://e.org/p> _:a .
"""
OTHER = "<http://e.org/other> <http://e.org/p> <http://e.org/other> .\n"
ELSEWHERE = "http://e.org/elsewhere"
SWEPT = ("oxigraph", "generic", "virtuoso", "rdf4j", "fuseki")
MODES = ("fresh", "--replace", "--add")
# Seconds for a request: on a machine that has other things to do, and where a store never answers.
PATIENCE = 30.0
IMPATIENCE = 0.4


class Trial(NamedTuple):
    """A load that is tried again and again, each time with another fault."""

    store: FakeStore
    command: Run
    options: tuple[str, ...]
    file: str
    graph: str
    mode: str
    old: list[str]
    new: list[str]

    def prepare(self) -> None:
        """Have everything as it is before the load."""
        self.store.mend()
        self.store.data.clear()
        getattr(self.store.dialect, "open", {}).clear()
        self.store.hold(OTHER, ELSEWHERE)
        if self.mode != "fresh":
            self.store.hold(OLD, self.graph)

    def run(self, *more: str, timeout: float = PATIENCE) -> Ended:
        """Load."""
        mode = () if self.mode == "fresh" else (self.mode,)
        return self.command(
            "load", self.store.url, self.file, *self.options, "--timeout", f"{timeout}", *(more or mode)
        )

    def recover(self, choice: str) -> Ended:
        """End a load that was cut off."""
        return self.command("load", self.store.url, *self.options, "--recover", choice)

    @property
    def content(self) -> list[str]:
        """What is in the graph now."""
        return self.store.content(self.graph)

    def check_others(self) -> None:
        """Nothing else in the store has been touched."""
        assert self.store.content(ELSEWHERE) == [line.strip(" .\n") for line in OTHER.splitlines()]

    def check(self, ended: Ended) -> None:
        """What was there, or what was to come, and a message that helps."""
        self.check_others()
        if ended.status == 0:
            assert self.content == self.new
            return
        assert ended.status == 4
        assert ended.out == ""
        assert self.content in (self.old, self.new), ended.err
        complaint = ended.err[ended.err.index("perezkg: error: ") :]
        assert f"http://{self.store.host}/" in complaint
        assert complaint.count("\n") >= 2, "it says what to do"

    def check_next(self) -> None:
        """The next load succeeds and leaves nothing behind."""
        self.store.mend()
        ended = self.run("--replace")
        if ended.status == 2 and "--recover" in ended.err:
            assert self.content in (self.old, self.new)
            kept = self.content == self.new
            assert self.recover("discard" if kept else "restore").status == 0
            assert self.content == (self.new if kept else self.old)
            ended = self.run("--replace")
        assert ended.status == 0, ended.err
        assert self.store.remains() == []


@pytest.fixture
def trial(start: Callable[[str], FakeStore], command: Run, file: Callable[[str], Path]) -> Callable[[str, str], Trial]:
    """Make trials of a kind of store and a way to load."""

    def made(kind: str, mode: str) -> Trial:
        store = start(kind)
        graph = "http://e.org/graph" if kind in ("virtuoso", "blazegraph") else ""
        options = ["--store", kind]
        options += ["--graph", graph] if graph else []
        if kind == "virtuoso":
            options += ["--graph-store-url", f"http://{store.host}/sparql-graph-crud"]
        store.hold(NEW if mode != "--add" else OLD + NEW, graph)
        new = store.content(graph)
        store.hold(OLD if mode != "fresh" else "", graph)
        old = store.content(graph)
        return Trial(store, command, tuple(options), str(file(NEW)), graph, mode, old, new)

    return made


def requests_of(trial: Trial) -> list[str]:
    """Return where a load that succeeds sends its requests."""
    trial.prepare()
    ended = trial.run()
    assert ended.status == 0, ended.err
    assert trial.content == trial.new
    assert trial.store.remains() == []
    assert getattr(trial.store.dialect, "open", {}) == {}
    return [request.target for request in trial.store.requests]


def sweep(trial: Trial, fault: Fault, *, ever: bool = False, lies: bool = False, timeout: float = PATIENCE) -> None:
    targets = requests_of(trial)
    for number in range(len(targets)):
        if lies and "action=COMMIT" in targets[number]:
            continue  # what it kept cannot be taken back
        trial.prepare()
        trial.store.fail(fault, at=number, ever=ever)
        ended = trial.run(timeout=timeout)
        trial.store.mend()
        try:
            trial.check(ended)
            if trial.mode != "--add":
                trial.check_next()
        except AssertionError as error:
            error.add_note(f"request {number}; status {ended.status}; {ended.err}")
            raise


def combined(faults: Iterable[str], kinds: tuple[str, ...]) -> list[object]:
    """Return faults with kinds of stores and modes: some for the ordinary run; of others one in four."""
    found: list[object] = []
    for number, (fault, (kind, mode)) in enumerate(product(faults, product(SWEPT, MODES))):
        name = f"{fault}-{kind}-{mode}"
        if kind in kinds and mode == "--replace":
            found.append(pytest.param(fault, kind, mode, id=name))
        elif ALL or number % (len(SWEPT) * len(MODES) + 1) % 4 == 0:
            found.append(pytest.param(fault, kind, mode, id=name, marks=pytest.mark.slow))
    return found


@pytest.mark.parametrize(("fault", "kind", "mode"), combined(FAULTS, ("oxigraph", "virtuoso")))
def test_a_fault_at_each_request(trial: Callable[[str, str], Trial], kind: str, mode: str, fault: str) -> None:
    sweep(trial(kind, mode), FAULTS[fault], lies=fault in DAMAGES)


@pytest.mark.parametrize(
    ("fault", "kind", "mode"),
    combined(("401", "500", "reset", "html", "crash", "crash done", "answer lost"), ("oxigraph", "virtuoso")),
)
def test_faults_from_a_request_on(trial: Callable[[str, str], Trial], kind: str, mode: str, fault: str) -> None:
    sweep(trial(kind, mode), FAULTS[fault], ever=True)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["fuseki", "oxigraph"])
def test_a_client_that_is_lost_in_the_middle_of_a_request(
    trial: Callable[[str, str], Trial], kind: str, mode: str
) -> None:
    there = trial(kind, mode)
    for number in range(len(requests_of(there))):
        place = 0
        while True:
            there.prepare()
            fault, places = cut_off(place)
            there.store.fail(fault, at=number, ever=True)
            ended = there.run()
            if place == len(places):
                break
            assert there.content in (there.old, there.new), (number, places[place], ended.err)
            there.check_others()
            there.check_next()
            place += 1


@pytest.mark.parametrize(("fault", "kind", "mode"), combined(SLOW_FAULTS, ("oxigraph",)))
def test_a_store_that_never_answers(trial: Callable[[str, str], Trial], kind: str, mode: str, fault: str) -> None:
    sweep(trial(kind, mode), SLOW_FAULTS[fault], timeout=IMPATIENCE)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["generic", "virtuoso"])
@pytest.mark.parametrize("fault", [half_done, crash_half_done], ids=["half done", "crash half done"])
def test_a_store_that_does_half_of_a_request(
    trial: Callable[[str, str], Trial], kind: str, mode: str, fault: Fault
) -> None:
    there = trial(kind, mode)
    for number in range(len(requests_of(there))):
        there.prepare()
        there.store.fail(fault, at=number)
        ended = there.run()
        there.store.mend()
        try:
            check_half(there, ended)
        except AssertionError as error:
            error.add_note(f"request {number}; status {ended.status}; {ended.err}")
            raise


def check_half(trial: Trial, ended: Ended) -> None:
    """A half may be seen only while what was there is kept, and then it can be put back."""
    trial.check_others()
    assert ended.status in (0, 4)
    if trial.content not in (trial.old, trial.new):
        assert ended.status == 4
        assert "--recover restore" in ended.err
        refused = trial.run("--replace" if trial.mode == "fresh" else trial.mode)
        assert refused.status == 2
        assert "--recover restore" in refused.err
    assert trial.recover("restore").status == 0
    assert trial.content == (trial.new if ended.status == 0 else trial.old)
    assert trial.store.remains() == []
    trial.check_others()
