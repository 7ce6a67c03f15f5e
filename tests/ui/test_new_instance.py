"""What is entered in the form for a new instance in, the instance that is made of it out; the disk answers at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.ui.dialogs.agents import agent_fields
from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog
from podium.ui.theme.palette import ThemeManager
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.tools import tools


def at_once(work: Callable[[], Any], then: Callable[[Any], None], *_: object) -> None:
    then(work())


class Form:
    def __init__(self, dialog: NewInstanceDialog, host: QWidget) -> None:
        self.dialog = dialog
        self.host = host
        self.specs: list[InstanceSpec] = []
        dialog.spec_ready.connect(self.specs.append)
        dialog.open_sheet()


OpenForm = Callable[[Kind], Form]


@pytest.fixture
def open_form(
    qtbot: QtBot,
    workspace: FakeWorkspace,
    themes: ThemeManager,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> OpenForm:
    monkeypatch.setattr(agent_fields, "find_tools", tools("claude"))
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 700)
    host.show()

    def open_it(kind: Kind) -> Form:
        look: Any = at_once
        view = workspace.as_workspace
        return Form(NewInstanceDialog(view, themes, host, kind, str(tmp_path), lambda: "", look), host)

    return open_it


def test_what_was_entered_for_another_kind_is_no_fault(open_form: OpenForm) -> None:
    form = open_form(Kind.COMMAND)
    form.dialog.command.edit.setText("echo 'open")
    form.dialog.kinds[Kind.SHELL].click()
    form.dialog.create_button.click()
    assert [(spec.kind, spec.command, spec.mission) for spec in form.specs] == [(Kind.SHELL, (), "")]


def test_the_first_wrong_field_in_sight_has_the_focus(open_form: OpenForm) -> None:
    form = open_form(Kind.MISSION)
    dialog = form.dialog
    dialog.create_button.click()
    assert (dialog.mission.error, dialog.mission.edit.hasFocus()) == ("Choose the mission's file.", True)
    dialog.kinds[Kind.COMMAND].click()
    dialog.create_button.click()
    assert (dialog.command.error, dialog.command.edit.hasFocus()) == ("Enter the command to run.", True)
    assert form.specs == []


def test_a_long_name_is_cut(open_form: OpenForm) -> None:
    form = open_form(Kind.SHELL)
    form.dialog.name.edit.setText("n" * 70)
    form.dialog.create_button.click()
    assert [spec.name for spec in form.specs] == ["n" * 64]


def test_the_theme_that_is_next_is_the_one_it_gets(
    open_form: OpenForm, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "next_theme", lambda: ThemeName.ROSE)
    form = open_form(Kind.SHELL)
    form.dialog.create_button.click()
    assert [spec.theme for spec in form.specs] == [ThemeName.ROSE]
