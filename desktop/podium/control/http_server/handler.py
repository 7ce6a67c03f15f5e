"""One request, from the access checks to the answer."""

import asyncio
from typing import Final
from urllib.parse import unquote

from aiohttp import web

from podium.control.api.application.service import OpenApi
from podium.control.api.errors import ApiError
from podium.control.api.exporting import Export, ExportedDocument
from podium.control.api.limits import ANSWER_SECONDS, RATE
from podium.control.api.routes import EVENTS_PATH, TERMINAL_PATH
from podium.control.api.scope import Access, Scope
from podium.control.api.shapes import Call
from podium.control.api.terminals import Wait
from podium.control.api.window import Picture
from podium.control.bridge.event_hub import EventHub
from podium.control.bridge.gateway import Gateway
from podium.control.http_server.access import AccessPolicy, RequestHead
from podium.control.http_server.events_socket import serve_events
from podium.control.http_server.export_stream import stream_document
from podium.control.http_server.openapi import document
from podium.control.http_server.peers import NOBODY
from podium.control.http_server.protocol import Connection, bytes_response, error_response, json_response
from podium.control.http_server.requests import call_of
from podium.control.http_server.router import Match, Router
from podium.control.http_server.terminal_socket import serve_terminal
from podium.core.ids import InvalidInstanceId, instance_id


class ApiHandler:
    """Answers the requests of one listener."""

    def __init__(self, policy: AccessPolicy, gateway: Gateway, hub: EventHub) -> None:
        self._policy = policy
        self._gateway = gateway
        self._hub = hub
        self._router = Router()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await self._answer(request)
        except ApiError as error:
            return error_response(error)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = request.protocol
        assert isinstance(connection, Connection)
        scope = self._policy.authorize(_head_of(request), connection.peer)
        connection.authorize(scope)
        _check_rate(connection)
        path = request.rel_url.raw_path
        if path == EVENTS_PATH:
            _check_handshake(request, scope.instance is None)
            return await serve_events(request, self._hub)
        if path.startswith(TERMINAL_PATH):
            instance = unquote(path.removeprefix(TERMINAL_PATH))
            try:
                instance_id(instance)
            except InvalidInstanceId as error:
                raise ApiError(422, "bad-id", str(error)) from None
            _check_handshake(request, scope.allows(Access.WRITE, instance))
            return await serve_terminal(request, self._gateway, instance)
        return await self._carry_out(request, scope, path)

    async def _carry_out(self, request: web.BaseRequest, scope: Scope, path: str) -> web.StreamResponse:
        match = self._router.find(request.method, path)
        if not isinstance(match, Match):
            if not match:
                raise ApiError(
                    404, "unknown-route", "There is no such address.", "GET /api/openapi.json lists them."
                )
            raise ApiError(
                405,
                "wrong-method",
                f"{request.method} does not work here.",
                f"Use {', '.join(sorted(match))}.",
            )
        route = match.route
        if not scope.allows(route.access, match.parameters.get("id")):
            raise _forbidden(scope)
        call = await call_of(request, match)
        if isinstance(call, OpenApi):
            return bytes_response(document(), "application/json")
        answer = await self._answer_of(call, route.seconds or ANSWER_SECONDS)
        if isinstance(answer, Picture):
            return bytes_response(answer.png, "image/png")
        if isinstance(answer, ExportedDocument) and isinstance(call, Export):
            return await stream_document(request, self._gateway, call.id, answer)
        return json_response(answer)

    async def _answer_of(self, call: Call, seconds: float) -> object:
        """The answer of a call, which is cancelled after ``seconds``. Raises ApiError."""
        if isinstance(call, Wait):
            seconds = call.timeout
        try:
            async with asyncio.timeout(seconds):
                return await self._gateway.call(call)
        except TimeoutError:
            if isinstance(call, Wait):
                raise ApiError(408, "timeout", f"Timed out after {seconds:g} s.") from None
            raise ApiError(
                504,
                "no-answer",
                f"There was no answer within {seconds:g} s.",
                "Look at its status, and try again.",
            ) from None


def _check_rate(connection: Connection) -> None:
    if connection.bucket is not None and not connection.bucket.take():
        raise ApiError(429, "too-many-requests", f"More than {RATE:g} requests a second on one connection.")


_UPGRADE: Final = "websocket"


def _head_of(request: web.BaseRequest) -> RequestHead:
    headers = request.headers
    return RequestHead(
        request.method,
        request.raw_path,
        headers.getall("Host", []),
        headers.getall("Origin", []),
        headers.getall("Sec-Fetch-Site", []),
        headers.getall("Authorization", []),
    )


def _check_handshake(request: web.BaseRequest, allowed: bool) -> None:
    if request.method != "GET":
        raise ApiError(405, "wrong-method", f"{request.method} does not work here.", "Use GET.")
    if not allowed:
        raise ApiError(403, "not-allowed", "This caller may not do that.")
    if request.headers.get("Upgrade", "").lower() != _UPGRADE:
        raise ApiError(426, "websocket-only", "This address speaks WebSocket only.")


def _forbidden(scope: Scope) -> ApiError:
    if scope.instance == NOBODY:
        return ApiError(
            403,
            "unknown-peer",
            "It can't be told whether the program that connected may do that: it has ended, or too many are above it.",
            "Let the program that connects wait for the answer.",
        )
    if scope.instance is not None:
        return ApiError(
            403,
            "not-allowed",
            "A program inside an instance may tell that instance's state, and nothing else.",
            f'POST /api/orchestrator/{scope.instance}/config with {{"control": true}} from outside allows this '
            'instance more, the setting control.instances_may = "all" every one.',
        )
    return ApiError(403, "read-only", "This token may only look.", "Use the one in the file “token”.")
