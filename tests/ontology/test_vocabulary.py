"""The ontology files say what they must, in both languages, and stay within OWL 2 DL as far as plain Python can see."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, FOAF, VANN
from rdflib.term import Node

from perezkg.resources import LANGUAGES

FOLDER = Path(__file__).parents[2] / "ontology"
FILES = ("sport", "concepts", "alignments")
SPORT = rdflib.Namespace("https://w3id.org/perezkg/sport#")
BOTH = ["en", "es"]

BUILT_IN = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2001/XMLSchema#",
)
TERM_TYPES = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
MAPPINGS = {SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}


def words(text: str) -> set[str]:
    return set(text.split())


# What the model asks for; a term that comes or goes must come or go here too.
EVENTS = ("CompetitionEdition", "Contest", "LifeEvent", "Journey", "Education")
RELATIONSHIPS = ("Kinship", "Coaching", "Membership")
TOP = (
    *("Event", "Person", "Organisation", "Place", "Discipline", "CompetitionSeries", "Participation", "Mark", "Award"),
    *("RecordStatus", "Relationship", "Claim", "Source", "Passage", "Assessment"),
)
CLASSES = {*TOP, *EVENTS, *RELATIONSHIPS, "MedalAward", "Team"}
OBJECT_PROPERTIES = words(
    "competitor contest mark award medal edition series partOf round category level discipline location containedIn "
    "eventKind organisationKind placeKind awardKind recordKind claimKind role manner agent involves purpose follows "
    "during begunBy endedBy holder bearer towards origin destination nationality hometown about saidBy represents "
    "status reason unit markNote splitOf contradicts assesses verdict prefers repeats"
)
DATATYPE_PROPERTIES = words(
    "name date startDate endDate year month day rank age value wind duration metres latitude longitude sha256 position "
    "characters seenOn"
)
# What version 1.0 had, with what took its place.
REPLACED = {
    "athlete": "competitor",
    "kind": "awardKind claimKind eventKind organisationKind placeKind recordKind role",
    "place": "location",
    "school": "involves",
    "seconds": "unit value",
}
CONCEPTS = {
    "medals": "medal-gold medal-silver medal-bronze",
    "levels": "level-olympic level-world level-world-junior level-continental level-continental-junior "
    "level-national level-meeting level-unrecognised level-demonstration level-multi-sport-continental",
    "manners": "manner-walking manner-jogging manner-running manner-by-accident manner-few-weeks manner-radical",
    "organisation-kinds": "organisation-community organisation-school organisation-family organisation-group "
    "organisation-club organisation-team organisation-federation organisation-company organisation-foundation "
    "organisation-university",
    "place-kinds": "place-country place-city place-neighbourhood place-building place-region place-venue",
    "contest-kinds": "contest-race contest-standings contest-untold contest-field contest-combined contest-match "
    "contest-lifting contest-tournament",
    "award-kinds": "award-trophy award-representation-right award-financial-bonus award-title award-honour "
    "award-prize-money",
    "record-kinds": "record-world-best record-world-record record-area record-national record-championship "
    "record-olympic record-world-junior record-personal-best record-season-best",
    "event-kinds": "event-birth event-circumstance event-employment event-examination event-request event-training "
    "event-invitation event-preparation event-sport-entry event-early-competition event-decision event-announcement "
    "event-career event-death event-injury event-operation event-retirement event-comeback event-sanction "
    "event-appeal event-recognition event-marriage event-move event-election event-honour event-founding",
    "education-kinds": "education-primary education-secondary education-higher",
    "kinship-kinds": "kin-father kin-mother kin-brother kin-sister kin-wife kin-husband kin-son kin-daughter",
    "coaching-kinds": "role-coach role-head-coach role-assistant-coach",
    "claim-kinds": "claim-only claim-youngest claim-first claim-last claim-ordinal claim-unprecedented "
    "claim-crowning claim-among-oldest claim-record claim-complete claim-detail",
    "source-kinds": "source-biography source-gazetteer source-results-list source-news source-book source-database "
    "source-encyclopedia source-official-document source-official-site source-blog",
    "verdicts": "verdict-corroborated verdict-time-bounded verdict-imprecise verdict-contradicted "
    "verdict-unconfirmed verdict-disputed",
    "statuses": "status-did-not-finish status-did-not-start status-disqualified status-no-mark "
    "status-not-classified status-withdrawn status-eliminated",
    "rounds": "round-qualification round-heat round-second round-quarter-final round-semi-final round-final "
    "round-group round-stage",
    "categories": "category-men category-women category-mixed category-senior category-junior category-youth "
    "category-masters category-para",
    "reasons": "reason-false-start reason-red-cards reason-doping reason-team-mate reason-injury reason-illness "
    "reason-breach-of-rules",
    "units": "unit-second unit-metre unit-kilogram unit-point",
    "mark-notes": "note-hand-timed note-wind-assisted note-altitude note-estimated note-not-ratified "
    "note-reaction-time note-stretch",
    "membership-kinds": "role-member role-captain role-reserve role-citizen role-officer",
}
MULTIVALUED = words(
    "award category discipline location manner agent involves purpose follows during about markNote nationality saidBy "
    "contradicts repeats"
)

every_file = pytest.mark.parametrize("name", FILES)


def path(name: str) -> Path:
    return FOLDER / f"{name}.ttl"


@cache
def graph(name: str) -> Graph:
    return Graph().parse(path(name), format="turtle")


def replaced() -> set[Node]:
    """The terms of version 1.0 that are kept for the sake of old files only."""
    return set(graph("sport").subjects(OWL.deprecated, Literal(True)))


def ours(name: str) -> set[URIRef]:
    """Every subject of a file that lies in the vocabulary's namespace."""
    return {s for s in graph(name).subjects() if isinstance(s, URIRef) and s.startswith(SPORT)} - replaced()


