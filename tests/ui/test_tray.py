"""Instances in, what the tray shows out; what a person chooses there in, what is asked of the window out."""

from math import inf
from typing import Any, ClassVar

import pytest
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from podium.core.ids import InstanceId
from podium.ui.tray import Tray, waiting_text
from podium.ui.tray_icon import tray_icon
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace


class FakeIcon(QSystemTrayIcon):
    """Takes what a real one takes, and shows nothing."""

    made: ClassVar[list["FakeIcon"]]

    def __init__(self) -> None:
        super().__init__()
        self.icons: list[QIcon] = []
        self.shown = False
        FakeIcon.made.append(self)

    def setIcon(self, icon: QIcon | QPixmap) -> None:
        self.icons.append(QIcon(icon))

    def show(self) -> None:
        self.shown = True

    def hide(self) -> None:
        self.shown = False


class Panel:
    """A tray and its only reader."""

    def __init__(self, workspace: FakeWorkspace) -> None:
        FakeIcon.made = []
        self.workspace = workspace
        self.now = 1000.0
        self.tray = Tray(workspace.as_workspace, FakeIcon)
        self.asked: list[tuple[str, ...]] = []
        self.tray.show_requested.connect(lambda id: self.asked.append(("show", id)))
        self.tray.window_requested.connect(lambda: self.asked.append(("window",)))
        self.tray.inbox_requested.connect(lambda: self.asked.append(("inbox",)))
        self.tray.quit_requested.connect(lambda: self.asked.append(("quit",)))

    def open(self) -> "Panel":
        self.tray.set_wanted(True)
        self.tray.set_host(":1.1")
        return self

    @property
    def icon(self) -> FakeIcon:
        icon = self.tray.icon
        assert isinstance(icon, FakeIcon)
        return icon

    @property
    def menu(self) -> QMenu:
        menu = self.tray.menu
        assert menu is not None
        return menu

    def entries(self) -> list[str]:
        self.tray.refresh()
        return [action.text() for action in self.menu.actions() if not action.isSeparator()]

    def choose(self, text: str) -> None:
        next(action for action in self.menu.actions() if action.text() == text).trigger()

    def wait_for(self, name: str, question: str = "Deploy?") -> InstanceId:
        self.workspace.now += 1
        return self.workspace.add(name, state=InstanceState.WAITING, question=question)


FIXED = ["Inbox", "Do not disturb for an hour", "Show Podium", "Quit"]


@pytest.fixture
def panel(workspace: FakeWorkspace) -> Panel:
    return Panel(workspace)


def test_those_that_wait_are_listed_and_counted_the_oldest_first(panel: Panel) -> None:
    panel.open()
    assert panel.entries() == FIXED
    assert panel.icon.toolTip() == "Podium"
    panel.wait_for("b")
    a = panel.wait_for("a", "Run make & install?")
    assert panel.entries() == ["b: Deploy?", "a: Run make && install?", *FIXED]
    assert panel.icon.toolTip() == "2 wait for you"
    panel.choose("a: Run make && install?")
    assert panel.asked == [("show", a)]
    panel.workspace.set(a, state=InstanceState.RUNNING, question="")
    assert panel.entries() == ["b: Deploy?", *FIXED]
    assert panel.icon.toolTip() == "1 waits for you"


def test_what_was_seen_and_still_waits_is_counted_and_what_is_done_is_not(panel: Panel) -> None:
    panel.open()
    a = panel.wait_for("a")
    panel.workspace.alerts.see(a)
    panel.workspace.add("d", state=InstanceState.DONE)
    assert panel.entries() == ["a: Deploy?", *FIXED]


def test_texts_are_one_short_plain_line(panel: Panel) -> None:
    panel.open()
    panel.wait_for("n" * 20, "a\nb\x1b[1m\u202ec" + "x" * 500)
    text = panel.entries()[0]
    assert text.isprintable()
    assert len(text) == 64
    assert text.endswith("…")


