"""The graph as a tree for people: JSON-LD framed by pyld with ontology/frame.jsonld, nothing left out.

The frame names the properties that nest, from each Person down. All others stay references, and what the tree does not
reach (passages, sources, places that nothing nests) stands after it, so the document still holds the whole graph.
"""

from __future__ import annotations

from json import dumps, load

from pyld import jsonld as pyld
from pyoxigraph import RdfFormat, parse

from perezkg import resources
from perezkg.errors import RemoteAccessRefusedError
from perezkg.rdf.jsonld import Context, bare, compacted, document, literal, native_integer, shipped_context
from perezkg.rdf.nodes import TYPE, Nodes, blank_labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, NoReturn, TypeAlias

    Properties: TypeAlias = dict[str, dict[str, list[str]]]

# pyld would give blank nodes other labels, so they pass through it as IRIs.
_BLANK = "urn:x-perezkg:blank:"


def framed(lines: list[str], _prefixes: Mapping[str, str] | None = None) -> Iterator[str]:
    """Return a graph as nested JSON-LD that reads back as the same graph.

    Args:
        lines: Canonical N-Triples lines.
        _prefixes: Not used: the frame has its own context.

    Raises:
        UnknownFormatError: There is a triple term, which JSON-LD 1.1 cannot carry.
    """
    frame, context = shipped_frame()
    context, _ = compacted({"": lines}, context)
    properties = Nodes(lines).properties
    frame = {**_completed(frame, context, _links(properties)), "@context": context.definitions}
    tree = pyld.frame(
        _expanded(properties, context),
        frame,
        {"documentLoader": refuse, "omitGraph": False, "pruneBlankNodeIdentifiers": False},
    )
    nodes = [_arranged(node, context) for node in tree.get("@graph", [])]
    text = dumps({"@context": context.definitions, "@graph": nodes})
    told = {f"{quad.triple} ." for quad in parse(text, RdfFormat.JSON_LD)}
    rest = [line for line in lines if line not in told]
    _, others = compacted({"": rest}, context, frozenset(blank_labels("\n".join(told))))
    return document(context, nodes + others)


def shipped_frame() -> tuple[dict[str, Any], Context]:
    """Return ontology/frame.jsonld without its context, and that context: the shipped one and the frame's own terms."""
    with open(resources.ontology_file("frame.jsonld"), encoding="utf-8") as file:
        frame: dict[str, Any] = load(file)
    _, own = frame.pop("@context")
    return frame, Context(shipped_context().definitions | own)


def refuse(url: str, options: object = None) -> NoReturn:
    """Refuse to load a JSON-LD document: pyld's document loader here.

    Raises:
        RemoteAccessRefusedError: Always.
    """
    del options
    raise RemoteAccessRefusedError(
        f"the JSON-LD document {url} would have to be fetched, and perezkg fetches nothing",
        hint="Put the context itself into the file in place of its address.",
    )


def _completed(frame: dict[str, Any], context: Context, links: set[str]) -> dict[str, Any]:
    """Return a frame in which every property that it does not name is a reference.

    Framing itself would nest those as it nests the node they are said of.
    """
    parts = {key: _completed(value, context, links) for key, value in frame.items() if isinstance(value, dict)}
    for part in parts.values():
        part |= {"id": {}, "@omitDefault": True}  # fits every node, whatever is said of it
    named = {context.property_of(key) for key in parts}
    references = {iri: {"id": {}, "@embed": "@never", "@omitDefault": True} for iri in sorted(links - named)}
    return frame | parts | references


def _links(properties: Properties) -> set[str]:
    """Return the properties that lead from node to node."""
    return {
        predicate[1:-1]
        for said in properties.values()
        for predicate, values in said.items()
        if predicate != TYPE and any(value[0] != '"' for value in values)
    }


def _expanded(properties: Properties, context: Context) -> list[dict[str, Any]]:
    """Return nodes as expanded JSON-LD, blank nodes as IRIs."""
    turned = context.reversed_properties()
    nodes: list[dict[str, Any]] = []
    for subject, said in properties.items():
        node: dict[str, Any] = {"@id": _named(subject)}
        for predicate, values in said.items():
            if predicate == TYPE:
                node["@type"] = [_named(value) for value in values if value[0] != '"']
                continue
            node[predicate[1:-1]] = [
                _value(value) if value[0] == '"' else {"@id": _named(value)}
                for value in values
                # pyld fails on a text where it turns a property round.
                if value[0] != '"' or predicate[1:-1] not in turned
            ]
        nodes.append(node)
    return nodes


def _value(term: str) -> dict[str, Any]:
    text, language, direction, datatype = literal(term)
    value: dict[str, Any] = {"@value": text}
    if language:
        value["@language"] = language
        if direction:
            value["@direction"] = direction
    elif datatype:
        value["@type"] = datatype
        number = native_integer(text, datatype)
        if number is not None:
            value["@value"] = number
    return value


def _named(term: str) -> str:
    return _BLANK + term[2:] if term[0] == "_" else bare(term)


def _arranged(value: Any, context: Context) -> Any:  # noqa: ANN401 - any JSON
    """Return framed JSON with its keys in the order of the context, and blank nodes again as blank nodes."""
    if isinstance(value, dict):
        return context.arrange({key: _arranged(item, context) for key, item in value.items()})
    if isinstance(value, list):
        return [_arranged(item, context) for item in value]
    return "_:" + value.removeprefix(_BLANK) if isinstance(value, str) and value.startswith(_BLANK) else value