def local(terms: Iterable[Node]) -> set[str]:
    return {str(term).removeprefix(SPORT) for term in terms}


def typed(name: str, kind: URIRef) -> set[str]:
    return local(
        {s for s in graph(name).subjects(RDF.type, kind) if isinstance(s, URIRef) and s.startswith(SPORT)} - replaced()
    )


def texts(g: Graph, term: Node, predicate: URIRef) -> dict[str, str]:
    """The values of a property by language: one in English, one in Spanish, at most one in any other of ours."""
    values = [v for v in g.objects(term, predicate) if isinstance(v, Literal)]
    tags = [str(v.language) for v in values]
    assert set(BOTH) <= set(tags) <= set(LANGUAGES), f"{term}: {predicate} is in {tags}"
    assert len(tags) == len(set(tags)), f"{term}: {predicate} is in {tags}"
    for value in values:
        assert value.strip() == str(value) != "", f"{term}: {predicate} is blank or has loose spaces"
    return {str(v.language): str(v) for v in values}


def members(g: Graph, node: Node | None) -> set[Node]:
    """The classes that a domain or range stands for, a union taken apart."""
    if node is None:
        return set()
    union = g.value(node, OWL.unionOf)
    return {node} if union is None else set(Collection(g, union))


# What is there


def test_the_vocabulary_has_the_terms_of_the_model_and_no_other() -> None:
    assert typed("sport", OWL.Class) == CLASSES
    assert typed("sport", OWL.ObjectProperty) == OBJECT_PROPERTIES
    assert typed("sport", OWL.DatatypeProperty) == DATATYPE_PROPERTIES
    assert local(ours("sport")) == CLASSES | OBJECT_PROPERTIES | DATATYPE_PROPERTIES


def test_a_term_of_version_1_says_what_replaces_it() -> None:
    g = graph("sport")
    assert local(replaced()) == set(REPLACED)
    for name, successors in REPLACED.items():
        wanted = {SPORT[successor] for successor in words(successors)}
        assert set(g.objects(SPORT[name], DCTERMS.isReplacedBy)) - {DCTERMS.type} == wanted
        assert wanted.isdisjoint(replaced())
        texts(g, SPORT[name], RDFS.label)
        texts(g, SPORT[name], SKOS.definition)


def test_the_vocabulary_is_small() -> None:
    assert len(CLASSES) <= 27
    assert len(OBJECT_PROPERTIES | DATATYPE_PROPERTIES) <= 68


