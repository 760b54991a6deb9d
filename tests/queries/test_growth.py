"""No canned query grows faster than its answer: as it comes, and about one person where it can be limited to one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from tests import clones
from tests.every_case import ALL
from tests.growth import excess
from tests.queries.test_golden import GIVEN, select

from perezkg.sparql.catalogue import catalogue, find
from perezkg.sparql.engines import open_engine
from perezkg.sparql.parameters import resolve
from perezkg.sparql.prepare import prepare
from perezkg.sparql.results import Solutions, Triples

if TYPE_CHECKING:
    from perezkg import KnowledgeGraph

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    query.name: (query.name, GIVEN.get(query.name, {})) for query in catalogue()
}
CASES |= {
    f"{query.name} {name}": (query.name, {**GIVEN.get(query.name, {}), name: "pz:jefferson-perez"})
    for query in catalogue()
    for name, parameter in query.parameters.items()
    if parameter.kind == "iri" and not parameter.required
}


@cache
def graph(lives: int) -> KnowledgeGraph:
    return clones.graph(lives)


# Over many lives one case in four, unless all are asked for.
STEP = 1 if ALL else 4
GROWING = [pytest.param(case, (1, 5, 16), id=f"{case}-16 lives") for case in CASES] + [
    pytest.param(case, (16, 64), id=f"{case}-64 lives", marks=pytest.mark.slow) for case in [*CASES][::STEP]
]


@pytest.mark.parametrize(("case", "lives"), GROWING)
def test_no_query_grows_faster_than_its_answer(case: str, lives: tuple[int, ...]) -> None:
    name, parameters = CASES[case]
    query = find(name)
    prepared = prepare(query, resolve(query, parameters, "en"))
    engines = {number: open_engine("oxigraph", graph(number).with_concepts) for number in (0, *lives)}

    def ask(number: int) -> int:
        answer = engines[number].run(prepared)
        return len(answer) if isinstance(answer, Solutions | Triples) else 1

    assert excess(ask, lives, lambda number: graph(number).with_concepts) == []


def test_the_lives_share_no_thing() -> None:
    """Twice the lives are twice the data, and twice the answer."""
    one, three = graph(1), graph(3)
    assert len(three.store) == 3 * len(one.store)
    for name in ("medals", "claims", "sources"):
        # Three lives have three subjects, one has one.
        given = GIVEN.get(name, {}) | ({"whose": "everyone"} if name == "medals" else {})
        answers = [select(life, name, **given) for life in (one, three)]
        assert len(answers[1]) == 3 * len(answers[0])
