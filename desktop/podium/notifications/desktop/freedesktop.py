"""Notifications through org.freedesktop.Notifications.

The protocol is spoken here and not by a library for notifications: those that are kept well leave a connection open
for each notification while no service runs, say nothing of whether a body is markup, and drop the tokens by which a
window may come forward on Wayland.
"""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any, Final

from podium.notifications.desktop.bus import BusCalls, SessionBus
from podium.notifications.desktop.name_watch import NameWatch
from podium.notifications.desktop.notification_book import (
    ALLOW_ACTION,
    DEFAULT_ACTION,
    DENY_ACTION,
    SHOW_ACTION,
    AskCapabilities,
    CloseNotification,
    NotificationBook,
    Notify,
    ServiceCall,
)
from podium.notifications.desktop.service import DesktopNotice, TellEvent

if TYPE_CHECKING:
    from jeepney import Message

_NAME: Final = "org.freedesktop.Notifications"
_PATH: Final = "/org/freedesktop/Notifications"
_DESKTOP_FILE: Final = "podium"
_NORMAL: Final = 1
_CRITICAL: Final = 2
_AS_THE_SERVICE_DOES: Final = -1
"""Milliseconds after which it goes."""
_NOT_THERE: Final = ("org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner")

NotifyArguments = tuple[str, int, str, str, str, list[str], dict[str, tuple[str, Any]], int]


class FreedesktopNotifications:
    """A DesktopService, and a client of the bus, which it is given to with ``watch``."""

    def __init__(self, tell: TellEvent, log: Callable[[str], None]) -> None:
        self._tell = tell
        self._log = log
        self._book = NotificationBook()
        self._calls: BusCalls | None = None
        self._bus: SessionBus | None = None
        self._told_trouble = False
        self.watch = NameWatch(_NAME, self._on_owner)
        """A client of the same bus, behind this one."""

    def use(self, bus: SessionBus) -> None:
        self._bus = bus

    # Of any thread

    def show(self, notice: DesktopNotice) -> None:
        self._post(lambda: self._book.show(notice))

    def withdraw(self, number: int) -> None:
        self._post(lambda: self._book.withdraw(number))

    def close(self) -> None:
        self._post(self._book.withdraw_all)

    def _post(self, change: Callable[[], None]) -> None:
        def work() -> None:
            change()
            self._carry_out()

        if self._bus is not None:
            self._bus.post(work)

    # Of the bus

    def on_connected(self, calls: BusCalls) -> None:
        from jeepney import MatchRule
        from jeepney.bus_messages import message_bus

        self._calls = calls
        calls.send(message_bus.AddMatch(MatchRule(type="signal", sender=_NAME, interface=_NAME, path=_PATH)))
        self._book.on_connected()
        self._carry_out()

    def on_disconnected(self) -> None:
        self._calls = None
        self._book.on_disconnected()
        self._book.take_calls()

    def on_signal(self, message: "Message", sender: str, member: str) -> None:
        match member, message.body:
            case "ActivationToken", (int(id), str(token)):
                self._book.on_token(id, sender, token)
            case "ActionInvoked", (int(id), str(key)):
                self._book.on_action(id, sender, key)
            case "NotificationClosed", (int(id), int()):
                self._book.on_closed(id, sender)
        self._carry_out()

    def _on_owner(self, owner: str) -> None:
        self._book.on_owner(owner)
        self._carry_out()

    def _carry_out(self) -> None:
        for call in self._book.take_calls():
            if self._calls is not None:
                self._send(self._calls, call)
        for event in self._book.take_events():
            self._tell(event)

    def _send(self, calls: BusCalls, call: ServiceCall) -> None:
        from jeepney import DBusAddress, MessageFlag, new_method_call

        at = DBusAddress(_PATH, _NAME, _NAME)
        match call:
            case AskCapabilities():
                calls.call(new_method_call(at, "GetCapabilities"), self._on_capabilities)
            case Notify(notice, capabilities):
                arguments = notify_arguments(notice, capabilities)
                message = new_method_call(at, "Notify", "susssasa{sv}i", arguments)
                calls.call(message, lambda reply: self._on_notified(notice.number, reply))
            case CloseNotification(id):
                message = new_method_call(at, "CloseNotification", "u", (id,))
                message.header.flags = MessageFlag.no_reply_expected
                calls.send(message)

    def _on_capabilities(self, reply: "Message") -> None:
        match _returned(reply):
            case (list(names),):
                self._book.on_capabilities(frozenset(names))
            case _:
                self._trouble(f"No notifications are shown: {_error(reply)}.")
                self._book.on_no_capabilities()
        self._carry_out()

    def _on_notified(self, number: int, reply: "Message") -> None:
        from jeepney import HeaderFields

        match _returned(reply):
            case (int(id),):
                self._book.on_notified(number, id, reply.header.fields.get(HeaderFields.sender, ""))
            case _:
                self._trouble(f"A notification was not shown: {_error(reply)}.")
                self._book.on_not_notified(number, reached=_error(reply) not in _NOT_THERE)
        self._carry_out()

    def _trouble(self, text: str) -> None:
        if not self._told_trouble:
            self._told_trouble = True
            self._log(text)


def notify_arguments(notice: DesktopNotice, capabilities: frozenset[str]) -> NotifyArguments:
    """What Notify is called with. The body is markup for a service that says so."""
    actions: list[str] = []
    if "actions" in capabilities:
        actions += [DEFAULT_ACTION, "Show", SHOW_ACTION, "Show"]
        if notice.answerable:
            actions += [ALLOW_ACTION, "Allow", DENY_ACTION, "Deny"]
    body = escape(notice.body, quote=False) if "body-markup" in capabilities else notice.body
    hints: dict[str, tuple[str, Any]] = {
        # What is critical stays until it is closed.
        "urgency": ("y", _CRITICAL if notice.important else _NORMAL),
        "desktop-entry": ("s", _DESKTOP_FILE),
        # Whether there is a sound is a setting of Podium's.
        "suppress-sound": ("b", True),
    }
    return ("Podium", 0, _DESKTOP_FILE, notice.title, body, actions, hints, _AS_THE_SERVICE_DOES)


def _returned(reply: "Message") -> tuple[Any, ...] | None:
    from jeepney import MessageType

    return tuple(reply.body) if reply.header.message_type is MessageType.method_return else None


def _error(reply: "Message") -> str:
    from jeepney import HeaderFields

    return str(reply.header.fields.get(HeaderFields.error_name, "the service answered something else"))[:200]
