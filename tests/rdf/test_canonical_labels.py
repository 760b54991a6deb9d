"""The labels of RDFC-1.0: as the recommendation's own tests and pyoxigraph have them, and never without an end."""

from __future__ import annotations

import json
import random
import resource
from hashlib import sha256
from itertools import permutations
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse, serialize

from perezkg import errors
from perezkg.rdf import n_degree
from perezkg.rdf.canonical_labels import canonical_labels, canonically_labelled, cut
from perezkg.rdf.nodes import canonical_lines
from perezkg.sparql.results import ordered_triples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Memory, Run

    Graph = Callable[[], Iterator[str]]
    Measured = Callable[[Iterator[str]], tuple[int, str]]

ROOT = Path(__file__).parents[2]
SUITE = ROOT.parent / "shared" / "suites" / "rdf-canon" / "tests" / "rdfc10"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


# The recommendation's tests; those of whole documents are in tests/suites

MAPS = sorted(path.name[:7] for path in SUITE.glob("*-rdfc10map.json") if path.name[:7] != "test075")  # SHA-384


def suite(name: str) -> list[bytes]:
    if not SUITE.exists():
        pytest.skip("the suite rdf-canon is not in ../shared/suites")
    quads = parse((SUITE / f"{name}-in.nq").read_bytes(), RdfFormat.N_QUADS)
    return list(dict.fromkeys((serialize(quads, format=RdfFormat.N_QUADS) or b"").split(b"\n")[:-1]))


@pytest.mark.parametrize("name", MAPS or ["test003"])
def test_which_label_becomes_which(name: str) -> None:
    found = canonical_labels([cut(line) for line in suite(name)])
    expected = json.loads((SUITE / f"{name}-rdfc10map.json").read_text())
    assert {old.decode()[2:]: new.decode()[2:] for old, new in found.items()} == expected


def test_the_clique_of_the_suite_is_refused() -> None:
    with pytest.raises(errors.LimitReachedError, match=r"more than 4,500,000, and 64 for each blank node") as caught:
        canonically_labelled(suite("test074"))
    assert caught.value.exit_status == 5
    assert "Give some of them IRIs" in caught.value.hint
    assert "<http:/example.com/p>" in caught.value.hint


# Another implementation

NODES = st.sampled_from([f"_:{name}" for name in "abcde"])
EDGES = st.tuples(NODES, st.sampled_from(["<p:>", "<q:>"]), NODES).map(" ".join)
VALUES = st.tuples(NODES, st.just("<p:>"), st.sampled_from(['"x"', '"_:y \\" <<( _:z"@en', "<o:_:x>"])).map(" ".join)
# With three blank nodes in a line, RDFC-1.0 need not have one form: it does not tell which of them stand together.
STARS = st.one_of(
    st.tuples(NODES, st.just("<p:> <<("), NODES, st.just('<q:> "_:x )>>" )>>')).map(" ".join),
    st.tuples(NODES, st.just("<p:> <<( <s:> <q:>"), NODES, st.just(")>>")).map(" ".join),
    st.tuples(st.just("<s:> <p:> <<("), NODES, st.just("<q:>"), NODES, st.just(")>>")).map(" ".join),
)


@st.composite
def forests(draw: st.DrawFn) -> set[str]:
    """Trees, one or several of the same shape, with at most one way between two of them."""
    above = [draw(st.integers(0, number)) for number in range(draw(st.integers(1, 4)))]
    inwards = [draw(st.booleans()) for _ in above]
    marked = [draw(st.booleans()) for _ in range(len(above) + 1)]
    copies = range(draw(st.integers(1, 3)))
    lines = set()
    for copy in copies:
        for node, (parent, inward) in enumerate(zip(above, inwards, strict=True), 1):
            ends = [f"_:t{copy}n{parent}", f"_:t{copy}n{node}"]
            lines.add(" <p:> ".join(ends[::-1] if inward else ends))
        lines |= {f'_:t{copy}n{node} <p:> "x"' for node, mark in enumerate(marked) if mark}
    if draw(st.booleans()):
        lines.add(f"_:t0n{draw(st.integers(0, len(above)))} <p:> _:t{copies[-1]}n{draw(st.integers(0, len(above)))}")
    return lines


