"""Blank nodes whose statements are alike, told apart by their neighbours: RDFC-1.0's n-degree hashes, with a limit.

A node is hashed with its neighbours, these with theirs, and so on; where several neighbours are alike, in each order.
So the hashes are counted, as section 7 of https://www.w3.org/TR/rdf-canon/ recommends. The count depends on the graph
alone, not on labels, order or machine, because no order is left out on account of what another gave before.

There are fewer than the recommendation would make. Neighbours from which branches of the same shape hang can change
places, so one order of them stands for all; a node that could change places with one that has been hashed is not. In
larger circles this is not done: that ten nodes which all mention each other are refused, is what the recommendation's
own tests ask for. And nothing recurses: lists can be long.
"""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from hashlib import sha256
from heapq import merge

from perezkg.errors import LimitReachedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import Any

MOST_HASHES = 4_500_000
"""So many hashes may be made, however small the graph is: some seconds of work."""

MOST_HASHES_EACH = 64
"""So many more for each blank node: large data in which each has some neighbours are no danger."""

# So many hashes of neighbours are kept, in some 30 MB.
_KEPT = 100_000


def told_apart(
    cuts: list[list[bytes]], canonical: dict[bytes, bytes], alike: dict[bytes, list[bytes]]
) -> Iterator[bytes]:
    """Yield blank nodes in the order in which they get their canonical labels: section 4.4.3, step 5.

    Args:
        cuts: All lines that mention blank nodes, cut at these.
        canonical: The labels of the blank nodes whose statements are like no other's.
        alike: The others by the hash of their statements, in the order of these hashes.

    Raises:
        LimitReachedError: Too many hashes would be needed.
    """
    neighbours = _Neighbours(cuts, canonical, alike)
    nodes = iter(range(len(neighbours.labels)))
    done: set[int] = set()
    for labels in alike.values():
        results = []
        begun: set[int] = set()
        for _, node in zip(labels, nodes, strict=False):
            orbit = neighbours.branches.orbit[node]
            if node not in done and orbit not in begun:
                begun.add(orbit)
                results.append(neighbours.hashed(node))
        for _, order in sorted(results, key=lambda result: result[0]):
            for node in order:
                if node not in done:
                    done.add(node)
                    yield neighbours.labels[node]


