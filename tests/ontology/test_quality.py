"""The ontology against the lists of known faults: OOPS! pitfalls, ROBOT's report, FOOPS! metadata.

Each check returns what it finds, and finds nothing in the ontology. For each check a fault is planted that it must
find, so that none is an empty promise. Of the OOPS! pitfalls these cannot be seen in files: P01, P09, P14 to P18, P23,
P31 (they ask for a person's judgement) and P37 (it asks whether the IRI answers). P13 (missing inverses) is refused on
purpose: nothing has an inverse here.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, VANN
from rdflib.term import Node

from perezkg.resources import LANGUAGES

FOLDER = Path(__file__).parents[2] / "ontology"
FILES = ("sport", "concepts", "alignments", "shapes")
SPORT = Namespace("https://w3id.org/perezkg/sport#")
OURS = "https://w3id.org/perezkg/"
PROPERTY_TYPES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
BUILT_IN = tuple(str(namespace) for namespace in (RDF, RDFS, OWL, XSD))
WORDS = (RDFS.label, SKOS.prefLabel, SKOS.definition, SKOS.scopeNote, SKOS.example, RDFS.comment)

# P11: why a property has no domain or no range. What is not written down here has both.
WITHOUT_RANGE = {
    "about": "a claim may be about anything",
    "purpose": "an event may serve another event, or people",
    "date": "xsd:date, xsd:gYear and xsd:gYearMonth are no datatypes of OWL 2; the shapes say which it takes",
    "endDate": "xsd:date is no datatype of OWL 2; the shapes demand it",
    "startDate": "xsd:date is no datatype of OWL 2; the shapes demand it",
    "seenOn": "xsd:date is no datatype of OWL 2; the shapes say so",
    "duration": "xsd:dayTimeDuration is no datatype of OWL 2; the shapes say so",
}
WITHOUT_DOMAIN: dict[str, str] = {}


@cache
def file(name: str) -> Graph:
    return Graph().parse(FOLDER / f"{name}.ttl", format="turtle")


@cache
def vocabulary() -> Graph:
    return file("sport") + file("concepts")


# What a graph has


def terms(g: Graph, *kinds: URIRef) -> list[URIRef]:
    """Our own terms of some sorts, in order."""
    found = {s for kind in kinds for s in g.subjects(RDF.type, kind)} - set(g.subjects(OWL.deprecated))
    return sorted(s for s in found if isinstance(s, URIRef) and str(s).startswith(SPORT))


def classes(g: Graph) -> list[URIRef]:
    return terms(g, OWL.Class)


def properties(g: Graph) -> list[URIRef]:
    return terms(g, *PROPERTY_TYPES)


def concepts(g: Graph) -> list[URIRef]:
    return terms(g, SKOS.Concept, SKOS.ConceptScheme)


def everything(g: Graph) -> list[URIRef]:
    return [*classes(g), *properties(g), *concepts(g)]


def name(term: Node) -> str:
    return str(term).removeprefix(SPORT)


def texts(g: Graph, term: Node, *predicates: URIRef) -> Iterator[Literal]:
    for predicate in predicates:
        yield from (o for o in g.objects(term, predicate) if isinstance(o, Literal))


def members(g: Graph, node: Node | None) -> set[Node]:
    """The classes that a domain or range stands for, a union taken apart."""
    if node is None:
        return set()
    union = g.value(node, OWL.unionOf)
    return {node} if union is None else set(g.items(union))


def above(g: Graph, term: Node, predicate: URIRef) -> set[Node]:
    """A term and all that stands above it."""
    return {node for node in g.transitive_objects(term, predicate) if node is not None}


def same(found: Iterable[tuple[object, Node]]) -> list[str]:
    """The values that more than one term has, with these terms."""
    by_value: dict[object, set[str]] = {}
    for value, term in found:
        by_value.setdefault(value, set()).add(name(term))
    return [f"{value}: {sorted(who)}" for value, who in by_value.items() if len(who) > 1]


# OOPS!


def p02_synonyms_as_classes(g: Graph) -> list[str]:
    """Two of our classes said to be the same, or the other word for one being the word for another."""
    both = [f"{name(a)} = {name(b)}" for a, b in g.subject_objects(OWL.equivalentClass) if {a, b} <= set(classes(g))]
    words = [(str(t).lower(), c) for c in classes(g) for t in texts(g, c, RDFS.label, SKOS.altLabel)]
    return both + same(words)


def p03_is(g: Graph) -> list[str]:
    """A property "is" where a subclass or a type is meant."""
    pattern = re.compile(r"(is|es|be|ser)( an?| una?)?( (kind|type|sort|tipo|clase) (of|de))?|is-?a|isA", re.IGNORECASE)
    return [
        name(p)
        for p in properties(g)
        if any(pattern.fullmatch(word) for word in (name(p), *map(str, texts(g, p, RDFS.label))))
    ]


def p04_unconnected(g: Graph) -> list[str]:
    """A class that no axiom but disjointness speaks of, or a property that is bound to no class."""
    connected: set[Node] = set()
    for predicate in (RDFS.domain, RDFS.range):
        for node in g.objects(None, predicate):
            connected |= members(g, node)
    for pair in g.subject_objects(RDFS.subClassOf):
        connected |= set(pair)
    loose = [name(c) for c in classes(g) if c not in connected]
    bound = {s for predicate in (RDFS.domain, RDFS.range, RDFS.subPropertyOf) for s in g.subjects(predicate)}
    schemes = set(g.objects(None, SKOS.inScheme))
    empty = [name(s) for s in terms(g, SKOS.ConceptScheme) if s not in schemes]
    return loose + [name(p) for p in properties(g) if p not in bound] + empty


def p05_p25_p26_inverses(g: Graph) -> list[str]:
    """An inverse, which the policy is to have none of: so none is wrong, to itself, or of a symmetric property."""
    inverses = [f"{name(a)} {name(b)}" for a, b in g.subject_objects(OWL.inverseOf)]
    return inverses + [name(p) for p in g.subjects(RDF.type, OWL.InverseFunctionalProperty)]


def p06_cycles(g: Graph) -> list[str]:
    """A class or property above itself."""
    return [
        name(term)
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.broader)
        for term, over in set(g.subject_objects(predicate))
        if term in above(g, over, predicate)
    ]


def p07_merged(g: Graph) -> list[str]:
    """Two concepts in one class, told by "and" or "or" in its name."""
    split = re.compile(r"[a-z](And|Or|Y|O)[A-Z]|\b(and|or|y|o|u)\b|/|&", re.UNICODE)
    return [
        name(c)
        for c in [*classes(g), *concepts(g)]
        if any(split.search(word) for word in (name(c), *map(str, texts(g, c, RDFS.label))))
        and c not in terms(g, SKOS.ConceptScheme)
    ]


def p08_missing_annotations(g: Graph) -> list[str]:
    """A term without label or definition in a language."""
    wanted = list(itertools.product((RDFS.label, SKOS.definition), ("en", "es")))
    return [
        f"{name(t)}: {predicate} {language}"
        for t in everything(g)
        for predicate, language in wanted
        if not any(text.language == language for text in texts(g, t, predicate))
    ]


def p10_missing_disjointness(g: Graph) -> list[str]:
    """Two classes of which neither is above the other and that may share a member."""
    said = {frozenset(pair) for pair in g.subject_objects(OWL.disjointWith)}
    loose = []
    for a, b in itertools.combinations(classes(g), 2):
        over_a, over_b = above(g, a, RDFS.subClassOf), above(g, b, RDFS.subClassOf)
        if a in over_b or b in over_a:
            continue
        if not any(frozenset(pair) in said for pair in itertools.product(over_a, over_b)):
            loose.append(f"{name(a)} {name(b)}")
    return loose


def p11_missing_domain_or_range(g: Graph) -> list[str]:
    """A property without domain or range and without a reason; or a reason without such a property."""
    own = {name(p): p for p in properties(g)}
    without = {
        predicate: {local for local, p in own.items() if g.value(p, predicate) is None}
        for predicate in (RDFS.domain, RDFS.range)
    }
    wanted = {RDFS.domain: set(WITHOUT_DOMAIN), RDFS.range: set(WITHOUT_RANGE)}
    return [f"{predicate} {sorted(without[predicate] ^ wanted[predicate])}" for predicate in wanted
            if without[predicate] != wanted[predicate]]  # fmt: skip


def p12_undeclared_equivalents(g: Graph) -> list[str]:
    """Two properties with the same name for people."""
    return same((text, p) for p in properties(g) for text in texts(g, p, RDFS.label))


def p19_multiple_domains_or_ranges(g: Graph) -> list[str]:
    """Two domains, which mean both at once."""
    return [
        f"{name(p)} {predicate}"
        for p in properties(g)
        for predicate in (RDFS.domain, RDFS.range)
        if len(list(g.objects(p, predicate))) > 1
    ]


def p20_misused_annotations(g: Graph) -> list[str]:
    """A label that is a sentence, a definition that is no sentence or repeats the label."""
    wrong = [f"label of {name(t)}" for t in everything(g) for text in texts(g, t, RDFS.label, SKOS.prefLabel)
             if str(text).endswith(".") or len(text) > 60]  # fmt: skip
    for t in everything(g):
        labels = {str(text).lower() for text in texts(g, t, RDFS.label)}
        wrong += [
            f"definition of {name(t)}"
            for text in texts(g, t, SKOS.definition)
            if not str(text).endswith(".") or str(text).lower().strip(".") in labels or len(str(text).split()) < 3
        ]
    return wrong


def p21_miscellaneous(g: Graph) -> list[str]:
    """A class for what fits nowhere."""
    leftover = re.compile(r"(other|misc|miscellaneous|unknown|general|various|otr[oa]s?|desconocid[oa])", re.IGNORECASE)
    parts = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
    return [name(t) for t in [*classes(g), *concepts(g)] if any(map(leftover.fullmatch, parts.findall(name(t))))]


def p22_naming(g: Graph) -> list[str]:
    """A name that is not written as its sort is: Class, property, scheme-concept."""
    styles = [
        (classes(g), r"[A-Z][a-z]+(?:[A-Z][a-z]+)*"),
        (properties(g), r"[a-z]+(?:[A-Z][a-z]+)*(?:\d+)?"),
        (concepts(g), r"[a-z]+(?:-[a-z]+)*"),
    ]
    wrong = [name(t) for some, style in styles for t in some if not re.fullmatch(style, name(t))]
    stems: dict[Node, set[str]] = {}
    for concept, scheme in g.subject_objects(SKOS.inScheme):
        stems.setdefault(scheme, set()).add(name(concept).partition("-")[0])
    return wrong + [f"{name(scheme)}: {sorted(found)}" for scheme, found in stems.items() if len(found) > 1]


def p24_recursive(g: Graph) -> list[str]:
    """A class defined by itself, in axioms or in words."""
    axioms = [
        name(c)
        for c in classes(g)
        for predicate in (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith)
        for node in g.objects(c, predicate)
        if c in members(g, node) or c in g.objects(node, OWL.someValuesFrom | OWL.allValuesFrom)
    ]
    wording = [
        name(t)
        for t in classes(g)
        for text in texts(g, t, SKOS.definition)
        for label in texts(g, t, RDFS.label)
        if re.match(rf"(an?|the|una?|el|la|los|las)?\s*{re.escape(str(label))}\b", str(text), re.IGNORECASE)
    ]
    return axioms + wording


def p27_wrong_equivalent_properties(g: Graph) -> list[str]:
    """Equivalence of properties: to one of ours it would be a synonym, to another's it would import its axioms."""
    return [f"{name(a)} {name(b)}" for a, b in g.subject_objects(OWL.equivalentProperty)]


