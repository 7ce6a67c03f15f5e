"""Which notifications a freedesktop service shows: a pure state machine.

What is to be shown and what the service tells goes in, calls to the service and what a person did come out. A
notification is asked for once: a service that hangs, fails or ends never gets it a second time.
"""

from enum import Enum, auto
from typing import Final

import msgspec

from podium.notifications.desktop.service import MAX_OPEN, Answered, Clicked, DesktopEvent, DesktopNotice

DEFAULT_ACTION: Final = "default"
"""A click on the notification itself."""
SHOW_ACTION: Final = "show"
ALLOW_ACTION: Final = "allow"
DENY_ACTION: Final = "deny"
_MAX_TOKEN: Final = 512


class AskCapabilities(msgspec.Struct, frozen=True):
    """Ask the service what it can do; its answer comes before the first notification."""


class Notify(msgspec.Struct, frozen=True):
    notice: DesktopNotice
    capabilities: frozenset[str]


class CloseNotification(msgspec.Struct, frozen=True):
    id: int


ServiceCall = AskCapabilities | Notify | CloseNotification


class _State(Enum):
    PENDING = auto()
    """Not asked for yet."""
    SENT = auto()
    SHOWN = auto()


class _Entry(msgspec.Struct):
    notice: DesktopNotice
    state: _State = _State.PENDING
    wanted: bool = True
    id: int = 0
    """What the service calls it."""
    service: str = ""
    """The unique name on the bus of who was asked, and then of who shows it."""
    token: str = ""


class NotificationBook:
    def __init__(self) -> None:
        self._entries: dict[int, _Entry] = {}
        self._capabilities: frozenset[str] | None = None
        self._asking = False
        self._connected = False
        self._owner = ""
        self._calls: list[ServiceCall] = []
        self._events: list[DesktopEvent] = []

    def take_calls(self) -> tuple[ServiceCall, ...]:
        """What the service is to be asked, in order."""
        calls, self._calls = tuple(self._calls), []
        return calls

    def take_events(self) -> tuple[DesktopEvent, ...]:
        """What a person did since the last call."""
        events, self._events = tuple(self._events), []
        return events

    # What is wanted

    def show(self, notice: DesktopNotice) -> None:
        if notice.number in self._entries:
            return
        wanted = [number for number, entry in self._entries.items() if entry.wanted]
        if len(wanted) >= MAX_OPEN:
            self.withdraw(wanted[0])
        self._entries[notice.number] = _Entry(notice)
        self._proceed()

    def withdraw(self, number: int) -> None:
        entry = self._entries.get(number)
        if entry is None:
            return
        entry.wanted = False
        if entry.state is not _State.SENT:  # Else it is closed as soon as its id is known.
            self._close(number, entry)

    def withdraw_all(self) -> None:
        for number in tuple(self._entries):
            self.withdraw(number)

    # What the bus tells

    def on_connected(self) -> None:
        self._connected = True
        self._proceed()

    def on_disconnected(self) -> None:
        self._connected = self._asking = False
        self._owner, self._capabilities = "", None
        self._forget(_State.SENT, _State.SHOWN)

    def on_owner(self, owner: str) -> None:
        """``owner`` is the unique name of the service that is there now; "" for none."""
        if owner == self._owner:
            return
        started = not self._owner  # A call that started it is still on its way to it.
        self._owner, self._capabilities = owner, None
        self._asking = self._asking and started and bool(owner)
        self._forget(_State.SHOWN)
        if owner:
            self._proceed()

    def on_capabilities(self, capabilities: frozenset[str]) -> None:
        self._asking, self._capabilities = False, capabilities
        self._proceed()

    def on_no_capabilities(self) -> None:
        """The service is not there, or does not answer. It is asked again for the next notification."""
        self._asking = False

    def on_notified(self, number: int, id: int, service: str) -> None:
        entry = self._entries.get(number)
        if entry is None or entry.state is not _State.SENT:
            return
        entry.state, entry.id, entry.service = _State.SHOWN, id, service
        if not entry.wanted:
            self._close(number, entry)
        self._proceed()

    def on_not_notified(self, number: int, *, reached: bool) -> None:
        """The service did not show it; without ``reached`` there was none by then, and the next one gets it."""
        entry = self._entries.get(number)
        if entry is None or entry.state is not _State.SENT:
            return
        if entry.wanted and not reached:
            entry.state, self._capabilities = _State.PENDING, None
        else:
            del self._entries[number]
            self._proceed()

    # What a person does

    def on_token(self, id: int, service: str, token: str) -> None:
        entry = self._find(id, service)
        if entry is not None and token.isascii() and token.isprintable():
            entry.token = token[:_MAX_TOKEN]

    def on_action(self, id: int, service: str, key: str) -> None:
        entry = self._find(id, service)
        if entry is None:
            return
        number = entry.notice.number
        if key in (DEFAULT_ACTION, SHOW_ACTION):
            self._events.append(Clicked(number, entry.token))
        elif key in (ALLOW_ACTION, DENY_ACTION) and entry.notice.answerable:
            self._events.append(Answered(number, key == ALLOW_ACTION, entry.token))
        else:
            return
        self._close(number, entry)

    def on_closed(self, id: int, service: str) -> None:
        entry = self._find(id, service)
        if entry is not None:
            del self._entries[entry.notice.number]

    # Inside

    def _find(self, id: int, service: str) -> _Entry | None:
        """The notification that ``service`` shows as ``id``: anybody on the bus may send what looks like its signal."""
        for entry in self._entries.values():
            if entry.state is _State.SHOWN and (entry.id, entry.service) == (id, service):
                return entry
        return None

    def _close(self, number: int, entry: _Entry) -> None:
        del self._entries[number]
        if entry.state is _State.SHOWN:
            self._calls.append(CloseNotification(entry.id))

    def _forget(self, *states: _State) -> None:
        self._entries = {
            number: entry for number, entry in self._entries.items() if entry.state not in states
        }

    def _proceed(self) -> None:
        """Ask for what is pending, as far as the service is known."""
        pending = [entry for entry in self._entries.values() if entry.state is _State.PENDING]
        if not pending or not self._connected:
            return
        if self._capabilities is None:
            if not self._asking:
                self._asking = True
                self._calls.append(AskCapabilities())
            return
        # What an older service has not answered holds up no newer one.
        asked = (_State.SENT, self._owner)
        free = MAX_OPEN - sum((entry.state, entry.service) == asked for entry in self._entries.values())
        for entry in pending[: max(0, free)]:
            entry.state, entry.service = asked
            self._calls.append(Notify(entry.notice, self._capabilities))
