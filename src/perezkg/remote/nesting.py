"""JSON nested so deep that pyoxigraph's parser would run out of stack, and take the process with it."""

from __future__ import annotations

import re
from itertools import accumulate

_DEEPEST = 500
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_UNNEEDED = bytes(byte for byte in range(256) if byte not in b'[]{}"')


class Nesting:
    """Counts open brackets in JSON that comes in pieces; what stands in strings opens nothing.

    >>> nesting = Nesting()
    >>> nesting.is_too_deep(b'{"a[": [')
    False
    >>> nesting.is_too_deep(b"[" * 1000)
    True
    """

    __slots__ = ("_cut", "_depth", "_inside")

    def __init__(self) -> None:
        self._depth = 0
        # Whether the last piece ended inside a string, and behind a backslash.
        self._inside = self._cut = False

    def is_too_deep(self, piece: bytes) -> bool:
        """Take the next piece; tell whether more brackets are open than any answer needs."""
        if not piece:
            return False
        if self._cut:
            piece = piece[1:]
        if b"\\" in piece:
            piece = _ESCAPE.sub(b"", piece)
        self._cut = piece.endswith(b"\\")
        # Two quotation marks side by side, whether they end and begin strings or begin and end one, can go.
        marks = piece.translate(None, _UNNEEDED).replace(b'""', b"")
        parts = (b'"' + marks if self._inside else marks).split(b'"')
        self._inside = len(parts) % 2 == 0
        brackets = b"".join(parts[::2])
        opened = brackets.count(b"{") + brackets.count(b"[")
        if self._depth + opened > _DEEPEST:
            steps = (1 if byte in b"{[" else -1 for byte in brackets)
            if max(accumulate(steps, initial=self._depth)) > _DEEPEST:
                return True
        self._depth += 2 * opened - len(brackets)
        return False
