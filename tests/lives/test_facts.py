"""Other lives told in full: each numbered fact of two proses by triples, each node from a fact, without a fault.

The proses lie in `../shared/lives` beside the checkout, or where the environment variable PEREZKG_LIVES says; their
words are not copied. `bolt.toml` and `robertson.toml` say which triples tell each fact.
"""

from __future__ import annotations

import os
import re
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

import perezkg
from perezkg.sparql.results import Boolean, Solutions

HERE = Path(__file__).parent
PROSES = Path(os.environ.get("PEREZKG_LIVES") or HERE.parents[2] / "shared" / "lives").resolve()
COUNTS = {"bolt": 32, "robertson": 30}
LIVES = (*COUNTS, "sawa")
PATTERNS = {life: tomllib.loads((HERE / f"{life}.toml").read_text("utf-8"))["facts"] for life in COUNTS}
PREFIXES = """
PREFIX ex: <https://example.org/id/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sport: <https://w3id.org/perezkg/sport#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
FACTS = [(life, int(number)) for life, patterns in PATTERNS.items() for number in patterns]


@pytest.fixture(scope="module")
def graphs() -> dict[str, perezkg.KnowledgeGraph]:
    return {life: perezkg.load(HERE / f"{life}.ttl") for life in LIVES}


def asked(graph: perezkg.KnowledgeGraph, query: str) -> bool:
    answer = graph.sparql(PREFIXES + query)
    assert isinstance(answer, Boolean)
    return answer.value


def column(graph: perezkg.KnowledgeGraph, query: str) -> list[str]:
    answer = graph.sparql(PREFIXES + query)
    assert isinstance(answer, Solutions)
    return [str(row["x"]) for row in answer]


@pytest.mark.parametrize("life", LIVES)
def test_a_life_conforms_without_a_warning(graphs: dict[str, perezkg.KnowledgeGraph], life: str) -> None:
    report = graphs[life].validate(fail_on="warning")
    assert report.conforms, str(report)


@pytest.mark.parametrize("life", COUNTS)
def test_each_fact_of_a_prose_is_told(life: str) -> None:
    assert [number for name, number in FACTS if name == life] == list(range(1, COUNTS[life] + 1))


@pytest.mark.parametrize(("life", "number"), FACTS)
def test_the_triples_of_a_fact(graphs: dict[str, perezkg.KnowledgeGraph], life: str, number: int) -> None:
    """They are there, and a node that they are about cites the fact."""
    pattern = PATTERNS[life][str(number)]
    assert asked(graphs[life], f"ASK {{ {pattern} }}"), pattern
    cited = column(
        graphs[life],
        f"SELECT ?x {{ ?x prov:wasDerivedFrom [ oa:hasSource ex:life-of-{life} ; sport:position {number} ] }}",
    )
    subjects = {f"https://example.org/id/{name}" for name in re.findall(r"(?m)^ex:([\w-]+) ", pattern)}
    assert subjects & set(cited), f"fact {number} is cited by {cited}"


@pytest.mark.parametrize("life", COUNTS)
def test_each_node_cites_a_fact(graphs: dict[str, perezkg.KnowledgeGraph], life: str) -> None:
    of_the_prose = f"{{ ?x prov:wasDerivedFrom/oa:hasSource ex:life-of-{life} }}"
    told = """?x a ?class . FILTER(STRSTARTS(STR(?class), STR(sport:)) && STRSTARTS(STR(?x), STR(ex:)))
        FILTER(?class != sport:Source)"""
    assert column(graphs[life], f"SELECT ?x {{ {told} FILTER NOT EXISTS {of_the_prose} }}") == []
    assert len(column(graphs[life], f"SELECT ?x {{ {told} FILTER EXISTS {of_the_prose} }}")) > 100


@pytest.mark.parametrize("life", COUNTS)
def test_the_passages_are_the_numbered_facts(graphs: dict[str, perezkg.KnowledgeGraph], life: str) -> None:
    if not (PROSES / f"{life}.md").is_file():
        pytest.skip(f"{PROSES / life}.md is not here; set PEREZKG_LIVES to the folder that has it")
    text = (PROSES / f"{life}.md").read_text("utf-8")
    answer = graphs[life].sparql(
        PREFIXES
        + """SELECT ?number ?start ?end ?digest { ?x sport:position ?number ; sport:sha256 ?digest ;
            oa:hasSelector [ oa:start ?start ; oa:end ?end ] } ORDER BY ?number"""
    )
    assert isinstance(answer, Solutions)
    rows = [[str(row[name]) for name in ("number", "start", "end", "digest")] for row in answer]
    assert len(rows) == COUNTS[life]
    for number, start, end, digest in rows:
        passage = text[int(start) : int(end)]
        assert passage.startswith(f"{number}. ")
        assert text[int(end)] == "\n"
        assert sha256(passage.encode()).hexdigest() == digest
    whole = f'ex:life-of-{life} sport:characters {len(text)} ; sport:sha256 "{sha256(text.encode()).hexdigest()}"'
    assert asked(graphs[life], f"ASK {{ {whole} }}")
