"""The page of the control API, made from the OpenAPI document that Podium serves."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from docs_markdown import code, prose, table, type_text

from podium.control.http_server.openapi import document

_METHODS: Final = ("get", "post", "delete", "put", "patch")


def openapi_text() -> str:
    """The document, for people to read and tools to load."""
    return json.dumps(json.loads(document()), indent=2, ensure_ascii=False) + "\n"


def api_page() -> str:
    """All routes, the errors they share, the events, and the types."""
    api = json.loads(document())
    routes = [
        (path, method, operation)
        for path, methods in api["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS
    ]
    shared = _shared_errors([operation for _, _, operation in routes])
    parts = [
        "# Control API: routes, events and types",
        "",
        (
            "[Drive Podium from programs](../guide/scripting.md) is the way in, [Control API: who may do what]"
            "(../guide/control-api.md) has rights and limits. The same description for tools is "
            "[openapi.json](openapi.json), which a running Podium serves at `/api/openapi.json`."
        ),
        "",
        api["info"]["description"],
        "",
        (
            "A GET takes its fields from the query, a POST from a JSON body. Every error has a body of type "
            "[ErrorBody](#errorbody)."
        ),
        "",
        "## Errors of every route",
        table(("Status", "Meaning"), sorted(shared.items())),
        "## Routes",
    ]
    for path, method, operation in routes:
        parts += _route(path, method, operation, shared)
    parts += _websockets(api["x-websocket"])
    parts += ["## Types"]
    for name, schema in api["components"]["schemas"].items():
        parts += _type(name, schema)
    return "\n".join(parts)


def _shared_errors(operations: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Statuses that every route may answer, with what they usually mean."""
    meanings: dict[str, Counter[str]] = {}
    for operation in operations:
        for status, answer in operation["responses"].items():
            meanings.setdefault(status, Counter())[answer["description"]] += 1
    return {
        status: counted.most_common(1)[0][0]
        for status, counted in meanings.items()
        if status != "200" and counted.total() == len(operations)
    }


def _route(path: str, method: str, operation: Mapping[str, Any], shared: Mapping[str, str]) -> list[str]:
    parts = [f"### {method.upper()} {path}", "", operation["summary"]]
    if "description" in operation:
        parts += ["", prose(operation["description"])]
    parts += ["", f"Allowed to: {operation['x-access']}."]
    fields = [
        (
            code(one["name"]),
            one["in"],
            type_text(one["schema"]),
            _needed(one.get("required", False), one["schema"]),
        )
        for one in operation.get("parameters", ())
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    fields += [
        (code(name), "body", type_text(schema), _needed(name in body.get("required", ()), schema))
        for name, schema in body.get("properties", {}).items()
    ]
    if fields:
        parts += [table(("Field", "In", "Value", "Usual value"), fields)]
    for kind, content in operation["responses"]["200"]["content"].items():
        answer = type_text(content["schema"]) if kind == "application/json" else code(kind)
        parts += ["", f"Answer: {answer or 'object'}"]
    own = [
        (status, answer["description"])
        for status, answer in operation["responses"].items()
        if status != "200" and shared.get(status) != answer["description"]
    ]
    if own:
        parts += [table(("Status", "Meaning here"), own)]
    return [*parts, ""]


def _needed(required: bool, schema: Mapping[str, Any]) -> str:
    if required:
        return "required"
    return code(json.dumps(schema["default"])) if "default" in schema else "–"


def _websockets(sockets: Mapping[str, Any]) -> list[str]:
    parts = ["## WebSockets"]
    for path, about in sockets.items():
        parts += [f"### {path}", "", about["summary"], ""]
        if "messages" in about:
            named = ", ".join(type_text(schema) for schema in about["messages"].values())
            parts += [f"Messages: {named}. Each event is `{about['envelope']}`.", ""]
        if "events" in about:
            rows = [
                (code(name), prose(event["description"]) or "–", type_text(event["data"]))
                for name, event in about["events"].items()
            ]
            parts += [table(("Event", "When", "Data"), rows)]
    return parts


def _type(name: str, schema: Mapping[str, Any]) -> list[str]:
    about = prose(schema.get("description", ""))
    rows = [
        (code(key), type_text(value), _needed(key in schema.get("required", ()), value))
        for key, value in schema.get("properties", {}).items()
    ]
    parts = [f"### {name}", ""]
    parts += [about, ""] if about else []
    parts += [table(("Field", "Value", "Usual value"), rows)] if rows else []
    return parts + ([] if rows else [type_text(schema), ""])
