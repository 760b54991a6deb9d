"""The texts of subjects, put in order in bounded memory: how documents of any length are written subject by subject."""

from __future__ import annotations

from perezkg.rdf.canonical import SortedLines
from perezkg.rdf.nodes import subject_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_BATCH = 1_000
# No line of N-Triples, Turtle or JSON holds them: control characters are escaped. The first stands for a line end.
_LINE_END, _MARK = "\0", "\1"


class Blocks:
    r"""The texts of subjects, graph by graph: IRIs in natural order, then blank nodes.

    What does not fit into memory waits on disk. Texts are added first, then they are read.

    >>> blocks = Blocks()
    >>> for name in ("_:c14n0", "<s#s10>", "<s#s9>"):
    ...     blocks.add(0, name, f"{name}\n")
    >>> blocks.settle()
    >>> [*blocks]
    [(0, '<s#s9>\n'), (0, '<s#s10>\n'), (0, '_:c14n0\n')]
    """

    __slots__ = ("_lines", "_waiting")

    def __init__(self) -> None:
        self._lines = SortedLines()
        self._waiting: list[str] = []

    def add(self, graph: int, subject: str, text: str) -> None:
        """Take the text of a subject, as N-Triples names it, in a graph, by its place among them.

        Raises:
            OutputError: There is no room for temporary files.
        """
        self._waiting.append(f"{graph:09}{subject_order(subject)}{_MARK}{text.replace(chr(10), _LINE_END)}")
        if len(self._waiting) == _BATCH:
            self._hand_on()

    def settle(self) -> None:
        """Put all in order; from now on they can be read, and none be added.

        Raises:
            OutputError: There is no room for temporary files.
        """
        self._hand_on()
        self._lines.settle()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Yield texts in order, each with the place of its graph; then memory and disk are let go."""
        for lines in self._lines.blocks():
            for line in b"\n".join(lines).decode().split("\n"):
                key, _, text = line.partition(_MARK)
                yield int(key[:9]), text.replace(_LINE_END, "\n")
        self._lines.close()

    def _hand_on(self) -> None:
        if self._waiting:
            self._lines.add("\n".join(self._waiting).encode().split(b"\n"))
            self._waiting = []