def test_the_terms_that_data_borrows_are_declared() -> None:
    """Data stay within OWL 2 DL only when every term that they borrow is declared."""
    g = graph("sport")
    oa, prov = rdflib.Namespace("http://www.w3.org/ns/oa#"), rdflib.PROV
    borrowed = {
        OWL.Class: {SKOS.Concept, prov.Entity, oa.SpecificResource, oa.TextPositionSelector},
        OWL.ObjectProperty: {
            SKOS.broader,
            SKOS.exactMatch,
            prov.wasDerivedFrom,
            oa.hasSource,
            oa.hasSelector,
            DCTERMS.type,
            FOAF.primaryTopic,
        },
        OWL.DatatypeProperty: {SKOS.notation, oa.start, oa.end},
    }
    for kind, terms in borrowed.items():
        assert {s for s in g.subjects(RDF.type, kind) if isinstance(s, URIRef) and s not in SPORT} == terms
    annotations = set(g.subjects(RDF.type, OWL.AnnotationProperty))
    assert annotations >= {SKOS.altLabel, DCTERMS.title, DCTERMS.language, DCTERMS.publisher, DCTERMS.issued}


def test_the_concepts_are_those_of_the_model_each_in_its_scheme() -> None:
    g = graph("concepts")
    found = {
        str(scheme).removeprefix(SPORT): local(g.subjects(SKOS.inScheme, scheme))
        for scheme in g.subjects(RDF.type, SKOS.ConceptScheme)
    }
    assert found == {scheme: words(names) for scheme, names in CONCEPTS.items()}
    assert typed("concepts", SKOS.Concept) == set().union(*found.values())
    assert set(g.subject_objects(SKOS.inScheme)) == set(g.subject_objects(SKOS.topConceptOf))


def test_a_medal_stands_for_a_rank() -> None:
    ranks = {c: graph("concepts").value(SPORT[f"medal-{c}"], SKOS.notation) for c in ("gold", "silver", "bronze")}
    assert ranks == {"gold": Literal(1), "silver": Literal(2), "bronze": Literal(3)}


# What is said of it


@pytest.mark.parametrize("term", sorted(ours("sport")))
def test_a_term_is_documented_in_both_languages(term: URIRef) -> None:
    g = graph("sport")
    texts(g, term, RDFS.label)
    for predicate in (SKOS.definition, SKOS.example, *([SKOS.scopeNote] if (term, SKOS.scopeNote, None) in g else [])):
        said = texts(g, term, predicate)
        assert said["en"] != said["es"], f"{term}: {predicate} is not translated"
        assert all(text.endswith(".") for text in said.values()), f"{term}: {predicate} is not a sentence"
    assert list(g.objects(term, RDFS.isDefinedBy)) == [URIRef("https://w3id.org/perezkg/sport")]


@pytest.mark.parametrize("term", sorted(ours("concepts")))
def test_a_concept_is_documented_in_both_languages(term: URIRef) -> None:
    g = graph("concepts")
    assert texts(g, term, SKOS.prefLabel) == texts(g, term, RDFS.label)
    said = texts(g, term, SKOS.definition)
    assert said["en"] != said["es"]
    assert all(text.endswith(".") for text in said.values())
    assert list(g.objects(term, RDFS.isDefinedBy)) == [URIRef("https://w3id.org/perezkg/concepts")]


@pytest.mark.parametrize(("name", "kinds"), [("sport", TERM_TYPES), ("concepts", (SKOS.Concept, SKOS.ConceptScheme))])
def test_no_two_terms_of_one_sort_have_the_same_words(name: str, kinds: tuple[URIRef, ...]) -> None:
    g = graph(name)
    for kind, predicate in itertools.product(kinds, (RDFS.label, SKOS.definition)):
        said = [(v, g.value(s, SKOS.inScheme)) for s in g.subjects(RDF.type, kind) for v in g.objects(s, predicate)]
        assert len(said) == len(set(said)), f"{kind}: {predicate}"


@pytest.mark.parametrize("name", ["CompetitionEdition", "Contest", "Mark", "RecordStatus", "Award", "MedalAward"])
def test_terms_easily_confused_say_what_they_are_not(name: str) -> None:
    note = texts(graph("sport"), SPORT[name], SKOS.scopeNote)
    assert re.search(r"\b(not|nobody)\b", note["en"], re.IGNORECASE)
    assert re.search(r"\b(no|nadie)\b", note["es"], re.IGNORECASE)


