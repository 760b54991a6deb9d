"""The namespaces: as prefixes that perezkg reads and writes, as constants, and the way between names and IRIs."""

from __future__ import annotations

import re

PREFIXES: dict[str, str] = {
    "bio": "https://w3id.org/perezkg/source/biography#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "pz": "https://w3id.org/perezkg/id/",
    "pzsh": "https://w3id.org/perezkg/shapes#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sport": "https://w3id.org/perezkg/sport#",
    "src": "https://w3id.org/perezkg/source/",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

DCTERMS, OA, OWL, PROV, RDF, RDFS = (PREFIXES[name] for name in ("dcterms", "oa", "owl", "prov", "rdf", "rdfs"))
SCHEMA, SH, SKOS, SPORT, XSD = (PREFIXES[name] for name in ("schema", "sh", "skos", "sport", "xsd"))

# Letters beyond ASCII only where Turtle, SPARQL and their readers agree (Latin).
_LETTER = "A-Za-z0-9_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff"
_LOCAL_NAME = rf"[{_LETTER}](?:[{_LETTER}.-]*[{_LETTER}-])?"


def expand(name: str) -> str | None:
    """Return the IRI of a prefixed name, or None when its prefix is not one of `PREFIXES`.

    >>> expand("pz:cuenca")
    'https://w3id.org/perezkg/id/cuenca'
    >>> expand("nowhere:cuenca") is None
    True
    """
    prefix, colon, local = name.partition(":")
    namespace = PREFIXES.get(prefix) if colon else None
    return None if namespace is None else namespace + local


def shrink(iri: str) -> str:
    """Return an IRI as a prefixed name when that reads back as the same IRI, else the IRI in angle brackets.

    >>> shrink("https://w3id.org/perezkg/source/biography#s4")
    'bio:s4'
    >>> shrink("https://w3id.org/perezkg/id/n²")
    '<https://w3id.org/perezkg/id/n²>'
    """
    best = ""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(namespace) > len(PREFIXES.get(best, "")):
            best = prefix
    local = iri[len(PREFIXES[best]) :] if best else ""
    return f"{best}:{local}" if is_local_name(local) else f"<{iri}>"


def is_local_name(text: str) -> bool:
    """Tell whether a text may stand behind the colon of a prefixed name without an escape, in Turtle and SPARQL.

    >>> is_local_name("perez-1996"), is_local_name("n²"), is_local_name("a/b")
    (True, False, False)
    """
    return re.fullmatch(_LOCAL_NAME, text) is not None  # compiled only when it is needed, which a query does not do
