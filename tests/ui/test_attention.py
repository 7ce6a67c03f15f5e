"""Who waits, who is next, and what a person has not looked at yet."""

from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QAbstractAnimation, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QWidget

from podium.attention.alerts import AlertKind
from podium.core.commands import CommandId
from podium.core.config.settings import Settings, Window
from podium.core.ids import InstanceId
from podium.core.instances import AlertLevel
from podium.core.protocol.reports import BellReport
from podium.core.themes import load_tokens
from podium.ui import window_signs
from podium.ui.attention import Attention, next_waiting
from podium.ui.main_window import MainWindow
from podium.ui.sidebar.sidebar_model import SidebarModel
from podium.ui.sidebar.sidebar_rows import SidebarRows
from podium.ui.tabs.tab_bar import TabBar
from podium.ui.theme.palette import ThemeManager
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.keys import press
from tests.ui.windows import MakeWindow, pane_of, terminal_of

WAITING, RUNNING = InstanceState.WAITING, InstanceState.RUNNING


def add(workspace: FakeWorkspace, **waits: float | None) -> None:
    """Instances that wait for so many seconds, or run."""
    for name, seconds in waits.items():
        state = RUNNING if seconds is None else WAITING
        workspace.add(name, state=state, waiting_seconds=seconds)


@pytest.mark.parametrize(
    ("current", "goes"),
    [
        ("a", "cbd"),  # runs: the oldest first
        ("c", "bdc"),  # is the oldest: the one after it
        ("b", "dcb"),
        ("d", "cbd"),  # is the youngest: round
    ],
)
def test_next_waiting_goes_round_from_the_oldest(workspace: FakeWorkspace, current: str, goes: str) -> None:
    add(workspace, a=None, b=50, c=500, d=5, e=None)
    workspace.arrangement.select(InstanceId(current))
    for expected in goes:
        found = next_waiting(workspace.as_workspace, workspace.arrangement.current)
        assert found == expected
        workspace.arrangement.select(found)


def test_only_the_current_one_waits_or_none(workspace: FakeWorkspace) -> None:
    assert next_waiting(workspace.as_workspace, workspace.arrangement.current) is None
    add(workspace, a=5, b=None)
    assert next_waiting(workspace.as_workspace, workspace.arrangement.current) == "a"
    workspace.set(InstanceId("a"), state=RUNNING, waiting_seconds=None)
    assert next_waiting(workspace.as_workspace, workspace.arrangement.current) is None


@pytest.mark.parametrize("zoomed", [False, True])
def test_the_key_shows_it_from_any_page_and_types_nothing(
    make_window: MakeWindow, workspace: FakeWorkspace, zoomed: bool
) -> None:
    add(workspace, **{f"i{n}": None for n in range(6)}, late=5, oldest=900)
    window = make_window()
    workspace.arrangement.set_layout(Layout.GRID)
    if zoomed:
        workspace.arrangement.toggle_zoom()
    window.sidebar.filter.setFocus()
    del workspace.sent[:]
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    press(window, Qt.Key.Key_J, modifiers=held)
    assert workspace.arrangement.current == "oldest"
    assert "oldest" in workspace.arrangement.visible
    assert QApplication.focusWidget() is terminal_of(window, "oldest")
    assert [request for request in workspace.sent if "Key" in type(request[1]).__name__] == []


def test_nobody_waits_is_said(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    add(workspace, a=None)
    window = make_window()
    window.run(CommandId.NEXT_WAITING, None)
    assert window.toasts.texts() == ("Nobody waits for you.",)
    assert workspace.arrangement.current == "a"


def test_each_change_is_told_once_and_of_its_instance_only(workspace: FakeWorkspace) -> None:
    add(workspace, a=None, b=None, c=None)
    attention = Attention(workspace.as_workspace, workspace.arrangement)
    attention.set_watching(True)
    told: list[str] = []
    waiting: list[int] = []
    attention.changed.connect(told.append)
    attention.waiting_changed.connect(lambda: waiting.append(attention.count))
    b = InstanceId("b")
    workspace.set(b, state=WAITING, waiting_seconds=0)
    for second in range(5):
        workspace.set(b, waiting_seconds=second, cost_usd=second / 10)
    assert (told, waiting) == (["b"], [1])
    assert attention.needs_attention(b)
    workspace.arrangement.select(b)
    assert told == ["b", "b"]
    assert not attention.needs_attention(b)
    assert attention.count == 1
    workspace.close(b)
    assert waiting == [1, 0]


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (InstanceState.DONE, AlertKind.DONE),
        (InstanceState.EXITED, AlertKind.FAILED),
        (InstanceState.FAILED, AlertKind.FAILED),
        (RUNNING, None),
    ],
)
def test_what_has_ended_leaves_a_quiet_mark_until_seen(
    workspace: FakeWorkspace, state: InstanceState, kind: AlertKind | None
) -> None:
    add(workspace, a=None, b=None)
    attention = Attention(workspace.as_workspace, workspace.arrangement)
    attention.set_watching(True)
    b = InstanceId("b")
    workspace.set(b, state=state)
    assert attention.unseen(b) is kind
    assert not attention.needs_attention(b)
    workspace.arrangement.select(b)
    assert attention.unseen(b) is None


