"""JSON nested so deep that pyoxigraph's parser would run out of stack, and take the process with it."""

from __future__ import annotations

import re
from itertools import accumulate

_DEEPEST = 500
# A string without an end leaves its quotation mark behind.
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"|(")(?:[^"\\]|\\.)*+\\?\Z', re.DOTALL)
_REST_OF_STRING = re.compile(rb'(?:[^"\\]|\\.)*+"', re.DOTALL)
_ALL_BUT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


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
        # Whether the last piece ended inside a string, and there behind a backslash.
        self._inside = self._cut = False

    def is_too_deep(self, piece: bytes) -> bool:
        """Take the next piece; tell whether more brackets are open than any answer needs."""
        if self._cut and piece:
            piece, self._cut = piece[1:], False
        if self._inside:
            end = _REST_OF_STRING.match(piece)
            if end is None:
                self._cut = _ends_escaped(piece)
                return False
            piece, self._inside = piece[end.end() :], False
        rest = _STRING.sub(rb"\1", piece)
        if rest.endswith(b'"'):
            self._inside, self._cut = True, _ends_escaped(piece)
        brackets = rest.translate(None, _ALL_BUT_BRACKETS)
        opened = brackets.count(b"{") + brackets.count(b"[")
        if self._depth + opened > _DEEPEST:
            steps = (1 if byte in b"{[" else -1 for byte in brackets)
            if max(accumulate(steps, initial=self._depth)) > _DEEPEST:
                return True
        self._depth += 2 * opened - len(brackets)
        return False


def _ends_escaped(text: bytes) -> bool:
    return (len(text) - len(text.rstrip(b"\\"))) % 2 == 1
