"""The files that an index was built from: what they were, and whether they still are."""

from __future__ import annotations

import os

from perezkg.errors import InputError, SourceChangedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PIECE = 1 << 20

UNCHANGED = "unchanged"
CHANGED = "changed"
MISSING = "missing"


def fingerprint(path: str) -> dict[str, Any]:
    """Return what tells whether a file is the same: its `bytes`, time of change (`mtime_ns`) and `sha256`.

    Raises:
        InputError: It cannot be read.
    """
    from hashlib import sha256

    digest = sha256()
    try:
        with open(path, "rb") as file:
            state = os.fstat(file.fileno())
            while piece := file.read(_PIECE):
                digest.update(piece)
    except (OSError, ValueError) as error:
        from perezkg.rdf.faults import fault

        raise fault(error, path) from None
    return {"bytes": state.st_size, "mtime_ns": state.st_mtime_ns, "sha256": digest.hexdigest()}


def written(path: str) -> tuple[int, ...]:
    """Return what the system changes whenever something is written into a file, or another one takes its name.

    Raises:
        InputError: It is not there.
    """
    try:
        found = os.stat(path)
    except (OSError, ValueError) as error:
        from perezkg.rdf.faults import fault

        raise fault(error, path) from None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def state(source: dict[str, Any], path: str, *, thorough: bool = False) -> str:
    """Return whether a file is as it was: `UNCHANGED`, `CHANGED` or `MISSING`.

    Args:
        source: What `fingerprint` told of it.
        path: The file.
        thorough: Compare its digest even when size and time are the same.
    """
    try:
        now = os.stat(path)
    except (OSError, ValueError):
        return MISSING
    if now.st_size != source["bytes"]:
        return CHANGED
    if now.st_mtime_ns == source["mtime_ns"] and not thorough:
        return UNCHANGED
    try:
        same = fingerprint(path)["sha256"] == source["sha256"]
    except InputError:
        return MISSING
    return UNCHANGED if same else CHANGED


def require_unchanged(source: dict[str, Any], directory: str) -> None:
    """Refuse a source that is not what an index was built from.

    Raises:
        SourceChangedError: It is not.
    """
    found = state(source, source["path"], thorough=True)
    if found != UNCHANGED:
        raise SourceChangedError(
            "what is asked for needs the words of this file, which is not there any more"
            if found == MISSING
            else "what is asked for needs the words of this file, which has changed since the index was built",
            path=source["name"],
            hint=f"Build the index again, perezkg index FILE… -o {directory}, or ask for it by --data FILE.",
        )