def p28_p29_symmetric_or_transitive(g: Graph) -> list[str]:
    """A symmetric or transitive property between classes that differ."""
    return [
        name(p)
        for kind in (OWL.SymmetricProperty, OWL.TransitiveProperty)
        for p in terms(g, kind)
        if members(g, g.value(p, RDFS.domain)) != members(g, g.value(p, RDFS.range))
    ]


def p32_same_label(g: Graph) -> list[str]:
    """Two classes with the same name for people."""
    return same((text, c) for c in classes(g) for text in texts(g, c, RDFS.label))


def p33_chain_of_one(g: Graph) -> list[str]:
    """A property chain of a single property."""
    chains = g.subject_objects(OWL.propertyChainAxiom)
    return [name(p) for p, chain in chains if len(list(Collection(g, chain))) < 2]


def p34_untyped_classes(g: Graph) -> list[str]:
    """What is used as a class and not declared as one."""
    used = {
        o for predicate in (RDFS.subClassOf, OWL.disjointWith) for pair in g.subject_objects(predicate) for o in pair
    }
    for predicate in (RDFS.domain, RDFS.range):
        for node in g.objects(None, predicate):
            used |= members(g, node)
    used |= set(g.objects(None, RDF.type))
    declared = set(g.subjects(RDF.type, OWL.Class)) | set(g.subjects(RDF.type, RDFS.Datatype))
    return [str(c) for c in used - declared if not str(c).startswith((*BUILT_IN, str(SKOS.ConceptScheme)))]


