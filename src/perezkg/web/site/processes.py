"""Work that is done side by side, in copies of this process, where the system can copy one."""

from __future__ import annotations

import gc
import os
import pickle
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

from perezkg.errors import PerezkgError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_OFTEN = 0.1  # seconds


def side_by_side(works: Sequence[Callable[[], None]]) -> None:
    """Do several works, each of which writes files of its own; what they change in memory is lost.

    Raises:
        PerezkgError: One of them raised it.
        RuntimeError: One of them failed otherwise.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if not hasattr(os, "fork") or processors < 2:
        for work in works:
            work()
        return
    gc.freeze()  # else a look for garbage would copy each page of memory
    children = [_begun(work) for work in works[1:]]
    try:
        works[0]()
    finally:
        gc.unfreeze()
        failures = [_ended(child, pipe) for child, pipe in children]
    for failure in failures:
        if failure is not None:
            raise failure


def _begun(work: Callable[[], None]) -> tuple[int, int]:
    parent = os.getpid()
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        return child, read
    answer = b""
    try:
        os.close(read)
        Thread(target=_end_with, args=(parent,), daemon=True).start()
        try:
            work()
        except PerezkgError as error:
            answer = pickle.dumps(error)
        except BaseException as error:  # noqa: BLE001 - the parent raises it
            answer = pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
        else:
            answer = pickle.dumps(None)
        os.write(write, answer)
    finally:
        os._exit(0)


def _end_with(parent: int) -> None:
    """End this process when its parent has ended, whose folder is gone then."""
    while os.getppid() == parent:
        sleep(_OFTEN)
    os._exit(1)


def _ended(child: int, pipe: int) -> Exception | None:
    with open(pipe, "rb") as answer:
        found = answer.read()
    os.waitpid(child, 0)
    if not found:
        return RuntimeError("a process ended before its work was done")
    failure: Exception | None = pickle.loads(found)  # noqa: S301 - our own process wrote it
    return failure
