"""Notices in, a service on a real bus told; its signals in, events out."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from jeepney import DBusAddress, HeaderFields, new_signal
from jeepney.io.threading import open_dbus_connection

from podium.notifications.desktop.bus import SessionBus, bus_address
from podium.notifications.desktop.freedesktop import FreedesktopNotifications, notify_arguments
from podium.notifications.desktop.name_watch import NameWatch
from podium.notifications.desktop.service import Answered, Clicked, DesktopEvent, DesktopNotice
from tests.desktop_bus import NOTIFICATIONS, WATCHER, NotificationDaemon, TrayHost, session_bus, wait_for


class Desktop:
    """The service on a bus of its own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.events: list[DesktopEvent] = []
        self.log: list[str] = []
        self.hosts: list[str] = []
        self.service = FreedesktopNotifications(self.events.append, self.log.append)
        hosts = NameWatch(WATCHER, self.hosts.append)
        self.bus = SessionBus((self.service, self.service.watch, hosts), self.log.append)
        self.service.use(self.bus)

    def show(self, number: int, body: str = "Deploy?", *, answerable: bool = True) -> None:
        self.service.show(DesktopNotice(number, f"{number} waits for you", body, answerable))

    def settle(self) -> None:
        """Wait until the bus's thread has done what was posted to it."""
        done = threading.Event()
        self.bus.post(done.set)
        wait_for(done.is_set)


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture
def address(runtime_folder: Path) -> Iterator[str]:
    with session_bus(runtime_folder) as address:
        yield address