@every_file
def test_the_header_is_complete(name: str) -> None:
    g = graph(name)
    iri = URIRef(f"https://w3id.org/perezkg/{name}")
    assert list(g.subjects(RDF.type, OWL.Ontology)) == [iri]
    for predicate in (DCTERMS.title, DCTERMS.description):
        said = texts(g, iri, predicate)
        assert said["en"] != said["es"]
    assert list(g.objects(iri, DCTERMS.creator)) == [Literal("perezkg contributors")]
    assert g.value(iri, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    created, modified = g.value(iri, DCTERMS.created), g.value(iri, DCTERMS.modified)
    assert isinstance(created, Literal)
    assert isinstance(modified, Literal)
    assert created.datatype == modified.datatype == XSD.date
    assert str(created) <= str(modified)
    version = g.value(iri, OWL.versionInfo)
    assert g.value(iri, OWL.versionIRI) == URIRef(f"{iri}/{version}")
    assert g.value(iri, VANN.preferredNamespacePrefix) == Literal("sport")
    assert g.value(iri, VANN.preferredNamespaceUri) == Literal(str(SPORT))


# How it hangs together


@pytest.mark.parametrize("siblings", [TOP, EVENTS, RELATIONSHIPS], ids=["top", "events", "relationships"])
def test_siblings_are_disjoint_each_pair_said_once(siblings: tuple[str, ...]) -> None:
    said = [frozenset(local((a, b))) for a, b in graph("sport").subject_objects(OWL.disjointWith)]
    wanted = {frozenset(pair) for pair in itertools.combinations(siblings, 2)}
    assert wanted <= set(said), f"not disjoint: {[sorted(pair) for pair in wanted - set(said)]}"
    assert len(said) == len(set(said)), "a pair is said twice"


def test_no_disjointness_beyond_siblings() -> None:
    wanted = {frozenset(p) for g in (TOP, EVENTS, RELATIONSHIPS) for p in itertools.combinations(g, 2)}
    said = {frozenset(local((a, b))) for a, b in graph("sport").subject_objects(OWL.disjointWith)}
    assert said == wanted


def test_the_hierarchy() -> None:
    said = {(a, b) for a, b in graph("sport").subject_objects(RDFS.subClassOf)}
    prov, oa = "http://www.w3.org/ns/prov#", "http://www.w3.org/ns/oa#"
    assert said == {
        *((SPORT[name], SPORT.Event) for name in EVENTS),
        *((SPORT[name], SPORT.Relationship) for name in RELATIONSHIPS),
        (SPORT.MedalAward, SPORT.Award),
        (SPORT.Team, SPORT.Organisation),
        (SPORT.Discipline, SKOS.Concept),
        (SPORT.Source, URIRef(f"{prov}Entity")),
        (SPORT.Passage, URIRef(f"{prov}Entity")),
        (SPORT.Passage, URIRef(f"{oa}SpecificResource")),
    }


def test_properties_of_one_value_are_functional_and_the_others_are_not() -> None:
    assert typed("sport", OWL.FunctionalProperty) == (OBJECT_PROPERTIES | DATATYPE_PROPERTIES) - MULTIVALUED


def test_domains_and_ranges_are_classes_and_fit_the_sort_of_property() -> None:
    g = graph("sport")
    classes = set(g.subjects(RDF.type, OWL.Class))
    for name in OBJECT_PROPERTIES | DATATYPE_PROPERTIES:
        domains = list(g.objects(SPORT[name], RDFS.domain))
        assert len(domains) == 1, f"{name}: two domains would mean both at once"
        assert members(g, domains[0]) <= classes, name
    for name in OBJECT_PROPERTIES:
        assert members(g, g.value(SPORT[name], RDFS.range)) <= classes, name
    without = {name for name in OBJECT_PROPERTIES if (SPORT[name], RDFS.range, None) not in g}
    assert without == {"about", "purpose"}, "only these may point at anything"


def test_datatype_ranges_are_those_that_reasoners_accept() -> None:
    g = graph("sport")
    ranges = {name: g.value(SPORT[name], RDFS.range) for name in DATATYPE_PROPERTIES}
    assert {name for name, datatype in ranges.items() if datatype is None} == words(
        "date startDate endDate duration seenOn"
    )
    assert set(ranges.values()) - {None} <= {XSD.integer, XSD.decimal, XSD.string}


def test_no_inverses() -> None:
    for name in FILES:
        assert not list(graph(name).subject_objects(OWL.inverseOf))
        assert not list(graph(name).subjects(RDF.type, OWL.SymmetricProperty))


@pytest.mark.parametrize("name", ["concepts", "alignments"])
def test_every_iri_of_our_namespace_is_defined(name: str) -> None:
    used = {t for triple in graph(name) for t in triple if isinstance(t, URIRef) and t.startswith(SPORT)}
    used.discard(URIRef(str(SPORT)))
    assert used
    assert used <= ours("sport") | ours("concepts")


def test_no_name_means_two_things() -> None:
    assert not ours("sport") & ours("concepts")


# The alignments only map


def test_the_alignments_only_map() -> None:
    g = graph("alignments")
    said = {p for s, p in g.subject_predicates() if isinstance(s, URIRef) and s.startswith(SPORT)}
    assert said
    assert said <= MAPPINGS
    forbidden = {RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs}
    assert not forbidden & set(g.predicates())
    assert not list(g.subject_objects(OWL.imports))


def test_a_mapping_leads_out_and_says_one_thing_a_pair() -> None:
    pairs = [(s, o) for s, p, o in graph("alignments") if p in MAPPINGS]
    assert len(pairs) == len(set(pairs)), "a pair is mapped in two ways"
    for subject, target in pairs:
        assert isinstance(subject, URIRef)
        assert isinstance(target, URIRef)
        assert subject.startswith(SPORT), subject
        assert not target.startswith("https://w3id.org/perezkg/"), target


@pytest.mark.parametrize(
    "namespace",
    [
        "https://schema.org/",
        "http://www.w3.org/ns/prov#",
        "http://www.wikidata.org/entity/P",
        "http://www.wikidata.org/entity/Q",
        "https://sportschema.org/ontologies/main/",
        "http://www.bbc.co.uk/ontologies/sport/",
        "http://purl.org/athletics#",
        "http://purl.org/athletics/best#",
        "http://dbpedia.org/ontology/",
        "http://www.cidoc-crm.org/cidoc-crm/",
        "http://www.w3.org/2003/01/geo/wgs84_pos#",
    ],
)
def test_each_vocabulary_of_the_field_is_mapped(namespace: str) -> None:
    targets = {str(o) for _, p, o in graph("alignments") if p in MAPPINGS}
    assert any(target.startswith(namespace) for target in targets)


def test_the_alignments_declare_mapping_relations_as_skos_does() -> None:
    assert set(graph("alignments").subjects(RDF.type, OWL.ObjectProperty)) == MAPPINGS - {SKOS.exactMatch}


def test_world_best_and_world_record_stay_apart() -> None:
    best = rdflib.Namespace("http://purl.org/athletics/best#")
    matches = {c: set(graph("alignments").objects(SPORT[f"record-world-{c}"])) for c in ("best", "record")}
    assert matches == {"best": {best.WB}, "record": {best.WR}}


@pytest.mark.parametrize(
    ("term", "match"),
    [
        ("Assessment", rdflib.SDO.ClaimReview),
        ("assesses", rdflib.SDO.itemReviewed),
        ("startDate", rdflib.SDO.startDate),
        ("endDate", rdflib.SDO.endDate),
        ("hometown", rdflib.URIRef("http://dbpedia.org/ontology/hometown")),
        ("latitude", rdflib.URIRef("http://www.w3.org/2003/01/geo/wgs84_pos#lat")),
        ("longitude", rdflib.URIRef("http://www.w3.org/2003/01/geo/wgs84_pos#long")),
    ],
)
def test_a_term_is_closest_to_what_means_the_same(term: str, match: rdflib.URIRef) -> None:
    assert match in graph("alignments").objects(SPORT[term], SKOS.closeMatch)


def test_the_hometown_is_not_where_the_home_is() -> None:
    """homeLocation of schema.org is a contact location of a residence."""
    assert rdflib.SDO.homeLocation not in graph("alignments").objects()


def test_mapped_terms_of_schema_org_and_prov_exist() -> None:
    known = {"https://schema.org/": rdflib.SDO, "http://www.w3.org/ns/prov#": rdflib.PROV}
    targets = [str(o) for _, p, o in graph("alignments") if p in MAPPINGS]
    for prefix, namespace in known.items():
        names = [target.removeprefix(prefix) for target in targets if target.startswith(prefix)]
        assert names
        # rdflib's own list of the vocabulary's terms.
        assert [name for name in names if name not in namespace] == []


# OWL 2 DL, as far as it can be seen without a reasoner


@every_file
def test_each_term_is_declared_once_as_one_sort(name: str) -> None:
    g = graph(name)
    used: dict[Node, set[URIRef]] = {}
    for _, p, o in g:
        used.setdefault(p, set()).add(RDF.Property)
        if p == RDF.type and isinstance(o, URIRef):
            used.setdefault(o, set()).add(OWL.Class)
        if p in (RDFS.subClassOf, OWL.disjointWith, RDFS.domain):
            for member in members(g, o):
                used.setdefault(member, set()).add(OWL.Class)
    for term, roles in used.items():
        if str(term).startswith(BUILT_IN):
            continue
        declared = [kind for kind in TERM_TYPES if (term, RDF.type, kind) in g]
        assert len(declared) == 1, f"{term} is declared as {declared}"
        assert (OWL.Class in roles) == (declared[0] == OWL.Class), f"{term} is used as {roles}"


def test_the_files_agree_on_the_sort_of_each_term() -> None:
    """Read together, as the reasoner does, no property may be of two sorts."""
    together = Graph()
    for name in FILES:
        together += graph(name)
    for term in {s for kind in TERM_TYPES for s in together.subjects(RDF.type, kind) if isinstance(s, URIRef)}:
        assert sum((term, RDF.type, kind) in together for kind in TERM_TYPES) == 1, term


@every_file
def test_literals_and_iris_stand_where_the_sort_of_property_wants_them(name: str) -> None:
    g = graph(name)
    for s, p, o in g:
        if (p, RDF.type, OWL.ObjectProperty) in g:
            assert not isinstance(o, Literal), (s, p, o)
        elif (p, RDF.type, OWL.DatatypeProperty) in g:
            assert isinstance(o, Literal), (s, p, o)


def test_restricted_characteristics_stand_on_simple_properties() -> None:
    """OWL 2 DL forbids functional, asymmetric and irreflexive on a transitive property."""
    assert not typed("sport", OWL.TransitiveProperty)
    assert typed("sport", OWL.AsymmetricProperty) == typed("sport", OWL.IrreflexiveProperty)


@every_file
def test_a_blank_node_is_a_union_or_a_list_cell_used_once(name: str) -> None:
    g = graph(name)
    for node in {s for s in g.subjects() if isinstance(s, BNode)}:
        assert len(list(g.subject_predicates(node))) == 1
        assert {p for p, _ in g.predicate_objects(node)} in ({RDF.type, OWL.unionOf}, {RDF.first, RDF.rest})


# How it is written


@every_file
def test_two_parsers_read_the_same(name: str) -> None:
    """Another reader of Turtle must see the same graph, datatypes and languages included."""
    quads = pyoxigraph.parse(path=str(path(name)), format=pyoxigraph.RdfFormat.TURTLE)
    lines = pyoxigraph.serialize((quad.triple for quad in quads), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert lines is not None
    other = Graph().parse(data=lines.decode(), format="nt")
    assert len(other) == len(graph(name)) > 0
    assert isomorphic(other, graph(name))


@every_file
def test_the_file_is_written_for_people(name: str) -> None:
    raw = path(name).read_bytes()
    text = raw.decode("utf-8")
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert "\r" not in text
    assert "\t" not in text
    assert text.endswith(".\n")
    assert "\n\n\n" not in text
    lines = text.splitlines()
    assert not [line for line in lines if line != line.rstrip()]
    prefixes = re.findall(r"^@prefix (\w+): <[^>]+> \.$", text, re.MULTILINE)
    assert prefixes == sorted(prefixes)
    body = re.sub(r"\"[^\"]*\"|<[^>]*>|^#.*$|^@prefix.*$", "", text, flags=re.MULTILINE)
    assert set(re.findall(r"\b(\w+):", body)) == set(prefixes), "a prefix is unused"
    assert all((len(line) - len(line.lstrip())) % 4 == 0 for line in lines)
    # English stands before Spanish wherever both are said.
    assert re.findall(r"\"@(en|es)\b", text) == BOTH * (len(re.findall(r"\"@(?:en|es)\b", text)) // 2)


@every_file
def test_a_blank_line_parts_the_subjects(name: str) -> None:
    lines = path(name).read_text(encoding="utf-8").splitlines()
    subjects = ("sport:", "<", "oa:", "prov:", "skos:", "dcterms:", "vann:")
    begun = [(before, line) for before, line in itertools.pairwise(lines) if line.startswith(subjects)]
    assert len(begun) > 10
    assert [line for before, line in begun if before] == []
