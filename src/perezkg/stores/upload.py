"""What is sent to a store: the body of an upload, and its text as SPARQL updates."""

from __future__ import annotations

import os

from perezkg.output import compressed
from perezkg.rdf.canonical import blank_node_groups

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perezkg.rdf.canonical import CanonicalLines

_LONGEST_UPDATE = 1 << 20
_FILE = b'Content-Disposition: form-data; name="file"; filename="data.nt%b"\r\nContent-Type: application/%b'
_PLAIN = _FILE % (b"", b"n-triples")
_PACKED = _FILE % (b".gz", b"gzip")
# Faster than the network that it is meant for, and still a fifth of the bytes.
_COMPRESSION = 1


class Content:
    """The triples of one graph as N-Triples, in pieces, from the beginning as often as they are asked for.

    Args:
        lines: The triples.
        spelled: Gives whole lines the form in which the store is to be sent them; None leaves them as they are.
        compress: Whether to send them compressed.
        measured: Whether to find out their length beforehand when `spelled` changes it.
        sent: Told after each piece how many bytes of N-Triples have gone, of how many.

    Attributes:
        lines: The triples.
        sent: Who is told.
        headers: What HTTP has to know about the body.
    """

    __slots__ = ("_compress", "_spelled", "headers", "lines", "sent")

    def __init__(
        self,
        lines: CanonicalLines,
        *,
        spelled: Callable[[bytes], bytes] | None = None,
        compress: bool = False,
        measured: bool = False,
        sent: Callable[[int, int], None] | None = None,
    ) -> None:
        self.lines = lines
        self._spelled = spelled
        self._compress = compress
        self.sent = sent
        self.headers = {"Content-Type": "application/n-triples"}
        if compress:
            self.headers["Content-Encoding"] = "gzip"
        elif spelled is None:
            self.headers["Content-Length"] = str(lines.size)
        elif measured:  # Virtuoso takes a body without length for an empty one
            self.headers["Content-Length"] = str(sum(map(len, self._pieces())))

    def __iter__(self) -> Iterator[bytes]:
        return compressed(self._plain(), _COMPRESSION) if self._compress else self._plain()

    def updates(self, graph: str) -> Iterator[bytes]:
        """Yield the triples as updates of SPARQL 1.1 that insert them, each of about a megabyte.

        The label of a blank node holds within one update only, so those that hang together go in one.

        Args:
            graph: How the graph is called in SPARQL: `GRAPH <…>`; empty for the default graph.
        """
        head, tail = (f"INSERT DATA {{ {graph} {{\n".encode(), b"} }") if graph else (b"INSERT DATA {\n", b"}")
        done = 0
        batch: list[bytes] = []
        size = 0
        for group in _together(self.lines):
            length = sum(map(len, group))
            if batch and size + length > _LONGEST_UPDATE:
                yield head + b"".join(batch) + tail
                done += size
                self._tell(done)
                batch, size = [], 0
            batch += group
            size += length
        if batch:
            yield head + b"".join(batch) + tail
            self._tell(done + size)

    def _pieces(self) -> Iterator[bytes]:
        pieces = self.lines.pieces()
        return pieces if self._spelled is None else map(self._spelled, pieces)

    def _plain(self) -> Iterator[bytes]:
        done = 0
        for piece in self._pieces():
            yield piece
            done += len(piece)
            self._tell(done)

    def _tell(self, done: int) -> None:
        if self.sent is not None:
            self.sent(done, self.lines.size)


class Form:
    """The triples of one graph as the one file of a form (RFC 7578), whose end is told from the end of the connection.

    Args:
        content: The triples.

    Attributes:
        headers: What HTTP has to know about the body.
    """

    __slots__ = ("_boundary", "_content", "headers")

    def __init__(self, content: Content) -> None:
        self._content = content
        self._boundary = os.urandom(16).hex().encode()
        self.headers = {"Content-Type": f"multipart/form-data; boundary={self._boundary.decode()}"}

    def __iter__(self) -> Iterator[bytes]:
        # A part has no encoding of its own: that it is compressed, the name of the file tells.
        packed = "Content-Encoding" in self._content.headers
        yield b"--%b\r\n%b\r\n\r\n" % (self._boundary, _PACKED if packed else _PLAIN)
        yield from self._content
        yield b"\r\n--%b--\r\n" % self._boundary


def _together(lines: CanonicalLines) -> Iterator[list[bytes]]:
    """Yield lines, each with its end, in groups that share no blank node: single lines first, then the groups."""
    for whole, part in blank_node_groups(lines.blocks()):
        ended = [line + b"\n" for line in part]
        if whole:
            yield ended
        else:
            yield from ([line] for line in ended)