def p35_untyped_properties(g: Graph) -> list[str]:
    """What is used as a property and not declared as one."""
    declared = {s for kind in PROPERTY_TYPES for s in g.subjects(RDF.type, kind)}
    return [str(p) for p in set(g.predicates()) - declared if not str(p).startswith(BUILT_IN)]


def illegal_built_in(g: Graph) -> list[str]:
    """ROBOT: something said of a term of RDF, RDFS, OWL or XSD itself."""
    return [str(s) for s in g.subjects(unique=True) if str(s).startswith(BUILT_IN)]


def p40_hijacking(g: Graph) -> list[str]:
    """Something said of another vocabulary's term beyond what sort of thing it is."""
    return [
        f"{s} {p}"
        for s, p in g.subject_predicates()
        if isinstance(s, URIRef) and not str(s).startswith(OURS) and p != RDF.type
    ]


# ROBOT report


def annotation_whitespace(g: Graph) -> list[str]:
    """Blanks at an end, doubled, or a line break in a text."""
    return [f"{name(s)}: {o}" for s, o in _said(g) if " ".join(str(o).split()) != str(o) or not str(o)]


def duplicate_label(g: Graph) -> list[str]:
    """Two terms of one sort, or two concepts of one scheme, with the same label."""
    sorts: list[list[Node]] = [list(terms(g, kind)) for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)]
    sorts += [list(g.subjects(SKOS.inScheme, scheme)) for scheme in set(g.objects(None, SKOS.inScheme))]
    return [found for some in sorts for found in same((o, t) for t in some for o in texts(g, t, RDFS.label))]


