"""The command `tests/mutation/run`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.mutation.campaign import Plan, Verdict, judged
from tests.mutation.mutants import Mutant
from tests.mutation.operators import OPERATORS
from tests.mutation.survivors import REASONS, Reason, read_reasons, uncovered
from tests.mutation.table import page, rate


def main(arguments: list[str] | None = None) -> int:
    """Run a campaign; return 0 when the shapes hold, 1 when they do not."""
    options = _parser().parse_args(arguments)
    plan = Plan(tuple(options.data), tuple(options.shapes), options.seed, tuple(options.operators), options.sample)
    reasons = [] if str(options.survivors) == "none" else read_reasons(options.survivors)
    start = time.monotonic()
    verdicts = []
    for verdict in judged(plan, options.jobs, prove=not options.quick):
        verdicts.append(verdict)
        if sys.stderr.isatty() and len(verdicts) % 50 == 0:
            print(f"\r{len(verdicts)} judged", end="", file=sys.stderr)
    left = uncovered(verdicts, reasons)
    faults = _faults(verdicts, left, reasons, options)
    if options.markdown:
        faults += _write(options.markdown, page(verdicts, reasons, plan.seed, plan.sample), check=options.check)
    killed = sum(verdict.found is not None for verdict in verdicts)
    print(f"{killed} of {len(verdicts)} killed, {rate(killed, len(verdicts)):.2f} %, {time.monotonic() - start:.0f} s")
    if not plan.data:
        noticed = sum(verdict.noticed for verdict in verdicts)
        print(f"{noticed} of {len(verdicts)} killed with the ledger, {rate(noticed, len(verdicts)):.2f} %")
    for mutant in left if options.survivors != Path("none") else [m for m, found, _ in verdicts if found is None]:
        print(mutant)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _faults(
    verdicts: list[Verdict], left: list[Mutant], reasons: list[Reason], options: argparse.Namespace
) -> list[str]:
    faults = []
    killed = sum(verdict.found is not None for verdict in verdicts)
    if rate(killed, len(verdicts)) < options.minimum:
        faults.append(f"fewer than {options.minimum} % killed")
    noticed = sum(verdict.noticed for verdict in verdicts)
    if not options.data and rate(noticed, len(verdicts)) < options.minimum_with_ledger:
        faults.append(f"fewer than {options.minimum_with_ledger} % killed with the ledger")
    if left and options.survivors != Path("none"):
        faults.append(f"{len(left)} survivors without a reason")
    if not options.sample and not options.operators:
        faults += [f"this reason covers nothing: {reason.text}" for reason in reasons if not reason.survivors]
    return faults


def _write(path: Path, text: str, *, check: bool) -> list[str]:
    if not check:
        path.write_text(text, encoding="utf-8")
        return []
    same = path.exists() and path.read_text(encoding="utf-8") == text
    return [] if same else [f"{path} is not what this run makes: write it again without --check"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests/mutation/run", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="what the operators choose by (default 1)")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes (default 1)")
    parser.add_argument("--data", nargs="+", default=[], metavar="FILE", help="your data instead of perezkg's own")
    parser.add_argument(
        "--shapes", nargs="+", default=[], metavar="FILE", help="your shapes instead of its own and the profiles"
    )
    parser.add_argument(
        "--operators", nargs="+", default=[], choices=OPERATORS, metavar="NAME", help=", ".join(OPERATORS)
    )
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="judge N mutants, chosen by the seed")
    parser.add_argument("--quick", action="store_true", help="do not confirm survivors by a complete validation")
    parser.add_argument("--survivors", type=Path, default=REASONS, help='reasons for survivors, or "none"')
    parser.add_argument(
        "--minimum", type=float, default=96.4, help="the kill rate of the shapes to reach, in per cent (default 96.4)"
    )
    parser.add_argument(
        "--minimum-with-ledger",
        type=float,
        default=98.5,
        help="that of the shapes and the ledger of facts together, of perezkg's own data (default 98.5)",
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the outcome")
    parser.add_argument("--check", action="store_true", help="compare the outcome with the file of --markdown instead")
    return parser
