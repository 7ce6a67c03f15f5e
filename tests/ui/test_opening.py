"""Files and folders that are opened in, the dialog that asks about each out; nothing runs before it is answered."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.instances import Kind, ThemeName
from podium.core.workspace_files.paths import MAX_OPENED
from podium.ui.dialogs.agents import agent_fields
from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog
from podium.ui.dialogs.opening_dialogs import (
    EntryRow,
    FaultsDialog,
    OpenedInstanceDialog,
    WorkspaceQuestion,
)
from podium.ui.main_window import MainWindow
from podium.workspace.arrangement import Layout
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.keys import press, texts
from tests.ui.tools import tools
from tests.ui.windows import MakeWindow, opened

MISSION = 'name = "Fix it"\n[[agents]]\nid = "one"\ncommand = ["true"]\n'
SHOP = """
name = "Shop"
view = "grid"
[[instances]]
name = "server"
command = ["npm", "run", "dev --fast"]
theme = "amber"
[[instances]]
name = "watcher"
command = "make watch"
start = false
[[instances]]
name = "flaky"
mission = "flaky.mission.toml"
"""


def at_once(work: Callable[[], Any], then: Callable[[Any], None], *_: object) -> None:
    then(work())


def or_failed(
    work: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[Exception], None]
) -> None:
    try:
        made = work()
    except OSError as error:
        failed(error)
    else:
        then(made)


def hangs(_work: object, _then: object, failed: Callable[[Exception], None]) -> None:
    failed(OSError("too many hang"))


@pytest.fixture
def window(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(agent_fields, "find_tools", tools())
    return make_window(look=at_once)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "flaky.mission.toml").write_text(MISSION)
    (tmp_path / "shop.podium.toml").write_text(SHOP)
    return tmp_path / "shop.podium.toml"


def names(workspace: FakeWorkspace) -> list[str]:
    return [workspace.view(id).spec.name for id in workspace.ids()]


def started(workspace: FakeWorkspace) -> list[str]:
    return [id for name, id in workspace.calls if name == "start"]


def test_a_mission_opens_the_form_filled_with_it_and_runs_nothing(
    window: MainWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    (tmp_path / "fix.mission.toml").write_text(MISSION)
    window.open_paths([tmp_path / "fix.mission.toml"])
    form = opened(window, OpenedInstanceDialog)
    assert (form.kind, form.mission.error, form.name.text) == (Kind.MISSION, "", "fix")
    assert (workspace.ids(), workspace.calls) == ((), [])
    form.create_button.click()
    [id] = workspace.ids()
    spec = workspace.view(id).spec
    assert (spec.mission, spec.folder) == (str(tmp_path / "fix.mission.toml"), str(tmp_path))
    assert started(workspace) == [id]


def test_a_missions_faults_are_shown_in_the_form(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "mission.toml").write_text("nam = 'x'\n")
    window.open_paths([tmp_path / "mission.toml"])
    error = opened(window, OpenedInstanceDialog).mission.error
    assert "nam: There is no such key. Write “name”." in error
    assert "1 more" in error


def test_a_mission_that_is_there_is_selected(
    window: MainWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    path = tmp_path / "mission.toml"
    path.write_text(MISSION)
    window.open_paths([path])
    opened(window, NewInstanceDialog).create_button.click()
    [mission] = workspace.ids()
    other = workspace.add("other")
    for _ in range(2):
        workspace.arrangement.select(other)
        window.open_paths([path])
        assert (window.sheets, workspace.arrangement.current) == ([], mission)
    assert len(workspace.ids()) == 2


def test_a_folder_opens_the_form_for_a_shell_in_it(window: MainWindow, tmp_path: Path) -> None:
    window.open_paths([tmp_path])
    form = opened(window, OpenedInstanceDialog)
    assert (form.kind, form.folder.text) == (Kind.SHELL, str(tmp_path))


def test_keys_on_their_way_elsewhere_do_not_answer_the_form(
    window: MainWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    window.open_paths([tmp_path])
    form = opened(window, OpenedInstanceDialog)
    assert form.guarded
    press(window, Qt.Key.Key_Return)
    assert (window.sheets, workspace.ids()) == ([form], ())


def test_a_workspace_lists_all_that_it_would_add_and_run(window: MainWindow, shop: Path) -> None:
    window.open_paths([shop])
    question = opened(window, WorkspaceQuestion)
    rows = question.findChildren(EntryRow)
    assert [row.texts[0] for row in rows] == [
        "npm run 'dev --fast'",
        "make watch",
        str(shop.parent / "flaky.mission.toml"),
    ]
    assert all(f"in {shop.parent}" in row.texts for row in rows)
    assert [("not started" in row.accessibleName()) for row in rows] == [False, True, False]
    assert question.cancel.hasFocus()
    assert question.guarded


def test_cancel_adds_nothing(window: MainWindow, workspace: FakeWorkspace, shop: Path) -> None:
    window.open_paths([shop])
    opened(window, WorkspaceQuestion).cancel.click()
    assert (window.sheets, workspace.ids(), workspace.arrangement.layout) == ([], (), Layout.TABS)


@pytest.mark.parametrize(
    ("button", "running"), [("Add without starting", []), ("Add and start", ["server", "flaky"])]
)
def test_what_was_agreed_to_is_added_and_shown(
    window: MainWindow, workspace: FakeWorkspace, shop: Path, button: str, running: list[str]
) -> None:
    workspace.add("here before")
    window.open_paths([shop])
    question = opened(window, WorkspaceQuestion)
    next(one for one in question.findChildren(QPushButton) if one.text() == button).click()
    assert names(workspace) == ["here before", "server", "watcher", "flaky"]
    assert started(workspace) == running
    assert workspace.arrangement.layout is Layout.GRID
    current = workspace.arrangement.current
    assert current is not None
    server = workspace.view(current).spec
    assert (server.name, server.command, server.theme) == (
        "server",
        ("npm", "run", "dev --fast"),
        ThemeName.AMBER,
    )


def test_what_is_here_already_is_not_doubled(
    window: MainWindow, workspace: FakeWorkspace, shop: Path
) -> None:
    window.open_paths([shop])
    opened(window, WorkspaceQuestion).add.click()
    workspace.close(workspace.ids()[1])
    window.open_paths([shop])
    question = opened(window, WorkspaceQuestion)
    assert "2 are here already" in texts(question)
    assert not question.start.isVisible(), "the one that is missing is not to be started"
    question.add.click()
    assert sorted(names(workspace)) == ["flaky", "server", "watcher"]
    window.open_paths([shop])
    assert window.sheets == [], "nothing is left to ask"


def test_what_was_read_is_what_is_added(window: MainWindow, workspace: FakeWorkspace, shop: Path) -> None:
    window.open_paths([shop])
    shop.write_text('[[instances]]\nname = "evil"\ncommand = "rm -rf x"\n')
    opened(window, WorkspaceQuestion).start.click()
    assert names(workspace) == ["server", "watcher", "flaky"]


def test_hidden_characters_are_seen(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "a.podium.toml"
    path.write_text('[[instances]]\nname = "a"\ncommand = ["echo", "a\\u202eb\\n<b>c</b>"]\n')
    window.open_paths([path])
    [row] = opened(window, WorkspaceQuestion).findChildren(EntryRow)
    assert row.texts[0] == "echo 'a\\u202eb ⏎ <b>c</b>'"


def test_more_than_there_is_room_for_is_refused_before_it_is_asked_about(
    window: MainWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    for number in range(62):
        workspace.add(f"i{number}")
    path = tmp_path / "a.podium.toml"
    path.write_text("".join(f'[[instances]]\nname = "n{number}"\n' for number in range(3)))
    window.open_paths([path])
    assert "64 instances are the most; remove one first." in texts(opened(window, FaultsDialog))
    assert len(workspace.ids()) == 62


def test_room_that_is_gone_meanwhile_adds_nothing(
    window: MainWindow, workspace: FakeWorkspace, shop: Path
) -> None:
    window.open_paths([shop])
    for number in range(62):
        workspace.add(f"i{number}")
    opened(window, WorkspaceQuestion).start.click()
    assert len(workspace.ids()) == 62
    assert started(workspace) == []


@pytest.mark.parametrize("content", ["[[instances]]\nnam = 'a'\ncolour = 'red'\n", "[["])
def test_faults_are_listed_with_what_to_write(window: MainWindow, tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.podium.toml"
    path.write_text(content)
    window.open_paths([path])
    sheet = opened(window, FaultsDialog)
    assert sheet.texts
    assert len(sheet.texts) == (2 if "colour" in content else 1)
    sheet.done_button.click()
    assert window.sheets == []


def test_one_dialog_after_the_other(window: MainWindow, tmp_path: Path, shop: Path) -> None:
    window.open_paths([tmp_path, shop])
    window.open_paths([shop])
    opened(window, OpenedInstanceDialog).reject()
    opened(window, WorkspaceQuestion).reject()
    assert window.sheets == [], "opened twice, asked once"
    window.open_paths([shop])
    opened(window, WorkspaceQuestion)


def test_a_dialog_that_is_open_stays_on_top(
    window: MainWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    window._commands.run(CommandId.SHOW_SHORTCUTS)
    [shortcuts] = window.sheets
    window.open_paths([tmp_path])
    assert window.sheets == [shortcuts]
    shortcuts.reject()
    opened(window, OpenedInstanceDialog)


def test_a_flood_of_files_is_bounded(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(window, "show_message", said.append)
    folders = [tmp_path / str(number) for number in range(MAX_OPENED + 3)]
    for folder in folders:
        folder.mkdir()
        window.open_paths([folder])
    asked = 0
    while window.sheets:
        asked += 1
        window.sheets[0].reject()
    assert asked == MAX_OPENED
    assert len(said) == 3


def test_a_folder_that_can_not_be_looked_at_is_told_and_can_be_opened_again(
    make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Callable[..., None]] = [hangs, at_once]
    window = make_window(look=lambda *arguments: looks[0](*arguments))
    said: list[str] = []
    monkeypatch.setattr(window, "show_message", said.append)
    window.open_paths([tmp_path])
    assert said == [f"{tmp_path} can't be looked at now: too many hang"]
    looks.pop(0)
    window.open_paths([tmp_path])
    opened(window, OpenedInstanceDialog)


def test_the_window_comes_back_from_the_task_bar(window: MainWindow) -> None:
    window.showMinimized()
    window.come_forward()
    assert not window.isMinimized()
    assert window.isVisible()


def test_a_long_list_is_scrolled_with_the_keyboard(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window(800, 600, look=at_once)
    path = tmp_path / "a.podium.toml"
    path.write_text("".join(f'[[instances]]\nname = "n{number}"\n' for number in range(40)))
    window.open_paths([path])
    question = opened(window, WorkspaceQuestion)
    qtbot.waitUntil(lambda: not question.guarded)
    bar = question._scroll.verticalScrollBar()
    assert bar.maximum() > 0
    press(window, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    press(window, Qt.Key.Key_PageUp)
    assert bar.value() == 0


def test_what_was_closed_while_it_was_asked_is_not_added(
    window: MainWindow, workspace: FakeWorkspace, shop: Path
) -> None:
    """It was not in the question, so nobody has read how it is stopped."""
    window.open_paths([shop])
    opened(window, WorkspaceQuestion).add.click()
    server, watcher, _ = workspace.ids()
    workspace.close(watcher)
    window.open_paths([shop])
    question = opened(window, WorkspaceQuestion)
    workspace.close(server)
    question.add.click()
    assert sorted(names(workspace)) == ["flaky", "watcher"]


@pytest.mark.parametrize(
    ("stop", "shown"),
    [
        ("Ctrl+C l s Enter", "Stopped with the keys Ctrl+C l s Enter"),
        ("rm -r x", "Stopped by typing the line: rm -r x"),
        ("SIGINT", "Stopped with the signal SIGINT"),
    ],
    ids=["keys", "line", "signal"],
)
def test_a_line_that_is_typed_to_stop_it_does_not_look_like_a_key(
    window: MainWindow, tmp_path: Path, stop: str, shown: str
) -> None:
    path = tmp_path / "a.podium.toml"
    path.write_text(f'[[instances]]\nname = "a"\nstop = "{stop}"\n')
    window.open_paths([path])
    [row] = opened(window, WorkspaceQuestion).findChildren(EntryRow)
    assert shown in row.texts


def test_a_fault_that_quotes_a_megabyte_is_cut(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "a.podium.toml"
    path.write_text(f'"{"k" * 500_000}" = 1\n[[instances]]\nname = "a"\nfolder = "{"f" * 500_000}"\n')
    window.open_paths([path])
    sheet = opened(window, FaultsDialog)
    assert len(sheet.texts) == 2
    assert all(len(text) < 1000 and "…" in text for text in sheet.texts)
    assert "Take it out" in sheet.texts[0]


def test_a_folder_that_carries_a_workspace_asks_about_it_or_opens_a_shell(
    window: MainWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    (tmp_path / ".podium").mkdir()
    (tmp_path / ".podium/workspace.toml").write_text('[[instances]]\nname = "a"\n')
    window.open_paths([tmp_path])
    question = opened(window, WorkspaceQuestion)
    assert f"in {tmp_path}" in question.findChildren(EntryRow)[0].texts
    question.shell.click()
    form = opened(window, OpenedInstanceDialog)
    assert (form.kind, form.folder.text) == (Kind.SHELL, str(tmp_path))
    form.reject()
    window.open_paths([tmp_path])
    opened(window, WorkspaceQuestion).start.click()
    assert names(workspace) == ["a"]
    window.open_paths([tmp_path])
    assert isinstance(window.sheets[-1], OpenedInstanceDialog), "there is nothing left to ask"


def test_a_folder_whose_workspace_has_faults_still_opens(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / ".podium").mkdir()
    (tmp_path / ".podium/workspace.toml").write_text("nam = 1\n")
    window.open_paths([tmp_path])
    dialog = opened(window, FaultsDialog)
    assert "There is no such key" in dialog.texts[0]
    dialog.shell.click()
    assert opened(window, OpenedInstanceDialog).folder.text == str(tmp_path)


def test_what_a_workspace_changes_of_its_programs_is_seen(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "a.podium.toml"
    path.write_text(
        'environment = { LD_PRELOAD = "/tmp/x\\u202e.so" }\n'
        '[[instances]]\nname = "a"\ncommand = "claude"\nagent = "claude"\nalerts = "muted"\n'
    )
    window.open_paths([path])
    [row] = opened(window, WorkspaceQuestion).findChildren(EntryRow)
    assert "with LD_PRELOAD=/tmp/x\\u202e.so" in row.texts
    assert "As the agent's tool claude" in row.texts
    assert "Does not call for you outside its pane" in row.texts


def test_a_saved_workspace_adds_what_it_was_made_of(
    window: MainWindow, workspace: FakeWorkspace, tmp_path: Path, shop: Path
) -> None:
    window.open_paths([shop])
    opened(window, WorkspaceQuestion).add.click()
    window._commands._saving.save(tmp_path / "again.podium.toml")
    assert "again.podium.toml" in window.toasts.texts()[-1]
    for id in workspace.ids():
        workspace.close(id)
    window.open_paths([tmp_path / "again.podium.toml"])
    opened(window, WorkspaceQuestion).add.click()
    assert names(workspace) == ["server", "watcher", "flaky"]
    assert workspace.arrangement.layout is Layout.GRID


def test_a_workspace_that_can_not_be_saved_is_told(
    make_window: MakeWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    window = make_window(look=or_failed)
    workspace.add("a")
    window._commands._saving.save(tmp_path / "nowhere" / "a.podium.toml")
    assert "could not be written" in window.toasts.texts()[-1]
