"""The session's D-Bus: one connection on a thread of its own, made anew when it ends.

jeepney is imported on that thread. Its router ends unnoticed with its bus, so replies are matched here.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from podium.notifications.desktop.loop_thread import LoopThread

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.asyncio import DBusConnection

    OnReply = Callable[[Message], None]

_CONNECT_SECONDS: Final = 10.0
_FIRST_DELAY: Final = 1.0
_LONGEST_DELAY: Final = 60.0
_MOST_UNSENT: Final = 512
"""Messages that may wait for a bus which reads nothing; more end the connection."""
_LAST_SECONDS: Final = 0.3
"""For the last messages at the end."""
BUS_NAME: Final = "org.freedesktop.DBus"


class BusClient(Protocol):
    """Uses the connection. All of it runs on the thread of the bus."""

    def on_connected(self, calls: "BusCalls") -> None: ...

    def on_signal(self, message: "Message", sender: str, member: str) -> None: ...

    def on_disconnected(self) -> None: ...


class BusCalls:
    """What a client may do with a connection."""

    def __init__(self, connection: "DBusConnection") -> None:
        self._connection = connection
        self._unsent: asyncio.Queue[tuple[Message, int]] = asyncio.Queue(_MOST_UNSENT)
        self._waiting: dict[int, OnReply] = {}
        self.stuck = asyncio.Event()
        """The bus takes nothing any more."""

    def send(self, message: "Message") -> None:
        """Send a call that nobody waits for."""
        self._put(message)

    def call(self, message: "Message", on_reply: "OnReply") -> None:
        """``on_reply`` gets the reply or the error; nothing when the connection ends before."""
        self._waiting[self._put(message)] = on_reply

    def _put(self, message: "Message") -> int:
        serial: int = next(self._connection.outgoing_serial)
        try:
            self._unsent.put_nowait((message, serial))
        except asyncio.QueueFull:
            self.stuck.set()
        return serial

    async def write(self) -> None:
        """Send what clients put in, for ever."""
        while True:
            message, serial = await self._unsent.get()
            await self._connection.send(message, serial=serial)
            self._unsent.task_done()

    async def flush(self) -> None:
        """Wait until all has been sent."""
        await self._unsent.join()

    def take_reply(self, message: "Message") -> "OnReply | None":
        """Whoever waits for ``message``."""
        from jeepney import HeaderFields

        serial = message.header.fields.get(HeaderFields.reply_serial)
        return self._waiting.pop(serial, None) if serial is not None else None


class SessionBus:
    """Keeps the connection from ``start`` to ``close``. ``log`` is called on its thread, once for each trouble."""

    def __init__(self, clients: Sequence[BusClient], log: Callable[[str], None]) -> None:
        self._clients = clients
        self._log = log
        self._thread = LoopThread("desktop bus", self._serve)
        self._troubled = False
        self.start = self._thread.start
        self.post = self._thread.post

    def close(self) -> None:
        """Send what waits, for a moment, and leave the bus. Only for the very end."""
        self._thread.close(2 * _LAST_SECONDS)

    async def _serve(self, closing: asyncio.Event) -> None:
        delay = _FIRST_DELAY
        while not closing.is_set():
            try:
                connection = await _connect()
            except Exception as error:  # Whatever an address, a socket or a bus can do.
                self._trouble(
                    f"The desktop's bus can't be reached, so nothing is shown there: {_said(error)}."
                )
                await _wait(closing, delay)
                delay = min(2 * delay, _LONGEST_DELAY)
                continue
            delay, self._troubled = _FIRST_DELAY, False
            try:
                await self._use(connection, closing)
            except Exception as error:  # A fault of a client must not end the thread.
                self._trouble(f"The desktop's bus could not be used: {_said(error)}.")
            await _wait(closing, _FIRST_DELAY)  # A bus may take connections and drop them.

    async def _use(self, connection: "DBusConnection", closing: asyncio.Event) -> None:
        """Serve the clients until the connection ends, or Podium does."""
        calls = BusCalls(connection)
        tasks = [
            asyncio.create_task(step)
            for step in (calls.write(), self._read(connection, calls), calls.stuck.wait(), closing.wait())
        ]
        try:
            for client in self._clients:
                client.on_connected(calls)
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if closing.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(calls.flush(), _LAST_SECONDS)
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            for client in self._clients:
                client.on_disconnected()
            connection.writer.close()
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, EOFError | OSError):
                self._trouble(f"The desktop's bus sent what can't be read: {_said(end)}.")

    async def _read(self, connection: "DBusConnection", calls: BusCalls) -> None:
        from jeepney import HeaderFields, MessageType

        while True:
            message = await connection.receive()
            if message.header.message_type is MessageType.signal:
                fields = message.header.fields
                sender, member = fields.get(HeaderFields.sender, ""), fields.get(HeaderFields.member, "")
                for client in self._clients:
                    client.on_signal(message, sender, member)
            elif (on_reply := calls.take_reply(message)) is not None:
                on_reply(message)

    def _trouble(self, text: str) -> None:
        if not self._troubled:
            self._troubled = True
            self._log(text)


def bus_address(environment: Mapping[str, str]) -> str:
    """Of the session's bus; "" where there is none."""
    if address := environment.get("DBUS_SESSION_BUS_ADDRESS", ""):
        return address
    folder = environment.get("XDG_RUNTIME_DIR", "")
    return f"unix:path={folder}/bus" if folder else ""


async def _connect() -> "DBusConnection":
    from jeepney.io.asyncio import open_dbus_connection

    address = bus_address(os.environ)
    if not address:
        raise OSError("there is no address of one")
    return await asyncio.wait_for(open_dbus_connection(address), _CONNECT_SECONDS)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


def _said(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()[:200]
