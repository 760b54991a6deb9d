"""gzip whose bytes depend on nothing but what is compressed: no time, no file name, no operating system."""

from __future__ import annotations

import zlib

from perezkg.writing import encoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Magic number, deflate, no flags, no time, nothing about the level, unknown system (RFC 1952).
_HEADER = b"\x1f\x8b\x08" + bytes(6) + b"\xff"


class Gzip:
    """Compresses pieces of one file.

    >>> import gzip
    >>> packing = Gzip()
    >>> gzip.decompress(packing.pack(b"abc") + packing.end())
    b'abc'

    Args:
        level: From 1, the fastest, to 9, the smallest.
    """

    __slots__ = ("_checksum", "_deflate", "_size", "_started")

    def __init__(self, level: int = 6) -> None:
        self._deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._checksum = self._size = 0
        self._started = False

    def pack(self, piece: bytes) -> bytes:
        """Return what is to be written for the next piece; it may be nothing yet."""
        head = b"" if self._started else _HEADER
        self._started = True
        self._checksum = zlib.crc32(piece, self._checksum)
        self._size += len(piece)
        return head + self._deflate.compress(piece)

    def end(self) -> bytes:
        """Return the end of the file."""
        rest = self.pack(b"") + self._deflate.flush()
        return rest + self._checksum.to_bytes(4, "little") + (self._size & 0xFFFFFFFF).to_bytes(4, "little")


def compressed(pieces: Iterable[str] | Iterable[bytes], level: int = 6) -> Iterator[bytes]:
    """Yield a document, given in pieces of text or bytes, as one gzip file."""
    packing = Gzip(level)
    for piece in pieces:
        yield packing.pack(encoded(piece))
    yield packing.end()
