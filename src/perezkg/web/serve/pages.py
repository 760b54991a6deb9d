"""The site's pages: made beside the server, by a process of their own, and anew when the day has changed."""

from __future__ import annotations

import asyncio
import mimetypes
import os
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from perezkg.errors import PerezkgError
from perezkg.resources import LANGUAGES
from perezkg.web.serve.formats import sent
from perezkg.web.serve.messages import ASK_AGAIN, JSON, Job, Reply, today
from perezkg.web.serve.problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from perezkg.web.serve.workers import Workers

_OFTEN = 30.0  # seconds
_KEPT_OUT = ("data", "w3id")  # data are told by the server itself
_TYPES = {".js": "text/javascript", ".json": JSON, ".jsonld": "application/ld+json", ".xml": "application/xml"}


class BuiltPages:
    """The pages of today, as soon as they are made.

    Args:
        log: Told what whoever runs the server should read.
        base_url: Where the pages stand; empty when that is not known.
    """

    def __init__(self, log: Callable[[str], None], base_url: str) -> None:
        self._log = log
        self._base_url = base_url
        self._folder = ""
        self._files: set[str] = set()
        self._root = mkdtemp(prefix="perezkg-serve-")
        self.builders: Workers | None = None

    async def keep_up(self) -> None:
        """Make the pages, and make them anew each day."""
        made = ""
        while True:
            day = today()
            if made != day:
                made = day
                await self._make(day)
            await asyncio.sleep(_OFTEN)

    async def _make(self, day: str) -> None:
        assert self.builders is not None  # noqa: S101 - the server has set it
        folder = os.path.join(self._root, day)
        values: dict[str, object] = {"folder": folder, "base_url": self._base_url}
        try:
            reply = await self.builders.answer(Job("site", values, "", "", "en", gzip=False, day=day))
        except PerezkgError as error:
            self._log(f"the pages of {day} could not be made: {error}")
            return
        if reply.status != 200:
            self._log(f"the pages of {day} could not be made: {reply.log or reply.body.decode()}")
            return
        self._files = {
            os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/")
            for place, _, names in os.walk(folder)
            for name in names
        }
        before, self._folder = self._folder, folder
        if before:
            await asyncio.to_thread(rmtree, before, ignore_errors=True)

    async def page(self, path: str, job: Job) -> Reply | None:
        """Return a page, or None when there is none at this path."""
        if not path or path in LANGUAGES:
            target = f"/{path or job.lang}/index.html"
            return Reply(303, b"", {"location": target, "cache-control": ASK_AGAIN})
        if not self._folder and path.partition("/")[0] in LANGUAGES:
            hint = "Ask again in a moment."
            return problem(503, "the pages are being made", hint=hint, lang=job.lang, headers={"retry-after": "5"})
        name = f"{path}index.html" if path.endswith("/") else path
        # Nothing but a file that was made can be meant, however the path is spelt.
        if name not in self._files or name.partition("/")[0] in _KEPT_OUT:
            return None
        return await asyncio.to_thread(self._read, os.path.join(self._folder, name), job)

    @staticmethod
    def _read(path: str, job: Job) -> Reply | None:
        try:
            with open(path, "rb") as file:
                body = file.read()
        except OSError:  # the day has changed
            return None
        ending = os.path.splitext(path)[1]
        kind = _TYPES.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"
        return sent(body, kind, cache=ASK_AGAIN, compress=job.gzip)

    def close(self) -> None:
        """Take the files away."""
        rmtree(self._root, ignore_errors=True)
