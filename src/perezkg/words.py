"""The words of perezkg in each language; what a language lacks is told in English.

The words of answers have names, and stand here in English. Sentences stand in English where they are said, and are
translated when they are shown. Each other language has a file in languages/ with both.

Labels of things, the texts of queries and the messages of shapes are not here: they stand in the files of data/,
ontology/ and queries/, with the tag of their language.
"""

from __future__ import annotations

import os
import re
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_LANGUAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "languages")

ENGLISH: dict[str, dict[str, str]] = {
    "connectives": {"and": "and", "in": "in", "of": "of", "or": "or"},
    # Where something is said.
    "sources": {"characters": "characters", "sentence": "sentence", "sentences": "sentences"},
    # Terms of other vocabularies, by prefixed name; those of this one have their labels in ontology/.
    "terms": {
        "rdf:type": "is a",
        "rdfs:comment": "comment",
        "rdfs:domain": "belongs to",
        "rdfs:isDefinedBy": "defined by",
        "rdfs:label": "label",
        "rdfs:range": "leads to",
        "rdfs:seeAlso": "see also",
        "rdfs:subClassOf": "kind of",
        "rdfs:subPropertyOf": "special case of",
        "owl:disjointWith": "never a",
        "owl:Class": "class",
        "owl:Ontology": "ontology",
        "owl:ObjectProperty": "property between things",
        "owl:DatatypeProperty": "property with a plain value",
        "owl:FunctionalProperty": "property with one value at most",
        "owl:deprecated": "deprecated",
        "owl:priorVersion": "version before",
        "owl:versionInfo": "version",
        "owl:versionIRI": "version IRI",
        "skos:altLabel": "also called",
        "skos:broader": "broader",
        "skos:definition": "definition",
        "skos:example": "example",
        "skos:exactMatch": "the same as",
        "skos:closeMatch": "close to",
        "skos:inScheme": "in the list",
        "skos:notation": "written",
        "skos:prefLabel": "preferred label",
        "skos:scopeNote": "note",
        "skos:topConceptOf": "at the top of",
        "skos:Concept": "concept",
        "skos:ConceptScheme": "list of concepts",
        "prov:wasDerivedFrom": "derived from",
        "prov:Entity": "entity",
        "oa:end": "ends before character",
        "oa:hasSelector": "stands at",
        "oa:hasSource": "from the source",
        "oa:start": "starts at character",
        "oa:TextPositionSelector": "position in a text",
        "dcterms:created": "created",
        "dcterms:creator": "creator",
        "dcterms:description": "description",
        "dcterms:identifier": "identifier",
        "dcterms:issued": "issued",
        "dcterms:isReplacedBy": "replaced by",
        "dcterms:language": "language",
        "dcterms:license": "licence",
        "dcterms:modified": "modified",
        "dcterms:publisher": "publisher",
        "dcterms:title": "title",
        "dcterms:type": "kind of source",
        "foaf:primaryTopic": "mainly about",
    },
    # What a property says of the thing it points at; one that is not here is read “<label> of”: competitor of.
    "terms backwards": {
        "sport:about": "claims about it",
        "sport:assesses": "assessed in",
        "sport:awardKind": "all of this kind",
        "sport:bearer": "one side of",
        "sport:begunBy": "began",
        "sport:category": "all of this category",
        "sport:claimKind": "all of this kind",
        "sport:containedIn": "contains",
        "sport:contradicts": "contradicted by",
        "sport:during": "in its course",
        "sport:endedBy": "ended",
        "sport:eventKind": "all of this kind",
        "sport:follows": "followed by",
        "sport:holder": "holder of",
        "sport:involves": "involved in",
        "sport:location": "place of",
        "sport:markNote": "marks with this note",
        "sport:organisationKind": "all of this kind",
        "sport:partOf": "its parts",
        "sport:placeKind": "all of this kind",
        "sport:prefers": "preferred in",
        "sport:reason": "reason for",
        "sport:recordKind": "all of this kind",
        "sport:repeats": "repeated by",
        "sport:represents": "represented in",
        "sport:role": "all in this role",
        "sport:round": "all of this round",
        "sport:saidBy": "says",
        "sport:splitOf": "its splits",
        "sport:towards": "other side of",
        "sport:unit": "all in this unit",
        "rdf:type": "all of this class",
        "rdfs:domain": "its properties",
        "rdfs:isDefinedBy": "defines",
        "rdfs:range": "properties that lead to it",
        "rdfs:seeAlso": "referred to by",
        "rdfs:subClassOf": "narrower classes",
        "rdfs:subPropertyOf": "narrower properties",
        "owl:disjointWith": "never a",
        "skos:broader": "narrower",
        "skos:exactMatch": "the same as",
        "skos:inScheme": "its concepts",
        "skos:topConceptOf": "its top concepts",
        "prov:wasDerivedFrom": "supports",
        "oa:hasSelector": "position of",
        "oa:hasSource": "its sentences",
        "dcterms:isReplacedBy": "replaces",
        "dcterms:type": "all of this kind",
        "foaf:primaryTopic": "main topic of",
    },
    # perezkg describe
    "description": {
        "more": "… and {} more",
        "note": "Note:",
        "pointing": "What points here",
        "said": "What is said about it",
        "sources": "Source:",
        "unsourced": "Source: none is given for this.",
        "uses": "Used in {} statements of the data.",
        "use": "Used in 1 statement of the data.",
        "why": "More: perezkg cite",
    },
    # perezkg cite
    "citation": {
        "about": "Claims about it",
        "about it": "about",
        "added": "What other sources add",
        "against": "against it",
        "but": "but",
        "but see": "but see",
        "characters": "characters {}–{}",
        "cite": "To cite it",
        "cites": "cited by {}",
        "digest": "SHA-256 {}…",
        "end": "until",
        "how": "How the source was read",
        "kind": "kind",
        "length": "{} characters",
        "no end": "no end known",
        "more": "… and {} more",
        "none": "No source is given for this, nor for anything that mentions it.",
        "said": "said by",
        "same": "the same is said by",
        "sentence": "sentence {}",
        "sentences": "{} sentences, cited by {} things",
        "since": "since",
        "preferred": "preferred",
        "sources": "Where it comes from",
        "supports": "What it supports",
        "through": "No source is given for this. These mention it, and have sources",
        "through sources": "Their sources",
        "undated": "date not known",
        "unsourced": "no source given",
        "verdict": "What became of it",
        "why": "The claim",
    },
    # perezkg site
    "site": {
        "all about": "all that is said",
        "all bars": "All claims, records and medals",
        "as a picture": "This picture as a file, to be shown elsewhere",
        "all of them": "All of them, with birth and nationality",
        "answer of": "Rows or triples in the answer: {}.",
        "as list": "The same as a list",
        "ask answered": "Answered in {} s.",
        "ask cancel": "Stop",
        "ask cancelled": "Stopped.",
        "ask chart": "Chart",
        "ask engine": "The engine is Oxigraph; its licence",
        "ask failed": "The engine failed.",
        "ask false": "no",
        "ask intro": "Ask the data yourself: the engine runs in your browser, and nothing you write leaves it.",
        "ask loading": "Loading the engine and the data …",
        "ask map": "Map",
        "ask more": "These are the first {}; the files have all.",
        "ask needs": "Still needed, or not of its kind: {}",
        "ask no script": "This page needs JavaScript.",
        "ask own": "– a query of your own –",
        "ask question": "A question",
        "ask rows": "Rows: {0}, in {1} s.",
        "ask run": "Ask",
        "ask running": "Asking …",
        "ask table": "Table",
        "ask text": "Its SPARQL",
        "ask timeline": "Timeline",
        "ask triples": "Triples, in {} s.",
        "ask true": "yes",
        "asked by": "Questions that use it",
        "according to": "according to",
        "athletes": "Athletes",
        "characters": "characters {}–{}",
        "claims": "Claims",
        "classes": "Classes",
        "conflicts": "Where sources disagree",
        "conflicts intro": "Claims that cannot both be true, side by side, with who says each and what became of them.",
        "family and coaches": "Family and coaches",
        "found": "Found: {}",
        "introduction of": "What is said about {}, who says it, and whether it is still true: each statement has the "
        "sentence or source that it comes from.",
        "judged": "verdict:",
        "introduction": "What sources say, each statement with the sentence or source that it comes from, and until "
        "when it was true.",
        "kin": "{} of {}",
        "machines": "For machines",
        "made": "Made by perezkg {}. What is said to be true is so on {}, as far as these data know.",
        "made from": "From the answers to",
        "map": "Where it happened",
        "map desc": "A map of the land with a dot at each place; the more happened there, the larger it is.",
        "map table": "The places as a table",
        "marks": "How the marks became better",
        "marks intro": "Each mark that was better than all before; better is higher up. Dashed lines are records of "
        "the same discipline, as long as they stood.",
        "marks table": "The marks as a table",
        "means holds": "It is so on that day.",
        "means ended": "It was so for a time, and is no longer.",
        "means never": "It was not so: another source contradicts it and weighs more, or another claim is preferred.",
        "means open": "Nobody can say: it is not judged, or unconfirmed, disputed, or true in part only.",
        "means later": "It begins after that day.",
        "medals": "Medals",
        "medals caption": "The medals that stand on {1}: {0}",
        "more": "… and {} more",
        "more rows": "These are the first {}; the files have all.",
        "navigation": "Pages",
        "needs": "This question has an answer for each value of: {}. Ask it with one:",
        "no conflicts": "These data have no claims that contradict each other.",
        "no script": "Searching needs JavaScript. Without it, there is a list:",
        "note": "Note:",
        "nothing": "These data tell of nothing that could stand here.",
        "nothing found": "nothing found",
        "not copied": "The words are another's and are not copied here: whoever has the text finds them at these "
        "characters, and the digest tells whether they are the same. Below is what they say, as statements.",
        "of": "of",
        "outcome": "on what became of it",
        "ontology": "Ontology",
        "ontology intro": "The words that the data are written in: classes, properties and lists of concepts.",
        "other events": "other",
        "pointing": "What points here",
        "preferred": "preferred",
        "properties": "Properties",
        "questions": "Questions",
        "questions intro": "Each question has a query that answers it, here with its answer as of today.",
        "records": "Records",
        "rules": "What the shapes ask for",
        "run": "Ask it yourself",
        "said": "What is said about it",
        "stated": "says so",
        "search": "Search",
        "search label": "A name, a word of a claim, or a part of one",
        "set at": "in",
        "since": "since {}",
        "since unknown": "beginning not known",
        "skip": "Skip to the content",
        "sources": "Where it comes from",
        "state ended": "no longer true",
        "state holds": "still true",
        "state never": "false",
        "state later": "not yet",
        "state open": "open",
        "still true": "Is it still true?",
        "still true home": "What is said, from the day on which it became true to that on which it no longer was. "
        "Today is {}.",
        "still true intro": "Each claim, record and medal is a bar, from the day on which it became true to that on "
        "which it no longer was. What was struck out has ended, and what was given instead begins there. Today is {}.",
        "things": "All things",
        "timeline": "What happened when",
        "timeline desc": "A dot an event, from the earliest on the left to the latest, a lane for each kind.",
        "timeline table": "The events as a table",
        "to now": "to this day",
        "undated": "When is not known",
        "unsourced": "No source is given for this.",
        "until": "until {}",
        "uses": "Used in {} statements of the data.",
        "verdicts": "What the words mean",
        "verdicts intro": "A verdict is what an editor made of a claim with other sources at hand. It is about what "
        "was said then: what was corroborated may have ended since, and what is imprecise may be right in part.",
        "without class": "Others",
        "won": "Medals that stand today:",
    },
    # A cell of the answer to a canned query, on a terminal.
    "badges": {
        "stood": "? open",
        "stood true": "✓ true",
        "stood false": "✗ false",
        "verdict": "not assessed",
        "chart": "chart",
    },
    # perezkg queries
    "queries": {
        "parameters": "Parameters",
        "default": "default",
        "optional": "optional",
        "one of": "one of",
        "try": "Try",
        "python": "In Python",
        "text": "SPARQL",
    },
    # What a notebook shows.
    "notebook": {
        "more": "… and {} more",
        "name": "name",
        "object": "object",
        "parameters": "parameters",
        "predicate": "predicate",
        "question": "question",
        "subject": "subject",
        "triples": "{} triples",
    },
    # perezkg validate
    "report": {
        "violation": "violation",
        "violations": "violations",
        "warning": "warning",
        "warnings": "warnings",
        "info": "note",
        "infos": "notes",
        "unchecked": "notice",
        "unchecked node": "unchecked node",
        "unchecked nodes": "unchecked nodes",
        "rule": "rule",
        "node": "node",
        "path": "property",
        "value": "value",
        "severity": "severity",
        "place": "place",
        "message": "message",
        "nowhere": "In no file",
        "file": "file",
        "files": "files",
        "triple": "triple",
        "triples": "triples",
        "none": "no faults",
        "conforms": "Conforms",
        "does not conform": "Does not conform",
        "hidden": "--notes shows the notes",
        "unshown": "more result was found than --max-results lets be shown",
        "unshowns": "more results were found than --max-results lets be shown",
        "engine": "Checked by {engine}",
        "thousands": ",",
        "thousands of four digits": ",",
    },
    # A node that no shape is about.
    "unchecked": {
        "message": "No shape applies to this node, so nothing about it was checked: {reason}.",
        "no type": "give it the right type (rdf:type)",
        "unknown type": "no shape covers {types}; correct the type, or add shapes for it with --add-shapes",
    },
}
"""The words of answers in English, by what they are for, by what is meant."""