def duplicate_definition(g: Graph) -> list[str]:
    """Two terms with the same definition."""
    return same((text, t) for t in everything(g) for text in texts(g, t, SKOS.definition))


def multiple_labels_or_definitions(g: Graph) -> list[str]:
    """More than one label or definition in a language."""
    return [
        f"{name(t)}: {language}"
        for t in everything(g)
        for predicate in (RDFS.label, SKOS.prefLabel, SKOS.definition)
        for language, count in Counter(text.language for text in texts(g, t, predicate)).items()
        if count > 1
    ]


def untranslated(g: Graph) -> list[str]:
    """A text without language, or in one that the ontology is not written in."""
    return [f"{name(s)}: {o}" for s, o in _said(g) if o.language not in LANGUAGES]


def lowercase_definition(g: Graph) -> list[str]:
    """A definition that does not begin as a sentence does."""
    return [name(t) for t in everything(g) for text in texts(g, t, SKOS.definition) if str(text)[:1].islower()]


def invalid_iri(g: Graph) -> list[str]:
    """An IRI with characters that none may have."""
    iris = {t for triple in g for t in triple if isinstance(t, URIRef)}
    return [str(iri) for iri in iris if re.search(r"[\s<>\"{}|\\^`]|^[^:]*$", str(iri))]


def equivalent_pair(g: Graph) -> list[str]:
    """Two classes, or two nodes, said to be the same: named twice."""
    return [f"{a} {b}" for p in (OWL.equivalentClass, OWL.sameAs) for a, b in g.subject_objects(p)]


def deprecated_reference(g: Graph) -> list[str]:
    """A deprecated term that is still used, has no successor or does not say so as a boolean."""
    wrong = []
    for term, flag in g.subject_objects(OWL.deprecated):
        if flag != Literal(True):
            wrong.append(f"{name(term)}: {flag!r}")
        if any(g.triples((None, None, term))) or any(g.triples((None, term, None))):
            wrong.append(f"{name(term)} is still used")
        if not any(g.triples((term, DCTERMS.isReplacedBy, None))):
            wrong.append(f"{name(term)} has no successor")
    return wrong


