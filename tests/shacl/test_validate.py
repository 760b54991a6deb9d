"""What is checked, against which shapes, and what happens with files and shapes that are at fault."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import threading
from pathlib import Path
from types import ModuleType

import pytest
from pyoxigraph import NamedNode

import perezkg
from perezkg import resources
from perezkg.errors import RdfSyntaxError, RemoteAccessRefusedError
from perezkg.rdf import reading
from perezkg.shacl.rules import whole_graph_rules
from perezkg.shacl.shapes import DataGraph, Shapes
from perezkg.shacl.validate import Report, ShapesError, validate

HERE = Path(__file__).parent
HEAD = """@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix sport: <https://w3id.org/perezkg/sport#> .
"""

RULE = "ex:S sh:targetClass ex:A ; sh:sparql ex:R . ex:R sh:select "


def check(tmp_path: Path, data: str, shapes: str = "", fail_on: str = "violation") -> Report:
    files = []
    for name, text in (("data.ttl", data), ("shapes.ttl", shapes)):
        (tmp_path / name).write_text(HEAD + text, encoding="utf-8")
        files.append(reading.read(str(tmp_path / name)))
    return validate(files[:1], shapes=files[1:] if shapes else None, fail_on=fail_on)


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_own_data_conform(kg: perezkg.KnowledgeGraph) -> None:
    report = kg.validate()
    assert report.conforms, str(report)
    assert report.counts["violation"] == 0


def test_each_own_rule_is_one_query() -> None:
    shapes = Shapes(reading.parse(reading.read(resources.ontology_file("shapes.ttl"))))
    data = DataGraph((quad for path in resources.data_files() for quad in reading.parse(reading.read(path))), [])
    rules = {rule.constraint for rule in whole_graph_rules(shapes, data)}
    left = {
        quad.subject
        for quad in shapes.quads
        if quad.predicate.value.endswith("#select") and shapes.is_active(quad.subject)  # type: ignore[arg-type]
    } - rules
    assert not left, "these rules cost one query a node: see perezkg.shacl.rules"


@pytest.mark.parametrize(
    "path", [resources.ontology_file("shapes.ttl"), *resources.profile_files().values()], ids=os.path.basename
)
def test_own_shapes_pass_shacl_shacl(path: str) -> None:
    assert module("shacl_shacl").faults(path) == ""


def test_malformed_shapes_do_not_pass_shacl_shacl() -> None:
    assert "Constraint Violation" in module("shacl_shacl").faults(str(HERE / "malformed.shapes.ttl"))


def test_each_language_has_its_own_message(tmp_path: Path) -> None:
    """Of a constraint for pyshacl, which fills in the values, forgets the language and adds words of the shape."""
    select = "SELECT $this ?value WHERE { $this <http://example.org/p> ?value } LIMIT 1"
    report = check(
        tmp_path,
        'ex:a a ex:A ; ex:p "first line\\nsecond" .',
        f'''ex:S sh:message "nothing of the constraint"@en . {RULE} "{select}" ;
            sh:message "saw {{?value}}, no q"@en , "visto {{?value}}, sin q"@es , "{{$this}} has no q" .''',
    )
    (result,) = report
    assert result.messages == {
        "": "http://example.org/a has no q",
        "en": "saw first line\nsecond, no q",
        "es": "visto first line\nsecond, sin q",
    }


def test_details_of_details_are_kept(tmp_path: Path) -> None:
    report = check(
        tmp_path,
        "ex:a a ex:A ; ex:p [ ex:p [ ex:p 1 ] ] .",
        """ex:S sh:targetClass ex:A ; sh:property ex:P1 . ex:P1 sh:path ex:p ; sh:node ex:N2 .
        ex:N2 sh:property ex:P2 . ex:P2 sh:path ex:p ; sh:node ex:N3 .
        ex:N3 sh:property ex:P3 . ex:P3 sh:path ex:p ; sh:datatype <http://www.w3.org/2001/XMLSchema#string> .""",
    )
    (result,) = (found for found in report if found.rule.endswith("P1"))
    chain = []
    while result.details:
        (result,) = result.details
        chain.append(result.rule)
    assert chain == ["http://example.org/P2", "http://example.org/P3"]


