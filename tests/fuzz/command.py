"""The command `tests/fuzz/run`: gives perezkg inputs that nobody wrote, and tells where it does not end well."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, NamedTuple

from tests.fuzz.case import read
from tests.fuzz.generating import KINDS, case
from tests.fuzz.running import Runner
from tests.fuzz.shrinking import shrunk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import SpawnProcess
    from multiprocessing.queues import Queue

    from tests.fuzz.case import Case
    from tests.fuzz.running import Ended


_OFTEN = 5000
"""Inputs between two words of how far it is."""


class Found(NamedTuple):
    """What became of an input.

    Attributes:
        number: Which it was.
        kind: What of it was fuzzed.
        ended: How it ended.
        small: The file that repeats it, made smaller; empty unless it is the first that ended so.
    """

    number: int
    kind: str
    ended: Ended
    small: str


def main(arguments: list[str] | None = None) -> int:
    """Run inputs; return 0 when all ended well, 1 when some did not."""
    options = _parser().parse_args(arguments)
    if options.again:
        return _again(options.again)
    options.folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="perezkg-fuzz-") as options.scratch:
        found = _all(options)
    statuses = Counter("none" if one.ended.status is None else str(one.ended.status) for one in found)
    faults = Counter(one.ended.fault for one in found if one.ended.fault)
    figures = {
        "inputs": len(found),
        "seed": options.seed,
        "ended badly": faults.total(),
        "most seconds of the processor": round(max(one.ended.seconds for one in found), 1),
        "most MiB": max(one.ended.memory for one in found) >> 20,
    }
    if options.figures:
        options.figures.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(", ".join(f"{what}: {figure:,}" for what, figure in figures.items()))
    print(f"{time.monotonic() - began:.0f} s by the clock; statuses", *sorted(statuses.items()))
    for fault, count in faults.most_common():
        print(f"{count} × {fault}")
        for one in found:
            if one.ended.fault == fault and one.small:
                print(f"    tests/fuzz/run --again {one.small}")
    return 1 if faults else 0


def _all(options: argparse.Namespace) -> list[Found]:
    """Run all inputs, or those that Ctrl-C leaves time for, shared among processes; return what became of them."""
    context = multiprocessing.get_context("spawn")
    results: Queue[Found | None] = context.Queue()
    processes = [
        context.Process(target=_some, args=(options, share, results), daemon=True) for share in range(options.jobs)
    ]
    for process in processes:
        process.start()
    found: list[Found] = []
    try:
        for one in _as_they_come(results, processes):
            found.append(one)
            if one.small:
                print(
                    f"{one.number} ({one.kind}): {one.ended.fault}\n    tests/fuzz/run --again {one.small}", flush=True
                )
            if len(found) % _OFTEN == 0:
                print(f"{len(found):,} run", file=sys.stderr, flush=True)
        for process in processes:
            process.join()
    except KeyboardInterrupt:
        found = [one for number, one in enumerate(sorted(found), options.first) if one.number == number]
    if any(process.exitcode for process in processes):
        raise SystemExit("the fuzzer itself has failed")
    return sorted(found)


def _as_they_come(results: Queue[Found | None], processes: list[SpawnProcess]) -> Iterator[Found]:
    """Yield results until each of the processes has said that it has no more, or has ended without a word."""
    running = len(processes)
    while running:
        try:
            one = results.get(timeout=1)
        except Empty:
            if any(process.exitcode for process in processes):
                return
            continue
        if one is None:
            running -= 1
        else:
            yield one


def _some(options: argparse.Namespace, share: int, results: Queue[Found | None]) -> None:
    """Run a share of the inputs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process ends this one
    runner = Runner(Path(options.scratch) / str(share))
    seen: set[str] = set()
    parent = os.getppid()
    try:
        for number in range(options.first + share, options.first + options.count, options.jobs):
            if os.getppid() != parent:  # nobody waits for the results any more
                break
            made = case(options.seed, number, options.only)
            ended = runner.run(made)
            small = ""
            if ended.fault and ended.fault not in seen:
                seen.add(ended.fault)
                small = str(_kept(options, runner, made, ended, number))
            results.put(Found(number, made.kind, ended, small))
    finally:
        results.put(None)
        runner.close()


def _kept(options: argparse.Namespace, runner: Runner, made: Case, ended: Ended, number: int) -> Path:
    """Make an input smaller and write it to the folder."""
    path: Path = options.folder / f"{options.seed}-{number}.json"
    made.write(path)
    if options.shrink:
        shrunk(made, lambda smaller: runner.run(smaller).fault == ended.fault, seconds=options.shrink).write(path)
    return path


def _again(path: Path) -> int:
    """Run the input of a file and tell how it ended."""
    made = read(path)
    with tempfile.TemporaryDirectory(prefix="perezkg-fuzz-") as scratch:
        runner = Runner(Path(scratch))
        try:
            ended = runner.run(made)
        finally:
            runner.close()
    print(f"perezkg {' '.join(map(repr, made.arguments))}")
    for name, content in made.files.items():
        print(f"{name}: {content[:2000]!r}")
    print(f"status {ended.status}, {ended.seconds:.1f} s, {ended.memory >> 20} MiB\n{ended.told}")
    print(f"ended badly: {ended.fault}" if ended.fault else "ended well")
    return 1 if ended.fault else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests/fuzz/run", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="how many inputs (default 2000)")
    parser.add_argument("--seed", type=int, default=1, help="what they are made from (default 1)")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the number of the first (default 0)")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes (default 1)")
    parser.add_argument("--only", choices=tuple(KINDS), help="inputs of this kind alone")
    parser.add_argument("--shrink", type=float, default=40, metavar="SECONDS", help="to make one smaller (default 40)")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()) / "perezkg-fuzz",
        help="where those that ended badly are kept (default: %(default)s)",
    )
    parser.add_argument("--figures", type=Path, metavar="FILE", help="write them there, for docs/trust.md")
    parser.add_argument("--again", type=Path, metavar="FILE", help="run one of these again")
    return parser
