"""Whatever RDF there is comes back from a store as it went there; and it takes little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, serialize

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Memory, Run
    from tests.stores.loading.fake_store import FakeStore

XSD = "http://www.w3.org/2001/XMLSchema#"
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
IRIS = st.sampled_from([f"http://e.org/{name}" for name in ("a", "b", "é", "x#y", "%20")]).map(NamedNode)
LITERALS = st.one_of(
    TEXT.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXT, st.sampled_from(["en", "es-ec", "zh-hant"])),
    st.builds(
        lambda text, kind: Literal(text, datatype=NamedNode(kind)),
        st.sampled_from(["1", "01", "2.50", "PT5S", "PT0S", "true", "1985-08-11", "_:a", '"']),
        st.sampled_from([XSD + "integer", XSD + "decimal", XSD + "dayTimeDuration", XSD + "date", "http://e.org/own"]),
    ),
)


def nodes(graph: str) -> st.SearchStrategy[BlankNode]:
    """Blank nodes that no other graph speaks of."""
    return st.sampled_from("abc").map(lambda name: BlankNode(f"{name}{len(graph)}"))


def quads(graph: str) -> st.SearchStrategy[list[Quad]]:
    name = NamedNode(graph) if graph else DefaultGraph()
    subjects = st.one_of(IRIS, nodes(graph))
    objects = st.one_of(subjects, LITERALS)
    return st.lists(st.builds(lambda s, p, o: Quad(s, p, o, name), subjects, IRIS, objects), min_size=1, max_size=12)


@pytest.mark.parametrize("kind", ["oxigraph", "generic", "rdf4j"])
def test_whatever_there_is_comes_back(
    kind: str, start: Callable[[str], FakeStore], command: Run, tmp_path: Path
) -> None:
    store = start(kind)
    path = tmp_path / "data.nq"

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(quads(""), quads("http://e.org/graph"))
    def check(first: list[Quad], second: list[Quad]) -> None:
        path.write_bytes(serialize([*first, *second], format=RdfFormat.N_QUADS) or b"")
        ended = command("load", store.url, path, "--store", kind, "--replace")
        assert ended.status == 0, ended.err
        diff = command("diff", store.url, path, "--store", kind)
        assert (diff.status, diff.out) == (0, "")
        assert store.remains() == []

    check()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["oxigraph", "generic"])
def test_memory_does_not_grow_with_the_data(
    kind: str, start: Callable[[str], FakeStore], process: Run, memory: Memory, tmp_path: Path
) -> None:
    peaks = []
    for count in (50_000, 400_000):
        store = start(kind)
        path = tmp_path / "data.nt"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(
                f'<http://e.org/{n}> <http://e.org/name> "the name of number {n}" .\n' for n in range(count)
            )
        ended = process("load", store.url, path, "--store", kind, env=memory.environment)
        assert ended.status == 0, ended.err
        peaks.append(memory.peak())
        store.stop()
    assert peaks[1] < 2.5 * peaks[0], "eight times the data"
    assert peaks[1] < 200, peaks