def test_a_bell_leaves_a_quiet_mark_and_a_question_takes_its_place(workspace: FakeWorkspace) -> None:
    add(workspace, a=None, b=None)
    attention = Attention(workspace.as_workspace, workspace.arrangement)
    attention.set_watching(True)
    a, b = InstanceId("a"), InstanceId("b")
    for id in (a, b):
        workspace.hub.session_reported(id, BellReport())
    assert (attention.unseen(a), attention.unseen(b)) == (None, AlertKind.BELL)
    workspace.set(b, state=WAITING, waiting_seconds=0)
    assert (attention.unseen(b), attention.needs_attention(b)) == (None, True)


def marked(workspace: FakeWorkspace, make_window: MakeWindow, **waits: float | None) -> TabBar:
    """The tab bar of a window in which a runs and is looked at, and these wait for so many seconds, or run."""
    add(workspace, a=None, **waits)
    window = make_window()
    window._attention.set_watching(True)
    return window.tab_bar


def window_of(bar: TabBar) -> MainWindow:
    window = bar.window()
    assert isinstance(window, MainWindow)
    return window


YELLOW = load_tokens().waiting.fill


def colors_of(widget: QWidget) -> list[str]:
    image = widget.grab().toImage()
    return [image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())]


def filled(tab: QWidget) -> bool:
    return tab.grab().toImage().pixelColor(14, 4).name() == YELLOW


