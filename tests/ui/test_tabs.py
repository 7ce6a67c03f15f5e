import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from podium.core.protocol.requests import KeyInput
from podium.core.themes import load_tokens
from podium.ui.tabs.tab import Tab
from podium.ui.tabs.tab_metrics import plan_tabs
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.keys import press
from tests.ui.windows import MakeWindow, pane_of

LEFT = Qt.MouseButton.LeftButton


def test_tabs_share_the_width_between_their_limits() -> None:
    size = load_tokens().size
    assert plan_tabs(2, 0, 1000, 130, 56).width == size["tab_max"]
    plan = plan_tabs(6, 0, 980, 130, 56)
    assert (plan.shown, plan.width) == (6, 160)


@pytest.mark.parametrize(("current", "first"), [(0, 0), (3, 0), (4, 1), (5, 2)])
def test_the_current_tab_is_always_in_sight(current: int, first: int) -> None:
    plan = plan_tabs(6, current, 600, 130, 56)
    assert (plan.first, plan.shown) == (first, 4)
    assert plan.first <= current < plan.first + plan.shown
    assert plan.shown * (plan.width + 4) <= 600 - 56 + 4


def test_what_is_in_sight_stays_where_it_is() -> None:
    """Else the second click of a double click meets the neighbour."""
    plan = plan_tabs(6, 5, 600, 130, 56)
    assert (plan.first, plan.shown) == (2, 4)
    for current in (4, 3, 2, 5):
        assert plan_tabs(6, current, 600, 130, 56, plan).first == 2
    assert plan_tabs(6, 1, 600, 130, 56, plan).first == 1
    assert plan_tabs(6, 0, 600, 130, 56, plan).first == 0


def test_tabs_do_not_grow_under_the_pointer_while_one_after_the_other_is_closed() -> None:
    size = load_tokens().size
    plan = plan_tabs(6, 0, 980, 130, 56)
    for total in (5, 4, 3):
        after = plan_tabs(total, 0, 980, 130, 56, plan, held=True)
        assert after.width == plan.width
    assert plan_tabs(3, 0, 980, 130, 56, plan).width == size["tab_max"]
    narrower = plan_tabs(7, 0, 980, 130, 56, plan, held=True)
    assert narrower.width < plan.width, "a new tab finds its room"


