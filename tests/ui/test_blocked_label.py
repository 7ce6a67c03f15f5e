"""Waits of today in, the sidebar's footer out."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent

from podium.core.blocked import Blocked
from podium.core.ids import InstanceId
from podium.ui.main_window import MainWindow
from podium.ui.sidebar.sidebar import Sidebar
from podium.workspace.meters import blocked_text
from tests.ui.fake_workspace import FakeWorkspace

MakeWindow = Callable[..., MainWindow]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, ""),
        (0.9, ""),
        (1, "1 s blocked"),
        (59.9, "59 s blocked"),
        (60, "1 min blocked"),
        (18 * 60 + 59, "18 min blocked"),
        (3600, "1 h 00 min blocked"),
        (2 * 3600 + 5 * 60, "2 h 05 min blocked"),
        (400 * 3600, "400 h 00 min blocked"),
    ],
)
def test_how_long_in_words(seconds: float, text: str) -> None:
    assert blocked_text(seconds) == text


@pytest.fixture
def sidebar(make_window: MakeWindow, workspace: FakeWorkspace) -> Sidebar:
    workspace.add("api", cost_usd=4.12)
    workspace.add("web")
    return make_window().sidebar


def wait(sidebar: Sidebar, **seconds: float) -> None:
    sidebar.blocked.source = lambda: {
        InstanceId(id): Blocked(waited, 2, waited / 2) for id, waited in seconds.items()
    }
    sidebar.refresh()


def tooltip(sidebar: Sidebar) -> str:
    at = QPoint(1, 1)
    sidebar.blocked.event(QHelpEvent(QEvent.Type.ToolTip, at, sidebar.blocked.mapToGlobal(at)))
    return sidebar.blocked.toolTip()


def test_the_day_s_waits_stand_below_its_cost_and_only_when_there_were_any(sidebar: Sidebar) -> None:
    sidebar.refresh()
    assert not sidebar.blocked.isVisible()
    wait(sidebar, api=600, web=480.5)
    assert (sidebar.blocked.isVisible(), sidebar.blocked.text) == (True, "18 min blocked")
    assert sidebar.blocked.accessibleName() == "18 min blocked today"
    assert sidebar.footer()[1] == "$4.12 today"
    assert sidebar.blocked.geometry().bottom() < sidebar.height()
    assert sidebar.blocked.geometry().right() < sidebar.width() - 10
    wait(sidebar)
    assert not sidebar.blocked.isVisible()


def test_its_tooltip_says_what_it_counts_and_whose_they_are(sidebar: Sidebar) -> None:
    wait(sidebar, web=480, api=600)
    assert tooltip(sidebar) == (
        "Programs waited 18 min for you today (4 questions, the longest wait 5 min).\napi 10 min, web 8 min"
    )
    wait(sidebar, gone=60, a=50, b=40, c=30, d=20)
    assert tooltip(sidebar).endswith("\ngone 1 min, a 50 s, b 40 s, 2 more")


@pytest.mark.parametrize("width", [200, 240, 360])
def test_it_leaves_room_for_what_stands_beside_it(sidebar: Sidebar, width: int) -> None:
    sidebar.set_width(width)
    wait(sidebar, api=99_999 * 3600.0)
    wait(sidebar, api=18 * 60)
    label = sidebar.blocked.geometry()
    assert label.left() > width / 4
    assert label.width() >= sidebar.blocked.sizeHint().width()
    sidebar.grab()


def test_it_changes_with_time_and_with_an_instance_and_is_drawn_anew_only_then(
    sidebar: Sidebar, workspace: FakeWorkspace
) -> None:
    seconds = [60.0]
    sidebar.blocked.source = lambda: {InstanceId("api"): Blocked(seconds[0], 1, seconds[0])}
    workspace.instance_changed.emit("api")
    assert sidebar.blocked.text == "1 min blocked"
    seconds[0] = 119.0
    assert not sidebar.blocked.refresh()
    seconds[0] = 120.0
    assert sidebar.blocked.refresh()
