"""Each vocabulary that the alignments point at, loaded beside ours: no node of the data gets a wrong type by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from rdflib import OWL, PROV, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node
from tests.reasoning.vocabularies import INSTALLED, TAKEN, slice_of

HERE = Path(__file__).resolve().parent
ALIGNMENTS = HERE.parents[1] / "ontology" / "alignments.ttl"
SLICES = sorted(path.stem for path in (HERE / "slices").glob("*.ttl"))
IPTC = Namespace("https://sportschema.org/ontologies/main/")
OA = Namespace("http://www.w3.org/ns/oa#")
SPORT = Namespace("https://w3id.org/perezkg/sport#")
DATA = "https://w3id.org/perezkg/id/"
MAPPINGS = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)

Types = dict[str, set[str]]


def read_slice(name: str) -> Graph:
    return Graph().parse(HERE / "slices" / f"{name}.ttl", format="turtle")


@pytest.fixture(scope="module")
def alignments() -> Graph:
    return Graph().parse(ALIGNMENTS, format="turtle")


@pytest.fixture(scope="module")
def ours(whole: Graph, owl_rl: Callable[[Graph], Graph], types_of: Callable[[Graph], Types]) -> Types:
    """The types that follow from ours alone."""
    return types_of(owl_rl(whole))


def wanted(name: str, whole: Graph, ours: Types) -> Types:
    """What a slice may add: the data use three of the vocabularies, and are meant as these read them."""
    added: list[tuple[Iterable[Node], URIRef]] = []
    if name == "prov":
        added = [((node for pair in whole.subject_objects(PROV.wasDerivedFrom) for node in pair), PROV.Entity)]
    elif name == "oa":
        added = [
            (whole.objects(None, OA.hasSelector), OA.Selector),
            (whole.subjects(OA.hasSelector), OA.ResourceSelection),
        ]
    elif name == "skos":
        added = [(whole.subjects(SKOS.exactMatch), SKOS.Concept)]
    result = {node: set(kinds) for node, kinds in ours.items()}
    for nodes, kind in added:
        for node in nodes:
            result[str(node)].add(str(kind))
    return result


def test_each_mapped_term_is_in_a_slice(alignments: Graph) -> None:
    described = {s for name in SLICES for s in read_slice(name).subjects()}
    mapped = {o for predicate in MAPPINGS for o in alignments.objects(None, predicate)}
    assert mapped - described == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", SLICES)
def test_beside_another_vocabulary_no_wrong_type_follows(
    name: str,
    whole: Graph,
    alignments: Graph,
    ours: Types,
    owl_rl: Callable[[Graph], Graph],
    types_of: Callable[[Graph], Types],
    complaints_of: Callable[[Graph], set[Node]],
) -> None:
    closed = owl_rl(whole + alignments + read_slice(name))
    found, expected = types_of(closed), wanted(name, whole, ours)
    assert {node: kinds for node, kinds in found.items() if kinds != expected.get(node)} == {}
    assert {(s, o) for s, o in closed.subject_objects(OWL.sameAs) if s != o and str(s).startswith(DATA)} == set()
    assert complaints_of(closed) == set()


@pytest.mark.slow
def test_beside_all_of_them_no_wrong_type_follows(
    whole: Graph,
    alignments: Graph,
    ours: Types,
    owl_rl: Callable[[Graph], Graph],
    types_of: Callable[[Graph], Types],
) -> None:
    everything = whole + alignments
    expected = ours
    for name in SLICES:
        everything += read_slice(name)
        expected = wanted(name, whole, expected)
    assert types_of(owl_rl(everything)) == expected


# Why the alignments only map


def asserted(alignments: Graph, namespace: str) -> Graph:
    """Say as OWL axioms what the alignments say as SKOS mappings."""
    axioms = Graph()
    for subject, _, target in alignments.triples((None, SKOS.closeMatch, None)):
        if str(target).startswith(namespace):
            is_class = str(subject).removeprefix(SPORT)[0].isupper()
            axioms.add((subject, OWL.equivalentClass if is_class else OWL.equivalentProperty, target))
    assert len(axioms)
    return axioms


def test_asserted_the_faulty_inverse_of_iptc_makes_an_event_a_participation(
    sample: Graph,
    alignments: Graph,
    owl_rl: Callable[[Graph], Graph],
    types_of: Callable[[Graph], Types],
) -> None:
    iptc = read_slice("iptc")
    # Its nationality is a text, ours a place: one more reason, and beside the point here.
    axioms = asserted(alignments, IPTC) - Graph().add((SPORT.nationality, OWL.equivalentProperty, IPTC.nationality))
    found = types_of(owl_rl(sample + iptc + axioms))
    assert str(IPTC.Participation) in found[DATA + "olympic-games-1996-walk"]
    assert str(IPTC.Participation) in found[DATA + "jefferson-perez"]
    assert str(IPTC.ParticipatableThing) in found[DATA + "perez-olympic-games-1996"]
    # Without the fault the same axioms do no such harm.
    mended = iptc - iptc.query(f"CONSTRUCT WHERE {{ ?p <{OWL.inverseOf}> <{IPTC.participantOf}> }}").graph  # type: ignore[operator]
    found = types_of(owl_rl(sample + mended + axioms))
    assert str(IPTC.Participation) not in found[DATA + "olympic-games-1996-walk"]
    assert str(IPTC.Participation) not in found[DATA + "jefferson-perez"]
    assert str(IPTC.Participation) in found[DATA + "perez-olympic-games-1996"]


def test_an_event_asserted_to_be_an_activity_of_prov_is_a_contradiction(
    sample: Graph, owl_rl: Callable[[Graph], Graph], complaints_of: Callable[[Graph], set[Node]]
) -> None:
    """Each event cites its source, so PROV takes it for an entity; and no entity is an activity."""
    axiom = Graph().add((SPORT.Event, RDFS.subClassOf, PROV.Activity))
    closed = owl_rl(sample + read_slice("prov") + axiom)
    assert complaints_of(closed)


def test_a_school_asserted_to_be_one_of_schema_org_becomes_a_place(
    owl_rl: Callable[[Graph], Graph], types_of: Callable[[Graph], Types], sample: Graph
) -> None:
    schema = Namespace("https://schema.org/")
    school = URIRef(DATA + "school-eugenio-espejo")
    assert (school, SPORT.organisationKind, SPORT["organisation-school"]) in sample
    typed = Graph().add((school, RDF.type, schema.School))
    assert str(schema.Place) in types_of(owl_rl(sample + read_slice("schema") + typed))[str(school)]


def test_the_slices_hold_axioms_only() -> None:
    assert {"athletics", "bbc", "iptc", "wikidata", *TAKEN} == set(SLICES)
    for name in SLICES:
        assert not any(isinstance(o, Literal) for o in read_slice(name).objects()), name


@pytest.mark.parametrize("name", TAKEN)
def test_a_slice_is_what_the_vocabulary_says(name: str) -> None:
    if not INSTALLED.is_dir():
        pytest.skip("the vocabularies are not here: tests/reasoning/install brings them")
    assert (HERE / "slices" / f"{name}.ttl").read_text(encoding="utf-8") == slice_of(name)
