"""A desktop's services on a bus of their own: what shows notifications, and what shows tray icons."""

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.threading import DBusConnection, DBusRouter, open_dbus_connection

PATIENCE: Final = 60.0
NOTIFICATIONS: Final = "org.freedesktop.Notifications"
_NOTIFICATIONS_AT: Final = DBusAddress("/org/freedesktop/Notifications", None, NOTIFICATIONS)
WATCHER: Final = "org.kde.StatusNotifierWatcher"
_WATCHER_AT: Final = DBusAddress("/StatusNotifierWatcher", None, WATCHER)
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_REPLACE: Final = 2
"""Of RequestName."""
CAPABILITIES: Final = ("actions", "body", "body-markup", "persistence")

Result = TypeVar("Result")


@contextmanager
def session_bus(folder: Path) -> Iterator[str]:
    """Start a bus of its own; yields its address."""
    command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"]
    bus = subprocess.Popen(
        [*command, f"--address=unix:path={folder}/bus"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert bus.stdout is not None
    try:
        address = bus.stdout.readline().strip()
        assert address, "dbus-daemon did not start"
        yield address
    finally:
        bus.terminate()
        bus.wait()
        bus.stdout.close()


def wait_for(look: Callable[[], Result]) -> Result:
    """What ``look`` returns as soon as it is true."""
    deadline = time.monotonic() + PATIENCE
    while not (result := look()):
        assert time.monotonic() < deadline, "never came"
        time.sleep(0.01)
    return result


class BusService:
    """A service that answers on a thread of its own, from its making to ``close``."""

    def __init__(self, address: str, name: str) -> None:
        self._connection: DBusConnection = open_dbus_connection(address)
        self._router = DBusRouter(self._connection)
        self._name = name
        self._calls = self._router.filter(_Calls(name, self._connection.unique_name), bufsize=10_000)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        reply = self._router.send_and_get_reply(message_bus.RequestName(name, _REPLACE), timeout=PATIENCE)
        assert reply.body == (1,)

    def close(self) -> None:
        """Leave the bus, as a service that ends."""
        if not self._closed.is_set():
            self._closed.set()
            self._thread.join(PATIENCE)
            # The bus learns of a closed connection in its own time, and the next one is to have the name.
            self.call(message_bus.ReleaseName(self._name))
            self._router.close()
            self._connection.close()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, message: Message) -> Message:
        return self._router.send_and_get_reply(message, timeout=PATIENCE)

    def emit(self, at: DBusAddress, signal: str, signature: str = "", body: tuple[Any, ...] = ()) -> None:
        self._router.send(new_signal(at, signal, signature or None, body))

    def answer(self, call: Message, method: str) -> Message | None:
        """The reply to ``call``; None keeps it waiting for ever."""
        raise NotImplementedError

    def _serve(self) -> None:
        with self._calls as calls:
            while not self._closed.is_set():
                with contextlib.suppress(TimeoutError, Exception):
                    call = calls.get(timeout=0.05)
                    reply = self.answer(call, call.header.fields[HeaderFields.member])
                    if reply is not None:
                        self._router.send(reply)


class _Calls:
    """Matches the calls of a service."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def matches(self, message: Message) -> bool:
        return (
            message.header.message_type is MessageType.method_call
            and message.header.fields.get(HeaderFields.destination) in self._names
        )


@dataclass
class Notified:
    """One call of Notify."""

    id: int
    title: str
    body: str
    actions: dict[str, str]
    hints: dict[str, Any]
    timeout: int
    closed: bool = False


class NotificationDaemon(BusService):
    """Shows nothing, and writes down what it is to show."""

    def __init__(self, address: str, capabilities: tuple[str, ...] = CAPABILITIES, first_id: int = 1) -> None:
        self._capabilities = list(capabilities)
        self._next = first_id
        self.notified: list[Notified] = []
        self.hanging = False
        """It takes calls and answers none."""
        self.failing = False
        """It answers Notify by an error."""
        self.refused = 0
        """So many times."""
        super().__init__(address, NOTIFICATIONS)

    @property
    def shown(self) -> list[Notified]:
        """What was not closed."""
        return [one for one in self.notified if not one.closed]

    def act(self, id: int, key: str, token: str = "") -> None:
        """What a person does who clicks on a notification or one of its buttons."""
        if token:
            self.emit(_NOTIFICATIONS_AT, "ActivationToken", "us", (id, token))
        self.emit(_NOTIFICATIONS_AT, "ActionInvoked", "us", (id, key))
        self.end(id, 2)

    def end(self, id: int, reason: int) -> None:
        """The notification is no longer to be seen."""
        for one in self.notified:
            one.closed = one.closed or one.id == id
        self.emit(_NOTIFICATIONS_AT, "NotificationClosed", "uu", (id, reason))

    def answer(self, call: Message, method: str) -> Message | None:
        if self.hanging:
            return None
        match method:
            case "GetCapabilities":
                return new_method_return(call, "as", (self._capabilities,))
            case "Notify" if self.failing:
                self.refused += 1
                return new_error(call, "org.example.Error.TooMany")
            case "Notify":
                return new_method_return(call, "u", (self._notify(*call.body),))
            case "CloseNotification":
                reply = new_method_return(call)
                self.end(call.body[0], 3)
                return reply
        return new_error(call, "org.freedesktop.DBus.Error.UnknownMethod")

    def _notify(
        self,
        _app: str,
        _replaces: int,
        _icon: str,
        title: str,
        body: str,
        actions: list[str],
        hints: dict[str, tuple[str, Any]],
        timeout: int,
    ) -> int:
        id, self._next = self._next, self._next + 1
        pairs = dict(zip(actions[::2], actions[1::2], strict=True))
        values = {name: value for name, (_, value) in hints.items()}
        self.notified.append(Notified(id, title, body, pairs, values, timeout))
        return id


class TrayHost(BusService):
    """A panel that asks icons for what it would show."""

    def __init__(self, address: str) -> None:
        self.items: list[tuple[str, str]] = []
        """Service and path of each icon."""
        super().__init__(address, WATCHER)

    def answer(self, call: Message, method: str) -> Message | None:
        match method, call.body:
            case "RegisterStatusNotifierItem", (name,):
                sender = call.header.fields[HeaderFields.sender]
                place = (sender, name) if name.startswith("/") else (name, "/StatusNotifierItem")
                self.items.append(place)
                self.emit(_WATCHER_AT, "StatusNotifierItemRegistered", "s", ("".join(place),))
                return new_method_return(call)
            case "RegisterStatusNotifierHost", _:
                return new_method_return(call)
            case "Get", (_, "IsStatusNotifierHostRegistered"):
                return new_method_return(call, "v", (("b", True),))
            case "Get", (_, "ProtocolVersion"):
                return new_method_return(call, "v", (("i", 0),))
            case "Get", (_, "RegisteredStatusNotifierItems"):
                return new_method_return(call, "v", (("as", ["".join(item) for item in self.items]),))
        return new_error(call, "org.freedesktop.DBus.Error.UnknownMethod")

    def property(self, name: str) -> Any:
        """Of the last icon."""
        service, path = self.items[-1]
        at = DBusAddress(path, service, _PROPERTIES)
        reply = self.call(new_method_call(at, "Get", "ss", ("org.kde.StatusNotifierItem", name)))
        return reply.body[0][1] if reply.header.message_type is MessageType.method_return else None

    def menu(self) -> dict[str, int]:
        """Label → number of each entry of the last icon's menu that can be chosen."""
        service, _ = self.items[-1]
        at = DBusAddress(self.property("Menu"), service, "com.canonical.dbusmenu")
        reply = self.call(new_method_call(at, "GetLayout", "iias", (0, -1, [])))
        return dict(_entries(reply.body[1]))

    def choose(self, label: str) -> None:
        """Click on an entry of the menu."""
        service, _ = self.items[-1]
        at = DBusAddress(self.property("Menu"), service, "com.canonical.dbusmenu")
        self.call(new_method_call(at, "Event", "isvu", (self.menu()[label], "clicked", ("s", ""), 0)))


def _entries(layout: Any) -> Iterator[tuple[str, int]]:
    number, properties, children = layout
    if "label" in properties:
        yield properties["label"][1].replace("_", ""), number
    for _, child in children:
        yield from _entries(child)
