"""The adapter of the library for macOS and Windows, over a double of that library."""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from podium.notifications.desktop.library_notifications import LibraryNotifications
from podium.notifications.desktop.service import MAX_OPEN, Answered, Clicked, DesktopEvent, DesktopNotice
from tests.desktop_bus import wait_for


@dataclass
class Button:
    title: str
    on_pressed: Callable[[], None]


@dataclass
class Notification:
    title: str
    message: str
    urgency: str
    buttons: tuple[Button, ...]
    on_clicked: Callable[[], None]
    identifier: str = field(default="")

    def __post_init__(self) -> None:
        self.identifier = self.title


class Library:
    """What the real one would show."""

    def __init__(self) -> None:
        self.shown: dict[str, Notification] = {}
        self.sent = 0
        self.fault: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()

    def module(self) -> ModuleType:
        made: Any = ModuleType("desktop_notifier")
        library = self

        class DesktopNotifier:
            def __init__(self, name: str) -> None:
                if library.fault is not None:
                    raise library.fault

            async def send_notification(self, notification: Notification) -> str:
                library.sent += 1
                while not library.gate.is_set():
                    await asyncio.sleep(0.005)
                library.shown[notification.identifier] = notification
                return notification.identifier

            async def clear(self, identifier: str) -> None:
                del library.shown[identifier]  # The real one raises KeyError for what has gone, too.

            async def clear_all(self) -> None:
                library.shown.clear()

        made.DesktopNotifier, made.Button, made.Notification = DesktopNotifier, Button, Notification
        made.Urgency = type("Urgency", (), {"Critical": "critical", "Normal": "normal"})
        return made


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    made = Library()
    monkeypatch.setitem(sys.modules, "desktop_notifier", made.module())
    return made


class Desk:
    def __init__(self) -> None:
        self.events: list[DesktopEvent] = []
        self.log: list[str] = []
        self.service = LibraryNotifications(self.events.append, self.log.append)

    def show(self, number: int, *, answerable: bool = True, important: bool = False) -> None:
        self.service.show(DesktopNotice(number, f"{number} waits", "Deploy?", answerable, important))


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.service.close()


def test_a_notification_its_buttons_and_its_end(library: Library, desk: Desk) -> None:
    desk.show(1, important=True)
    desk.show(2, answerable=False)
    wait_for(lambda: len(library.shown) == 2)
    one, two = library.shown["1 waits"], library.shown["2 waits"]
    assert [button.title for button in one.buttons] == ["Show", "Allow", "Deny"]
    assert [button.title for button in two.buttons] == ["Show"]
    assert (one.urgency, two.urgency) == ("critical", "normal")
    for button in one.buttons:
        button.on_pressed()
    two.on_clicked()
    assert desk.events == [Clicked(1), Answered(1, True), Answered(1, False), Clicked(2)]
    desk.service.withdraw(1)
    wait_for(lambda: list(library.shown) == ["2 waits"])
    desk.service.close()
    wait_for(lambda: not library.shown)
    assert desk.log == []


def test_what_is_withdrawn_while_the_library_is_slow_goes_too(library: Library, desk: Desk) -> None:
    library.gate.clear()
    for number in range(100):
        desk.show(number)
    wait_for(lambda: library.sent)
    for number in range(100):
        desk.service.withdraw(number)
    desk.show(200)
    library.gate.set()
    wait_for(lambda: list(library.shown) == ["200 waits"])
    assert library.sent <= 2 + MAX_OPEN


def test_a_library_that_fails_is_said_once_and_breaks_nothing(
    library: Library, desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    library.fault = OSError("no bundle")
    desk.show(1)
    wait_for(lambda: desk.log)
    desk.show(2)
    desk.service.withdraw(1)
    desk.service.close()
    assert desk.log == ["No notifications are shown: OSError no bundle"]
    assert capfd.readouterr() == ("", "")


def test_what_has_gone_by_itself_can_be_withdrawn(library: Library, desk: Desk) -> None:
    desk.show(1)
    wait_for(lambda: library.shown)
    library.shown.clear()
    desk.service.withdraw(1)
    desk.show(2)
    wait_for(lambda: list(library.shown) == ["2 waits"])


def test_nothing_is_imported_before_it_is_needed(library: Library) -> None:
    service = LibraryNotifications(lambda _: None, lambda _: None)
    service.withdraw(1)
    service.close()
    service.show(DesktopNotice(1, "t"))
    assert library.sent == 0
