"""What the server and the processes that answer say to each other: a job, and the reply to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

JSON = "application/json"
PROBLEM = "application/problem+json"

FOR_A_WHILE = "public, max-age=60"
"""How long others may keep what depends on the data alone: until they are served anew, which nobody can announce."""
ASK_AGAIN = "no-cache"
"""What depends on the day: to be kept, and asked for with its ETag before each use."""
NEVER = "no-store"
"""What depends on the moment."""


@dataclass(frozen=True)
class Job:
    """Something to be answered.

    Attributes:
        kind: The name of what answers it, a method of `perezkg.web.serve.answers.Answers`.
        values: What that needs to know.
        base: The address of the server, with a slash at the end.
        accept: The header Accept.
        lang: The language of labels and of what is said.
        gzip: Whether the client takes that.
        day: The day for which it is told what is true, as 2008-08-16.
    """

    kind: str
    values: dict[str, object]
    base: str
    accept: str
    lang: str
    gzip: bool
    day: str


@dataclass(frozen=True)
class Reply:
    """What is sent.

    Attributes:
        status: Of HTTP.
        body: The whole body, compressed if its headers say so.
        headers: Names, in small letters, and values.
        log: What whoever runs the server should read; empty mostly.
    """

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    log: str = ""

    @property
    def lasting(self) -> bool:
        """Whether it may be kept, for a day at the most."""
        return self.status in (200, 303) and self.headers.get("cache-control") in (FOR_A_WHILE, ASK_AGAIN)


def today() -> str:
    """Return the day it is, in UTC, as a job names it."""
    return datetime.now(UTC).date().isoformat()
