"""What the tests of reasoning share: the graphs, HermiT, and the OWL RL closure."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import owlrl  # type: ignore[import-untyped]
import pytest
import rdflib.term
from rdflib import OWL, RDF, BNode, Graph, URIRef
from rdflib.term import Node

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DATA_NAMESPACES = tuple(f"https://w3id.org/perezkg/{place}/" for place in ("id", "source"))
PREFIXES = "".join(
    f"@prefix {prefix}: <{namespace}> .\n"
    for prefix, namespace in {
        "bio": "https://w3id.org/perezkg/source/biography#",
        "oa": "http://www.w3.org/ns/oa#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "pz": "https://w3id.org/perezkg/id/",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "sport": "https://w3id.org/perezkg/sport#",
        "src": "https://w3id.org/perezkg/source/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }.items()
)


class Verdict(NamedTuple):
    """What HermiT and the OWL API say of an ontology.

    Attributes:
        finding: consistent or inconsistent; refused when HermiT will not reason about it, because it is not OWL 2 DL.
        unsatisfiable: The classes that can have no member.
        not_dl: The violations of the profile OWL 2 DL.
    """

    finding: str
    unsatisfiable: list[str]
    not_dl: list[str]


Judge = Callable[[dict[str, Graph]], dict[str, Verdict]]
Types = dict[str, set[str]]


def merged(names: Iterable[str]) -> Graph:
    """Read Turtle files together as one ontology: the header of the first stands for all."""
    graph = Graph()
    for name in names:
        graph.parse(ROOT / name, format="turtle")
    for header in sorted(graph.subjects(RDF.type, OWL.Ontology), key=str)[1:]:
        graph.remove((header, None, None))
    return graph


@cache
def _data_files() -> tuple[str, ...]:
    return tuple(sorted(f"data/{path.name}" for path in (ROOT / "data").glob("*.ttl")))


@pytest.fixture(scope="session")
def whole() -> Graph:
    """The vocabulary, the concepts and all data."""
    return merged(["ontology/sport.ttl", "ontology/concepts.ttl", *_data_files()])


@pytest.fixture(scope="session")
def sample(whole: Graph) -> Graph:
    """The vocabulary and a few nodes of each kind that tests plant axioms for: a closure of it takes a second."""
    names = (
        "jefferson-perez olympic-games-1996 olympic-games-1996-walk perez-olympic-games-1996 atlanta "
        "school-eugenio-espejo perez-quezada-family work-for-family limited-economic-means race-aid"
    )
    graph = merged(["ontology/sport.ttl"])
    for name in names.split():
        node = URIRef(f"https://w3id.org/perezkg/id/{name}")
        assert (node, None, None) in whole, name
        graph += whole.triples((node, None, None))
    return graph


@pytest.fixture(scope="session")
def ontology_files() -> dict[str, Graph]:
    """What must be OWL 2 DL: each file of the ontology, and all of them with the data."""
    sport = "ontology/sport.ttl"
    files = {"sport": [sport], "concepts": [sport, "ontology/concepts.ttl"]}
    files["alignments"] = [*files["concepts"], "ontology/alignments.ttl"]
    files["data"] = [*files["alignments"], *_data_files()]
    return {name: merged(paths) for name, paths in files.items()}


@pytest.fixture(scope="session")
def extended(whole: Graph) -> Callable[[str], Graph]:
    """Add a few triples of Turtle to the whole graph."""

    def extend(turtle: str) -> Graph:
        return whole + Graph().parse(data=PREFIXES + turtle, format="turtle")

    return extend


def _reason_to_skip() -> str:
    package = find_spec("owlready2")
    if package is None or package.origin is None:
        return "owlready2, which ships HermiT, is not installed: pip install owlready2"
    if shutil.which("java") is None:
        return "HermiT needs Java, and there is none on the PATH"
    modules = subprocess.run(["java", "--list-modules"], capture_output=True, text=True, check=False).stdout
    if "jdk.compiler" not in modules:
        return "Judge.java needs a JDK of Java 11 or later, and this Java is older or without compiler"
    return ""


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Ask HermiT about many ontologies in one run of Java; skip where it cannot run, fail where it must.

    PEREZKG_REQUIRE_JAVA, which CI sets, turns the skip into a failure.
    """
    reason = _reason_to_skip()
    if reason and os.environ.get("PEREZKG_REQUIRE_JAVA"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    spec = find_spec("owlready2")
    assert spec is not None
    jar = Path(str(spec.origin)).parent / "hermit" / "HermiT.jar"

    def ask(graphs: dict[str, Graph]) -> dict[str, Verdict]:
        folder = tmp_path_factory.mktemp("ontologies")
        for name, graph in graphs.items():
            graph.serialize(folder / name, format="xml", encoding="utf-8")
        command = ["java", "-Xmx1g", "-cp", str(jar), str(HERE / "Judge.java"), *graphs]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
        assert ended.returncode == 0, ended.stderr
        verdicts = {}
        told: dict[str, dict[str, list[str]]] = {name: {} for name in graphs}
        for line in ended.stdout.splitlines():
            name, finding, *more = line.split("\t")
            told[name].setdefault(finding, []).extend(more)
        for name, findings in told.items():
            (finding,) = findings.keys() & {"consistent", "inconsistent", "refused"}
            verdicts[name] = Verdict(finding, findings.get("unsatisfiable", []), findings.get("not-dl", []))
        return verdicts

    return ask


def closure(graph: Graph) -> Graph:
    """Return a graph with all that OWL 2 RL concludes from it."""
    closed = Graph()
    closed += graph
    # owlrl swaps rdflib's readers of datatypes and swaps back others than there were: gYear is a text afterwards.
    readers = dict(rdflib.term._toPythonMapping)
    try:
        owlrl.DeductiveClosure(
            owlrl.OWLRL_Semantics, rdfs_closure=False, axiomatic_triples=False, datatype_axioms=False
        ).expand(closed)
    finally:
        rdflib.term._toPythonMapping.clear()
        rdflib.term._toPythonMapping.update(readers)
    return closed


def types(graph: Graph) -> Types:
    """Return the named types of the nodes of data, without owl:Thing, which is everything's."""
    found: Types = {}
    for subject, kind in graph.subject_objects(RDF.type):
        if isinstance(subject, URIRef) and str(subject).startswith(DATA_NAMESPACES):
            kinds = found.setdefault(str(subject), set())
            if not isinstance(kind, BNode) and kind != OWL.Thing:
                kinds.add(str(kind))
    return found


def complaints(closed: Graph) -> set[Node]:
    """Return what a closure says of contradictions: owlrl's error messages, and members of owl:Nothing."""
    errors = {o for _, p, o in closed if str(p).startswith("http://www.daml.org/2002/03/agents/agent-ont#error")}
    return errors | set(closed.subjects(RDF.type, OWL.Nothing))


@pytest.fixture(scope="session")
def owl_rl() -> Callable[[Graph], Graph]:
    return closure


@pytest.fixture(scope="session")
def types_of() -> Callable[[Graph], Types]:
    return types


@pytest.fixture(scope="session")
def complaints_of() -> Callable[[Graph], set[Node]]:
    return complaints
