"""The gallery of faulty data: each fault is found by the rule that is meant for it, and by no other.

tests/broken/ holds one file for each kind of fault that each rule can report. A file is complete in itself, valid but
for its fault, and says in its first two lines which result it expects and what is wrong with it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyshacl
import pytest
import rdflib
from rdflib.namespace import SH
from tests.every_case import ALL

from perezkg.rdf import reading
from perezkg.shacl.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

GALLERY = Path(__file__).resolve().parents[1] / "broken"
SHAPES = GALLERY.parents[1] / "ontology" / "shapes.ttl"
CONCEPTS = GALLERY.parents[1] / "ontology" / "concepts.ttl"
FILES = sorted(path for path in GALLERY.glob("*.ttl") if not path.name.startswith("_"))
EXPECTS = re.compile(r"# expects: pzsh:([\w-]+) sh:(\w+)ConstraintComponent\n# (.+)\n\n@prefix ")

Fault = tuple[str, str]


def expected(path: Path) -> Fault:
    """Return the rule and the kind of fault that a file's first line announces."""
    match = EXPECTS.match(path.read_text("utf-8"))
    assert match, f"{path.name} begins with `# expects: pzsh:… sh:…ConstraintComponent` and a sentence"
    return match[1], match[2]


def faults(path: Path) -> list[Fault]:
    """Return the rules that fire, and how."""
    report = validate([reading.read(str(path))])
    return [(_local(result.rule), _local(result.component).removesuffix("ConstraintComponent")) for result in report]


def _local(iri: object) -> str:
    return str(iri).rpartition("#")[2]


def test_the_valid_file_conforms_without_any_remark() -> None:
    assert faults(GALLERY / "_valid.ttl") == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_exactly_the_meant_constraint_fires(path: Path) -> None:
    assert faults(path) == [expected(path)]


# Each is right as well: text of the valid file, and what may stand in its place.
ALSO_VALID: dict[str, tuple[tuple[str | re.Pattern[str], str], ...]] = {
    "numbers in other forms of their type": (
        ("sport:year 1980 ;", 'sport:year "+01980"^^xsd:integer ;'),
        ("sport:month 2 ;", 'sport:month "02"^^xsd:integer ;'),
        ("sport:value 10.52 ;", 'sport:value "10.520"^^xsd:decimal ;'),
    ),
    "labels in one language": ((re.compile(r'(rdfs:label|rdfs:comment) "[^"]*"@en ,\s+'), r"\1 "),),
    "a place in a team that is taken again, later": (
        ("sport:position 2 ;\n    sport:startDate", "sport:position 1 ;\n    sport:startDate"),
        (
            '"2002"^^xsd:gYear ;\n    sport:endDate "2002-05-05"',
            '"2002-05-05"^^xsd:date ;\n    sport:endDate "2002-05-05"',
        ),
    ),
    "a city in a region": (
        (
            "ex:marsk a sport:Place ;",
            """ex:east a sport:Place ;
    rdfs:label "The East"@en , "El Este"@es ;
    sport:placeKind sport:place-region ;
    sport:containedIn ex:sundland ;
    prov:wasDerivedFrom report:s1 .

ex:marsk a sport:Place ;""",
        ),
        (
            '"Marsk"@es ;\n    sport:placeKind sport:place-city ;\n    sport:containedIn ex:sundland',
            '"Marsk"@es ;\n    sport:placeKind sport:place-city ;\n    sport:containedIn ex:east',
        ),
    ),
    "a year before our era": (
        (
            "ex:northern-cup-2000 a sport:CompetitionEdition ;",
            """ex:first-northern-cup a sport:CompetitionEdition ;
    rdfs:label "First Northern Cup"@en , "Primera Copa del Norte"@es ;
    sport:series ex:northern-cup ;
    sport:location ex:vale ;
    sport:year -775 ;
    sport:date "-0775"^^xsd:gYear ;
    sport:startDate "-0775-07-01"^^xsd:date ;
    sport:endDate "-0775-07-05"^^xsd:date ;
    prov:wasDerivedFrom report:s1 .

ex:northern-cup-2000 a sport:CompetitionEdition ;
    sport:follows ex:first-northern-cup ;""",
        ),
    ),
    "a record that was recognised later": (
        (
            re.compile(r"sport:begunBy ex:northern-cup-2000-walk ;\n *sport:endedBy [^;]+;(?=[^.]+\.\s+ex:birth)"),
            "sport:begunBy ex:sanction-kron ;",
        ),
    ),
}


@pytest.mark.parametrize("name", ALSO_VALID)
def test_what_is_right_in_another_way_conforms_as_well(name: str, tmp_path: Path) -> None:
    text = (GALLERY / "_valid.ttl").read_text("utf-8")
    for old, new in ALSO_VALID[name]:
        changed = old.sub(new, text) if isinstance(old, re.Pattern) else text.replace(old, new)
        assert changed != text, old
        text = changed
    path = tmp_path / "valid.ttl"
    path.write_text(text, "utf-8")
    assert faults(path) == []


def test_files_are_named_after_what_they_expect() -> None:
    for path in FILES:
        rule, component = expected(path)
        suffix = "" if component == "SPARQL" else "." + component[0].lower() + component[1:]
        assert path.stem == rule + suffix


@pytest.fixture
def literals_as_written() -> Iterator[None]:
    """Let rdflib keep 007 as it is written; pyshacl sets it back."""
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    yield
    rdflib.NORMALIZE_LITERALS = before


# Plain pyshacl takes up to a minute a file.
STEP = 1 if ALL else 160


@pytest.mark.slow
@pytest.mark.usefixtures("literals_as_written")
@pytest.mark.parametrize("path", [*FILES[::STEP], GALLERY / "_valid.ttl"], ids=lambda path: path.stem)
def test_plain_pyshacl_finds_the_same(path: Path) -> None:
    # With the concepts, as `perezkg.validate` has them: by their schemes they are kinds, levels, roles …
    data, shapes = rdflib.Graph().parse(path).parse(CONCEPTS), rdflib.Graph().parse(SHAPES)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    got = [
        (
            _local(report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)),
            _local(report.value(result, SH.sourceConstraintComponent)).removesuffix("ConstraintComponent"),
        )
        for result in report.objects(None, SH.result)
    ]
    assert got == ([] if path.name == "_valid.ttl" else [expected(path)])
