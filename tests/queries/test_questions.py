"""docs/questions.md lists every question, and each term of the ontology is used by at least one of them.

The page is made from the queries: `python tests/queries/test_questions.py` writes it anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

import perezkg
from perezkg import resources
from perezkg.sparql.catalogue import CannedQuery, catalogue
from perezkg.sparql.results import Solutions

SPORT = "https://w3id.org/perezkg/sport#"
PAGE = Path(__file__).parents[2] / "docs" / "questions.md"
QUERIES = catalogue()
GROUPS = {
    "results": "Results",
    "marks": "Marks and records",
    "awards": "Awards",
    "claims": "Claims",
    "life": "The life",
    "people": "People",
    "places": "Places",
    "sources": "Sources",
    "checks": "The graph itself",
    "views": "Views in other vocabularies",
}
INTRODUCTION = """\
# The questions

The graph is there to answer these {number} questions; every class and property of the ontology serves at least one.
`perezkg queries NAME` shows one with its parameters, `perezkg query NAME` answers it, `--lang es` in Spanish.
This page is made from the queries by `python tests/queries/test_questions.py`; a test compares the two.

- In an answer that lists things, the last column, `iri`, is the thing that the row is about: give it to `perezkg cite`
  or `perezkg describe`.
- A parameter that names a thing takes what people call it, `-p athlete='Jefferson Pérez'`: a label, a beginning of one
  or some of its words, whatever case and accents, when only one thing is called so; or a prefixed name or an IRI.
- A label comes in the language asked for, else in another one that the file has, else the IRI stands in.
- An empty cell means that no source of the graph says it. What has no year comes after what has one.
- None of them is made for one life: each answers for any file of the same ontology, of as many athletes as it has.
- `year`, `since` and `until` are years, `seconds` are decimals, `metres` integers: every engine sorts those alike.
"""
CONCLUSION = """\
The {number} concept schemes, with every concept, its meaning and the number of its uses, are the answer to
`concepts`."""
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_OWL = "http://www.w3.org/2002/07/owl#"
_SCHEME = NamedNode("http://www.w3.org/2004/02/skos/core#ConceptScheme")


def typed(file: str, *types: str) -> list[str]:
    """Return the local names of our terms that a file gives one of the types; not the deprecated ones."""
    wanted = {NamedNode(iri) for iri in types}
    with open(resources.ontology_file(file), "rb") as content:
        quads = list(parse(content.read(), RdfFormat.TURTLE))
    former = {quad.subject for quad in quads if quad.predicate == NamedNode(_OWL + "deprecated")}
    terms = {quad.subject for quad in quads if quad.predicate == _TYPE and quad.object in wanted} - former
    return sorted(
        term.value.removeprefix(SPORT) for term in terms if isinstance(term, NamedNode) and term.value.startswith(SPORT)
    )


CLASSES = typed("sport.ttl", _OWL + "Class")
PROPERTIES = typed("sport.ttl", _OWL + "ObjectProperty", _OWL + "DatatypeProperty")
SCHEMES = typed("concepts.ttl", _SCHEME.value)


def terms_of(query: CannedQuery) -> list[str]:
    """Return the local names of this vocabulary's terms in a query, comments and header left out."""
    names = {token.text for token in query.tokens if token.kind == "name"}
    return sorted(name.removeprefix("sport:") for name in names if name.startswith("sport:") and name != "sport:")


USES = {query.name: terms_of(query) for query in QUERIES}


@pytest.mark.parametrize("term", [*CLASSES, *PROPERTIES])
def test_each_class_and_property_serves_a_question(term: str) -> None:
    assert any(term in terms for terms in USES.values())


def test_each_concept_scheme_serves_a_question() -> None:
    graph = perezkg.load(concepts=True)
    labels = graph.sparql(
        'SELECT ?label { ?scheme a skos:ConceptScheme ; rdfs:label ?label FILTER(LANG(?label) = "en") }'
    )
    answered = graph.query("concepts")
    assert isinstance(labels, Solutions)
    assert isinstance(answered, Solutions)
    assert len(labels) == len(SCHEMES)
    assert {row["scheme"] for row in answered} == {row.label for row in labels}


def test_no_question_uses_a_term_that_is_not_there() -> None:
    concepts = typed("concepts.ttl", "http://www.w3.org/2004/02/skos/core#Concept", _SCHEME.value)
    known = {*CLASSES, *PROPERTIES, *concepts}
    assert {name: unknown for name, terms in USES.items() if (unknown := sorted(set(terms) - known))} == {}


def test_each_question_belongs_to_a_group() -> None:
    assert [query.name for query in QUERIES if not set(query.tags) & set(GROUPS)] == []


def test_the_page_is_what_the_queries_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def page() -> str:
    """Return docs/questions.md."""
    lines = [INTRODUCTION.format(number=len(QUERIES))]
    seen: set[str] = set()
    for tag, title in GROUPS.items():
        group = [query for query in QUERIES if query.tags and tag in query.tags and query.name not in seen]
        seen.update(query.name for query in group)
        lines += [f"## {title}", "", "| query | answers | parameters |", "|---|---|---|"]
        for query in group:
            parameters = ", ".join(f"`{name}`" for name in query.parameters if name != "lang")
            lines.append(f"| [{query.name}](../queries/{query.name}.rq) | {query.summary()} | {parameters} |")
        lines.append("")
    lines += ["## Which term serves which question", ""]
    for title, terms in (("class", CLASSES), ("property", PROPERTIES)):
        lines += [f"| {title} | questions |", "|---|---|"]
        for term in terms:
            users = [name for name, used in USES.items() if term in used]
            shown = ", ".join(users[:6]) + (f" and {len(users) - 6} more" if len(users) > 6 else "")
            lines.append(f"| `sport:{term}` | {shown} |")
        lines.append("")
    lines.append(CONCLUSION.format(number=len(SCHEMES)))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
