import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import (
    InstancePolicy,
    InstanceSpec,
    Kind,
    RestartWhen,
    StopBy,
    StopMethod,
    ThemeName,
)
from podium.core.protocol.requests import Paste
from podium.ui.dialogs import lookups, new_instance_dialog
from podium.ui.dialogs.agents import agent_fields
from podium.ui.dialogs.confirm_dialog import ConfirmDialog, PasteDialog, RenameDialog
from podium.ui.dialogs.links import LinkDialog
from podium.ui.dialogs.lookups import Check, check_folder, check_mission, full_path
from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_tip
from podium.ui.widgets.buttons import Button
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.tools import tools
from tests.ui.windows import MakeWindow, opened, terminal_of

OpenDialog = Callable[..., NewInstanceDialog]


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 700)
    host.show()
    return host


@pytest.fixture
def open_dialog(
    workspace: FakeWorkspace,
    themes: ThemeManager,
    host: QWidget,
    background: Background,
    monkeypatch: pytest.MonkeyPatch,
) -> OpenDialog:
    monkeypatch.setattr(agent_fields, "find_tools", tools("claude", "aider"))

    def open_it(kind: Kind, folder: str = "~") -> NewInstanceDialog:
        dialog = NewInstanceDialog(
            workspace.as_workspace, themes, host, kind, folder, lambda: "", background.foreign.run
        )
        dialog.open_sheet()
        return dialog

    return open_it


def created(qtbot: QtBot, dialog: NewInstanceDialog) -> InstanceSpec:
    with qtbot.waitSignal(dialog.spec_ready) as waited:
        dialog.create_button.click()
    assert waited.args is not None
    (spec,) = waited.args
    assert isinstance(spec, InstanceSpec)
    return spec


def test_a_shell_in_a_folder(qtbot: QtBot, open_dialog: OpenDialog, tmp_path: Path) -> None:
    dialog = open_dialog(Kind.SHELL, str(tmp_path))
    assert dialog.name.text == "shell"
    assert not dialog.mission.isVisible()
    assert not dialog.command.isVisible()
    spec = created(qtbot, dialog)
    assert (spec.name, spec.kind, spec.folder, spec.command) == ("shell", Kind.SHELL, str(tmp_path), ())
    assert spec.theme is ThemeName.INDIGO
    assert dialog.isHidden()


def test_a_command_is_split_as_a_shell_would(qtbot: QtBot, open_dialog: OpenDialog, tmp_path: Path) -> None:
    dialog = open_dialog(Kind.COMMAND, str(tmp_path))
    QTest.keyClicks(dialog.command.edit, "/usr/bin/make -C 'my dir' all")
    assert dialog.name.text == "make"
    spec = created(qtbot, dialog)
    assert spec.command == ("/usr/bin/make", "-C", "my dir", "all")
    assert spec.id == "make"


def test_a_mission_below_its_folder(qtbot: QtBot, open_dialog: OpenDialog, tmp_path: Path) -> None:
    (tmp_path / "fix.toml").write_text("")
    dialog = open_dialog(Kind.MISSION, str(tmp_path))
    QTest.keyClicks(dialog.mission.edit, "fix.toml")
    assert dialog.name.text == "fix"
    dialog.swatches[ThemeName.ROSE].click()
    spec = created(qtbot, dialog)
    assert spec.mission == str(tmp_path / "fix.toml")
    assert spec.theme is ThemeName.ROSE


def test_a_name_that_was_typed_is_kept(qtbot: QtBot, open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Kind.COMMAND)
    dialog.name.edit.clear()
    QTest.keyClicks(dialog.name.edit, "mine")
    QTest.keyClicks(dialog.command.edit, "make")
    dialog.kinds[Kind.SHELL].click()
    assert dialog.name.text == "mine"


