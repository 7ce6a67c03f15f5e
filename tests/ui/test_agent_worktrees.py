"""A form or a command for an agent with a worktree in; the worktree, and what is asked and said about it, out."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QLabel

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import AgentLaunch
from podium.ui.commands import worktrees
from podium.ui.dialogs.agents import agent_fields, worktree_making
from podium.ui.dialogs.agents.worktree_questions import ProgramsQuestion, WorktreeQuestion
from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog
from podium.ui.main_window import MainWindow
from podium.workspace.kept_screens import run_now
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.tools import tools
from tests.ui.windows import MakeWindow, opened


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.invalid", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / ".gitignore").write_text(".env\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Begin")
    (folder / ".env").write_text("KEY=1\n")
    return folder


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "agents"
    for module in (worktrees, worktree_making):
        monkeypatch.setattr(module, "agents_folder", lambda: folder)
    monkeypatch.setattr(agent_fields, "find_tools", tools("claude"))
    return folder


@pytest.fixture
def window(make_window: MakeWindow, root: Path) -> MainWindow:
    look: Any = run_now
    return make_window(look=look)


def form_for(window: MainWindow, project: Path, name: str = "Fix it") -> NewInstanceDialog:
    window._commands.run(CommandId.NEW_AGENT)
    form = opened(window, NewInstanceDialog)
    form.folder.edit.setText(str(project))
    form.name.edit.setText(name)
    form.agents.worktree.wanted.click()
    return form


def made(workspace: FakeWorkspace) -> Any:
    return workspace.view(workspace.ids()[-1]).spec


def test_an_agent_starts_in_a_new_worktree_on_its_branch(
    window: MainWindow, workspace: FakeWorkspace, project: Path, root: Path
) -> None:
    form = form_for(window, project)
    assert form.agents.worktree.branch.text() == "On the new branch podium/fix-it"
    form.agents.worktree.copy.setText(".env  *.key")
    form.agents.worktree.setup.setText("npm ci")
    form.create_button.click()
    spec = made(workspace)
    folder = Path(spec.folder)
    assert folder.is_relative_to(root)
    assert (folder / ".env").read_text() == "KEY=1\n"
    assert git(folder, "branch", "--show-current") == "podium/fix-it"
    assert (spec.agent.tool, spec.agent.branch, spec.agent.setup) == ("claude", "podium/fix-it", "npm ci")
    assert Path(spec.agent.setup_mark).parent == folder.parent
    assert not window.sheets


def test_without_it_the_folder_itself_is_used(
    window: MainWindow, workspace: FakeWorkspace, project: Path, root: Path
) -> None:
    form = form_for(window, project)
    form.agents.worktree.setup.setText("npm ci")
    form.agents.worktree.wanted.click()
    form.create_button.click()
    spec = made(workspace)
    assert (spec.folder, spec.agent) == (str(project), AgentLaunch("claude"))
    assert not root.exists()


def test_why_there_can_be_none_is_said_in_the_form(
    window: MainWindow, workspace: FakeWorkspace, tmp_path: Path, root: Path
) -> None:
    form = form_for(window, tmp_path)
    form.create_button.click()
    assert form.refusal.text().replace("\u200b", "").endswith("is in no git repository.")
    assert form.create_button.isEnabled()
    assert form.create_button.text() == "Create and start"
    assert not workspace.ids()


@pytest.mark.parametrize("agreed", [True, False])
def test_programs_of_the_repository_are_asked_about_first(
    window: MainWindow, workspace: FakeWorkspace, project: Path, root: Path, agreed: bool
) -> None:
    git(project, "config", "filter.x.smudge", "evil \u202e")
    form = form_for(window, project)
    form.create_button.click()
    question = window.sheets[-1]
    assert isinstance(question, ProgramsQuestion)
    assert not root.exists()
    assert "evil" in "".join(label.text() for label in question.findChildren(QLabel))
    (question.confirm if agreed else question.cancel).click()
    assert bool(workspace.ids()) is agreed
    assert root.exists() is agreed
    if not agreed:
        assert form.create_button.isEnabled()


def test_a_form_that_is_cancelled_meanwhile_leaves_nothing(
    make_window: MakeWindow, workspace: FakeWorkspace, project: Path, root: Path
) -> None:
    jobs: list[Callable[[], None]] = []

    def later(work: Callable[[], Any], then: Callable[[Any], None], *_: object) -> None:
        jobs.append(lambda: then(work()))

    look: Any = later
    window = make_window(look=look)
    form = form_for(window, project)
    while jobs:
        jobs.pop(0)()
    form.create_button.click()
    jobs.pop(0)()  # The folder was checked.
    jobs.pop(0)()  # The worktree was planned.
    assert form.create_button.text() == "Making the worktree…"
    form.cancel.click()
    while jobs:
        jobs.pop(0)()
    assert not workspace.ids()
    assert list(root.iterdir()) == []
    assert git(project, "branch", "--format=%(refname:short)") == "main"


# Removing


def agent_in_worktree(
    window: MainWindow, workspace: FakeWorkspace, project: Path, state: InstanceState = InstanceState.DONE
) -> tuple[InstanceId, Path]:
    form_for(window, project).create_button.click()
    id = workspace.ids()[-1]
    workspace.set(id, state=state)
    return id, Path(workspace.view(id).spec.folder)


@pytest.mark.parametrize("command", [CommandId.REMOVE, CommandId.CLOSE])
@pytest.mark.parametrize("removed", [True, False])
def test_what_becomes_of_it_is_asked_when_its_instance_goes(
    window: MainWindow,
    workspace: FakeWorkspace,
    project: Path,
    command: CommandId,
    removed: bool,
) -> None:
    id, folder = agent_in_worktree(window, workspace, project)
    window._commands.run(command, id)
    question = opened(window, WorktreeQuestion)
    assert id in workspace.ids()
    (question.remove if removed else question.confirm).click()
    assert id not in workspace.ids()
    assert folder.exists()  # Something may still run in it.
    workspace.instance_forgotten.emit(id)
    assert folder.exists() is not removed
    assert "podium/fix-it" in git(project, "branch", "--format=%(refname:short)")
    if removed:
        assert window.toasts.texts()[-1] == "Its worktree was removed; its work is on podium/fix-it."


def test_one_with_open_work_stays_and_that_is_said(
    window: MainWindow, workspace: FakeWorkspace, project: Path
) -> None:
    id, folder = agent_in_worktree(window, workspace, project)
    (folder / "new.txt").write_text("half")
    window._commands.run(CommandId.REMOVE, id)
    opened(window, WorktreeQuestion).remove.click()
    workspace.instance_forgotten.emit(id)
    assert (folder / "new.txt").exists()
    assert "not committed are new.txt" in window.toasts.texts()[-1]


def test_the_keyboard_goes_through_its_buttons_in_order(
    window: MainWindow, workspace: FakeWorkspace, project: Path
) -> None:
    id, _ = agent_in_worktree(window, workspace, project)
    window._commands.run(CommandId.REMOVE, id)
    question = opened(window, WorktreeQuestion)
    assert QApplication.focusWidget() is question.cancel
    passed = []
    for _ in range(2):
        question.focusNextPrevChild(True)
        passed.append(QApplication.focusWidget())
    assert passed == [question.remove, question.confirm]


def test_cancel_leaves_the_instance(window: MainWindow, workspace: FakeWorkspace, project: Path) -> None:
    id, folder = agent_in_worktree(window, workspace, project)
    window._commands.run(CommandId.REMOVE, id)
    opened(window, WorktreeQuestion).cancel.click()
    assert id in workspace.ids()
    assert folder.exists()


def test_a_worktree_that_another_instance_works_in_is_not_asked_about(
    window: MainWindow, workspace: FakeWorkspace, project: Path
) -> None:
    id, folder = agent_in_worktree(window, workspace, project)
    workspace.add("other", folder=str(folder))
    window._commands.run(CommandId.REMOVE, id)
    assert not window.sheets
    assert id not in workspace.ids()
    workspace.instance_forgotten.emit(id)
    assert folder.exists()


def test_an_instance_without_one_just_goes(
    window: MainWindow, workspace: FakeWorkspace, project: Path
) -> None:
    id = workspace.add("plain", folder=str(project))
    window._commands.run(CommandId.REMOVE, id)
    assert id not in workspace.ids()


def test_a_branch_that_is_claimed_for_another_folder_removes_nothing(
    window: MainWindow, workspace: FakeWorkspace, project: Path
) -> None:
    id = workspace.add("liar", folder=str(project))
    spec = msgspec.structs.replace(workspace.view(id).spec, agent=AgentLaunch("claude", branch="main"))
    workspace.set(id, spec=spec)
    window._commands.run(CommandId.REMOVE, id)
    assert not window.sheets
    workspace.instance_forgotten.emit(id)
    assert project.exists()