@pytest.fixture
def desktop(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    made = Desktop(address)
    made.bus.start()
    yield made
    made.bus.close()


@pytest.fixture
def daemon(address: str) -> Iterator[NotificationDaemon]:
    with NotificationDaemon(address) as made:
        yield made


def test_a_notification_from_its_beginning_to_its_end(desktop: Desktop, daemon: NotificationDaemon) -> None:
    desktop.show(1, 'Run <b>"a" & b</b>?')
    one = wait_for(lambda: daemon.shown)[0]
    assert (one.title, one.body) == ("1 waits for you", 'Run &lt;b&gt;"a" &amp; b&lt;/b&gt;?')
    assert one.actions == {"default": "Show", "show": "Show", "allow": "Allow", "deny": "Deny"}
    assert one.hints["urgency"] == 1
    desktop.service.withdraw(1)
    wait_for(lambda: one.closed)
    assert desktop.log == []


def test_clicks_and_answers_come_back_with_their_number(desktop: Desktop, daemon: NotificationDaemon) -> None:
    for number in (11, 12, 13):
        desktop.show(number)
    ids = [one.id for one in wait_for(lambda: daemon.shown if len(daemon.shown) == 3 else [])]
    daemon.act(ids[0], "default", "token-1")
    daemon.act(ids[1], "deny")
    daemon.act(ids[2], "\u202e\U0001f600" * 1000)
    daemon.act(999, "allow")
    desktop.show(14)
    daemon.act(wait_for(lambda: daemon.shown)[-1].id, "allow")
    wait_for(lambda: len(desktop.events) == 3)
    assert desktop.events == [Clicked(11, "token-1"), Answered(12, False), Answered(14, True)]


def test_nobody_else_on_the_bus_can_press_a_button(desktop: Desktop, daemon: NotificationDaemon) -> None:
    desktop.show(1)
    one = wait_for(lambda: daemon.shown)[0]
    stranger = open_dbus_connection(desktop.address)
    # To all, and to each connection that there may be.
    at = DBusAddress("/org/freedesktop/Notifications", None, NOTIFICATIONS)
    for to in (None, *(f":1.{number}" for number in range(20))):
        forged = new_signal(at, "ActionInvoked", "us", (one.id, "allow"))
        if to is not None:
            forged.header.fields[HeaderFields.destination] = to
        stranger.send(forged)
    stranger.close()
    daemon.act(one.id, "default")
    wait_for(lambda: desktop.events)
    assert desktop.events == [Clicked(1)]


def test_without_a_service_it_is_said_once_and_one_that_appears_shows_what_still_waits(
    desktop: Desktop,
) -> None:
    desktop.show(1)
    desktop.show(2)
    wait_for(lambda: desktop.log)
    desktop.service.withdraw(1)
    with NotificationDaemon(desktop.address) as daemon:
        assert [one.title for one in wait_for(lambda: daemon.shown)] == ["2 waits for you"]
    desktop.show(3)
    with NotificationDaemon(desktop.address) as daemon:
        assert [one.title for one in wait_for(lambda: daemon.shown)] == ["3 waits for you"]
    assert len(desktop.log) == 1
    assert "ServiceUnknown" in desktop.log[0]


def test_no_connection_is_left_open_for_what_nobody_shows(desktop: Desktop) -> None:
    desktop.show(0)
    wait_for(lambda: desktop.log)
    before = open_files()
    for number in range(1, 100):
        desktop.show(number)
    desktop.settle()
    assert open_files() <= before


def test_a_service_that_ends_and_another_that_starts(desktop: Desktop) -> None:
    with NotificationDaemon(desktop.address) as first:
        desktop.show(1)
        wait_for(lambda: first.shown)
    with NotificationDaemon(desktop.address) as second:
        desktop.show(2)
        # Both call their first one 1.
        assert [(one.id, one.title) for one in wait_for(lambda: second.shown)] == [(1, "2 waits for you")]
        desktop.service.withdraw(1)
        desktop.settle()
        second.act(1, "allow")
        wait_for(lambda: desktop.events)
        assert desktop.events == [Answered(2, True)]
        assert not second.shown


def test_a_service_that_hangs_gets_nothing_twice_and_is_caught_up_with(
    desktop: Desktop, daemon: NotificationDaemon
) -> None:
    desktop.show(0)
    wait_for(lambda: daemon.shown)
    daemon.hanging = True
    for number in range(1, 200):
        desktop.show(number)
        desktop.service.withdraw(number)
    desktop.settle()
    daemon.close()
    with NotificationDaemon(desktop.address) as another:
        desktop.show(500)
        assert [one.title for one in wait_for(lambda: another.shown)] == ["500 waits for you"]


def test_what_a_service_refuses_is_said_once(desktop: Desktop, daemon: NotificationDaemon) -> None:
    daemon.failing = True
    for number in range(5):
        desktop.show(number)
    wait_for(lambda: daemon.refused == 5 and desktop.log)
    daemon.failing = False
    desktop.show(9)
    wait_for(lambda: daemon.shown)
    assert [one.title for one in daemon.shown] == ["9 waits for you"]
    assert len(desktop.log) == 1
    assert "TooMany" in desktop.log[0]


def test_a_bus_that_begins_anew_is_joined_again(
    runtime_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={runtime_folder}/bus")
    desktop = Desktop(f"unix:path={runtime_folder}/bus")
    with ExitStack() as stack:
        stack.callback(desktop.bus.close)
        desktop.bus.start()
        wait_for(lambda: desktop.log)  # There is none yet.
        for number in (1, 2):
            with session_bus(runtime_folder) as address, NotificationDaemon(address) as daemon:
                desktop.show(number)
                assert [one.title for one in wait_for(lambda: daemon.shown)] == [f"{number} waits for you"]
            (runtime_folder / "bus").unlink(missing_ok=True)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "disabled:",
        "nonsense",
        "unix:",
        "unix:path=/no/such/bus",
        "tcp:host=x,port=1",
        "unix:path=/dev/null",
    ],
)
def test_where_there_is_no_bus_nothing_breaks(
    address: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    desktop = Desktop(address)
    desktop.show(1)
    desktop.bus.start()
    wait_for(lambda: desktop.log)
    desktop.show(2)
    desktop.settle()
    desktop.service.close()
    desktop.bus.close()
    desktop.show(3)
    assert len(desktop.log) == 1
    assert "can't be reached" in desktop.log[0]
    assert capfd.readouterr() == ("", "")


def test_a_bus_that_is_closed_before_it_was_started_starts_no_more() -> None:
    desktop = Desktop("")
    desktop.bus.close()
    desktop.bus.start()
    desktop.show(1)
    assert not [one for one in threading.enumerate() if one.name == "desktop bus"]


def test_the_end_leaves_no_notification(desktop: Desktop, daemon: NotificationDaemon) -> None:
    desktop.show(1)
    wait_for(lambda: daemon.shown)
    desktop.service.close()
    desktop.bus.close()
    wait_for(lambda: not daemon.shown)


def test_who_shows_tray_icons_is_told_when_it_changes(desktop: Desktop) -> None:
    with TrayHost(desktop.address):
        wait_for(lambda: desktop.hosts)
    wait_for(lambda: desktop.hosts[-1] == "")
    with TrayHost(desktop.address):
        wait_for(lambda: len(desktop.hosts) == 3)
    assert desktop.hosts[0] != desktop.hosts[2]


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/a", "XDG_RUNTIME_DIR": "/r"}, "unix:path=/a"),
        ({"XDG_RUNTIME_DIR": "/r"}, "unix:path=/r/bus"),
        ({}, ""),
    ],
)
def test_the_address_of_the_bus(environment: dict[str, str], address: str) -> None:
    assert bus_address(environment) == address


@pytest.mark.parametrize(
    ("capabilities", "body", "actions"),
    [
        ((), "a < b", []),
        (("body-markup",), "a &lt; b", []),
        (("actions",), "a < b", ["default", "Show", "show", "Show"]),
    ],
)
def test_a_service_gets_what_it_can_show(
    capabilities: tuple[str, ...], body: str, actions: list[str]
) -> None:
    arguments = notify_arguments(DesktopNotice(1, "t", "a < b"), frozenset(capabilities))
    assert (arguments[4], arguments[5]) == (body, actions)


@pytest.mark.parametrize(("important", "urgency"), [(False, 1), (True, 2)])
def test_only_what_is_important_stays_until_it_is_closed(important: bool, urgency: int) -> None:
    notice = DesktopNotice(1, "t", important=important)
    assert notify_arguments(notice, frozenset())[6]["urgency"] == ("y", urgency)
