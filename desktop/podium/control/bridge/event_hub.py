"""The event hub: the main thread puts events in, the server's thread writes them out. Nothing in it waits."""

import asyncio
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

import msgspec

from podium.control.api.events import NAMES
from podium.control.api.limits import RING_BYTES, RING_EVENTS

_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event as it is kept and sent. ``message`` is its JSON."""

    seq: int
    name: str
    message: bytes


class EventHub:
    """``publish`` is for any thread; all else is for the server's."""

    def __init__(self, most: int = RING_EVENTS, most_bytes: int = RING_BYTES) -> None:
        self.epoch = secrets.token_hex(8)
        """Sequence numbers hold within one epoch."""
        self._lock = threading.Lock()
        self._inbox: deque[tuple[int, float, str, msgspec.Struct]] = deque(maxlen=most)
        self._seq = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._awake = False
        self._ring: deque[StoredEvent] = deque()
        self._most, self._most_bytes = most, most_bytes
        self._bytes = 0
        self._listeners: set[Callable[[StoredEvent], None]] = set()

    # Any thread

    def publish(self, worker_id: str, payload: msgspec.Struct) -> None:
        """Put in an event about an instance. Cheap: it is written as JSON on the server's thread."""
        with self._lock:
            self._seq += 1
            self._inbox.append((self._seq, time.time(), worker_id, payload))
            wake = self._loop is not None and not self._awake
            self._awake = self._awake or wake
        if wake:
            assert self._loop is not None
            try:
                self._loop.call_soon_threadsafe(self.drain)
            except RuntimeError:
                pass  # The server has ended between the two.

    # The server's thread

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            self._loop = loop
        self.drain()

    def detach(self) -> None:
        with self._lock:
            self._loop = None

    def listen(self, listener: Callable[[StoredEvent], None]) -> None:
        self._listeners.add(listener)

    def forget(self, listener: Callable[[StoredEvent], None]) -> None:
        self._listeners.discard(listener)

    def drain(self) -> None:
        """Write out what was put in."""
        with self._lock:
            self._awake = False
            waiting = list(self._inbox)
            self._inbox.clear()
        for seq, at, worker_id, payload in waiting:
            name = NAMES[type(payload)]
            event = StoredEvent(seq, name, _message(seq, at, name, worker_id, payload))
            self._keep(event)
            for listener in tuple(self._listeners):
                listener(event)

    def after(self, seq: int) -> tuple[int, list[StoredEvent]]:
        """The number of events after ``seq`` that are not kept any more, and those that are."""
        kept = [event for event in self._ring if event.seq > seq]
        oldest = kept[0].seq if kept else self.last_seq + 1
        missed = max(0, oldest - seq - 1) if seq <= self.last_seq else 0
        return missed, kept

    @property
    def last_seq(self) -> int:
        """The newest event that was written out, or dropped before it could be."""
        return self._ring[-1].seq if self._ring else 0

    def _keep(self, event: StoredEvent) -> None:
        self._ring.append(event)
        self._bytes += len(event.message)
        while len(self._ring) > self._most or self._bytes > self._most_bytes:
            self._bytes -= len(self._ring.popleft().message)


def _message(seq: int, at: float, name: str, worker_id: str, payload: msgspec.Struct) -> bytes:
    data: dict[str, Any] = msgspec.to_builtins(payload)
    data["workerId"] = worker_id
    return _encode({"event": name, "data": data, "seq": seq, "ts": round(at, 3)})


def matches(patterns: Iterable[str], name: str) -> bool:
    """``worker:*`` matches every name that begins so, ``*`` all."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def joined(messages: Iterable[bytes], more: bool) -> bytes:
    """A replay message of events that are JSON already."""
    tail = b'],"more":true}' if more else b'],"more":false}'
    return b'{"type":"replay","events":[' + b",".join(messages) + tail
