"""What is entered in the form for a new agent in, the instance that is made of it out."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from podium.core.adapters.registry import load_adapters
from podium.core.instances import MAX_FIRST_PROMPT, AgentLaunch, InstanceSpec, Kind
from podium.hooks.changes import carry_out, installing
from podium.hooks.places import user_place
from podium.hooks.records import Records
from podium.ui.dialogs.agents import agent_fields
from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.buttons import Button
from podium.workspace.kept_screens import run_now
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.tools import tools


class Form:
    def __init__(self, dialog: NewInstanceDialog) -> None:
        self.dialog = dialog
        self.agents = dialog.agents
        self.specs: list[InstanceSpec] = []
        dialog.spec_ready.connect(self.specs.append)
        dialog.open_sheet()

    def choose(self, title: str) -> None:
        next(button for button in self.agents.tools.findChildren(Button) if button.text() == title).click()


OpenForm = Callable[..., Form]


@pytest.fixture
def open_form(
    qtbot: QtBot,
    workspace: FakeWorkspace,
    themes: ThemeManager,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> OpenForm:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 700)
    host.show()

    def open_it(
        *found: str, kind: Kind = Kind.COMMAND, agent: bool = True, hooked: frozenset[str] = frozenset()
    ) -> Form:
        monkeypatch.setattr(
            agent_fields, "find_tools", lambda environment: tools(*found)(environment)._replace(hooked=hooked)
        )
        look: Any = run_now
        view = workspace.as_workspace
        return Form(NewInstanceDialog(view, themes, host, kind, str(tmp_path), lambda: "", look, agent=agent))

    return open_it


def test_the_chosen_tool_is_started_with_its_first_prompt(open_form: OpenForm, tmp_path: Path) -> None:
    form = open_form("claude", "codex")
    form.choose("Codex")
    form.agents.prompt.setPlainText("  Mend the test\nand say why\x07\n")
    form.dialog.create_button.click()
    (spec,) = form.specs
    assert spec.kind is Kind.COMMAND
    assert spec.command == ("codex", "--no-daemon")
    assert spec.agent == AgentLaunch("codex", first_prompt="Mend the test\nand say why")
    assert (spec.name, spec.folder) == ("codex", str(tmp_path))


def test_the_first_tool_is_chosen_and_the_prompt_may_be_empty(open_form: OpenForm) -> None:
    form = open_form("gemini", "claude")
    form.dialog.create_button.click()
    assert [(spec.command, spec.agent) for spec in form.specs] == [(("claude",), AgentLaunch("claude"))]


def test_how_its_state_will_be_known_is_said(open_form: OpenForm) -> None:
    form = open_form("claude", "gemini")
    assert form.agents.message.text() == "Claude Code: tells its state itself."
    form.choose("Gemini CLI")
    assert form.agents.message.text() == "Gemini CLI: its state is read from its screen."


def test_of_a_tool_with_hooks_it_is_said_that_they_tell_its_state(
    open_form: OpenForm, tmp_path: Path
) -> None:
    for name in ("claude", "codex", "gemini", "opencode"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    environment = {"PATH": str(tmp_path / "bin"), "HOME": str(home)}
    adapters = load_adapters().adapters
    for name in ("claude", "opencode"):
        hooks, records = adapters[name].hooks, Records(tmp_path / "hooks.json")
        change = installing(name, hooks, user_place(hooks, environment), records)
        assert change is not None
        carry_out(change, records)
    (home / ".gemini").mkdir()
    os.mkfifo(home / ".gemini" / "settings.json")
    found = agent_fields.find_tools(environment)
    assert found.hooked == {"claude", "opencode"}

    form = open_form("claude", "gemini", hooked=found.hooked)
    assert form.agents.message.text() == "Claude Code: its hooks tell its state."
    form.choose("Gemini CLI")
    assert form.agents.message.text() == "Gemini CLI: its state is read from its screen."


def test_without_any_tool_it_says_so_and_starts_nothing(open_form: OpenForm) -> None:
    form = open_form()
    form.dialog.create_button.click()
    assert not form.specs
    assert form.agents.message.property("role") == "error"
    assert "Install one" in form.agents.message.text()


def test_what_was_not_found_is_named_and_how_to_install_it_shown_on_demand(open_form: OpenForm) -> None:
    form = open_form("claude", "codex", "opencode", "copilot", "amp", "cursor-agent", "aider")
    assert form.agents.missing.text() == "Not found: Gemini CLI"
    assert not form.agents._hints.isVisible()
    form.agents.missing.click()
    assert "npm install -g @google/gemini-cli" in form.agents._hints.text().replace("\u200b", "")


def test_a_prompt_that_is_too_long_is_refused_until_it_is_changed(open_form: OpenForm) -> None:
    form = open_form("claude")
    form.agents.prompt.setPlainText("x" * (MAX_FIRST_PROMPT + 1))
    form.dialog.create_button.click()
    assert not form.specs
    assert form.agents.prompt_error.isVisible()
    assert QApplication.focusWidget() is form.agents.prompt
    form.agents.prompt.setPlainText("x")
    assert not form.agents.prompt_error.isVisible()
    form.dialog.create_button.click()
    assert len(form.specs) == 1


def test_tools_are_looked_for_when_the_form_for_agents_shows(open_form: OpenForm) -> None:
    form = open_form("claude", kind=Kind.SHELL, agent=False)
    assert form.agents.tool is None
    assert not form.agents.isVisible()
    form.dialog.agent_card.click()
    assert form.agents.tool is not None
    assert form.agents.isVisible()
    form.dialog.kinds[Kind.COMMAND].click()
    assert not form.agents.isVisible()
    form.dialog.command.edit.setText("make")
    form.dialog.create_button.click()
    assert [(spec.command, spec.agent) for spec in form.specs] == [(("make",), None)]


def test_the_prompt_has_the_keyboard_and_tab_leaves_it(open_form: OpenForm) -> None:
    form = open_form("claude")
    assert QApplication.focusWidget() is form.agents.prompt
    QTest.keyClicks(form.agents.prompt, "a")
    QTest.keyClick(form.agents.prompt, Qt.Key.Key_Return)
    QTest.keyClicks(form.agents.prompt, "b")
    assert form.agents.prompt.toPlainText() == "a\nb"
    QTest.keyClick(form.agents.prompt, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not form.agents.prompt


def test_ctrl_enter_in_the_prompt_creates(open_form: OpenForm) -> None:
    form = open_form("claude")
    QTest.keyClick(form.agents.prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(form.specs) == 1


def test_the_cards_stay_where_they_are_when_the_kind_changes(open_form: OpenForm) -> None:
    form = open_form("claude", kind=Kind.SHELL, agent=False)
    cards = (form.dialog.agent_card, *form.dialog.kinds.values())
    places = set()
    for card in (*cards, *cards):
        card.click()
        QApplication.processEvents()
        places.add(card.mapToGlobal(card.rect().topLeft()).y())
    assert len(places) == 1
