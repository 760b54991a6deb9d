"""An input: a run of the command line with everything that it is given, as a small file that repeats it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Case:
    """A run of the command line.

    Attributes:
        kind: What of it is fuzzed: a key of `generating.KINDS`.
        arguments: Those of the command line; `{host}` stands for where its store is, `{nobody}` for where none is.
        files: What stands in the folder that it runs in.
        stdin: What standard input holds.
        environment: Variables beside the usual ones.
        store: The kind of its store; empty for none.
        answers: What the store answers to its first requests, byte by byte, the head included; an empty one is the
            store's own answer, as are those after the last.
    """

    kind: str
    arguments: tuple[str, ...]
    files: dict[str, bytes] = field(default_factory=dict)
    stdin: bytes = b""
    environment: dict[str, str] = field(default_factory=dict)
    store: str = ""
    answers: tuple[bytes, ...] = ()

    def write(self, path: Path) -> None:
        """Write it to a file; bytes are written as the Latin-1 characters of the same numbers."""
        told = asdict(self)
        path.write_text(json.dumps(told, indent=1, default=lambda some: some.decode("latin-1")), encoding="utf-8")


def read(path: Path) -> Case:
    """Return the case that a file tells."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return Case(
        told["kind"],
        tuple(told["arguments"]),
        {name: content.encode("latin-1") for name, content in told["files"].items()},
        told["stdin"].encode("latin-1"),
        told["environment"],
        told["store"],
        tuple(answer.encode("latin-1") for answer in told["answers"]),
    )
