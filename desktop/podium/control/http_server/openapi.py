"""The OpenAPI description, made from the routes and the types of calls and answers; nothing in it is written twice."""

import inspect
import re
from functools import lru_cache
from typing import Any, Final

import msgspec

from podium import __version__
from podium.control.api.errors import ErrorBody
from podium.control.api.events import EVENTS, Ping, Pong, Replay, ReplayGap, Subscribe, Subscribed
from podium.control.api.exporting import ExportedDocument
from podium.control.api.route import Route
from podium.control.api.routes import ROUTES
from podium.control.api.scope import Access
from podium.control.api.shapes import InstanceCall
from podium.control.api.window import Picture
from podium.core.exporting.document import ExportFormat

_REF: Final = "#/components/schemas/{name}"
_COMMON: Final = {
    400: "Not a proper request: bad JSON, a token in the address, a second Host.",
    401: "Over TCP: no token, or a wrong one.",
    403: "From a web page, or not allowed to this caller.",
    413: "A body over 64 KiB.",
    414: "An address over 4,096 characters.",
    415: "A body that is not JSON.",
    421: "Another Host than this server's.",
    422: "A bad id, an unknown field, a value of the wrong type.",
    429: "Too many requests, or too many wrong tokens.",
    503: "Too much is waiting already.",
    504: "There was no answer in time.",
}
_BODIES: Final[dict[Any, tuple[str, ...]]] = {
    Picture: ("image/png",),
    ExportedDocument: tuple(dict.fromkeys(format.media_type for format in ExportFormat)),
}
"""Answers that are no JSON, with what their bodies are."""
_SOCKET_MESSAGES: Final = (Subscribe, Replay, Ping, Subscribed, ReplayGap, Pong)


@lru_cache(maxsize=1)
def document() -> bytes:
    """The description as JSON."""
    return msgspec.json.encode(_document())


def _document() -> dict[str, Any]:
    types: list[Any] = [ErrorBody, *_SOCKET_MESSAGES, *EVENTS.values()]
    for route in ROUTES:
        types += [route.call] if route.answer in (msgspec.Struct, *_BODIES) else [route.call, route.answer]
        types += [route.or_answer] if route.or_answer is not None else []
    types = list(dict.fromkeys(types))
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    reference = dict(zip(types, schemas, strict=True))
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, reference, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Podium",
            "version": __version__,
            "description": (
                "Everything that the window can do, over the Unix socket “podium.sock” in Podium's runtime folder, "
                "or, if it was asked for, over TCP on this machine with a bearer token."
            ),
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}, {}],
        "x-websocket": {
            "/ws": {
                "summary": "Events: subscribe to patterns (worker:*), replay what was missed.",
                "messages": {type_.__name__: reference[type_] for type_ in _SOCKET_MESSAGES},
                "events": {
                    name: {"description": _about(type_), "data": reference[type_]}
                    for name, type_ in EVENTS.items()
                },
                "envelope": "{event, data (with workerId), seq, ts}",
            },
            "/ws/terminal/{id}": {
                "summary": "The raw terminal both ways: input in messages of either kind, output in binary ones, "
                "beginning with a redraw of the screen.",
            },
        },
    }


def _operation(route: Route, reference: dict[Any, Any], components: dict[str, Any]) -> dict[str, Any]:
    in_path = re.findall(r"{(\w+)}", route.path)
    schema = components[route.call.__name__]
    properties = {name: value for name, value in schema["properties"].items() if name not in in_path}
    if "id" not in in_path:
        properties.pop("id", None)
    required = [name for name in schema.get("required", []) if name in properties]
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in in_path
    ]
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": route.call.__name__ + ("Default" if _on_default(route) else ""),
        "responses": _responses(route, reference),
    }
    about = _about(route.call)
    if about:
        operation["description"] = about
    if route.method in ("POST", "PATCH"):
        body = {"type": "object", "properties": properties, "additionalProperties": False}
        if required:
            body["required"] = required
        operation["requestBody"] = {
            "required": bool(required),
            "content": {"application/json": {"schema": body}},
        }
    else:
        parameters += [
            {"name": name, "in": "query", "required": name in required, "schema": value}
            for name, value in properties.items()
        ]
    if parameters:
        operation["parameters"] = parameters
    operation["x-access"] = {
        Access.READ: "read-only token",
        Access.WRITE: "full token",
        Access.OWN: "full token, or the instance's own socket",
        Access.OWN_READ: "read-only token, or the instance's own socket",
    }[route.access]
    return operation


def _on_default(route: Route) -> bool:
    return issubclass(route.call, InstanceCall) and "{id}" not in route.path


def _responses(route: Route, reference: dict[Any, Any]) -> dict[str, Any]:
    if route.answer in _BODIES:
        binary = {"schema": {"type": "string", "format": "binary"}}
        content: dict[str, Any] = dict.fromkeys(_BODIES[route.answer], binary)
    elif route.answer is msgspec.Struct:
        content = {"application/json": {"schema": {"type": "object"}}}
    else:
        schema = reference[route.answer]
        if route.or_answer is not None:
            schema = {"anyOf": [schema, reference[route.or_answer]]}
        content = {"application/json": {"schema": schema}}
    responses: dict[str, Any] = {"200": {"description": "Done.", "content": content}}
    for status, text in sorted({**_COMMON, **route.errors}.items()):
        responses[str(status)] = {
            "description": text,
            "content": {"application/json": {"schema": reference[ErrorBody]}},
        }
    return responses


def _about(type_: type[Any]) -> str:
    """A type's docstring as one paragraph; "" for the one that msgspec gives to all."""
    if "__doc__" not in vars(type_) or not type_.__doc__:
        return ""
    return " ".join(inspect.cleandoc(type_.__doc__).split())
