"""What a request to the server may take."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What a request may take.

    Attributes:
        seconds: For an answer, and to wait for somebody who is free.
        arriving: Seconds until a request is there.
        memory: Bytes that a query may need.
        answer: Bytes of the longest answer, before it is compressed.
        request: Bytes of the longest request.
        heavy: How many queries of the SPARQL Protocol are worked on at a time.
        light: The same of all others.
        waiting: How many may wait for each.
        connections: How many there may be at a time.
        kept: Bytes of replies that are kept to be sent again.
        retry: After how many seconds to ask again when too many wait.
    """

    seconds: float = 30.0
    arriving: float = 20.0
    memory: int = 1024 * _MIB
    answer: int = 64 * _MIB
    request: int = 1 * _MIB
    heavy: int = 4
    light: int = 2
    waiting: int = 64
    connections: int = 2000
    kept: int = 64 * _MIB
    retry: int = 5