class _Neighbours:
    """The blank nodes that are alike, by number, and who is whose neighbour.

    Args:
        cuts: All lines that mention blank nodes, cut at these.
        canonical: The labels of the blank nodes that are like no other.
        alike: The others, by the hash of their statements.

    Attributes:
        labels: Their labels, by number.
        branches: Which of them can change places.
    """

    __slots__ = ("_canonical", "_free", "_issued", "_left", "_names", "_place", "_related", "branches", "labels")

    def __init__(self, cuts: list[list[bytes]], canonical: dict[bytes, bytes], alike: dict[bytes, list[bytes]]) -> None:
        self.labels = [label for labels in alike.values() for label in labels]
        number = {label: node for node, label in enumerate(self.labels)}
        first = [hashed for hashed, labels in alike.items() for _ in labels]
        # Of its neighbours that have a canonical label, hash and label; of the others, position and number.
        with_label: list[set[tuple[bytes, bytes]]] = [set() for _ in first]
        without: list[set[tuple[bytes, int]]] = [set() for _ in first]
        mentions: list[list[list[bytes]]] = [[] for _ in first]
        for parts in cuts:
            for label in {label for label in parts[1::2] if label in number}:
                node = number[label]
                mentions[node].append(parts)
                if len(parts) > 3:
                    for position, other in zip(_positions(parts), parts[1::2], strict=True):
                        if other in canonical:
                            with_label[node].add((_hash(position + canonical[other]), canonical[other]))
                        elif other != label:
                            without[node].add((position, number[other]))
        self._canonical = [tuple(found) for found in with_label]
        self._free = [
            [(position, other, _hash(position + first[other])) for position, other in found] for found in without
        ]
        self.branches = _Branches(
            self.labels, canonical, mentions, [{other for _, other in found} for found in without]
        )
        self._left = MOST_HASHES + MOST_HASHES_EACH * (len(canonical) + len(first))
        self._related = lru_cache(_KEPT)(_hash_of_issued)
        # What the temporary issuer has issued: nodes in order, and for each node its place there, or -1.
        self._issued: list[int] = []
        self._place = [-1] * len(first)
        self._names: list[bytes] = []

    def hashed(self, node: int) -> tuple[bytes, list[int]]:
        """Return the hash of a node with all that it is joined with, and these in the order in which they were met.

        Raises:
            LimitReachedError: Too many hashes have been made.
        """
        self._issue(node)
        stack = [self._hashing(node)]
        result: Any = None
        while stack:
            try:
                following = stack[-1].send(result)
            except StopIteration as end:
                result = end.value
                stack.pop()
            else:
                stack.append(self._hashing(following))
                result = None
        return result, self._take_back(0)

    def _issue(self, node: int) -> bytes:
        place = self._place[node] = len(self._issued)
        self._issued.append(node)
        if place == len(self._names):
            self._names.append(b"_:b%d" % place)
        return self._names[place]

    def _take_back(self, size: int) -> list[int]:
        """Take back all labels but the first, and return whose they were."""
        nodes = self._issued[size:]
        del self._issued[size:]
        for node in nodes:
            self._place[node] = -1
        return nodes

    def _related_to(self, node: int) -> list[tuple[bytes, bytes | int]]:
        """Return the neighbours of a node by their hashes, in order: the label if there is one, else the number."""
        free, canonical = self._free[node], self._canonical[node]
        self._left -= 1 + len(free) + len(canonical)
        if self._left < 0:
            raise _limit_reached(free[0][0] if free else b"")
        place, names, related = self._place, self._names, self._related
        found: list[tuple[bytes, bytes | int]] = [
            (unknown, other) if (at := place[other]) < 0 else (related(position, at), names[at])
            for position, other, unknown in free
        ]
        found += canonical
        found.sort()
        return found

    def _hashing(self, node: int) -> Generator[int, Any, bytes]:
        """Hash a node: section 4.8.3. Yields the nodes whose hashes it needs, and is sent these."""
        # As long as only one neighbour has no label, it is the one way to go on, and there is nothing to choose.
        way: list[tuple[bytes, bytes]] = []
        while True:
            related = self._related_to(node)
            texts: list[bytes] = []
            before, following = b"", -1
            for hashed, other in related:
                texts.append(hashed)
                if isinstance(other, bytes):
                    texts.append(other)
                elif following < 0:
                    following = other
                    before, texts = b"".join(texts), []
                else:
                    break
            else:
                if following < 0:
                    result = _hash(b"".join(texts))
                    break
                label = self._issue(following)
                way.append((b"%b%b%b<" % (before, label, label), b">" + b"".join(texts)))
                node = following
                continue
            result = yield from self._choosing(node, related)
            break
        while way:
            before, after = way.pop()
            result = _hash(before + result + after)
        return result

    def _choosing(self, node: int, related: list[tuple[bytes, bytes | int]]) -> Generator[int, Any, bytes]:
        """Do the same where several neighbours have no label: steps 4 to 6."""
        texts: list[bytes] = []
        groups: dict[bytes, list[int]] = {}
        for hashed, other in related:
            if isinstance(other, int):
                groups.setdefault(hashed, []).append(other)
        for hashed, other in related:
            if isinstance(other, bytes):
                texts += hashed, other
            elif (group := groups.pop(hashed, None)) is not None:
                if len(group) > 1:
                    texts += hashed, (yield from self._chosen_path(node, group))
                elif (at := self._place[other]) >= 0:
                    texts += hashed, self._names[at]
                else:
                    label = self._issue(other)
                    texts += hashed, label, label, b"<", (yield other), b">"
        return _hash(b"".join(texts))

    def _chosen_path(self, node: int, group: list[int]) -> Generator[int, Any, bytes]:
        """Return the least path through neighbours that are alike, and leave issued what it issues: step 5."""
        known = [self._names[self._place[other]] for other in group if self._place[other] >= 0]
        others = [other for other in group if self._place[other] < 0]
        size = len(self._issued)
        best: bytes | None = None
        chosen: list[int] = []
        orders = self.branches.orders(node, others)
        order = next(orders, None)
        while order is not None:
            labels = [self._issue(other) for other in order]
            # A path begins with all labels. New ones follow each other by number; of the orders that are left, only the
            # least can win. No label begins another, once what follows it is looked at.
            path = list(merge(sorted(known, key=_followed), labels, key=_followed)) if known else labels.copy()
            for other, label in zip(order, labels, strict=True):
                path += label, b"<", (yield other), b">"
            text = b"".join(path)
            order = next(orders, None)
            if best is None or text < best:
                best = text
                if order is None:  # and what it has issued stays
                    return best
                chosen = self._issued[size:]
            self._take_back(size)
        for other in chosen:
            self._issue(other)
        return best or b""


def _hash(text: bytes) -> bytes:
    return sha256(text).hexdigest().encode()


def _hash_of_issued(position: bytes, place: int) -> bytes:
    return _hash(position + b"_:b%d" % place)


def _followed(label: bytes) -> bytes:
    return label + b"_"


