"""The shapes themselves: sound SHACL, worded in two languages, in step with the vocabulary and kept by the data."""

from __future__ import annotations

import re
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS, SH, SKOS
from tests.every_case import ALL, EVERY_CASE

from perezkg.rdf import reading
from perezkg.shacl.rules import whole_graph_query
from perezkg.shacl.validate import validate

ROOT = Path(__file__).resolve().parents[2]
SPORT = "https://w3id.org/perezkg/sport#"
PZSH = "https://w3id.org/perezkg/shapes#"
OA = "http://www.w3.org/ns/oa#"
SEVERITIES = {"violations": SH.Violation, "warnings": SH.Warning, "infos": SH.Info}
COMPONENTS = (
    *("class", "datatype", "disjoint", "in", "languageIn", "lessThan", "maxCount", "maxInclusive", "maxLength"),
    *("minCount", "minExclusive", "minInclusive", "node", "nodeKind", "not", "or", "pattern", "uniqueLang"),
)
TARGETS = ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")


class Shapes:
    """ontology/shapes.ttl as a graph."""

    def __init__(self) -> None:
        self.path = ROOT / "ontology" / "shapes.ttl"
        self.graph = Graph().parse(self.path)

    def targeting(self) -> list[URIRef]:
        """Return the node shapes that have a target of their own."""
        found = {node for name in TARGETS for node in self.graph.subjects(SH[name])}
        return sorted(node for node in found if isinstance(node, URIRef))

    def properties(self, shape: URIRef) -> list[URIRef]:
        """Return the property shapes of a node shape."""
        return sorted(node for node in self.graph.objects(shape, SH.property) if isinstance(node, URIRef))

    def rules(self, shape: URIRef) -> list[URIRef]:
        """Return the SPARQL constraints of a node shape."""
        return sorted(node for node in self.graph.objects(shape, SH.sparql) if isinstance(node, URIRef))

    def closed(self) -> list[URIRef]:
        """Return the closed node shapes."""
        return [shape for shape in self.targeting() if self.graph.value(shape, SH.closed) is not None]

    def paths(self, shape: URIRef) -> set[str]:
        """Return the plain properties that a node shape lists."""
        found = (self.graph.value(node, SH.path) for node in self.properties(shape))
        return {str(path) for path in found if isinstance(path, URIRef)}

    def members(self, node: object) -> list[str]:
        """Return the members of a list."""
        return [str(item) for item in Collection(self.graph, node)] if node is not None else []  # type: ignore[arg-type]

    def constraints(self) -> set[tuple[str, str]]:
        """Return each rule's name and each kind of fault that it can report, as `sh:…ConstraintComponent` is named."""
        found = set()
        for shape in self.targeting():
            if shape in self.closed():
                found.add((name(shape), "Closed"))
            found.update((name(rule), "SPARQL") for rule in self.rules(shape))
            for node in self.properties(shape):
                found.update(
                    (name(node), word[0].upper() + word[1:])
                    for word in COMPONENTS
                    if self.graph.value(node, SH[word]) is not None
                )
        return found

    def checks(self) -> list[URIRef]:
        """Return whatever can stand in a report: closed shapes, property shapes and SPARQL constraints."""
        kinds = (SH.PropertyShape, SH.SPARQLConstraint)
        found = {node for kind in kinds for node in self.graph.subjects(RDF.type, kind)} | set(self.closed())
        return sorted(node for node in found if isinstance(node, URIRef))


def name(node: URIRef | str) -> str:
    """Return the local name of a shape."""
    return str(node).removeprefix(PZSH)


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    """Return the shapes of perezkg."""
    return Shapes()


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "sport.ttl")


@pytest.fixture(scope="module")
def concepts() -> Graph:
    return Graph().parse(ROOT / "ontology" / "concepts.ttl")


def texts(shapes: Shapes, node: URIRef) -> dict[str | None, list[str]]:
    found: dict[str | None, list[str]] = {}
    for message in shapes.graph.objects(node, SH.message):
        assert isinstance(message, Literal)
        found.setdefault(message.language, []).append(str(message))
    return found


def test_pyshacl_accepts_the_shapes_as_shapes(shapes: Shapes) -> None:
    conforms, _, _ = pyshacl.validate(Graph(), shacl_graph=shapes.graph)
    assert conforms


def test_each_check_says_how_to_mend_in_both_languages(shapes: Shapes) -> None:
    for node in shapes.checks():
        said = texts(shapes, node)
        assert {language: len(words) for language, words in said.items()} == {"en": 1, "es": 1}, node
        assert said["en"] != said["es"], node
        for sentence in (said["en"][0], said["es"][0]):
            assert re.fullmatch(r"[A-ZÁÉÍÓÚ].{15,700}\.", sentence), sentence


def test_each_check_has_a_severity(shapes: Shapes) -> None:
    for node in shapes.checks():
        assert shapes.graph.value(node, SH.severity) in SEVERITIES.values(), node


