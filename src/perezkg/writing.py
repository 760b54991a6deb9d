"""The answer to its place: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import stat
import sys

from perezkg.errors import OutputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

STANDARD_OUTPUT = "-"
# Names of streams that are open already, whatever they lead to.
_STREAMS = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/")


def write(chunks: Iterable[str], path: str | None = None) -> None:
    """Write pieces of text, as UTF-8 and with line ends as they are.

    A file is written under another name beside its place, and moved there when it is complete: whoever looks sees the
    old file or the new one. It keeps the mode of the file it replaces; a symbolic link stays, and its target is
    replaced. What is not an ordinary file (/dev/null, a pipe) is written to directly.

    Args:
        chunks: The text, in pieces.
        path: The file; None or "-" means standard output.

    Raises:
        OutputError: It cannot be written.
        BrokenPipeError: Whoever read standard output has gone; for the command line to end quietly.
    """
    if path is None or path == STANDARD_OUTPUT:
        _to_standard_output(chunks)
        return
    if not path:
        raise OutputError("the name of the output file is empty", hint="Name a file: -o FILE")
    try:
        _to_file(chunks, path)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise _failure(error, path) from None


def _to_standard_output(chunks: Iterable[str]) -> None:
    if sys.stdout is None:
        raise OutputError("standard output is closed", hint="Name a file: -o FILE")
    stream = getattr(sys.stdout, "buffer", None)
    try:
        sys.stdout.flush()
        for chunk in chunks:
            # Bytes, because a text stream would turn line ends and letters into those of the system.
            if stream is None:
                sys.stdout.write(chunk)
            else:
                stream.write(chunk.encode())
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon_standard_output()
        raise
    except OSError as error:
        _abandon_standard_output()
        raise _failure(error, "standard output") from None


def _abandon_standard_output() -> None:
    """Send what is still buffered nowhere, or Python would try again, and complain, when it ends."""
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def _to_file(chunks: Iterable[str], path: str) -> None:
    try:
        status = os.stat(path)
    except FileNotFoundError:
        status = None
    if status is not None and (not stat.S_ISREG(status.st_mode) or os.path.abspath(path).startswith(_STREAMS)):
        # Appending: /dev/stdout may be a file that a shell opened with >>, which is not ours to empty.
        with open(os.open(path, os.O_WRONLY | os.O_APPEND), "wb") as special:
            special.writelines(chunk.encode() for chunk in chunks)
        return
    target = os.path.realpath(path)
    if status is not None and not os.access(target, os.W_OK):
        raise PermissionError(13, "Permission denied")
    # Beside its place, because only within one file system is moving it one step. (tempfile costs 10 ms to import.)
    draft = os.path.join(os.path.dirname(target), f".perezkg-{os.urandom(8).hex()}.part")
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(number, "wb") as file:
            file.writelines(chunk.encode() for chunk in chunks)
            file.flush()
            os.fsync(number)
        if status is not None:
            os.chmod(draft, stat.S_IMODE(status.st_mode))
        os.replace(draft, target)
    except BaseException:  # Ctrl-C as well
        os.unlink(draft)
        raise


def _failure(error: OSError | ValueError, path: str) -> OutputError:
    reason = getattr(error, "strerror", None) or str(error)
    hint = ""
    if isinstance(error, FileNotFoundError):
        hint = f"There is no directory {os.path.dirname(path) or '.'!r}."
    return OutputError(f"cannot be written: {reason[:1].lower()}{reason[1:]}", path=path, hint=hint)