@cache
def catalogue(lang: str) -> Mapping[str, Mapping[str, str]]:
    """Return all that a language has: words by what they are for, by what is meant; `sentences` by the English ones."""
    if lang == "en":
        return ENGLISH
    import tomllib

    try:
        with open(os.path.join(_LANGUAGES, f"{lang}.toml"), "rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}


@cache
def words(topic: str, lang: str) -> Mapping[str, str]:
    """Return the words for something, by what is meant: in a language as far as it has them, else in English.

    >>> words("connectives", "es")["and"], words("connectives", "ja")["and"]
    ('y', 'and')
    """
    return {**ENGLISH[topic], **catalogue(lang).get(topic, {})}


def in_each_language(topic: str, meaning: str) -> dict[str, str]:
    """Return the words for one meaning by language, of the languages that have them.

    >>> in_each_language("connectives", "or")
    {'en': 'or', 'es': 'o'}
    """
    languages = ["en", *sorted(name.removesuffix(".toml") for name in os.listdir(_LANGUAGES))]
    told = {lang: catalogue(lang).get(topic, {}) for lang in languages}
    return {lang: found[meaning] for lang, found in told.items() if meaning in found}


def translated(text: str, lang: str) -> str:
    """Return what perezkg says in English in another language, as far as its catalogue has it.

    It is looked up as it is, then as a sentence with gaps, of which that with the longest text of its own counts, then
    line by line and sentence by sentence. What stands in a gap is translated as well when it is more than a word: it
    may be a part of the sentence, but a single word is a name.

    >>> translated("there is no format 'tabel'", "es")
    "no existe el formato 'tabel'"
    """
    core = text.strip()
    known = catalogue(lang).get("sentences", {})
    told = known.get(core) or _with_gaps(core, lang)
    if told is None:
        # Lines, with their ends in between, or sentences.
        pieces = re.split(r"(\n)" if "\n" in core else r"(?<=[.?])( )(?=[A-Z])", core)
        told = "".join(translated(piece, lang) for piece in pieces) if len(pieces) > 1 else core
    return text.replace(core, told, 1) if core else text


def _with_gaps(text: str, lang: str) -> str | None:
    for parts, told in _gapped(lang):
        if text.startswith(parts[0]) and text.endswith(parts[-1]) and all(part in text for part in parts):
            found = re.fullmatch("(.*?)".join(map(re.escape, parts)), text, re.DOTALL)
            if found:
                return _filled(told, [_part(part, lang) for part in found.groups()])
    return None


@cache
def _gapped(lang: str) -> list[tuple[list[str], str]]:
    """Return the sentences with gaps: the text between these, longest first, and the translation."""
    known = catalogue(lang).get("sentences", {})
    gapped = [(english.split("{}"), told) for english, told in known.items() if "{}" in english]
    return sorted(gapped, key=lambda pair: -len("".join(pair[0])))


def _filled(told: str, parts: list[str]) -> str:
    """Fill the gaps of a sentence: {} the next part, {0} the first."""
    following = iter(range(len(parts)))
    return re.sub(r"\{(\d*)\}", lambda gap: parts[int(gap[1]) if gap[1] else next(following)], told)


def _part(text: str, lang: str) -> str:
    if re.fullmatch(r"\d{1,3}(,\d{3})+", text):
        names = words("report", lang)
        return text.replace(",", names["thousands of four digits" if len(text) == len("1,000") else "thousands"])
    if " " not in text.strip():
        return text
    known, joined = catalogue(lang).get("sentences", {}), text.split(" and ")
    if len(joined) > 1 and all(piece in known or re.match(r"--|[\d.]+$", piece) for piece in joined):
        return f" {words('connectives', lang)['and']} ".join(known.get(piece, piece) for piece in joined)
    found = translated(text, lang)
    if found == text and text[0].isupper():  # at the beginning of a sentence
        found = translated(text[0].lower() + text[1:], lang)
        found = found[0].upper() + found[1:]
    return found


def folded(text: str) -> str:
    """Return a text without capitals and accents, to be compared.

    >>> folded("Anișoara CUȘMIR")
    'anisoara cusmir'
    """
    from unicodedata import combining, normalize

    return "".join(letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))