def test_a_rule_has_the_severity_of_the_shape_that_carries_it(shapes: Shapes) -> None:
    for shape in shapes.targeting():
        for rule in shapes.rules(shape):
            assert shapes.graph.value(rule, SH.severity) == shapes.graph.value(shape, SH.severity), rule
            assert SEVERITIES[str(shape).split("-")[1]] == shapes.graph.value(shape, SH.severity), shape


def test_shapes_and_constraints_have_readable_names(shapes: Shapes) -> None:
    for kind in (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint):
        for node in shapes.graph.subjects(RDF.type, kind):
            assert isinstance(node, URIRef)
            assert re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*", name(node)), node


def test_nothing_is_defined_and_left_unused(shapes: Shapes) -> None:
    used = set(shapes.graph.objects(None, SH.property)) | set(shapes.graph.objects(None, SH.sparql))
    for node in shapes.checks():
        assert node in used or node in shapes.closed(), node


def test_each_rule_can_be_asked_of_the_whole_graph_at_once(shapes: Shapes) -> None:
    prefixes = {
        str(shapes.graph.value(node, SH.prefix)): str(shapes.graph.value(node, SH.namespace))
        for node in shapes.graph.objects(None, SH.declare)
    }
    for rule in shapes.graph.subjects(RDF.type, SH.SPARQLConstraint):
        query = str(shapes.graph.value(rule, SH.select))
        assert re.match(r"\s*SELECT DISTINCT \$this( \?value| \?path)? WHERE \{\n\s+\$this ", query), rule
        assert not re.search(r"\b(MINUS|VALUES|SERVICE|NOW|RAND)\b", query), rule
        assert whole_graph_query(query, prefixes), rule


def test_each_class_of_the_vocabulary_has_one_closed_shape(shapes: Shapes, ontology: Graph) -> None:
    abstract = {URIRef(SPORT + "Event"), URIRef(SPORT + "Relationship")}
    classes = {node for node in ontology.subjects(RDF.type, OWL.Class) if str(node).startswith(SPORT)} - abstract
    targets = [node for shape in shapes.closed() for node in shapes.graph.objects(shape, SH.targetClass)]
    assert len(targets) == len(set(targets))
    assert set(targets) == classes | {URIRef(OA + "TextPositionSelector")}
    known = shapes.members(shapes.graph.value(URIRef(PZSH + "Node-type"), SH["in"]))
    # A concept may carry whatever its author likes.
    assert set(known) == {str(node) for node in targets} | {str(SKOS.Concept)}


def test_closed_shapes_list_what_the_vocabulary_allows(shapes: Shapes, ontology: Graph) -> None:
    allowed: dict[URIRef, set[str]] = {}
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in ontology.subjects(RDF.type, kind):
            for domain in ontology.objects(term, RDFS.domain) if str(term).startswith(SPORT) else ():
                union = ontology.value(domain, OWL.unionOf)
                for part in ontology.items(union) if union is not None else [domain]:
                    for below in ontology.transitive_subjects(RDFS.subClassOf, part):
                        assert isinstance(below, URIRef)
                        allowed.setdefault(below, set()).add(str(term))
    for shape in shapes.closed():
        classes = [node for node in shapes.graph.objects(shape, SH.targetClass) if str(node).startswith(SPORT)]
        listed = {path for path in shapes.paths(shape) if path.startswith(SPORT)}
        wanted = set().union(*(allowed.get(node, set()) for node in classes if isinstance(node, URIRef)))
        assert listed == wanted, shape


def test_whoever_carries_a_property_must_have_a_type(shapes: Shapes, ontology: Graph) -> None:
    node = URIRef(PZSH + "Node")
    targets = {str(target) for target in shapes.graph.objects(node, SH.targetSubjectsOf)}
    terms = {
        str(term)
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for term in ontology.subjects(RDF.type, kind)
        if str(term).startswith(SPORT) and (term, OWL.deprecated, None) not in ontology
    }
    assert {target for target in targets if target.startswith(SPORT)} == terms


def test_each_property_of_concepts_asks_for_its_scheme_and_for_no_list(
    shapes: Shapes, ontology: Graph, concepts: Graph
) -> None:
    wanted = {DCTERMS.type, *ontology.subjects(RDFS.range, SKOS.Concept)}
    schemes = set(concepts.subjects(RDF.type, SKOS.ConceptScheme))
    asked, used = set(), set()
    for node in shapes.checks():
        path = shapes.graph.value(node, SH.path)
        if path in wanted:
            (scheme,) = shapes.graph.objects(node, SH.node / SH.property / SH.hasValue)
            assert set(shapes.graph.objects(node, SH.node / SH.property / SH.path)) == {SKOS.inScheme}, node
            assert shapes.graph.value(node, SH["in"]) is None, node
            for words in texts(shapes, node).values():
                assert "sport:" + str(scheme).removeprefix(SPORT) in words[0], node
            asked.add(path)
            used.add(scheme)
    assert asked == wanted
    assert used == schemes


