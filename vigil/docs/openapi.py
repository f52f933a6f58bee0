"""The OpenAPI description of the HTTP API, from its operations and the structs themselves."""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from consumers.api.operations import OPERATIONS, REFUSALS, Operation
from consumers.api.problems import MEDIA_TYPE, Problem
from vigil.docs.records import describe, paragraphs

Json = dict[str, Any]  # Any: whatever JSON can say

_REF = "#/components/schemas/{name}"
_IN_PATH = {
    "alert_id": "The whole id of the alert.",
    "patient_id": "The pseudonym of the patient.",
    "recommendation_id": "The whole id of the recommendation.",
}
_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_ANY = {"application/json": {"schema": {"type": "object"}}}
_DESCRIPTION = """\
The alerts that stand, and a way to answer them and recommendations. Decision support, not a medical device.

What is told is what stands at the moment of the question; where that can't be known the status is 503, never something
old. An answer becomes a record on the log, and the workers say what becomes of it: a status of 200 says that it is in
force. Whatever is refused is told as problem details of RFC 9457."""


def description(root: Path) -> Json:
    """The whole description, in OpenAPI 3.1."""
    named = [kind for each in OPERATIONS for kind in (each.query, each.body, each.gives) if kind is not None]
    ordered: list[type[Struct]] = list(dict.fromkeys([*named, Problem]))
    references, schemas = msgspec.json.schema_components(ordered, ref_template=_REF)
    places = dict(zip(ordered, references, strict=True))
    query = {each.name: schemas.pop(each.query.__name__) for each in OPERATIONS if each.query is not None}
    describe(root, schemas)
    paths: Json = {}
    for each in OPERATIONS:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, places, query.get(each.name))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Vigil",
            "version": "1",
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(each: Operation, places: dict[type[Struct], Json], query: Json | None) -> Json:
    told: Json = {
        "operationId": each.name,
        "summary": each.summary,
        # A token is asked for only where one is set.
        "security": [{}] if each.is_open else [{}, {"token": []}],
        "parameters": [*_in_path(each.path), *_in_query(query)],
        "responses": {"200": _success(each, places), **_refusals(each, places)},
    }
    if each.body is not None:
        told["description"] = paragraphs(each.body.__doc__ or "")
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": places[each.body]}}}
    return told


def _in_path(path: str) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "description": told, "schema": {"type": "string"}}
        for name, told in _IN_PATH.items()
        if f"{{{name}}}" in path
    ]


def _in_query(query: Json | None) -> list[Json]:
    """Each field of a selection as a parameter; lists are told by repeating the name."""
    properties = {} if query is None else query["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "description": told["description"],
            "schema": {key: value for key, value in told.items() if key != "description"},
        }
        for name, told in properties.items()
    ]


def _success(each: Operation, places: dict[type[Struct], Json]) -> Json:
    if each.gives is None:
        return {"description": each.summary, "content": _TEXT if each.name == "health" else _ANY}
    content = {"application/json": {"schema": places[each.gives]}}
    return {"description": paragraphs(each.gives.__doc__ or ""), "content": content}


def _refusals(each: Operation, places: dict[type[Struct], Json]) -> Json:
    content = {MEDIA_TYPE: {"schema": places[Problem]}}
    return {
        str(status.value): {"description": REFUSALS[status], "content": content} for status in sorted(each.refusals)
    }
