"""The folder of an index: which of its generations is the one to read, and who holds it.

    current                 the name of the generation that readers open; replaced in one step
    lock                    held by the build that is under way
    <16 hex digits>/        a generation: whole once `current` names it, never changed afterwards
        manifest.json       what is in it, and from which sources; written last, and held by those who read
        data/               Oxigraph's store of the data
        concepts/           the same with perezkg's concepts, whose files are shared with data/ where the disk can
        union/              as data/ and concepts/, all graphs as one; only where there are named graphs
        union-concepts/
        additions.nq        what one source says of things that another one describes

The system lets go of a lock when its process ends, however it ends: what nobody holds is left over, and the next build
removes it.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress

from perezkg.errors import IndexBrokenError, IndexNotFoundError

_HAS_LOCKS = True
try:
    import fcntl
except ImportError:  # Windows, which lets nobody remove files that somebody has open
    _HAS_LOCKS = False

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMAT = 1
"""The number of this form of the folder; another one is not read."""
CURRENT = "current"
LOCK = "lock"
MANIFEST = "manifest.json"
AGAIN = "An index is a cache: build it again from its sources, perezkg index FILE… -o {}"
"""What to do about an index that is of no use."""

_GENERATION = re.compile(r"[0-9a-f]{16}")
# A build may replace a generation between two steps of a reader; that it does so again and again is no chance.
_TRIES = 20


class Generation:
    """A whole generation of an index, which no build removes while this object is there.

    Attributes:
        directory: The folder of the index, as it was named.
        path: That of the generation.
        manifest: What its manifest says.
    """

    __slots__ = ("_held", "directory", "manifest", "path")

    def __init__(self, directory: str, path: str, held: int, manifest: dict[str, Any]) -> None:
        self.directory = directory
        self.path = path
        self.manifest = manifest
        self._held = held

    def store(self, name: str) -> str:
        """Return the folder of one of its stores, after a look at whether its files are there, and whole.

        Raises:
            IndexBrokenError: They are not. Oxigraph would see most of that, but take a list cut short for an empty one.
        """
        folder = os.path.join(self.path, name)
        for file, told in self.manifest["stores"][name].items():
            try:
                found = os.stat(os.path.join(folder, file)).st_size
            except OSError as error:
                raise broken(self.directory, f"{name}/{file}: {error.strerror}") from None
            if found != told["bytes"]:
                raise broken(self.directory, f"{name}/{file} has {found} bytes in place of {told['bytes']}")
        return folder

    def require_whole(self) -> None:
        """Read all files of all stores, and compare their digests.

        Raises:
            IndexBrokenError: One is not as it was written.
        """
        from perezkg.index.sources import fingerprint

        for name, files in self.manifest["stores"].items():
            folder = self.store(name)
            for file, told in files.items():
                if fingerprint(os.path.join(folder, file))["sha256"] != told["sha256"]:
                    raise broken(self.directory, f"{name}/{file} is not as it was written")

    def __del__(self) -> None:
        """Let go of it."""
        with suppress(OSError, AttributeError):  # AttributeError: it is the end of the process
            os.close(self._held)


def broken(directory: str, what: str) -> IndexBrokenError:
    """Return the error for an index that is damaged."""
    return IndexBrokenError(f"the index is damaged: {what}", path=directory, hint=AGAIN.format(directory))


def is_generation(name: str) -> bool:
    """Tell whether a name in the folder is that of a generation."""
    return _GENERATION.fullmatch(name) is not None


def current(directory: str) -> str:
    """Return the name of the generation that readers open.

    Raises:
        IndexNotFoundError: There is no index.
        IndexBrokenError: What names it is damaged.
    """
    try:
        with open(os.path.join(directory, CURRENT), "rb") as file:
            name = file.read(99).strip().decode("ascii", "replace")
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
            what = "there is no index in this folder" if os.path.isdir(directory) else "there is no such folder"
            hint = f"Build one: perezkg index FILE… -o {directory}"
            raise IndexNotFoundError(what, path=directory, hint=hint) from None
        raise broken(directory, f"{CURRENT}: {error.strerror}") from None
    if not is_generation(name):
        raise broken(directory, f"{CURRENT} names no generation")
    return name


def opened(directory: str) -> Generation:
    """Return the generation that is current, held.

    Raises:
        IndexNotFoundError: There is no index.
        IndexBrokenError: It is damaged, or of another form.
    """
    for _ in range(_TRIES):
        name = current(directory)
        path = os.path.join(directory, name)
        held = hold(path, exclusive=False)
        if held is not None:
            return _read(directory, path, held)
    raise broken(directory, f"{name}/{MANIFEST} cannot be read")


def hold(path: str, *, exclusive: bool) -> int | None:
    """Return the open manifest of a generation, held; None when it is gone, or held otherwise by somebody else."""
    name = os.path.join(path, MANIFEST)
    try:
        # No file object of Python: that would complain when it is let go of by nobody but the collector of garbage.
        file = os.open(name, (os.O_RDWR if exclusive else os.O_RDONLY) | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    if locked(file, exclusive=exclusive) and os.path.exists(name):  # it may have been removed before we held it
        return file
    os.close(file)
    return None


def locked(file: int, *, exclusive: bool) -> bool:
    """Lock a file for this process, without waiting; return whether nobody else has it so that this is impossible."""
    if not _HAS_LOCKS:
        return True
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _read(directory: str, path: str, held: int) -> Generation:
    try:
        manifest = json.loads(_content(held))
        number = manifest["format"]
    except (OSError, ValueError, TypeError, LookupError):
        os.close(held)
        raise broken(directory, f"{MANIFEST} is not whole") from None
    if number != FORMAT:
        os.close(held)
        raise IndexBrokenError(
            f"the index is of form {number}, and this perezkg reads form {FORMAT}",
            path=directory,
            hint=AGAIN.format(directory),
        )
    return Generation(directory, path, held, manifest)


def _content(file: int) -> bytes:
    return b"".join(iter(lambda: os.read(file, 1 << 20), b""))


def leftovers(directory: str, keep: str) -> list[str]:
    """Return the paths of what builds that have ended otherwise left, and of former generations that nobody reads.

    Only for the build that holds the lock: no other one is alive.
    """
    found = []
    with suppress(OSError):
        for name in sorted(os.listdir(directory)):
            path = os.path.join(directory, name)
            if is_generation(name) and name != keep:
                if os.path.exists(os.path.join(path, MANIFEST)):
                    held = hold(path, exclusive=True)
                    if held is None:  # somebody reads it
                        continue
                    os.unlink(os.path.join(path, MANIFEST))  # from now on no reader takes it for one
                    os.close(held)
                found.append(path)
            elif name.startswith(".perezkg-") and name.endswith(".part"):
                found.append(path)
    return found
