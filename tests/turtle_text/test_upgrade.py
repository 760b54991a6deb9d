"""`perezkg upgrade`: files of ontology 1.0 in the terms of 2.0, as their author wrote them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import RdfFormat
from rdflib import OWL, Literal
from rdflib.namespace import DCTERMS

from perezkg import resources
from perezkg.rdf.reading import DataFile, read
from perezkg.shacl.validate import validate
from perezkg.turtle_text.upgrade import upgraded

if TYPE_CHECKING:
    from tests.conftest import Run

VERSION_1 = Path(__file__).with_name("version_1.ttl")
HEAD = "@prefix ex: <http://example.org/> .\n@prefix s: <https://w3id.org/perezkg/sport#> .\n"
SPORT = "https://w3id.org/perezkg/sport#"


def upgrade(text: str) -> str:
    """Return what becomes of statements, without the prefixes."""
    return (
        upgraded(DataFile("old.ttl", (HEAD + text).encode(), RdfFormat.TURTLE))
        .rpartition("@prefix")[2]
        .partition("\n\n")[2]
    )


def test_a_life_of_version_1_conforms_once_upgraded() -> None:
    assert not validate([read(str(VERSION_1))]).conforms
    text = upgraded(read(str(VERSION_1)))
    assert list(validate([DataFile("new.ttl", text.encode(), RdfFormat.TURTLE)])) == []


def test_nothing_of_version_1_is_left() -> None:
    graph = rdflib.Graph().parse(data=upgraded(read(str(VERSION_1))), format="turtle")
    old = set(rdflib.Graph().parse(resources.ontology_file("sport.ttl")).subjects(OWL.deprecated, Literal(True)))
    before = rdflib.Graph().parse(VERSION_1)
    assert old == old & set(before.predicates()), "the file has each term that is no more"
    assert old.isdisjoint(graph.predicates())


def test_each_property_becomes_what_the_ontology_says() -> None:
    ontology = rdflib.Graph().parse(resources.ontology_file("sport.ttl"))
    before, after = rdflib.Graph().parse(VERSION_1), rdflib.Graph()
    after.parse(data=upgraded(read(str(VERSION_1))), format="turtle")
    for term in ontology.subjects(OWL.deprecated, Literal(True)):
        successors = set(ontology.objects(term, DCTERMS.isReplacedBy))
        for subject in before.subjects(term):
            gained = set(after.predicates(subject)) - set(before.predicates(subject))
            assert gained & successors, f"{subject} {term}"


def test_upgrading_again_changes_nothing() -> None:
    once = upgraded(read(str(VERSION_1)))
    assert upgraded(DataFile("new.ttl", once.encode(), RdfFormat.TURTLE)) == once
    for path in resources.data_files():
        assert upgraded(read(path)) == Path(path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Comments and spelling stay.
        ("ex:a s:athlete ex:b . # who", "ex:a s:competitor ex:b . # who\n"),
        (f"ex:a <{SPORT}place> ex:b .", f"ex:a <{SPORT}location> ex:b .\n"),
        # By the class, wherever it stands, and by the concept where no class is told.
        ("ex:a s:kind s:place-city .\nex:a a s:Place .", "ex:a s:placeKind s:place-city .\nex:a a s:Place .\n"),
        ("ex:a a s:Contest ; s:kind ex:own .", "ex:a a s:Contest ;\n    s:eventKind ex:own .\n"),
        ("ex:a s:kind s:kin-mother .", "ex:a s:role s:kin-mother .\n"),
        (
            "ex:a a s:Source ; s:kind s:source-news .",
            "ex:a a s:Source ;\n    <http://purl.org/dc/terms/type> s:source-news .\n",
        ),
        ("ex:a s:kind ex:unheard .", "ex:a s:kind ex:unheard .\n"),
        # A holder is one of a record, or the bearer of a relationship.
        ("ex:a a s:RecordStatus ; s:holder ex:b .", "ex:a a s:RecordStatus ;\n    s:holder ex:b .\n"),
        ("ex:a a s:Coaching ; s:holder ex:b .", "ex:a a s:Coaching ;\n    s:bearer ex:b .\n"),
        ("ex:a s:holder ex:b ; s:towards ex:c .", "ex:a s:bearer ex:b ;\n    s:towards ex:c .\n"),
        # A time is a value in seconds; its duration said the same once more. That of an event stays.
        (
            'ex:a a s:Mark ; s:duration "PT9.5S" ; # short\n s:seconds 9.50 .',
            "ex:a a s:Mark ;\n    # short\n    s:unit s:unit-second ;\n    s:value 9.50 .\n",
        ),
        ('ex:a a s:LifeEvent ; s:duration "P7D" .', 'ex:a a s:LifeEvent ;\n    s:duration "P7D" .\n'),
        # Within brackets.
        ("ex:a s:mark [ s:seconds 9.5 ] .", "ex:a s:mark [ s:unit s:unit-second ; s:value 9.5 ] .\n"),
        ("ex:a s:award ( [ a s:Award ; s:kind ex:own ] ) .", "ex:a s:award ( [ a s:Award ; s:awardKind ex:own ] ) .\n"),
        # Another vocabulary's kind is not ours.
        ("ex:a ex:kind s:place-city ; ex:athlete 1 .", "ex:a ex:kind s:place-city ;\n    ex:athlete 1 .\n"),
    ],
)
def test_what_becomes_of_a_statement(old: str, new: str) -> None:
    assert upgrade(old) == new


def test_files_are_changed_in_place_or_shown(command: Run, tmp_path: Path) -> None:
    path = tmp_path / "old.ttl"
    path.write_bytes(VERSION_1.read_bytes())
    shown = command("upgrade", "--diff", str(path))
    assert shown.status == 0
    assert "-    sport:athlete ex:mira-arden ;\n+    sport:competitor ex:mira-arden ;\n" in shown.out
    assert path.read_bytes() == VERSION_1.read_bytes()
    assert command("upgrade", "--check", str(path)).status == 1
    done = command("upgrade", str(path))
    assert (done.status, done.out, done.err) == (0, "", f"perezkg: upgraded {path}\n")
    assert command("upgrade", "--check", str(path)).status == 0
    assert command("validate", str(path)).status == 0


@pytest.mark.parametrize(
    ("name", "text", "status", "message"),
    [
        ("a.nt", "<http://e.org/s> <http://e.org/p> 'o' .\n", 2, "only Turtle is upgraded"),
        ("a.ttl", "ex:a ex:b ex:c .", 3, "a.ttl"),
    ],
)
def test_what_cannot_be_upgraded_stays(
    command: Run, tmp_path: Path, name: str, text: str, status: int, message: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    good = tmp_path / "good.ttl"
    good.write_bytes(VERSION_1.read_bytes())
    ended = command("upgrade", str(good), str(path))
    assert ended.status == status
    assert message in ended.err
    assert path.read_text(encoding="utf-8") == text
    assert good.read_bytes() == VERSION_1.read_bytes()


def test_a_file_must_be_named(command: Run) -> None:
    ended = command("upgrade")
    assert ended.status == 2
    assert "perezkg upgrade FILE.ttl" in ended.err