def _said(g: Graph) -> list[tuple[Node, Literal]]:
    return [(s, o) for p in (*WORDS, SKOS.altLabel) for s, o in g.subject_objects(p) if isinstance(o, Literal)]


# FOOPS! and the OOPS! pitfalls of the header


def header(g: Graph) -> list[str]:
    """What the header of an ontology lacks: P38, P41 and what makes it findable, accessible and reusable."""
    declared = [s for s in g.subjects(RDF.type, OWL.Ontology) if isinstance(s, URIRef)]
    if len(declared) != 1:
        return [f"{len(declared)} ontologies are declared"]
    iri = declared[0]
    once = (
        *(DCTERMS.license, DCTERMS.created, DCTERMS.modified, OWL.versionIRI, OWL.versionInfo),
        *(VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri, DCTERMS.creator),
    )
    lacking = [f"{predicate}" for predicate in once if len(list(g.objects(iri, predicate))) != 1]
    lacking += [
        f"{predicate} in both languages"
        for predicate in (DCTERMS.title, DCTERMS.description)
        if sorted(str(text.language) for text in texts(g, iri, predicate)) != ["en", "es"]
    ]
    version = str(g.value(iri, OWL.versionInfo))
    if not re.fullmatch(r"\d+\.\d+\.\d+", version) or str(g.value(iri, OWL.versionIRI)) != f"{iri}/{version}":
        lacking.append("a version IRI made of the IRI and the version")
    if version != "1.0.0" and g.value(iri, OWL.priorVersion) is None:
        lacking.append("the prior version")
    if not re.fullmatch(r"https://creativecommons\.org/licenses/by/4\.0/", str(g.value(iri, DCTERMS.license))):
        lacking.append("an open licence, by its IRI")
    if str(g.value(iri, DCTERMS.created)) > str(g.value(iri, DCTERMS.modified)):
        lacking.append("dates in order")
    return lacking


def p36_file_extension(g: Graph) -> list[str]:
    """A file's ending, or a version, in the ontology's IRI."""
    iris = map(str, g.subjects(RDF.type, OWL.Ontology))
    return [iri for iri in iris if re.search(r"\.(owl|rdf|ttl|n3|xml|jsonld|html?)$|\d\.\d", iri)]


def p39_namespace(g: Graph) -> list[str]:
    """Terms in a namespace that the ontology does not call its own; or an IRI that is not persistent."""
    wrong = []
    for iri in g.subjects(RDF.type, OWL.Ontology):
        namespace = str(g.value(iri, VANN.preferredNamespaceUri))
        subjects = {s for s in g.subjects() if isinstance(s, URIRef) and s != iri and str(s).startswith(OURS)}
        wrong += [str(s) for s in subjects if not str(s).startswith(namespace)]
        if not str(iri).startswith(("https://w3id.org/", "https://purl.org/")) or namespace[-1:] not in "#/":
            wrong.append(str(iri))
    return wrong


Check = Callable[[Graph], list[str]]

