"""What other vocabularies say of the terms that perezkg uses and maps to, taken from the vocabularies themselves.

`tests/reasoning/install` brings six of them as they are published in the packages @vocabulary/…;
`python tests/reasoning/vocabularies.py` writes the slices of these anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
INSTALLED = HERE / ".vocabularies" / "node_modules" / "@vocabulary"
SLICES = HERE / "slices"
ONTOLOGY = HERE.parents[1] / "ontology"

# Slice -> its package, its namespace there and here, and what the graph itself uses of it.
TAKEN = {
    "crm": ("crm", "http://www.cidoc-crm.org/cidoc-crm/", "", ()),
    "dbpedia": ("dbo", "http://dbpedia.org/ontology/", "", ()),
    "oa": (
        "oa",
        "http://www.w3.org/ns/oa#",
        "",
        ("SpecificResource", "TextPositionSelector", "hasSource", "hasSelector", "start", "end"),
    ),
    "prov": ("prov", "http://www.w3.org/ns/prov#", "", ("wasDerivedFrom", "Activity", "Entity", "Agent")),
    "schema": ("schema", "http://schema.org/", "https://schema.org/", ()),
    "skos": (
        "skos",
        "http://www.w3.org/2004/02/skos/core#",
        "",
        (
            *("Concept", "ConceptScheme", "inScheme", "topConceptOf", "hasTopConcept", "broader", "broadMatch"),
            *("closeMatch", "exactMatch", "narrowMatch", "relatedMatch"),
        ),
    ),
    "wgs84": ("wgs", "http://www.w3.org/2003/01/geo/wgs84_pos#", "", ()),
}

_STATEMENT = re.compile(r"<([^>]*)> <([^>]*)> <([^>]*)> <[^>]*> \.")
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
# What a reasoner concludes something from, and what leads to another term of which it might.
_UP = {_RDFS + "subClassOf", _RDFS + "subPropertyOf", _OWL + "inverseOf", _OWL + "equivalentClass"}
_AXIOMS = _UP | {
    _RDF + "type",
    _RDFS + "domain",
    _RDFS + "range",
    _OWL + "disjointWith",
    _OWL + "equivalentProperty",
    _OWL + "propertyDisjointWith",
}


def slice_of(name: str) -> str:
    """Return a slice as Turtle: each statement with the number of its line in the package.

    A superclass, superproperty or inverse is described as well. Statements with blank nodes or texts are left out.
    """
    package, there, here, used = TAKEN[name]
    folder = INSTALLED / package
    version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    said: dict[str, list[tuple[int, str, str]]] = {}
    for number, line in enumerate((folder / f"{package}.nq").read_text(encoding="utf-8").splitlines(), 1):
        found = _STATEMENT.fullmatch(line)
        if found and found[2] in _AXIOMS:
            said.setdefault(found[1], []).append((number, found[2], found[3]))
    mapped = re.findall(rf"<{re.escape(here or there)}([^>]+)>", _targets())
    todo = sorted({there + term for term in (*used, *mapped)})
    shown: dict[str, list[str]] = {}
    while todo:
        term = todo.pop(0)
        if term in shown or term not in said:
            continue
        shown[term] = [f"<{term}> <{p}> <{o}> .  # {number}" for number, p, o in said[term]]
        todo += [o for _, p, o in said[term] if p in _UP and o.startswith(there)]
    text = "\n\n".join("\n".join(lines) for _, lines in sorted(shown.items()))
    if here:
        text = text.replace(f"<{there}", f"<{here}")
    head = f"# What {package}.nq of the package @vocabulary/{package} {version} says, statements with their lines there"
    note = f",\n# with {here} for {there}." if here else "."
    return f"{head}{note} Written by tests/reasoning/vocabularies.py.\n\n{text}\n"


def _targets() -> str:
    """Return the alignments with every name as an IRI."""
    text = (ONTOLOGY / "alignments.ttl").read_text(encoding="utf-8")
    for prefix, namespace in re.findall(r"@prefix (\w+): <([^>]+)>", text):
        text = re.sub(rf"(?<![\w:<]){prefix}:([A-Za-z]\w*)", rf"<{namespace}\1>", text)
    return text


if __name__ == "__main__":
    for slice_name in TAKEN:
        (SLICES / f"{slice_name}.ttl").write_text(slice_of(slice_name), encoding="utf-8")