GRAPHS = st.one_of(
    st.sets(st.one_of(EDGES, VALUES), max_size=9),
    st.sets(st.one_of(EDGES, VALUES, STARS), max_size=5),
    st.tuples(st.sets(EDGES, max_size=6), st.sampled_from(["<g:>", "_:g"])).map(
        lambda found: {f"{edge} {found[1]}" for edge in found[0]}
    ),
    forests(),
)


def of_pyoxigraph(lines: list[bytes]) -> list[bytes]:
    dataset = Dataset(parse(b"\n".join(lines), RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((serialize(dataset, format=RdfFormat.N_QUADS) or b"").split(b"\n")[:-1])


def shuffled(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """Return the same graph in another order and with other labels."""
    cuts = [cut(line) for line in lines]
    labels = sorted({label for parts in cuts for label in parts[1::2]})
    others = [b"_:x%d" % number for number in range(len(labels))]
    chance.shuffle(others)
    names = dict(zip(labels, others, strict=True))
    for parts in cuts:
        parts[1::2] = [names[label] for label in parts[1::2]]
    chance.shuffle(cuts)
    return [b"".join(parts) for parts in cuts]


@settings(max_examples=600, deadline=None)
@given(GRAPHS, st.randoms(use_true_random=False))
def test_labels_are_those_of_pyoxigraph(graph: set[str], chance: random.Random) -> None:
    lines = [f"{line} .".encode() for line in graph]
    expected = of_pyoxigraph(lines)
    assert sorted(canonically_labelled(lines)) == expected
    assert sorted(canonically_labelled(shuffled(lines, chance))) == expected


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[bytes]], int]:
    """Count the hashes that a graph takes."""

    class Counted(n_degree._Neighbours):
        __slots__ = ()

        def __init__(self, *given: object) -> None:
            super().__init__(*given)  # type: ignore[arg-type]
            made.append(self)

    made: list[Counted] = []
    monkeypatch.setattr(n_degree, "_Neighbours", Counted)

    def counted(lines: list[bytes]) -> int:
        made.clear()
        nodes = {label for line in lines for label in cut(line)[1::2]}
        canonically_labelled(lines)
        return sum(n_degree.MOST_HASHES + n_degree.MOST_HASHES_EACH * len(nodes) - one._left for one in made)

    return counted


# Graphs that are hard to label


def members(number: int) -> Iterator[str]:
    """A list of equal values."""
    for at in range(number):
        yield f'_:n{at} <{RDF}first> "x"'
        yield f"_:n{at} <{RDF}rest> " + (f"_:n{at + 1}" if at < number - 1 else f"<{RDF}nil>")


def clique(number: int) -> Iterator[str]:
    return (f"_:n{one} <p:> _:n{other}" for one in range(number) for other in range(number))


def bipartite(number: int) -> Iterator[str]:
    return (f"_:n{one} <p:> _:m{other}" for one in range(number) for other in range(number))


def ring(number: int) -> Iterator[str]:
    return (f"_:n{at} <p:> _:n{(at + 1) % number}" for at in range(number))


def grid(number: int, down: str = "<q:>") -> Iterator[str]:
    for row in range(number):
        for column in range(number):
            if row + 1 < number:
                yield f"_:n{row}m{column} {down} _:n{row + 1}m{column}"
            if column + 1 < number:
                yield f"_:n{row}m{column} <p:> _:n{row}m{column + 1}"


def both_ways(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line
        yield " ".join(line.split(" ")[::-1])


def binary_tree(number: int) -> Iterator[str]:
    return (f"_:n{(at - 1) // 2} <p:> _:n{at}" for at in range(1, number))


def pairs(number: int) -> Iterator[str]:
    for at in range(number):
        yield f"_:n{at} <p:> _:m{at}"
        yield f'_:m{at} <p:> "x"'


def copies(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        for name in "abc":
            parts = cut(f"{line} .".encode())
            parts[1::2] = [label + name.encode() for label in parts[1::2]]
            yield b"".join(parts).decode()[:-2]


def as_lines(graph: Iterator[str]) -> list[bytes]:
    return [f"{line} .".encode() for line in graph]


EASY: dict[str, Graph] = {
    "list of 1,000": lambda: members(1000),
    "3 lists of 10,000": lambda: copies(members(10_000)),
    "clique of 8": lambda: clique(8),
    "ring of 1,000": lambda: ring(1000),
    "grid of 30 x 30": lambda: grid(30),
    "3 grids": lambda: copies(grid(30)),
    "tree of 8,191": lambda: binary_tree(8191),
    "3 trees": lambda: copies(binary_tree(8191)),
    "two with 3,000 branches": lambda: (f"_:n{one} <p:> _:n{one}m{other}" for one in range(2) for other in range(3000)),
    "20,000 pairs": lambda: pairs(20_000),
}
HARD: dict[str, Graph] = {
    "list of 10,000": lambda: members(10_000),
    "3 cliques of 8": lambda: copies(clique(8)),
    "clique of 10": lambda: clique(10),
    "3 cliques of 10": lambda: copies(clique(10)),
    "clique of 30": lambda: clique(30),
    "3 cliques of 30": lambda: copies(clique(30)),
    "bipartite of 12 and 12": lambda: bipartite(12),
    "3 bipartite": lambda: copies(bipartite(12)),
    "3 rings": lambda: copies(ring(1000)),
    "ring both ways": lambda: both_ways(ring(1000)),
    "grid of one property": lambda: grid(30, "<p:>"),
    "grid both ways": lambda: both_ways(grid(30, "<p:>")),
}


@pytest.mark.parametrize(
    "graph",
    [members(40), copies(members(12)), clique(5), bipartite(4), both_ways(ring(9)), grid(5), copies(binary_tree(15))],
    ids=["list", "lists", "clique", "bipartite", "ring", "grid", "trees"],
)
def test_smaller_graphs_of_these_kinds(graph: Iterator[str], hashes: Callable[[list[bytes]], int]) -> None:
    lines = as_lines(graph)
    assert sorted(canonically_labelled(lines)) == of_pyoxigraph(lines)
    chance = random.Random(1)  # noqa: S311 - the same each time
    assert len({hashes(shuffled(lines, chance)) for _ in range(5)}) == 1, "neither labels nor order cost anything"


@pytest.mark.parametrize("seed", range(40))
def test_branches_that_begin_alike(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    tree = [f"_:n{chance.randint(max(0, node - 3), node - 1)} <p:> _:n{node}" for node in range(1, 10)]
    lines = as_lines(copies(iter(tree)))
    assert sorted(canonically_labelled(lines)) == of_pyoxigraph(lines)


def hash_as_written(node: bytes, issued: dict[bytes, bytes], lines: list[bytes]) -> tuple[str, dict[bytes, bytes]]:
    """Hash N-Degree Quads of triples that are alike, word by word: section 4.8.3 of RDFC-1.0."""
    groups: dict[str, set[bytes]] = {}
    for parts in map(cut, lines):
        for label, position in zip(parts[1::2], "so", strict=True):
            if node in parts[1::2] and label != node:
                known = issued.get(label, FIRST)
                text = position.encode() + parts[2].strip() + known
                groups.setdefault(sha256(text).hexdigest(), set()).add(label)
    data = ""
    for related in sorted(groups):
        found: list[tuple[str, dict[bytes, bytes]]] = []
        for order in permutations(groups[related]):
            path, copy = "", dict(issued)
            for other in order:
                path += copy.setdefault(other, b"_:b%d" % len(copy)).decode()
            for other in order:
                if other not in issued:
                    hashed, after = hash_as_written(other, copy, lines)
                    path += f"{copy[other].decode()}<{hashed}>"
                    copy = after
            found.append((path, copy))
        path, issued = min(found, key=lambda result: result[0])
        data += related + path
    return sha256(data.encode()).hexdigest(), issued


FIRST = b"0" * 64


@pytest.mark.parametrize("seed", [*range(60), 6184, 63433])
def test_hashes_are_those_of_the_recommendation(seed: int) -> None:
    """Some of these graphs reach nodes with labels like _:b1 and _:b10 on two ways: a path begins with _:b10 then."""
    chance = random.Random(seed)  # noqa: S311
    number = chance.randint(6, 13)
    graph = {
        f"_:n{chance.randint(max(0, node - 2), node - 1)} <{chance.choice('pq')}:> _:n{node}"
        for node in range(1, number)
    }
    for _ in range(chance.randint(1, 4)):
        graph.add(f"_:n{chance.randrange(number)} <{chance.choice('pq')}:> _:n{chance.randrange(number)}")
    lines = as_lines(iter(sorted(graph)))
    nodes = [b"_:n%d" % node for node in range(number)]
    neighbours = n_degree._Neighbours([cut(line) for line in lines], {}, {FIRST: nodes})
    for node, label in enumerate(nodes):
        hashed, order = neighbours.hashed(node)
        expected, issued = hash_as_written(label, {label: b"_:b0"}, lines)
        assert hashed.decode() == expected
        assert len(order) == len(issued)


@pytest.mark.parametrize(
    ("graph", "at_most"),
    [
        (lambda: members(100), 3 * 100 * 100),
        (lambda: copies(members(2000)), 3 * 7 * 2000),
        (lambda: ring(100), 3 * 100 * 100),
        (lambda: binary_tree(8191), 5 * 8191),
        (lambda: copies(binary_tree(1023)), 16 * 3 * 1023),
        (lambda: pairs(5000), 5 * 5000),
    ],
    ids=["list", "lists", "ring", "tree", "trees", "pairs"],
)
def test_what_is_large_and_simple_takes_few_hashes(
    graph: Graph, at_most: int, hashes: Callable[[list[bytes]], int]
) -> None:
    assert 0 < hashes(as_lines(graph())) <= at_most


def test_more_blank_nodes_may_take_more_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(n_degree, "MOST_HASHES", 10)
    assert len(canonically_labelled(as_lines(pairs(500)))) == 1000
    with pytest.raises(errors.LimitReachedError):
        canonically_labelled(as_lines(members(100)))


def test_blank_nodes_within_triple_terms_alone_are_labelled() -> None:
    """An answer with nothing else that is blank had other labels each time."""
    text = b"<s:> <p:> <<( _:x <p:> <<( _:y <q:> _:x )>> )>> ."
    triples = [quad.triple for quad in parse(text, RdfFormat.N_QUADS, rename_blank_nodes=True)]
    assert list(map(str, ordered_triples(triples))) == [line[:-2] for line in canonical_lines(triples)]


@pytest.mark.slow
@pytest.mark.parametrize("name", EASY)
def test_hard_graphs_that_are_labelled(name: str, measured: Measured) -> None:
    status, _ = measured(EASY[name]())
    assert status == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD)
def test_hard_graphs_that_are_refused(name: str, measured: Measured) -> None:
    status, told = measured(HARD[name]())
    assert status == 5
    assert "Give some of them IRIs" in told


@pytest.fixture
def measured(process: Run, memory: Memory, tmp_path: Path) -> Measured:
    """Have a graph exported by a process of its own, which may work as long as 40 million hashes take and have 1 GiB.

    MOST_HASHES is a ninth of that; each is of many lines, and what is hashed has to be found.
    """

    def million_hashes() -> float:
        begun = process_time()
        for number in range(1_000_000):
            sha256(b"%d" % number).hexdigest()
        return process_time() - begun

    def run(graph: Iterator[str]) -> tuple[int, str]:
        (tmp_path / "bomb.nt").write_bytes(b"\n".join(as_lines(graph)))
        begun = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = process("export", "--data", "bomb.nt", "-f", "ntriples", env=memory.environment)
        done = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.ru_utime + done.ru_stime - begun.ru_utime - begun.ru_stime < 40 * million_hashes()
        assert memory.peak() < 1024
        return ended.status, ended.err

    return run


# Doors

DOORS: dict[str, list[str]] = {
    "info": ["info", "--data", "bomb.nt"],
    "export": ["export", "--data", "bomb.nt", "-f", "ntriples"],
    "export to Turtle": ["export", "--data", "bomb.nt", "-f", "turtle"],
    "export to files": ["export", "--data", "bomb.nt", "-f", "nquads", "--split", "10", "-o", "out.nq"],
    "query": ["query", "-e", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "--data", "bomb.nt"],
    "query by rdflib": [
        "query",
        "-e",
        "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
        "--data",
        "bomb.nt",
        "--engine",
        "rdflib",
    ],
}


@pytest.mark.parametrize("door", DOORS)
def test_the_limit_at_each_door(door: str, command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(n_degree, "MOST_HASHES", 20_000)
    (tmp_path / "bomb.nt").write_bytes(b"\n".join(as_lines(clique(8))))
    ended = command(*DOORS[door])
    assert (ended.status, ended.out) == (5, "")
    assert ended.err.startswith(
        "perezkg: error: blank nodes are so much alike that RDFC-1.0 would need too many hashes"
    )
    assert "Give some of them IRIs" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["bomb.nt"]
