"""A server as users start it, and what it answers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode

STARTING = 60.0  # seconds, of a machine that has other things to do


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        """The media type."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A server."""

    port: int
    process: subprocess.Popen[bytes]
    log: str

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 60,
    ) -> Answer:
        """Send a request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def sparql(self, query: str, accept: str = "application/sparql-results+json", timeout: float = 60) -> Answer:
        """Ask SPARQL."""
        return self.ask(f"/sparql?query={quote(query, safe='')}", headers={"accept": accept}, timeout=timeout)

    def query(self, name: str, headers: Mapping[str, str] | None = None, **parameters: str) -> Answer:
        """Ask a canned query."""
        return self.ask(f"/queries/{name}?{urlencode(parameters)}", headers=headers)

    def told(self) -> str:
        """Return what it has said so far."""
        with open(self.log, encoding="utf-8") as file:
            return file.read()


@contextmanager
def served(*arguments: str) -> Iterator[Served]:
    """Run `perezkg serve` at a free port."""
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log")
        with open(log, "wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "perezkg", "serve", "--port", "0", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env={**os.environ, "TMPDIR": folder},
            )
        try:
            yield Served(_port(process, log), process, log)
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


def _port(process: subprocess.Popen[bytes], log: str) -> int:
    end = time.monotonic() + STARTING
    while time.monotonic() < end and process.poll() is None:
        with open(log, encoding="utf-8") as file:
            found = re.search(r"served at http://[^/]*:([0-9]+)/", file.read())
        if found:
            return int(found[1])
        time.sleep(0.02)
    with open(log, encoding="utf-8") as file:
        raise AssertionError(f"no server: {file.read()}")
