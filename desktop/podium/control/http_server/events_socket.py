"""``WS /ws``: a client subscribes to events by pattern and may have those it missed."""

from collections.abc import Callable
from typing import Final

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from podium.control.api.events import Ping, Pong, Replay, ReplayGap, Subscribe, Subscribed
from podium.control.api.limits import (
    BURST,
    HEARTBEAT_SECONDS,
    MAX_MESSAGE,
    MAX_PATTERNS,
    RATE,
    REPLAY_BYTES,
)
from podium.control.bridge.event_hub import EventHub, StoredEvent, joined, matches
from podium.control.http_server.rate import Bucket
from podium.control.http_server.socket_writer import SocketWriter


class _Close(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


_encode: Final = msgspec.json.Encoder().encode


async def serve_events(request: web.BaseRequest, hub: EventHub) -> web.WebSocketResponse:
    """Serve one client until it goes, or breaks the rules."""
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MAX_MESSAGE, compress=False)
    await socket.prepare(request)
    client = _Client(SocketWriter(socket, request), hub)
    hub.listen(client.on_event)
    bucket = Bucket(RATE, BURST)
    try:
        async for message in socket:
            if not bucket.take():
                raise _Close(WSCloseCode.POLICY_VIOLATION, "too many messages")
            if message.type is WSMsgType.BINARY:
                raise _Close(WSCloseCode.UNSUPPORTED_DATA, "text only")
            if message.type is not WSMsgType.TEXT:
                break
            await client.on_message(message.data)
    except _Close as close:
        await client.writer.close()
        await socket.close(code=close.code, message=close.reason.encode())
    except ConnectionError:
        pass
    finally:
        hub.forget(client.on_event)
        await client.writer.close()
    return socket


class _Client:
    def __init__(self, writer: SocketWriter, hub: EventHub) -> None:
        self.writer = writer
        self._hub = hub
        self._patterns: dict[str, int] = {}
        """Each with the number of the last event before it was subscribed to."""
        self._replaying = False

    def on_event(self, event: StoredEvent) -> None:
        # During a replay what happens is in the ring; the replay goes on until it has caught up with that.
        if not self._replaying and matches(self._patterns, event.name):
            self.writer.put(event.message)

    async def on_message(self, text: str) -> None:
        """Raises _Close for what makes no sense."""
        try:
            value = msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise _Close(WSCloseCode.INVALID_TEXT, "not JSON") from None
        try:
            if isinstance(value, dict) and "type" in value:
                wanted = msgspec.convert(value, Replay | Ping)
                if isinstance(wanted, Ping):
                    self.writer.put(_encode(Pong()))
                else:
                    await self._replay(wanted.after_seq, wanted.epoch)
            else:
                await self._on_subscribe(msgspec.convert(value, Subscribe))
        except msgspec.ValidationError as error:
            raise _Close(WSCloseCode.POLICY_VIOLATION, str(error)[:100]) from None

    async def _on_subscribe(self, wanted: Subscribe) -> None:
        if (wanted.subscribe is None) == (wanted.unsubscribe is None):
            raise _Close(WSCloseCode.POLICY_VIOLATION, "subscribe or unsubscribe")
        self._hub.drain()
        for pattern in wanted.subscribe or ():
            self._patterns.setdefault(pattern, self._hub.last_seq)
        for pattern in wanted.unsubscribe or ():
            self._patterns.pop(pattern, None)
        if len(self._patterns) > MAX_PATTERNS:
            raise _Close(WSCloseCode.POLICY_VIOLATION, "too many patterns")
        self.writer.put(_encode(Subscribed(tuple(self._patterns), self._hub.epoch, self._hub.last_seq)))
        if wanted.after_seq is not None:
            await self._replay(wanted.after_seq, wanted.epoch)

    async def _replay(self, after: int, epoch: str) -> None:
        self._hub.drain()
        other = epoch not in ("", self._hub.epoch)
        if other:
            after = 0
        begin = self._hub.last_seq
        missed, _ = self._hub.after(after)
        if missed or other:
            self.writer.put(_encode(ReplayGap(missed, self._hub.epoch)))
        self._replaying = True
        since: dict[str, tuple[int, ...]] = {}

        def wants(event: StoredEvent) -> bool:
            name = event.name
            if name not in since:  # There are few names and up to 10,000 events.
                since[name] = tuple(seq for one, seq in self._patterns.items() if matches((one,), name))
            # Events after the subscription were sent then; a client that asks for later ones wants them once more.
            late = event.seq > begin
            return bool(since[name]) and (late or not any(after < seq < event.seq for seq in since[name]))

        at = after
        while True:
            batch, last, more = self._next_part(at, wants)
            if not more:
                # In the same step: what happens from now on is queued behind it.
                self._replaying = False
                self.writer.put(joined(batch, more=False))
                return
            at = last
            # Waits while the client does not read, and keeps nothing for it meanwhile.
            await self.writer.send(joined(batch, more=True))
            self._hub.drain()
            overrun, _ = self._hub.after(at)
            if overrun:
                self.writer.put(_encode(ReplayGap(overrun, self._hub.epoch)))

    def _next_part(self, at: int, wants: Callable[[StoredEvent], bool]) -> tuple[list[bytes], int, bool]:
        """Messages after event ``at`` for one part, the last event looked at, and whether there are more."""
        batch: list[bytes] = []
        size = 0
        for event in self._hub.after(at)[1]:
            if wants(event):
                if batch and size + len(event.message) > REPLAY_BYTES:
                    return batch, at, True
                batch.append(event.message)
                size += len(event.message)
            at = event.seq
        return batch, at, False
