import pytest
from PySide6.QtCore import QEvent, QLoggingCategory, QObject, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from podium.core.bidi.choice import BidiChoice
from podium.core.commands import CommandId
from podium.core.config.settings import ClipboardAccess, Settings, Terminal
from podium.core.ids import InstanceId
from podium.core.instances import Kind, ThemeName
from podium.core.protocol.frames import ChangedRow, Frame, Line, Run
from podium.core.protocol.reports import ClipboardReport, NoticeReport
from podium.core.protocol.requests import Acknowledge, Resize
from podium.core.themes import ColorScheme
from podium.ui.appearance import Appearance
from podium.ui.dialogs.confirm_dialog import ConfirmDialog
from podium.ui.panes.pane import Pane
from podium.ui.panes.pane_geometry import pane_rects
from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.widgets.toast import MOST
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceState
from tests.rest import Paints, wait_for_rest
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, opened, pane_of, terminal_of

LEFT = Qt.MouseButton.LeftButton


def screen(text: str) -> Frame:
    return Frame(1, 20, 4, changed=(ChangedRow(0, Line((Run(text),))),))


def test_an_empty_window_welcomes(qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    asked = []
    window = make_window(on_demo=lambda: asked.append("demo"))
    assert window._content.currentWidget() is window.welcome
    assert window.windowTitle() == "Podium"
    assert window.focusWidget() in window.welcome._rows
    for _ in range(4):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert asked == ["demo"]
    workspace.add("shell")
    assert window._content.currentWidget() is window.pane_area
    workspace.close(InstanceId("shell"))
    assert window._content.currentWidget() is window.welcome


@pytest.mark.fault("H6")
def test_a_removed_instance_keeps_no_lines(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("shell", state=InstanceState.RUNNING)
    model = pane_of(make_window(), id).terminal._state.model
    model.apply(screen("hello"))
    for number in range(50):
        model._cache.confirm(number, StyledLine(Line((Run("cached"),)), {}))
    assert len(model._cache) == 50
    workspace.close(id)
    assert (len(model._cache), model.rows) == (0, [])


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_panes_fill_the_area_without_overlap(count: int) -> None:
    area = QRect(6, 6, 1001, 701)
    rects = pane_rects(count, area, 6)
    assert len(rects) == count
    for index, rect in enumerate(rects):
        assert area.contains(rect)
        assert not any(rect.intersects(other) for other in rects[index + 1 :])
    covered = sum(rect.width() * rect.height() for rect in rects)
    if count:
        assert covered >= (area.width() - 6) * (area.height() - 6)
        assert max(rect.right() for rect in rects) == area.right()
        assert max(rect.bottom() for rect in rects) == area.bottom()


def test_tabs_show_one_pane_and_the_grid_four_of_a_page(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    ids = [workspace.add(f"i{n}") for n in range(6)]
    window = make_window()

    def shown() -> list[InstanceId]:
        return [pane.id for pane in window.pane_area._panes.values() if pane.isVisible()]

    assert shown() == ids[:1]
    workspace.arrangement.set_layout(Layout.GRID)
    assert shown() == ids[:4]
    workspace.arrangement.next_page()
    assert shown() == ids[4:]
    workspace.arrangement.toggle_zoom()
    assert shown() == [ids[4]]


def test_terminals_are_kept_while_hidden(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    ids = [workspace.add(name) for name in ("a", "b")]
    window = make_window()
    terminal = pane_of(window, ids[1]).terminal
    workspace.hub.session_reported(ids[1], screen("hidden text"))
    workspace.arrangement.select(ids[1])
    assert pane_of(window, ids[1]).terminal is terminal
    assert "hidden text" in terminal._state.model.rows[0].line.runs[0].text


def test_what_a_terminal_asks_reaches_its_session(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a")
    make_window()
    qtbot.waitUntil(lambda: any(isinstance(request, Resize) for _, request in workspace.sent))
    assert {instance for instance, _ in workspace.sent} == {id}


def test_the_title_names_instance_and_state(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    id = workspace.add("api-refactor")
    window = make_window()
    workspace.set(id, state=InstanceState.RUNNING)
    assert window.windowTitle() == "api-refactor — Running · Podium"
    workspace.rename(id, "api")
    assert window.windowTitle() == "api — Running · Podium"


def test_the_focused_pane_is_outlined_in_its_accent(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    for theme in ThemeName:
        workspace.add(theme.value, theme)
    window = make_window()
    workspace.arrangement.set_layout(Layout.GRID)
    for scheme in ColorScheme:
        window.themes.choose(scheme)
        colors = window._themes.colors
        for theme in ThemeName:
            workspace.arrangement.select(InstanceId(theme.value))
            for pane in window.pane_area.visible_panes():
                current = pane.id == theme.value
                edge = outline(pane)
                own = colors.theme(ThemeName(pane.id))
                assert edge == (own.outline_focus if current else own.outline)


def outline(pane: Pane) -> str:
    image = pane.grab().toImage()
    return QColor(image.pixelColor(0, image.height() // 2)).name()


def test_meters_that_move_do_not_repaint_the_terminal(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING, seconds=1.0)
    window = make_window()
    terminal = terminal_of(window, id)
    qtbot.wait(50)
    paints = PaintCounter(terminal)
    terminal.update()
    qtbot.waitUntil(lambda: paints.count == 1)
    for tenth in range(30):
        workspace.set(id, seconds=1 + tenth / 10, cost_usd=tenth / 100)
        qtbot.wait(2)
    assert paints.count == 1


class PaintCounter(QObject):
    def __init__(self, watched: QObject) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return False


def test_dark_and_light_switch_at_once(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    workspace.add("a")
    window = make_window()
    window.themes.choose(ColorScheme.DARK)
    dark = window.screenshot().toImage().pixelColor(2, 300)
    window.rail.contrast.click()
    light = window.screenshot().toImage().pixelColor(2, 300)
    assert dark.lightness() < 60
    assert light.lightness() > 200
    assert window.appearance().scheme == "light"
    assert window.windowTitle()


def test_terminals_show_what_the_settings_say(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    window = make_window()
    terminal = terminal_of(window, workspace.add("a", state=InstanceState.RUNNING))
    terminal.apply_frame(screen("a -> b"))
    plain = terminal.grab().toImage()
    window.apply_settings(Settings(terminal=Terminal(ligatures=True)))
    assert terminal.grab().toImage() != plain
    later = terminal_of(window, workspace.add("b", state=InstanceState.RUNNING))
    assert later._canvas._ligatures
    window.apply_settings(Settings())
    assert terminal.grab().toImage() == plain


def test_terminals_and_sessions_hear_where_text_runs_from_right_to_left(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    window = make_window()
    terminal = terminal_of(window, workspace.add("a", state=InstanceState.RUNNING))
    terminal.apply_frame(screen("שלום"))
    plain = terminal.grab().toImage()
    window.apply_settings(Settings(terminal=Terminal(bidi=BidiChoice.ON)))
    assert terminal.grab().toImage() != plain
    told = [workspace.presentation.bidi]
    window.apply_settings(Settings(terminal=Terminal(bidi=BidiChoice.OFF)))
    assert terminal.grab().toImage() == plain
    assert [*told, workspace.presentation.bidi] == [BidiChoice.ON, BidiChoice.OFF]


def test_appearance_comes_back_as_it_was_saved(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    window = make_window()
    saved = Appearance(scheme="light", sidebar_width=300, sidebar_tabs=False, sidebar_grid=True, font_size=17)
    with qtbot.assertNotEmitted(window.appearance_changed):
        window.apply_appearance(saved)
    assert window.appearance() == saved
    assert window.sidebar.width() == 300
    assert window.sidebar.isHidden()
    workspace.arrangement.set_layout(Layout.GRID)
    assert window.sidebar.isVisible()
    assert window.pane_area.terminals()[0].font_size == 17
    with qtbot.waitSignal(window.appearance_changed):
        window.change_font_size(1)
    assert window.appearance().font_size == 18
    with qtbot.waitSignal(window.appearance_changed):
        window.toggle_sidebar()
    assert not window.appearance().sidebar_grid


def test_a_narrow_window_folds_rail_and_sidebar_away(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    window = make_window(800, 600)
    assert window.rail.isHidden()
    assert window.sidebar.isHidden()
    assert window.tab_bar.sidebar_button.isVisible()
    window.tab_bar.sidebar_button.click()
    assert window.rail.isVisible()
    assert window.sidebar.isVisible()
    before = window.pane_area.width()
    assert before == 800
    window.sidebar.left.emit()
    assert window.sidebar.isHidden()
    window.resize(1440, 900)
    assert window.rail.isVisible()
    assert window.sidebar.isVisible()


def test_the_sidebar_groups_filters_and_chooses(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("api", folder="/srv/atlas", state=InstanceState.RUNNING, round=3, max_rounds=8)
    workspace.add("shop", folder="/srv/store", kind=Kind.COMMAND, cost_usd=1.5)
    window = make_window()
    sidebar = window.sidebar

    def texts() -> list[object]:
        return [sidebar._model.index(n).data() for n in range(sidebar._model.rowCount())]

    assert texts() == ["/srv/atlas", "api", "/srv/store", "shop"]
    assert sidebar.footer() == ("1 running", "$1.50 today", "2 worker processes")
    QTest.keyClicks(sidebar.filter, "sho")
    assert texts() == ["/srv/store", "shop"]
    QTest.keyClick(sidebar.filter, Qt.Key.Key_Return)
    assert workspace.arrangement.current == "shop"
    assert window.focusWidget() is pane_of(window, "shop").terminal
    sidebar.filter.setText("nothing")
    assert texts() == []
    assert sidebar.clear_button.isVisible()
    sidebar.clear_button.click()
    header = sidebar.list.visualRect(sidebar._model.index(0)).center()
    QTest.mouseClick(sidebar.list.viewport(), LEFT, pos=header)
    assert texts() == ["/srv/atlas", "/srv/store", "shop"]


def test_direct_sessions_are_named_as_what_they_are(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.isolated = False
    assert make_window().sidebar.footer()[2] == "Direct sessions, no isolation"


def test_closing_an_idle_window_quits_at_once(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    quits = []
    workspace.add("a")
    window = make_window(on_quit=lambda: quits.append(1))
    assert window.close()
    window.close()
    assert quits == [1]


def test_qt_may_close_it_once_quitting_was_confirmed(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    assert not window.close()
    opened(window, ConfirmDialog).confirm.click()
    assert window.isVisible()
    assert window.close()


def test_closing_asks_once_and_lists_what_runs(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    quits = []
    for name in ("a", "b"):
        workspace.add(name, state=InstanceState.RUNNING)
    workspace.add("c")
    window = make_window(on_quit=lambda: quits.append(1))
    window.close()
    window.close()
    sheet = opened(window, ConfirmDialog)
    rows = [row.accessibleName() for row in sheet.findChildren(QWidget) if "_InstanceRow" in str(type(row))]
    assert rows == ["a, make all", "b, make all"]
    assert quits == []
    qtbot.waitUntil(lambda: not sheet.guarded)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert window.focusWidget() is pane_of(window, "a").terminal
    window.close()
    opened(window, ConfirmDialog).confirm.click()
    assert quits == [1]


def test_without_asking_it_quits_at_once(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    quits = []
    workspace.add("a", state=InstanceState.RUNNING)
    make_window(on_quit=lambda: quits.append(1), ask_on_close=False).close()
    assert quits == [1]


def test_time_ticks_only_while_something_runs_and_can_be_seen(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a")
    window = make_window()
    assert not window._ticker.active
    workspace.set(id, state=InstanceState.RUNNING)
    assert window._ticker.active
    window.hide()
    assert not window._ticker.active
    window.show()
    workspace.set(id, state=InstanceState.DONE)
    assert not window._ticker.active


@pytest.mark.parametrize("layout", list(Layout))
def test_a_window_in_which_nothing_runs_comes_to_rest(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, layout: Layout
) -> None:
    ids = [workspace.add(name) for name in ("a", "b", "c")]
    workspace.arrangement.set_layout(layout)
    window = make_window()
    for id in ids:
        workspace.hub.session_reported(id, screen(id))
    wait_for_rest(qtbot, window)


def test_what_a_hidden_terminal_is_told_paints_nothing(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    ids = [workspace.add(name) for name in ("a", "b")]
    window = make_window()
    workspace.arrangement.select(ids[0])
    wait_for_rest(qtbot, window)
    paints, asked = Paints(), len(workspace.sent)
    workspace.hub.session_reported(ids[1], screen("hidden text"))
    wait_for_rest(qtbot, window)
    assert not paints.of
    assert len(workspace.sent) == asked, "without an acknowledgement no more frames come"
    workspace.arrangement.select(ids[1])
    qtbot.waitUntil(lambda: pane_of(window, ids[1]).terminal in paints.of)
    assert (ids[1], Acknowledge(1)) in workspace.sent[asked:]


def test_toasts_are_three_at_most_and_dismissed(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    window = make_window()
    for number in range(5):
        workspace.error_reported.emit(f"refused {number}")
    assert window.toasts.texts() == ("refused 2", "refused 3", "refused 4")
    assert len(window.toasts.texts()) == MOST
    window.toasts._shown[0]._close.click()
    assert window.toasts.texts() == ("refused 3", "refused 4")


def test_a_programs_notification_leads_to_its_pane(
    make_window: MakeWindow, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    workspace.add("a")
    workspace.add("b")
    window = make_window()
    workspace.notice_posted.emit("b", NoticeReport("Done", "All tests pass."))
    qtbot.waitUntil(lambda: bool(window.toasts.texts()))
    (toast,) = window.toasts._shown
    assert toast._action is not None
    toast._action.click()
    assert workspace.arrangement.current == "b"


def test_every_state_paints_in_every_size(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    for index, state in enumerate(InstanceState):
        kind = list(Kind)[index % 3]
        workspace.add(f"{state.value} " * 4, kind=kind, state=state, reason="It broke. Try again.", seconds=9)
    window = make_window()
    workspace.arrangement.set_layout(Layout.GRID)
    for width in (800, 1000, 1440):
        window.resize(width, 600)
        for _ in range(3):
            workspace.arrangement.next_page()
            assert not window.screenshot().isNull()


def test_fonts_that_lack_a_script_do_not_fill_the_persons_terminal(make_window: MakeWindow) -> None:
    make_window()
    assert not QLoggingCategory("qt.text.font.db").isWarningEnabled()  # type: ignore[arg-type]


def test_programs_learn_which_appearance_is_on(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    window = make_window()
    for scheme in (ColorScheme.LIGHT, ColorScheme.DARK, ColorScheme.LIGHT):
        window.themes.choose(scheme)
        assert workspace.scheme is scheme


def test_a_write_that_is_allowed_reaches_the_clipboard(
    make_window: MakeWindow, workspace: FakeWorkspace, qapp: QApplication
) -> None:
    window = make_window()
    told = [workspace.clipboard_access]
    window.apply_settings(Settings(terminal=Terminal(clipboard=ClipboardAccess.FOCUSED)))
    told.append(workspace.clipboard_access)
    assert told == [ClipboardAccess.ASK, ClipboardAccess.FOCUSED]
    qapp.clipboard().setText("before")
    workspace.clipboard_write_allowed.emit(ClipboardReport("p", "selection"))
    assert qapp.clipboard().text() == "before"
    workspace.clipboard_write_allowed.emit(ClipboardReport("cp", "both"))
    assert qapp.clipboard().text() == "both"


def test_only_the_terminal_with_the_keyboard_has_the_focus(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    first, second = workspace.add("a"), workspace.add("b")
    window = make_window()
    window.show()
    window.activateWindow()
    workspace.arrangement.select(second)
    qtbot.waitUntil(lambda: terminal_of(window, second).hasFocus())
    assert workspace.has_focus(second)
    assert not workspace.has_focus(first)
    assert not workspace.has_focus(InstanceId("gone"))
    window.sidebar.filter.setFocus()
    assert not workspace.has_focus(second)


def test_each_answer_about_the_clipboard_is_passed_on(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", clipboard_write="x", clipboard_size=1)
    window = make_window()
    for button in pane_of(window, id).notice._buttons:
        button.click()
    assert [call for call, _ in workspace.calls] == [
        "deny_clipboard_write", "allow_clipboard_always", "allow_clipboard_write",
    ]  # fmt: skip


def test_the_sidebar_of_a_narrow_window_is_remembered_apart(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    window = make_window(1200)
    window.show()
    assert window.sidebar.isHidden()
    window._commands.run(CommandId.TOGGLE_SIDEBAR)
    assert window.sidebar.isVisible()
    saved = window.appearance()
    assert saved.sidebar_narrow
    again = make_window(1200)
    again.apply_appearance(saved)
    again.show()
    assert again.sidebar.isVisible()
    again.resize(900, 700)
    assert again.sidebar.isHidden(), "there it is an overlay, which nobody has opened"