# The checks of terms, each with a fault that it must find, planted by a SPARQL update.
TERM_CHECKS: list[tuple[Check, str]] = [
    (p02_synonyms_as_classes, "INSERT DATA { sport:Place owl:equivalentClass sport:Organisation }"),
    (p02_synonyms_as_classes, "INSERT DATA { sport:Place skos:altLabel 'Organisation'@en }"),
    (p03_is, "INSERT DATA { sport:isA a owl:ObjectProperty }"),
    (p03_is, "INSERT DATA { sport:sort a owl:ObjectProperty ; rdfs:label 'es un tipo de'@es }"),
    (p04_unconnected, "INSERT DATA { sport:Island a owl:Class }"),
    (p04_unconnected, "INSERT DATA { sport:loose a owl:ObjectProperty }"),
    (p04_unconnected, "INSERT DATA { sport:moods a skos:ConceptScheme }"),
    (p05_p25_p26_inverses, "INSERT DATA { sport:follows owl:inverseOf sport:precedes }"),
    (p05_p25_p26_inverses, "INSERT DATA { sport:towards owl:inverseOf sport:towards }"),
    (p06_cycles, "INSERT DATA { sport:Award rdfs:subClassOf sport:MedalAward }"),
    (p06_cycles, "INSERT DATA { sport:rank rdfs:subPropertyOf sport:rank }"),
    (p07_merged, "INSERT DATA { sport:MarkAndRank a owl:Class }"),
    (p07_merged, "INSERT DATA { sport:Mark rdfs:label 'marca o puesto'@es }"),
    (p08_missing_annotations, "DELETE WHERE { sport:Mark rdfs:label ?x }"),
    (p08_missing_annotations, "DELETE { ?r rdfs:label ?x } WHERE { ?r rdfs:label ?x FILTER(LANG(?x) = 'es') }"),
    (p10_missing_disjointness, "DELETE WHERE { sport:Contest owl:disjointWith sport:LifeEvent }"),
    (p10_missing_disjointness, "INSERT DATA { sport:Trophy a owl:Class ; rdfs:subClassOf sport:Award }"),
    (p11_missing_domain_or_range, "DELETE WHERE { sport:rank rdfs:domain ?x }"),
    (p11_missing_domain_or_range, "INSERT DATA { sport:about rdfs:range sport:Event }"),
    (p12_undeclared_equivalents, "INSERT DATA { sport:position rdfs:label 'rank'@en }"),
    (p19_multiple_domains_or_ranges, "INSERT DATA { sport:rank rdfs:domain sport:Contest }"),
    (p20_misused_annotations, "INSERT DATA { sport:Mark rdfs:label 'The time that was measured.'@en }"),
    (p20_misused_annotations, "INSERT DATA { sport:Mark skos:definition 'Mark.'@en }"),
    (p21_miscellaneous, "INSERT DATA { sport:OtherEvent a owl:Class }"),
    (p21_miscellaneous, "INSERT DATA { sport:award-other a skos:Concept }"),
    (p22_naming, "INSERT DATA { sport:life_event a owl:Class }"),
    (p22_naming, "INSERT DATA { sport:Follows a owl:ObjectProperty }"),
    (p22_naming, "INSERT DATA { sport:gold a skos:Concept ; skos:inScheme sport:medals }"),
    (p24_recursive, "INSERT DATA { sport:Mark owl:equivalentClass [ owl:unionOf ( sport:Mark sport:Award ) ] }"),
    (p24_recursive, "INSERT DATA { sport:Mark skos:definition 'A mark that an athlete makes.'@en }"),
    (p27_wrong_equivalent_properties, "INSERT DATA { sport:rank owl:equivalentProperty <http://e.org/rank> }"),
    (p28_p29_symmetric_or_transitive, "INSERT DATA { sport:edition a owl:TransitiveProperty }"),
    (p28_p29_symmetric_or_transitive, "INSERT DATA { sport:towards a owl:SymmetricProperty }"),
    (p32_same_label, "INSERT DATA { sport:Mark rdfs:label 'award'@en }"),
    (p33_chain_of_one, "INSERT DATA { sport:location owl:propertyChainAxiom ( sport:edition ) }"),
    (p34_untyped_classes, "INSERT DATA { sport:rank rdfs:range sport:Ordinal }"),
    (p34_untyped_classes, "INSERT DATA { sport:medal-gold a sport:Metal }"),
    (p35_untyped_properties, "INSERT DATA { sport:Mark dcterms:subject 'athletics' }"),
    (p40_hijacking, "INSERT DATA { skos:Concept rdfs:label 'concept'@en }"),
    (illegal_built_in, "INSERT DATA { rdfs:label a owl:AnnotationProperty }"),
    (annotation_whitespace, "INSERT DATA { sport:Mark skos:altLabel 'time '@en }"),
    (annotation_whitespace, "INSERT DATA { sport:Mark skos:scopeNote 'Two  blanks.'@en }"),
    (duplicate_label, "INSERT DATA { sport:position rdfs:label 'rank'@en }"),
    (duplicate_label, "INSERT DATA { sport:medal-gold rdfs:label 'silver medal'@en }"),
    (duplicate_definition, "INSERT { sport:Mark skos:definition ?x } WHERE { sport:Award skos:definition ?x }"),
    (multiple_labels_or_definitions, "INSERT DATA { sport:Mark rdfs:label 'time'@en }"),
    (multiple_labels_or_definitions, "INSERT DATA { sport:medal-gold skos:definition 'The first one.'@en }"),
    (untranslated, "INSERT DATA { sport:Mark skos:altLabel 'Marke'@de }"),
    (untranslated, "INSERT DATA { sport:Mark skos:altLabel 'time' }"),
    (lowercase_definition, "INSERT DATA { sport:Mark skos:definition 'a time.'@en }"),
    (invalid_iri, "INSERT { ?x a owl:Class } WHERE { BIND(IRI('Mark') AS ?x) }"),
    (equivalent_pair, "INSERT DATA { sport:Mark owl:equivalentClass <http://e.org/Mark> }"),
    (deprecated_reference, "INSERT DATA { sport:Mark owl:deprecated true }"),
    (deprecated_reference, "INSERT DATA { sport:Old owl:deprecated 'true' ; dcterms:isReplacedBy <http://e.org/x> }"),
]  # fmt: skip


