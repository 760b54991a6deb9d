"""The recording as a whole: made anew, or read."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from tests.recording import writing
from tests.recording.cases import cases
from tests.recording.running import runner

if TYPE_CHECKING:
    from pathlib import Path

    from tests.recording.cases import Case
    from tests.recording.running import Ended, Runner

# Whose messages are shown, and words of argparse's are Python's.
LIBRARIES = ("pyoxigraph", "rdflib", "oxrdflib", "pyshacl", "PyLD", "rich", "httpx2")
VERSIONS = writing.FOLDER / "versions.txt"


def run(case: Case, where: Runner) -> Ended:
    """Run a case as it says."""
    return where.run_apart(case) if case.lines else where.run(case)


def record() -> None:
    """Run all cases and write what came of them."""
    with runner() as where:
        blocks = {case.name: writing.block(case, run(case, where)) for case in cases().values()}
    writing.FOLDER.mkdir(exist_ok=True)
    for file in writing.FOLDER.glob("*.txt"):
        file.unlink()
    for name, text in writing.written(blocks).items():
        (writing.FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    VERSIONS.write_text("".join(f"{name} {version(name)}\n" for name in LIBRARIES), encoding="utf-8", newline="\n")


def record_whole(folder: Path) -> None:
    """Run all cases and write each output to a file of its own."""
    with runner() as where:
        for case in cases().values():
            ended = run(case, where)
            outputs = {"out": ended.out, "err": ended.err, "status": f"{ended.status}\n".encode(), **ended.files}
            for name, content in outputs.items():
                if content:
                    place = folder / case.name.replace("/", "__").replace("\0", "0")[:200] / name
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(content)


def recorded() -> dict[str, str]:
    """Return what is recorded of each case, by the name of the case as it is shown."""
    files = {path.name: path.read_text(encoding="utf-8") for path in writing.FOLDER.glob("*.txt") if path != VERSIONS}
    return writing.read(files)


def older() -> list[str]:
    """Return the libraries here that are older than those of the recording."""

    def numbers(text: str) -> list[int]:
        return [int(part) for part in text.split(".") if part.isdecimal()]

    recorded_with = dict(line.split() for line in VERSIONS.read_text(encoding="utf-8").splitlines())
    return [f"{name} {version(name)}" for name, then in recorded_with.items() if numbers(version(name)) < numbers(then)]
