"""``WS /ws/terminal/{id}``: the raw terminal both ways. Messages of either kind are input, output is binary."""

import asyncio
import contextlib

from aiohttp import WSCloseCode, WSMsgType, web

from podium.control.api.limits import HEARTBEAT_SECONDS, INPUT_BURST, INPUT_RATE, MAX_MESSAGE
from podium.control.bridge.gateway import Gateway, TerminalStream
from podium.control.http_server.rate import Bucket


async def serve_terminal(request: web.BaseRequest, gateway: Gateway, instance: str) -> web.WebSocketResponse:
    """Serve one client until it or the instance goes. Raises ApiError before the handshake."""
    stream = await gateway.open_terminal(instance)
    try:
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MAX_MESSAGE, compress=False)
        await socket.prepare(request)
        sender = asyncio.create_task(_send(stream, socket))
        try:
            bucket = Bucket(INPUT_RATE, INPUT_BURST)
            async for message in socket:
                if not bucket.take():
                    await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"too many messages")
                    break
                if message.type is WSMsgType.BINARY:
                    stream.send(message.data)
                elif message.type is WSMsgType.TEXT:
                    stream.send(message.data.encode())
                else:
                    break
        finally:
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender
    finally:
        stream.close()
    return socket


async def _send(stream: TerminalStream, socket: web.WebSocketResponse) -> None:
    """Output is only asked for as fast as the client takes it in, so none piles up here."""
    with contextlib.suppress(ConnectionError):
        while (data := await stream.receive()) is not None:
            await socket.send_frame(data, WSMsgType.BINARY)
        await socket.close(code=WSCloseCode.GOING_AWAY, message=b"the instance is gone")