def test_the_list_has_an_end(panel: Panel) -> None:
    panel.open()
    for number in range(40):
        panel.wait_for(f"w{number}")
    assert panel.entries() == [*(f"w{number}: Deploy?" for number in range(12)), "28 more", *FIXED]
    assert panel.icon.toolTip() == "40 wait for you"
    panel.choose("28 more")
    assert panel.asked == [("inbox",)]


def test_the_icon_is_made_when_it_is_wanted_and_something_shows_it(panel: Panel) -> None:
    panel.tray.set_host(":1.1")
    assert FakeIcon.made == []
    panel.tray.set_wanted(True)
    first = panel.icon
    assert first.shown
    # A panel that starts anew knows of no icon that the last one had.
    panel.tray.set_host(":1.2")
    assert not first.shown
    assert panel.icon is not first
    panel.tray.set_host("")
    assert panel.tray.icon is None
    panel.tray.refresh()
    panel.wait_for("a")
    panel.tray.set_host(":1.3")
    assert panel.icon.toolTip() == "1 waits for you"
    panel.tray.close()
    assert panel.tray.icon is None
    assert not any(icon.shown for icon in FakeIcon.made)


def test_what_does_not_show_changes_nothing(panel: Panel) -> None:
    panel.open()
    a = panel.wait_for("a")
    panel.tray.refresh()
    actions, icons = panel.menu.actions(), len(panel.icon.icons)
    for _ in range(10):
        panel.workspace.alerts.see(a)
        panel.workspace.set(a, title="⠋ working")
        panel.tray.refresh()
    assert panel.menu.actions() == actions
    assert len(panel.icon.icons) == icons


def test_changes_come_to_the_icon_by_themselves(panel: Panel, qtbot: Any) -> None:
    panel.open()
    panel.wait_for("a")
    panel.wait_for("b")
    qtbot.waitUntil(lambda: panel.icon.toolTip() == "2 wait for you")
    assert len(panel.icon.icons) == 2  # None, then both at once.


def test_an_hour_without_disturbance_and_its_end(panel: Panel) -> None:
    quiet = panel.open().workspace.alerts.do_not_disturb
    quiet._clock = lambda: panel.now
    panel.choose("Do not disturb for an hour")
    assert quiet.until == panel.now + 3600
    assert panel.entries()[1].startswith("Turn off do not disturb (until ")
    panel.choose(panel.entries()[1])
    assert not quiet.active
    assert panel.entries() == FIXED
    quiet.turn_on(inf)
    assert panel.entries()[1] == "Turn off do not disturb"


@pytest.mark.parametrize(
    ("entry", "asked"), [("Inbox", "inbox"), ("Show Podium", "window"), ("Quit", "quit")]
)
def test_the_way_back_to_the_window(panel: Panel, entry: str, asked: str) -> None:
    panel.open().choose(entry)
    assert panel.asked == [(asked,)]


def test_a_click_on_the_icon_shows_the_window(panel: Panel) -> None:
    panel.open().icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    panel.icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)
    assert panel.asked == [("window",)]


@pytest.mark.parametrize(("count", "text"), [(0, ""), (1, "1 waits for you"), (12, "12 wait for you")])
def test_how_many_wait_in_words(count: int, text: str) -> None:
    assert waiting_text(count) == text


def test_the_number_is_legible_on_a_light_and_on_a_dark_panel(qapp: object) -> None:
    """The icon brings its own ground: the number stands on yellow, which stands on the tile."""
    for count in (1, 9, 10, 500):
        image = tray_icon(count).pixmap(22, 22).toImage()
        colors = {image.pixelColor(x, y).name() for x in range(22) for y in range(22)}
        assert {"#ffd35c", "#1c1600"} <= colors
    assert tray_icon(10).cacheKey() == tray_icon(500).cacheKey()
    assert tray_icon(0).cacheKey() != tray_icon(1).cacheKey()
