"""What the form says of a mission file while its name is typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.core.instances import Kind
from podium.ui.dialogs.mission_check import mission_facts
from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog
from podium.ui.theme.palette import ThemeManager
from tests.ui.fake_workspace import FakeWorkspace

MISSION = """
name = "fix"
max_rounds = 3
budget_usd = 6.0
[[agents]]
id = "builder"
command = ["true"]
[[gates]]
name = "tests"
command = ["true"]
"""


@pytest.fixture
def form(
    qtbot: QtBot, workspace: FakeWorkspace, themes: ThemeManager, background: Background, tmp_path: Path
) -> Iterator[NewInstanceDialog]:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 800)
    host.show()
    dialog = NewInstanceDialog(
        workspace.as_workspace,
        themes,
        host,
        Kind.MISSION,
        str(tmp_path),
        lambda: "",
        background.foreign.run,
    )
    dialog.open_sheet()
    yield dialog
    dialog.reject()


def test_what_a_mission_would_do_at_most(tmp_path: Path) -> None:
    (tmp_path / "fix.toml").write_text(MISSION)
    facts = mission_facts("fix.toml", str(tmp_path))
    assert facts.good
    assert facts.message == "1 agent, 1 gate, 3 rounds at most, $6.00 at most"


def test_a_fault_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "fix.toml").write_text('name = "fix"\nmax_rounds = \n')
    facts = mission_facts("fix.toml", str(tmp_path))
    assert not facts.good
    assert facts.message.startswith("line 2")
    (tmp_path / "fix.toml").write_text("nam = 'x'\n")
    assert mission_facts("fix.toml", str(tmp_path)).message.endswith("1 more: podium mission check FILE.")


@pytest.mark.parametrize("text", ["", "  ", "gone.toml", "."])
def test_what_is_not_there_yet_is_no_fault(tmp_path: Path, text: str) -> None:
    facts = mission_facts(text, str(tmp_path))
    assert facts.good
    assert facts.message == ""


def test_it_follows_what_is_typed(form: NewInstanceDialog, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(MISSION)
    (tmp_path / "bad.toml").write_text("nam = 'x'\n")
    form.mission.edit.setText("good.toml")
    qtbot.waitUntil(lambda: form.mission.message.text().startswith("1 agent, 1 gate"))
    assert form.mission.error == ""
    form.mission.edit.setText("bad.toml")
    qtbot.waitUntil(lambda: "There is no such key" in form.mission.error)
    form.mission.edit.setText("gone.toml")
    qtbot.waitUntil(lambda: form.mission.message.text() == "")
    form.mission.edit.setText("good.toml")
    qtbot.waitUntil(lambda: form.mission.message.text().startswith("1 agent, 1 gate"))
    form.folder.edit.setText(str(tmp_path / "elsewhere"))
    qtbot.waitUntil(lambda: form.mission.message.text() == "")
