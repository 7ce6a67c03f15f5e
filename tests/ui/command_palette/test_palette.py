"""The palette in the window: by keyboard and mouse, what it leaves out, and what it does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.protocol.requests import KeyInput
from podium.core.runs import Run
from podium.ui.command_palette.matching import Hit
from podium.ui.command_palette.model import Heading, Refused
from podium.ui.command_palette.palette import CommandPalette
from podium.ui.dialogs.confirm_dialog import RenameDialog
from podium.ui.main_window import MainWindow
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, opened, terminal_of

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(make_window: MakeWindow, workspace: FakeWorkspace) -> MainWindow:
    for name in ("api-refactor", "flaky-tests", "docs-sweep"):
        workspace.add(name, kind=Kind.COMMAND, state=InstanceState.RUNNING)
    return make_window()


def palette(window: MainWindow) -> CommandPalette:
    window._commands.run(CommandId.COMMAND_PALETTE)
    return opened(window, CommandPalette)


def shown(sheet: CommandPalette) -> list[str]:
    return [row.entry.title if isinstance(row, Hit) else row.text for row in sheet.rows]


def chosen(sheet: CommandPalette) -> str:
    row = sheet.chosen
    return row.entry.title if isinstance(row, Hit) else row.text if row is not None else ""


def press(sheet: CommandPalette, key: Qt.Key) -> None:
    QTest.keyClick(sheet.field, key)


def test_its_key_opens_it_from_a_terminal_and_closes_it_and_the_terminal_has_the_keyboard(
    qtbot: QtBot, window: MainWindow, workspace: FakeWorkspace
) -> None:
    terminal = terminal_of(window, workspace.ids()[0])
    qtbot.waitUntil(terminal.hasFocus)
    QTest.keyClick(terminal, Qt.Key.Key_P, CTRL_SHIFT)
    sheet = opened(window, CommandPalette)
    assert sheet.field.hasFocus()
    QTest.keyClicks(sheet.field, "zzz")
    assert shown(sheet) == []
    assert sheet.nothing.text() == "Nothing matches ‘zzz’."
    QTest.keyClick(sheet.field, Qt.Key.Key_P, CTRL_SHIFT)
    assert window.sheets == []
    qtbot.waitUntil(terminal.hasFocus)
    assert [request for _, request in workspace.sent if isinstance(request, KeyInput)] == []


def test_enter_runs_a_command(window: MainWindow, workspace: FakeWorkspace) -> None:
    sheet = palette(window)
    QTest.keyClicks(sheet.field, ">tabs and")
    assert chosen(sheet) == "Switch tabs and grid"
    press(sheet, Qt.Key.Key_Return)
    assert (window.sheets, workspace.arrangement.layout) == ([], Layout.GRID)
    assert window.palette_opener.recent.current.used == ("command:toggle-layout",)


def test_a_command_may_open_a_dialog_of_its_own(window: MainWindow) -> None:
    sheet = palette(window)
    QTest.keyClicks(sheet.field, "rename")
    press(sheet, Qt.Key.Key_Return)
    assert opened(window, RenameDialog).isVisible()


def test_enter_shows_an_instance_and_gives_it_the_keyboard(
    qtbot: QtBot, window: MainWindow, workspace: FakeWorkspace
) -> None:
    sheet = palette(window)
    QTest.keyClicks(sheet.field, "@docs")
    press(sheet, Qt.Key.Key_Return)
    last = workspace.ids()[-1]
    assert workspace.arrangement.current == last
    qtbot.waitUntil(terminal_of(window, last).hasFocus)


def test_repeats_of_the_key_that_chose_do_not_reach_the_terminal(
    qtbot: QtBot, window: MainWindow, workspace: FakeWorkspace
) -> None:
    sheet = palette(window)
    QTest.keyClicks(sheet.field, "@docs")
    QTest.keyPress(sheet.field, Qt.Key.Key_Return)
    terminal = terminal_of(window, workspace.ids()[-1])
    qtbot.waitUntil(terminal.hasFocus)
    for repeat in (True, False):
        event = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", repeat, 1
        )
        QApplication.sendEvent(terminal, event)
    typed = [request for _, request in workspace.sent if isinstance(request, KeyInput)]
    assert len(typed) == 1, "only what was pressed anew"


def test_arrows_pages_and_ends_move_the_choice_and_pass_over_headings(window: MainWindow) -> None:
    sheet = palette(window)
    titles = [
        title for title, row in zip(shown(sheet), sheet.rows, strict=True) if not isinstance(row, Heading)
    ]
    assert chosen(sheet) == titles[0] == "api-refactor"
    for key, place in (
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_PageDown, 9),
        (Qt.Key.Key_PageUp, 1),
        (Qt.Key.Key_End, -1),
        (Qt.Key.Key_Down, 0),
        (Qt.Key.Key_Up, -1),
        (Qt.Key.Key_Home, 0),
    ):
        press(sheet, key)
        assert chosen(sheet) == titles[place], key


def test_a_click_chooses_and_a_click_beside_it_closes(window: MainWindow, workspace: FakeWorkspace) -> None:
    sheet = palette(window)
    index = sheet.model.index(2)
    QTest.mouseClick(
        sheet.list.viewport(),
        Qt.MouseButton.LeftButton,
        pos=sheet.list.visualRect(index).center(),
    )
    assert (window.sheets, workspace.arrangement.current) == ([], workspace.ids()[1])
    sheet = palette(window)
    scrim = sheet.parentWidget()
    assert scrim is not None
    QTest.mouseClick(scrim, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert window.sheets == []


def test_what_cannot_be_done_is_left_out_and_told_on_demand(window: MainWindow) -> None:
    sheet = palette(window)
    QTest.keyClicks(sheet.field, ">previous page")
    assert shown(sheet) == ["1 command can’t be done now"]
    press(sheet, Qt.Key.Key_Return)
    row = sheet.rows[1]
    assert isinstance(row, Hit)
    assert (row.entry.title, row.entry.detail) == ("Previous page", "The grid is not shown.")
    press(sheet, Qt.Key.Key_Down)
    press(sheet, Qt.Key.Key_Return)
    assert window.sheets == [sheet], "nothing happens"
    press(sheet, Qt.Key.Key_Up)
    press(sheet, Qt.Key.Key_Return)
    assert sheet.rows == [Refused(1, open=False)]


def test_without_a_query_the_last_choices_come_first(window: MainWindow) -> None:
    recent = window.palette_opener.recent
    for key in ("command:gone", "command:toggle-sidebar", "instance:docs-sweep"):
        recent.add_used(key)
    sheet = palette(window)
    assert shown(sheet)[:5] == ["Recently used", "docs-sweep", "Sidebar", "Instances", "api-refactor"]
    assert shown(sheet).count("docs-sweep") == 1


def test_folders_and_files_are_opened_as_anywhere(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths: list[tuple[Path, ...]] = []
    monkeypatch.setattr(window, "open_paths", paths.append)
    window.palette_opener.recent.add_folder("/srv/storefront")
    window.palette_opener.recent.add_file("/srv/atlas/mission.toml")
    for query in ("storefront", "mission.toml"):
        sheet = palette(window)
        QTest.keyClicks(sheet.field, query)
        press(sheet, Qt.Key.Key_Return)
    assert paths == [(Path("/srv/storefront"),), (Path("/srv/atlas/mission.toml"),)]


def test_settings_are_offered_where_somebody_shows_them(window: MainWindow) -> None:
    sheet = palette(window)
    QTest.keyClicks(sheet.field, "scrollback_lines")
    assert "terminal.scrollback_lines" not in shown(sheet)
    sheet.reject()
    settings: list[str] = []
    window.palette_opener.on_setting = settings.append
    sheet = palette(window)
    QTest.keyClicks(sheet.field, "scrollback_lines")
    press(sheet, Qt.Key.Key_Return)
    assert settings == ["terminal.scrollback_lines"]


def run_of(instance: InstanceId, **more: Any) -> Run:
    return Run(
        id=f"run-{instance}",
        instance=instance,
        name=instance,
        kind=Kind.MISSION,
        what="",
        folder="/srv",
        theme="indigo",
        started_at=0.0,
        owner_pid=1,
        owner_identity="",
        **more,
    )


def test_runs_come_in_when_they_are_read_and_lead_to_their_instance(
    window: MainWindow, workspace: FakeWorkspace
) -> None:
    waiting: list[Callable[..., None]] = []
    window.palette_opener.find_runs = waiting.append
    sheet = palette(window)
    QTest.keyClicks(sheet.field, "flaky")
    before = chosen(sheet)
    waiting[0]((run_of(workspace.ids()[1], rounds=5), run_of(InstanceId("gone"))))
    assert shown(sheet) == ["Instances", "flaky-tests", "Runs", "flaky-tests"]
    assert chosen(sheet) == before
    assert "5 rounds" in sheet.rows[3].entry.detail  # type: ignore[union-attr]
    press(sheet, Qt.Key.Key_End)
    press(sheet, Qt.Key.Key_Return)
    assert workspace.arrangement.current == workspace.ids()[1]
    waiting[0](())  # It has closed: nothing happens.


@pytest.mark.parametrize("size", [(800, 600), (1440, 900), (2560, 1440)])
def test_it_stays_in_the_window_with_64_instances_and_hostile_names(
    make_window: MakeWindow, workspace: FakeWorkspace, size: tuple[int, int]
) -> None:
    for number in range(60):
        workspace.add(f"instance {number}")
    for name in ("<b>bold</b>\x1b[31m\n", "שלום", "r" * 10_000, "\u202egnp.exe"):
        workspace.add(name)
    window = make_window(*size)
    sheet = palette(window)
    host = sheet.parentWidget()
    assert host is not None
    assert host.rect().contains(sheet.geometry())
    QTest.keyClicks(sheet.field, "bold")
    assert shown(sheet)[1] == "<b>bold</b>\\x1b[31m ⏎ "
    sheet.field.setText("r" * 90)
    sheet.grab()
    window.resize(800, 600)
    assert host.rect().contains(sheet.geometry())
