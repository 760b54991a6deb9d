"""The outcome of a campaign, as a page of Markdown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from perezkg.vocabulary import shrink

if TYPE_CHECKING:
    from tests.mutation.campaign import Verdict
    from tests.mutation.survivors import Reason

_HEAD = """# Shapes under mutation

How many faults are noticed? A tool puts one fault at a time into the graph, wherever it can stand, and looks at what
comes out with two nets:

- **The shapes** judge any data: `ontology/shapes.ttl` with the profiles `completeness` and `provenance`
  ([validation.md](validation.md)). A mutant is killed when its report holds a violation, a warning or an unchecked node
  that the report of the data as they are does not hold; a note kills nothing. Each survivor is confirmed by a complete
  validation.
- **The ledger of facts** (`tests/facts/`) tells line by line what the sources say of this one life, written by people
  who read them and not the data. It sees what no rule can know, such as which of two possible days is the right one,
  but only in perezkg's own data: a graph of yours has no such ledger. It is asked about what survives the shapes.

{whole}

<!-- written by tests/mutation/run: do not edit -->
"""

_RUN = """
    tests/mutation/run --seed {seed} --jobs 2{sample} --markdown docs/mutation.md    this page again
    tests/mutation/run --seed {seed} --jobs 2 --data my.ttl --shapes my.shapes.ttl --survivors none
                                                                        your data, your shapes, no ledger

What each operator does is told in `tests/mutation/operators.py`. Where it has a choice (which letter, which other
value), the seed, the operator and the triple decide, so that a mutant stays the same when the data change elsewhere.
"""


def rate(killed: int, total: int) -> float:
    """Return the share of the killed, in per cent."""
    return 100 * killed / total if total else 100.0


def page(verdicts: list[Verdict], reasons: list[Reason], seed: int, sample: int = 0) -> str:
    """Return the page of a campaign over all mutants, or over a sample of so many."""
    whole = f"Judged is a sample of {sample:,} mutants, chosen by the seed." if sample else "All mutants are judged."
    head = _HEAD.format(whole=whole)
    run = _RUN.format(seed=seed, sample=f" --sample {sample}" if sample else "")
    parts = [head, _operators(verdicts), run, _survivors(reasons), _constraints(verdicts)]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _operators(verdicts: list[Verdict]) -> str:
    total = Counter(mutant.operator for mutant, _, _ in verdicts)
    killed = Counter(mutant.operator for mutant, found, _ in verdicts if found)
    warned = Counter(mutant.operator for mutant, found, _ in verdicts if found and found.severity != "violation")
    noticed = Counter(verdict.mutant.operator for verdict in verdicts if verdict.noticed)
    rows = [(name, total[name], killed[name], warned[name], noticed[name]) for name in total]
    rows.append(("**all**", total.total(), killed.total(), warned.total(), noticed.total()))
    lines = [
        "| operator | mutants | killed by the shapes | by a warning or notice | rate | by shapes or ledger | rate |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {name} | {n:,} | {k:,} | {w:,} | {rate(k, n):.1f} % | {b:,} | {rate(b, n):.1f} % |"
        for name, n, k, w, b in rows
    ]
    lines += [
        "",
        "For comparison: the shapes of the IPTC Sport Schema kill 166 of 263 mutants of its own sample, 63 %.",
    ]
    return "\n".join(lines)


def _survivors(reasons: list[Reason]) -> str:
    used = sorted((reason for reason in reasons if reason.survivors), key=lambda reason: -len(reason.survivors))
    lines = [
        "## What survives the shapes, and why",
        "",
        "| mutants | operator | property | why |",
        "|---:|---|---|---|",
    ]
    for reason in used:
        properties = sorted({mutant.property for mutant in reason.survivors})
        shown = ", ".join(f"`{name}`" for name in properties)
        lines.append(f"| {len(reason.survivors)} | {', '.join(reason.operators)} | {shown} | {reason.text} |")
    return "\n".join(lines) if used else "## What survives\n\nNothing."


def _constraints(verdicts: list[Verdict]) -> str:
    kills = Counter(shrink(found.rule) for _, found, _ in verdicts if found)
    grouped: dict[int, list[str]] = {}
    for name, count in sorted(kills.items()):
        grouped.setdefault(count, []).append(f"`{name.removeprefix('pzsh:')}`")
    lines = [
        "## Which constraint killed how many",
        "",
        f"{len(kills)} constraints killed something. Where several notice a mutant, the first is",
        "counted: SHACL Core before rules, the changed node before others.",
        "",
        "| kills | constraints |",
        "|---:|---|",
    ]
    return "\n".join(
        [*lines, *(f"| {count:,} | {', '.join(names)} |" for count, names in sorted(grouped.items(), reverse=True))]
    )