def test_each_concept_that_a_shape_names_is_described(shapes: Shapes, concepts: Graph) -> None:
    # A condition on the kind of another node: a hometown is no country.
    text = shapes.path.read_text("utf-8")
    known = {str(node).removeprefix(SPORT) for node in concepts.subjects(SKOS.inScheme)}
    schemes = {str(node).removeprefix(SPORT) for node in concepts.subjects(RDF.type, SKOS.ConceptScheme)}
    named = set(re.findall(r"\bsport:([a-z]+(?:-[a-z]+)+)", text))
    assert len(named - schemes) > 20
    assert named <= known | schemes


def test_no_kind_of_constraint_escapes_the_gallery(shapes: Shapes) -> None:
    said = {SH[word] for word in (*COMPONENTS, "flags", "message", "path", "severity")}
    for node in shapes.graph.subjects(RDF.type, SH.PropertyShape):
        assert set(shapes.graph.predicates(node)) <= said | {RDF.type}, node


def test_the_gallery_has_a_file_for_each_constraint(shapes: Shapes) -> None:
    first = re.compile(r"# expects: pzsh:([\w-]+) sh:(\w+)ConstraintComponent\n")
    paths = [path for path in (ROOT / "tests" / "broken").glob("*.ttl") if not path.name.startswith("_")]
    headers = [first.match(path.read_text("utf-8")) for path in paths]
    assert {(match[1], match[2]) for match in headers if match} == shapes.constraints()


def test_the_manual_lists_each_rule_with_its_severity(shapes: Shapes) -> None:
    manual = (ROOT / "docs" / "shapes.md").read_text("utf-8")
    rows = re.findall(r"^\| ([\w-]+) \| (violation|warning|info) \| .+ \|$", manual, re.MULTILINE)
    rules = [node for shape in shapes.targeting() for node in shapes.rules(shape)]
    rules += [URIRef(PZSH + "Node-label-placeholder"), URIRef(PZSH + "Node-text-encoding")]
    severities = ((name(node), str(shapes.graph.value(node, SH.severity))) for node in rules)
    assert sorted(rows) == sorted((rule, severity.rpartition("#")[2].lower()) for rule, severity in severities)


def test_the_manual_counts_right(shapes: Shapes) -> None:
    manual = (ROOT / "docs" / "shapes.md").read_text("utf-8")
    properties = len(set(shapes.graph.subjects(RDF.type, SH.PropertyShape)))
    rules = len(set(shapes.graph.subjects(RDF.type, SH.SPARQLConstraint)))
    files = sum(not path.name.startswith("_") for path in (ROOT / "tests" / "broken").glob("*.ttl"))
    counts = f"{len(shapes.closed())} closed shapes, {properties} property shapes, {rules} SPARQL rules"
    for words in (f"In numbers: {counts}.", f"cannot say: {rules} of them", f"holds {files} small files"):
        assert words in manual


def test_the_data_conform_without_violation_or_warning() -> None:
    # The biography is told whole. The evidence also names rivals and cities in passing, and claims of a moment, so that
    # there a note may stand beside one node in five.
    paths = sorted((ROOT / "data").glob("*.ttl"))
    everything = Graph()
    for path in paths:
        everything.parse(path)
    sourced = len(set(everything.subjects(PROV.wasDerivedFrom)))
    for files, notes in (([ROOT / "data" / "perez.ttl"], 20), (paths, sourced // 5)):
        report = validate([reading.read(str(path)) for path in files], fail_on="warning")
        assert report.conforms, report
        assert report.counts["info"] <= notes


# Plain pyshacl takes minutes for each.
@pytest.mark.slow
@pytest.mark.skipif(not ALL, reason=f"{EVERY_CASE} is not set")
@pytest.mark.parametrize("beside", ["sport.ttl", None])
def test_plain_pyshacl_agrees_on_the_data_with_and_without_the_vocabulary(shapes: Shapes, beside: str | None) -> None:
    # With the concepts, as `perezkg.validate` has them: by their schemes they are kinds, levels, roles …
    data = Graph().parse(ROOT / "data" / "perez.ttl").parse(ROOT / "ontology" / "concepts.ttl")
    if beside:
        data.parse(ROOT / "ontology" / beside)
    report = validate([reading.read(str(ROOT / "data" / "perez.ttl"))])
    wanted = sorted((result.rule, str(result.focus).strip("<>")) for result in report)
    _, found, _ = pyshacl.validate(data, shacl_graph=shapes.graph, inplace=True)
    got = sorted(
        (
            str(found.value(node, SH.sourceConstraint) or found.value(node, SH.sourceShape)),
            str(found.value(node, SH.focusNode)),
        )
        for node in found.objects(None, SH.result)
    )
    assert got == wanted