def test_with_more_than_two_waiting_no_tab_is_filled_and_each_shows_its_age(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.alerts.do_not_disturb.turn_on()  # nothing pulses
    bar = marked(workspace, make_window, b=50, c=500, d=None)
    ids = [InstanceId(name) for name in "bcd"]
    tabs = [bar.tab(id) for id in ids]
    assert ([filled(tab) for tab in tabs], [tab.age for tab in tabs]) == ([True, True, False], ["", "", ""])
    workspace.set(ids[2], state=WAITING, waiting_seconds=7900)
    assert [tab.age for tab in tabs] == ["50 s", "8 min", "2:11 h"]
    assert not any(filled(tab) for tab in tabs)
    assert all(YELLOW in colors_of(tab) and tab.needs_attention for tab in tabs)
    workspace.set(ids[0], state=RUNNING, waiting_seconds=None)
    assert ([filled(tab) for tab in tabs], [tab.age for tab in tabs]) == ([False, True, True], ["", "", ""])


def test_a_pill_is_there_in_the_narrowest_tab_and_only_an_outline_once_looked_at(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.alerts.do_not_disturb.turn_on()  # nothing pulses
    tab = marked(workspace, make_window, b=50, c=500, d=7900).tab(InstanceId("d"))
    size = load_tokens().size
    for width in range(size["tab_min"], size["tab_max"], 7):
        tab.resize(width, tab.height())
        assert colors_of(tab).count(YELLOW) > 100, width
    before = colors_of(tab).count(YELLOW)
    workspace.alerts.see(InstanceId("d"))
    assert tab.age == "2:11 h"
    assert 0 < colors_of(tab).count(YELLOW) < before / 2


def test_ages_in_tabs_go_on_once_they_read_differently(
    make_window: MakeWindow, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    bar = marked(workspace, make_window, b=61, c=500, d=7900)
    tab = bar.tab(InstanceId("b"))
    updates: list[object] = []
    monkeypatch.setattr(tab, "update", lambda *area: updates.append(area))
    for seconds in (70, 90, 119):
        workspace.set(InstanceId("b"), waiting_seconds=seconds)
        bar.refresh_ages()
    assert updates == []
    workspace.set(InstanceId("b"), waiting_seconds=120)
    assert (tab.age, len(updates)) == ("2 min", 1)


@pytest.mark.parametrize(
    ("told", "name", "age"),
    [
        (
            {"state": WAITING, "question": "Apply it?", "waiting_seconds": 30},
            "b, Waiting for you: Apply it?",
            "for less than a minute",
        ),
        ({"state": WAITING, "waiting_seconds": 61}, "b, Waiting for you", "for 1 minute"),
        ({"state": WAITING, "waiting_seconds": 7320}, "b, Waiting for you", "for 2 hours and 2 minutes"),
        ({"state": InstanceState.DONE}, "b, Done, not looked at since", ""),
        ({"state": RUNNING}, "b, Running", ""),
    ],
)
def test_a_screen_reader_is_told_state_question_and_age(
    make_window: MakeWindow, workspace: FakeWorkspace, told: dict[str, Any], name: str, age: str
) -> None:
    bar = marked(workspace, make_window, b=None)
    window, b = window_of(bar), InstanceId("b")
    workspace.set(b, **told)
    tab, pane = bar.tab(b), pane_of(window, b)
    assert (tab.accessibleName(), tab.accessibleDescription()) == (name, age)
    pane_name = name.removesuffix(", not looked at since")
    assert (pane.accessibleName(), pane.accessibleDescription()) == (pane_name, age)
    assert pane.terminal.accessibleName() == f"Terminal of {pane_name}"
    row = window.sidebar.list.model().index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert row.startswith(f"{name}, {age}")


def test_rows_are_painted_when_they_read_differently(workspace: FakeWorkspace) -> None:
    add(workspace, a=None, b=130)
    model = SidebarModel(
        workspace.as_workspace,
        workspace.arrangement,
        Attention(workspace.as_workspace, workspace.arrangement),
    )
    model.refresh_times()
    painted: list[int] = []
    model.dataChanged.connect(lambda first, _last: painted.append(first.row()))
    b = InstanceId("b")
    for second in range(131, 170):
        workspace.set(b, waiting_seconds=second, cost_usd=second, tokens_in=second)
        model.refresh_times()
    assert painted == []
    workspace.set(b, waiting_seconds=200)
    assert painted == [2]


def test_the_title_and_the_icon_tell_how_many_wait(
    make_window: MakeWindow, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    badges: list[int] = []
    monkeypatch.setattr(window_signs, "_set_badge", badges.append)
    window = window_of(marked(workspace, make_window, b=None, c=None))
    assert (window.windowTitle(), badges) == ("a — Running · Podium", [])
    workspace.set(InstanceId("b"), state=WAITING, waiting_seconds=0)
    workspace.set(InstanceId("c"), state=WAITING, waiting_seconds=0)
    workspace.set(InstanceId("c"), waiting_seconds=9)
    assert (window.windowTitle(), badges) == ("(2) a — Running · Podium", [1, 2])
    workspace.close(InstanceId("b"))
    workspace.set(InstanceId("c"), state=RUNNING)
    assert (window.windowTitle(), badges) == ("a — Running · Podium", [1, 2, 1, 0])
    for name in "ac":
        workspace.close(InstanceId(name))
    assert window.windowTitle() == "Podium"


@pytest.mark.parametrize(
    ("active", "quiet", "level", "calls"),
    [
        (False, False, AlertLevel.NORMAL, 1),
        (False, False, AlertLevel.MUTED, 0),
        (False, True, AlertLevel.NORMAL, 0),
        (False, True, AlertLevel.IMPORTANT, 1),
        (True, False, AlertLevel.NORMAL, 0),
    ],
)
def test_the_window_calls_once_for_each_question_when_it_is_not_the_active_one(
    make_window: MakeWindow,
    workspace: FakeWorkspace,
    monkeypatch: pytest.MonkeyPatch,
    active: bool,
    quiet: bool,
    level: AlertLevel,
    calls: int,
) -> None:
    called: list[int] = []
    monkeypatch.setattr(QApplication, "alert", lambda _window, duration: called.append(duration))
    window = window_of(marked(workspace, make_window, b=None))
    monkeypatch.setattr(window, "isActiveWindow", lambda: active)
    b = InstanceId("b")
    workspace.set(b, spec=replace(workspace.view(b).spec, alerts=level))
    if quiet:
        workspace.alerts.do_not_disturb.turn_on()
    workspace.set(b, state=WAITING, question="Apply it?", waiting_seconds=0)
    for _ in range(3):
        workspace.now += 1
        workspace.alerts._on_due()
        workspace.set(b, waiting_seconds=1)
    assert called == [0] * calls


def test_do_not_disturb_lets_nothing_pulse(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    bar = marked(workspace, make_window, b=None)
    b, pane = InstanceId("b"), pane_of(window_of(bar), "b")

    def pulsing() -> list[bool]:
        running = QAbstractAnimation.State.Running
        return [pulse._animation.state() is running for pulse in (pane._pulse, bar._pulse)]

    workspace.alerts.do_not_disturb.turn_on()
    workspace.set(b, state=WAITING, waiting_seconds=0)
    assert (pulsing(), pane.needs_attention) == ([False, False], True)
    workspace.set(b, state=RUNNING)
    workspace.alerts.do_not_disturb.turn_off()
    workspace.set(b, state=WAITING, waiting_seconds=0)
    assert pulsing() == [True, True]


def test_a_muted_one_does_not_pulse_with_others(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    bar = marked(workspace, make_window, b=None, c=None)
    b, c = InstanceId("b"), InstanceId("c")
    workspace.set_alert_level(b, AlertLevel.MUTED)
    for id in (b, c):
        workspace.set(id, state=WAITING, waiting_seconds=0)
    bar._pulse._animation.setCurrentTime(bar._pulse._animation.duration() // 2)
    assert bar._tabs[b]._fill_opacity == 1.0
    assert bar._tabs[c]._fill_opacity < 1.0


def test_with_reduced_motion_the_outline_is_thicker_for_a_while(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    window = window_of(marked(workspace, make_window, b=None))
    window.apply_settings(Settings(window=Window(reduced_motion=True)))
    pane = pane_of(window, "b")
    pane.resize(400, 300)
    workspace.set(InstanceId("b"), state=WAITING, waiting_seconds=0)
    assert pane._pulse._animation.state() is QAbstractAnimation.State.Stopped
    outline = window.themes.colors.waiting_outline.name()

    def width() -> int:
        image = pane.grab().toImage()
        return [image.pixelColor(x, 150).name() for x in range(6)].count(outline)

    assert width() == 3
    pane._pulse.stop()
    assert width() == 2


@pytest.mark.parametrize("width", [800, 1440])
def test_the_chip_is_there_in_a_small_window_too(
    make_window: MakeWindow, workspace: FakeWorkspace, width: int
) -> None:
    add(workspace, a=None, b=5, c=9)
    window = make_window(width, 600)
    bar = window.tab_bar
    assert bar.chip.isVisible()
    assert bar.chip.text() == ("2" if width < 960 else "2 waiting")
    assert bar.chevron.geometry().left() == bar.chip.geometry().right() + 1
    QTest.mouseClick(bar.chevron, Qt.MouseButton.LeftButton)
    assert (window.inbox.is_open, workspace.arrangement.current) == (True, "a")
    window.inbox.close()
    QTest.mouseClick(bar.chip, Qt.MouseButton.LeftButton)
    assert workspace.arrangement.current == "c"
    for name in "bc":
        workspace.set(InstanceId(name), state=RUNNING)
    assert not bar.chip.isVisible()
    assert not bar.chevron.isVisible()


class NotedRows(SidebarRows):
    """Writes down which rows are measured."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(themes, parent)
        self.measured: list[int] = []

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        self.measured.append(index.row())
        return super().sizeHint(option, index)


def test_rows_are_not_measured_anew_when_one_changes(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    window = window_of(marked(workspace, make_window, **{f"i{n}": None for n in range(20)}))
    rows = NotedRows(window.themes, window.sidebar.list)
    window.sidebar.list.setItemDelegate(rows)
    window.sidebar.list.executeDelayedItemsLayout()
    assert len(set(rows.measured)) == 22
    rows.measured.clear()
    workspace.set(InstanceId("i7"), state=WAITING, waiting_seconds=0)
    window.sidebar.list.executeDelayedItemsLayout()
    assert set(rows.measured) <= {9}