def test_nodes_that_no_shape_targets(tmp_path: Path) -> None:
    report = check(
        tmp_path,
        """<> a owl:Ontology .
        ex:typo a ex:Runer ; rdfs:label "x" .
        ex:typeless rdfs:label "y" ; ex:knows [ rdfs:label "held" ] .
        ex:fine a ex:Runner .
        [] rdfs:label "free" .""",
        "ex:S sh:targetClass ex:Runner ; sh:nodeKind sh:IRI .",
    )
    assert report.conforms
    assert not report.results
    assert [result.line for result in report.unchecked] == [7, 8, 10]
    typo = report.unchecked[0]
    assert typo.value == NamedNode("http://example.org/Runer")
    assert "no shape covers ex:Runer" in typo.message("en")
    assert "ninguna forma se ocupa de ex:Runer" in typo.message("es")
    for fail_on, conforms in (("warning", True), ("info", True), ("unchecked", False)):
        report = check(tmp_path, "ex:typeless rdfs:label 'y' .", "ex:S sh:targetClass ex:Runner .", fail_on=fail_on)
        assert report.conforms == conforms


def test_unchecked_nodes_stand_beside_the_results(tmp_path: Path) -> None:
    data = "ex:typo a ex:Runer ; rdfs:label 'x' . ex:fault a ex:Runner ."
    report = check(
        tmp_path, data, "ex:S sh:targetClass ex:Runner ; sh:property [ sh:path rdfs:label ; sh:minCount 1 ] ."
    )
    assert report.counts == {"violation": 1, "warning": 0, "info": 0}
    text = "".join(report.render("text"))
    assert ": notice: No shape applies to this node" in text
    assert text.endswith("Does not conform: 1 violation, 1 unchecked node (1 file, 3 triples)\n")
    document = json.loads("".join(report.render("json")))
    assert [one["focus"]["value"][-5:] for one in (*document["results"], *document["unchecked"])] == ["fault", "/typo"]
    run = json.loads("".join(report.render("sarif", lang="es")))["runs"][0]
    assert len(run["results"]) == 1
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["level"] == "note"
    assert told["message"]["text"].startswith("Ninguna forma se aplica")
    assert told["locations"][0]["physicalLocation"]["region"]["startLine"] == report.unchecked[0].line
    assert "typo" not in "".join(report.render("turtle"))


def test_concepts_are_known_and_never_reported(tmp_path: Path) -> None:
    shapes = """ex:S sh:targetClass ex:Medal , <http://www.w3.org/2004/02/skos/core#Concept> ; sh:property ex:P ;
        sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?o }" ] .
        ex:P sh:path ex:kind ; sh:minCount 1 ; sh:class <http://www.w3.org/2004/02/skos/core#Concept> ."""
    report = check(tmp_path, "ex:m a ex:Medal ; ex:kind sport:medal-gold , sport:medal-lead .", shapes)
    assert {str(result.focus) for result in report} == {"<http://example.org/m>"}
    assert [str(r.value) for r in report if r.path is not None] == ["<https://w3id.org/perezkg/sport#medal-lead>"]


def test_the_class_hierarchy_is_known(tmp_path: Path) -> None:
    shapes = "ex:S sh:targetClass sport:Event ; sh:property [ sh:path ex:x ; sh:minCount 1 ] ; sh:sparql ex:R . "
    shapes += 'ex:R sh:select "SELECT $this WHERE { $this a ?class }" .'
    report = check(tmp_path, "ex:race a sport:Contest . ex:person a sport:Person .", shapes)
    assert {str(result.focus) for result in report if result.severity == "violation"} == {"<http://example.org/race>"}
    assert report.counts["violation"] == 2


def test_shapes_beside_the_own(tmp_path: Path) -> None:
    (tmp_path / "more.ttl").write_text(
        HEAD + "ex:S sh:targetClass sport:Person ; sh:property ex:P . ex:P sh:path ex:x ; sh:minCount 1 ."
    )
    files = [reading.read(path) for path in resources.data_files()]
    report = validate(files, more_shapes=[reading.read(str(tmp_path / "more.ttl"))])
    assert {result.rule for result in report if result.severity == "violation"} == {"http://example.org/P"}


