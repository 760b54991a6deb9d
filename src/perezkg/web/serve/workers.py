"""Who answers jobs, as many at a time as there are processes; what takes too long is killed."""

from __future__ import annotations

import asyncio
import pickle
from contextlib import suppress
from typing import TYPE_CHECKING

from perezkg.errors import LimitReachedError, PerezkgError
from perezkg.web.serve.copies import LENGTH

if TYPE_CHECKING:
    from perezkg.web.serve.copies import Original
    from perezkg.web.serve.messages import Job, Reply

_PIECE = 1 << 20


class TooManyError(LimitReachedError):
    """More are waiting for an answer than may wait."""


class _Worker:
    """One process, and the connection to it."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self._reader = reader
        self._writer = writer

    async def ask(self, job: Job) -> Reply:
        told = pickle.dumps(job)
        self._writer.write(LENGTH.pack(len(told)) + told)
        await self._writer.drain()
        (length,) = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))
        reply: Reply = pickle.loads(await self._reader.readexactly(length))  # noqa: S301 - our own process wrote it
        return reply

    def close(self) -> None:
        self._writer.close()


class Workers:
    """Processes of one kind.

    Args:
        original: What they are copies of.
        kind: Their kind; see `perezkg.web.serve.copies`.
        number: How many there are at the most.
        waiting: How many jobs may wait for one that is free.
        seconds: How long a job may take, and how long it may wait.
    """

    def __init__(self, original: Original, kind: bytes, *, number: int, waiting: int, seconds: float) -> None:
        self._original = original
        self._kind = kind
        self._free = asyncio.Semaphore(number)
        self._idle: list[_Worker] = []
        self._most_waiting = waiting
        self._waiting = 0
        self._seconds = seconds

    async def answer(self, job: Job) -> Reply:
        """Return the reply to a job.

        Raises:
            LimitReachedError: It took too long, waited too long, or the process ended for want of memory.
            TooManyError: Too many are waiting already.
        """
        if self._free.locked() and self._waiting >= self._most_waiting:
            raise TooManyError("too many are waiting for an answer", hint="Ask again in a moment.")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise TooManyError("nobody was free to answer in time", hint="Ask again in a moment.") from None
        finally:
            self._waiting -= 1
        try:
            return await self._answered(job)
        finally:
            self._free.release()

    async def _answered(self, job: Job) -> Reply:
        worker = self._idle.pop() if self._idle else await self._new()
        try:
            async with asyncio.timeout(self._seconds):
                reply = await worker.ask(job)
        except TimeoutError:
            await self._kill(worker)
            raise LimitReachedError(
                f"not done after {self._seconds:.3g} s, which is the most that this server takes for an answer",
                hint="Ask for less.",
            ) from None
        except (OSError, EOFError):
            await self._kill(worker)
            raise LimitReachedError(
                "the work ended before it was done: it may have needed more memory than this server allows",
                hint="Ask for less.",
            ) from None
        except BaseException:  # whoever asked has gone away
            await asyncio.shield(self._kill(worker))
            raise
        self._idle.append(worker)
        return reply

    async def _new(self) -> _Worker:
        loop = asyncio.get_running_loop()
        try:
            pid, connection = await loop.run_in_executor(None, self._original.copy, self._kind)
        except OSError as error:
            raise PerezkgError(f"no process could be made to answer: {error}") from None
        reader, writer = await asyncio.open_unix_connection(sock=connection, limit=_PIECE)
        return _Worker(pid, reader, writer)

    async def _kill(self, worker: _Worker) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._original.kill, worker.pid)
        with suppress(OSError):
            worker.close()
