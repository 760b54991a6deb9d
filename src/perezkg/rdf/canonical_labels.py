"""The labels of RDFC-1.0 for blank nodes, found within a limit of work.

https://www.w3.org/TR/rdf-canon/ labels a blank node by the statements that mention it. What this leaves alike is told
apart in `n_degree`, which counts its work: of a few nodes that all mention each other, it would have no end.

Everything here works on lines of N-Quads as pyoxigraph writes them, as bytes without line end.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# A label stands at the beginning or behind a space; nothing else does that begins with "_:", but in literals.
_LABEL = re.compile(rb"(?<![^ ])(_:[^ ]+)")


def cut(line: bytes) -> list[bytes]:
    """Cut a line of N-Quads at the labels of its blank nodes, wherever they stand.

    Returns:
        Text and labels in turn, beginning and ending with text.

    >>> cut(b'_:a <http://example.org/p> <<( _:b <http://example.org/p> "_:c" )>> .')
    [b'', b'_:a', b' <http://example.org/p> <<( ', b'_:b', b' <http://example.org/p> "_:c" )>> .']
    """
    # The one literal that a line may have is between its first and its last quotation mark; no IRI holds any.
    start = line.find(b'"')
    if start < 0:
        return _LABEL.split(line)
    end = line.rindex(b'"')
    parts, rest = _LABEL.split(line[:start]), _LABEL.split(line[end:])
    parts[-1] += line[start:end] + rest[0]
    return parts + rest[1:]


def blank_labels(line: bytes) -> list[bytes]:
    """Return the labels of the blank nodes in a line of N-Quads, wherever they stand.

    >>> blank_labels(b'_:a <http://example.org/p> <<( _:b <http://example.org/p> "_:c" )>> .')
    [b'_:a', b'_:b']
    """
    return cut(line)[1::2] if b"_:" in line else []


def canonically_labelled(lines: Iterable[bytes]) -> list[bytes]:
    """Return lines of N-Quads with the labels of RDFC-1.0 for their blank nodes.

    Args:
        lines: Each different line that mentions any of these blank nodes, once; others are returned as they are.

    Returns:
        The lines, in the order in which they came.

    Raises:
        LimitReachedError: Blank nodes are so much alike that the limit of work is reached.

    >>> canonically_labelled([b"_:x <http://example.org/p> _:y ."])
    [b'_:c14n1 <http://example.org/p> _:c14n0 .']
    """
    cuts = [cut(line) for line in lines]
    canonical = canonical_labels(cuts)
    for parts in cuts:
        parts[1::2] = [canonical[label] for label in parts[1::2]]
    return [b"".join(parts) for parts in cuts]


def canonical_labels(cuts: list[list[bytes]]) -> dict[bytes, bytes]:
    """Return the canonical label of each label, in the order in which these were given: section 4.4.3 of RDFC-1.0.

    Args:
        cuts: All lines that mention blank nodes, each once, as `cut` gives them.

    Raises:
        LimitReachedError: Blank nodes are so much alike that the limit of work is reached.
    """
    from hashlib import sha256  # costs 10 ms, and most graphs have no blank nodes

    mentions: dict[bytes, list[bytes]] = {}
    for parts in cuts:
        if len(parts) == 3:  # most are
            mentions.setdefault(parts[1], []).append(parts[0] + b"_:a" + parts[2])
        else:
            labels = parts[1::2]
            for reference in set(labels):
                parts[1::2] = [b"_:a" if label == reference else b"_:z" for label in labels]
                mentions.setdefault(reference, []).append(b"".join(parts))
            parts[1::2] = labels
    alike: dict[str, list[bytes]] = {}
    for label, texts in mentions.items():
        texts.sort()
        alike.setdefault(sha256(b"\n".join(texts) + b"\n").hexdigest(), []).append(label)
    del mentions
    canonical: dict[bytes, bytes] = {}
    for first in sorted(alike):
        if len(alike[first]) == 1:
            (label,) = alike.pop(first)
            canonical[label] = b"_:c14n%d" % len(canonical)
    if alike:
        from perezkg.rdf.n_degree import told_apart

        for label in told_apart(cuts, canonical, {first.encode(): alike[first] for first in sorted(alike)}):
            canonical[label] = b"_:c14n%d" % len(canonical)
    return canonical
