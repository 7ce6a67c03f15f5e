"""Clicks and keys in the small dialogs in, what was confirmed out: nothing but the button that says so confirms."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from podium.core.commands import COMMANDS, CommandId, Group
from podium.core.instances import Kind
from podium.ui.dialogs.confirm_dialog import ConfirmDialog, EndDialog, PasteDialog, QuitDialog, RenameDialog
from podium.ui.dialogs.instance_rows import InstanceLine, add_instance_rows
from podium.ui.dialogs.links import LinkDialog
from podium.ui.dialogs.lookups import check_folder, check_mission
from podium.ui.dialogs.sheet import Sheet
from podium.ui.dialogs.sheet_stack import SheetStack
from podium.ui.dialogs.shortcuts_dialog import GroupRow, ShortcutsDialog, overview
from podium.ui.keys_in_use import KeysInUse
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.workspace.at_work import AtWork
from podium.workspace.views import InstanceState, InstanceView
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.keys import ENTER, press, read, texts
from tests.ui.windows import MakeWindow, opened

BACK = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 700)
    host.show()
    return host


@pytest.fixture
def at_work(workspace: FakeWorkspace) -> Callable[[Kind], AtWork]:
    def make(kind: Kind) -> AtWork:
        return AtWork(workspace.view(workspace.add(kind.value, kind=kind)), "make")

    return make


def button(sheet: Sheet, text: str) -> Button:
    return next(found for found in sheet.findChildren(Button) if found.text() == text)


# Where the keys go


def test_tab_goes_forward_and_shift_tab_back_and_neither_leaves(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    sheet = read(qtbot, window)
    there = []
    for _ in range(3):
        press(window, Qt.Key.Key_Tab)
        there.append(sheet.focusWidget())
    assert there == [sheet.confirm, sheet.close_button, sheet.cancel]
    back = []
    for _ in range(3):
        press(window, Qt.Key.Key_Backtab, modifiers=BACK)
        back.append(sheet.focusWidget())
    assert back == [sheet.close_button, sheet.confirm, sheet.cancel]


def test_tab_goes_through_a_paste_from_top_to_bottom(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.confirm_paste("a", "one\ntwo\n")
    read(qtbot, window)
    sheet = opened(window, PasteDialog)
    there = []
    for _ in range(4):
        press(window, Qt.Key.Key_Tab)
        there.append(sheet.focusWidget())
    assert there == [sheet.confirm, sheet.close_button, sheet.preview, sheet.cancel]


def test_a_button_that_is_greyed_out_is_passed_over(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    sheet = read(qtbot, window)
    sheet.confirm.setEnabled(False)
    press(window, Qt.Key.Key_Tab)
    assert sheet.focusWidget() is sheet.close_button


@pytest.mark.parametrize("way", ["Escape", "close button", "cancel"])
def test_all_ways_out_confirm_nothing(themes: ThemeManager, host: QWidget, way: str) -> None:
    confirmed, left = [], []
    sheet = RenameDialog(themes, host, "a")
    sheet.accepted.connect(lambda: confirmed.append(1))
    sheet.rejected.connect(lambda: left.append(1))
    sheet.name_chosen.connect(confirmed.append)
    sheet.open_sheet()
    if way == "Escape":
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
    else:
        (sheet.close_button if way == "close button" else button(sheet, "Cancel")).click()
    assert (confirmed, left) == ([], [1])


def test_a_click_beside_a_dialog_neither_closes_it_nor_reaches_the_window(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    workspace.add("b")
    window = make_window()
    window._commands.run(CommandId.RENAME)
    sheet = opened(window, RenameDialog)
    scrim = sheet.parentWidget()
    assert scrim is not None
    for at in (QPoint(3, 3), QPoint(scrim.width() // 2, 20), QPoint(300, scrim.height() - 20)):
        assert window.childAt(scrim.mapTo(window, at)) is scrim
        QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=scrim.mapTo(window, at))
    assert window.sheets == [sheet]
    assert workspace.arrangement.current == "a"


def test_a_dialog_that_is_closed_uncovers_its_window_and_leaves_nothing(
    themes: ThemeManager, host: QWidget
) -> None:
    sheet = RenameDialog(themes, host, "a")
    scrim = sheet.parentWidget()
    assert scrim is not None
    sheet.open_sheet()
    assert host.childAt(3, 3) is scrim
    sheet.reject()
    assert host.childAt(3, 3) is None
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(scrim)


def test_dialogs_above_each_other_fill_and_empty_the_window_once(themes: ThemeManager, host: QWidget) -> None:
    told: list[str] = []
    owner = QObject()
    stack = SheetStack(owner)
    stack.filled.connect(lambda: told.append("filled"))
    stack.emptied.connect(lambda: told.append("emptied"))
    lower, upper = (RenameDialog(themes, host, name) for name in "ab")
    for sheet in (lower, upper):
        stack.open(sheet)
    assert (stack.sheets, told) == ([lower, upper], ["filled"])
    stack.sheets.clear()
    lower.reject()
    assert (stack.sheets, told) == ([upper], ["filled"])
    upper.reject()
    assert (stack.sheets, told) == ([], ["filled", "emptied"])


# Questions


def test_what_ends_something_is_dangerous_and_never_the_first_choice(
    themes: ThemeManager, host: QWidget, at_work: Callable[[Kind], AtWork]
) -> None:
    ending = (at_work(Kind.SHELL),)
    for sheet, kind in (
        (EndDialog(themes, host, "Close a?", "End and close", ending), ButtonKind.DANGER),
        (QuitDialog(themes, host, ending), ButtonKind.DANGER),
        (PasteDialog(themes, host, "make\n", "a"), ButtonKind.PRIMARY),
        (LinkDialog(themes, host, "https://example.org"), ButtonKind.PRIMARY),
    ):
        sheet.open_sheet()
        assert sheet.confirm.kind is kind
        assert sheet.cancel.hasFocus()
        assert sheet.cancel.x() < sheet.confirm.x()
        sheet.reject()


def test_kinds_have_headings_where_there_are_several(
    themes: ThemeManager, host: QWidget, at_work: Callable[[Kind], AtWork]
) -> None:
    shell, mission = at_work(Kind.SHELL), at_work(Kind.MISSION)
    assert "Missions" not in texts(QuitDialog(themes, host, (mission,)))
    both = texts(QuitDialog(themes, host, (shell, mission)))
    assert both.index("Missions") < both.index("Shells")


def test_what_would_end_is_named_once_and_counted(
    themes: ThemeManager, host: QWidget, at_work: Callable[[Kind], AtWork]
) -> None:
    shell, mission = at_work(Kind.SHELL), at_work(Kind.MISSION)
    for ending, confirm in (((shell,), "Quit and end it"), ((shell, mission), "Quit and end them")):
        sheet = QuitDialog(themes, host, ending)
        assert sheet.confirm.text() == confirm
        named = [row.accessibleName() for row in sheet.findChildren(QWidget)]
        assert [named.count(f"{one.view.spec.name}, {one.text}") for one in ending] == [1] * len(ending)


def test_what_would_be_pasted_is_read_and_not_changed(themes: ThemeManager, host: QWidget) -> None:
    sheet = PasteDialog(themes, host, "make\n", "zsh")
    sheet.open_sheet()
    sheet._guard.disarm()
    sheet.preview.setFocus()
    QTest.keyClicks(sheet.preview, "x")
    assert sheet.preview.toPlainText() == "make\n"
    QTest.keyClick(sheet.preview, Qt.Key.Key_Tab)
    assert not sheet.preview.hasFocus()


@pytest.mark.parametrize("kept", [10, 11])
def test_a_rest_is_counted_only_where_there_is_one(
    themes: ThemeManager, host: QWidget, workspace: FakeWorkspace, kept: int
) -> None:
    sheet = ConfirmDialog(themes, host, "Quit?", "Quit")
    lines = [InstanceLine(workspace.view(workspace.add(f"i{n}")), "make") for n in range(kept)]
    add_instance_rows(sheet.body, themes, lines)
    assert ("more" in texts(sheet)) is (kept > 10)


def test_a_link_without_a_host_shows_its_path(themes: ThemeManager, host: QWidget) -> None:
    assert "It leads to kim@example.org." in texts(LinkDialog(themes, host, "mailto:kim@example.org"))


@pytest.mark.parametrize(
    ("text", "title"), [("a\nb", "2 lines"), ("a\nb\n", "2 lines"), ("a\n", "1 line"), ("a\tb", "1 line")]
)
def test_a_paste_is_counted_and_shown_whole(
    themes: ThemeManager, host: QWidget, text: str, title: str
) -> None:
    assert PasteDialog(themes, host, text, "zsh").windowTitle() == f"Paste {title} into zsh?"
    long = "\n".join(f"line {n}" for n in range(2000))
    assert PasteDialog(themes, host, long, "zsh").preview.toPlainText() == long


@pytest.mark.parametrize(
    ("text", "bracketed", "said"),
    [
        ("a\nb", False, "The program takes them at once; a shell runs each line."),
        ("sudo x", False, "It runs something with the rights of another account."),
        ("a\x1bb", True, "It holds control characters, marked below; they are left out."),
        ("a\u200bb", True, "It holds hidden characters, marked below."),
        ("a\nb", True, "The settings say to ask before every paste."),
        ("x" * 20_001, True, "20,001 characters; only the beginning is shown."),
    ],
)
def test_a_paste_says_why_it_is_asked_about(
    themes: ThemeManager, host: QWidget, text: str, bracketed: bool, said: str
) -> None:
    sheet = PasteDialog(themes, host, text, "zsh", bracketed=bracketed)
    assert said in texts(sheet)
    assert sheet.first_focus() is sheet.cancel
    assert "only the beginning" not in texts(PasteDialog(themes, host, "x" * 20_000, "zsh"))


def test_a_links_host_is_shown_as_it_is_looked_up(themes: ThemeManager, host: QWidget) -> None:
    cyrillic = "https://p\u0430yp\u0430l.com/"
    name = QUrl(cyrillic).host(QUrl.ComponentFormattingOption.FullyEncoded)
    assert name.startswith("xn--")
    assert f"It leads to {name}." in texts(LinkDialog(themes, host, cyrillic)).replace("\u200b", "")


@pytest.mark.parametrize("nothing", ["  ", "\u202e\u200b"], ids=["blanks", "marks that do not show"])
def test_a_name_is_needed_for_a_rename(themes: ThemeManager, host: QWidget, nothing: str) -> None:
    names: list[str] = []
    sheet = RenameDialog(themes, host, "a")
    sheet.name_chosen.connect(names.append)
    sheet.open_sheet()
    sheet.name.edit.setText(nothing)
    sheet.rename.click()
    assert (names, sheet.isVisible(), sheet.name.error) == ([], True, "Enter a name.")
    sheet.name.edit.setText(" b ")
    sheet.rename.click()
    assert (names, sheet.result()) == (["b"], int(QDialog.DialogCode.Accepted))


def test_of_many_instances_the_first_are_listed_and_the_rest_counted(
    themes: ThemeManager, host: QWidget, workspace: FakeWorkspace
) -> None:
    def line(n: int) -> InstanceLine:
        view: InstanceView = workspace.view(workspace.add(f"i{n}"))
        return InstanceLine(view, "make")

    sheet = ConfirmDialog(themes, host, "Quit?", "Quit")
    add_instance_rows(sheet.body, themes, [line(n) for n in range(14)])
    rows = [row for row in sheet.findChildren(QWidget) if row.accessibleName().endswith(", make")]
    assert f"and {14 - len(rows)} more" in texts(sheet)
    assert 0 < len(rows) < 14


def test_typing_replaces_the_name_as_far_as_there_is_room_and_enter_takes_it(
    themes: ThemeManager, host: QWidget
) -> None:
    names: list[str] = []
    sheet = RenameDialog(themes, host, "old")
    sheet.name_chosen.connect(names.append)
    sheet.open_sheet()
    QTest.keyClicks(sheet.name.edit, "n" * 70)
    QTest.keyClick(sheet.name.edit, Qt.Key.Key_Return)
    assert (names, sheet.isVisible()) == (["n" * 64], False)


# The overview of keys


def test_the_overview_lists_what_is_offered_and_says_when_nothing_matches(
    themes: ThemeManager, host: QWidget
) -> None:
    sheet = ShortcutsDialog(themes, host, (CommandId.QUIT, CommandId.START, CommandId.RENAME), KeysInUse())
    sheet.open_sheet()
    assert set(sheet.shown()) == {CommandId.QUIT, CommandId.START}, "what has no keys is left out"
    for searched, shown in (
        (" QUIT ", (CommandId.QUIT,)),
        ("xyzzy", ()),
        ("ctrl+shift+s", (CommandId.START,)),
    ):
        sheet.search.setText(searched)
        assert sheet.shown() == shown
        assert sheet.nothing.isVisible() is (not shown)
        assert sheet.list.isVisible() is bool(shown)
    sheet.search.setText("xyzzy")
    assert sheet.nothing.text() == "No key matches ‘xyzzy’."


def test_headings_go_with_their_rows() -> None:
    rows = overview((CommandId.QUIT, CommandId.START), KeysInUse(), "quit")
    assert [row for row in rows if isinstance(row, GroupRow)] == [GroupRow(Group.PODIUM)]


def test_the_keys_of_a_numbered_command_are_a_range_and_others_are_all_there() -> None:
    (row,) = (row for row in COMMANDS if row.keys and row.keys[0] == "Ctrl+1")
    assert KeysInUse().all_caps(row.id) == [["Ctrl", "1…9"]]
    assert KeysInUse().all_caps(CommandId.PASTE) == [["Ctrl", "Shift", "V"], ["Shift", "Ins"]]


def test_the_overview_is_read_with_the_arrow_keys_and_runs_nothing(
    themes: ThemeManager, host: QWidget
) -> None:
    sheet = ShortcutsDialog(themes, host, list(CommandId), KeysInUse())
    sheet.open_sheet()
    shown = sheet.shown()
    assert sheet.marked is None
    for key, place in (
        (Qt.Key.Key_Down, 0),
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_PageDown, 11),
        (Qt.Key.Key_Up, 10),
        (Qt.Key.Key_PageUp, 0),
        (Qt.Key.Key_Up, 0),
    ):
        QTest.keyClick(sheet.search, key)
        assert sheet.marked == shown[place]
    for enter in ENTER:
        QTest.keyClick(sheet.search, enter)
    assert sheet.isVisible()
    assert sheet.search.hasFocus()
    sheet.search.setText("xyzzy")
    QTest.keyClick(sheet.search, Qt.Key.Key_Down)
    assert sheet.marked is None


# Folders and files


def test_a_folder_that_may_not_be_entered_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, mode: not mode & os.X_OK)
    assert not check_folder(str(tmp_path)).good


def test_a_mission_is_looked_for_below_its_folder(tmp_path: Path) -> None:
    (tmp_path / "fix.toml").write_text("")
    assert check_mission("fix.toml", str(tmp_path)).good
    assert not check_mission("fix.toml", str(tmp_path / "elsewhere")).good
    assert check_mission(str(tmp_path / "fix.toml"), "/nowhere").good


def test_a_path_that_is_something_else_is_refused_with_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "fix.toml"
    file.write_text("")
    assert check_folder(str(file)).message == "This is a file. Choose the folder it is in."
    assert check_mission(str(tmp_path), "").message == "This is a folder. Choose a mission file (.toml)."
    assert check_mission("", str(tmp_path)).message == "Choose the mission's file."
    for check in (check_folder("/" + "n" * 300), check_mission("n" * 300, str(tmp_path))):
        assert not check.good
    monkeypatch.setattr(os, "access", lambda _path, mode: not mode & os.R_OK)
    assert not check_mission(str(file), "").good


@pytest.mark.parametrize(
    ("head", "message"),
    [("ref: refs/heads/main\n", "Git repository, on main"), ("1234abcd\n", "Git repository")],
)
def test_a_repository_is_said_with_its_branch(tmp_path: Path, head: str, message: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text(head)
    assert check_folder(str(tmp_path)) == (True, message)
