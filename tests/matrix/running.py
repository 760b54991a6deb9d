"""The command `tests/matrix/run`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.matrix.engines import ENGINES
from tests.matrix.expecting import surprises
from tests.matrix.reporting import page


def main(description: str) -> int:
    """Ask the engines that the arguments name; return the exit status."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--engines", default=",".join(ENGINES), help="names with commas between; all of them if not given"
    )
    parser.add_argument("--markdown", type=Path, help="write the page there")
    options = parser.parse_args()
    status = 0
    said = {}
    for name in options.engines.split(","):
        engine = ENGINES[name]
        if reason := engine.missing(name):
            sys.stderr.write(f"{name}: left out: {reason}\n")
            continue
        found = said[name] = engine.answers(name)
        equal = sum(not text for text in found.differences.values())
        sys.stdout.write(f"{name} {found.version}: {equal} of {len(found.differences)} agree\n")
        for surprise in surprises(name, found):
            sys.stdout.write(f"  not expected: {surprise}\n")
            status = 1
        sys.stdout.flush()
    if options.markdown:
        if len(said) < len(ENGINES):
            sys.stderr.write("the page is not written: it tells of all engines\n")
            return 1
        options.markdown.write_text(page(said), encoding="utf-8", newline="\n")
    return status