def test_several_files_are_one_graph(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(HEAD + "ex:a a ex:A ; ex:b ex:b .")
    (tmp_path / "b.nt").write_text(
        "<http://example.org/b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/B> .\n"
    )
    (tmp_path / "shapes.ttl").write_text(
        HEAD + "ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:b ; sh:class ex:B ] . ex:T sh:targetClass ex:B ."
    )
    a, b, shapes = (reading.read(str(tmp_path / name)) for name in ("a.ttl", "b.nt", "shapes.ttl"))
    assert len(validate([a, b], shapes=[shapes])) == 0
    assert len(validate([a], shapes=[shapes])) == 1


def test_imports_are_told_and_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", _no_socket)
    report = check(
        tmp_path,
        "<> a owl:Ontology ; owl:imports <http://example.org/other> .",
        "<> a owl:Ontology ; owl:imports <http://example.org/shapes> . ex:S sh:targetClass ex:A .",
    )
    assert report.notices[0].endswith(
        "imports <http://example.org/other>: not followed, perezkg reads only the files it is given"
    )


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { SERVICE <http://example.org/sparql> { $this ?p ?o } }",
        "SELECT $this WHERE { SER\\\\u0056ICE <http://example.org/sparql> { $this ?p ?o } }",
        "SELECT $this FROM <http://example.org/x> WHERE { $this ?p ?o }",
    ],
)
def test_rules_do_not_reach_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setattr(socket, "socket", _no_socket)
    with pytest.raises((RemoteAccessRefusedError, ShapesError)):
        check(tmp_path, "ex:a a ex:A .", f'ex:S sh:targetClass ex:A ; sh:sparql ex:R . ex:R sh:select "{query}" .')


def _no_socket(*_: object, **__: object) -> None:
    raise AssertionError("a socket was opened")


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        (RULE + '"SELECT $this WHERE { $this ex:p }" .', "the prefix ex: is not declared"),
        (RULE + '"SELECT $this WHERE { MINUS { $this ex:p 1 } }" .', "MINUS"),
        ("ex:S sh:targetClass ex:A ; sh:property [ sh:minCount 1 ] .", "well-formed"),
        ("ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:closed true , false .", "cannot be used"),
        ("ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:or ( ) .", "cannot be used"),
    ],
)  # fmt: skip
def test_shapes_at_fault(tmp_path: Path, shapes: str, words: str) -> None:
    with pytest.raises(ShapesError, match=words):
        check(tmp_path, "ex:a a ex:A .", shapes)


def test_malformed_files(tmp_path: Path) -> None:
    with pytest.raises(RdfSyntaxError) as error:
        check(tmp_path, "ex:a ex:b")
    assert error.value.path.endswith("data.ttl")
    with pytest.raises(RdfSyntaxError) as error:
        check(tmp_path, "ex:a ex:b ex:c .", "ex:S sh:targetClass")
    assert error.value.path.endswith("shapes.ttl")


def test_progress_is_told(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(HEAD + "ex:a a ex:A .")
    told: list[tuple[str, int, int]] = []
    validate([reading.read(str(tmp_path / "data.ttl"))], progress=lambda *step: told.append(step))
    assert list(dict.fromkeys(step[0] for step in told)) == ["files", "rules", "shapes"]
    assert all(0 <= done <= total for stage, done, total in told if stage != "files")


def test_in_a_thread(tmp_path: Path) -> None:
    found: list[Report] = []
    thread = threading.Thread(target=lambda: found.append(check(tmp_path, "ex:a a ex:A .")))
    thread.start()
    thread.join()
    assert len(found[0].unchecked) == 1


def test_own_shapes_find_what_pyshacl_finds_with_them() -> None:
    reference = module("reference")
    data = [
        HERE / "stranger.ttl",
        *map(Path, (resources.ontology_file("concepts.ttl"), resources.ontology_file("sport.ttl"))),
    ]
    shapes = Path(resources.ontology_file("shapes.ttl"))
    wanted = reference.expected(data, shapes)
    assert len(wanted) >= 10
    assert reference.found(data, shapes) == wanted