def _positions(parts: list[bytes]) -> list[bytes]:
    """Return for each label of a line its position and the predicate, as Hash Related Blank Node has them: section 4.7.

    RDFC-1.0 knows no triple terms; positions in them are named as pyoxigraph does: subject "os", object "oo".

    >>> from perezkg.rdf.canonical_labels import cut
    >>> _positions(cut(b"_:a <p:> <<( _:b <q:> _:c )>> _:d ."))
    [b's<p:>', b'os<p:>', b'oo<p:>', b'g']
    """
    predicate = parts[0 if parts[0] else 2].split(b" ", 2)[1]
    found = []
    before = b""
    for text, label, after in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        before += text
        if not before:
            found.append(b"s" + predicate)
        elif text.endswith(b"<<( "):
            found.append(b"o" * before.count(b"<<( ") + b"s" + predicate)
        elif after.startswith(b" )>>"):
            found.append(b"o" * before.count(b"<<( ") + b"o" + predicate)
        elif before.count(b" ") == 2:
            found.append(b"o" + predicate)
        else:
            found.append(b"g")
        before += label
    return found


class _Branches:
    """Blank nodes by number, each with what hangs on it when it is looked at from the middle of the tree.

    Args:
        labels: The label of each node.
        canonical: Blank nodes that have a label for good, and stay where they are.
        mentions: For each node the lines that mention it, cut at their blank nodes.
        neighbours: For each node the others of `labels` that it shares a line with.

    Attributes:
        orbit: The same number for nodes that can change places, the way to the middle being of the same shape, too.
    """

    __slots__ = ("_above", "_shape", "orbit")

    def __init__(
        self,
        labels: list[bytes],
        canonical: dict[bytes, bytes],
        mentions: list[list[list[bytes]]],
        neighbours: list[set[int]],
    ) -> None:
        self._above = above = [-1] * len(labels)
        self._shape = shape = [-1] * len(labels)
        hanging: list[list[int]] = [[] for _ in labels]
        known: dict[object, int] = {}
        open_ends = [len(found) for found in neighbours]
        leaves = deque(node for node, ends in enumerate(open_ends) if ends == 1)
        inwards = []
        # Layer by layer: so the middle stays, whichever leaf came first.
        while leaves:
            node = leaves.popleft()
            if open_ends[node] != 1:  # the middle itself
                continue
            (parent,) = (other for other in neighbours[node] if above[other] < 0)
            ends = {labels[node]: b"_:a", labels[parent]: b"_:z"}
            statements = sorted(
                [ends.get(part) or canonical.get(part, part) for part in parts]
                for parts in mentions[node]
                if all(label in ends or label in canonical for label in parts[1::2])
            )
            form = (tuple(map(tuple, statements)), tuple(sorted(shape[other] for other in hanging[node])))
            shape[node] = known.setdefault(form, len(known))
            above[node] = parent
            hanging[parent].append(node)
            open_ends[parent] -= 1
            if open_ends[parent] == 1:
                leaves.append(parent)
            inwards.append(node)
        self.orbit = list(range(len(labels)))
        orbits: dict[tuple[int, int], int] = {}
        for node in reversed(inwards):
            self.orbit[node] = orbits.setdefault((self.orbit[above[node]], shape[node]), node)

    def orders(self, node: int, others: list[int]) -> Iterator[list[int]]:
        """Yield neighbours of a node in each order that makes a difference."""
        shapes = [self._shape[other] if self._above[other] == node else -1 - other for other in others]
        if len(set(shapes)) <= 1:
            yield others
            return
        alike: dict[int, list[int]] = {}
        for other, shape in zip(others, shapes, strict=True):
            alike.setdefault(shape, []).append(other)
        for order in _arrangements(shapes):
            waiting = {shape: iter(found) for shape, found in alike.items()}
            yield [next(waiting[shape]) for shape in order]


def _arrangements(numbers: list[int]) -> Iterator[list[int]]:
    """Yield numbers, of which some may be equal, in each different order.

    >>> ["".join(map(str, order)) for order in _arrangements([1, 2, 1])]
    ['112', '121', '211']
    """
    order = sorted(numbers)
    while True:
        yield order
        at = len(order) - 2
        while at >= 0 and order[at] >= order[at + 1]:
            at -= 1
        if at < 0:
            return
        least = len(order) - 1
        while order[least] <= order[at]:
            least -= 1
        order[at], order[least] = order[least], order[at]
        order[at + 1 :] = reversed(order[at + 1 :])


def _limit_reached(position: bytes) -> LimitReachedError:
    joined = f" One of these joins them: {position[1:].decode()}." if position[1:] else ""
    return LimitReachedError(
        "blank nodes are so much alike that RDFC-1.0 would need too many hashes to label them "
        f"(more than {MOST_HASHES:,}, and {MOST_HASHES_EACH} for each blank node)",
        hint="Give some of them IRIs, or a property that tells them apart, such as a number." + joined,
    )