def test_faults_stand_beside_their_fields_with_the_fix(
    qtbot: QtBot, open_dialog: OpenDialog, tmp_path: Path
) -> None:
    dialog = open_dialog(Kind.COMMAND, str(tmp_path / "gone"))
    QTest.keyClicks(dialog.command.edit, "echo 'open")
    dialog.name.edit.clear()
    dialog.create_button.click()
    assert dialog.name.error == "Enter a name."
    assert dialog.command.error == "A quotation mark is not closed. Add the missing one."
    assert dialog.name.edit.hasFocus()
    QTest.keyClicks(dialog.name.edit, "x")
    assert dialog.name.error == ""
    dialog.command.edit.setText("echo hi")
    with qtbot.assertNotEmitted(dialog.spec_ready, wait=100):
        dialog.create_button.click()
    assert dialog.folder.error == "There is no such folder. Check the spelling or choose one."
    assert dialog.folder.edit.hasFocus()
    assert dialog.isVisible()


def test_a_missing_mission_file_is_said_before_anything_starts(
    qtbot: QtBot, open_dialog: OpenDialog, tmp_path: Path
) -> None:
    dialog = open_dialog(Kind.MISSION, str(tmp_path))
    QTest.keyClicks(dialog.mission.edit, "gone.toml")
    with qtbot.assertNotEmitted(dialog.spec_ready, wait=100):
        dialog.create_button.click()
    assert "There is no such file" in dialog.mission.error


def test_tools_found_are_quick_choices(qtbot: QtBot, open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Kind.COMMAND)
    dialog.agent_card.click()
    qtbot.waitUntil(lambda: dialog.agents.tool is not None)
    buttons = {button.text(): button for button in dialog.agents.tools.findChildren(Button)}
    assert list(buttons) == ["Claude Code", "Aider"]
    buttons["Aider"].click()
    assert dialog.name.text == "aider"
    dialog.kinds[Kind.SHELL].click()
    assert not dialog.agents.isVisible()