def test_one_tab_per_instance_named_for_a_screen_reader(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    first = workspace.add("api", state=InstanceState.RUNNING)
    bar = make_window().tab_bar
    second = workspace.add("docs")
    assert bar.tab(first).accessibleName() == "api, Running"
    assert bar.tab(second).accessibleName() == "docs, Idle"
    workspace.set(second, state=InstanceState.EXITED, label="Exited 1")
    assert bar.tab(second).accessibleName() == "docs, Exited 1, not looked at since"
    workspace.close(first)
    assert list(bar._tabs) == [second]


def test_a_click_chooses_and_focuses_the_terminal(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    ids = [workspace.add(name) for name in ("a", "b")]
    window = make_window()
    QTest.mouseClick(window.tab_bar.tab(ids[1]), LEFT)
    assert workspace.arrangement.current == ids[1]
    assert window.focusWidget() is pane_of(window, ids[1]).terminal


def test_the_cross_and_the_middle_button_close(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    ids = [workspace.add(name) for name in ("a", "b")]
    bar = make_window().tab_bar
    tab = bar.tab(ids[0])
    QTest.mouseClick(tab, LEFT, pos=tab._close_rect().center().toPoint())
    QTest.mouseClick(bar.tab(ids[1]), Qt.MouseButton.MiddleButton)
    assert workspace.calls == [("close", ids[0]), ("close", ids[1])]


def test_dragging_a_tab_reorders(qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    ids = [workspace.add(name) for name in ("a", "b", "c")]
    bar = make_window().tab_bar
    drag(qtbot, bar.tab(ids[0]), bar.tab(ids[2]).geometry().center() - bar.tab(ids[0]).pos() + QPoint(30, 0))
    assert workspace.arrangement.order == (ids[1], ids[2], ids[0])


def test_escape_gives_a_drag_up(qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    ids = [workspace.add(name) for name in ("a", "b")]
    tab = make_window().tab_bar.tab(ids[0])
    QTest.mousePress(tab, LEFT, pos=QPoint(20, 15))
    QTest.mouseMove(tab, QPoint(260, 15))
    QTest.keyClick(tab, Qt.Key.Key_Escape)
    QTest.mouseRelease(tab, LEFT, pos=QPoint(260, 15))
    assert workspace.arrangement.order == tuple(ids)


def test_dragging_a_bar_onto_another_pane_swaps(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    ids = [workspace.add(name) for name in ("a", "b", "c", "d")]
    window = make_window()
    workspace.arrangement.set_layout(Layout.GRID)
    bar, target = pane_of(window, ids[0]).bar, pane_of(window, ids[3])
    drag(qtbot, bar, bar.mapFromGlobal(target.mapToGlobal(target.rect().center())))
    assert workspace.arrangement.order == (ids[3], ids[1], ids[2], ids[0])


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("gone", ["removed", "out of sight"])
def test_a_drag_ends_with_what_is_dragged(
    make_window: MakeWindow, workspace: FakeWorkspace, layout: Layout, gone: str
) -> None:
    """A tab or, in the grid, a pane; then keys go to the terminal again and no ghost stays."""
    ids = [workspace.add(name, state=InstanceState.RUNNING) for name in "abcdefghijklmnop"]
    window = make_window(960, 600)
    workspace.arrangement.set_layout(layout)
    handle = window.tab_bar.tab(ids[0]) if layout is Layout.TABS else pane_of(window, ids[0]).bar
    parts = len(window.children())
    QTest.mousePress(handle, LEFT, pos=QPoint(20, 15))
    QTest.mouseMove(handle, QPoint(60, 15))
    QTest.mouseMove(handle, QPoint(160, 15))
    ghost = window.children()[-1]
    assert isinstance(ghost, QWidget)
    assert (len(window.children()), ghost.isVisible()) == (parts + 1, True)
    if gone == "removed":
        workspace.close(ids[0])
    else:
        workspace.arrangement.select(ids[-1])
    assert not ghost.isVisible()
    assert window.tab_bar._insert_at is None
    del workspace.sent[:]
    press(window, Qt.Key.Key_A)
    assert len([request for _, request in workspace.sent if isinstance(request, KeyInput)]) == 1


def drag(qtbot: QtBot, widget: QWidget, to: QPoint) -> None:
    QTest.mousePress(widget, LEFT, pos=QPoint(20, 10))
    QTest.mouseMove(widget, QPoint(60, 12))
    QTest.mouseMove(widget, to)
    QTest.mouseRelease(widget, LEFT, pos=to)


def test_what_does_not_fit_is_behind_a_button(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    ids = [workspace.add(f"instance number {n}") for n in range(12)]
    bar = make_window(900, 700).tab_bar
    hidden = bar.hidden_instances()
    assert bar.overflow_button.text() == f"+{len(hidden)}"
    assert not bar.overflow_button.isHidden()
    workspace.arrangement.select(ids[-1])
    assert ids[-1] not in bar.hidden_instances()


def test_the_chip_counts_those_that_wait_and_jumps_to_the_oldest(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    workspace.add("b", state=InstanceState.WAITING, waiting_seconds=5)
    oldest = workspace.add("c", state=InstanceState.WAITING, waiting_seconds=500)
    bar = make_window().tab_bar
    assert bar.chip.text() == "2 waiting"
    QTest.mouseClick(bar.chip, LEFT)
    assert workspace.arrangement.current == oldest


def test_the_chip_comes_and_goes_with_those_that_wait(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    workspace.add("b")
    bar = make_window().tab_bar
    assert bar.chip.isHidden()
    workspace.set(id, state=InstanceState.WAITING)
    assert bar.chip.isVisible()
    assert bar.chip.geometry().right() < bar.switch.x()
    assert bar.chip.width() > 60
    workspace.set(id, state=InstanceState.RUNNING)
    assert bar.chip.isHidden()


def test_a_waiting_tab_is_filled_until_it_was_looked_at(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    id = workspace.add("b", state=InstanceState.RUNNING)
    window = make_window()
    workspace.set(id, state=InstanceState.WAITING, label="Waiting for you")
    tab, pane = window.tab_bar.tab(id), pane_of(window, id)
    assert tab.needs_attention
    assert pane.needs_attention
    workspace.arrangement.select(id)
    window._attention.set_watching(True)
    assert not tab.needs_attention
    assert not pane.needs_attention
    workspace.arrangement.select("a")
    assert not tab.needs_attention
    workspace.set(id, state=InstanceState.RUNNING)
    workspace.set(id, state=InstanceState.WAITING, label="Waiting for you")
    assert tab.needs_attention


def test_the_page_button_shows_and_turns_pages(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    for n in range(6):
        workspace.add(f"i{n}")
    bar = make_window().tab_bar
    assert bar.page_button.isHidden()
    workspace.arrangement.set_layout(Layout.GRID)
    assert bar.page_button.text() == "1–4 of 6"
    QTest.mouseClick(bar.page_button, LEFT)
    assert bar.page_button.text() == "5–6 of 6"


def test_two_quick_clicks_on_a_cross_close_and_rename_nothing(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    workspace.add("b")
    window = make_window()
    tab = window.tab_bar.findChildren(Tab)[0]
    closed, renamed = [], []
    tab.close_clicked.connect(lambda: closed.append(1))
    tab.rename_requested.connect(lambda: renamed.append(1))
    at = tab._close_rect().center().toPoint()
    QTest.mouseDClick(tab, Qt.MouseButton.LeftButton, pos=at)
    assert renamed == []
    QTest.mouseDClick(tab, Qt.MouseButton.LeftButton, pos=QPoint(20, tab.height() // 2))
    assert renamed == [1]


def test_a_zoomed_pane_says_that_there_are_others(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    for name in "abc":
        workspace.add(name)
    window = make_window()
    workspace.arrangement.set_layout(Layout.GRID)
    button = window.tab_bar.page_button
    assert button.isHidden()
    workspace.arrangement.step(1)
    workspace.arrangement.toggle_zoom()
    assert not button.isHidden()
    assert button.text() == "2 of 3"
    assert button.toolTip() == "Show the others again  Ctrl+Shift+X"
    button.click()
    assert not workspace.arrangement.zoomed
    assert button.isHidden()
