"""A campaign: all mutants of some data, or a sample of them, judged by several processes."""

from __future__ import annotations

import multiprocessing
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode
from tests.mutation.against_ledger import LedgerNet
from tests.mutation.facts import Facts
from tests.mutation.judging import Judge, background
from tests.mutation.operators import all_mutants

from perezkg import resources
from perezkg.rdf import reading
from perezkg.vocabulary import SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.mutation.core_judge import Found
    from tests.mutation.mutants import Mutant

    from perezkg.rdf.reading import DataFile


@dataclass(frozen=True, slots=True)
class Plan:
    """What is mutated, and how; the same plan makes the same mutants.

    Attributes:
        data: Paths of the data; none means perezkg's own.
        shapes: Paths of the shapes; none means perezkg's own with all profiles.
        seed: What the operators choose by.
        operators: Names of the operators; none means all.
        sample: How many mutants to judge, chosen by the seed; 0 means all.
    """

    data: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    seed: int = 1
    operators: tuple[str, ...] = ()
    sample: int = 0

    def shape_files(self) -> list[DataFile]:
        """Return the shapes."""
        own = [resources.ontology_file("shapes.ttl"), *resources.profile_files().values()]
        return [reading.read(path) for path in self.shapes or own]

    def facts(self) -> Facts:
        """Return the data. The classes that shapes target might be used in them, and concepts might be named."""
        quads = [quad for path in self.data or resources.data_files() for quad in reading.parse(reading.read(path))]
        targets = [quad.object for file in self.shape_files() for quad in reading.parse(file) if _is_target(quad)]
        classes = {node.value for node in targets if isinstance(node, NamedNode)}
        concepts = {quad.subject.value for quad in background() if isinstance(quad.subject, NamedNode)}
        return Facts(quads, classes, concepts)

    def mutants(self, facts: Facts) -> list[Mutant]:
        """Return the mutants to judge, in a fixed order."""
        made = all_mutants(facts, self.seed, list(self.operators) or None)
        if 0 < self.sample < len(made):
            chosen = random.Random(self.seed).sample(range(len(made)), self.sample)  # noqa: S311 - not for secrets
            return [made[i] for i in sorted(chosen)]
        return made


class Verdict(NamedTuple):
    """What told a mutant from the data.

    Attributes:
        mutant: The mutant.
        found: The first result of the shapes; None when they let it live.
        in_ledger: Whether the ledger of facts told it, which is asked of survivors of the shapes in perezkg's own data.
    """

    mutant: Mutant
    found: Found | None
    in_ledger: bool = False

    @property
    def noticed(self) -> bool:
        """Whether the shapes or the ledger told the mutant from the data."""
        return self.found is not None or self.in_ledger


class Worker:
    """Judges the mutants of a plan by their number.

    Args:
        plan: The plan.
        prove: Whether a mutant that the quick judge lets live is given to a complete validation.
    """

    def __init__(self, plan: Plan, *, prove: bool) -> None:
        facts = plan.facts()
        self.mutants = plan.mutants(facts)
        self.judge = Judge(facts, plan.shape_files())
        self._prove = prove

    def __call__(self, number: int) -> Found | None:
        """Return what tells one mutant from the data."""
        mutant = self.mutants[number]
        found = self.judge.quick(mutant)
        return self.judge.thorough(mutant) if found is None and self._prove else found


def judged(plan: Plan, jobs: int = 1, *, prove: bool = True) -> Iterator[Verdict]:
    """Yield the verdict on each mutant of a plan, in their order.

    Args:
        plan: What to mutate.
        jobs: How many processes share the work.
        prove: Whether each survivor is proven to be one by a complete validation.
    """
    ledger = None if plan.data else LedgerNet()
    for mutant, found in _judged_by_shapes(plan, jobs, prove=prove):
        yield Verdict(mutant, found, found is None and ledger is not None and ledger.tells(mutant))


def _judged_by_shapes(plan: Plan, jobs: int, *, prove: bool) -> Iterator[tuple[Mutant, Found | None]]:
    if jobs == 1:
        worker = Worker(plan, prove=prove)
        try:
            yield from ((mutant, worker(i)) for i, mutant in enumerate(worker.mutants))
        finally:
            worker.judge.close()
        return
    mutants = plan.mutants(plan.facts())
    with multiprocessing.Pool(jobs, _start, (plan, prove)) as pool:
        found: Iterable[Found | None] = pool.imap(_work, range(len(mutants)), chunksize=20)
        yield from zip(mutants, found, strict=True)


_worker: Worker | None = None


def _start(plan: Plan, prove: bool) -> None:
    global _worker  # noqa: PLW0603 - one a process
    _worker = Worker(plan, prove=prove)


def _work(number: int) -> Found | None:
    assert _worker is not None
    return _worker(number)


def _is_target(quad: object) -> bool:
    return getattr(quad, "predicate", None) == NamedNode(SH + "targetClass")