def test_the_disk_is_never_asked_on_the_windows_thread(
    qtbot: QtBot, open_dialog: OpenDialog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    threads = []
    asked = check_folder

    def watch(text: str) -> Check:
        threads.append(threading.current_thread())
        return asked(text)

    monkeypatch.setattr(new_instance_dialog, "check_folder", watch)
    created(qtbot, open_dialog(Kind.SHELL, str(tmp_path)))
    assert threads
    assert threading.main_thread() not in threads


def test_a_dialog_closed_while_it_asks_does_no_harm(
    qtbot: QtBot, open_dialog: OpenDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def slow(_text: str) -> Check:
        gate.wait(5)
        return lookups.Check(True)

    monkeypatch.setattr(new_instance_dialog, "check_folder", slow)
    dialog = open_dialog(Kind.SHELL)
    dialog.reject()
    qtbot.wait(20)
    gate.set()
    qtbot.wait(50)


def test_tab_stays_in_the_dialog(qtbot: QtBot, open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Kind.SHELL)
    seen = []
    for _ in range(40):
        focused = dialog.focusWidget()
        assert dialog.isAncestorOf(focused)
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {dialog.name.edit, dialog.folder.edit, dialog.create_button, dialog.cancel} <= set(seen)
    assert seen.count(dialog.name.edit) >= 2


def test_folder_checks(tmp_path: Path) -> None:
    assert check_folder(str(tmp_path)) == (True, "")
    assert not check_folder("").good
    assert not check_folder(str(tmp_path / "gone")).good
    file = tmp_path / "file"
    file.write_text("")
    assert check_folder(str(file)).message == "This is a file. Choose the folder it is in."
    git = tmp_path / ".git"
    git.mkdir()
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert check_folder(str(tmp_path)).message == "Git repository, on main"
    assert not check_mission("", str(tmp_path)).good
    assert "folder" in check_mission(str(tmp_path), "").message
    assert check_mission("file", str(tmp_path)).good
    assert full_path("~/x") == full_path("x", "~")


def test_new_instance_by_key_and_return(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    workspace.add("a", folder=str(tmp_path))
    window = make_window()
    QTest.keyClick(
        window.focusWidget(),
        Qt.Key.Key_T,
        Qt.KeyboardModifier.ControlModifier
        | Qt.KeyboardModifier.ShiftModifier
        | Qt.KeyboardModifier.AltModifier,
    )
    dialog = opened(window, NewInstanceDialog)
    assert dialog.kind is Kind.SHELL
    assert dialog.folder.text == str(tmp_path)
    QTest.keyClick(dialog.name.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workspace.arrangement.current == "shell")
    assert workspace.calls == [("start", "shell")]
    assert window.focusWidget() is terminal_of(window, "shell")


def test_closing_a_busy_instance_asks(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    sheet = opened(window, ConfirmDialog)
    sheet.cancel.click()
    assert workspace.calls == []
    window._commands.run(CommandId.CLOSE)
    opened(window, ConfirmDialog).confirm.click()
    assert workspace.calls == [("close", id)]


@pytest.mark.fault(39)
def test_a_paste_of_lines_shows_them_first(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    terminal_of(window, id).paste_requested.emit("make\nmake install\n")
    sheet = opened(window, PasteDialog)
    assert sheet.windowTitle() == "Paste 2 lines into a?"
    assert sheet.preview.toPlainText() == "make\nmake install\n"
    sheet.confirm.click()
    assert (id, Paste("make\nmake install\n")) in workspace.sent


def test_renaming(qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    id = workspace.add("a")
    window = make_window()
    window._commands.run(CommandId.RENAME)
    sheet = opened(window, RenameDialog)
    sheet.name.edit.clear()
    sheet.rename.click()
    assert sheet.name.error == "Enter a name."
    QTest.keyClicks(sheet.name.edit, "better")
    QTest.keyClick(sheet.name.edit, Qt.Key.Key_Return)
    assert workspace.view(id).spec.name == "better"
    assert window.sheets == []


def test_what_is_refused_is_said_in_words(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    workspace.add("a")
    window = make_window()
    window._commands.run(CommandId.RENAME)
    sheet = opened(window, RenameDialog)
    workspace.close(InstanceId("a"))
    sheet.rename.click()
    window._commands.set_theme(InstanceId("a"), ThemeName.ROSE)
    window._commands.run(CommandId.START, "a")
    assert window.toasts.texts() == ("There is no instance a.",) * 3


def test_what_is_not_possible_just_now_does_nothing(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a", state=InstanceState.STOPPING)
    window = make_window()
    for command in (CommandId.REMOVE, CommandId.START, CommandId.FINISH_ROUND):
        window._commands.run(command)
    assert workspace.calls == []
    assert workspace.ids() == ("a",)


def test_names_and_links_with_tags_in_them_show_as_they_are(
    qtbot: QtBot, themes: ThemeManager, host: QWidget
) -> None:
    name = "<b>bold</b> & <img src=x>"
    for dialog, text in (
        (ConfirmDialog(themes, host, f"Close {name}?", "Close", text=name), name),
        (LinkDialog(themes, host, "https://good.org@evil.org/<b>x</b>"), "It leads to evil.org."),
    ):
        dialog.open_sheet()
        labels = dialog.findChildren(QLabel)
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
        assert any(text in label.text() for label in labels)
        dialog.reject()
    assert "&lt;b&gt;" in plain_tip(name)
    assert plain_tip("a & b\nc") == "a & b\nc"


def test_a_long_name_neither_widens_a_dialog_nor_hides_its_close_button(
    qtbot: QtBot, themes: ThemeManager, host: QWidget
) -> None:
    dialog = ConfirmDialog(themes, host, f"Close {'long ' * 12}{'w' * 64}?", "Close")
    dialog.open_sheet()
    assert dialog.width() == 440
    assert dialog.rect().contains(dialog.close_button.geometry())
    heading = dialog.findChildren(QLabel)[0]
    assert heading.height() >= heading.heightForWidth(heading.width())


def test_what_has_to_be_typed_has_the_focus_first(qtbot: QtBot, open_dialog: OpenDialog) -> None:
    for kind, field in ((Kind.COMMAND, "command"), (Kind.MISSION, "mission"), (Kind.SHELL, "name")):
        dialog = open_dialog(kind)
        assert getattr(dialog, field).edit.hasFocus()
        dialog.reject()


def test_more_options_open_beside_their_button_and_go_into_the_instance(
    qtbot: QtBot, open_dialog: OpenDialog, tmp_path: Path
) -> None:
    dialog = open_dialog(Kind.SHELL, str(tmp_path))
    assert not dialog.more.memory.isVisible()
    dialog.more.toggle.click()
    assert dialog.more.stop.hasFocus()
    QTest.keyClicks(dialog.more.stop, "Ctrl+C")
    assert not dialog.more.restart.isVisible()  # A shell never comes back by itself.
    QTest.keyClicks(dialog.more.memory, "512")
    QTest.keyClicks(dialog.more.cpu, "150")
    spec = created(qtbot, dialog)
    assert (spec.memory_max_mib, spec.cpu_percent) == (512, 150)
    assert spec.policy == InstancePolicy(stop=StopMethod(StopBy.KEYS, "Ctrl+C"))


def test_a_command_that_may_stay_down(qtbot: QtBot, open_dialog: OpenDialog, tmp_path: Path) -> None:
    dialog = open_dialog(Kind.COMMAND, str(tmp_path))
    QTest.keyClicks(dialog.command.edit, "make")
    dialog.more.toggle.click()
    dialog.more.restart.click()
    assert created(qtbot, dialog).policy.restart is RestartWhen.NEVER


def test_a_stop_that_is_mistyped_is_told(qtbot: QtBot, open_dialog: OpenDialog, tmp_path: Path) -> None:
    dialog = open_dialog(Kind.COMMAND, str(tmp_path))
    QTest.keyClicks(dialog.command.edit, "make")
    dialog.more.toggle.click()
    QTest.keyClicks(dialog.more.stop, "Strg+C")
    dialog.create_button.click()
    assert "Strg" in dialog.more.message.text()
    assert dialog.more.stop.hasFocus()


def test_without_a_word_there_are_no_limits(qtbot: QtBot, open_dialog: OpenDialog, tmp_path: Path) -> None:
    spec = created(qtbot, open_dialog(Kind.SHELL, str(tmp_path)))
    assert (spec.memory_max_mib, spec.cpu_percent) == (0, 0)


def test_the_smallest_limits_there_are(qtbot: QtBot, open_dialog: OpenDialog, tmp_path: Path) -> None:
    dialog = open_dialog(Kind.SHELL, str(tmp_path))
    dialog.more.toggle.click()
    QTest.keyClicks(dialog.more.memory, "16")
    QTest.keyClicks(dialog.more.cpu, "1")
    spec = created(qtbot, dialog)
    assert (spec.memory_max_mib, spec.cpu_percent) == (16, 1)


@pytest.mark.parametrize("text", ["much", "15", "-5", "1.5", "²", "9" * 30])
def test_a_limit_that_makes_no_sense_is_told_below_its_field(
    qtbot: QtBot, open_dialog: OpenDialog, tmp_path: Path, text: str
) -> None:
    dialog = open_dialog(Kind.SHELL, str(tmp_path))
    dialog.more.toggle.click()
    QTest.keyClicks(dialog.more.memory, text)
    dialog.more.cpu.setFocus()
    with qtbot.assertNotEmitted(dialog.spec_ready, wait=100):
        dialog.create_button.click()
    assert dialog.more.message.text() == "Enter whole MiB from 16 on, or nothing for no limit."
    assert dialog.more.message.isVisible()
    assert dialog.more.memory.hasFocus()
    dialog.more.memory.clear()
    QTest.keyClicks(dialog.more.memory, "64")
    assert not dialog.more.message.isVisible()
    assert created(qtbot, dialog).memory_max_mib == 64


def test_the_dialog_fits_into_the_smallest_window_with_all_that_can_be_wrong(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a", folder="/nowhere")
    window = make_window(800, 600)
    window._commands.run(CommandId.NEW_MISSION)
    dialog = opened(window, NewInstanceDialog)
    dialog.more.toggle.click()
    dialog.more.memory.setText("x")
    dialog.create_button.click()
    qtbot.waitUntil(lambda: bool(dialog.folder.error) and dialog.more.message.isVisible())
    host = dialog.parentWidget()
    assert host is not None
    qtbot.waitUntil(lambda: dialog.geometry().bottom() < host.height())
