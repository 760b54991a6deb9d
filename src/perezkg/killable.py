"""Work of which a caller says how long it may take, in a process of its own that can be killed.

No engine can be told to stop. The command line ends its own process; a program that uses perezkg goes on.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from perezkg.errors import LimitReachedError, PerezkgError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

Found = TypeVar("Found")

_PIECE = 1 << 20
_LONGEST = 1_000_000  # seconds; no system call waits for ever so long


def within(seconds: float | None, work: Callable[[], Found]) -> Found:
    """Return what work finds, if it finds it in time.

    The work is done in a copy of this process (a fork), so what it changes is not seen here.

    Args:
        seconds: The most that it may take; None does the work here, however long it takes.
        work: What to do; what it returns must be picklable, as all answers of perezkg are.

    Raises:
        LimitReachedError: The time is over.
        UsageError: The time is not a number greater than 0, or the system cannot copy a process (Windows).
        Exception: What the work raised.

    >>> within(60, lambda: 6 * 7)
    42
    """
    if seconds is None:
        return work()
    if not 0 < seconds < float("inf"):
        raise UsageError(f"timeout is {seconds!r}, and must be a number of seconds greater than 0")
    if not hasattr(os, "fork"):
        raise UsageError(
            "this system cannot end work that takes too long", hint="Run the command `perezkg` with --timeout instead."
        )
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _work(work, write)
    os.close(write)
    try:
        answer = _all_of(read, monotonic() + min(seconds, _LONGEST))
    except TimeoutError:
        raise LimitReachedError(
            f"not done after {seconds:.3g} s", hint="Allow more: timeout=SECONDS (None: as long as it takes)."
        ) from None
    finally:
        os.close(read)
        os.kill(child, signal.SIGKILL)  # it is still there, if only to be waited for
        os.waitpid(child, 0)
    if not answer:
        raise LimitReachedError("the work ended before it was done: the system may have had no memory left for it")
    found, error = pickle.loads(answer)  # noqa: S301 - our own process wrote it
    if error is not None:
        raise error
    return found  # type: ignore[no-any-return]


def _work(work: Callable[[], object], write: int) -> None:
    """Do the work, send what it finds or raises, and end this process without the ways of Python's own end."""
    try:
        with open(write, "wb") as pipe:
            pipe.write(_packed(work))
    finally:
        os._exit(0)


def _packed(work: Callable[[], object]) -> bytes:
    try:
        return pickle.dumps((work(), None))
    except PerezkgError as error:
        return pickle.dumps((None, error))
    except Exception as error:  # noqa: BLE001 - the caller gets it
        return pickle.dumps((None, RuntimeError(f"{type(error).__name__}: {error}")))


def _all_of(pipe: int, end: float) -> bytes:
    pieces: list[bytes] = []
    while True:
        if not select.select([pipe], [], [], max(0.0, end - monotonic()))[0]:
            raise TimeoutError
        piece = os.read(pipe, _PIECE)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
