"""Statements that hang together by blank nodes: what a label means holds within one file or one request only."""

from __future__ import annotations

from perezkg.canonical import blank_labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def apart(blocks: Iterable[list[bytes]]) -> Iterator[tuple[bool, list[bytes]]]:
    """Yield lines of N-Quads in parts, each with whether it must stay whole.

    First come the lines without blank nodes, as many at a time as in the blocks, then the groups of the others.

    >>> list(apart([[b"<s:> <p:> <o:> .", b"_:a <p:> <o:> ."]]))
    [(False, [b'<s:> <p:> <o:> .']), (True, [b'_:a <p:> <o:> .'])]
    """
    connected: list[bytes] = []
    for block in blocks:
        single = [line for line in block if not blank_labels(line)]
        if len(single) < len(block):
            connected += filter(blank_labels, block)
        yield False, single
    for group in components(connected):
        yield True, group


def components(lines: list[bytes]) -> list[list[bytes]]:
    """Return lines of N-Quads, each of which mentions a blank node, in groups that share none.

    The groups are in the order of their first lines.

    >>> components([b"_:a <p:> _:b .", b"_:b <p:> <o:> .", b"_:c <p:> <o:> ."])
    [[b'_:a <p:> _:b .', b'_:b <p:> <o:> .'], [b'_:c <p:> <o:> .']]
    """
    leader: dict[bytes, bytes] = {}

    def first(label: bytes) -> bytes:
        while (above := leader.setdefault(label, label)) != label:
            leader[label] = leader[above]  # halves the way for the next time
            label = above
        return label

    for line in lines:
        labels = blank_labels(line)
        for label in labels[1:]:
            leader[first(label)] = first(labels[0])
    groups: dict[bytes, list[bytes]] = {}
    for line in lines:
        groups.setdefault(first(blank_labels(line)[0]), []).append(line)
    return list(groups.values())
