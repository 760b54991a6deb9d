"""Replies that are kept to be sent again, the latest ones, and what is sent of one that a client has already."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

    from perezkg.web.serve.messages import Reply

    Key = tuple[bytes, ...]
    Headers = list[tuple[bytes, bytes]]

_LARGEST = 1 << 20
_OVERHEAD = 500  # bytes that a reply takes beside its body

# To whoever asks, from wherever: nothing here is secret, and nothing can be changed.
ALWAYS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, location, link, retry-after"),
    (b"vary", b"accept, accept-language, accept-encoding"),
    (b"x-content-type-options", b"nosniff"),
]


def headers_of(reply: Reply) -> Headers:
    """Return all headers of a reply."""
    told = [(name.encode(), value.encode("latin-1", "replace")) for name, value in reply.headers.items()]
    return [*told, (b"content-length", b"%d" % len(reply.body)), *ALWAYS]


class Kept:
    """Replies by what was asked.

    Args:
        most: How many bytes all of them may take.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._replies: OrderedDict[Key, tuple[Reply, Headers, int]] = OrderedDict()

    def get(self, key: Key) -> tuple[Reply, Headers] | None:
        """Return a reply and its headers, or None."""
        found = self._replies.get(key)
        if found is None:
            return None
        self._replies.move_to_end(key)
        return found[0], found[1]

    def put(self, key: Key, reply: Reply) -> None:
        """Keep a reply, and let go those that nobody has asked for the longest."""
        size = len(reply.body) + sum(map(len, key)) + _OVERHEAD
        if size > _LARGEST or key in self._replies:
            return
        self._replies[key] = (reply, headers_of(reply), size)
        self._size += size
        while self._size > self._most:
            _, (_, _, freed) = self._replies.popitem(last=False)
            self._size -= freed


def has_already(tags: bytes, etag: str) -> bool:
    """Return whether a client that sends If-None-Match has the reply with this tag.

    >>> has_already(b'"a", W/"b"', '"b"'), has_already(b'"a"', '"b"'), has_already(b"*", '"b"')
    (True, False, True)
    """
    if not tags or not etag:
        return False
    wanted = [tag.strip().removeprefix("W/") for tag in tags.decode("latin-1").split(",")]
    return etag in wanted or "*" in wanted


def not_modified(headers: Headers) -> Headers:
    """Return what of the headers of a reply is sent to a client that has its body."""
    return [(name, value) for name, value in headers if not name.startswith(b"content-")]


def text(scope: MutableMapping[str, Any], name: bytes) -> str:
    """Return a header of a request; several of one name are one list."""
    return ", ".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)
