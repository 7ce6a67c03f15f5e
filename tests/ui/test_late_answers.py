"""Answers of the disk in, late or in any order; what the form for a new instance says and makes of them out."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.core.background import LaneFull, RunInBackground
from podium.core.instances import InstanceSpec, Kind
from podium.ui.dialogs import new_instance_dialog
from podium.ui.dialogs.agents import agent_fields
from podium.ui.dialogs.lookups import Check
from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog
from podium.ui.theme.palette import ThemeManager
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.tools import tools

OpenForm = Callable[..., NewInstanceDialog]


class Disk:
    """Answers at once about any folder but those that hang until ``let_go``."""

    def __init__(self) -> None:
        self.background = Background()
        self.hanging: set[str] = set()
        self.bad: set[str] = set()
        self.asked: list[str] = []
        self._gate = threading.Event()

    def check_folder(self, text: str) -> Check:
        self.asked.append(text)
        if text in self.hanging:
            self._gate.wait(20)
        return Check(text not in self.bad, f"about {text}")

    def let_go(self) -> None:
        """All answers there are have come when this returns."""
        self._gate.set()
        assert self.background.foreign.wait(20)
        QApplication.processEvents()


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[Disk]:
    made = Disk()
    monkeypatch.setattr(new_instance_dialog, "check_folder", made.check_folder)
    monkeypatch.setattr(agent_fields, "find_tools", tools())
    yield made
    made.let_go()
    made.background.close()


@pytest.fixture
def open_form(qtbot: QtBot, workspace: FakeWorkspace, themes: ThemeManager, disk: Disk) -> OpenForm:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 700)
    host.show()

    def open_it(kind: Kind, folder: str, look: RunInBackground | None = None) -> NewInstanceDialog:
        look = look or disk.background.foreign.run
        form = NewInstanceDialog(workspace.as_workspace, themes, host, kind, folder, lambda: "", look)
        form.open_sheet()
        form.host = host  # type: ignore[attr-defined]  # or it would be gone with this function
        return form

    return open_it


def choose(form: NewInstanceDialog, folder: str) -> None:
    form.folder.edit.setText(folder)
    form.folder.edit.editingFinished.emit()


def test_an_answer_about_another_folder_is_not_shown(qtbot: QtBot, open_form: OpenForm, disk: Disk) -> None:
    disk.hanging, disk.bad = {"/slow"}, {"/slow"}
    form = open_form(Kind.SHELL, "/slow")
    choose(form, "/quick")
    qtbot.waitUntil(lambda: form.folder.message.text() == "about /quick")
    disk.let_go()
    assert form.folder.message.text() == "about /quick"
    assert form.folder.error == ""


def test_an_answer_about_the_folder_that_stands_there_again_counts(
    qtbot: QtBot, open_form: OpenForm, disk: Disk
) -> None:
    disk.bad = {"/b"}
    form = open_form(Kind.SHELL, "/a")
    choose(form, "/b")
    qtbot.waitUntil(lambda: form.folder.error == "about /b")
    choose(form, "/a")
    qtbot.waitUntil(lambda: form.folder.message.text() == "about /a")
    assert form.folder.error == ""


def test_while_the_disk_is_asked_nothing_is_made_and_nothing_asked_again(
    qtbot: QtBot, open_form: OpenForm, disk: Disk
) -> None:
    disk.hanging = {"/slow"}
    form = open_form(Kind.SHELL, "/slow")
    specs: list[InstanceSpec] = []
    form.spec_ready.connect(specs.append)
    qtbot.waitUntil(lambda: disk.asked == ["/slow"])
    form.create_button.click()
    qtbot.waitUntil(lambda: disk.asked == ["/slow"] * 2)
    assert not form.create_button.isEnabled()
    form.create_button.click()
    assert specs == []
    disk.let_go()
    assert [spec.folder for spec in specs] == ["/slow"]
    assert disk.asked == ["/slow"] * 2


def test_a_folder_that_is_refused_can_be_put_right_and_asked_about_again(
    qtbot: QtBot, open_form: OpenForm, disk: Disk
) -> None:
    disk.bad = {"/bad"}
    form = open_form(Kind.SHELL, "/bad")
    specs: list[InstanceSpec] = []
    form.spec_ready.connect(specs.append)
    form.create_button.click()
    qtbot.waitUntil(form.create_button.isEnabled)
    assert (specs, form.folder.error) == ([], "about /bad")
    assert form.folder.edit.hasFocus()
    choose(form, "/good")
    form.create_button.click()
    qtbot.waitUntil(lambda: [spec.folder for spec in specs] == ["/good"])


def test_a_good_folder_does_not_make_up_for_a_mission_that_is_not_there(
    qtbot: QtBot, open_form: OpenForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new_instance_dialog, "check_mission", lambda _file, _folder: Check(False, "No."))
    form = open_form(Kind.MISSION, "/good")
    form.mission.edit.setText("fix.toml")
    with qtbot.assertNotEmitted(form.spec_ready):
        form.create_button.click()
        qtbot.waitUntil(lambda: form.mission.error == "No.")
    assert form.isVisible()


def test_a_second_enter_while_the_disk_is_asked_does_not_close_the_form(
    qtbot: QtBot, open_form: OpenForm, disk: Disk
) -> None:
    disk.hanging = {"/slow"}
    form = open_form(Kind.SHELL, "/slow")
    form.window().activateWindow()
    specs: list[InstanceSpec] = []
    form.spec_ready.connect(specs.append)
    form.create_button.setFocus()
    for _ in range(3):
        QTest.keyClick(form.window().windowHandle(), Qt.Key.Key_Return)
    assert (form.isVisible(), specs) == (True, [])
    disk.let_go()
    assert [spec.folder for spec in specs] == ["/slow"]


def test_when_too_many_folders_hang_the_form_says_so_and_can_be_tried_again(open_form: OpenForm) -> None:
    def refuse(
        _work: Callable[[], object],
        _then: Callable[[Any], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        assert failed is not None
        failed(LaneFull("Too much waits."))

    form = open_form(Kind.SHELL, "/a", refuse)
    assert form.folder.error == "It can't be checked now: Too much waits."
    choose(form, "/b")
    form.create_button.click()
    assert form.folder.error == "It can't be checked now: Too much waits."
    assert form.create_button.isEnabled()
    assert form.isVisible()


def test_an_answer_for_a_form_that_is_gone_reaches_nobody(open_form: OpenForm, disk: Disk) -> None:
    disk.hanging = {"/slow"}
    form = open_form(Kind.SHELL, "/slow")
    shiboken6.delete(form)
    disk.let_go()


@pytest.mark.parametrize(
    "change",
    [
        lambda form: choose(form, "/other"),
        lambda form: form.kinds[Kind.COMMAND].click(),
        lambda form: form.name.edit.clear(),
        lambda form: form.more.memory.setText("much"),
        lambda form: form.more.stop.setText("Strg+C"),
    ],
    ids=["folder", "kind", "name", "memory", "stop"],
)
def test_what_was_changed_while_the_disk_was_asked_is_not_made_of_the_answer(
    qtbot: QtBot, open_form: OpenForm, disk: Disk, change: Callable[[NewInstanceDialog], None]
) -> None:
    """The answer is about what stood there before."""
    disk.hanging = {"/slow"}
    form = open_form(Kind.SHELL, "/slow")
    form.name.edit.setText("mine")
    specs: list[InstanceSpec] = []
    form.spec_ready.connect(specs.append)
    qtbot.waitUntil(lambda: disk.asked == ["/slow"])
    form.create_button.click()
    qtbot.waitUntil(lambda: disk.asked == ["/slow"] * 2)
    change(form)
    disk.let_go()
    assert (specs, form.isVisible(), form.create_button.isEnabled()) == ([], True, True)
    assert form.refusal.text() == "This was changed while it was being checked. Create it again."


def test_what_was_changed_while_the_disk_was_asked_is_made_the_next_time(
    qtbot: QtBot, open_form: OpenForm, disk: Disk
) -> None:
    disk.hanging, disk.bad = {"/slow"}, {"/slow", "/other"}
    form = open_form(Kind.SHELL, "/slow")
    specs: list[InstanceSpec] = []
    form.spec_ready.connect(specs.append)
    form.create_button.setFocus()
    form.create_button.click()
    choose(form, "/other")
    disk.let_go()
    assert (form.folder.error, form.refusal.isVisible()) == ("about /other", True)
    assert form.create_button.hasFocus()
    form.create_button.click()
    qtbot.waitUntil(form.create_button.isEnabled)
    assert not form.refusal.isVisible()
    choose(form, "/good")
    form.create_button.click()
    qtbot.waitUntil(lambda: [spec.folder for spec in specs] == ["/good"])
