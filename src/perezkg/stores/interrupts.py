"""Ctrl-C, and signals that tell a process to end, while a store is changed: they count where nothing is left undone.

A request that changes what readers see is not cut off: nobody would know what the store makes of it. Its answer is
waited for first; what follows then knows what it undoes.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager, suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any


class Interrupted(KeyboardInterrupt):
    """The process was told to end while a store was being changed; its notes say what became of that.

    Args:
        number: Of the signal: SIGINT (Ctrl-C), SIGTERM or SIGHUP.

    Attributes:
        number: The same.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


PATIENCE = 10.0
"""Seconds that a store gets to answer its last request, once this process has been told to end."""

_WAITING = (
    f"told to end; the store gets {PATIENCE:g} seconds to answer its last request. Ctrl-C again does not wait for that"
)
_ENDING = "told to end, once the graph is as the message will say. Ctrl-C again leaves that to --recover"


class Interrupts:
    """What to do about signals: held back but in `free` blocks, until `orderly` ends.

    Args:
        tell: Told in a sentence why nothing seems to happen.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._free = False
        self._ending = False
        # The first signal that came, and whether it still has to be answered.
        self._number = 0
        self._pending = False

    @contextmanager
    def free(self) -> Iterator[None]:
        """Let signals end a block at once: one that only reads, or writes where nobody reads.

        Raises:
            Interrupted: A signal comes, or came before.
        """
        self._free = True
        try:
            self.check()
            yield
        finally:
            self._free = False

    def check(self) -> None:
        """Answer the signal that has come, if there is one.

        Raises:
            Interrupted: There is.
        """
        if self._pending:
            self._raise()

    def end(self) -> None:
        """From now on, have what is left to be done take as long as it takes: only a second Ctrl-C cuts it off."""
        self._ending = True
        _set_timer(0)

    def tell(self, sentence: str) -> None:
        """Tell a sentence, if somebody is still there to read it."""
        with suppress(OSError, ValueError, RuntimeError):  # the terminal is closed; a write was interrupted by this one
            self._tell(sentence)

    def on_signal(self, number: int, _frame: object) -> None:
        """Answer a signal now or later.

        A second one of SIGTERM or SIGHUP asks for nothing new: who closes a terminal sends several.

        Raises:
            Interrupted: Now, or it is the second Ctrl-C.
        """
        if not self._number:
            self._number, self._pending = number, True
            if not self._free:
                self.tell(_ENDING if self._ending else _WAITING)
                if not self._ending:
                    _set_timer(PATIENCE)
                return
        elif number != signal.SIGINT:
            return
        self._raise()

    def on_timer(self, _number: int, _frame: object) -> None:
        """Wait no longer.

        Raises:
            Interrupted: There is a signal that has not been answered.
        """
        self.check()

    def _raise(self) -> None:
        self._pending = False
        _set_timer(0)
        raise Interrupted(self._number)


@contextmanager
def orderly(tell: Callable[[str], None], done: str) -> Iterator[Interrupts]:
    """Hold signals back for a block that changes a store; outside the main thread none arrive.

    Only what the system or Python would do with a signal is replaced; what a program has set up itself stays.

    Args:
        tell: Told in a sentence why nothing seems to happen.
        done: What to say of the block's work, when it was finished before the signal could be answered.

    Raises:
        Interrupted: A signal came.
    """
    interrupts = Interrupts(tell)
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGALRM"):
            number = getattr(signal, name, None)  # Windows has not all of them
            if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                handler = interrupts.on_timer if name == "SIGALRM" else interrupts.on_signal
                before[number] = signal.signal(number, handler)
    try:
        yield interrupts
    finally:
        interrupts.end()
        for number, former in before.items():
            signal.signal(number, former)
    try:
        interrupts.check()
    except Interrupted as error:
        error.add_note(done)
        raise


def _set_timer(seconds: float) -> None:
    """Have `on_timer` called after so many seconds; 0 for never."""
    with suppress(AttributeError, ValueError):  # not on Windows, nor outside the main thread
        if isinstance(getattr(signal.getsignal(signal.SIGALRM), "__self__", None), Interrupts):
            signal.setitimer(signal.ITIMER_REAL, seconds)
