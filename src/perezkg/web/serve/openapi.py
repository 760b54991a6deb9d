"""The addresses of the server as OpenAPI 3.1: one a canned query, with the types of its parameters."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any

from perezkg.resources import LANGUAGES, VERSION
from perezkg.sparql.formats import BOOLEAN, SOLUTIONS
from perezkg.web.serve.formats import GRAPH_TYPES, TABLE_TYPES, types_of
from perezkg.web.serve.messages import JSON, PROBLEM
from perezkg.words import translated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perezkg.sparql.catalogue import CannedQuery
    from perezkg.sparql.parameters import Parameter

_SCHEMAS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "language": {"type": "string"},
    "iri": {"type": "string", "minLength": 1},
    "integer": {"type": "integer", "format": "int64"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
}
_PROBLEM = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what happened"},
        "hint": {"type": "string", "description": "what to do about it"},
        "line": {"type": "integer", "description": "of the query, from 1"},
        "column": {"type": "integer", "description": "in that line, in characters, from 1"},
        "source": {"type": "string", "description": "the text of that line"},
    },
}
_RESULTS = {
    "type": "object",
    "required": ["head"],
    "properties": {
        "head": {"type": "object"},
        "results": {
            "type": "object",
            "required": ["bindings"],
            "properties": {"bindings": {"type": "array", "items": {"type": "object"}}},
        },
        "boolean": {"type": "boolean"},
    },
}
_PROBLEMS = {
    "400": "the request cannot be understood",
    "404": "there is no such thing",
    "406": "there is no form of this that Accept asks for",
    "414": "the address is too long",
    "503": "a limit of time, memory or length was reached, or too many are asking",
}
_FORMS = {
    "SELECT": types_of(SOLUTIONS),
    "ASK": types_of(BOOLEAN),
    "CONSTRUCT": GRAPH_TYPES,
    "DESCRIBE": GRAPH_TYPES,
}


def document(queries: Sequence[CannedQuery], base: str, lang: str) -> bytes:
    """Return the description of the server.

    Args:
        queries: The canned queries.
        base: The address of the server.
        lang: The language in which queries say what they answer.
    """
    paths: dict[str, Any] = {f"/queries/{query.name}": {"get": _operation(query, lang)} for query in queries}
    paths["/queries/"] = {
        "get": {
            "operationId": "queries",
            "summary": "the canned queries",
            "responses": _responses({JSON: {"type": "object", "required": ["queries"]}}),
        }
    }
    paths["/sparql"] = _sparql()
    found = {
        "openapi": "3.1.0",
        "info": {"title": "perezkg", "version": VERSION, "license": {"name": "MIT", "identifier": "MIT"}},
        "servers": [{"url": base.rstrip("/")}],
        "paths": paths,
        "components": {"schemas": {"Problem": _PROBLEM, "Results": _RESULTS}},
    }
    told = found if lang == "en" else _told(found, lang)
    return dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _told(node: Any, lang: str) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON whose descriptions are told in a language."""
    if isinstance(node, dict):
        return {
            name: translated(value, lang)
            if name in ("description", "summary") and isinstance(value, str)
            else _told(value, lang)
            for name, value in node.items()
        }
    return [_told(value, lang) for value in node] if isinstance(node, list) else node


def _operation(query: CannedQuery, lang: str) -> dict[str, Any]:
    return {
        "operationId": query.name,
        "summary": query.summary(lang),
        "description": query.description(lang),
        "tags": list(query.tags),
        "parameters": [_parameter(parameter) for parameter in query.parameters.values()],
        "responses": _responses(_content(_FORMS[query.form])),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_SCHEMAS[parameter.kind])
    chosen_by_header = parameter.name == "lang"
    if parameter.choices or chosen_by_header:
        schema = {"type": schema["type"], "enum": [*map(_typed(schema), parameter.choices or LANGUAGES)]}
    if parameter.default is not None and not chosen_by_header:
        schema["default"] = _typed(schema)(parameter.default)
    example = parameter.example.partition("=")[2].strip("'")
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required and parameter.default is None and not chosen_by_header,
        "description": "the language of labels; without it Accept-Language counts"
        if chosen_by_header
        else parameter.type_name,
        "schema": schema,
        "example": _typed(schema)(example),
    }


def _typed(schema: dict[str, Any]) -> Any:  # noqa: ANN401 - int, float or str
    return {"integer": int, "number": float}.get(schema["type"], str)


def _content(types: Iterable[str]) -> dict[str, Any]:
    return {
        name: {"$ref": "#/components/schemas/Results"} if name.endswith("results+json") else {"type": "string"}
        for name in types
        if name not in (JSON, "application/ld+json")
    } | {name: {} for name in types if name in (JSON, "application/ld+json")}


def _responses(content: dict[str, Any]) -> dict[str, Any]:
    told = {name: {"schema": schema} if schema else {} for name, schema in content.items()}
    problem = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "200": {"description": "the answer", "content": told},
        "304": {"description": "the client has it already"},
        **{status: {"description": what, "content": problem} for status, what in _PROBLEMS.items()},
    }


def _sparql() -> dict[str, Any]:
    responses = _responses(_content({**TABLE_TYPES, **GRAPH_TYPES}))
    graphs = [
        {
            "name": name,
            "in": "query",
            "required": False,
            "schema": {"type": "array", "items": {"type": "string", "format": "iri"}},
            "description": what,
        }
        for name, what in (
            ("default-graph-uri", "a graph of the data that makes the default graph"),
            ("named-graph-uri", "a graph of the data that GRAPH looks into"),
        )
    ]
    query = {"type": "string", "description": "a SELECT, ASK, CONSTRUCT or DESCRIBE of SPARQL 1.1"}
    more = {
        status: {
            "description": what,
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, what in (
            ("408", "the request did not come in time"),
            ("413", "the query is too long"),
            ("415", "the body is neither a query nor a form"),
            ("502", "a store that SERVICE asks failed"),
        )
    }
    return {
        "get": {
            "operationId": "sparql",
            "summary": "SPARQL 1.1 Protocol, query; without a query the service description",
            "parameters": [{"name": "query", "in": "query", "required": False, "schema": query}, *graphs],
            "responses": {**responses, **more},
        },
        "post": {
            "operationId": "sparql-post",
            "summary": "SPARQL 1.1 Protocol, query in the body",
            "parameters": graphs,
            "requestBody": {
                "required": True,
                "content": {
                    "application/sparql-query": {"schema": {"type": "string"}},
                    "application/x-www-form-urlencoded": {
                        "schema": {"type": "object", "required": ["query"], "properties": {"query": query}}
                    },
                },
            },
            "responses": {**responses, **more},
        },
    }