def instead(predicate: str, value: str) -> str:
    return f"DELETE {{ ?o {predicate} ?x }} INSERT {{ ?o {predicate} {value} }} WHERE {{ ?o {predicate} ?x }}"


HEADER_CHECKS: list[tuple[Check, str]] = [
    *((header, f"DELETE WHERE {{ ?o a owl:Ontology ; {predicate} ?x }}")
      for predicate in ("dcterms:license", "dcterms:creator", "dcterms:created", "dcterms:modified", "dcterms:title",
                        "dcterms:description", "owl:versionIRI", "owl:versionInfo", "vann:preferredNamespacePrefix",
                        "vann:preferredNamespaceUri")),
    (header, "INSERT DATA { <https://w3id.org/perezkg/other> a owl:Ontology }"),
    (header, instead("owl:versionInfo", "'1.1.0'")),
    (header, instead("owl:versionIRI", "<https://w3id.org/perezkg/sport/0.9.0>")),
    (header, instead("dcterms:modified", "'2001-01-01'^^xsd:date")),
    (header, instead("dcterms:license", "'CC BY 4.0'")),
    (p36_file_extension, "INSERT DATA { <https://w3id.org/perezkg/sport.ttl> a owl:Ontology }"),
    (p36_file_extension, "INSERT DATA { <https://w3id.org/perezkg/sport/1.0.0> a owl:Ontology }"),
    (p39_namespace, "INSERT DATA { <https://w3id.org/perezkg/elsewhere#Mark> a owl:Class }"),
    (p39_namespace, instead("vann:preferredNamespaceUri", "'https://e.org/#'")),
]  # fmt: skip

PREFIXES = "".join(
    f"PREFIX {prefix}: <{namespace}>\n"
    for prefix, namespace in {
        "dcterms": DCTERMS,
        "owl": OWL,
        "rdfs": RDFS,
        "skos": SKOS,
        "sport": SPORT,
        "vann": VANN,
        "xsd": XSD,
    }.items()
)


def faulty(graph: Graph, fault: str) -> Graph:
    copy = Graph()
    copy += graph
    copy.update(PREFIXES + fault)
    return copy


def unique(checks: list[tuple[Check, str]]) -> list[Check]:
    return list(dict.fromkeys(check for check, _ in checks))


EVERY_FILE = [*unique(HEADER_CHECKS), p40_hijacking, invalid_iri, illegal_built_in, annotation_whitespace]


@pytest.mark.parametrize("check", unique(TERM_CHECKS), ids=lambda check: check.__name__)
def test_the_vocabulary_and_the_concepts_are_free_of(check: Check) -> None:
    assert check(vocabulary()) == []


@pytest.mark.parametrize(("check", "fault"), TERM_CHECKS)
def test_each_check_of_terms_finds_its_fault(check: Check, fault: str) -> None:
    assert check(faulty(vocabulary(), fault)) != []


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("check", EVERY_FILE, ids=lambda check: getattr(check, "__name__", None))
def test_each_file_is_free_of(check: Check, name: str) -> None:
    assert check(file(name)) == []


@pytest.mark.parametrize(("check", "fault"), HEADER_CHECKS)
def test_each_check_of_the_header_finds_its_fault(check: Check, fault: str) -> None:
    assert check(faulty(file("sport"), fault)) != []


def test_a_reason_is_given_for_each_property_without_domain_or_range() -> None:
    assert all(reason.strip() for reason in (WITHOUT_DOMAIN | WITHOUT_RANGE).values())
