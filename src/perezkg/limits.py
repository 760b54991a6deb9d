"""How long the work of a command may take, and how much memory: a limit, or Ctrl-C, ends the process at once.

No engine can be told to stop. See `perezkg.killable` for programs, which go on.
"""

from __future__ import annotations

import _thread
import os
from contextlib import contextmanager, suppress
from time import monotonic, process_time, sleep

from perezkg.errors import LimitReachedError
from perezkg.rdf.reading import MAX_SIZE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 8.0
"""What work on files may take, in seconds of the processor."""
SECONDS_PER_MIB = 4.0
"""What each MiB of data adds to that."""
MEMORY = 3.0
"""What it may hold, in parts of the longest file that is read; each byte of data adds to that."""
_MEMORY_PER_BYTE = 24
# Never less, which Python and the libraries need.
_LEAST_MEMORY = 256.0
_MIB = 1 << 20
# How often, in seconds, the limits are looked at.
_OFTEN = 0.1


@contextmanager
def interruptible() -> Iterator[None]:
    """While an engine works, Ctrl-C ends the process at once: Python's own handler would wait for the engine.

    Only for work that leaves nothing behind when it is cut off: no file half written, no terminal in another state.
    """
    import signal

    before = None
    # Who started this process with Ctrl-C ignored (a script in the background) wants it ignored.
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        with suppress(ValueError):  # not in the main thread, where nobody presses Ctrl-C
            before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


@contextmanager
def bounded(
    size: int | None,
    *,
    timeout: float | None = None,
    max_size: float | None = None,
    per_mib: float = SECONDS_PER_MIB,
    told: Callable[[str], str] = str,
) -> Iterator[None]:
    """While a command works, Ctrl-C ends the process at once, and so does a limit: on the time and memory of the work.

    The process ends with status 5 and a sentence. `timeout` is measured by the clock; without it the work of the
    processor counts, which is the same on a busy machine. Memory is what the process holds more than before.

    Args:
        size: Of the data, in bytes: the more there is, the more is allowed. None is not known: then only `timeout` and
            `max_size` are limits.
        timeout: The most seconds.
        max_size: The longest file that is read, in MiB.
        per_mib: Seconds of work that a MiB of data adds.
        told: Gives the sentence in the language of its reader.
    """
    import signal

    clock = process_time if timeout is None else monotonic
    seconds = memory = float("inf")
    if timeout is not None:
        seconds = timeout
    elif size is not None:
        seconds = SECONDS + per_mib * size / _MIB
    if max_size is not None or size is not None:
        memory = _MIB * max(MEMORY * (max_size or MAX_SIZE), _LEAST_MEMORY) + _MEMORY_PER_BYTE * (size or 0)
    began, held = clock(), _memory_held()
    over, letting = _thread.allocate_lock(), _thread.allocate_lock()

    def reached() -> str:
        if clock() - began > seconds:
            what = "of work" if timeout is None else "by the clock"
            return f"not done after {seconds:.3g} s {what}; --timeout SECONDS allows more"
        if _memory_held() - held > memory:
            return f"more than {memory / _MIB:.0f} MiB of memory were needed; --max-size MIB allows more"
        return ""

    def watch() -> None:
        while not over.acquire(timeout=_OFTEN):
            if sentence := reached():
                from perezkg.output import end

                end(LimitReachedError.exit_status, f"perezkg: error: {told(sentence)}\n")

    def let_watch(*_: object) -> None:
        # Only the thread ends the process: it can wait for a module that is being imported here.
        if reached() and letting.acquire(blocking=False):
            sleep(_OFTEN)
            letting.release()

    with interruptible(), over:
        # While an engine works it lets other threads run. Python's regular expressions do not, but look for signals.
        _thread.start_new_thread(watch, ())
        with suppress(AttributeError, ValueError):  # not on Windows, nor outside the main thread
            signal.signal(signal.SIGALRM, let_watch)
            signal.setitimer(signal.ITIMER_REAL, _OFTEN, _OFTEN)
        try:
            yield
        finally:
            with suppress(AttributeError, ValueError):
                signal.setitimer(signal.ITIMER_REAL, 0)


def _memory_held() -> int:
    """Return how many bytes of memory this process holds now; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0
