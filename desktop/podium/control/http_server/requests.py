"""From a request to a call: its content type, its body, its shape. Everything here is untrusted."""

import asyncio
import math
from typing import Any, Final

import msgspec
from aiohttp import web

from podium.control.api.errors import ApiError
from podium.control.api.limits import BODY_SECONDS, MAX_BODY
from podium.control.api.shapes import Call, InstanceCall
from podium.control.http_server.router import Match
from podium.core.ids import InvalidInstanceId, instance_id

_HAVE_BODIES: Final = frozenset({"POST", "PUT", "PATCH"})


async def call_of(request: web.BaseRequest, match: Match) -> Call:
    """The call that ``request`` makes. Raises ApiError."""
    body = await _body(request)
    given: dict[str, Any] = {}
    if request.method in _HAVE_BODIES:
        given = _object(request, body)
        if request.query_string:
            raise ApiError(422, "bad-shape", "This address takes no query; put it into the body.")
    else:
        if body:
            raise ApiError(422, "bad-shape", f"{request.method} takes no body here.")
        for name, value in request.query.items():
            if name in given:
                raise ApiError(422, "bad-shape", f"“{name[:64]}” is given twice.")
            given[name] = value
    for name, value in match.parameters.items():
        if name in given:
            raise ApiError(422, "bad-shape", f"“{name}” stands in the address already.")
        given[name] = value
    return converted(given, match.route.call, strict=request.method in _HAVE_BODIES)


def converted(given: dict[str, Any], type_: type[Call], strict: bool) -> Call:
    """``given`` as a call. Raises ApiError 422 with what is wrong."""
    try:
        call = msgspec.convert(given, type_, strict=strict)
        _check_numbers(call)
    except (msgspec.ValidationError, RecursionError, OverflowError) as error:
        raise ApiError(
            422, "bad-shape", str(error)[:500], "GET /api/openapi.json says what is expected."
        ) from None
    if isinstance(call, InstanceCall):
        try:
            instance_id(call.id)
        except InvalidInstanceId as error:
            raise ApiError(422, "bad-id", str(error)) from None
    return call


def _check_numbers(call: Call) -> None:
    """Not a number is in every range, as it compares with none. Raises ValidationError."""
    for name in call.__struct_fields__:
        value = getattr(call, name)
        if isinstance(value, float) and not math.isfinite(value):
            raise msgspec.ValidationError(f"Expected a number - at `$.{name}`")


async def _body(request: web.BaseRequest) -> bytes:
    too_big = ApiError(413, "too-large", f"A body may have {MAX_BODY // 1024} KiB.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ApiError(415, "wrong-type", "Bodies are not compressed here.")
    if (request.content_length or 0) > MAX_BODY:
        raise too_big
    if not request.can_read_body:
        return b""
    pieces = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.content.iter_any():
                pieces += piece
                if len(pieces) > MAX_BODY:
                    raise too_big
    except TimeoutError:
        raise ApiError(408, "too-slow", f"The body did not arrive within {BODY_SECONDS:g} s.") from None
    except web.RequestPayloadError:
        raise ApiError(400, "bad-request", "The body breaks off, or is not framed as HTTP says.") from None
    return bytes(pieces)


def _object(request: web.BaseRequest, body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    if request.content_type.lower() != "application/json":
        raise ApiError(
            415, "wrong-type", "Bodies are JSON.", "Send the header Content-Type: application/json."
        )
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(400, "bad-json", f"The body is not JSON: {str(error)[:200]}") from None
    if not isinstance(value, dict):
        raise ApiError(422, "bad-shape", "The body must be a JSON object.")
    return value
